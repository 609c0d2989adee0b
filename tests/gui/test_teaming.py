"""Assign, hand out and collect from the window; the queue; a file that was handed out."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from annotator.domain.assigning import Everything, PerDocument, Share
from annotator.ui.dialogs.assign_dialog import EVERYTHING, SHARE, AssignDialog
from annotator.ui.dialogs.handout_dialog import CollectedDialog, HandoutDialog
from annotator.ui.main_window import MainWindow
from annotator.workflows.assigning import AssignRequest
from annotator.workflows.project import Project


def opened(window: MainWindow, kind: type[QDialog]) -> QDialog:
    return next(one for one in window.findChildren(kind) if one.isVisible())


def titles(window: MainWindow) -> list[str]:
    return [row.title for row in window.documents.model.rows]


def assign_here(window: MainWindow, *names: str, query: str = "") -> None:
    assert window.project is not None
    window.project.assign(AssignRequest(names, query=query))
    window.refresh_listing()


@pytest.fixture
def handed_out(window: MainWindow, tmp_path: Path) -> Path:
    out = tmp_path / "carol.annotator"
    assert window.project is not None
    window.project.assign(AssignRequest(("carol",), query="Berlin"))
    window.project.hand_out("carol", out)
    return out


def test_the_plan_is_told_before_it_is_carried_out(window: MainWindow) -> None:
    window.actions_.action("team.assign").trigger()
    dialog = opened(window, AssignDialog)
    assert isinstance(dialog, AssignDialog)
    dialog.people.clear()
    assert not dialog.go.isEnabled() and dialog.plan.text() == ""
    dialog.people.setText("alice, bob")
    dialog.number.setText("1")
    assert dialog.plan.text() == "2 documents chosen, 2 new assignments: 1 document each, 0 shared by any two."
    dialog.number.setText("3")
    assert "3 annotators per document cannot be had of 2" in dialog.note.text().replace("\u200b", "")
    assert not dialog.go.isEnabled()
    dialog.number.setText("1")
    dialog.go.click()
    assert window.project is not None
    assert [one.assigned for one in window.project.work_done()] == [1, 1]
    assert window.documents.shows_queue and len(titles(window)) == 1


def test_each_way_asks_for_its_own_number(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_.action("team.assign").trigger()
    dialog = opened(window, AssignDialog)
    assert isinstance(dialog, AssignDialog)
    dialog.people.setText("alice, bob")
    assert dialog.request().way == PerDocument(dialog.number.value)
    dialog.way.setCurrentIndex(dialog.way.findData(SHARE))
    assert (dialog.share.isVisible(), dialog.number.isVisible()) == (True, False)
    assert dialog.request().way == Share(0.5)
    dialog.way.setCurrentIndex(dialog.way.findData(EVERYTHING))
    assert dialog.request().way == Everything()
    dialog.reject()


def test_who_has_a_queue_sees_it_and_may_see_all(window: MainWindow) -> None:
    assert not window.documents.queue_button.isVisible() and titles(window) == ["first", "second"]
    assign_here(window, "alice", query="Berlin")
    assert window.documents.queue_button.isVisible() and titles(window) == ["second"]
    assert window.documents.done.text() == "0 of 1"
    window.documents.show_queue(is_wanted=False)
    assert titles(window) == ["first", "second"] and window.documents.done.text() == "0 of 2"
    window.documents.show_queue(is_wanted=True)
    assert titles(window) == ["second"]


def test_who_has_no_queue_sees_everything_as_before(window: MainWindow) -> None:
    assign_here(window, "bob")
    assert not window.documents.queue_button.isVisible() and titles(window) == ["first", "second"]


def test_a_file_is_handed_out_and_collected(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    assign_here(window, "bob", query="BEIJING")
    window.actions_.action("team.handout").trigger()
    dialog = opened(window, HandoutDialog)
    assert isinstance(dialog, HandoutDialog)
    dialog.annotator.setCurrentIndex(dialog.annotator.findData("bob"))
    assert dialog.path.path == tmp_path / "news-bob.annotator"
    dialog.go.click()
    qtbot.waitUntil(lambda: (tmp_path / "news-bob.annotator").exists() and not window.tasks.running)
    with Project.open(tmp_path / "news-bob.annotator") as file:
        assert [row.id for row in file.listing("bob")] == ["first"]
        file.accept("bob")
    window.teaming.collect_files([tmp_path / "news-bob.annotator"])
    qtbot.waitUntil(lambda: not window.tasks.running)
    assert window.project is not None
    assert [len(doc.spans("bob")) for doc in window.project.documents()] == [10, 0]
    assert "documents by bob" in window.hint_line.message.text()


def test_what_was_not_collected_is_named(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "text.annotator").write_text("hello")
    window.teaming.collect_files([tmp_path / "text.annotator"])
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(CollectedDialog)))
    dialog = opened(window, CollectedDialog)
    assert isinstance(dialog, CollectedDialog)
    assert len(dialog.lines) == 1 and "another kind of file" in dialog.lines[0]
    dialog.accept()


def test_a_file_that_was_handed_out_is_its_annotators_and_has_no_team(window: MainWindow, handed_out: Path) -> None:
    assert window.open_project(str(handed_out), annotator="mallory")
    assert window.annotator == "carol" and titles(window) == ["second"]
    window.call_annotator("mallory")
    assert window.annotator == "carol" and "handed out to carol" in window.hint_line.message.text()
    assert not [one for one in window.findChildren(QDialog) if one.isVisible()]
    for id_ in ("team.assign", "team.handout", "team.collect"):
        window.say("")
        window.actions_.action(id_).trigger()
        assert "handed out to carol" in window.hint_line.message.text()
    assert not [one for one in window.findChildren(QDialog) if one.isVisible()]


def test_a_file_that_was_handed_out_lends_its_name_to_no_other_project(
    window: MainWindow, handed_out: Path, project_path: Path
) -> None:
    assert window.open_project(str(handed_out)) and window.annotator == "carol"
    assert window.open_project(str(project_path)) and window.annotator == "alice"
