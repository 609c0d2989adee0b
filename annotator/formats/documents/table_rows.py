"""Rows of cells to records: one document a row, whatever kind of file the rows come from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeAlias

import orjson

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Json
from annotator.formats.documents.columns import OWN, Cell, Columns, NoSuchColumn, columns_of
from annotator.formats.documents.own_rows import document_of_own
from annotator.formats.encoding import with_newlines
from annotator.formats.jsonl.record_fields import RecordFault
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source, TableFound
from annotator.formats.tally import Tally

LOOKED_AT = 200
Row: TypeAlias = tuple[int, "list[Cell] | str"]
"""A line's number and its cells, or what is wrong with it."""


def records_of(rows: Iterable[Row], source: Source, options: ReadOptions, meta: dict[str, Json]) -> Iterator[Record]:
    """The table's columns, a record a row, and remarks. ``meta`` is true of every row."""
    filled = (row for row in rows if isinstance(row[1], str) or any(cell not in (None, "") for cell in row[1]))
    first = list(islice(filled, LOOKED_AT))
    sound = [cells for _, cells in first if not isinstance(cells, str)]
    if not sound:
        yield from (Rejected(source.path, line, cells) for line, cells in first if isinstance(cells, str))
        if not first:
            yield Rejected(source.path, 1, "the table is empty")
        return
    try:
        columns = columns_of(sound, options.columns)
    except NoSuchColumn as fault:
        yield Rejected(source.path, 1, str(fault))
        return
    if not columns.is_own:
        yield TableFound(source.path, columns.names, columns.text_name)
    if columns.is_guess:
        yield Remark(source.path, 1, _guess_in_words(columns))
    yield from _Rows(columns, source, options, meta).records(chain(first, filled))


def _guess_in_words(columns: Columns) -> str:
    name = f"the column {columns.text_name!r}" if columns.has_header else columns.text_name
    where = "" if columns.has_header else " of a table without names of columns"
    return f"the text is taken from {name}{where}; another one can be chosen: text=NAME or text=NUMBER"


class _Rows:
    def __init__(self, columns: Columns, source: Source, options: ReadOptions, meta: dict[str, Json]) -> None:
        self._columns = columns
        self._source = source
        self._options = options
        self._meta = meta
        self._tally = Tally()

    def records(self, rows: Iterable[Row]) -> Iterator[Record]:
        is_header = self._columns.has_header
        is_empty = True
        for line, cells in rows:
            if isinstance(cells, str):
                yield Rejected(self._source.path, line, cells)
            elif is_header:
                is_header = False
                continue
            else:
                yield self._record(line, cells)
            is_empty = False
        if is_empty:
            yield Rejected(self._source.path, 1, "the table has names of columns and no rows")
        yield from self._tally.remarks(self._source.path)

    def _record(self, line: int, cells: list[Cell]) -> Record:
        width = len(self._columns.names)
        try:
            if any(cell not in (None, "") for cell in cells[width:]):
                raise RecordFault(f"the row has {len(cells)} cells and the table {width} columns")
            if len(cells) < width:
                self._tally.add("rows have fewer cells than the table has columns; the missing ones are empty", line)
            whole = [*cells[:width], *[None] * (width - len(cells))]
            return Parsed(self._source.path, line, self._document(whole))
        except RecordFault as fault:
            return Rejected(self._source.path, line, str(fault))

    def _document(self, cells: list[Cell]) -> AnnotatedDocument:
        columns = self._columns
        if columns.is_own:
            named = dict(zip(columns.names, map(as_text, cells), strict=True))
            more = {name: value for name, value in named.items() if name not in OWN and value}
            return document_of_own(named, {**self._meta, **more}, self._options)
        text = with_newlines(self._text(cells), self._options.newlines)
        names = columns.names
        meta = dict(self._meta) | {names[at]: cells[at] for at in columns.others if cells[at] not in (None, "")}
        held = {role: as_text(cells[at]) for role in columns.places if (at := columns.find(role)) is not None}
        document = Document(held.get("id", "").strip(), text, held.get("title", ""), held.get("language", ""), meta)
        labels = [label for at in columns.places.get("label", ()) for label in _labels_in(as_text(cells[at]))]
        return AnnotatedDocument(
            document, held.get("annotator", "").strip(), cats=dict.fromkeys(labels, 1.0), note=held.get("note", "")
        )

    def _text(self, cells: list[Cell]) -> str:
        text = as_text(cells[self._columns.places["text"][0]])
        if not text.strip():
            raise RecordFault(f"the column {self._columns.text_name!r} is empty here")
        if "\0" in text:
            raise RecordFault("the text has NUL characters")
        return text


def as_text(cell: Cell) -> str:
    """A cell as text: as it stands there, numbers as people write them."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return cell if isinstance(cell, str) else str(cell)


def _labels_in(cell: str) -> list[str]:
    """One label, or those of a JSON list."""
    label = cell.strip()
    if label.startswith("["):
        try:
            several: Any = orjson.loads(label)
        except orjson.JSONDecodeError:
            several = None
        if isinstance(several, list) and all(isinstance(one, str) and one for one in several):
            return several
    return [label] if label else []
