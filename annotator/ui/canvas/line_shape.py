"""Where the code points of one line of text are: ranges to pixels and back.

Qt counts UTF-16 units and knows where glyphs stand; everything outside counts code points of the document. A
line with right-to-left text is read cell by cell from its glyph runs: `cursorToX` has two answers where the
direction changes and gives only one (measured: the first Hebrew letter after Latin text came out empty).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import cast

from PySide6.QtGui import QGlyphRun, QTextLayout, QTextLine

from annotator.domain.offsets import Utf16Map

Across = tuple[float, float]
_ON_CHARACTER = QTextLine.CursorPosition.CursorOnCharacter
_BETWEEN = QTextLine.CursorPosition.CursorBetweenCharacters
LEAST_PX = 2.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One grapheme cluster: its place across the line, its UTF-16 range, and which way it is read."""

    left: float
    right: float
    start: int
    end: int
    is_rtl: bool
    is_in_ligature: bool = False


class LineShape:
    """One line of a block with ``text``, which begins at ``start`` in the document; pixels are the layout's."""

    def __init__(
        self, line: QTextLine, layout: QTextLayout, text: str, offsets: Utf16Map, start: int, *, is_mixed: bool
    ) -> None:
        self.line = line
        self._layout = layout
        self._offsets = offsets
        self._text = text
        self._block_start = start
        self._is_mixed = is_mixed
        self._first = line.textStart()
        self._last = line.textStart() + line.textLength()
        self.start = self._char(self._first)
        self.end = self._char(self._last)

    def across(self, start: int, end: int) -> list[Across]:
        """The pixels ``[left, right)`` of a range, grown to whole grapheme clusters; several in mixed text."""
        first = self._floor(self._utf16(max(start, self.start)))
        last = self._ceiling(self._utf16(min(end, self.end)))
        if first >= last:
            return []
        if self._is_mixed:
            return self._across_mixed(first, last)
        left, right = _x(self.line, first), _x(self.line, last)
        return [(left, max(right, left + LEAST_PX))]

    def char_at(self, x: float) -> int:
        """The first code point of the grapheme cluster at ``x``, the nearest when there is none."""
        if self.end <= self.start:
            return self.start
        if self._is_mixed:
            return self._char(self._nearest_cell(x).start)
        at = self._floor(min(max(self.line.xToCursor(x, _ON_CHARACTER), self._first), self._last - 1))
        while at > self._first and _x(self.line, at) > x:  # it errs by one inside ligatures
            at = self._layout.previousCursorPosition(at)
        while (following := self._layout.nextCursorPosition(at)) < self._last and _x(self.line, following) <= x:
            at = following
        return self._char(at)

    def gap_at(self, x: float) -> int:
        """The edge between two grapheme clusters that is nearest to ``x``."""
        if self._is_mixed and self.end > self.start:
            cell = self._nearest_cell(x)
            is_left_half = x < (cell.left + cell.right) / 2
            return self._char(cell.start if is_left_half != cell.is_rtl else cell.end)
        at = min(max(self.line.xToCursor(x, _BETWEEN), self._first), self._last)
        return self._char(self._floor(at))

    def cluster(self, char: int) -> tuple[int, int]:
        """The grapheme cluster that has ``char``, in code points."""
        utf16 = self._utf16(char)
        return self._char(self._floor(utf16)), self._char(self._ceiling(utf16 + 1))

    def place_of(self, char: int) -> list[Across]:
        """A thin box where a code point without any width of its own would stand."""
        x = _x(self.line, self._utf16(char))
        return [(x, x + LEAST_PX)]

    @property
    def text_range(self) -> Across:
        """From the first to the last pixel of the line's text."""
        rect = self.line.naturalTextRect()
        return rect.left(), rect.right()

    def _across_mixed(self, first: int, last: int) -> list[Across]:
        return _merged((cell.left, cell.right) for cell in self._cells if first <= cell.start and cell.end <= last)

    @cached_property
    def _cells(self) -> list[Cell]:
        return list(self._with_shared_ligatures())

    def _with_shared_ligatures(self) -> Iterator[Cell]:
        """A ligature is one glyph: its letters get equal parts of it, as Qt's own cursor does."""
        for (is_in_ligature, _), group in groupby(self._read_cells(), lambda cell: (cell.is_in_ligature, cell.is_rtl)):
            cells = list(group)
            yield from self._shared(cells) if is_in_ligature else cells

    def _shared(self, cells: Sequence[Cell]) -> Iterator[Cell]:
        runs = self.line.glyphRuns(cells[0].start, cells[-1].end - cells[0].start)
        left = min(run.boundingRect().left() for run in runs)
        step = (max(run.boundingRect().right() for run in runs) - left) / len(cells)
        for number, cell in enumerate(reversed(cells) if cells[0].is_rtl else cells):
            yield replace(cell, left=left + number * step, right=left + (number + 1) * step)

    def _read_cells(self) -> Iterator[Cell]:
        at, held = self._first, None
        while at < self._last:
            following = min(max(self._layout.nextCursorPosition(at), at + 1), self._last)
            cell = self._read_cell(at, following)
            if held is not None and self._is_drawn_by(cell, held):
                held, cell = _halved(held, cell)
            if held is not None:
                yield held
            at, held = following, cell
        if held is not None:
            yield held

    def _read_cell(self, first: int, last: int) -> Cell:
        one, other = _x(self.line, first), _x(self.line, last)
        runs = [run for run in self.line.glyphRuns(first, last - first) if run.boundingRect().width() > 0]
        if not runs:  # of what has no glyph only a tab has a width; beside a mark the edges may be far apart
            other = other if self._text_at(first) == "\t" else one
            return Cell(min(one, other), max(one, other), first, last, other < one)
        left = min(run.boundingRect().left() for run in runs)
        right = max(run.boundingRect().right() for run in runs)
        is_in_ligature = any(run.flags() & QGlyphRun.GlyphRunFlag.SplitLigature for run in runs)
        return Cell(left, right, first, last, runs[0].isRightToLeft(), is_in_ligature)

    def _is_drawn_by(self, cell: Cell, before: Cell) -> bool:
        """Whether a letter has no width of its own because the glyph before shows both, as lam-alef does."""
        if cell.right - cell.left > 0.1 or before.right - before.left <= LEAST_PX:
            return False
        return self._text_at(cell.start).isalpha()

    def _text_at(self, utf16: int) -> str:
        return self._text[self._offsets.to_char(utf16)]

    def _nearest_cell(self, x: float) -> Cell:
        return min(self._cells, key=lambda cell: (max(cell.left - x, x - cell.right, 0.0), cell.start))

    def _floor(self, utf16: int) -> int:
        if self._layout.isValidCursorPosition(utf16):
            return utf16
        return max(self._layout.previousCursorPosition(utf16), self._first)

    def _ceiling(self, utf16: int) -> int:
        if self._layout.isValidCursorPosition(utf16):
            return utf16
        return min(self._layout.nextCursorPosition(utf16), self._last)

    def _utf16(self, char: int) -> int:
        return self._offsets.to_utf16(char - self._block_start)

    def _char(self, utf16: int) -> int:
        return self._block_start + self._offsets.to_char(utf16)


def _halved(before: Cell, after: Cell) -> tuple[Cell, Cell]:
    middle = (before.left + before.right) / 2
    if before.is_rtl:
        return replace(before, left=middle), replace(after, left=before.left, right=middle, is_rtl=True)
    return replace(before, right=middle), replace(after, left=middle, right=before.right, is_rtl=False)


def _x(line: QTextLine, utf16: int) -> float:
    return cast("tuple[float, int]", line.cursorToX(utf16))[0]


def _merged(ranges: Iterable[Across]) -> list[Across]:
    merged: list[Across] = []
    for left, right in sorted(one for one in ranges if one[1] > one[0]):
        if merged and left <= merged[-1][1] + 0.5:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged
