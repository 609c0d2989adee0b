"""Letter hints over the tokens on the screen: typing the letters of one puts the cursor there.

While they are shown, a filter in front of the canvas takes the letters, before they can be keys of the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPen

from annotator.ui.canvas.hint_codes import LETTERS, hint_codes, ranked_tokens
from annotator.ui.canvas.style import DEFAULT_TEXT_PX, Style
from annotator.ui.fonts import interface_font

if TYPE_CHECKING:
    from annotator.ui.canvas.view import AnnotationCanvas

SIDE_PX = 3.0
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock)  # fmt: skip
_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_LEAVING = (QEvent.Type.FocusOut, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chip:
    """One hint: where its token begins (code points), its letters, its place on the page."""

    start: int
    letters: str
    rect: QRectF


class Hints(QObject):
    """The hints of one canvas. Chips are placed once when shown; whatever moves the text takes them away."""

    def __init__(self, canvas: AnnotationCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._chips: list[Chip] = []
        self._codes: Mapping[int, str] | None = None
        self._typed = ""
        self._font = QFont()
        canvas.verticalScrollBar().valueChanged.connect(self.hide)

    @property
    def codes(self) -> Mapping[int, str] | None:
        """Token starts (code points) with their letters; None while no hints are shown."""
        return self._codes

    def show(self, likely: Sequence[int], style: Style) -> None:
        """Show a hint on each visible token; on none when there is none."""
        self.hide()
        canvas = self._canvas
        if canvas.doc is None or canvas.page is None:
            return
        starts, preferred = ranked_tokens(canvas.doc, _visible_tokens(canvas), likely)
        if not starts:
            return
        self._codes = MappingProxyType(hint_codes(starts, preferred))
        self._typed = ""
        self._font = _chip_font(style)
        self._chips = list(self._placed(self._codes))
        canvas.installEventFilter(self)
        canvas.viewport().installEventFilter(self)
        canvas.viewport().update()

    def hide(self) -> None:
        """Take the hints away."""
        if self._codes is None:
            return
        self._codes, self._chips, self._typed = None, [], ""
        self._canvas.removeEventFilter(self)
        self._canvas.viewport().removeEventFilter(self)
        self._canvas.viewport().update()

    def paint(self, painter: QPainter, style: Style, origin: QPointF) -> None:
        """Paint the chips that can still be meant; ``origin`` is the page's top left corner in the viewport."""
        if not self._chips:
            return
        painter.setFont(self._font)
        painter.translate(origin)
        shown = [chip for chip in self._chips if chip.letters.startswith(self._typed)]
        for is_short in (False, True):
            kind = [chip for chip in shown if (len(chip.letters) == 1) is is_short]
            self._paint_chips(painter, kind, style, is_short=is_short)
        painter.translate(-origin)

    def _paint_chips(self, painter: QPainter, chips: Sequence[Chip], style: Style, *, is_short: bool) -> None:
        """Chips of one kind: those with one letter stand out. What was typed is dim."""
        theme, typed = style.theme, self._typed.upper()
        painter.setPen(QPen(QColor(theme.accent if is_short else theme.dim), 1))
        painter.setBrush(QColor(theme.accent if is_short else theme.panel))
        for chip in chips:
            painter.drawRoundedRect(chip.rect, 3, 3)
        metrics = QFontMetricsF(self._font)
        place = QPointF(SIDE_PX, metrics.capHeight() / 2)
        painter.setPen(QColor(theme.dim))
        for chip in chips if typed else ():
            painter.drawText(_left_middle(chip.rect) + place, typed)
        place += QPointF(metrics.horizontalAdvance(typed), 0)
        painter.setPen(QColor(theme.page if is_short else theme.text))
        for chip in chips:
            painter.drawText(_left_middle(chip.rect) + place, chip.letters[len(typed) :].upper())

    def _placed(self, codes: Mapping[int, str]) -> Iterator[Chip]:
        """Chips just above the start of each token; where two would cover each other, the second stands below."""
        page, metrics = self._canvas.page, QFontMetricsF(self._font)
        assert page is not None
        height = round(metrics.capHeight() + 6)
        held: list[QRectF] = []
        for start in sorted(codes):
            box = page.rects_of(start, start + 1)[0]
            width = metrics.horizontalAdvance(codes[start].upper()) + 2 * SIDE_PX
            is_rtl = page.blocks.is_rtl(page.blocks.at(start))
            left = box.right() - width if is_rtl else box.left() - 1
            above = QRectF(left, box.top() - height + 5, width, height)
            below = above.translated(0, box.height() - 5 + height * 0.4)
            rect = below if any(above.intersects(other) for other in held[-4:]) else above
            held.append(rect)
            yield Chip(start, codes[start], rect)

    def _take(self, event: QKeyEvent) -> bool:
        """What a key means for the hints; whether it means nothing else."""
        letter = event.text().lower()
        if event.key() in _MODIFIERS:
            return False
        if event.modifiers() & _CHORD:
            self.hide()
            return False
        if event.key() == Qt.Key.Key_Backspace and self._typed:
            self._typed = self._typed[:-1]
            self._canvas.viewport().update()
        elif len(letter) == 1 and letter in LETTERS:
            self._type(letter)
        else:
            self.hide()
        return True

    def _type(self, letter: str) -> None:
        """One letter more. One that leads nowhere is passed over: as a key of the window the next might do harm."""
        typed = self._typed + letter
        going_on = [chip for chip in self._chips if chip.letters.startswith(typed)]
        if len(going_on) == 1 and going_on[0].letters == typed:
            self.hide()
            self._canvas.put_cursor(going_on[0].start)
        elif going_on:
            self._typed = typed
            self._canvas.viewport().update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            key = cast("QKeyEvent", event)
            if key.key() not in _MODIFIERS and not key.modifiers() & _CHORD:
                event.accept()  # then it comes again as a key press, to the canvas and not to an action
                return True
        elif kind == QEvent.Type.KeyPress:
            return self._take(cast("QKeyEvent", event))
        elif kind in _LEAVING:
            self.hide()
        return False


def _visible_tokens(canvas: AnnotationCanvas) -> Iterator[int]:
    """Indexes of the tokens that begin on lines that the window shows whole."""
    assert canvas.page is not None and canvas.doc is not None
    tokens = canvas.doc.document.tokens
    top = canvas.page_point(QPointF(0, 0)).y()
    for start, end in canvas.page.line_ranges(top, top + canvas.viewport().height()):
        yield from (index for index in tokens.overlapping(start, end) if tokens.starts[index] >= start)


def _left_middle(rect: QRectF) -> QPointF:
    return QPointF(rect.left(), rect.center().y())


def _chip_font(style: Style) -> QFont:
    return interface_font(10 * max(style.text_px / DEFAULT_TEXT_PX, 1.0) ** 0.5, QFont.Weight.DemiBold)
