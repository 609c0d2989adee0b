"""The dialogs with the real workflows in real processes, on a real project."""

from __future__ import annotations

import json
import multiprocessing
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.domain.projects import Status
from annotator.ui.dialogs.export_dialog import ExportDialog
from annotator.ui.dialogs.export_form import ExportChoices
from annotator.ui.dialogs.import_dialog import ImportDialog, import_dialog
from annotator.ui.tasks import Finished, Outcome, Task, Tasks, Work
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.format_list import known_formats
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.in_process import spawned
from annotator.workflows.jobs import export_job, import_job, suggest_job
from annotator.workflows.project import Project
from annotator.workflows.suggesting import SuggestReport, SuggestRequest
from tests.gui.dialogs.memory_settings import MemorySettings

SECONDS_MS = 1000


def import_work(location: str, request: ImportRequest) -> Work:
    return spawned(import_job, location, request)


def export_work(location: str, request: ExportRequest) -> Work:
    return spawned(export_job, location, request)


@pytest.fixture
def location(tmp_path: Path) -> str:
    path = tmp_path / "press.annotator"
    Project.create(path).close()
    return str(path)


def texts(folder: Path, number: int) -> Path:
    lines = [{"text": f"Qin Gang met {n} ministers in Beijing on Thursday."} for n in range(number)]
    path = folder / "articles.jsonl"
    path.write_text("\n".join([*map(json.dumps, lines), "{broken"]), encoding="utf-8")
    return path


def open_import(qtbot: QtBot, tasks: Tasks, location: str, *paths: Path) -> ImportDialog:
    work = partial(import_work, location)
    dialog = import_dialog(tuple(known_formats()), tasks, work, MemorySettings(), "alice", paths=paths)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def outcome_of(qtbot: QtBot, task: Task) -> Outcome:
    with qtbot.waitSignal(task.ended, timeout=90 * SECONDS_MS) as ended:
        pass
    assert ended.args is not None
    outcome: Outcome = ended.args[1]
    return outcome


def test_what_the_preview_says_is_what_is_imported(qtbot: QtBot, tasks: Tasks, location: str, tmp_path: Path) -> None:
    dialog = open_import(qtbot, tasks, location, texts(tmp_path, 30))
    qtbot.waitUntil(dialog.go.isEnabled, timeout=30 * SECONDS_MS)
    assert dialog.go.text() == "Import 30 articles"
    with Project.open(location) as project:
        assert project.listing("") == []
    with qtbot.waitSignal(dialog.imported, timeout=30 * SECONDS_MS):
        dialog.go.click()
    assert dialog.line.text() == "30 articles, 1 rejected."
    with Project.open(location) as project:
        assert len(project.listing("")) == 30


def test_suggestions_come_from_other_processes_and_can_be_exported(
    qtbot: QtBot, tasks: Tasks, location: str, tmp_path: Path
) -> None:
    with Project.open(location) as project:
        project.import_documents(ImportRequest((str(texts(tmp_path, 5)),)))
    outcome = outcome_of(qtbot, tasks.start("Suggesting", spawned(suggest_job, location, SuggestRequest())))
    assert isinstance(outcome, Finished)
    assert isinstance(outcome.value, SuggestReport)
    assert (outcome.value.documents, outcome.value.spans > 0) == (5, True)
    with Project.open(location) as project:
        annotators = tuple(project.annotators())
    choices = ExportChoices(tuple(known_formats()), annotators, "", {Status.NEW: 5}, tmp_path / "exports")
    dialog = ExportDialog(choices, tasks, partial(export_work, location), MemorySettings())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.form.statuses[Status.NEW].click()
    dialog.form.formats.setCurrentRow(2)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=60 * SECONDS_MS)
    with qtbot.waitSignal(dialog.exported, timeout=60 * SECONDS_MS) as exported:
        dialog.go.click()
    assert exported.args is not None
    assert [path.suffix for path in exported.args[0].files] == [".spacy"]
    assert all(path.is_file() for path in exported.args[0].files)


def test_a_cancelled_pipeline_keeps_what_it_has_read_and_leaves_no_process(
    qtbot: QtBot, tasks: Tasks, location: str, tmp_path: Path
) -> None:
    with Project.open(location) as project:
        project.import_documents(ImportRequest((str(texts(tmp_path, 3000)),)))
    task = tasks.start("Suggesting", spawned(suggest_job, location, SuggestRequest()))
    qtbot.waitUntil(lambda: bool(task.how_far and task.how_far.done), timeout=90 * SECONDS_MS)
    task.cancel()
    outcome = outcome_of(qtbot, task)
    assert isinstance(outcome, Finished)
    assert outcome.value.is_cancelled
    assert 0 < outcome.value.documents < 3000
    assert multiprocessing.active_children() == []
    with Project.open(location) as project:
        assert project.check() == []
