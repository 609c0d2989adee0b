"""What is asked of an import, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from annotator.domain.projects import AnnotatedDocument
from annotator.formats.shapes import Rejected, Remark, TableFound

FIRST_CHARS = 600


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """``sources``: files, folders, ``-`` for standard input. ``annotator``: whose labels these are.

    Without ``annotator``, a record's own annotator counts, else ``default_annotator``. ``labels``: names of the file
    that are others here; an empty one: what has it is left out. ``columns``: see `ReadOptions`. ``new_labels``: names
    that the scheme learns. ``is_remembered``: the names in ``labels`` become aliases, so that no import asks again.
    """

    sources: tuple[str, ...]
    format: str | None = None
    annotator: str | None = None
    default_annotator: str = "imported"
    newlines: Literal["keep", "lf"] = "keep"
    is_dry_run: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[tuple[str, str], ...] = ()
    new_labels: frozenset[str] = frozenset()
    is_remembered: bool = False


@dataclass(frozen=True, slots=True)
class FirstDocument:
    """The beginning of a document, to look at: its text and ``(start, end, label name)`` of the spans in it."""

    title: str
    annotator: str
    text: str
    spans: tuple[tuple[int, int, str], ...]

    @classmethod
    def of(cls, doc: AnnotatedDocument) -> FirstDocument:
        """The first `FIRST_CHARS` code points."""
        spans = tuple((one.start, one.end, one.label) for one in doc.spans.overlapping(0, FIRST_CHARS))
        document = doc.document
        return cls(document.display_title, doc.annotator, document.text[:FIRST_CHARS], spans)


@dataclass(slots=True)
class ImportReport:
    """Counts of records, every record that was not taken, with the reason, and what was taken but not as it stood.

    ``unknown_labels``: how many spans, relations and document labels have a name that the scheme does not know.
    ``first``: the first documents that were taken, to look at. ``new_ids``: the file of each new document by its id.
    ``table``: the columns of the first table.
    """

    accepted: int = 0
    duplicates: int = 0
    spans: int = 0
    suggestions: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unknown_labels: Counter[str] = field(default_factory=Counter)
    first: list[FirstDocument] = field(default_factory=list)
    new_ids: dict[str, str] = field(default_factory=dict)
    table: TableFound | None = None
