"""A query as a person types it: cut into its terms, and terms written into it. Pure; see `query_reading`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from annotator.domain.queries import Field

LISTS = frozenset({Field.LABEL, Field.LAYER, Field.BY, Field.ORIGIN, Field.STATUS, Field.IS})
"""Fields whose values may stand in a row: ``label:GPE,LOC``."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One term as typed: ``text[start:end]``. ``field`` is as typed, empty for words of the text.

    ``values`` are what stands after it; ``quote``: ``"``, ``/`` or empty; ``flags`` stand after a regular expression.
    """

    start: int
    end: int
    is_negated: bool
    field: str
    values: tuple[str, ...]
    quote: str = ""
    is_closed: bool = True
    flags: str = ""


_OPENING, _CLOSING = '"“„', '"”“'
_FIELD = re.compile(r"([A-Za-z]+):(?!//)")
_REGEX_END = re.compile(r"(?<!\\)((?:\\\\)*)/([A-Za-z]?)(?=\s|$)")
_BARE = re.compile(r"\S+")
_BARE_ITEM = re.compile(r"[^\s,]*")


def pieces(text: str) -> list[Piece]:
    """The terms of a query as typed; every text can be cut into terms."""
    found: list[Piece] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found.append(_piece(text, at))
        at = found[-1].end
    return found


def _piece(text: str, start: int) -> Piece:
    is_negated = text[start] == "-" and len(text) > start + 1 and not text[start + 1].isspace()
    at = start + is_negated
    field = ""
    if (named := _FIELD.match(text, at)) is not None:
        field, at = named[1], named.end()
    if at < len(text) and text[at] == "/":
        return _regex_piece(text, start, at, field, is_negated=is_negated)
    if at < len(text) and text[at] in _OPENING and field.casefold() not in LISTS:
        value, end, is_closed = _quoted(text, at)
        return Piece(start, end, is_negated, field, (value,), '"', is_closed)
    if field.casefold() in LISTS:
        values, end, is_closed = _list(text, at)
        return Piece(start, end, is_negated, field, values, "", is_closed)
    bare = _BARE.match(text, at)
    return Piece(start, bare.end() if bare else at, is_negated, field, (bare[0],) if bare else ())


def _regex_piece(text: str, start: int, at: int, field: str, *, is_negated: bool) -> Piece:
    closing = _REGEX_END.search(text, at + 1)
    if closing is None:
        return Piece(start, len(text), is_negated, field, (text[at + 1 :],), "/", is_closed=False)
    pattern = text[at + 1 : closing.start()] + closing[1]
    return Piece(start, closing.end(), is_negated, field, (pattern,), "/", flags=closing[2])


def _quoted(text: str, at: int) -> tuple[str, int, bool]:
    """What stands in quotation marks at ``at``, where it ends, and whether they are closed; ``""`` is one ``"``."""
    value = ""
    end = at + 1
    while end < len(text):
        if text.startswith('""', end):
            value, end = value + '"', end + 2
        elif text[end] in _CLOSING:
            return value, end + 1, True
        else:
            value, end = value + text[end], end + 1
    return value, end, False


def _list(text: str, at: int) -> tuple[tuple[str, ...], int, bool]:
    values: list[str] = []
    is_closed = True
    while True:
        if at < len(text) and text[at] in _OPENING:
            value, at, is_closed = _quoted(text, at)
        else:
            bare = _BARE_ITEM.match(text, at)
            assert bare is not None
            value, at = bare[0], bare.end()
        if value:
            values.append(value)
        if at >= len(text) or text[at] != ",":
            return tuple(values), at, is_closed
        at += 1


_PLAIN = re.compile(r"[^\s,\"“”„/\-][^\s,\"“”„]*")


def quoted(value: str) -> str:
    """A value as it is typed: in quotation marks unless it is one plain word."""
    return value if _PLAIN.fullmatch(value) else '"' + value.replace('"', '""') + '"'


def typed_values(text: str, field: Field) -> tuple[str, ...]:
    """The wanted values of a field in a query as typed, right or wrong."""
    return tuple(value for piece in pieces(text) if _is_about(piece, field) for value in piece.values)


def with_values(text: str, field: Field, values: Collection[str]) -> str:
    """A query as typed with other wanted values of a field; none: the field is not asked for."""
    kept = [text[piece.start : piece.end] for piece in pieces(text) if not _is_about(piece, field)]
    if not values:
        return " ".join(kept)
    if field in LISTS:
        return " ".join((*kept, f"{field}:{','.join(map(quoted, values))}"))
    return " ".join((*kept, *(f"{field}:{value if field is Field.SCORE else quoted(value)}" for value in values)))


def _is_about(piece: Piece, field: Field) -> bool:
    return piece.field.casefold() == field and not piece.is_negated
