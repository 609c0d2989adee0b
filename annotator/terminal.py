"""How commands speak on a terminal: one JSON object or plain lines, a progress bar, one sentence on a fault."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click
import orjson

DONE, FAILED, WRONG_USAGE, LEFT_OUT = 0, 1, 2, 3
"""Exit statuses: done; could not be done; wrong usage; done, but something was rejected or left out."""


class Terminal:
    """Where a command's results and messages go.

    Results go to standard output (with ``is_json`` exactly one JSON object), messages to standard error.
    """

    def __init__(self, *, is_json: bool = False, is_quiet: bool = False) -> None:
        self.is_json = is_json
        self.is_quiet = is_quiet

    def say(self, message: str) -> None:
        """A message for the person, unless ``--quiet``."""
        if not self.is_quiet:
            click.echo(message, err=True)

    def warn(self, message: str) -> None:
        """A message that ``--quiet`` does not silence: something was left out."""
        click.echo(message, err=True)

    def result(self, values: Mapping[str, Any], lines: str) -> None:
        """The result: as JSON, or as plain ``lines``."""
        if self.is_json:
            sys.stdout.buffer.write(orjson.dumps(values, option=orjson.OPT_INDENT_2) + b"\n")
            sys.stdout.buffer.flush()
        elif not self.is_quiet and lines:
            click.echo(lines)

    @contextmanager
    def progress(self, what: str) -> Iterator[TerminalProgress]:
        """A progress bar for work over a second; Ctrl+C asks the work to stop at the next safe point."""
        progress = TerminalProgress(what, is_shown=not self.is_quiet)
        previous = signal.signal(signal.SIGINT, progress.on_interrupt)
        try:
            yield progress
        finally:
            signal.signal(signal.SIGINT, previous)
            progress.close()


class TerminalProgress:
    """A `Progress` drawn by tqdm on standard error; nothing where that is no terminal."""

    def __init__(self, what: str, *, is_shown: bool) -> None:
        from tqdm import tqdm

        self._bar = tqdm(desc=what, delay=1, disable=None if is_shown else True, file=sys.stderr, leave=False)
        self._is_cancelled = False

    def report(self, done: int, total: int | None, unit: str) -> None:
        """Draw how far the work is."""
        self._bar.unit = f" {unit}"
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def is_cancelled(self) -> bool:
        """Whether Ctrl+C was pressed."""
        return self._is_cancelled

    def on_interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        """The first Ctrl+C stops at the next safe point, the second at once."""
        if self._is_cancelled:
            raise KeyboardInterrupt
        self._is_cancelled = True
        click.echo("\nStopping…", err=True)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()


def names_of(option: str) -> tuple[str, ...]:
    """The names in an option that has several, separated by commas."""
    return tuple(name.strip() for name in option.split(",") if name.strip())
