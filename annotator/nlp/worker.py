"""The parent's side of pipeline processes: start, feed, cancel, survive their deaths. Free of spaCy."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import TypeAlias, cast

from annotator.domain.errors import UserError
from annotator.nlp.messages import CannotLoad, Loaded, Read, Suggested, TextToRead, Unreadable
from annotator.nlp.pipelines import Pipeline, PipelineMissing

__all__ = ["PipelineWorker", "Reading", "Suggested", "TextToRead", "Unreadable", "WorkerDied", "read_all"]

BATCH_DOCUMENTS = 32
BATCH_CHARS = 100_000
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 3.0
CANCEL_GRACE_S = 1.0
DEATHS_IN_A_ROW = 10
"""After so many without a result in between, no text is to blame but the machine or the pipeline."""

_Result: TypeAlias = Suggested | Unreadable
_log = logging.getLogger(__name__)


class WorkerDied(UserError):
    """A pipeline process ended by itself (out of memory, killed)."""


class PipelineWorker:
    """One long-lived process with one pipeline. Not thread-safe."""

    def __init__(self, source: str) -> None:
        self._source = source
        context = multiprocessing.get_context("spawn")
        self.connection, self._child_end = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(self._child_end, source), name=f"pipeline {source}", daemon=True
        )

    def start(self) -> None:
        """Start the process; `wait_until_loaded` tells what it loaded."""
        with _interrupts_blocked():
            self._process.start()
        self._child_end.close()

    def wait_until_loaded(self) -> Pipeline:
        """What the process loaded. Raises `PipelineMissing` when it could not."""
        if not self.connection.poll(START_TIMEOUT_S):
            raise WorkerDied(f"the pipeline {self._source!r} did not load within {START_TIMEOUT_S:.0f} seconds")
        answer = self._receive()
        if isinstance(answer, CannotLoad):
            raise PipelineMissing(
                f"the pipeline {self._source!r} cannot be loaded ({answer.reason.rstrip('.')})",
                remedy="install it for this version of spaCy, or choose another one",
            )
        assert isinstance(answer, Loaded)
        return answer.pipeline

    def send(self, batch: Sequence[TextToRead]) -> None:
        """Give the process a batch; whether it lived to take it, `receive` will tell."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(list(batch))

    def receive(self) -> list[Suggested | Unreadable]:
        """The answer to the oldest batch. Raises `WorkerDied`."""
        answer = self._receive()
        assert isinstance(answer, Read)
        return answer.results

    def stop(self) -> None:
        """End the process, by force if it does not answer."""
        with suppress(OSError, ValueError):
            self.connection.send(None)
        self.connection.close()
        if self._process.pid is None:
            self._child_end.close()
            return
        self._process.join(STOP_TIMEOUT_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def kill(self) -> None:
        """End the process at once."""
        if self._process.is_alive():
            self._process.kill()

    def _receive(self) -> Loaded | CannotLoad | Read:
        try:
            answer = cast("Loaded | CannotLoad | Read", self.connection.recv())
        except (EOFError, ConnectionResetError) as fault:
            raise self._died() from fault
        for line in answer.noise:
            _log.debug("%s: %s", self._source, line)
        return answer

    def _died(self) -> WorkerDied:
        self._process.join(STOP_TIMEOUT_S)
        return WorkerDied(
            f"the pipeline process {self._source!r} ended by itself (exit status {self._process.exitcode})",
            remedy="close other programs if memory is short, and run it again: it goes on where it stopped",
        )


def read_all(source: str, *, workers: int = 1, is_cancelled: Callable[[], bool] = lambda: False) -> Reading:
    """A `Reading` with ``workers`` processes of the pipeline ``source``; a context manager."""
    return Reading(source, workers, is_cancelled)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts that go to a process together; on the second try each goes alone."""

    texts: list[TextToRead]
    is_second_try: bool = False

    def again(self) -> list[_Batch]:
        return [] if self.is_second_try else [_Batch([text], is_second_try=True) for text in self.texts]


class Reading:
    """Several pipeline processes that share one stream of texts."""

    def __init__(self, source: str, workers: int, is_cancelled: Callable[[], bool]) -> None:
        self._source = source
        self._is_cancelled = is_cancelled
        self._workers = [PipelineWorker(source) for _ in range(max(workers, 1))]
        self._busy: dict[Connection, tuple[PipelineWorker, _Batch]] = {}
        self._again = deque[_Batch]()
        self._deaths_in_a_row = 0
        self._cancelled_at: float | None = None
        self.pipeline: Pipeline

    def __enter__(self) -> Reading:
        try:
            for worker in self._workers:
                worker.start()
            loaded = [worker.wait_until_loaded() for worker in self._workers]
            self.pipeline = loaded[0]
        except BaseException:
            self._stop_all()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_all()

    def read(self, texts: Iterable[TextToRead]) -> Iterator[Suggested | Unreadable]:
        """Results as they come, in batches. Cancelling ends the stream within `CANCEL_GRACE_S`.

        The texts of a batch on which a process died are tried once more, each alone; one on which a process
        dies again is `Unreadable`. Raises `WorkerDied` after `DEATHS_IN_A_ROW`.
        """
        stream = _batches(texts)
        while True:
            self._hand_out(stream)
            if not self._busy or self._is_out_of_patience():
                return
            for ready in wait(list(self._busy), timeout=0.2):
                yield from self._results(*self._busy.pop(cast("Connection", ready)))

    def _hand_out(self, stream: Iterator[_Batch]) -> None:
        """Give every idle process a batch; nothing new once it is cancelled."""
        for worker in self._workers:
            if worker.connection in self._busy or self._is_cancelled():
                continue
            batch = self._again.popleft() if self._again else next(stream, None)
            if batch is None:
                return
            worker.send(batch.texts)
            self._busy[worker.connection] = (worker, batch)

    def _is_out_of_patience(self) -> bool:
        """Whether a cancel has waited long enough for a batch under way (a huge article takes minutes)."""
        if not self._is_cancelled():
            return False
        self._cancelled_at = self._cancelled_at or time.monotonic()
        if time.monotonic() - self._cancelled_at < CANCEL_GRACE_S:
            return False
        for worker in self._workers:
            worker.kill()
        return True

    def _results(self, worker: PipelineWorker, batch: _Batch) -> list[_Result]:
        """A batch's results; when its process died, another one is started and the texts wait for it."""
        try:
            results = worker.receive()
        except WorkerDied as fault:
            self._deaths_in_a_row += 1
            if self._deaths_in_a_row > DEATHS_IN_A_ROW:
                raise
            self._replace(worker)
            self._again.extend(batch.again())
            return [Unreadable(text.key, fault.what) for text in batch.texts if batch.is_second_try]
        self._deaths_in_a_row = 0
        return results

    def _replace(self, dead: PipelineWorker) -> None:
        dead.stop()
        fresh = PipelineWorker(self._source)
        self._workers[self._workers.index(dead)] = fresh
        fresh.start()
        fresh.wait_until_loaded()

    def _stop_all(self) -> None:
        for worker in self._workers:
            worker.stop()


def _batches(texts: Iterable[TextToRead]) -> Iterator[_Batch]:
    """Batches small enough that a cancel is felt within about a second."""
    batch: list[TextToRead] = []
    chars = 0
    for text in texts:
        if batch and (len(batch) >= BATCH_DOCUMENTS or chars + len(text.text) > BATCH_CHARS):
            yield _Batch(batch)
            batch, chars = [], 0
        batch.append(text)
        chars += len(text.text)
    if batch:
        yield _Batch(batch)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Ctrl+C is the parent's business from the child's first instruction on: it inherits the blocked signal."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # it unblocks signals when it starts
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _serve(connection: Connection, source: str) -> None:
    from annotator.nlp.serving import serve  # leads to spaCy: only in the child

    serve(connection, source)
