"""Rescue files after a change of the scheme: merged labels are their successors, what cannot be is left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.edits import AddSpan, Edit, Relabel, RemoveSpan
from annotator.domain.label_groups import LabelGroup
from annotator.domain.scheme_edits import DeleteLabel, MergeLabels, RenameLabel, SchemeEdit
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import NewEntry, ProjectStore, StaleSet
from annotator.workflows import scheme_editing
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.project import Project
from annotator.workflows.rescue import take_back, take_back_all, write_rescue
from annotator.workflows.saving import Saver
from annotator.workflows.taking_back import TakenBack

TEXT = "Paris is in France. Ann lives there."
SPANS = LabelGroup.of_layer()
MERGE = MergeLabels(SPANS, ("GPE",), "LOC")
DELETED = "a label that this would bring back was deleted from the scheme"


class SaverOfNothing(Saver):
    """A disk that takes nothing: what is submitted waits."""

    def _write(self, _entries: list[NewEntry]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_closing)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "p.annotator"
    with Project.create(made) as project, project._store.writing() as unit:
        for key, name in enumerate(("a", "b"), 1):
            assert unit.add_document(Document(name, TEXT)) == key
            unit.put_tokens(key, tokenize_simply(TEXT), "simple 1", "en")
            paris = Span("p0", 0, 5, "GPE", origin=Origin.PIPELINE, decided=False, score=0.8, pipeline="p 1")
            france = Span("p1", 12, 18, "GPE", origin=Origin.PIPELINE, decided=False, score=0.7, pipeline="p 1")
            unit.put_suggestions(key, "p", "p 1", [paris, france])
    return made


@pytest.fixture
def store(path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.open(path) as opened:
        yield opened


def put_aside(store: ProjectStore, edits: list[Edit], *, key: int = 1, undo: int = 0) -> Path:
    """A rescue file with these edits, the last of them undone."""
    saver = SaverOfNothing(store)
    session = AnnotationSession(store, saver, "ann")
    session.open(key)
    for edit in edits:
        session.perform(edit, {})
    for _ in range(undo):
        session.undo()
    rescue = write_rescue(str(store.location), saver.give_up())
    saver.close()
    return rescue


def change(store: ProjectStore, *edits: SchemeEdit) -> None:
    for edit in edits:
        scheme_editing.perform(store, "bob", edit)


def write(store: ProjectStore, *edits: Edit, key: int = 1) -> None:
    session = AnnotationSession(store, Saver(store), "ann")
    session.open(key)
    for edit in edits:
        session.perform(edit, {})
    assert session.saver.close()


def labels(store: ProjectStore, key: int = 1) -> dict[str, tuple[str, bool]]:
    with store.reading() as reader:
        assert reader.problems() == []
        return {span.id: (span.label, span.decided) for span in reader.load(key, "ann").spans}


EDITS: list[Edit] = [Relabel("p1", "GPE"), AddSpan(Span("n", 20, 23, "GPE")), Relabel("n", "PERSON")]


def test_a_merged_label_is_its_successor_also_when_its_name_went_to_another(store: ProjectStore) -> None:
    rescue = put_aside(store, EDITS)
    change(store, MERGE, RenameLabel(SPANS, "ORG", "GPE"))
    assert take_back(store, rescue) == TakenBack(4)
    assert labels(store) == {"p0": ("LOC", False), "p1": ("LOC", True), "n": ("PERSON", True)}


def test_rows_that_followed_the_scheme_in_the_set_itself_come_before_the_edits(store: ProjectStore) -> None:
    write(store, Relabel("p0", "GPE"))
    rescue = put_aside(store, EDITS, undo=1)
    change(store, MERGE)
    copy = rescue.read_bytes()
    assert take_back(store, rescue) == TakenBack(4)
    expected = {"p0": ("LOC", True), "p1": ("LOC", True), "n": ("LOC", True)}
    assert labels(store) == expected
    rescue.write_bytes(copy)
    assert take_back(store, rescue) == TakenBack(0)
    assert labels(store) == expected
    session = AnnotationSession(store, Saver(store), "ann")
    session.open(1)
    session.redo()
    assert session.doc.spans.find("n") is not None
    assert [span.label for span in session.doc.spans] == ["LOC", "LOC", "PERSON"]
    assert session.saver.close()


def test_an_edit_with_a_deleted_label_is_left_out_with_what_hangs_on_it_and_the_others_are_made(
    path: Path, store: ProjectStore
) -> None:
    edits: list[Edit] = [
        AddSpan(Span("n", 20, 23, "DATE")),
        Relabel("p1", "PERSON"),
        Relabel("n", "ORG"),
        Relabel("n", "GPE"),
    ]
    rescue = put_aside(store, edits, undo=1)
    change(store, DeleteLabel(SPANS, "DATE"))
    with Project.open(path) as project:
        (sentence,) = take_back_all(project)
    assert labels(store) == {"p0": ("GPE", False), "p1": ("PERSON", True)}
    assert sentence == (
        f"2 edits were taken back from {rescue.name}, 4 edits were left out (a: {DELETED}) and kept in "
        f"{rescue.name}.taken-back."
    )


def test_suggestions_with_a_deleted_label_are_not_taken_over(store: ProjectStore) -> None:
    rescue = put_aside(store, [AddSpan(Span("n", 20, 23, "PERSON"))])
    change(store, DeleteLabel(SPANS, "GPE"))
    assert take_back(store, rescue) == TakenBack(2)
    assert labels(store) == {"n": ("PERSON", True)}


def test_a_span_that_came_to_be_the_same_as_another_is_left_out(store: ProjectStore) -> None:
    edits: list[Edit] = [RemoveSpan("p0"), AddSpan(Span("l", 0, 5, "LOC")), AddSpan(Span("g", 0, 5, "GPE"))]
    rescue = put_aside(store, edits)
    change(store, MERGE)
    taken = take_back(store, rescue)
    assert taken == TakenBack(3, (("a", "LOC is already on these words"),))
    assert labels(store) == {"l": ("LOC", True), "p1": ("LOC", False)}


def test_what_somebody_did_elsewhere_is_still_no_edit_to_write_over(store: ProjectStore) -> None:
    write(store, Relabel("p0", "GPE"))
    rescue = put_aside(store, EDITS)
    change(store, MERGE)
    write(store, Relabel("p0", "ORG"))
    with pytest.raises(StaleSet, match="went on elsewhere"):
        take_back(store, rescue)
    assert rescue.exists()
    assert labels(store)["p0"] == ("ORG", True)
