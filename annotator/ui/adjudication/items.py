"""The open disagreements as a list: the words, and below them what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent

from annotator.domain.labels import LabelScheme
from annotator.domain.rulings import DOCUMENT_LABELS, Said
from annotator.ui.models import DETAIL_ROLE
from annotator.ui.panels.delegates import Index
from annotator.ui.panels.two_line_list import TwoLineList
from annotator.workflows.adjudication_bench import Item

ITEM_ROLE = Qt.ItemDataRole.UserRole
NOTHING = "nothing"
_NAVIGATION = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)


def answer_in_words(answer: Sequence[Said], layer: str, scheme: LabelScheme) -> str:
    """What somebody says of a place: the labels, or that there is nothing."""
    if layer == DOCUMENT_LABELS:
        return "yes" if answer else "no"
    return " + ".join(scheme.name_of(one.label, layer) for one in answer) or NOTHING


class ItemModel(QAbstractListModel):
    """Items in order."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self._scheme = LabelScheme("")

    def show(self, items: Sequence[Item], scheme: LabelScheme) -> None:
        """Show other items."""
        self.beginResetModel()
        self.items, self._scheme = list(items), scheme
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == DETAIL_ROLE:
            return self._detail(item)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return words_of(item)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{words_of(item)}, {self._detail(item)}"
        return None

    def _detail(self, item: Item) -> str:
        layer = item.place.layer
        told = [answer_in_words(answer, layer, self._scheme) for answer in item.place.options]
        if len(set(told)) < len(told):
            told = [_with_words(item, answer, self._scheme) for answer in item.place.options]
        options = " / ".join(told)
        return (
            f"{options} · {item.case.state.value} · {item.document}"
            if item.case.stale
            else f"{options} · {item.document}"
        )


def words_of(item: Item) -> str:
    """What an item is about."""
    if item.place.layer == DOCUMENT_LABELS:
        label = next((one.label for one in item.place.union()), "")
        return f"Document label {label}".strip()
    return " ".join(item.surface.split())


def _with_words(item: Item, answer: Sequence[Said], scheme: LabelScheme) -> str:
    """An answer with the words of its spans, where labels alone do not tell answers apart."""
    by, layer = item.passage_start, item.place.layer
    words = [
        f"{scheme.name_of(one.label, layer)} “{' '.join(item.passage[one.start - by : one.end - by].split())}”"
        for one in answer
    ]
    return " + ".join(words) or NOTHING


class ItemList(TwoLineList):
    """One item is current. Keys that do not move in the list are left to the page."""

    current_changed = Signal()

    def __init__(self) -> None:
        self.model_of_items = ItemModel()
        super().__init__(self.model_of_items, "Disagreements")
        self.selectionModel().currentChanged.connect(lambda *_: self.current_changed.emit())

    @property
    def current(self) -> Item | None:
        """The item that is current."""
        found = self.currentIndex().data(ITEM_ROLE) if self.currentIndex().isValid() else None
        return found if isinstance(found, Item) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _NAVIGATION:
            super().keyPressEvent(event)
        else:
            event.ignore()
