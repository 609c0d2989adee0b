"""Every kind of fault, planted behind the store's back, is found; what can be mended is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.domain.edits import AddSpan
from annotator.store import Problem, ProjectLocked, ProjectStore
from tests.store.making import ANN, BOB, document, empty_set, make, run_sql, write


@pytest.fixture
def store(path: Path) -> ProjectStore:
    """A closed project with two documents and two spans."""
    with make(path, document(), document("d2", "Another text.")) as made:
        write(made, empty_set(), AddSpan(ANN), AddSpan(BOB))
        return made


def problems(path: Path, *, read_only: bool = False) -> list[Problem]:
    with ProjectStore.open(path, read_only=read_only) as store, store.reading() as reader:
        return reader.problems()


def repair(path: Path) -> list[str]:
    with ProjectStore.open(path) as store:
        with store.reading() as reader:
            found = reader.problems()
        with store.writing() as unit:
            return unit.repair(found)


def test_a_clean_project_has_no_problem(store: ProjectStore, path: Path) -> None:
    assert problems(path) == []
    assert repair(path) == []


def test_a_clean_write_protected_project_has_no_problem(store: ProjectStore, path: Path) -> None:
    path.chmod(0o444)
    assert problems(path, read_only=True) == []


def test_a_write_elsewhere_is_not_taken_for_a_problem(store: ProjectStore, path: Path) -> None:
    with (
        ProjectStore.open(path, busy_timeout_s=0.05) as one,
        one.writing(),
        pytest.raises(ProjectLocked, match="another program is writing"),
        one.reading() as reader,
    ):
        reader.problems()


def test_a_project_is_checked_while_somebody_annotates_it(store: ProjectStore, path: Path) -> None:
    with ProjectStore.open(path) as one, ProjectStore.open(path) as other, one.reading() as reader:
        assert reader.last_seq(2, "alice") == 0
        write(other, empty_set(document("d2", "Another text.")), AddSpan(ANN), key=2)
        assert reader.problems() == []
        assert reader.last_seq(2, "alice") == 0


@pytest.mark.parametrize(
    ("statement", "where", "what"),
    [
        ("UPDATE document SET text = 'Eve' || substr(text, 4) WHERE id = 1", "d1 alice 0–3", "but 'Eve' stands there"),
        ("UPDATE span SET end_char = 999 WHERE span_id = 's1'", "d1 alice 0–999", "ends after the text"),
        ("UPDATE span SET label_id = 'GHOST' WHERE span_id = 's1'", "d1 alice 0–3", "'GHOST' is not in the scheme"),
        ("UPDATE span SET layer = 'moods' WHERE span_id = 's1'", "d1 alice 0–3", "layer 'moods'"),
        ("UPDATE tokenization SET starts = x'00' WHERE document_id = 2", "d2 tokens", "cannot be read"),
        ("UPDATE tokenization SET starts = ends WHERE document_id = 2", "d2 tokens", "not in order"),
        ("UPDATE tokenization SET sentence_starts = x'00' WHERE document_id = 2", "d2 tokens", "cannot be read"),
        ("UPDATE document SET length_chars = 3 WHERE id = 2", "d2 tokens", "reach beyond the text"),
        ("UPDATE annotation_set SET span_count = 7", "d1 alice", "counters"),
        ("UPDATE annotation_set SET undecided_count = 1", "d1 alice", "counters"),
        ("UPDATE annotation_set SET last_seq = 5", "d1 alice", "the journal has 2 rows where 5 were written"),
        ("DELETE FROM annotation_set", "file", "points to a missing row of annotation_set"),
        ("DELETE FROM document WHERE id = 1", "file", "points to a missing row of document"),
        ("INSERT INTO document_fts(document_fts) VALUES ('delete-all')", "search index", "does not say"),
    ],
)
def test_a_planted_fault_is_found(store: ProjectStore, path: Path, statement: str, where: str, what: str) -> None:
    run_sql(path, statement)
    assert any(one.where == where and what in one.what for one in problems(path)), problems(path)


def test_counters_and_index_are_mended_and_nothing_else(store: ProjectStore, path: Path) -> None:
    run_sql(
        path,
        "UPDATE annotation_set SET span_count = 7, undecided_count = 3",
        "INSERT INTO document_fts(document_fts) VALUES ('delete-all')",
        "UPDATE span SET label_id = 'GHOST' WHERE span_id = 's1'",
    )
    done = repair(path)
    assert done == ["The search index was rebuilt", "The counters of 1 annotation sets were corrected"]
    assert [one.what for one in problems(path)] == ["the label 'GHOST' is not in the scheme's layer 'entities'"]
    with ProjectStore.open(path) as mended, mended.reading() as reader:
        assert [row.id for row in reader.listing("alice", query="anot")] == ["d2"]
        assert [row.spans for row in reader.listing("alice")] == [2, 0]
