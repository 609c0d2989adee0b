"""Operations: edits of many documents, or of the scheme, in one transaction; undone and made again as one.

Every document's part is a journal row of the annotator's own set, like any edit. An undo takes back only what still is
as the operation left it; what was changed since is left alone and named.

A change of the scheme that concerns what is labelled reaches every set in the project, also those of other annotators
and of pipelines; each has its own journal row. Such rows are not checked and change no status: they follow the scheme.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from annotator.domain.constraints import check_change, check_places
from annotator.domain.edits import Applied, Batch, Edit, SetStatus, apply
from annotator.domain.errors import UserError
from annotator.domain.label_groups import groups_of, labels_of
from annotator.domain.labels import LabelScheme
from annotator.domain.migrating import Migration, migrated, with_known_labels
from annotator.domain.projects import AnnotatedDocument, Annotator, Status
from annotator.domain.undoing import find_inverse_of_what_holds
from annotator.store import EntryKind, JournalEntry, Operation, ProjectStore, UnitOfWork
from annotator.workflows import clock
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled
from annotator.workflows.sets import append, begun_set, sets_status

CHANGED_SINCE = "it was changed since"
REPORT_EVERY, SETS_A_PAGE = 50, 100


class SchemeChangedSince(UserError):
    """A change of the scheme cannot be taken back: others came after it."""


class LabelStillUsed(UserError):
    """A change of the scheme cannot be taken back: something carries a label that would go with it."""


@dataclass(frozen=True, slots=True)
class DocumentEdit:
    """One document's part of an operation. ``key``: the document's key in the store."""

    key: int
    edit: Edit


@dataclass(frozen=True, slots=True)
class OperationReport:
    """What an operation did. ``keys``: the documents it changed; ``left_out``: (document id, reason)."""

    operation: Operation
    keys: tuple[int, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def perform(
    store: ProjectStore,
    annotator: str,
    title: str,
    edits: Sequence[DocumentEdit],
    *,
    scheme: LabelScheme | None = None,
    progress: Progress | None = None,
) -> OperationReport:
    """Make ``edits`` in the annotator's sets, and ``scheme`` the project's, all in one transaction.

    An edit that the document or the scheme does not allow is left out and named. Cancelling changes nothing. Raises
    `Cancelled`, or a `UserError` of the store.
    """
    with store.writing() as unit:
        return perform_in(unit, annotator, title, edits, scheme=scheme, progress=progress)


def perform_in(
    unit: UnitOfWork,
    annotator: str,
    title: str,
    edits: Sequence[DocumentEdit],
    *,
    scheme: LabelScheme | None = None,
    migration: Migration | None = None,
    progress: Progress | None = None,
) -> OperationReport:
    """`perform` as a part of a transaction. ``migration`` is carried out in every set of the project."""
    before = unit.scheme_version() if scheme is not None else None
    after = unit.save_scheme(scheme) if scheme is not None else None
    operation = unit.add_operation(Operation(annotator, title, clock.now(), scheme_before=before, scheme_after=after))
    run = _Run(unit, operation, unit.scheme(), progress or Silent())
    sets = unit.sets_with(migration.group, list(migration.becomes)) if migration is not None else []
    total = len(edits) + len(sets)
    for number, part in enumerate(edits):
        run.tick(number, total)
        run.make(part)
    if migration is not None:
        loaded = _LoadedSets(unit, sets)
        for number, (key, name) in enumerate(sets, len(edits)):
            run.tick(number, total)
            run.migrate(key, loaded.take(key, name), migration)
    return run.report()


def undo(store: ProjectStore, annotator: str, operation_id: int, progress: Progress | None = None) -> OperationReport:
    """Take an operation back, as an operation of its own. Raises `SchemeChangedSince` or `LabelStillUsed`."""
    return _again(store, annotator, operation_id, EntryKind.UNDO, progress or Silent())


def redo(store: ProjectStore, annotator: str, operation_id: int, progress: Progress | None = None) -> OperationReport:
    """Make an operation again that was taken back, as one of its own. Raises `SchemeChangedSince`, `LabelStillUsed`."""
    return _again(store, annotator, operation_id, EntryKind.REDO, progress or Silent())


def _again(
    store: ProjectStore, annotator: str, operation_id: int, kind: EntryKind, progress: Progress
) -> OperationReport:
    with store.writing() as unit:
        done = unit.find_operation(operation_id)
        if done is None:
            raise UserError("this operation is not in the project any more")
        made = replace(done, annotator=annotator, at=clock.now(), kind=kind, undoes=done.id, id=0)
        made = unit.add_operation(_with_scheme(unit, done, made))
        run = _Run(unit, made, unit.scheme(), progress)
        entries = unit.entries_of(operation_id)
        if kind is EntryKind.UNDO:
            entries.reverse()
        loaded = _LoadedSets(unit, [(key, entry.annotator) for key, entry in entries])
        for number, (key, entry) in enumerate(entries):
            run.tick(number, len(entries))
            run.repeat(key, loaded.take(key, entry.annotator), entry, kind)
        _refuse_lost_labels(unit, made)
        return run.report()


def _with_scheme(unit: UnitOfWork, done: Operation, made: Operation) -> Operation:
    """Put back the scheme that ``done`` changed (or make its change again); ``made`` with the versions of that."""
    if done.scheme_before is None or done.scheme_after is None:
        return made
    source, target = done.scheme_after, done.scheme_before
    if made.kind is EntryKind.REDO:
        source, target = target, source
    now = unit.scheme_version()
    if unit.scheme() != unit.scheme_at(source):
        raise SchemeChangedSince(
            f"“{done.title}” cannot be {_past(made.kind)}: the scheme was changed again since",
            remedy="undo the later change first",
        )
    return replace(made, scheme_before=now, scheme_after=unit.save_scheme(unit.scheme_at(target)))


class _LoadedSets:
    """Annotation sets read by the hundred, in the order in which they are taken. A set taken twice is read anew."""

    def __init__(self, unit: UnitOfWork, wanted: Sequence[tuple[int, str]]) -> None:
        self._unit = unit
        self._wanted = wanted
        self._place = 0
        self._page: dict[tuple[int, str], AnnotatedDocument] = {}

    def take(self, key: int, annotator: str) -> AnnotatedDocument:
        """The next set of those that were wanted."""
        if (key, annotator) not in self._page:
            page = set(self._wanted[self._place : self._place + SETS_A_PAGE])
            found = self._unit.load_sets(page)
            self._page = {(number, doc.annotator): doc for number, doc in found}
        self._place += 1
        return self._page.pop((key, annotator))


def _past(kind: EntryKind) -> str:
    return "made again" if kind is EntryKind.REDO else "undone"


def _refuse_lost_labels(unit: UnitOfWork, made: Operation) -> None:
    """Raise `LabelStillUsed` when something carries a label that went with an earlier scheme coming back."""
    if made.scheme_before is None:
        return
    before, after = unit.scheme_at(made.scheme_before), unit.scheme()
    for group in groups_of(before):
        left = {label.id for label in labels_of(after, group)}
        for label in labels_of(before, group):
            if label.id not in left and (sets := unit.sets_with(group, [label.id])):
                count = len({key for key, _ in sets})
                raise LabelStillUsed(
                    f"“{made.title}” cannot be {_past(made.kind)}: {label.name} is used in {count:,} "
                    f"document{'' if count == 1 else 's'} by now",
                    remedy="undo that first, or merge or delete the label",
                )


class _Run:
    """One operation being written."""

    def __init__(self, unit: UnitOfWork, operation: Operation, scheme: LabelScheme, progress: Progress) -> None:
        self._unit = unit
        self._operation = operation
        self._scheme = scheme
        self._progress = progress
        self._keys: list[int] = []
        self._left_out: list[tuple[str, str]] = []
        unit.ensure_annotator(Annotator(operation.annotator))

    def tick(self, done: int, total: int) -> None:
        if done % REPORT_EVERY == 0:
            raise_if_cancelled(self._progress)
            self._progress.report(done, total, "documents")

    def make(self, part: DocumentEdit) -> None:
        doc = begun_set(self._unit, part.key, self._operation.annotator)
        self._write(part.key, doc, lambda: _begun(doc, part.edit), EntryKind.EDIT, is_checked=True)

    def migrate(self, key: int, doc: AnnotatedDocument, migration: Migration) -> None:
        edit = migrated(doc, migration)
        if edit is not None:
            self._write(key, doc, lambda: edit, EntryKind.EDIT, is_checked=False)

    def repeat(self, key: int, doc: AnnotatedDocument, entry: JournalEntry, kind: EntryKind) -> None:
        if entry.kind is not EntryKind.EDIT:
            return  # suggestions that were taken over stay
        follows_scheme = self._operation.scheme_after is not None
        is_undo = kind is EntryKind.UNDO and not follows_scheme
        went_on = is_undo and self._unit.has_edits_since(key, entry.annotator, entry.seq)
        self._write(
            key,
            doc,
            lambda: self._again(key, doc, entry, kind, went_on=went_on),
            kind,
            undoes=entry.seq,
            is_checked=kind is EntryKind.REDO and not follows_scheme,
            as_it_was=None if went_on else entry.inverse,
        )

    def report(self) -> OperationReport:
        return OperationReport(self._operation, tuple(dict.fromkeys(self._keys)), tuple(self._left_out))

    def _again(
        self, key: int, doc: AnnotatedDocument, entry: JournalEntry, kind: EntryKind, *, went_on: bool
    ) -> Edit | None:
        """The edit that takes ``entry`` back or makes it again; None when the set went on since."""
        if self._unit.last_suggested_seq(key, entry.annotator) > entry.seq:
            return None  # a pipeline has read the document anew
        if kind is EntryKind.UNDO:
            back = find_inverse_of_what_holds(doc, entry.edit, entry.inverse, went_on=went_on)
            return with_known_labels(back, doc, self._scheme) if back is not None else None
        if self._operation.scheme_after is not None:
            return find_inverse_of_what_holds(doc, entry.inverse, entry.edit)
        return with_known_labels(entry.edit, doc, self._scheme)

    def _write(
        self,
        key: int,
        doc: AnnotatedDocument,
        make: Callable[[], Edit | None],
        kind: EntryKind,
        *,
        undoes: int | None = None,
        is_checked: bool,
        as_it_was: Edit | None = None,
    ) -> None:
        try:
            edit, applied = self._applied(doc, make(), is_checked=is_checked)
            if kind is EntryKind.UNDO and self._operation.scheme_after is None and edit != as_it_was:
                check_places(self._scheme, doc, applied.doc, applied.touched)
        except UserError as fault:
            self._left_out.append((doc.document.id, str(fault)))
            return
        append(
            self._unit,
            key,
            doc,
            edit,
            applied,
            kind=kind,
            undoes=undoes,
            operation=self._operation.id,
            is_migration=not is_checked and self._operation.scheme_after is not None,
        )
        self._keys.append(key)

    def _applied(self, doc: AnnotatedDocument, edit: Edit | None, *, is_checked: bool) -> tuple[Edit, Applied]:
        if edit is None:
            raise UserError(CHANGED_SINCE)
        applied = apply(doc, edit)
        if is_checked:
            check_change(self._scheme, doc, applied.doc, applied.touched)
        return edit, applied


def _begun(doc: AnnotatedDocument, edit: Edit) -> Edit:
    """``edit`` as it stands in the journal: a new document is in progress by it."""
    is_begun = doc.status is not Status.NEW or sets_status(edit)
    return edit if is_begun else Batch((edit, SetStatus(Status.IN_PROGRESS)))
