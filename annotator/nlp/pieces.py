"""Long texts in pieces that a pipeline can hold: cut where a reader would not mind. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category

PIECE_CHARS = 4_000
"""The longest piece. Many pieces go through a parser at once, so short ones are faster than one long text."""

_BREAKS = (
    re.compile(r"(?:\r\n|[\n\r]){2,}|\u2029"),  # paragraphs
    re.compile(r"\r\n|[\n\r\v\f\x85\u2028]"),  # lines
    re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？][」』”’）]*"),  # sentences
    re.compile(r"\s+"),
)


def cut(text: str, limit: int = PIECE_CHARS) -> Iterator[tuple[int, int]]:
    """Ranges ``[start, end)`` of at most ``limit`` code points that cover the text, in order.

    A cut falls after a blank line, else after a line, a sentence, white space, a word, else between two visible
    characters. CRLF is never parted.
    """
    start = 0
    while len(text) - start > limit:
        end = _cut_before(text, start, start + limit)
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _cut_before(text: str, start: int, limit: int) -> int:
    """The best cut in the second half of ``[start, limit]``."""
    earliest = start + (limit - start) // 2
    for pattern in _BREAKS:
        ends = [found.end() for found in pattern.finditer(text, earliest, limit)]
        for end in reversed(ends):
            if not _parts_character(text, end):
                return end
    whole = [end for end in range(limit, earliest, -1) if not _parts_character(text, end)]
    return next((end for end in whole if not _parts_word(text, end)), whole[0] if whole else limit)


def _parts_word(text: str, at: int) -> bool:
    return text[at - 1].isalnum() and text[at].isalnum()


def _parts_character(text: str, at: int) -> bool:
    """Whether a cut at ``at`` would part what a reader sees as one character (or CRLF)."""
    before, after = text[at - 1], text[at]
    if before == "\r":
        return after == "\n"
    if category(before) in _ENDS_CHARACTER or category(after) in _ENDS_CHARACTER:
        return False
    if category(after)[0] == "M" or _EXTENDS.match(after) or before == "\u200d":
        return True
    return bool(_SYLLABLE.match(before + after)) or _parts_flag(text, at)


_ENDS_CHARACTER = {"Cc", "Zl", "Zp"}
_EXTENDS = re.compile("[\u200c\u200d\u0e33\u0eb3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_SYLLABLE = re.compile("[\u1100-\u11ff][\u1160-\u11ff]|[\uac00-\ud7a3][\u11a8-\u11ff]")  # Hangul from its letters
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]+")


def _parts_flag(text: str, at: int) -> bool:
    """Flags are pairs of letters of their own: a cut must leave an even number of them before it."""
    if not (_FLAG_LETTERS.match(text[at]) and _FLAG_LETTERS.match(text[at - 1])):
        return False
    first = at
    while first > 0 and _FLAG_LETTERS.match(text[first - 1]):
        first -= 1
    return (at - first) % 2 == 1
