"""Boxes that draw their own signs: under a style sheet Qt draws a bevelled chevron and no tick."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QComboBox, QStyle, QStyleOptionButton

FROM_RIGHT_PX = 16
HALF_WIDTH_PX = 4.0


class ChoiceBox(QComboBox):
    """One choice out of a few."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumWidth(84)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        x, y, half = self.width() - FROM_RIGHT_PX, self.height() / 2, HALF_WIDTH_PX
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().buttonText().color(), 1.5, c=Qt.PenCapStyle.RoundCap))
        corners = [QPointF(x - half, y - half / 2), QPointF(x, y + half / 2), QPointF(x + half, y - half / 2)]
        painter.drawPolyline(QPolygonF(corners))
        painter.end()


class TickBox(QCheckBox):
    """Yes or no. The style sheet fills the box, the tick is drawn in its ``selection-color``."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().highlightedText().color(), 1.8, c=Qt.PenCapStyle.RoundCap))
        corners = [(0.26, 0.52), (0.44, 0.70), (0.76, 0.32)]
        painter.drawPolyline(
            QPolygonF([QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in corners])
        )
        painter.end()
