"""A table among the files: the dialog asks which column is the text, and remembers it by their names."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.domain.scheme_plain import scheme_from_plain
from annotator.ui.dialogs.import_dialog import ImportDialog, ImportForm
from annotator.ui.dialogs.label_map import ADD
from annotator.ui.dialogs.sources import Sources
from annotator.ui.tasks import Tasks, Work
from annotator.workflows.format_list import known_formats
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.jobs import import_job
from annotator.workflows.project import Project
from tests.gui.dialogs.memory_settings import MemorySettings

SCHEME = scheme_from_plain({"name": "s", "layers": [{"name": "entities", "labels": [{"name": "GPE"}]}]})
TABLE = "key,summary,body,topic\na,Short Rome,Ann went to Rome.,travel\nb,Short Oslo,Bob went to Oslo.,sport\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "p.annotator", SCHEME):
        pass
    (tmp_path / "in.csv").write_text(TABLE)
    (tmp_path / "in.txt").write_text("Ann.")
    return tmp_path / "p.annotator"


def dialog_on(qtbot: QtBot, tasks: Tasks, settings: MemorySettings, path: Path, *names: str) -> ImportDialog:
    def work(request: ImportRequest) -> Work:
        return partial(import_job, str(path), request)

    sources = Sources(lambda _: "")
    made = ImportDialog(ImportForm(sources, tuple(known_formats()), settings, "alice"), tasks, work)
    qtbot.addWidget(made)
    made.show()
    sources.add(tuple(path.with_name(name) for name in names))
    qtbot.waitUntil(made.go.isEnabled, timeout=5000)
    return made


def choose(dialog: ImportDialog, role: str, value: str) -> None:
    box = getattr(dialog.form.columns, role)
    box.setCurrentIndex(box.findData(value))


def test_files_without_a_table_are_not_asked_about(
    qtbot: QtBot, tasks: Tasks, settings: MemorySettings, path: Path
) -> None:
    dialog = dialog_on(qtbot, tasks, settings, path, "in.txt")
    assert not dialog.form.columns.isVisible()


def test_the_columns_are_offered_with_the_likely_one_chosen(
    qtbot: QtBot, tasks: Tasks, settings: MemorySettings, path: Path
) -> None:
    columns = dialog_on(qtbot, tasks, settings, path, "in.csv").form.columns
    assert columns.isVisible()
    assert [columns.text.itemText(at) for at in range(columns.text.count())] == ["key", "summary", "body", "topic"]
    assert (columns.text.currentText(), columns.label.currentText()) == ("body", "No column")
    assert columns.columns == ()


def test_what_was_chosen_is_imported_and_remembered_for_the_same_columns(
    qtbot: QtBot, tasks: Tasks, settings: MemorySettings, path: Path
) -> None:
    dialog = dialog_on(qtbot, tasks, settings, path, "in.csv")
    choose(dialog, "text", "summary")
    choose(dialog, "label", "topic")
    qtbot.waitUntil(lambda: set(dialog.form.labels.boxes) == {"travel", "sport"}, timeout=5000)
    for box in list(dialog.form.labels.boxes.values()):
        box.setCurrentIndex(box.findData(ADD))
    qtbot.waitUntil(lambda: dialog.go.text() == "Import 2 articles" and dialog.go.isEnabled(), timeout=5000)
    with qtbot.waitSignal(dialog.imported, timeout=5000):
        dialog.go.click()
    with Project.open(path) as project:
        assert [document.text for document in project.documents()] == ["Short Rome", "Short Oslo"]
        assert {label.name for label in project.scheme().document_labels} == {"travel", "sport"}
    assert any(key.startswith("import/columns/") for key in settings.values)


def test_a_remembered_choice_is_there_at_once(qtbot: QtBot, tasks: Tasks, settings: MemorySettings, path: Path) -> None:
    first = dialog_on(qtbot, tasks, settings, path, "in.csv")
    choose(first, "text", "summary")
    first.form.remember()
    again = dialog_on(qtbot, tasks, settings, path, "in.csv")
    qtbot.waitUntil(lambda: again.form.columns.columns == (("text", "summary"),), timeout=5000)
    qtbot.waitUntil(lambda: bool(again.go.isEnabled() and "Short Rome" in _first_text(again)), timeout=5000)


def _first_text(dialog: ImportDialog) -> str:
    dialog.first_documents.toggle.setChecked(True)
    return dialog.first_documents.text.toPlainText()
