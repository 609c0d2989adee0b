"""Cells of WebAnno TSV 3: what must be escaped in them, and how they are taken apart. Pure."""

from __future__ import annotations

import re

NOTHING, NO_VALUE = "_", "*"
"""No annotation; an annotation without a value."""

_VALUE = re.compile(r"->|[\\\[\]|_;\t\n*]")
_ESCAPED_VALUE = re.compile(r"\\(->|.)", re.DOTALL)
_TEXT = re.compile(r"[\x00-\x0a\x0c-\x1f\\]")
_ESCAPED_TEXT = re.compile(r"\\(.)", re.DOTALL)
_JAVA_UNICODE = re.compile(r"\\u+([0-9A-Fa-f]{4})|\\(.)", re.DOTALL)
_LETTERS = {"\t": "t", "\n": "n", "\f": "f", "\r": "r", "\b": "b"}
_CHARS = {letter: char for char, letter in _LETTERS.items()}
_NUMBERED = re.compile(r"((?:\\.|[^\\])*?)\[(\d+(?:_\d+)?)\]", re.DOTALL)
_LINKED = re.compile(r"((?:\\.|[^\\])*?)->(\d+)-(\d+)", re.DOTALL)


def escaped_value(value: str) -> str:
    """A value as it stands in a cell."""
    return _VALUE.sub(lambda found: "\\" + {"\t": "t", "\n": "n"}.get(found[0], found[0]), value)


def value_of(cell: str) -> str | None:
    """The value in a cell; None if it has none."""
    if cell == NO_VALUE:
        return None
    return _ESCAPED_VALUE.sub(lambda found: {"t": "\t", "n": "\n"}.get(found[1], found[1]), cell)


def escaped_text(text: str) -> str:
    """A line of the text as it stands behind ``#Text=``."""
    return _TEXT.sub(lambda found: "\\" + _LETTERS.get(found[0], found[0]), text)


def text_of(line: str, version: tuple[int, int]) -> str:
    """A line of the text; up to version 3.1 it is escaped as Java has it."""
    if "\\" not in line:
        return line
    if version <= (3, 1):
        return _JAVA_UNICODE.sub(
            lambda found: chr(int(found[1], 16)) if found[1] else _CHARS.get(found[2], found[2]), line
        )
    return _ESCAPED_TEXT.sub(lambda found: _CHARS.get(found[1], found[1]), line)


def split_at(mark: str, cell: str) -> list[str]:
    """The pieces between marks that are not escaped."""
    if mark not in cell:
        return [cell]
    pieces, start, at = [], 0, 0
    while at < len(cell):
        if cell[at] == "\\":
            at += 1
        elif cell[at] == mark:
            pieces.append(cell[start:at])
            start = at + 1
        at += 1
    return [*pieces, cell[start:]]


def numbered(cell: str) -> tuple[str, str]:
    """A cell and the number in brackets behind it; "" if there is none. "1_2" are the numbers of two annotations."""
    found = _NUMBERED.fullmatch(cell) if cell.endswith("]") else None
    return (found[1], found[2]) if found else (cell, "")


def linked(cell: str) -> tuple[str, tuple[int, int] | None]:
    """A cell of a chain, and which place in which chain it is."""
    found = _LINKED.fullmatch(cell)
    return (found[1], (int(found[2]), int(found[3]))) if found else (cell, None)
