"""A project on disk: SQLAlchemy on SQLite. The only package that knows SQL; domain values go in and out."""

from __future__ import annotations

from annotator.store.compared import ComparedDocument, ComparedSet, ComparedSpan
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
from annotator.store.guidelines import PinnedPlace
from annotator.store.label_use import LabelUse, SpanInContext
from annotator.store.memory import FETCH_DOCUMENTS, LabelledPlace, Memory, SeenDocument, TextWithSpans, Use
from annotator.store.past import PastEdit, VisibleSet
from annotator.store.project_store import ProjectReader, ProjectStore
from annotator.store.reader import Reader
from annotator.store.searching import Find, Found
from annotator.store.team import PROJECT_ID, Assigned, Handout, Team, TeamChanges
from annotator.store.unit_of_work import UnitOfWork
from annotator.store.values import (
    DocumentRow,
    EntryKind,
    JournalEntry,
    NewEntry,
    Operation,
    Problem,
    ProjectStats,
    Step,
)

__all__ = [
    "FETCH_DOCUMENTS",
    "PROJECT_ID",
    "Assigned",
    "ComparedDocument",
    "ComparedSet",
    "ComparedSpan",
    "DiskFull",
    "DocumentRow",
    "DuplicateDocument",
    "EntryKind",
    "Find",
    "Found",
    "Handout",
    "JournalEntry",
    "LabelUse",
    "LabelledPlace",
    "Memory",
    "NewEntry",
    "NotAProject",
    "Operation",
    "PastEdit",
    "PinnedPlace",
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
    "SeenDocument",
    "SpanInContext",
    "StaleSet",
    "Step",
    "StoreFault",
    "Team",
    "TeamChanges",
    "TextWithSpans",
    "UnitOfWork",
    "Use",
    "VisibleSet",
]
