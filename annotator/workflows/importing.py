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
from annotator.domain.edits import AddRelation, AddSpan, Batch, Edit, SetCat, SetNote, SetStatus, apply
from annotator.domain.errors import UnknownLabel, UserError
from annotator.domain.projects import AnnotatedDocument, Annotator, AnnotatorKind, Status
from annotator.domain.scheme_joining import joined_schemes
from annotator.domain.spans import Origin, Relation, Span, SpanSet
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
from annotator.store import EntryKind, NewEntry, ProjectStore, UnitOfWork
from annotator.workflows import clock
from annotator.workflows.import_request import FirstDocument, ImportReport, ImportRequest
from annotator.workflows.label_mapping import unknown_labels, with_aliases, with_labels
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled
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
            _Importer(own_unit, request, report).take_all(batch)
    else:
        _Importer(unit, request, report).take_all(batch)


class _Importer:
    """Takes the records of one batch into one unit of work."""

    def __init__(self, unit: UnitOfWork, request: ImportRequest, report: ImportReport) -> None:
        self._unit = unit
        self._request = request
        self._report = report
        self._scheme = unit.scheme()
        self._known_annotators: set[str] = set()
        self._learn()

    def take_all(self, batch: Iterable[Record]) -> None:
        for record in batch:
            match record:
                case Rejected():
                    self._report.rejected.append(record)
                case Remark():
                    self._report.remarks.append(record)
                case SchemeFound():
                    self._take_scheme(record)
                case TableFound():
                    self._report.table = self._report.table or record
                case Parsed():
                    self._take_if_sound(record)

    def _learn(self) -> None:
        """Names that a person said are others here become aliases of those, when that is to be remembered."""
        learned = with_aliases(self._scheme, self._request.labels) if self._request.is_remembered else self._scheme
        if learned != self._scheme:
            self._unit.save_scheme(learned)
            self._scheme = learned

    def _take_scheme(self, found: SchemeFound) -> None:
        """A scheme that may learn labels, or has none yet, learns those that the file describes."""
        if not self._scheme.is_extensible and any(self._scheme.labels):
            return
        joined = joined_schemes(self._scheme, found.scheme)
        if joined != self._scheme:
            self._unit.save_scheme(joined)
            self._scheme = joined

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
        doc = self._with_scheme_labels(mapped)
        if record.is_suggestion:
            self._take_suggestions(record, doc)
            return
        held_key = self._find_held(doc)
        if held_key is None:
            self._add_document(doc, record)
        elif not (_has_annotations(doc) or record.is_annotated) or not self._add_missing_set(held_key, doc, record):
            self._report.duplicates += 1
        else:
            self._report.accepted += 1

    def _find_held(self, doc: AnnotatedDocument) -> int | None:
        """The key of the document with this text: the one with the same id, if there are several."""
        key = self._unit.find_document(doc.document.id) if doc.document.id else None
        if key is not None and self._unit.load_document(key).text == doc.document.text:
            return key
        return self._unit.find_by_text(doc.document.text_sha256)

    def _add_document(self, doc: AnnotatedDocument, record: Parsed) -> None:
        doc = self._with_free_id(doc, record)
        self._check(doc)
        key = self._unit.add_document(_stored_form(doc), source=record.path)
        self._report.new_ids[doc.document.id] = record.path
        self._report.accepted += 1
        self._add_set(key, doc, is_annotated=record.is_annotated)

    def _take_suggestions(self, record: Parsed, doc: AnnotatedDocument) -> None:
        """A model's predictions become suggestions; the text is added when it is not there yet."""
        key = self._unit.find_by_text(doc.document.text_sha256)
        if key is None:
            doc = self._with_free_id(doc, record)
            self._check(doc)
            key = self._unit.add_document(_stored_form(doc), source=record.path)
            self._report.new_ids[doc.document.id] = record.path
            self._report.accepted += 1
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
        if not wanted or self._unit.find_document(wanted) is None:
            return doc
        if self._report.new_ids.get(wanted, record.path) == record.path:
            raise _RecordRefused(f"the id {wanted!r} is already taken by another text")
        free = next(one for number in count(2) if self._unit.find_document(one := f"{wanted}-{number}") is None)
        what = f"the id {wanted!r} is another text's in this import; here it is {free!r}"
        self._report.remarks.append(Remark(record.path, record.line, what))
        return replace(doc, document=replace(doc.document, id=free))

    def _add_missing_set(self, key: int, doc: AnnotatedDocument, record: Parsed) -> bool:
        """Add the labels of a text that is there already; false when that was not to be done (any more).

        Two documents may have the same text and other labels by the same person: then each stays a document of its own.
        """
        annotator = self._annotator_of(doc)
        if not self._unit.has_set(key, annotator):
            self._check(doc)
            self._add_set(key, doc)
            return True
        held = self._unit.load(key, annotator)
        if _content(held) == _content(doc):
            return False
        held_id = self._unit.load_document(key).id
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

    def _add_set(self, key: int, doc: AnnotatedDocument, *, is_annotated: bool = True) -> None:
        if not is_annotated and not _has_annotations(doc):
            return
        annotator = self._annotator_of(doc)
        if annotator not in self._known_annotators:
            self._unit.ensure_annotator(Annotator(annotator))
            self._known_annotators.add(annotator)
        bare = AnnotatedDocument(doc.document, annotator)
        edit = _edit_that_makes(doc)
        applied = apply(bare, edit)
        self._unit.append(
            NewEntry(
                key=key,
                annotator=annotator,
                seq=1,
                kind=EntryKind.IMPORT,
                edit=edit,
                inverse=applied.inverse,
                undoes=None,
                at=clock.now(),
                view={},
                before=bare,
                after=applied.doc,
                touched=applied.touched,
            )
        )
        self._report.spans += len(doc.spans)

    def _annotator_of(self, doc: AnnotatedDocument) -> str:
        return self._request.annotator or doc.annotator or self._request.default_annotator

    def _check(self, doc: AnnotatedDocument) -> None:
        apply(replace(doc, spans=SpanSet(), relations={}), _edit_that_makes(doc))
        check_document(self._scheme, doc)

    def _with_scheme_labels(self, doc: AnnotatedDocument) -> AnnotatedDocument:
        """Label names of the file as label ids of the scheme (which learns new ones if it is extensible)."""
        self._extend_scheme(doc)
        self._count_unknown(doc)
        return replace(
            doc,
            spans=SpanSet(self._span_with_id(span) for span in doc.spans),
            relations={name: self._relation_with_id(one) for name, one in doc.relations.items()},
            cats={self._document_label(name): value for name, value in doc.cats.items()},
        )

    def _extend_scheme(self, doc: AnnotatedDocument) -> None:
        def wanted(names: Iterable[str]) -> list[str]:
            return [name for name in names if self._scheme.is_extensible or name in self._request.new_labels]

        spans = {(span.layer, span.label) for span in doc.spans}
        extended = self._scheme.extended(
            sorted(pair for pair in spans if wanted((pair[1],))),
            wanted(sorted({relation.label for relation in doc.relations.values()})),
            wanted(doc.cats),
        )
        if extended != self._scheme:
            self._unit.save_scheme(extended)
            self._scheme = extended

    def _count_unknown(self, doc: AnnotatedDocument) -> None:
        """Count the names that the scheme does not know: whoever imports may map them."""
        self._report.unknown_labels.update(unknown_labels(doc, self._scheme))

    def _span_with_id(self, span: Span) -> Span:
        label = self._scheme.find_by_name(span.label, span.layer)
        if label is None:
            raise self._unknown(span.label, "label" if span.layer == "entities" else f"{span.layer} label")
        return span if label.id == span.label else replace(span, label=label.id)

    def _relation_with_id(self, relation: Relation) -> Relation:
        label = self._scheme.find_relation_label(relation.label)
        if label is None:
            raise self._unknown(relation.label, "relation label")
        return replace(relation, label=label.id)

    def _document_label(self, name: str) -> str:
        label = self._scheme.find_document_label(name)
        if label is None:
            raise self._unknown(name, "document label")
        return label.id

    def _unknown(self, name: str, what: str) -> UnknownLabel:
        return UnknownLabel(
            f"the {what} {name!r} is not in the scheme {self._scheme.name!r}: add it there, or import into a "
            "project made with the scheme 'open'"
        )


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


def _edit_that_makes(doc: AnnotatedDocument) -> Edit:
    """One edit that turns an empty set into this one."""
    edits: list[Edit] = [AddSpan(span) for span in doc.spans]
    edits += [AddRelation(relation) for relation in doc.relations.values()]
    edits += [SetCat(label, value) for label, value in doc.cats.items()]
    if doc.note:
        edits.append(SetNote(doc.note))
    if doc.status is not Status.NEW:
        edits.append(SetStatus(doc.status, doc.status_reason))
    return Batch(tuple(edits))


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
