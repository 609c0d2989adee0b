"""Entries of the inbox that were corrected, and what became of the corrections: undone, or made again. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from annotator.domain.inconsistencies import Entry, Kind
from annotator.workflows.project import Project, Step

MOST_STEPS = 100
"""Corrections of so long ago are not followed any more."""


@dataclass(frozen=True, slots=True)
class Mended:
    """Entries that one correction took out of a kind, each with the row where it stood, in order. At least one."""

    kind: Kind
    rows: tuple[tuple[int, Entry], ...]

    def put_back(self, entries: Sequence[Entry], *, but: Collection[str]) -> list[Entry]:
        """The entries of the kind with these again; ``but``: keys of those that are not to be shown."""
        held = list(entries)
        known = {entry.key for entry in entries} | set(but)
        for row, entry in self.rows:
            if entry.key not in known:
                held.insert(row, entry)
        return held

    def taken_out(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries of the kind without these."""
        keys = {entry.key for _, entry in self.rows}
        return [entry for entry in entries if entry.key not in keys]


class MendedEntries:
    """Follows the corrections that were made of entries."""

    def __init__(self, project: Project, annotator: str) -> None:
        self._project = project
        self._annotator = annotator
        self._by_step: dict[Step, Mended] = {}
        self._undone: set[Step] = set()

    def __bool__(self) -> bool:
        """Whether there is anything to follow."""
        return bool(self._by_step)

    def remember(self, step: Step, kind: Kind, entries: Sequence[Entry], fixed: Collection[Entry]) -> None:
        """A step of undo has corrected some of the entries of a kind."""
        keys = {entry.key for entry in fixed}
        rows = tuple((row, entry) for row, entry in enumerate(entries) if entry.key in keys)
        if rows:
            self._by_step[step] = Mended(kind, rows)
        for old in list(self._by_step)[:-MOST_STEPS]:
            del self._by_step[old]

    def turned(self) -> tuple[list[Mended], list[Mended]]:
        """Corrections undone since this was last asked, the last one first; and those made again, the first one first.

        Raises a `UserError` of the store.
        """
        undone = self._project.undone(self._annotator, list(self._by_step))
        before, self._undone = self._undone, undone
        back = [mended for step, mended in self._by_step.items() if step in undone - before]
        again = [mended for step, mended in self._by_step.items() if step in before - undone]
        return back[::-1], again
