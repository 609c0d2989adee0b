"""Hints on the canvas and in the window, through real keys."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.edits import AddSpan, apply
from annotator.domain.spans import Span
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.main_window import MainWindow
from annotator.ui.theme import THEMES, Theme
from tests.gui.canvas.conftest import Show
from tests.gui.canvas.scenes import SCRIPTS, at, boxes, document, long_text, span_of

TEXT = "The Chinese foreign minister met Qin Gang in New York.\n\nOn Monday he left Berlin again, said a man."


def _type(canvas: AnnotationCanvas, letters: str) -> None:
    for letter in letters:
        QTest.keyClick(canvas, Qt.Key(ord(letter.upper())))


def test_typing_a_hint_puts_the_cursor_there_with_nothing_current(show: Show) -> None:
    canvas = show(document(TEXT, [span_of(TEXT, "Berlin")]))
    canvas.set_current_span("Berlin")
    canvas.show_hints()
    assert canvas.hints is not None
    _type(canvas, canvas.hints[TEXT.index("minister")])
    assert (canvas.token_cursor, canvas.current_span_id, canvas.selection) == (TEXT.index("minister"), None, None)
    assert canvas.hints is None


def test_every_visible_word_can_be_reached(show: Show) -> None:
    canvas = show(document(long_text(600)))
    canvas.show_hints()
    hints = dict(canvas.hints or {})
    assert len(hints) > 100
    for start, letters in list(hints.items())[::9]:
        canvas.show_hints()
        _type(canvas, letters)
        assert canvas.token_cursor == start and len(letters) <= 2


def test_only_lines_that_are_seen_whole_have_hints(show: Show) -> None:
    canvas = show(document(long_text(3_000)))
    canvas.verticalScrollBar().setValue(913)
    canvas.show_hints()
    assert canvas.hints
    for start in canvas.hints:
        box = boxes(canvas, start, start + 1)[0]
        assert at(canvas, box.topLeft()).y() >= 0 and at(canvas, box.bottomLeft()).y() <= canvas.viewport().height()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Tab, Qt.Key.Key_3])
def test_any_other_key_leaves(show: Show, key: Qt.Key) -> None:
    canvas = show(document(TEXT))
    canvas.show_hints()
    QTest.keyClick(canvas, key)
    assert canvas.hints is None and canvas.token_cursor == 0


def test_backspace_takes_a_letter_back_and_without_a_letter_leaves(show: Show) -> None:
    canvas = show(document(long_text(200)))
    canvas.show_hints()
    assert canvas.hints is not None
    one, other = [(start, code) for start, code in canvas.hints.items() if len(code) == 2][:2]
    _type(canvas, one[1][0])
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    assert canvas.hints is not None
    _type(canvas, other[1])
    assert canvas.token_cursor == other[0]
    canvas.show_hints()
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    assert canvas.hints is None


def test_a_letter_that_leads_nowhere_is_passed_over(show: Show) -> None:
    canvas = show(document("one two three"))
    canvas.show_hints()
    assert canvas.hints is not None
    unused = next(letter for letter in "zxcvb" if letter not in canvas.hints.values())
    _type(canvas, unused)
    assert canvas.hints is not None and canvas.token_cursor == 0


def test_likely_places_have_one_letter(show: Show) -> None:
    canvas = show(document(long_text(300)))
    canvas.grab()
    likely = list(canvas.doc.document.tokens.starts[20:40:4]) if canvas.doc else []
    canvas.likely = likely
    canvas.show_hints()
    assert canvas.hints is not None and [len(canvas.hints[start]) for start in likely] == [1] * 5
    assert tuple(canvas.likely) == tuple(likely)


@pytest.mark.parametrize("how", ["edit", "scroll", "click", "resize", "another document", "clear", "focus", "font"])
def test_what_may_move_the_text_takes_the_hints_away(show: Show, canvas: AnnotationCanvas, how: str) -> None:
    doc = document(long_text(3_000))
    show(doc).show_hints()
    done = apply(doc, AddSpan(Span("s", 0, 5, "GPE")))
    acts: dict[str, Callable[[], object]] = {
        "edit": lambda: canvas.update_document(done.doc, done.touched),
        "scroll": lambda: canvas.verticalScrollBar().setValue(50),
        "click": lambda: QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 200)),
        "resize": lambda: canvas.resize(700, 600),
        "another document": lambda: show(document("another")),
        "clear": canvas.clear,
        "focus": canvas.clearFocus,
        "font": lambda: canvas.set_text_font("Noto Serif", 25),
    }
    assert canvas.hints is not None
    acts[how]()
    assert canvas.hints is None


def test_hints_move_no_text(show: Show) -> None:
    canvas = show(document(TEXT))
    before = [box.topLeft() for box in boxes(canvas, 0, len(TEXT))]
    canvas.show_hints()
    canvas.grab()
    assert [box.topLeft() for box in boxes(canvas, 0, len(TEXT))] == before


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_hint_is_painted_and_gone_after_a_letter_that_is_not_its_own(show: Show, theme: Theme) -> None:
    canvas = show(document("one two three"))
    canvas.set_theme(theme)
    bare = canvas.viewport().grab().toImage()
    canvas.show_hints()
    assert canvas.viewport().grab().toImage() != bare
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.viewport().grab().toImage() == bare


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_chips_of_one_line_can_be_told_apart(show: Show, text: str) -> None:
    canvas = show(document(text))
    canvas.show_hints()
    rects = [chip.rect for chip in canvas._hints._chips]
    for one, other in combinations(rects, 2):
        shared = one.intersected(other)
        assert shared.width() * shared.height() <= 0.25 * one.width() * one.height()


def test_nothing_to_reach_shows_no_hints(show: Show, canvas: AnnotationCanvas) -> None:
    canvas.show_hints()
    assert canvas.hints is None
    show(document(" \n ... ")).show_hints()
    assert canvas.hints is None


def test_letters_are_taken_before_they_are_keys_of_the_window(show: Show) -> None:
    canvas = show(document(TEXT))
    for is_shown in (False, True):
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "x")
        event.ignore()
        if is_shown:
            canvas.show_hints()
        QApplication.sendEvent(canvas, event)
        assert event.isAccepted() is is_shown


def test_in_the_window_letters_go_to_the_hints_and_then_to_the_actions_again(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.canvas
    canvas.go_to_next_span()
    assert window.session is not None
    spans = len(window.session.doc.spans)
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.hints is not None
    for key in (Qt.Key.Key_X, Qt.Key.Key_A, Qt.Key.Key_S, Qt.Key.Key_F):
        QTest.keyClick(canvas, key)
    canvas.hide_hints()
    assert len(window.session.doc.spans) == spans and window.session.key is not None
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.hints is not None
    start = window.session.doc.document.text.index("Kuleba") - len("Dmytro ")
    _type(canvas, canvas.hints[start])
    assert canvas.token_cursor == start and canvas.current_span_id is None
    QTest.keyClick(canvas, Qt.Key.Key_2)
    assert len(window.session.doc.spans) == spans + 1
