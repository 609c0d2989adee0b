"""Text as it is laid out from a page's source, and where in the source each piece of it stands. Pure.

White space runs together as a browser shows it; blocks make line breaks, cells make tabs. What stands in the text and
not in the source (those breaks and tabs) belongs to no run.
"""

from __future__ import annotations

import re

Run = list[int]
"""``[text_start, source_start, length]``, in code points; with a fourth number where the source is longer or shorter
than the text (a reference like ``&amp;``)."""
_WORD_OR_SPACE = re.compile(r"[ \t\n\r\f]+|[^ \t\n\r\f]+")
_LINE = re.compile(r"\r\n?|[^\r]+")
MOST_BREAKS = 2


class LaidText:
    """Collects the text. `text` and `runs` are the result."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.runs: list[Run] = []
        self._before = ""  # breaks and tabs to write before the next piece
        self._space: tuple[int, int] | None = None
        self._rows: list[bool | None] = []  # of each open table: whether the row has a cell, None: no row yet
        self._is_row_fresh = False

    @property
    def text(self) -> str:
        """The text so far, without what would be written before a next piece."""
        return "".join(self._pieces)

    def add_flowing(self, chars: str, at: int) -> None:
        """Text of a paragraph: white space is one space, none at the edges of lines."""
        for match in _WORD_OR_SPACE.finditer(chars):
            if match[0][0] not in " \t\n\r\f":
                self.add(match[0], at + match.start(), len(match[0]))
            elif self._space is None:
                self._space = (at + match.start(), 1)

    def add_kept(self, chars: str, at: int) -> None:
        """Preformatted text: white space stays, line ends are line feeds."""
        for match in _LINE.finditer(chars):
            written = "\n" if match[0][0] == "\r" else match[0]
            self.add(written, at + match.start(), len(match[0]))

    def add(self, chars: str, at: int, source_length: int) -> None:
        """A piece as it is, which is ``source_length`` long in the source."""
        if not self._length:
            self._before, self._space = "", None
        if self._before:
            self._put(self._before)
        elif self._space is not None:
            self._mark(1, *self._space)
            self._put(" ")
        self._before, self._space, self._is_row_fresh = "", None, False
        self._mark(len(chars), at, source_length)
        self._put(chars)

    def break_line(self, count: int = 1) -> None:
        """At least ``count`` line breaks before the next piece, unless a cell has just begun."""
        if not self._is_in_cell_start:
            self._before = "\n" * max(count, len(self._before))
        self._space = None

    def add_break(self) -> None:
        """One line break more, as ``<br>`` makes it."""
        if not self._is_in_cell_start:
            self._before = "\n" * min(len(self._before) + 1, MOST_BREAKS)
        self._space = None

    @property
    def _is_in_cell_start(self) -> bool:
        return self._before.endswith("\t") or bool(self._is_row_fresh and self._rows and self._rows[-1])

    def begin_table(self) -> None:
        """A table, perhaps in a cell of another one."""
        self.break_line(MOST_BREAKS)
        self._rows.append(None)

    def end_table(self) -> None:
        """The end of the innermost table."""
        if self._rows:
            self._rows.pop()
        self._before, self._is_row_fresh = self._before.rstrip("\t"), False
        self.break_line(MOST_BREAKS)

    def begin_row(self) -> None:
        """A row of the innermost table."""
        self._before, self._is_row_fresh = self._before.rstrip("\t"), False
        self.break_line()
        if self._rows:
            self._rows[-1], self._is_row_fresh = False, True

    def begin_cell(self) -> None:
        """A cell: a tab before it, unless it is the first one of its row."""
        if self._rows and self._rows[-1]:
            tabs = self._before.count("\t") + 1
            breaks = "\n" * self._before.count("\n") if self._is_row_fresh else ""
            self._before, self._space = breaks + "\t" * tabs, None
        if self._rows:
            self._rows[-1] = True

    def _put(self, chars: str) -> None:
        self._pieces.append(chars)
        self._length += len(chars)

    def _mark(self, length: int, at: int, source_length: int) -> None:
        start = self._length
        if length != source_length:
            self.runs.append([start, at, length, source_length])
            return
        last = self.runs[-1] if self.runs else None
        if last and len(last) == 3 and last[0] + last[2] == start and last[1] + last[2] == at:
            last[2] += length
        else:
            self.runs.append([start, at, length])
