"""Reads the past of the open document: a short one at once, a long one in the background; then only what came since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.ui.tasks import Finished, HowFar, Outcome, Task, WasCancelled
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.history import SetHistory
from annotator.workflows.progress import Progress
from annotator.workflows.project import Project

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

AT_ONCE_ROWS = 2000
"""So many rows are read in some 30 ms."""
FLUSH_S = 1.0


class HistoryReading(QObject):
    """One set at a time. ``arrived`` carries its `SetHistory`, None when it could not be read.

    ``waiting`` tells how many rows are being read in the background, ``progressed`` how far that is (`HowFar`);
    ``stopped``: the person cancelled it.
    """

    arrived = Signal(object)
    waiting = Signal(int)
    progressed = Signal(object)
    stopped = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._task: Task | None = None
        self._held: SetHistory | None = None
        self._held_of: tuple[object, ...] = ()

    def begin(self, project: Project, session: AnnotationSession) -> None:
        """Read the past of the open document of ``session``; what was being read is given up."""
        self.stop()
        assert session.key is not None
        key, name = session.key, session.annotator
        if self._held_of != (project, key, name):
            self._held, self._held_of = None, (project, key, name)
        with self._window.saying_faults():
            rows = project.history_rows(key, name) - (self._held.last_row if self._held else 0)
            if rows > AT_ONCE_ROWS:
                self._begin_task(project, session, rows)
                return
            session.saver.flush(FLUSH_S)
            self._held = project.history(key, name, self._held)
            self.arrived.emit(self._held)
            return
        self.arrived.emit(None)

    def stop(self) -> None:
        """Give up what is being read."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _begin_task(self, project: Project, session: AnnotationSession, rows: int) -> None:
        key, name = session.key, session.annotator
        assert key is not None

        def work(progress: Progress) -> SetHistory:
            session.saver.flush(FLUSH_S)
            return project.long_history(key, name, progress)

        self.waiting.emit(rows)
        self._task = self._window.tasks.start("Reading the history", work)
        self._task.progressed.connect(self._on_progressed)
        self._task.ended.connect(self._on_ended)

    def _on_progressed(self, how_far: HowFar) -> None:
        if self._task is not None and self.sender() is self._task:
            self.progressed.emit(how_far)

    def _on_ended(self, job_id: int, outcome: Outcome) -> None:
        if self._task is None or self._task.id != job_id:
            return  # it was given up
        self._task = None
        match outcome:
            case Finished(history):
                self._held = history
                self.arrived.emit(history)
            case WasCancelled():
                self.stopped.emit()
            case _:
                self._window.offers.say_outcome(outcome)
                self.arrived.emit(None)
