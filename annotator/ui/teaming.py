"""Assign, hand out and collect from the window: opens dialogs, starts tasks, tells what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.domain.assigning import Plan
from annotator.ui.tasks import Finished, Outcome
from annotator.workflows.assigning import AssignRequest
from annotator.workflows.collecting import Collected
from annotator.workflows.project import Project

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Teaming:
    """What the window offers to who leads a team. A file that was handed out has no team, and says so."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def assign(self) -> None:
        """Ask who gets which documents, show the plan, carry it out."""
        if (project := self._own_project()) is None:
            return
        from annotator.ui.dialogs.assign_dialog import AssignDialog

        def preview(request: AssignRequest) -> Plan:
            return project.assign(request, is_dry_run=True)

        with self._window.saying_faults():
            people = [one.annotator for one in project.work_done()]
            dialog = AssignDialog(people, preview, self._window)
            dialog.requested.connect(self._on_assign_requested)
            dialog.open()

    def hand_out(self) -> None:
        """Ask whose documents go to which file, and write it in the background."""
        if (project := self._own_project()) is None:
            return
        from annotator.ui.dialogs.handout_dialog import HandoutDialog

        with self._window.saying_faults():
            work = project.work_done()
            if not work:
                self._window.say("Nobody is there to hand out to; assign documents first.", is_bad=True)
                return
            dialog = HandoutDialog(work, Path(project.location).absolute().parent, project.name, self._window)
            dialog.requested.connect(self._on_handout_requested)
            dialog.open()

    def collect(self) -> None:
        """Ask for files that came back, and take what is new in them in the background."""
        if (project := self._own_project()) is None:
            return
        from annotator.ui.dialogs.handout_dialog import choose_handouts

        chosen = choose_handouts(self._window, str(Path(project.location).absolute().parent))
        if chosen:
            self.collect_files([Path(one) for one in chosen])

    def collect_files(self, files: Sequence[Path]) -> None:
        """Take what is new in these files, in the background."""
        if (project := self._own_project()) is None:
            return
        task = self._window.tasks.start("Collecting", lambda progress: project.collect(files, progress))
        task.ended.connect(self._on_collected)

    def _own_project(self) -> Project | None:
        project = self._window.project
        if project is None:
            return None
        with self._window.saying_faults():
            project.refuse_handed_out()
            return project
        return None

    def _on_assign_requested(self, request: AssignRequest) -> None:
        project = self._window.project
        if project is None:
            return
        with self._window.saying_faults():
            plan = project.assign(request)
            self._window.refresh_listing()
            self._window.say(f"Assigned {len(plan.added):,} documents anew: {plan.in_words}.")

    def _on_handout_requested(self, annotator: str, out: Path) -> None:
        project = self._window.project
        if project is None:
            return
        task = self._window.tasks.start(
            f"Handing out to {annotator}", lambda progress: project.hand_out(annotator, out, progress)
        )
        task.ended.connect(self._on_handed_out)

    def _on_handed_out(self, _job_id: int, outcome: Outcome) -> None:
        if isinstance(outcome, Finished):
            report = outcome.value
            self._window.say(f"Handed {report.documents:,} documents out to {report.annotator}: {report.path}.")
        else:
            self._window.offers.say_outcome(outcome)

    def _on_collected(self, _job_id: int, outcome: Outcome) -> None:
        if not isinstance(outcome, Finished):
            self._window.offers.say_outcome(outcome)
            return
        from annotator.ui.dialogs.handout_dialog import CollectedDialog, collected_in_words

        reports: list[Collected] = outcome.value
        self._window.refresh_listing()
        self._window.say(collected_in_words(reports))
        if not all(one.is_whole for one in reports):
            CollectedDialog(reports, self._window).open()
