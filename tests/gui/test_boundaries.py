"""Faults of moved boundaries that other tools shipped: none of them here, by mouse or by key.

INCEpTION #4618 (not written to the database), #5178 (relations stale), #5270 (overlapping neighbours resized too),
#5796 (a handle cannot cross another span); Label Studio PR #8910 (the last character collapses).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app import make_application
from annotator.domain.edits import AddRelation, AddSpan, Batch, Edit
from annotator.domain.labels import LabelScheme, Overlap
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.schemes import load_scheme
from tests.gui.test_correcting import drag

TEXT = "Ann Lee of the Bank of South Dakota met Bob Ray in Rome."
ALT = Qt.KeyboardModifier.AltModifier


def span(id_: str, words: str, label: str) -> Span:
    start = TEXT.index(words)
    return Span(id_, start, start + len(words), label)


SPANS = (
    span("ann", "Ann Lee", "PERSON"),
    span("bank", "Bank of South Dakota", "ORG"),
    span("state", "South Dakota", "PLACE"),
    span("bob", "Bob Ray", "PERSON"),
    span("rome", "Rome", "PLACE"),
)
WORKS, LIES = Relation("works", "ann", "bank", "works for"), Relation("lies", "bank", "state", "lies in")


def free_scheme() -> LabelScheme:
    """Spans may cross."""
    scheme = load_scheme("people")
    return replace(scheme, layers=tuple(replace(layer, overlap=Overlap.ANY) for layer in scheme.layers))


@pytest.fixture
def project_path(tmp_path: Path) -> Path:
    path = tmp_path / "edges.annotator"
    with ProjectStore.create(path, free_scheme()) as store, store.writing() as unit:
        unit.put_tokens(unit.add_document(Document("d", TEXT)), tokenize_simply(TEXT), "simple 1", "en")
    return path


@pytest.fixture
def window(qtbot: QtBot, project_path: Path, tmp_path: Path) -> Iterator[MainWindow]:
    make_application()
    made = MainWindow("ann", WindowSettings(tmp_path / "window.ini"))
    made.resize(1300, 700)
    assert made.open_project(str(project_path))
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.canvas.setFocus()
    edits: tuple[Edit, ...] = (*map(AddSpan, SPANS), AddRelation(WORKS), AddRelation(LIES))
    assert made.commands.try_edit(lambda: Batch(edits)) is not None
    yield made
    made.close()
    made.deleteLater()


def point(window: MainWindow, start: int, end: int, *, at: float) -> QPoint:
    """A point on ``[start, end)`` of the text; ``at`` 0 is the left edge, 1 the right."""
    assert window.canvas.page is not None
    rect = window.canvas.page.rects_of(start, end)[0].translated(*window.canvas.sheet.origin)
    return QPoint(round(rect.left() + at * rect.width()), int(rect.center().y()))


def drag_edge(
    window: MainWindow,
    span_id: str,
    *,
    right: bool,
    to: str,
    at: float = 0.5,
    modifiers: Qt.KeyboardModifier | None = None,
) -> None:
    """Drag an edge of a span to these words."""
    assert window.session is not None
    window.canvas.set_current_span(span_id)
    held = window.session.doc.spans.find(span_id)
    assert held is not None
    handle = point(window, held.start, held.end, at=1.0 if right else 0.0) + QPoint(2 if right else -2, 0)
    start = TEXT.index(to)
    drag(window, handle, point(window, start, start + len(to), at=at), modifiers)


def stored(window: MainWindow, project_path: Path) -> AnnotatedDocument:
    assert window.session is not None
    assert window.session.saver.flush()
    with ProjectStore.open(project_path) as store, store.reading() as reader:
        assert reader.problems() == []
        return reader.load(1, "ann")


def words(doc: AnnotatedDocument, span_id: str) -> str:
    held = doc.spans.find(span_id)
    assert held is not None
    return TEXT[held.start : held.end]


def test_a_dragged_edge_is_written_to_the_database_and_keeps_id_label_and_relations(
    window: MainWindow, project_path: Path
) -> None:
    drag_edge(window, "ann", right=True, to="of")
    doc = stored(window, project_path)
    assert words(doc, "ann") == "Ann Lee of"
    assert dict(doc.relations) == {"works": WORKS, "lies": LIES}
    assert window.canvas.doc is not None
    assert dict(window.canvas.doc.relations) == dict(doc.relations)


@pytest.mark.parametrize("keys", ["{", "}", "[", "]"])
def test_an_edge_moved_by_key_is_written_and_relations_keep_up(
    window: MainWindow, project_path: Path, keys: str
) -> None:
    window.canvas.set_current_span("bank")
    QTest.keyClicks(window.canvas, keys)
    doc = stored(window, project_path)
    assert words(doc, "bank") != "Bank of South Dakota"
    assert dict(doc.relations) == {"works": WORKS, "lies": LIES}


def test_overlapping_and_nested_neighbours_stay_where_they_are(window: MainWindow, project_path: Path) -> None:
    drag_edge(window, "bank", right=False, to="the")
    doc = stored(window, project_path)
    assert words(doc, "bank") == "the Bank of South Dakota"
    for other in ("ann", "state", "bob", "rome"):
        assert doc.spans.find(other) == next(one for one in SPANS if one.id == other)


def test_an_edge_can_be_dragged_over_other_spans(window: MainWindow, project_path: Path) -> None:
    drag_edge(window, "ann", right=True, to="Bob Ray", at=0.9)
    doc = stored(window, project_path)
    assert words(doc, "ann") == "Ann Lee of the Bank of South Dakota met Bob Ray"
    assert {one.id for one in doc.spans} == {one.id for one in SPANS}


def test_an_edge_dragged_over_the_other_one_leaves_a_token(window: MainWindow, project_path: Path) -> None:
    drag_edge(window, "rome", right=True, to="Ann Lee")
    drag_edge(window, "ann", right=False, to="met")
    doc = stored(window, project_path)
    assert words(doc, "rome") == "Rome"
    assert words(doc, "ann") == "Lee"


def test_the_last_character_does_not_collapse(window: MainWindow, project_path: Path) -> None:
    drag_edge(window, "rome", right=False, to="Rome", at=0.99, modifiers=ALT)
    drag_edge(window, "rome", right=False, to="Rome", at=0.99, modifiers=ALT)
    assert words(stored(window, project_path), "rome") == "e"
    for key in "]{":
        window.canvas.set_current_span("rome")
        QTest.keyClicks(window.canvas, key)
    assert len(words(stored(window, project_path), "rome")) >= 1


@pytest.mark.parametrize("key", ["]", "{"])
def test_no_number_of_keys_makes_a_span_of_no_length(window: MainWindow, project_path: Path, key: str) -> None:
    window.canvas.set_current_span("bank")
    for _ in range(12):
        QTest.keyClicks(window.canvas, key)
    assert words(stored(window, project_path), "bank") in ("Bank", "Dakota")
    assert window.hint_line.message.text().startswith("a span has at least one token")


def test_a_moved_edge_is_taken_back_to_the_letter(window: MainWindow, project_path: Path) -> None:
    before = stored(window, project_path)
    drag_edge(window, "bank", right=True, to="Bob Ray", at=0.4, modifiers=ALT)
    assert stored(window, project_path) != before
    window.commands.undo()
    assert stored(window, project_path) == before
