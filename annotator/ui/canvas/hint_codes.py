"""Short letter codes for the tokens on the screen, the easiest keys for the likeliest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import category

from annotator.domain.projects import AnnotatedDocument

LETTERS = "fjdkslaghrueiwoqptyvmcnbxz"
"""The home row first, then the row above, then the row below; in each the strong fingers first."""


def hint_codes(places: Sequence[int], preferred_count: int) -> dict[int, str]:
    """A code for each place (code points), in order of preference; no code begins another one.

    The first ``preferred_count`` places get one letter as far as that leaves at most two letters for every other;
    26 places or fewer need no second letter, more than 676 get three for the last ones.
    """
    single = min(_room_for_singles(len(places)), max(preferred_count, 0))
    if len(places) <= len(LETTERS):
        single = len(places)
    codes = [*LETTERS[:single], *_longer(LETTERS[single:], len(places) - single)]
    return dict(zip(places, codes, strict=True))


def _room_for_singles(count: int) -> int:
    """How many of ``count`` codes can have one letter when no code may have more than two."""
    size = len(LETTERS)
    return max((size * size - count) // (size - 1), 0)


def _longer(first_letters: str, count: int) -> list[str]:
    """``count`` codes of two letters that begin with one of ``first_letters``; the last ones of three if need be."""
    if count <= 0:
        return []
    codes = sorted((one + two for one in first_letters for two in LETTERS), key=_effort)
    missing = max(count - len(codes), 0)
    parted = -(-missing // (len(LETTERS) - 1))
    kept = codes[: len(codes) - parted]
    return [*kept, *(code + third for code in codes[len(kept) :] for third in LETTERS)][:count]


def _effort(code: str) -> tuple[int, str]:
    """How far the fingers go; the same key twice is slower than two keys."""
    return sum(map(LETTERS.index, code)) + 3 * (code[0] == code[1]), code


def ranked_tokens(doc: AnnotatedDocument, visible: Iterable[int], likely: Sequence[int]) -> tuple[list[int], int]:
    """Starts of the tokens that get a hint, the likeliest first, and how many of them deserve one letter.

    ``visible`` are token indexes, ``likely`` token starts in code points. Without being likely, capitalised words
    outside spans come first, those that begin a sentence last among them. White space and punctuation get none.
    """
    indexes = list(visible)
    starts, wanted = doc.document.tokens.starts, {start: rank for rank, start in enumerate(likely)}
    sentences, covered = set(doc.document.tokens.sentence_starts), _covered(doc, indexes)
    ranked: list[tuple[int, int, int]] = []
    for index in indexes:
        start = starts[index]
        if start in wanted:
            ranked.append((0, wanted[start], start))
        elif _is_word(doc.document.text[start : doc.document.tokens.ends[index]]):
            is_name = doc.document.text[start].isupper() and index not in covered
            ranked.append((3 if not is_name else 1 + (index in sentences), 0, start))
    ranked.sort()
    return [start for _, _, start in ranked], sum(rank < 3 for rank, _, _ in ranked)


def _covered(doc: AnnotatedDocument, indexes: Sequence[int]) -> set[int]:
    """Indexes of the tokens that a span lies on."""
    if not indexes:
        return set()
    tokens = doc.document.tokens
    spans = doc.spans.overlapping(tokens.starts[indexes[0]], tokens.ends[indexes[-1]])
    return set(_indexes(doc, [(span.start, span.end) for span in spans]))


def _indexes(doc: AnnotatedDocument, ranges: Iterable[tuple[int, int]]) -> Iterator[int]:
    for start, end in ranges:
        yield from doc.document.tokens.overlapping(start, end)


def _is_word(text: str) -> bool:
    """Whether a token has a letter, a number or a symbol: not only white space, punctuation or marks of format."""
    return any(category(char)[0] not in "PZC" for char in text)
