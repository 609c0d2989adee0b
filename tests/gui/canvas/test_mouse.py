"""The mouse on the canvas, through real events: choose, select, drag an edge."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.spans import Span
from annotator.ui.canvas.view import AnnotationCanvas
from tests.gui.canvas.conftest import Show
from tests.gui.canvas.scenes import at, boxes, centre, document, long_text, span_of

TEXT = "The Chinese foreign minister met Qin Gang in New York on Monday 👨‍👩‍👧 again."
LEFT, ALT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def _range(surface: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(surface), text.index(surface) + len(surface)


def _middle(canvas: AnnotationCanvas, surface: str) -> QPoint:
    return centre(canvas, *_range(surface))


def _click(canvas: AnnotationCanvas, point: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(canvas.viewport(), LEFT, modifiers, point)


def _drag(canvas: AnnotationCanvas, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(canvas.viewport(), LEFT, modifiers, start)
    QTest.mouseMove(canvas.viewport(), (start + end) / 2)
    _moved(canvas, end, modifiers)
    QTest.mouseRelease(canvas.viewport(), LEFT, modifiers, end)


def _moved(canvas: AnnotationCanvas, point: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    """`QTest.mouseMove` knows no modifiers."""
    place = QPointF(point)
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove, place, QPointF(canvas.viewport().mapToGlobal(point)), LEFT, LEFT, modifiers
    )
    QApplication.sendEvent(canvas.viewport(), event)


def _edges(canvas: AnnotationCanvas, surface: str) -> tuple[QPoint, QPoint]:
    box = boxes(canvas, *_range(surface))[0]
    return at(canvas, QPointF(box.left(), box.center().y())), at(canvas, QPointF(box.right(), box.center().y()))


def test_a_click_takes_the_smallest_span_and_goes_through_the_others(show: Show) -> None:
    spans = [span_of(TEXT, "Chinese foreign minister", id_="outer"), span_of(TEXT, "foreign", id_="inner")]
    canvas = show(document(TEXT, spans))
    chosen = []
    for _ in range(3):
        _click(canvas, _middle(canvas, "foreign"))
        chosen.append(canvas.current_span_id)
    assert chosen == ["inner", "outer", "inner"]


def test_a_click_on_a_label_takes_its_span(show: Show) -> None:
    canvas = show(document(TEXT, [span_of(TEXT, "Chinese foreign minister", id_="s")]))
    assert canvas.page is not None
    _click(canvas, at(canvas, canvas.page.layout(0).labels[0].rect.center()))
    assert canvas.current_span_id == "s"


def test_a_click_elsewhere_puts_the_cursor_and_nothing_is_current(show: Show, qtbot: QtBot) -> None:
    canvas = show(document(TEXT, [span_of(TEXT, "Chinese", id_="s")]))
    canvas.set_current_span("s")
    with qtbot.waitSignal(canvas.current_span_changed) as said:
        _click(canvas, _middle(canvas, "minister"))
    assert said.args == [None]
    assert (canvas.token_cursor, canvas.current_span_id, canvas.selection) == (_range("minister")[0], None, None)


def test_a_drag_selects_whole_tokens(show: Show, qtbot: QtBot) -> None:
    canvas = show(document(TEXT))
    with qtbot.waitSignal(canvas.selection_changed):
        _drag(canvas, _middle(canvas, "York"), _middle(canvas, "Gang"))
    assert canvas.selection == (_range("Gang")[0], _range("York")[1])


def test_a_drag_with_alt_selects_exact_characters(show: Show) -> None:
    canvas = show(document(TEXT))
    start, _ = _range("foreign")
    _drag(canvas, centre(canvas, start + 1, start + 2), centre(canvas, start + 4, start + 5) + QPoint(4, 0), ALT)
    assert canvas.selection is not None
    assert start < canvas.selection[0] <= start + 2 and start + 4 <= canvas.selection[1] <= start + 5


def test_a_drag_with_alt_never_parts_a_grapheme_cluster(show: Show) -> None:
    canvas = show(document(TEXT))
    family = _range("👨‍👩‍👧")
    box = boxes(canvas, *family)[0]
    for offset in range(0, int(box.width()), 3):
        point = at(canvas, QPointF(box.left() + offset, box.center().y()))
        _drag(canvas, centre(canvas, *_range("Monday")), point, ALT)
        assert canvas.selection is not None
        assert not family[0] < canvas.selection[1] < family[1]


def test_a_double_click_selects_a_token(show: Show) -> None:
    canvas = show(document(TEXT))
    QTest.mouseDClick(canvas.viewport(), LEFT, NONE, _middle(canvas, "minister"))
    assert canvas.selection == _range("minister")


def test_a_double_click_on_a_span_activates_it(show: Show, qtbot: QtBot) -> None:
    canvas = show(document(TEXT, [span_of(TEXT, "Chinese", id_="s")]))
    with qtbot.waitSignal(canvas.span_activated) as said:
        QTest.mouseDClick(canvas.viewport(), LEFT, NONE, _middle(canvas, "Chinese"))
    assert said.args == ["s"]


@pytest.mark.parametrize(
    ("edge", "target", "expected"),
    [
        (1, "Gang", ("Chinese", "Gang")),  # the right edge grows over tokens and another span
        (1, "The", ("Chinese", "Chinese")),  # dragged over the other edge, one token stays
        (0, "The", ("The", "minister")),
        (0, "Qin", ("minister", "minister")),
    ],
)
def test_dragging_an_edge_asks_for_whole_tokens(
    show: Show, qtbot: QtBot, edge: int, target: str, expected: tuple[str, str]
) -> None:
    whole = "Chinese foreign minister"
    canvas = show(document(TEXT, [span_of(TEXT, whole, id_="s"), span_of(TEXT, "Qin Gang", id_="other")]))
    canvas.set_current_span("s")
    with qtbot.waitSignal(canvas.resize_requested) as said:
        _drag(canvas, _edges(canvas, whole)[edge], _middle(canvas, target))
    assert said.args == ["s", 0, _range(expected[0])[0], _range(expected[1])[1]]


def test_dragging_an_edge_with_alt_is_exact_and_keeps_a_whole_cluster(show: Show, qtbot: QtBot) -> None:
    start, end = _range("👨‍👩‍👧 again")
    canvas = show(document(TEXT, [Span("s", start, end, "GPE")]))
    canvas.set_current_span("s")
    with qtbot.waitSignal(canvas.resize_requested) as said:
        _drag(canvas, _edges(canvas, "👨‍👩‍👧 again")[1], _middle(canvas, "Monday"), ALT)
    assert said.args == ["s", 0, start, _range("👨‍👩‍👧")[1]]


def test_the_last_character_does_not_collapse(show: Show, qtbot: QtBot) -> None:
    start, _ = _range("in New")
    canvas = show(document(TEXT, [Span("s", start, start + 1, "GPE")]))
    canvas.set_current_span("s")
    box = boxes(canvas, start, start + 1)[0]
    with qtbot.waitSignal(canvas.resize_requested) as said:
        right = at(canvas, QPointF(box.right() + 2, box.center().y()))
        _drag(canvas, right, _middle(canvas, "The"), ALT)
    assert said.args == ["s", 0, start, start + 1]


def test_a_drag_that_starts_beside_the_handles_selects(show: Show) -> None:
    canvas = show(document(TEXT, [span_of(TEXT, "Chinese foreign minister", id_="s")]))
    canvas.set_current_span("s")
    _drag(canvas, _middle(canvas, "foreign"), _middle(canvas, "Qin"))
    assert canvas.selection == (_range("foreign")[0], _range("Qin")[1])


def test_the_pointer_changes_over_a_handle(show: Show) -> None:
    canvas = show(document(TEXT, [span_of(TEXT, "Chinese", id_="s")]))
    canvas.set_current_span("s")
    QTest.mouseMove(canvas.viewport(), _edges(canvas, "Chinese")[1])
    assert canvas.viewport().cursor().shape() is Qt.CursorShape.SizeHorCursor
    QTest.mouseMove(canvas.viewport(), _middle(canvas, "York"))
    assert canvas.viewport().cursor().shape() is Qt.CursorShape.IBeamCursor


def test_a_click_with_shift_extends_the_selection(show: Show) -> None:
    canvas = show(document(TEXT))
    _click(canvas, _middle(canvas, "Qin"))
    _click(canvas, _middle(canvas, "York"), SHIFT)
    assert canvas.selection == (_range("Qin")[0], _range("York")[1])


def test_a_click_beside_the_text_hits_no_span(show: Show) -> None:
    canvas = show(document("short", [Span("s", 0, 5, "GPE")]))
    box = boxes(canvas, 0, 5)[0]
    assert canvas.spans_at(QPointF(at(canvas, QPointF(box.right() + 200, box.center().y())))) == []
    assert canvas.spans_at(QPointF(at(canvas, QPointF(box.center().x(), box.bottom() + 300)))) == []


def test_the_tooltip_says_all_of_a_span_as_plain_words(show: Show, qtbot: QtBot) -> None:
    span = Span("s", 0, 3, "GPE", decided=False, score=0.65, pipeline="en_core_web_sm 3.8.0", note="<b>?</b>")
    canvas = show(document(TEXT, [span]))
    assert canvas.describe(span).startswith("GPE · suggested .65 · en_core_web_sm 3.8.0")
    QTest.mouseMove(canvas.viewport(), _middle(canvas, "The"))
    qtbot.waitUntil(lambda: "suggested .65" in canvas.viewport().toolTip())
    assert "<b>" not in canvas.viewport().toolTip()


def test_a_drag_below_the_window_scrolls_and_goes_on_selecting(show: Show, qtbot: QtBot) -> None:
    canvas = show(document(long_text(3_000)))
    start = centre(canvas, 0, 5)
    below = QPoint(start.x() + 100, canvas.viewport().height() + 30)
    QTest.mousePress(canvas.viewport(), LEFT, NONE, start)
    _moved(canvas, below, NONE)
    qtbot.waitUntil(lambda: canvas.verticalScrollBar().value() > 200, timeout=2_000)
    QTest.mouseRelease(canvas.viewport(), LEFT, NONE, below)
    assert canvas.selection is not None and canvas.selection[0] == 0 and canvas.selection[1] > 1_000


def test_scrolling_goes_on_while_the_pointer_rests_below(show: Show, qtbot: QtBot) -> None:
    canvas = show(document(long_text(3_000)))
    QTest.mousePress(canvas.viewport(), LEFT, NONE, centre(canvas, 0, 5))
    _moved(canvas, QPoint(200, canvas.viewport().height() + 30), NONE)
    before = canvas.verticalScrollBar().value()
    qtbot.waitUntil(lambda: canvas.verticalScrollBar().value() > before + 60, timeout=2_000)
    QTest.mouseRelease(canvas.viewport(), LEFT, NONE, QPoint(200, 300))
    qtbot.wait(80)
    rest = canvas.verticalScrollBar().value()
    qtbot.wait(120)
    assert canvas.verticalScrollBar().value() == rest


def test_the_wheel_with_ctrl_asks_for_zoom_and_does_not_scroll(show: Show, qtbot: QtBot) -> None:
    canvas = show(document(long_text(3_000)))
    place = QPointF(200, 200)
    event = QWheelEvent(
        place, place, QPoint(0, 0), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    with qtbot.waitSignal(canvas.zoom_requested) as said:
        QApplication.sendEvent(canvas.viewport(), event)
    assert said.args == [-1] and canvas.verticalScrollBar().value() == 0


@pytest.mark.parametrize("modifiers", [NONE, ALT, SHIFT])
@pytest.mark.parametrize("text", ["one two\n", "one\n\n\n", "\n", "x", "👨‍👩‍👧"])
def test_a_drag_over_the_end_of_the_text_stays_inside_it(show: Show, text: str, modifiers: Qt.KeyboardModifier) -> None:
    canvas = show(document(text))
    for y in (80, 140, 200, 400):
        _drag(canvas, QPoint(700, y), QPoint(300, 690), modifiers)
        _assert_inside(canvas, text)
        _click(canvas, QPoint(300, 690), modifiers)
        _assert_inside(canvas, text)


def _assert_inside(canvas: AnnotationCanvas, text: str) -> None:
    if canvas.selection is not None:
        assert 0 <= canvas.selection[0] < canvas.selection[1] <= len(text)
