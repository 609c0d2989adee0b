"""The columns of CoNLL-2012 (OntoNotes) as they stand in a file: documents, sentences, rows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from annotator.formats.conll.lines import numbered_lines

_BEGIN = re.compile(r"#\s*begin document\b\s*(?:\((.*)\))?\s*;?\s*(?:part\s*(\w+))?.*", re.IGNORECASE)
_END = re.compile(r"#\s*end document\b.*", re.IGNORECASE)
_CELL = re.compile(r"[^ \t]+")
FULL_WIDTH = 12
WORD, ENTITIES = 3, 10
CHAIN_EMPTY = ("-", "_", "*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where word and entities stand (-1: there is no such column); coreference is last where there is any."""

    word: int
    entities: int
    has_chains: bool


FULL = Columns(WORD, ENTITIES, has_chains=True)


@dataclass(slots=True)
class RawPart:
    """One part of a document as lines; ``line``: where it begins. Sentences hold rows and what else stood there.

    ``begin`` and ``end`` are the lines around it, ``end`` with a line feed before it where a blank line stood there.
    """

    line: int
    id: str = ""
    part: str = ""
    begin: str = ""
    end: str = ""
    sentences: list[list[str]] = field(default_factory=list)


def raw_parts(text: str) -> Iterator[RawPart]:
    """The documents of a file, one at a time. Raises `NotText`, see `numbered_lines`."""
    held, sentence = RawPart(1), list[str]()
    for number, line in numbered_lines(text):
        begun = _BEGIN.fullmatch(line)
        ended = begun is None and _END.fullmatch(line) is not None
        if begun is None and not ended and line.strip(" \t"):
            sentence.append(line)
            continue
        if ended:
            held.end = line if sentence else f"\n{line}"
        if sentence:
            held.sentences.append(sentence)
            sentence = []
        if (begun is not None or ended) and (held.sentences or held.begin):
            yield held
        if begun is not None:
            held = RawPart(number, (begun[1] or "").strip(), begun[2] or "", line)
        elif ended:
            held = RawPart(number + 1)
    if sentence:
        held.sentences.append(sentence)
    if held.sentences or held.begin:
        yield held


def cells_of(line: str) -> list[str]:
    """The columns of a row, parted by blanks or tabs."""
    return _CELL.findall(line)


def with_cells(line: str, changes: dict[int, str]) -> str:
    """The row with other columns at some places; what stands between columns is left as it is."""
    pieces, at = [], 0
    for place, found in enumerate(_CELL.finditer(line)):
        if place in changes:
            pieces += [line[at : found.start()], changes[place]]
            at = found.end()
    return "".join([*pieces, line[at:]])


def columns_of(part: RawPart) -> Columns | None:
    """What the rows of a document hold, told by its first row of usual width; None when they hold no words."""
    rows = [cells_of(line) for sentence in part.sentences[:50] for line in sentence if not line.startswith("#")]
    if not rows:
        return None
    width = max(len(row) for row in rows)
    first = next(row for row in rows if len(row) == width)
    if width >= FULL_WIDTH - 1:
        return Columns(WORD, ENTITIES, has_chains=width >= FULL_WIDTH)
    if width > WORD + 1 and first[1].isdecimal() and first[2].isdecimal():
        return Columns(WORD, -1, has_chains=True)
    if width < 2:
        return None
    return Columns(1 if width > 2 and first[0].isdecimal() else 0, -1, has_chains=True)


def is_row(line: str, columns: Columns) -> bool:
    """Whether a line has a word."""
    return len(cells_of(line)) > max(columns.word + columns.has_chains, columns.entities)
