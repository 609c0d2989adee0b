"""Random work in the real window, by real keys: database, canvas and a plain reference model agree after every step.

The reference knows words and lists only: spans as [first word, end word), each edit as what it changed, undo as putting
that back. Edits of many documents, switches between documents and restarts of the window come in between.
"""

from __future__ import annotations

import tempfile
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.app import make_application
from annotator.domain.edits import Relabel
from annotator.domain.projects import Status
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.operations import DocumentEdit
from annotator.workflows.schemes import load_scheme

WORDS = ["Ann", "мир", "שלום", "👨‍👩‍👧", "cafe\u0301", "🇫🇷", "日本語", "O’Neil", "a", "Rome"]
STARTS = [sum(len(word) + 1 for word in WORDS[:place]) for place in range(len(WORDS))]
LABELS = {"1": "GPE", "2": "PERSON", "3": "ORG", "4": "DATE"}
KEYS = [1, 2, 3]
Modifier = Qt.KeyboardModifier


@dataclass
class Plain:
    """A span of the reference: words ``[first, end)``."""

    first: int
    end: int
    label: str
    is_decided: bool


@dataclass
class State:
    """One document of the reference."""

    spans: dict[str, Plain] = field(default_factory=dict)
    status: str = "new"


@dataclass
class Step:
    """A step of undo: the states of the documents it changed, before and after. Several documents: an operation."""

    before: dict[int, State]
    after: dict[int, State]
    is_operation: bool = False


def suggested() -> list[Span]:
    places = ((0, 1, "PERSON"), (2, 4, "ORG"), (6, 7, "GPE"))
    return [
        Span(f"p{first}", *chars(first, end), label, origin=Origin.PIPELINE, decided=False, score=0.6, pipeline="p 1")
        for first, end, label in places
    ]


def chars(first: int, end: int) -> tuple[int, int]:
    return STARTS[first], STARTS[end - 1] + len(WORDS[end - 1])


class Work(RuleBasedStateMachine):
    """One annotator at random work."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name, "p.annotator")
        with ProjectStore.create(self.path, load_scheme("news")) as store, store.writing() as unit:
            for key in KEYS:
                text = " ".join(WORDS)
                assert unit.add_document(Document(f"d{key}", f"{text}", meta={"n": key})) == key
                unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
                unit.put_suggestions(key, "p", "p 1", suggested())
        make_application()
        fresh = {
            span.id: Plain(first, end, span.label, is_decided=False)
            for span, (first, end) in zip(suggested(), ((0, 1), (2, 4), (6, 7)), strict=True)
        }
        self.states = {key: State(deepcopy(fresh)) for key in KEYS}
        self.trail: list[Step] = []
        self.undone: list[Step] = []
        self.begin()

    def begin(self) -> None:
        self.window = MainWindow("ann", WindowSettings(Path(self._folder.name, "w.ini")))
        self.window.resize(900, 500)
        self.window.show()
        assert self.window.open_project(str(self.path))
        self.focus()

    def focus(self) -> None:
        self.window.activateWindow()
        self.window.canvas.setFocus()
        QTest.qWaitForWindowActive(self.window)

    def teardown(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()
        self._folder.cleanup()

    @property
    def key(self) -> int:
        assert self.window.session is not None
        assert self.window.session.key is not None
        return self.window.session.key

    @property
    def state(self) -> State:
        return self.states[self.key]

    def press(self, key: str | Qt.Key, modifier: Modifier = Modifier.NoModifier) -> None:
        if isinstance(key, str):
            QTest.keyClicks(self.window.canvas, key)
        else:
            QTest.keyClick(self.window.canvas, key, modifier)

    def change(self, span_id: str | None, new: Plain | None, status: str | None = None) -> None:
        """Note an edit of the open document in the reference."""
        before = deepcopy(self.state)
        if span_id is not None and new is None:
            del self.state.spans[span_id]
        elif span_id is not None and new is not None:
            self.state.spans[span_id] = new
        if status is not None:
            self.state.status = status
        elif self.state.status == "new":
            self.state.status = "in progress"
        self.trail.append(Step({self.key: before}, {self.key: deepcopy(self.state)}))
        self.undone.clear()

    def choose(self, place: int) -> str:
        span_id = sorted(self.state.spans)[place % len(self.state.spans)]
        self.window.canvas.set_current_span(span_id)
        return span_id

    @precondition(lambda self: self.state.spans)
    @rule(place=st.integers(0, 9), key=st.sampled_from(sorted(LABELS)))
    def relabel(self, place: int, key: str) -> None:
        span_id = self.choose(place)
        held = self.state.spans[span_id]
        twin = any(
            (one.first, one.end, one.label) == (held.first, held.end, LABELS[key])
            for other, one in self.state.spans.items()
            if other != span_id
        )
        self.press(key)
        if not (twin and held.label != LABELS[key]) and not (held.label == LABELS[key] and held.is_decided):
            self.change(span_id, Plain(held.first, held.end, LABELS[key], is_decided=True))

    @rule(first=st.integers(0, 9), length=st.integers(1, 3), key=st.sampled_from(sorted(LABELS)))
    def add(self, first: int, length: int, key: str) -> None:
        end = min(first + length, len(WORDS))
        self.window.canvas.set_current_span(None)
        self.window.canvas.put_cursor(STARTS[first])
        for _ in range(end - first - 1):
            self.press(Qt.Key.Key_Right, Modifier.ShiftModifier)
        taken = any((one.first, one.end, one.label) == (first, end, LABELS[key]) for one in self.state.spans.values())
        self.press(key)
        if not taken:
            made = self.window.canvas.current_span_id
            assert made is not None
            self.change(made, Plain(first, end, LABELS[key], is_decided=True))

    @precondition(lambda self: self.state.spans)
    @rule(place=st.integers(0, 9))
    def remove(self, place: int) -> None:
        span_id = self.choose(place)
        self.press(Qt.Key.Key_Delete)
        self.change(span_id, None)

    @precondition(lambda self: self.state.spans)
    @rule(place=st.integers(0, 9), key=st.sampled_from("[]{}"))
    def move_edge(self, place: int, key: str) -> None:
        span_id = self.choose(place)
        held = self.state.spans[span_id]
        first = held.first + {"[": -1, "]": 1}.get(key, 0)
        end = held.end + {"{": -1, "}": 1}.get(key, 0)
        is_twin = any((one.first, one.end, one.label) == (first, end, held.label) for one in self.state.spans.values())
        self.press(key)
        if 0 <= first < end <= len(WORDS) and not is_twin:
            self.change(span_id, Plain(first, end, held.label, is_decided=True))

    @rule()
    def flag(self) -> None:
        self.press("!")
        self.change(None, None, "in progress" if self.state.status == "flagged" else "flagged")

    @rule(keys=st.sets(st.sampled_from(KEYS), min_size=1), label=st.sampled_from(sorted(LABELS.values())))
    def relabel_everywhere(self, keys: set[int], label: str) -> None:
        """An operation: the suggestion at the start gets another label in several documents."""
        before, after = {}, {}
        for key in sorted(keys):
            held = self.states[key].spans.get("p0")
            others = (one for one_id, one in self.states[key].spans.items() if one_id != "p0")
            if held is None or any((one.first, one.end, one.label) == (held.first, held.end, label) for one in others):
                continue
            before[key] = deepcopy(self.states[key])
            self.states[key].spans["p0"] = Plain(held.first, held.end, label, is_decided=True)
            if self.states[key].status == "new":
                self.states[key].status = "in progress"
            after[key] = deepcopy(self.states[key])
        self.window.operator.run("Relabel", [DocumentEdit(key, Relabel("p0", label)) for key in sorted(keys)])
        self.undone.clear()
        self.trail.append(Step(before, after, is_operation=True))

    @precondition(lambda self: self.trail)
    @rule()
    def undo(self) -> None:
        self.press(Qt.Key.Key_Z, Modifier.ControlModifier)
        step = self.trail.pop()
        self.states |= deepcopy(step.before)
        self.undone.append(step)

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        step = self.undone[-1]
        if not step.is_operation:
            self.window.open_document(next(iter(step.before)))
            assert self.window.session is not None
            if self.window.session.redo_operation is not None:
                return  # the operation undone last comes first
        self.press(Qt.Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier)
        self.undone.pop()
        self.states |= deepcopy(step.after)
        self.trail.append(step)

    @rule(key=st.sampled_from(KEYS))
    def open(self, key: int) -> None:
        assert self.window.open_document(key)

    @precondition(lambda self: len(self.trail) < 2 or not any(step.is_operation for step in self.trail))
    @rule()
    def restart(self) -> None:
        """The window is closed and opened again: what can be undone then is the history of the open document."""
        key = self.key
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()
        self.begin()
        assert self.key == key
        self.trail = [step for step in self.trail if list(step.before) == [key] or step.is_operation]
        self.undone = []

    @invariant()
    def database_canvas_and_reference_agree(self) -> None:
        session, canvas = self.window.session, self.window.canvas
        assert session is not None
        assert session.saver.flush()
        assert canvas.doc is session.doc
        assert shown(session.doc.spans, session.doc.status) == plain(self.state)
        with ProjectStore.open(self.path, read_only=True) as store, store.reading() as reader:
            for key, state in self.states.items():
                doc = reader.load(key, "ann") if reader.has_set(key, "ann") else None
                if doc is not None:
                    assert shown(doc.spans, doc.status) == plain(state)
                else:
                    assert state.status == "new"
            assert reader.problems() == []


def shown(spans: object, status: Status) -> tuple[str, dict[str, tuple[int, int, str, bool]]]:
    return status.value, {span.id: (span.start, span.end, span.label, span.decided) for span in spans}  # type: ignore[attr-defined]


def plain(state: State) -> tuple[str, dict[str, tuple[int, int, str, bool]]]:
    return state.status, {
        span_id: (*chars(one.first, one.end), one.label, one.is_decided) for span_id, one in state.spans.items()
    }


TestWork = Work.TestCase
# A step is a real key in a real window: a twelfth of the usual number of examples. Shrinking takes minutes: it is left
# to the long profile (``make fuzz``).
IS_LONG = settings().max_examples > 1000
PHASES = tuple(Phase) if IS_LONG else (Phase.explicit, Phase.reuse, Phase.generate)
TestWork.settings = settings(
    max_examples=settings().max_examples // 12, stateful_step_count=25, deadline=None, phases=PHASES
)
