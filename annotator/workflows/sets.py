"""Annotation sets as workflows read and write them: suggestions taken over, each edit with its journal row."""

from __future__ import annotations

from dataclasses import replace

from annotator.domain.edits import AddSpan, Applied, Batch, Edit, SetStatus, apply
from annotator.domain.planting import with_plants
from annotator.domain.projects import GOLD, AnnotatedDocument
from annotator.domain.spans import SpanSet
from annotator.domain.text import SIMPLE_TOKENIZER, tokenize_simply
from annotator.store import EntryKind, NewEntry, Reader, UnitOfWork
from annotator.workflows import clock


def load_for_annotator(reader: Reader, key: int, annotator: str) -> tuple[AnnotatedDocument, bool]:
    """The annotator's set on a document; without one, the newest suggestions as if taken over (gold has none: it is
    decided from what people said).

    Returns the document and whether the suggestions still have to be written into the annotator's set.
    """
    suggested = None if annotator == GOLD or reader.has_set(key, annotator) else reader.suggestions(key)
    is_fresh = suggested is not None and len(suggested.spans) > 0
    if suggested is not None:
        seen = with_plants(list(suggested.spans), reader.plants().open_in(key, annotator))
        spans = SpanSet(replace(span, decided=False) for span in seen)
        doc = AnnotatedDocument(suggested.document, annotator, spans)
    else:
        doc = reader.load(key, annotator)
    if not len(doc.document.tokens) and doc.document.text:
        document = replace(doc.document, tokens=tokenize_simply(doc.document.text), tokenizer=SIMPLE_TOKENIZER)
        doc = replace(doc, document=document)
    return doc, is_fresh


def take_suggestions(doc: AnnotatedDocument) -> tuple[AnnotatedDocument, Applied]:
    """The edit that writes suggestions shown so far only into the set: (set before it, result)."""
    bare = replace(doc, spans=SpanSet())
    return bare, apply(bare, Batch(tuple(AddSpan(span) for span in doc.spans)))


def begun_set(unit: UnitOfWork, key: int, annotator: str) -> AnnotatedDocument:
    """The annotator's set on a document; one that is not begun takes the suggestions over first."""
    doc, is_fresh = load_for_annotator(unit, key, annotator)
    if not is_fresh:
        return doc
    before, applied = take_suggestions(doc)
    edit = Batch(tuple(AddSpan(span) for span in doc.spans))
    append(unit, key, before, edit, applied, kind=EntryKind.SUGGEST)
    return applied.doc


def append(
    unit: UnitOfWork,
    key: int,
    before: AnnotatedDocument,
    edit: Edit,
    applied: Applied | None = None,
    *,
    kind: EntryKind = EntryKind.EDIT,
    undoes: int | None = None,
    operation: int | None = None,
    is_migration: bool = False,
) -> AnnotatedDocument:
    """Apply ``edit`` (or take what it ``applied`` to) and write it; returns the changed document."""
    done = applied or apply(before, edit)
    unit.append(
        NewEntry(
            key=key,
            annotator=before.annotator,
            seq=unit.last_seq(key, before.annotator) + 1,
            kind=kind,
            edit=edit,
            inverse=done.inverse,
            undoes=undoes,
            at=clock.now(),
            view={},
            before=before,
            after=done.doc,
            touched=done.touched,
            operation=operation,
            is_migration=is_migration,
        )
    )
    return done.doc


def sets_status(edit: Edit) -> bool:
    """Whether ``edit`` says how far the annotator is with the document."""
    if isinstance(edit, Batch):
        return any(sets_status(one) for one in edit.edits)
    return isinstance(edit, SetStatus)
