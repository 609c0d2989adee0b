"""The memory chip in a real window: what it counts, when it asks, and the list of places behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.domain.labels import LabelScheme
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.context_line import runs_from_right, squashed
from annotator.ui.panels.memory_chip import GAP_PX, MemoryChip, Part, fitting
from annotator.ui.panels.places import PlacesPopup
from annotator.ui.tasks import Task
from annotator.ui.theme import DARK, LIGHT
from annotator.workflows.memory import LabelCount, Recollection, Unlabelled
from annotator.workflows.schemes import load_scheme
from tests.gui.conftest import make_project
from tests.gui.test_correcting import press, span_at

ARTICLE = "Moscow said that Moscow and the Moscow’s allies spoke. MOSCOW. Ukraine and Moscow Times."
POPUP = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""Qt's offscreen platform cannot grab the keyboard for a pop-up."""
SECOND = "In Moscow nobody spoke. Moscow, again Moscow."


@pytest.fixture
def project_path(tmp_path: Path) -> Path:
    path = tmp_path / "news.annotator"
    make_project(path, {"first": ARTICLE, "second": SECOND})
    return path


def words(window: MainWindow) -> list[str]:
    return [part.words for part in window.inspector.memory.parts]


def go_to(window: MainWindow, qtbot: QtBot, surface: str) -> Callable[[], list[str]]:
    """Make the span on these words current and wait for what the chip says of them, all of it."""
    window.canvas.set_current_span(span_at(window, surface))
    return settled(window, qtbot)


def settled(window: MainWindow, qtbot: QtBot) -> Callable[[], list[str]]:
    chip = window.inspector.memory
    qtbot.waitUntil(lambda: not window.recalling.is_waiting and (chip.unlabelled is not None or not words(window)))
    return lambda: words(window)


def test_the_chip_follows_what_is_done_with_the_current_span(window: MainWindow, qtbot: QtBot) -> None:
    chip = window.inspector.memory
    assert go_to(window, qtbot, "Moscow")() == ["0 none"]
    assert chip.head == "Not labelled before"
    assert not chip.isEnabled()
    press(window, "A")
    assert settled(window, qtbot)() == ["1 GPE", "0 none"]
    assert chip.head == "Labelled before"
    press(window, "2")
    assert settled(window, qtbot)() == ["1 PERSON", "0 none"]
    press(window, "Ctrl+Z")
    assert settled(window, qtbot)() == ["1 GPE", "0 none"]


def test_selected_words_are_remembered_too_and_the_open_document_counts_once_done(
    window: MainWindow, qtbot: QtBot
) -> None:
    go_to(window, qtbot, "Moscow")
    press(window, "A")
    start = ARTICLE.index("Moscow", 5)
    window.canvas.set_selection(start, start + len("Moscow "))
    assert settled(window, qtbot)() == ["1 GPE", "0 none"]
    press(window, "Space")  # done: the second article opens
    assert window.session is not None and window.session.key == 2
    assert go_to(window, qtbot, "Moscow")() == ["1 GPE", "3 none"]  # MOSCOW is another string, Moscow Times is not
    window.canvas.set_current_span(None)
    window.canvas.clear_selection()
    qtbot.waitUntil(lambda: words(window) == [])


def test_other_forms_stand_beside_the_head(window: MainWindow, qtbot: QtBot) -> None:
    start = ARTICLE.index("the Moscow’s")
    window.canvas.set_selection(start, start + len("the Moscow’s"))
    press(window, "3")
    chip = window.inspector.memory
    assert settled(window, qtbot)() == ["1 ORG", "0 none"]
    window.canvas.set_current_span(span_at(window, "Moscow"))
    assert settled(window, qtbot)() == ["1 ORG", "0 none"]
    assert chip.head == "Labelled before in other forms"
    press(window, "A")
    assert settled(window, qtbot)() == ["1 GPE", "0 none"]
    assert chip.other_forms == "all forms 1 GPE, 1 ORG"
    assert "Forms: Moscow (1), the Moscow’s (1)" in chip.toolTip()


def test_the_memory_is_asked_after_the_paint_and_only_about_the_newest(window: MainWindow, qtbot: QtBot) -> None:
    settled(window, qtbot)
    asked: list[str] = []

    def note(task: Task, _outcome: object) -> None:
        asked.append(task.title)

    window.tasks.ended.connect(note)
    for surface in ("Moscow", "Ukraine", "Moscow", "Ukraine"):
        window.canvas.set_current_span(span_at(window, surface))
    assert window.inspector.memory.recollection is None  # nothing was asked while keys were pressed
    settled(window, qtbot)
    assert asked.count("Remembering") == 1
    assert window.inspector.memory.recollection is not None
    assert window.inspector.memory.recollection.surface == "Ukraine"


@POPUP
def test_m_lists_the_places_and_enter_goes_there(window: MainWindow, qtbot: QtBot) -> None:
    go_to(window, qtbot, "Moscow")
    press(window, "Space")  # all accepted, done
    assert go_to(window, qtbot, "Moscow")() == ["1 GPE", "3 none"]
    press(window, "M")
    popup = window.findChild(PlacesPopup)
    assert popup is not None
    qtbot.waitUntil(lambda: popup.model.rowCount() == 4)
    said = [popup.model.index(row).data() for row in range(4)]
    assert said[0] == f"GPE: {ARTICLE[:46]} · first"
    assert said[1].startswith("none: Moscow said that Moscow and")
    QTest.keyClick(popup.list, Qt.Key.Key_Down)
    QTest.keyClick(popup.list, Qt.Key.Key_Return)
    assert window.session is not None and window.session.key == 1
    assert window.canvas.selection == (17, 23)


@POPUP
def test_enter_on_a_labelled_place_makes_its_span_current(window: MainWindow, qtbot: QtBot) -> None:
    go_to(window, qtbot, "Moscow")
    press(window, "Space")
    go_to(window, qtbot, "Moscow")
    window.inspector.memory.click()
    popup = window.findChild(PlacesPopup)
    assert popup is not None
    qtbot.waitUntil(lambda: popup.model.rowCount() > 0)
    QTest.keyClick(popup.list, Qt.Key.Key_Return)
    assert window.canvas.current_span_id == span_at(window, "Moscow")


@POPUP
def test_escape_closes_the_places(window: MainWindow, qtbot: QtBot) -> None:
    go_to(window, qtbot, "Moscow")
    press(window, "M")
    popup = window.findChild(PlacesPopup)
    assert popup is not None
    QTest.keyClick(popup.list, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    qtbot.waitUntil(lambda: not window.tasks.running)


def test_m_without_words_says_what_to_do(window: MainWindow) -> None:
    window.canvas.set_current_span(None)
    press(window, "M")
    assert window.hint_line.message.text().startswith("No words are current")


@pytest.fixture
def chip(qtbot: QtBot) -> MemoryChip:
    made = MemoryChip()
    qtbot.addWidget(made)
    made.resize(260, made.height())
    scheme: LabelScheme = load_scheme("news")
    made.show_scheme(scheme)
    return made


def told(*counts: LabelCount, surface: str = "Washington") -> Recollection:
    return Recollection(surface, counts, counts, ((surface, sum(one.count for one in counts)),))


def test_the_bar_shows_the_shares_in_the_inks_of_the_labels(chip: MemoryChip) -> None:
    chip.show_recollection(told(LabelCount("GPE", "entities", 30), LabelCount("PERSON", "entities", 10)))
    chip.show_unlabelled(Unlabelled(20, is_complete=True))
    for theme in (LIGHT, DARK):
        chip.set_theme(theme)
        shown = chip.grab().toImage()
        y = shown.height() - 5
        scheme = load_scheme("news")
        inks = [theme.ink(label.hue) for label in (scheme.find_label("GPE"), scheme.find_label("PERSON")) if label]
        at = [shown.pixelColor(int(shown.width() * share), y).name() for share in (0.25, 0.58, 0.9)]
        assert at == [*inks, theme.line]


def test_what_is_not_counted_yet_is_not_said_to_be_nothing(chip: MemoryChip) -> None:
    chip.show_recollection(told(LabelCount("GPE", "entities", 1)))
    assert [part.words for part in chip.parts] == ["1 GPE", "… none"]
    assert "none" not in chip.accessibleName()
    chip.show_unlabelled(Unlabelled(1200, is_complete=False))
    assert chip.accessibleName() == "Labelled before: 1 GPE, 1,200+ none"
    chip.show_recollection(told(LabelCount("GPE", "entities", 1), surface="Berlin"))
    assert chip.parts[-1].words == "… none"


def test_a_chip_without_words_is_as_high_and_says_nothing(chip: MemoryChip) -> None:
    height = chip.height()
    chip.show_recollection(None)
    assert (chip.height(), chip.parts, chip.head) == (height, [], "")


def test_counts_that_do_not_fit_are_summed_up() -> None:
    parts = [(Part(f"{n} LABEL", n), 60.0) for n in range(9, 0, -1)]
    shown = fitting(parts, 260)
    assert [part.words for part, _ in shown] == ["9 LABEL", "8 LABEL", "7 LABEL", "+6"]
    assert sum(width for _, width in shown) + GAP_PX * (len(shown) - 1) <= 260
    assert fitting(parts[:2], 260) == parts[:2]


def test_context_is_one_line_and_runs_as_its_words_do() -> None:
    assert squashed(" New\r\n York\t") == "New York"
    assert runs_from_right("(القاهرة")
    assert not runs_from_right("123 Cairo القاهرة")
    assert not runs_from_right("2023")
