"""Labels that the scheme does not have are asked for once, before anything is stored."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.domain.scheme_plain import scheme_from_plain
from annotator.ui.dialogs.import_dialog import ImportDialog, ImportForm
from annotator.ui.dialogs.label_map import ADD, LabelMap
from annotator.ui.dialogs.sources import Sources
from annotator.ui.tasks import Tasks, Work
from annotator.workflows.format_list import known_formats
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.jobs import import_job
from annotator.workflows.label_mapping import label_names
from annotator.workflows.project import Project
from tests.gui.dialogs.memory_settings import MemorySettings

SCHEME = scheme_from_plain(
    {"name": "s", "layers": [{"name": "entities", "labels": [{"name": "GPE"}, {"name": "PER"}]}]}
)
LINES = (
    '{"id": "a", "text": "Ann in Rome & <Oslo>.", "spans": [{"start": 0, "end": 3, "label": "PER"}, '
    '{"start": 7, "end": 11, "label": "City"}]}\n'
    '{"id": "b", "text": "Rome again.", "spans": [{"start": 0, "end": 4, "label": "City"}, '
    '{"start": 5, "end": 10, "label": "ADV"}]}\n'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "p.annotator", SCHEME):
        pass
    (tmp_path / "in.jsonl").write_text(LINES)
    return tmp_path / "p.annotator"


@pytest.fixture
def dialog(qtbot: QtBot, tasks: Tasks, settings: MemorySettings, path: Path) -> ImportDialog:
    def work(request: ImportRequest) -> Work:
        return partial(import_job, str(path), request)

    sources = Sources(lambda _: "")
    form = ImportForm(sources, tuple(known_formats()), settings, "alice", label_names(SCHEME))
    made = ImportDialog(form, tasks, work)
    qtbot.addWidget(made)
    made.show()
    sources.add((path.with_name("in.jsonl"),))
    qtbot.waitUntil(lambda: bool(made.form.labels.boxes), timeout=5000)
    return made


def choose(dialog: ImportDialog, label: str, value: str) -> None:
    box = dialog.form.labels.boxes[label]
    box.setCurrentIndex(box.findData(value))


def test_unknown_labels_have_a_row_each_with_what_they_could_be(dialog: ImportDialog) -> None:
    assert list(dialog.form.labels.boxes) == ["City", "ADV"]
    box = dialog.form.labels.boxes["City"]
    assert [box.itemText(at) for at in range(box.count())] == [
        "Choose …", "Add it to the scheme", "Leave it out", "It is GPE", "It is PER",
    ]  # fmt: skip
    assert not dialog.go.isEnabled()


def test_the_first_articles_are_shown_as_they_would_be(dialog: ImportDialog) -> None:
    dialog.first_documents.toggle.click()
    assert "Rome City & <Oslo>." in dialog.first_documents.text.toPlainText()


def test_what_was_chosen_is_done_and_remembered(dialog: ImportDialog, path: Path, qtbot: QtBot) -> None:
    choose(dialog, "City", "GPE")
    choose(dialog, "ADV", "")
    qtbot.waitUntil(lambda: dialog.go.text() == "Import 2 articles", timeout=5000)
    with qtbot.waitSignal(dialog.imported, timeout=5000):
        dialog.go.click()
    with Project.open(path) as project:
        assert project.scheme().layers[0].labels[0].aliases == ("City",)
        spans = {(span.text, span.label) for doc in project.documents() for span in doc.spans("alice")}
    assert spans == {("Ann", "PER"), ("Rome", "GPE")}


def test_a_label_can_be_added_and_nothing_is_remembered_unless_wished(
    dialog: ImportDialog, path: Path, qtbot: QtBot
) -> None:
    dialog.form.labels.remember.setChecked(False)
    choose(dialog, "City", "GPE")
    choose(dialog, "ADV", ADD)
    qtbot.waitUntil(lambda: dialog.go.text() == "Import 2 articles", timeout=5000)
    with qtbot.waitSignal(dialog.imported, timeout=5000):
        dialog.go.click()
    with Project.open(path) as project:
        assert [(one.name, one.aliases) for one in project.scheme().layers[0].labels] == [
            ("GPE", ()), ("PER", ()), ("ADV", ())
        ]  # fmt: skip


def test_what_was_left_out_is_left_out_the_next_time(
    dialog: ImportDialog, path: Path, qtbot: QtBot, settings: MemorySettings
) -> None:
    choose(dialog, "City", "GPE")
    choose(dialog, "ADV", "")
    qtbot.waitUntil(lambda: dialog.go.text() == "Import 2 articles", timeout=5000)
    with qtbot.waitSignal(dialog.imported, timeout=5000):
        dialog.go.click()
    assert settings.values["import/left_out"] == "ADV"
    later = LabelMap(("GPE",), settings)
    qtbot.addWidget(later)
    later.learn({"ADV": 1, "NEW": 2})
    assert later.labels == {"ADV": ""}
    with qtbot.waitSignal(later.changed, timeout=1000):
        later.forget()
        later.learn({"ADV": 1})
