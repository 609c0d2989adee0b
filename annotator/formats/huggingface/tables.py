"""Parquet, Arrow and JSON lines as rows with their numbers, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeAlias

import orjson

from annotator.formats.jsonl.reader import lines_of
from annotator.formats.jsonl.record_fields import RecordFault
from annotator.formats.shapes import Source

Row: TypeAlias = dict[str, Any]
NumberedRow: TypeAlias = "tuple[int, Row | RecordFault]"


class NotATable(ValueError):
    """The file is not what its suffix says; the message says why."""


@dataclass(slots=True)
class Table:
    """Rows, and what the file itself says about its columns. ``left_out``: columns that cannot be taken."""

    rows: Iterator[NumberedRow]
    metadata: Mapping[bytes, bytes] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def open_table(source: Source, file: BinaryIO) -> Table:
    """The table in ``file``. Raises `NotATable`."""
    if source.name.lower().endswith((".jsonl", ".json", ".ndjson")):
        return Table(_json_rows(source))
    try:
        from annotator.formats.huggingface.columnar import open_columns
    except ImportError as fault:
        needed = "Parquet and Arrow need more than is installed here"
        raise NotATable(f"{needed}; install it: pip install 'annotator[hf]'") from fault
    return open_columns(file)


def _json_rows(source: Source) -> Iterator[NumberedRow]:
    for line, content in lines_of(source):
        if isinstance(content, RecordFault):
            yield line, content
            continue
        try:
            plain = orjson.loads(content)
        except orjson.JSONDecodeError as fault:
            yield line, RecordFault(f"not valid JSON: {fault.msg} at column {fault.colno}")
            continue
        for number, entry in enumerate(plain if isinstance(plain, list) else [plain], line):
            yield number, entry if isinstance(entry, dict) else RecordFault("the record is not a JSON object")
