"""Reads JSON lines, Annotator's own and Prodigy's; see the package for what they hold."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

import orjson

from annotator.formats.encoding import NotText, decode
from annotator.formats.jsonl.record_fields import RecordFault
from annotator.formats.jsonl.record_reading import record_from_plain
from annotator.formats.jsonl.record_spans import WORD_LABEL, WORD_LAYER
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Source
from annotator.formats.tally import Tally

MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_WHOLE_BYTES = 64 * 1024 * 1024
"""For what must be read whole: JSON arrays and files in UTF-16."""

WORDS_LABELLED = f"a word without a label that a relation joins got the label {WORD_LABEL} in the layer {WORD_LAYER}"

_Line: TypeAlias = tuple[int, bytes | RecordFault]


class JsonlReader:
    """Reads JSON lines (or one JSON array of the same objects, whose lines are then counted by object)."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """One record a line; blank lines are passed over. No more than one line is held at a time."""
        is_empty, tally = True, Tally()
        for line, content in lines_of(source):
            is_empty = False
            if isinstance(content, RecordFault):
                yield Rejected(source.path, line, str(content))
            else:
                yield from _records(content, line, source, options, tally)
        yield from tally.remarks(source.path)
        if is_empty:
            yield Rejected(source.path, 1, "the file is empty")


def _records(content: bytes, line: int, source: Source, options: ReadOptions, tally: Tally) -> Iterator[Record]:
    try:
        plain = orjson.loads(content.rstrip())
    except orjson.JSONDecodeError as fault:
        yield Rejected(source.path, line + fault.lineno - 1, _what_is_wrong(content, fault))
        return
    entries = plain if isinstance(plain, list) else [plain]
    if not entries:
        yield Rejected(source.path, line, "the JSON array is empty")
    for number, entry in enumerate(entries, line):
        try:
            doc = record_from_plain(entry, options)
        except RecordFault as fault:
            yield Rejected(source.path, number, str(fault))
            continue
        tally.add(WORDS_LABELLED, number, len(doc.spans) - len(entry.get("spans") or ()))
        yield Parsed(source.path, number, doc)


def _what_is_wrong(content: bytes, fault: orjson.JSONDecodeError) -> str:
    try:
        content.decode()
    except UnicodeDecodeError as wrong:
        column = wrong.start - content.rfind(b"\n", 0, wrong.start)
        return f"not valid UTF-8: byte {content[wrong.start]:#04x} at byte {column} of the line"
    return f"not valid JSON: {fault.msg} at column {fault.colno}"


def lines_of(source: Source) -> Iterator[_Line]:
    """Numbered lines that are not blank; a whole file that is one array counts as one line."""
    with source.open() as file:
        first = file.readline(MAX_LINE_BYTES)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield from _utf16_lines(_whole(first, file))
            return
        number, line = _first_line(first.removeprefix(codecs.BOM_UTF8), file)
        if line.lstrip().startswith(b"["):
            yield number, _whole(line, file)
        else:
            yield from _stream_lines(number, line, file)


def _first_line(line: bytes, file: BinaryIO) -> tuple[int, bytes]:
    """The first line that is not blank (empty at the end of the file), and its number."""
    number = 1
    while line and not line.strip():
        line = file.readline(MAX_LINE_BYTES)
        number += 1
    return number, line


def _whole(head: bytes, file: BinaryIO) -> bytes | RecordFault:
    content = head + file.read(max(MAX_WHOLE_BYTES + 1 - len(head), 0))
    if len(content) > MAX_WHOLE_BYTES:
        limit = f"{MAX_WHOLE_BYTES // 1024**2} MiB"
        return RecordFault(f"the JSON array or UTF-16 file is larger than {limit}; write one object a line in UTF-8")
    return content


def _utf16_lines(content: bytes | RecordFault) -> Iterator[_Line]:
    if isinstance(content, RecordFault):
        yield 1, content
        return
    try:
        text = decode(content).text
    except NotText as fault:
        yield 1, RecordFault(str(fault))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.encode()


def _stream_lines(number: int, line: bytes, file: BinaryIO) -> Iterator[_Line]:
    while line:
        if len(line) >= MAX_LINE_BYTES and not line.endswith(b"\n"):
            _skip_line(file)
            yield number, RecordFault(f"the line is longer than {MAX_LINE_BYTES // 1024**2} MiB")
        elif b"\0" in line:
            yield number, RecordFault("the line has NUL bytes: the file is binary or damaged")
        elif line.strip():
            yield number, line
        line = file.readline(MAX_LINE_BYTES)
        number += 1


def _skip_line(file: BinaryIO) -> None:
    while (skipped := file.readline(MAX_LINE_BYTES)) and not skipped.endswith(b"\n"):
        pass
