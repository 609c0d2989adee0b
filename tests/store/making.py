"""Projects and edits for the tests of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from annotator.domain.edits import AddRelation, AddSpan, Batch, Edit, SetCat, SetNote, SetStatus, apply
from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import DEFAULT_LAYER, Span
from annotator.domain.text import SIMPLE_TOKENIZER, Document, tokenize_simply
from annotator.store import EntryKind, NewEntry, ProjectStore
from tests.strategies import LABELS

SCHEME = LabelScheme("news", layers=(Layer(DEFAULT_LAYER, tuple(Label(name, name) for name in LABELS)),))
AT = "2026-01-01T12:00:00.000+00:00"
TEXT = "Ann met Bob in New York on 9 May."
ANN, BOB = Span("s1", 0, 3, "PERSON"), Span("s2", 8, 11, "PERSON")


def document(id_: str = "d1", text: str = TEXT, title: str = "") -> Document:
    return Document(id_, text, title=title, tokens=tokenize_simply(text), tokenizer=SIMPLE_TOKENIZER)


def make(path: Path, *documents: Document) -> ProjectStore:
    """A project with these documents; their keys count from 1."""
    store = ProjectStore.create(path, SCHEME, busy_timeout_s=0.05)
    with store.writing() as unit:
        for one in documents:
            unit.add_document(one)
    return store


def entry_for(before: AnnotatedDocument, edit: Edit, *, key: int = 1, seq: int = 1) -> NewEntry:
    applied = apply(before, edit)
    return NewEntry(
        key=key,
        annotator=before.annotator,
        seq=seq,
        kind=EntryKind.EDIT,
        edit=edit,
        inverse=applied.inverse,
        undoes=None,
        at=AT,
        view={"scroll": seq},
        before=before,
        after=applied.doc,
        touched=applied.touched,
    )


def entries_for(before: AnnotatedDocument, edits: Iterable[Edit], *, key: int = 1, first: int = 1) -> list[NewEntry]:
    """One journal entry an edit, each on the result of the one before."""
    entries: list[NewEntry] = []
    for seq, edit in enumerate(edits, first):
        entries.append(entry_for(before, edit, key=key, seq=seq))
        before = entries[-1].after
    return entries


def write(store: ProjectStore, before: AnnotatedDocument, *edits: Edit, key: int = 1) -> AnnotatedDocument:
    """Append edits, each in a transaction of its own; returns the result in memory."""
    with store.reading() as reader:
        first = reader.last_seq(key, before.annotator) + 1
    for entry in entries_for(before, edits, key=key, first=first):
        with store.writing() as unit:
            unit.append(entry)
        before = entry.after
    return before


def empty_set(of: Document | None = None, annotator: str = "alice") -> AnnotatedDocument:
    return AnnotatedDocument(document() if of is None else of, annotator)


def building_edit(doc: AnnotatedDocument) -> Edit:
    """The edit that makes ``doc`` of its bare document."""
    return Batch(
        (
            *(AddSpan(span) for span in doc.spans),
            *(AddRelation(relation) for relation in doc.relations.values()),
            *(SetCat(label, value) for label, value in doc.cats.items()),
            SetStatus(doc.status, doc.status_reason),
            SetNote(doc.note),
        )
    )


def bare(doc: AnnotatedDocument) -> AnnotatedDocument:
    return AnnotatedDocument(doc.document, doc.annotator)


def load(store: ProjectStore, key: int = 1, annotator: str = "alice") -> AnnotatedDocument:
    with store.reading() as reader:
        return reader.load(key, annotator)


def long_notes(count: int, length: int = 20_000) -> Sequence[Edit]:
    """Edits that need room on the disk."""
    return [SetNote(str(number).ljust(length, "x")) for number in range(count)]


def run_sql(path: Path, *statements: str) -> None:
    """Change a project behind its back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
