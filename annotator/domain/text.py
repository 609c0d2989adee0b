"""The text of a document and its tokens. Offsets are code points, ranges half-open ``[start, end)``."""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias
from unicodedata import category

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
NO_META: Mapping[str, Json] = MappingProxyType({})

SIMPLE_TOKENIZER = "simple 1"
"""Name and version of `tokenize_simply`, stored with documents that no pipeline has read yet."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``index`` is its place among all tokens of the document, white-space tokens included."""

    index: int
    start: int
    end: int


class Tokens:
    """The tokens of one document: sorted, not overlapping, white-space tokens included.

    Two arrays instead of an object per token: a document may have 100,000 of them. As in spaCy, one single
    space after a token belongs to no token; any further white space is a token of its own, so the text can be
    rebuilt from tokens and gaps.
    """

    __slots__ = ("_ends", "_sentence_starts", "_starts")

    def __init__(
        self, starts: Iterable[int] = (), ends: Iterable[int] = (), sentence_starts: Iterable[int] = ()
    ) -> None:
        self._starts = array("I", starts)
        self._ends = array("I", ends)
        self._sentence_starts = array("I", sentence_starts)
        if len(self._starts) != len(self._ends):
            raise ValueError("as many token starts as token ends are needed")

    @property
    def starts(self) -> array[int]:
        """Start offsets in code points, shape ``(len(tokens),)``. Not to be changed."""
        return self._starts

    @property
    def ends(self) -> array[int]:
        """End offsets in code points, shape ``(len(tokens),)``. Not to be changed."""
        return self._ends

    @property
    def sentence_starts(self) -> array[int]:
        """Indexes of the tokens that begin a sentence; empty when sentences are not known."""
        return self._sentence_starts

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> Token:
        if index < 0:
            index += len(self._starts)
        return Token(index, self._starts[index], self._ends[index])

    def __iter__(self) -> Iterator[Token]:
        for index, (start, end) in enumerate(zip(self._starts, self._ends, strict=True)):
            yield Token(index, start, end)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tokens):
            return NotImplemented
        return (self._starts, self._ends, self._sentence_starts) == (
            other._starts,
            other._ends,
            other._sentence_starts,
        )

    __hash__ = None  # type: ignore[assignment]  # holds arrays

    def overlapping(self, start_char: int, end_char: int) -> range:
        """Indexes of the tokens that share at least one code point with ``[start_char, end_char)``."""
        if end_char <= start_char:
            return range(0)
        return range(bisect_right(self._ends, start_char), bisect_left(self._starts, end_char))

    def find_at(self, char: int) -> int | None:
        """Index of the token over code point ``char``, or None in a gap between tokens."""
        index = bisect_right(self._starts, char) - 1
        return index if index >= 0 and char < self._ends[index] else None

    def nearest(self, char: int) -> int:
        """Index of the token over ``char`` or else of the last one before it (0 when there is none)."""
        return max(bisect_right(self._starts, char) - 1, 0)

    def find_aligned(self, start_char: int, end_char: int) -> range | None:
        """Indexes of the tokens that ``[start_char, end_char)`` covers exactly, or None if it cuts a token."""
        found = self.overlapping(start_char, end_char)
        if found and self._starts[found[0]] == start_char and self._ends[found[-1]] == end_char:
            return found
        return None


_SIMPLE_TOKEN = re.compile(
    r"[^\W_]+(?:[.'’\-][^\W_]+)*"
    "|[\U0001f1e6-\U0001f1ff]{2}"  # flags are two regional indicators
    "|[^\\w\\s](?:[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d[^\\w\\s])*"  # an emoji sequence is one
    r"|_|\r\n|\s"
)
_SENTENCE_END = frozenset(".!?…。！？")


def tokenize_simply(text: str) -> Tokens:
    """Tokens by a simple rule, for documents that no pipeline has tokenized: words, punctuation, white space.

    Combining marks and emoji sequences stay with their base. Sentences end at ``. ! ?`` followed by white
    space, and at line breaks.
    """
    starts, ends, sentence_starts = array("I"), array("I"), array("I")
    is_pending = True  # the next visible token begins a sentence
    for start, end in _merge_marks(text, (match.span() for match in _SIMPLE_TOKEN.finditer(text))):
        if text[start].isspace():
            is_after_end = start > 0 and text[start - 1] in _SENTENCE_END
            is_pending = is_pending or is_after_end or "\n" in text[start:end]
            if text[start:end] == " " and ends and ends[-1] == start and not text[start - 1].isspace():
                continue  # the one space after a token belongs to no token
        elif is_pending:
            sentence_starts.append(len(starts))
            is_pending = False
        starts.append(start)
        ends.append(end)
    return Tokens(starts, ends, sentence_starts)


def _merge_marks(text: str, ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Glue combining marks to what stands before them, and the rest of a word to its marks."""
    held: tuple[int, int] | None = None
    for start, end in ranges:
        if held is not None and held[1] == start and _continues(text, held[1]):
            held = (held[0], end)
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held


def _continues(text: str, at: int) -> bool:
    """Whether no token may end before ``text[at]``: a mark there, or a letter right after a mark."""
    here, before = text[at], text[at - 1]
    if (here.isascii() and before.isascii()) or before.isspace() or here.isspace():
        return False
    return category(here)[0] == "M" or (category(before)[0] == "M" and here.isalnum() and before != "\ufe0f")


@dataclass(frozen=True)
class Document:
    """One article: its text exactly as imported (never normalised or stripped), and what is known about it.

    ``meta`` is the source's own metadata; ``extra`` holds the keys of an imported record that Annotator does
    not know, so that they can be written back. ``tokenizer`` names who made ``tokens`` ("name version").
    """

    id: str
    text: str
    title: str = ""
    language: str = ""
    meta: Mapping[str, Json] = field(default_factory=lambda: NO_META)
    extra: Mapping[str, Json] = field(default_factory=lambda: NO_META)
    tokens: Tokens = field(default_factory=Tokens)
    tokenizer: str = ""

    @cached_property
    def text_sha256(self) -> str:
        """Hexadecimal SHA-256 of the text in UTF-8: two documents with the same text are duplicates."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def display_title(self) -> str:
        """The title, or the first line of the text, or the id: never empty, at most 120 code points."""
        for candidate in (self.title, self.text.strip().split("\n", 1)[0]):
            words = " ".join(candidate[:400].split())
            if words:
                return words if len(words) <= 120 else words[:119].rstrip() + "…"
        return self.id
