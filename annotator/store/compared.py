"""What several annotators said about the same documents, as plain rows in the order of documents, on one snapshot.

No document's text and no domain object is made. Which of the rows count is decided by `annotator.workflows.agreeing`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from annotator.domain.codec import parts_from_plain
from annotator.domain.projects import AnnotatorKind, Status
from annotator.domain.text import NO_META, Json
from annotator.store import rows
from annotator.store.tables import annotation_set, annotator, document, span, tokenization

KEYS_AT_ONCE = 900
"""SQLite takes at least 999 bound values in one statement."""


@dataclass(frozen=True, slots=True)
class ComparedSet:
    """One annotator's set on one document. ``at``: when it was last written, ISO 8601 in UTC."""

    key: int
    annotator: str
    is_pipeline: bool
    status: Status
    at: str
    cats: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComparedDocument:
    """A document that somebody has a set on. ``length`` in code points."""

    key: int
    id: str
    length: int


@dataclass(frozen=True, slots=True)
class ComparedSpan:
    """One span, offsets in code points; ``parts`` only for one in several pieces."""

    key: int
    annotator: str
    start: int
    end: int
    label_id: str
    is_decided: bool
    parts: tuple[tuple[int, int], ...] = ()
    attributes: Mapping[str, Json] = field(default_factory=lambda: NO_META)


class Compared:
    """Reads what annotators said, to be compared; part of a `Reader`, on its snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sets(self) -> list[ComparedSet]:
        """Every set of the project, by document and annotator."""
        held = annotation_set.c
        statement = (
            select(held.document_id, annotator.c.name, annotator.c.kind, held.status, held.updated_at, held.cats)
            .join(annotator, annotator.c.id == held.annotator_id)
            .join(document, document.c.id == held.document_id)
            .order_by(document.c.position, annotator.c.name)
        )
        statuses = {status.value: status for status in Status}
        pipeline = AnnotatorKind.PIPELINE.value
        return [
            ComparedSet(key, name, kind == pipeline, statuses[status], at, cats)
            for key, name, kind, status, at, cats in self._connection.execute(statement)
        ]

    def documents(self, keys: Collection[int]) -> list[ComparedDocument]:
        """These documents, in the order of the project."""
        held = document.c
        statement = select(held.id, held.external_id, held.length_chars).order_by(held.position)
        return [ComparedDocument(*row) for row in self._connection.execute(statement) if row.id in keys]

    def spans(self, names: Collection[str], layer: str) -> Iterator[ComparedSpan]:
        """The spans of these annotators on one layer, in no order."""
        held = span.c
        statement = (
            select(
                held.document_id, annotator.c.name, held.start_char, held.end_char, held.label_id, held.is_decided,
                held.fragments, held.attributes,
            )
            .join(annotator, annotator.c.id == held.annotator_id)
            .where(annotator.c.name.in_(list(names)), held.layer == layer)
        )  # fmt: skip
        for key, name, start, end, label_id, is_decided, fragments, attributes in self._connection.execute(statement):
            parts = parts_from_plain(fragments) if fragments else ()
            yield ComparedSpan(key, name, start, end, label_id, is_decided, parts, attributes or NO_META)

    def spans_by_layer(self, names: Collection[str]) -> dict[str, int]:
        """How many spans these annotators have on each layer."""
        statement = (
            select(span.c.layer, func.count())
            .join(annotator, annotator.c.id == span.c.annotator_id)
            .where(annotator.c.name.in_(list(names)))
            .group_by(span.c.layer)
        )
        return {row.layer: row[1] for row in self._connection.execute(statement)}

    def token_offsets(self, keys: Sequence[int]) -> Iterator[tuple[int, Sequence[int], Sequence[int]]]:
        """(document key, starts, ends) of the stored tokens, in code points; not of documents without any."""
        held = tokenization.c
        for first in range(0, len(keys), KEYS_AT_ONCE):
            wanted = list(keys[first : first + KEYS_AT_ONCE])
            found = select(held.document_id, held.starts, held.ends).where(held.document_id.in_(wanted))
            for row in self._connection.execute(found):
                yield row.document_id, rows.unpack(row.starts), rows.unpack(row.ends)
