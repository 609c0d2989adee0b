"""`DryRun`: what a request would do, counted in the background; only the newest answer is told."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.ui.tasks import Outcome, Task, Tasks, Work

WAIT_MS = 250
"""Typing a path asks once, not at every letter."""


class DryRun(QObject):
    """Asks after a pause, drops the answer to an older question. ``answered`` carries an `Outcome`."""

    answered = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._work: Work | None = None
        self._task: Task | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._on_timeout)

    def ask(self, work: Work) -> None:
        """Run ``work`` soon, in place of whatever was asked before."""
        self.drop()
        self._work = work
        self._timer.start()

    def drop(self) -> None:
        """Forget the question; its answer will not be told."""
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _on_timeout(self) -> None:
        if self._work is None or self._tasks.is_closed:
            return
        self._task = self._tasks.start("Counting", self._work, is_shown=False)
        self._task.ended.connect(self._on_ended)

    def _on_ended(self, job_id: int, outcome: Outcome) -> None:
        if self._task is not None and self._task.id == job_id:
            self._task = None
            self.answered.emit(outcome)
