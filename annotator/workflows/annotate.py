"""One annotator at work: the open document, its history, and every edit on its way to the disk.

The state here is the truth the window shows. An edit is checked, applied in memory and queued for the writer;
undo is an edit of its own (the inverse), so it is journalled too and works after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from annotator.domain.constraints import check_change, check_places
from annotator.domain.edits import AddSpan, Applied, Batch, Edit, SetStatus, Touched, apply
from annotator.domain.errors import UserError
from annotator.domain.labels import LabelScheme
from annotator.domain.migrating import with_known_labels
from annotator.domain.projects import AnnotatedDocument, Annotator, Status
from annotator.domain.undoing import find_inverse_of_what_holds
from annotator.store import EntryKind, NewEntry, ProjectStore, Reader, Step
from annotator.workflows import clock, operations
from annotator.workflows.operations import (
    CHANGED_SINCE,
    DocumentEdit,
    LabelStillUsed,
    OperationReport,
    SchemeChangedSince,
)
from annotator.workflows.progress import Progress
from annotator.workflows.saving import Saver
from annotator.workflows.sets import load_for_annotator, sets_status, take_suggestions
from annotator.workflows.undo_history import History, HistoryItem, OperationDone, Trail, View, next_step


class NotSavedYet(UserError):
    """The document cannot be left: its edits are not on the disk."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit, an undo or a redo did to the open document."""

    doc: AnnotatedDocument
    edit: Edit
    touched: Touched
    view: View


@dataclass(frozen=True, slots=True)
class LoadedSet:
    """All that a session needs of a document. ``stamp``: see `Reader.stamp`."""

    key: int
    stamp: tuple[object, ...]
    doc: AnnotatedDocument
    is_fresh: bool
    history: History
    seq: int
    scheme: LabelScheme


def load_set(reader: Reader, key: int, annotator: str) -> LoadedSet:
    """Read the annotator's set with its history, on one snapshot."""
    doc, is_fresh = load_for_annotator(reader, key, annotator)
    entries = reader.journal(key, annotator)
    ids = {entry.operation for entry in entries if entry.operation is not None}
    of_others = reader.operations_of_others(ids, annotator) if ids else ()
    history = History.from_journal(entries, of_others, reader.undone_operations(ids) if ids else ())
    seq = reader.last_seq(key, annotator)
    return LoadedSet(key, reader.stamp(key, annotator), doc, is_fresh, history, seq, reader.scheme())


_Repeat: TypeAlias = Callable[[ProjectStore, str, int, Progress | None], OperationReport]


class AnnotationSession:
    """One annotator in one project. Not thread-safe: it belongs to the thread of the window."""

    def __init__(self, store: ProjectStore, saver: Saver, annotator: str) -> None:
        self._store = store
        self.saver = saver
        self.annotator = annotator
        with store.writing() as unit:
            unit.ensure_annotator(Annotator(annotator))
            self.scheme: LabelScheme = unit.scheme()
        self._key: int | None = None
        self._doc: AnnotatedDocument | None = None
        self._history = History()
        self._seq = 0
        self._has_untaken_suggestions = False
        self._trail: Trail = []
        self._undone: Trail = []
        self._ahead: LoadedSet | None = None

    @property
    def key(self) -> int | None:
        """The key of the open document, None when none is open."""
        return self._key

    @property
    def doc(self) -> AnnotatedDocument:
        """The open document. Only when `key` is not None."""
        if self._doc is None:
            raise RuntimeError("no document is open")
        return self._doc

    @property
    def undo_key(self) -> int | None:
        """The document that the next undo belongs to: where the last edit of this run was, else the open one."""
        return next_step(self._trail, self._key, self._history.undoable_operation)[0]

    @property
    def undo_operation(self) -> int | None:
        """The operation that the next undo takes back, None when that is an edit of one document."""
        return next_step(self._trail, self._key, self._history.undoable_operation)[1]

    @property
    def redo_key(self) -> int | None:
        """The document that the next redo belongs to: where the last undo of this run was, else the open one."""
        return next_step(self._undone, self._key, self._history.redoable_operation)[0]

    @property
    def undo_step(self) -> Step | None:
        """What the next undo takes back, None when that is nothing or not in the open document."""
        if (operation := self.undo_operation) is not None:
            return Step(operation=operation)
        if self._key is None or self.undo_key != self._key or not self._history.undoable:
            return None
        return Step(self._key, self._history.undoable[-1].seq)

    @property
    def redo_operation(self) -> int | None:
        """The operation that the next redo makes again, None when that is an edit of one document."""
        return next_step(self._undone, self._key, self._history.redoable_operation)[1]

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was ever done in the open document by this annotator."""
        return self._doc is not None and self._seq == 0

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo, here or where the last edit of this run was."""
        return bool(self._trail) or bool(self._history.undoable)

    @property
    def can_redo(self) -> bool:
        """Whether something undone can be made again, here or where the last undo of this run was."""
        return bool(self._undone) or bool(self._history.redoable)

    def open(self, key: int) -> AnnotatedDocument:
        """Open a document once everything before it is on the disk. Raises `NotSavedYet`."""
        self._flush()
        with self._store.reading() as reader:
            loaded, self._ahead = self._ahead, None
            if loaded is None or loaded.key != key or loaded.stamp != reader.stamp(key, self.annotator):
                loaded = load_set(reader, key, self.annotator)
        self._history, self._seq, self.scheme = loaded.history, loaded.seq, loaded.scheme
        self._key, self._doc, self._has_untaken_suggestions = key, loaded.doc, loaded.is_fresh
        return loaded.doc

    def read_ahead(self, key: int) -> None:
        """Read a document that is likely to be opened next; `open` takes it unless it was changed meanwhile."""
        if self._ahead is None or self._ahead.key != key:
            with self._store.reading() as reader:
                self._ahead = load_set(reader, key, self.annotator)

    def close_document(self) -> None:
        """Leave the open document (everything queued is still written)."""
        self._key, self._doc = None, None

    def preview(self, edit: Edit) -> Applied:
        """What ``edit`` would do, checked against the scheme. Raises a `UserError`; nothing changes."""
        applied = apply(self.doc, edit)
        check_change(self.scheme, self.doc, applied.doc, applied.touched)
        return applied

    def perform(self, edit: Edit, view: View) -> Change:
        """Check and apply ``edit`` and queue it for the disk. Raises a `UserError`; then nothing changes."""
        if self.doc.status is Status.NEW and not sets_status(edit):
            edit = Batch((edit, SetStatus(Status.IN_PROGRESS)))
        applied = self.preview(edit)
        self._write_taken_suggestions()
        seq = self._queue(EntryKind.EDIT, edit, applied, view)
        self._history.done(HistoryItem(seq, edit, applied.inverse, view))
        self._undone.clear()
        self._trail.append(self._require_key())
        return Change(applied.doc, edit, applied.touched, view)

    def undo(self) -> Change | None:
        """Take the last edit of the open document back; None when there is none.

        Raises a `UserError` when a later change of the scheme does not allow it; then that edit stays for good.
        """
        return self._step(EntryKind.UNDO, self._trail, self._undone)

    def redo(self) -> Change | None:
        """Make the last undone edit of the open document again; None when there is none. Raises as `undo` does."""
        return self._step(EntryKind.REDO, self._undone, self._trail)

    def _step(self, kind: EntryKind, source: Trail, target: Trail) -> Change | None:
        held_in = self._history.undoable if kind is EntryKind.UNDO else self._history.redoable
        item = held_in[-1] if held_in else None
        is_own_turn = bool(source) and source[-1] == self._key and (item is None or item.operation is None)
        if is_own_turn:
            source.pop()
        if item is None:
            return None
        edit, applied = self._repeated(item, kind, held_in)
        self._queue(kind, edit, applied, item.view, undoes=item.seq)
        if kind is EntryKind.UNDO:
            self._history.undone(item.seq)
        else:
            self._history.redone(item.seq)
        if item.operation is None:
            target.append(self._require_key())
        return Change(applied.doc, edit, applied.touched, item.view)

    def _repeated(self, item: HistoryItem, kind: EntryKind, held_in: list[HistoryItem]) -> tuple[Edit, Applied]:
        """An edit of the history as the scheme of today has it; one that cannot be made is struck from the history."""
        try:
            edit = self._edit_of(item, kind)
            known = with_known_labels(edit, self.doc, self.scheme)
            applied = apply(self.doc, known)
            if kind is EntryKind.REDO:
                check_change(self.scheme, self.doc, applied.doc, applied.touched)
            elif known != item.inverse:  # not all as it was: another span may stand there already
                check_places(self.scheme, self.doc, applied.doc, applied.touched)
            return known, applied
        except UserError:
            held_in.pop()
            raise

    def _edit_of(self, item: HistoryItem, kind: EntryKind) -> Edit:
        if kind is EntryKind.REDO:
            return item.edit
        if item.operation is None:
            return item.inverse
        holding = find_inverse_of_what_holds(self.doc, item.edit, item.inverse)
        if holding is None:
            raise UserError(CHANGED_SINCE)
        return holding

    def operate(
        self,
        title: str,
        edits: Sequence[DocumentEdit],
        *,
        scheme: LabelScheme | None = None,
        progress: Progress | None = None,
    ) -> OperationReport:
        """Edit many documents, or the scheme, as one step of undo. The open document is read again.

        See `operations.perform`. May run off the window's thread while nothing else is done with this session.
        """
        return self.operate_by(
            lambda store: operations.perform(store, self.annotator, title, edits, scheme=scheme, progress=progress)
        )

    def operate_by(self, work: Callable[[ProjectStore], OperationReport]) -> OperationReport:
        """Let ``work`` perform an operation in the project's store; the rest is as for `operate`."""
        self._flush()
        report = work(self._store)
        self._trail.append(OperationDone(report.operation.id))
        self._undone.clear()
        self._reload()
        return report

    def undo_whole(self, operation_id: int, progress: Progress | None = None) -> OperationReport:
        """Take an operation back wherever it still is as it was left. See `operations.undo`.

        One that a later change of the scheme does not allow to be undone is passed over from then on.
        """
        return self._repeat_whole(operations.undo, operation_id, progress, self._trail, self._undone)

    def redo_whole(self, operation_id: int, progress: Progress | None = None) -> OperationReport:
        """Make an operation again that was taken back. See `operations.redo`; passes over as `undo_whole` does."""
        return self._repeat_whole(operations.redo, operation_id, progress, self._undone, self._trail)

    def _repeat_whole(
        self, repeat: _Repeat, operation_id: int, progress: Progress | None, source: Trail, target: Trail
    ) -> OperationReport:
        self._flush()
        try:
            report = repeat(self._store, self.annotator, operation_id, progress)
        except (SchemeChangedSince, LabelStillUsed):
            _drop(source, operation_id)
            self._history.pass_over(operation_id)
            raise
        _drop(source, operation_id)
        target.append(OperationDone(operation_id))
        self._reload()
        return report

    def _flush(self) -> None:
        if not self.saver.flush():
            raise NotSavedYet("the last edits are not saved yet", remedy="stay here until the status bar says saved")

    def _reload(self) -> None:
        """Read the open document and the scheme again."""
        self._ahead = None
        if self._key is not None:
            self.open(self._key)
        else:
            with self._store.reading() as reader:
                self.scheme = reader.scheme()

    def _write_taken_suggestions(self) -> None:
        if not self._has_untaken_suggestions:
            return
        before, applied = take_suggestions(self.doc)
        self._doc = before
        edit = Batch(tuple(AddSpan(span) for span in applied.doc.spans))
        self._queue(EntryKind.SUGGEST, edit, applied, {})
        self._has_untaken_suggestions = False

    def _queue(self, kind: EntryKind, edit: Edit, applied: Applied, view: View, *, undoes: int | None = None) -> int:
        self._seq += 1
        entry = NewEntry(
            key=self._require_key(),
            annotator=self.annotator,
            seq=self._seq,
            kind=kind,
            edit=edit,
            inverse=applied.inverse,
            undoes=undoes,
            at=clock.now(),
            view=view,
            before=self.doc,
            after=applied.doc,
            touched=applied.touched,
        )
        self.saver.submit(entry)
        self._doc = applied.doc
        return self._seq

    def _require_key(self) -> int:
        if self._key is None:
            raise RuntimeError("no document is open")
        return self._key


def _drop(trail: Trail, operation_id: int) -> None:
    trail[:] = [one for one in trail if one != OperationDone(operation_id)]
