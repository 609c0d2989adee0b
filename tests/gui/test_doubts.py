"""The walk through what most likely needs a decision, by keys; and what the window shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app import make_application
from annotator.domain.alternatives import NOTHING, Alternative
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui import doubting
from annotator.ui.main_window import MainWindow
from annotator.ui.models.document_list import LINE_ROLE
from annotator.ui.settings import WindowSettings
from annotator.workflows.schemes import load_scheme
from tests.gui.conftest import ARTICLE, SECOND, suggestions
from tests.gui.test_correcting import labelled, press, span_at


def alternatives(text: str) -> list[Alternative]:
    found = []
    for surface, label, score in (
        ("BEIJING", "GPE", 0.4), ("Western", NOTHING, 0.3), ("New York", "GPE", 0.3), ("Peace", "ORG", 0.05),
    ):  # fmt: skip
        if (start := text.find(surface)) >= 0:
            found.append(Alternative(start, start + len(surface), label, score))
    return found


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """Two articles, with what the pipeline nearly said; all doubts of the first are found."""
    path = tmp_path / "news.annotator"
    with ProjectStore.create(path, load_scheme("news")) as store, store.writing() as unit:
        for name, text in {"first": ARTICLE, "second": SECOND}.items():
            key = unit.add_document(Document(name, text, title=name, language="en"))
            unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
            unit.put_suggestions(key, "en_core_web_sm", "en_core_web_sm 3.8.0", suggestions(text), alternatives(text))
    make_application()
    made = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    assert made.open_project(str(path))
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.canvas.setFocus()
    qtbot.waitUntil(lambda: made.canvas.hasFocus() and bool(made.doubting.doubts))
    yield made
    made.close()
    made.deleteLater()


def chosen(window: MainWindow) -> str:
    """The words that keys act on."""
    session, canvas = window.session, window.canvas
    assert session is not None
    span = session.doc.spans.find(canvas.current_span_id or "")
    place = (span.start, span.end) if span else canvas.selection
    return session.doc.document.text[slice(*place)] if place else ""


def settle(window: MainWindow, qtbot: QtBot) -> None:
    finder = window.doubting._finder
    assert finder is not None
    qtbot.waitUntil(lambda: finder.is_up_to_date)


WALK = ["BEIJING", "Kuleba", "Western", "New York"]


def test_n_walks_through_the_doubts_in_order_and_round(window: MainWindow) -> None:
    walked = []
    for _ in WALK:
        press(window, "n")
        walked.append(chosen(window))
    assert walked == WALK
    press(window, "n")
    assert chosen(window) == WALK[0]
    assert "From the top again" in window.hint_line.message.text()
    press(window, "Shift+N")
    assert chosen(window) == WALK[-1]
    assert "From the end again" in window.hint_line.message.text()
    press(window, "Shift+N")
    assert chosen(window) == WALK[-2]


def test_a_doubtful_suggestion_is_current_and_a_missed_place_is_selected(window: MainWindow) -> None:
    press(window, "n")
    assert window.canvas.current_span_id == span_at(window, "BEIJING")
    press(window, "Shift+N")
    assert window.canvas.current_span_id is None
    assert window.canvas.selection == (ARTICLE.index("New York"), ARTICLE.index("New York") + 8)
    assert "GPE .30: A adds it" in window.hint_line.message.text()
    press(window, "Shift+N")
    assert window.canvas.current_span_id == span_at(window, "Western")
    assert not window.hint_line.message.isVisible(), "what was said is not about this place"


def test_a_missed_place_is_added_with_two_keys(window: MainWindow) -> None:
    press(window, "Shift+N")
    press(window, "a")
    assert window.session is not None
    assert window.session.saver.flush()
    assert labelled(Path(window.project.location if window.project else "")) == {("New York", "GPE")}
    assert chosen(window) == "New York"
    assert window.canvas.current_span_id is not None


def test_a_missed_place_takes_any_label_key(window: MainWindow) -> None:
    press(window, "Shift+N")
    press(window, "6")
    assert window.session is not None
    assert window.session.saver.flush()
    assert labelled(Path(window.project.location if window.project else "")) == {("New York", "LOC")}


def test_a_accepts_a_doubtful_suggestion_as_ever(window: MainWindow) -> None:
    press(window, "n")
    press(window, "a")
    assert window.session is not None
    assert window.session.saver.flush()
    assert labelled(Path(window.project.location if window.project else "")) == {("BEIJING", "ORG")}


def test_doubts_go_away_when_they_are_decided_and_the_window_counts_them(window: MainWindow, qtbot: QtBot) -> None:
    assert window.hint_line.doubts.text() == "4 doubts"
    index = window.documents.model.index(0)
    assert index.data(LINE_ROLE) == "4 doubts"
    assert window.documents.model.index(1).data(LINE_ROLE) == "new"
    press(window, "n")
    press(window, "1")
    settle(window, qtbot)
    qtbot.waitUntil(lambda: window.hint_line.doubts.text() == "3 doubts")
    assert index.data(LINE_ROLE) == "in progress · 3 doubts"
    for expected in WALK[1:]:
        press(window, "n")
        assert chosen(window) == expected
    press(window, "Ctrl+Z")
    settle(window, qtbot)
    qtbot.waitUntil(lambda: window.hint_line.doubts.text() == "4 doubts")


def test_a_rejected_suggestion_is_not_a_doubt_any_more(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(3):
        press(window, "n")
    assert chosen(window) == "Western"
    press(window, "x")
    press(window, "n")
    assert chosen(window) == "New York"
    qtbot.waitUntil(lambda: window.hint_line.doubts.text() == "3 doubts")


@pytest.mark.parametrize("key", ["x", "Delete"])
def test_a_doubt_without_a_span_is_dismissed_for_as_long_as_the_project_is_open(
    window: MainWindow, qtbot: QtBot, key: str
) -> None:
    press(window, "Shift+N")
    press(window, key)
    assert window.hint_line.doubts.text() == "3 doubts"
    assert "Dismissed" in window.hint_line.message.text()
    assert window.session is not None
    assert window.session.is_untouched
    window.commands.go_to_document(1)
    window.commands.go_to_document(-1)
    qtbot.waitUntil(lambda: bool(window.doubting.doubts))
    assert window.hint_line.doubts.text() == "3 doubts"
    press(window, "Shift+N")
    assert chosen(window) == "Western"


def test_a_decision_raises_doubts_about_the_same_words_in_the_next_document(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.put_cursor(ARTICLE.index("BEIJING"))
    assert window.session is not None
    window.canvas.set_selection(ARTICLE.index("New"), ARTICLE.index("New") + 3)
    press(window, "3")
    window.commands.go_to_document(1)
    qtbot.waitUntil(lambda: window.hint_line.doubts.text() != "")
    surfaces = {SECOND[doubt.start : doubt.end] for doubt in window.doubting.doubts}
    assert surfaces == {"Berlin", "Paris"}
    press(window, "n")
    assert "Capitalised" in window.hint_line.message.text()


def test_enter_accepts_the_rest_and_the_next_document_has_doubts_of_its_own(window: MainWindow, qtbot: QtBot) -> None:
    press(window, "n")
    press(window, "Return")
    assert window.session is not None
    assert window.session.doc.document.id == "second"
    qtbot.waitUntil(lambda: window.hint_line.doubts.text() == "2 doubts")
    assert window.documents.model.index(0).data(LINE_ROLE) == "done"


def test_the_right_column_lists_the_doubts_and_a_click_goes_there(window: MainWindow, qtbot: QtBot) -> None:
    section = window.inspector.doubts
    assert section.isVisible()
    model = section.list.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == WALK
    western = model.index(2, 0)
    assert western.data(Qt.ItemDataRole.AccessibleTextRole) == "Western, unsure: NORP .68 · none .30"
    rect = section.list.visualRect(western)
    QTest.mouseClick(section.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center() + QPoint(1, 0))
    assert chosen(window) == "Western"
    assert window.canvas.hasFocus()
    assert section.list.currentIndex().row() == 2
    window.canvas.set_current_span(span_at(window, "Moscow"))
    assert not section.list.selectionModel().hasSelection()


def test_the_article_is_told_where_the_doubts_are(window: MainWindow) -> None:
    places = [ARTICLE[start:end] for start, end, _ in window.canvas.sheet.doubts.overlapping(0, len(ARTICLE))]
    assert places == WALK


def test_without_doubts_the_window_says_so(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(3):
        press(window, "n")
        press(window, "a")
        settle(window, qtbot)
    press(window, "n")
    press(window, "x")
    assert window.hint_line.doubts.text() == "no doubts"
    assert "No doubts are left" in window.inspector.doubts.heading.text()
    press(window, "n")
    assert window.hint_line.message.text() == "There are no doubts here."


def test_n_before_the_doubts_are_found_goes_there_when_they_are(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubting, "PATIENCE_S", 0.0)
    monkeypatch.setattr(doubting, "LONG_CHARS", 10)
    window.doubting.begin()
    press(window, "n")
    assert "still being looked for" in window.hint_line.message.text()
    assert chosen(window) == ""
    qtbot.waitUntil(lambda: chosen(window) == WALK[0])
    assert not window.hint_line.message.isVisible()


def test_the_likely_misses_have_the_shortest_hints(window: MainWindow, qtbot: QtBot) -> None:
    settle(window, qtbot)
    missed = [doubt.start for doubt in window.doubting.doubts if doubt.span_id is None]
    assert missed
    window.canvas.show_hints()
    codes = window.canvas.hints
    assert codes is not None
    assert {len(codes[start]) for start in missed if start in codes} == {1}
