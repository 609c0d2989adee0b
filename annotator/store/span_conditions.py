"""What a span, or an annotation set, must be to meet a condition of a query: SQL that is never NULL."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, Select, and_, false, func, literal_column, not_, or_, select, true

from annotator.domain.folding import fold
from annotator.domain.queries import DECIDED, LABELLED, SUGGESTION, UNLABELLED, Condition, Field, OneOf, ScoreRange
from annotator.store import sqlite_search
from annotator.store.tables import annotation_set, annotator, span

_NOTHING: ColumnElement[str] = literal_column("''")
"""Not a bound value: only then SQLite sees that the index of what has a note will do."""
_COLUMNS: dict[Field, ColumnElement[str]] = {
    Field.LABEL: span.c.label_id,
    Field.LAYER: span.c.layer,
    Field.TEXT: span.c.surface,
    Field.FOLDED: span.c.folded,
    Field.ORIGIN: span.c.origin,
}


def is_of_document(condition: Condition) -> bool:
    """Whether a condition is about the document, whatever spans it has."""
    return isinstance(condition, OneOf) and condition.field is Field.STATUS


def on_span(condition: Condition, annotator_id: int, *, may_use_index: bool = False) -> ColumnElement[bool]:
    """What a span must be. Never NULL, so that it can be turned round."""
    if isinstance(condition, ScoreRange):
        in_range = _in_range(condition)
        return in_range if may_use_index else func.coalesce(in_range, false())
    column = _COLUMNS.get(condition.field)
    if column is not None:
        values = [fold(one) for one in condition.values] if condition.field is Field.FOLDED else condition.values
        return (column if may_use_index else sqlite_search.unindexed(column)).in_(values)
    match condition.field:
        case Field.NOTE:
            return _has_note(span.c.note, condition)
        case Field.BY:
            return span.c.annotator_id.in_(named(condition))
        case _:
            return or_(*(_in_state(one, annotator_id) for one in condition.values))


def on_set(condition: OneOf) -> ColumnElement[bool]:
    """What an annotation set must be to meet a condition on notes or annotators by its own note."""
    if condition.field is Field.NOTE:
        return _has_note(annotation_set.c.note, condition)
    assert condition.field is Field.BY
    return annotation_set.c.annotator_id.in_(named(condition))


def on_status(condition: Condition, status: ColumnElement[str]) -> ColumnElement[bool]:
    """What the status of the annotator's set must be; without a set the document is new."""
    assert isinstance(condition, OneOf)
    return func.coalesce(status, "new").in_(condition.values)


def named(condition: OneOf) -> Select[int]:
    """The rows of the annotators with these names."""
    return select(annotator.c.id).where(annotator.c.name.in_(condition.values))


def _has_note(note: Column[str], condition: OneOf) -> ColumnElement[bool]:
    return and_(note != _NOTHING, or_(*(note.icontains(one, autoescape=True) for one in condition.values)))


def _in_state(state: str, annotator_id: int) -> ColumnElement[bool]:
    is_decided = and_(span.c.is_decided, sqlite_search.unindexed(span.c.annotator_id) == annotator_id)
    match state:
        case _ if state == SUGGESTION:
            return not_(is_decided)
        case _ if state == DECIDED:
            return is_decided
        case _:
            assert state in (LABELLED, UNLABELLED)
            return true() if state == LABELLED else false()


def _in_range(wanted: ScoreRange) -> ColumnElement[bool]:
    score = span.c.score
    above = score >= wanted.low if wanted.includes_low else score > wanted.low
    below = score <= wanted.high if wanted.includes_high else score < wanted.high
    return and_(above, below)
