"""Likely edges by one key, in the real window; and going on to the next doubt by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings, load_preferences
from tests.gui.conftest import ARTICLE
from tests.gui.test_correcting import labelled, press, span_at
from tests.gui.test_doubts import WALK, chosen, settle
from tests.gui.test_doubts import window as window_with_doubts

__all__ = ["window_with_doubts"]


def stored(window: MainWindow) -> set[tuple[str, str]]:
    assert window.session is not None and window.project is not None
    assert window.session.saver.flush()
    return labelled(Path(window.project.location))


def go_to(window: MainWindow, surface: str) -> None:
    window.canvas.set_current_span(span_at(window, surface))


def test_b_makes_a_cut_name_whole_and_comes_back_to_where_it_began(window: MainWindow) -> None:
    go_to(window, "Kuleba")
    press(window, "b")
    assert ("Dmytro Kuleba", "GPE") in stored(window)
    assert "“Dmytro Kuleba” (1 of 1)" in window.hint_line.message.text()
    press(window, "b")
    assert chosen(window) == "Kuleba"
    press(window, "Shift+B")
    assert chosen(window) == "Dmytro Kuleba"
    press(window, "Ctrl+Z")
    assert chosen(window) == "Kuleba"


def test_b_begins_anew_after_something_else_was_done(window: MainWindow) -> None:
    go_to(window, "Kuleba")
    press(window, "b")
    press(window, "}")
    assert chosen(window) == "Dmytro Kuleba on"
    press(window, "b")
    assert chosen(window) == "Dmytro Kuleba on Thursday", "not back to Kuleba"


def test_where_nothing_else_is_likely_it_says_what_to_do(window: MainWindow) -> None:
    go_to(window, "Moscow")
    press(window, "b")
    assert chosen(window) == "Moscow"
    assert "No other edges are likely here: move them by [ ] { }." in window.hint_line.message.text()


def test_b_passes_over_edges_that_the_scheme_forbids(window: MainWindow) -> None:
    start = ARTICLE.index("Dmytro")
    window.canvas.set_selection(start, start + len("Dmytro"))
    press(window, "1")
    go_to(window, "Kuleba")
    before = stored(window)
    press(window, "b")
    assert stored(window) == before or ("Dmytro Kuleba", "GPE") in stored(window)


def test_b_selects_the_name_around_the_cursor_and_a_label_key_labels_it(window: MainWindow) -> None:
    window.canvas.put_cursor(ARTICLE.index("York"))
    press(window, "b")
    assert chosen(window) == "New York"
    press(window, "1")
    assert ("New York", "GPE") in stored(window)


def test_edge_keys_move_the_edges_of_what_a_label_key_would_label(window: MainWindow) -> None:
    window.canvas.put_cursor(ARTICLE.index("York"))
    press(window, "[")
    assert chosen(window) == "New York"
    press(window, "]")
    press(window, "}")
    assert chosen(window) == "York."
    press(window, "{")
    press(window, "{")
    assert "at least one token" in window.hint_line.message.text()
    assert chosen(window) == "York"


@pytest.mark.parametrize("key", ["7", "Delete", "a"])
def test_a_decision_goes_on_to_the_next_doubt(window_with_doubts: MainWindow, key: str) -> None:
    window = window_with_doubts
    window.commands.toggle_going_on()
    press(window, "n")
    press(window, key)
    assert chosen(window) == WALK[1]
    press(window, key)
    assert chosen(window) == WALK[2]
    press(window, "Ctrl+Z")
    assert chosen(window) == WALK[1], "undo goes back to what was decided"


def test_after_the_last_doubt_it_stays_and_says_so(window_with_doubts: MainWindow) -> None:
    window = window_with_doubts
    window.commands.toggle_going_on()
    press(window, "Shift+N")
    press(window, "a")
    assert ("New York", "GPE") in stored(window)
    assert chosen(window) == "New York"
    assert "No doubt is left below" in window.hint_line.message.text()


def test_a_dismissed_place_goes_on_too(window_with_doubts: MainWindow, qtbot: QtBot) -> None:
    window = window_with_doubts
    press(window, "Shift+N")
    press(window, "Shift+N")
    window.commands.toggle_going_on()
    settle(window, qtbot)
    press(window, "a")
    assert chosen(window) == "New York"
    press(window, "Delete")
    assert window.canvas.selection is None
    assert "No doubt is left below" in window.hint_line.message.text()


def test_edges_do_not_go_on_and_nothing_does_unless_it_is_wished(window_with_doubts: MainWindow) -> None:
    window = window_with_doubts
    press(window, "n")
    press(window, "7")
    assert chosen(window) == WALK[0]
    window.commands.toggle_going_on()
    press(window, "n")
    press(window, "[")
    assert chosen(window) == "Dmytro Kuleba"


def test_going_on_is_remembered(window: MainWindow, tmp_path: Path) -> None:
    assert not window.commands.goes_on
    window.actions_.action("doubt.goes_on").trigger()
    assert window.actions_.action("doubt.goes_on").isChecked()
    assert load_preferences(WindowSettings(tmp_path / "window.ini"), "alice").goes_on
