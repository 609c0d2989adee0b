"""The text in blocks: a paragraph each, long paragraphs in several, so that layout stays local. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from annotator.domain.text import Document

MAX_TOKENS = 250
MAX_CHARS = 2_000
_LINE_END = re.compile(r"\r\n|\n|\r")


class Blocks:
    """Where each block of a text begins and ends, in code points. A block's line end belongs to no block."""

    def __init__(self, document: Document) -> None:
        pairs = list(_cut(document))
        self.starts = [start for start, _ in pairs]
        self.ends = [end for _, end in pairs]

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, char: int) -> int:
        """The block that has ``char``, or the one before when it is a line end."""
        return max(bisect_right(self.starts, char) - 1, 0)

    def touching(self, start: int, end: int) -> range:
        """The blocks that ``[start, end)`` lies on."""
        return range(self.at(start), self.at(max(end - 1, start)) + 1)


def _cut(document: Document) -> Iterator[tuple[int, int]]:
    text, start = document.text, 0
    for match in _LINE_END.finditer(text):
        yield from _cut_paragraph(document, start, match.start())
        start = match.end()
    yield from _cut_paragraph(document, start, len(text))


def _cut_paragraph(document: Document, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A paragraph in pieces of at most `MAX_TOKENS` tokens and `MAX_CHARS` characters, cut after white space."""
    tokens = document.tokens
    while True:
        inside = tokens.overlapping(start, end)
        limit = end
        if len(inside) > MAX_TOKENS:
            limit = tokens.starts[inside[MAX_TOKENS]]
        limit = min(limit, start + MAX_CHARS)
        if limit >= end or limit <= start:
            break
        cut = max(document.text.rfind(" ", start + 1, limit) + 1, 0) or limit
        yield start, cut
        start = cut
    yield start, end
