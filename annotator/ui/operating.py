"""Runs operations over many documents for the window: at once when they are small, else in the background.

While one runs in the background nothing else can be edited; its progress and Cancel stand in the strip at the bottom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from annotator.domain.labels import LabelScheme
from annotator.ui.actions import When
from annotator.ui.tasks import Finished, Outcome
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.operations import DocumentEdit, OperationReport
from annotator.workflows.progress import Progress

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

AT_ONCE_DOCUMENTS = 40
"""So many documents are written in about a tenth of a second."""

Then: TypeAlias = Callable[[OperationReport], object]
_Work: TypeAlias = Callable[[Progress | None], OperationReport]


class Operator:
    """One operation at a time, on the window's session."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def run(
        self, title: str, edits: Sequence[DocumentEdit], *, scheme: LabelScheme | None = None, then: Then | None = None
    ) -> None:
        """Make ``edits`` (and ``scheme`` the project's) as one step of undo; ``then`` hears what came of it."""
        session = self._window.session
        if session is None:
            return
        work = partial(_operate, session, title, edits, scheme)
        self._start(title, work, len(edits), then or (lambda report: self._say(f"{title}: {in_words(report)}")))

    def run_by(
        self,
        title: str,
        perform: Callable[[AnnotationSession, Progress | None], OperationReport],
        documents: int,
        then: Then | None = None,
    ) -> None:
        """Let ``perform`` make an operation that changes about so many documents; ``then`` hears what came of it."""
        session = self._window.session
        if session is not None:
            say = then or (lambda report: self._say(f"{report.operation.title}: {in_words(report)}"))
            self._start(title, partial(perform, session), documents, say)

    def undo(self, operation_id: int, then: Then | None = None) -> None:
        """Take an operation back; ``then`` hears what came of it, too, unless it could not be."""
        session = self._window.session
        if session is not None:
            work = partial(session.undo_whole, operation_id)
            self._start("Undoing", work, self._size(operation_id), _both(self._say_undone, then))

    def redo(self, operation_id: int, then: Then | None = None) -> None:
        """Make an operation again; ``then`` as for `undo`."""
        session = self._window.session
        if session is not None:
            work = partial(session.redo_whole, operation_id)
            self._start("Doing again", work, self._size(operation_id), _both(self._say_redone, then))

    def _start(self, title: str, work: _Work, size: int, then: Then) -> None:
        if size <= AT_ONCE_DOCUMENTS:
            with self._window.saying_faults():
                self._show(work(None), then)
            return
        self._hold()
        task = self._window.tasks.start(title, work)
        task.ended.connect(lambda _job_id, outcome: self._on_ended(outcome, then))

    def _size(self, operation_id: int) -> int:
        project = self._window.project
        return project.operation_size(operation_id) if project is not None else 0

    def _hold(self) -> None:
        """Nothing can be edited until the operation has ended."""
        self._window.frame.stack.setEnabled(False)
        self._window.actions_.enable({When.ALWAYS})

    def _on_ended(self, outcome: Outcome, then: Then) -> None:
        self._window.frame.stack.setEnabled(True)
        self._window.show_state()
        if isinstance(outcome, Finished):
            self._show(outcome.value, then)
        else:
            self._window.offers.say_outcome(outcome)
        if self._window.pages.find_shown() is None:
            self._window.canvas.setFocus()

    def _show(self, report: OperationReport, then: Then) -> None:
        self._window.show_operated(report)
        then(report)

    def _say_undone(self, report: OperationReport) -> None:
        self._say(f"Undone: {report.operation.title}, {in_words(report)}")

    def _say_redone(self, report: OperationReport) -> None:
        self._say(f"Done again: {report.operation.title}, {in_words(report)}")

    def _say(self, words: str) -> None:
        self._window.say(words)


def _both(first: Then, second: Then | None) -> Then:
    def tell(report: OperationReport) -> None:
        first(report)
        if second is not None:
            second(report)

    return tell


def in_words(report: OperationReport) -> str:
    """How far an operation went: ``12 documents changed, 1 left out (senate-00016: it was changed since).``"""
    count = len(report.keys)
    words = f"{count:,} document{'' if count == 1 else 's'} changed"
    if report.left_out:
        document_id, reason = report.left_out[0]
        words += f", {len(report.left_out):,} left out ({document_id}: {reason.rstrip('.')})"
    return f"{words}."


def _operate(
    session: AnnotationSession,
    title: str,
    edits: Sequence[DocumentEdit],
    scheme: LabelScheme | None,
    progress: Progress | None,
) -> OperationReport:
    return session.operate(title, edits, scheme=scheme, progress=progress)
