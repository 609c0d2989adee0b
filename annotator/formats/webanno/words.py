"""The tokens and sentences that a file is written with: the document's, and what else spans need. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.domain.text import Document, tokenize_simply

_JOINT = re.compile(r"\n *\Z")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Words:
    """Tokens in code points; ``sentences`` are the numbers of the tokens that begin one."""

    starts: list[int]
    ends: list[int]
    sentences: list[int]

    def find_over(self, char: int) -> int | None:
        """The token over the code point ``char``."""
        at = bisect_right(self.starts, char) - 1
        return at if at >= 0 and char < self.ends[at] else None

    def find_at(self, place: int) -> int:
        """The token that ends at or goes over ``place``, where something of no width stands; else the one after it."""
        at = bisect_left(self.ends, place)
        if at < len(self.ends) and self.starts[at] <= place:
            return at
        return max(at - 1, 0) if at == len(self.ends) else at

    def text_of(self, sentence: int, text: str) -> str:
        """What stands behind ``#Text=``: from the first token to the next sentence, without what readers put there."""
        start = self.starts[self.sentences[sentence]]
        if sentence + 1 == len(self.sentences):
            return text[start:]
        chunk = text[start : self.starts[self.sentences[sentence + 1]]]
        return _JOINT.sub("", chunk)


def words_of(document: Document, edges: Iterable[int]) -> Words:
    """The tokens that are not white space, and one for each word with an edge of a span that no token covers.

    ``edges``: the first and last code points of spans. There is a token before the text's first word if white space
    other than spaces stands there, because readers put spaces.
    """
    text, tokens = document.text, document.tokens
    if not any(not text[start:end].isspace() for start, end in zip(tokens.starts, tokens.ends, strict=True)):
        tokens = tokenize_simply(text)
    places = [pair for pair in zip(tokens.starts, tokens.ends, strict=True) if text[pair[0] : pair[1]].strip()]
    places = _with_words_at(text, places, edges)
    if not places or text[: places[0][0]].strip(" "):
        places.insert(0, (0, places[0][0] if places else len(text)))
    begins = tokens.sentence_starts or tokenize_simply(text).sentence_starts
    first = [tokens.starts[at] for at in tokens.sentence_starts] if len(tokens.sentence_starts) else []
    if not first:
        simple = tokenize_simply(text)
        first = [simple.starts[at] for at in begins]
    starts = [start for start, _ in places]
    numbers = {bisect_left(starts, start) for start in first}
    return Words(starts, [end for _, end in places], sorted({0, *(one for one in numbers if one < len(starts))}))


def _with_words_at(text: str, places: list[tuple[int, int]], edges: Iterable[int]) -> list[tuple[int, int]]:
    starts = [start for start, _ in places]
    more: set[tuple[int, int]] = set()
    for edge in edges:
        at = bisect_right(starts, edge) - 1
        if text[edge].isspace() or (at >= 0 and edge < places[at][1]):
            continue
        low = places[at][1] if at >= 0 else 0
        high = places[at + 1][0] if at + 1 < len(places) else len(text)
        more.update(
            (found.start(), found.end())
            for found in _WORD.finditer(text, low, high)
            if found.start() <= edge < found.end()
        )
    return sorted({*places, *more})
