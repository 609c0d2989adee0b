"""Reads doccano's JSON, JSON lines, CSV and label types."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, TypeAlias, cast

from annotator.formats.doccano.label_types import NAMED_TWICE, is_label_type, scheme_of
from annotator.formats.doccano.records import (
    LABEL_KEYS,
    TEXT_KEYS,
    Reading,
    documents_of,
    labels_of,
    text_of,
)
from annotator.formats.encoding import NotText, decode, with_newlines
from annotator.formats.json_stream import JsonFault, json_values
from annotator.formats.jsonl.record_fields import Plain, RecordFault
from annotator.formats.registry import suffix_of
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, SchemeFound, Source
from annotator.formats.tally import Tally
from annotator.formats.units import Measured, Unit, Votes

IN_UTF16 = "its offsets count UTF-16 units, as its words show; they were converted"
UNPROVED = "a text has characters outside the Unicode BMP and nothing shows what offsets count: taken as code points"
SPLIT = "labels that are joined with # were taken apart"
MAX_TABLE_BYTES = 256 * 1024 * 1024
_SPOOL_BYTES = 32 * 1024 * 1024
_SENTENCE_ENDS = tuple(".!?…。！？")
_LONG_WORDS, _LONG_CHARS = 5, 60

_Numbered: TypeAlias = "tuple[int, Plain | RecordFault]"


class DoccanoReader:
    """Two passes: the first one finds out what offsets count, and whether labels are names or texts."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """The scheme, if the file has label types; then each record."""
        with source.open() as file, tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as held:
            shutil.copyfileobj(file, held)
            yield from _File(cast(BinaryIO, held), source, options).records()


class _File:
    def __init__(self, file: BinaryIO, source: Source, options: ReadOptions) -> None:
        self._file, self._source, self._options = file, source, options
        self._tally = Tally()

    def records(self) -> Iterator[Record]:
        types: list[Plain] = []
        reading = self._looked_through(types)
        if types:
            scheme, doubles = scheme_of(types, self._source.stem or "doccano")
            self._tally.add(NAMED_TWICE, 1, doubles)
            yield SchemeFound(self._source.path, scheme)
        for line, plain in self._plains(self._tally):
            if isinstance(plain, RecordFault):
                yield Rejected(self._source.path, line, str(plain))
            elif not is_label_type(plain):
                yield from self._parsed(plain, line, reading)
        yield from self._tally.remarks(self._source.path)

    def _parsed(self, plain: Plain, line: int, reading: Reading) -> Iterator[Record]:
        try:
            docs = list(documents_of(plain, line, reading))
            text = docs[0].document.text
            if with_newlines(text, self._options.newlines) != text:
                raise RecordFault("line ends cannot be changed under existing offsets; import with --newlines keep")
        except RecordFault as fault:
            yield Rejected(self._source.path, line, str(fault))
            return
        yield from (Parsed(self._source.path, line, doc) for doc in docs)

    def _looked_through(self, types: list[Plain]) -> Reading:
        look = _Look()
        for _, plain in self._plains(Tally()):
            if is_label_type(plain):
                types.append(cast(Plain, plain))
            elif not isinstance(plain, RecordFault):
                look.at(plain)
        if look.unit is Unit.UTF16:
            self._tally.add(IN_UTF16, 1)
        elif look.is_open:
            self._tally.add(UNPROVED, 1)
        return Reading(look.unit, look.are_texts, self._tally)

    def _plains(self, tally: Tally) -> Iterator[_Numbered]:
        self._file.seek(0)
        if suffix_of(self._source.name) == ".csv":
            yield from _rows(self._file, dict(self._options.columns), tally)
            return
        for line, value in json_values(self._file):
            if isinstance(value, JsonFault):
                yield line, RecordFault(str(value))
            elif not isinstance(value, dict):
                yield line, RecordFault("the record is not a JSON object")
            else:
                yield line, value


class _Look:
    """What the records of a file together say about how it is to be read."""

    def __init__(self) -> None:
        self._surfaces, self._edges = Votes(), Votes()
        self._strings = self._sentences = 0
        self._is_ambiguous = False

    @property
    def unit(self) -> Unit:
        """Words count more than edges."""
        has_words = self._surfaces.code_points or self._surfaces.utf16
        return (self._surfaces if has_words else self._edges).unit

    @property
    def is_open(self) -> bool:
        """Whether offsets could count either."""
        return self._is_ambiguous and not (self._surfaces.code_points or self._edges.code_points)

    @property
    def are_texts(self) -> bool:
        """Whether most labels read like sentences."""
        return self._sentences * 2 > self._strings

    def at(self, plain: Plain) -> None:
        """Look at one record."""
        try:
            measured, said = Measured(text_of(plain)), labels_of(plain)
        except RecordFault:
            return
        for labels in said.values():
            self._strings += len(labels.names)
            self._sentences += sum(map(_reads_like_sentence, labels.names))
            if measured.is_ambiguous:
                self._vote(measured, labels.places)

    def _vote(self, measured: Measured, places: list[Plain]) -> None:
        for place in places:
            start, end, words = place.get("start_offset"), place.get("end_offset"), place.get("text")
            if type(start) is not int or type(end) is not int:
                continue
            self._is_ambiguous = True
            if isinstance(words, str):
                self._surfaces.by_surface(measured, start, end, words)
            else:
                self._edges.by_edges(measured, start, end)


def _reads_like_sentence(label: str) -> bool:
    return label.endswith(_SENTENCE_ENDS) or len(label) > _LONG_CHARS or len(label.split()) >= _LONG_WORDS


def _rows(file: BinaryIO, columns: dict[str, str], tally: Tally) -> Iterator[_Numbered]:
    content = file.read(MAX_TABLE_BYTES + 1)
    if len(content) > MAX_TABLE_BYTES:
        yield 1, RecordFault(f"the table is larger than {MAX_TABLE_BYTES // 1024**2} MiB; part it")
        return
    try:
        rows = csv.reader(io.StringIO(decode(content).text, newline=""))
        names = [name.strip() for name in next(rows, [])]
        roles = {role: columns.get(role) or _find_column(names, keys) for role, keys in _ROLES.items()}
        for row in rows:
            if row:
                yield rows.line_num, _record(row, names, roles, rows.line_num, tally)
    except (NotText, csv.Error) as fault:
        yield 1, RecordFault(f"the table cannot be read: {fault}")


_ROLES = {"text": TEXT_KEYS, "label": LABEL_KEYS, "id": ("id",)}


def _find_column(names: list[str], keys: tuple[str, ...]) -> str:
    return next((key for key in keys if key in names), keys[0])


def _record(row: list[str], names: list[str], roles: dict[str, str], line: int, tally: Tally) -> Plain | RecordFault:
    if len(row) != len(names):
        return RecordFault(f"the row has {len(row)} columns, not {len(names)}")
    plain: Plain = {name: value for name, value in zip(names, row, strict=True) if value}
    found: Plain = {}
    for role, column in roles.items():
        key = names[int(column) - 1] if column.isdigit() and 0 < int(column) <= len(names) else column
        if key in plain:
            found[role] = plain.pop(key)
    if isinstance(found.get("label"), str):
        found["label"] = _labels(found["label"], line, tally)
    return plain | found


def _labels(cell: str, line: int, tally: Tally) -> list[Any]:
    """The labels of a cell; doccano joins several with ``#``."""
    parts = cell.strip().split("#")
    if len(parts) < 2 or not all(parts):
        return [cell.strip()]
    tally.add(SPLIT, line)
    return list(parts)
