"""Handing out: one annotator's documents as a project file of their own.

The file is built anew, never copied and cut: what others labelled is not in it, not even in pages that SQLite has
freed. In it are the scheme, the guideline, the newest suggestions, and the annotator's own sets with their journals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.domain.edits import apply
from annotator.domain.errors import UserError
from annotator.domain.planting import with_plants
from annotator.domain.projects import AnnotatedDocument, Annotator, AnnotatorKind
from annotator.store import Handout, JournalEntry, NewEntry, ProjectStore, Reader, UnitOfWork
from annotator.store.sqlite import refuse_unusable_target, remove_file
from annotator.store.team import HANDED_OUT_AT, HANDED_OUT_BY, HANDED_OUT_TO, HANDOUT_ID, PROJECT_ID
from annotator.workflows import clock
from annotator.workflows.assigning import refuse_handed_out
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled


class HandoutRefused(UserError):
    """No file was written, and why."""


@dataclass(frozen=True, slots=True)
class HandoutReport:
    """What was handed out. ``edits``: rows of the journals that went with it."""

    path: Path
    annotator: str
    documents: int
    edits: int
    id: str


def hand_out(store: ProjectStore, annotator: str, out: Path, progress: Progress | None = None) -> HandoutReport:
    """Write the annotator's documents (all, where none are assigned) to ``out``, which appears whole or not at all.

    Raises a `UserError`, `Cancelled`.
    """
    refuse_unusable_target(out)
    part = out.with_name(f".{out.name}.part")
    handout = Handout(clock.new_id(), annotator, 0, clock.now())
    try:
        remove_file(part)
        with store.reading() as reader:
            _refuse(reader, annotator)
            keys = reader.team().queue(annotator) or reader.document_keys()
            edits = _write(reader, part, replace(handout, documents=len(keys)), keys, progress or Silent())
        with store.writing() as unit:
            unit.ensure_annotator(Annotator(annotator))
            unit.team().add_handout(replace(handout, documents=len(keys)))
        part.replace(out)
    finally:
        remove_file(part)
    return HandoutReport(out, annotator, len(keys), edits, handout.id)


def _refuse(reader: Reader, annotator: str) -> None:
    refuse_handed_out(reader)
    people = [one.name for one in reader.annotators() if one.kind is AnnotatorKind.HUMAN]
    if annotator not in people:
        known = f"choose one of {', '.join(people)}, or assign" if people else "assign"
        raise HandoutRefused(f"there is no annotator {annotator!r}", remedy=f"{known} documents to them first")
    if not reader.document_keys():
        raise HandoutRefused("there is no document to hand out", remedy="import some first")


def _write(reader: Reader, part: Path, handout: Handout, keys: Sequence[int], progress: Progress) -> int:
    with ProjectStore.create(part, reader.scheme()) as made, made.writing() as unit:
        writer = _Writer(reader, unit, handout.annotator)
        writer.write_rules(handout.at)
        for number, key in enumerate(keys):
            raise_if_cancelled(progress)
            progress.report(number, len(keys), "documents")
            writer.write_document(key, handout.at)
        facts = reader.team().facts()
        unit.team().put_facts(
            {
                HANDED_OUT_TO: handout.annotator,
                HANDED_OUT_BY: facts[PROJECT_ID],
                HANDED_OUT_AT: handout.at,
                HANDOUT_ID: handout.id,
            }
        )
    return writer.edits


class _Writer:
    """Writes one annotator's view of a project into an empty one."""

    def __init__(self, reader: Reader, unit: UnitOfWork, annotator: str) -> None:
        self._reader = reader
        self._unit = unit
        self._annotator = annotator
        self.edits = 0

    def write_rules(self, at: str) -> None:
        """The guideline, without the name of who wrote it, and what the annotator dismissed."""
        self._unit.ensure_annotator(Annotator(self._annotator))
        if guideline := self._reader.find_guideline():
            self._unit.add_guideline(guideline.body, self._annotator, at)
        self._unit.dismiss(self._annotator, self._reader.dismissed(self._annotator), at)

    def write_document(self, key: int, at: str) -> None:
        """A document with suggestions and the annotator's set. What an import kept aside (``extra``) stays behind:
        it may hold what others said.
        """
        added = self._unit.add_document(replace(self._reader.load_document(key), extra={}))
        self._unit.team().assign([(added, self._annotator)], "handed out", at)
        if (suggested := self._reader.suggestions(key)) is not None:
            pipeline = next((span.pipeline for span in suggested.spans), suggested.annotator)
            seen = with_plants(list(suggested.spans), self._reader.plants().open_in(key, self._annotator))
            self._unit.put_suggestions(added, suggested.annotator, pipeline, seen, self._reader.alternatives(key))
        self._write_set(key, added)
        for pin in self._reader.pins_on(key, self._annotator):
            self._unit.add_pin(replace(pin, key=added))

    def _write_set(self, key: int, added: int) -> None:
        doc = AnnotatedDocument(self._unit.load_document(added), self._annotator)
        for entry in self._reader.journal(key, self._annotator):
            doc = append_again(self._unit, added, doc, entry)
            self.edits += 1
        held = self._reader.load(key, self._annotator)
        if says(doc) != says(held):
            raise HandoutRefused(
                "the journal does not lead to the labels that are there",
                where=held.document.id,
                remedy="run: annotator check",
            )


def append_again(
    unit: UnitOfWork, key: int, before: AnnotatedDocument, entry: JournalEntry, operation: int | None = None
) -> AnnotatedDocument:
    """Apply an entry of a journal once more, and write it with its own time. Raises what `apply` raises."""
    edit = entry.edit
    done = apply(before, edit)
    unit.append(
        NewEntry(
            key=key,
            annotator=before.annotator,
            seq=entry.seq,
            kind=entry.kind,
            edit=edit,
            inverse=entry.inverse,
            undoes=entry.undoes,
            at=entry.at,
            view=entry.view,
            before=before,
            after=done.doc,
            touched=done.touched,
            operation=operation,
        )
    )
    return done.doc


def says(doc: AnnotatedDocument) -> tuple[object, ...]:
    """All that a set says, to be compared: equal where two sets say the same."""
    return (
        tuple(doc.spans),
        dict(doc.relations),
        dict(doc.cats),
        doc.status,
        doc.note,
        doc.status_reason,
        dict(doc.rulings),
    )
