"""The words that are written, one a line: all of a text but its white space. Pure."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Tokens, tokenize_simply

_WORD = re.compile(r"\S+")


def with_all_words(doc: AnnotatedDocument, *, splits_at_white: bool = False) -> AnnotatedDocument:
    """The document with tokens that leave out no word: where they leave a gap with text, each word in it is one.

    ``splits_at_white``: tokens with white space in them are parted there, and those of white space alone are gone.
    """
    document = doc.document
    tokens = document.tokens if len(document.tokens) else tokenize_simply(document.text)
    return replace(doc, document=replace(document, tokens=_completed(document, tokens, splits_at_white)))


def _completed(document: Document, tokens: Tokens, splits_at_white: bool) -> Tokens:
    starts, ends, sentence_starts = array("I"), array("I"), array("I")
    breaks = set(tokens.sentence_starts)
    is_due = False
    for start, end, index in _pieces(document.text, tokens, splits_at_white):
        is_due = is_due or index in breaks
        if end > start:
            if is_due:
                sentence_starts.append(len(starts))
            is_due = False
            starts.append(start)
            ends.append(end)
    return Tokens(starts, ends, sentence_starts)


def _pieces(text: str, tokens: Tokens, splits_at_white: bool) -> Iterator[tuple[int, int, int | None]]:
    """Start, end and, of the first piece of a token, its index. An empty piece stands for a token that is gone."""
    covered = 0
    for index, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        yield from ((first, last, None) for first, last in _words(text, covered, start))
        if splits_at_white:
            yield start, start, index
            yield from ((first, last, None) for first, last in _words(text, start, end))
        else:
            yield start, end, index
        covered = end
    yield from ((first, last, None) for first, last in _words(text, covered, len(text)))


def _words(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    return (found.span() for found in _WORD.finditer(text, start, end)) if start < end else ()


def find_words(words: Iterable[str], text: str) -> list[tuple[int, int]] | None:
    """Where these words stand in ``text``, which has only white space besides; None when it has not."""
    places: list[tuple[int, int]] = []
    at = 0
    for word in words:
        while at < len(text) and text[at].isspace() and not text.startswith(word, at):
            at += 1
        if not text.startswith(word, at):
            return None
        places.append((at, at + len(word)))
        at += len(word)
    return places if not text[at:].strip() else None


def sentences_of(tokens: Tokens, kept: Iterable[range]) -> Iterator[range]:
    """Token indexes by sentence; a break inside one of the ranges ``kept`` moves to the range's end."""
    inside = {index for covered in kept for index in covered[1:]}
    breaks = set(tokens.sentence_starts)
    begun, is_due = 0, False
    for index in range(len(tokens)):
        is_due = is_due or index in breaks
        if is_due and index not in inside:
            if index > begun:
                yield range(begun, index)
            begun, is_due = index, False
    if begun < len(tokens):
        yield range(begun, len(tokens))


def span_id(number: int) -> str:
    """The id of a document's span, such that ids sort as numbers do."""
    return f"s{number:05}"
