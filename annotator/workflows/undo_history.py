"""What can be undone and made again: in one annotation set by its journal, and in one run by the order of its steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from annotator.domain.edits import Edit
from annotator.domain.text import Json
from annotator.store import EntryKind, JournalEntry

View = Mapping[str, Json]
"""What the window showed at an edit (selection, current span, scroll), so that undo can restore it."""


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """An edit that can be undone (or, after undo, redone). ``seq`` is its first journal row.

    ``operation``: the operation over many documents that it is a part of; it is undone as a whole.
    """

    seq: int
    edit: Edit
    inverse: Edit
    view: View
    operation: int | None = None


@dataclass
class History:
    """What can be undone and redone in one annotation set, folded from its journal.

    ``undone_operations``: those that stand as undone. A part of one that was changed since stayed when the others went:
    it is then a step of its own, and so is a part that stayed away when the others were made again.
    """

    undoable: list[HistoryItem] = field(default_factory=list)
    redoable: list[HistoryItem] = field(default_factory=list)
    undone_operations: Collection[int] = ()

    @classmethod
    def from_journal(
        cls,
        entries: Iterable[JournalEntry],
        of_others: Collection[int] = (),
        undone_operations: Collection[int] = (),
    ) -> History:
        """Fold the journal's rows, oldest first. Imports and taken suggestions are not undoable.

        Neither is what others' operations (``of_others``, ids) changed here: whoever made them undoes them as a whole.
        """
        history = cls(undone_operations=undone_operations)
        for entry in entries:
            if entry.operation in of_others:
                continue
            if entry.kind is EntryKind.EDIT:
                history.done(HistoryItem(entry.seq, entry.edit, entry.inverse, entry.view, entry.operation))
            elif entry.kind is EntryKind.UNDO and entry.undoes is not None:
                history.undone(entry.undoes)
            elif entry.kind is EntryKind.REDO and entry.undoes is not None:
                history.redone(entry.undoes)
        return history

    @property
    def undoable_operation(self) -> int | None:
        """The operation that the last step here is a part of, None when it is undone alone."""
        operation = self.undoable[-1].operation if self.undoable else None
        return None if operation in self.undone_operations else operation

    @property
    def redoable_operation(self) -> int | None:
        """The operation that what was undone last here is a part of, None when it is made again alone."""
        operation = self.redoable[-1].operation if self.redoable else None
        return operation if operation in self.undone_operations else None

    def done(self, item: HistoryItem) -> None:
        """A new edit: what was undone before can no longer be redone."""
        self.undoable.append(item)
        self.redoable.clear()

    def undone(self, seq: int) -> None:
        """The edit with this number was taken back; it is the last one, but for parts of an operation."""
        _move(seq, self.undoable, self.redoable)

    def redone(self, seq: int) -> None:
        """The undone edit with this number was made again."""
        _move(seq, self.redoable, self.undoable)

    def pass_over(self, operation_id: int) -> None:
        """An operation cannot be taken back or made again now: its part here stands in nobody's way."""
        for items in (self.undoable, self.redoable):
            items[:] = [item for item in items if item.operation != operation_id]


def _move(seq: int, source: list[HistoryItem], target: list[HistoryItem]) -> None:
    for place in range(len(source) - 1, -1, -1):
        if source[place].seq == seq:
            target.append(source.pop(place))
            return


@dataclass(frozen=True, slots=True)
class OperationDone:
    """A step of undo that is an operation over many documents."""

    id: int


Trail: TypeAlias = list[int | OperationDone]
"""Steps of one run in order: the key of the document where an edit was, or the operation."""


def next_step(
    trail: Sequence[int | OperationDone], open_key: int | None, operation_here: int | None
) -> tuple[int | None, int | None]:
    """The document and the operation (None: an edit of that document) of the step that is next from the end.

    Without steps in the run it is the last one of the open document, which may be a part of ``operation_here``.
    """
    last = trail[-1] if trail else open_key
    if isinstance(last, OperationDone):
        return open_key, last.id
    return last, operation_here if last == open_key else None
