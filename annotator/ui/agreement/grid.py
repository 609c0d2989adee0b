"""A matrix of numbers: shaded, with the number in each cell, walked by key and chosen by Enter or a click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from annotator.ui.fonts import interface_font
from annotator.ui.theme import LIGHT, Theme

CELL_PX, NARROW_PX, ROW_PX, MOST_HEAD_PX, PAD_PX = 84, 60, 34, 200, 10
MANY_COLUMNS = 8
"""With more columns cells are narrow."""

STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """``words``: what stands in it; ``share`` (0 to 1): how strongly it is shaded; ``tip``: more about it."""

    words: str = ""
    share: float = 0.0
    tip: str = ""
    can_be_chosen: bool = False


class Grid(QWidget):
    """``chosen``: row and column of the cell."""

    chosen = Signal(int, int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self._rows: tuple[str, ...] = ()
        self._columns: tuple[str, ...] = ()
        self._cells: tuple[tuple[Cell, ...], ...] = ()
        self.at = (0, 0)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_cells(self, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]]) -> None:
        """Show another matrix."""
        self._rows, self._columns = tuple(rows), tuple(columns)
        self._cells = tuple(tuple(row) for row in cells)
        self.at = self._first()
        self._tell()
        self.setFixedSize(self.sizeHint())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Colours of grid and cells."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        width = self._head_px + self._cell_px * len(self._columns) + 2
        return QSize(round(width), ROW_PX * (len(self._rows) + 1) + 2)

    def paint_on(self, painter: QPainter, *, has_focus: bool = False) -> None:
        """Draw the whole matrix at (0, 0): on the screen, or into a picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(interface_font(12))
        for column, name in enumerate(self._columns):
            self._write(
                painter, QRectF(self._head_px + column * self._cell_px, 0, self._cell_px, ROW_PX), name, self._theme.dim
            )
        for row, name in enumerate(self._rows):
            rect = QRectF(0, ROW_PX * (row + 1), self._head_px - PAD_PX, ROW_PX)
            self._write(painter, rect, name, self._theme.text, Qt.AlignmentFlag.AlignRight)
            for column, cell in enumerate(self._cells[row]):
                self._paint_cell(painter, row, column, cell, is_current=has_focus and self.at == (row, column))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_on(painter, has_focus=self.hasFocus())
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS and self._rows:
            row, column = self.at[0] + STEPS[key][0], self.at[1] + STEPS[key][1]
            self.at = min(max(row, 0), len(self._rows) - 1), min(max(column, 0), len(self._columns) - 1)
            self._tell()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._cell_at(event.position())
        if found is not None:
            self.at = found
            self.update()
            self._choose()

    def focusInEvent(self, event: object) -> None:  # noqa: ARG002
        self.update()

    def focusOutEvent(self, event: object) -> None:  # noqa: ARG002
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            found = self._cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._cells[found[0]][found[1]].tip if found else "", self)
            return True
        return super().event(event)

    @property
    def _cell_px(self) -> int:
        return NARROW_PX if len(self._columns) > MANY_COLUMNS else CELL_PX

    @property
    def _head_px(self) -> float:
        metrics = QFontMetricsF(interface_font(12))
        return min(max((metrics.horizontalAdvance(name) for name in self._rows), default=0), MOST_HEAD_PX) + 2 * PAD_PX

    def _rect(self, row: int, column: int) -> QRectF:
        """Where a cell is; row -1 is that of the names."""
        return QRectF(self._head_px + column * self._cell_px, ROW_PX * (row + 1), self._cell_px, ROW_PX)

    def _first(self) -> tuple[int, int]:
        cells = ((row, column) for row, held in enumerate(self._cells) for column in range(len(held)))
        return next((at for at in cells if self._cells[at[0]][at[1]].can_be_chosen), (0, 0))

    def _choose(self) -> None:
        row, column = self.at
        if self._cells and self._cells[row][column].can_be_chosen:
            self.chosen.emit(row, column)

    def _cell_at(self, where: QPointF) -> tuple[int, int] | None:
        row, column = int(where.y() // ROW_PX) - 1, int((where.x() - self._head_px) // self._cell_px)
        is_there = 0 <= row < len(self._rows) and 0 <= column < len(self._columns) and where.x() >= self._head_px
        return (row, column) if is_there else None

    def _tell(self) -> None:
        if self._cells:
            row, column = self.at
            cell = self._cells[row][column]
            self.setAccessibleDescription(f"{self._rows[row]}, {self._columns[column]}: {cell.tip or cell.words}")

    def _paint_cell(self, painter: QPainter, row: int, column: int, cell: Cell, *, is_current: bool) -> None:
        rect = QRectF(self._head_px + column * self._cell_px, ROW_PX * (row + 1), self._cell_px, ROW_PX).adjusted(
            1, 1, -1, -1
        )
        ground = _mixed(self._theme.page, self._theme.accent, 0.30 * min(max(cell.share, 0.0), 1.0))
        painter.setPen(QPen(QColor(self._theme.accent), 2) if is_current else QPen(QColor(self._theme.line), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 4, 4)
        self._write(painter, rect, cell.words, self._theme.text if cell.can_be_chosen else self._theme.dim)

    def _write(
        self,
        painter: QPainter,
        rect: QRectF,
        words: str,
        colour: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
    ) -> None:
        shown = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideMiddle, rect.width() - 6)
        painter.setPen(QColor(colour))
        painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter, shown)


def _mixed(one: str, other: str, share: float) -> QColor:
    first, second = QColor(one), QColor(other)
    parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in parts))
