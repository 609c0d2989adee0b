"""Where labels are carried: counts by annotator, the sets that carry one, and its spans with the words around them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, distinct, func, or_, select

from annotator.domain.label_groups import DOCUMENTS, RELATIONS, LabelGroup, LabelKind
from annotator.domain.projects import AnnotatorKind
from annotator.store.tables import annotation_set, annotator, document, relation, span

CONTEXT_CHARS = 60
"""So many code points are shown on each side of a span."""


@dataclass(frozen=True, slots=True)
class LabelUse:
    """How often one annotator (or pipeline) uses one label. ``undecided``: suggestions among the ``count``."""

    group: LabelGroup
    label_id: str
    annotator: str
    is_pipeline: bool
    count: int
    undecided: int
    documents: int


@dataclass(frozen=True, slots=True)
class SpanInContext:
    """A span with up to 60 code points of text on each side. ``key``: the document's key in the store."""

    key: int
    title: str
    span_id: str
    start: int
    end: int
    label_id: str
    before: str
    surface: str
    after: str
    folded: str
    is_decided: bool


def label_uses(connection: Connection) -> list[LabelUse]:
    """Every label that anything carries, by group, label and annotator."""
    return [*_span_uses(connection), *_relation_uses(connection), *_document_uses(connection)]


def _span_uses(connection: Connection) -> Iterator[LabelUse]:
    undecided = func.sum(case((span.c.is_decided, 0), else_=1))
    statement = (
        select(
            span.c.layer,
            span.c.label_id,
            annotator.c.name,
            annotator.c.kind,
            func.count(),
            undecided,
            func.count(distinct(span.c.document_id)),
        )
        .join(annotator, annotator.c.id == span.c.annotator_id)
        .group_by(span.c.layer, span.c.label_id, annotator.c.name, annotator.c.kind)
        .order_by(annotator.c.kind, annotator.c.name)
    )
    for layer, label_id, name, kind, count, open_, documents in connection.execute(statement):
        yield LabelUse(LabelGroup.of_layer(layer), label_id, name, _is_pipeline(kind), count, open_, documents)


def _relation_uses(connection: Connection) -> Iterator[LabelUse]:
    statement = (
        select(
            relation.c.label_id,
            annotator.c.name,
            annotator.c.kind,
            func.count(),
            func.count(distinct(relation.c.document_id)),
        )
        .join(annotator, annotator.c.id == relation.c.annotator_id)
        .group_by(relation.c.label_id, annotator.c.name, annotator.c.kind)
        .order_by(annotator.c.kind, annotator.c.name)
    )
    for label_id, name, kind, count, documents in connection.execute(statement):
        yield LabelUse(RELATIONS, label_id, name, _is_pipeline(kind), count, 0, documents)


def _document_uses(connection: Connection) -> list[LabelUse]:
    counts: dict[tuple[str, str, str], int] = {}
    for _, name, kind, cats in connection.execute(_sets_with_cats()):
        for label_id in cats:
            counts[label_id, name, kind] = counts.get((label_id, name, kind), 0) + 1
    return [
        LabelUse(DOCUMENTS, label_id, name, _is_pipeline(kind), count, 0, count)
        for (label_id, name, kind), count in sorted(counts.items(), key=lambda held: (held[0][2], held[0][1]))
    ]


def sets_with(connection: Connection, group: LabelGroup, label_ids: Collection[str]) -> list[tuple[int, str]]:
    """(document key, annotator) of every set in which something carries one of these labels."""
    if group.kind is LabelKind.DOCUMENT:
        found = connection.execute(_sets_with_cats())
        return [(key, name) for key, name, _, cats in found if not cats.keys().isdisjoint(label_ids)]
    of: Any = span if group.kind is LabelKind.SPAN else relation
    statement = (
        select(of.c.document_id, annotator.c.name)
        .join(annotator, annotator.c.id == of.c.annotator_id)
        .where(of.c.label_id.in_(list(label_ids)))
        .distinct()
        .order_by(of.c.document_id, annotator.c.name)
    )
    if group.kind is LabelKind.SPAN:
        statement = statement.where(span.c.layer == group.layer)
    return [(key, name) for key, name in connection.execute(statement)]


def spans_in_context(
    connection: Connection, annotator_id: int, layer: str, label_ids: Collection[str], limit: int | None = None
) -> list[SpanInContext]:
    """Spans with one of these labels as one annotator sees them, in document order.

    They are the annotator's own, and the newest suggestions of documents that they have not begun.
    """
    first = case((span.c.start_char > CONTEXT_CHARS, span.c.start_char - CONTEXT_CHARS), else_=0)
    statement = (
        select(
            document.c.id,
            document.c.display_title,
            span.c.span_id,
            span.c.start_char,
            span.c.end_char,
            span.c.label_id,
            func.substr(document.c.text, first + 1, span.c.start_char - first),
            span.c.surface,
            func.substr(document.c.text, span.c.end_char + 1, CONTEXT_CHARS),
            span.c.folded,
            span.c.is_decided,
        )
        .where(span.c.layer == layer, span.c.label_id.in_(list(label_ids)))
        .order_by(document.c.position, span.c.start_char, span.c.end_char)
        .limit(limit)
    )
    found = connection.execute(_seen_by(statement, annotator_id))
    return [SpanInContext(*row) for row in found]


def decided_as(
    connection: Connection, annotator_id: int, layer: str, label_ids: Collection[str]
) -> dict[str, dict[str, int]]:
    """How often an annotator has decided each string (folded) for each of these labels."""
    statement = (
        select(span.c.folded, span.c.label_id, func.count())
        .where(
            span.c.annotator_id == annotator_id,
            span.c.layer == layer,
            span.c.label_id.in_(list(label_ids)),
            span.c.is_decided,
        )
        .group_by(span.c.folded, span.c.label_id)
    )
    memory: dict[str, dict[str, int]] = {}
    for folded, label_id, count in connection.execute(statement):
        memory.setdefault(folded, {})[label_id] = count
    return memory


def attribute_count(connection: Connection, layer: str, name: str) -> int:
    """How many spans of a layer, or (``layer`` empty) relations, have a value of this attribute."""
    statement = select(span.c.attributes).where(span.c.layer == layer, span.c.attributes.is_not(None))
    if not layer:
        statement = select(relation.c.attributes).where(relation.c.attributes.is_not(None))
    return sum(name in attributes for attributes in connection.execute(statement).scalars())


def _seen_by(statement: Select[Any], annotator_id: int) -> Select[Any]:
    own = annotation_set.alias("own")
    is_mine: ColumnElement[bool] = span.c.annotator_id == annotator_id
    is_suggested = and_(span.c.annotator_id == document.c.suggested_by, own.c.document_id.is_(None))
    return (
        statement.select_from(span)
        .join(document, document.c.id == span.c.document_id)
        .outerjoin(own, and_(own.c.document_id == document.c.id, own.c.annotator_id == annotator_id))
        .where(or_(is_mine, is_suggested))
    )


def _sets_with_cats() -> Select[Any]:
    return (
        select(annotation_set.c.document_id, annotator.c.name, annotator.c.kind, annotation_set.c.cats)
        .join(annotator, annotator.c.id == annotation_set.c.annotator_id)
        .where(annotation_set.c.cats != {})
        .order_by(annotation_set.c.document_id, annotator.c.name)
    )


def _is_pipeline(kind: str) -> bool:
    return kind == AnnotatorKind.PIPELINE.value
