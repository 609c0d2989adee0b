"""Import: read files, check every record against the text and the scheme, store what is sound, name the rest.

A record that cannot be taken is named with its line and never stops the others. The text is never changed.
A dry run is the same work with a rollback at the end.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path

from annotator.domain.constraints import check_document
from annotator.domain.errors import UserError
from annotator.domain.making import check_makeable
from annotator.domain.projects import AnnotatedDocument, Annotator, AnnotatorKind, Status
from annotator.domain.spans import Origin
from annotator.domain.text import Document
from annotator.formats.registry import guess_format
from annotator.formats.shapes import (
    Parsed,
    ReadOptions,
    Record,
    Rejected,
    Remark,
    SchemeFound,
    TableFound,
    UnknownFormat,
)
from annotator.formats.sources import file_source, read_sources
from annotator.store import ProjectStore, UnitOfWork
from annotator.workflows import clock
from annotator.workflows.import_request import FirstDocument, ImportReport, ImportRequest
from annotator.workflows.label_mapping import with_labels
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled
from annotator.workflows.scheme_growing import SchemeGrowing
from annotator.workflows.suggesting import IMPORTED_TOKENS

BATCH_CHARS = 2_000_000
BATCH_DOCUMENTS = 500
_HEAD_BYTES = 8192
FIRST_DOCUMENTS = 5


class _RecordRefused(Exception):
    """One record cannot be taken; the message is the reason."""


class _DryRunEnds(Exception):
    """Rolls a dry run back."""


def import_documents(store: ProjectStore, request: ImportRequest, progress: Progress | None = None) -> ImportReport:
    """Import everything in ``request.sources``. Raises a `UserError` when a source cannot be read at all.

    Cancelling raises `Cancelled`; the batches stored by then stay.
    """
    progress = progress or Silent()
    report = ImportReport()
    options = ReadOptions(request.newlines, request.columns)
    records = read_sources(request.sources, request.format, options)
    try:
        with ExitStack() as whole_run:
            unit = whole_run.enter_context(store.writing()) if request.is_dry_run else None
            for batch in _batches(records):
                raise_if_cancelled(progress)
                _take_batch(store, unit, batch, request, report)
                progress.report(report.accepted + report.duplicates + len(report.rejected), None, "documents")
            if unit is not None:
                raise _DryRunEnds
    except _DryRunEnds:
        pass
    return report


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Records in batches of bounded size, each stored in one transaction."""
    batch: list[Record] = []
    chars = 0
    for record in records:
        batch.append(record)
        chars += len(record.doc.document.text) if isinstance(record, Parsed) else 0
        if chars > BATCH_CHARS or len(batch) >= BATCH_DOCUMENTS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _take_batch(
    store: ProjectStore,
    unit: UnitOfWork | None,
    batch: list[Record],
    request: ImportRequest,
    report: ImportReport,
) -> None:
    if unit is None:
        with store.writing() as own_unit:
            _Importer(own_unit, batch, request, report).take_all()
    else:
        _Importer(unit, batch, request, report).take_all()


class _Importer:
    """Takes the records of one batch into one unit of work."""

    def __init__(self, unit: UnitOfWork, batch: list[Record], request: ImportRequest, report: ImportReport) -> None:
        self._unit = unit
        self._batch = batch
        self._request = request
        self._report = report
        self._labels = SchemeGrowing(unit, request, report)
        documents = [record.doc.document for record in batch if isinstance(record, Parsed)]
        ids, texts = (one.id for one in documents), (one.text_sha256 for one in documents)
        self._documents = unit.new_documents(ids, texts)
        self._annotator_ids: dict[str, int] = {}
        self._at = clock.now()

    def take_all(self) -> None:
        for record in self._batch:
            match record:
                case Rejected():
                    self._report.rejected.append(record)
                case Remark():
                    self._report.remarks.append(record)
                case SchemeFound():
                    self._labels.join(record.scheme)
                case TableFound():
                    self._report.table = self._report.table or record
                case Parsed():
                    self._take_if_sound(record)
        self._documents.flush()

    def _take_if_sound(self, record: Parsed) -> None:
        try:
            self._take(record)
        except (_RecordRefused, UserError) as refusal:
            reason = refusal.what if isinstance(refusal, UserError) else str(refusal)
            self._report.rejected.append(Rejected(record.path, record.line, reason))

    def _take(self, record: Parsed) -> None:
        mapped = with_labels(record.doc, self._request.labels)
        if len(self._report.first) < FIRST_DOCUMENTS:
            self._report.first.append(FirstDocument.of(mapped))
        doc = self._labels.with_ids(mapped)
        if record.is_suggestion:
            self._take_suggestions(record, doc)
            return
        held_key = self._documents.find_by_text(doc.document.text_sha256, likely_id=doc.document.id)
        if held_key is None:
            self._add_document(doc, record)
        elif not (_has_annotations(doc) or record.is_annotated) or not self._add_missing_set(held_key, doc, record):
            self._report.duplicates += 1
        else:
            self._report.accepted += 1

    def _add_document(self, doc: AnnotatedDocument, record: Parsed) -> None:
        key, doc = self._add_text(doc, record)
        self._add_set(key, doc, is_annotated=record.is_annotated)

    def _add_text(self, doc: AnnotatedDocument, record: Parsed) -> tuple[int, AnnotatedDocument]:
        doc = self._with_free_id(doc, record)
        self._check(doc)
        key = self._documents.add(_stored_form(doc), source=record.path, at=self._at)
        self._report.new_ids[doc.document.id] = record.path
        self._report.accepted += 1
        return key, doc

    def _take_suggestions(self, record: Parsed, doc: AnnotatedDocument) -> None:
        """A model's predictions become suggestions; the text is added when it is not there yet."""
        key = self._documents.find_by_text(doc.document.text_sha256)
        if key is None:
            key, doc = self._add_text(doc, record)
        self._documents.flush()
        title = doc.annotator or "imported model"
        name = title.split()[0]
        self._unit.ensure_annotator(Annotator(name, AnnotatorKind.PIPELINE))
        spans = [
            replace(span, id=f"{name}-{number}", origin=Origin.PIPELINE, decided=False, pipeline=title)
            for number, span in enumerate(doc.spans)
        ]
        self._unit.put_suggestions(key, name, title, spans)
        self._report.suggestions += len(spans)

    def _with_free_id(self, doc: AnnotatedDocument, record: Parsed) -> AnnotatedDocument:
        """Two files of one import may call their texts the same: the second gets a number, and that is said.

        Refused is another text under the id of one that was there before, or that the same file has.
        """
        wanted = doc.document.id
        if not wanted or self._documents.find_by_id(wanted) is None:
            return doc
        if self._report.new_ids.get(wanted, record.path) == record.path:
            raise _RecordRefused(f"the id {wanted!r} is already taken by another text")
        numbered = (f"{wanted}-{number}" for number in count(2))
        free = next(one for one in numbered if self._documents.find_by_id(one) is None)
        what = f"the id {wanted!r} is another text's in this import; here it is {free!r}"
        self._report.remarks.append(Remark(record.path, record.line, what))
        return replace(doc, document=replace(doc.document, id=free))

    def _add_missing_set(self, key: int, doc: AnnotatedDocument, record: Parsed) -> bool:
        """Add the labels of a text that is there already; false when that was not to be done (any more).

        Two documents may have the same text and other labels by the same person: then each stays a document of its own.
        """
        annotator = self._annotator_of(doc)
        if not self._has_set(key, annotator):
            self._check(doc)
            self._add_set(key, doc)
            return True
        self._documents.flush()
        held = self._unit.load(key, annotator)
        if _content(held) == _content(doc):
            return False
        held_id = held.document.id
        is_same_file = self._report.new_ids.get(held_id, record.path) == record.path
        if is_same_file and doc.document.id in ("", held_id):
            raise _RecordRefused(
                f"{annotator} has other labels on this text already; import these under another annotator's name"
            )
        what = f"its text stands in {held_id!r} too, with other labels by {annotator}: it is a document of its own"
        self._report.remarks.append(Remark(record.path, record.line, what))
        self._add_document(doc, record)
        self._report.accepted -= 1  # whoever asked counts it
        return True

    def _has_set(self, key: int, annotator: str) -> bool:
        """Whether the annotator has begun the document, be it only in this import."""
        if self._documents.has_added_set(key, self._annotator_id(annotator)):
            return True
        return not self._documents.is_added(key) and self._unit.has_set(key, annotator)

    def _add_set(self, key: int, doc: AnnotatedDocument, *, is_annotated: bool = True) -> None:
        if not is_annotated and not _has_annotations(doc):
            return
        self._documents.add_set(key, self._annotator_id(self._annotator_of(doc)), doc, at=self._at)
        self._report.spans += len(doc.spans)

    def _annotator_of(self, doc: AnnotatedDocument) -> str:
        return self._request.annotator or doc.annotator or self._request.default_annotator

    def _annotator_id(self, name: str) -> int:
        if name not in self._annotator_ids:
            self._annotator_ids[name] = self._unit.annotator_id(name)
        return self._annotator_ids[name]

    def _check(self, doc: AnnotatedDocument) -> None:
        check_makeable(doc)
        check_document(self._labels.scheme, doc)


def _stored_form(doc: AnnotatedDocument) -> Document:
    """The document as it is stored: with an id of its own, and with its tokens marked as imported."""
    document = doc.document
    if not document.id:
        document = replace(document, id=document.text_sha256[:16])
    if len(document.tokens) and not document.tokenizer:
        document = replace(document, tokenizer=IMPORTED_TOKENS)
    return document


def _has_annotations(doc: AnnotatedDocument) -> bool:
    return bool(len(doc.spans) or doc.relations or doc.cats or doc.note or doc.status is not Status.NEW)


def _content(doc: AnnotatedDocument) -> tuple[object, ...]:
    """What makes two sets the same labels, whoever's ids they carry."""
    spans = sorted((span.start, span.end, span.layer, span.label) for span in doc.spans)
    return (spans, len(doc.relations), dict(doc.cats))


def guess_format_of(path: Path) -> str:
    """The title of the format that reads this file, told by its name and first bytes; empty when none does."""
    source = file_source(path, path.parent)
    try:
        with source.open() as file:
            return guess_format(source, file.read(_HEAD_BYTES)).title
    except (UnknownFormat, OSError, EOFError, zlib.error, lzma.LZMAError):
        return ""
