"""A whole annotation set as one edit of an empty one, and back: what an import writes into the journal. Pure."""

from __future__ import annotations

from annotator.domain.edits import (
    AddRelation,
    AddSpan,
    Batch,
    Edit,
    RemoveRelation,
    RemoveSpan,
    SetCat,
    SetNote,
    SetStatus,
    check_inside,
)
from annotator.domain.errors import UnknownSpan
from annotator.domain.projects import AnnotatedDocument, Status


def edit_that_makes(doc: AnnotatedDocument) -> Batch:
    """The edit that turns an empty set into this one; what `check_makeable` lets pass, `edits.apply` applies."""
    edits: list[Edit] = [AddSpan(span) for span in doc.spans]
    edits += [AddRelation(relation) for relation in doc.relations.values()]
    edits += [SetCat(label, value) for label, value in doc.cats.items()]
    if doc.note:
        edits.append(SetNote(doc.note))
    if doc.status is not Status.NEW:
        edits.append(SetStatus(doc.status, doc.status_reason))
    return Batch(tuple(edits))


def edit_that_unmakes(doc: AnnotatedDocument) -> Batch:
    """The inverse of `edit_that_makes`, as `edits.apply` would give it."""
    edits: list[Edit] = [SetStatus(Status.NEW)] if doc.status is not Status.NEW else []
    edits += [SetNote("")] if doc.note else []
    edits += [SetCat(label, None) for label in reversed(list(doc.cats))]
    edits += [RemoveRelation(relation_id) for relation_id in reversed(list(doc.relations))]
    edits += [RemoveSpan(span.id) for span in reversed(list(doc.spans))]
    return Batch(tuple(edits))


def check_makeable(doc: AnnotatedDocument) -> None:
    """Raise `SpanOutsideText` or `UnknownSpan` unless `edits.apply` would take `edit_that_makes`.

    Quicker than applying it: every import asks this of every document.
    """
    length, where = len(doc.document.text), doc.document.id
    for span in doc.spans:
        check_inside(span.start, span.end, length, where=where)
    for relation in doc.relations.values():
        for end in (relation.head, relation.child):
            if end not in doc.spans:
                raise UnknownSpan(f"there is no span {end}", where=where)
