"""Tokens that leave gaps in the text, as other tools write them, made complete. Pure."""

from __future__ import annotations

from annotator.domain.text import Tokens


def fill_gaps(text: str, tokens: Tokens) -> Tokens:
    """Tokens that make up the whole text, as spaCy needs them.

    One space after a token belongs to no token; whatever else is left over becomes a token of its own.
    """
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[int] = []
    breaks = set(tokens.sentence_starts)
    for index, (start, end) in enumerate([*zip(tokens.starts, tokens.ends, strict=True), (len(text), len(text))]):
        gap_start = _skip_space(text, ends[-1]) if ends else 0
        if gap_start < start:
            starts.append(gap_start)
            ends.append(start)
        if index in breaks:
            sentences.append(len(starts))
        if start < end:
            starts.append(start)
            ends.append(end)
    return Tokens(starts, ends, sentences)


def _skip_space(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == " " else at
