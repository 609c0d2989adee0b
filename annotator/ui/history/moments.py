"""The list of moments: what was done, when, and whether it was taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from annotator.ui.fonts import interface_font
from annotator.ui.panels.delegates import ThemedDelegate
from annotator.ui.theme import Theme
from annotator.workflows.history import SetHistory

Index = QModelIndex | QPersistentModelIndex
TIME_ROLE = Qt.ItemDataRole.UserRole
UNDONE_ROLE = Qt.ItemDataRole.UserRole + 1
FIRST = "The text without labels"


class MomentModel(QAbstractListModel):
    """One row a moment, the oldest first; row 0 is the set before its first edit."""

    def __init__(self) -> None:
        super().__init__()
        self._history: SetHistory | None = None
        self._rows = 0  # Qt's list asks for it twice a row

    def show(self, history: SetHistory | None) -> None:
        """Replace every row."""
        self.beginResetModel()
        self._history = history
        self._rows = history.last_moment + 1 if history is not None else 0
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else self._rows

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        history = self._history
        if history is None or not 0 <= index.row() <= history.last_moment:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return history.words_of(index.row()) if index.row() else FIRST
        if role == TIME_ROLE:
            return time_words(history, index.row())
        if role == UNDONE_ROLE:
            return bool(index.row()) and history.moments[index.row() - 1].is_undone
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{self.data(index)}, {time_words(history, index.row())}"
        return None


def time_words(history: SetHistory, moment: int) -> str:
    """When a moment was: ``14:03:12``, with the day for the first of each day; and that it was taken back."""
    if moment == 0:
        return "before the first edit"
    row = history.moments[moment - 1]
    is_first = moment == 1 or history.moments[moment - 2].at.date() != row.at.date()
    day = f"{row.at.day} {row.at:%B %Y}, " if is_first else ""
    return f"{day}{row.at:%H:%M:%S}" + (" · taken back later" if row.is_undone else "")


class MomentDelegate(ThemedDelegate):
    """What was done, and a dim line with the time; struck through what was taken back."""

    row_px = 42

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.paint_ground(painter, option)
        rect = option.rect.adjusted(16, 0, -12, 0)
        is_undone = bool(index.data(UNDONE_ROLE))
        font = interface_font(13, QFont.Weight.Medium if not is_undone else QFont.Weight.Normal)
        font.setStrikeOut(is_undone)
        colour = self.theme.dim if is_undone else self.theme.text
        _line(painter, QRect(rect.left(), rect.top() + 4, rect.width(), 18), str(index.data()), font, colour)
        below = QRect(rect.left(), rect.top() + 22, rect.width(), 16)
        _line(painter, below, str(index.data(TIME_ROLE)), interface_font(11), self.theme.dim)
        painter.restore()


class MomentList(QListView):
    """``moment_chosen`` carries the number of the moment."""

    moment_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.moments = MomentModel()
        self._delegate = MomentDelegate()
        self._is_quiet = False
        self.setModel(self.moments)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Moments, the oldest first")
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def show_history(self, history: SetHistory | None) -> None:
        """Show the moments of another set."""
        with self._quietly():
            self.moments.show(history)

    def set_moment(self, moment: int) -> None:
        """Choose a moment without telling."""
        if moment != self.currentIndex().row():
            with self._quietly():
                self.setCurrentIndex(self.moments.index(moment))

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._delegate.theme = theme
        self.viewport().update()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What is chosen meanwhile is not told."""
        self._is_quiet = True
        yield
        self._is_quiet = False

    def _on_current_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._is_quiet:
            self.moment_chosen.emit(current.row())


def _line(painter: QPainter, rect: QRect, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), elided)
