"""The time machine: the journal of one annotation set as moments, and the sets it may be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from annotator.domain.differences import aligned
from annotator.domain.edits import Edit
from annotator.domain.history import Replay, active_seconds
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.telling import Teller, capitalised
from annotator.store import EntryKind, PastEdit, ProjectStore, Reader, VisibleSet
from annotator.workflows import clock
from annotator.workflows.sets import load_for_annotator

WORDS_AT_ONCE = 16

__all__ = ["Moment", "SetHistory", "VisibleSet", "load_history", "load_visible_set"]


@dataclass(frozen=True, slots=True)
class Moment:
    """The set right after one journal row (``number`` of them). ``at``: when, in local time.

    ``is_undone``: the row was taken back later and was not made again. ``operation``: the title of the operation over
    many documents that the row is a part of.
    """

    number: int
    kind: EntryKind
    at: datetime
    undoes: int | None = None
    is_undone: bool = False
    operation: str = ""


class _Edits(Sequence[Edit]):
    """The edits of journal rows, or their inverses, decoded when asked for: of 5,000 rows only some are looked at."""

    def __init__(self, entries: Sequence[PastEdit], *, are_inverses: bool = False) -> None:
        self._entries = entries
        self._are_inverses = are_inverses

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, place: int) -> Edit: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Edit]: ...

    def __getitem__(self, place: int | slice) -> Edit | Sequence[Edit]:
        if isinstance(place, slice):
            return _Edits(self._entries[place], are_inverses=self._are_inverses)
        entry = self._entries[place]
        return entry.inverse if self._are_inverses else entry.edit


class SetHistory:
    """Every moment of one annotator's set on one document. ``moments[n]`` came after ``n + 1`` journal rows.

    ``active_s``: seconds at work, without pauses of more than two minutes. ``visible``: other annotators' sets that may
    be looked at beside it.
    """

    def __init__(
        self,
        now: AnnotatedDocument,
        entries: Sequence[PastEdit],
        scheme: LabelScheme,
        operations: dict[int, str],
        visible: Sequence[VisibleSet],
    ) -> None:
        self.now = now
        self.scheme = scheme
        self.visible = tuple(visible)
        self._edits = _Edits(entries)
        self._words: dict[int, str] = {}
        self._numbers = {entry.seq: number for number, entry in enumerate(entries, 1)}
        self.moments = _moments(entries, operations)
        bare = AnnotatedDocument(now.document, now.annotator)
        self.replay = Replay(bare, now, self._edits, _Edits(entries, are_inverses=True))
        self.active_s = active_seconds([one.at.timestamp() for one in self.moments])

    @property
    def last_moment(self) -> int:
        """The moment that is now."""
        return len(self.moments)

    def at(self, moment: int) -> AnnotatedDocument:
        """The set at a moment; 0 is before the first journal row. Raises what `apply` raises."""
        return self.replay.at(moment)

    def words_of(self, moment: int) -> str:
        """What was done right before a moment (from 1), in words."""
        if moment not in self._words:
            first = (moment - 1) // WORDS_AT_ONCE * WORDS_AT_ONCE
            for number in range(first + 1, min(first + WORDS_AT_ONCE, self.last_moment) + 1):
                self._words[number] = self._told(self.moments[number - 1])
        return self._words[moment]

    def _told(self, moment: Moment) -> str:
        told = self._told_edit(self._numbers.get(moment.undoes or 0, moment.number))
        match moment.kind:
            case EntryKind.SUGGEST:
                return capitalised(told.replace("added", "took over the suggestions:", 1))
            case EntryKind.IMPORT:
                return capitalised(told.replace("added", "imported", 1))
            case EntryKind.UNDO:
                return f"Took back: {told}"
            case EntryKind.REDO:
                return f"Made again: {told}"
            case _:
                return f"{moment.operation}: {told}" if moment.operation else capitalised(told)

    def _told_edit(self, number: int) -> str:
        return Teller(self.replay.at(number - 1), self.scheme).tell(self._edits[number - 1])


def load_history(store: ProjectStore, key: int, annotator: str) -> SetHistory:
    """Read the journal of a set, on one snapshot. Raises a `UserError` of the store."""
    with store.reading() as reader:
        doc, is_fresh = load_for_annotator(reader, key, annotator)
        entries = reader.past_edits(key, annotator)
        operations = _titles(reader, entries)
        visible = reader.visible_sets(key, annotator)
        # Suggestions that are shown but not taken over yet are no part of the set's past.
        now = AnnotatedDocument(doc.document, annotator) if is_fresh else doc
        return SetHistory(now, entries, reader.scheme(), operations, visible)


def load_visible_set(store: ProjectStore, key: int, other: VisibleSet, ours: AnnotatedDocument) -> AnnotatedDocument:
    """Another annotator's set as if it were a state of ours. See `aligned`."""
    with store.reading() as reader:
        return aligned(reader.load(key, other.annotator), ours, clock.new_id)


def _titles(reader: Reader, entries: Sequence[PastEdit]) -> dict[int, str]:
    ids = {entry.operation for entry in entries if entry.operation is not None}
    found = (reader.find_operation(one) for one in ids)
    return {one.id: one.title for one in found if one is not None}


def _moments(entries: Sequence[PastEdit], operations: dict[int, str]) -> list[Moment]:
    undone = _undone(entries)
    return [
        Moment(
            number,
            entry.kind,
            datetime.fromisoformat(entry.at).astimezone(),
            entry.undoes,
            entry.seq in undone,
            operations.get(entry.operation or 0, ""),
        )
        for number, entry in enumerate(entries, 1)
    ]


def _undone(entries: Sequence[PastEdit]) -> set[int]:
    """The numbers of the rows that stand as taken back."""
    undone: set[int] = set()
    for entry in entries:
        if entry.kind is EntryKind.UNDO and entry.undoes is not None:
            undone.add(entry.undoes)
        elif entry.kind is EntryKind.REDO and entry.undoes is not None:
            undone.discard(entry.undoes)
    return undone
