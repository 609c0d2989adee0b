"""Workflows as plain functions of a project's location, so that another process can run them."""

from __future__ import annotations

from annotator.domain.inconsistencies import Entry
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.exporting import ExportReport
from annotator.workflows.import_request import ImportReport, ImportRequest
from annotator.workflows.progress import Progress
from annotator.workflows.project import Project
from annotator.workflows.suggesting import SuggestReport, SuggestRequest


def import_job(location: str, request: ImportRequest, progress: Progress) -> ImportReport:
    """Import into the project at ``location``."""
    with Project.open(location) as project:
        return project.import_documents(request, progress)


def export_job(location: str, request: ExportRequest, progress: Progress) -> ExportReport:
    """Export from the project at ``location``."""
    with Project.open(location) as project:
        return project.export(request, progress)


def suggest_job(location: str, request: SuggestRequest, progress: Progress) -> SuggestReport:
    """Let a pipeline read the project at ``location``."""
    with Project.open(location) as project:
        return project.suggest(request, progress)


def inbox_job(location: str, annotator: str, with_suggestions: bool, progress: Progress) -> tuple[Entry, ...]:
    """Look for inconsistencies in the project at ``location``."""
    with Project.open(location) as project:
        return project.find_inconsistencies(annotator, progress, with_suggestions=with_suggestions)
