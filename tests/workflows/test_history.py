"""The time machine on a real journal: rows in words, undone ones, restart, whose sets may be seen, restoring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from annotator.domain.differences import differences, restoring_edit
from annotator.domain.edits import AddSpan, Relabel, RemoveSpan, SetNote
from annotator.domain.history import Replay
from annotator.domain.label_groups import LabelGroup
from annotator.domain.projects import Annotator, AnnotatorKind
from annotator.domain.scheme_edits import RenameLabel
from annotator.domain.spans import Span
from annotator.store import EntryKind, Reader
from annotator.workflows import clock, scheme_editing
from annotator.workflows import history as history_workflow
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.history import SetHistory
from annotator.workflows.operations import DocumentEdit
from annotator.workflows.progress import Cancelled, Silent
from annotator.workflows.project import Project
from annotator.workflows.sets import append
from tests.workflows.test_guidelines import KULEBA, path

__all__ = ["path"]

TIMES = [f"2026-03-01T12:{minute:02}:{second:02}.000+00:00" for minute in range(60) for second in (0, 30)]


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    with Project.open(path) as opened:
        yield opened


@pytest.fixture
def session(project: Project, monkeypatch: pytest.MonkeyPatch) -> AnnotationSession:
    """Alice added, relabelled, took back and removed; half a minute between two edits."""
    times = iter(TIMES)
    monkeypatch.setattr(clock, "now", lambda: next(times))
    made = project.session("alice")
    made.open(1)
    made.perform(Relabel("p0", "GPE"), {})
    made.undo()
    made.perform(AddSpan(Span("n", 3, 11, "PERSON")), {})
    made.operate("Remove all titles", [DocumentEdit(1, RemoveSpan("n"))])
    return made


def told(project: Project) -> list[str]:
    history = project.history(1, "alice")
    return [history.words_of(number) for number in range(1, history.last_moment + 1)]


def test_every_row_is_told_with_what_it_was_about(project: Project, session: AnnotationSession) -> None:
    assert told(project) == [
        "Took over the suggestions: Kuleba PERSON",
        "Relabelled Kuleba PERSON → GPE",
        "Took back: relabelled Kuleba PERSON → GPE",
        "Added Minister PERSON",
        "Remove all titles: removed Minister PERSON",
    ]
    moments = project.history(1, "alice").moments
    assert [one.is_undone for one in moments] == [False, True, False, False, False]
    assert [one.kind for one in moments[:3]] == [EntryKind.SUGGEST, EntryKind.EDIT, EntryKind.UNDO]


def test_the_past_is_the_same_after_a_restart(path: Path, project: Project, session: AnnotationSession) -> None:
    before = told(project)
    project.close()
    with Project.open(path) as again:
        history = again.history(1, "alice")
        assert told(again) == before
        history.replay.warm()
        history.at(0)
        assert history.at(history.last_moment) == history.now
        assert len(history.at(0).spans) == 0
        assert {span.label for span in history.at(2).spans} == {"GPE"}


def test_pauses_are_not_counted_as_work(project: Project, session: AnnotationSession) -> None:
    # The suggestions are taken over in the moment of the first edit's check: rows are 30 s apart here.
    assert project.history(1, "alice").active_s == pytest.approx(30 * 5, abs=30)


def test_a_restored_moment_is_one_step_of_undo(project: Project, session: AnnotationSession) -> None:
    history = project.history(1, "alice")
    then = history.at(2)
    before = session.doc
    session.perform(restoring_edit(session.doc, then, differences(then, session.doc)), {})
    assert (session.doc.spans, session.doc.status) == (then.spans, then.status)
    session.undo()
    assert session.doc == before
    session.saver.flush()


def test_a_document_without_history_has_one_moment(project: Project) -> None:
    history = project.history(1, "bob")
    assert (history.last_moment, history.active_s) == (0, 0.0)
    assert len(history.at(0).spans) == 0


def test_pipelines_and_imported_sets_may_be_seen_but_no_other_person(
    project: Project, session: AnnotationSession
) -> None:
    bob = project.session("bob")
    bob.open(1)
    bob.perform(SetNote("mine"), {})
    bob.saver.flush()
    with project._store.writing() as unit:
        unit.ensure_annotator(Annotator("gold", AnnotatorKind.HUMAN))
        append(unit, 1, unit.load(1, "gold"), AddSpan(Span("g", 3, 11, "PERSON")), kind=EntryKind.IMPORT)
    visible = project.history(1, "alice").visible
    assert [(one.annotator, one.is_pipeline) for one in visible] == [("p", True), ("gold", False)]
    assert [one.annotator for one in project.history(1, "bob").visible] == ["p", "gold"]


def test_an_imported_set_that_somebody_edited_is_a_persons_own(project: Project, session: AnnotationSession) -> None:
    with project._store.writing() as unit:
        unit.ensure_annotator(Annotator("gold", AnnotatorKind.HUMAN))
        doc = append(unit, 1, unit.load(1, "gold"), AddSpan(Span("g", 3, 11, "PERSON")), kind=EntryKind.IMPORT)
        append(unit, 1, doc, SetNote("seen"))
    assert [one.annotator for one in project.history(1, "alice").visible] == ["p"]


def test_anothers_set_is_compared_by_the_words(project: Project, session: AnnotationSession) -> None:
    session.perform(Relabel("p0", "GPE"), {})
    session.saver.flush()
    history = project.history(1, "alice")
    theirs = project.visible_set(1, history.visible[0], history.now)
    (found,) = differences(theirs, history.now)
    assert found.key == ("label", "p0")
    assert theirs.spans.at(KULEBA)[0].label == "PERSON"


def everything(history: SetHistory) -> list[object]:
    states = [history.at(moment) for moment in range(history.last_moment + 1)]
    words = [history.words_of(number) for number in range(1, history.last_moment + 1)]
    return [history.now, history.moments, history.active_s, states, words]


def test_a_history_that_went_on_is_the_same_as_one_read_anew(project: Project, session: AnnotationSession) -> None:
    earlier = project.history(1, "alice")
    before = everything(earlier)
    session.undo_whole(session.undo_operation or 0)
    session.perform(Relabel("n", "ORG"), {})
    assert session.saver.flush()
    with patch.object(Reader, "past_edits", autospec=True, side_effect=Reader.past_edits) as read:
        later = project.history(1, "alice", earlier)
    assert read.call_args_list[0].args[3] == 5, "what was read is not read again"
    assert everything(later) == everything(project.history(1, "alice"))
    assert [one.is_undone for one in later.moments] == [False, True, False, False, True, False, False]
    assert everything(earlier) == before


def test_a_history_that_went_on_under_another_scheme_names_its_labels(
    project: Project, session: AnnotationSession
) -> None:
    earlier = project.history(1, "alice")
    assert earlier.words_of(2) == "Relabelled Kuleba PERSON → GPE"
    rename = RenameLabel(LabelGroup.of_layer(), "GPE", "Place")
    session.operate_by(lambda store: scheme_editing.perform(store, "alice", rename))
    assert project.history(1, "alice", earlier).words_of(2) == "Relabelled Kuleba PERSON → Place"


class Told(Silent):
    """Keeps what is reported; cancelled after some reports."""

    def __init__(self, until: int = 99) -> None:
        self.reports: list[tuple[int, int | None, str]] = []
        self._until = until

    def report(self, done: int, total: int | None, unit: str) -> None:
        self.reports.append((done, total, unit))

    def is_cancelled(self) -> bool:
        return len(self.reports) >= self._until


def test_a_long_history_tells_how_far_it_is_and_is_ready_in_the_end(
    project: Project, session: AnnotationSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_workflow, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(Replay.__init__, "__kwdefaults__", {"every": 2})
    told = Told()
    long = project.long_history(1, "alice", told)
    assert told.reports == [(2, 5, "rows"), (4, 5, "rows"), (5, 5, "rows"), (1, 5, "edits"), (3, 5, "edits")]
    assert long.replay.is_warm
    assert everything(long) == everything(project.history(1, "alice"))
    for until in (2, 4):
        with pytest.raises(Cancelled):
            project.long_history(1, "alice", Told(until))
