"""Reads bytes and writes documents in memory."""

from __future__ import annotations

import io
from collections.abc import Iterable

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.shapes import FileWriter, Parsed, Reader, ReadOptions, Record, Rejected, Source, WriteOptions

OPEN = LabelScheme("open", is_extensible=True)


def read_bytes(reader: Reader, content: bytes, options: ReadOptions | None = None) -> list[Record]:
    source = Source("some.file", "some", lambda: io.BytesIO(content))
    return list(reader.read(source, options or ReadOptions()))


def documents_in(records: Iterable[Record]) -> list[AnnotatedDocument]:
    """The documents, if nothing was rejected."""
    held = list(records)
    assert [record for record in held if isinstance(record, Rejected)] == []
    return [record.doc for record in held if isinstance(record, Parsed)]


def written(
    writer: FileWriter,
    docs: Iterable[AnnotatedDocument],
    scheme: LabelScheme = OPEN,
    options: WriteOptions | None = None,
) -> bytes:
    target = io.BytesIO()
    writer.write(docs, target, scheme, options or WriteOptions())
    return target.getvalue()
