"""The entries of the inbox as a list, and what stands in place of their places when there are none."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QRect, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.inconsistencies import Entry, Kind
from annotator.ui.fonts import interface_font
from annotator.ui.models.inbox import DETAIL_ROLE, ENTRY_ROLE, KIND_MEANINGS, KIND_WORDS, InboxModel
from annotator.ui.panels.delegates import Index, ThemedDelegate, draw_line
from annotator.ui.theme import Theme

WORDS_PX = 460


class EntryList(QListView):
    """The entries of one kind. Enter goes to the places, Ctrl+Enter corrects, K keeps as it is, Left and Right change
    the kind, Ctrl+A and Shift choose several.
    """

    chosen_changed = Signal()
    kind_stepped = Signal(int)
    opened = Signal()
    fix_requested = Signal()
    right_requested = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.entries = InboxModel()
        self._delegate = _EntryDelegate()
        self.setModel(self.entries)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Inconsistencies")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())

    @property
    def chosen(self) -> list[Entry]:
        """The chosen entries in order."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [index.data(ENTRY_ROLE) for index in rows]

    def choose(self, row: int) -> None:
        """Choose one entry."""
        index = self.entries.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._delegate.theme = theme
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_plain = Qt.Key(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.opened if is_plain else self.fix_requested).emit()
        elif is_plain and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.kind_stepped.emit(-1 if key == Qt.Key.Key_Left else 1)
        elif is_plain and key == Qt.Key.Key_K:
            self.right_requested.emit()
        elif is_plain and key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """No search by letters: they may come to mean something."""


class _EntryDelegate(ThemedDelegate):
    """The words, and below them what is inconsistent."""

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


class InboxEmpty(QWidget):
    """What stands in place of the places when there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.words = QLabel("What contradicts itself is gathered here"), QLabel(wordWrap=True)
        self.title.setProperty("heading", True)
        self.words.setProperty("dim", True)
        self.words.setFixedWidth(WORDS_PX)
        meanings = "".join(f"<p><b>{KIND_WORDS[kind]}</b>: {KIND_MEANINGS[kind]}</p>" for kind in Kind)
        self.words.setText(
            f"<p>The spans that you have decided are compared over the whole corpus:</p>{meanings}"
            "<p>Correct one or many at once, or say that it is right so.</p>"
        )
        column = QVBoxLayout(self)
        column.addStretch(2)
        for part in (self.title, self.words):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(part)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(3)

    def show_nothing(self, kind: str, meaning: str) -> None:
        """There is nothing of a kind."""
        self.title.setText(f"{kind}: none")
        self.words.setText(f"In what you have decided so far there is nothing of this kind ({meaning}).")
