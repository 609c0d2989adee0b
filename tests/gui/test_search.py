"""The search page by keys and by mouse: find, walk, check, correct many as one step of undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from annotator.app import make_application
from annotator.domain.edits import AddSpan, Edit, SetNote
from annotator.domain.hits import Hit
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.domain.text import Document
from annotator.store import ProjectStore
from annotator.ui.main_window import MainWindow
from annotator.ui.models.kwic import LABEL, PLACE, SCORE, is_right_to_left
from annotator.ui.panels.kwic_panel import MOST_UNASKED
from annotator.ui.search_page import SearchPage
from annotator.ui.settings import WindowSettings
from tests.gui.conftest import make_project
from tests.gui.test_correcting import press
from tests.store.making import write

COUNT = 30
ARTICLES = {
    f"d{number:02}": f"In May Moscow said so; Berlin {number} did not. Moscow again." for number in range(COUNT)
}


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.annotator"
    make_project(path, ARTICLES)
    return path


@pytest.fixture
def opened(qtbot: QtBot, many: Path, tmp_path: Path) -> Iterator[MainWindow]:
    """A window on thirty articles: in each, Moscow is suggested once and written twice."""
    make_application()
    made = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    assert made.open_project(str(many))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.isActiveWindow())
    made.canvas.setFocus()
    yield made
    made.close()
    made.deleteLater()


class Searching:
    """The search page of a window, waited for."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        press(window, "Ctrl+F")
        page = window.pages.find("search")
        assert isinstance(page, SearchPage)
        self.page = page
        self.panel, self.table = page.panel, page.panel.table

    def find(self, query: str) -> list[Hit]:
        self.page.focus_field()
        QTest.keyClicks(self.page.field, query)
        press(self.window, "Return")
        return self.settled()

    def settled(self) -> list[Hit]:
        self.qtbot.waitUntil(lambda: self.panel._run is None and not self.window.tasks.running, timeout=20_000)
        return list(self.table.hits.hits)

    @property
    def labels(self) -> list[str]:
        return [self.table.hits.label_in_words(hit) for hit in self.settled()]


@pytest.fixture
def searching(opened: MainWindow, qtbot: QtBot) -> Searching:
    return Searching(opened, qtbot)


def test_ctrl_f_finds_what_is_typed_and_enter_goes_to_the_place(searching: Searching, opened: MainWindow) -> None:
    assert searching.page.field.hasFocus()
    hits = searching.find("Berlin 7")
    assert [hit.document_id for hit in hits] == ["d07"]
    assert searching.table.hasFocus()
    assert searching.panel.count.whole == "1 place in 1 document"
    press(opened, "Return")
    assert opened.pages.current == "article"
    assert opened.session is not None
    assert opened.session.doc.document.id == "d07"
    assert opened.canvas.target_range == (hits[0].start, hits[0].end)
    press(opened, "Ctrl+2")
    assert searching.page.isVisible()
    assert list(searching.table.hits.hits) == hits


def test_enter_on_a_span_makes_it_current(searching: Searching, opened: MainWindow) -> None:
    (hit,) = [hit for hit in searching.find("label:GPE text:Moscow") if hit.document_id == "d03"]
    searching.table.setCurrentIndex(searching.table.hits.index(3, PLACE))
    assert searching.table.current == hit
    press(opened, "Return")
    assert opened.canvas.current_span_id == hit.span_id


def test_checked_rows_are_relabelled_in_place_and_undone_in_one_step(searching: Searching, opened: MainWindow) -> None:
    searching.find("label:GPE text:Moscow")
    press(opened, "Space")
    press(opened, "Down")
    press(opened, "Down")
    press(opened, "Space")
    assert searching.panel.count.whole == "30 places in 30 documents · 2 checked"
    press(opened, "3")
    assert searching.labels[:4] == ["ORG", "GPE", "ORG", "GPE"]
    assert searching.table.hits.checked == []
    assert searching.panel.message.whole == "Relabel 2 spans as ORG: 2 documents changed."
    press(opened, "Ctrl+Z")
    assert set(searching.labels) == {"GPE"}
    assert len(searching.table.hits.hits) == COUNT


def test_one_row_of_the_open_document_is_one_edit_of_it(searching: Searching, opened: MainWindow) -> None:
    searching.find("Moscow")
    assert searching.labels[:2] == ["GPE", ""]
    press(opened, "Down")
    press(opened, "2")
    assert searching.labels[:2] == ["GPE", "PERSON"]
    assert opened.session is not None
    assert opened.session.undo_operation is None
    assert opened.project is not None
    assert opened.project.operations() == []
    press(opened, "Ctrl+Z")
    assert searching.labels[:2] == ["GPE", ""]
    press(opened, "4")
    assert searching.labels[:2] == ["GPE", "DATE"]
    press(opened, "Delete")
    assert searching.labels[:2] == ["GPE", ""]


def test_many_rows_of_other_documents_are_changed_only_after_asking(searching: Searching, opened: MainWindow) -> None:
    assert COUNT > MOST_UNASKED
    searching.find("label:GPE text:Moscow")
    press(opened, "Ctrl+A")
    press(opened, "3")
    assert searching.panel.question.text() == f"Relabel {COUNT} spans as ORG?"
    assert searching.panel.yes.hasFocus()
    assert set(searching.labels) == {"GPE"}
    QTest.mouseClick(searching.panel.no, Qt.MouseButton.LeftButton)
    assert searching.table.hasFocus()
    assert not searching.panel.asking.isVisible()
    press(opened, "3")
    press(opened, "Space")
    assert set(searching.labels) == {"ORG"}
    searching.qtbot.waitUntil(lambda: searching.table.hasFocus())
    press(opened, "Ctrl+Z")
    assert set(searching.labels) == {"GPE"}


def test_del_removes_a_accepts_and_a_restart_can_undo_it(
    searching: Searching, opened: MainWindow, qtbot: QtBot, many: Path, tmp_path: Path
) -> None:
    searching.find("text:Moscow")
    press(opened, "a")
    assert searching.settled()[0].is_decided
    press(opened, "Down")
    press(opened, "Space")
    press(opened, "Down")
    press(opened, "Space")
    press(opened, "Delete")
    assert searching.labels[:4] == ["GPE", "removed", "removed", "GPE"]
    opened.close()
    again = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    qtbot.addWidget(again)
    again.open_project(str(many))
    with qtbot.waitActive(again):
        again.show()
        again.activateWindow()
    again.open_document(2)
    press(again, "Ctrl+Z")
    searched = Searching(again, qtbot)
    assert len(searched.find("text:Moscow")) == COUNT
    again.close()


@pytest.fixture
def noted(opened: MainWindow, many: Path, qtbot: QtBot) -> Searching:
    """Alice has written "check" on d03, and on d05 with a span of it."""
    with ProjectStore.open(many) as store:
        spans: dict[int, list[Edit]] = {4: [], 6: [AddSpan(Span("n", 7, 13, "GPE", note="Check this"))]}
        for key, extra in spans.items():
            held = Document(f"d{key - 1:02}", ARTICLES[f"d{key - 1:02}"])
            write(store, AnnotatedDocument(held, "alice"), SetNote("To check"), *extra, key=key)
    return Searching(opened, qtbot)


def test_a_note_on_a_document_is_a_row_that_no_correction_touches(noted: Searching, opened: MainWindow) -> None:
    hits = noted.find("note:check")
    assert [(hit.document_id, hit.text) for hit in hits] == [
        ("d03", ARTICLES["d03"]),
        ("d05", ARTICLES["d05"]),
        ("d05", "Moscow"),
    ]
    assert noted.labels == ["document", "document", "GPE"]
    spoken = noted.table.hits.index(0, PLACE).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "document, note: To check" in spoken
    assert opened.project is not None
    for key in ("3", "Delete", "a"):
        press(opened, key)
        assert noted.panel.message.whole == "A note on a document has no span to change."
    assert opened.project.operations() == []
    press(opened, "Ctrl+A")
    press(opened, "3")
    assert noted.labels == ["document", "document", "ORG"]
    assert noted.panel.message.whole == "Relabel 1 span as ORG: 1 document changed."
    press(opened, "Ctrl+A")
    press(opened, "Delete")
    assert noted.labels == ["document", "document", "removed"]
    with ProjectStore.open(Path(opened.project.location)) as store, store.reading() as reader:
        assert [len(reader.load(key, "alice").spans) for key in (4, 6)] == [0, 0]
        assert [reader.load(key, "alice").note for key in (4, 6)] == ["To check", "To check"]


def test_enter_on_a_note_opens_the_document_and_selects_nothing(noted: Searching, opened: MainWindow) -> None:
    noted.find("note:check")
    press(opened, "Return")
    assert opened.pages.current == "article"
    assert opened.session is not None
    assert opened.session.doc.document.id == "d03"
    assert opened.canvas.selection is None
    opened.commands.try_edit(lambda: SetNote(""))
    press(opened, "Ctrl+2")
    assert noted.labels[0] == "removed"


def test_wrong_syntax_is_a_sentence_under_the_field_and_what_was_found_stays(searching: Searching) -> None:
    searching.find("Berlin")
    searching.find("label:CITY")
    assert searching.page.fault.isVisible()
    assert searching.page.fault.text().startswith("There is no label 'CITY'; there are")
    assert searching.page.field.hasFocus()
    assert len(searching.table.hits.hits) == COUNT
    searching.find("Berlin 7")
    assert not searching.page.fault.isVisible()


def test_a_search_begins_by_itself_after_a_pause(searching: Searching) -> None:
    QTest.keyClicks(searching.page.field, "Berlin 1")
    searching.qtbot.waitUntil(lambda: len(searching.table.hits.hits) == 11)
    assert searching.page.field.hasFocus()


def test_filters_write_the_query(searching: Searching, opened: MainWindow) -> None:
    searching.find("Moscow")
    filters = searching.page.filters
    by_title = {menu.title: (menu, button) for menu, button in filters._menus}
    for title, words in (("Label", "GPE"), ("Score", "from .9"), ("State", "Suggestions left to decide")):
        _, button = by_title[title]
        button.menu().aboutToShow.emit()
        next(action for action in button.menu().actions() if action.text() == words).trigger()
    assert searching.page.field.text() == "Moscow label:GPE score:>=.9 is:suggestion"
    searching.qtbot.waitUntil(lambda: len(searching.table.hits.hits) == COUNT)
    label_button = by_title["Label"][1]
    assert label_button.text() == "GPE ▾"
    label_button.menu().aboutToShow.emit()
    next(action for action in label_button.menu().actions() if action.text() == "GPE").trigger()
    assert searching.page.field.text() == "Moscow score:>=.9 is:suggestion"


def test_an_empty_page_offers_examples_and_remembers_queries(searching: Searching, opened: MainWindow) -> None:
    example = searching.page.start.findChildren(QPushButton)[0]
    assert searching.page.start.isVisible()
    QTest.mouseClick(example, Qt.MouseButton.LeftButton)
    assert searching.page.field.text() == example.text()
    assert searching.settled() == []
    assert "Nothing in the corpus matches" in searching.page.nothing.text()
    searching.find("Berlin 7")
    searching.page.field.clear()
    searching.qtbot.waitUntil(lambda: searching.page.start.isVisible())
    assert "Berlin 7" in [button.text() for button in searching.page.start.findChildren(QPushButton)]


def test_escape_takes_checks_away_then_leads_back(searching: Searching, opened: MainWindow) -> None:
    searching.find("Moscow")
    press(opened, "Ctrl+A")
    assert len(searching.table.hits.checked) == 2 * COUNT
    press(opened, "Escape")
    assert searching.table.hits.checked == []
    press(opened, "/")
    assert searching.page.field.hasFocus()
    press(opened, "Escape")
    assert opened.pages.current == "article"
    assert opened.canvas.hasFocus()


def test_the_mouse_checks_and_opens(searching: Searching, opened: MainWindow) -> None:
    searching.find("Moscow")
    row = searching.table.visualRect(searching.table.hits.index(4, PLACE))
    viewport = searching.table.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(row.left() + 16, row.center().y()))
    assert [hit.document_id for hit in searching.table.hits.checked] == ["d02"]
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=row.center())
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=row.center())
    assert opened.pages.current == "article"
    assert opened.session is not None
    assert opened.session.doc.document.id == "d02"


def test_undoing_an_edit_of_the_article_shows_on_the_page(searching: Searching, opened: MainWindow) -> None:
    opened.commands.show_page("article")
    opened.canvas.set_selection(23, 31)
    press(opened, "4")
    press(opened, "Ctrl+F")
    searching.find("Berlin 0")
    assert searching.labels == ["DATE"]
    press(opened, "Ctrl+Z")
    assert searching.labels == [""]


def test_everything_on_the_page_has_a_name(searching: Searching) -> None:
    searching.find("Moscow")
    for kind in (QAbstractButton, QLineEdit, QAbstractItemView):
        for widget in searching.page.findChildren(kind):
            if widget.isVisible() and widget.objectName() != "qt_tableview_cornerbutton":
                text = widget.text() if isinstance(widget, QAbstractButton) else ""
                assert widget.accessibleName() or text or widget.parent() is searching.page.field, widget
    model = searching.table.hits
    spoken = model.index(0, PLACE).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == ("Moscow, GPE, suggested, score .99, In May Moscow said so; Berlin 0 did not. Moscow again., d00")
    assert (model.index(0, LABEL).data(), model.index(0, SCORE).data()) == ("GPE", ".99")


def test_the_direction_of_a_place_is_that_of_its_words() -> None:
    def hit(text: str, right: str = "") -> Hit:
        return Hit(1, "d", "", 0, 1, "", text, right)

    assert is_right_to_left(hit("שלום", " and more"))
    assert is_right_to_left(hit("2023", "مرحبا"))
    assert not is_right_to_left(hit("Moscow", " مرحبا"))
    assert not is_right_to_left(hit("…"))
