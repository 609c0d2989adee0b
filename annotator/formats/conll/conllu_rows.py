"""CoNLL-U as it stands in a file: documents, sentences, rows of ten columns, and the pairs in MISC. Pure.

Rows are kept as they are, so that what nobody changed is written back to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from annotator.formats.conll.lines import numbered_lines

COLUMNS = 10
FORM, MISC = 1, 9
GLOBAL_SPANS = "# global.Spans = "
_NEWDOC = re.compile(r"#\s*newdoc\b(?:\s+id\s*=\s*(.*))?.*")
_NEWPAR = re.compile(r"#\s*newpar\b.*")
_TEXT = re.compile(r"#\s*text\s*=\s?(.*)")
_ID = re.compile(r"(\d+)(?:([-.])(\d+))?")

Misc: TypeAlias = "list[tuple[str, str | None]]"
"""Pairs of MISC in order; a piece without ``=`` has no value."""


class RowFault(ValueError):
    """A row that is none of CoNLL-U; the message says why."""


@dataclass(slots=True)
class Row:
    """One row. ``first``, ``last``: the ids of the words it stands for, which is one word but in a range.

    ``is_empty_node``: it has no place in the text. ``place``: which line of its sentence it is.
    """

    cells: list[str]
    first: int
    last: int
    is_range: bool = False
    is_empty_node: bool = False
    place: int = 0
    is_changed: bool = False

    @property
    def form(self) -> str:
        """How the word is spelled."""
        return self.cells[FORM]

    def misc(self) -> Misc:
        """The pairs in MISC."""
        return misc_pairs(self.cells[MISC])


@dataclass(slots=True)
class Surface:
    """A piece of text: a word, or the words of a range that are written as one. ``row`` says how it is spelled."""

    row: Row
    words: list[Row]


@dataclass(slots=True)
class RawSentence:
    """A sentence as lines. ``line``: where its first one stands."""

    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def comments(self) -> list[str]:
        """The lines that are comments."""
        return [line for line in self.lines if line.startswith("#")]

    def begins_document(self) -> bool:
        """Whether a comment says that a document begins here."""
        return any(_NEWDOC.fullmatch(line) for line in self.comments)

    def is_new_paragraph(self) -> bool:
        """Whether a paragraph begins with it."""
        return any(_NEWPAR.fullmatch(line) for line in self.comments)

    def find_text(self) -> str | None:
        """The text in its comments."""
        return next((found[1] for found in map(_TEXT.fullmatch, self.comments) if found), None)

    def rows(self) -> list[Row]:
        """All rows. Raises `RowFault` with the line's place in the sentence as its second argument."""
        return [row_of(line, place) for place, line in enumerate(self.lines) if not line.startswith("#")]


@dataclass(slots=True)
class RawDocument:
    """A document as sentences; ``id`` is empty when the file has none."""

    id: str
    sentences: list[RawSentence] = field(default_factory=list)


def raw_documents(text: str) -> Iterator[RawDocument]:
    """The documents of a file, one at a time. Raises `NotText`, see `numbered_lines`."""
    held = RawDocument("")
    for sentence in _raw_sentences(text):
        begun = next((found for found in map(_NEWDOC.fullmatch, sentence.comments) if found), None)
        if begun is not None:
            if held.sentences:
                yield held
            held = RawDocument((begun[1] or "").strip())
        held.sentences.append(sentence)
    if held.sentences:
        yield held


def _raw_sentences(text: str) -> Iterator[RawSentence]:
    held = RawSentence(1)
    for number, line in numbered_lines(text):
        if line.strip(" \t"):
            held.lines.append(line)
            continue
        if held.lines:
            yield held
        held = RawSentence(number + 1)
    if held.lines:
        yield held


def row_of(line: str, place: int = 0) -> Row:
    """A row from its line. Raises `RowFault`."""
    cells = line.split("\t") if "\t" in line else re.split(r" +", line.strip(" "))
    if len(cells) < COLUMNS:
        raise RowFault(f"a row has {len(cells)} columns instead of {COLUMNS}", place)
    found = _ID.fullmatch(cells[0])
    if found is None or not cells[FORM].strip():
        what = "no form" if found else f"the id {cells[0][:20]!r}"
        raise RowFault(f"a row has {what}", place)
    first = int(found[1])
    is_range = found[2] == "-"
    return Row(cells, first, int(found[3]) if is_range else first, is_range, found[2] == ".", place)


def surfaces_of(rows: list[Row]) -> list[Surface]:
    """The pieces of text in order."""
    found: list[Surface] = []
    for row in rows:
        if row.is_empty_node:
            continue
        if found and found[-1].row.is_range and found[-1].row.first <= row.first <= found[-1].row.last:
            if not row.is_range:
                found[-1].words.append(row)
            continue
        found.append(Surface(row, [] if row.is_range else [row]))
    return found


def misc_pairs(cell: str) -> Misc:
    """The pairs of a MISC column, which is ``_`` when it is empty."""
    if cell == "_":
        return []
    parted = (piece.partition("=") for piece in cell.split("|"))
    return [(key, value if sign else None) for key, sign, value in parted]


def misc_cell(pairs: Misc) -> str:
    """The column for these pairs."""
    return "|".join(key if value is None else f"{key}={value}" for key, value in pairs) or "_"


def find_value(pairs: Misc, key: str) -> str | None:
    """The first value of a key."""
    return next((value for name, value in pairs if name == key and value is not None), None)


def tagged_rows(surface: Surface, key: str) -> list[Row]:
    """The rows whose MISC has the tags under ``key``: the words, or the row of a range where only that one has it."""
    has_own = not surface.row.is_range or any(find_value(row.misc(), key) is not None for row in surface.words)
    is_on_range = surface.row.is_range and find_value(surface.row.misc(), key) is not None
    return [surface.row] if not surface.words or (is_on_range and not has_own) else surface.words
