"""Inconsistencies as rows of a list, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from annotator.domain.boundaries import Extension
from annotator.domain.inconsistencies import Entry, Kind
from annotator.domain.labels import LabelScheme
from annotator.ui.models import DETAIL_ROLE

Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole
KIND_WORDS = {
    Kind.LABELS: "Different labels",
    Kind.BOUNDARIES: "Different boundaries",
    Kind.TWINS: "Left without a label",
    Kind.EDGES: "Stray edges",
}
KIND_MEANINGS = {
    Kind.LABELS: "the same string has several labels",
    Kind.BOUNDARIES: "the article, a title, ’s or quotation marks are in some spans and beside others",
    Kind.TWINS: "words that have a label elsewhere",
    Kind.EDGES: "white space or punctuation at the edge of a span",
}
_EXTENSION_WORDS = {
    Extension.ARTICLE: "the article",
    Extension.TITLE: "a title",
    Extension.POSSESSIVE: "the ’s",
    Extension.QUOTES: "the quotation marks",
}
MOST_LABELS = 4


def extension_in_words(extension: Extension) -> str:
    """``the article``"""
    return _EXTENSION_WORDS[extension]


def detail(entry: Entry, scheme: LabelScheme) -> str:
    """What is inconsistent about an entry: ``41 GPE, 9 PERSON``."""
    if entry.kind is Kind.BOUNDARIES and entry.extension is not None:
        return f"{_EXTENSION_WORDS[entry.extension]}: {entry.inside:,} in, {entry.outside:,} left out"
    counts = [f"{count:,} {scheme.name_of(label, entry.layer)}" for label, count in entry.counts[:MOST_LABELS]]
    if (others := len(entry.counts) - MOST_LABELS) > 0:
        counts.append(f"{others} other{'' if others == 1 else 's'}")
    if entry.kind is Kind.TWINS:
        return f"{entry.unlabelled:,} without, {', '.join(counts)}"
    return ", ".join(counts)


class InboxModel(QAbstractListModel):
    """One row an entry."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []
        self._scheme = LabelScheme("none")

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries as shown."""
        return self._entries

    def show(self, entries: Iterable[Entry], scheme: LabelScheme) -> None:
        """Replace every row."""
        self.beginResetModel()
        self._entries = list(entries)
        self._scheme = scheme
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._entries):
            return None
        entry = self._entries[index.row()]
        words = entry.words if entry.kind is Kind.EDGES else " ".join(entry.words.split())
        if role == Qt.ItemDataRole.DisplayRole:
            return f"“{_visible(words)}”" if entry.kind is Kind.EDGES else words
        if role == DETAIL_ROLE:
            return detail(entry, self._scheme)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{_visible(words)}: {detail(entry, self._scheme)}"
        return entry if role == ENTRY_ROLE else None


def _visible(words: str) -> str:
    return words.replace("\n", "⏎").replace("\t", "⇥")
