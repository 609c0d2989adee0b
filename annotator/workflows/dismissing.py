"""What of the inbox an annotator said is right as it is: kept in the project, so that it travels with the file.

It is no label and not in the journal; undo does not touch it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from annotator.domain.inconsistencies import Entry
from annotator.store import ProjectStore
from annotator.workflows import clock


class Dismissals:
    """The dismissed entries of one annotator by their keys. Every method raises a `UserError` of the store."""

    def __init__(self, store: ProjectStore, annotator: str) -> None:
        self._store = store
        self._annotator = annotator

    def dismissed(self) -> Collection[str]:
        """The keys of the entries, see `Entry.key`."""
        with self._store.reading() as reader:
            return reader.dismissed(self._annotator)

    def add(self, entries: Iterable[Entry]) -> None:
        """These are right."""
        self.add_keys(entry.key for entry in entries)

    def add_keys(self, keys: Iterable[str]) -> None:
        """The entries with these keys are right."""
        with self._store.writing() as unit:
            unit.dismiss(self._annotator, keys, clock.now())

    def take_back(self, entries: Iterable[Entry]) -> None:
        """These are to be shown again."""
        with self._store.writing() as unit:
            unit.take_back_dismissals(self._annotator, [entry.key for entry in entries])
