"""The memory chip: how the current string was labelled so far, in a line of counts over a thin bar."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from annotator.domain.labels import LabelScheme
from annotator.ui.fonts import interface_font
from annotator.ui.theme import LIGHT, Theme
from annotator.workflows.memory import LabelCount, Recollection, Unlabelled

HEAD_PX, COUNTS_PX, BAR_PX, GAP_PX = 17, 20, 4, 14
HEIGHT_PX = HEAD_PX + COUNTS_PX + BAR_PX + 5


@dataclass(frozen=True, slots=True)
class Part:
    """One count of the chip. ``hue`` is None for what was left without a label."""

    words: str
    count: int
    hue: int | None = None
    is_dim: bool = False


class MemoryChip(QAbstractButton):
    """``clicked``: show me the places. Always as high, so that nothing below it moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._scheme = LabelScheme("none")
        self.recollection: Recollection | None = None
        self.unlabelled: Unlabelled | None = None
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._tell()

    def show_scheme(self, scheme: LabelScheme) -> None:
        """Names and colours of the labels."""
        self._scheme = scheme
        self._tell()

    def show_recollection(self, recollection: Recollection | None) -> None:
        """Show counts; None: there is nothing to show them of."""
        if recollection is None or self.recollection is None or recollection.surface != self.recollection.surface:
            self.unlabelled = None
        self.recollection = recollection
        self._tell()

    def show_unlabelled(self, unlabelled: Unlabelled) -> None:
        """Add how often the string was left without a label."""
        self.unlabelled = unlabelled
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        """Colours of the chip."""
        self._theme = theme
        self.update()

    @property
    def head(self) -> str:
        """The dim line above the counts."""
        if self.recollection is None:
            return ""
        if self.recollection.exact:
            return "Labelled before"
        return "Labelled before in other forms" if self.recollection.forms else "Not labelled before"

    @property
    def other_forms(self) -> str:
        """What stands beside the head: the counts over all forms, when they differ."""
        told = self.recollection
        if told is None or not told.exact or not told.has_other_forms:
            return ""
        return "all forms " + ", ".join(part.words for part in self._label_parts(told.forms))

    @property
    def parts(self) -> list[Part]:
        """The counts as shown, the most frequent label first."""
        told = self.recollection
        if told is None:
            return []
        parts = self._label_parts(told.exact or told.forms)
        if self.unlabelled is None:
            return [*parts, Part("… none", 0, is_dim=True)]
        more = "" if self.unlabelled.is_complete else "+"
        count = self.unlabelled.count
        return [*parts, Part(f"{count:,}{more} none", count, is_dim=not count)]

    def _label_parts(self, counts: tuple[LabelCount, ...]) -> list[Part]:
        found = []
        for one in counts:
            label = self._scheme.find_label(one.label, one.layer)
            name = label.name if label else one.label
            found.append(Part(f"{one.count:,} {name}", one.count, label.hue if label else 0))
        return found

    def _tell(self) -> None:
        """Say the same to a screen reader and in the tooltip, whole."""
        shown = [part.words for part in self.parts if not part.words.startswith("…")]
        lines = [
            f"{self.head}: {', '.join(shown)}" if shown else self.head,
            self.other_forms[:1].upper() + self.other_forms[1:],
        ]
        forms = self.recollection.surfaces[:6] if self.recollection else ()
        if self.recollection and self.recollection.has_other_forms:
            lines.append("Forms: " + ", ".join(f"{surface[:60]} ({count:,})" for surface, count in forms))
        whole = "\n".join(filter(None, lines))
        self.setAccessibleName(whole.replace("\n", ". ") or "How the current words were labelled before")
        self.setAccessibleDescription("Opens the places, key M")
        self.setToolTip(f"{whole}\nM shows the places" if whole else "")
        has_places = bool(self.recollection and self.recollection.forms) or bool(
            self.unlabelled and self.unlabelled.count
        )
        self.setEnabled(has_places)
        self.setCursor(Qt.CursorShape.PointingHandCursor if has_places else Qt.CursorShape.ArrowCursor)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.recollection is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter)
        self._paint_counts(painter)
        self._paint_bar(painter)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        rect = QRectF(0, 0, self.width(), HEAD_PX)
        painter.setFont(interface_font(12))
        painter.setPen(QColor(self._theme.dim))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), self.head)
        taken = painter.fontMetrics().horizontalAdvance(self.head) + GAP_PX
        painter.setFont(interface_font(11))
        room = rect.adjusted(taken, 0, 0, 0)
        forms = painter.fontMetrics().elidedText(self.other_forms, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), forms)

    def _paint_counts(self, painter: QPainter) -> None:
        font = interface_font(13, QFont.Weight.Medium)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        x, parts = 0.0, fitting([(part, metrics.horizontalAdvance(part.words)) for part in self.parts], self.width())
        for part, width in parts:
            painter.setPen(QColor(self._theme.dim if part.is_dim else self._theme.text))
            rect = QRectF(x, HEAD_PX, min(width + 1, self.width() - x), COUNTS_PX)
            shown = metrics.elidedText(part.words, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), shown)
            if self.underMouse() and self.isEnabled():
                painter.drawLine(QPointF(x, rect.bottom() - 2), QPointF(x + rect.width(), rect.bottom() - 2))
            x += width + GAP_PX

    def _paint_bar(self, painter: QPainter) -> None:
        y = HEAD_PX + COUNTS_PX + 2 + BAR_PX / 2
        parts = [part for part in self.parts if part.count]
        total = sum(part.count for part in parts)
        self._line(painter, 0, self.width(), y, self._theme.line)
        x = 0.0
        for part in parts:
            width = self.width() * part.count / total
            if part.hue is not None:
                self._line(painter, x, x + width, y, self._theme.ink(part.hue))
            x += width

    def _line(self, painter: QPainter, left: float, right: float, y: float, colour: str) -> None:
        painter.setPen(QPen(QColor(colour), BAR_PX, c=Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(left, y), QPointF(max(right - 1, left + 1), y))


def fitting(parts: list[tuple[Part, float]], room: float) -> list[tuple[Part, float]]:
    """As many counts as there is room for (widths in px), the last one saying how many more there are. Pure."""
    needed = sum(width for _, width in parts) + GAP_PX * (len(parts) - 1)
    if needed <= room or len(parts) < 2:
        return parts
    shown = list(parts)
    while len(shown) > 1 and sum(width + GAP_PX for _, width in shown) + 26 > room:
        shown.pop()
    return [*shown, (Part(f"+{len(parts) - len(shown)}", 0, is_dim=True), 26.0)]
