"""Code points <-> UTF-16 units, and text tools that never change an offset.

Everything in Annotator counts Unicode code points; Qt counts UTF-16 units. `Utf16Map` is the one place
where the two meet. Only characters outside the BMP make them differ, so only their positions are kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right


class Utf16Map:
    """Converts offsets of one text between code points and UTF-16 units, both ways, in O(log astral).

    A UTF-16 offset that falls between two surrogates belongs to the character that they make up: it maps to
    that character's start.
    """

    __slots__ = ("_astral_chars", "_astral_utf16", "length_chars")

    def __init__(self, text: str) -> None:
        self.length_chars = len(text)
        self._astral_chars: list[int] = []
        self._astral_utf16: list[int] = []
        if not text.isascii() and max(text) > "\uffff":
            self._astral_chars = [at for at, char in enumerate(text) if char > "\uffff"]
            self._astral_utf16 = [at + before for before, at in enumerate(self._astral_chars)]

    @property
    def length_utf16(self) -> int:
        """Length of the text in UTF-16 units."""
        return self.length_chars + len(self._astral_chars)

    def to_utf16(self, char: int) -> int:
        """The UTF-16 offset of code-point offset ``char``."""
        if not self._astral_chars:
            return char
        return char + bisect_left(self._astral_chars, char)

    def to_char(self, utf16: int) -> int:
        """The code-point offset of UTF-16 offset ``utf16``."""
        if not self._astral_utf16:
            return utf16
        before = bisect_right(self._astral_utf16, utf16 - 1)
        if before and self._astral_utf16[before - 1] == utf16 - 1:
            return self._astral_chars[before - 1]  # between two surrogates
        return utf16 - before


def trim(text: str, start_char: int, end_char: int) -> tuple[int, int]:
    """``[start, end)`` without white space at its edges; an all-white range becomes empty at its start."""
    while start_char < end_char and text[end_char - 1].isspace():
        end_char -= 1
    while start_char < end_char and text[start_char].isspace():
        start_char += 1
    return start_char, end_char
