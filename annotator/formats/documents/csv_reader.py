"""CSV and TSV tables: one document a row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

from annotator.domain.text import Json
from annotator.formats.documents.csv_rows import csv_rows, encoding_of
from annotator.formats.documents.table_rows import records_of
from annotator.formats.encoding import NotText
from annotator.formats.shapes import ReadOptions, Record, Rejected, Remark, Source

STANDARD_INPUT = "-"
MAX_STREAM_BYTES = 512 * 1024 * 1024


class CsvReader:
    """Reads a table; which column is what stands in `ReadOptions.columns` or is guessed."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """The table's columns, a record a row, and remarks."""
        if source.path == STANDARD_INPUT:  # can be read once only
            with source.open() as file:
                content = file.read(MAX_STREAM_BYTES)
            source = replace(source, open=lambda: io.BytesIO(content))
        try:
            coded = encoding_of(source)
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))
            return
        if coded.remark:
            yield Remark(source.path, 1, coded.remark)
        meta: dict[str, Json] = {"encoding": coded.in_words} if coded.in_words else {}
        yield from records_of(csv_rows(source, coded.encoding), source, options, meta)
