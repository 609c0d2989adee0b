"""Tokens that leave gaps in the text, as other tools write them, made complete. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.text import Tokens


def fill_gaps(text: str, tokens: Tokens) -> Tokens:
    """Tokens that make up the whole text, as spaCy needs them.

    One space after a token belongs to no token; whatever else is left over becomes a token of its own.
    """
    pieces = list(_tokens_and_gaps(text, tokens))
    breaks = set(tokens.sentence_starts)
    sentences = [number for number, (_, _, index) in enumerate(pieces) if index in breaks]
    return Tokens((start for start, _, _ in pieces), (end for _, end, _ in pieces), sentences)


def _tokens_and_gaps(text: str, tokens: Tokens) -> Iterator[tuple[int, int, int | None]]:
    """Start, end and the token's index (a gap has none)."""
    covered = 0
    for index, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        if covered < start:
            yield covered, start, None
        yield start, end, index
        covered = end + 1 if text[end : end + 1] == " " else end
    if covered < len(text):
        yield covered, len(text), None
