"""The page "history" by keys: stepping through moments, comparing, restoring a part or all, undo, restart."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from annotator.domain.edits import AddSpan
from annotator.domain.projects import Annotator, Status
from annotator.domain.spans import Span
from annotator.store import EntryKind, ProjectStore
from annotator.ui.history.compared_canvas import Sign, sign_of
from annotator.ui.history.page import Against, HistoryPage
from annotator.ui.main_window import MainWindow
from annotator.workflows.sets import append
from tests.gui.conftest import ARTICLE
from tests.gui.test_correcting import press, span_at


def work(window: MainWindow) -> None:
    """Three edits: Kuleba is a PERSON, Western goes, the article is flagged."""
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    press(window, "2")
    window.canvas.set_current_span(span_at(window, "Western"))
    press(window, "Delete")
    press(window, "!")


def open_history(window: MainWindow, qtbot: QtBot) -> HistoryPage:
    press(window, "Ctrl+5")
    page = window.pages.find("history")
    assert isinstance(page, HistoryPage)
    qtbot.waitUntil(page.list.hasFocus)
    return page


def told(page: HistoryPage) -> list[str]:
    changes = page.changes.changes
    return [str(changes.index(row).data()) for row in range(changes.rowCount())]


def shown(page: HistoryPage) -> set[tuple[str, str]]:
    assert page.canvas.doc is not None
    return {(ARTICLE[span.start : span.end], span.label) for span in page.canvas.doc.spans}


def test_left_and_right_step_through_the_moments(window: MainWindow, qtbot: QtBot) -> None:
    work(window)
    page = open_history(window, qtbot)
    assert page.moment == 4
    assert told(page) == []
    press(window, "Left")
    press(window, "Left")
    assert page.moment == page.timeline.slider.value() == page.list.currentIndex().row() == 2
    assert {("Kuleba", "PERSON"), ("Western", "NORP")} <= shown(page)
    assert told(page) == ["Removed Western NORP", "Status in progress → flagged"]
    press(window, "Left")
    assert ("Kuleba", "GPE") in shown(page)
    press(window, "Left")
    assert shown(page) == set()
    press(window, "Left")
    assert page.moment == 0
    press(window, "Right")
    assert page.moment == 1


def test_up_and_down_in_the_list_choose_a_moment(window: MainWindow, qtbot: QtBot) -> None:
    work(window)
    page = open_history(window, qtbot)
    press(window, "Up")
    press(window, "Up")
    assert page.moment == page.timeline.slider.value() == 2
    assert page.moment_words.whole.startswith("Moment 2 of 4 · Relabelled Kuleba GPE → PERSON · ")


def test_a_ticked_change_is_restored_alone_and_one_undo_takes_it_back(window: MainWindow, qtbot: QtBot) -> None:
    work(window)
    page = open_history(window, qtbot)
    for _ in range(3):
        press(window, "Left")
    page.changes.setFocus()
    rows = told(page)
    assert "Removed Western NORP" in rows
    page.changes.setCurrentIndex(page.changes.changes.index(rows.index("Removed Western NORP")))
    press(window, "Space")
    assert page.restore.text() == "Restore 1 change"
    page.restore.setFocus()
    press(window, "Space")
    assert window.session is not None
    spans = {(ARTICLE[span.start : span.end], span.label) for span in window.session.doc.spans}
    assert {("Western", "NORP"), ("Kuleba", "PERSON")} <= spans
    assert window.session.doc.status is Status.FLAGGED
    assert page.moment == 5
    assert "Ctrl+Z" in page.outcome.text()
    press(window, "Ctrl+Z")
    assert page.moment == 6
    assert ("Western", "NORP") not in shown(page)
    assert page.list.moments.index(5).data() == "Added Western NORP"
    assert page.list.moments.index(6).data() == "Took back: added Western NORP"


def test_restore_all_brings_everything_back_but_the_status(
    window: MainWindow, project_path: Path, qtbot: QtBot
) -> None:
    work(window)
    page = open_history(window, qtbot)
    for _ in range(3):
        press(window, "Left")
    page.restore_all.click()
    assert window.session is not None
    assert window.session.saver.flush()
    with ProjectStore.open(project_path) as store, store.reading() as reader:
        held = reader.load(1, "alice")
        assert reader.problems() == []
    assert len(held.spans) == held.spans.undecided == 10
    assert held.status is Status.FLAGGED
    press(window, "Ctrl+Z")
    assert held.spans != window.session.doc.spans


def test_the_history_is_there_after_a_restart(window: MainWindow, project_path: Path, qtbot: QtBot) -> None:
    work(window)
    assert window.session is not None
    window.open_project(str(project_path))
    page = open_history(window, qtbot)
    assert page.moment == 4
    press(window, "Left")
    press(window, "Left")
    assert ("Western", "NORP") in shown(page)


def test_the_moment_before_shows_what_one_edit_did(window: MainWindow, qtbot: QtBot) -> None:
    work(window)
    page = open_history(window, qtbot)
    page.against_box.setCurrentIndex(page.against_box.findData(Against.BEFORE))
    page.list.setFocus()
    press(window, "Left")
    assert told(page) == ["Removed Western NORP"]
    assert [sign_of(one) for one in page.changes.changes.rows] == [Sign.REMOVED]
    press(window, "Left")
    assert set(told(page)) == {
        "Relabelled Kuleba GPE → PERSON",
        "Accepted Kuleba PERSON",
        "Status new → in progress",
    }


def test_any_two_moments_are_compared(window: MainWindow, qtbot: QtBot) -> None:
    work(window)
    page = open_history(window, qtbot)
    press(window, "Left")
    page.keep.click()
    assert told(page) == []
    for _ in range(2):
        press(window, "Left")
    assert page.changes_head.text() == "4 changes between 1 and 3"
    assert "Removed Western NORP" in told(page)


def test_a_pipelines_set_is_compared_and_taken_over(window: MainWindow, qtbot: QtBot) -> None:
    work(window)
    page = open_history(window, qtbot)
    assert [page.show_box.itemText(place) for place in range(page.show_box.count())] == [
        "My labels",
        "en_core_web_sm (suggestions)",
    ]
    page.show_box.setCurrentIndex(1)
    assert told(page) == ["Relabelled Kuleba GPE → PERSON", "Removed Western NORP"]
    assert page.changes_head.text() == "2 differences from en_core_web_sm"
    assert not page.timeline.isEnabled()
    page.restore_all.click()
    assert window.session is not None
    labels = {(ARTICLE[span.start : span.end], span.label) for span in window.session.doc.spans}
    assert {("Kuleba", "GPE"), ("Western", "NORP")} <= labels


def test_no_other_persons_set_is_offered(window: MainWindow, project_path: Path, qtbot: QtBot) -> None:
    work(window)
    with ProjectStore.open(project_path) as store, store.writing() as unit:
        for name in ("bob", "gold"):
            unit.ensure_annotator(Annotator(name))
            kind = EntryKind.EDIT if name == "bob" else EntryKind.IMPORT
            append(unit, 1, unit.load(1, name), AddSpan(Span("x", 0, 7, "GPE")), kind=kind)
    page = open_history(window, qtbot)
    offered = [page.show_box.itemText(place) for place in range(page.show_box.count())]
    assert offered == ["My labels", "en_core_web_sm (suggestions)", "gold (imported)"]


def test_an_untouched_article_has_an_empty_page_and_escape_leaves_it(window: MainWindow, qtbot: QtBot) -> None:
    press(window, "Ctrl+5")
    page = window.pages.find("history")
    assert isinstance(page, HistoryPage)
    assert page.empty.isVisible()
    assert "Nothing was done" in page.empty.title.text()
    press(window, "Escape")
    qtbot.waitUntil(window.canvas.hasFocus)


def test_what_the_scheme_does_not_allow_any_more_is_said_and_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    work(window)
    page = open_history(window, qtbot)
    for _ in range(2):
        press(window, "Left")
    assert window.session is not None
    before = window.session.doc
    layer = window.session.scheme.layers[0]
    object.__setattr__(layer, "labels", tuple(label for label in layer.labels if label.id != "NORP"))
    page.restore_all.click()
    assert window.session.doc == before
    assert "'NORP' is not a label" in window.frame.notice.text()


def test_the_article_here_is_only_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    work(window)
    page = open_history(window, qtbot)
    page.canvas.setFocus()
    page.canvas.set_current_span(span_at(window, "Kuleba"))
    assert window.session is not None
    before = window.session.doc
    for key in ("1", "Delete", "a", "["):
        press(window, key)
    assert window.session.doc == before
    assert page.canvas.focusPolicy() & Qt.FocusPolicy.TabFocus
    press(window, "Tab")
    assert not page.canvas.hasFocus()
