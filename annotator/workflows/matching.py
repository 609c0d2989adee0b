"""Regular expressions with a time bound: a process of its own looks for them, and is ended when it takes too long.

Python's `re` holds the interpreter's lock while it looks, so that ``(a+)+$`` in a thread would stop the whole window
for hours. The process knows `re` only; it is given texts and gives back places.
"""

from __future__ import annotations

import multiprocessing
import re
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from annotator.domain.errors import UserError
from annotator.domain.finding import Range
from annotator.domain.queries import Regex
from annotator.workflows.progress import Cancelled, Progress

POLL_S = 0.02
TIMEOUT_S = 3.0
START_S = 15.0
"""A process that begins has so long, on a machine that is busy."""
PORTION_CHARS = 1_000_000
"""So much text at a time; an ordinary expression takes some 20 ms for it."""
MOST_PLACES = 5_001
"""No more places are given back of one text."""


class RegexTooSlow(UserError):
    """A regular expression takes longer than anybody wants to wait."""


class Matcher:
    """Finds regular expressions in texts. May be asked by several threads; they wait for each other.

    ``timeout_s``: what a million characters may take. The process starts when it is first needed.
    """

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._is_listening = False

    def find(self, regex: Regex, texts: Sequence[str], progress: Progress) -> list[list[Range]]:
        """The places ``[start, end)`` in each text, in order; empty matches are none.

        Raises `RegexTooSlow`, or `Cancelled` when ``progress`` says so.
        """
        found: list[list[Range]] = []
        with self._lock:
            for portion in _portions(texts):
                found += self._ask(regex, portion, progress)
        return found

    def prepare(self) -> None:
        """Start the process, so that the first search need not wait for it."""
        with self._lock:
            if self._connection is None:
                self._start()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, regex: Regex, texts: Sequence[str], progress: Progress) -> list[list[Range]]:
        try:
            connection = self._begun(progress)
            connection.send((regex.pattern, regex.ignores_case, texts))
            self._wait(connection, self._timeout_s, progress)
            answer: list[list[Range]] = connection.recv()
        except (EOFError, OSError) as fault:
            self._end()
            raise UserError(
                "the search for the regular expression ended by itself", remedy="make the expression simpler"
            ) from fault
        return answer

    def _begun(self, progress: Progress) -> Connection:
        """The way to the process, once it has said that it listens."""
        connection = self._connection or self._start()
        if not self._is_listening:
            self._wait(connection, START_S, progress)
            connection.recv()
            self._is_listening = True
        return connection

    def _wait(self, connection: Connection, timeout_s: float, progress: Progress) -> None:
        deadline = time.monotonic() + timeout_s
        while not connection.poll(POLL_S):
            if progress.is_cancelled():
                self._end()
                raise Cancelled
            if time.monotonic() > deadline:
                self._end()
                raise RegexTooSlow(
                    "this regular expression takes too long",
                    remedy="take out a repetition inside a repetition, as in (a+)+, or type words instead",
                )

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        connection, child_end = context.Pipe()
        process = context.Process(target=_serve, args=(child_end,), name="regular expressions", daemon=True)
        process.start()
        child_end.close()
        self._process, self._connection = process, connection
        return connection

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._connection = None
        self._is_listening = False


def _portions(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    first, length = 0, 0
    for place, text in enumerate(texts):
        if length and length + len(text) > PORTION_CHARS:
            yield texts[first:place]
            first, length = place, 0
        length += len(text)
    if first < len(texts):
        yield texts[first:]


def _serve(connection: Connection) -> None:
    """The process: answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        connection.send(None)
        while True:
            pattern, ignores_case, texts = connection.recv()
            compiled = _compiled(pattern, ignores_case=ignores_case)
            connection.send([_places(compiled, text) for text in texts])


@lru_cache(maxsize=32)
def _compiled(pattern: str, *, ignores_case: bool) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE | (re.IGNORECASE if ignores_case else re.RegexFlag(0)))


def _places(compiled: re.Pattern[str], text: str) -> list[Range]:
    found: list[Range] = []
    for match in compiled.finditer(text):
        if match.end() > match.start():
            found.append(match.span())
            if len(found) >= MOST_PLACES:
                break
    return found
