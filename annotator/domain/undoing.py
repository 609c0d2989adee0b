"""Taking back an edit that others came after: only what still is as the edit left it goes back. Pure."""

from __future__ import annotations

from dataclasses import replace

from annotator.domain.edits import (
    AddRelation,
    AddSpan,
    Batch,
    Decide,
    Edit,
    Relabel,
    RemoveRelation,
    RemoveSpan,
    Reshape,
    ResizeSpan,
    SetAttribute,
    SetCat,
    SetNote,
    SetRelationAttribute,
    SetRuling,
    SetSpanNote,
    SetStatus,
)
from annotator.domain.projects import AnnotatedDocument


def find_inverse_of_what_holds(
    doc: AnnotatedDocument, edit: Edit, inverse: Edit, *, went_on: bool = False
) -> Edit | None:
    """``inverse`` of ``edit``, without the parts that later edits of ``doc`` went over; None when nothing is left.

    ``inverse`` must be the one that `apply` gave for ``edit``. ``went_on``: there are later edits; then a status that
    came with others stays.
    """
    kept = _kept(doc, edit, inverse)
    if went_on and any(not isinstance(one, SetStatus) for one in kept):
        kept = [one for one in kept if not isinstance(one, SetStatus)]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else Batch(tuple(kept))


def _kept(doc: AnnotatedDocument, edit: Edit, inverse: Edit) -> list[Edit]:
    if isinstance(edit, Batch) and isinstance(inverse, Batch):
        parts = [(back, _kept(doc, one, back)) for one, back in zip(reversed(edit.edits), inverse.edits, strict=True)]
        # A status goes back only with all that brought it: who went on with the document is still at it.
        is_whole = all(kept for _, kept in parts)
        return [part for back, kept in parts for part in kept if is_whole or not isinstance(back, SetStatus)]
    return [_still_decided(doc, edit, inverse)] if _holds(doc, edit) else []


def _still_decided(doc: AnnotatedDocument, edit: Edit, inverse: Edit) -> Edit:
    """A label that goes back leaves a suggestion decided that was decided after ``edit``."""
    if isinstance(edit, Relabel) and isinstance(inverse, Relabel) and not edit.decided:
        held = doc.spans.find(edit.span_id)
        return replace(inverse, decided=inverse.decided or (held is not None and held.decided))
    return inverse


def _holds(doc: AnnotatedDocument, edit: Edit) -> bool:
    """Whether ``doc`` is, where ``edit`` changed it, as ``edit`` left it."""
    match edit:
        case AddSpan(span):
            return doc.spans.find(span.id) == span
        case RemoveSpan(span_id):
            return span_id not in doc.spans
        case AddRelation(relation):
            return doc.relations.get(relation.id) == relation
        case RemoveRelation(relation_id):
            return relation_id not in doc.relations
        case SetRelationAttribute(relation_id, name, value):
            return (held := doc.relations.get(relation_id)) is not None and held.attributes.get(name) == value
        case SetCat(label, value):
            return doc.cats.get(label) == value
        case SetStatus(status, reason):
            return (doc.status, doc.status_reason) == (status, reason)
        case SetNote(note):
            return doc.note == note
        case SetRuling(ruling_id, ruling):
            return doc.rulings.get(ruling_id) == ruling
        case _:
            return _span_holds(doc, edit)


def _span_holds(doc: AnnotatedDocument, edit: Edit) -> bool:
    match edit:
        case Decide(span_ids, decided):
            return all((held := doc.spans.find(one)) is not None and held.decided == decided for one in span_ids)
        case ResizeSpan(span_id, start, end, _):
            return (held := doc.spans.find(span_id)) is not None and (held.start, held.end) == (start, end)
        case Reshape(span_id, parts, _):
            return (held := doc.spans.find(span_id)) is not None and held.parts == parts
        case Relabel(span_id, label, _):
            return (held := doc.spans.find(span_id)) is not None and held.label == label
        case SetAttribute(span_id, name, value):
            return (held := doc.spans.find(span_id)) is not None and held.attributes.get(name) == value
        case SetSpanNote(span_id, note):
            return (held := doc.spans.find(span_id)) is not None and held.note == note
        case _:
            return False
