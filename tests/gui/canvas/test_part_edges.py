"""Dragging the edges of a discontinuous span's parts, through real events, and choosing a part."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.edits import Reshape, apply
from annotator.domain.spans import Span
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.theme import LIGHT
from tests.gui.canvas.conftest import Show
from tests.gui.canvas.scenes import at, boxes, centre, document, span_of

TEXT = "North and South plus West Dakota sent Ann Lee to Bismarck."
LEFT, ALT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
NORTH, SOUTH, DAKOTA = ((TEXT.index(one), TEXT.index(one) + len(one)) for one in ("North", "South", "Dakota"))
SPAN = Span("s", 0, DAKOTA[1], "GPE", fragments=(NORTH, SOUTH, DAKOTA))


@pytest.fixture
def parted(show: Show) -> AnnotationCanvas:
    shown = show(document(TEXT, [SPAN, span_of(TEXT, "Ann Lee", "PERSON", id_="ann")]))
    shown.set_theme(LIGHT)
    shown.set_current_span("s")
    return shown


def _edge(canvas: AnnotationCanvas, part: tuple[int, int], *, is_left: bool) -> QPoint:
    box = boxes(canvas, *part)[0]
    return at(canvas, QPointF(box.left() if is_left else box.right(), box.center().y()))


def _of(canvas: AnnotationCanvas, surface: str) -> QPoint:
    return centre(canvas, TEXT.index(surface), TEXT.index(surface) + len(surface))


def _move(canvas: AnnotationCanvas, point: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """`QTest.mouseMove` knows no modifiers."""
    place = QPointF(canvas.viewport().mapToGlobal(point))
    event = QMouseEvent(QMouseEvent.Type.MouseMove, QPointF(point), place, LEFT, LEFT, modifiers)
    QApplication.sendEvent(canvas.viewport(), event)


def _drag(canvas: AnnotationCanvas, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(canvas.viewport(), LEFT, modifiers, start)
    _move(canvas, end, modifiers)
    QTest.mouseRelease(canvas.viewport(), LEFT, modifiers, end)


@pytest.mark.parametrize(
    ("part", "is_left", "target", "expected"),
    [
        (0, False, "and", ("North", "and")),
        (1, True, "and", ("and", "South")),
        (1, False, "West", ("South", "West")),
        (2, True, "plus", ("plus", "Dakota")),
        (0, True, "Dakota", ("North", "North")),  # dragged over its other edge, one token stays
        (1, True, "Dakota", ("South", "South")),
        (2, False, "Ann", ("Dakota", "Ann")),
        (2, True, "North", ("North", "Dakota")),  # over other parts
    ],
)
def test_each_edge_of_each_part_is_dragged(
    parted: AnnotationCanvas, qtbot: QtBot, part: int, is_left: bool, target: str, expected: tuple[str, str]
) -> None:
    with qtbot.waitSignal(parted.resize_requested) as said:
        _drag(parted, _edge(parted, SPAN.parts[part], is_left=is_left), _of(parted, target))
    end = TEXT.index(expected[1]) + len(expected[1])
    assert said.args == ["s", part, TEXT.index(expected[0]), end]
    assert parted.selection is None and parted.current_span_id == "s"


def test_an_inner_edge_is_dragged_exactly_with_alt_and_keeps_one_character(
    parted: AnnotationCanvas, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(parted.resize_requested) as said:
        _drag(parted, _edge(parted, SOUTH, is_left=True), _of(parted, "Dakota"), ALT)
    assert said.args == ["s", 1, SOUTH[1] - 1, SOUTH[1]]


def test_the_pointer_tells_of_inner_edges(parted: AnnotationCanvas) -> None:
    shapes = []
    for point in (_edge(parted, NORTH, is_left=False), _edge(parted, SOUTH, is_left=True), _of(parted, "and")):
        QTest.mouseMove(parted.viewport(), point)
        shapes.append(parted.viewport().cursor().shape())
    assert shapes == [Qt.CursorShape.SizeHorCursor, Qt.CursorShape.SizeHorCursor, Qt.CursorShape.IBeamCursor]


def test_the_preview_shows_parts_that_would_become_one(parted: AnnotationCanvas) -> None:
    """Over "and" the first two parts meet: the ground of the preview has no gap between them."""
    gap = QPointF(boxes(parted, NORTH[1], NORTH[1] + 1)[0].center())
    sample = at(parted, QPointF(gap.x(), gap.y() - 6))
    QTest.mousePress(parted.viewport(), LEFT, NONE, _edge(parted, SOUTH, is_left=True))
    _move(parted, _of(parted, "South"))
    apart = parted.viewport().grab().toImage().pixelColor(sample)
    _move(parted, _of(parted, "and"))
    joined = parted.viewport().grab().toImage().pixelColor(sample)
    assert (apart, joined) == (QColor(LIGHT.page), QColor(LIGHT.selection))
    QTest.mouseRelease(parted.viewport(), LEFT, NONE, _of(parted, "and"))
    assert parted.viewport().grab().toImage().pixelColor(sample) == QColor(LIGHT.page)


def test_right_to_left_the_start_is_at_the_right(show: Show, qtbot: QtBot) -> None:
    text = "ראש הממשלה שלום אמר אתמול"
    parts = ((0, 3), (11, 15))
    canvas = show(document(text, [Span("s", 0, 15, "GPE", fragments=parts)]))
    canvas.set_current_span("s")
    with qtbot.waitSignal(canvas.resize_requested) as said:
        _drag(canvas, _edge(canvas, parts[1], is_left=True), centre(canvas, 16, 19))
    assert said.args == ["s", 1, 11, 19]


def test_a_click_chooses_the_part_and_one_on_the_label_the_whole(parted: AnnotationCanvas) -> None:
    chosen = []
    for surface in ("South", "Dakota", "North"):
        QTest.mouseClick(parted.viewport(), LEFT, NONE, _of(parted, surface))
        chosen.append(parted.current_part)
    assert parted.page is not None
    label = next(one for one in parted.page.layout(0).labels if one.span.id == "s")
    QTest.mouseClick(parted.viewport(), LEFT, NONE, at(parted, label.rect.center()))
    assert [*chosen, parted.current_part] == [1, 2, 0, None]


def test_a_chosen_part_is_followed_and_stands_out(parted: AnnotationCanvas) -> None:
    whole = parted.viewport().grab().toImage()
    assert [parted.go_to_next_part() for _ in range(5)] == [0, 1, 2, None, 0]
    assert parted.viewport().grab().toImage() != whole
    assert parted.doc is not None
    parted.set_current_part(2)
    moved = apply(parted.doc, Reshape("s", ((0, 15), DAKOTA)))
    parted.update_document(moved.doc, moved.touched)
    assert parted.current_part == 1
    state = parted.view_state()
    parted.set_current_span("ann")
    assert parted.current_part is None
    parted.restore_view_state(state)
    assert (parted.current_span_id, parted.current_part) == ("s", 1)
    joined = apply(moved.doc, Reshape("s", ((0, DAKOTA[1]),)))
    parted.update_document(joined.doc, joined.touched)
    assert (parted.current_span_id, parted.current_part) == ("s", None)


def test_a_span_in_one_piece_has_no_parts_to_choose(parted: AnnotationCanvas) -> None:
    parted.set_current_span("ann")
    assert parted.go_to_next_part() is None
    QTest.mouseClick(parted.viewport(), LEFT, NONE, _of(parted, "Ann Lee"))
    assert parted.current_part is None
