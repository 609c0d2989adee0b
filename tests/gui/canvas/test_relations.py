"""Relations on the canvas: arcs and stubs where they belong, hit by the mouse, made by dragging, kept up by edits."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.domain.edits import (
    AddRelation,
    AddSpan,
    Edit,
    RemoveRelation,
    RemoveSpan,
    ResizeSpan,
    SetRelationAttribute,
    apply,
)
from annotator.domain.labels import Attribute, AttributeKind, Label
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.ui.canvas.arcs import BESIDE_PX, ArcBox
from annotator.ui.canvas.lanes import arc_rows
from annotator.ui.canvas.page import Page
from annotator.ui.canvas.relations import RelationIndex
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.theme import LIGHT
from tests.gui.canvas.scenes import SCHEME, at, boxes, document, long_text, span_of

TEXT = "The Chinese foreign minister met Qin Gang in New York.\n\nOn Monday he left Berlin again."
NAMED = replace(SCHEME, relation_labels=(Label("MET", "met", hue=25), Label("IN", "located in", hue=145)))
LEFT = Qt.MouseButton.LeftButton
on_one_canvas = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def _related(doc: AnnotatedDocument, *relations: tuple[str, str, str]) -> AnnotatedDocument:
    held = {f"r{n}": Relation(f"r{n}", head, child, label) for n, (head, child, label) in enumerate(relations)}
    return replace(doc, relations=held)


def _scene(*relations: tuple[str, str, str]) -> AnnotatedDocument:
    spans = [span_of(TEXT, one) for one in ("Chinese", "Qin Gang", "New York", "Monday", "Berlin")]
    return _related(document(TEXT, spans), *relations)


@pytest.fixture
def related(canvas: AnnotationCanvas) -> AnnotationCanvas:
    """Arcs in the first paragraph, one relation over two paragraphs."""
    doc = _scene(("Qin Gang", "New York", "IN"), ("Chinese", "Qin Gang", "MET"), ("New York", "Berlin", "IN"))
    canvas.show_document(doc, NAMED)
    canvas.grab()
    return canvas


def _arcs(canvas: AnnotationCanvas, block: int = 0) -> list[ArcBox]:
    assert canvas.page is not None
    return canvas.page.layout(block).arcs


def _on_arc(canvas: AnnotationCanvas, relation_id: str, block: int = 0) -> QPoint:
    """The middle of a relation's name in the viewport."""
    arc = next(arc for arc in _arcs(canvas, block) if arc.relation.id == relation_id)
    assert canvas.page is not None
    return at(canvas, arc.rect.center() + QPointF(0, canvas.page.heights.top_of(block)))


def _on_label(canvas: AnnotationCanvas, span_id: str, block: int = 0) -> QPoint:
    assert canvas.page is not None
    label = next(label for label in canvas.page.layout(block).labels if label.span.id == span_id)
    return at(canvas, label.rect.center() + QPointF(0, canvas.page.heights.top_of(block)))


def _drag(canvas: AnnotationCanvas, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(canvas.viewport(), LEFT, pos=start)
    QTest.mouseMove(canvas.viewport(), (start + end) / 2)
    QTest.mouseMove(canvas.viewport(), end)
    QTest.mouseRelease(canvas.viewport(), LEFT, pos=end)


def test_two_spans_of_a_line_are_joined_by_one_arc_from_label_to_label(related: AnnotationCanvas) -> None:
    arcs = [arc for arc in _arcs(related) if arc.relation.id == "r0"]
    assert len(arcs) == 1 and arcs[0].text == "located in"
    assert related.page is not None
    labels = {label.span.id: label.rect for label in related.page.layout(0).labels}
    for end, name in ((arcs[0].corners[0], "Qin Gang"), (arcs[0].corners[-1], "New York")):
        assert labels[name].left() <= end.x() <= labels[name].right() and end.y() < labels[name].bottom()


def test_a_relation_over_blocks_leaves_and_enters_as_stubs(related: AnnotationCanvas) -> None:
    leaving = next(arc for arc in _arcs(related) if arc.relation.id == "r2")
    entering = next(arc for arc in _arcs(related, 2) if arc.relation.id == "r2")
    assert leaving.corners[-1].x() > leaving.corners[0].x(), "the other end comes later: to the right"
    assert entering.corners[0].x() < entering.corners[-1].x(), "it comes from before: from the left"
    assert leaving.text == entering.text == "located in"


def test_a_right_to_left_paragraph_has_its_stubs_mirrored(canvas: AnnotationCanvas) -> None:
    text = "ראש הממשלה\n\nאמר אתמול"
    spans = [span_of(text, "ראש"), span_of(text, "אתמול")]
    canvas.show_document(_related(document(text, spans), ("ראש", "אתמול", "MET")), NAMED)
    leaving = _arcs(canvas)[0]
    assert leaving.corners[-1].x() < leaving.corners[0].x()


def test_a_line_grows_only_when_it_has_arcs(canvas: AnnotationCanvas) -> None:
    heights = []
    for doc in (_scene(), _scene(("Qin Gang", "New York", "IN"))):
        canvas.show_document(doc, NAMED)
        assert canvas.page is not None
        heights.append([canvas.page.layout(index).height for index in range(3)])
    assert heights[1][0] == heights[0][0] + canvas.page.style.arc_px if canvas.page else False
    assert heights[1][1:] == heights[0][1:]


def test_arcs_cover_neither_labels_nor_text_nor_the_line_above(canvas: AnnotationCanvas) -> None:
    text = long_text(200, paragraph=0)
    spans = [Span(f"s{n}", n * 23, n * 23 + 9, "ORG") for n in range(40)]
    pairs = [(f"s{n}", f"s{(n * 7 + 3) % 40}", ("MET", "IN")[n % 2]) for n in range(40)]
    canvas.show_document(_related(document(text, spans), *pairs), NAMED)
    assert canvas.page is not None
    layout, width = canvas.page.layout(0), canvas.page.width
    texts = [box for line in layout.lines for box in layout.rects_of(line.start, line.end)]
    assert len(layout.arcs) >= 70
    for arc in layout.arcs:
        assert not any(arc.rect.intersects(label.rect) for label in layout.labels)
        assert not any(arc.rect.intersects(box) for box in texts)
        assert arc.rect.left() >= -BESIDE_PX - 4 and arc.rect.right() <= width + BESIDE_PX + 4
    for one, other in combinations(layout.arcs, 2):
        assert not one.rect.intersects(other.rect), (one.relation, other.relation)


@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 300)).map(lambda made: (made[0], sum(made))), max_size=30))
def test_arcs_of_one_row_are_apart_and_the_inner_ones_are_nearer(reaches: list[tuple[float, float]]) -> None:
    rows = arc_rows(reaches)
    for (one, row), (other, other_row) in combinations(zip(reaches, rows, strict=True), 2):
        if row == other_row:
            assert one[1] + 4.99 <= other[0] or other[1] + 4.99 <= one[0]
        elif one[0] < other[0] and other[1] < one[1]:
            assert row > other_row


def test_the_pointer_on_an_arc_says_who_and_what(related: AnnotationCanvas, qtbot: QtBot) -> None:
    QTest.mouseMove(related.viewport(), _on_arc(related, "r0"))
    qtbot.waitUntil(lambda: "Qin Gang → New York: located in" in related.viewport().toolTip())
    corner = next(arc for arc in _arcs(related) if arc.relation.id == "r1").corners
    leg = at(related, QPointF(corner[0].x() + 1, (corner[0].y() + corner[1].y()) / 2))
    found = related.find_relation_at(QPointF(leg))
    assert found is not None and found.id == "r1"


def test_a_click_on_an_arc_makes_it_current_and_nothing_else(related: AnnotationCanvas, qtbot: QtBot) -> None:
    related.set_current_span("Berlin")
    with qtbot.waitSignal(related.current_relation_changed) as said:
        QTest.mouseClick(related.viewport(), LEFT, pos=_on_arc(related, "r0"))
    assert said.args == ["r0"]
    assert (related.current_relation_id, related.current_span_id, related.selection) == ("r0", None, None)


@pytest.mark.parametrize("how", ["span", "cursor", "selection", "escape", "document", "removed", "head removed"])
def test_a_relation_is_current_until_something_else_is_or_it_is_gone(
    related: AnnotationCanvas, qtbot: QtBot, how: str
) -> None:
    related.set_current_relation("r0")
    assert related.doc is not None
    with qtbot.waitSignal(related.current_relation_changed) as said:
        match how:
            case "span":
                related.set_current_span("Berlin")
            case "cursor":
                related.put_cursor(4)
            case "selection":
                related.set_selection(0, 3)
            case "escape":
                related.set_current_span(None)
            case "document":
                related.show_document(_scene(), NAMED)
            case _:
                edit = RemoveRelation("r0") if how == "removed" else RemoveSpan("Qin Gang")
                done = apply(related.doc, edit)
                related.update_document(done.doc, done.touched)
    assert said.args == [None] and related.current_relation_id is None


def test_a_relation_that_is_not_there_cannot_be_current(related: AnnotationCanvas) -> None:
    related.set_current_relation("gone")
    assert related.current_relation_id is None


def test_dragging_a_label_to_another_span_asks_for_a_relation(related: AnnotationCanvas, qtbot: QtBot) -> None:
    target = at(related, boxes(related, TEXT.index("Berlin"), TEXT.index("Berlin") + 6)[0].center())
    with qtbot.waitSignal(related.relation_requested) as said:
        _drag(related, _on_label(related, "Chinese"), target)
    assert said.args == ["Chinese", "Berlin"] and related.selection is None


def test_dragging_a_label_to_another_label_asks_for_a_relation(related: AnnotationCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(related.relation_requested) as said:
        _drag(related, _on_label(related, "Qin Gang"), _on_label(related, "Monday", 2))
    assert said.args == ["Qin Gang", "Monday"]


def test_values_of_a_relation_stand_on_its_arc_and_in_its_tooltip(related: AnnotationCanvas) -> None:
    sure = Attribute("sure", AttributeKind.CHOICE, ("yes", "no"))
    scheme = replace(NAMED, relation_attributes=(sure, Attribute("denied", AttributeKind.FLAG), Attribute("since")))
    doc = _scene(("Chinese", "Qin Gang", "MET"))
    related.show_document(doc, scheme)
    related.grab()
    told = []
    for name, value in (("sure", "no"), ("denied", True), ("since", "<b>2014"), ("_color", "#fff"), ("sure", None)):
        applied = apply(doc, SetRelationAttribute("r0", name, value))
        doc = applied.doc
        related.update_document(doc, applied.touched)
        told.append(_arcs(related)[0].text)
    assert told == ["met (no)", *["met (no, denied)"] * 3, "met (denied)"]
    QTest.mouseMove(related.viewport(), _on_arc(related, "r0"))
    assert "met · denied · since: &lt;b&gt;2014" in related.viewport().toolTip()
    assert "#fff" not in related.viewport().toolTip()


@pytest.mark.parametrize("surface", ["Chinese", "met"])
def test_dragging_a_label_to_no_other_span_asks_for_nothing(
    related: AnnotationCanvas, qtbot: QtBot, surface: str
) -> None:
    start = TEXT.index(surface)
    target = at(related, boxes(related, start, start + len(surface))[0].center())
    with qtbot.assertNotEmitted(related.relation_requested):
        _drag(related, _on_label(related, "Chinese"), target)
    assert related.selection is None and related._painting.link is None


def test_a_relation_being_dragged_is_shown(related: AnnotationCanvas) -> None:
    before = related.viewport().grab().toImage()
    QTest.mousePress(related.viewport(), LEFT, pos=_on_label(related, "Chinese"))
    QTest.mouseMove(related.viewport(), _on_label(related, "Monday", 2))
    assert related.viewport().grab().toImage() != before
    QTest.mouseRelease(related.viewport(), LEFT, pos=QPoint(400, 690))
    assert related._painting.link is None


def test_the_current_relation_stands_out_by_more_than_colour(related: AnnotationCanvas) -> None:
    related.set_theme(LIGHT)
    arc = next(arc for arc in _arcs(related) if arc.relation.id == "r1")
    place = at(related, QPointF(arc.corners[1].x() + 14, arc.corners[1].y()))

    def thickness() -> int:
        image = related.viewport().grab().toImage()
        return sum(255 - image.pixelColor(place.x(), place.y() + y).lightness() for y in range(-4, 5))

    before = thickness()
    related.set_current_relation("r1")
    assert thickness() > 1.5 * before > 0


def test_only_the_blocks_at_the_ends_are_placed_anew(canvas: AnnotationCanvas) -> None:
    text = long_text(900)
    spans = [Span(f"s{n}", n * 600 + 8, n * 600 + 15, "GPE") for n in range(7)]
    doc = document(text, spans)
    canvas.show_document(doc, NAMED)
    assert canvas.page is not None
    layouts = [canvas.page.layout(index) for index in range(len(canvas.page.blocks))]
    lines = [layout.lines for layout in layouts]
    done = apply(doc, AddRelation(Relation("r", "s1", "s5", "MET")))
    canvas.update_document(done.doc, done.touched)
    moved = {n for n, (layout, was) in enumerate(zip(layouts, lines, strict=True)) if layout.lines is not was}
    assert moved == {canvas.page.blocks.at(spans[1].start), canvas.page.blocks.at(spans[5].start)}


def _edits() -> st.SearchStrategy[list[tuple[str, int, int, int]]]:
    kinds = st.sampled_from(("add", "remove", "resize", "relate", "unrelate"))
    return st.lists(st.tuples(kinds, st.integers(0, 9), st.integers(0, 9), st.integers(0, 700)), max_size=12)


def _edit(doc: AnnotatedDocument, kind: str, one: int, other: int, place: int) -> Edit | None:
    ids = sorted(span.id for span in doc.spans)
    match kind:
        case "add":
            new = f"n{one}{other}{place}"
            return None if new in doc.spans else AddSpan(Span(new, place, place + 9, "ORG"))
        case "remove" if ids:
            return RemoveSpan(ids[one % len(ids)])
        case "resize" if ids:
            return ResizeSpan(ids[one % len(ids)], place, place + 4 + other)
        case "relate" if ids and f"q{place}" not in doc.relations:
            return AddRelation(Relation(f"q{place}", ids[one % len(ids)], ids[other % len(ids)], "MET"))
        case "unrelate" if doc.relations:
            return RemoveRelation(sorted(doc.relations)[one % len(doc.relations)])
    return None


def _shown(page: Page) -> list[object]:
    found: list[object] = []
    for index in range(len(page.blocks)):
        layout = page.layout(index)
        places = [(arc.relation, arc.text, [(p.x(), p.y()) for p in arc.corners]) for arc in layout.arcs]
        found.append((layout.height, sorted(places, key=repr), [line.top for line in layout.lines]))
    return found


@on_one_canvas
@given(_edits())
def test_after_any_edits_the_arcs_are_those_of_a_page_made_anew(
    canvas: AnnotationCanvas, edits: list[tuple[str, int, int, int]]
) -> None:
    text = long_text(160, paragraph=40)
    spans = [Span(f"s{n}", n * 70, n * 70 + 8, "GPE") for n in range(10)]
    doc = _related(document(text, spans), ("s0", "s1", "MET"), ("s0", "s7", "IN"), ("s5", "s2", "MET"))
    canvas.show_document(doc, NAMED)
    assert canvas.page is not None
    _shown(canvas.page)
    for made in edits:
        if (edit := _edit(doc, *made)) is not None:
            done = apply(doc, edit)
            doc = done.doc
            canvas.update_document(doc, done.touched)
    assert _shown(canvas.page) == _shown(Page(doc, canvas.page.width, canvas.page.style))


def test_relations_to_a_span_that_is_gone_are_not_drawn() -> None:
    doc = _scene(("Berlin", "gone", "MET"), ("Berlin", "Berlin", "IN"))
    index, berlin = RelationIndex(doc), doc.spans.find("Berlin")
    assert berlin is not None
    assert [(end.relation.id, end.is_head) for end in index.ends_at(berlin)] == [("r1", True), ("r1", False)]
