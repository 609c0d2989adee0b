"""Taking a rescue file's edits back into a project whose scheme may have changed meanwhile.

A label that was merged away is its successor by now. An edit that cannot be made any more, because a label was deleted
or because it belongs to such an edit, is left out and named; all others are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.domain.codec import edit_from_plain
from annotator.domain.constraints import check_places
from annotator.domain.edits import AddSpan, Applied, Batch, Edit, apply
from annotator.domain.errors import UnknownLabel, UserError
from annotator.domain.migrating import with_known_labels
from annotator.domain.projects import AnnotatedDocument
from annotator.store import EntryKind, JournalEntry, NewEntry, StaleSet, UnitOfWork


class RescueFailed(UserError):
    """A rescue file could not be written or taken back."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many edits of a rescue file were still missing; ``left_out``: (document id, reason) of those not made."""

    edits: int
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass
class _Set:
    """One annotation set while it is taken back.

    ``first``: the number of the file's first row of it. ``rows``: those in the project that may be the file's;
    ``last_own`` the last of them that is, or the one before the first. ``numbers``: the project's by the file's.
    """

    first: int
    last_own: int
    rows: list[JournalEntry]
    numbers: dict[int, int] = field(default_factory=dict)

    def find_row(self, plain: dict[str, Any]) -> JournalEntry | None:
        """The row of an edit that is in the project already."""
        for place, row in enumerate(self.rows):
            if (row.at, row.kind.value) == (plain["at"], plain["kind"]):
                del self.rows[: place + 1]
                return row
        return None


class TakingBack:
    """One rescue file in one transaction."""

    def __init__(self, unit: UnitOfWork, rescue: Path) -> None:
        self._unit, self._rescue = unit, rescue
        self._scheme = unit.scheme()
        self._sets: dict[tuple[int, str], _Set] = {}
        self._left_out: list[tuple[str, str]] = []

    def take(self, plains: Iterable[dict[str, Any]]) -> TakenBack:
        """Write what is not in the project yet. Raises `RescueFailed`, or `StaleSet` when a set went on elsewhere."""
        return TakenBack(sum(self._take(plain) for plain in plains), tuple(self._left_out))

    def _take(self, plain: dict[str, Any]) -> bool:
        key = self._unit.find_document(plain["document"])
        if key is None:
            raise RescueFailed(f"the project has no document {plain['document']}", where=str(self._rescue))
        held = self._set_of(key, plain)
        if (row := held.find_row(plain)) is not None:
            held.numbers[plain["seq"]] = held.last_own = row.seq
            return False
        # Rows that follow a change of the scheme are nobody's work: the edits come after them.
        if self._unit.has_edits_since(key, plain["annotator"], held.last_own):
            raise self._stale(plain, "went on elsewhere")
        return self._write(key, plain, held)

    def _stale(self, plain: dict[str, Any], what: str) -> StaleSet:
        return StaleSet(
            f"{plain['annotator']}'s labels on {plain['document']} {what}",
            where=str(self._rescue),
            remedy="compare by hand; the rescue file is kept",
        )

    def _set_of(self, key: int, plain: dict[str, Any]) -> _Set:
        annotator, seq = plain["annotator"], plain["seq"]
        if (key, annotator) not in self._sets:
            last_seq = self._unit.last_seq(key, annotator)
            if last_seq < seq - 1:
                raise self._stale(plain, "lack the edits from before these")
            rows = [row for row in self._unit.journal(key, annotator) if row.seq >= seq] if last_seq >= seq else []
            self._sets[key, annotator] = _Set(seq, seq - 1, rows)
        return self._sets[key, annotator]

    def _write(self, key: int, plain: dict[str, Any], held: _Set) -> bool:
        before = self._unit.load(key, plain["annotator"])
        try:
            undoes = _number_of(plain["undoes"], held)
            edit, applied = self._applied(before, edit_from_plain(plain["edit"]), EntryKind(plain["kind"]))
        except UserError as fault:
            self._left_out.append((plain["document"], fault.what))
            return False
        seq = self._unit.last_seq(key, before.annotator) + 1
        self._unit.append(_entry(key, plain, seq, undoes, before, edit, applied))
        held.numbers[plain["seq"]] = held.last_own = seq
        return True

    def _applied(self, before: AnnotatedDocument, edit: Edit, kind: EntryKind) -> tuple[Edit, Applied]:
        if kind is EntryKind.SUGGEST:
            edit = Batch(tuple(self._still_suggested(edit, before)))
        known = with_known_labels(edit, before, self._scheme)
        applied = apply(before, known)
        if known != edit:
            check_places(self._scheme, before, applied.doc, applied.touched)
        return known, applied

    def _still_suggested(self, edit: Edit, before: AnnotatedDocument) -> Iterator[Edit]:
        """Of suggestions that were taken over, those whose label is there."""
        for one in edit.edits if isinstance(edit, Batch) else (edit,):
            try:
                known = with_known_labels(one, before, self._scheme)
            except UnknownLabel:
                continue
            if isinstance(known, AddSpan) and known.span.id not in before.spans:
                yield known


def _number_of(undoes: int | None, held: _Set) -> int | None:
    """The row, in the project, that an undo or redo is about."""
    if undoes is None or undoes < held.first:
        return undoes
    if undoes not in held.numbers:
        raise UserError("it takes back an edit that was left out")
    return held.numbers[undoes]


def _entry(
    key: int,
    plain: dict[str, Any],
    seq: int,
    undoes: int | None,
    before: AnnotatedDocument,
    edit: Edit,
    applied: Applied,
) -> NewEntry:
    return NewEntry(
        key=key,
        annotator=before.annotator,
        seq=seq,
        kind=EntryKind(plain["kind"]),
        edit=edit,
        inverse=applied.inverse,
        undoes=undoes,
        at=plain["at"],
        view=plain["view"],
        before=before,
        after=applied.doc,
        touched=applied.touched,
    )
