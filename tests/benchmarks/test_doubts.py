"""How fast doubts are found and kept up to date, and whether a key notices.

Floors of the same run: reading every token of the text once; painting the whole article once. Run: ``make bench``.
Figures in milliseconds in ``extra_info``: p50, p95, worst, and the longest single piece of work, which is what a key
may have to wait for.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.app import make_application
from annotator.domain.alternatives import Alternative
from annotator.domain.edits import Decide, Relabel, apply
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Span, SpanSet
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.doubting import DoubtFinder
from annotator.workflows.memory import CorpusMemory
from annotator.workflows.schemes import load_scheme
from tests.benchmarks.test_window import _report, _run, _timed

LABELS = ("GPE", "PERSON", "ORG", "DATE")
SIZES = (500, 100_000)


def news(tokens: int) -> str:
    """Text with as many names as news has, some thousand different ones, some of them very often."""
    rng = random.Random(3)
    names = [
        f"{first}{last}" for first in ("Al", "Be", "Cor", "Da", "El") for last in ("na", "rin", "tov", "mas", "ko")
    ]
    people = [f"{one} {other}" for one in names for other in names]
    common = ["said", "the", "minister", "of", "talks", "on", "peace", "in", "with", "a", "plan", "again"]
    words: list[str] = []
    while len(words) < tokens:
        words.append(rng.choice((*common, rng.choice(people), *common, rng.choice(names[:6]))))
        if rng.random() < 0.06:
            words[-1] += "."
        if rng.random() < 0.01:
            words[-1] += "\n\n"
    return " ".join(words)


def suggested(text: str) -> list[Span]:
    """Nine in ten of the capitalised words, one of ten of those unsure."""
    tokens = tokenize_simply(text)
    rng = random.Random(5)
    return [
        Span(f"p{token.index}", token.start, token.end, rng.choice(LABELS), origin=Origin.PIPELINE, decided=False,
            score=0.6 if rng.random() < 0.1 else 0.99, pipeline="p 1")
        for token in tokens
        if text[token.start].isupper() and rng.random() < 0.9
    ]  # fmt: skip


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size} tokens")
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "bench.annotator"
    text = news(request.param)
    spans = suggested(text)
    lost = [Alternative(span.start, span.end, "ORG", 0.2) for span in spans[::3]]
    with ProjectStore.create(path, load_scheme("news")) as store, store.writing() as unit:
        key = unit.add_document(Document("d", text, title="Long", language="en"))
        unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
        unit.put_suggestions(key, "p", "p 1", spans, lost)
    return path


def opened(store: ProjectStore) -> AnnotatedDocument:
    with store.reading() as reader:
        held = reader.suggestions(1)
    assert held is not None
    return AnnotatedDocument(held.document, "bench", SpanSet(held.spans))


def test_finding_all_doubts(benchmark: BenchmarkFixture, project: Path) -> None:
    with ProjectStore.open(project) as store:
        doc = opened(store)
        longest = 0.0

        def find() -> None:
            nonlocal longest
            finder, is_working = DoubtFinder(store, CorpusMemory(store, "bench"), 1, doc), True
            while is_working:
                begun = time.perf_counter()
                is_working = finder.work()
                longest = max(longest, time.perf_counter() - begun)
            assert finder.doubts

        _run(benchmark, find, rounds=3, setup=lambda: None)
        text, tokens = doc.document.text, doc.document.tokens
        _report(benchmark, _timed(lambda: [text[one.start : one.end] for one in tokens], 5))
        benchmark.extra_info["longest_piece_ms"] = round(longest * 1e3, 2)
        benchmark.extra_info["spans"] = len(doc.spans)


def test_following_an_edit(benchmark: BenchmarkFixture, project: Path) -> None:
    """A relabelled or accepted suggestion: until every doubt that depends on it is right again."""
    with ProjectStore.open(project) as store:
        doc = opened(store)
        finder = DoubtFinder(store, CorpusMemory(store, "bench"), 1, doc)
        while finder.work():
            pass
        spans = itertools.cycle(list(doc.spans)[:: max(len(doc.spans) // 40, 1)])
        numbers = itertools.count()

        def follow() -> None:
            nonlocal doc
            span = next(spans)
            done = apply(doc, Relabel(span.id, "FAC") if next(numbers) % 2 else Decide((span.id,)))
            doc = done.doc
            finder.change(doc, done.touched)
            while finder.work():
                pass

        _run(benchmark, follow, rounds=40, setup=lambda: None)
        _report(benchmark, _timed(lambda: finder.doubts, 5))


@pytest.fixture
def window(project: Path, tmp_path: Path) -> Iterator[MainWindow]:
    make_application()
    made = MainWindow("bench", WindowSettings(tmp_path / "window.ini"))
    made.resize(1389, 868)
    made.show()
    assert made.open_project(str(project))
    made.activateWindow()
    made.canvas.setFocus()
    QTest.qWaitForWindowActive(made)
    while not made.doubting.doubts:
        QTest.qWait(50)
    QTest.qWait(300)
    yield made
    made.close()
    made.deleteLater()
    QApplication.processEvents()


@pytest.mark.parametrize("keys", ["label", "doubt"])
def test_key_to_painted_with_doubts(benchmark: BenchmarkFixture, window: MainWindow, keys: str) -> None:
    """A label key, or N, in the middle of the text; in a hurry, so that the doubts' own work is under way."""
    session, canvas = window.session, window.canvas
    assert session is not None
    canvas.put_cursor(len(session.doc.document.text) // 2)
    canvas.go_to_next_span()
    pressed = itertools.cycle((Qt.Key.Key_2, Qt.Key.Key_3) if keys == "label" else (Qt.Key.Key_N,))

    def rest() -> None:
        session.saver.flush()
        QTest.qWait(70)

    processor_s: list[float] = []

    def press() -> None:
        began = time.thread_time()
        QTest.keyClick(canvas, next(pressed))
        QApplication.processEvents()
        processor_s.append(time.thread_time() - began)

    _run(benchmark, press, rounds=60, setup=rest)
    _report(benchmark, _timed(lambda: canvas.viewport().repaint(), 30))
    processor_s.sort()
    for name, share in (("cpu_p50_ms", 0.5), ("cpu_p95_ms", 0.95)):
        benchmark.extra_info[name] = round(processor_s[int(len(processor_s) * share)] * 1e3, 2)
