"""Random work in the real window, by real keys: database, canvas and a plain reference agree after every step.

The reference (`stateful_reference`) knows words and lists only. Edits of one and of many documents, changes of the
scheme on its page, switches between documents, restarts and kills come in any order, and so do undo and redo.
"""

from __future__ import annotations

import shutil
import tempfile
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.app import make_application
from annotator.domain.edits import Relabel
from annotator.domain.errors import UserError
from annotator.domain.label_groups import LabelGroup
from annotator.domain.labels import HUES, Label, LabelScheme
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.scheme_edits import (
    AddLabel,
    DeleteLabel,
    MergeLabels,
    RecolourLabel,
    RenameLabel,
    SchemeEdit,
    SplitLabel,
    change,
)
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui.actions import reserved_keys
from annotator.ui.main_window import MainWindow
from annotator.ui.models.scheme_rows import RowKind
from annotator.ui.panels.scheme_adding import parts_of_split
from annotator.ui.panels.scheme_page import SchemePage
from annotator.ui.settings import WindowSettings
from annotator.workflows.clock import new_id
from annotator.workflows.operations import DocumentEdit
from annotator.workflows.project import Project
from annotator.workflows.schemes import load_scheme
from tests.gui.stateful_reference import ANN, PIPELINE, Change, Kind, Name, Names, Plain, Reference, State

WORDS = ["Ann", "мир", "שלום", "👨‍👩‍👧", "cafe\u0301", "🇫🇷", "日本語", "O’Neil", "a", "Rome"]
STARTS = [sum(len(word) + 1 for word in WORDS[:place]) for place in range(len(WORDS))]
USED = ("GPE", "PERSON", "ORG", "DATE")
"""The labels of the project at first. Names that are given later are among them, so that they come to mean others."""
GROUP = LabelGroup.of_layer()
KEYS = [1, 2, 3]
SUGGESTED = {"p0": Plain(0, 1, "PERSON", False), "p2": Plain(2, 4, "ORG", False), "p6": Plain(6, 7, "GPE", False)}
Modifier = Qt.KeyboardModifier
places = st.integers(0, 9)
names = st.sampled_from((*USED, "Place", "CITY"))


def chars(first: int, end: int) -> tuple[int, int]:
    return STARTS[first], STARTS[end - 1] + len(WORDS[end - 1])


def suggested() -> list[Span]:
    return [
        Span(id_, *chars(*one.words), one.label, origin=Origin.PIPELINE, decided=False, score=0.6, pipeline="p 1")
        for id_, one in SUGGESTED.items()
    ]


def scheme_at_first() -> LabelScheme:
    news = load_scheme("news")
    (layer,) = news.layers
    return replace(news, layers=(replace(layer, labels=tuple(one for one in layer.labels if one.id in USED)),))


def names_of(scheme: LabelScheme) -> dict[str, Name]:
    return {label.id: Name(label.name, label.hue, label.split_into) for _, label in scheme.labels}


class Work(RuleBasedStateMachine):
    """One annotator at random work."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name, "0", "p.annotator")
        self.path.parent.mkdir()
        with ProjectStore.create(self.path, scheme_at_first()) as store, store.writing() as unit:
            for key in KEYS:
                text = " ".join(WORDS)
                assert unit.add_document(Document(f"d{key}", text, meta={"n": key})) == key
                unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
                unit.put_suggestions(key, PIPELINE, "p 1", suggested())
        make_application()
        self.runs = 0
        names = Names(names_of(scheme_at_first()), token=scheme_at_first())
        self.reference = Reference(KEYS, SUGGESTED, names)
        self.begin()

    def begin(self) -> None:
        self.window = MainWindow(ANN, WindowSettings(self.path.with_name("w.ini")))
        self.window.resize(900, 500)
        self.window.show()
        assert self.window.open_project(str(self.path))
        self.focus()

    def focus(self) -> None:
        self.window.activateWindow()
        self.window.canvas.setFocus()
        QTest.qWaitForWindowActive(self.window)

    def end(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()

    def teardown(self) -> None:
        self.end()
        with Project.open(self.path, read_only=True) as project:
            for key in KEYS:
                if (key, ANN) in self.reference.sets:
                    past = project.history(key, ANN)
                    assert replayed(past.replay.at(0), project, key) == past.now
        self._folder.cleanup()

    @property
    def key(self) -> int:
        assert self.window.session is not None
        assert self.window.session.key is not None
        return self.window.session.key

    @property
    def scheme(self) -> LabelScheme:
        assert self.window.project is not None
        return self.window.project.scheme()

    @property
    def state(self) -> State:
        return self.reference.shown(self.key)

    def press(self, key: str | Qt.Key, modifier: Modifier = Modifier.NoModifier) -> None:
        if isinstance(key, str):
            QTest.keyClicks(self.window.canvas, key)
        else:
            QTest.keyClick(self.window.canvas, key, modifier)

    def choose(self, place: int) -> str:
        span_id = sorted(self.state.spans)[place % len(self.state.spans)]
        self.window.canvas.set_current_span(span_id)
        return span_id

    def choose_label(self, place: int) -> Label | None:
        """A label that can be given by its key."""
        givable = self.reference.givable()
        label = self.scheme.find_label(givable[place % len(givable)]) if givable else None
        return label if label is not None and label.key else None

    def is_taken(self, first: int, end: int, label: str) -> bool:
        return any(one.place_and_label == (first, end, label) for one in self.state.spans.values())

    # edits of the open document

    @precondition(lambda self: self.state.spans)
    @rule(place=places, label_place=places)
    def relabel(self, place: int, label_place: int) -> None:
        span_id, label = self.choose(place), self.choose_label(label_place)
        if label is None:
            return
        held = self.state.spans[span_id]
        after = replace(held, label=label.id, is_decided=True)
        is_taken = self.is_taken(held.first, held.end, label.id)
        self.press(label.key)
        if held.label == label.id and not held.is_decided:
            self.reference.edit(Change(span_id, Kind.DECISION, held, after))
        elif held.label != label.id and not is_taken:
            self.reference.edit(Change(span_id, Kind.LABEL, held, after))

    @rule(first=places, length=st.integers(1, 3), label_place=places)
    def add(self, first: int, length: int, label_place: int) -> None:
        end = min(first + length, len(WORDS))
        label = self.choose_label(label_place)
        if label is None:
            return
        self.window.canvas.set_current_span(None)
        self.window.canvas.put_cursor(STARTS[first])
        for _ in range(end - first - 1):
            self.press(Qt.Key.Key_Right, Modifier.ShiftModifier)
        is_taken = self.is_taken(first, end, label.id)
        self.press(label.key)
        if not is_taken:
            made = self.window.canvas.current_span_id
            assert made is not None
            self.reference.edit(Change(made, Kind.PRESENCE, None, Plain(first, end, label.id, is_decided=True)))

    @precondition(lambda self: self.state.spans)
    @rule(place=places)
    def remove(self, place: int) -> None:
        span_id = self.choose(place)
        self.press(Qt.Key.Key_Delete)
        self.reference.edit(Change(span_id, Kind.PRESENCE, self.state.spans[span_id], None))

    @precondition(lambda self: self.state.spans)
    @rule(place=places, key=st.sampled_from("[]{}"))
    def move_edge(self, place: int, key: str) -> None:
        span_id = self.choose(place)
        held = self.state.spans[span_id]
        first = held.first + {"[": -1, "]": 1}.get(key, 0)
        end = held.end + {"{": -1, "}": 1}.get(key, 0)
        is_taken = self.is_taken(first, end, held.label) or held.label not in self.reference.givable()
        self.press(key)
        if 0 <= first < end <= len(WORDS) and not is_taken:
            self.reference.edit(Change(span_id, Kind.PLACE, held, Plain(first, end, held.label, is_decided=True)))

    @rule()
    def flag(self) -> None:
        self.press("!")
        self.reference.edit(status="in progress" if self.state.status == "flagged" else "flagged")

    # operations

    @rule(keys=st.sets(st.sampled_from(KEYS), min_size=1), label_place=places)
    def relabel_everywhere(self, keys: set[int], label_place: int) -> None:
        """The suggestion at the start gets another label in several documents."""
        ids = list(self.reference.names.labels)
        label = ids[label_place % len(ids)]
        self.window.operator.run("Relabel", [DocumentEdit(key, Relabel("p0", label)) for key in sorted(keys)])
        after = Plain(0, 1, label, is_decided=True)
        self.reference.operate({key: Change("p0", Kind.LABEL, None, after) for key in sorted(keys)})

    @property
    def page(self) -> SchemePage:
        page = self.window.pages.show("scheme")
        assert isinstance(page, SchemePage)
        return page

    def back(self) -> None:
        self.window.pages.show("article")
        self.window.canvas.setFocus()

    def label_id(self, place: int) -> str:
        ids = list(self.reference.names.labels)
        return ids[place % len(ids)]

    def last_operation(self) -> int:
        assert self.window.project is not None
        return max((one.id for one in self.window.project.operations(1)), default=0)

    def perform(self, edit: SchemeEdit) -> bool:
        """Change the scheme on its page; whether it could be."""
        before, last, page = self.scheme, self.last_operation(), self.page
        page.perform(edit, len(KEYS))
        self.back()
        is_done = self.last_operation() != last
        try:
            is_possible = change(before, edit, reserved_keys()) != before
        except UserError:
            is_possible = False
        assert is_done == is_possible or (isinstance(edit, SplitLabel) and not is_done)
        return is_done

    def changed(self, after: Names, becomes: dict[str, str] | None = None) -> None:
        after.token = self.scheme
        self.reference.change_scheme(after, becomes)

    @rule(place=places, name=names)
    def rename(self, place: int, name: str) -> None:
        label_id, after = self.label_id(place), deepcopy(self.reference.names)
        if self.perform(RenameLabel(GROUP, label_id, name)):
            after.labels[label_id].name = name
            self.changed(after)

    @rule(place=places, hue=st.sampled_from(HUES))
    def recolour(self, place: int, hue: int) -> None:
        label_id, after = self.label_id(place), deepcopy(self.reference.names)
        if self.perform(RecolourLabel(GROUP, label_id, hue)):
            after.labels[label_id].hue = hue
            self.changed(after)

    @rule(name=names)
    def add_label(self, name: str) -> None:
        """As the field under the list does: it gets a free key."""
        (added,) = parts_of_split(self.scheme, GROUP, "", [name], new_id, reserved_keys())
        after = deepcopy(self.reference.names)
        if self.perform(AddLabel(GROUP, added)):
            after.labels[added.id] = Name(name, added.hue)
            self.changed(after)

    @rule(place=places, target_place=places)
    def merge(self, place: int, target_place: int) -> None:
        label_id, target, after = self.label_id(place), self.label_id(target_place), deepcopy(self.reference.names)
        if self.perform(MergeLabels(GROUP, (label_id,), target)):
            after.give_up(label_id, target)
            self.changed(after, {label_id: target})

    @rule(place=places)
    def delete(self, place: int) -> None:
        label_id, after = self.label_id(place), deepcopy(self.reference.names)
        if self.perform(DeleteLabel(GROUP, label_id)):
            after.give_up(label_id)
            self.changed(after, {label_id: ""})

    @rule(place=places, into=st.lists(names, min_size=2, max_size=2, unique=True))
    def split(self, place: int, into: list[str]) -> None:
        label_id, after = self.label_id(place), deepcopy(self.reference.names)
        parts = parts_of_split(self.scheme, GROUP, label_id, into, new_id, reserved_keys())
        if self.perform(SplitLabel(GROUP, label_id, parts)):
            for part in parts:
                after.labels.setdefault(part.id, Name(part.name, part.hue))
            after.labels[label_id].split_into = tuple(part.id for part in parts)
            if not self.reference.carriers(label_id):
                after.give_up(label_id)
            self.changed(after)

    @precondition(lambda self: any(one.split_into for one in self.reference.names.labels.values()))
    @rule(place=places)
    def finish_split(self, place: int) -> None:
        """The button under the queue: it goes when nothing has to be decided any more."""
        waiting = [label for label, one in self.reference.names.labels.items() if one.split_into]
        label_id, after, page = waiting[place % len(waiting)], deepcopy(self.reference.names), self.page
        last = self.last_operation()
        page.list.choose((RowKind.LABEL, GROUP, label_id))
        page.split.finished.emit()
        self.back()
        is_decided = all(one.label != label_id for key in KEYS for one in self.reference.shown(key).spans.values())
        if self.last_operation() != last:
            assert is_decided
            after.give_up(label_id)
            self.changed(after, {label_id: ""})
        else:
            parts = [one.split_into for one in self.reference.names.labels.values()]
            assert not is_decided or any(label_id in part for part in parts)

    # undo, redo, documents and runs

    @rule()
    def undo(self) -> None:
        self.press(Qt.Key.Key_Z, Modifier.ControlModifier)
        self.reference.undo()

    @rule()
    def redo(self) -> None:
        self.press(Qt.Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier)
        self.reference.redo()

    @rule()
    def undo_on_the_page(self) -> None:
        QTest.keyClick(self.page.list, Qt.Key.Key_Z, Modifier.ControlModifier)
        self.back()
        self.reference.undo_scheme()

    @rule()
    def redo_on_the_page(self) -> None:
        QTest.keyClick(self.page.list, Qt.Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier)
        self.back()
        self.reference.redo_scheme()

    @rule(key=st.sampled_from(KEYS))
    def open(self, key: int) -> None:
        assert self.window.open_document(key)
        self.reference.go_to(key)

    @rule()
    def restart(self) -> None:
        """The window is closed and opened again: what can be undone then is the history of the open document."""
        key = self.key
        self.end()
        self.begin()
        assert self.key == key
        self.reference.begin_run()

    @rule()
    def kill(self) -> None:
        """The program ends without closing anything: what lies on the disk then is opened."""
        left = Path(self._folder.name, str(self.runs + 1))
        shutil.copytree(self.path.parent, left)
        self.runs += 1
        self.end()
        (left / "p.annotator-shm").unlink(missing_ok=True)
        self.path = left / "p.annotator"
        self.begin()
        self.reference.go_to(self.key)
        self.reference.begin_run()

    # what must be so after each of them

    @invariant()
    def the_canvas_shows_the_reference(self) -> None:
        session, canvas = self.window.session, self.window.canvas
        assert session is not None
        assert session.saver.flush()
        assert canvas.doc is session.doc
        assert self.key == self.reference.open
        assert shown(session.doc) == plain(self.state)
        assert not any(self.state.has_twin(span_id) for span_id in self.state.spans)
        assert names_of(session.scheme) == self.reference.names.labels
        assert session.can_undo == bool(self.reference.trail or self.reference.undoable)
        assert session.can_redo == bool(self.reference.undone or self.reference.redoable)

    @invariant()
    def the_database_holds_the_reference(self) -> None:
        with ProjectStore.open(self.path, read_only=True) as store, store.reading() as reader:
            for where, state in self.reference.sets.items():
                assert shown(reader.load(*where)) == plain(state)
            for key in KEYS:
                assert reader.has_set(key, ANN) == ((key, ANN) in self.reference.sets)
            assert reader.scheme() == self.reference.names.token
            assert reader.problems() == []


def replayed(bare: AnnotatedDocument, project: Project, key: int) -> AnnotatedDocument:
    """Every row of the journal, one after the other."""
    past = project.history(key, ANN)
    for moment in range(1, past.last_moment + 1):
        bare = past.at(moment)
    return bare


def shown(doc: AnnotatedDocument) -> tuple[Status, dict[str, tuple[int, int, str, bool]]]:
    return doc.status, {span.id: (span.start, span.end, span.label, span.decided) for span in doc.spans}


def plain(state: State) -> tuple[Status, dict[str, tuple[int, int, str, bool]]]:
    return Status(state.status), {
        span_id: (*chars(*one.words), one.label, one.is_decided) for span_id, one in state.spans.items()
    }


TestWork = Work.TestCase
# A step is a real key in a real window: a twelfth of the usual number of examples. Shrinking takes minutes: it is left
# to the long profile (``make fuzz``).
IS_LONG = settings().max_examples > 1000
PHASES = tuple(Phase) if IS_LONG else (Phase.explicit, Phase.reuse, Phase.generate)
TestWork.settings = settings(
    max_examples=settings().max_examples // 12, stateful_step_count=50 if IS_LONG else 25, deadline=None, phases=PHASES
)
