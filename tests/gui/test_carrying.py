"""Attributes, notes, relations, parts, document labels and reasons, by keys in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app import make_application
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui.choosing import Chooser, Writer
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.schemes import load_scheme

TEXT = "North and South Dakota sent Ann Lee to Bismarck."
SPANS = (Span("dakota", 10, 22, "PLACE"), Span("ann", 28, 35, "PERSON"), Span("city", 39, 47, "PLACE"))


@pytest.fixture
def project_path(tmp_path: Path) -> Path:
    path = tmp_path / "ties.annotator"
    with ProjectStore.create(path, load_scheme("people")) as store, store.writing() as unit:
        for name in ("first", "second"):
            key = unit.add_document(Document(name, TEXT, title=name))
            unit.put_tokens(key, tokenize_simply(TEXT), "simple 1", "en")
            unit.put_suggestions(key, "p", "p 1", SPANS)
    return path


def parts_of(window: MainWindow, project_path: Path) -> tuple[tuple[int, int], ...]:
    span = stored(window, project_path).spans.find("dakota")
    assert span is not None
    return span.parts


@pytest.fixture
def window(qtbot: QtBot, project_path: Path, tmp_path: Path) -> Iterator[MainWindow]:
    make_application()
    made = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    assert made.open_project(str(project_path))
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.canvas.setFocus()
    qtbot.waitUntil(lambda: made.canvas.hasFocus())
    yield made
    made.close()
    made.deleteLater()


def press(window: MainWindow, keys: str) -> None:
    """Type into whatever has the focus: the popup when there is one."""
    for key in keys:
        shown = QApplication.activePopupWidget()
        if shown is None:
            window.activateWindow()
            window.canvas.setFocus()
            QTest.qWaitForWindowActive(window)
        QTest.keyClicks((shown.focusWidget() or shown) if shown is not None else window.canvas, key)


def press_shift(window: MainWindow, key: Qt.Key) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    QTest.qWaitForWindowActive(window)
    QTest.keyClick(window.canvas, key, Qt.KeyboardModifier.ShiftModifier)


def popup(kind: type[Chooser] | type[Writer]) -> Chooser | Writer:
    found = QApplication.activePopupWidget()
    assert isinstance(found, kind)
    return found


def stored(window: MainWindow, project_path: Path) -> AnnotatedDocument:
    assert window.session is not None
    assert window.session.saver.flush()
    with ProjectStore.open(project_path) as store, store.reading() as reader:
        return reader.load(1, "alice")


def enter(kind: type[Chooser] | type[Writer]) -> None:
    shown = popup(kind)
    QTest.keyClick(shown.focusWidget() or shown, Qt.Key.Key_Return)


def test_attributes_are_one_key_each_and_the_popup_shows_what_is_given(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span("city")
    press(window, "v1")
    press(window, "4")
    shown = popup(Chooser)
    assert isinstance(shown, Chooser)
    assert [row.text() for row in shown.rows if row.isChecked()] == ["sure", "metonymic"]
    press(window, "2")
    QTest.keyClick(popup(Chooser), Qt.Key.Key_Escape)
    city = stored(window, project_path).spans.find("city")
    assert city is not None
    assert city.attributes == {"certainty": "likely", "metonymic": True}
    assert window.inspector.facts.text() == "certainty: likely\nmetonymic"
    press(window, "v5")
    QTest.keyClicks(popup(Writer).focusWidget(), "Q1")
    enter(Writer)
    assert window.inspector.facts.text() == "certainty: likely\nidentifier: Q1\nmetonymic"
    window.commands.undo()
    window.commands.undo()
    city = stored(window, project_path).spans.find("city")
    assert city is not None
    assert city.attributes == {"certainty": "sure", "metonymic": True}


def test_a_relation_is_begun_at_one_span_and_ended_at_the_other(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span("city")
    press(window, "l")
    window.canvas.set_current_span("dakota")
    press(window, "l")
    (relation,) = stored(window, project_path).relations.values()
    assert (relation.head, relation.child, relation.label) == ("city", "dakota", "lies in")
    window.canvas.set_current_span("ann")
    press(window, "l")
    window.canvas.set_current_span("city")
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    window.canvas.set_current_span("city")
    press(window, "l")
    assert len(stored(window, project_path).relations) == 1


def test_a_relation_that_the_scheme_does_not_allow_is_one_sentence(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span("city")
    press(window, "l")
    window.canvas.set_current_span("ann")
    press(window, "l")
    assert window.hint_line.message.text() == "No relation of the scheme goes from PLACE to PERSON."
    assert not stored(window, project_path).relations


def test_values_of_the_chosen_relation_are_one_key_each(window: MainWindow, project_path: Path) -> None:
    window.commands.carrying.join("ann", "city")
    (relation,) = stored(window, project_path).relations.values()
    window.canvas.set_current_relation(relation.id)
    assert window.inspector.surface.whole == "Ann Lee → Bismarck"
    press(window, "v2")
    press(window, "4")
    shown = popup(Chooser)
    assert isinstance(shown, Chooser)
    assert [row.text() for row in shown.rows if row.isChecked()] == ["likely", "former"]
    press(window, "5")
    QTest.keyClicks(popup(Writer).focusWidget(), "2014")
    enter(Writer)
    held = stored(window, project_path).relations[relation.id]
    assert held.attributes == {"certainty": "likely", "former": True, "since": "2014"}
    assert window.inspector.facts.text() == "certainty: likely\nformer\nsince: 2014"
    for _ in range(3):
        window.commands.undo()
    assert stored(window, project_path).relations[relation.id] == relation
    assert window.inspector.facts.text() == ""
    window.commands.redo()
    assert stored(window, project_path).relations[relation.id].attributes == {"certainty": "likely"}
    window.canvas.set_current_span("ann")
    assert window.inspector.surface.whole == "Ann Lee"


def test_a_relation_without_attributes_says_so(window: MainWindow, project_path: Path) -> None:
    assert window.session is not None
    window.session.scheme = replace(window.session.scheme, relation_attributes=())
    window.commands.carrying.join("ann", "city")
    (relation_id,) = stored(window, project_path).relations
    window.canvas.set_current_relation(relation_id)
    press(window, "v")
    assert QApplication.activePopupWidget() is None
    assert window.hint_line.message.text().startswith("The scheme has no attribute for this relation")


def test_a_relation_goes_with_its_span_and_comes_back_with_it(window: MainWindow, project_path: Path) -> None:
    window.commands.carrying.join("city", "dakota")
    window.canvas.set_current_span("dakota")
    press(window, "x")
    assert not stored(window, project_path).relations
    window.commands.undo()
    (relation,) = stored(window, project_path).relations.values()
    assert relation == Relation(relation.id, "city", "dakota", "lies in")


def test_words_far_away_become_a_part_of_the_span(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span("dakota")
    window.canvas.set_selection(0, 5)
    press(window, "+")
    dakota = stored(window, project_path).spans.find("dakota")
    assert dakota is not None
    assert dakota.parts == ((0, 5), (10, 22))
    assert window.canvas.current_span_id == "dakota"
    assert window.inspector.facts.text() == "in 2 parts"
    assert window.inspector.surface.whole == "North … South Dakota"
    press(window, "-")
    dakota = stored(window, project_path).spans.find("dakota")
    assert dakota is not None
    assert dakota.parts == ((0, 5),)


def test_inner_edges_are_reached_by_choosing_a_part(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span("dakota")
    window.canvas.set_selection(0, 5)
    press(window, "+")
    press(window, "}")  # no part is chosen: the outer edge
    assert parts_of(window, project_path) == ((0, 5), (10, 27))
    press(window, "==")
    assert window.hint_line.message.text().startswith("Part 2 of 2: “South Dakota sent”")
    press(window, "{")
    press(window, "]")
    assert parts_of(window, project_path) == ((0, 5), (16, 22))
    press(window, "[[")
    assert parts_of(window, project_path) == ((0, 22),)  # they meet
    window.commands.undo()
    assert parts_of(window, project_path) == ((0, 5), (10, 22)) and window.canvas.current_part == 1
    press(window, "==-")
    assert parts_of(window, project_path) == ((10, 22),)  # the chosen part goes, not the last one


def test_an_inner_edge_is_dragged_in_one_step(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span("dakota")
    window.canvas.set_selection(0, 5)
    press(window, "+")
    page, viewport = window.canvas.page, window.canvas.viewport()
    assert page is not None
    origin = QPointF(*window.canvas.sheet.origin)
    edge, target = page.rects_of(10, 15)[0], page.rects_of(16, 22)[0].center()
    begin = (QPointF(edge.left(), edge.center().y()) + origin).toPoint()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(viewport, (target + origin).toPoint())
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=(target + origin).toPoint())
    assert parts_of(window, project_path) == ((0, 5), (16, 22))
    window.commands.undo()
    assert parts_of(window, project_path) == ((0, 5), (10, 22))


def test_notes_on_span_and_document(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span("ann")
    press(window, "c")
    QTest.keyClicks(popup(Writer).focusWidget(), "who?")
    enter(Writer)
    press_shift(window, Qt.Key.Key_C)
    QTest.keyClicks(popup(Writer).focusWidget(), "check")
    enter(Writer)
    window.canvas.set_current_span(None)
    doc = stored(window, project_path)
    ann = doc.spans.find("ann")
    assert ann is not None
    assert (ann.note, doc.note) == ("who?", "check")
    assert window.inspector.facts.text() == "Note: check"


def test_the_document_has_one_label_where_the_scheme_says_so(window: MainWindow, project_path: Path) -> None:
    press(window, "d1")
    press(window, "d2")
    assert dict(stored(window, project_path).cats) == {"business": 1.0}
    assert window.inspector.facts.text() == "Document labels: business"


def test_a_reason_for_skipping_is_kept_and_offered_again(window: MainWindow, project_path: Path) -> None:
    press_shift(window, Qt.Key.Key_S)
    press(window, "1")
    QTest.keyClicks(popup(Writer).focusWidget(), "a menu")
    enter(Writer)
    doc = stored(window, project_path)
    assert (doc.status, doc.status_reason) == (Status.SKIPPED, "a menu")
    press_shift(window, Qt.Key.Key_S)
    shown = popup(Chooser)
    assert isinstance(shown, Chooser)
    assert [row.text() for row in shown.rows] == ["a menu", "Another reason…"]
    QTest.keyClick(shown, Qt.Key.Key_Escape)


@pytest.mark.parametrize("key", ["v", "d", "l"])
def test_without_anything_in_the_scheme_a_sentence_says_what_to_do(qtbot: QtBot, tmp_path: Path, key: str) -> None:
    path = tmp_path / "plain.annotator"
    with ProjectStore.create(path, load_scheme("news")) as store, store.writing() as unit:
        document = unit.add_document(Document("d", TEXT))
        unit.put_tokens(document, tokenize_simply(TEXT), "simple 1", "en")
        unit.put_suggestions(document, "p", "p 1", [Span("city", 39, 47, "GPE")])
    make_application()
    made = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    qtbot.addWidget(made)
    assert made.open_project(str(path))
    made.show()
    qtbot.waitExposed(made)
    made.canvas.set_current_span("city")
    press(made, key)
    assert "scheme editor" in made.hint_line.message.text()
    assert QApplication.activePopupWidget() is None


def test_a_chosen_relation_is_removed_by_the_key_of_spans(window: MainWindow, project_path: Path) -> None:
    window.canvas.relation_requested.emit("city", "dakota")
    (relation,) = stored(window, project_path).relations.values()
    window.canvas.set_current_relation(relation.id)
    press(window, "x")
    assert not stored(window, project_path).relations
    assert len(stored(window, project_path).spans) == 3
