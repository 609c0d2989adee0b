"""The adjudication page: one key for a decision, all alike, undo, an answer of one's own, empty states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app import make_application
from annotator.domain.disagreements import Kind
from annotator.domain.edits import Relabel
from annotator.domain.projects import GOLD, AnnotatedDocument, Status
from annotator.domain.rulings import Outcome
from annotator.store import ProjectStore
from annotator.ui.adjudication.page import AdjudicationPage
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.sets import append
from tests.benchmarks import adjudication_effort
from tests.workflows.test_agreeing import ANN, BOB, PARIS, ROME, TEXT, project_of, record

RECORDS = (
    record("d1", "ann", (ANN, "PERSON"), (PARIS, "GPE")),
    record("d1", "bob", (ANN, "PERSON"), (PARIS, "ORG")),
    record("d2", "ann", (PARIS, "GPE"), (ROME, "GPE")),
    record("d2", "bob", (PARIS, "ORG"), ((ROME[0] - 3, ROME[1]), "GPE")),
    record("d3", "ann"),
    record("d3", "bob", (BOB, "PERSON")),
)


def open_window(qtbot: QtBot, folder: Path, *records: dict[str, object]) -> MainWindow:
    project_of(folder, *records).close()
    return window_on(qtbot, folder)


def window_on(qtbot: QtBot, folder: Path) -> MainWindow:
    make_application()
    made = MainWindow("dora", WindowSettings(folder / "window.ini"))
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    assert made.open_project(str(folder / "p.annotator"))
    return made


def shown(qtbot: QtBot, window: MainWindow) -> AdjudicationPage:
    window.commands.show_page("adjudication")
    page = window.pages.find("adjudication")
    assert isinstance(page, AdjudicationPage)
    qtbot.waitUntil(lambda: not page.is_loading)
    return page


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = open_window(qtbot, tmp_path, *RECORDS)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> AdjudicationPage:
    return shown(qtbot, window)


def press(*keys: Qt.Key | str) -> None:
    """Press keys where the focus is."""
    for key in keys:
        target = QApplication.focusWidget()
        assert target is not None
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key)


def gold(window: MainWindow, key: int) -> AnnotatedDocument:
    assert window.project is not None
    return window.project.load(key, GOLD)


def marked(window: MainWindow, key: int) -> set[tuple[int, int, str]]:
    return {(span.start, span.end, span.label) for span in gold(window, key).spans}


def test_what_all_say_is_taken_and_the_rest_is_listed(window: MainWindow, page: AdjudicationPage) -> None:
    model = page.list.model_of_items
    assert [(item.document, item.surface) for item in model.items] == [
        ("d1", "Paris"), ("d2", "Paris"), ("d2", "to Rome"), ("d3", "Bob"),
    ]  # fmt: skip
    assert page.side.count.text() == "4 open · 1 agreed or decided"
    assert marked(window, 1) == {(*ANN, "PERSON")}
    assert page.lanes.accessibleDescription() == "ann: GPE; bob: ORG"
    details = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in (0, 2)]
    assert details == ["Paris, GPE / ORG · d1", "to Rome, GPE “Rome” / GPE “to Rome” · d2"]


def test_one_key_decides_and_the_next_is_shown(window: MainWindow, page: AdjudicationPage) -> None:
    press("1")
    assert (*PARIS, "GPE") in marked(window, 1)
    assert page.list.current is not None
    assert page.list.current.document == "d2"
    press("2", "1", "u")
    assert marked(window, 2) == {(*PARIS, "ORG"), (*ROME, "GPE")}
    assert marked(window, 3) == {(*BOB, "PERSON")}
    assert [gold(window, key).status for key in (1, 2, 3)] == [Status.DONE] * 3
    assert page.empty.title.text() == "Everything is decided"
    assert {ruling.decided_by for ruling in gold(window, 2).rulings.values()} == {"dora"}


def test_all_alike_are_decided_and_undone_at_once(window: MainWindow, page: AdjudicationPage) -> None:
    assert page.bar.alike.text() == "A  all 2 alike"
    press("a", "2")
    assert all((*PARIS, "ORG") in marked(window, key) for key in (1, 2))
    assert len(page.list.model_of_items.items) == 2
    window.commands.undo()
    assert len(page.list.model_of_items.items) == 4
    assert page.list.current is not None
    assert (page.list.current.document, marked(window, 2)) == ("d1", set())


def test_none_is_right_asks_why(window: MainWindow, page: AdjudicationPage) -> None:
    page.list.choose(3)
    press("n")
    assert page.reason.hasFocus()
    press("a first name alone", Qt.Key.Key_Return)
    (ruling,) = gold(window, 3).rulings.values()
    assert (ruling.outcome, ruling.reason) == (Outcome.NONE, "a first name alone")
    assert page.reason.text() == ""


def test_an_answer_of_ones_own(window: MainWindow, page: AdjudicationPage) -> None:
    press("e", Qt.Key.Key_Right)
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    press(Qt.Key.Key_Return)
    start, end = TEXT.index("in Paris"), TEXT.index(" went")
    assert (start, end, "GPE") in marked(window, 1)
    assert Outcome.EDITED in {ruling.outcome for ruling in gold(window, 1).rulings.values()}


def test_escape_leaves_the_draft_and_then_the_page(window: MainWindow, page: AdjudicationPage) -> None:
    press("e", "l", Qt.Key.Key_Escape)
    assert window.pages.current == "adjudication"
    assert marked(window, 1) == {(*ANN, "PERSON")}
    press(Qt.Key.Key_Escape)
    assert window.pages.current == "article"


def test_a_kind_can_be_chosen(page: AdjudicationPage) -> None:
    page.side.kinds[Kind.MISSING].click()
    assert [item.surface for item in page.list.model_of_items.items] == ["Bob"]


def test_a_majority_of_two_is_refused_with_what_to_do(window: MainWindow, page: AdjudicationPage) -> None:
    press("m")
    assert "no more than half" in window.frame.notice.text()
    assert len(page.list.model_of_items.items) == 4


def test_one_annotator_alone_is_told_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path, record("d1", "ann", (ANN, "PERSON")))
    page = shown(qtbot, window)
    assert page.body.currentIndex() == 0
    assert page.empty.words.text().startswith("No document was annotated by two annotators; assign")
    window.close()


def test_a_clicked_lane_is_taken(window: MainWindow, page: AdjudicationPage) -> None:
    page.lanes.lane_chosen.emit(1)
    assert (*PARIS, "ORG") in marked(window, 1)


def test_a_double_annotated_sample_takes_at_most_one_key_where_somebody_is_right(qtbot: QtBot, tmp_path: Path) -> None:
    tweets = adjudication_effort.read_tweets()[:25]
    adjudication_effort.make_project(tmp_path, tweets).rename(tmp_path / "p.annotator")
    window = window_on(qtbot, tmp_path)
    effort = adjudication_effort.measure(window, shown(qtbot, window), tweets)
    assert effort.taken > effort.own
    assert effort.keys_for_taken <= effort.taken
    assert sum(gold(window, key).status is Status.DONE for key in range(1, 26)) == 25
    window.close()


def test_a_reason_is_kept_with_any_decision_and_enter_alone_decides_nothing(
    window: MainWindow, page: AdjudicationPage
) -> None:
    press("r", "cities are GPE", Qt.Key.Key_Return)
    assert page.list.hasFocus()
    assert len(page.open_items) == 4
    press("1")
    assert {one.reason for one in gold(window, 1).rulings.values()} == {"", "cities are GPE"}
    assert page.reason.text() == ""


def test_labels_that_changed_since_are_shown_anew_and_not_decided(window: MainWindow, page: AdjudicationPage) -> None:
    assert window.project is not None
    held = next(span for span in window.project.load(1, "bob").spans if (span.start, span.end) == PARIS)
    with ProjectStore.open(window.project.location) as store, store.writing() as unit:
        append(unit, 1, unit.load(1, "bob"), Relabel(held.id, "PERSON"))
    press("2")
    assert "changed here since" in window.frame.notice.text()
    assert page.lanes.accessibleDescription() == "ann: GPE; bob: PERSON"
    press("2")
    assert (*PARIS, "PERSON") in marked(window, 1)


def test_escape_while_why_is_asked_goes_back_to_the_list(window: MainWindow, page: AdjudicationPage) -> None:
    press("n", "never mind", Qt.Key.Key_Escape)
    assert (page.list.hasFocus(), page.reason.text(), window.pages.current) == (True, "", "adjudication")
    press("r", Qt.Key.Key_Return)
    assert len(page.open_items) == 4
