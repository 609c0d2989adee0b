"""Edits: every change to an annotation set is a value with an inverse.

`apply` is pure: it returns the changed document, the edit that takes the change back, and what was touched
(so that a canvas repaints only that and a store writes only that). Structural faults (outside the text,
unknown id) are raised here; what the label scheme allows is checked by `constraints.check_change`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypeAlias

from annotator.domain.errors import SpanOutsideText, UnknownSpan
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.rulings import Ruling
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Json


@dataclass(frozen=True, slots=True)
class AddSpan:
    """Add ``span``; its id must be new."""

    span: Span


@dataclass(frozen=True, slots=True)
class RemoveSpan:
    """Remove a span, and the relations that hang on it."""

    span_id: str


@dataclass(frozen=True, slots=True)
class ResizeSpan:
    """Move the edges of a span; its id, label and provenance stay. It counts as decided by this.

    Of a discontinuous span, the parts between the edges stay.
    """

    span_id: str
    start: int
    end: int
    decided: bool = True


@dataclass(frozen=True, slots=True)
class Reshape:
    """Give a span other parts, ``[start, end)`` in order; one part makes it contiguous."""

    span_id: str
    parts: tuple[tuple[int, int], ...]
    decided: bool = True


@dataclass(frozen=True, slots=True)
class Relabel:
    """Give a span another label (by id); its edges and provenance stay. It counts as decided by this."""

    span_id: str
    label: str
    decided: bool = True


@dataclass(frozen=True, slots=True)
class Decide:
    """Accept suggestions as they are (``decided`` true), or make them suggestions again."""

    span_ids: tuple[str, ...]
    decided: bool = True


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """Set one attribute of a span; None takes the attribute away."""

    span_id: str
    name: str
    value: Json = field(hash=False)


@dataclass(frozen=True, slots=True)
class SetSpanNote:
    """Set the note of a span (empty: none)."""

    span_id: str
    note: str


@dataclass(frozen=True, slots=True)
class AddRelation:
    """Add ``relation`` between two spans that exist; its id must be new."""

    relation: Relation


@dataclass(frozen=True, slots=True)
class RemoveRelation:
    """Remove a relation."""

    relation_id: str


@dataclass(frozen=True, slots=True)
class SetRelationAttribute:
    """Set one attribute of a relation; None takes the attribute away."""

    relation_id: str
    name: str
    value: Json = field(hash=False)


@dataclass(frozen=True, slots=True)
class SetCat:
    """Give the document a document label with a value (1.0 = given); None takes it away."""

    label: str
    value: float | None


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Set how far the annotator is with the document. ``reason``: why it is skipped or flagged, in words."""

    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetNote:
    """Set the note of the document (empty: none)."""

    note: str


@dataclass(frozen=True, slots=True)
class SetRuling:
    """Keep a ruling under its id, or (None) take it away."""

    ruling_id: str
    ruling: Ruling | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Several edits, applied in order, undone as one."""

    edits: tuple[Edit, ...]


Edit: TypeAlias = (
    AddSpan | RemoveSpan | ResizeSpan | Reshape | Relabel | Decide | SetAttribute | SetSpanNote
    | AddRelation | RemoveRelation | SetRelationAttribute | SetCat | SetStatus | SetNote
    | SetRuling | Batch
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Touched:
    """What an edit changed.

    ``ranges`` are the ``[start, end)`` before and after each change, in code points; the ids name what was
    put, changed or removed.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    span_ids: frozenset[str] = frozenset()
    relation_ids: frozenset[str] = frozenset()
    has_document_changes: bool = False
    ruling_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of `apply`: ``apply(applied.doc, applied.inverse).doc`` equals what was before."""

    doc: AnnotatedDocument
    inverse: Edit
    touched: Touched


def apply(doc: AnnotatedDocument, edit: Edit) -> Applied:
    """Apply ``edit`` to ``doc``. Raises `SpanOutsideText` or `UnknownSpan`; then nothing has changed."""
    draft = _Draft(doc)
    inverse = draft.perform(edit)
    return Applied(draft.finished(), inverse, draft.touched())


class _Draft:
    """A mutable working copy, so that a batch of 10,000 edits copies the document once."""

    def __init__(self, doc: AnnotatedDocument) -> None:
        self._doc = doc
        self._text_length = len(doc.document.text)
        self._changed: dict[str, Span | None] = {}
        self._relations = dict(doc.relations)
        self._cats = dict(doc.cats)
        self._rulings = dict(doc.rulings)
        self._status = doc.status
        self._reason = doc.status_reason
        self._note = doc.note
        self._ranges: list[tuple[int, int]] = []
        self._relation_ids: set[str] = set()
        self._ruling_ids: set[str] = set()
        self._has_document_changes = False

    def finished(self) -> AnnotatedDocument:
        spans = self._doc.spans
        if self._changed:
            put = [span for span in self._changed.values() if span is not None]
            gone = [span_id for span_id, span in self._changed.items() if span is None and span_id in spans]
            spans = spans.changed(put, gone)
        return replace(
            self._doc,
            spans=spans,
            relations=self._relations,
            cats=self._cats,
            status=self._status,
            status_reason=self._reason,
            note=self._note,
            rulings=self._rulings,
        )

    def touched(self) -> Touched:
        return Touched(
            tuple(self._ranges),
            frozenset(self._changed),
            frozenset(self._relation_ids),
            self._has_document_changes,
            frozenset(self._ruling_ids),
        )

    def perform(self, edit: Edit) -> Edit:
        """Carry out one edit and return its inverse."""
        match edit:
            case AddSpan(span):
                return self._add_span(span)
            case RemoveSpan(span_id):
                return self._remove_span(span_id)
            case ResizeSpan(span_id, start, end, decided):
                return self._resize(span_id, start, end, decided=decided)
            case Reshape(span_id, parts, decided):
                shape = shape_of(parts, where=self._doc.document.id)
                old = self._put(replace(self._span(span_id), **shape, decided=decided))
                return Reshape(span_id, old.parts, old.decided)
            case Relabel(span_id, label, decided):
                old = self._put(replace(self._span(span_id), label=label, decided=decided))
                return Relabel(span_id, old.label, old.decided)
            case Decide(span_ids, decided):
                return self._decide(span_ids, decided=decided)
            case SetAttribute(span_id, name, value):
                return self._set_attribute(span_id, name, value)
            case SetSpanNote(span_id, note):
                old = self._put(replace(self._span(span_id), note=note))
                return SetSpanNote(span_id, old.note)
            case Batch(edits):
                inverses = [self.perform(one) for one in edits]
                return Batch(tuple(reversed(inverses)))
            case _:
                return self._perform_on_document(edit)

    def _perform_on_document(self, edit: Edit) -> Edit:
        match edit:
            case AddRelation(relation):
                return self._add_relation(relation)
            case RemoveRelation(relation_id):
                return AddRelation(self._remove_relation(relation_id))
            case SetRelationAttribute(relation_id, name, value):
                return self._set_relation_attribute(relation_id, name, value)
            case SetCat(label, value):
                return self._set_cat(label, value)
            case SetStatus(status, reason):
                self._has_document_changes = True
                before = SetStatus(self._status, self._reason)
                self._status, self._reason = status, reason
                return before
            case SetNote(note):
                self._has_document_changes = True
                self._note, old_note = note, self._note
                return SetNote(old_note)
            case SetRuling(ruling_id, ruling):
                return self._set_ruling(ruling_id, ruling)
        raise TypeError(f"not an edit: {edit!r}")

    def _find(self, span_id: str) -> Span | None:
        if span_id in self._changed:
            return self._changed[span_id]
        return self._doc.spans.find(span_id)

    def _span(self, span_id: str) -> Span:
        span = self._find(span_id)
        if span is None:
            raise UnknownSpan(f"there is no span {span_id}", where=self._doc.document.id)
        return span

    def _put(self, span: Span) -> Span:
        """Replace the span of this id; returns the old one."""
        check_inside(span.start, span.end, self._text_length, where=self._doc.document.id)
        old = self._span(span.id)
        self._changed[span.id] = span
        self._ranges += [(old.start, old.end), (span.start, span.end)]
        return old

    def _add_span(self, span: Span) -> Edit:
        check_inside(span.start, span.end, self._text_length, where=self._doc.document.id)
        if self._find(span.id) is not None:
            raise UnknownSpan(f"there is already a span {span.id}", where=self._doc.document.id)
        self._changed[span.id] = span
        self._ranges.append((span.start, span.end))
        return RemoveSpan(span.id)

    def _remove_span(self, span_id: str) -> Edit:
        span = self._span(span_id)
        hanging = [relation for relation in self._relations.values() if span_id in (relation.head, relation.child)]
        for relation in hanging:
            self._remove_relation(relation.id)
        self._changed[span_id] = None
        self._ranges.append((span.start, span.end))
        if not hanging:
            return AddSpan(span)
        return Batch((AddSpan(span), *(AddRelation(relation) for relation in hanging)))

    def _resize(self, span_id: str, start: int, end: int, *, decided: bool) -> Edit:
        old = self._span(span_id)
        check_inside(start, end, self._text_length, where=self._doc.document.id)
        shape = shape_of(_cut_parts(old.parts, start, end), where=self._doc.document.id)
        self._put(replace(old, **shape, decided=decided))
        if old.fragments:
            return Reshape(span_id, old.parts, old.decided)
        return ResizeSpan(span_id, old.start, old.end, old.decided)

    def _decide(self, span_ids: Iterable[str], *, decided: bool) -> Edit:
        changing = tuple(span_id for span_id in span_ids if self._span(span_id).decided != decided)
        for span_id in changing:
            self._put(replace(self._span(span_id), decided=decided))
        return Decide(changing, not decided)

    def _set_attribute(self, span_id: str, name: str, value: Json) -> Edit:
        span = self._span(span_id)
        self._put(replace(span, attributes=_with_value(span.attributes, name, value)))
        return SetAttribute(span_id, name, span.attributes.get(name))

    def _set_relation_attribute(self, relation_id: str, name: str, value: Json) -> Edit:
        old = self._relation(relation_id)
        self._relations[relation_id] = replace(old, attributes=_with_value(old.attributes, name, value))
        self._relation_ids.add(relation_id)
        return SetRelationAttribute(relation_id, name, old.attributes.get(name))

    def _add_relation(self, relation: Relation) -> Edit:
        self._span(relation.head)
        self._span(relation.child)
        if relation.id in self._relations:
            raise UnknownSpan(f"there is already a relation {relation.id}", where=self._doc.document.id)
        self._relations[relation.id] = relation
        self._relation_ids.add(relation.id)
        return RemoveRelation(relation.id)

    def _remove_relation(self, relation_id: str) -> Relation:
        relation = self._relation(relation_id)
        del self._relations[relation_id]
        self._relation_ids.add(relation_id)
        return relation

    def _relation(self, relation_id: str) -> Relation:
        relation = self._relations.get(relation_id)
        if relation is None:
            raise UnknownSpan(f"there is no relation {relation_id}", where=self._doc.document.id)
        return relation

    def _set_cat(self, label: str, value: float | None) -> Edit:
        self._has_document_changes = True
        old = self._cats.pop(label, None)
        if value is not None:
            self._cats[label] = value
        return SetCat(label, old)

    def _set_ruling(self, ruling_id: str, ruling: Ruling | None) -> Edit:
        self._ruling_ids.add(ruling_id)
        old = self._rulings.pop(ruling_id, None)
        if ruling is not None:
            self._rulings[ruling_id] = ruling
        return SetRuling(ruling_id, old)


def _with_value(attributes: Mapping[str, Json], name: str, value: Json) -> dict[str, Json]:
    left = {key: held for key, held in attributes.items() if key != name}
    return left if value is None else left | {name: value}


def shape_of(parts: Sequence[tuple[int, int]], *, where: str) -> dict[str, Any]:
    """``start``, ``end`` and ``fragments`` of a span with these parts. Raises `SpanOutsideText` unless the parts are
    in order and do not touch.
    """
    if not parts or any(last >= first for (_, last), (first, _) in pairwise(parts)):
        raise SpanOutsideText("the parts of a span must be in order and not touch", where=where)
    if any(first >= last for first, last in parts):
        raise SpanOutsideText("a part of a span has at least one character", where=where)
    return {"start": parts[0][0], "end": parts[-1][1], "fragments": tuple(parts) if len(parts) > 1 else ()}


def _cut_parts(parts: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """``parts`` with ``start`` and ``end`` as the outer edges; parts that lie outside are gone."""
    kept = [[first, last] for first, last in parts if first < end and start < last] or [[start, end]]
    kept[0][0], kept[-1][1] = start, end
    return [(first, last) for first, last in kept]


def check_inside(start: int, end: int, text_length: int, *, where: str) -> None:
    """Raise `SpanOutsideText` unless ``0 <= start < end <= text_length`` (code points)."""
    if not 0 <= start < end <= text_length:
        raise SpanOutsideText(
            f"a span at {start}–{end} does not lie within the text of {text_length} characters",
            where=where,
            remedy="offsets are Unicode code points, end not included, and a span has at least one character",
        )
