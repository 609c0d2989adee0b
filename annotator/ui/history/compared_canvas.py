"""The article at some moment, with what is another in another state: a sign in the margin and a frame around words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen

from annotator.domain.differences import Aspect, AttributeDiffers, Difference, RelationDiffers, SpanDiffers
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.fonts import interface_font
from annotator.ui.theme import Theme

SIGN_PX, SIGN_GAP_PX, FROM_TEXT_PX = 15, 2, 12


class Sign(Enum):
    """What became of something, as it is shown."""

    ADDED = "+"
    REMOVED = "−"
    CHANGED = "≠"

    def colour(self, theme: Theme) -> str:
        """Its colour; it is never told by that alone."""
        return {Sign.ADDED: theme.good, Sign.REMOVED: theme.bad, Sign.CHANGED: theme.accent}[self]


@dataclass(frozen=True, slots=True)
class MarkedPlace:
    """Words to be framed: ``parts`` in code points."""

    parts: tuple[tuple[int, int], ...]
    sign: Sign
    is_chosen: bool = False


def sign_of(one: Difference) -> Sign:
    """Whether something was added, removed or changed."""
    match one:
        case SpanDiffers(aspect=Aspect.PRESENCE) | RelationDiffers():
            before, after = one.before, one.after
        case _:
            return Sign.CHANGED
    if before is None:
        return Sign.ADDED
    return Sign.REMOVED if after is None else Sign.CHANGED


def spans_of(one: Difference, *docs: AnnotatedDocument) -> list[Span]:
    """The spans that a difference is about: as they were, and where they moved as they are. ``docs``: both states."""
    match one:
        case SpanDiffers(aspect=Aspect.PLACE, before=before, after=after):
            return [span for span in (before, after) if span is not None]
        case SpanDiffers():
            return [one.span]
        case AttributeDiffers(before=before):
            return [before]
        case RelationDiffers():
            ends = (one.relation.head, one.relation.child)
            found = (next(filter(None, (doc.spans.find(end) for doc in docs)), None) for end in ends)
            return [span for span in found if span is not None]
        case _:
            return []


class ComparedCanvas(AnnotationCanvas):
    """An article that is only looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Article at the chosen moment")
        self._places: Sequence[MarkedPlace] = ()

    def show_places(self, places: Iterable[MarkedPlace]) -> None:
        """Frame these words."""
        self._places = tuple(places)
        self.viewport().update()

    def _visible(self) -> list[MarkedPlace]:
        """The places in the window and a little around it: only that much is laid out."""
        if self.page is None:
            return []
        top = -self.sheet.origin[1]
        first = self.page.char_at(0.0, max(top, 0.0))
        last = self.page.char_at(self.page.width, max(top + self.viewport().height(), 0.0))
        return [place for place in self._places if place.parts[0][0] <= last and first <= place.parts[-1][1]]

    def _paint_places(self, painter: QPainter) -> None:
        in_margin: dict[int, list[Sign]] = {}
        for place in self._visible():
            rects = self._rects_of(place)
            if not rects:
                continue
            self._paint_frame(painter, place, rects)
            signs = in_margin.setdefault(round(rects[0].center().y()), [])
            if place.sign not in signs:
                self._paint_sign(painter, place.sign, rects[0], len(signs))
                signs.append(place.sign)

    def _rects_of(self, place: MarkedPlace) -> list[QRectF]:
        assert self.page is not None
        left, top = self.sheet.origin
        return [rect.translated(left, top) for part in place.parts for rect in self.page.rects_of(*part)]

    def _paint_frame(self, painter: QPainter, place: MarkedPlace, rects: Sequence[QRectF]) -> None:
        colour = QColor(place.sign.colour(self.sheet.style.theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 3.0 if place.is_chosen else 1.5))
        for rect in rects:
            painter.drawRoundedRect(rect.adjusted(-3.5, -1.5, 3.5, 3.5), 4, 4)
            if place.sign is Sign.REMOVED:
                painter.fillRect(QRectF(rect.left(), rect.center().y(), rect.width(), 1.2), colour)

    def _paint_sign(self, painter: QPainter, sign: Sign, rect: QRectF, place: int) -> None:
        """A sign left of the line; the ``place``-th on this line."""
        x = self.sheet.origin[0] - FROM_TEXT_PX - SIGN_PX - place * (SIGN_PX + SIGN_GAP_PX)
        if x < 0:
            return
        box = QRectF(x, rect.center().y() - SIGN_PX / 2 + 1, SIGN_PX, SIGN_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(sign.colour(self.sheet.style.theme)))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(interface_font(12, QFont.Weight.Bold))
        painter.setPen(QColor(self.sheet.style.theme.page))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), sign.value)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return super(AnnotationCanvas, self).focusNextPrevChild(is_next)  # here Tab goes on

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_places(painter)
        painter.end()
