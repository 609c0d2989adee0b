"""The text in blocks: a paragraph each, long paragraphs in several, so that layout stays local. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from unicodedata import bidirectional, category

from annotator.domain.text import Document

MAX_TOKENS = 250
MAX_CHARS = 2_000
_LINE_END = re.compile(r"\r\n|\n|\r")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")
_STRONG_WITHIN = 1_000


class Blocks:
    """Where each block of a text begins and ends, in code points.

    ``ends`` leaves out the block's line end, ``tails`` has it, so ``tails[i] == starts[i + 1]``. A block that
    goes on where the one before was cut has the paragraph's start in ``paragraphs``.
    """

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.paragraphs: list[int] = []
        for paragraph, start, end in _cut(document):
            self.paragraphs.append(paragraph)
            self.starts.append(start)
            self.ends.append(end)
        self.tails = [*self.starts[1:], len(document.text)]

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, char: int) -> int:
        """The block that has ``char``; a line end is of the block that it ends."""
        return max(bisect_right(self.starts, char) - 1, 0)

    def touching(self, start: int, end: int) -> range:
        """The blocks that ``[start, end)`` lies on."""
        return range(self.at(start), self.at(max(end - 1, start)) + 1)

    def continues(self, index: int) -> bool:
        """Whether the paragraph goes on in the next block."""
        return index + 1 < len(self) and self.paragraphs[index + 1] == self.paragraphs[index]

    def is_rtl(self, index: int) -> bool:
        """Whether the paragraph runs from right to left; without strong characters as the document does."""
        own = find_direction(self._text, self.paragraphs[index], self.ends[index])
        return (find_direction(self._text, 0, len(self._text)) or "L") != "L" if own is None else own != "L"


def find_direction(text: str, start: int, end: int) -> str | None:
    """``"L"``, ``"R"`` or ``"AL"`` of the first strong character (Unicode bidi rule P2), None without one."""
    for char in text[start : min(end, start + _STRONG_WITHIN)]:
        if (kind := bidirectional(char)) in ("L", "R", "AL"):
            return kind
    return None


def _cut(document: Document) -> Iterator[tuple[int, int, int]]:
    text, start = document.text, 0
    for match in _LINE_END.finditer(text):
        yield from _cut_paragraph(document, start, match.start())
        start = match.end()
    yield from _cut_paragraph(document, start, len(text))


def _cut_paragraph(document: Document, paragraph: int, end: int) -> Iterator[tuple[int, int, int]]:
    """A paragraph in pieces of at most `MAX_TOKENS` tokens and `MAX_CHARS` characters."""
    start = paragraph
    while (limit := _limit(document, start, end)) < end:
        cut = _good_cut(document, start, limit)
        yield paragraph, start, cut
        start = cut
    yield paragraph, start, end


def _limit(document: Document, start: int, end: int) -> int:
    if end - start <= MAX_TOKENS:
        return end
    starts = document.tokens.starts
    following = bisect_left(starts, start) + MAX_TOKENS
    by_tokens = starts[following] if following < len(starts) else end
    return min(end, start + MAX_CHARS, max(by_tokens, start + 1))


def _good_cut(document: Document, start: int, limit: int) -> int:
    """Before the last sentence that begins in the second half, else the last token, else whole characters."""
    tokens, half = document.tokens, start + (limit - start) // 2
    sentence = _last_sentence_start(document, limit)
    if sentence > half:
        return sentence
    at = bisect_right(tokens.starts, limit) - 1
    while at >= 0 and tokens.starts[at] > half and document.text[tokens.starts[at]].isspace():
        at -= 1
    if at >= 0 and tokens.starts[at] > half:
        return tokens.starts[at]
    return _before_marks(document.text, half, limit)


def _last_sentence_start(document: Document, limit: int) -> int:
    tokens = document.tokens
    token = bisect_right(tokens.starts, limit) - 1
    sentence = bisect_right(tokens.sentence_starts, token) - 1
    return tokens.starts[tokens.sentence_starts[sentence]] if sentence >= 0 else 0


def _before_marks(text: str, lowest: int, cut: int) -> int:
    """A place at or before ``cut`` that parts no character from its marks and joiners."""
    at = cut
    while at > lowest and (_joins(text[at]) or text[at - 1] == "\u200d"):
        at -= 1
    return at if at > lowest else cut


def _joins(char: str) -> bool:
    return char in _JOINERS or category(char)[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff"
