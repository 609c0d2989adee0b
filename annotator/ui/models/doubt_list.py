"""The doubts of a document as rows of a list."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from annotator.domain.doubts import Doubt, Key
from annotator.domain.labels import LabelScheme
from annotator.ui.doubt_words import choices_in_words

Index = QModelIndex | QPersistentModelIndex
DOUBT_ROLE = Qt.ItemDataRole.UserRole
CHOICES_ROLE = Qt.ItemDataRole.UserRole + 1
MAX_SURFACE = 80


class DoubtListModel(QAbstractListModel):
    """One row a doubt, in document order: its text, and what it could be."""

    def __init__(self) -> None:
        super().__init__()
        self._doubts: tuple[Doubt, ...] = ()
        self._text = ""
        self._scheme = LabelScheme("none")

    def show(self, doubts: tuple[Doubt, ...], text: str, scheme: LabelScheme) -> None:
        """Replace every row; ``text`` is the article's."""
        self.beginResetModel()
        self._doubts, self._text, self._scheme = doubts, text, scheme
        self.endResetModel()

    def find_place(self, key: Key) -> int | None:
        """Where a doubt stands, or None."""
        at = bisect_left(self._doubts, key, key=lambda doubt: doubt.key)
        return at if at < len(self._doubts) and self._doubts[at].key == key else None

    def _surface(self, doubt: Doubt) -> str:
        return " ".join(self._text[doubt.start : doubt.end][:MAX_SURFACE].split())

    def _in_words(self, doubt: Doubt) -> str:
        return f"{self._surface(doubt)}, {doubt.kind}: {choices_in_words(doubt, self._scheme)}"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._doubts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._doubts):
            return None
        doubt = self._doubts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._surface(doubt)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._in_words(doubt)
        if role == CHOICES_ROLE:
            return choices_in_words(doubt, self._scheme)
        return doubt if role == DOUBT_ROLE else None
