"""Asks the corpus memory about the current string after it was painted, in the background; the newest question wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from annotator.ui.panels.places import PlacesPopup
from annotator.ui.tasks import Crashed, Finished, Outcome, Task, Work
from annotator.workflows.memory import MOST_PLACES, CorpusMemory, MemoryPlace, Recollection, Subject, Unlabelled
from annotator.workflows.project import Project

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

AFTER_PAINT_MS = 25
REST_MS = 200
"""Who stays this long on a string wants to know how often it was left without a label."""
WARM_MS = 2_000
MOST_SURFACE = 200


class Recalling(QObject):
    """Keeps the memory chip of the inspector true to what is current."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._chip = window.inspector.memory
        self._project: Project | None = None
        self._memory: CorpusMemory | None = None
        self._newest = 0
        self._counting: Task | None = None
        self._asking = self._timer(AFTER_PAINT_MS, self._on_asking_due)
        self._resting = self._timer(REST_MS, self._on_rest)
        self._warming = self._timer(WARM_MS, self._on_warming_due)
        window.inspector.subject_changed.connect(self.ask)
        self._chip.clicked.connect(self.show_places)

    @property
    def memory(self) -> CorpusMemory | None:
        """The memory of the open project, None when there is none."""
        project = self._window.project
        if project is not self._project:
            self._project = project
            self._memory = project.memory(self._window.annotator) if project else None
            if project is not None:
                self._warming.start()
        return self._memory

    @property
    def subject(self) -> Subject | None:
        """The words of the current span, else those selected."""
        session, canvas = self._window.session, self._window.canvas
        if session is None or session.key is None:
            return None
        span = session.doc.spans.find(canvas.current_span_id or "")
        if span is not None:
            return _unless_long(Subject.of_span(session.key, session.doc, span))
        if canvas.selection is None:
            return None
        surface = session.doc.document.text[slice(*canvas.selection)].strip()
        return _unless_long(Subject(session.key, session.doc, surface)) if surface else None

    @property
    def is_waiting(self) -> bool:
        """Whether something was asked, or will be, that was not answered yet."""
        return self._asking.isActive() or self._resting.isActive() or self._newest > 0 or self._counting is not None

    def ask(self) -> None:
        """Something else is current, or what is current was changed."""
        self._resting.stop()
        self._asking.start()

    def show_places(self) -> None:
        """Show the places of the current words in a list: the rarest label first, those without a label last."""
        memory, subject = self.memory, self.subject
        if memory is None or subject is None:
            self._window.say("No words are current: Tab goes to the next span, or select some.")
        else:
            self._show_places(memory, subject)

    def _show_places(self, memory: CorpusMemory, subject: Subject) -> None:
        assert self._window.session is not None
        popup = PlacesPopup(subject.surface, self._window.session.scheme, self._window.looks.theme, self._window)
        popup.chosen.connect(self._on_place_chosen)
        popup.show_and_focus()
        task = self._start("Looking for places", lambda progress: memory.places(subject, progress))
        popup.destroyed.connect(task.cancel)
        task.ended.connect(lambda _job_id, outcome: self._on_places_found(popup, outcome))

    def _on_places_found(self, popup: PlacesPopup, outcome: Outcome) -> None:
        self._tell_crash(outcome)
        if isValid(popup) and isinstance(outcome, Finished):
            places: list[MemoryPlace] = outcome.value
            popup.show_places(places, is_whole=len(places) < MOST_PLACES)

    def _on_place_chosen(self, place: MemoryPlace) -> None:
        self._window.go_to(place.key, place.start, place.end, span_id=place.span_id)

    def _on_asking_due(self) -> None:
        memory, subject = self.memory, self.subject
        self._stop_counting()
        if memory is None or subject is None or self._window.tasks.is_closed:
            self._newest = 0
            self._chip.show_recollection(None)
            return
        task = self._start("Remembering", lambda _progress: memory.recall(subject))
        self._newest = task.id
        task.ended.connect(self._on_recalled)

    def _on_recalled(self, job_id: int, outcome: Outcome) -> None:
        if job_id != self._newest:
            return
        self._newest = 0
        self._tell_crash(outcome)
        if isinstance(outcome, Finished) and isinstance(outcome.value, Recollection):
            self._chip.show_recollection(outcome.value)
            self._resting.start()
        else:
            self._chip.show_recollection(None)

    def _on_rest(self) -> None:
        memory, subject = self.memory, self.subject
        if memory is None or subject is None or self._window.tasks.is_closed:
            return
        self._stop_counting()
        self._counting = self._start("Counting", lambda progress: memory.count_unlabelled(subject, progress))
        self._counting.ended.connect(self._on_counted)

    def _on_counted(self, job_id: int, outcome: Outcome) -> None:
        if self._counting is None or self._counting.id != job_id:
            return
        self._counting = None
        self._tell_crash(outcome)
        if isinstance(outcome, Finished) and isinstance(outcome.value, Unlabelled):
            self._chip.show_unlabelled(outcome.value)

    def _on_warming_due(self) -> None:
        memory = self._memory
        if memory is not None and self._window.project is self._project and not self._window.tasks.is_closed:
            self._start("Remembering", memory.warm)

    def _stop_counting(self) -> None:
        if self._counting is not None:
            self._counting.cancel()
            self._counting = None

    def _start(self, title: str, work: Work) -> Task:
        return self._window.tasks.start(title, work, is_shown=False)

    def _tell_crash(self, outcome: Outcome) -> None:
        if isinstance(outcome, Crashed):
            self._window.show_crash(outcome.summary, outcome.details)

    def _timer(self, interval_ms: int, then: object) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval_ms)
        timer.timeout.connect(then)
        return timer


def _unless_long(subject: Subject) -> Subject | None:
    """What is as long as a paragraph is no string that comes again."""
    return subject if len(subject.surface) <= MOST_SURFACE else None
