"""Parquet and Arrow, a few rows at a time. Needs the extra ``hf``."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.formats.huggingface.tables import NotATable, NumberedRow, Table
from annotator.formats.jsonl.record_fields import RecordFault

BATCH_ROWS = 500
_NOT_TAKEN = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)


def open_columns(file: BinaryIO) -> Table:
    """The table in ``file``. Raises `NotATable`."""
    held = file if file.seekable() else io.BytesIO(file.read())
    held.seek(0)
    is_parquet = held.read(4) == b"PAR1"
    held.seek(0)
    try:
        return _parquet(held) if is_parquet else _arrow(held)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise NotATable(f"it is no Parquet or Arrow file, or it is damaged ({_in_a_line(fault)})") from fault


def _parquet(file: BinaryIO | io.BytesIO) -> Table:
    parquet = pq.ParquetFile(pa.PythonFile(file, "r"))
    schema = parquet.schema_arrow
    left_out = _left_out(schema)
    taken = [name for name in schema.names if name not in left_out]
    groups = (
        batch
        for group in range(parquet.num_row_groups)
        for batch in parquet.iter_batches(BATCH_ROWS, row_groups=[group], columns=taken)
    )
    return Table(_numbered(groups), schema.metadata or {}, left_out)


def _arrow(file: BinaryIO | io.BytesIO) -> Table:
    """Both kinds: a stream, as ``save_to_disk`` writes, and a file."""
    held = pa.PythonFile(file, "r")
    is_file = file.read(6) == b"ARROW1"
    file.seek(0)
    if is_file:
        opened = pa.ipc.open_file(held)
        batches = (opened.get_batch(number) for number in range(opened.num_record_batches))
    else:
        opened = pa.ipc.open_stream(held)
        batches = iter(opened)
    left_out = _left_out(opened.schema)
    taken = [name for name in opened.schema.names if name not in left_out]
    return Table(_numbered(batch.select(taken) for batch in batches), opened.schema.metadata or {}, left_out)


def _left_out(schema: pa.Schema) -> tuple[str, ...]:
    """Columns of bytes: pictures, sound."""
    return tuple(one.name for one in schema if any(is_it(_innermost(one.type)) for is_it in _NOT_TAKEN))


def _innermost(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _innermost(kind.value_type)
    if pa.types.is_struct(kind):
        return next((inside.type for inside in kind if pa.types.is_binary(inside.type)), kind)
    return kind


def _numbered(batches: Iterator[pa.RecordBatch]) -> Iterator[NumberedRow]:
    number = 0
    try:
        for batch in batches:
            for start in range(0, batch.num_rows, BATCH_ROWS):
                for row in batch.slice(start, BATCH_ROWS).to_pylist():
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError, ValueError) as fault:
        yield number + 1, RecordFault(f"the file is damaged from here on ({_in_a_line(fault)})")


def _in_a_line(fault: Exception) -> str:
    return " ".join(str(fault).split())[:160]
