"""One search of the corpus in the background; its hits arrive in the window's thread, portion by portion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from annotator.ui.tasks import Outcome, Task, Tasks
from annotator.workflows.progress import Progress
from annotator.workflows.searching import Found

Search = Callable[[Progress], Any]
"""Gives `Found`s one after another; see `Searcher.search`."""


class SearchRun(QObject):
    """``found`` carries a `Found`, ``ended`` the `Outcome`; neither comes after `cancel`."""

    found = Signal(object)
    ended = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self._is_cancelled = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def start(self, tasks: Tasks, search: Search) -> None:
        """Begin."""

        def work(progress: Progress) -> None:
            for portion in search(progress):
                self._arrived.emit(portion)

        self._task = tasks.start("Searching", work, is_shown=False)
        self._task.ended.connect(self._on_ended)

    def cancel(self) -> None:
        """Nobody wants the hits any more."""
        self._is_cancelled = True
        if self._task is not None:
            self._task.cancel()

    def _on_arrived(self, portion: Found) -> None:
        if not self._is_cancelled:
            self.found.emit(portion)

    def _on_ended(self, _job_id: int, outcome: Outcome) -> None:
        self._task = None
        if not self._is_cancelled:
            self.ended.emit(outcome)
        self.deleteLater()
