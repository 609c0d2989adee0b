"""The labels of a scheme with their colours and keys, to read and to click."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.ui.fonts import interface_font
from annotator.ui.icons import draw_swatch
from annotator.ui.naming import named
from annotator.ui.theme import LIGHT, Theme

ROW_PX = 28
BLEED_PX = 8
"""How far the ground of a row reaches beyond its swatch, so that swatches stand flush with headings."""
MOST_ROWS, FEWEST_ROWS = 10, 4


class LabelRow(QAbstractButton):
    """One label: swatch, name, key. A click is the same as its key."""

    def __init__(self, layer: Layer, label: Label, key: str) -> None:
        super().__init__()
        self.label_key = (label.id, layer.name)
        self.theme: Theme = LIGHT
        self.is_current = False
        self._label, self._key = label, key
        self.setText(label.name)
        self.setToolTip(label.description)
        self.setAccessibleName(f"Label {label.name}" + (f", key {key}" if key else ""))
        self.setAccessibleDescription(label.description)
        self.setFixedHeight(ROW_PX)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(180, ROW_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.is_current or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen if self.is_current else QColor(self.theme.line))
            painter.setBrush(QColor(self.theme.selection) if self.is_current else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5), 6, 6)
        draw_swatch(painter, QRectF(BLEED_PX, 5, 18, 18), self.theme, self._label.hue)
        painter.setFont(interface_font(13))
        align = Qt.AlignmentFlag.AlignVCenter
        key_px = painter.fontMetrics().horizontalAdvance(self._key) + 20
        name_rect = self.rect().adjusted(BLEED_PX + 29, 0, -key_px, 0)
        name = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, name_rect.width())
        painter.setPen(QColor(self.theme.text))
        painter.drawText(name_rect, int(align | Qt.AlignmentFlag.AlignLeft), name)
        painter.setPen(QColor(self.theme.dim))
        painter.drawText(self.rect().adjusted(0, 0, -12, 0), int(align | Qt.AlignmentFlag.AlignRight), self._key)
        painter.end()


class LabelPalette(QScrollArea):
    """``chosen`` carries (label id, layer). Ten rows high; a longer scheme scrolls."""

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[LabelRow] = []
        self._theme: Theme = LIGHT
        self._current: tuple[str, str] | None = None
        page = named(QWidget(), "column")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setMinimumHeight(FEWEST_ROWS * ROW_PX)
        self.setAccessibleName("Labels")

    def show_scheme(self, scheme: LabelScheme, keys: dict[tuple[str, str], str]) -> None:
        """Show the labels; ``keys`` by (label id, layer)."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows = [LabelRow(layer, label, keys.get((label.id, layer.name), "")) for layer, label in scheme.labels]
        for place, row in enumerate(self.rows):
            row.theme = self._theme
            row.clicked.connect(lambda _checked=False, chosen=row.label_key: self.chosen.emit(*chosen))
            self._column.insertWidget(place, row)
        self._current = None
        self.updateGeometry()

    def show_current(self, label: tuple[str, str] | None) -> None:
        """Mark the label of the current span, and scroll to it unless the pointer is here."""
        if label == self._current:
            return
        for row in self.rows:
            if row.label_key in (label, self._current):
                row.is_current = row.label_key == label
                row.update()
                if row.is_current and not self.underMouse():
                    self._reveal(row)
        self._current = label

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._theme = theme
        for row in self.rows:
            row.theme = theme
            row.update()

    def _reveal(self, row: LabelRow) -> None:
        top = row.y()
        bar = self.verticalScrollBar()
        if top < bar.value():
            bar.setValue(top)
        elif top + ROW_PX > bar.value() + self.viewport().height():
            bar.setValue(top + ROW_PX - self.viewport().height())

    def sizeHint(self) -> QSize:
        return QSize(200, ROW_PX * min(max(len(self.rows), FEWEST_ROWS), MOST_ROWS))
