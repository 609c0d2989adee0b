"""One writer thread: every edit reaches the disk in order, and "saved" is said only after the commit.

Nothing is dropped: an edit that cannot be written stays at the head of the queue, is tried again, and is put
into a rescue file when the window must close nevertheless.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from annotator.domain.errors import UserError
from annotator.store import NewEntry, ProjectStore, StaleSet


@dataclass(frozen=True, slots=True)
class Saved:
    """Everything is on the disk."""


@dataclass(frozen=True, slots=True)
class Saving:
    """``waiting`` edits are on their way."""

    waiting: int


@dataclass(frozen=True, slots=True)
class NotSaved:
    """``waiting`` edits could not be written. ``is_final``: trying again cannot help."""

    waiting: int
    reason: str
    is_final: bool


SaveState: TypeAlias = Saved | Saving | NotSaved

RETRY_S = 2.0
GRACE_S = 0.015
"""A key is painted before its edit is written: the writer would hold Python's lock for about 5 ms of that time.

Who waits for the disk (`Saver.flush`: leaving a document, closing) does not wait for this.
"""
GROUP_ENTRIES = 64
"""As many entries share a commit at most."""


class Saver:
    """Writes journal entries in a thread of its own. ``on_change`` is called in that thread."""

    def __init__(
        self,
        store: ProjectStore,
        on_change: Callable[[SaveState], None] = lambda _: None,
        *,
        retry_s: float = RETRY_S,
    ) -> None:
        self._store = store
        self._on_change = on_change
        self._retry_s = retry_s
        self._queue: deque[NewEntry] = deque()
        self._changed = threading.Condition()
        self._state: SaveState = Saved()
        self._is_closing = False
        self._waiting_for = 0
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)
        self._thread.start()

    @property
    def state(self) -> SaveState:
        """What is on the disk, as of now."""
        return self._state

    def listen(self, on_change: Callable[[SaveState], None]) -> None:
        """Tell ``on_change`` from now on (in the writer's thread)."""
        self._on_change = on_change

    def submit(self, entry: NewEntry) -> None:
        """Queue one entry; returns at once."""
        with self._changed:
            self._queue.append(entry)
            if not isinstance(self._state, NotSaved):
                self._set(Saving(len(self._queue)))
            self._changed.notify_all()

    def waiting(self) -> list[NewEntry]:
        """The entries that are not on the disk yet, oldest first."""
        with self._changed:
            return list(self._queue)

    def flush(self, timeout_s: float = 10.0) -> bool:
        """Wait until everything is on the disk; false when it is not by then."""
        with self._changed:
            self._waiting_for += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._queue or isinstance(self._state, NotSaved), timeout_s)
            self._waiting_for -= 1
            return not self._queue

    def retry(self) -> None:
        """Try again now what could not be written."""
        with self._changed:
            if isinstance(self._state, NotSaved):
                self._set(Saving(len(self._queue)))
            self._changed.notify_all()

    def give_up(self) -> list[NewEntry]:
        """Take what could not be written off the queue (after it went into a rescue file)."""
        with self._changed:
            left = list(self._queue)
            self._queue.clear()
            self._set(Saved())
            self._changed.notify_all()
            return left

    def close(self, timeout_s: float = 10.0) -> bool:
        """Write what is waiting and end the thread; false when something could not be written."""
        is_saved = self.flush(timeout_s)
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        return is_saved

    def _run(self) -> None:
        while entries := self._next_entries():
            failure = self._write(entries)
            if failure is not None and len(entries) > 1:  # what can be written alone is not held up by the others
                entries = entries[:1]
                failure = self._write(entries)
            with self._changed:
                if failure is None:
                    self._drop_written(entries)
                else:
                    self._set(NotSaved(len(self._queue), str(failure), isinstance(failure, StaleSet)))
                self._changed.notify_all()

    def _drop_written(self, entries: list[NewEntry]) -> None:
        for entry in entries:
            if self._queue and self._queue[0] is entry:
                self._queue.popleft()
        self._set(Saving(len(self._queue)) if self._queue else Saved())

    def _next_entries(self) -> list[NewEntry]:
        """Wait for work: everything that waits, oldest first; nothing when closing.

        After a failure, wait for a retry or for the pause to pass.
        """
        with self._changed:
            if isinstance(self._state, NotSaved):
                wait_s = None if self._state.is_final else self._retry_s
                self._changed.wait_for(lambda: self._is_closing or not isinstance(self._state, NotSaved), wait_s)
            self._changed.wait_for(lambda: self._is_closing or bool(self._queue))
            self._changed.wait_for(lambda: self._is_closing or self._waiting_for > 0, GRACE_S)
            return [] if self._is_closing else list(islice(self._queue, GROUP_ENTRIES))

    def _write(self, entries: list[NewEntry]) -> UserError | None:
        """Write entries in order, all of them or none: several that wait share one commit, each keeps its rows."""
        try:
            with self._store.writing() as unit:
                for entry in entries:
                    unit.append(entry)
        except UserError as failure:
            return failure
        return None

    def _set(self, state: SaveState) -> None:
        self._state = state
        self._on_change(state)
