"""The corpus memory on 10,000 documents with 400,000 decided spans, beside its floor: SQLite counting by its index.

How often strings occur follows Zipf's law, as names do in news: the most frequent one has some 4,000 spans. Figures in
milliseconds, with p95, in ``extra_info``. Run: ``make bench``.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import accumulate
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.domain.folding import fold
from annotator.domain.projects import AnnotatedDocument, Annotator
from annotator.domain.propagation import Offer, Rules
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document
from annotator.store import ProjectStore
from annotator.workflows.memory import CorpusMemory, Subject
from annotator.workflows.progress import Silent
from annotator.workflows.propagating import CorpusSearch
from annotator.workflows.schemes import load_scheme

DOCUMENTS, SPANS_EACH, NAMES = 10_000, 40, 20_000
FREQUENT, RARE = "Town0", f"Name{NAMES - 1} City{NAMES - 1}"
LABELS = ("GPE",) * 8 + ("PERSON", "ORG")
FILLER = ("the minister said", "talks on Monday were useful with", "and then went on to", "in the capital near")

_DOCUMENT = (
    "INSERT INTO document (id, external_id, position, title, display_title, language, text, text_sha256, length_chars, "
    "meta, extra, source, created_at) VALUES (?, ?, ?, ?, ?, 'en', ?, ?, ?, '{}', '{}', '', '')"
)
_SET = (
    "INSERT INTO annotation_set (document_id, annotator_id, status, note, cats, pipeline, span_count, undecided_count, "
    "last_seq, updated_at) VALUES (?, 1, 'done', '', '{}', '', ?, 0, 1, '')"
)
_SPAN = (
    "INSERT INTO span (document_id, annotator_id, span_id, start_char, end_char, label_id, layer, surface, origin, "
    "is_decided, pipeline, note, folded) VALUES (?, 1, ?, ?, ?, ?, 'entities', ?, 'human', 1, '', '', ?)"
)


def _article(number: int, chosen: Sequence[str], rows: list[tuple[object, ...]], labels: random.Random) -> str:
    """A text with these names, all of them but the last two labelled."""
    parts, length = [], 0
    for place, name in enumerate(chosen):
        filler = FILLER[place % len(FILLER)] + " "
        start = length + len(filler)
        if place < SPANS_EACH:
            label = labels.choice(LABELS)
            rows.append(
                (number, f"{number:x}-{place:x}-4f2e-8a61", start, start + len(name), label, name, _FOLDED[name])
            )
        parts += [filler, name, ". "]
        length = start + len(name) + 2
    return "".join(parts)


_ALL_NAMES = [f"Name{n} City{n}" if n % 3 else f"Town{n}" for n in range(NAMES)]
_FOLDED = {name: fold(name) for name in _ALL_NAMES}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("memory") / "big.annotator"
    with ProjectStore.create(made, load_scheme("news")) as store, store.writing() as unit:
        unit.ensure_annotator(Annotator("alice"))
    chance = random.Random(7)
    spans: list[tuple[object, ...]] = []
    texts: list[tuple[object, ...]] = []
    weights = list(accumulate(1 / (n + 10) for n in range(NAMES)))
    for number in range(1, DOCUMENTS + 1):
        chosen = chance.choices(_ALL_NAMES, cum_weights=weights, k=SPANS_EACH + 2)
        text = _article(number, chosen, spans, chance)
        texts.append((number, f"d{number}", number, f"d{number}", f"d{number}", text, f"{number}", len(text)))
    with closing(sqlite3.connect(made)) as raw, raw:
        raw.executemany(_DOCUMENT, texts)
        raw.executemany(_SET, [(number, SPANS_EACH) for number in range(1, DOCUMENTS + 1)])
        raw.executemany(_SPAN, spans)
    return made


@pytest.fixture
def store(path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.open(path) as opened:
        yield opened


def _subject(store: ProjectStore, surface: str) -> Subject:
    with store.reading() as reader:
        return Subject(1, reader.load(1, "alice"), surface)


def _floor(path: Path, surfaces: Sequence[str]) -> list[float]:
    """How long SQLite alone takes to count the spans by its index."""
    taken = []
    with closing(sqlite3.connect(path)) as raw:
        for surface in surfaces:
            start = time.perf_counter()
            raw.execute("SELECT count(*) FROM span WHERE folded = ?", (fold(surface),)).fetchone()
            taken.append(time.perf_counter() - start)
    return taken


def _report(benchmark: BenchmarkFixture, floor_s: Sequence[float]) -> None:
    if benchmark.stats is None:
        return  # run with --benchmark-disable, as a plain test
    seconds = sorted(benchmark.stats.stats.data)
    p95, floor = seconds[int(len(seconds) * 0.95)], statistics.median(floor_s)
    p50 = statistics.median(seconds)
    figures = {"p50_ms": p50, "p95_ms": p95, "worst_ms": seconds[-1], "floor_ms": floor}
    benchmark.extra_info.update({name: round(value * 1000, 3) for name, value in figures.items()})
    benchmark.extra_info["ratio"] = round(p50 / floor, 2)


def _rounds(benchmark: BenchmarkFixture, act: Callable[[str], object], surfaces: Sequence[str]) -> None:
    """Time ``act`` on each string; also in processor time, which a busy machine does not change much."""
    waiting, processor_s = iter(surfaces), []

    def timed(surface: str) -> None:
        began = time.thread_time()
        act(surface)
        processor_s.append(time.thread_time() - began)

    pedantic: Callable[..., object] = benchmark.pedantic  # pytest-benchmark does not annotate it
    pedantic(timed, setup=lambda: ((next(waiting),), {}), rounds=len(surfaces))
    processor_s.sort()
    benchmark.extra_info["cpu_p50_ms"] = round(statistics.median(processor_s) * 1000, 3)
    benchmark.extra_info["cpu_p95_ms"] = round(processor_s[int(len(processor_s) * 0.95)] * 1000, 3)


def _visited() -> list[str]:
    """Strings as an annotator meets them walking from span to span: the frequent ones often."""
    weights = list(accumulate(1 / (n + 10) for n in range(NAMES)))
    return random.Random(3).choices(_ALL_NAMES, cum_weights=weights, k=400)


def test_recall_of_what_an_annotator_meets(benchmark: BenchmarkFixture, store: ProjectStore, path: Path) -> None:
    """The chip from span to span, after the frequent strings were counted in the first pause (`CorpusMemory.warm`)."""
    memory = CorpusMemory(store, "alice")
    memory.warm()
    subject = _subject(store, "")
    visited = _visited()
    _rounds(benchmark, lambda surface: memory.recall(Subject(1, subject.doc, surface)), visited)
    _report(benchmark, _floor(path, visited))


def test_recall_of_the_most_frequent_string_for_the_first_time(
    benchmark: BenchmarkFixture, store: ProjectStore, path: Path
) -> None:
    """The worst case: the string was not counted yet. In the window this happens in the background."""
    subject = _subject(store, FREQUENT)
    told = CorpusMemory(store, "alice").recall(subject)
    assert sum(one.count for one in told.exact) > 3_000
    _rounds(benchmark, lambda _: CorpusMemory(store, "alice").recall(subject), [FREQUENT] * 9)
    _report(benchmark, _floor(path, [FREQUENT] * 9))


@pytest.mark.parametrize("surface", [RARE, FREQUENT])
def test_count_of_unlabelled_occurrences(
    benchmark: BenchmarkFixture, store: ProjectStore, path: Path, surface: str
) -> None:
    """The lazy part of the chip. The floor only names the documents that the search index knows."""
    memory = CorpusMemory(store, "alice")
    subject = _subject(store, surface)
    memory.count_unlabelled(subject)  # looks once at every script

    def count(_: str) -> None:
        memory._answers.clear()
        memory.count_unlabelled(subject)

    _rounds(benchmark, count, [surface] * 9)
    taken = []
    with closing(sqlite3.connect(path)) as raw:
        for _ in range(5):
            start = time.perf_counter()
            raw.execute("SELECT rowid FROM document_fts WHERE document_fts MATCH ?", (f'"{surface}"',)).fetchall()
            taken.append(time.perf_counter() - start)
    _report(benchmark, taken)


class _First(Silent):
    """Notes when the first places came."""

    def __init__(self) -> None:
        self.search: CorpusSearch | None = None
        self.began = time.perf_counter()
        self.first_s: float | None = None

    def report(self, done: int, total: int | None, unit: str) -> None:  # noqa: ARG002
        if self.first_s is None and self.search is not None and self.search.found:
            self.first_s = time.perf_counter() - self.began


@pytest.mark.parametrize("surface", [RARE, FREQUENT])
def test_search_of_the_corpus_for_places(
    benchmark: BenchmarkFixture, store: ProjectStore, path: Path, surface: str
) -> None:
    """Propagating over the corpus: all places of 10,000 documents. The floor reads the texts with sqlite3 alone."""
    offer = Offer(surface, "LOC", "entities", Rules.usual(surface))
    first_s: list[float] = []

    def search(_: str) -> None:
        watch = _First()
        watch.search = CorpusSearch(store, "alice", load_scheme("news"), offer, but=1)
        watch.search.run(watch)
        first_s.append(watch.first_s or 0.0)

    _rounds(benchmark, search, [surface] * 3)
    taken = []
    with closing(sqlite3.connect(path)) as raw:
        for _ in range(3):
            start = time.perf_counter()
            raw.execute("SELECT text FROM document").fetchall()
            taken.append(time.perf_counter() - start)
    _report(benchmark, taken)
    benchmark.extra_info["first_ms"] = round(statistics.median(first_s) * 1000, 1)


def test_open_document_of_50_000_spans(benchmark: BenchmarkFixture, store: ProjectStore) -> None:
    """After an edit of a very large document: only what changed is looked at. The floor looks at every span."""
    text = "Word12 " * 60_000
    spans = SpanSet(Span(f"s{n}", n * 7, n * 7 + 6, "GPE") for n in range(50_000))
    docs = [AnnotatedDocument(Document("d", text), spans=spans)]
    for n in range(40):
        changed = docs[-1].spans.changed([Span(f"s{n}", n * 7, n * 7 + 6, "ORG")])
        docs.append(AnnotatedDocument(docs[0].document, spans=changed))
    memory = CorpusMemory(store, "alice")
    memory.recall(Subject(1, docs[0], "Other"))
    waiting = iter(docs[1:])
    _rounds(benchmark, lambda _: memory.recall(Subject(1, next(waiting), "Other")), ["Other"] * 40)
    taken = []
    for doc in docs[1:6]:
        start = time.perf_counter()
        sum(fold(text[span.start : span.end]) == "other" for span in doc.spans)
        taken.append(time.perf_counter() - start)
    _report(benchmark, taken)
