"""The doubts of the open document in the window: found while nothing happens, walked through by key.

Work is done in slices of a few milliseconds, a pause after the last key or edit: never between a key and its paint.
"""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from annotator.domain.doubts import Doubt, Key
from annotator.ui.doubt_words import in_words
from annotator.workflows.annotate import Change

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow
    from annotator.workflows.doubting import DoubtFinder

SLICE_S = 0.003
PAUSE_MS, LONG_PAUSE_MS = 60, 700
LONG_CHARS = 40_000
"""In a longer article every slice counts, so looking for doubts waits until the person pauses."""

PATIENCE_S = 0.02
"""As long is the key N kept waiting for doubts that an edit changed."""


class Doubting(QObject):
    """Keeps the doubts of the open document and shows them: article, right column, line at the bottom, documents."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._finder: DoubtFinder | None = None
        self._shown: tuple[Doubt, ...] = ()
        self._dismissed: dict[int, set[tuple[int, int]]] = {}
        self._wanted_step = 0
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._on_pause_over)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """The doubts as shown, in order."""
        return self._shown

    def watch(self) -> None:
        """Mark the doubt where the person is, from now on."""
        canvas = self._window.canvas
        canvas.current_span_changed.connect(self._on_chosen_changed)
        canvas.selection_changed.connect(self._on_chosen_changed)

    def begin(self) -> None:
        """Another document is open, or the same one was read anew; or none is."""
        self._pause.stop()
        self._wanted_step = 0
        before, self._finder = self._finder, None
        session, project, memory = self._window.session, self._window.project, self._window.recalling.memory
        if session is not None and project is not None and memory is not None and session.key is not None:
            dismissed = self._dismissed.setdefault(session.key, set())
            self._finder = project.doubts(memory, session.key, session.doc, dismissed)
            self._wait()
        if before is None or self._finder is None or before.key != self._finder.key:
            self._window.inspector.doubts.begin(session.doc.document.text if self._finder and session else None)
            self._show((), is_known=False)

    def follow(self, change: Change) -> None:
        """An edit changed the open document."""
        if self._finder is not None:
            self._finder.change(change.doc, change.touched)
            self._wait()

    def forget(self) -> None:
        """Another project: what was dismissed are other places now."""
        self._pause.stop()
        self._finder = None
        self._dismissed.clear()
        self._window.inspector.doubts.begin(None)
        self._show((), is_known=False)
        self._window.documents.model.forget_doubts()

    def go(self, step: int) -> None:
        """Go to the next (``step`` 1) or previous (-1) doubt; after the last one to the first."""
        if self._finder is None:
            return
        self._work(PATIENCE_S)
        if not self._finder.is_found:
            self._wanted_step = step
            self._pause.start(0)
            self._window.say("The doubts of this article are still being looked for.")
        elif not self._shown:
            self._window.say("There are no doubts here.")
        else:
            self._go_on(step)

    def go_on(self) -> None:
        """A decision was made: go to the next doubt below by itself, if that is wished and it is known already.

        In the same turn of the event loop: a key pressed next is meant for that doubt.
        """
        if self._finder is None or not self._window.looks.preferences.goes_on:
            return
        self._work(PATIENCE_S)
        if not self._finder.is_up_to_date:
            return
        at = bisect_right(self._shown, self._here(), key=_key)
        if at < len(self._shown):
            self.go_to(self._shown[at])
        else:
            self._window.say("No doubt is left below. Enter accepts the rest.")

    def go_to(self, doubt: Doubt, *, before: str = "") -> None:
        """Make the doubt's span current, or select its place; say what there is to know. ``before`` comes first."""
        canvas, session = self._window.canvas, self._window.session
        if session is None or canvas.doc is None:
            return
        if doubt.span_id is not None and doubt.span_id in canvas.doc.spans:
            canvas.set_current_span(doubt.span_id)
        else:
            canvas.set_selection(doubt.start, doubt.end)
            canvas.reveal(doubt.start)
        canvas.setFocus()
        words = f"{before}{in_words(doubt, session.scheme)}"
        if words:
            self._window.say(words)
            canvas.announce(words)
        else:
            self._window.hint_line.clear_message()  # what was said was about another place

    def find_selected(self) -> Doubt | None:
        """The doubt about a place without a span that is selected now, or None."""
        canvas = self._window.canvas
        if canvas.current_span_id is not None or canvas.selection is None:
            return None
        return self._find(canvas.selection)

    def dismiss_selected(self) -> bool:
        """Take the selected place without a span for what it is: no span. False when there is no such doubt."""
        doubt = self.find_selected()
        if doubt is None or self._finder is None:
            return False
        self._finder.dismiss(doubt)
        self._dismissed[self._finder.key].add((doubt.start, doubt.end))
        self._window.canvas.clear_selection()
        self._work(PATIENCE_S)
        self._window.say("Dismissed: no doubt here until the project is opened again.")
        return True

    def _find(self, place: tuple[int, int]) -> Doubt | None:
        wanted: Key = (*place, "")
        at = bisect_left(self._shown, wanted, key=_key)
        return self._shown[at] if at < len(self._shown) and self._shown[at].key == wanted else None

    def _go_on(self, step: int) -> None:
        here = self._here()
        if step > 0:
            at = bisect_right(self._shown, here, key=_key)
            is_round = at == len(self._shown)
            at = 0 if is_round else at
        else:
            at = bisect_left(self._shown, here, key=_key) - 1
            is_round = at < 0
        before = ("From the top again. " if step > 0 else "From the end again. ") if is_round else ""
        self.go_to(self._shown[at], before=before)

    def _here(self) -> Key:
        """Where the person is, as a doubt's key; a cursor stands before what begins there."""
        canvas = self._window.canvas
        span = canvas.doc.spans.find(canvas.current_span_id or "") if canvas.doc else None
        if span is not None:
            return (span.start, span.end, span.id)
        return (*canvas.selection, "") if canvas.selection else (canvas.token_cursor, -1, "")

    def _wait(self) -> None:
        is_long = self._finder is not None and self._finder.length_chars > LONG_CHARS
        self._pause.start(LONG_PAUSE_MS if is_long else PAUSE_MS)

    def _on_chosen_changed(self) -> None:
        self._window.inspector.doubts.mark(self._here())

    def _on_pause_over(self) -> None:
        self._work(SLICE_S)
        if self._finder is not None and not self._finder.is_up_to_date:
            self._pause.start(0)
        elif self._wanted_step:
            step, self._wanted_step = self._wanted_step, 0
            self._window.hint_line.clear_message()
            self.go(step)

    def _work(self, seconds: float) -> None:
        """Look for doubts for as long at most; show them when all are found."""
        if self._finder is None:
            return
        until = time.perf_counter() + seconds
        with self._window.saying_faults():
            while not self._finder.is_up_to_date and time.perf_counter() < until:
                self._finder.work()
        if self._finder.is_up_to_date:
            self._show(self._finder.doubts, is_known=True)

    def _show(self, doubts: tuple[Doubt, ...], *, is_known: bool) -> None:
        window = self._window
        if is_known and window.session is not None and window.session.key is not None:
            window.documents.model.put_doubts(window.session.key, len(doubts))
            window.hint_line.show_doubts(len(doubts))
        else:
            window.hint_line.show_doubts(None)
        if doubts == self._shown:
            return
        self._shown = doubts
        strengths: dict[tuple[int, int], float] = {}
        for doubt in doubts:
            place = (doubt.start, doubt.end)
            strengths[place] = max(doubt.strength, strengths.get(place, 0.0))
        window.canvas.set_doubts(strengths)
        window.canvas.likely = [doubt.start for doubt in doubts if doubt.span_id is None]
        if window.session is not None:
            window.inspector.doubts.show_doubts(doubts, window.session.scheme)


def _key(doubt: Doubt) -> Key:
    return doubt.key
