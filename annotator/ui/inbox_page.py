"""The inbox of inconsistencies: kinds and entries on the left, the places of the chosen ones on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from annotator.domain.hits import Hit
from annotator.domain.inconsistencies import MOST_ENTRIES, Entry, Kind, Sharing, in_order, together
from annotator.ui.dialogs.choice_box import TickBox
from annotator.ui.inbox_fixes import Gathered, Remedy, remedies
from annotator.ui.mended import Mended, MendedEntries
from annotator.ui.models.inbox import KIND_MEANINGS, KIND_WORDS, detail
from annotator.ui.naming import named
from annotator.ui.old_dismissals import take_over
from annotator.ui.page_style import page_stylesheet
from annotator.ui.pages import Page
from annotator.ui.panels.elided import ElidedLabel
from annotator.ui.panels.inbox_list import EntryList, InboxEmpty
from annotator.ui.panels.kwic_panel import FLUSH_S, KwicPanel
from annotator.ui.tasks import Finished, HowFar, Outcome, Task, WasCancelled
from annotator.ui.theme import Theme
from annotator.workflows import fixing

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

SIDE_PX = 320


class InboxPage(Page):
    """Ctrl+3."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        assert window.project is not None
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._searcher = window.project.searcher(window.annotator)
        self._dismissals = window.project.dismissals(window.annotator)
        self._mended = MendedEntries(window.project, window.annotator)
        self._entries: dict[Kind, list[Entry]] = {kind: [] for kind in Kind}
        self._hidden: list[Entry] = []
        self._scan: Task | None = None
        self._was_scanned = False
        self.kind = Kind.LABELS
        self.kinds = {kind: QToolButton() for kind in Kind}
        self.list = EntryList()
        self.panel = KwicPanel(window, self._searcher)
        self.heading, self.meaning = ElidedLabel(), ElidedLabel()
        self.buttons = QHBoxLayout()
        self.again = named(QPushButton("Look again"), "link")
        self.with_suggestions = TickBox("Suggestions, too")
        self.hidden = named(QPushButton(), "link")
        self.status = QLabel(wordWrap=True)
        self.cancel = QPushButton("Cancel")
        self.empty = InboxEmpty()
        self.body = QStackedWidget()
        self._assemble()
        self._connect()
        self._show_kinds()
        with window.saying_faults():
            take_over(window.settings, window.project.location, self._dismissals)

    def enter(self) -> None:
        self.refresh()
        if not self._was_scanned and self._scan is None:
            self.scan()
        self.list.setFocus()

    def refresh(self) -> None:
        if self._window.session is not None:
            self.panel.show_scheme()
            self.panel.renew()
            self._follow_undo()

    def set_theme(self, theme: Theme) -> None:
        self.setStyleSheet(page_stylesheet(theme))
        self.list.set_theme(theme)
        self.panel.set_theme(theme)

    def scan(self) -> None:
        """Look through the corpus in the background."""
        window = self._window
        if self._scan is not None or window.project is None or window.session is None:
            return
        from annotator.workflows.in_process import spawned
        from annotator.workflows.jobs import inbox_job

        window.session.saver.flush(FLUSH_S)
        work = spawned(inbox_job, window.project.location, window.annotator, self.with_suggestions.isChecked())
        self._scan = window.tasks.start("Looking for inconsistencies", work, is_shown=False)
        self._scan.progressed.connect(self._on_progressed)
        self._scan.ended.connect(self._on_scanned)
        self._show_status("Counting spans…", is_running=True)

    def show_kind(self, kind: Kind) -> None:
        """Show the entries of one kind."""
        self.kind = kind
        self._show_kinds()
        self._show_entries()

    def dismiss(self) -> None:
        """The chosen entries are right as they are."""
        chosen = self.list.chosen
        with self._window.saying_faults():
            self._dismissals.add(chosen)
            self._hidden += chosen
            self._take_out(chosen)

    def _show_kinds(self) -> None:
        for kind, button in self.kinds.items():
            count = len(self._entries[kind])
            number = f"  {count:,}{'+' if count >= MOST_ENTRIES else ''}" if self._was_scanned else ""
            button.setText(f"{KIND_WORDS[kind]}{number}")
            button.setChecked(kind is self.kind)
            button.setProperty("on", kind is self.kind)
            button.style().unpolish(button)
            button.style().polish(button)
        self.hidden.setText(f"{len(self._hidden):,} said to be right: show again")
        self.hidden.setVisible(bool(self._hidden))

    def _show_entries(self, row: int = 0) -> None:
        session = self._window.session
        if session is None:
            return
        entries = self._entries[self.kind]
        self.list.entries.show(entries, session.scheme)
        if entries:
            self.body.setCurrentIndex(1)
            self.list.choose(min(row, len(entries) - 1))
        else:
            self.panel.forget()
            if self._was_scanned:
                self.empty.show_nothing(KIND_WORDS[self.kind], KIND_MEANINGS[self.kind])
            self.body.setCurrentIndex(0)

    def _take_out(self, gone: Sequence[Entry]) -> None:
        """Entries are dealt with; the next one is chosen."""
        keys = {entry.key for entry in gone}
        row = self.list.currentIndex().row()
        kept = [entry for entry in self._entries[self.kind] if entry.key not in keys]
        before = sum(entry.key in keys for entry in self._entries[self.kind][: max(row, 0)])
        self._entries[self.kind] = kept
        self._show_kinds()
        self._show_entries(max(row - before, 0))
        self.list.setFocus()

    def _follow_undo(self) -> None:
        """Entries whose correction was undone come back where they were; they go again when it is made again."""
        session = self._window.session
        if session is None or not self._mended:
            return
        session.saver.flush(FLUSH_S)
        with self._window.saying_faults():
            back, again = self._mended.turned()
            for mended in again:
                self._entries[mended.kind] = mended.taken_out(self._entries[mended.kind])
            hidden = {entry.key for entry in self._hidden}
            for mended in back:
                self._entries[mended.kind] = mended.put_back(self._entries[mended.kind], but=hidden)
            if back or again:
                self._show_turned((back or again)[-1])

    def _show_turned(self, mended: Mended) -> None:
        """Choose what came back, or what now stands where the entries were."""
        self.kind = mended.kind
        self._show_kinds()
        self._show_entries(mended.rows[0][0])

    def _show_status(self, words: str, *, is_running: bool) -> None:
        self.status.setText(words)
        self.status.setVisible(bool(words))
        self.cancel.setVisible(is_running)
        self.again.setVisible(not is_running)

    def _show_chosen(self) -> None:
        chosen = self.list.chosen
        session = self._window.session
        while (item := self.buttons.takeAt(0)) is not None:
            if (held := item.widget()) is not None:
                held.deleteLater()
        if not chosen or session is None:
            return
        first = chosen[0]
        is_one = len(chosen) == 1
        self.heading.show_text(" ".join(first.words.split()) if is_one else f"{len(chosen):,} strings")
        places = sum(entry.places for entry in chosen)
        self.meaning.show_text(detail(first, session.scheme) if is_one else f"{places:,} places")
        for remedy in remedies(chosen, session.scheme):
            self._add_button(remedy.title, partial(self._start_fix, remedy))
        self._add_button("It is right so", self.dismiss)
        groups = together(chosen)
        if len(groups) == 1:
            self.panel.search(groups[0][0], partial(_is_shared, Sharing(chosen)))
        else:
            self.panel.forget()
            self.panel.say("The corrections above are for all of the chosen strings; choose one to see its places.")

    def _add_button(self, title: str, run: Callable[[], object]) -> None:
        button = QPushButton(title)
        button.clicked.connect(lambda _checked=False: run())
        self.buttons.addWidget(button)

    def _start_fix(self, remedy: Remedy) -> None:
        """Gather every place of the chosen entries, then correct them."""
        from annotator.workflows.inbox import gather

        chosen = tuple(self.list.chosen)
        session = self._window.session
        if session is None:
            return
        session.saver.flush(FLUSH_S)
        searcher = self._searcher
        task = self._window.tasks.start("Gathering the places", lambda progress: gather(searcher, chosen, progress))
        task.ended.connect(partial(self._on_gathered, remedy, chosen))

    def _on_gathered(self, remedy: Remedy, chosen: tuple[Entry, ...], _job_id: int, outcome: Outcome) -> None:
        if not isinstance(outcome, Finished):
            self._window.offers.say_outcome(outcome)
            return
        gathered: Gathered = outcome.value
        edits = remedy.edits(gathered, self._window.annotator)
        hits = [hit for _, found in gathered for hit in found]
        words = chosen[0].words if len(chosen) == 1 else f"{len(chosen):,} strings"
        count = fixing.count(edits)
        title = f"{remedy.title}: {count:,} span{'' if count == 1 else 's'} of {' '.join(words.split())}"
        nothing = "There is nothing left to change here."
        self.panel.fix(title, edits, hits, nothing=nothing, then=partial(self._on_fixed, chosen))

    def _on_fixed(self, fixed: tuple[Entry, ...]) -> None:
        said = self.panel.message.whole
        if (session := self._window.session) is not None and (step := session.undo_step) is not None:
            self._mended.remember(step, self.kind, self._entries[self.kind], fixed)
        self._take_out(fixed)
        self.panel.say(said)
        QTimer.singleShot(0, self.list.setFocus)

    def _on_progressed(self, how_far: HowFar) -> None:
        total = f" of {how_far.total:,}" if how_far.total else ""
        self._show_status(f"{how_far.done:,}{total} documents looked through", is_running=True)

    def _on_scanned(self, _job_id: int, outcome: Outcome) -> None:
        self._scan = None
        self._show_status("", is_running=False)
        if isinstance(outcome, WasCancelled):
            return
        if not isinstance(outcome, Finished):
            self._window.offers.say_outcome(outcome)
            return
        self._was_scanned = True
        self._take_entries(outcome.value)

    def _take_entries(self, entries: Sequence[Entry]) -> None:
        known: set[str] = set()
        with self._window.saying_faults():
            known.update(self._dismissals.dismissed())
        self._hidden = [entry for entry in entries if entry.key in known]
        self._entries = dict(in_order(entry for entry in entries if entry.key not in known))
        if not self._entries[self.kind]:
            self.kind = next((kind for kind in Kind if self._entries[kind]), self.kind)
        self._show_kinds()
        self._show_entries()

    def _on_cancelled(self) -> None:
        if self._scan is not None:
            self._scan.cancel()

    def _on_show_hidden(self) -> None:
        with self._window.saying_faults():
            self._dismissals.take_back(self._hidden)
            for kind, entries in in_order(self._hidden):
                self._entries[kind] = [*self._entries[kind], *entries]
            self._hidden = []
        self._show_kinds()
        self._show_entries()

    def _on_kind_stepped(self, step: int) -> None:
        kinds = list(Kind)
        self.show_kind(kinds[(kinds.index(self.kind) + step) % len(kinds)])

    def _on_first_fix(self) -> None:
        """The likeliest correction, by key."""
        item = self.buttons.itemAt(0)
        if item is not None and isinstance(button := item.widget(), QPushButton):
            button.click()

    def _connect(self) -> None:
        for kind, button in self.kinds.items():
            button.clicked.connect(lambda _checked=False, kind=kind: self.show_kind(kind))
        self.list.chosen_changed.connect(self._show_chosen)
        self.list.kind_stepped.connect(self._on_kind_stepped)
        self.list.opened.connect(self.panel.focus_table)
        self.list.fix_requested.connect(self._on_first_fix)
        self.list.right_requested.connect(self.dismiss)
        self.list.left.connect(self.left)
        self.panel.left.connect(self.list.setFocus)
        self.again.clicked.connect(self.scan)
        self.with_suggestions.toggled.connect(lambda _: self.scan())
        self.hidden.clicked.connect(self._on_show_hidden)
        self.cancel.clicked.connect(self._on_cancelled)

    def _assemble(self) -> None:
        self.body.addWidget(self.empty)
        self.body.addWidget(self._make_right())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._make_side())
        row.addWidget(self.body, 1)

    def _make_side(self) -> QWidget:
        side = named(QWidget(), "side")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(SIDE_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(10, 14, 10, 10)
        column.setSpacing(2)
        title = QLabel("Inconsistencies")
        title.setProperty("strong", True)
        title.setContentsMargins(6, 0, 0, 6)
        column.addWidget(title)
        for kind, button in self.kinds.items():
            button.setCheckable(True)
            button.setToolTip(KIND_MEANINGS[kind])
            column.addWidget(button)
        column.addSpacing(6)
        column.addWidget(self.list, 1)
        self.status.setProperty("dim", True)
        for part in (self.status, self.cancel, self.hidden, self.with_suggestions, self.again):
            line = QHBoxLayout()
            line.setContentsMargins(6, 1, 6, 1)
            line.addWidget(part, 1 if part is self.status else 0)
            if part is not self.status:
                line.addStretch(1)
            column.addLayout(line)
        return side

    def _make_right(self) -> QWidget:
        right = QWidget()
        head = named(QWidget(), "page_head")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.heading.setProperty("heading", True)
        self.meaning.setProperty("dim", True)
        self.panel.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        second = QHBoxLayout()
        second.addWidget(self.meaning, 2)
        second.addWidget(self.panel.count, 1)
        third = QHBoxLayout()
        third.addLayout(self.buttons)
        third.addStretch(1)
        rows = QVBoxLayout(head)
        rows.setContentsMargins(16, 12, 16, 10)
        rows.setSpacing(6)
        rows.addWidget(self.heading)
        rows.addLayout(second)
        rows.addLayout(third)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.panel, 1)
        return right


def _is_shared(sharing: Sharing, hit: Hit) -> bool:
    return bool(sharing.entries_of(hit))
