"""Suggest, new project, preferences, welcome, errors, the strip: what they give, and that they can be read aloud."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui.dialogs.error_dialog import ErrorDialog
from annotator.ui.dialogs.export_dialog import ExportDialog
from annotator.ui.dialogs.import_dialog import import_dialog
from annotator.ui.dialogs.new_project import NewProjectDialog, NewProjectRequest
from annotator.ui.dialogs.preferences import Preferences, PreferencesDialog
from annotator.ui.dialogs.sheet import Sheet
from annotator.ui.dialogs.suggest_dialog import SuggestDialog
from annotator.ui.dialogs.task_strip import TaskStrip
from annotator.ui.dialogs.welcome import WelcomePage
from annotator.ui.dialogs.words import counted, duration, how_far_in_words, sentence
from annotator.ui.tasks import HowFar, Tasks
from annotator.workflows.format_list import known_formats
from annotator.workflows.progress import Progress, raise_if_cancelled
from annotator.workflows.schemes import shipped_schemes
from annotator.workflows.suggesting import SuggestRequest
from tests.gui.dialogs.gallery import export_choices, export_work, import_work
from tests.gui.dialogs.memory_settings import MemorySettings


def suggest_dialog(qtbot: QtBot, settings: MemorySettings) -> SuggestDialog:
    dialog = SuggestDialog(["en_core_web_sm"], "uk", settings)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def new_project(qtbot: QtBot, folder: Path, annotator: str = "alice") -> NewProjectDialog:
    settings = MemorySettings({"project/folder": str(folder)})
    dialog = NewProjectDialog(shipped_schemes(), annotator, settings)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_enter_asks_for_suggestions_of_the_first_pipeline(qtbot: QtBot, settings: MemorySettings) -> None:
    dialog = suggest_dialog(qtbot, settings)
    with qtbot.waitSignal(dialog.requested, timeout=1000) as requested:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert requested.args == [SuggestRequest("en_core_web_sm")]
    assert not dialog.isVisible()


def test_a_blank_tokenizer_needs_a_language_code(qtbot: QtBot, settings: MemorySettings) -> None:
    dialog = suggest_dialog(qtbot, settings)
    dialog.pipeline.setCurrentIndex(2)
    assert dialog.language.isVisible()
    assert dialog.request().pipeline == "blank:uk"
    assert dialog.go.text() == "Split into tokens"
    dialog.language.setText("u k")
    assert not dialog.go.isEnabled()


def test_the_last_pipeline_is_remembered_even_from_a_folder(qtbot: QtBot, settings: MemorySettings) -> None:
    dialog = suggest_dialog(qtbot, settings)
    dialog.pipeline.setCurrentIndex(1)
    assert not dialog.go.isEnabled()
    dialog.folder.edit.setText("/models/mine")
    dialog.is_redo.click()
    with qtbot.waitSignal(dialog.requested, timeout=1000) as requested:
        dialog.go.click()
    assert requested.args == [SuggestRequest("/models/mine", is_redo=True)]
    assert suggest_dialog(qtbot, settings).request().pipeline == "/models/mine"


def test_a_new_project_gets_its_suffix(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = new_project(qtbot, tmp_path)
    dialog.location.edit.setText(str(tmp_path / "press"))
    with qtbot.waitSignal(dialog.requested, timeout=1000) as requested:
        QTest.keyClick(dialog.location.edit, Qt.Key.Key_Return)
    assert requested.args == [NewProjectRequest(tmp_path / "press.annotator", "news", "alice")]


def test_an_existing_file_is_never_overwritten(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "untitled.annotator").write_text("mine")
    dialog = new_project(qtbot, tmp_path)
    assert not dialog.go.isEnabled()
    assert "already" in dialog.note.text()


@pytest.mark.parametrize(("path", "name", "said"), [("", "a", "Name the"), ("/no/such/x", "a", "no such folder")])
def test_a_new_project_says_what_is_missing(qtbot: QtBot, tmp_path: Path, path: str, name: str, said: str) -> None:
    dialog = new_project(qtbot, tmp_path, name)
    dialog.location.edit.setText(path)
    assert said in dialog.note.text()
    assert dialog.find_request() is None


def test_preferences_show_at_once_and_go_back_when_left(qtbot: QtBot) -> None:
    before = Preferences(annotator="alice")
    dialog = PreferencesDialog(before, ["Noto Serif"])
    qtbot.addWidget(dialog)
    dialog.show()
    seen: list[Preferences] = []
    dialog.changed.connect(seen.append)
    QTest.keyClick(dialog.theme, Qt.Key.Key_Down)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert seen == [Preferences(theme="light", annotator="alice"), before]


def test_saved_preferences_hold_what_the_fields_say(qtbot: QtBot) -> None:
    dialog = PreferencesDialog(Preferences(text_size_px=21), ["Noto Serif", "Source Serif 4"])
    qtbot.addWidget(dialog)
    assert dialog.preferences().text_size_px == 21
    dialog.family.setCurrentText("Source Serif 4")
    dialog.annotator.setText("bob")
    with qtbot.waitSignal(dialog.saved, timeout=1000) as saved:
        dialog.go.click()
    assert saved.args == [Preferences("system", "Source Serif 4", 21, 72, "bob")]


def test_line_spacing_and_lanes_are_shown_at_once_and_saved(qtbot: QtBot) -> None:
    dialog = PreferencesDialog(Preferences(line_spacing_percent=125, annotator="a"), ["Noto Serif"])
    qtbot.addWidget(dialog)
    assert dialog.spacing.currentText() == "125 %" and dialog.lanes.currentText() == "Comfortable"
    seen: list[Preferences] = []
    dialog.changed.connect(seen.append)
    dialog.lanes.setCurrentText("Compact")
    dialog.spacing.setCurrentText("150 %")
    assert [(one.lanes, one.line_spacing_percent) for one in seen] == [("compact", 125), ("compact", 150)]
    with qtbot.waitSignal(dialog.saved, timeout=1000) as saved:
        dialog.go.click()
    assert saved.args == [seen[-1]]


def test_the_welcome_page_offers_the_next_steps(qtbot: QtBot) -> None:
    page = WelcomePage(["/a/news.annotator"], choose=lambda *_: "/b/other.annotator")
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignals([page.sample_requested, page.new_requested], timeout=1000):
        QTest.mouseClick(page.sample, Qt.MouseButton.LeftButton)
        QTest.mouseClick(page.new, Qt.MouseButton.LeftButton)
    opened: list[str] = []
    page.open_requested.connect(opened.append)
    QTest.mouseClick(page.open, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.recent_rows[0], Qt.MouseButton.LeftButton)
    assert opened == ["/b/other.annotator", "/a/news.annotator"]
    assert page.recent_rows[0].accessibleName() == "Open /a/news.annotator"


def test_an_error_can_be_read_and_copied(qtbot: QtBot) -> None:
    dialog = ErrorDialog("KeyError: 'GPE'", "Traceback …")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.details.isVisible()
    QTest.mouseClick(dialog.toggle, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "KeyError: 'GPE'\n\nTraceback …"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_the_strip_shows_the_oldest_task_and_cancels_it(qtbot: QtBot, tasks: Tasks) -> None:
    release = threading.Event()

    def suggest(progress: Progress) -> None:
        progress.report(12, 300, "documents")
        while True:
            raise_if_cancelled(progress)
            release.wait(0.01)

    strip = TaskStrip()
    qtbot.addWidget(strip)
    strip.follow(tasks)
    assert not strip.isVisible()
    tasks.start("Suggesting", suggest)
    tasks.start("Importing", suggest)
    assert strip.isVisible()
    qtbot.waitUntil(lambda: "12 of 300 documents" in strip.line.text(), timeout=5000)
    assert strip.line.text().startswith("Suggesting · 12 of 300")
    assert strip.line.text().endswith("1 more")
    QTest.mouseClick(strip.cancel, Qt.MouseButton.LeftButton)
    assert not strip.cancel.isEnabled()
    qtbot.waitUntil(lambda: strip.line.text().startswith("Importing"), timeout=5000)
    strip.cancel.click()
    qtbot.waitUntil(strip.isHidden, timeout=5000)


def sheets(tasks: Tasks, folder: Path) -> list[Sheet]:
    formats = tuple(known_formats())
    return [
        ExportDialog(export_choices(), tasks, export_work, MemorySettings()),
        import_dialog(formats, tasks, import_work, MemorySettings(), "alice"),
        SuggestDialog(["en_core_web_sm"], "en", MemorySettings()),
        NewProjectDialog(shipped_schemes(), "alice", MemorySettings({"project/folder": str(folder)})),
        PreferencesDialog(Preferences(), []),
        ErrorDialog("x", "y"),
    ]


def test_garbage_collection_leaves_an_open_dialog_alone(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    Sheet("Import", "Import", window).open()
    gc.collect()
    assert len(window.findChildren(Sheet)) == 1


def test_every_control_has_a_name_for_screen_readers(qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    for sheet in sheets(tasks, tmp_path):
        qtbot.addWidget(sheet)
        for control in sheet.findChildren(QWidget):
            if isinstance(control, QAbstractButton) and not control.objectName().startswith("qt_"):
                assert control.text() or control.accessibleName(), f"{sheet.windowTitle()}: {control}"
            if isinstance(control, QLineEdit | QComboBox) and not isinstance(control.parent(), QComboBox):
                assert control.accessibleName(), f"{sheet.windowTitle()}: {control}"


def test_tab_ends_at_the_buttons_and_begins_at_the_first_field(qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    for sheet in sheets(tasks, tmp_path)[:-1]:
        qtbot.addWidget(sheet)
        sheet.show()
        assert sheet.focusWidget() not in (None, sheet.leave, sheet.go), sheet.windowTitle()
        assert sheet.leave.nextInFocusChain() is sheet.go


def test_a_dialog_of_a_window_is_gone_once_it_is_closed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = ErrorDialog("x", "y", window)
    dialog.show()
    with qtbot.waitSignal(dialog.destroyed, timeout=1000):
        dialog.accept()
    assert window.findChildren(Sheet) == []


def test_numbers_have_units_and_one_is_singular() -> None:
    assert (counted(1, "span"), counted(12_000, "document")) == ("1 span", "12,000 documents")
    assert (duration(0.2), duration(61), duration(7000)) == ("1 s", "2 min", "2 h")
    assert sentence("the disk is full") == "The disk is full."


def test_progress_is_told_in_words() -> None:
    assert how_far_in_words(None) == ""
    assert how_far_in_words(HowFar(1, None, "documents", 0)) == "1 document"
    told = how_far_in_words(HowFar(60, 300, "documents", 24))
    assert told == "60 of 300 documents · 24 documents/s · about 10 s left"


def test_an_open_sheet_outlives_a_collection_of_garbage(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def open_sheet() -> None:
        sheet = Sheet("Export", "Export", window)
        sheet.body.addWidget(QLineEdit())
        sheet.open()

    open_sheet()
    gc.collect()
    assert window.findChild(Sheet) is not None
