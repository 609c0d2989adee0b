"""Export: one read snapshot, documents in stable order, atomic files, a manifest, and every loss by name.

A file appears whole or not at all: it is written beside its target, synced, and renamed. What a format cannot
hold is left out and listed; with ``on_loss="refuse"`` nothing is written then.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal, cast

import annotator as package
from annotator.domain.errors import UserError
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, Annotator, AnnotatorKind, Status
from annotator.domain.spans import SpanSet
from annotator.domain.text import SIMPLE_TOKENIZER, tokenize_simply
from annotator.formats.holding import loss_of_span, losses_of, what_is_left
from annotator.formats.manifest import ManifestFile, build_manifest
from annotator.formats.registry import all_formats, find_format, find_writer
from annotator.formats.shapes import FileWriter, FolderWriter, Format, Loss, LossKind, WriteOptions
from annotator.store import ProjectStore, Reader
from annotator.workflows import clock
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled
from annotator.workflows.project import only_human
from annotator.workflows.proving import Proof, proof_to_plain, prove
from annotator.workflows.staging import Staged, stage_file, stage_folder

GOLD = "gold"
NOT_DECIDED = "a suggestion that nobody has decided yet"


class ExportRefused(UserError):
    """Nothing was written, and why."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """``out``: a file, or a folder that gets a file named after the project.

    Whose labels: ``annotator`` (a pipeline's name too), or ``is_gold``, or ``is_all``; without any of these,
    the only human annotator's. ``statuses``: only documents with these; empty: all that were begun.
    """

    out: Path
    format: str
    annotator: str | None = None
    is_gold: bool = False
    is_all: bool = False
    statuses: tuple[Status, ...] = ()
    on_loss: Literal["report", "refuse"] = "report"
    tag_scheme: Literal["IOB2", "IOB1", "BIOES", "BILOU"] = "IOB2"
    split: tuple[float, float, float] | None = None
    seed: int = 0
    is_dry_run: bool = False


@dataclass(slots=True)
class ExportReport:
    """What was written, and what was not. ``loses``: what the format as such cannot hold. ``proof``: see `Proof`."""

    documents: int = 0
    spans: int = 0
    left_out: list[Loss] = field(default_factory=list)
    loses: tuple[str, ...] = ()
    files: list[Path] = field(default_factory=list)
    manifest: Path | None = None
    proof: Proof = field(default_factory=Proof)


def export(
    store: ProjectStore, project_name: str, request: ExportRequest, progress: Progress | None = None
) -> ExportReport:
    """Write the labels in ``request.format``. Raises `ExportRefused` or another `UserError`.

    A span that is still a suggestion is not a label: it is left out and listed.
    """
    find_writer(request.format)
    format_ = find_format(request.format)
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
        self._annotators = _chosen_annotators(everybody, request)
        self._pipelines = {one.name for one in everybody if one.kind is AnnotatorKind.PIPELINE}
        self._report = ExportReport(loses=tuple(self._writer.loses))
        self._by_label: Counter[str] = Counter()
        self._texts: dict[str, str] = {}
        self._tokenizers: Counter[str] = Counter()

    def preview(self) -> ExportReport:
        """Count what would be written and what left out; write nothing."""
        for annotators, _ in self._parts():
            for _ in self._documents(annotators):
                pass
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
            manifest = stage_file(_manifest_path(staged[0].target), self._write_manifest(files))
            staged.append(manifest)
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
        self._report.files = [one.target for one in staged[:-1]]
        self._report.manifest = manifest.target
        return self._report

    def _parts(self) -> list[tuple[list[str] | None, Path]]:
        """The files to write, each with whose labels it holds (None: documents without any labels)."""
        target = _target(self._request.out, self._project_name, self._format)
        if not self._annotators:
            return [(None, target)]
        if len(self._annotators) == 1 or self._writer.holds.annotators:
            return [(self._annotators, target)]
        return [([name], target.with_name(f"{target.stem}.{_safe(name)}{target.suffix}")) for name in self._annotators]

    def _documents(self, annotators: list[str] | None) -> Iterator[AnnotatedDocument]:
        """The documents to write, counted; what of them is not written is noted in the report."""
        for doc in self._selected(annotators):
            raise_if_cancelled(self._progress)
            decided, undecided = self._without_suggestions(doc)
            losses = [*undecided, *losses_of(self._writer, decided, self._scheme, self._options)]
            self._report.left_out += losses
            self._count(decided, [one for one in losses[len(undecided) :] if one.kind is LossKind.SPAN])
            yield decided

    def _expected(self, annotators: list[str] | None) -> Iterator[AnnotatedDocument]:
        """The documents as they must come back."""
        for doc in self._selected(annotators):
            raise_if_cancelled(self._progress)
            decided, _ = self._without_suggestions(doc)
            losses = losses_of(self._writer, decided, self._scheme, self._options)
            yield what_is_left(decided, self._writer.holds, losses)

    def _prove(self, annotators: list[str] | None, staged: Staged) -> None:
        expected = self._expected(annotators)
        prove(staged.temporary, self._format.name, expected, self._scheme, self._writer.holds, self._report.proof)

    def _selected(self, annotators: list[str] | None) -> Iterator[AnnotatedDocument]:
        statuses = self._request.statuses
        if annotators is not None:
            yield from (doc for _, doc in self._reader.sets(annotators=annotators, statuses=statuses))
        if annotators is not None and (Status.NEW not in statuses or self._writer.holds.annotators):
            return
        if annotators is None and statuses and Status.NEW not in statuses:
            return
        whose = annotators[0] if annotators else ""
        for key in self._reader.document_keys():
            if not whose or not self._reader.has_set(key, whose):
                yield self._untouched(key, whose)

    def _untouched(self, key: int, annotator: str) -> AnnotatedDocument:
        """A document that the annotator has not begun, with the suggestions nobody decided."""
        suggested = self._reader.suggestions(key)
        if suggested is None:
            return AnnotatedDocument(self._reader.load_document(key), annotator)
        spans = SpanSet(replace(span, decided=False) for span in suggested.spans)
        return replace(suggested, annotator=annotator, spans=spans, status=Status.NEW)

    def _without_suggestions(self, doc: AnnotatedDocument) -> tuple[AnnotatedDocument, list[Loss]]:
        """The document with tokens, and without what nobody has decided yet; and that."""
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

    def _count(self, doc: AnnotatedDocument, losses: Collection[Loss]) -> None:
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

    def _write_manifest(self, files: list[ManifestFile]) -> Callable[[BinaryIO], None]:
        manifest = build_manifest(
            tool_version=package.__version__,
            created=clock.now(),
            project=self._project_name,
            format_name=self._writer.name,
            options=self._options,
            scheme=self._scheme,
            annotators=self._annotators,
            statuses=[status.value for status in self._request.statuses],
            documents=self._report.documents,
            spans=self._report.spans,
            by_label={label: count for label, count in sorted(self._by_label.items()) if count},
            tokenizers=dict(sorted(self._tokenizers.items())),
            files=files,
            loses=self._report.loses,
            left_out=self._report.left_out,
            texts=self._texts,
            proof=proof_to_plain(self._report.proof),
        )

        def write(file: BinaryIO) -> None:
            file.write(manifest)

        return write

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


def _chosen_annotators(annotators: list[Annotator], request: ExportRequest) -> list[str]:
    """Whose labels to export, in order; empty when nobody has labelled anything yet."""
    names = [one.name for one in annotators]
    humans = [one.name for one in annotators if one.kind is AnnotatorKind.HUMAN]
    if request.annotator is not None:
        if request.annotator not in names:
            raise ExportRefused(
                f"there is no annotator {request.annotator!r}",
                remedy=f"choose one of {', '.join(names)}" if names else "label something first",
            )
        return [request.annotator]
    if request.is_gold:
        if GOLD not in names:
            raise ExportRefused("nothing is adjudicated yet", remedy="export an annotator's labels instead")
        return [GOLD]
    if request.is_all or not humans:
        return humans
    if only := only_human(annotators):
        return [only]
    raise ExportRefused(
        f"{len(humans)} annotators have labels here", remedy=f"choose one of {', '.join(humans)}, or all"
    )


def _target(out: Path, project_name: str, format_: Format) -> Path:
    """What to write: ``out`` itself, or a file (or folder) named after the project in the folder ``out``."""
    if format_.is_folder:
        target = _folder_target(out, f"{project_name}-{format_.name}")
    elif out.is_dir() or not out.suffix or str(out).endswith(os.sep):
        target = out / f"{project_name}{format_.extension}"
    else:
        target = out
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ExportRefused(
            f"the folder cannot be made ({fault.strerror})", where=str(target.parent), remedy="choose another one"
        ) from fault
    return target


def _folder_target(out: Path, name: str) -> Path:
    """``out`` when it is new or empty or an earlier export; else a folder called ``name`` in it."""
    if out.is_file():
        raise ExportRefused("this is a file, and the format writes a folder", where=str(out), remedy="name a folder")
    for target in (out, out / name):
        if not target.exists() or _manifest_path(target).exists() or not any(target.iterdir()):
            return target
    raise ExportRefused(
        "the folder has other files in it", where=str(out / name), remedy="choose another folder, or empty this one"
    )


def _manifest_path(target: Path) -> Path:
    return target.with_name(f"{target.name}.manifest.json")


def _safe(name: str) -> str:
    """An annotator's name as a part of a file name."""
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in name)


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """A format as shown to a person. ``loses``: what it cannot hold."""

    name: str
    title: str
    extension: str
    reads: bool
    writes: bool
    loses: tuple[str, ...]


def known_formats() -> list[FormatInfo]:
    """Every format there is, plug-ins included."""
    return [
        FormatInfo(
            one.name, one.title, one.extension, one.make_reader is not None, one.make_writer is not None, one.loses
        )
        for one in all_formats()
    ]
