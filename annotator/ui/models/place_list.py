"""The places that a label could go to, with a check mark each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import Status
from annotator.domain.propagation import Place, Standing
from annotator.ui.panels.context_line import squashed
from annotator.workflows.propagating import DocumentPlaces, PlaceInContext

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
CheckRole = Qt.ItemDataRole.CheckStateRole


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place: where it is, and what is there."""

    key: int
    title: str
    held: PlaceInContext

    @property
    def place(self) -> Place:
        """The place itself."""
        return self.held.place

    @property
    def id(self) -> tuple[int, int, int]:
        """What tells it from all others."""
        return self.key, self.place.start, self.place.end


class PlaceListModel(QAbstractListModel):
    """Places in the order they were found. What a person checked stays so when the rules change.

    ``checks_changed``: another number of places is checked.
    """

    checks_changed = Signal()

    def __init__(self, scheme: LabelScheme) -> None:
        super().__init__()
        self._scheme = scheme
        self.rows: list[PlaceRow] = []
        self.same = 0
        self._done: set[int] = set()
        self._chosen: dict[tuple[int, int, int], bool] = {}
        self._checked = 0

    @property
    def checked(self) -> int:
        """How many places are checked."""
        return self._checked

    @property
    def is_all_checked(self) -> bool:
        """Whether every place that may be checked is."""
        return self._checked == sum(row.place.is_allowed for row in self.rows)

    @property
    def reopened(self) -> int:
        """How many documents that are done would get suggestions."""
        return len({row.key for row in self.rows if row.key in self._done and self.is_checked(row)})

    @property
    def done(self) -> frozenset[int]:
        """Keys of the documents that are done, among those with places."""
        return frozenset(self._done)

    def clear(self) -> None:
        """Take every row away; what was checked by hand is remembered."""
        self.beginResetModel()
        self.rows, self.same, self._checked = [], 0, 0
        self._done.clear()
        self.endResetModel()

    def add(self, found: Iterable[DocumentPlaces]) -> None:
        """Add the places of some documents."""
        added: list[PlaceRow] = []
        for document in found:
            self.same += document.same
            if document.status is Status.DONE and not document.is_open:
                self._done.add(document.key)
            added += [PlaceRow(document.key, document.title, held) for held in document.places]
        if added:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(added) - 1)
            self.rows += added
            self._checked += sum(self.is_checked(row) for row in added)
            self.endInsertRows()
        self.checks_changed.emit()

    def is_checked(self, row: PlaceRow) -> bool:
        """Whether this place is to get the label."""
        return row.place.is_allowed and self._chosen.get(row.id, row.place.standing is Standing.FREE)

    def toggle(self, number: int) -> None:
        """Check the place, or not any more."""
        if 0 <= number < len(self.rows) and self.rows[number].place.is_allowed:
            self._put(range(number, number + 1), is_checked=not self.is_checked(self.rows[number]))

    def check_all(self, *, is_checked: bool) -> None:
        """Check every place that may be checked, or none."""
        self._put(range(len(self.rows)), is_checked=is_checked)

    def chosen(self) -> dict[int, list[Place]]:
        """The places that are checked, by document."""
        found: dict[int, list[Place]] = {}
        for row in self.rows:
            if self.is_checked(row):
                found.setdefault(row.key, []).append(row.place)
        return found

    def label_of(self, row: PlaceRow) -> tuple[str, int | None, bool]:
        """What is at the place: in words, its hue, and whether that is decided."""
        held = row.place.held
        if held is None:
            return "", None, True
        label = self._scheme.find_label(held.label, held.layer)
        name = label.name if label else held.label
        verb = "has" if row.place.standing is Standing.OTHER else "crosses"
        return f"{verb} {name}", label.hue if label else 0, held.decided

    def in_words(self, row: PlaceRow) -> str:
        """A row as it is read aloud."""
        state = "checked" if self.is_checked(row) else "not checked" if row.place.is_allowed else "not possible"
        context = squashed(f"{row.held.before[-40:]}{row.held.words}{row.held.after[:40]}")
        return ", ".join(filter(None, (context, self.label_of(row)[0], row.title, state)))

    def _put(self, numbers: range, *, is_checked: bool) -> None:
        for number in numbers:
            row = self.rows[number]
            self._checked += (is_checked and row.place.is_allowed) - self.is_checked(row)
            self._chosen[row.id] = is_checked
        if numbers:
            self.dataChanged.emit(self.index(numbers[0]), self.index(numbers[-1]))
        self.checks_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        is_checkable = index.isValid() and self.rows[index.row()].place.is_allowed
        return base | Qt.ItemFlag.ItemIsUserCheckable if is_checkable else base

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == CheckRole:
            return Qt.CheckState.Checked if self.is_checked(row) else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.in_words(row)
        return None

    def setData(self, index: Index, _value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != CheckRole or not index.isValid():
            return False
        self.toggle(index.row())
        return True
