"""What the store gives and takes besides domain values. Frozen; rows of tables never leave the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.domain.codec import edit_from_plain
from annotator.domain.edits import Edit, Touched
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.text import Json


class EntryKind(StrEnum):
    """What a journal row records. Imports and taken suggestions are not undone by the annotator."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"
    SUGGEST = "suggest"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One line of a document list, as one annotator sees it. ``undecided``: suggestions left to decide."""

    key: int
    id: str
    title: str
    status: Status
    undecided: int
    spans: int
    length_chars: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A change to be written with its journal row. ``seq`` must be the set's last one plus one.

    ``operation``: the operation over many documents that it is a part of. ``is_migration``: the set only follows a
    change of the scheme; it still counts as last worked on when it was.
    """

    key: int
    annotator: str
    seq: int
    kind: EntryKind
    edit: Edit
    inverse: Edit
    undoes: int | None
    at: str
    view: Mapping[str, Json]
    before: AnnotatedDocument
    after: AnnotatedDocument
    touched: Touched
    operation: int | None = None
    is_migration: bool = False


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A journal row of ``annotator``'s set. The edits are decoded when asked for: a long history opens fast."""

    seq: int
    kind: EntryKind
    at: str
    undoes: int | None
    view: Mapping[str, Json]
    edit_json: str = field(repr=False)
    inverse_json: str = field(repr=False)
    operation: int | None = None
    annotator: str = ""

    @property
    def edit(self) -> Edit:
        """What was done."""
        return edit_from_plain(json.loads(self.edit_json))

    @property
    def inverse(self) -> Edit:
        """What takes it back."""
        return edit_from_plain(json.loads(self.inverse_json))


@dataclass(frozen=True, slots=True)
class Operation:
    """An edit of many documents at once, or of the scheme, that is undone as one. Its parts are journal rows.

    ``kind`` is EDIT, UNDO or REDO; the latter two name in ``undoes`` the operation that they take back or make again.
    ``scheme_before`` and ``scheme_after`` are versions of the scheme, when it was changed. ``id`` is 0 until written.
    """

    annotator: str
    title: str
    at: str
    kind: EntryKind = EntryKind.EDIT
    undoes: int | None = None
    scheme_before: int | None = None
    scheme_after: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What one undo takes back: an ``operation`` by its id, else the edit ``seq`` of a set on the document ``key``."""

    key: int = 0
    seq: int = 0
    operation: int | None = None


@dataclass(frozen=True, slots=True)
class ProjectStats:
    """Counts over the project. ``spans`` and ``by_label`` count decided spans of human annotators."""

    documents: int
    by_status: Mapping[str, int]
    spans: int
    by_label: Mapping[str, int]
    by_annotator: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong. ``repair`` says what a repair would do; empty when there is none."""

    where: str
    what: str
    repair: str = ""
