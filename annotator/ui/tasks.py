"""`Task`: the one door for long work. A workflow runs in a thread; what comes of it arrives in the UI thread.

Work that needs a process of its own (spaCy, training) is wrapped by `workflows.in_process.spawned` first; the
thread then only waits for that process. Holds no workflow and no widget.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeAlias

from PySide6.QtCore import QObject, Qt, Signal

from annotator.domain.errors import UserError
from annotator.workflows.in_process import ProcessCrashed
from annotator.workflows.progress import Cancelled, Progress

Work: TypeAlias = Callable[[Progress], Any]
"""What a task runs: it reports to the `Progress` and asks it whether to stop."""

TELL_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Finished:
    """The work is done; ``value`` is what it returned."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The work met a fault that the person can mend."""

    error: UserError


@dataclass(frozen=True, slots=True)
class Crashed:
    """The work met a fault of the program. ``details`` is the traceback, for the log."""

    summary: str
    details: str


@dataclass(frozen=True, slots=True)
class WasCancelled:
    """The work stopped because it was asked to; what it had finished by then is kept."""


Outcome: TypeAlias = Finished | Failed | Crashed | WasCancelled


@dataclass(frozen=True, slots=True)
class HowFar:
    """``done`` of ``total`` (None: not known) ``unit``; ``per_second`` is the mean rate, 0 until it is known."""

    done: int
    total: int | None
    unit: str
    per_second: float

    @property
    def seconds_left(self) -> float | None:
        """An estimate, or None when there is nothing to estimate from."""
        if self.total is None or self.per_second <= 0:
            return None
        return (self.total - self.done) / self.per_second


class _Meter:
    """The `Progress` of one task. Written by the work's thread, read by the UI thread."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._cancelled = threading.Event()
        self._told_at = 0.0
        self._began: tuple[float, int] | None = None
        self.how_far: HowFar | None = None

    def report(self, done: int, total: int | None, unit: str) -> None:
        now = time.monotonic()
        self._began = self._began or (now, done)
        elapsed_s = now - self._began[0]
        rate = (done - self._began[1]) / elapsed_s if elapsed_s > TELL_EVERY_S else 0.0
        self.how_far = HowFar(done, total, unit, rate)
        if now - self._told_at >= TELL_EVERY_S:
            self._told_at = now
            self._tell()

    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()


class Task(QObject):
    """One piece of long work. Made by `Tasks.start`; lives in the UI thread, its work in another.

    ``ended`` carries the id and the `Outcome`, exactly once; ``progressed`` carries a `HowFar`, at most ten
    times a second.
    """

    progressed = Signal(object)
    ended = Signal(int, object)
    _told = Signal()
    _done = Signal()

    def __init__(self, job_id: int, title: str, work: Work) -> None:
        super().__init__()
        self.id = job_id
        self.title = title
        self._work = work
        self._meter = _Meter(self._told.emit)
        self._outcome: Outcome | None = None
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name=f"task {job_id} {title}", daemon=True)

    @property
    def outcome(self) -> Outcome | None:
        """How the work ended; None until ``ended`` was emitted."""
        return None if self._thread.is_alive() else self._outcome

    @property
    def how_far(self) -> HowFar | None:
        """The last report, None before the first."""
        return self._meter.how_far

    @property
    def is_cancelling(self) -> bool:
        """Whether the work was asked to stop."""
        return self._meter.is_cancelled()

    def begin(self) -> None:
        """Start the thread (`Tasks.start` does)."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop at its next safe point; ``ended`` still comes."""
        self._meter.cancel()

    def wait(self, timeout_s: float) -> bool:
        """Block until the work's thread has ended; false when it has not by then."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._outcome = Finished(self._work(self._meter))
        except UserError as fault:
            self._outcome = Failed(fault)
        except Cancelled:
            self._outcome = WasCancelled()
        except ProcessCrashed as fault:
            self._outcome = Crashed(fault.summary, fault.details)
        except Exception as fault:
            self._outcome = Crashed(f"{type(fault).__name__}: {fault}", traceback.format_exc())
        self._done.emit()

    def _on_told(self) -> None:
        if self._meter.how_far is not None:
            self.progressed.emit(self._meter.how_far)

    def _on_done(self) -> None:
        self._thread.join()  # it has nothing left to do but end: the last reference must not die in it
        self._on_told()
        self.ended.emit(self.id, self._outcome)


class Tasks(QObject):
    """Every task of a window. Job ids never repeat within one, so a result can be told from a stale one."""

    started = Signal(object)
    ended = Signal(object, object)
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids = count(1)
        self._running: dict[int, Task] = {}
        self._is_closed = False

    @property
    def running(self) -> tuple[Task, ...]:
        """The tasks that have not ended, oldest first."""
        return tuple(self._running.values())

    @property
    def is_closed(self) -> bool:
        """Whether the window is closing: nothing can start any more."""
        return self._is_closed

    def start(self, title: str, work: Work, *, is_shown: bool = True) -> Task:
        """Run ``work`` off the UI thread. ``title`` is what it does ("Suggesting").

        ``is_shown``: whether ``started`` tells of it (the strip at the bottom of the window listens there).
        Connect to the task's ``ended`` before returning to the event loop: it cannot be emitted earlier.
        """
        if self._is_closed:
            raise RuntimeError("no work can be started while the window closes")
        task = Task(next(self._ids), title, work)
        self._running[task.id] = task
        task.ended.connect(self._on_task_ended)
        task.begin()
        if is_shown:
            self.started.emit(task)
        return task

    def cancel_all(self) -> None:
        """Ask everything to stop; ``idle`` tells when it has."""
        for task in self.running:
            task.cancel()

    def close(self, timeout_s: float = 15.0) -> bool:
        """Cancel everything and wait for it; false when a thread still runs then. Nothing can start after."""
        self._is_closed = True
        self.cancel_all()
        deadline = time.monotonic() + timeout_s
        waiting = deque(self.running)
        while waiting and waiting[0].wait(max(deadline - time.monotonic(), 0)):
            waiting.popleft()
        return not waiting

    def _on_task_ended(self, job_id: int, outcome: Outcome) -> None:
        task = self._running.pop(job_id)
        self.ended.emit(task, outcome)
        task.deleteLater()
        if not self._running:
            self.idle.emit()
