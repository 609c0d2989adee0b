"""Operations over many documents: one transaction, one step of undo, what was changed since is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.domain.edits import AddSpan, Batch, Decide, Relabel, RemoveSpan, SetNote
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import Status
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import EntryKind, ProjectStore
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.operations import DocumentEdit, SchemeChangedSince, perform, undo
from annotator.workflows.progress import Cancelled, Silent
from annotator.workflows.saving import Saver
from annotator.workflows.schemes import load_scheme
from annotator.workflows.sets import append

TEXTS = {"a": "Paris is in France.", "b": "Paris Hilton is in Paris.", "c": "No name here."}


def suggested(text: str) -> list[Span]:
    starts = [at for at in range(len(text)) if text.startswith("Paris", at)]
    return [
        Span(f"p{at}", at, at + 5, "GPE", origin=Origin.PIPELINE, decided=False, score=0.8, pipeline="p 1")
        for at in starts
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "p.annotator"
    with ProjectStore.create(made, load_scheme("news")) as store, store.writing() as unit:
        for name, text in TEXTS.items():
            key = unit.add_document(Document(name, text))
            unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
            unit.put_suggestions(key, "p", "p 1", suggested(text))
    return made


@pytest.fixture
def store(path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.open(path) as opened:
        yield opened


def session_on(store: ProjectStore) -> AnnotationSession:
    return AnnotationSession(store, Saver(store), "ann")


@pytest.fixture
def session(store: ProjectStore) -> Iterator[AnnotationSession]:
    made = session_on(store)
    yield made
    made.saver.close()


RELABEL = [DocumentEdit(1, Relabel("p0", "ORG")), DocumentEdit(2, Batch((Relabel("p0", "ORG"), RemoveSpan("p19"))))]


def labels(store: ProjectStore, key: int, annotator: str = "ann") -> list[tuple[int, str, bool]]:
    with store.reading() as reader:
        return [(span.start, span.label, span.decided) for span in reader.load(key, annotator).spans]


def test_an_operation_takes_suggestions_over_and_edits_every_document(store: ProjectStore) -> None:
    report = perform(store, "ann", "Relabel Paris", RELABEL)
    assert report.keys == (1, 2)
    assert labels(store, 1) == [(0, "ORG", True)]
    assert labels(store, 2) == [(0, "ORG", True)]
    with store.reading() as reader:
        assert reader.load(1, "ann").status is Status.IN_PROGRESS
        assert [entry.kind for entry in reader.journal(1, "ann")] == [EntryKind.SUGGEST, EntryKind.EDIT]
        assert reader.problems() == []
        (operation,) = reader.last_operations()
        assert (operation.title, operation.annotator) == ("Relabel Paris", "ann")


def test_undo_takes_all_of_it_back_and_redo_makes_it_again(store: ProjectStore, session: AnnotationSession) -> None:
    session.open(1)
    session.operate("Relabel Paris", RELABEL)
    assert [span.label for span in session.doc.spans] == ["ORG"]
    assert session.undo_operation is not None
    session.undo_whole(session.undo_operation)
    assert labels(store, 1) == [(0, "GPE", False)]
    assert labels(store, 2) == [(0, "GPE", False), (19, "GPE", False)]
    assert session.doc.status is Status.NEW
    assert session.redo_operation is not None
    session.redo_whole(session.redo_operation)
    assert labels(store, 2) == [(0, "ORG", True)]
    assert session.undo_operation is not None


def test_undo_of_an_operation_works_after_a_restart(path: Path) -> None:
    with ProjectStore.open(path) as first:
        session = session_on(first)
        session.operate("Relabel Paris", RELABEL)
        session.saver.close()
    with ProjectStore.open(path) as second:
        session = session_on(second)
        session.open(2)
        assert session.undo_operation is not None
        session.undo_whole(session.undo_operation)
        assert labels(second, 1) == [(0, "GPE", False)]
        assert session.undo_operation is None
        session.open(1)
        assert session.redo_operation is not None
        session.saver.close()


def test_edits_and_operations_are_undone_in_the_order_they_were_made(
    store: ProjectStore, session: AnnotationSession
) -> None:
    session.open(3)
    session.perform(SetNote("first"), {})
    session.operate("Relabel Paris", RELABEL)
    session.perform(SetNote("second"), {})
    assert session.undo_operation is None
    session.undo()
    assert session.doc.note == "first"
    assert session.undo_operation is not None
    session.undo_whole(session.undo_operation)
    assert (session.undo_operation, session.undo_key) == (None, 3)
    session.undo()
    assert session.doc.note == ""
    assert not session.can_undo


def test_undo_leaves_alone_what_was_changed_since(store: ProjectStore, session: AnnotationSession) -> None:
    report = perform(store, "ann", "Relabel Paris", RELABEL)
    session.open(1)
    session.perform(Relabel("p0", "PERSON"), {})
    session.saver.flush()
    undone = undo(store, "ann", report.operation.id)
    assert (undone.keys, undone.left_out) == ((2,), (("a", "it was changed since."),))
    assert labels(store, 1) == [(0, "PERSON", True)]
    assert labels(store, 2) == [(0, "GPE", False), (19, "GPE", False)]


def test_what_cannot_be_done_in_one_document_is_left_out_and_named(store: ProjectStore) -> None:
    edits = [DocumentEdit(1, Relabel("gone", "ORG")), DocumentEdit(2, Relabel("p0", "CITY")), RELABEL[1]]
    report = perform(store, "ann", "Relabel", edits)
    assert report.keys == (2,)
    assert [document_id for document_id, _ in report.left_out] == ["a", "b"]
    assert "'CITY' is not a label" in report.left_out[1][1]


class Stopped(Silent):
    def is_cancelled(self) -> bool:
        return True


def test_a_cancelled_operation_changes_nothing(store: ProjectStore) -> None:
    with pytest.raises(Cancelled):
        perform(store, "ann", "Relabel", RELABEL, progress=Stopped())
    with store.reading() as reader:
        assert reader.last_operations() == []
        assert not reader.has_set(1, "ann")


def renamed(scheme: LabelScheme, name: str) -> LabelScheme:
    layer = scheme.layers[0]
    labels_ = (replace(layer.labels[0], name=name), *layer.labels[1:])
    return replace(scheme, layers=(replace(layer, labels=labels_),))


def test_a_change_of_the_scheme_is_undone_with_its_edits(store: ProjectStore, session: AnnotationSession) -> None:
    session.open(1)
    before = session.scheme
    session.operate("Rename GPE", RELABEL[:1], scheme=renamed(before, "PLACE"))
    assert session.scheme.name_of("GPE") == "PLACE"
    assert session.undo_operation is not None
    session.undo_whole(session.undo_operation)
    assert session.scheme == before
    assert labels(store, 1) == [(0, "GPE", False)]
    assert session.redo_operation is not None
    session.redo_whole(session.redo_operation)
    assert session.scheme.name_of("GPE") == "PLACE"


def test_a_scheme_changed_again_since_is_not_put_back(store: ProjectStore) -> None:
    with store.reading() as reader:
        scheme = reader.scheme()
    first = perform(store, "ann", "Rename GPE", [], scheme=renamed(scheme, "PLACE"))
    perform(store, "ann", "Rename again", [], scheme=renamed(scheme, "SPOT"))
    with pytest.raises(SchemeChangedSince, match="undo the later change first"):
        undo(store, "ann", first.operation.id)
    with store.reading() as reader:
        assert reader.scheme().name_of("GPE") == "SPOT"
        assert len(reader.last_operations()) == 2


def test_a_new_edit_drops_what_could_be_done_again(session: AnnotationSession) -> None:
    session.open(1)
    report = session.operate("Accept", [DocumentEdit(1, Decide(("p0",)))])
    session.undo_whole(report.operation.id)
    session.perform(AddSpan(Span("n", 9, 11, "LOC")), {})
    assert not session.can_redo


def test_redo_goes_the_way_back_that_undo_came(store: ProjectStore, session: AnnotationSession) -> None:
    session.open(1)
    session.perform(Relabel("p0", "PERSON"), {})
    report = session.operate("Relabel Paris", RELABEL)
    session.undo_whole(report.operation.id)
    session.undo()
    session.open(2)
    assert (session.redo_key, session.redo_operation) == (1, None), "the edit was undone last"
    session.open(1)
    session.redo()
    assert session.redo_operation == report.operation.id
    session.redo_whole(report.operation.id)
    assert labels(store, 1) == [(0, "ORG", True)]
    assert not session.can_redo


def test_a_part_that_stayed_when_the_others_were_undone_is_a_step_of_its_own(
    store: ProjectStore, session: AnnotationSession
) -> None:
    session.open(1)
    report = session.operate("Relabel Paris", RELABEL)
    session.perform(Relabel("p0", "PERSON"), {})
    assert session.undo_whole(report.operation.id).left_out == (("a", "it was changed since."),)
    session.undo()
    assert (session.undo_operation, session.can_undo) == (None, True)
    session.undo()
    assert session.saver.flush()
    assert labels(store, 1) == [(0, "GPE", False)]
    assert not session.can_undo
    assert session.redo_operation == report.operation.id
    session.redo_whole(report.operation.id)
    assert labels(store, 2) == [(0, "ORG", True)]
    assert labels(store, 1) == [(0, "ORG", True)]


def test_an_operation_that_cannot_be_undone_now_is_passed_over(
    path: Path, store: ProjectStore, session: AnnotationSession
) -> None:
    session.open(1)
    session.perform(AddSpan(Span("n", 9, 11, "LOC")), {})
    first = session.operate("Rename GPE", RELABEL[:1], scheme=renamed(session.scheme, "PLACE"))
    perform(store, "bob", "Rename again", [], scheme=renamed(session.scheme, "SPOT"))
    with pytest.raises(SchemeChangedSince):
        session.undo_whole(session.undo_operation or 0)
    assert session.undo_operation is None
    session.undo()
    assert session.doc.spans.find("n") is None
    assert session.saver.flush()
    again = session_on(store)
    again.open(1)
    assert again.undo_operation == first.operation.id, "it may be possible by now"
    again.saver.close()


def test_an_undo_brings_no_span_back_to_where_an_equal_one_stands(store: ProjectStore) -> None:
    report = perform(store, "ann", "Relabel Paris", RELABEL)
    with store.writing() as unit:
        append(unit, 1, unit.load(1, "ann"), AddSpan(Span("n", 0, 5, "GPE")))
    undone = undo(store, "ann", report.operation.id)
    assert undone.left_out == (("a", "GPE is already on these words."),)
    assert labels(store, 1) == [(0, "GPE", True), (0, "ORG", True)]


def test_who_went_on_with_a_document_is_still_at_it_after_an_undo(store: ProjectStore) -> None:
    report = perform(store, "ann", "Relabel Paris", RELABEL)
    with store.writing() as unit:
        append(unit, 1, unit.load(1, "ann"), AddSpan(Span("n", 9, 11, "LOC")))
    undo(store, "ann", report.operation.id)
    with store.reading() as reader:
        assert [reader.load(key, "ann").status for key in (1, 2)] == [Status.IN_PROGRESS, Status.NEW]
