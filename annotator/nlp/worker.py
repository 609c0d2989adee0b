"""The parent's side of pipeline processes: start, feed, cancel, survive their deaths. Free of spaCy."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import cast

from annotator.domain.errors import UserError
from annotator.nlp.messages import CannotLoad, Suggested, TextToRead, Unreadable
from annotator.nlp.pipelines import Pipeline, PipelineMissing

__all__ = ["PipelineWorker", "Reading", "Suggested", "TextToRead", "Unreadable", "read_all"]

BATCH_DOCUMENTS = 32
BATCH_CHARS = 100_000
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 3.0
CANCEL_GRACE_S = 1.0


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
        self._process.start()
        self._child_end.close()

    def wait_until_loaded(self) -> Pipeline:
        """What the process loaded. Raises `PipelineMissing` when it could not."""
        answer = self._receive(START_TIMEOUT_S)
        if isinstance(answer, CannotLoad):
            raise PipelineMissing(
                f"the pipeline {self._source!r} cannot be loaded ({answer.reason})",
                remedy="install it for this version of spaCy, or choose another one",
            )
        assert isinstance(answer, Pipeline)
        return answer

    def send(self, batch: Sequence[TextToRead]) -> None:
        """Give the process a batch; its answer is waited for by `receive`."""
        try:
            self.connection.send(list(batch))
        except (BrokenPipeError, ConnectionResetError) as fault:
            raise self._died() from fault

    def receive(self) -> list[Suggested | Unreadable]:
        """The answer to the oldest batch. Raises `WorkerDied`."""
        answer = self._receive(None)
        assert isinstance(answer, list)
        return answer

    def stop(self) -> None:
        """End the process, by force if it does not answer."""
        with suppress(OSError, ValueError):
            self.connection.send(None)
        self.connection.close()
        if self._process.pid is None:
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

    def _receive(self, timeout_s: float | None) -> object:
        try:
            if timeout_s is not None and not self.connection.poll(timeout_s):
                raise WorkerDied(f"the pipeline {self._source!r} did not load within {timeout_s:.0f} seconds")
            return self.connection.recv()
        except (EOFError, ConnectionResetError) as fault:
            raise self._died() from fault

    def _died(self) -> WorkerDied:
        self._process.join(STOP_TIMEOUT_S)
        return WorkerDied(
            f"the pipeline process {self._source!r} ended by itself (exit status {self._process.exitcode})",
            remedy="close other programs if memory is short, and run it again: it goes on where it stopped",
        )


def read_all(source: str, *, workers: int = 1, is_cancelled: Callable[[], bool] = lambda: False) -> Reading:
    """A `Reading` with ``workers`` processes of the pipeline ``source``; a context manager."""
    return Reading(source, workers, is_cancelled)


class Reading:
    """Several pipeline processes that share one stream of texts."""

    def __init__(self, source: str, workers: int, is_cancelled: Callable[[], bool]) -> None:
        self._source = source
        self._is_cancelled = is_cancelled
        self._workers = [PipelineWorker(source) for _ in range(max(workers, 1))]
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

        A text on which a process dies is tried once more alone, then reported as `Unreadable`.
        """
        batches = deque[list[TextToRead]]()
        stream = _batches(texts)
        busy: dict[Connection, tuple[PipelineWorker, list[TextToRead]]] = {}
        idle = list(self._workers)
        while True:
            while idle and not self._is_cancelled():
                batch = batches.popleft() if batches else next(stream, None)
                if batch is None:
                    break
                worker = idle.pop()
                worker.send(batch)
                busy[worker.connection] = (worker, batch)
            if not busy or self._is_out_of_patience():
                return
            for ready in wait(list(busy), timeout=0.2):
                worker, batch = busy.pop(cast("Connection", ready))
                results, again = self._results(worker, batch)
                idle.append(worker if again is None else self._replaced(worker))
                batches.extend(again or ())
                yield from results

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

    def _results(
        self, worker: PipelineWorker, batch: list[TextToRead]
    ) -> tuple[list[Suggested | Unreadable], list[list[TextToRead]] | None]:
        """A batch's results; and when its process died, what is to be read again, text by text."""
        try:
            return worker.receive(), None
        except WorkerDied as fault:
            if len(batch) == 1:
                return [Unreadable(batch[0].key, fault.what)], []
            return [], [[text] for text in batch]

    def _replaced(self, dead: PipelineWorker) -> PipelineWorker:
        dead.stop()
        fresh = PipelineWorker(self._source)
        self._workers[self._workers.index(dead)] = fresh
        fresh.start()
        fresh.wait_until_loaded()
        return fresh

    def _stop_all(self) -> None:
        for worker in self._workers:
            worker.stop()


def _batches(texts: Iterable[TextToRead]) -> Iterator[list[TextToRead]]:
    """Batches small enough that a cancel is felt within about a second."""
    batch: list[TextToRead] = []
    chars = 0
    for text in texts:
        if batch and (len(batch) >= BATCH_DOCUMENTS or chars + len(text.text) > BATCH_CHARS):
            yield batch
            batch, chars = [], 0
        batch.append(text)
        chars += len(text.text)
    if batch:
        yield batch


def _serve(connection: Connection, source: str) -> None:
    from annotator.nlp.reading import serve  # imports spaCy: only in the child

    serve(connection, source)
