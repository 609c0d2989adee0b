"""A project of schema 0004 gets an id of its own and the tables of a team; nothing else changes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.domain.edits import AddSpan
from annotator.store import ProjectStore, sqlite
from annotator.store.migrations import upgrade
from tests.store.making import ANN, SCHEME, document, empty_set, load, make, run_sql, write


def project_id(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT value FROM project_fact WHERE name = 'project_id'").fetchone()
    return str(json.loads(row[0]))


def older(path: Path) -> None:
    sqlite.prepare_new_file(path)
    with ProjectStore(sqlite.make_engine(path), path) as store, store.writing() as unit:
        upgrade(unit._connection, "0004")
        unit.save_scheme(SCHEME)
        unit.add_document(document())


def test_an_older_project_gets_an_id_and_keeps_what_it_holds(path: Path) -> None:
    older(path)
    with ProjectStore(sqlite.make_engine(path), path) as store:
        held = write(store, empty_set(), AddSpan(ANN))
    with ProjectStore.open(path) as store:
        assert load(store) == held
        with store.reading() as reader:
            assert reader.problems() == []
    given = project_id(path)
    ProjectStore.open(path).close()
    assert project_id(path) == given and len(given) == 36


def test_no_two_projects_have_the_same_id(tmp_path: Path) -> None:
    make(tmp_path / "a").close()
    make(tmp_path / "b").close()
    assert project_id(tmp_path / "a") != project_id(tmp_path / "b")


@pytest.mark.parametrize("outcome", ["taken", "majority", "union", "none", "edited"])
def test_a_ruling_is_about_a_set_that_exists(path: Path, outcome: str) -> None:
    with make(path, document()) as store:
        write(store, empty_set(), AddSpan(ANN))
    values = f"(1, 1, 'r', 0, 3, '{outcome}', '[]', '', 'alice', '2026', '{{}}')"
    run_sql(path, f"INSERT INTO ruling VALUES {values}")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        run_sql(path, f"INSERT INTO ruling VALUES {values}")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        run_sql(path, "PRAGMA foreign_keys = ON", f"INSERT INTO ruling VALUES {values.replace('(1, 1', '(1, 9')}")


def test_an_unknown_outcome_of_a_ruling_is_refused(path: Path) -> None:
    with make(path, document()) as store:
        write(store, empty_set(), AddSpan(ANN))
    with pytest.raises(sqlite3.IntegrityError, match="outcome_is_known"):
        run_sql(path, "INSERT INTO ruling VALUES (1, 1, 'r', 0, 3, 'guessed', '[]', '', 'alice', '2026', '{}')")
