"""A list of which each row has words and, below them, a dim second line."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QRect
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem

from annotator.ui.fonts import interface_font
from annotator.ui.models import DETAIL_ROLE
from annotator.ui.panels.delegates import Index, ThemedDelegate, draw_line
from annotator.ui.theme import Theme


class TwoLineList(QListView):
    """Shows a model that has `DETAIL_ROLE`; ``name`` is for those who hear it. One row can be chosen."""

    def __init__(self, model: QAbstractListModel, name: str) -> None:
        super().__init__()
        self._delegate = _TwoLineDelegate()
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def choose(self, row: int) -> None:
        """Choose one row, the last where there are not so many."""
        index = self.model().index(min(max(row, 0), self.model().rowCount() - 1), 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._delegate.theme = theme
        self.viewport().update()


class _TwoLineDelegate(ThemedDelegate):
    row_px = 44

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.paint_ground(painter, option)
        rect = option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        font = interface_font(13, QFont.Weight.DemiBold if is_chosen else QFont.Weight.Medium)
        width = rect.width() - 26
        draw_line(painter, QRect(rect.left() + 14, rect.top() + 4, width, 18), str(index.data()), font, self.theme.text)
        below = QRect(rect.left() + 14, rect.top() + 23, width, 16)
        draw_line(painter, below, str(index.data(DETAIL_ROLE)), interface_font(11), self.theme.dim)
        painter.restore()
