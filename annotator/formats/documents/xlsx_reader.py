"""Excel workbooks: one document a row of the first sheet, or of the one that was chosen."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl

from annotator.formats.documents.columns import Cell
from annotator.formats.documents.office_zip import NotOffice, opened
from annotator.formats.documents.table_rows import Row, records_of
from annotator.formats.shapes import ReadOptions, Record, Rejected, Remark, Source

MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_HELD_BYTES = 256 * 1024 * 1024
MAX_SHEET_BYTES = 2 * 1024**3
_HEAD = 4096


class XlsxReader:
    """Reads a workbook; which column is what stands in `ReadOptions.columns` or is guessed."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """The table's columns, a record a row, and remarks; formulas count as what they last came to."""
        with source.open() as file:
            content = file.read(MAX_FILE_BYTES + 1)
        try:
            _refuse_bombs(opened(content))
            yield from _records(content, source, options)
        except NotOffice as fault:
            yield Rejected(source.path, 1, str(fault))
        except Exception as fault:  # whatever the library trips over in a damaged file
            yield Rejected(source.path, 1, f"it is damaged and cannot be read as a workbook ({type(fault).__name__})")


def _records(content: bytes, source: Source, options: ReadOptions) -> Iterator[Record]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about looks and rules that are of no account here
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    names = [sheet.title for sheet in book.worksheets]
    chosen = dict(options.columns).get("sheet", "")
    if not names:
        raise NotOffice("the workbook has no sheets with cells")
    if chosen and chosen not in names:
        raise NotOffice(f"there is no sheet {chosen!r}; the sheets are {', '.join(names)}")
    name = chosen or names[0]
    others = [repr(one) for one in names if one != name]
    if others and not chosen:
        yield Remark(source.path, 1, f"only the sheet {name!r} is read; there are {', '.join(others[:10])} beside it")
    yield from records_of(_rows(book[name]), source, options, {})


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # they may be wrong, and then rows would be cut or endless
    for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_cell(value) for value in values]
        while cells and cells[-1] is None:
            cells.pop()
        yield line, cells


def _cell(value: object) -> Cell:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Parts that unpack to more than memory should hold, and XML that declares entities."""
    for one in archive.infolist():
        is_sheet = one.filename.startswith("xl/worksheets/")
        limit = MAX_SHEET_BYTES if is_sheet else MAX_HELD_BYTES
        if one.file_size > limit and one.filename.endswith((".xml", ".rels")):
            raise NotOffice(f"its {one.filename} unpacks to more than {limit // 1024**2} MiB")
        if one.filename.endswith((".xml", ".rels")):
            with archive.open(one) as part:
                head = part.read(_HEAD)
            if b"<!DOCTYPE" in head or b"\0" in head:
                raise NotOffice("its XML is none that a spreadsheet writes")
