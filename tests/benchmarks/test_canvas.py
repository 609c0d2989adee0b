"""How fast the canvas is: opening, key to painted, scrolling; each beside a floor measured in the same run.

The floor is what Qt alone needs to fill the viewport and draw the same visible lines, without spans.
Run: ``pytest tests/benchmarks/test_canvas.py --benchmark-only``. p95 and the ratio are in ``extra_info``.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.domain.edits import AddSpan, RemoveSpan, apply
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.fonts import load_fonts
from annotator.ui.idle import IdleCollector
from tests.gui.canvas.scenes import NAMES, SCHEME, document, long_text

WIDTH, HEIGHT = 840, 868


@dataclass(frozen=True)
class Size:
    tokens: int
    spans: int
    is_one_paragraph: bool = False
    relations: int = 0
    lengths: tuple[int, ...] = (3, 1, 1, 1, 1)

    @property
    def name(self) -> str:
        parts = [f"{self.tokens} tokens, {self.spans} spans"]
        parts += ["one paragraph"] if self.is_one_paragraph else []
        parts += [f"{self.relations} relations"] if self.relations else []
        return ", ".join(parts)


FULL = Size(100_000, 50_000, relations=2_000, lengths=(9, 1, 2, 5, 1, 3, 1))
"""Up to six lanes over the text, and about one arc or stub in every second line."""
SIZES = (Size(500, 50), Size(5_000, 500), Size(100_000, 10_000), Size(100_000, 50_000, is_one_paragraph=True), FULL)


def _annotated(size: Size) -> AnnotatedDocument:
    """Every n-th token begins a span; the long ones overlap the next or have them inside. The longest
    of the full size are in two parts. Relations join neighbours, every tenth joins two that are far apart.
    """
    text = long_text(size.tokens, paragraph=0 if size.is_one_paragraph else 120)
    bare = document(text).document.tokens
    step = size.tokens // size.spans
    spans = []
    for number, first in enumerate(range(0, size.tokens - max(size.lengths), step)):
        length = size.lengths[number % len(size.lengths)]
        start, end, middle = bare.starts[first], bare.ends[first + length - 1], bare.ends[first]
        fragments = ((start, middle), (bare.starts[first + length - 1], end)) if size is FULL and length == 9 else ()
        label, is_decided = NAMES[number % len(NAMES)], number % 3 != 0
        spans.append(Span(f"s{number}", start, end, label, decided=is_decided, score=0.65, fragments=fragments))
    return replace(document(text, spans, title="A document of some length"), relations=_relations(size, len(spans)))


def _relations(size: Size, spans: int) -> dict[str, Relation]:
    found = {}
    for number in range(size.relations):
        head = number * spans // size.relations
        child = (head + (3 if number % 10 else 2_000)) % spans
        found[f"r{number}"] = Relation(f"r{number}", f"s{head}", f"s{child}", ("MET", "IN")[number % 2])
    return found


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: size.name)
def doc(request: pytest.FixtureRequest) -> AnnotatedDocument:
    return _annotated(request.param)


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[IdleCollector]:
    """As in the window: collected when idle, what was loaded is frozen."""
    made = IdleCollector()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def canvas(qapp: QApplication, doc: AnnotatedDocument, collector: IdleCollector) -> Iterator[AnnotationCanvas]:
    load_fonts()
    made = AnnotationCanvas()
    made.resize(WIDTH, HEIGHT)
    made.show()
    qapp.processEvents()
    made.selection_changed.connect(lambda _: collector.note_activity())
    made.verticalScrollBar().valueChanged.connect(collector.note_activity)
    collector.settle()
    yield made
    made.close()
    made.deleteLater()


def _painted(canvas: AnnotationCanvas) -> None:
    """Paint once, then let waiting events run; what was painted is not waiting any more."""
    canvas.viewport().repaint()
    QApplication.processEvents()


def _floor_ms(canvas: AnnotationCanvas) -> float:
    """The median of drawing the visible lines with `QTextLayout.draw` alone."""
    assert canvas.page is not None
    ratio = canvas.devicePixelRatio()
    target = QPixmap(int(WIDTH * ratio), int(HEIGHT * ratio))
    times = []
    for _ in range(30):
        begun = time.perf_counter()
        _draw_plain(canvas, target)
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times)


def _draw_plain(canvas: AnnotationCanvas, target: QPixmap) -> None:
    page, top = canvas.page, canvas.page_point(QPointF(0, 0)).y()
    assert page is not None
    painter = QPainter(target)
    painter.fillRect(0, 0, WIDTH, HEIGHT, QColor("white"))
    for index in range(page.heights.at(max(top, 0.0)), len(page.heights)):
        y = page.heights.top_of(index) - top
        if y > HEIGHT:
            break
        page.layout(index).text_layout.draw(painter, QPointF(90, y))
    painter.end()


def _run(
    benchmark: BenchmarkFixture,
    act: Callable[[], None],
    *,
    rounds: int,
    warmup_rounds: int = 0,
    setup: Callable[[], None] | None = None,
) -> None:
    pedantic: Callable[..., object] = benchmark.pedantic  # pytest-benchmark does not annotate it
    pedantic(act, rounds=rounds, warmup_rounds=warmup_rounds, setup=setup)


def _report(benchmark: BenchmarkFixture, canvas: AnnotationCanvas) -> None:
    if benchmark.stats is None:
        return  # run with --benchmark-disable, as a plain test
    seconds = sorted(benchmark.stats.stats.data)
    p95 = seconds[min(int(len(seconds) * 0.95), len(seconds) - 1)] * 1e3
    p50, floor = statistics.median(seconds) * 1e3, _floor_ms(canvas)
    benchmark.extra_info.update(
        p50_ms=round(p50, 2), p95_ms=round(p95, 2), worst_ms=round(seconds[-1] * 1e3, 2), floor_ms=round(floor, 2),
        ratio=round(p50 / floor, 2),
    )  # fmt: skip


def test_open(benchmark: BenchmarkFixture, canvas: AnnotationCanvas, doc: AnnotatedDocument) -> None:
    def opened() -> None:
        canvas.show_document(doc, SCHEME)
        canvas.set_doubts(_doubts(doc))
        _painted(canvas)

    _run(benchmark, opened, rounds=25, warmup_rounds=2)
    _report(benchmark, canvas)


def _doubts(doc: AnnotatedDocument) -> dict[tuple[int, int], float]:
    """A doubtful place a hundred tokens of a large document, of which some are suggestions; none in a small one."""
    tokens, spans = doc.document.tokens, doc.spans
    if not doc.relations:
        return {}
    found = {(tokens.starts[at], tokens.ends[at]): (at % 7) / 7 for at in range(7, len(tokens), 100)}
    found.update({(span.start, span.end): 0.5 for number, span in enumerate(spans) if number % 99 == 0})
    return found


def test_key_to_painted(benchmark: BenchmarkFixture, canvas: AnnotationCanvas, doc: AnnotatedDocument) -> None:
    """Add and remove a span on the screen in the middle of the document: apply, update, paint."""
    canvas.show_document(doc, SCHEME)
    canvas.reveal(len(doc.document.text) // 2)
    _painted(canvas)
    press = _presser(canvas, doc)
    _run(benchmark, press, rounds=200, warmup_rounds=5)
    _report(benchmark, canvas)


def _presser(canvas: AnnotationCanvas, doc: AnnotatedDocument) -> Callable[[], None]:
    tokens = doc.document.tokens
    middle = tokens.nearest(len(doc.document.text) // 2)
    held = doc
    numbers = itertools.count()

    def press() -> None:
        nonlocal held
        number = next(numbers)
        at = middle + (number // 2) % 20
        span = Span("new", tokens.starts[at], tokens.ends[at + 1], "PERSON")
        done = apply(held, AddSpan(span) if number % 2 == 0 else RemoveSpan("new"))
        held = done.doc
        canvas.update_document(done.doc, done.touched)
        if number % 2 == 0:
            canvas.set_current_span("new")
        _painted(canvas)

    return press


def test_next_span(benchmark: BenchmarkFixture, canvas: AnnotationCanvas, doc: AnnotatedDocument) -> None:
    canvas.show_document(doc, SCHEME)
    canvas.reveal(len(doc.document.text) // 2)
    canvas.put_cursor(len(doc.document.text) // 2)
    _painted(canvas)

    def stepped() -> None:
        canvas.go_to_next_span()
        _painted(canvas)

    _run(benchmark, stepped, rounds=200, warmup_rounds=3)
    _report(benchmark, canvas)


@pytest.mark.parametrize("direction", [1, -1], ids=["down", "up"])
def test_scroll_a_page(
    benchmark: BenchmarkFixture, canvas: AnnotationCanvas, doc: AnnotatedDocument, direction: int
) -> None:
    """Every page is seen for the first time: text is broken and spans are placed. At the end: from the start."""
    bar = canvas.verticalScrollBar()

    def is_at_end() -> bool:
        return bar.value() == (bar.maximum() if direction > 0 else 0)

    def prepare() -> None:
        if is_at_end() or canvas.page is None:
            canvas.show_document(doc, SCHEME)
            bar.setValue(0 if direction > 0 else bar.maximum())
            _painted(canvas)

    def scrolled() -> None:
        bar.setValue(bar.value() + direction * bar.pageStep())
        _painted(canvas)

    _run(benchmark, scrolled, setup=prepare, rounds=100)
    _report(benchmark, canvas)


def test_hints_to_painted(benchmark: BenchmarkFixture, canvas: AnnotationCanvas, doc: AnnotatedDocument) -> None:
    """Show letters on every word of the window, and take them away."""
    canvas.show_document(doc, SCHEME)
    canvas.reveal(len(doc.document.text) // 2)
    _painted(canvas)

    def hinted() -> None:
        canvas.show_hints()
        _painted(canvas)

    _run(benchmark, hinted, rounds=60, warmup_rounds=2, setup=canvas.hide_hints)
    _report(benchmark, canvas)
