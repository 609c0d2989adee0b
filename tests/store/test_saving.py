"""The writer's order of work: several edits a commit, each with its rows; nobody waits longer than need be."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from annotator.domain.edits import SetNote
from annotator.domain.projects import AnnotatedDocument
from annotator.store import ProjectStore, UnitOfWork
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.saving import NotSaved, Saved, Saver
from tests.store.making import ANN, document, entries_for


@pytest.fixture
def commits(store: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each transaction that was begun was committed."""
    seen: list[bool] = []
    writing = store.writing

    @contextmanager
    def counted() -> Iterator[UnitOfWork]:
        seen.append(False)
        with writing() as unit:
            yield unit
        seen[-1] = True

    monkeypatch.setattr(store, "writing", counted)
    return seen


def test_edits_that_wait_share_a_commit_and_keep_their_rows(store: ProjectStore, commits: list[bool]) -> None:
    saver = Saver(store)
    for entry in entries_for(AnnotatedDocument(document(), "ann"), [SetNote(str(n)) for n in range(10)]):
        saver.submit(entry)
    assert saver.flush()
    assert saver.close()
    assert len(commits) < 10
    with store.reading() as reader:
        assert [entry.seq for entry in reader.journal(1, "ann")] == list(range(1, 11))
        assert reader.load(1, "ann").note == "9"


def test_what_can_be_written_is_not_held_up_by_what_cannot(store: ProjectStore) -> None:
    good = entries_for(AnnotatedDocument(document(), "ann"), [SetNote("a"), SetNote("b")])
    stale = entries_for(AnnotatedDocument(document(), "bob"), [SetNote("c")], first=7)
    saver = Saver(store)
    for entry in (*good, *stale):
        saver.submit(entry)
    assert not saver.flush()
    assert isinstance(saver.state, NotSaved)
    assert [entry.annotator for entry in saver.waiting()] == ["bob"]
    with store.reading() as reader:
        assert reader.last_seq(1, "ann") == 2
        assert reader.last_seq(1, "bob") == 0
    saver.give_up()
    saver.close()


def test_who_waits_for_the_disk_does_not_wait_for_the_pause(
    store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.workflows.saving.GRACE_S", 600.0)
    saver = Saver(store)
    (entry,) = entries_for(AnnotatedDocument(document(), "ann"), [SetNote("a")])
    saver.submit(entry)
    time.sleep(0.05)
    assert saver.waiting()
    assert saver.flush(30)
    assert isinstance(saver.state, Saved)
    assert saver.close()


@pytest.fixture
def session(store: ProjectStore) -> Iterator[AnnotationSession]:
    saver = Saver(store)
    yield AnnotationSession(store, saver, "ann")
    saver.close()


def test_a_document_read_ahead_is_not_read_again(
    store: ProjectStore, session: AnnotationSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.read_ahead(1)
    monkeypatch.setattr("annotator.workflows.annotate.load_set", None)
    assert session.open(1).document == document()


def test_a_document_changed_since_it_was_read_ahead_is_read_again(
    store: ProjectStore, session: AnnotationSession
) -> None:
    session.read_ahead(1)
    (entry,) = entries_for(AnnotatedDocument(document(), "ann"), [SetNote("from another window")])
    with store.writing() as unit:
        unit.append(entry)
    assert session.open(1).note == "from another window"


def test_suggestions_made_since_it_was_read_ahead_are_seen(store: ProjectStore, session: AnnotationSession) -> None:
    session.read_ahead(1)
    with store.writing() as unit:
        unit.put_suggestions(1, "p", "p 1", [ANN])
    assert [span.label for span in session.open(1).spans] == ["PERSON"]
