"""How long work tells how far it is, and learns that it is to stop."""

from __future__ import annotations

from typing import Protocol


class Cancelled(Exception):
    """The person asked the work to stop. What was finished by then is kept."""


class Progress(Protocol):
    """Told by a workflow, shown by whoever started it (a bar on a terminal, a line in the window)."""

    def report(self, done: int, total: int | None, unit: str) -> None:
        """``done`` of ``total`` (None: not known yet), counted in ``unit`` ("documents")."""

    def is_cancelled(self) -> bool:
        """Whether the work is to stop at the next safe point."""


class Silent:
    """Progress that nobody watches."""

    def report(self, done: int, total: int | None, unit: str) -> None:
        """Do nothing."""

    def is_cancelled(self) -> bool:
        """Never."""
        return False


def raise_if_cancelled(progress: Progress) -> None:
    """Raise `Cancelled` when the work is to stop."""
    if progress.is_cancelled():
        raise Cancelled
