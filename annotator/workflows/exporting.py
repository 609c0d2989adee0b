"""Export: one read snapshot, documents in stable order, atomic files, a manifest, and every loss by name.

A file appears whole or not at all: it is written beside its target, synced, and renamed. What a format cannot
hold is left out and listed; with ``on_loss="refuse"`` nothing is written then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

import annotator as package
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import GOLD, AnnotatedDocument, AnnotatorKind, Status
from annotator.domain.spans import SpanSet
from annotator.domain.text import SIMPLE_TOKENIZER, tokenize_simply
from annotator.formats.holding import loss_of_span, losses_of, what_is_left
from annotator.formats.manifest import ManifestFile, build_manifest
from annotator.formats.registry import find_format, find_writer
from annotator.formats.shapes import FileWriter, FolderWriter, Format, Loss, LossKind, WriteOptions
from annotator.store import ProjectStore, Reader
from annotator.workflows import clock
from annotator.workflows.data_card import Card, CardFacts
from annotator.workflows.export_request import (
    ExportRefused,
    ExportRequest,
    chosen_annotators,
    manifest_path,
    refuse_parts,
    target_of,
    wanted_labels,
)
from annotator.workflows.file_names import as_file_part
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled
from annotator.workflows.proving import Proof, proof_to_plain, prove
from annotator.workflows.pseudonyms import pseudonyms, without_names
from annotator.workflows.sampling import SAMPLE_DOCUMENTS, sample_of
from annotator.workflows.staging import Staged, stage_file, stage_folder

__all__ = ["ExportReport", "Loss", "LossKind", "export"]

NOT_DECIDED = "a suggestion that nobody has decided yet"


@dataclass(slots=True)
class ExportReport:
    """What was written, and what was not. ``loses``: what the format as such cannot hold. ``proof``: see `Proof`.

    ``sample``: the first lines, where only that was asked.
    """

    documents: int = 0
    spans: int = 0
    left_out: list[Loss] = field(default_factory=list)
    loses: tuple[str, ...] = ()
    files: list[Path] = field(default_factory=list)
    manifest: Path | None = None
    card: Path | None = None
    proof: Proof = field(default_factory=Proof)
    sample: str = ""


def export(
    store: ProjectStore, project_name: str, request: ExportRequest, progress: Progress | None = None
) -> ExportReport:
    """Write the labels in ``request.format``. Raises `ExportRefused` or another `UserError`.

    A span that is still a suggestion is not a label: it is left out and listed.
    """
    find_writer(request.format)
    format_ = find_format(request.format)
    refuse_parts(request, format_)
    with store.reading() as reader:
        run = _Run(reader, format_, project_name, request, progress or Silent())
        return run.preview() if request.is_dry_run else run.write()


class _Run:
    """One export, inside one read snapshot."""

    def __init__(
        self, reader: Reader, format_: Format, project_name: str, request: ExportRequest, progress: Progress
    ) -> None:
        self._reader = reader
        self._format = format_
        self._writer = find_writer(format_.name)
        self._project_name = project_name
        self._request = request
        self._progress = progress
        self._scheme: LabelScheme = reader.scheme()
        self._options = WriteOptions(request.tag_scheme, request.split, request.seed)
        everybody = reader.annotators()
        self._annotators = chosen_annotators(everybody, request)
        self._pipelines = {one.name for one in everybody if one.kind is AnnotatorKind.PIPELINE}
        self._report = ExportReport(loses=tuple(self._writer.loses))
        self._by_label: Counter[str] = Counter()
        self._texts: dict[str, str] = {}
        self._tokenizers: Counter[str] = Counter()
        people = [one.name for one in everybody if one.kind is AnnotatorKind.HUMAN and one.name != GOLD]
        self._names = pseudonyms(people) if request.has_pseudonyms else {}
        self._facts = CardFacts(is_compared=len(self._annotators) > 1)
        self._wanted = wanted_labels(self._scheme, request.labels)

    def preview(self) -> ExportReport:
        """Count what would be written and what left out; write nothing."""
        first: list[AnnotatedDocument] = []
        for annotators, _ in self._parts():
            for doc in self._documents(annotators):
                if len(first) < SAMPLE_DOCUMENTS:
                    first.append(doc)
        self._report.sample = sample_of(self._format, self._writer, first, self._scheme, self._options)
        return self._report

    def write(self) -> ExportReport:
        """Write the files, read them back, then write the manifest. On any fault no file of this export is left."""
        staged: list[Staged] = []
        try:
            for annotators, target in self._parts():
                staged.append(self._write_part(annotators, target))
                self._prove(annotators, staged[-1])
            self._refuse_losses()
            self._refuse_nothing()
            files = [ManifestFile.of(path, name) for one in staged for path, name in one.files()]
            about = self._stage_about(staged[0].target, files)
            staged += about
            for one in staged:
                one.put_in_place()
        except OSError as fault:
            raise ExportRefused(
                f"the export could not be written ({fault.strerror})",
                where=str(self._request.out),
                remedy="check the folder and the free space, then export again",
            ) from fault
        finally:
            for one in staged:
                one.discard()
        self._report.files = [one.target for one in staged[: -len(about)]]
        self._report.manifest, self._report.card = about[0].target, about[1].target
        return self._report

    def _stage_about(self, target: Path, files: list[ManifestFile]) -> list[Staged]:
        """The manifest and the data card, for people and for programs."""
        created = clock.now()
        card = self._card(created, [one.name for one in files])
        contents = {
            manifest_path(target): self._manifest(created, files),
            target.with_name(f"{target.name}.card.md"): card.as_markdown(),
            target.with_name(f"{target.name}.card.json"): card.as_json(),
        }
        return [stage_file(path, _writer_of(content)) for path, content in contents.items()]

    def _parts(self) -> list[tuple[list[str] | None, Path]]:
        """The files to write, each with whose labels it holds (None: documents without any labels)."""
        target = target_of(self._request.out, self._project_name, self._format)
        if not self._annotators:
            return [(None, target)]
        if len(self._annotators) == 1 or self._writer.holds.annotators:
            return [(self._annotators, target)]
        return [([name], self._target_for(name, target)) for name in self._annotators]

    def _target_for(self, annotator: str, target: Path) -> Path:
        """Where somebody's labels go, if everybody's do not fit into one file."""
        return target.with_name(f"{target.stem}.{as_file_part(self._names.get(annotator, annotator))}{target.suffix}")

    def _documents(self, annotators: list[str] | None) -> Iterator[AnnotatedDocument]:
        """The documents to write, counted; what of them is not written is noted in the report."""
        for doc in self._selected(annotators):
            raise_if_cancelled(self._progress)
            decided, undecided = self._as_written(doc)
            losses = [*undecided, *losses_of(self._writer, decided, self._scheme, self._options)]
            self._report.left_out += losses
            self._count(decided, [one for one in losses[len(undecided) :] if one.kind is LossKind.SPAN])
            yield decided

    def _expected(self, annotators: list[str] | None) -> Iterator[AnnotatedDocument]:
        """The documents as they must come back."""
        for doc in self._selected(annotators):
            raise_if_cancelled(self._progress)
            decided, _ = self._as_written(doc)
            losses = losses_of(self._writer, decided, self._scheme, self._options)
            yield what_is_left(decided, self._writer.holds, losses)

    def _prove(self, annotators: list[str] | None, staged: Staged) -> None:
        expected = self._expected(annotators)
        prove(staged.temporary, self._format.name, expected, self._scheme, self._writer.holds, self._report.proof)

    def _selected(self, annotators: list[str] | None) -> Iterator[AnnotatedDocument]:
        statuses = self._request.statuses
        if annotators is not None:
            yield from (doc for _, doc in self._reader.sets(annotators=annotators, statuses=statuses))
        if Status.NEW not in statuses and (annotators is not None or statuses):
            return
        # A file of one person's labels says so on every document; one that may hold several names nobody here.
        whose = annotators[0] if annotators and not self._writer.holds.annotators else ""
        for key in self._reader.document_keys():
            if not any(self._reader.has_set(key, name) for name in annotators or ()):
                yield self._untouched(key, whose)

    def _untouched(self, key: int, annotator: str) -> AnnotatedDocument:
        """A document that the annotator has not begun, with the suggestions nobody decided."""
        suggested = self._reader.suggestions(key)
        if suggested is None:
            return AnnotatedDocument(self._reader.load_document(key), annotator)
        spans = SpanSet(replace(span, decided=False) for span in suggested.spans)
        return replace(suggested, annotator=annotator, spans=spans, status=Status.NEW)

    def _as_written(self, doc: AnnotatedDocument) -> tuple[AnnotatedDocument, list[Loss]]:
        """The document as it goes to the writer, and what nobody has decided yet."""
        decided, undecided = self._without_suggestions(doc)
        return (without_names(decided, self._names) if self._names else decided), undecided

    def _without_suggestions(self, doc: AnnotatedDocument) -> tuple[AnnotatedDocument, list[Loss]]:
        """The document with tokens, without what was not asked for or nobody has decided yet; and the latter."""
        doc = self._only_wanted(doc)
        if not len(doc.document.tokens):
            document = doc.document
            tokens = tokenize_simply(document.text)
            doc = replace(doc, document=replace(document, tokens=tokens, tokenizer=SIMPLE_TOKENIZER))
        is_pipeline = doc.annotator in self._pipelines
        if is_pipeline or not doc.spans.undecided:
            return doc, []
        undecided = [span for span in doc.spans if not span.decided]
        gone = {span.id for span in undecided}
        relations = {k: r for k, r in doc.relations.items() if r.head not in gone and r.child not in gone}
        left = replace(doc, spans=doc.spans.changed((), gone), relations=relations)
        return left, [loss_of_span(doc, span, self._scheme, NOT_DECIDED) for span in undecided]

    def _only_wanted(self, doc: AnnotatedDocument) -> AnnotatedDocument:
        """The document with the spans that were asked for, and the relations between them."""
        if self._wanted is None:
            return doc
        gone = {span.id for span in doc.spans if (span.layer, span.label) not in self._wanted}
        relations = {k: r for k, r in doc.relations.items() if r.head not in gone and r.child not in gone}
        return replace(doc, spans=doc.spans.changed((), gone), relations=relations)

    def _count(self, doc: AnnotatedDocument, losses: Collection[Loss]) -> None:
        self._facts.add(doc)
        self._report.documents += 1
        self._report.spans += len(doc.spans) - len(losses)
        self._texts[doc.document.id] = doc.document.text_sha256
        self._tokenizers[doc.document.tokenizer] += 1
        self._by_label.update(self._scheme.name_of(span.label, span.layer) for span in doc.spans)
        self._by_label.subtract(loss.label for loss in losses)
        self._progress.report(self._report.documents, None, "documents")

    def _write_part(self, annotators: list[str] | None, target: Path) -> Staged:
        documents, writer = self._documents(annotators), self._writer
        if self._format.is_folder:
            folder_writer = cast(FolderWriter, writer)
            return stage_folder(
                target, lambda folder: folder_writer.write_folder(documents, folder, self._scheme, self._options)
            )
        file_writer = cast(FileWriter, writer)
        return stage_file(target, lambda file: file_writer.write(documents, file, self._scheme, self._options))

    def _manifest(self, created: str, files: list[ManifestFile]) -> bytes:
        return build_manifest(
            tool_version=package.__version__,
            created=created,
            project=self._project_name,
            format_name=self._writer.name,
            options=self._options,
            scheme=self._scheme,
            annotators=[self._names.get(name, name) for name in self._annotators],
            statuses=[status.value for status in self._request.statuses],
            documents=self._report.documents,
            spans=self._report.spans,
            by_label=self._counts_by_label(),
            tokenizers=dict(sorted(self._tokenizers.items())),
            files=files,
            loses=self._report.loses,
            left_out=self._report.left_out,
            texts=self._texts,
            proof=proof_to_plain(self._report.proof),
        )

    def _card(self, created: str, files: list[str]) -> Card:
        return Card(
            title=self._project_name,
            created=created,
            tool=f"Annotator {package.__version__}",
            format=self._writer.name,
            scheme=self._scheme,
            guideline=self._reader.find_guideline(),
            by_label=self._counts_by_label(),
            losses=self._report.left_out,
            loses=self._report.loses,
            files=files,
            proof=self._report.proof,
            facts=self._facts,
        )

    def _counts_by_label(self) -> dict[str, int]:
        return {label: count for label, count in sorted(self._by_label.items()) if count}

    def _refuse_losses(self) -> None:
        if self._request.on_loss == "refuse" and self._report.left_out:
            first = self._report.left_out[0]
            raise ExportRefused(
                f"{_counted(self._report.left_out)} cannot be written as {self._writer.name}, the first in "
                f"{first.document_id} at {first.start}–{first.end} ({first.reason})",
                remedy="choose another format, or export with losses reported",
            )

    def _refuse_nothing(self) -> None:
        if not self._report.documents:
            wanted = f" with status {', '.join(self._request.statuses)}" if self._request.statuses else ""
            raise ExportRefused(
                f"there is no document{wanted} to export", remedy="import or label some documents first"
            )


def _counted(losses: Sequence[Loss]) -> str:
    spans = sum(loss.kind is LossKind.SPAN for loss in losses)
    if spans == len(losses):
        return f"{spans:,} spans"
    others = len(losses) - spans
    return f"{spans:,} spans and {others:,} other things" if spans else f"{others:,} things"


def _writer_of(content: bytes) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        file.write(content)

    return write
