"""Suggestions: a pipeline reads the documents in a process of its own; its spans and tokens are stored.

A pipeline is an annotator of its own kind: its spans stand in its own set. Annotators get them as suggestions
when they open a document (see `annotate`), or by `accept`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from annotator.domain.corrections import accept_all
from annotator.domain.edits import Batch, Edit, SetStatus
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import Annotator, AnnotatorKind, Status
from annotator.nlp.pipelines import Pipeline, find_named, find_source, installed_pipelines
from annotator.nlp.worker import Suggested, TextToRead, Unreadable, read_all
from annotator.store import ProjectStore, UnitOfWork
from annotator.workflows.label_names import LabelNames
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled
from annotator.workflows.sets import append, begun_set, load_for_annotator

__all__ = ["AcceptReport", "SuggestReport", "SuggestRequest", "accept", "installed_pipelines", "suggest"]

COMMIT_EVERY_S = 1.0
IMPORTED_TOKENS = "imported"
"""Tokenizer of documents whose tokens came with an imported file: a pipeline does not replace those."""


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """``pipeline``: a name, a path, ``blank:xx``, or None for the best one installed for the language."""

    pipeline: str | None = None
    workers: int = 1
    is_redo: bool = False


@dataclass(frozen=True, slots=True)
class SuggestReport:
    """What a pipeline did. ``unknown_labels`` counts suggestions whose label the scheme does not have."""

    documents: int
    spans: int
    words_per_second: float
    pipeline: str
    unknown_labels: dict[str, int] = field(default_factory=dict)
    unreadable: tuple[tuple[str, str], ...] = ()
    is_cancelled: bool = False


def suggest(
    store: ProjectStore,
    request: SuggestRequest,
    progress: Progress | None = None,
    on_stored: Callable[[int], None] = lambda _: None,
) -> SuggestReport:
    """Let a pipeline read every document that it has not read yet; stored as it goes, resumable.

    ``on_stored`` is told the key of each document once its suggestions are on the disk. Cancelling keeps
    what is done. Raises `UserError` when the pipeline is missing or cannot be loaded.
    """
    progress = progress or Silent()
    with store.reading() as reader:
        scheme = reader.scheme()
        languages = reader.languages()
    plan = _plan(request, languages, scheme.language or "en")
    run = _Run(store, scheme, progress, on_stored, total=len(languages))
    for source, keys in plan.items():
        if not progress.is_cancelled():
            _read_with(source, keys, request, run)
    return run.report(is_cancelled=progress.is_cancelled())


def _plan(request: SuggestRequest, languages: dict[int, str], default: str) -> dict[str, set[int]]:
    """Which pipeline reads which documents: the one asked for reads all, else each language has its own."""
    if request.pipeline is not None or not languages:
        return {find_source(request.pipeline, default): set(languages)}
    plan: dict[str, set[int]] = {}
    sources = {language: find_source(None, language or default) for language in set(languages.values())}
    for key, language in languages.items():
        plan.setdefault(sources[language], set()).add(key)
    return plan


def _read_with(source: str, keys: set[int], request: SuggestRequest, run: _Run) -> None:
    named = find_named(source)
    if named is not None and not request.is_redo and not run.unread(named, keys):
        run.begin(named, keys, is_redo=False)  # nothing to read: a pipeline takes seconds to load
        return
    with read_all(source, workers=request.workers, is_cancelled=run.progress.is_cancelled) as reading:
        to_read = run.begin(reading.pipeline, keys, is_redo=request.is_redo)
        for outcome in reading.read(_texts(run.store, to_read)):
            run.take(outcome)
        run.commit()


def _texts(store: ProjectStore, keys: Iterable[int]) -> Iterator[TextToRead]:
    for key in keys:
        with store.reading() as reader:
            text = reader.load_document(key).text
        yield TextToRead(key, text)


class _Run:
    """One run of one or more pipelines: takes outcomes in, commits about once a second."""

    def __init__(
        self,
        store: ProjectStore,
        scheme: LabelScheme,
        progress: Progress,
        on_stored: Callable[[int], None],
        *,
        total: int,
    ) -> None:
        self.store = store
        self.progress = progress
        self._names = LabelNames(scheme)
        self._on_stored = on_stored
        self._pipelines: list[Pipeline] = []
        self._waiting: list[Suggested] = []
        self._unreadable: list[tuple[str, str]] = []
        self._documents = self._spans = self._words = 0
        self._total = total
        self._reading_s = 0.0
        self._committed = time.monotonic()

    def begin(self, pipeline: Pipeline, keys: set[int], *, is_redo: bool) -> list[int]:
        """Get ready for another pipeline; returns which of ``keys`` it has to read, in order."""
        self._pipelines.append(pipeline)
        self._pipeline = pipeline
        with self.store.writing() as unit:
            unit.ensure_annotator(Annotator(pipeline.name, AnnotatorKind.PIPELINE))
        to_read = self.unread(pipeline, keys, is_redo=is_redo)
        self._total -= len(keys) - len(to_read)
        self._committed = time.monotonic()
        self.progress.report(self._documents, self._total, "documents")
        return to_read

    def unread(self, pipeline: Pipeline, keys: set[int], *, is_redo: bool = False) -> list[int]:
        """Which of ``keys`` the pipeline has not read yet (has to read), in order."""
        with self.store.reading() as reader:
            unread = reader.document_keys() if is_redo else reader.unread_documents(pipeline.title)
        return [key for key in unread if key in keys]

    def take(self, outcome: Suggested | Unreadable) -> None:
        if isinstance(outcome, Unreadable):
            with self.store.reading() as reader:
                self._unreadable.append((reader.load_document(outcome.key).id, outcome.reason))
            return
        self._waiting.append(outcome)
        self._words += outcome.words
        if time.monotonic() - self._committed > COMMIT_EVERY_S:
            self.commit()

    def commit(self) -> None:
        with self.store.writing() as unit:
            for suggested in self._waiting:
                self._spans += self._put(unit, suggested)
        for suggested in self._waiting:
            self._on_stored(suggested.key)
        self._documents += len(self._waiting)
        self._waiting.clear()
        now = time.monotonic()
        self._reading_s += now - self._committed
        self._committed = now
        self.progress.report(self._documents, self._total, "documents")

    def _put(self, unit: UnitOfWork, suggested: Suggested) -> int:
        document = unit.load_document(suggested.key)
        tokens = document.tokens
        if document.tokenizer != IMPORTED_TOKENS:
            tokens = suggested.tokens
            language = document.language or self._pipeline.language
            unit.put_tokens(suggested.key, suggested.tokens, self._pipeline.title, language)
        spans, alternatives = self._names.of(suggested, self._pipeline, document.text, tokens)
        unit.put_suggestions(suggested.key, self._pipeline.name, self._pipeline.title, spans, alternatives)
        return len(spans)

    def report(self, *, is_cancelled: bool) -> SuggestReport:
        return SuggestReport(
            documents=self._documents,
            spans=self._spans,
            words_per_second=round(self._words / max(self._reading_s, 1e-6), 1),
            pipeline=", ".join(pipeline.title for pipeline in self._pipelines),
            unknown_labels=dict(self._names.unknown),
            unreadable=tuple(self._unreadable),
            is_cancelled=is_cancelled,
        )


@dataclass(frozen=True, slots=True)
class AcceptReport:
    """How many documents were gone through, and how many suggestions were accepted in them."""

    documents: int
    spans: int


def accept(
    store: ProjectStore,
    annotator: str,
    *,
    min_score: float = 0.0,
    status: Status = Status.IN_PROGRESS,
    progress: Progress | None = None,
) -> AcceptReport:
    """Accept suggestions as ``annotator``'s spans in every document with any; journalled like any edit."""
    progress = progress or Silent()
    with store.writing() as unit:
        unit.ensure_annotator(Annotator(annotator))
        keys = unit.document_keys()
    documents = spans = 0
    for first in range(0, len(keys), 100):
        raise_if_cancelled(progress)
        with store.writing() as unit:
            for key in keys[first : first + 100]:
                accepted = _accept_in(unit, key, annotator, min_score, status)
                documents += accepted is not None
                spans += accepted or 0
        progress.report(min(first + 100, len(keys)), len(keys), "documents")
    return AcceptReport(documents, spans)


def _accept_in(unit: UnitOfWork, key: int, annotator: str, min_score: float, status: Status) -> int | None:
    """Accept in one document: how many, or None when there is nothing to decide."""
    has_set = unit.has_set(key, annotator)
    if not has_set and unit.suggestions(key) is None:
        return None
    doc, is_fresh = load_for_annotator(unit, key, annotator)
    decide = accept_all(doc, min_score=min_score)
    if has_set and decide is None:
        return None
    if is_fresh:
        doc = begun_set(unit, key, annotator)
    edits: list[Edit] = [] if decide is None else [decide]
    if doc.status in (Status.NEW, Status.IN_PROGRESS) and doc.status is not status:
        edits.append(SetStatus(status))
    append(unit, key, doc, Batch(tuple(edits)))
    return len(decide.span_ids) if decide is not None else 0
