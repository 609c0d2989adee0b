"""Import: a preview before, a report after, and every rejected record with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.ui.dialogs.import_dialog import ImportDialog, ImportForm, import_dialog
from annotator.ui.dialogs.sources import Sources
from annotator.ui.tasks import Tasks
from annotator.workflows.format_list import known_formats
from tests.gui.dialogs.gallery import import_work
from tests.gui.dialogs.memory_settings import MemorySettings

Open = Callable[..., ImportDialog]


@pytest.fixture
def open_dialog(qtbot: QtBot, tasks: Tasks, settings: MemorySettings) -> Open:
    def opened(*paths: Path) -> ImportDialog:
        dialog = import_dialog(tuple(known_formats()), tasks, import_work, settings, "alice", paths=paths)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return opened


def drop(target: Sources, *paths: Path) -> None:
    """What the window system does when files are let go over ``target``."""
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        held,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    target.dropEvent(event)


def test_without_files_nothing_can_be_imported(open_dialog: Open) -> None:
    dialog = open_dialog()
    assert not dialog.go.isEnabled()
    assert "Nothing is changed in your files" in dialog.line.text()


def test_dropped_files_are_previewed(qtbot: QtBot, open_dialog: Open, tmp_path: Path) -> None:
    dialog = open_dialog()
    drop(dialog.form.sources, tmp_path / "a.txt", tmp_path / "a.txt", tmp_path)
    assert dialog.form.sources.paths == [tmp_path / "a.txt", tmp_path]
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    assert dialog.go.text() == "Import 200 articles"
    assert dialog.line.text() == "200 articles with 812 spans, 4 duplicates passed over, 1,204 rejected."


def test_delete_takes_a_file_off_the_list(qtbot: QtBot, open_dialog: Open, tmp_path: Path) -> None:
    dialog = open_dialog(tmp_path / "a.txt", tmp_path / "b.txt")
    dialog.form.sources.list.setCurrentRow(0)
    QTest.keyClick(dialog.form.sources.list, Qt.Key.Key_Delete)
    assert dialog.form.sources.paths == [tmp_path / "b.txt"]


def test_the_request_holds_what_the_fields_say(open_dialog: Open, tmp_path: Path) -> None:
    dialog = open_dialog(tmp_path / "a.txt")
    dialog.form.newlines.setCurrentIndex(1)
    dialog.form.annotator.setText(" carol ")
    dialog.form.format.setCurrentIndex(dialog.form.format.findData("jsonl"))
    request = dialog.form.find_request(is_dry_run=True)
    assert request is not None
    assert (request.newlines, request.annotator, request.format) == ("lf", "carol", "jsonl")
    assert request.default_annotator == "alice"
    assert request.is_dry_run


def test_after_the_import_the_rejected_records_can_be_copied(
    qtbot: QtBot, open_dialog: Open, tmp_path: Path, settings: MemorySettings
) -> None:
    dialog = open_dialog(tmp_path / "a.jsonl")
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    with qtbot.waitSignal(dialog.imported, timeout=5000):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.heading.text() == "Imported 200 articles"
    QTest.mouseClick(dialog.records.toggle, Qt.MouseButton.LeftButton)
    dialog.records.table.selectRow(1)
    QTest.keyClick(dialog.records.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines()[1].split("\t")[1] == "18"
    assert settings.values["import/folder"] == str(tmp_path)


def test_chosen_files_and_folders_are_added_and_their_format_guessed(
    qtbot: QtBot, tasks: Tasks, settings: MemorySettings, tmp_path: Path
) -> None:
    sources = Sources(
        lambda path: path.suffix[1:].upper(),
        ask_files=lambda *_: [str(tmp_path / "one.jsonl")],
        ask_folder=lambda *_: str(tmp_path),
    )
    dialog = ImportDialog(ImportForm(sources, tuple(known_formats()), settings, "alice"), tasks, import_work)
    qtbot.addWidget(dialog)
    sources.choose.click()
    sources.choose_folder.click()
    texts = [sources.list.item(row).text() for row in range(sources.list.count())]
    assert texts == ["one.jsonl · JSONL", f"{tmp_path.name} · folder"]


def test_a_preview_that_runs_does_not_hold_the_dialog(qtbot: QtBot, open_dialog: Open, tmp_path: Path) -> None:
    dialog = open_dialog(tmp_path / "a.txt")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
