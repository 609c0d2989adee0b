"""What only SQLite knows: opening files, pragmas, transactions, its errors, backup, append-only triggers.

With `sqlite_search`, the only module that a PostgreSQL store would not use.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from annotator.domain.errors import UserError
from annotator.store.errors import (
    DiskFull,
    NotAProject,
    ProjectExists,
    ProjectLocked,
    ProjectMissing,
    ProjectReadOnly,
    StoreFault,
)

APPLICATION_ID = 0x416E6E6F
"""``Anno``: says in the file's header that it is a project."""

BUSY_TIMEOUT_S = 5.0
WRITES = "annotator_writes"
"""Execution option of a connection that is going to write: its transaction takes the write lock at once."""

PRAGMAS = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL", "PRAGMA cache_size = -65536")

APPEND_ONLY = tuple(
    f"CREATE TRIGGER journal_refuses_{verb} BEFORE {verb.upper()} ON journal "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    for verb in ("update", "delete")
)


def refuse_unusable_file(path: Path) -> None:
    """Raise unless ``path`` is a file that SQLite wrote for Annotator."""
    if not path.exists():
        raise ProjectMissing(
            "there is no such project", where=str(path), remedy="check the path, or make it: annotator new"
        )
    if path.is_dir():
        raise NotAProject("this is a folder, not a project", where=str(path), remedy="name the project's file")
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as fault:
        raise StoreFault(
            f"the project cannot be read ({fault.strerror})", where=str(path), remedy="check its permissions"
        ) from fault
    is_ours = head[:16] == b"SQLite format 3\0" and head[68:72] == APPLICATION_ID.to_bytes(4, "big")
    if not is_ours:
        what = "an empty file" if not head else "another kind of file"
        raise NotAProject(
            f"this is {what}, not an Annotator project",
            where=str(path),
            remedy="name a project made by `annotator new`, or import this file into one",
        )


def is_write_protected(path: Path) -> bool:
    """Whether nobody may write the file (no write bit at all counts for root, too) or its folder."""
    return not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK)


def refuse_unusable_target(path: Path) -> None:
    """Raise unless a new project can be made at ``path``."""
    if path.exists():
        raise ProjectExists("this file exists already", where=str(path), remedy="open it, or choose another name")
    if not path.parent.is_dir():
        raise ProjectMissing("there is no such folder", where=str(path.parent), remedy="make the folder first")
    if not os.access(path.parent, os.W_OK) or not path.parent.stat().st_mode & 0o222:
        raise ProjectReadOnly("the folder may not be written", where=str(path.parent), remedy="choose another folder")


def make_engine(
    path: Path, *, read_only: bool = False, create: bool = False, busy_timeout_s: float = BUSY_TIMEOUT_S
) -> Engine:
    """An engine on a project file. Each thread gets its own pooled connection."""
    mode = "ro" if read_only else "rwc" if create else "rw"
    query = f"mode={mode}"
    wal = path.with_name(path.name + "-wal")
    if read_only and is_write_protected(path) and not (wal.exists() and wal.stat().st_size):
        query += "&immutable=1"  # a read-only folder has no room for SQLite's lock files
    uri = f"file:{quote(str(path.absolute()))}?{query}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=4, max_overflow=8)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_connection(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    """Writers take the lock at once: two of them wait for each other here and never deadlock half-way."""
    is_writing = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


@contextmanager
def writing_beside(connection: Connection) -> Iterator[Connection]:
    """Another connection to the same file that holds the write lock; what it does is not kept."""
    with connection.engine.connect().execution_options(**{WRITES: True}) as own:
        transaction = own.begin()
        try:
            yield own
        finally:
            transaction.rollback()


def prepare_new_file(path: Path) -> None:
    """Make an empty file that says it is a project and writes ahead (WAL)."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def add_append_only_triggers(connection: Connection) -> None:
    """Let the database itself refuse to change or delete journal rows."""
    for statement in APPEND_ONLY:
        connection.exec_driver_sql(statement)


def integrity_problems(connection: Connection) -> list[str]:
    """What SQLite's own checks find wrong."""
    found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)") if row[0] != "ok"]
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        found.append(f"row {row[1]} of table {row[0]} points to a missing row of {row[2]}")
    return found


def back_up(source: Path, target: Path) -> None:
    """Copy a project while it is in use; the copy appears whole or not at all."""
    temporary = target.with_name(f".{target.name}.part")
    try:
        with (
            translated_errors(str(target)),
            closing(sqlite3.connect(f"file:{quote(str(source.absolute()))}?mode=ro", uri=True)) as held,
            closing(sqlite3.connect(temporary)) as copy,
        ):
            held.backup(copy)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def remove_file(path: Path) -> None:
    """Remove a half-made project with SQLite's side files."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def translated_errors(location: str) -> Iterator[None]:
    """Turn SQLite's faults into sentences."""
    try:
        yield
    except DBAPIError as fault:
        raise _sentence_for(fault.orig, location) or fault from fault
    except sqlite3.Error as fault:
        raise _sentence_for(fault, location) or fault from fault
    except UnicodeEncodeError as fault:
        raise StoreFault(
            f"a text holds {fault.object[fault.start : fault.end]!r}, half of a character",
            where=location,
            remedy="take it out, then try again",
        ) from fault


def _sentence_for(fault: BaseException | None, location: str) -> UserError | None:
    name = getattr(fault, "sqlite_errorname", "") or ""
    for prefix, (kind, what, remedy) in _SENTENCES.items():
        if name.startswith(prefix):
            return kind(what, where=location, remedy=remedy)
    return None


_SENTENCES: dict[str, tuple[type[StoreFault], str, str]] = {
    "SQLITE_BUSY": (
        ProjectLocked,
        "another program is writing this project",
        "wait for it or close it, then try again",
    ),
    "SQLITE_LOCKED": (ProjectLocked, "another program is writing this project", "close it, then try again"),
    "SQLITE_FULL": (DiskFull, "the disk is full", "free some space and try again; nothing was lost"),
    "SQLITE_READONLY": (
        ProjectReadOnly,
        "the project may not be written",
        "make the file and its folder writable, or copy it elsewhere",
    ),
    "SQLITE_NOTADB": (NotAProject, "this is not an Annotator project", "check the path"),
    "SQLITE_CORRUPT": (
        NotAProject,
        "the project's file is damaged",
        "restore a backup, or run: annotator check",
    ),
    "SQLITE_CANTOPEN": (StoreFault, "the project cannot be opened", "check the folder's permissions"),
    "SQLITE_IOERR": (
        StoreFault,
        "the disk does not answer as it should",
        "check the disk or network drive; the last saved state is kept",
    ),
    "SQLITE_CONSTRAINT": (
        StoreFault,
        "the project does not take this change, since it breaks a rule of its own",
        "undo it; what was saved before is kept",
    ),
    "SQLITE_PERM": (ProjectReadOnly, "the project may not be opened", "check its permissions"),
}


def fault_name(fault: Any) -> str:
    """SQLite's name of a fault ("SQLITE_CONSTRAINT_UNIQUE"), or an empty string."""
    return str(getattr(getattr(fault, "orig", fault), "sqlite_errorname", "") or "")
