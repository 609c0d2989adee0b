"""Places found in the corpus, and what can be done with them: the table with the line under it.

Searches in the background, corrects one or many places as one step of undo, and keeps the rows true. Pages put what
they search by above it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from annotator.domain.hits import Hit
from annotator.domain.queries import Query
from annotator.ui.naming import named
from annotator.ui.operating import in_words
from annotator.ui.panels.elided import ElidedLabel
from annotator.ui.panels.kwic_table import KwicTable
from annotator.ui.search_run import SearchRun
from annotator.ui.tasks import Crashed, Failed, Finished, Outcome
from annotator.ui.theme import Theme
from annotator.workflows import fixing
from annotator.workflows.clock import now
from annotator.workflows.operations import DocumentEdit, OperationReport
from annotator.workflows.searching import MOST_HITS, Found

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow
    from annotator.workflows.searching import Searcher

MOST_UNASKED = 20
"""So many spans of other documents are changed without asking."""
FLUSH_S = 1.0
NO_SPAN = "A note on a document has no span to change."
KEYS = "Enter shows · Space checks · Ctrl+A all · a label’s key relabels · A accepts · Del removes · Ctrl+Z undoes"


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction of many places: its ``title`` ("Relabel 14 spans as ORG"), its edits, who hears of its end."""

    title: str
    edits: Sequence[DocumentEdit]
    then: Callable[[], object] | None


class KwicPanel(QWidget):
    """``ended`` carries the `Outcome` of a search; ``left``: Escape in the table."""

    ended = Signal(object)
    left = Signal()

    def __init__(self, window: MainWindow, searcher: Searcher) -> None:
        super().__init__()
        self._window = window
        self._searcher = searcher
        self._run: SearchRun | None = None
        self._read_at = now()
        self._renewing = 0
        self._waiting: Fix | None = None
        self._keeps: Callable[[Hit], bool] | None = None
        self.is_complete = True
        self.table = KwicTable()
        self.count = ElidedLabel()
        self.message = ElidedLabel()
        self.keys = ElidedLabel()
        self.keys.show_text(KEYS)
        self.relabel_button = QToolButton()
        self.accept_button, self.remove_button = QPushButton("Accept"), QPushButton("Remove")
        self.question = QLabel()
        self.yes, self.no = QPushButton(), QPushButton("Leave it")
        self.asking = named(QWidget(), "asking")
        self._assemble()
        self._connect()
        self.forget()

    def search(self, query: Query, keeps: Callable[[Hit], bool] | None = None) -> None:
        """Find a bound query's places anew. ``keeps``: which of its hits are wanted (all)."""
        self.stop()
        self._settle()
        self._keeps = keeps
        self.is_complete = False
        self.table.hits.show([])
        session = self._window.session
        if session is not None:
            session.saver.flush(FLUSH_S)
        self._read_at = now()
        run = SearchRun(self)
        run.found.connect(self._on_found)
        run.ended.connect(self._on_ended)
        self._run = run
        self._show_count()
        run.start(self._window.tasks, lambda progress: self._searcher.search(query, progress))

    def stop(self) -> None:
        """Stop searching; what was found stays."""
        if self._run is not None:
            self._run.cancel()
            self._run = None

    def forget(self) -> None:
        """Show no places."""
        self.stop()
        self._settle()
        self.is_complete = True
        self.table.hits.show([])
        self.count.show_text("")
        self._show_enabled()

    def renew(self) -> None:
        """Labels were changed: show what is on the places now. Nothing moves."""
        session = self._window.session
        if session is None or not self.table.hits.hits or self._window.tasks.is_closed:
            return
        session.saver.flush(FLUSH_S)
        self._renewing += 1
        work = partial(self._searcher.hits_again, tuple(self.table.hits.hits), since=self._read_at)
        task = self._window.tasks.start("Reading", lambda _progress: work(), is_shown=False)
        task.ended.connect(partial(self._on_renewed, self._renewing, now()))

    def show_scheme(self) -> None:
        """The labels and keys of the open project."""
        if self._window.session is not None:
            self.table.show_scheme(self._window.session.scheme, self._window.actions_.label_keys())

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self.table.set_theme(theme)

    def relabel(self, label_id: str, layer: str) -> None:
        """Give the chosen places a label: spans another one, words a span."""
        session = self._window.session
        if session is not None:
            hits = self._fixable()
            name = session.scheme.name_of(label_id, layer)
            edits = fixing.relabel(hits, label_id, layer, annotator=session.annotator)
            what = f"Relabel {_spans(len(hits))}" if all(hit.span_id for hit in hits) else f"Label {_places(len(hits))}"
            self.fix(f"{what} as {name}", edits, hits, nothing=f"That is {name} already.")

    def remove(self) -> None:
        """Remove the spans of the chosen places."""
        hits = self._fixable()
        edits = fixing.remove(hits, annotator=self._window.annotator)
        self.fix(f"Remove {_spans(len(hits))}", edits, hits, nothing="There is no span to remove.")

    def accept(self) -> None:
        """Accept the suggestions among the chosen places."""
        hits = self._fixable()
        edits = fixing.accept(hits, annotator=self._window.annotator)
        self.fix(f"Accept {_spans(len(hits))}", edits, hits, nothing="There is no suggestion to accept.")

    def fix(
        self,
        title: str,
        edits: Sequence[DocumentEdit],
        hits: Sequence[Hit],
        *,
        nothing: str,
        then: Callable[[], object] | None = None,
    ) -> None:
        """Correct places as one step of undo; many of them in other documents only after asking.

        ``nothing`` is said when there are no edits; ``then`` hears when they were made, and has the focus to give.
        """
        self._settle()
        if not edits:
            is_about_notes = bool(chosen := self.table.chosen) and all(hit.is_on_document for hit in chosen)
            self.say(NO_SPAN if is_about_notes else nothing if hits else "No place is chosen.")
            return
        session = self._window.session
        open_key = session.key if session is not None else None
        elsewhere = fixing.count(edit for edit in edits if edit.key != open_key)
        self._waiting = Fix(title, edits, then)
        if elsewhere <= MOST_UNASKED:
            self._on_yes()
            return
        self.question.setText(f"{title}?")
        self.yes.setText(title.split()[0])
        self.asking.show()
        self.message.hide()
        self.keys.hide()
        self.yes.setFocus()

    def say(self, words: str, *, is_bad: bool = False) -> None:
        """A sentence in place of the keys."""
        self.message.setProperty("bad", is_bad)
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
        self.message.show_text(words)
        self.message.setVisible(bool(words))
        self.keys.setVisible(not words)

    def focus_table(self) -> None:
        """Walk the places."""
        self.table.begin()
        self.table.setFocus()

    def _fixable(self) -> list[Hit]:
        """The chosen places that a correction can be about: not notes on documents."""
        return [hit for hit in self.table.chosen if not hit.is_on_document]

    def _settle(self) -> None:
        """No question is open, nothing is said."""
        self._waiting = None
        if self.asking.isVisible():
            self.asking.hide()
            self.table.setFocus()
        self.asking.hide()
        self.say("")

    def _carry_out(self, fix: Fix) -> None:
        session = self._window.session
        if session is None:
            return
        if len(fix.edits) == 1 and fix.edits[0].key == session.key:
            done = self._window.commands.try_edit(lambda: fix.edits[0].edit)
            if done is not None:
                self.say(f"{fix.title}: done.")
                self._on_fixed(fix)
        else:
            self._window.operator.run(fix.title, fix.edits, then=partial(self._on_operated, fix))

    def _show_count(self) -> None:
        found = len(self.table.hits.hits)
        documents = len({hit.key for hit in self.table.hits.hits})
        checked = len(self.table.hits.checked)
        if self._run is None and found > MOST_HITS:
            words = f"more than {MOST_HITS:,} places"
        elif self._run is not None:
            words = f"{_places(found)} so far…" if found else "Searching…"
        else:
            words = f"{_places(found)} in {documents:,} document{'' if documents == 1 else 's'}" if found else ""
        self.count.show_text(f"{words} · {checked:,} checked" if checked else words)
        self._show_enabled()

    def _show_enabled(self) -> None:
        has_rows = bool(self.table.hits.hits)
        for button in (self.relabel_button, self.accept_button, self.remove_button):
            button.setEnabled(has_rows)

    def _on_found(self, portion: Found) -> None:
        hits = [hit for hit in portion.hits if self._keeps is None or self._keeps(hit)]
        self.table.hits.append(hits)
        self.table.begin()
        self._show_count()

    def _on_ended(self, outcome: Outcome) -> None:
        self._run = None
        self.is_complete = isinstance(outcome, Finished) and len(self.table.hits.hits) <= MOST_HITS
        self._show_count()
        if isinstance(outcome, Failed):
            self.say(str(outcome.error), is_bad=True)
        elif isinstance(outcome, Crashed):
            self._window.show_crash(outcome.summary, outcome.details)
        self.ended.emit(outcome)

    def _on_renewed(self, number: int, read_at: str, _job_id: int, outcome: Outcome) -> None:
        is_stale = number != self._renewing or self._run is not None
        if not is_stale and isinstance(outcome, Finished) and len(outcome.value) == len(self.table.hits.hits):
            self._read_at = read_at
            self.table.hits.renew(outcome.value)

    def _on_operated(self, fix: Fix, report: OperationReport) -> None:
        self.say(f"{fix.title}: {in_words(report)}", is_bad=bool(report.left_out))
        self._on_fixed(fix)

    def _on_fixed(self, fix: Fix) -> None:
        self.table.hits.check_all(is_checked=False)
        if fix.then is not None:
            fix.then()
        else:  # while a long operation runs the window cannot be used and loses the focus
            QTimer.singleShot(0, self.focus_table)

    def _on_yes(self) -> None:
        waiting = self._waiting
        self._settle()
        if waiting is not None:
            self._carry_out(waiting)

    def _on_place_chosen(self, hit: Hit) -> None:
        span_id = None if hit.is_gone else hit.span_id or None
        if self._window.go_to(hit.key, hit.start, hit.end, span_id=span_id) and hit.is_on_document:
            self._window.canvas.clear_selection()  # a label key is not to label the whole line

    def _fill_label_menu(self) -> None:
        menu = self.relabel_button.menu()
        menu.clear()
        self.table.fill_label_menu(menu)

    def _connect(self) -> None:
        table = self.table
        table.place_chosen.connect(self._on_place_chosen)
        table.label_chosen.connect(self.relabel)
        table.remove_requested.connect(self.remove)
        table.accept_requested.connect(self.accept)
        table.left.connect(self.left)
        table.hits.checked_changed.connect(self._show_count)
        self.accept_button.clicked.connect(self.accept)
        self.remove_button.clicked.connect(self.remove)
        self.yes.clicked.connect(self._on_yes)
        self.no.clicked.connect(self._settle)

    def _assemble(self) -> None:
        menu = QMenu(self.relabel_button)
        menu.aboutToShow.connect(self._fill_label_menu)
        self.relabel_button.setText("Label as ▾")
        self.relabel_button.setAccessibleName("Label the chosen places as")
        self.relabel_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.relabel_button.setMenu(menu)
        self.count.setProperty("dim", True)
        self.keys.setProperty("dim", True)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        asking = QHBoxLayout(self.asking)
        asking.setContentsMargins(0, 0, 0, 0)
        for part in (self.question, self.yes, self.no):
            asking.addWidget(part)
        asking.addStretch(1)
        line = named(QWidget(), "kwic_line")
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(line)
        row.setContentsMargins(16, 5, 16, 5)
        row.setSpacing(12)
        for said in (self.asking, self.message, self.keys):
            row.addWidget(said, 1)
        for button in (self.relabel_button, self.accept_button, self.remove_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(line)


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count:,} places"


def _spans(count: int) -> str:
    return "1 span" if count == 1 else f"{count:,} spans"
