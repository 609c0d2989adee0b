"""Export: nothing is written before it was counted, and every loss is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.domain.errors import UserError
from annotator.domain.projects import Annotator, AnnotatorKind, Status
from annotator.formats.proof import Difference
from annotator.ui.dialogs.export_dialog import ExportDialog
from annotator.ui.dialogs.export_form import ExportChoices, Whose, whose_choices
from annotator.ui.tasks import Tasks, Work
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.exporting import ExportReport
from annotator.workflows.format_list import known_formats
from annotator.workflows.progress import Progress, raise_if_cancelled
from tests.gui.dialogs.gallery import export_choices, export_work
from tests.gui.dialogs.memory_settings import MemorySettings

Open = Callable[..., ExportDialog]


@pytest.fixture
def open_dialog(qtbot: QtBot, tasks: Tasks, settings: MemorySettings) -> Open:
    def opened(work: Callable[[ExportRequest], Work] = export_work, **changes: object) -> ExportDialog:
        dialog = ExportDialog(export_choices(), tasks, work, settings)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return opened


def test_the_button_says_how_many_documents_once_they_are_counted(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog()
    assert not dialog.go.isEnabled()
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    assert dialog.go.text() == "Export 12 documents"
    assert dialog.preview.line.text().startswith("12 documents, 431 spans.")


def test_done_documents_are_chosen_where_there_are_any(open_dialog: Open) -> None:
    assert open_dialog().form.chosen_statuses == (Status.DONE,)


def test_what_was_begun_is_chosen_where_nothing_is_done(qtbot: QtBot, tasks: Tasks) -> None:
    choices = ExportChoices(
        tuple(known_formats()), (Annotator("a"),), "a", {Status.NEW: 3, Status.IN_PROGRESS: 2}, Path("/x")
    )
    dialog = ExportDialog(choices, tasks, export_work, MemorySettings())
    qtbot.addWidget(dialog)
    assert dialog.form.chosen_statuses == (Status.IN_PROGRESS, Status.DONE)


def test_losses_are_counted_by_reason_and_listed_and_copied(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog()
    listed = dialog.form.formats
    place = listed.visualItemRect(listed.item(1)).center()
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    assert "37 spans left out: 27\u00a0×\u00a0a suggestion" in dialog.preview.line.text()
    QTest.mouseClick(dialog.preview.records.toggle, Qt.MouseButton.LeftButton)
    assert dialog.preview.records.table.isVisible()
    QTest.mouseClick(dialog.preview.records.copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Document\tCharacters\tLabel\tWhy"
    assert len(lines) == 38


def test_a_fault_while_counting_is_one_sentence_and_nothing_can_be_written(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog()
    dialog.form.formats.setCurrentRow(2)
    qtbot.waitUntil(lambda: "Permission denied" in dialog.preview.line.text(), timeout=5000)
    assert dialog.preview.line.property("role") == "bad"
    assert not dialog.go.isEnabled()


def test_without_a_status_or_a_folder_the_dialog_says_what_is_missing(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog()
    dialog.form.statuses[Status.DONE].click()
    assert dialog.preview.line.text() == "Choose at least one status."
    dialog.form.statuses[Status.DONE].click()
    dialog.form.folder.edit.clear()
    assert dialog.preview.line.text() == "Choose a folder."
    assert not dialog.go.isEnabled()


def test_a_whole_export_by_keys(qtbot: QtBot, open_dialog: Open, settings: MemorySettings) -> None:
    dialog = open_dialog()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    assert dialog.focusWidget() is dialog.form.formats
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    assert dialog.form.format.name == "conll2003"
    dialog.form.tags.setFocus()
    QTest.keyClick(dialog.form.tags, Qt.Key.Key_Down)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    with qtbot.waitSignal(dialog.exported, timeout=5000) as exported:
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert exported.args is not None
    assert exported.args[0].files == [export_choices().folder / "news.conll"]
    assert dialog.heading.text() == "Exported 12 documents"
    assert dialog.written.files.text() == "news.conll\nnews.conll.manifest.json"
    assert settings.values["export/format"] == "conll2003"
    assert settings.values["export/tags"] == "IOB1"
    assert settings.values["export/recent"] == str(export_choices().folder / "news.conll.manifest.json")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_only_the_newest_count_is_shown(qtbot: QtBot, open_dialog: Open, tasks: Tasks) -> None:
    asked: list[str] = []

    def work(request: ExportRequest) -> Work:
        def count(_: Progress) -> ExportReport:
            asked.append(request.format)
            return ExportReport(documents=1 if request.format == "jsonl" else 2)

        return count

    dialog = open_dialog(work)
    dialog.form.formats.setCurrentRow(1)
    dialog.form.formats.setCurrentRow(2)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    assert dialog.go.text() == "Export 2 documents"
    assert asked == ["spacy"]


def test_stopping_an_export_says_that_nothing_was_written(qtbot: QtBot, open_dialog: Open) -> None:
    def work(request: ExportRequest) -> Work:
        def run(progress: Progress) -> ExportReport:
            while not request.is_dry_run:
                raise_if_cancelled(progress)
            return ExportReport(documents=3)

        return run

    dialog = open_dialog(work)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert dialog.leave.text() == "Stop"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "Stopped" in dialog.note.text(), timeout=5000)
    assert dialog.isVisible()
    assert dialog.go.isEnabled()


def test_a_fault_while_writing_is_shown_in_the_footer(qtbot: QtBot, open_dialog: Open) -> None:
    def work(request: ExportRequest) -> Work:
        def run(_: Progress) -> ExportReport:
            if request.is_dry_run:
                return ExportReport(documents=3)
            raise UserError("the export could not be written (No space left on device)", where="/mnt/a")

        return run

    dialog = open_dialog(work)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    dialog.go.click()
    qtbot.waitUntil(lambda: "No space left" in dialog.note.text(), timeout=5000)
    assert dialog.note.property("role") == "bad"


def test_the_current_annotator_comes_first_and_pipelines_last() -> None:
    choices = ExportChoices(
        (),
        (Annotator("bob"), Annotator("gold"), Annotator("sm", AnnotatorKind.PIPELINE), Annotator("alice")),
        "bob",
        {},
        Path(),
    )
    assert whose_choices(choices) == [
        ("bob (you)", Whose("bob")),
        ("alice", Whose("alice")),
        ("Everybody", Whose(is_all=True)),
        ("Gold (adjudicated)", Whose(is_gold=True)),
        ("sm (suggestions)", Whose("sm")),
    ]


def test_a_very_long_path_does_not_widen_the_dialog(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog()
    width = dialog.width()
    dialog.preview.say("/" + "verylong" * 60, is_bad=True)
    dialog.say("/home" * 80, is_bad=True)
    dialog.fit()
    assert dialog.width() == width


def test_every_ticked_format_is_written_and_the_report_names_all(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog()
    dialog.form.formats.item(1).setCheckState(Qt.CheckState.Checked)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    assert dialog.go.text() == "Export 12 documents in 2 formats"
    asked = [request.format for request in dialog.form.find_requests(is_dry_run=False)]
    assert asked == ["jsonl", "conll2003"]
    reports: list[ExportReport] = []
    dialog.exported.connect(reports.append)
    dialog.go.click()
    qtbot.waitUntil(lambda: len(reports) == 2, timeout=5000)
    assert dialog.written.files.text().count("news.conll.manifest.json") == 2
    assert "Show 37 spans left out" in dialog.written.records.toggle.text()


def test_tags_show_only_where_a_format_has_them_and_labels_narrow(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog()
    assert not dialog.form.tags.isVisible()
    dialog.form.formats.setCurrentRow(1)
    assert dialog.form.tags.isVisible()
    dialog.form.labels.setText("GPE,  ORG,")
    (request,) = dialog.form.find_requests(is_dry_run=True)
    assert request.labels == ("GPE", "ORG")
    dialog.form.pseudonyms.setChecked(True)
    assert dialog.form.find_requests(is_dry_run=True)[0].has_pseudonyms


def test_the_first_lines_are_shown_when_asked_for(qtbot: QtBot, open_dialog: Open) -> None:
    def work(_: ExportRequest) -> Work:
        return lambda _: ExportReport(documents=1, sample='{"text": "Ann"}\n')

    dialog = open_dialog(work)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    assert not dialog.preview.lines.isVisible()
    dialog.preview.toggle.click()
    assert dialog.preview.lines.isVisible()
    assert dialog.preview.lines.toPlainText() == '{"text": "Ann"}\n'


def test_a_difference_found_by_reading_back_is_shown_in_red(qtbot: QtBot, open_dialog: Open) -> None:
    report = ExportReport(documents=1, spans=2, files=[Path("/x/a.jsonl")])
    report.proof.differences.append(Difference("d", "the span 0–3 PER did not come back"))

    dialog = open_dialog(lambda _: lambda _: report)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5000)
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.written.proof.text() != "", timeout=5000)
    assert dialog.written.proof.text() == "Read back and compared: 1 difference."
    assert dialog.written.proof.property("role") == "bad"
