"""Annotator's own JSONL, lossless, which is also Prodigy's: one document and one annotation set a line.

Offsets are Unicode code points into the text exactly as imported. ``token_end`` is the index of a span's last
token (inclusive), as Prodigy has it. Keys that Annotator does not know are kept and written back.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.encoding import NotText, decode
from annotator.formats.jsonl_record import RecordFault, record_from_plain, record_to_plain
from annotator.formats.registry import Loss, Parsed, ReadOptions, Rejected, Source, WriteOptions

MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_ARRAY_BYTES = 256 * 1024 * 1024


class JsonlReader:
    """Reads JSON lines (or one JSON array of the same objects)."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Parsed | Rejected]:
        """One record a line; blank lines are passed over."""
        count = 0
        for line, content in _lines(source):
            count += 1
            if isinstance(content, RecordFault):
                yield Rejected(source.path, line, str(content))
            else:
                yield from _records(content, line, source, options)
        if not count:
            yield Rejected(source.path, 1, "the file is empty")


def _records(content: bytes, line: int, source: Source, options: ReadOptions) -> Iterator[Parsed | Rejected]:
    try:
        plain = orjson.loads(content)
    except orjson.JSONDecodeError as fault:
        yield Rejected(source.path, line, f"not valid JSON: {fault}")
        return
    for number, entry in enumerate(plain if isinstance(plain, list) else [plain]):
        at = line + number if isinstance(plain, list) else line
        try:
            yield Parsed(source.path, at, record_from_plain(entry, options))
        except RecordFault as fault:
            yield Rejected(source.path, at, str(fault))


def _lines(source: Source) -> Iterator[tuple[int, bytes | RecordFault]]:
    """Numbered lines that are not blank; a whole file that is one array counts as one line."""
    with source.open() as file:
        head = file.read(64)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield from _utf16_lines(head + file.read(MAX_ARRAY_BYTES))
            return
        head = head.removeprefix(codecs.BOM_UTF8)
        if head.lstrip().startswith(b"["):
            content = head + file.read(MAX_ARRAY_BYTES)
            too_long = len(content) >= MAX_ARRAY_BYTES
            yield 1, RecordFault("the JSON array is too large; write one object a line") if too_long else content
            return
        yield from _stream_lines(head, file)


def _utf16_lines(content: bytes) -> Iterator[tuple[int, bytes | RecordFault]]:
    try:
        text = decode(content).text
    except NotText as fault:
        yield 1, RecordFault(str(fault))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.encode()


def _stream_lines(head: bytes, file: BinaryIO) -> Iterator[tuple[int, bytes | RecordFault]]:
    number = 0
    for number, line in enumerate(head.split(b"\n")[:-1], 1):
        if line.strip():
            yield number, line
    rest = head.split(b"\n")[-1]
    while line := rest + file.readline(MAX_LINE_BYTES):
        rest = b""
        number += 1
        if len(line) >= MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (skipped := file.readline(MAX_LINE_BYTES)) and not skipped.endswith(b"\n"):
                pass
            yield number, RecordFault(f"the line is longer than {MAX_LINE_BYTES // 1024**2} MiB")
        elif b"\0" in line:
            yield number, RecordFault("the line has NUL bytes: the file is binary or damaged")
        elif line.strip():
            yield number, line


class JsonlWriter:
    """Writes everything: nothing is lost."""

    name = "jsonl"
    extension = ".jsonl"
    loses: tuple[str, ...] = ()
    holds_annotators = True

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """None."""
        return []

    def write(
        self,
        docs: Iterable[AnnotatedDocument],
        target: BinaryIO,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """One line a document, keys always in the same order."""
        for doc in docs:
            target.write(orjson.dumps(record_to_plain(with_names(doc, scheme))) + b"\n")


def with_names(doc: AnnotatedDocument, scheme: LabelScheme) -> AnnotatedDocument:
    """The document with label names (what files carry) instead of label ids."""
    names: dict[Any, str] = {(layer.name, label.id): label.name for layer, label in scheme.labels}
    renamed = [
        replace(span, label=name)
        for span in doc.spans
        if (name := names.get((span.layer, span.label), span.label)) != span.label
    ]
    relation_names = {label.id: label.name for label in scheme.relation_labels}
    cat_names = {label.id: label.name for label in scheme.document_labels}
    return replace(
        doc,
        spans=doc.spans.changed(renamed) if renamed else doc.spans,
        relations={
            key: replace(relation, label=relation_names.get(relation.label, relation.label))
            for key, relation in doc.relations.items()
        },
        cats={cat_names.get(label, label): value for label, value in doc.cats.items()},
    )
