"""A project on disk: SQLAlchemy on SQLite. The only package that knows SQL; domain values go in and out."""

from __future__ import annotations

from annotator.store.errors import (
    DiskFull,
    DuplicateDocument,
    NotAProject,
    ProjectExists,
    ProjectLocked,
    ProjectMissing,
    ProjectNewer,
    ProjectReadOnly,
    StaleSet,
    StoreFault,
)
from annotator.store.project_store import ProjectReader, ProjectStore
from annotator.store.reader import Reader
from annotator.store.searching import Find, Found
from annotator.store.unit_of_work import UnitOfWork
from annotator.store.values import DocumentRow, EntryKind, JournalEntry, NewEntry, Operation, Problem, ProjectStats

__all__ = [
    "DiskFull",
    "DocumentRow",
    "DuplicateDocument",
    "EntryKind",
    "Find",
    "Found",
    "JournalEntry",
    "NewEntry",
    "NotAProject",
    "Operation",
    "Problem",
    "ProjectExists",
    "ProjectLocked",
    "ProjectMissing",
    "ProjectNewer",
    "ProjectReadOnly",
    "ProjectReader",
    "ProjectStats",
    "ProjectStore",
    "Reader",
    "StaleSet",
    "StoreFault",
    "UnitOfWork",
]
