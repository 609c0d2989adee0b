"""Remarks of one file, each kind once with its count: a file with a thousand repairs does not make a thousand lines."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.formats.shapes import Remark


class Tally:
    """Counts what is remarked on, by sentence."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, int]] = {}

    def add(self, what: str, line: int, count: int = 1) -> None:
        """Note ``what``, a sentence without a full stop; the first ``line`` is kept."""
        if count:
            first, before = self._counts.get(what, (line, 0))
            self._counts[what] = (first, before + count)

    def remarks(self, path: str) -> Iterator[Remark]:
        """One remark a sentence, with the count where it is more than one."""
        for what, (line, count) in self._counts.items():
            yield Remark(path, line, f"{what} ({count:,} times)" if count > 1 else what)
