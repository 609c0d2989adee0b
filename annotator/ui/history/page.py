"""The page "history": any moment of the open document, what changed since, and bringing it back as a new edit.

What is shown is always what is brought back: a moment of one's own set, or the set of a pipeline or an import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.differences import (
    Difference,
    StatusDiffers,
    differences,
    restoring_edit,
    touched_between,
)
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.telling import Teller
from annotator.ui.dialogs.choice_box import ChoiceBox
from annotator.ui.dialogs.sheet import plain_button, text_label
from annotator.ui.dialogs.words import how_far_in_words
from annotator.ui.empty_page import EmptyPage, EmptyState
from annotator.ui.history.changes import ChangeList
from annotator.ui.history.compared_canvas import ComparedCanvas, MarkedPlace, sign_of, spans_of
from annotator.ui.history.moments import MomentList, time_words
from annotator.ui.history.reading import HistoryReading
from annotator.ui.history.timeline import Timeline
from annotator.ui.naming import named
from annotator.ui.pages import Page
from annotator.ui.panels.elided import ElidedLabel
from annotator.ui.tasks import HowFar
from annotator.ui.theme import LIGHT, Theme
from annotator.workflows.history import SetHistory, VisibleSet

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

LISTS_PX, ARTICLE_PX = 290, 800
NOTHING_DONE = EmptyState(
    "Nothing was done in this article yet",
    "Every edit of yours will stand here in order, to be looked at again and taken back as a whole or in part. "
    "Esc goes back to the article.",
)
NONE_OPEN = EmptyState("No article is open", "Open one, then its past is here.")
NOT_READ = EmptyState("The history was not read", "Ctrl+5 reads it again. Esc goes back to the article.")


class Against(Enum):
    """What the shown moment is compared with."""

    NOW = "As it is now"
    BEFORE = "The moment before"


@dataclass(frozen=True, slots=True)
class Kept:
    """A moment that was kept to be compared with."""

    moment: int


class HistoryPage(Page):
    """See the module."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.setObjectName("history")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._theme: Theme = LIGHT
        self._history: SetHistory | None = None
        self._moment = 0
        self._theirs: AnnotatedDocument | None = None
        self._shown: AnnotatedDocument | None = None
        self._to_now: list[Difference] = []
        self._pointed_at: Difference | None = None
        self.title = ElidedLabel()
        self.title.setProperty("role", "strong")
        self.about = text_label("", "small")
        self.list = MomentList()
        self.show_box, self.against_box = ChoiceBox(), ChoiceBox()
        self.keep = plain_button("Compare with this moment", "link")
        self.canvas = ComparedCanvas()
        self.moment_words = ElidedLabel()
        self.timeline = Timeline()
        self.foot = named(QWidget(), "history_foot")
        self.changes_head = text_label("", "strong")
        self.changes = ChangeList()
        self.outcome = text_label("", "dim")
        self.restore = plain_button("Restore", "primary")
        self.restore_all = plain_button("Restore all")
        self.empty = EmptyPage()
        self.stack = QStackedWidget()
        self._warming = QTimer(self, interval=0)
        self._reading = HistoryReading(window)
        self._assemble()
        self._connect()

    @property
    def moment(self) -> int:
        """The moment that is chosen, 0 is before the first edit."""
        return self._moment

    def enter(self) -> None:
        """Read the past of the open document and show it as it is now."""
        looks = self._window.looks.preferences
        self.canvas.set_text_font(looks.text_family, looks.text_size_px)
        self.canvas.set_measure(looks.reading_width_chars)
        self.outcome.setText("")
        self._load()
        self.list.setFocus()

    def refresh(self) -> None:
        """Something was edited or undone."""
        self._load()

    def leave(self) -> None:
        """Nobody waits any more for what is being read."""
        self._reading.stop()

    def step(self, by: int) -> None:
        """Go ``by`` moments on (or back)."""
        self.timeline.slider.setValue(self._moment + by)

    def set_theme(self, theme: Theme) -> None:
        """Colours of everything that draws itself."""
        self._theme = theme
        for part in (self.canvas, self.list, self.changes, self.timeline):
            part.set_theme(theme)
        self.foot.setStyleSheet(f"#history_foot {{ background: {theme.panel}; border-top: 1px solid {theme.line}; }}")

    def _load(self) -> None:
        session, project = self._window.session, self._window.project
        if session is None or project is None or session.key is None:
            self._show_empty(NONE_OPEN)
        else:
            self._reading.begin(project, session)

    def _on_arrived(self, history: SetHistory | None) -> None:
        if history is None or not history.last_moment:
            self._show_empty(NOTHING_DONE if history is not None else NOT_READ)
            return
        was_waiting = self.stack.currentWidget() is self.empty
        self._history = history
        self._show_history(history)
        if was_waiting and self.isVisible():
            self.list.setFocus()

    def _on_waiting(self, rows: int) -> None:
        self._show_empty(_being_read(f"{rows:,} edits"))

    def _on_progressed(self, how_far: HowFar) -> None:
        self.empty.show_state(_being_read(how_far_in_words(how_far)))

    def _show_empty(self, state: EmptyState) -> None:
        self._warming.stop()
        self._history = self._theirs = self._shown = None
        self.list.show_history(None)
        self.empty.show_state(state)
        self.stack.setCurrentWidget(self.empty)

    def _show_history(self, history: SetHistory) -> None:
        self._theirs = None
        self.stack.setCurrentIndex(0)
        self.title.ensurePolished()  # it is elided in the font that the style sheet gives it
        self.title.show_text(history.now.document.display_title)
        self.about.setText(f"{_count(history.last_moment, 'edit')}, {_duration(history.active_s)} at work")
        self.about.setToolTip("Pauses of more than two minutes are not counted.")
        self.list.show_history(history)
        self.timeline.show_history(history)
        self._fill_choices(history)
        self.canvas.show_document(history.now, history.scheme)
        self._moment = history.last_moment
        self._show_moment()
        self._warming.start()

    def _fill_choices(self, history: SetHistory) -> None:
        for box in (self.show_box, self.against_box):
            box.blockSignals(True)
            box.clear()
        self.show_box.addItem("My labels", None)
        for other in history.visible:
            self.show_box.addItem(_set_in_words(other), other)
        for against in Against:
            self.against_box.addItem(against.value, against)
        for box in (self.show_box, self.against_box):
            box.blockSignals(False)
        self.show_box.setEnabled(bool(history.visible))

    def _show_moment(self) -> None:
        history = self._history
        if history is None:
            return
        self.list.set_moment(self._moment)
        self.moment_words.show_text(self._where(history))
        with self._window.saying_faults():
            self._show_state(self._theirs or history.at(self._moment))

    def _where(self, history: SetHistory) -> str:
        if self._theirs is not None:
            return f"{self.show_box.currentText()}, beside your labels as they are now"
        words = f"{history.words_of(self._moment)} · " if self._moment else ""
        where = f"Moment {self._moment:,} of {history.last_moment:,}"
        return f"{where} · {words}{time_words(history, self._moment)}"

    def _show_state(self, doc: AnnotatedDocument) -> None:
        """Show another state at the same place, and what is another in it."""
        self._shown = doc
        if self.canvas.doc is not None:
            self.canvas.update_document(doc, touched_between(self.canvas.doc, doc))
        self._compare()

    def _compare(self) -> None:
        history, shown = self._history, self._shown
        if history is None or shown is None:
            return
        old, new = self._two_states(history, shown)
        found = differences(old, new)
        is_against_now = self._theirs is not None or self.against_box.currentData() is Against.NOW
        self._to_now = found if is_against_now else differences(shown, self._now())
        self._pointed_at = None
        self.changes.changes.show(found, Teller(old, history.scheme, new))
        self.changes_head.setText(self._head(len(found)))
        self._mark(old, new)

    def _two_states(self, history: SetHistory, shown: AnnotatedDocument) -> tuple[AnnotatedDocument, AnnotatedDocument]:
        """The earlier and the later of the two states to compare."""
        other = history.last_moment if self._theirs is not None else self._other_moment(history)
        if self._theirs is not None or other >= self._moment:
            return shown, history.at(other)
        return history.at(other), shown

    def _other_moment(self, history: SetHistory) -> int:
        match self.against_box.currentData():
            case Against.BEFORE:
                return max(self._moment - 1, 0)
            case Kept(moment):
                return moment
            case _:
                return history.last_moment

    def _head(self, count: int) -> str:
        if self._theirs is not None:
            return f"{_count(count, 'difference')} from {self.show_box.currentData().annotator}"
        match self.against_box.currentData():
            case Against.BEFORE:
                return f"{_count(count, 'change')} in this moment"
            case Kept(moment):
                return (
                    f"{_count(count, 'change')} between {min(moment, self._moment):,} and {max(moment, self._moment):,}"
                )
            case _:
                return f"{_count(count, 'change')} since then" if count else "No changes since then"

    def _mark(self, *states: AnnotatedDocument) -> None:
        self.canvas.show_places(
            MarkedPlace(span.parts, sign_of(one), one == self._pointed_at)
            for one in self.changes.changes.rows
            for span in spans_of(one, *states)
        )

    def _restorable(self, chosen: Sequence[Difference]) -> list[Difference]:
        """Those in which the set is now another than what is shown."""
        keys = {one.key for one in chosen}
        return [one for one in self._to_now if one.key in keys]

    def _now(self) -> AnnotatedDocument:
        """The set as the window has it, be it saved or not."""
        session = self._window.session
        assert session is not None
        return session.doc

    def _show_buttons(self) -> None:
        ticked = self.changes.changes.ticked
        count = len(self._restorable(ticked))
        verb = "Restore" if self._theirs is None else "Take over"
        self.restore.setText(f"{verb} {_count(count, 'change')}" if count else verb)
        self.restore.setEnabled(bool(count))
        self.restore_all.setText(f"{verb} all")
        self.restore_all.setEnabled(bool(self._restorable(self._all())))

    def _all(self) -> list[Difference]:
        """Everything in the list; the status only when it is ticked: who restores labels is still at work."""
        ticked = self.changes.changes.ticked
        return [one for one in self.changes.changes.rows if one in ticked or not isinstance(one, StatusDiffers)]

    def _bring_back(self, chosen: Sequence[Difference]) -> None:
        shown, wanted = self._shown, self._restorable(chosen)
        if shown is None or not wanted:
            return
        verb = "Restored" if self._theirs is None else "Took over"
        if self._window.commands.try_edit(lambda: restoring_edit(self._now(), shown, wanted)) is not None:
            self.outcome.setText(f"{verb} {_count(len(wanted), 'change')}. Ctrl+Z takes it back.")

    def _assemble(self) -> None:
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setHandleWidth(1)
        panes.setChildrenCollapsible(False)
        for pane in (self._moments_pane(), self._article_pane(), self._changes_pane()):
            panes.addWidget(pane)
        panes.setStretchFactor(1, 1)
        panes.setSizes([LISTS_PX, ARTICLE_PX, LISTS_PX])
        self.stack.addWidget(panes)
        self.stack.addWidget(self.empty)
        _column(self, 0).addWidget(self.stack)

    def _moments_pane(self) -> QWidget:
        pane = named(QWidget(), "column")
        pane.setMinimumWidth(200)
        column = _column(pane, 4)
        column.setContentsMargins(8, 14, 8, 8)
        for label in (self.title, self.about):
            row = QHBoxLayout()
            row.setContentsMargins(8, 0, 8, 0)
            row.addWidget(label)
            column.addLayout(row)
        column.addSpacing(8)
        column.addWidget(self.list, 1)
        return pane

    def _article_pane(self) -> QWidget:
        pane = QWidget()
        pane.setMinimumWidth(360)
        choices = QHBoxLayout()
        choices.setContentsMargins(16, 8, 16, 8)
        choices.setSpacing(8)
        for words, box in (("&Show", self.show_box), ("&Compare with", self.against_box)):
            label = QLabel(words)
            label.setProperty("role", "dim")
            label.setBuddy(box)
            box.setAccessibleName(words.replace("&", ""))
            choices.addWidget(label)
            choices.addWidget(box)
        choices.addStretch(1)
        self.foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        below = _column(self.foot, 4)
        below.setContentsMargins(16, 8, 16, 6)
        about = QHBoxLayout()
        about.addWidget(self.moment_words, 1)
        about.addWidget(self.keep)
        below.addLayout(about)
        below.addWidget(self.timeline)
        column = _column(pane, 0)
        column.addLayout(choices)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.foot)
        return pane

    def _changes_pane(self) -> QWidget:
        pane = named(QWidget(), "column")
        pane.setMinimumWidth(220)
        column = _column(pane, 8)
        column.setContentsMargins(8, 14, 8, 12)
        self.changes_head.setContentsMargins(8, 0, 8, 0)
        self.outcome.setContentsMargins(8, 0, 8, 0)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(8, 0, 8, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self.restore)
        buttons.addWidget(self.restore_all)
        column.addWidget(self.changes_head)
        column.addWidget(self.changes, 1)
        column.addWidget(self.outcome)
        column.addLayout(buttons)
        self.restore_all.setToolTip("Everything in the list; the status only when it is ticked.")
        return pane

    def _connect(self) -> None:
        self._reading.arrived.connect(self._on_arrived)
        self._reading.waiting.connect(self._on_waiting)
        self._reading.progressed.connect(self._on_progressed)
        self._reading.stopped.connect(lambda: self._show_empty(NOT_READ))
        self.list.moment_chosen.connect(self.timeline.slider.setValue)
        self.timeline.slider.valueChanged.connect(self._on_moment_chosen)
        self.show_box.currentIndexChanged.connect(self._on_shown_set_changed)
        self.against_box.currentIndexChanged.connect(self._compare)
        self.keep.clicked.connect(self._on_keep_clicked)
        self.changes.changes.ticks_changed.connect(self._show_buttons)
        self.changes.change_pointed_at.connect(self._on_change_pointed_at)
        self.restore.clicked.connect(lambda: self._bring_back(self.changes.changes.ticked))
        self.restore_all.clicked.connect(lambda: self._bring_back(self._all()))
        self._warming.timeout.connect(self._on_warming)
        for key, by in ((Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1)):
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=by: self.step(by))

    def _on_moment_chosen(self, moment: int) -> None:
        self._moment = moment
        self.outcome.setText("")
        self._show_moment()

    def _on_shown_set_changed(self) -> None:
        session, project, history = self._window.session, self._window.project, self._history
        other = self.show_box.currentData()
        self._theirs = None
        if isinstance(other, VisibleSet) and history and session and project and session.key is not None:
            with self._window.saying_faults():
                self._theirs = project.visible_set(session.key, other, history.now)
        for widget in (self.timeline, self.list, self.against_box, self.keep):
            widget.setEnabled(self._theirs is None)
        self._show_moment()

    def _on_keep_clicked(self) -> None:
        """Compare with the moment that is shown now, whichever is chosen next."""
        kept = next((place for place in range(self.against_box.count()) if self._is_kept(place)), None)
        if kept is not None:
            self.against_box.removeItem(kept)
        self.against_box.addItem(f"Moment {self._moment:,}", Kept(self._moment))
        self.against_box.setCurrentIndex(self.against_box.count() - 1)
        self.list.setFocus()

    def _is_kept(self, place: int) -> bool:
        return isinstance(self.against_box.itemData(place), Kept)

    def _on_change_pointed_at(self, one: Difference | None) -> None:
        history, shown = self._history, self._shown
        self._pointed_at = one
        if history is None or shown is None:
            return
        states = self._two_states(history, shown)
        self._mark(*states)
        if one is not None and (spans := spans_of(one, *states)):
            self.canvas.reveal(spans[0].start)

    def _on_warming(self) -> None:
        """Take snapshots while nothing happens, so that the first pull at the slider is as fast as the next."""
        if self._history is None or self._history.replay.is_warm or not self.isVisible():
            self._warming.stop()
            return
        with self._window.saying_faults():
            self._history.replay.warm()
            return
        self._warming.stop()


def _being_read(how_far: str) -> EmptyState:
    return EmptyState("Reading the history", f"{how_far}. Esc goes back to the article and stops reading.")


def _set_in_words(other: VisibleSet) -> str:
    return f"{other.annotator} ({'suggestions' if other.is_pipeline else 'imported'})"


def _count(number: int, of: str) -> str:
    return f"{number:,} {of}{'' if number == 1 else 's'}"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than 1 min"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _column(of: QWidget, spacing: int) -> QVBoxLayout:
    column = QVBoxLayout(of)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    return column
