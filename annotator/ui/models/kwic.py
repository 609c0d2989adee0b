"""Places of the corpus as rows of a table: keyword in context, label, document, score; rows can be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import bidirectional

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from annotator.domain.hits import Hit
from annotator.domain.labels import LabelScheme
from annotator.ui.canvas.style import score_text

Index = QModelIndex | QPersistentModelIndex
HIT_ROLE = Qt.ItemDataRole.UserRole
CHECKED_ROLE = Qt.ItemDataRole.UserRole + 1
HUE_ROLE = Qt.ItemDataRole.UserRole + 2
PLACE, LABEL, DOCUMENT, SCORE = range(4)
COLUMNS = ("Place", "Label", "Document", "Score")
SPOKEN_CHARS = 60
_RIGHT_TO_LEFT, _STRONG = ("R", "AL"), ("L", "R", "AL")


class KwicModel(QAbstractTableModel):
    """One row a hit. ``checked_changed`` comes when other rows are checked."""

    checked_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._hits: list[Hit] = []
        self._checked: set[int] = set()
        self._scheme = LabelScheme("none")

    @property
    def hits(self) -> Sequence[Hit]:
        """The hits in order."""
        return self._hits

    @property
    def checked(self) -> list[Hit]:
        """The checked hits in order."""
        return [self._hits[row] for row in sorted(self._checked)]

    def show_scheme(self, scheme: LabelScheme) -> None:
        """The labels by whose names and colours hits are shown."""
        self._scheme = scheme
        if self._hits:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._hits) - 1, SCORE))

    def show(self, hits: Iterable[Hit]) -> None:
        """Replace every row; none is checked."""
        self.beginResetModel()
        self._hits = list(hits)
        self._checked.clear()
        self.endResetModel()
        self.checked_changed.emit()

    def append(self, hits: Sequence[Hit]) -> None:
        """More rows."""
        if hits:
            first = len(self._hits)
            self.beginInsertRows(QModelIndex(), first, first + len(hits) - 1)
            self._hits += hits
            self.endInsertRows()

    def renew(self, hits: Sequence[Hit]) -> None:
        """The same rows as they are now: nothing moves, checked rows stay checked."""
        for row, hit in enumerate(hits):
            if hit is not self._hits[row] and hit != self._hits[row]:
                self._hits[row] = hit
                self.dataChanged.emit(self.index(row, 0), self.index(row, SCORE))

    def toggle(self, row: int) -> None:
        """Check a row, or take the check away."""
        if 0 <= row < len(self._hits):
            self._checked ^= {row}
            self.dataChanged.emit(self.index(row, PLACE), self.index(row, PLACE))
            self.checked_changed.emit()

    def check_all(self, *, is_checked: bool = True) -> None:
        """Check every row, or none."""
        self._checked = set(range(len(self._hits))) if is_checked else set()
        if self._hits:
            self.dataChanged.emit(self.index(0, PLACE), self.index(len(self._hits) - 1, PLACE))
        self.checked_changed.emit()

    def label_in_words(self, hit: Hit) -> str:
        """What is said about a place: the label, the label around it, or nothing."""
        if hit.is_gone:
            return "removed"
        if hit.is_on_document:
            return "document"
        if hit.span_id:
            return self._scheme.name_of(hit.label_id, hit.layer)
        return f"in {self._scheme.name_of(hit.inside, hit.layer)}" if hit.inside else ""

    def in_words(self, row: int) -> str:
        """A row as it is read aloud."""
        hit = self._hits[row]
        place = " ".join(f"{hit.left[-SPOKEN_CHARS:]}{hit.text}{hit.right[:SPOKEN_CHARS]}".split())
        state = ("decided" if hit.is_decided else "suggested") if hit.span_id and not hit.is_gone else ""
        score = f"score {score_text(hit.score)}" if hit.score is not None else ""
        checked = "checked" if row in self._checked else ""
        note = f"note: {hit.note}" if hit.note else ""
        parts = (hit.text, self.label_in_words(hit) or "no label", state, score, checked, note, place, hit.title)
        return ", ".join(part for part in parts if part)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._hits)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_name = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return COLUMNS[section] if is_name else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._hits):
            return None
        hit = self._hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(hit, index.column())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.in_words(index.row()) if index.column() == PLACE else self._cell(hit, index.column())
        if role == HIT_ROLE:
            return hit
        if role == CHECKED_ROLE:
            return index.row() in self._checked
        return self._hue(hit) if role == HUE_ROLE else None

    def _cell(self, hit: Hit, column: int) -> str:
        if column == PLACE:
            return hit.text
        if column == LABEL:
            return self.label_in_words(hit)
        if column == DOCUMENT:
            return hit.title
        return "" if hit.score is None else score_text(hit.score)

    def _hue(self, hit: Hit) -> int:
        label = self._scheme.find_label(hit.label_id or hit.inside, hit.layer)
        return label.hue if label else 0


def is_right_to_left(hit: Hit) -> bool:
    """Whether the words of a hit, or else those around it, run from right to left."""
    kinds = (bidirectional(char) for char in f"{hit.text}{hit.right}{hit.left}")
    return next((kind for kind in kinds if kind in _STRONG), "L") in _RIGHT_TO_LEFT
