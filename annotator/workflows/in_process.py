"""Run a function in a spawned process: progress, cancel, and whatever it returns or raises come back.

The function and its arguments must be picklable, and the function takes a `Progress` last. The caller's
process loads nothing that the function imports: that is how spaCy stays out of the window. Free of Qt.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Generic, TypeAlias, TypeVar

from annotator.domain.errors import UserError
from annotator.workflows.progress import Cancelled, Progress

Value = TypeVar("Value")

POLL_S = 0.05
REPORT_EVERY_S = 0.05
CANCEL_GRACE_S = 8.0
"""How long a cancelled process may take to reach a safe point before it is ended by force."""
EXIT_GRACE_S = 3.0


class ProcessDied(UserError):
    """The process ended by itself (out of memory, killed)."""


class ProcessCrashed(Exception):
    """The function raised something unexpected. ``details`` is the traceback of the other process."""

    def __init__(self, summary: str, details: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.details = details


@dataclass(frozen=True, slots=True)
class _Reported:
    done: int
    total: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class _Returned(Generic[Value]):
    value: Value


@dataclass(frozen=True, slots=True)
class _Refused:
    """A `UserError` as plain strings: its class may live in a module that the parent must not load."""

    classes: tuple[tuple[str, str], ...]
    what: str
    where: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Crash:
    summary: str
    details: str


@dataclass(frozen=True, slots=True)
class _Stopped:
    pass


_Message: TypeAlias = _Reported | _Returned[Value] | _Refused | _Crash | _Stopped


def spawned(
    function: Callable[..., Value], *args: object, grace_s: float = CANCEL_GRACE_S
) -> Callable[[Progress], Value]:
    """``function(*args, progress)`` as work that only needs a `Progress` to run in another process."""
    return lambda progress: run_in_process(function, *args, progress=progress, grace_s=grace_s)


def run_in_process(
    function: Callable[..., Value], *args: object, progress: Progress, grace_s: float = CANCEL_GRACE_S
) -> Value:
    """Run ``function(*args, progress)`` in a spawned process and wait for it.

    Raises what a person can mend as the `UserError` it was, `Cancelled`, `ProcessDied` when the process ended
    without an answer, and `ProcessCrashed` for anything else. A cancelled process gets ``grace_s`` seconds.
    """
    call = _Call[Value](function, args)
    try:
        return call.wait(progress, grace_s)
    finally:
        call.end()


class _Call(Generic[Value]):
    """The parent's side of one call."""

    def __init__(self, function: Callable[..., Value], args: tuple[object, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, child_end = context.Pipe()
        # Not a daemon: it may start processes of its own. It ends when this end of the pipe closes.
        self._process: SpawnProcess = context.Process(
            target=_serve, args=(child_end, function, args), name=getattr(function, "__name__", "job")
        )
        try:
            self._process.start()
        finally:
            child_end.close()
        self._cancelled_at: float | None = None

    def wait(self, progress: Progress, grace_s: float) -> Value:
        """Pass progress on until the answer is there."""
        while True:
            self._pass_cancel_on(progress, grace_s)
            if not self._connection.poll(POLL_S):
                continue
            message = self._receive()
            if isinstance(message, _Reported):
                progress.report(message.done, message.total, message.unit)
            else:
                return _result(message)

    def end(self) -> None:
        """Let the process go, by force if it does not end by itself."""
        self._connection.close()
        self._process.join(EXIT_GRACE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def _receive(self) -> _Message[Value]:
        try:
            message: _Message[Value] = self._connection.recv()
        except (EOFError, ConnectionResetError) as fault:
            self._process.join(EXIT_GRACE_S)
            if self._cancelled_at is not None:
                raise Cancelled from fault
            raise ProcessDied(
                f"the work ended by itself (exit status {self._process.exitcode})",
                remedy="close other programs if memory is short, and try again",
            ) from fault
        return message

    def _pass_cancel_on(self, progress: Progress, grace_s: float) -> None:
        if not progress.is_cancelled():
            return
        if self._cancelled_at is None:
            self._cancelled_at = time.monotonic()
            with suppress(OSError):
                self._connection.send(None)
        elif time.monotonic() - self._cancelled_at > grace_s:
            self._process.terminate()


def _result(message: _Message[Value]) -> Value:
    match message:
        case _Returned(value):
            return value
        case _Refused():
            raise _user_error(message)
        case _Crash(summary, details):
            raise ProcessCrashed(summary, details)
        case _:
            raise Cancelled


def _refused(fault: UserError) -> _Refused:
    classes = tuple((kind.__module__, kind.__qualname__) for kind in type(fault).__mro__)
    return _Refused(classes, fault.what, fault.where, fault.remedy)


def _user_error(refused: _Refused) -> UserError:
    """The fault as its own class, or as the nearest ancestor whose module is loaded here."""
    for module, name in refused.classes:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and issubclass(kind, UserError):
            break
    else:
        kind = UserError
    fault = kind.__new__(kind, refused.what, refused.where, refused.remedy)
    UserError.__init__(fault, refused.what, where=refused.where, remedy=refused.remedy)
    return fault


class _ChildProgress:
    """The child's `Progress`: reports go up the pipe, a message or a closed pipe from above means cancel."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cancelled = threading.Event()
        self._reported_at = 0.0
        threading.Thread(target=self._watch, name="parent watch", daemon=True).start()

    def report(self, done: int, total: int | None, unit: str) -> None:
        now = time.monotonic()
        if done == total or now - self._reported_at > REPORT_EVERY_S:
            self._reported_at = now
            with suppress(OSError):
                self._connection.send(_Reported(done, total, unit))

    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def _watch(self) -> None:
        """Wait for the one word that comes from above; when the parent is gone, do not outlive it."""
        try:
            self._connection.recv()
            self._cancelled.set()
            self._connection.recv()
        except (EOFError, OSError):
            self._cancelled.set()
            time.sleep(EXIT_GRACE_S)
            os._exit(1)


def _serve(connection: Connection, function: Callable[..., object], args: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer = _answer(function, args, _ChildProgress(connection))
    with suppress(BrokenPipeError, ConnectionResetError):  # the parent has gone: nobody waits for it
        connection.send_bytes(answer)


def _answer(function: Callable[..., object], args: tuple[object, ...], progress: Progress) -> bytes:
    """The outcome as the pipe carries it. A value that cannot be sent is a crash like any other."""
    try:
        return pickle.dumps(_Returned(function(*args, progress)))
    except UserError as fault:
        return pickle.dumps(_refused(fault))
    except Cancelled:
        return pickle.dumps(_Stopped())
    except Exception as fault:  # the task runner's other half: `ui.tasks` tells it to the person
        return pickle.dumps(_Crash(f"{type(fault).__name__}: {fault}", traceback.format_exc()))
