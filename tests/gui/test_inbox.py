"""The inbox by keys and by mouse: what contradicts itself, corrected one or many, or said to be right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QPushButton
from pytestqt.qtbot import QtBot

from annotator.app import make_application
from annotator.domain.edits import AddSpan, Batch
from annotator.domain.inconsistencies import Kind
from annotator.domain.spans import Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui.inbox_page import InboxPage
from annotator.ui.main_window import MainWindow
from annotator.ui.models import DETAIL_ROLE
from annotator.ui.settings import WindowSettings
from annotator.workflows.project import Project
from annotator.workflows.schemes import load_scheme
from tests.gui.test_correcting import press
from tests.store.making import empty_set, write

TEXTS = {
    "a": "The Kremlin said Paris, France is near the Kremlin. Moscow too.",
    "b": "Officials of the Kremlin and Paris met President Bush in Moscow.",
    "c": "Paris and Bush; the Kremlin and President Bush. Moscow.",
}
SPANS = {
    "a": (("The Kremlin", "ORG"), ("Paris,", "GPE"), ("Moscow", "GPE")),
    "b": (("Kremlin", "ORG"), ("Paris", "GPE"), ("President Bush", "PERSON"), ("Moscow", "GPE")),
    "c": (("Paris", "PERSON"), ("Bush", "PERSON"), ("Kremlin", "GPE")),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "inbox.annotator"
    with ProjectStore.create(made, load_scheme("news")) as store:
        for key, (name, text) in enumerate(TEXTS.items(), 1):
            held = Document(name, text, title=name, tokens=tokenize_simply(text), tokenizer="simple 1")
            with store.writing() as unit:
                unit.add_document(held)
            spans = [
                AddSpan(Span(f"s{place}", text.index(surface), text.index(surface) + len(surface), label))
                for place, (surface, label) in enumerate(SPANS[name])
            ]
            write(store, empty_set(held), Batch(tuple(spans)), key=key)
    return made


@pytest.fixture
def opened(qtbot: QtBot, path: Path, tmp_path: Path) -> Iterator[MainWindow]:
    make_application()
    made = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    assert made.open_project(str(path))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.isActiveWindow())
    made.canvas.setFocus()
    yield made
    made.close()
    made.deleteLater()


class Inbox:
    """The inbox of a window, waited for."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        press(window, "Ctrl+3")
        page = window.pages.find("inbox")
        assert isinstance(page, InboxPage)
        self.page = page
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(
            lambda: self.page._was_scanned and self.page.panel._run is None and not self.window.tasks.running,
            timeout=30_000,
        )

    def rows(self, kind: Kind) -> list[tuple[str, str]]:
        self.page.show_kind(kind)
        self.settle()
        model = self.page.list.entries
        return [(entry.words, model.index(row).data(DETAIL_ROLE)) for row, entry in enumerate(model.entries)]

    @property
    def buttons(self) -> list[QPushButton]:
        items = [self.page.buttons.itemAt(place) for place in range(self.page.buttons.count())]
        return [held for item in items if item is not None and isinstance(held := item.widget(), QPushButton)]

    @property
    def places(self) -> list[tuple[str, str]]:
        self.settle()
        return [(hit.document_id, hit.text) for hit in self.page.panel.table.hits.hits]

    def click(self, title: str) -> None:
        button = next(button for button in self.buttons if button.text() == title)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()


def labels(path: Path) -> dict[str, list[tuple[str, str]]]:
    with ProjectStore.open(path) as store, store.reading() as reader:
        found = {}
        for key, (name, text) in enumerate(TEXTS.items(), 1):
            spans = reader.load(key, "alice").spans
            found[name] = [(text[span.start : span.end], span.label) for span in spans]
    return found


@pytest.fixture
def inbox(opened: MainWindow, qtbot: QtBot) -> Inbox:
    return Inbox(opened, qtbot)


def test_four_kinds_are_found(inbox: Inbox) -> None:
    assert sorted(inbox.rows(Kind.LABELS)) == [
        ("Kremlin", "2 ORG, 1 GPE"),
        ("Paris", "2 GPE, 1 PERSON"),
    ]
    assert sorted(inbox.rows(Kind.BOUNDARIES)) == [("Kremlin", "the article: 1 in, 2 left out")]
    assert sorted(inbox.rows(Kind.TWINS)) == [
        ("Kremlin", "1 without, 1 GPE, 1 ORG"),
        ("Moscow", "1 without, 2 GPE"),
        ("President Bush", "1 without, 1 PERSON"),
    ]
    assert inbox.rows(Kind.EDGES) == [("Paris,", "1 GPE")]


def test_all_places_of_a_string_get_one_label_in_one_step(inbox: Inbox, opened: MainWindow, path: Path) -> None:
    rows = inbox.rows(Kind.LABELS)
    inbox.page.list.choose([words for words, _ in rows].index("Paris"))
    assert inbox.places == [("a", "Paris,"), ("b", "Paris"), ("c", "Paris")]
    assert [button.text() for button in inbox.buttons] == ["Make all GPE", "Make all PERSON", "It is right so"]
    press(opened, "Ctrl+Return")
    inbox.settle()
    assert ("Paris", "GPE") in labels(path)["c"]
    assert [entry.words for entry in inbox.page.list.entries.entries] == ["Kremlin"]
    assert inbox.page.panel.message.whole == "Make all GPE: 1 span of Paris: 1 document changed."
    inbox.qtbot.waitUntil(lambda: inbox.page.list.hasFocus())
    press(opened, "Ctrl+Z")
    assert ("Paris", "PERSON") in labels(path)["c"]


def test_several_strings_are_shown_and_corrected_together(inbox: Inbox, opened: MainWindow, path: Path) -> None:
    inbox.rows(Kind.LABELS)
    inbox.page.list.setFocus()
    press(opened, "Ctrl+A")
    assert len(inbox.places) == 6
    inbox.click("Give each its most frequent label")
    assert {label for name in TEXTS for words, label in labels(path)[name] if "Kremlin" in words} == {"ORG"}
    assert {label for name in TEXTS for words, label in labels(path)[name] if "Paris" in words} == {"GPE"}
    assert inbox.rows(Kind.LABELS) == []


def test_an_article_is_taken_in_or_left_out(inbox: Inbox, path: Path) -> None:
    inbox.rows(Kind.BOUNDARIES)
    assert inbox.places == [("a", "The Kremlin"), ("b", "Kremlin"), ("c", "Kremlin")]
    inbox.click("Take in the article")
    assert [found[0][0] for found in labels(path).values()] != ["The Kremlin"] * 3
    assert ("the Kremlin", "ORG") in labels(path)["b"]
    assert ("the Kremlin", "GPE") in labels(path)["c"]


def test_twins_of_many_strings_are_labelled_at_once_and_edges_trimmed(
    inbox: Inbox, opened: MainWindow, path: Path
) -> None:
    assert len(inbox.rows(Kind.TWINS)) == 3
    inbox.page.list.setFocus()
    press(opened, "Ctrl+A")
    assert inbox.page.heading.whole == "3 strings"
    inbox.click("Label each like its twins")
    assert ("Moscow", "GPE") in labels(path)["c"]
    assert ("President Bush", "PERSON") in labels(path)["c"]
    assert inbox.rows(Kind.TWINS) == []
    assert "Left without a label: none" in inbox.page.empty.title.text()
    inbox.rows(Kind.EDGES)
    inbox.click("Trim")
    assert ("Paris", "GPE") in labels(path)["a"]
    assert opened.project is not None
    assert len(opened.project.operations()) == 1  # the trimmed span is in the open document: an edit like any other


def test_what_is_right_so_is_remembered_for_the_project(
    inbox: Inbox, opened: MainWindow, qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    inbox.rows(Kind.EDGES)
    inbox.page.list.setFocus()
    press(opened, "k")
    assert inbox.rows(Kind.EDGES) == []
    opened.close()
    again = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    qtbot.addWidget(again)
    again.open_project(str(path))
    with qtbot.waitActive(again):
        again.show()
        again.activateWindow()
    second = Inbox(again, qtbot)
    assert second.rows(Kind.EDGES) == []
    assert second.page.hidden.text() == "1 said to be right: show again"
    QTest.mouseClick(second.page.hidden, Qt.MouseButton.LeftButton)
    assert second.rows(Kind.EDGES) == [("Paris,", "1 GPE")]
    again.close()


def test_what_is_right_so_travels_with_the_project_and_belongs_to_its_annotator(
    inbox: Inbox, opened: MainWindow, qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    inbox.rows(Kind.EDGES)
    inbox.page.list.setFocus()
    press(opened, "k")
    opened.close()
    moved = path.rename(tmp_path / "moved.annotator")
    with Project.open(moved) as project:
        assert [key.split("|")[0] for key in project.dismissals("alice").dismissed()] == ["edges"]
        assert project.dismissals("bob").dismissed() == []
    again = MainWindow("alice", WindowSettings(tmp_path / "other machine.ini"))
    qtbot.addWidget(again)
    again.open_project(str(moved))
    with qtbot.waitActive(again):
        again.show()
        again.activateWindow()
    assert Inbox(again, qtbot).rows(Kind.EDGES) == []
    again.close()


def old_settings(path: Path, *keys: str) -> tuple[str, str]:
    """What the settings of the window held for a project up to schema 0003: name and value."""
    return f"inbox/{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]}", json.dumps(keys)


def test_what_the_settings_held_moves_into_the_project(opened: MainWindow, qtbot: QtBot, path: Path) -> None:
    name, value = old_settings(path, "edges|entities||GPE|paris,", "labels|entities||GPE,ORG|the kremlin")
    opened.settings.set_value(name, value)
    inbox = Inbox(opened, qtbot)
    assert inbox.rows(Kind.EDGES) == []
    assert [words for words, _ in inbox.rows(Kind.LABELS)] == ["Paris"]
    assert inbox.page.hidden.text() == "2 said to be right: show again"
    assert opened.settings.value(name, "gone") == "gone"
    assert opened.project is not None
    assert sorted(opened.project.dismissals("alice").dismissed()) == [
        "edges|entities||GPE|paris,",
        "labels|entities||GPE,ORG|kremlin",
    ]


@pytest.mark.parametrize("value", ["{", "3", '[1, null, "", "x"]'])
def test_settings_that_make_no_sense_are_dropped(opened: MainWindow, qtbot: QtBot, path: Path, value: str) -> None:
    name, _ = old_settings(path)
    opened.settings.set_value(name, value)
    assert Inbox(opened, qtbot).rows(Kind.EDGES) == [("Paris,", "1 GPE")]
    assert opened.settings.value(name, "gone") == "gone"


def test_keys_lead_through_kinds_and_to_the_places_and_back(inbox: Inbox, opened: MainWindow) -> None:
    inbox.page.show_kind(Kind.LABELS)
    inbox.page.list.setFocus()
    press(opened, "Right")
    shown = [inbox.page.kind]
    press(opened, "Left")
    press(opened, "Left")
    assert [*shown, inbox.page.kind] == [Kind.BOUNDARIES, Kind.EDGES]
    inbox.settle()
    press(opened, "Return")
    assert inbox.page.panel.table.hasFocus()
    press(opened, "3")
    assert inbox.page.panel.table.hits.hits[0].text == "Paris,"
    press(opened, "Escape")
    assert inbox.page.list.hasFocus()
    press(opened, "Escape")
    assert opened.pages.current == "article"


def test_suggestions_are_compared_when_they_are_asked_for(inbox: Inbox, opened: MainWindow, path: Path) -> None:
    with ProjectStore.open(path) as store, store.writing() as unit:
        unit.add_document(Document("d", "Moscow again."))
        unit.put_suggestions(4, "p", "p 1", [Span("p", 0, 6, "ORG", decided=False)])
    assert "Moscow" not in [words for words, _ in inbox.rows(Kind.LABELS)]
    inbox.page.with_suggestions.click()
    inbox.settle()
    assert ("Moscow", "2 GPE, 1 ORG") in inbox.rows(Kind.LABELS)


def test_looking_can_be_cancelled(inbox: Inbox, opened: MainWindow) -> None:
    before = inbox.rows(Kind.LABELS)
    inbox.page.scan()
    QTest.mouseClick(inbox.page.cancel, Qt.MouseButton.LeftButton)
    inbox.settle()
    assert inbox.page._scan is None
    assert inbox.rows(Kind.LABELS) == before


def test_undo_brings_entries_back_where_they_were_and_redo_takes_them_out(inbox: Inbox, opened: MainWindow) -> None:
    before = inbox.rows(Kind.LABELS)
    inbox.page.list.choose(0)
    inbox.settle()
    inbox.page.list.setFocus()
    press(opened, "Ctrl+Return")
    inbox.settle()
    first = inbox.rows(Kind.LABELS)
    assert first == before[1:]
    inbox.page.list.setFocus()
    press(opened, "Ctrl+Return")
    inbox.settle()
    assert inbox.rows(Kind.LABELS) == []
    inbox.page.list.setFocus()
    press(opened, "Ctrl+Z")
    assert inbox.rows(Kind.LABELS) == first
    press(opened, "Ctrl+Z")
    assert inbox.rows(Kind.LABELS) == before
    press(opened, "Ctrl+Shift+Z")
    assert inbox.rows(Kind.LABELS) == first
    assert inbox.page.kinds[Kind.LABELS].text() == "Different labels  1"


def test_undo_of_one_edit_of_the_open_document_brings_its_entry_back(inbox: Inbox, opened: MainWindow) -> None:
    inbox.rows(Kind.EDGES)
    inbox.click("Trim")
    assert inbox.rows(Kind.EDGES) == []
    assert opened.project is not None
    assert opened.project.operations() == []
    inbox.page.show_kind(Kind.TWINS)
    inbox.settle()
    press(opened, "Escape")
    press(opened, "Escape")
    assert opened.pages.current == "article"
    press(opened, "Ctrl+Z")
    press(opened, "Ctrl+3")
    inbox.settle()
    assert inbox.page.kind is Kind.EDGES
    assert inbox.rows(Kind.EDGES) == [("Paris,", "1 GPE")]


def test_what_was_undone_is_not_shown_twice_after_looking_again(inbox: Inbox, opened: MainWindow) -> None:
    inbox.rows(Kind.EDGES)
    inbox.click("Trim")
    press(opened, "Ctrl+Z")
    inbox.page.scan()
    inbox.settle()
    assert inbox.rows(Kind.EDGES) == [("Paris,", "1 GPE")]
    press(opened, "Ctrl+Shift+Z")
    assert inbox.rows(Kind.EDGES) == []
    inbox.page.scan()
    inbox.settle()
    press(opened, "Ctrl+Z")
    assert inbox.rows(Kind.EDGES) == [("Paris,", "1 GPE")]


def test_everything_has_a_name(inbox: Inbox) -> None:
    for kind in (QAbstractButton, QAbstractItemView):
        for widget in inbox.page.findChildren(kind):
            if widget.isVisible() and not widget.objectName().startswith("qt_"):
                text = widget.text() if isinstance(widget, QAbstractButton) else ""
                assert widget.accessibleName() or text, widget


def test_a_script_finds_the_same(path: Path) -> None:
    with Project.open(path) as project:
        found = project.find_inconsistencies("alice")
        assert project.find_inconsistencies("bob") == ()
    assert {entry.kind for entry in found} == set(Kind)
