"""A project of schema 0003 with data: strings are folded anew, everything else stays, and the new indexes are used."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.domain.edits import AddSpan, SetNote
from annotator.domain.folding import fold, surface_of
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Span
from annotator.store import ProjectStore, sqlite
from annotator.store.migrations import upgrade
from annotator.store.tables import SCHEMA_VERSION
from tests.store.making import SCHEME, document, empty_set, load, run_sql, write

TEXT = "O’Neil met O'Neil. The O’Neil, or “the boss” (O’Neil) of D’Arcy and her O’Neil."
TYPOGRAPHIC = Span("s1", 0, 6, "PERSON", note="who?")
PLAIN = Span("s2", 11, 17, "PERSON")
QUOTED = Span("s3", TEXT.index("“"), TEXT.index("”") + 1, "PERSON")
AT, LAST = TEXT.index("D’Arcy"), len(TEXT) - 1
IN_PARTS = Span("s4", AT, LAST, "PERSON", fragments=((AT, AT + 6), (LAST - 6, LAST)))
SUGGESTED = Span("p1", 23, 29, "ORG", origin=Origin.PIPELINE, decided=False, score=0.2, pipeline="p 1")
OLD_FOLDS = {
    "s1": "o’neil",
    "s2": "o'neil",
    "s3": "boss",
    "s4": "arcy o’neil",
    "p1": "o’neil",
}
"""What was stored before apostrophes were alike."""


@pytest.fixture
def old(path: Path) -> AnnotatedDocument:
    """Such a project at ``path``; what alice's set is."""
    sqlite.prepare_new_file(path)
    with ProjectStore(sqlite.make_engine(path), path) as store:
        with store.writing() as unit:
            upgrade(unit._connection, "0003")
            unit.save_scheme(SCHEME)
            unit.add_document(document("d1", TEXT))
            unit.put_suggestions(1, "p", "p 1", [SUGGESTED])
        edits = [AddSpan(span) for span in (TYPOGRAPHIC, PLAIN, QUOTED, IN_PARTS)]
        held = write(store, empty_set(document("d1", TEXT)), *edits, SetNote("look again"))
    run_sql(path, *(_fold_as_before(span_id, folded) for span_id, folded in OLD_FOLDS.items()))
    assert folds(path) == OLD_FOLDS
    return held


def _fold_as_before(span_id: str, folded: str) -> str:
    return f"UPDATE span SET folded = '{folded.replace(chr(39), chr(39) * 2)}' WHERE span_id = '{span_id}'"


def folds(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT span_id, folded FROM span").fetchall())


def plan(path: Path, query: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}"))


def test_strings_are_folded_anew_and_nothing_else_changes(path: Path, old: AnnotatedDocument) -> None:
    with ProjectStore.open(path) as store:
        assert load(store) == old
        with store.reading() as reader:
            assert reader.problems() == []
            assert len(reader.journal(1, "alice")) == 5
            assert reader.dismissed("alice") == []
    spans = (TYPOGRAPHIC, PLAIN, QUOTED, IN_PARTS, SUGGESTED)
    assert folds(path) == {span.id: fold(surface_of(TEXT, span)) for span in spans}
    assert folds(path)["s1"] == folds(path)["s2"] == folds(path)["p1"] == "o'neil"
    assert folds(path)["s4"] == "arcy o'neil"


def test_the_older_project_is_kept_as_it_was(path: Path, old: AnnotatedDocument) -> None:
    ProjectStore.open(path).close()
    backup = path.with_name(f"{path.name}.bak-0003")
    assert folds(backup) == OLD_FOLDS
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0003",)
    with ProjectStore.open(backup) as again:
        assert load(again) == old


def test_what_is_written_later_is_folded_like_what_was_migrated(path: Path, old: AnnotatedDocument) -> None:
    with ProjectStore.open(path) as store:
        write(store, old, AddSpan(Span("n", 23, 29, "ORG")))
    assert folds(path)["n"] == folds(path)["s1"]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT document_id FROM span WHERE note <> ''", "ix_span_document_id_annotator_id"),
        (
            "SELECT note FROM annotation_set WHERE note <> '' AND annotator_id = 1",
            "ix_annotation_set_annotator_id",
        ),
        ("SELECT document_id FROM span WHERE score < 0.1", "ix_span_score"),
    ],
)
def test_the_indexes_are_of_use(path: Path, old: AnnotatedDocument, query: str, index: str) -> None:
    ProjectStore.open(path).close()
    assert f"INDEX {index} " in plan(path, query) + " "


def test_a_second_migration_does_nothing(path: Path, old: AnnotatedDocument) -> None:
    ProjectStore.open(path).close()
    before = folds(path)
    with ProjectStore.open(path) as store, store.reading() as reader:
        assert reader._connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == SCHEMA_VERSION
    assert folds(path) == before


def test_dismissals_are_per_annotator_and_need_a_key(path: Path, old: AnnotatedDocument) -> None:
    with ProjectStore.open(path) as store:
        with store.writing() as unit:
            unit.dismiss("alice", ["a", "b", "a"], "2026")
            unit.dismiss("bob", ["b"], "2026")
            unit.dismiss("alice", ["b", "c"], "2027")
        with store.writing() as unit:
            unit.take_back_dismissals("alice", ["a", "never there"])
        with store.reading() as reader:
            assert (reader.dismissed("alice"), reader.dismissed("bob")) == (["b", "c"], ["b"])
            assert reader.dismissed("nobody") == []
    with pytest.raises(sqlite3.IntegrityError, match="ck_dismissal_entry_is_given"):
        run_sql(path, "INSERT INTO dismissal VALUES (1, '', '2026')")
