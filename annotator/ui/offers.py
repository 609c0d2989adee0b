"""What the window offers beyond correcting: projects, import, export, suggestions, preferences.

Opens dialogs, starts tasks, and tells the window what came of them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase

from annotator.domain.errors import UserError
from annotator.domain.projects import Status
from annotator.ui.tasks import Crashed, Failed, Finished, Outcome, Task

if TYPE_CHECKING:
    from annotator.ui.dialogs.new_project import NewProjectRequest
    from annotator.ui.dialogs.preferences import Preferences
    from annotator.ui.main_window import MainWindow
    from annotator.workflows.import_request import ImportReport
    from annotator.workflows.suggesting import SuggestReport, SuggestRequest


class Offers:
    """One method for each of the window's dialogs. Everything heavy is imported on first use."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def new_project(self) -> None:
        """Ask for a file and a scheme, make the project and open it."""
        from annotator.ui.dialogs.new_project import NewProjectDialog
        from annotator.workflows.schemes import shipped_schemes

        window = self._window
        dialog = NewProjectDialog(shipped_schemes(), window.annotator, window.settings, window)
        dialog.requested.connect(self._on_new_requested)
        dialog.open()

    def open_project(self) -> None:
        """Ask for a project file and open it."""
        from annotator.ui.dialogs.path_field import choose_project

        recent = self._window.settings.recent_projects()
        start = str(Path(recent[0]).parent) if recent else str(Path.home())
        if chosen := choose_project(self._window, start):
            self._window.open_project(chosen)

    def open_sample(self) -> None:
        """Make the sample project if it is not there yet, let spaCy read it, and open it."""
        from annotator.workflows.demo import make_demo, sample_folder
        from annotator.workflows.in_process import spawned

        task = self._window.tasks.start("Preparing the sample project", spawned(make_demo, sample_folder()))
        task.ended.connect(self._on_sample_ended)

    def import_documents(self, paths: tuple[Path, ...] = ()) -> None:
        """Ask what to import, show what would be taken, import it."""
        project = self._window.project
        if project is None:
            return
        from annotator.ui.dialogs import settings as keys
        from annotator.ui.dialogs.import_dialog import ImportDialog, ImportForm
        from annotator.ui.dialogs.sources import Sources
        from annotator.workflows.format_list import known_formats
        from annotator.workflows.importing import guess_format_of
        from annotator.workflows.in_process import spawned
        from annotator.workflows.jobs import import_job
        from annotator.workflows.label_mapping import label_names

        window = self._window
        sources = Sources(guess_format_of, start_folder=window.settings.value(keys.IMPORT_FOLDER, ""))
        sources.add(paths)
        labels = label_names(project.scheme())
        form = ImportForm(sources, tuple(known_formats()), window.settings, window.annotator, labels)
        work = partial(spawned, import_job, project.location)
        dialog = ImportDialog(form, window.tasks, work, window, window.looks.theme)
        dialog.imported.connect(self._on_imported)
        dialog.open()

    def export(self) -> None:
        """Ask what to export, show what would be lost, write it."""
        project = self._window.project
        if project is None:
            return
        from annotator.ui.dialogs.export_dialog import ExportDialog
        from annotator.ui.dialogs.export_form import ExportChoices
        from annotator.workflows.format_list import known_formats
        from annotator.workflows.in_process import spawned
        from annotator.workflows.jobs import export_job

        window = self._window
        choices = ExportChoices(
            formats=tuple(known_formats()),
            annotators=tuple(project.annotators()),
            current_annotator=window.annotator,
            by_status={Status(name): count for name, count in project.stats().by_status.items()},
            folder=Path(project.location).absolute().parent / "exports",
        )
        work = partial(spawned, export_job, project.location)
        ExportDialog(choices, window.tasks, work, window.settings, window).open()

    def recent_exports(self) -> None:
        """Show what was exported before, with its manifests."""
        from annotator.ui.dialogs.recent_exports import RecentExports, past_exports

        RecentExports(past_exports(self._window.settings), self._window).open()

    def suggest(self) -> None:
        """Ask for a pipeline and let it read in the background."""
        project = self._window.project
        if project is None:
            return
        from annotator.ui.dialogs.suggest_dialog import SuggestDialog
        from annotator.workflows.suggesting import installed_pipelines

        language = project.scheme().language or "en"
        dialog = SuggestDialog(installed_pipelines(), language, self._window.settings, self._window)
        dialog.requested.connect(self._on_suggest_requested)
        dialog.open()

    def preferences(self) -> None:
        """Change how the window looks; every change shows at once."""
        from annotator.ui.dialogs.preferences import PreferencesDialog

        dialog = PreferencesDialog(self._window.looks.preferences, QFontDatabase.families(), self._window)
        dialog.changed.connect(self._window.looks.apply)
        dialog.saved.connect(self._on_preferences_saved)
        dialog.open()

    def _on_new_requested(self, request: NewProjectRequest) -> None:
        from annotator.workflows.project import Project

        try:
            Project.create(request.location, request.scheme).close()
        except UserError as fault:
            self._window.say(str(fault), is_bad=True)
            return
        self._window.open_project(str(request.location), annotator=request.annotator)

    def _on_sample_ended(self, _job_id: int, outcome: Outcome) -> None:
        if isinstance(outcome, Finished):
            self._window.open_project(str(outcome.value))
        else:
            self.say_outcome(outcome)

    def _on_imported(self, report: ImportReport) -> None:
        self._window.take_new_labels()
        self._window.refresh_listing()
        self._window.say(f"Imported {report.accepted:,} article{'' if report.accepted == 1 else 's'}.")
        if self._window.session is not None and self._window.session.key is None:
            self._window.open_first()

    def _on_suggest_requested(self, request: SuggestRequest) -> None:
        project = self._window.project
        if project is None:
            return
        task: Task = self._window.tasks.start("Suggesting", lambda progress: project.suggest(request, progress))
        task.ended.connect(self._on_suggested)

    def _on_suggested(self, _job_id: int, outcome: Outcome) -> None:
        self._window.refresh_listing()
        self._window.take_new_suggestions()
        if isinstance(outcome, Finished):
            self._window.say(_suggested_in_words(outcome.value))
        else:
            self.say_outcome(outcome)

    def _on_preferences_saved(self, preferences: Preferences) -> None:
        self._window.keep_preferences(preferences)

    def say_outcome(self, outcome: Outcome) -> None:
        """Say what came of work that did not finish."""
        match outcome:
            case Failed(error):
                self._window.say(str(error), is_bad=True)
            case Crashed(summary, details):
                self._window.show_crash(summary, details)
            case _:
                self._window.say("Stopped; what was finished by then is kept.")

    def tell_why(self, outcome: Outcome) -> str:
        """Why there is nothing to show, in words for an empty page; a fault of the program is shown at once."""
        match outcome:
            case Failed(error):
                return str(error)[:1].upper() + str(error)[1:]
            case Crashed(summary, details):
                self._window.show_crash(summary, details)
                return summary
            case _:
                return "It was stopped before the end."


def _suggested_in_words(report: SuggestReport) -> str:
    stopped = "Stopped: " if report.is_cancelled else ""
    return f"{stopped}{report.pipeline} suggested {report.spans:,} spans in {report.documents:,} documents."
