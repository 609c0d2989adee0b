"""Assign, hand out, label elsewhere, collect: blind, the same when done twice, and nothing taken that does not fit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from annotator.domain.assigning import PerDocument
from annotator.domain.edits import AddSpan, Edit, Relabel, SetNote, SetStatus
from annotator.domain.projects import Annotator, Status
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import EntryKind, Operation, ProjectExists, ProjectStore
from annotator.workflows.assigning import AssignmentRefused, AssignRequest, assign, work_done
from annotator.workflows.collecting import Collected, collect
from annotator.workflows.handing_out import HandoutRefused, hand_out
from annotator.workflows.progress import Cancelled, Silent
from annotator.workflows.project import Project
from annotator.workflows.schemes import load_scheme
from annotator.workflows.sets import append, begun_set

TEXTS = {"a": "Paris is in France.", "b": "Paris Hilton is in Paris.", "c": "No name here.", "d": "Rome fell."}
SECRET = "bob-only-remark"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.create(tmp_path / "p.annotator", load_scheme("news")) as made:
        with made.writing() as unit:
            for name, text in TEXTS.items():
                key = unit.add_document(Document(name, text, extra={"kept": f"{SECRET} in extra"}))
                unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
            paris = Span("p", 0, 5, "GPE", origin=Origin.PIPELINE, decided=False, score=0.8, pipeline="p 1")
            unit.put_suggestions(1, "p", "p 1", [paris])
            unit.add_guideline("# GPE\nCities.", "bob", "2026-01-01T00:00:00.000+00:00")
        edit(made, "bob", 1, SetNote(SECRET))
        edit(made, "alice", 2, AddSpan(Span("h", 0, 12, "PERSON")))
        yield made


def edit(store: ProjectStore, name: str, key: int, *edits: Edit) -> None:
    with store.writing() as unit:
        unit.ensure_annotator(Annotator(name))
        doc = begun_set(unit, key, name)
        for one in edits:
            doc = append(unit, key, doc, one)


def handed_out(store: ProjectStore, name: str = "alice") -> Path:
    out = Path(store.location).with_name(f"{name}.annotator")
    hand_out(store, name, out)
    return out


def label_in(path: Path, key: int, *edits: Edit, name: str = "alice") -> None:
    with ProjectStore.open(path) as file:
        edit(file, name, key, *edits)


def everything(store: ProjectStore) -> list[str]:
    with closing(sqlite3.connect(store.location)) as connection:
        return list(connection.iterdump())


def run_sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for trigger in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS journal_refuses_{trigger}")
        for statement in statements:
            connection.execute(statement)


def collected(store: ProjectStore, path: Path) -> Collected:
    (report,) = collect(store, [path])
    return report


def test_what_others_labelled_is_not_in_the_file_not_even_in_free_pages(store: ProjectStore) -> None:
    content = handed_out(store).read_bytes()
    assert SECRET.encode() not in content
    assert b"bob" not in content
    assert b"alice" in content and b"Cities." in content


def test_the_file_shows_what_the_annotator_would_see(store: ProjectStore) -> None:
    path = handed_out(store)
    with Project.open(path) as file, Project.open(store.location) as project:
        assert file.find_owner() == "alice" and project.find_owner() is None
        assert [row.id for row in file.listing("alice")] == list(TEXTS)
        for row in project.listing("alice"):
            ours, theirs = project.load(row.key, "alice"), file.load(row.key, "alice")
            assert (ours.spans, ours.status, ours.document.tokens) == (
                theirs.spans,
                theirs.status,
                theirs.document.tokens,
            )
        assert file.check() == []
        (guideline,) = file.guidelines.versions()
        assert guideline.body == "# GPE\nCities."
    assert not [one for one in path.parent.iterdir() if one.name.startswith(".")]


def test_only_what_is_assigned_is_handed_out(store: ProjectStore) -> None:
    assign(store, AssignRequest(("alice", "bob"), PerDocument(1), seed=4))
    with store.reading() as reader:
        mine = [row.id for row in reader.listing("alice", only_assigned=True)]
        assert len(mine) == 2 and reader.listing("nobody", only_assigned=True) == []
    with Project.open(handed_out(store)) as file:
        assert [row.id for row in file.listing("alice", only_assigned=True)] == mine
        assert [row.id for row in file.listing("alice")] == mine


def test_what_was_labelled_is_collected_once_with_its_own_times(store: ProjectStore) -> None:
    path = handed_out(store)
    label_in(path, 2, Relabel("h", "ORG"), SetStatus(Status.DONE))
    label_in(path, 1, SetNote("sure"))
    report = collected(store, path)
    assert (report.documents, report.edits, report.is_whole) == (2, 4, True)
    with ProjectStore.open(path) as file, file.reading() as theirs, store.reading() as ours:
        for key in (1, 2):
            assert ours.load(key, "alice").spans == theirs.load(key, "alice").spans
            assert [one.at for one in ours.journal(key, "alice")] == [one.at for one in theirs.journal(key, "alice")]
        assert ours.problems() == []
        assert ours.load(1, "bob").note == SECRET
    before = everything(store)
    again = collected(store, path)
    assert (again.documents, again.edits, again.is_whole) == (0, 0, True)
    assert everything(store) == before


def test_a_file_that_went_on_is_collected_again(store: ProjectStore) -> None:
    path = handed_out(store)
    label_in(path, 2, SetNote("one"))
    collected(store, path)
    label_in(path, 2, SetNote("two"))
    assert (collected(store, path).edits, collected(store, path).edits) == (1, 0)


def test_a_set_that_went_on_in_both_places_is_reported_and_left_alone(store: ProjectStore) -> None:
    path = handed_out(store)
    label_in(path, 2, SetNote("there"))
    label_in(path, 3, SetNote("taken"))
    edit(store, "alice", 2, SetNote("here"))
    report = collected(store, path)
    assert [one.document for one in report.forked] == ["b"]
    assert (report.documents, report.refused, report.is_whole) == (1, "", False)
    with store.reading() as reader:
        assert (reader.load(2, "alice").note, reader.load(3, "alice").note) == ("here", "taken")


def test_an_older_state_of_a_file_takes_nothing_back(store: ProjectStore) -> None:
    path = handed_out(store)
    edit(store, "alice", 2, SetNote("here"))
    assert collected(store, path).is_whole
    with store.reading() as reader:
        assert reader.load(2, "alice").note == "here"


def test_a_label_that_the_scheme_lost_is_reported(store: ProjectStore) -> None:
    path = handed_out(store)
    label_in(path, 3, AddSpan(Span("x", 0, 2, "LANGUAGE")))
    with store.writing() as unit:
        unit.save_scheme(load_scheme("conll"))
    report = collected(store, path)
    assert [(one.document, one.label) for one in report.unknown_labels] == [("c", "LANGUAGE entities")]
    with store.reading() as reader:
        assert not reader.has_set(3, "alice")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE document SET text = 'Paris is in Francf.' WHERE id = 1", "text of the document 'a'"),
        ("UPDATE document SET external_id = 'z' WHERE id = 4", "'z' is not in the project"),
        ("UPDATE span SET label_id = 'ORG' WHERE span_id = 'h'", "does not lead to the labels"),
        ("UPDATE annotation_set SET note = 'x' WHERE document_id = 2", "does not lead to the labels"),
        ('UPDATE journal SET edit = \'{"edit": "add_span"}\'', "did not write"),
        ("UPDATE journal SET edit = 'no json'", "did not write"),
        ("UPDATE journal SET at = 'yesterday'", "did not write"),
        ('UPDATE journal SET inverse = \'{"edit": "set_note", "note": "x"}\' WHERE seq = 2', "cannot be undone"),
        ("DELETE FROM journal WHERE seq = 1", "damaged"),
        ("DROP TABLE dismissal", "has no table 'dismissal'"),
        ("UPDATE alembic_version SET version_num = '9999'", "newer Annotator"),
        ("UPDATE project_fact SET value = '\"elsewhere\"' WHERE name = 'handed_out_by'", "another project"),
        ("UPDATE project_fact SET value = '\"x\"' WHERE name = 'handout_id'", "does not remember"),
        ("UPDATE project_fact SET value = '\"bob\"' WHERE name = 'handed_out_to'", "handed out to alice"),
        ("DELETE FROM project_fact WHERE name = 'handed_out_by'", "was not handed out"),
        ("INSERT INTO annotator (name, kind) VALUES ('bob', 'human')", "but bob labelled in it"),
    ],
)
def test_a_file_that_was_tampered_with_is_refused_whole(store: ProjectStore, statement: str, words: str) -> None:
    path = handed_out(store)
    label_in(path, 2, SetNote("taken"))
    run_sql(path, statement)
    before = everything(store)
    report = collected(store, path)
    assert words in report.refused and "\n" not in report.refused
    assert (report.edits, everything(store)) == (0, before)


def test_a_file_that_is_no_project_or_cut_off_does_not_stop_the_others(store: ProjectStore, tmp_path: Path) -> None:
    good = handed_out(store)
    label_in(good, 2, SetNote("taken"))
    (tmp_path / "text").write_text("hello")
    cut = tmp_path / "cut.annotator"
    cut.write_bytes(good.read_bytes()[:30_000])
    reports = collect(store, [tmp_path / "text", tmp_path / "missing", cut, Path(store.location), good])
    assert [bool(one.refused) for one in reports] == [True, True, True, True, False]
    assert reports[-1].edits == 1


def test_a_file_that_was_handed_out_has_no_team(store: ProjectStore, tmp_path: Path) -> None:
    with ProjectStore.open(handed_out(store)) as file:
        with pytest.raises(AssignmentRefused, match="handed out to alice"):
            assign(file, AssignRequest(("alice",)))
        with pytest.raises(AssignmentRefused, match="handed out to alice"):
            hand_out(file, "alice", tmp_path / "again")
        with pytest.raises(AssignmentRefused, match="handed out to alice"):
            collect(file, [tmp_path / "again"])


def test_nobody_is_handed_out_who_is_not_there(store: ProjectStore, tmp_path: Path) -> None:
    with pytest.raises(HandoutRefused, match="no annotator 'zoe'"):
        hand_out(store, "zoe", tmp_path / "z.annotator")
    assert not (tmp_path / "z.annotator").exists()


def test_an_assignment_can_be_by_words_and_status(store: ProjectStore) -> None:
    by_words = assign(store, AssignRequest(("zoe",), query="Paris"))
    assert [document for document, _ in by_words.added] == ["a", "b"]
    unbegun = assign(store, AssignRequest(("zoe",), statuses=(Status.NEW,)))
    assert [document for document, _ in unbegun.added] == ["c", "d"]
    with pytest.raises(AssignmentRefused, match="is a pipeline"):
        assign(store, AssignRequest(("p",)))


def test_time_is_counted_without_pauses_of_more_than_two_minutes(store: ProjectStore) -> None:
    edit(store, "zoe", 3, SetNote("once"))
    edit(store, "zoe", 4, SetNote("1"), SetNote("2"), SetNote("3"), SetStatus(Status.DONE))
    times = ["10:00:00", "10:01:00", "10:03:00", "10:05:01"]
    run_sql(
        Path(store.location),
        *(
            f"UPDATE journal SET at = '2026-01-01T{at}.000+00:00' WHERE document_id = 4 AND seq = {seq}"
            for seq, at in enumerate(times, 1)
        ),
    )
    assign(store, AssignRequest(("zoe",), query="Rome"))
    zoe = next(one for one in work_done(store) if one.annotator == "zoe")
    assert (zoe.assigned, zoe.done, zoe.in_progress, zoe.seconds_each) == (1, 1, 0, 180.0)


def operate(path: Path, title: str, edits: dict[int, Edit], *, undoes: int | None = None) -> int:
    """One operation over several documents, made or (``undoes``) taken back in a file."""
    kind = EntryKind.EDIT if undoes is None else EntryKind.UNDO
    with ProjectStore.open(path) as file, file.writing() as unit:
        made = unit.add_operation(Operation("alice", title, "2026-01-01T00:00:00.000+00:00", kind, undoes))
        for key, one in edits.items():
            append(unit, key, begun_set(unit, key, "alice"), one, kind=kind, operation=made.id)
    return made.id


def test_an_operation_of_the_file_is_one_operation_here(store: ProjectStore) -> None:
    with store.writing() as unit:
        unit.add_operation(Operation("bob", "Bob's", "2026-01-01T00:00:00.000+00:00"))
    path = handed_out(store)
    made = operate(path, "Note both", {2: SetNote("x"), 3: SetNote("x")})
    collected(store, path)
    operate(path, "Undo", {2: SetNote(""), 3: SetNote("")}, undoes=made)
    collected(store, path)
    with store.reading() as reader:
        undo, note, bobs = reader.last_operations()
        assert [one.title for one in (undo, note, bobs)] == ["Undo", "Note both", "Bob's"]
        assert (undo.undoes, undo.kind, undo.annotator) == (note.id, EntryKind.UNDO, "alice")
        assert [key for key, _ in reader.entries_of(note.id)] == [2, 3]
        assert reader.undone_operations([note.id]) == {note.id}


def test_what_was_known_before_and_was_rewritten_is_never_taken(store: ProjectStore) -> None:
    path = handed_out(store)
    label_in(path, 2, SetNote("new"))
    run_sql(path, "UPDATE journal SET at = '2020-01-01T00:00:00.000+00:00' WHERE document_id = 2 AND seq = 1")
    before = everything(store)
    report = collected(store, path)
    assert [one.document for one in report.forked] == ["b"] and report.edits == 0
    assert everything(store) == before


class Cancelling(Silent):
    """Cancels at once."""

    def is_cancelled(self) -> bool:
        return True


def test_a_hand_out_that_is_stopped_leaves_no_file(store: ProjectStore, tmp_path: Path) -> None:
    before = sorted(one.name for one in tmp_path.iterdir())
    with pytest.raises(Cancelled):
        hand_out(store, "alice", tmp_path / "x.annotator", Cancelling())
    assert sorted(one.name for one in tmp_path.iterdir()) == before
    with store.reading() as reader:
        assert reader.team().handouts() == []


def test_a_file_that_is_there_is_not_overwritten(store: ProjectStore, tmp_path: Path) -> None:
    (tmp_path / "x.annotator").write_text("mine")
    with pytest.raises(ProjectExists):
        hand_out(store, "alice", tmp_path / "x.annotator")
    assert (tmp_path / "x.annotator").read_text() == "mine"
