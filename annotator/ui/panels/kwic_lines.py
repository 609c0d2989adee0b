"""Spans with the words around them, one a line: the span in the middle, so that the eye runs down one column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from annotator.ui.fonts import interface_font, text_font
from annotator.ui.panels.delegates import Index as RowIndex
from annotator.ui.panels.delegates import ThemedDelegate, draw_line
from annotator.ui.theme import Theme
from annotator.workflows.scheme_editing import SpanInContext

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = Qt.ItemDataRole.UserRole
TEXT_PX = 14
ABOUT_PX, GAP_PX = 150, 5
MOST_SURFACE_SHARE = 0.34


@dataclass(frozen=True, slots=True)
class KwicLine:
    """A span and what stands dim on its right."""

    span: SpanInContext
    about: str = ""

    @property
    def in_words(self) -> str:
        """The line as it is read aloud."""
        words = f"{one_line(self.span.before)} {one_line(self.span.surface)} {one_line(self.span.after)}"
        return f"{words.strip()}, in {self.span.title}" + (f", {self.about}" if self.about else "")


def one_line(text: str) -> str:
    """``text`` with single blanks for white space."""
    return " ".join(text.split())


class KwicModel(QAbstractListModel):
    """The lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[KwicLine] = ()

    def show(self, lines: Sequence[KwicLine]) -> None:
        """Replace every line."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(line.span.surface)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return line.in_words
        return line if role == LINE_ROLE else None


class KwicDelegate(ThemedDelegate):
    """Before, span, after, and what there is to say about it."""

    row_px = 28

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: RowIndex) -> None:
        line: KwicLine = index.data(LINE_ROLE)
        painter.save()
        self.paint_ground(painter, option)
        rect = option.rect.adjusted(12, 0, -12, 0)
        if line.about:
            small = interface_font(11)
            about = QRect(rect.right() - ABOUT_PX, rect.top(), ABOUT_PX, rect.height())
            draw_line(painter, about, line.about, small, self.theme.dim, Qt.AlignmentFlag.AlignRight)
            rect.setRight(rect.right() - ABOUT_PX - 10)
        self._paint_words(painter, rect, line.span)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRect, span: SpanInContext) -> None:
        plain, bold = text_font(TEXT_PX), text_font(TEXT_PX)
        bold.setWeight(QFont.Weight.Bold)
        surface = one_line(span.surface)
        width = min(QFontMetrics(bold).horizontalAdvance(surface) + 2, int(rect.width() * MOST_SURFACE_SHARE))
        left = rect.left() + int(rect.width() * 0.4)
        gap_before = GAP_PX if span.before[-1:].isspace() else 1
        gap_after = GAP_PX if span.after[:1].isspace() else 1
        before = QRect(rect.left(), rect.top(), left - rect.left() - gap_before, rect.height())
        _draw_end(painter, before, one_line(span.before), plain, self.theme)
        draw_line(painter, QRect(left, rect.top(), width, rect.height()), surface, bold, self.theme.text)
        right = left + width + gap_after
        after = QRect(right, rect.top(), rect.right() - right, rect.height())
        draw_line(painter, after, one_line(span.after), plain, self.theme.dim)


def _draw_end(painter: QPainter, rect: QRect, text: str, font: QFont, theme: Theme) -> None:
    """The last words of ``text``, up to the right edge."""
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideLeft, rect.width())
    draw_line(painter, rect, shown, font, theme.dim, Qt.AlignmentFlag.AlignRight)


class KwicList(QListView):
    """A list of such lines."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.lines = KwicModel()
        self._delegate = KwicDelegate()
        self.setModel(self.lines)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)

    def show_lines(self, lines: Sequence[KwicLine]) -> None:
        """Show these lines."""
        self.lines.show(lines)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the lines."""
        self._delegate.theme = theme
        self.viewport().update()


def keys_for(names: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, str]:
    """A key for each of some labels by id: its own, else the first digit that none of the others has."""
    taken = {keys.get(one, "").upper() for one in names}
    free = iter([digit for digit in "123456789" if digit not in taken])
    return {one: keys.get(one, "") or next(free, "") for one in names}
