"""Adjudication: open disagreements on the left, the annotators' lanes under the words, one key for a decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.labels import LabelScheme
from annotator.domain.rulings import DOCUMENT_LABELS
from annotator.ui.adjudication.bar import DecisionBar
from annotator.ui.adjudication.draft import Draft
from annotator.ui.adjudication.items import ItemList, answer_in_words, words_of
from annotator.ui.adjudication.lanes import Lane, LanesView, Look
from annotator.ui.adjudication.side import Side
from annotator.ui.naming import named
from annotator.ui.page_style import page_stylesheet
from annotator.ui.pages import Page
from annotator.ui.panels.centred_words import CentredWords
from annotator.ui.panels.elided import ElidedLabel
from annotator.ui.tasks import Finished, Outcome, Task
from annotator.ui.theme import Theme
from annotator.workflows.adjudicating import AdjudicationRequest
from annotator.workflows.adjudication_bench import Bench, Decided, Item

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

FLUSH_S = 5.0
"""How long to wait for the last edits of the article to be on the disk."""

REASON = "R  reason (kept with the decision)"
DRAFT_KEYS = "←→ end   Shift+←→ start   Tab next span   L label   + add   Del remove   Enter take   Esc back"


class AdjudicationPage(Page):
    """Ctrl+7."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._bench: Bench | None = None
        self._task: Task | None = None
        self._scheme = LabelScheme("")
        self._draft: Draft | None = None
        self._is_for_alike = False
        self._is_asking_why = False
        self._is_wanted: Callable[[Item], bool] | None = None
        self.list = ItemList()
        self.side = Side(self.list)
        self.lanes = LanesView()
        self.heading, self.meaning = ElidedLabel(), ElidedLabel()
        self.bar = DecisionBar()
        self.reason = named(QLineEdit(), "query")
        self.said = ElidedLabel()
        self.empty = CentredWords()
        self.body = QStackedWidget()
        self._assemble()
        self._connect()

    def enter(self) -> None:
        self.load()

    def refresh(self) -> None:
        self._show_current()

    def set_theme(self, theme: Theme) -> None:
        self.setStyleSheet(page_stylesheet(theme))
        self.list.set_theme(theme)
        self.lanes.set_theme(theme)

    def undo(self) -> bool:
        """Take back the decision that was made last on this page."""
        if self._draft is not None:
            self._leave_draft()
            return True
        back: list[Item] = []
        if self._bench is not None:
            with self._window.saying_faults():
                back = self._bench.undo()
        if not back:
            return False
        self._show_items(back[0])
        self.said.show_text(f"Undone: {_count(len(back))} open again")
        return True

    def show_only(self, is_wanted: Callable[[Item], bool], words: str) -> None:
        """Show only some items until all are asked for again; ``words`` say which."""
        self._is_wanted = is_wanted
        self.side.show_filter(words)
        self._show_items()

    def show_all(self) -> None:
        """Show the items of all annotators and labels again."""
        self._is_wanted = None
        self.side.show_filter("")
        self._show_items()

    @property
    def is_loading(self) -> bool:
        """Whether disagreements are being looked for."""
        return self._task is not None

    @property
    def open_items(self) -> list[Item]:
        """What is open, of all kinds."""
        return self._bench.items if self._bench else []

    @property
    def settled(self) -> int:
        """How many places are agreed or decided."""
        return self._bench.settled if self._bench else 0

    def alike(self, item: Item) -> list[Item]:
        """All open items about the same words and between the same answers."""
        return self._bench.alike(item) if self._bench else [item]

    def load(self) -> None:
        """Look for disagreements in the background."""
        window = self._window
        if self._task is not None or window.project is None or window.session is None:
            return
        window.session.saver.flush(FLUSH_S)
        self._scheme = window.project.scheme()
        bench = Bench(window.project.adjudication(AdjudicationRequest()), window.annotator)
        self._task = window.tasks.start("Comparing annotators", bench.load)
        self._task.ended.connect(partial(self._on_loaded, bench))

    def decide(self, make: Callable[[Bench, list[Item], str], Decided]) -> None:
        """Carry out a decision about the current item, or about all alike, and go on to the next.

        ``make`` gets the bench, the items, and the reason that is written.
        """
        bench, item = self._bench, self.list.current
        if bench is None or item is None:
            return
        row = self.list.currentIndex().row()
        items = bench.alike(item) if self._is_for_alike else [item]
        with self._window.saying_faults():
            made = make(bench, items, self.reason.text().strip())
            self._leave_draft()
            self._tell(bench, made)
            self._set_for_alike(is_on=False)
            self._forget_reason()
        self._show_items(row=row)

    def _forget_reason(self) -> None:
        self.reason.clear()
        self._ask_no_more()

    def _ask_no_more(self) -> None:
        self._is_asking_why = False
        self.reason.setPlaceholderText(REASON)

    def _tell(self, bench: Bench, made: Decided) -> None:
        if made.left_out:
            document, why = made.left_out[0]
            self._window.say(f"{document}: not decided: {why}", is_bad=True)
            return
        words = f"{_count(len(made.items))} decided: {words_of(made.items[0])}"
        if self.bar.pins.isChecked():
            pinned = bench.pin(made, self.reason.text().strip())
            words += f"; pinned as {'an example' if pinned else 'example already'}"
            self.bar.pins.setChecked(False)
        self.said.show_text(words)

    def _on_loaded(self, bench: Bench, _task_id: int, outcome: Outcome) -> None:
        self._task = None
        if isinstance(outcome, Finished):
            self._bench = bench
            self._show_items()
            return
        self._show_empty("Nothing to adjudicate yet", self._window.offers.tell_why(outcome))

    def _show_items(self, wanted: Item | None = None, row: int = 0) -> None:
        bench = self._bench
        if bench is None:
            return
        self.side.show_counts(bench)
        items = [item for item in self.side.chosen(bench.items) if self._is_wanted is None or self._is_wanted(item)]
        self.list.model_of_items.show(items, self._scheme)
        if not items:
            self._show_all_settled(bench)
            return
        self.body.setCurrentIndex(1)
        at = next((at for at, one in enumerate(items) if wanted and one.identity == wanted.identity), row)
        self.list.choose(at)
        self.list.setFocus()

    def _show_all_settled(self, bench: Bench) -> None:
        if bench.items:
            self._show_empty("Nothing of this kind is open", "Choose another kind, or all, on the left.")
            return
        words = f"{bench.settled:,} places are agreed or decided. Export them as gold labels, or measure agreement."
        self._show_empty("Everything is decided" if bench.settled else "Nobody marked anything yet", words)

    def _show_empty(self, title: str, words: str) -> None:
        self.empty.say(title, words)
        self.body.setCurrentIndex(0)
        self.setFocus()

    def _show_current(self) -> None:
        item, bench = self.list.current, self._bench
        if item is None or bench is None:
            return
        self._draft = None
        self._ask_no_more()
        alike = len(bench.alike(item))
        self.heading.show_text(words_of(item))
        self.meaning.show_text(f"{item.place.kind.value} · {item.case.state.value} · {item.document}")
        self.bar.show_choices(list(item.place.answers), alike, is_for_alike=self._is_for_alike)
        self._show_lanes(item)

    def _show_lanes(self, item: Item) -> None:
        layer = item.place.layer
        lanes = [
            Lane(name, str(number) if number < 10 else "", answer, answer_in_words(answer, layer, self._scheme))
            for number, (name, answer) in enumerate(item.place.answers.items(), 1)
        ]
        if self._draft is not None:
            words = answer_in_words(self._draft.answer, layer, self._scheme)
            lanes.append(Lane("your answer", "", self._draft.answer, words, is_draft=True, current=self._draft.current))
        place = (item.place.start, item.place.end)
        self.lanes.show_passage(item.passage, item.passage_start, place, lanes, self._look(layer))

    def _look(self, layer: str) -> Look:
        labels = {label.id: label.hue for known, label in self._scheme.labels if known.name == layer}
        return Look(lambda label: self._scheme.name_of(label, layer), lambda label: labels.get(label, 255))

    def _take_lane(self, number: int) -> None:
        item = self.list.current
        names = list(item.place.answers) if item else []
        if self._draft is None and number < len(names):
            self.decide(lambda bench, items, reason: bench.take(items, names[number], reason))

    def _take_none(self) -> None:
        """Nobody is right; why is asked for unless it stands there already."""
        if self.reason.text().strip():
            self.decide(Bench.take_none)
        else:
            self._is_asking_why = True
            self.reason.setPlaceholderText("Why is none right?  Enter decides; empty is allowed")
            self.reason.setFocus()

    def _on_reason_entered(self) -> None:
        if self._is_asking_why:
            self.decide(Bench.take_none)
        else:
            self.list.setFocus()

    def _begin_draft(self) -> None:
        item = self.list.current
        if item is None or item.place.layer == DOCUMENT_LABELS:
            return
        first = next((answer for answer in item.place.options if answer), ())
        layer = self._scheme.find_layer(item.place.layer)
        labels = [label.id for label in layer.labels] if layer else []
        self._draft = Draft(item.passage, item.passage_start, (item.place.start, item.place.end), first, labels)
        self._set_for_alike(is_on=False)
        self.said.show_text(DRAFT_KEYS)
        self._show_lanes(item)
        self.setFocus()

    def _leave_draft(self) -> None:
        if self._draft is not None:
            self._draft = None
            self.said.show_text("")
            self._show_current()
            self.list.setFocus()

    def _set_for_alike(self, *, is_on: bool) -> None:
        self._is_for_alike = is_on
        self.bar.alike.setChecked(is_on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.reason.hasFocus():
            self._forget_reason()
            self.list.setFocus()
            return
        is_done = self._press_draft(event) if self._draft is not None else self._press(event)
        if not is_done:
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        """A key while an item is shown; false if it means nothing here."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or self.body.currentIndex() == 0:
            return False
        key = event.key()
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self._take_lane(key - Qt.Key.Key_1)
            return True
        run = self._keys().get(Qt.Key(key))
        if run is not None:
            run()
        return run is not None

    def _keys(self) -> dict[Qt.Key, Callable[[], object]]:
        return {
            Qt.Key.Key_M: lambda: self.decide(Bench.take_majority),
            Qt.Key.Key_U: lambda: self.decide(Bench.take_union),
            Qt.Key.Key_N: self._take_none,
            Qt.Key.Key_E: self._begin_draft,
            Qt.Key.Key_A: self.bar.alike.click,
            Qt.Key.Key_G: self.bar.pins.click,
            Qt.Key.Key_R: self.reason.setFocus,
            Qt.Key.Key_J: lambda: self.list.choose(self.list.currentIndex().row() + 1),
            Qt.Key.Key_K: lambda: self.list.choose(self.list.currentIndex().row() - 1),
        }

    def _press_draft(self, event: QKeyEvent) -> bool:
        draft, item = self._draft, self.list.current
        if draft is None or item is None:
            return False
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        if key == Qt.Key.Key_Escape:
            self._leave_draft()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            answer = draft.answer
            self.decide(lambda bench, items, reason: bench.take_edited(items[0], answer, reason))
            return True
        if step is not None:
            is_start = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (draft.move_start if is_start else draft.move_end)(step)
        elif run := {
            Qt.Key.Key_Tab: draft.go_on,
            Qt.Key.Key_L: draft.cycle_label,
            Qt.Key.Key_Plus: draft.add,
            Qt.Key.Key_Delete: draft.remove,
            Qt.Key.Key_Backspace: draft.remove,
        }.get(key):
            run()
        else:
            return False
        self._show_lanes(item)
        return True

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return False if self._draft is not None else super().focusNextPrevChild(is_next)

    def _connect(self) -> None:
        self.list.current_changed.connect(self._show_current)
        self.side.kind_chosen.connect(lambda _kind: self._show_items())
        self.side.again.clicked.connect(self.load)
        self.side.all.clicked.connect(self.show_all)
        self.lanes.lane_chosen.connect(self._take_lane)
        self.bar.taken.connect(self._take_lane)
        self.bar.majority.clicked.connect(lambda: self.decide(Bench.take_majority))
        self.bar.union.clicked.connect(lambda: self.decide(Bench.take_union))
        self.bar.none.clicked.connect(self._take_none)
        self.bar.edit.clicked.connect(self._begin_draft)
        self.bar.alike.toggled.connect(self._on_alike_toggled)
        self.reason.returnPressed.connect(self._on_reason_entered)

    def _on_alike_toggled(self, is_on: bool) -> None:
        self._is_for_alike = is_on
        self.list.setFocus()

    def _assemble(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.addWidget(self.empty)
        self.body.addWidget(self._make_right())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(self.body, 1)

    def _make_right(self) -> QWidget:
        right = QWidget()
        head = named(QWidget(), "page_head")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.heading.setProperty("heading", True)
        self.meaning.setProperty("dim", True)
        rows = QVBoxLayout(head)
        rows.setContentsMargins(16, 12, 16, 10)
        rows.addWidget(self.heading)
        rows.addWidget(self.meaning)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.lanes)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(scroll, 1)
        column.addWidget(self._make_foot())
        return right

    def _make_foot(self) -> QWidget:
        foot = named(QWidget(), "kwic_line")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.reason.setPlaceholderText(REASON)
        self.reason.setAccessibleName("Reason")
        self.said.setProperty("dim", True)
        column = QVBoxLayout(foot)
        column.setContentsMargins(16, 10, 16, 10)
        column.addWidget(self.bar)
        column.addWidget(self.reason)
        column.addWidget(self.said)
        return foot


def _count(places: int) -> str:
    return f"{places:,} place{'' if places == 1 else 's'}"
