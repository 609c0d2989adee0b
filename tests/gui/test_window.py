"""The window around the article: pages, columns, messages, palette, focus, names; what it remembers."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QProgressBar
from pytestqt.qtbot import QtBot

from annotator.app import render_screenshot
from annotator.domain.errors import UserError
from annotator.domain.projects import Status
from annotator.store import ProjectStore
from annotator.ui import faults
from annotator.ui.canvas.style import Density
from annotator.ui.dialogs.error_dialog import ErrorDialog
from annotator.ui.faults import FaultHook
from annotator.ui.key_help import KeyHelp
from annotator.ui.main_window import MainWindow
from annotator.ui.palette import CommandPalette, Entry, entries, recent_first
from annotator.ui.panels.documents import STATUS_WORDS
from annotator.ui.settings import WindowSettings, load_preferences
from annotator.workflows.project import Project
from annotator.workflows.saving import NotSaved, Saved
from annotator.workflows.schemes import load_scheme
from tests.gui.test_correcting import labelled, press, span_at

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window without a project."""
    made = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_fault_is_seen_on_the_welcome_page_too(empty_window: MainWindow, tmp_path: Path) -> None:
    assert not empty_window.open_project(str(tmp_path / "missing.annotator"))
    assert empty_window.frame.notice.isVisible()
    assert "missing.annotator" in empty_window.frame.notice.text()


def test_only_what_makes_sense_is_enabled(empty_window: MainWindow) -> None:
    actions = empty_window.actions_
    assert actions.action("project.open").isEnabled()
    assert not actions.action("import").isEnabled()
    assert not actions.action("span.remove").isEnabled()
    assert {spec.id for spec in actions.enabled_specs} >= {"keys", "palette", "theme.dark"}


def test_after_the_last_document_the_export_is_offered_and_undo_leads_back(
    window: MainWindow, project_path: Path
) -> None:
    press(window, "Return")
    press(window, "s")
    assert window.frame.middle.currentWidget() is window.frame.empty
    assert "1 of 2 are done" in window.frame.empty.title.text()
    assert window.session is not None
    assert window.session.key is None
    assert not window.actions_.action("done").isEnabled()
    press(window, "Ctrl+Z")
    assert window.frame.middle.currentWidget() is window.canvas
    assert window.session.doc.document.id == "second"
    assert window.session.doc.status is Status.NEW
    assert window.documents.done.text() == "1 of 2"


def test_a_key_that_means_nothing_does_nothing(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    for key in ("z", "#", "k", ";"):
        press(window, key)
    assert window.session is not None
    assert window.session.is_untouched


def test_held_keys_do_not_mark_document_after_document(window: MainWindow) -> None:
    assert not window.actions_.action("done").autoRepeat()
    assert not window.actions_.action("span.remove").autoRepeat()
    assert window.actions_.action("cursor.right").autoRepeat()


def test_keypad_enter_and_digits_work(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    keypad = Qt.KeyboardModifier.KeypadModifier
    QTest.keyClick(window.canvas, Qt.Key.Key_2, keypad)
    QTest.keyClick(window.canvas, Qt.Key.Key_Enter, keypad)
    assert window.session is not None
    assert window.session.saver.flush()
    assert ("Kuleba", "PERSON") in labelled(project_path)
    assert window.session.doc.document.id == "second"


def test_hidden_columns_and_their_widths_are_remembered(
    window: MainWindow, project_path: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    press(window, "Ctrl+B")
    assert not window.documents.isVisible()
    assert window.inspector.isVisible()
    window.close()
    again = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    qtbot.addWidget(again)
    again.open_project(str(project_path))
    with qtbot.waitActive(again):
        again.show()
        again.activateWindow()
    assert not again.documents.isVisible()
    assert again.inspector.isVisible()
    again.canvas.setFocus()
    press(again, "/")
    assert again.documents.filter.isVisible()
    again.close()


def test_f6_reaches_every_part_and_enter_leads_back(window: MainWindow) -> None:
    seen = []
    for _ in range(4):
        press(window, "F6")
        focused = window.focusWidget()
        assert focused is not None
        seen.append(focused.accessibleName())
    assert seen == ["Documents", "Filter or search the documents", "Spans of this article", "Article"]
    window.documents.list.setFocus()
    press(window, "Down")
    assert window.session is not None
    assert window.session.doc.document.id == "second"
    assert window.canvas.hasFocus()


def test_question_mark_works_wherever_no_text_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    window.inspector.list.setFocus()
    press(window, "?")
    qtbot.waitUntil(lambda: window.findChild(KeyHelp) is not None)


def test_every_control_has_a_name_for_screen_readers(window: MainWindow) -> None:
    kinds = (QAbstractButton, QLineEdit, QAbstractItemView, QProgressBar)
    for kind in kinds:
        for widget in window.findChildren(kind):
            if widget.isVisible():
                text = widget.text() if isinstance(widget, QAbstractButton) else ""
                assert widget.accessibleName() or text or widget.objectName() == "qt_menubar_ext_button", widget


def test_a_click_on_a_hint_does_what_its_key_does(window: MainWindow) -> None:
    window.hint_line.keys.linkActivated.emit("span.next")
    assert window.canvas.current_span_id == span_at(window, "BEIJING")


def test_a_window_of_800_by_600_keeps_the_key_that_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1389, 868)
    wide = window.hint_line.keys.accessibleName()
    assert wide.startswith("N next doubt") and "Enter done, next" in wide
    window.resize(800, 600)
    qtbot.waitUntil(lambda: window.width() == 800)
    assert (window.width(), window.height()) == (800, 600)
    assert window.hint_line.keys.accessibleName() == "Enter done, next, ? all keys"
    keys = window.hint_line.keys
    qtbot.waitUntil(lambda: keys.minimumSizeHint().width() <= keys.width())  # nothing is cut


def test_nothing_of_a_project_is_left_when_an_empty_one_is_opened(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.canvas.set_current_span(span_at(window, "BEIJING"))
    qtbot.waitUntil(lambda: window.inspector.doubts.isVisible())
    empty = tmp_path / "empty.annotator"
    with ProjectStore.create(empty, load_scheme("news")):
        pass
    assert window.open_project(str(empty))
    inspector = window.inspector
    assert (inspector.surface.whole, inspector.about.text(), inspector.count.text()) == ("", "", "")
    assert inspector.spans.rowCount() == 0 and inspector.doubts.isHidden()
    assert window.hint_line.doubts.text() == ""


def test_the_whole_line_is_red_while_something_is_not_saved(window: MainWindow) -> None:
    line = window.hint_line
    line.show_save_state(NotSaved(3, "The disk is full.", is_final=False))
    assert line.property("bad")
    assert line.retry.isVisible()
    window.say("something else")
    line.clear_message()
    assert line.message.text() == "The disk is full."
    assert line.message.isVisible()
    line.show_save_state(Saved())
    assert not line.property("bad")
    assert line.keys.isVisible()


def test_a_document_hidden_by_the_filter_still_counts(window: MainWindow, qtbot: QtBot) -> None:
    window.documents.show_statuses(*STATUS_WORDS[4])
    assert len(window.documents.model.rows) == 0
    assert window.documents.clear.isVisible()
    window.canvas.setFocus()
    press(window, "Return")
    assert window.documents.done.text() == "1 of 2"
    assert "show all documents" in window.hint_line.message.text()
    window.documents.clear.click()
    assert [row.status for row in window.documents.model.rows] == [Status.DONE, Status.NEW]


def test_the_inspector_tells_what_a_label_key_would_act_on(window: MainWindow) -> None:
    inspector = window.inspector
    assert inspector.surface.whole == "No span is current"
    press(window, "Shift+Right")
    assert (inspector.surface.whole, inspector.about.text()) == ("BEIJING:", "selected")
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    assert (inspector.surface.whole, inspector.about.text()) == ("Kuleba", "suggested · .52")
    assert inspector.source.whole == "en_core_web_sm 3.8.0"
    press(window, "2")
    assert inspector.about.text() == "decided"
    assert inspector.guideline.text().startswith("PERSON: ")
    press(window, "Delete")
    assert inspector.surface.whole == "No span is current"


def test_a_document_looks_as_it_was_left(window: MainWindow) -> None:
    window.canvas.set_current_span(span_at(window, "Moscow"))
    current = window.canvas.current_span_id
    press(window, "Ctrl+PageDown")
    press(window, "Ctrl+PageUp")
    assert window.canvas.current_span_id == current


def test_another_name_opens_the_project_anew_for_it(window: MainWindow, project_path: Path) -> None:
    press(window, "Return")
    window.call_annotator("bob")
    assert window.session is not None
    assert window.session.annotator == "bob"
    assert window.documents.annotator.whole == "bob"
    assert window.documents.done.text() == "0 of 2"


def test_choosing_a_theme_shows_in_the_menu_and_lasts(window: MainWindow, tmp_path: Path) -> None:
    window.actions_.action("theme.dark").trigger()
    window.actions_.refresh_switches()
    assert window.looks.theme.name == "dark"
    assert window.actions_.action("theme.dark").isChecked()
    assert not window.actions_.action("theme.light").isChecked()
    assert WindowSettings(tmp_path / "window.ini").value("preferences/theme", "") == "dark"


def test_line_spacing_and_lanes_reach_the_article_and_last(window: MainWindow, tmp_path: Path) -> None:
    pitch, kept = window.canvas.sheet.style.pitch_px, WindowSettings(tmp_path / "window.ini")
    chosen = replace(window.looks.preferences, line_spacing_percent=200, lanes="compact")
    window.looks.apply(chosen)
    assert window.canvas.sheet.style.pitch_px > pitch + 5 and load_preferences(kept, "a").lanes == "comfortable"
    window.looks.keep(chosen)
    kept = WindowSettings(tmp_path / "window.ini")
    assert load_preferences(kept, "alice") == chosen
    kept.set_value("preferences/lanes", "sideways")
    kept.set_value("preferences/line_spacing_percent", 900_000)
    window.looks.apply(load_preferences(kept, "alice"))
    assert (window.canvas.sheet.style.density, window.canvas.sheet.style.spacing) == (Density.COMFORTABLE, 3.0)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_palette_runs_what_was_typed_and_puts_it_first_next_time(window: MainWindow, qtbot: QtBot) -> None:
    window.show_palette()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    palette.query.setText("go second")
    QTest.keyClick(palette.query, Qt.Key.Key_Return)
    assert window.session is not None
    assert window.session.doc.document.id == "second"
    window.commands.go_to_document(-1)
    again = CommandPalette(entries(window.actions_, []), window.settings, window.looks.theme, window)
    qtbot.addWidget(again)
    again.show_and_focus()
    again.query.setText("skip")
    QTest.keyClick(again.query, Qt.Key.Key_Return)
    third = CommandPalette(entries(window.actions_, []), window.settings, window.looks.theme, window)
    qtbot.addWidget(third)
    assert third.list.model().index(0, 0).data() == "Skip, next document"


def test_recent_entries_come_first_and_nothing_twice() -> None:
    made = [Entry(id_, "", lambda: None, id_) for id_ in ("a", "b", "c")] + [Entry("Go to x", "", lambda: None)]
    assert [entry.text for entry in recent_first(made, ["c", "gone", "a"])] == ["c", "a", "b", "Go to x"]


def test_a_dropped_project_is_opened(empty_window: MainWindow, project_path: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(project_path))])
    left = Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, Qt.KeyboardModifier.NoModifier)
    empty_window.dropEvent(event)
    qtbot.waitUntil(lambda: empty_window.project is not None)
    empty_window.close()


def test_a_screenshot_is_a_picture_of_the_real_window(project_path: Path, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "window.png"
    render_screenshot(str(project_path), "alice", target, theme="dark", document="second", size=(1000, 700))
    picture = QImage(str(target))
    assert picture.width() >= 1000
    assert picture.pixelColor(picture.width() // 2, picture.height() // 2).lightness() < 60
    assert [path.name for path in target.parent.iterdir()] == ["window.png"]
    with pytest.raises(UserError):
        render_screenshot(str(tmp_path / "missing.annotator"), "alice", target)


def test_a_fault_in_any_thread_is_logged_and_shown_once(
    window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(faults, "log_path", lambda: tmp_path / "faults.log")
    hook = FaultHook(window.show_crash, window.close, window)
    fault = ValueError("nothing good")
    for _ in range(3):
        hook._on_thread_fault(threading.ExceptHookArgs((ValueError, fault, None, None)))
    qtbot.waitUntil(lambda: window.findChild(ErrorDialog) is not None)
    qtbot.wait(20)
    assert len(window.findChildren(ErrorDialog)) == 1
    assert (tmp_path / "faults.log").read_text(encoding="utf-8").count("nothing good") == 3
    assert "nothing good" in capsys.readouterr().err
    window.findChildren(ErrorDialog)[0].accept()
    hook._on_fault(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not window.isVisible()


STOPPED = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from annotator import app
from tests.gui.test_correcting import press, span_at

def act():
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, app.MainWindow))
    if not window.canvas.hasFocus():
        return QTimer.singleShot(10, act)
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    press(window, "2")
    print("pressed", flush=True)

make = app.make_application
def make_and_act():
    application = make()
    QTimer.singleShot(0, act)
    return application
app.make_application = make_and_act
sys.exit(app.run_window(sys.argv[1], "alice"))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_kill_closes_the_window_and_saves(project_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", STOPPED, str(project_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "pressed\n"
        process.send_signal(number)
        assert process.wait(20) == 0
    assert labelled(project_path) == {("Kuleba", "PERSON")}
    with Project.open(project_path) as project:
        assert project.check() == []


def test_the_pace_is_said_when_the_person_reads(window: MainWindow, qtbot: QtBot) -> None:
    window.looks.keep(replace(window.looks.preferences, daily_goal=10))
    QTest.keyClick(window.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.documents.pace.text() == "1 of 10 today", timeout=5000)
    assert window.documents.pace.isVisible()
