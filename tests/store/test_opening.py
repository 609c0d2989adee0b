"""What can lie where a project should be: one sentence each, and nothing is harmed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, select

from annotator.domain.codec import edit_to_plain
from annotator.domain.edits import AddRelation, AddSpan
from annotator.domain.spans import Relation
from annotator.store import (
    NotAProject,
    ProjectExists,
    ProjectMissing,
    ProjectNewer,
    ProjectReadOnly,
    ProjectStore,
    StoreFault,
    sqlite,
)
from annotator.store import migrations as migrations_package
from annotator.store.migrations import upgrade
from annotator.store.project_store import schema_version
from annotator.store.tables import SCHEMA_VERSION, dump_json, span
from tests.store.making import (
    ANN,
    AT,
    BOB,
    SCHEME,
    document,
    empty_set,
    entries_for,
    load,
    long_notes,
    make,
    run_sql,
    write,
)


def other_database(path: Path) -> None:
    run_sql(path, "CREATE TABLE t (x)")


def nothing(path: Path) -> None:
    assert not path.exists()


def folder(path: Path) -> None:
    path.mkdir()


def lies_about_itself(path: Path) -> None:
    run_sql(path, f"PRAGMA application_id = {sqlite.APPLICATION_ID}", "CREATE TABLE t (x)")


def truncated(path: Path, to: int = 6000) -> None:
    with make(path, document()) as store:
        write(store, empty_set(), *long_notes(5))
    with path.open("r+b") as file:
        file.truncate(to)


def only_head(path: Path) -> None:
    truncated(path, to=100)


def scribbled(path: Path) -> None:
    truncated(path, to=100)
    with path.open("ab") as file:
        file.write(b"\xff" * 50_000)


@pytest.mark.parametrize(
    ("prepare", "kind", "words"),
    [
        (nothing, ProjectMissing, "there is no such project"),
        (folder, NotAProject, "a folder, not a project"),
        (lambda path: path.touch(), NotAProject, "an empty file, not an Annotator project"),
        (lambda path: path.write_text("hello\n" * 99), NotAProject, "another kind of file"),
        (lambda path: path.write_bytes(b"SQLite format 3\0"), NotAProject, "another kind of file"),
        (other_database, NotAProject, "another kind of file"),
        (lies_about_itself, NotAProject, "has no schema"),
        (truncated, NotAProject, "the project's file is damaged"),
        (only_head, NotAProject, "project"),
        (scribbled, NotAProject, "project"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_no_project_is_refused_in_one_sentence_and_left_alone(
    path: Path, prepare: Callable[[Path], None], kind: type[StoreFault], words: str, read_only: bool
) -> None:
    prepare(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(kind, match=words) as fault:
        ProjectStore.open(path, read_only=read_only)
    assert str(fault.value).startswith(f"{path}: ")
    assert "\n" not in str(fault.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_lost_end_is_told_when_it_is_read(path: Path) -> None:
    with make(path, document()) as store:
        write(store, empty_set(), *long_notes(30))
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 8 * 4096)
    with pytest.raises(NotAProject, match="damaged"), ProjectStore.open(path) as store, store.reading() as reader:
        reader.journal(1, "alice")


def test_no_file_is_overwritten_by_a_new_project(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(ProjectExists):
        ProjectStore.create(path, SCHEME)
    assert path.read_text() == "mine"
    with pytest.raises(ProjectMissing, match="no such folder"):
        ProjectStore.create(path.parent / "missing" / "p", SCHEME)


@pytest.mark.parametrize("name", ["with space?#%41.annotator", "été 👍.annotator", "file:x", "a;b&mode=ro"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with make(tmp_path / name, document()) as store:
        write(store, empty_set(), AddSpan(ANN))
    assert [file.name for file in tmp_path.iterdir()] == [name]
    with ProjectStore.open(tmp_path / name) as store:
        assert len(load(store).spans) == 1


def test_a_server_is_refused_clearly() -> None:
    with pytest.raises(StoreFault, match="server"):
        ProjectStore.open("postgresql://host/db")


def test_a_write_protected_project_is_read_and_never_written(store: ProjectStore, path: Path) -> None:
    expected = write(store, empty_set(), AddSpan(ANN))
    store.close()
    path.chmod(0o444)
    with pytest.raises(ProjectReadOnly, match="may not be written"):
        ProjectStore.open(path)
    before = path.read_bytes()
    with ProjectStore.open(path, read_only=True) as protected:
        assert load(protected) == expected
        with pytest.raises(ProjectReadOnly, match="may not be written"), protected.writing() as unit:
            unit.save_scheme(SCHEME)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_newer_project_is_refused_and_left_alone(store: ProjectStore, path: Path) -> None:
    store.close()
    run_sql(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(ProjectNewer, match=r"schema 9999.*update Annotator"):
        ProjectStore.open(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def at_revision(path: Path, revision: str) -> None:
    """A project as an older Annotator left it, with a set, two spans and a relation."""
    sqlite.prepare_new_file(path)
    with ProjectStore(sqlite.make_engine(path), path) as store, store.writing() as unit:
        upgrade(unit._connection, revision)
        unit.save_scheme(SCHEME)
        unit.add_document(document())
    edits = (AddSpan(ANN), AddSpan(BOB), AddRelation(Relation("r", "s1", "s2", "MET")))
    entries = entries_for(empty_set(), edits)
    run_sql(
        path,
        "INSERT INTO annotator VALUES (1, 'alice', 'human')",
        f"INSERT INTO annotation_set (document_id, annotator_id, {SET_COLUMNS}) "
        f"VALUES (1, 1, 'new', '', '{{}}', '', 2, 0, 3, '{AT}')",
        *(
            f"INSERT INTO span (document_id, annotator_id, {SPAN_COLUMNS}) VALUES (1, 1, '{held.id}', {held.start}, "
            f"{held.end}, '{held.label}', 'entities', '{document().text[held.start : held.end]}', 'human', 1, '', '')"
            for held in (ANN, BOB)
        ),
        "INSERT INTO relation VALUES (1, 1, 'r', 's1', 's2', 'MET', NULL)",
        *(
            "INSERT INTO journal (document_id, annotator_id, seq, kind, at, edit, inverse, view) VALUES (1, 1, "
            f"{entry.seq}, 'edit', '{AT}', '{dump_json(edit_to_plain(entry.edit))}', "
            f"'{dump_json(edit_to_plain(entry.inverse))}', '{{}}')"
            for entry in entries
        ),
    )


SET_COLUMNS = "status, note, cats, pipeline, span_count, undecided_count, last_seq, updated_at"
SPAN_COLUMNS = "span_id, start_char, end_char, label_id, layer, surface, origin, is_decided, pipeline, note"


def version_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_an_older_project_is_backed_up_and_migrated(path: Path) -> None:
    at_revision(path, "0001")
    assert version_of(path) == "0001"
    with ProjectStore.open(path) as store:
        doc = load(store)
        assert ([span.id for span in doc.spans], list(doc.relations)) == (["s1", "s2"], ["r"])
        with store.reading() as reader:
            assert schema_version(reader._connection) == SCHEMA_VERSION
            assert [entry.seq for entry in reader.journal(1, "alice")] == [1, 2, 3]
            assert reader.problems() == []
            assert list(reader._connection.execute(select(span.c.folded).order_by(span.c.start_char)).scalars()) == [
                "ann",
                "bob",
            ]
        write(store, doc, *long_notes(1, 5))
    backup = path.with_name(f"{path.name}.bak-0001")
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, backup.name]
    assert version_of(backup) == "0001"
    with ProjectStore.open(backup) as old:
        assert load(old) == doc


def test_an_older_protected_project_is_not_migrated(path: Path) -> None:
    at_revision(path, "0001")
    path.chmod(0o444)
    with pytest.raises(ProjectReadOnly, match="older schema 0001"):
        ProjectStore.open(path, read_only=True)
    assert version_of(path) == "0001"


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_revision(path, "0001")

    def fail(connection: object, *_: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        raise RuntimeError("power cut")

    monkeypatch.setattr(migrations_package, "upgrade", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        ProjectStore.open(path)
    assert version_of(path) == "0001"


def test_migrations_make_the_schema_that_is_made_at_once(tmp_path: Path) -> None:
    make(tmp_path / "new").close()
    at_revision(tmp_path / "old", "head")

    def schema(path: Path) -> set[tuple[str, ...]]:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
            return {(kind, name, of, " ".join(sql.split())) for kind, name, of, sql in rows if of != "alembic_version"}

    assert schema(tmp_path / "old") == schema(tmp_path / "new")
    assert version_of(tmp_path / "old") == version_of(tmp_path / "new") == SCHEMA_VERSION


def test_every_connection_is_durable_and_checks_keys(store: ProjectStore) -> None:
    seen = []

    def ask(connection: object, *_: object) -> None:
        ask_one = connection.exec_driver_sql  # type: ignore[attr-defined]
        seen.append([ask_one(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")])

    event.listen(store._engine, "begin", ask)
    write(store, empty_set(), AddSpan(ANN))
    assert seen and all(one == ["wal", 2, 1] for one in seen)


def test_a_backup_of_an_open_project_is_whole(store: ProjectStore, tmp_path: Path) -> None:
    expected = write(store, empty_set(), AddSpan(ANN))
    store.back_up(tmp_path / "copy")
    write(store, expected, AddSpan(BOB))
    with ProjectStore.open(tmp_path / "copy") as copy:
        assert load(copy) == expected
