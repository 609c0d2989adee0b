"""`ProjectStore`: a project's file, opened, migrated if it is old, read and written in transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, inspect, text

from annotator.domain.errors import UserError
from annotator.domain.labels import LabelScheme
from annotator.store import sqlite, sqlite_search
from annotator.store.errors import NotAProject, ProjectNewer, ProjectReadOnly, StoreFault
from annotator.store.reader import Reader
from annotator.store.tables import SCHEMA_VERSION, metadata, project_fact
from annotator.store.team import PROJECT_ID
from annotator.store.unit_of_work import UnitOfWork
from annotator.store.values import Problem


class ServerNotYet(StoreFault):
    """A project on a database server was asked for."""


class ProjectReader(Reader):
    """A reader that can also check the whole file."""

    def problems(self) -> list[Problem]:
        """Everything that is wrong with the file or a span; empty when all is well."""
        from annotator.store.checks import find_problems

        return find_problems(self._connection, self.scheme())

    def schema_problems(self) -> list[Problem]:
        """Tables and columns that are missing, without which nothing else may be asked."""
        from annotator.store.checks import schema_problems

        return schema_problems(self._connection)


class ProjectStore:
    """An open project. Reading and writing may happen in several threads; each gets its own connection."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._writing_engine = engine.execution_options(**{sqlite.WRITES: True})
        self._path = path

    @property
    def location(self) -> str:
        """The file as given."""
        return str(self._path)

    @classmethod
    def create(
        cls, location: str | Path, scheme: LabelScheme, *, busy_timeout_s: float = sqlite.BUSY_TIMEOUT_S
    ) -> ProjectStore:
        """Make an empty project. Raises a `UserError` when the file exists or cannot be made."""
        path = _path_of(location)
        sqlite.refuse_unusable_target(path)
        try:
            with sqlite.translated_errors(str(path)):
                sqlite.prepare_new_file(path)
            store = cls(sqlite.make_engine(path, create=True, busy_timeout_s=busy_timeout_s), path)
            with store.writing() as unit:
                make_schema(unit._connection)
                unit.save_scheme(scheme)
        except (UserError, OSError):
            sqlite.remove_file(path)
            raise
        return store

    @classmethod
    def open(
        cls,
        location: str | Path,
        *,
        read_only: bool = False,
        busy_timeout_s: float = sqlite.BUSY_TIMEOUT_S,
    ) -> ProjectStore:
        """Open a project; an older one is backed up beside itself and migrated. Raises a `UserError`."""
        path = _path_of(location)
        sqlite.refuse_unusable_file(path)
        is_protected = sqlite.is_write_protected(path)
        if is_protected and not read_only:
            raise ProjectReadOnly(
                "the project or its folder may not be written",
                where=str(path),
                remedy="make both writable, or copy the project elsewhere",
            )
        # A reader of a writable file opens it for writing: SQLite needs its lock files beside it.
        store = cls(sqlite.make_engine(path, read_only=is_protected, busy_timeout_s=busy_timeout_s), path)
        try:
            store._bring_up_to_date(is_protected=is_protected)
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def reading(self) -> Iterator[ProjectReader]:
        """One consistent snapshot, whatever is written meanwhile."""
        with sqlite.translated_errors(self.location), self._engine.connect() as connection, connection.begin():
            yield ProjectReader(connection, self.location)

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """One transaction with the write lock from its start: committed at the end, or nothing happened."""
        with (
            sqlite.translated_errors(self.location),
            self._writing_engine.connect() as connection,
            connection.begin(),
        ):
            yield UnitOfWork(connection, self.location)

    def back_up(self, target: Path) -> None:
        """Copy the project, whole and consistent, while it is in use."""
        sqlite.back_up(self._path, target)

    def close(self) -> None:
        """Close every connection; the last one out folds SQLite's log into the file."""
        self._engine.dispose()

    def __enter__(self) -> ProjectStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _bring_up_to_date(self, *, is_protected: bool) -> None:
        with self.reading() as reader:
            version = schema_version(reader._connection)
        if version is None:
            raise NotAProject("the project has no schema", where=self.location, remedy="restore a backup")
        if version == SCHEMA_VERSION:
            return
        if version > SCHEMA_VERSION:
            raise ProjectNewer(
                f"the project was made by a newer Annotator (schema {version}, this one knows {SCHEMA_VERSION})",
                where=self.location,
                remedy="update Annotator",
            )
        if is_protected:
            raise ProjectReadOnly(
                f"the project has the older schema {version} and may not be written",
                where=self.location,
                remedy="make it writable so that it can be migrated",
            )
        self._migrate(version)

    def _migrate(self, version: str) -> None:
        from annotator.store.migrations import upgrade

        self.back_up(self._path.with_name(f"{self._path.name}.bak-{version}"))
        with self.writing() as unit:
            upgrade(unit._connection)


def make_schema(connection: Connection) -> None:
    """Make the newest schema at once (a test proves that the migrations give the same)."""
    metadata.create_all(connection)
    sqlite.add_append_only_triggers(connection)
    sqlite_search.add_search_index(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": SCHEMA_VERSION})
    connection.execute(insert(project_fact).values(name=PROJECT_ID, value=str(uuid4())))


def schema_version(connection: Connection) -> str | None:
    """The revision of the open file, or None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _path_of(location: str | Path) -> Path:
    if isinstance(location, str) and "://" in location:
        scheme = location.split(":", 1)[0]
        if not scheme.startswith("sqlite"):
            raise ServerNotYet(f"projects on a server ({scheme}) are not supported yet", remedy="use a project file")
        location = location.split("://", 1)[1].removeprefix("/")
    return Path(location)
