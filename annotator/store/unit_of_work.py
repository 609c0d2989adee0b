"""`UnitOfWork`: everything that can be written to a project, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from annotator.domain.alternatives import Alternative
from annotator.domain.codec import edit_to_plain
from annotator.domain.edits import AddSpan, Batch, RemoveSpan, apply
from annotator.domain.guidelines import Pin
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, Annotator, AnnotatorKind
from annotator.domain.scheme_plain import scheme_to_plain
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, Tokens
from annotator.store import considered, dismissals, guidelines, operations, rows
from annotator.store.bulk import NewDocuments
from annotator.store.errors import DuplicateDocument, StaleSet
from annotator.store.reader import Reader
from annotator.store.tables import (
    annotation_set,
    annotator,
    document,
    dump_json,
    journal,
    relation,
    ruling,
    scheme,
    span,
    tokenization,
)
from annotator.store.team import TeamChanges
from annotator.store.values import EntryKind, NewEntry, Operation


class UnitOfWork(Reader):
    """Writes inside one transaction that `ProjectStore.writing` commits."""

    def save_scheme(self, changed: LabelScheme) -> int:
        """Make this the scheme; older versions are kept. Returns its version."""
        version = self.scheme_version() + 1
        body = scheme_to_plain(changed)
        self._connection.execute(insert(scheme).values(version=version, body=body, created_at=_timestamp()))
        return version

    def ensure_annotator(self, wanted: Annotator) -> None:
        """Add the annotator unless there is one of this name."""
        if self._annotator_id(wanted.name) == -1:
            self._connection.execute(insert(annotator).values(name=wanted.name, kind=wanted.kind.value))

    def team(self) -> TeamChanges:
        """Who is to label what, the facts of the project, and the files that were handed out, to be changed."""
        return TeamChanges(self._connection)

    def add_document(self, added: Document, *, source: str = "") -> int:
        """Add a document after the last one; returns its key. Raises `DuplicateDocument` for a taken id."""
        documents = self.new_documents((added.id,), (added.text_sha256,))
        if documents.find_by_id(added.id) is not None:
            raise DuplicateDocument(f"the id {added.id!r} is taken", remedy="give it another id")
        key = documents.add(added, source=source, at=_timestamp())
        documents.flush()
        return key

    def new_documents(self, ids: Iterable[str], texts_sha256: Iterable[str]) -> NewDocuments:
        """Many documents at once; ``ids`` and ``texts_sha256`` say which may come."""
        return NewDocuments(self._connection, ids, texts_sha256)

    def annotator_id(self, name: str) -> int:
        """The number of an annotator, who is added if there is none of this name."""
        self.ensure_annotator(Annotator(name))
        return self._annotator_id(name)

    def put_tokens(self, key: int, tokens: Tokens, tokenizer: str, language: str) -> None:
        """Replace the tokens of a document and say who made them."""
        self._connection.execute(delete(tokenization).where(tokenization.c.document_id == key))
        self._connection.execute(insert(tokenization).values(rows.tokens_to_row(key, tokens, tokenizer)))
        self._connection.execute(update(document).where(document.c.id == key).values(language=language))

    def put_suggestions(
        self,
        key: int,
        annotator_name: str,
        pipeline: str,
        spans: Iterable[Span],
        alternatives: Iterable[Alternative] = (),
    ) -> None:
        """Replace a pipeline's set on a document and make it the newest one. ``pipeline``: "name version".

        A set that a change of the scheme has reached has a journal: there the new spans are journalled, too.
        ``alternatives``: what the pipeline nearly said.
        """
        self.ensure_annotator(Annotator(annotator_name, AnnotatorKind.PIPELINE))
        annotator_id = self._annotator_id(annotator_name)
        doc = AnnotatedDocument(self._bare_document(key), annotator_name, SpanSet(spans))
        if self.last_seq(key, annotator_name):
            self._replace_journalled(key, doc, pipeline)
        else:
            self._delete_set(key, annotator_id)
            self._write_set(key, annotator_id, doc, last_seq=0, at=_timestamp(), pipeline=pipeline)
            self._insert_spans(key, annotator_id, doc.document.text, doc.spans)
        considered.put_alternatives(self._connection, key, annotator_id, alternatives)
        self._connection.execute(update(document).where(document.c.id == key).values(suggested_by=annotator_id))

    def append(self, entry: NewEntry) -> None:
        """Write a change and its journal row. Raises `StaleSet` when the set went on elsewhere."""
        self._refuse_stale(entry)
        self.ensure_annotator(Annotator(entry.annotator))
        annotator_id = self._annotator_id(entry.annotator)
        at = None if entry.is_migration else entry.at
        self._write_set(entry.key, annotator_id, entry.after, last_seq=entry.seq, at=at)
        self._write_touched_spans(entry, annotator_id)
        self._write_touched_relations(entry, annotator_id)
        self._write_touched_rulings(entry, annotator_id)
        self._connection.execute(
            insert(journal).values(
                document_id=entry.key,
                annotator_id=annotator_id,
                seq=entry.seq,
                kind=entry.kind.value,
                at=entry.at,
                undoes=entry.undoes,
                edit=dump_json(edit_to_plain(entry.edit)),
                inverse=dump_json(edit_to_plain(entry.inverse)),
                view=entry.view,
                operation_id=entry.operation,
            )
        )

    def add_operation(self, added: Operation) -> Operation:
        """Write an operation, before its journal rows; returns it with its id."""
        self.ensure_annotator(Annotator(added.annotator))
        return operations.add_operation(self._connection, added, self._annotator_id(added.annotator))

    def add_guideline(self, body: str, annotator_name: str, at: str) -> int:
        """Write a new version of the guideline; returns its number."""
        self.ensure_annotator(Annotator(annotator_name))
        return guidelines.add_version(self._connection, body, self._annotator_id(annotator_name), at)

    def add_pin(self, added: Pin) -> Pin:
        """Pin an example; returns it with its id."""
        self.ensure_annotator(Annotator(added.annotator))
        return guidelines.add_pin(self._connection, added, self._annotator_id(added.annotator))

    def remove_pin(self, pin_id: int) -> None:
        """Take a pinned example away."""
        guidelines.remove_pin(self._connection, pin_id)

    def dismiss(self, annotator_name: str, entries: Iterable[str], at: str) -> None:
        """Entries of the inbox, by key, are right for this annotator."""
        self.ensure_annotator(Annotator(annotator_name))
        dismissals.dismiss(self._connection, self._annotator_id(annotator_name), entries, at)

    def take_back_dismissals(self, annotator_name: str, entries: Iterable[str]) -> None:
        """Entries of the inbox, by key, are to be shown to this annotator again."""
        dismissals.take_back(self._connection, self._annotator_id(annotator_name), entries)

    def repair(self, problems: Iterable[object]) -> list[str]:
        """Mend what `problems` found and can be mended; says what was done."""
        from annotator.store.checks import repair

        return repair(self._connection, problems)

    def _refuse_stale(self, entry: NewEntry) -> None:
        last_seq = self.last_seq(entry.key, entry.annotator)
        if last_seq != entry.seq - 1:
            raise StaleSet(
                f"{entry.annotator}'s labels were changed in another window",
                where=entry.before.document.id,
                remedy="open the document again; your last edits are put aside in a rescue file",
            )

    def _write_set(
        self, key: int, annotator_id: int, doc: AnnotatedDocument, *, last_seq: int, at: str | None, pipeline: str = ""
    ) -> None:
        values: dict[str, Any] = {**rows.set_to_row(doc), "last_seq": last_seq}
        values |= {} if at is None else {"updated_at": at}
        held = self._connection.execute(
            update(annotation_set)
            .where(annotation_set.c.document_id == key, annotation_set.c.annotator_id == annotator_id)
            .values(values)
        )
        if held.rowcount == 0:
            self._connection.execute(
                insert(annotation_set).values(document_id=key, annotator_id=annotator_id, pipeline=pipeline, **values)
            )

    def _write_touched_spans(self, entry: NewEntry, annotator_id: int) -> None:
        before, after = entry.before.spans, entry.after.spans
        gone = [span_id for span_id in entry.touched.span_ids if span_id in before]
        put = [held for span_id in entry.touched.span_ids if (held := after.find(span_id)) is not None]
        for first in range(0, len(gone), 500):
            self._connection.execute(
                delete(span).where(
                    span.c.document_id == entry.key,
                    span.c.annotator_id == annotator_id,
                    span.c.span_id.in_(gone[first : first + 500]),
                )
            )
        self._insert_spans(entry.key, annotator_id, entry.after.document.text, put)

    def _insert_spans(self, key: int, annotator_id: int, text: str, spans: Iterable[Span]) -> None:
        if added := [rows.span_to_row(key, annotator_id, held, text) for held in spans]:
            self._connection.execute(insert(span), added)

    def _write_touched_relations(self, entry: NewEntry, annotator_id: int) -> None:
        touched = list(entry.touched.relation_ids)
        for first in range(0, len(touched), 500):
            self._connection.execute(
                delete(relation).where(
                    relation.c.document_id == entry.key,
                    relation.c.annotator_id == annotator_id,
                    relation.c.relation_id.in_(touched[first : first + 500]),
                )
            )
        kept = [
            rows.relation_to_row(entry.key, annotator_id, entry.after.relations[relation_id])
            for relation_id in touched
            if relation_id in entry.after.relations
        ]
        if kept:
            self._connection.execute(insert(relation), kept)

    def _write_touched_rulings(self, entry: NewEntry, annotator_id: int) -> None:
        held = ruling.c
        of_set = (held.document_id == entry.key, held.annotator_id == annotator_id)
        touched, kept = sorted(entry.touched.ruling_ids), entry.after.rulings
        for ruling_id in touched:
            self._connection.execute(delete(ruling).where(*of_set, held.ruling_id == ruling_id))
        if put := [rows.ruling_to_row(entry.key, annotator_id, kept[one]) for one in touched if one in kept]:
            self._connection.execute(insert(ruling), put)

    def _replace_journalled(self, key: int, doc: AnnotatedDocument, pipeline: str) -> None:
        before, name = self.load(key, doc.annotator), doc.annotator
        edit = Batch((*(RemoveSpan(old.id) for old in before.spans), *(AddSpan(new) for new in doc.spans)))
        done, seq = apply(before, edit), self.last_seq(key, name) + 1
        self.append(
            NewEntry(
                key,
                name,
                seq,
                EntryKind.SUGGEST,
                edit,
                done.inverse,
                None,
                _timestamp(),
                {},
                before,
                done.doc,
                done.touched,
            )
        )
        self._connection.execute(
            update(annotation_set)
            .where(annotation_set.c.document_id == key, annotation_set.c.annotator_id == self._annotator_id(name))
            .values(pipeline=pipeline)
        )

    def _delete_set(self, key: int, annotator_id: int) -> None:
        for of_table in (span, relation, annotation_set):
            self._connection.execute(
                delete(of_table).where(of_table.c.document_id == key, of_table.c.annotator_id == annotator_id)
            )

    def _bare_document(self, key: int) -> Document:
        row = self._connection.execute(
            select(document.c.external_id, document.c.text).where(document.c.id == key)
        ).one()
        return Document(row.external_id, row.text)


def _timestamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
