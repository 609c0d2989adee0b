"""The lines of a file of WebAnno TSV 3, and the text that they make up. Pure.

Offsets in the file are UTF-16 units; here they are code points. A file that counts code points is understood, too.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from annotator.formats.webanno.layers import Layer, layer_from
from annotator.formats.webanno.values import text_of

_FORMAT = re.compile(r"#FORMAT=WebAnno TSV (\d+)\.(\d+)\s*")
_UNIT = re.compile(r"\d+-\d+(?:\.\d+)?")
_PLACE = re.compile(r"(\d+)-(\d+)")
_Length = Callable[[str], int]


class TableFault(ValueError):
    """The file cannot be understood from this line on."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(slots=True)
class Unit:
    """A token (``1-2``) or a piece of one (``1-2.1``). ``form``: its text as the line gives it."""

    id: str
    start: int
    end: int
    form: str
    cells: list[str]
    line: int

    @property
    def is_token(self) -> bool:
        """Whether it is a whole token."""
        return "." not in self.id


@dataclass(slots=True)
class Sentence:
    """A sentence with its text as it stands there, line by line."""

    lines: list[str] = field(default_factory=list)
    id: str = ""
    units: list[Unit] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A file. ``mended``: what about its text had to be made good, empty for nothing."""

    version: tuple[int, int]
    layers: tuple[Layer, ...]
    sentences: list[Sentence]
    text: str = ""
    mended: str = ""

    @property
    def units(self) -> Iterator[Unit]:
        """All units, in order."""
        return (unit for sentence in self.sentences for unit in sentence.units)


def table_from(content: str) -> Table:
    """The table in a file, offsets made code points. Raises `TableFault`."""
    lines = [line.removesuffix("\r") for line in content.split("\n")]
    found = _FORMAT.fullmatch(lines[0])
    if found is None:
        raise TableFault(1, "it does not begin with #FORMAT=WebAnno TSV 3, so it is none")
    version = (int(found[1]), int(found[2]))
    if version[0] != 3:
        raise TableFault(1, f"it is WebAnno TSV {found[1]}; export it from WebAnno or INCEpTION as TSV 3")
    at, layers = 1, []
    while at < len(lines) and (layer := layer_from(lines[at])) is not None:
        layers.append(layer)
        at += 1
    table = Table(version, tuple(layers), _sentences(lines, at, version, sum(len(one.columns) for one in layers)))
    if not any(True for _ in table.units):
        raise TableFault(len(lines), "it has no tokens")
    _rebuild(table)
    return table


def _sentences(lines: Sequence[str], begin: int, version: tuple[int, int], columns: int) -> list[Sentence]:
    sentences: list[Sentence] = []
    is_open = False
    for number, line in enumerate(lines[begin:], begin + 1):
        if not line:
            is_open = False
        elif line.startswith("#"):
            if not is_open or sentences[-1].units:
                sentences.append(Sentence())
                is_open = True
            name, _, value = line.partition("=")
            if name == "#Text":
                sentences[-1].lines.append(text_of(value, version))
            elif name == "#Sentence.id":
                sentences[-1].id = text_of(value, version)
        elif not is_open:
            raise TableFault(number, "there is no #Text before these tokens")
        else:
            sentences[-1].units.append(_unit(line, number, columns))
    return [one for one in sentences if one.units]


def _unit(line: str, number: int, columns: int) -> Unit:
    fields = line.split("\t")
    place = _PLACE.fullmatch(fields[1]) if len(fields) > 2 else None
    if place is None or not _UNIT.fullmatch(fields[0]):
        raise TableFault(number, "there is no token as WebAnno writes it (1-1, offsets, text)")
    if len(fields) < columns + 3:
        raise TableFault(number, f"there are {len(fields) - 3} columns, but the head has {columns}")
    start, end = int(place[1]), int(place[2])
    if end < start:
        raise TableFault(number, "the token ends before it begins")
    return Unit(fields[0], start, end, fields[2], fields[3 : columns + 3], number)


def _rebuild(table: Table) -> None:
    """The text of a table, by the first way in which every token stands where it says."""
    ways: list[tuple[Callable[[Table], str | None], bool, str]] = [
        (lambda table: _text(table, _units_in), True, ""),
        (
            lambda table: _text(table, len),
            False,
            "its offsets are code points, not the UTF-16 units that WebAnno counts",
        ),
        (_text_of_tokens, False, "its text was made of its tokens, because #Text says something else"),
    ]
    fault = TableFault(1, "its tokens do not stand in its text")
    for make, has_units, mended in ways:
        text = make(table)
        if text is None:
            continue
        starts = _starts(text) if has_units else None
        wrong = _find_misplaced(table, text, starts)
        if wrong is None:
            table.text, table.mended = text, mended
            for unit in table.units:
                unit.start, unit.end = (
                    (unit.start, unit.end) if starts is None else (starts[unit.start], starts[unit.end])
                )
            return
        if has_units:
            fault = TableFault(wrong.line, f"the token {wrong.id} ({wrong.form[:20]!r}) does not stand where it says")
    raise fault


def _units_in(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def _starts(text: str) -> array[int] | None:
    """For each UTF-16 unit the code point it belongs to; None where they are the same."""
    if _units_in(text) == len(text):
        return None
    found = array("I", (place for place, char in enumerate(text) for _ in range(1 + (char > "\uffff"))))
    found.append(len(text))
    return found


def _text(table: Table, length: _Length) -> str | None:
    """The sentences, with a line feed between them where there is room, and spaces for what is left."""
    parts: list[str] = []
    size, is_due = 0, False
    for sentence in table.sentences:
        body = "\n".join(sentence.lines)
        gap = sentence.units[0].start - length(body[: _lead(body, sentence.units[0], table)]) - size
        if gap < 0:
            return None
        filling = ("\n" + " " * (gap - 1) if gap else "") if is_due else " " * gap
        parts += (filling, body)
        size += gap + length(body)
        is_due = True
    return "".join(parts)


def _lead(body: str, first: Unit, table: Table) -> int:
    """How many characters of a sentence stand before its first token."""
    forms = (first.form, text_of(first.form, table.version))
    return next((place for form in forms if (place := body.find(form)) >= 0), 0)


def _text_of_tokens(table: Table) -> str | None:
    parts: list[str] = []
    size = 0
    for sentence in table.sentences:
        for place, unit in enumerate(one for one in sentence.units if one.is_token):
            gap = unit.start - size
            if gap < 0 or len(unit.form) != unit.end - unit.start:
                return None
            parts += ("\n" + " " * (gap - 1) if gap and size and not place else " " * gap, unit.form)
            size = unit.end
    return "".join(parts)


def _find_misplaced(table: Table, text: str, starts: array[int] | None) -> Unit | None:
    last = len(text) if starts is None else len(starts) - 1
    before = 0
    for unit in table.units:
        if unit.end > last:
            return unit
        start, end = (unit.start, unit.end) if starts is None else (starts[unit.start], starts[unit.end])
        stands = text[start:end]
        if unit.form != stands and text_of(unit.form, table.version) != stands:
            return unit
        if unit.is_token:
            if start < before:
                return unit
            before = end
    return None
