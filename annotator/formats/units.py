"""Offsets whose unit a file does not name: code points or UTF-16 units, as its surfaces or the edges of words say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.offsets import Utf16Map


class Unit(StrEnum):
    """What offsets count."""

    CODE_POINTS = "code points"
    UTF16 = "UTF-16 units"


class Measured:
    """A text in which offsets of either unit are looked up."""

    __slots__ = ("_map", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._map = Utf16Map(text)

    @property
    def is_ambiguous(self) -> bool:
        """Whether the units differ in this text."""
        return self._map.length_utf16 != len(self.text)

    def to_chars(self, start: int, end: int, unit: Unit) -> tuple[int, int]:
        """``[start, end)`` in code points."""
        if unit is Unit.CODE_POINTS:
            return start, end
        return self._map.to_char(start), self._map.to_char(end)


@dataclass(slots=True)
class Votes:
    """How many spans of a file speak for which unit; those that fit both or none do not."""

    code_points: int = 0
    utf16: int = 0

    @property
    def unit(self) -> Unit:
        """The unit most spans speak for; code points when they do not say."""
        return Unit.UTF16 if self.utf16 > self.code_points else Unit.CODE_POINTS

    def by_surface(self, measured: Measured, start: int, end: int, surface: str) -> None:
        """Count a span whose words the file gives."""
        self._count(*(_slice(measured, start, end, unit) == surface for unit in Unit))

    def by_edges(self, measured: Measured, start: int, end: int) -> None:
        """Count a span of which only the place is known: spans lie within the text, on the edges of words."""
        self._count(*(_is_on_edges(measured.text, *measured.to_chars(start, end, unit)) for unit in Unit))

    def _count(self, is_code_points: bool, is_utf16: bool) -> None:
        if is_code_points != is_utf16:
            self.code_points += is_code_points
            self.utf16 += is_utf16


def _slice(measured: Measured, start: int, end: int, unit: Unit) -> str:
    first, last = measured.to_chars(start, end, unit)
    return measured.text[first:last]


def _is_on_edges(text: str, start: int, end: int) -> bool:
    if not 0 <= start < end <= len(text) or text[start].isspace() or text[end - 1].isspace():
        return False
    is_first = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    return is_first and (end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum()))
