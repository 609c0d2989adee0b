"""Collecting: what was labelled in files that were handed out, taken back into the project.

A file is taken only when it is what was handed out, gone on with: its journals begin with those of the project and lead
to exactly the labels in it. A set that went on in both places is forked: it is reported, and left as it is here.
One transaction a file; a file that was collected before changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from annotator.domain.codec import edit_to_plain
from annotator.domain.edits import apply
from annotator.domain.errors import UserError
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, AnnotatorKind
from annotator.domain.text import Json
from annotator.store import (
    EntryKind,
    Handout,
    JournalEntry,
    Operation,
    ProjectReader,
    ProjectStore,
    Reader,
    UnitOfWork,
)
from annotator.store.team import HANDED_OUT_BY, HANDED_OUT_TO, HANDOUT_ID, PROJECT_ID
from annotator.workflows import clock
from annotator.workflows.assigning import refuse_handed_out
from annotator.workflows.handing_out import append_again, says
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled


class CollectRefused(UserError):
    """Nothing was taken from a file, and why."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document whose new edits were not taken. ``label``: one that the scheme does not have, else it is forked."""

    document: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of a file. ``documents`` got new ``edits``. ``refused``: why nothing was taken, else empty."""

    path: str
    annotator: str = ""
    documents: int = 0
    edits: int = 0
    forked: tuple[LeftOut, ...] = ()
    unknown_labels: tuple[LeftOut, ...] = ()
    refused: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything in the file is in the project now."""
        return not (self.forked or self.unknown_labels or self.refused)


def collect(store: ProjectStore, files: Sequence[Path], progress: Progress | None = None) -> list[Collected]:
    """Collect files one by one; one that is refused does not stop the rest. Raises `Cancelled` between two files."""
    with store.reading() as reader:
        refuse_handed_out(reader)
    told, reports = progress or Silent(), []
    for number, path in enumerate(files):
        raise_if_cancelled(told)
        told.report(number, len(files), "files")
        try:
            reports.append(_collect_one(store, path))
        except UserError as fault:
            reports.append(Collected(str(path), refused=str(fault)))
    return reports


def _collect_one(store: ProjectStore, path: Path) -> Collected:
    with ProjectStore.open(path, read_only=True) as file, file.reading() as theirs:
        try:
            _refuse_damaged(theirs, str(path))  # before the project is locked: it takes longest
            with store.writing() as unit:
                handout = _checked_handout(theirs, unit, str(path))
                return _Collector(theirs, unit, handout, path).collect()
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as fault:
            raise CollectRefused(
                f"the file holds what Annotator did not write ({type(fault).__name__}: {fault})",
                where=str(path),
                remedy="ask for the file again",
            ) from fault


def _refuse_damaged(theirs: ProjectReader, where: str) -> None:
    if problems := theirs.schema_problems() or theirs.problems():
        raise CollectRefused(
            f"the file is damaged ({problems[0].where}: {problems[0].what})",
            where=where,
            remedy="ask for the file again",
        )


def _checked_handout(theirs: Reader, ours: Reader, where: str) -> Handout:
    """Which hand-out the file is. Raises `CollectRefused` for a file that is none of this project."""
    facts = theirs.team().facts()
    if not facts.get(HANDED_OUT_BY):
        raise CollectRefused("the file was not handed out", where=where, remedy="import it instead")
    if facts[HANDED_OUT_BY] != ours.team().facts()[PROJECT_ID]:
        raise CollectRefused("the file was handed out by another project", where=where, remedy="collect it there")
    handout = next((one for one in ours.team().handouts() if one.id == facts.get(HANDOUT_ID)), None)
    if handout is None:
        raise CollectRefused(
            "the project does not remember handing out this file", where=where, remedy="collect it where it came from"
        )
    _refuse_others(theirs, facts, handout, where)
    return handout


def _refuse_others(theirs: Reader, facts: Mapping[str, Json], handout: Handout, where: str) -> None:
    if facts.get(HANDED_OUT_TO) != handout.annotator:
        raise CollectRefused(
            f"the file says that it is {facts.get(HANDED_OUT_TO)}'s, but it was handed out to {handout.annotator}",
            where=where,
            remedy="ask for the file as it was handed out",
        )
    people = {one.name for one in theirs.annotators() if one.kind is AnnotatorKind.HUMAN}
    if others := sorted(people - {handout.annotator}):
        raise CollectRefused(
            f"the file was handed out to {handout.annotator}, but {', '.join(others)} labelled in it",
            where=where,
            remedy=f"import the labels of {others[0]} from an export of it",
        )


class _Collector:
    """Takes one file into the project, in the project's transaction."""

    def __init__(self, theirs: Reader, unit: UnitOfWork, handout: Handout, path: Path) -> None:
        self._theirs = theirs
        self._unit = unit
        self._handout = handout
        self._path = path
        self._name = handout.annotator
        self._known = _labels(unit.scheme())
        self._operations: dict[int, int] = {}
        self._documents = self._edits = 0
        self._forked: list[LeftOut] = []
        self._unknown: list[LeftOut] = []

    def collect(self) -> Collected:
        """Check every document of the file, then take what is new. Raises `CollectRefused`; then nothing was taken."""
        pairs = [(key, self._key_here(key)) for key in self._theirs.document_keys()]
        for theirs, ours in pairs:
            self._collect_document(theirs, ours)
        is_first = self._handout.collected_at is None and not (self._forked or self._unknown)
        if self._edits or is_first:
            self._unit.team().mark_collected(self._handout.id, clock.now())
        return Collected(
            str(self._path),
            self._name,
            self._documents,
            self._edits,
            tuple(self._forked),
            tuple(self._unknown),
        )

    def _key_here(self, key: int) -> int:
        theirs = self._theirs.load_document(key)
        ours = self._unit.find_document(theirs.id)
        if ours is None:
            raise self._refusal(f"the document {theirs.id!r} is not in the project")
        if theirs.text_sha256 != self._unit.load_document(ours).text_sha256:
            raise self._refusal(f"the text of the document {theirs.id!r} is not the one that was handed out")
        return ours

    def _collect_document(self, key: int, ours: int) -> None:
        held = self._theirs.load(key, self._name)
        theirs, here = self._theirs.journal(key, self._name), self._unit.journal(ours, self._name)
        known = _shared(theirs, here)
        self._refuse_unless_replayed(held, theirs, known=known)
        if known < min(len(theirs), len(here)):
            self._forked.append(LeftOut(held.document.id))
        elif added := theirs[known:]:
            if strange := sorted(_labels_in(held) - self._known):
                self._unknown.append(LeftOut(held.document.id, " ".join(filter(None, strange[0]))))
                return
            self._take(ours, added, theirs[:known], here)

    def _refuse_unless_replayed(self, held: AnnotatedDocument, rows: Sequence[JournalEntry], *, known: int) -> None:
        doc = AnnotatedDocument(held.document, self._name)
        for number, row in enumerate(rows, 1):
            if row.seq != number:
                raise self._refusal(f"the journal of {held.document.id!r} has no row {number}")
            datetime.fromisoformat(row.at)
            try:
                done = apply(doc, row.edit)
            except UserError as fault:
                raise self._refusal(f"the journal of {held.document.id!r} does not fit ({fault.what})") from fault
            if number > known and edit_to_plain(done.inverse) != edit_to_plain(row.inverse):
                raise self._refusal(f"row {number} of the journal of {held.document.id!r} cannot be undone")
            doc = done.doc
        if says(doc) != says(held):
            raise self._refusal(f"the journal of {held.document.id!r} does not lead to the labels that are there")

    def _take(
        self, key: int, added: Sequence[JournalEntry], known: Sequence[JournalEntry], here: Sequence[JournalEntry]
    ) -> None:
        for theirs, ours in zip(known, here, strict=False):
            if theirs.operation is not None and ours.operation is not None:
                self._operations[theirs.operation] = ours.operation
        doc = self._unit.load(key, self._name)
        for entry in added:
            doc = append_again(self._unit, key, doc, entry, self._operation_here(entry.operation))
        self._documents += 1
        self._edits += len(added)

    def _operation_here(self, operation_id: int | None) -> int | None:
        """The operation of the file that a row is a part of, as one of the project, so that it is undone as one."""
        if operation_id is None or operation_id in self._operations:
            return None if operation_id is None else self._operations[operation_id]
        found = self._theirs.find_operation(operation_id)
        if found is None or found.scheme_after is not None:
            return None  # the scheme of the file stays there: what it did to labels is a plain edit here
        undoes = self._operation_here(found.undoes)
        kind = found.kind if undoes is not None else EntryKind.EDIT
        made = self._unit.add_operation(Operation(self._name, found.title, found.at, kind, undoes))
        self._operations[operation_id] = made.id
        return made.id

    def _refusal(self, what: str) -> CollectRefused:
        return CollectRefused(what, where=str(self._path), remedy="ask for the file again; nothing was taken from it")


def _shared(theirs: Sequence[JournalEntry], ours: Sequence[JournalEntry]) -> int:
    """How many rows two journals have in common from their beginning."""
    pairs = zip(theirs, ours, strict=False)
    return next(
        (place for place, (one, other) in enumerate(pairs) if _content(one) != _content(other)),
        min(len(theirs), len(ours)),
    )


def _content(entry: JournalEntry) -> tuple[object, ...]:
    """What of a row travels with a file. Operations have other numbers there."""
    edits = (edit_to_plain(entry.edit), edit_to_plain(entry.inverse))
    return (entry.seq, entry.kind, entry.at, entry.undoes, entry.view, edits)


def _labels(scheme: LabelScheme) -> set[tuple[str, str]]:
    spans = {(label.id, layer.name) for layer, label in scheme.labels}
    relations = {(one.id, "") for one in scheme.relation_labels}
    return spans | relations | {(one.id, "") for one in scheme.document_labels}


def _labels_in(doc: AnnotatedDocument) -> set[tuple[str, str]]:
    """(label, layer) of all that a set says; the layer of relations and document labels is empty."""
    spans = {(span.label, span.layer) for span in doc.spans}
    return spans | {(one.label, "") for one in doc.relations.values()} | {(label, "") for label in doc.cats}
