"""A scheme as rows of a list: each section with its labels or attributes, with keys and counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from annotator.domain.label_groups import DOCUMENTS, RELATIONS, LabelGroup, LabelKind
from annotator.domain.labels import Attribute, AttributeKind, Label, LabelScheme
from annotator.workflows.scheme_editing import LabelUse

Index = QModelIndex | QPersistentModelIndex
Counts = Mapping[tuple[LabelGroup, str], int]
SCHEME_ROW_ROLE = Qt.ItemDataRole.UserRole
KIND_WORDS = {
    AttributeKind.CHOICE: "one of a list",
    AttributeKind.FLAG: "yes or nothing",
    AttributeKind.TEXT: "any text",
}


class RowKind(Enum):
    """What a row stands for. The first five are sections."""

    SCHEME = "scheme"
    LAYER = "layer"
    ATTRIBUTES = "attributes"
    RELATIONS = "relations"
    DOCUMENTS = "documents"
    LABEL = "label"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """One row. ``id``: a label's id, an attribute's or a layer's name. ``about`` stands dim on the right."""

    kind: RowKind
    text: str
    group: LabelGroup = RELATIONS
    id: str = ""
    hue: int = 0
    key: str = ""
    about: str = ""
    is_split: bool = False

    @property
    def is_section(self) -> bool:
        """Whether the row heads others."""
        return self.kind not in (RowKind.LABEL, RowKind.ATTRIBUTE)

    @property
    def place(self) -> tuple[RowKind, LabelGroup, str]:
        """What stays the same when the row is shown anew."""
        return (self.kind, self.group, self.id)

    @property
    def in_words(self) -> str:
        """The row as it is read aloud."""
        if self.kind is RowKind.LABEL:
            parts = [self.text, f"key {self.key}" if self.key else "", _counted(self), "split" if self.is_split else ""]
            return ", ".join(part for part in parts if part)
        return f"{self.text}, {self.about}" if self.about else self.text


def rows_of(scheme: LabelScheme, counts: Counts | None) -> list[SchemeRow]:
    """Every section with what belongs to it. ``counts``: uses by label; None while they are not known."""
    return list(_rows(scheme, counts))


def human_counts(uses: Iterable[LabelUse]) -> dict[tuple[LabelGroup, str], int]:
    """How often people use each label; what only pipelines say is not counted."""
    counts: dict[tuple[LabelGroup, str], int] = {}
    for use in uses:
        if not use.is_pipeline:
            counts[use.group, use.label_id] = counts.get((use.group, use.label_id), 0) + use.count
    return counts


def _rows(scheme: LabelScheme, counts: Counts | None) -> Iterator[SchemeRow]:
    yield SchemeRow(RowKind.SCHEME, scheme.title or scheme.name)
    for layer in scheme.layers:
        group = LabelGroup.of_layer(layer.name)
        yield SchemeRow(RowKind.LAYER, f"Layer {layer.name}", group, layer.name)
        yield from (_label_row(label, group, counts) for label in layer.labels)
        yield SchemeRow(RowKind.ATTRIBUTES, f"Attributes of {layer.name}", group, layer.name)
        yield from (_attribute_row(attribute, group) for attribute in layer.attributes)
    yield SchemeRow(RowKind.RELATIONS, "Relations", RELATIONS)
    yield from (_label_row(label, RELATIONS, counts) for label in scheme.relation_labels)
    if scheme.relation_labels or scheme.relation_attributes:
        yield SchemeRow(RowKind.ATTRIBUTES, "Attributes of relations", RELATIONS)
        yield from (_attribute_row(attribute, RELATIONS) for attribute in scheme.relation_attributes)
    yield SchemeRow(RowKind.DOCUMENTS, "Document labels", DOCUMENTS)
    yield from (_label_row(label, DOCUMENTS, counts) for label in scheme.document_labels)


def _label_row(label: Label, group: LabelGroup, counts: Counts | None) -> SchemeRow:
    about = f"{counts.get((group, label.id), 0):,}" if counts is not None else ""
    return SchemeRow(RowKind.LABEL, label.name, group, label.id, label.hue, label.key, about, bool(label.split_into))


def _attribute_row(attribute: Attribute, group: LabelGroup) -> SchemeRow:
    return SchemeRow(RowKind.ATTRIBUTE, attribute.name, group, attribute.name, about=KIND_WORDS[attribute.kind])


_UNITS = {LabelKind.SPAN: "spans", LabelKind.RELATION: "relations", LabelKind.DOCUMENT: "documents"}


def _counted(row: SchemeRow) -> str:
    return f"{row.about} {_UNITS[row.group.kind]}" if row.about else ""


class SchemeListModel(QAbstractListModel):
    """The rows. Counts may follow later: rows keep their places."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[SchemeRow] = ()

    def show(self, rows: Sequence[SchemeRow]) -> None:
        """Show these rows; when only counts and names changed, nothing is selected anew."""
        if [row.place for row in rows] == [row.place for row in self.rows]:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def find(self, place: tuple[RowKind, LabelGroup, str]) -> int | None:
        """Where the row with this place stands, or None."""
        return next((number for number, row in enumerate(self.rows) if row.place == place), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row.in_words
        return row if role == SCHEME_ROW_ROLE else None
