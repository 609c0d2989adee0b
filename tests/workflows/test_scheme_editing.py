"""The scheme changed midway: every set in the project follows and journals it, and all of it goes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.edits import (
    AddRelation,
    AddSpan,
    Batch,
    Decide,
    Edit,
    Relabel,
    RemoveSpan,
    SetAttribute,
    SetCat,
    SetStatus,
    apply,
)
from annotator.domain.errors import UserError
from annotator.domain.label_groups import DOCUMENTS, RELATIONS, LabelGroup, label_in
from annotator.domain.labels import Attribute, Label, LabelScheme, Layer
from annotator.domain.projects import Annotator, Status
from annotator.domain.scheme_edits import (
    AddAttribute,
    AddLabel,
    ChangeAttribute,
    DeleteLabel,
    MergeLabels,
    NameAliases,
    RekeyLabel,
    RenameLabel,
    RenameLayer,
    SchemeEdit,
    SplitLabel,
    TakeOverScheme,
)
from annotator.domain.spans import Origin, Relation, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import EntryKind, ProjectStore
from annotator.workflows import operations
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.operations import LabelStillUsed
from annotator.workflows.progress import Cancelled, Silent
from annotator.workflows.saving import Saver
from annotator.workflows.scheme_editing import SchemeDesk, decisions, finish_split, perform
from annotator.workflows.schemes import load_scheme, save_scheme
from annotator.workflows.sets import append, begun_set

SPANS = LabelGroup.of_layer("entities")
TEXTS = {"a": "Paris is in France.", "b": "Paris Hilton saw Paris and the Paris Bank.", "c": "No name here."}
MERGE = MergeLabels(SPANS, ("LOC",), "GPE")


def suggested(text: str) -> list[Span]:
    starts = [at for at in range(len(text)) if text.startswith("Paris", at)]
    return [
        Span(f"p{at}", at, at + 5, "LOC", origin=Origin.PIPELINE, decided=False, score=0.8, pipeline="p 1")
        for at in starts
    ]


def write(store: ProjectStore, key: int, annotator: str, *edits: Edit) -> None:
    with store.writing() as unit:
        unit.ensure_annotator(Annotator(annotator))
        doc = begun_set(unit, key, annotator)
        for edit in edits:
            doc = append(unit, key, doc, edit)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three documents; ann accepted the first, bob corrected the second, the third was read by the pipeline only."""
    made = tmp_path / "p.annotator"
    with ProjectStore.create(made, load_scheme("news")) as store:
        with store.writing() as unit:
            for name, text in TEXTS.items():
                key = unit.add_document(Document(name, text))
                unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
                unit.put_suggestions(key, "p", "p 1", suggested(text))
        write(store, 1, "ann", Decide(("p0",)), SetStatus(Status.DONE))
        write(store, 2, "bob", Relabel("p0", "PERSON"), AddSpan(Span("x", 17, 22, "GPE")), SetStatus(Status.NEW))
    return made


@pytest.fixture
def store(path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.open(path) as opened:
        yield opened


def session_on(store: ProjectStore, annotator: str = "ann") -> AnnotationSession:
    return AnnotationSession(store, Saver(store), annotator)


def change(session: AnnotationSession, edit: SchemeEdit) -> int:
    return session.operate_by(lambda store: perform(store, session.annotator, edit)).operation.id


def labels(store: ProjectStore, key: int, annotator: str) -> list[tuple[int, str, bool]]:
    with store.reading() as reader:
        return [(span.start, span.label, span.decided) for span in reader.load(key, annotator).spans]


def everything(store: ProjectStore) -> dict[tuple[int, str], object]:
    with store.reading() as reader:
        assert reader.problems() == []
        return {(key, doc.annotator): (doc.spans, doc.relations, doc.cats, doc.status) for key, doc in reader.sets()}


def kinds(store: ProjectStore, key: int, annotator: str) -> list[EntryKind]:
    with store.reading() as reader:
        return [entry.kind for entry in reader.journal(key, annotator)]


def test_a_merge_reaches_the_spans_of_everybody_and_is_journalled_in_each_set(store: ProjectStore) -> None:
    report = perform(store, "ann", MERGE)
    assert (report.operation.title, report.keys, report.left_out) == ("Merge LOC into GPE", (1, 2), ())
    assert labels(store, 1, "ann") == [(0, "GPE", True)]
    assert labels(store, 2, "bob") == [(0, "PERSON", True), (17, "GPE", True), (31, "GPE", False)]
    assert labels(store, 2, "p") == [(0, "GPE", False), (17, "GPE", False), (31, "GPE", False)]
    with store.reading() as reader:
        assert reader.problems() == []
        assert reader.scheme().find_label("LOC") is None
        assert label_in(reader.scheme(), SPANS, "GPE").aliases == ("LOC",)
        assert reader.load(1, "ann").status is Status.DONE
        assert reader.load(2, "bob").status is Status.NEW
        parts = {(key, entry.annotator) for key, entry in reader.entries_of(report.operation.id)}
    assert parts == {(1, "ann"), (1, "p"), (2, "bob"), (2, "p")}


def test_a_merge_does_not_count_as_work_on_the_documents(store: ProjectStore) -> None:
    with store.reading() as reader:
        before = reader.finished_at("ann")
    operation = perform(store, "bob", MERGE).operation
    operations.undo(store, "bob", operation.id)
    with store.reading() as reader:
        assert reader.finished_at("ann") == before
        assert len(reader.journal(1, "ann")) == 5


def test_undo_and_redo_of_a_merge_reach_everybody_also_after_a_restart(path: Path) -> None:
    with ProjectStore.open(path) as first:
        before = everything(first)
        perform(first, "ann", MERGE)
        after = everything(first)
    with ProjectStore.open(path) as second:
        session = session_on(second)
        session.open(1)
        assert session.undo_operation is not None
        session.undo_whole(session.undo_operation)
        assert everything(second) == before
        assert session.scheme == load_scheme("news")
        assert session.redo_operation is not None
        session.redo_whole(session.redo_operation)
        assert everything(second) == after
        session.saver.close()


def test_a_new_document_opens_with_merged_suggestions_and_the_pipeline_may_go_on_with_the_old_name(
    store: ProjectStore,
) -> None:
    perform(store, "ann", MERGE)
    session = session_on(store, "cem")
    assert [span.label for span in session.open(2).spans] == ["GPE", "GPE", "GPE"]
    found = session.scheme.find_by_name("LOC")
    assert found is not None
    assert found.id == "GPE"
    session.saver.close()


def test_an_annotator_undoes_own_edits_only_not_what_another_did_to_the_scheme(store: ProjectStore) -> None:
    perform(store, "ann", MERGE)
    session = session_on(store, "bob")
    session.open(2)
    assert session.undo_operation is None
    while session.can_undo:
        session.undo()
    session.saver.flush()
    assert labels(store, 2, "bob") == [(0, "GPE", False), (31, "GPE", False)]
    while session.can_redo:
        session.redo()
    session.saver.flush()
    assert labels(store, 2, "bob") == [(0, "PERSON", True), (17, "GPE", True), (31, "GPE", False)]
    session.saver.close()


def test_an_edit_that_would_bring_a_deleted_label_back_cannot_be_undone_and_the_one_before_it_can(
    store: ProjectStore,
) -> None:
    write(store, 3, "bob", AddSpan(Span("n", 0, 2, "ORG")), AddSpan(Span("m", 3, 7, "LOC")), RemoveSpan("m"))
    perform(store, "ann", DeleteLabel(SPANS, "LOC"))
    session = session_on(store, "bob")
    session.open(3)
    with pytest.raises(UserError, match="deleted from the scheme"):
        session.undo()
    with pytest.raises(UserError, match="there is no span m"):
        session.undo()
    session.undo()
    assert len(session.doc.spans) == 0
    session.saver.close()


def test_deleting_a_label_takes_its_spans_with_their_relations_and_undo_brings_all_of_it_back(
    store: ProjectStore,
) -> None:
    perform(store, "ann", AddLabel(RELATIONS, Label("IN", "IN")))
    france = AddSpan(Span("f", 12, 18, "GPE"))
    write(store, 1, "ann", Batch((france, AddRelation(Relation("r", "p0", "f", "IN")))))
    before = everything(store)
    report = perform(store, "ann", DeleteLabel(SPANS, "LOC"))
    assert labels(store, 1, "ann") == [(12, "GPE", True)]
    assert labels(store, 1, "p") == []
    with store.reading() as reader:
        assert reader.load(1, "ann").relations == {}
    operations.undo(store, "ann", report.operation.id)
    assert everything(store) == before


def test_merging_relation_labels_and_document_labels_reaches_what_carries_them(store: ProjectStore) -> None:
    for name in ("IN", "AT"):
        perform(store, "ann", AddLabel(RELATIONS, Label(name, name)))
    for name in ("sport", "games"):
        perform(store, "ann", AddLabel(DOCUMENTS, Label(name, name)))
    france = AddSpan(Span("f", 12, 18, "GPE"))
    both = [AddRelation(Relation(name, "p0", "f", name)) for name in ("IN", "AT")]
    write(store, 1, "ann", Batch((france, *both, SetCat("games", 1.0))))
    before = everything(store)
    first = perform(store, "ann", MergeLabels(RELATIONS, ("AT",), "IN"))
    second = perform(store, "ann", MergeLabels(DOCUMENTS, ("games",), "sport"))
    with store.reading() as reader:
        doc = reader.load(1, "ann")
    assert [one.label for one in doc.relations.values()] == ["IN"]
    assert doc.cats == {"sport": 1.0}
    for report in (second, first):
        operations.undo(store, "ann", report.operation.id)
    assert everything(store) == before


def test_an_undo_leaves_alone_what_was_changed_since_and_names_it(store: ProjectStore) -> None:
    report = perform(store, "ann", MERGE)
    write(store, 1, "ann", Relabel("p0", "ORG"))
    undone = operations.undo(store, "ann", report.operation.id)
    assert undone.left_out == (("a", "it was changed since."),)
    assert labels(store, 1, "ann") == [(0, "ORG", True)]
    assert labels(store, 2, "bob")[-1] == (31, "LOC", False)


def test_suggestions_made_anew_since_a_merge_are_left_alone_by_its_undo(store: ProjectStore) -> None:
    report = perform(store, "ann", MERGE)
    with store.writing() as unit:
        unit.put_suggestions(1, "p", "p 2", [Span("p0", 12, 18, "GPE", decided=False, pipeline="p 2")])
    undone = operations.undo(store, "ann", report.operation.id)
    assert ("a", "it was changed since.") in undone.left_out
    assert labels(store, 1, "p") == [(12, "GPE", False)]
    assert kinds(store, 1, "p") == [EntryKind.EDIT, EntryKind.SUGGEST]
    with store.reading() as reader:
        assert reader.problems() == []
        assert 1 not in reader.unread_documents("p 2")


def test_a_label_that_is_used_cannot_go_by_an_undo(store: ProjectStore) -> None:
    report = perform(store, "ann", AddLabel(SPANS, Label("new", "CITY")))
    write(store, 3, "bob", AddSpan(Span("n", 0, 2, "new")))
    with pytest.raises(LabelStillUsed, match="CITY is used in 1 document by now; undo that first, or merge"):
        operations.undo(store, "ann", report.operation.id)
    with store.reading() as reader:
        assert label_in(reader.scheme(), SPANS, "new").name == "CITY"


def test_a_merge_is_not_made_again_when_its_label_was_given_anew(store: ProjectStore) -> None:
    report = perform(store, "ann", MERGE)
    operations.undo(store, "ann", report.operation.id)
    write(store, 3, "bob", AddSpan(Span("n", 0, 2, "LOC")))
    before = everything(store)
    with pytest.raises(LabelStillUsed, match="cannot be made again: LOC is used in"):
        operations.redo(store, "ann", report.operation.id)
    assert everything(store) == before


class Stopped(Silent):
    def is_cancelled(self) -> bool:
        return True


def test_a_cancelled_merge_changes_nothing(store: ProjectStore) -> None:
    before = everything(store)
    with pytest.raises(Cancelled):
        perform(store, "ann", MERGE, progress=Stopped())
    assert everything(store) == before
    with store.reading() as reader:
        assert reader.scheme() == load_scheme("news")


CITY, REGION = Label("c", "CITY"), Label("r", "REGION")
SPLIT = SplitLabel(SPANS, "LOC", (CITY, REGION))


def test_a_split_makes_a_queue_of_the_annotators_own_spans_and_nobody_can_give_the_label(store: ProjectStore) -> None:
    perform(store, "ann", SPLIT)
    desk = SchemeDesk(store, "ann")
    rows = desk.queue(SPANS, "LOC")
    assert [(row.span.key, row.span.start) for row in rows] == [(1, 0), (2, 0), (2, 17), (2, 31)]
    assert (rows[2].span.before, rows[2].span.surface) == ("Paris Hilton saw ", "Paris")
    assert rows[2].span.after == " and the Paris Bank."
    assert desk.waiting_for_others(SPANS, "LOC") == 2
    session = session_on(store)
    session.open(3)
    with pytest.raises(UserError, match="LOC was split; choose one of CITY, REGION"):
        session.perform(AddSpan(Span("n", 0, 2, "LOC")), {})
    session.saver.close()


def test_decisions_are_remembered_by_string_and_offered_first(store: ProjectStore) -> None:
    write(store, 3, "ann", AddSpan(Span("n", 3, 7, "LOC")))
    session = session_on(store)
    change(session, SPLIT)
    desk = SchemeDesk(store, "ann")
    first = next(row for row in desk.queue(SPANS, "LOC") if row.span.surface == "Paris")
    session.operate("Decide", decisions([first.span], "c"))
    rows = desk.queue(SPANS, "LOC")
    assert [row.span.surface for row in rows] == ["Paris", "Paris", "Paris", "name"]
    assert [row.proposal for row in rows] == ["c", "c", "c", ""]
    assert rows[0].decided_as == {"c": 1}
    session.saver.close()


def test_the_split_is_finished_when_nobody_has_anything_to_decide(store: ProjectStore) -> None:
    ann, bob = session_on(store), session_on(store, "bob")
    split = change(ann, SPLIT)
    rows = SchemeDesk(store, "ann").queue(SPANS, "LOC")
    assert ann.operate("Decide", decisions([row.span for row in rows], "c")).keys == (1, 2)
    assert labels(store, 1, "ann") == [(0, "c", True)]
    with pytest.raises(UserError, match="2 spans of LOC are not decided yet"):
        finish_split(store, "ann", SPANS, "LOC")
    rows = SchemeDesk(store, "bob").queue(SPANS, "LOC")
    bob.operate("Decide", decisions([row.span for row in rows], "r"))
    finish = finish_split(store, "bob", SPANS, "LOC").operation
    assert finish.title == "Finish the split of LOC"
    with store.reading() as reader:
        assert reader.scheme().find_label("LOC") is None
        assert reader.problems() == []
    assert labels(store, 2, "p") == []
    operations.undo(store, "bob", finish.id)
    with pytest.raises(LabelStillUsed, match="CITY is used in 2 documents by now"):
        ann.undo_whole(split)
    assert bob.undo_operation is not None
    bob.undo_whole(bob.undo_operation)
    ann.undo_whole(ann.undo_operation or 0)
    ann.undo_whole(split)
    assert labels(store, 1, "ann") == [(0, "LOC", True)]
    assert labels(store, 2, "bob") == [(0, "PERSON", True), (17, "LOC", False), (17, "GPE", True), (31, "LOC", False)]
    with store.reading() as reader:
        assert reader.scheme() == load_scheme("news")
    for session in (ann, bob):
        session.saver.close()


def test_a_split_of_a_label_without_spans_is_finished_at_once(store: ProjectStore) -> None:
    perform(store, "ann", SplitLabel(SPANS, "MONEY", (CITY, REGION)))
    with store.reading() as reader:
        assert reader.scheme().find_label("MONEY") is None
        assert reader.scheme().find_label("c") is not None


def test_a_preview_counts_everybody_but_shows_only_what_the_annotator_may_see(store: ProjectStore) -> None:
    preview = SchemeDesk(store, "ann").preview(SPANS, ["LOC", "PERSON"])
    counts = {(use.annotator, use.label_id): (use.count, use.undecided, use.documents) for use in preview.uses}
    assert counts == {
        ("ann", "LOC"): (1, 0, 1),
        ("bob", "LOC"): (2, 2, 1),
        ("bob", "PERSON"): (1, 0, 1),
        ("p", "LOC"): (4, 4, 2),
    }
    assert preview.count == 8
    assert [(row.key, row.start, row.label_id, row.is_decided) for row in preview.examples] == [
        (1, 0, "LOC", True),
        (2, 0, "LOC", False),
        (2, 17, "LOC", False),
        (2, 31, "LOC", False),
    ]


def test_names_that_spans_hold_stay(store: ProjectStore) -> None:
    perform(store, "ann", AddAttribute("entities", Attribute("kind")))
    write(store, 1, "ann", SetAttribute("p0", "kind", "capital"))
    assert SchemeDesk(store, "ann").attribute_count("entities", "kind") == 1
    with pytest.raises(UserError, match="the attribute kind cannot be renamed: 1 span holds its name"):
        perform(store, "ann", ChangeAttribute("entities", "kind", Attribute("sort")))
    with pytest.raises(UserError, match="the layer entities cannot be renamed: 9 spans hold its name"):
        perform(store, "ann", RenameLayer("entities", "names"))


def test_what_changes_nothing_is_no_step_of_undo(store: ProjectStore) -> None:
    with pytest.raises(UserError, match="the scheme is like this already"):
        perform(store, "ann", RenameLabel(SPANS, "GPE", "GPE"))
    with store.reading() as reader:
        assert reader.last_operations() == []


def test_the_page_knows_what_to_undo_and_to_make_again_after_a_restart(store: ProjectStore) -> None:
    desk = SchemeDesk(store, "ann")
    assert (desk.find_undoable(), desk.find_redoable()) == (None, None)
    first = perform(store, "ann", RekeyLabel(SPANS, "GPE", "")).operation
    second = perform(store, "bob", RenameLabel(SPANS, "GPE", "Country")).operation
    assert desk.find_undoable() == second
    operations.undo(store, "ann", second.id)
    assert (desk.find_undoable(), desk.find_redoable()) == (first, second)
    operations.redo(store, "ann", second.id)
    assert (desk.find_undoable(), desk.find_redoable()) == (second, None)
    operations.undo(store, "ann", second.id)
    perform(store, "ann", RenameLabel(SPANS, "GPE", "Land"))
    assert desk.find_redoable() is None


def test_a_scheme_goes_to_a_file_and_comes_back_also_into_a_project_that_uses_other_labels(
    store: ProjectStore, tmp_path: Path
) -> None:
    perform(store, "ann", SplitLabel(SPANS, "LOC", (CITY, REGION)))
    perform(store, "ann", AddAttribute("entities", Attribute("kind", labels=("GPE",))))
    file = tmp_path / "own.toml"
    scheme = SchemeDesk(store, "ann").scheme()
    save_scheme(scheme, file)
    assert load_scheme(str(file)) == scheme
    with ProjectStore.create(tmp_path / "new.annotator", load_scheme(str(file))) as made, made.reading() as reader:
        assert reader.scheme() == scheme
    other = LabelScheme("other", layers=(Layer("entities", (Label("GPE", "GPE"), Label("CAR", "CAR"))),))
    perform(store, "ann", TakeOverScheme(other))
    with store.reading() as reader:
        assert [one.name for one in reader.scheme().layers[0].labels] == ["GPE", "CAR", "PERSON", "LOC"]
        assert reader.problems() == []


def test_a_scheme_that_cannot_be_written_is_said(store: ProjectStore, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the scheme cannot be written"):
        save_scheme(load_scheme("news"), tmp_path / "missing" / "own.toml")
    assert list(tmp_path.glob("*.new")) == []


def test_every_journal_row_of_a_merge_can_be_replayed(store: ProjectStore) -> None:
    perform(store, "ann", MERGE)
    with store.reading() as reader:
        for key, annotator in ((1, "ann"), (2, "bob")):
            doc = reader.load(key, annotator)
            for entry in reversed(reader.journal(key, annotator)):
                doc = apply(doc, entry.inverse).doc
            assert len(doc.spans) == 0


def test_a_merged_label_comes_back_as_its_successor_whatever_its_name_means_by_now(store: ProjectStore) -> None:
    write(store, 3, "bob", AddSpan(Span("n", 0, 2, "LOC")), RemoveSpan("n"))
    perform(store, "ann", MERGE)
    perform(store, "ann", NameAliases(SPANS, "GPE", ()))
    perform(store, "ann", RenameLabel(SPANS, "ORG", "LOC"))
    session = session_on(store, "bob")
    session.open(3)
    session.undo()
    assert [span.label for span in session.doc.spans] == ["GPE"]
    session.saver.close()


def test_what_comes_back_with_a_successor_is_refused_where_that_stands_already(store: ProjectStore) -> None:
    write(store, 3, "bob", AddSpan(Span("m", 0, 2, "GPE")), AddSpan(Span("n", 0, 2, "LOC")), RemoveSpan("n"))
    perform(store, "ann", MERGE)
    session = session_on(store, "bob")
    session.open(3)
    with pytest.raises(UserError, match="GPE is already on these words"):
        session.undo()
    assert [span.id for span in session.doc.spans] == ["m"]
    session.saver.close()


def test_an_edit_is_not_made_again_with_a_label_that_was_split(store: ProjectStore) -> None:
    session = session_on(store)
    session.open(3)
    session.perform(AddSpan(Span("n", 0, 2, "LOC")), {})
    session.undo()
    change(session, SPLIT)
    with pytest.raises(UserError, match="LOC was split; choose one of CITY, REGION"):
        session.redo()
    assert len(session.doc.spans) == 0
    session.saver.close()


def test_a_scheme_taken_over_still_knows_what_was_merged(store: ProjectStore) -> None:
    perform(store, "ann", MERGE)
    other = LabelScheme("other", layers=(Layer("entities", (Label("place", "GPE"), Label("who", "PERSON"))),))
    perform(store, "ann", TakeOverScheme(other))
    with store.reading() as reader:
        assert label_in(reader.scheme(), SPANS, "GPE").replaces == ("LOC",)
