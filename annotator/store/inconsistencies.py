"""What the inbox of inconsistencies is found in: spans counted by SQL, and texts with spans."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from annotator.domain.inconsistencies import Counted, LabelledText
from annotator.store import sqlite_search
from annotator.store.tables import annotation_set, document, span


def count_spans(connection: Connection, annotator_id: int, *, with_suggestions: bool) -> list[Counted]:
    """The annotator's decided spans by words, layer and label; ``with_suggestions``: all spans that they see."""
    statement = (
        select(func.max(span.c.folded), func.max(span.c.surface), span.c.layer, span.c.label_id, func.count())
        .where(_counts(annotator_id, with_suggestions=with_suggestions))
        # One pass and a sort take half as long as jumping to each row in the order of the index on surface.
        .group_by(sqlite_search.unindexed(span.c.surface), span.c.layer, span.c.label_id)
    )
    if with_suggestions:
        statement = statement.join(document, document.c.id == span.c.document_id)
    return [Counted(*row) for row in connection.execute(statement)]


def seen_documents(connection: Connection, annotator_id: int, *, with_suggestions: bool) -> list[int]:
    """Keys of the documents in which the annotator has decided spans, or sees any, in order."""
    statement = (
        select(document.c.id)
        .outerjoin(annotation_set, _is_own_set(annotator_id))
        .where(_has_decided() if not with_suggestions else or_(_has_decided(), document.c.suggested_by.is_not(None)))
        .order_by(document.c.position)
    )
    return list(connection.execute(statement).scalars())


def labelled_texts(
    connection: Connection, annotator_id: int, keys: Sequence[int], *, with_suggestions: bool
) -> list[LabelledText]:
    """Some documents with the spans that the annotator sees; those count that `count_spans` counts."""
    statement = (
        select(
            document.c.id,
            document.c.text,
            func.coalesce(annotation_set.c.annotator_id, document.c.suggested_by),
            func.coalesce(_has_decided(), false()),
        )
        .outerjoin(annotation_set, _is_own_set(annotator_id))
        .where(document.c.id.in_(keys))
    )
    seen = {row[0]: row[1:] for row in connection.execute(statement)}
    spans: dict[int, dict[str, list[tuple[int, int, bool]]]] = {key: {} for key in keys}
    for whose in {annotator for _, annotator, _ in seen.values() if annotator is not None}:
        of_annotator = [key for key, (_, annotator, _) in seen.items() if annotator == whose]
        held = select(span.c.document_id, span.c.layer, span.c.start_char, span.c.end_char, span.c.is_decided).where(
            span.c.document_id.in_(of_annotator), span.c.annotator_id == whose
        )
        for key, layer, start, end, is_decided in connection.execute(held):
            spans[key].setdefault(layer, []).append((start, end, with_suggestions or is_decided))
    return [
        LabelledText(text, {layer: sorted(of) for layer, of in spans[key].items()}, bool(has_decided))
        for key, (text, _, has_decided) in seen.items()
    ]


def _is_own_set(annotator_id: int) -> ColumnElement[bool]:
    return and_(annotation_set.c.document_id == document.c.id, annotation_set.c.annotator_id == annotator_id)


def _has_decided() -> ColumnElement[bool]:
    return annotation_set.c.span_count > annotation_set.c.undecided_count


def _counts(annotator_id: int, *, with_suggestions: bool) -> ColumnElement[bool]:
    own = span.c.annotator_id == annotator_id
    if not with_suggestions:
        return and_(own, span.c.is_decided)
    begun = select(annotation_set.c.document_id).where(annotation_set.c.annotator_id == annotator_id)
    is_seen = and_(span.c.annotator_id == document.c.suggested_by, document.c.id.not_in(begun))
    return or_(own, is_seen)
