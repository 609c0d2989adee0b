"""Agreement over time, as a line with its intervals."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui.fonts import interface_font
from annotator.ui.theme import LIGHT, Theme
from annotator.workflows.agreement_files import value_in_words
from annotator.workflows.agreement_review import Period

WIDTH_PX, HEIGHT_PX, LEFT_PX, BELOW_PX, ABOVE_PX = 620, 190, 44, 30, 12
MOST_DATES = 8


class TimeChart(QWidget):
    """F1 from 0 to 1 by period."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self._periods: tuple[Period, ...] = ()
        self.setAccessibleName("Agreement over time")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(self.sizeHint())

    def show_periods(self, periods: Sequence[Period]) -> None:
        """Show other periods."""
        self._periods = tuple(periods)
        told = (f"{one.begin.isoformat()}: {value_in_words(one.value)}, {one.documents} documents" for one in periods)
        self.setAccessibleDescription("; ".join(told))
        self.setToolTip(self.accessibleDescription().replace("; ", "\n"))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Colours of lines and letters."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH_PX, HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_on(painter)
        painter.end()

    def paint_on(self, painter: QPainter) -> None:
        """Draw the chart at (0, 0)."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(interface_font(11))
        for tick in (0.0, 0.5, 1.0):
            y = self._y(tick)
            painter.setPen(QPen(QColor(self._theme.line), 1))
            painter.drawLine(QPointF(LEFT_PX, y), QPointF(WIDTH_PX - 8, y))
            painter.setPen(QColor(self._theme.dim))
            painter.drawText(QRectF(0, y - 8, LEFT_PX - 8, 16), Qt.AlignmentFlag.AlignRight, f"{tick:.1f}")
        self._paint_line(painter)
        step = max(1, -(-len(self._periods) // MOST_DATES))
        painter.setPen(QColor(self._theme.dim))
        for at in range(0, len(self._periods), step):
            rect = QRectF(self._x(at) - 50, HEIGHT_PX - BELOW_PX + 8, 100, 16)
            painter.drawText(rect, Qt.AlignmentFlag.AlignHCenter, self._periods[at].begin.isoformat())

    def _paint_line(self, painter: QPainter) -> None:
        before: QPointF | None = None
        for at, period in enumerate(self._periods):
            value = period.value
            if value.value is None:
                before = None
                continue
            here = QPointF(self._x(at), self._y(value.value))
            painter.setPen(QPen(QColor(self._theme.dim), 1))
            if value.low is not None and value.high is not None:
                painter.drawLine(QPointF(here.x(), self._y(value.low)), QPointF(here.x(), self._y(value.high)))
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            if before is not None:
                painter.drawLine(before, here)
            painter.setBrush(QColor(self._theme.accent))
            painter.drawEllipse(here, 3, 3)
            before = here

    def _x(self, at: int) -> float:
        return LEFT_PX + (WIDTH_PX - LEFT_PX - 60) * ((at + 0.5) / max(len(self._periods), 1)) + 26

    def _y(self, value: float) -> float:
        return ABOVE_PX + (HEIGHT_PX - BELOW_PX - ABOVE_PX) * (1 - value)
