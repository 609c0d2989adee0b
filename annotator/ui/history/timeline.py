"""The slider over the moments, with a tick where each day begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QVBoxLayout, QWidget

from annotator.ui.fonts import interface_font
from annotator.ui.theme import LIGHT, Theme
from annotator.workflows.history import SetHistory

HANDLE_PX = 14
TICK_PX = 5
BETWEEN_PX = 10


@dataclass(frozen=True, slots=True)
class DayTick:
    """The first moment of a day, and the day in words."""

    moment: int
    day: str


def day_ticks(history: SetHistory) -> list[DayTick]:
    """Where each day begins."""
    ticks: list[DayTick] = []
    last = None
    for row in history.moments:
        if row.at.date() != last:
            last = row.at.date()
            ticks.append(DayTick(row.number, f"{row.at.day} {row.at:%b}"))
    return ticks


class Timeline(QWidget):
    """The `slider` and the days below it."""

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Moment")
        self.slider.setPageStep(10)
        self._days = _Days()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.slider)
        column.addWidget(self._days)

    def show_history(self, history: SetHistory) -> None:
        """Take over the moments of a set; the slider stands at the last one."""
        self.slider.blockSignals(True)
        self.slider.setRange(0, history.last_moment)
        self.slider.setValue(history.last_moment)
        self.slider.blockSignals(False)
        self._days.show_ticks(day_ticks(history), history.last_moment)

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self._days.theme = theme
        self._days.update()
        self.slider.setStyleSheet(f"""
            QSlider {{ min-height: 18px; background: transparent; border: 1px solid transparent; border-radius: 5px; }}
            QSlider:focus {{ border: 1px solid {theme.accent}; }}
            QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {theme.line}; }}
            QSlider::sub-page:horizontal {{ border-radius: 2px; background: {theme.accent}; }}
            QSlider::handle:horizontal {{ width: {HANDLE_PX}px; margin: -5px 0; border-radius: 7px;
                background: {theme.accent}; }}
        """)


class _Days(QWidget):
    """Ticks and days; a day that would stand on another is not written."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self._ticks: Sequence[DayTick] = ()
        self._last = 0
        self.setFixedHeight(18)

    def show_ticks(self, ticks: Sequence[DayTick], last_moment: int) -> None:
        self._ticks, self._last = ticks, last_moment
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(interface_font(11))
        metrics = QFontMetricsF(painter.font())
        free_from = 0.0
        for tick in self._ticks:
            x = HANDLE_PX / 2 + (self.width() - HANDLE_PX) * tick.moment / max(self._last, 1)
            painter.setPen(QPen(QColor(self.theme.dim), 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, TICK_PX))
            width = metrics.horizontalAdvance(tick.day)
            left = min(max(x - width / 2, 0.0), self.width() - width)
            if left >= free_from:
                rect = QRectF(left, TICK_PX, width + 1, self.height() - TICK_PX)
                painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), tick.day)
                free_from = left + width + BETWEEN_PX
        painter.end()
