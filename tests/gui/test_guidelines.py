"""The guideline beside the text, by keys and links: pins, stale pins, following, writing, places in narrow windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from annotator.domain.errors import UserError
from annotator.ui.guidelines import beside
from annotator.ui.guidelines.browser import GuidelineBrowser
from annotator.ui.guidelines.column import GuidelineColumn
from annotator.ui.guidelines.page import GuidelinePage
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.ui.theme import DARK, LIGHT
from annotator.workflows.guidelines import Guidelines
from annotator.workflows.project import Project
from tests.gui.test_correcting import press, span_at

FILLER = "\n\n".join(["A long paragraph about nothing in particular. " * 12] * 6)
BODY = f"# Rules\n\n## GPE\n\n{FILLER}\n\n## PERSON\n\nPeople.\n\n{FILLER}\n\n## DATE\n\nDays.\n\n{FILLER}\n"


@pytest.fixture
def column(window: MainWindow, project_path: Path, qtbot: QtBot) -> GuidelineColumn:
    """The guideline shown beside the text."""
    window.resize(1389, 868)
    assert window.project is not None
    window.project.guidelines.save(BODY, "bob")
    press(window, "Ctrl+G")
    column = window.guidelines.column
    qtbot.waitUntil(column.isVisible)
    return column


def text(column: GuidelineColumn) -> str:
    return column.browser.toPlainText()


def make_current(window: MainWindow, surface: str) -> None:
    window.canvas.set_current_span(span_at(window, surface))
    window.canvas.setFocus()


def message(window: MainWindow) -> str:
    return window.hint_line.message.text()


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until every edit is on the disk and the examples were read again."""
    assert window.session is not None
    assert window.session.saver.flush()
    qtbot.wait(beside.REFRESH_MS * 2)


def test_ctrl_g_shows_and_hides_the_guideline_and_that_is_remembered(
    window: MainWindow, column: GuidelineColumn, project_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    assert window.guidelines.is_shown
    window.close()
    again = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    qtbot.addWidget(again)
    again.open_project(str(project_path))
    with qtbot.waitActive(again):
        again.show()
        again.activateWindow()
    assert again.frame.guidelines.isVisible()
    assert "People." in again.frame.guidelines.browser.toPlainText()
    press(again, "Ctrl+G")
    assert not again.frame.guidelines.isVisible()
    again.close()


def test_in_a_narrow_window_the_guideline_takes_the_inspectors_place(
    window: MainWindow, column: GuidelineColumn, qtbot: QtBot
) -> None:
    assert window.inspector.isVisible()
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: not window.inspector.isVisible())
    assert column.isVisible()
    window.frame.keep(window.settings)
    assert not window.settings.value("window/inspector_hidden", True)
    window.resize(1389, 868)
    qtbot.waitUntil(window.inspector.isVisible)
    window.resize(1000, 700)
    window.commands.toggle_inspector()
    assert (window.inspector.isVisible(), column.isVisible()) == (True, False)


def test_g_pins_the_span_and_g_again_takes_the_pin_away(window: MainWindow, column: GuidelineColumn) -> None:
    make_current(window, "Ukraine")
    press(window, "g")
    assert message(window) == "Pinned as an example of GPE; G again takes the pin away."
    assert "✓ yes  …countries arm Ukraine. The United" in text(column).replace("\xa0", " ")
    assert text(column).index("✓ yes") < text(column).index("PERSON")
    press(window, "g")
    assert message(window) == "Not pinned as an example of GPE any more."
    assert "✓ yes" not in text(column)
    assert window.session is not None
    assert not window.session.can_undo


def test_shift_g_pins_what_the_label_is_not(window: MainWindow, column: GuidelineColumn) -> None:
    make_current(window, "Kuleba")
    press(window, "Shift+G")
    assert "✗ no" in text(column)
    assert message(window) == "Pinned as an example of what is not GPE; Shift+G again takes the pin away."
    press(window, "2")
    make_current(window, "Moscow")
    press(window, "a")
    press(window, "Shift+G")
    assert "relabel or remove it" in message(window)


def test_without_a_current_span_g_says_what_to_do(window: MainWindow) -> None:
    press(window, "g")
    assert "Tab" in message(window)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_label_with_several_rules_asks_which_one(window: MainWindow, column: GuidelineColumn, qtbot: QtBot) -> None:
    assert window.project is not None
    window.project.guidelines.save("## GPE\n\nPlaces.\n\n## GPE or ORG?\n\nTeams.\n", "bob")
    make_current(window, "Ukraine")
    press(window, "g")
    menu = next(menu for menu in window.findChildren(QMenu) if menu.isVisible())
    assert [action.text() for action in menu.actions()] == ["GPE", "GPE or ORG?"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert window.project.guidelines.view(window.project.scheme()).examples[0].pin.rule == "GPE or ORG?"
    assert text(column).index("Teams.") < text(column).index("✓ yes")
    press(window, "g")
    assert "✓ yes" not in text(column)


def test_a_span_is_pinned_to_any_rule_with_the_mouse(window: MainWindow, column: GuidelineColumn) -> None:
    make_current(window, "Ukraine")
    column.rule.setCurrentIndex(column.rule.findData("DATE"))
    column.no.click()
    assert text(column).index("Days.") < text(column).index("✗ no")


def test_an_example_is_a_way_to_its_place(window: MainWindow, column: GuidelineColumn) -> None:
    make_current(window, "Ukraine")
    press(window, "g")
    assert window.project is not None
    (example,) = window.project.guidelines.view(window.project.scheme()).examples
    window.commands.go_to_document(1)
    assert window.session is not None
    assert window.session.key == 2
    column.browser.anchorClicked.emit(QUrl(f"pin:{example.pin.id}"))
    assert window.session.key == 1
    assert window.canvas.current_span_id == span_at(window, "Ukraine")
    assert window.canvas.hasFocus()


def test_a_stale_example_says_why_and_is_pinned_again_or_removed(
    window: MainWindow, column: GuidelineColumn, qtbot: QtBot
) -> None:
    for surface in ("Kuleba", "Western"):
        make_current(window, surface)
        press(window, "g")
    make_current(window, "Kuleba")
    press(window, "2")
    settle(window, qtbot)
    assert "stale: now PERSON  pin again  remove" in text(column)
    assert window.project is not None
    kuleba, western = sorted(
        window.project.guidelines.view(window.project.scheme()).examples, key=lambda one: one.pin.start
    )
    column.browser.anchorClicked.emit(QUrl(f"again:{kuleba.pin.id}"))
    assert "stale" not in text(column)
    make_current(window, "Western")
    press(window, "Delete")
    settle(window, qtbot)
    assert "stale: the span is gone  remove" in text(column)
    press(window, "Ctrl+Z")
    settle(window, qtbot)
    assert "stale" not in text(column)
    column.browser.anchorClicked.emit(QUrl(f"remove:{western.pin.id}"))
    assert "Western" not in text(column)


def test_the_rule_of_the_current_span_is_in_view_until_one_scrolls_by_hand(
    window: MainWindow, column: GuidelineColumn, qtbot: QtBot
) -> None:
    make_current(window, "Qin Gang")
    heading = column.browser.top_heading()
    assert heading is not None
    assert heading.text == "PERSON"
    place = column.browser.verticalScrollBar().value()
    make_current(window, "Thursday")
    assert column.browser.verticalScrollBar().value() > place
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(column.browser.viewport(), wheel)
    assert not column.follow.isChecked()
    place = column.browser.verticalScrollBar().value()
    make_current(window, "Qin Gang")
    assert column.browser.verticalScrollBar().value() == place
    column.follow.click()
    make_current(window, "Thursday")
    make_current(window, "Qin Gang")
    heading = column.browser.top_heading()
    assert heading is not None
    assert heading.text == "PERSON"


def test_a_project_without_guideline_offers_to_make_one(window: MainWindow, qtbot: QtBot) -> None:
    press(window, "Ctrl+G")
    column = window.guidelines.column
    assert column.make.isVisible()
    column.make.click()
    assert not column.make.isVisible()
    assert "Countries, cities, states" in text(column)
    make_current(window, "Qin Gang")
    heading = column.browser.top_heading()
    assert heading is not None
    assert heading.text == "PERSON"


def test_an_example_without_a_section_is_shown_all_the_same(window: MainWindow, column: GuidelineColumn) -> None:
    make_current(window, "Chinese")
    press(window, "g")
    assert "Examples without a section" in text(column)
    assert "Chinese" in text(column)


@pytest.fixture
def page(window: MainWindow, column: GuidelineColumn, qtbot: QtBot) -> GuidelinePage:
    """The page on which the guideline is written."""
    column.edit.click()
    page = window.pages.find("guidelines")
    assert isinstance(page, GuidelinePage)
    qtbot.waitUntil(page.editor.hasFocus)
    return page


def versions(window: MainWindow) -> list[tuple[int, str]]:
    assert window.project is not None
    return [(one.version, one.annotator) for one in window.project.guidelines.versions()]


def test_what_is_written_is_previewed_and_kept_when_the_page_is_left(
    window: MainWindow, page: GuidelinePage, column: GuidelineColumn, qtbot: QtBot
) -> None:
    page.editor.selectAll()
    for key in "Beijing g2x/":
        press(window, key)
    qtbot.waitUntil(lambda: "Beijing g2x/" in page.preview.toPlainText())
    assert versions(window) == [(1, "bob")]
    press(window, "Escape")
    assert versions(window) == [(2, "alice"), (1, "bob")]
    assert "Beijing g2x/" in text(column)
    assert window.session is not None
    assert not window.session.can_undo
    column.edit.click()
    press(window, "Escape")
    assert versions(window) == [(2, "alice"), (1, "bob")]


def test_closing_the_window_keeps_what_is_written(window: MainWindow, page: GuidelinePage, project_path: Path) -> None:
    page.editor.setPlainText("Written last.")
    window.close()
    with Project.open(project_path) as project:
        assert project.guidelines.versions()[0].body == "Written last."


def test_what_cannot_be_saved_is_put_aside_and_said(
    window: MainWindow, page: GuidelinePage, column: GuidelineColumn, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.editor.setPlainText("Hours of work.")
    with monkeypatch.context() as broken:
        broken.setattr(Guidelines, "save", refuse)
        press(window, "Escape")
    assert "not saved" in message(window)
    assert versions(window) == [(1, "bob")]
    column.edit.click()
    assert page.editor.toPlainText() == "Hours of work."
    press(window, "Escape")
    assert versions(window) == [(2, "alice"), (1, "bob")]
    assert message(window) == "The guideline is saved as version 2."
    column.edit.click()
    assert page.versions.itemText(1).startswith("Version 2")


def refuse(*_args: object) -> None:
    raise UserError("the disk is full")


def test_an_older_version_is_looked_at_and_taken_up_again(
    window: MainWindow, page: GuidelinePage, column: GuidelineColumn
) -> None:
    page.editor.setPlainText("Second.")
    press(window, "Escape")
    column.edit.click()
    page.editor.setPlainText("Third, unfinished.")
    page.versions.setCurrentIndex(2)
    assert page.editor.isReadOnly()
    assert page.editor.toPlainText() == BODY
    page.versions.setCurrentIndex(0)
    assert page.editor.toPlainText() == "Third, unfinished."
    page.versions.setCurrentIndex(2)
    page.take_up.click()
    assert not page.editor.isReadOnly()
    press(window, "Escape")
    assert window.project is not None
    assert [one.body for one in window.project.guidelines.versions()] == [BODY, "Second.", BODY]


def test_a_markdown_file_goes_in_and_out(window: MainWindow, page: GuidelinePage, tmp_path: Path) -> None:
    page.export_to(tmp_path / "out.md")
    assert (tmp_path / "out.md").read_text(encoding="utf-8") == BODY
    (tmp_path / "in.md").write_text("# Imported\n", encoding="utf-8")
    page.import_from(tmp_path / "in.md")
    assert page.editor.toPlainText() == "# Imported\n"
    page.import_from(tmp_path / "none.md")
    assert "cannot be read" in window.frame.notice.text()
    assert page.editor.toPlainText() == "# Imported\n"


@pytest.fixture
def browser(qtbot: QtBot) -> Iterator[GuidelineBrowser]:
    made = GuidelineBrowser()
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.show()
    yield made


def test_nothing_is_loaded_and_html_is_shown_as_it_is_written(
    browser: GuidelineBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.workflows.schemes import load_scheme

    asked: list[object] = []
    monkeypatch.setattr(GuidelineBrowser, "loadResource", lambda _self, _kind, name: asked.append(name))
    body = "## GPE\n\n![map](http://example.org/x.png) then ![hosts](file:///etc/hosts)\n\n<b onclick='x'>bold</b>\n"
    browser.show_guideline(body, load_scheme("news"))
    browser.grab()
    assert asked == []
    assert "[picture: map] then [picture: hosts]" in browser.toPlainText()
    assert "<b onclick='x'>bold</b>" in browser.toPlainText()
    assert [heading.text for heading in browser.headings] == ["GPE"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_link_leads_outside_only_after_asking(
    window: MainWindow, column: GuidelineColumn, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(beside, "open_outside", lambda url: opened.append(url.toString()))
    column.browser.anchorClicked.emit(QUrl("https://example.org/rules"))
    (ask,) = window.findChildren(QMessageBox)
    assert "https://example.org/rules" in ask.informativeText()
    assert opened == []
    next(button for button in ask.buttons() if "Open" in button.text()).click()
    assert opened == ["https://example.org/rules"]
    column.browser.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert "no web address" in message(window)


def test_a_link_within_the_guideline_goes_to_its_heading(window: MainWindow, column: GuidelineColumn) -> None:
    column.browser.anchorClicked.emit(QUrl("#date"))
    heading = column.browser.top_heading()
    assert heading is not None
    assert heading.text == "DATE"


def test_each_heading_of_a_label_has_the_labels_colour(browser: GuidelineBrowser) -> None:
    from annotator.workflows.schemes import load_scheme

    for theme in (LIGHT, DARK):
        browser.set_theme(theme)
        browser.show_guideline("# Rules\n\n## GPE\n", load_scheme("news"))
        last = browser.document().lastBlock()
        assert last.begin().fragment().charFormat().foreground().color().name() == theme.ink(255)


def test_typing_into_the_editor_labels_nothing(window: MainWindow, page: GuidelinePage) -> None:
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    page.editor.setFocus()
    for key in ("2", "x", "g", "!"):
        press(window, key)
    assert window.session is not None
    assert window.session.is_untouched
