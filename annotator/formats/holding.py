"""What of a document a format cannot hold, and what is left of the document then. Pure.

One rule for all formats: a writer says what it `Holds`; everything else is named here, thing by thing. With the losses
that the writer finds for its own sake (`Writer.losses`) that is all that is lost, and `what_is_left` is what must come
back. Scores and where a span came from are bookkeeping: that a format has no place for them stands in ``Writer.loses``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import DEFAULT_LAYER, Relation, Span, SpanSet
from annotator.domain.text import Json
from annotator.formats.shapes import Holds, Loss, LossKind, WriteOptions, Writer

CUTS_TOKEN = "it begins or ends inside a token"
EDGE_IS_WHITE = "it begins or ends with white space"
SHARES_TOKEN = "it shares a token with a longer span"
IS_IN_PARTS = "it is in parts that do not touch"
END_IS_LOST = "a span at one of its ends is not written"
NOT_HELD = "the format does not hold it"

_Lost = tuple[LossKind, str, str]


def losses_of(writer: Writer, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:
    """Everything of ``doc`` that ``writer`` does not write, in order of the document."""
    own = writer.losses(doc, scheme, options)
    gone = {loss.element for loss in own if loss.kind is LossKind.SPAN}
    left = [span for span in doc.spans if span.id not in gone]
    found = [*own, *_of_spans(writer.holds, doc, left, scheme), *_of_relations(writer.holds, doc, gone, own, scheme)]
    found += _of_document(writer.holds, doc, scheme)
    return sorted(found, key=lambda loss: (loss.start, loss.end, loss.kind, loss.label, loss.name))


def loss_of_span(
    doc: AnnotatedDocument,
    span: Span,
    scheme: LabelScheme,
    reason: str,
    kind: LossKind = LossKind.SPAN,
    name: str = "",
) -> Loss:
    """A span of ``doc``, or something of it, as a loss."""
    label = scheme.name_of(span.label, span.layer)
    return Loss(doc.document.id, span.start, span.end, label, reason, kind, name, span.id)


def loss_of_relation(
    doc: AnnotatedDocument,
    relation: Relation,
    scheme: LabelScheme,
    reason: str,
    kind: LossKind = LossKind.RELATION,
    name: str = "",
) -> Loss:
    """A relation of ``doc``, or an attribute of it, as a loss; it stands where its head is."""
    head = doc.spans.find(relation.head)
    start, end = (head.start, head.end) if head else (0, 0)
    label = next((one.name for one in scheme.relation_labels if one.id == relation.label), relation.label)
    return Loss(doc.document.id, start, end, label, reason, kind, name, relation.id)


def what_is_left(doc: AnnotatedDocument, holds: Holds, losses: Iterable[Loss]) -> AnnotatedDocument:
    """``doc`` as it is after writing and reading: without what was lost."""
    lost = {(loss.kind, loss.element, loss.name) for loss in losses}
    relations = {
        key: replace(one, attributes=_attributes_left(key, one.attributes, lost))
        for key, one in doc.relations.items()
        if (LossKind.RELATION, key, "") not in lost
    }
    return replace(
        doc,
        spans=SpanSet(_span_left(span, holds, lost) for span in doc.spans if (LossKind.SPAN, span.id, "") not in lost),
        relations=relations,
        cats={key: value for key, value in doc.cats.items() if (LossKind.DOCUMENT_LABEL, "", key) not in lost},
        note=doc.note if holds.document_note else "",
        status=doc.status if holds.status else Status.NEW,
        status_reason=doc.status_reason if holds.status else "",
    )


def _span_left(span: Span, holds: Holds, lost: set[_Lost]) -> Span:
    return replace(
        span,
        attributes=_attributes_left(span.id, span.attributes, lost),
        note="" if (LossKind.NOTE, span.id, "") in lost else span.note,
        score=span.score if holds.scores else None,
        fragments=() if (LossKind.FRAGMENTS, span.id, "") in lost else span.fragments,
        layer=DEFAULT_LAYER if (LossKind.LAYER, span.id, "") in lost else span.layer,
    )


def _attributes_left(element: str, attributes: Mapping[str, Json], lost: set[_Lost]) -> dict[str, Json]:
    return {name: value for name, value in attributes.items() if (LossKind.ATTRIBUTE, element, name) not in lost}


def _of_spans(holds: Holds, doc: AnnotatedDocument, spans: Iterable[Span], scheme: LabelScheme) -> Iterator[Loss]:
    for span in spans:
        if not holds.attributes:
            for name in span.attributes:
                yield loss_of_span(doc, span, scheme, NOT_HELD, LossKind.ATTRIBUTE, name)
        if span.note and not holds.notes:
            yield loss_of_span(doc, span, scheme, NOT_HELD, LossKind.NOTE)
        if span.layer != DEFAULT_LAYER and not holds.layers:
            yield loss_of_span(doc, span, scheme, "all spans are in one layer there", LossKind.LAYER)


def _of_relations(
    holds: Holds, doc: AnnotatedDocument, gone: set[str], own: Iterable[Loss], scheme: LabelScheme
) -> Iterator[Loss]:
    named = {loss.element for loss in own if loss.kind is LossKind.RELATION}
    for relation in doc.relations.values():
        if relation.id in named:
            continue
        if not holds.relations:
            yield loss_of_relation(doc, relation, scheme, NOT_HELD)
        elif relation.head in gone or relation.child in gone:
            yield loss_of_relation(doc, relation, scheme, END_IS_LOST)
        elif not holds.relation_attributes:
            for name in relation.attributes:
                yield loss_of_relation(doc, relation, scheme, NOT_HELD, LossKind.ATTRIBUTE, name)


def _of_document(holds: Holds, doc: AnnotatedDocument, scheme: LabelScheme) -> Iterator[Loss]:
    def lost(kind: LossKind, label: str = "", name: str = "") -> Loss:
        return Loss(doc.document.id, 0, len(doc.document.text), label, NOT_HELD, kind, name)

    if not holds.cats:
        names = {one.id: one.name for one in scheme.document_labels}
        for label in doc.cats:
            yield lost(LossKind.DOCUMENT_LABEL, names.get(label, label), label)
    if doc.note and not holds.document_note:
        yield lost(LossKind.DOCUMENT_NOTE)
    if doc.status_reason and not holds.status:
        yield lost(LossKind.STATUS)
