"""Nothing is lost: a window killed right after "saved", a disk that cannot be written, two windows at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from annotator.domain.corrections import relabel
from annotator.store import DiskFull, ProjectStore, UnitOfWork
from annotator.ui import leaving
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.project import Project
from annotator.workflows.rescue import find_rescues
from annotator.workflows.saving import NotSaved, Saved
from annotator.workflows.schemes import load_scheme
from tests.gui.test_correcting import labelled, press, span_at

KILLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from annotator.app import make_application
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from tests.gui.test_correcting import press, span_at

application = make_application()
window = MainWindow("alice", WindowSettings(Path(sys.argv[2])))
window.open_project(sys.argv[1])
window.show()
window.activateWindow()
window.canvas.setFocus()
steps = [("Western", "Delete"), ("Kuleba", "2"), ("Kuleba", "["), ("Thursday", "}"), ("Moscow", "a")]
done = 0

def step():
    global done
    if not window.canvas.hasFocus() or window.hint_line.saved.text() != "saved":
        return
    if done:
        print("saved", done, flush=True)
    if done < len(steps):
        window.canvas.set_current_span(span_at(window, steps[done][0]))
        press(window, steps[done][1])
        done += 1

timer = QTimer()
timer.timeout.connect(step)
timer.start(1)
application.exec()
"""


@pytest.mark.parametrize("after", [1, 3, 5])
def test_a_window_killed_right_after_saved_loses_nothing(project_path: Path, tmp_path: Path, after: int) -> None:
    command = [sys.executable, "-c", KILLED, str(project_path), str(tmp_path / "window.ini")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == f"saved {after}":
                os.kill(process.pid, signal.SIGKILL)
                break
        process.wait(30)
    edits = [None, ("Kuleba", "PERSON"), ("Dmytro Kuleba", "PERSON"), ("Thursday that", "DATE"), ("Moscow", "GPE")]
    expected = {edit for edit in edits[:after] if edit is not None}
    if after >= 3:
        expected.discard(("Kuleba", "PERSON"))
    assert expected <= labelled(project_path)
    with Project.open(project_path) as project:
        assert project.check() == []
        session = project.session("alice")
        session.open(1)
        assert session.undo() is not None


class BrokenDisk:
    """Makes every write of the store fail until it is mended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_broken = True
        append: Callable[..., None] = UnitOfWork.append

        def failing(unit: UnitOfWork, entry: object) -> None:
            if self.is_broken:
                raise DiskFull("the disk is full", remedy="free some space and try again; nothing was lost")
            append(unit, entry)

        monkeypatch.setattr(UnitOfWork, "append", failing)


def test_a_full_disk_is_said_and_nothing_is_left_behind(
    window: MainWindow, project_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = BrokenDisk(monkeypatch)
    window.canvas.set_current_span(span_at(window, "Western"))
    press(window, "Delete")
    qtbot.waitUntil(lambda: "NOT SAVED" in window.hint_line.saved.text())
    assert "the disk is full" in window.hint_line.message.text()
    monkeypatch.setattr("annotator.workflows.saving.Saver.flush", lambda *_: False)
    assert not window.open_document(2)
    monkeypatch.undo()
    disk.is_broken = False
    assert window.session is not None
    window.hint_line.retry.click()
    qtbot.waitUntil(lambda: window.hint_line.saved.text() == "saved")
    assert isinstance(window.session.saver.state, Saved)
    assert labelled(project_path) == set()


def test_closing_with_unsaved_edits_puts_them_aside_and_opening_takes_them_back(
    window: MainWindow, project_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    disk = BrokenDisk(monkeypatch)
    monkeypatch.setattr(leaving, "_ask", lambda *_: "aside")
    monkeypatch.setattr(QMessageBox, "information", lambda *_: None)
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    press(window, "2")
    qtbot.waitUntil(lambda: "NOT SAVED" in window.hint_line.saved.text())
    window.close()
    assert labelled(project_path) == set()
    assert len(find_rescues(str(project_path))) == 1
    disk.is_broken = False
    again = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    qtbot.addWidget(again)
    assert again.open_project(str(project_path))
    assert labelled(project_path) == {("Kuleba", "PERSON")}
    assert find_rescues(str(project_path)) == []
    again.close()


def test_a_set_that_went_on_in_another_window_is_never_overwritten(
    window: MainWindow, project_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "information", lambda *_: None)
    with Project.open(project_path) as project:
        other = project.session("alice")
        other.open(1)
        other.perform(relabel(other.doc, span_at(window, "Moscow"), "ORG"), {})
        assert other.saver.flush()
    window.canvas.set_current_span(span_at(window, "Western"))
    press(window, "Delete")
    assert window.session is not None
    qtbot.waitUntil(lambda: "NOT SAVED" in window.hint_line.saved.text())
    state = window.session.saver.state
    assert isinstance(state, NotSaved)
    assert state.is_final
    window.hint_line.retry.click()
    qtbot.waitUntil(lambda: window.hint_line.saved.text() == "saved")
    assert labelled(project_path) == {("Moscow", "ORG")}
    assert len(find_rescues(str(project_path))) == 1
    assert ("Moscow", "ORG") in {
        (window.session.doc.document.text[span.start : span.end], span.label) for span in window.session.doc.spans
    }


def test_the_window_restores_where_the_annotator_was(
    window: MainWindow, project_path: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    window.open_document(2)
    window.canvas.move_cursor(3)
    cursor = window.canvas.token_cursor
    window.close()
    again = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    qtbot.addWidget(again)
    assert again.open_project(str(project_path))
    assert again.session is not None
    assert again.session.key == 2
    assert again.canvas.token_cursor == cursor
    again.close()


def test_an_unusable_project_is_one_sentence_in_the_window(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello", encoding="utf-8")
    assert not window.open_project(str(path))
    assert "not an Annotator project" in window.hint_line.message.text()
    assert window.project is not None


def test_an_empty_project_offers_the_next_step(window: MainWindow, tmp_path: Path) -> None:
    ProjectStore.create(tmp_path / "empty.annotator", load_scheme("news")).close()
    assert window.open_project(str(tmp_path / "empty.annotator"))
    assert window.frame.middle.currentWidget() is window.frame.empty
