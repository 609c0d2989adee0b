"""How fast the whole window is: from process start to painted, to the next document, from a key to its paint.

Each beside a floor of the same run: a bare Qt window in a process of its own; the canvas alone showing the document;
painting the whole article once. Run: ``make bench``. Figures in milliseconds, with p95 and ratio, in ``extra_info``.
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.app import make_application
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui.main_window import SETTLE_MS, MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.schemes import load_scheme
from tests.gui.canvas.scenes import long_text

LABELS = ("GPE", "PERSON", "ORG", "DATE")


@dataclass(frozen=True)
class Size:
    tokens: int
    documents: int
    every: int = 10
    lengths: tuple[int, ...] = (1,)

    @property
    def name(self) -> str:
        return f"{self.tokens} tokens" + (f", {self.tokens // self.every} spans" if self.every != 10 else "")


SIZES = (
    Size(500, 32),
    Size(5_000, 32),
    Size(100_000, 12),
    Size(100_000, 4, every=2, lengths=(9, 1, 2, 5, 1, 3, 1)),
)
"""The last one has up to six lanes over the text."""


def _suggested(text: str, size: Size) -> Iterator[Span]:
    """A suggestion at every so many tokens, of one token or more."""
    tokens = tokenize_simply(text)
    for number in range(0, len(tokens) - max(size.lengths), size.every):
        label = LABELS[number // size.every % len(LABELS)]
        length = size.lengths[number // size.every % len(size.lengths)]
        start, end = tokens.starts[number], tokens.ends[number + length - 1]
        yield Span(f"p{number}", start, end, label, origin=Origin.PIPELINE, decided=False, score=0.6, pipeline="p 1")


def _make_project(path: Path, size: Size) -> None:
    text = long_text(size.tokens)
    with ProjectStore.create(path, load_scheme("news")) as store, store.writing() as unit:
        for number in range(size.documents):
            own = f"Article {number}. {text}"
            key = unit.add_document(Document(f"d{number}", own, title=f"Article {number}"))
            unit.put_tokens(key, tokenize_simply(own), "simple 1", "en")
            unit.put_suggestions(key, "p", "p 1", _suggested(own, size))


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: size.name)
def size(request: pytest.FixtureRequest) -> Size:
    chosen: Size = request.param
    return chosen


@pytest.fixture(scope="module")
def project(size: Size, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "bench.annotator"
    _make_project(path, size)
    return path


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
    QTest.qWait(300)  # the idle collector settles, as it does while a person reads
    yield made
    made.close()
    made.deleteLater()
    QApplication.processEvents()


def _painted(window: MainWindow) -> None:
    """Paint what is to be painted, as the event loop would."""
    QApplication.processEvents()


def _all_painted(window: MainWindow) -> None:
    """Paint the whole article, as after a scroll."""
    window.canvas.viewport().repaint()


def _run(benchmark: BenchmarkFixture, act: Callable[[], object], *, rounds: int, setup: Callable[[], None]) -> None:
    pedantic: Callable[..., object] = benchmark.pedantic  # pytest-benchmark does not annotate it
    pedantic(act, rounds=rounds, setup=setup)


def _report(benchmark: BenchmarkFixture, floor_s: list[float]) -> None:
    if benchmark.stats is None:
        return  # run with --benchmark-disable, as a plain test
    seconds = sorted(benchmark.stats.stats.data)
    p95 = seconds[min(int(len(seconds) * 0.95), len(seconds) - 1)]
    p50, floor = statistics.median(seconds), statistics.median(floor_s)
    benchmark.extra_info.update(
        p50_ms=round(p50 * 1e3, 2), p95_ms=round(p95 * 1e3, 2), worst_ms=round(seconds[-1] * 1e3, 2),
        floor_ms=round(floor * 1e3, 2), ratio=round(p50 / floor, 2),
    )  # fmt: skip


def _timed(act: Callable[[], object], rounds: int) -> list[float]:
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return found


def test_next_document(benchmark: BenchmarkFixture, window: MainWindow, size: Size) -> None:
    """Space: what is left is accepted, the document is done, the next one is there and painted.

    The person reads in between, so the window has settled before the next key.
    """
    session = window.session
    assert session is not None

    def rest() -> None:
        session.saver.flush()
        QTest.qWait(SETTLE_MS + 200)

    def press() -> None:
        QTest.keyClick(window.canvas, Qt.Key.Key_Space)
        _painted(window)

    _run(benchmark, press, rounds=size.documents - 2, setup=rest)
    assert window.shelf.progress.done == size.documents - 2
    _report(benchmark, _timed(lambda: _shown(window, session.doc), 9))


def _shown(window: MainWindow, doc: AnnotatedDocument) -> None:
    assert window.session is not None
    window.canvas.show_document(doc, window.session.scheme)
    _painted(window)


def test_key_to_painted(benchmark: BenchmarkFixture, window: MainWindow) -> None:
    """A label key on the current span in the middle of the text: checked, applied, queued for the disk, painted."""
    session, canvas = window.session, window.canvas
    assert session is not None
    while session.doc.status is Status.DONE:
        QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    canvas.put_cursor(len(session.doc.document.text) // 2)
    canvas.go_to_next_span()
    _painted(window)
    keys = itertools.cycle((Qt.Key.Key_2, Qt.Key.Key_3))

    def rest() -> None:
        session.saver.flush()
        QApplication.processEvents()

    def press() -> None:
        QTest.keyClick(canvas, next(keys))
        _painted(window)

    before = session.doc
    _run(benchmark, press, rounds=150, setup=rest)
    assert session.doc is not before
    _report(benchmark, _timed(lambda: _all_painted(window), 30))


BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget
class Bare(QWidget):
    def paintEvent(self, event):
        QPainter(self).drawText(20, 20, "text")
        QTimer.singleShot(0, app.quit)
app = QApplication(sys.argv)
bare = Bare(); bare.resize(1389, 868); bare.show()
app.exec()
"""

REAL = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from annotator.app import make_application, run_window
from annotator.ui.canvas.view import AnnotationCanvas
app = make_application()
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched.parent(), AnnotationCanvas):
            QTimer.singleShot(0, lambda: app.closeAllWindows())
        return False
watch = Watch(); app.installEventFilter(watch)
sys.exit(run_window(sys.argv[1], "bench"))
"""


def test_window_after_process_start(benchmark: BenchmarkFixture, size: Size, project: Path) -> None:
    """A new process until the article is painted (and gone again, a few milliseconds): warm, files in memory."""

    def started(code: str, *arguments: str) -> None:
        subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, timeout=60)

    started(REAL, str(project))
    _run(benchmark, lambda: started(REAL, str(project)), rounds=7, setup=lambda: None)
    _report(benchmark, _timed(lambda: started(BARE), 5))
