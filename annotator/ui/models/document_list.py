"""The documents of a project as rows of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from annotator.domain.projects import Status
from annotator.ui.doubt_words import count_in_words
from annotator.workflows.project import DocumentRow

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
LINE_ROLE = Qt.ItemDataRole.UserRole + 1


def second_line(row: DocumentRow, doubts: int | None = None) -> str:
    """What stands under a title: ``in progress · 3 doubts``, or how much is to decide where doubts are not known."""
    left = f"{row.undecided} to decide" if row.undecided else ""
    left = left if doubts is None else count_in_words(doubts)
    if row.status is Status.NEW:
        return left or "new"
    return f"{row.status.value} · {left}" if left and row.status is Status.IN_PROGRESS else row.status.value


class DocumentListModel(QAbstractListModel):
    """One row a document; the row itself is under `ROW_ROLE`."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[DocumentRow] = []
        self._places: dict[int, int] = {}
        self._doubts: dict[int, int] = {}

    @property
    def rows(self) -> Sequence[DocumentRow]:
        """The rows as shown."""
        return self._rows

    def show(self, rows: Sequence[DocumentRow]) -> None:
        """Replace every row."""
        self.beginResetModel()
        self._rows = list(rows)
        self._places = {row.key: place for place, row in enumerate(self._rows)}
        self.endResetModel()

    def put(self, row: DocumentRow) -> None:
        """Replace the row of one document, if it is shown."""
        place = self._places.get(row.key)
        if place is not None and self._rows[place] != row:
            self._rows[place] = row
            self.dataChanged.emit(self.index(place), self.index(place))

    def put_doubts(self, key: int, count: int) -> None:
        """How many doubts one document has; kept until `forget_doubts`."""
        if self._doubts.get(key) != count:
            self._doubts[key] = count
            if (place := self._places.get(key)) is not None:
                self.dataChanged.emit(self.index(place), self.index(place))

    def forget_doubts(self) -> None:
        """Another project: keys mean other documents now."""
        self._doubts.clear()

    def find_place(self, key: int) -> int | None:
        """Where a document stands, or None when it is not shown."""
        return self._places.get(key)

    def find_row(self, key: int) -> DocumentRow | None:
        """The row of a document, or None when it is not shown."""
        place = self._places.get(key)
        return None if place is None else self._rows[place]

    def _second_line(self, row: DocumentRow) -> str:
        return second_line(row, self._doubts.get(row.key))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.title}\n{row.id} · {self._second_line(row)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}, {self._second_line(row)}"
        if role == LINE_ROLE:
            return self._second_line(row)
        return row if role == ROW_ROLE else None
