"""Long texts in pieces that a pipeline can hold: cut where a reader would not mind. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import category

PIECE_CHARS = 20_000
"""Far below spaCy's limit of 1,000,000 characters; keeps memory flat on a 5 MB article."""


def cut(text: str, limit: int = PIECE_CHARS) -> Iterator[tuple[int, int]]:
    """Ranges ``[start, end)`` of at most ``limit`` code points that cover the text, in order.

    A cut falls after a blank line, else after a line break, else after white space, else before a character
    that begins anew (no combining mark, no joiner). CRLF is never parted.
    """
    start = 0
    while len(text) - start > limit:
        end = _cut_after(text, start, start + limit)
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _cut_after(text: str, start: int, limit: int) -> int:
    earliest = start + (limit - start) // 2
    for mark in ("\n\n", "\n", " "):
        found = text.rfind(mark, earliest, limit)
        if found >= 0:
            return found + len(mark)
    for end in range(limit, earliest, -1):
        if not _joins(text, end):
            return end
    return limit


def _joins(text: str, at: int) -> bool:
    """Whether the characters on both sides of ``at`` belong together."""
    before, after = text[at - 1], text[at]
    if before == "\r" and after == "\n":
        return True
    return category(after)[0] == "M" or "\u200d" in (before, after) or (before.isalnum() and after.isalnum())
