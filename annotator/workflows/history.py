"""The time machine: the journal of one annotation set as moments, and the sets it may be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled
from annotator.workflows.sets import load_for_annotator

WORDS_AT_ONCE, ROWS_AT_ONCE = 16, 2000

__all__ = [
    "Moment", "SetHistory", "VisibleSet", "count_rows", "load_history", "load_long_history", "load_visible_set",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """The set right after one journal row (``number`` of them; ``row`` is its own). ``at``: when, in local time.

    ``is_undone``: the row was taken back later and was not made again. ``operation``: the title of the operation over
    many documents that the row is a part of.
    """

    number: int
    row: int
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
    be looked at beside it. ``earlier``: the same history when it was shorter, whose work is not done again.
    """

    def __init__(
        self,
        now: AnnotatedDocument,
        entries: Sequence[PastEdit],
        scheme: LabelScheme,
        operations: dict[int, str],
        visible: Sequence[VisibleSet],
        earlier: SetHistory | None = None,
    ) -> None:
        self.now = now
        self.scheme = scheme
        self.visible = tuple(visible)
        self._entries: list[PastEdit] = [*(earlier._entries if earlier else ()), *entries]
        self._words: dict[int, str] = dict(earlier._words) if earlier and earlier.scheme == scheme else {}
        self.moments: list[Moment] = _moments(entries, operations, earlier.moments if earlier else ())
        self._edits = _Edits(self._entries)
        self.replay: Replay = self._replay(earlier)
        known = len(earlier.moments) if earlier else 0
        times = [one.at.timestamp() for one in self.moments[max(known - 1, 0) :]]
        self.active_s: float = (earlier.active_s if earlier else 0.0) + active_seconds(times)

    def _replay(self, earlier: SetHistory | None) -> Replay:
        inverses = _Edits(self._entries, are_inverses=True)
        if earlier is not None:
            return earlier.replay.extended(self.now, self._edits, inverses)
        return Replay(AnnotatedDocument(self.now.document, self.now.annotator), self.now, self._edits, inverses)

    @property
    def last_row(self) -> int:
        """The number of the last journal row."""
        return self._entries[-1].seq if self._entries else 0

    def follow(self, progress: Progress) -> None:
        """Get everything ready, so that any moment is near. Raises `Cancelled`."""
        while not self.replay.is_warm:
            raise_if_cancelled(progress)
            progress.report(min(self.replay.warm_moments, self.last_moment), self.last_moment, "edits")
            self.replay.warm()

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
        told = self._told_edit(_number_of(self.moments, moment.undoes) or moment.number)
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


def load_history(
    store: ProjectStore,
    key: int,
    annotator: str,
    *,
    earlier: SetHistory | None = None,
    progress: Progress | None = None,
) -> SetHistory:
    """Read the journal of a set, on one snapshot; what ``earlier`` has is not read again.

    Raises a `UserError` of the store, or `Cancelled`.
    """
    with store.reading() as reader:
        doc, is_fresh = load_for_annotator(reader, key, annotator)
        # Suggestions that are shown but not taken over yet are no part of the set's past.
        now = AnnotatedDocument(doc.document, annotator) if is_fresh else doc
        if earlier is not None and earlier.now.document != now.document:
            earlier = None
        entries = _read(reader, key, annotator, earlier.last_row if earlier else 0, progress or Silent())
        operations = _titles(reader, entries)
        visible = reader.visible_sets(key, annotator)
        return SetHistory(now, entries, reader.scheme(), operations, visible, earlier)


def load_long_history(store: ProjectStore, key: int, annotator: str, progress: Progress) -> SetHistory:
    """`load_history` with everything ready that is asked for later: takes seconds, and reports them."""
    history = load_history(store, key, annotator, progress=progress)
    history.follow(progress)
    return history


def count_rows(store: ProjectStore, key: int, annotator: str) -> int:
    """How many rows the journal of a set has."""
    with store.reading() as reader:
        return reader.last_seq(key, annotator)


def _read(reader: Reader, key: int, annotator: str, since: int, progress: Progress) -> list[PastEdit]:
    entries: list[PastEdit] = []
    total = reader.last_seq(key, annotator) - since
    while page := reader.past_edits(key, annotator, entries[-1].seq if entries else since, ROWS_AT_ONCE):
        entries += page
        raise_if_cancelled(progress)
        progress.report(len(entries), total, "rows")
    return entries


def load_visible_set(store: ProjectStore, key: int, other: VisibleSet, ours: AnnotatedDocument) -> AnnotatedDocument:
    """Another annotator's set as if it were a state of ours. See `aligned`."""
    with store.reading() as reader:
        return aligned(reader.load(key, other.annotator), ours, clock.new_id)


def _titles(reader: Reader, entries: Sequence[PastEdit]) -> dict[int, str]:
    ids = {entry.operation for entry in entries if entry.operation is not None}
    found = (reader.find_operation(one) for one in ids)
    return {one.id: one.title for one in found if one is not None}


def _moments(entries: Sequence[PastEdit], operations: dict[int, str], earlier: Sequence[Moment]) -> list[Moment]:
    """Those of ``earlier`` and then one for each of ``entries``."""
    moments = list(earlier)
    for entry in entries:
        at = datetime.fromisoformat(entry.at).astimezone()
        operation = operations.get(entry.operation or 0, "")
        moments.append(Moment(len(moments) + 1, entry.seq, entry.kind, at, entry.undoes, operation=operation))
        number = _number_of(moments, entry.undoes)
        if number is not None and entry.kind in (EntryKind.UNDO, EntryKind.REDO):
            moments[number - 1] = replace(moments[number - 1], is_undone=entry.kind is EntryKind.UNDO)
    return moments


def _number_of(moments: Sequence[Moment], row: int | None) -> int | None:
    """The number of the moment of a journal row; rows have no gaps."""
    return row - moments[0].row + 1 if row is not None and row >= moments[0].row else None
