"""The worker process: answers batches until its parent is gone, and keeps quiet. spaCy comes in by `reading`."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from multiprocessing.connection import Connection, wait

from annotator.nlp.messages import CannotLoad, Loaded, Read
from annotator.nlp.reading import PipelineReader, one_line

NOISE_LINES = 20
"""As many warnings are passed on with an answer; a pipeline may have one for every token."""


def serve(connection: Connection, source: str) -> None:
    """Answer batches of texts until the connection closes. Runs in the worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's business
    threading.Thread(target=_end_with_parent, name="parent watch", daemon=True).start()
    noise = _Noise()
    try:
        reader = PipelineReader(source)
    except Exception as fault:
        # Anything may go wrong in a foreign pipeline's code; the parent turns it into one sentence.
        connection.send(CannotLoad(one_line(fault), noise.taken()))
        return
    try:
        connection.send(Loaded(reader.pipeline, noise.taken()))
        while (batch := connection.recv()) is not None:
            results = reader.read(batch)
            connection.send(Read(results, noise.taken()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent is gone


class _Noise(logging.Handler):
    """Holds warnings and log lines for the parent's log; nothing else of a pipeline may reach the terminal."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._lines: list[str] = []
        logging.captureWarnings(capture=True)
        warnings.simplefilter("default")
        logging.getLogger().addHandler(self)
        _close_terminal()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line, unless there are many already."""
        if len(self._lines) < NOISE_LINES:
            self._lines.append(" ".join(record.getMessage().split()))

    def taken(self) -> tuple[str, ...]:
        """The lines since the last time."""
        lines, self._lines = self._lines, []
        return tuple(lines)


def _close_terminal() -> None:
    """What a pipeline prints would spoil ``--json`` and the progress bar of whoever started the parent."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
        if stream is not None:  # a windowed program has none
            stream.flush()
        os.dup2(nowhere, number)


def _end_with_parent() -> None:
    """Do not outlive the parent: a long text would go on for minutes before the closed pipe is noticed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
