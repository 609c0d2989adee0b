"""What a pipeline considered in a document besides what it suggests, and whether the annotator has seen that."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, func, select, update

from annotator.domain.alternatives import Alternative, alternatives_from_plain, alternatives_to_plain
from annotator.store.tables import annotation_set, document, journal, span
from annotator.store.values import EntryKind


def _by_newest(key: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    newest = select(document.c.suggested_by).where(document.c.id == key).scalar_subquery()
    return (annotation_set.c.document_id == key, annotation_set.c.annotator_id == newest)


def put_alternatives(connection: Connection, key: int, annotator_id: int, added: Iterable[Alternative]) -> None:
    """Keep what a pipeline nearly said beside its set."""
    connection.execute(
        update(annotation_set)
        .where(annotation_set.c.document_id == key, annotation_set.c.annotator_id == annotator_id)
        .values(alternatives=alternatives_to_plain(added) or None)
    )


def alternatives(connection: Connection, key: int) -> tuple[Alternative, ...]:
    """What the newest pipeline nearly said of a document."""
    plain = connection.execute(select(annotation_set.c.alternatives).where(*_by_newest(key))).scalar_one_or_none()
    return alternatives_from_plain(plain)


def suggested(connection: Connection, key: int) -> tuple[Alternative, ...]:
    """What the newest pipeline suggests for a document, in the same form; a suggestion without a score has 1.0."""
    columns = (span.c.start_char, span.c.end_char, span.c.label_id, func.coalesce(span.c.score, 1.0), span.c.layer)
    statement = (
        select(*columns)
        .join(document, document.c.id == span.c.document_id)
        .where(span.c.document_id == key, span.c.annotator_id == document.c.suggested_by)
    )
    return tuple(Alternative(*row) for row in connection.execute(statement))


def has_taken_suggestions(connection: Connection, key: int, annotator_id: int) -> bool:
    """Whether the annotator's set began with suggestions."""
    taken = select(journal.c.id).where(
        journal.c.document_id == key,
        journal.c.annotator_id == annotator_id,
        journal.c.kind == EntryKind.SUGGEST.value,
    )
    return connection.execute(taken.limit(1)).first() is not None
