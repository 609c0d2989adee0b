"""Annotator's own JSONL, lossless, which is also Prodigy's: one document and one annotation set a line.

Offsets are Unicode code points into the text exactly as imported. ``token_end`` is the index of a span's last
token (inclusive), as Prodigy has it. Keys that Annotator does not know are kept and written back: those of a
record in `Document.extra`, of spans and relations in their attributes, of tokens in `Document.extra`, too, as
long as the text keeps these tokens. Left out are only those that Annotator writes anew (``ws``,
``head_span``, ``child_span``, a span's ``"type": "span"``) and Prodigy's ids of annotators, which become the
annotator.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO, TypeAlias

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import SpanSet
from annotator.formats.encoding import NotText, decode
from annotator.formats.record_fields import RecordFault
from annotator.formats.record_reading import record_from_plain
from annotator.formats.record_writing import record_to_plain
from annotator.formats.shapes import Format, Holds, Loss, Parsed, ReadOptions, Record, Rejected, Source, WriteOptions

MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_WHOLE_BYTES = 64 * 1024 * 1024
"""For what must be read whole: JSON arrays and files in UTF-16."""

_Line: TypeAlias = tuple[int, bytes | RecordFault]


class JsonlReader:
    """Reads JSON lines (or one JSON array of the same objects, whose lines are then counted by object)."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """One record a line; blank lines are passed over. No more than one line is held at a time."""
        is_empty = True
        for line, content in _lines(source):
            is_empty = False
            if isinstance(content, RecordFault):
                yield Rejected(source.path, line, str(content))
            else:
                yield from _records(content, line, source, options)
        if is_empty:
            yield Rejected(source.path, 1, "the file is empty")


def _records(content: bytes, line: int, source: Source, options: ReadOptions) -> Iterator[Record]:
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
            yield Parsed(source.path, number, record_from_plain(entry, options))
        except RecordFault as fault:
            yield Rejected(source.path, number, str(fault))


def _what_is_wrong(content: bytes, fault: orjson.JSONDecodeError) -> str:
    try:
        content.decode()
    except UnicodeDecodeError as wrong:
        column = wrong.start - content.rfind(b"\n", 0, wrong.start)
        return f"not valid UTF-8: byte {content[wrong.start]:#04x} at byte {column} of the line"
    return f"not valid JSON: {fault.msg} at column {fault.colno}"


def _lines(source: Source) -> Iterator[_Line]:
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


class JsonlWriter:
    """Writes everything: nothing is lost."""

    name = "jsonl"
    extension = ".jsonl"
    loses: tuple[str, ...] = ()
    holds = Holds.everything()

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
    relation_names = {label.id: label.name for label in scheme.relation_labels}
    cat_names = {label.id: label.name for label in scheme.document_labels}
    relations = {
        key: replace(relation, label=relation_names.get(relation.label, relation.label))
        for key, relation in doc.relations.items()
    }
    cats = {cat_names.get(label, label): value for label, value in doc.cats.items()}
    return replace(doc, spans=_spans_with_names(doc.spans, scheme), relations=relations, cats=cats)


def _spans_with_names(spans: SpanSet, scheme: LabelScheme) -> SpanSet:
    names = {(layer.name, label.id): label.name for layer, label in scheme.labels if label.id != label.name}
    renamed = [
        replace(span, label=names[span.layer, span.label]) for span in spans if (span.layer, span.label) in names
    ]
    return spans.changed(renamed) if renamed else spans


def _recognises(_source: Source, head: bytes) -> int:
    """JSON objects with a text; other JSON is some other tool's more likely."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start not in (b"{", b"["):
        return 1
    return 3 if b'"text"' in head else 2


FORMATS = (
    Format(
        "jsonl",
        "JSON lines, Annotator's own and Prodigy's",
        (".jsonl", ".ndjson", ".json"),
        make_reader=JsonlReader,
        make_writer=JsonlWriter,
        recognises=_recognises,
    ),
)
