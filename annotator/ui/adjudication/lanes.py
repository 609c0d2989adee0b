"""The words around a disagreement, and under them a lane for each annotator with what they say there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.domain.offsets import Utf16Map
from annotator.domain.rulings import Said
from annotator.ui.fonts import interface_font, text_font
from annotator.ui.theme import LIGHT, Theme

NAME_PX, ROW_PX, BAR_PX, EDGE_PX = 150, 26, 20, 16
LINE_GAP_PX, BLOCK_GAP_PX = 8, 14
TEXT_SIZE = 17


@dataclass(frozen=True, slots=True)
class Lane:
    """One annotator's answer. ``key``: the key that takes it. ``current``: the span that is being edited."""

    title: str
    key: str
    answer: tuple[Said, ...]
    words: str
    is_draft: bool = False
    current: Said | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How labels look: name and hue by id."""

    name: Callable[[str], str]
    hue: Callable[[str], int]


class LanesView(QWidget):
    """Draws one passage. ``lane_chosen``: the number of a lane that was clicked."""

    lane_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self._look = Look(lambda label: label, lambda _label: 255)
        self._passage, self._offset = "", 0
        self._place = (0, 0)
        self._lanes: tuple[Lane, ...] = ()
        self._map = Utf16Map("")
        self._layout = QTextLayout()
        self._tops: list[float] = []
        self._rows: list[tuple[float, int]] = []
        self._height = 0.0
        self.setObjectName("lanes")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("What the annotators say")

    def show_passage(
        self, passage: str, offset: int, place: tuple[int, int], lanes: Sequence[Lane], look: Look
    ) -> None:
        """Show other words and answers; ``place`` and answers count from the beginning of the text."""
        self._passage, self._offset, self._place = passage, offset, place
        self._lanes, self._look = tuple(lanes), look
        self._map = Utf16Map(passage)
        self.setAccessibleDescription("; ".join(f"{lane.title}: {lane.words}" for lane in lanes))
        self._lay_out()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Colours of text and lanes."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, round(self._height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        y = event.position().y()
        for top, lane in self._rows:
            if top <= y < top + self._lane_px(lane):
                self.lane_chosen.emit(lane)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.page))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, top in enumerate(self._tops):
            line = self._layout.lineAt(number)
            self._paint_place(painter, line, top)
            painter.setPen(QColor(self._theme.text))
            line.draw(painter, QPointF(NAME_PX, top - line.y()))
        for row, (top, lane) in enumerate(self._rows):
            self._paint_lane(painter, self._line_of_row(row), top, lane)
        painter.end()

    def _lay_out(self) -> None:
        self._tops, self._rows, self._height = self._laid_out(self.width())
        self.setMinimumHeight(round(self._height))
        self.updateGeometry()

    def _laid_out(self, width: int) -> tuple[list[float], list[tuple[float, int]], float]:
        """Tops of the lines, (top, lane) of the rows under them, and the height."""
        self._layout = QTextLayout(self._passage, text_font(TEXT_SIZE))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        tops: list[float] = []
        rows: list[tuple[float, int]] = []
        y = float(BLOCK_GAP_PX)
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(width - NAME_PX - 2 * EDGE_PX, 120))
            line.setPosition(QPointF(0, 0))
            tops.append(y)
            y += line.height() + LINE_GAP_PX
            if self._is_of_place(line):
                for number in range(len(self._lanes)):
                    rows.append((y, number))
                    y += self._lane_px(number)
                y += BLOCK_GAP_PX
        self._layout.endLayout()
        return tops, rows, y + BLOCK_GAP_PX

    def _line_of_row(self, row: int) -> QTextLine:
        lines = [number for number in range(len(self._tops)) if self._is_of_place(self._layout.lineAt(number))]
        return self._layout.lineAt(lines[row // max(len(self._lanes), 1)])

    def _is_of_place(self, line: QTextLine) -> bool:
        start, end = self._utf16(self._place)
        first, last = line.textStart(), line.textStart() + line.textLength()
        return first < end and start < last if end > start else first == 0

    def _utf16(self, place: tuple[int, int]) -> tuple[int, int]:
        start, end = (min(max(at - self._offset, 0), len(self._passage)) for at in place)
        return self._map.to_utf16(start), self._map.to_utf16(end)

    def _span_px(self, line: QTextLine, start: int, end: int) -> tuple[float, float] | None:
        """Left and right of the part of a span on a line, or None."""
        first, last = line.textStart(), line.textStart() + line.textLength()
        here = max(start, first), min(end, last)
        if here[0] >= here[1]:
            return None
        edges = sorted(NAME_PX + _x(line, at) for at in here)
        return edges[0], max(edges[1], edges[0] + 4)

    def _paint_place(self, painter: QPainter, line: QTextLine, top: float) -> None:
        where = self._span_px(line, *self._utf16(self._place))
        if where is not None:
            rect = QRectF(where[0] - 2, top, where[1] - where[0] + 4, line.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.selection))
            painter.drawRoundedRect(rect, 3, 3)

    def _paint_lane(self, painter: QPainter, line: QTextLine, top: float, number: int) -> None:
        lane = self._lanes[number]
        ground = QRectF(EDGE_PX, top, self.width() - 2 * EDGE_PX, self._lane_px(number))
        if lane.is_draft:
            painter.fillRect(ground, QColor(self._theme.panel))
        self._paint_name(painter, lane, top)
        if not lane.answer or not self._place[1]:
            painter.setFont(interface_font(12))
            painter.setPen(QColor(self._theme.dim if not lane.answer else self._theme.text))
            where = self._span_px(line, *self._utf16(self._place))
            left = where[0] if where else NAME_PX
            painter.drawText(QPointF(left, top + 15), lane.words)
            return
        for depth, held in enumerate(_stacked(lane.answer)):
            for at, said in enumerate(held):
                after = held[at + 1] if at + 1 < len(held) else None
                self._paint_bar(painter, line, top + depth * ROW_PX, said, after, is_current=said == lane.current)

    def _paint_name(self, painter: QPainter, lane: Lane, top: float) -> None:
        key = QRectF(EDGE_PX, top + 1, 18, 18)
        if lane.key:
            painter.setPen(QPen(QColor(self._theme.line), 1))
            painter.setBrush(QColor(self._theme.panel))
            painter.drawRoundedRect(key, 4, 4)
            painter.setFont(interface_font(11, QFont.Weight.DemiBold))
            painter.setPen(QColor(self._theme.text))
            painter.drawText(key, Qt.AlignmentFlag.AlignCenter, lane.key)
        font = interface_font(12, QFont.Weight.DemiBold if lane.is_draft else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.text if lane.is_draft else self._theme.dim))
        left = key.right() + 7
        title = QFontMetricsF(font).elidedText(lane.title, Qt.TextElideMode.ElideRight, NAME_PX - left - 8)
        painter.drawText(QPointF(left, top + 15), title)

    def _paint_bar(
        self, painter: QPainter, line: QTextLine, top: float, said: Said, after: Said | None, *, is_current: bool
    ) -> None:
        hue = self._look.hue(said.label)
        ink = QColor(self._theme.ink(hue))
        shown = [self._span_px(line, *self._utf16(part)) for part in said.parts or ((said.start, said.end),)]
        boxes = [QRectF(one[0], top, one[1] - one[0], BAR_PX) for one in shown if one is not None]
        for box in boxes:
            painter.setPen(QPen(QColor(self._theme.accent), 2) if is_current else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.tint(hue)))
            painter.drawRoundedRect(box, 3, 3)
            painter.fillRect(QRectF(box.left(), box.bottom() - 2, box.width(), 2), ink)
        if not boxes or said.start < self._offset:
            return
        following = self._span_px(line, *self._utf16((after.start, after.end))) if after else None
        limit = following[0] if following and following[0] > boxes[0].left() else self.width() - EDGE_PX
        self._paint_label(painter, self._look.name(said.label), boxes, limit, ink)

    def _paint_label(self, painter: QPainter, name: str, boxes: Sequence[QRectF], limit: float, ink: QColor) -> None:
        """Within the bar if it fits there, else after it, shortened before the next one."""
        font = interface_font(11, QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(ink)
        wide = metrics.horizontalAdvance(name) + 8
        if wide <= boxes[0].width():
            painter.drawText(QPointF(boxes[0].left() + 4, boxes[0].top() + 14), name)
            return
        left = boxes[-1].right() + 5
        room = limit - left - 4
        if room < 24:
            left, room = boxes[0].left() + 3, boxes[0].width() - 4
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(left, boxes[0].top() + 14), text)

    def _lane_px(self, number: int) -> float:
        return ROW_PX * max(len(_stacked(self._lanes[number].answer)), 1)


def _x(line: QTextLine, at: int) -> float:
    x: Any = line.cursorToX(at)
    return float(x[0] if isinstance(x, tuple) else x)


def _stacked(answer: Sequence[Said]) -> list[list[Said]]:
    """Spans in rows in which none covers another, the longer first."""
    rows: list[list[Said]] = []
    for said in sorted(answer, key=lambda one: one.order):
        for row in rows:
            if all(said.start >= other.end or other.start >= said.end for other in row):
                row.append(said)
                break
        else:
            rows.append([said])
    return rows
