"""Reads data sets of Hugging Face, row by row: Annotator's own and other people's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from annotator.formats.huggingface.foreign import Columns, NoNames, NothingToTake
from annotator.formats.huggingface.rows import OWN_COLUMNS, document_of
from annotator.formats.huggingface.tables import NotATable, NumberedRow, Row, Table, open_table
from annotator.formats.jsonl.record_fields import RecordFault
from annotator.formats.jsonl.record_reading import record_from_plain
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, SchemeFound, Source
from annotator.formats.tally import Tally


class HuggingFaceReader:
    """Tokens with tags become spans, a label of the text a document label; other plain columns are metadata."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """One record a row. A file in which no column can be taken is one `Rejected`."""
        with source.open() as file:
            try:
                table = open_table(source, file)
            except NotATable as fault:
                yield Rejected(source.path, 1, str(fault))
                return
            tally = Tally()
            for name in table.left_out:
                tally.add(f"the column {name} has bytes: it is left out", 1)
            yield from _records(table, source, options, tally)
            yield from tally.remarks(source.path)


def _records(table: Table, source: Source, options: ReadOptions, tally: Tally) -> Iterator[Record]:
    bad, first = _first_row(table.rows)
    for number, fault in bad:
        yield Rejected(source.path, number, str(fault))
    if first is None:
        if not bad:
            tally.add("there are no rows in it", 1)
        return
    is_own = first[1].keys() >= OWN_COLUMNS
    try:
        columns = None if is_own else Columns.of(first[1], table.metadata, source, tally)
    except NothingToTake as fault:
        yield Rejected(source.path, 1, str(fault))
        return
    if columns is not None and (scheme := columns.scheme(source.stem or "data set")) is not None:
        yield SchemeFound(source.path, scheme)
    for number, row in chain([first], table.rows):
        try:
            if isinstance(row, RecordFault):
                raise row
            if columns is None:
                yield Parsed(source.path, number, document_of(row, options))
            else:
                doc = record_from_plain(columns.record_of(row, number), options)
                yield Parsed(source.path, number, doc, is_annotated=columns.has_labels)
        except NoNames as fault:
            yield Rejected(source.path, number, str(fault))
            return
        except RecordFault as fault:
            yield Rejected(source.path, number, str(fault))


def _first_row(rows: Iterator[NumberedRow]) -> tuple[list[tuple[int, RecordFault]], tuple[int, Row] | None]:
    """What cannot be read before the first row that can, and that row."""
    bad: list[tuple[int, RecordFault]] = []
    for number, row in rows:
        if not isinstance(row, RecordFault):
            return bad, (number, row)
        bad.append((number, row))
    return bad, None
