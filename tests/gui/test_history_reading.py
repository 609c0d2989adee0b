"""A long past is read in the background: the window waits for nothing, says how far it is, and may be told to stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from annotator.ui.history import reading
from annotator.ui.history.page import HistoryPage
from annotator.ui.main_window import MainWindow
from annotator.workflows.history import SetHistory
from annotator.workflows.progress import Progress, raise_if_cancelled
from annotator.workflows.project import Project
from tests.gui.test_correcting import press
from tests.gui.test_history import work


class Gate:
    """Holds a long reading after its first report until it is let through, or cancelled."""

    def __init__(self) -> None:
        self.reads = 0
        self._opened = threading.Event()

    def open(self) -> None:
        self._opened.set()

    def long_history(self, project: Project, key: int, annotator: str, progress: Progress) -> SetHistory:
        self.reads += 1
        progress.report(1, 4, "rows")
        while not self._opened.wait(0.005):
            raise_if_cancelled(progress)
        return project.history(key, annotator)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """More than one row is long here."""
    made = Gate()
    monkeypatch.setattr(reading, "AT_ONCE_ROWS", 1)
    monkeypatch.setattr(Project, "long_history", lambda *arguments: made.long_history(*arguments))
    yield made
    made.open()


def open_page(window: MainWindow) -> HistoryPage:
    press(window, "Ctrl+5")
    page = window.pages.find("history")
    assert isinstance(page, HistoryPage)
    return page


def is_waiting(page: HistoryPage) -> bool:
    return page.stack.currentWidget() is page.empty and page.empty.title.text() == "Reading the history"


@pytest.fixture
def page(window: MainWindow, gate: Gate, qtbot: QtBot) -> HistoryPage:
    """The page of an article with four edits, while they are read."""
    work(window)
    assert window.session is not None
    assert window.session.saver.flush()
    made = open_page(window)
    assert is_waiting(made)
    assert made.empty.words.text().startswith("4 edits. Esc goes back")
    qtbot.waitUntil(lambda: made.empty.words.text().startswith("1 of 4 rows"))
    assert window.frame.strip.isVisible()
    return made


def test_the_past_is_shown_when_it_is_read(window: MainWindow, page: HistoryPage, gate: Gate, qtbot: QtBot) -> None:
    gate.open()
    qtbot.waitUntil(lambda: not is_waiting(page))
    assert page.moment == page.timeline.slider.value() == 4
    assert page.list.hasFocus()
    assert not window.frame.strip.isVisible()


def test_what_is_done_then_is_read_alone_and_at_once(
    window: MainWindow, page: HistoryPage, gate: Gate, qtbot: QtBot
) -> None:
    gate.open()
    qtbot.waitUntil(lambda: not is_waiting(page))
    press(window, "Ctrl+Z")
    assert page.moment == 5
    press(window, "Escape")
    page = open_page(window)
    assert page.moment == 5
    assert gate.reads == 1


def test_escape_goes_back_and_stops_reading(window: MainWindow, page: HistoryPage, gate: Gate, qtbot: QtBot) -> None:
    press(window, "Escape")
    assert window.canvas.hasFocus()
    qtbot.waitUntil(lambda: not window.tasks.running)
    assert window.canvas.hasFocus()
    assert window.session is not None
    assert window.open_document(2)
    assert not is_waiting(open_page(window))
    assert page.empty.title.text() == "Nothing was done in this article yet"


def test_cancel_is_said_and_the_same_key_reads_again(
    window: MainWindow, page: HistoryPage, gate: Gate, qtbot: QtBot
) -> None:
    window.frame.strip.cancel.click()
    qtbot.waitUntil(lambda: page.empty.title.text() == "The history was not read")
    gate.open()
    open_page(window)
    qtbot.waitUntil(lambda: page.stack.currentIndex() == 0)
    assert page.moment == 4


def test_an_edit_while_it_is_read_is_in_it(window: MainWindow, page: HistoryPage, gate: Gate, qtbot: QtBot) -> None:
    press(window, "Ctrl+Z")
    assert is_waiting(page)
    gate.open()
    qtbot.waitUntil(lambda: not is_waiting(page))
    assert page.moment == 5
    qtbot.waitUntil(lambda: not window.tasks.running)


def test_the_window_closes_while_it_is_read(window: MainWindow, page: HistoryPage, gate: Gate) -> None:
    assert window.close()
    assert gate.reads == 1
    assert is_waiting(page)
