"""What will be seen next is laid out while nothing happens, and nothing moves under the reader by it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from annotator.domain.spans import Span
from annotator.ui.canvas.view import AnnotationCanvas
from tests.gui.canvas.conftest import Show
from tests.gui.canvas.scenes import SCHEME, document, long_text

TEXT = long_text(6_000)
SPANS = [Span(f"s{n}", at, at + 40, "GPE") for n, at in enumerate(range(0, len(TEXT) - 60, 25))]


def _missing(canvas: AnnotationCanvas, step: int) -> list[int]:
    """Blocks that are not laid out within a screenful of the window."""
    page, height = canvas.page, canvas.viewport().height()
    assert page is not None
    top = canvas.page_point(QPointF(0, 0)).y()
    first, last = sorted((top + (height if step > 0 else 0), top + (2 * height if step > 0 else -height)))
    found = range(page.heights.at(max(first, 0.0)), page.heights.at(max(last - 1, 0.0)) + 1)
    return [index for index in found if page.find_layout(index) is None]


@pytest.fixture
def middle(show: Show, qtbot: QtBot) -> AnnotationCanvas:
    """At the middle of a long article, as wide as it stays: the scroll bar has come."""
    canvas = show(document(TEXT, SPANS))
    qtbot.waitUntil(lambda: canvas.viewport().width() < canvas.width() and not canvas._relayout.isActive())
    canvas.show_document(document(TEXT, SPANS), SCHEME)
    canvas.viewport().repaint()
    return canvas


def test_the_next_screenful_is_laid_out_when_it_is_quiet(middle: AnnotationCanvas, qtbot: QtBot) -> None:
    assert _missing(middle, 1)
    qtbot.waitUntil(lambda: not _missing(middle, 1))
    middle.verticalScrollBar().setValue(middle.verticalScrollBar().maximum() // 2)
    middle.viewport().repaint()
    assert _missing(middle, 1)
    qtbot.waitUntil(lambda: not _missing(middle, 1))


def test_blocks_above_are_laid_out_and_the_text_in_the_window_stays(middle: AnnotationCanvas, qtbot: QtBot) -> None:
    bar = middle.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    bar.setValue(bar.value() - 1)  # the direction is up
    middle.viewport().repaint()
    assert middle.page is not None
    char = middle.page.char_at(100, middle.page_point(QPointF(0, 300)).y())

    def y_of_char() -> float:
        assert middle.page is not None
        return middle.page.rects_of(char, char + 1)[0].top() - middle.page_point(QPointF(0, 0)).y()

    before, image, value = y_of_char(), middle.viewport().grab().toImage(), bar.value()
    assert _missing(middle, -1)
    qtbot.waitUntil(lambda: not _missing(middle, -1))
    assert bar.value() != value, "heights were guessed right: nothing is shown by this"
    assert abs(y_of_char() - before) <= 1
    assert bar.maximum() >= bar.value()
    assert middle.viewport().grab().toImage() == image


def test_hints_do_not_part_from_their_words(middle: AnnotationCanvas, qtbot: QtBot) -> None:
    bar = middle.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    bar.setValue(bar.value() - 1)
    middle.viewport().repaint()
    middle.show_hints()
    missing = _missing(middle, -1)
    qtbot.wait(60)
    assert middle.hints is not None and missing and _missing(middle, -1) == missing
    middle.hide_hints()
    qtbot.waitUntil(lambda: not _missing(middle, -1))
