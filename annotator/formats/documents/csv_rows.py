"""CSV and TSV as rows: encoding, delimiter and quoting found out, read as a stream."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from annotator.formats.documents.table_rows import Row
from annotator.formats.encoding import NotText, candidates, encoding_in_words, remark_on_encoding
from annotator.formats.encoding_guess import SAMPLE_BYTES, sample_of
from annotator.formats.shapes import Source

MAX_CELL_CHARS = 64 * 1024 * 1024
SNIFFED_CHARS = 64 * 1024
_CHUNK = 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_NO_DELIMITER = "\x1f"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LEAST_ALIKE = 0.6
_Quoting: TypeAlias = Literal[0, 3]
_QUOTED: _Quoting = 0  # csv.QUOTE_MINIMAL
_UNQUOTED: _Quoting = 3  # csv.QUOTE_NONE


@dataclass(frozen=True, slots=True)
class Coded:
    """How a file is to be decoded. ``in_words`` is for the metadata, ``remark`` for the report; both may be empty."""

    encoding: str
    in_words: str = ""
    remark: str = ""


def encoding_of(source: Source) -> Coded:
    """The encoding in which the file can be read to its end. Raises `NotText`."""
    with source.open() as file:
        head = file.read(64 * 1024)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            _refuse_unless(source, encoding)
            return Coded(encoding, "" if encoding == "utf-8-sig" else encoding)
    if b"\0" in head:
        raise NotText("it is a binary file, not a table")
    if _is_readable(source, "utf-8"):
        return Coded("utf-8")
    for encoding, confidence in candidates(_sample_of(source)):
        if _is_readable(source, encoding):
            return Coded(encoding, encoding_in_words(encoding, confidence), remark_on_encoding(encoding, confidence))
    raise NotText("its encoding is not UTF-8 and none that could be guessed; save it as UTF-8")


def _refuse_unless(source: Source, encoding: str) -> None:
    if not _is_readable(source, encoding):
        raise NotText(f"it begins as {encoding.removesuffix('-sig')} but is not")


def _chunks(source: Source) -> Iterator[bytes]:
    with source.open() as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _is_readable(source: Source, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(source):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample_of(source: Source) -> bytes:
    sample = b""
    for chunk in _chunks(source):
        sample += sample_of(chunk)
        if len(sample) > SAMPLE_BYTES:
            break
    return sample


def csv_rows(source: Source, encoding: str) -> Iterator[Row]:
    """The rows with the line that each begins in."""
    with source.open() as file, io.TextIOWrapper(file, encoding, newline="") as text:
        head = text.read(SNIFFED_CHARS)
    csv.field_size_limit(MAX_CELL_CHARS)
    with source.open() as file, io.TextIOWrapper(file, encoding, newline="") as text:
        yield from _rows(text, head)


def _rows(lines: io.TextIOWrapper, head: str) -> Iterator[Row]:
    delimiter, quoting = dialect_of(head)
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, f"the cell is longer than {MAX_CELL_CHARS // 1024**2} million characters; a quote is not closed"
        else:
            yield line, list(cells)
        line = reader.line_num + 1


def dialect_of(head: str) -> tuple[str, _Quoting]:
    """The delimiter with which most rows have equally many cells, and how quotes are meant; of one column none."""
    is_cut = len(head) >= SNIFFED_CHARS
    lines = list(io.StringIO(head, newline=""))  # ends of lines as files have them, not as Unicode does
    ways: list[tuple[str, _Quoting]] = [*((one, _QUOTED) for one in _DELIMITERS), ("\t", _UNQUOTED)]
    found = [(_alikeness(lines, *way, is_cut=is_cut), *way) for way in ways]
    alike, delimiter, quoting = max(found, key=lambda one: one[0])
    return (delimiter, quoting) if alike[0] else (_NO_DELIMITER, _QUOTED)


def _alikeness(lines: list[str], delimiter: str, quoting: _Quoting, *, is_cut: bool) -> tuple[float, int]:
    """The share of rows with the most frequent number of cells (0 if that is one), and that number."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter, quoting=quoting) if row]
    except csv.Error:
        return 0.0, 0
    counts = Counter(widths[:-1] if is_cut and len(widths) > 1 else widths)
    width, count = counts.most_common(1)[0] if counts else (0, 0)
    share = count / max(counts.total(), 1)
    return (share, width) if width > 1 and share >= _LEAST_ALIKE else (0.0, 0)
