"""Discontinuous spans: each part is highlighted where it is stored, and nothing between the parts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from annotator.domain.edits import AddSpan, apply
from annotator.domain.spans import Span
from annotator.ui.canvas.block_layout import BlockLayout, SpanBox
from annotator.ui.canvas.line_shape import LEAST_PX
from annotator.ui.canvas.painter import SIDE_PX
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.theme import LIGHT
from tests import strategies
from tests.gui.canvas.conftest import Show
from tests.gui.canvas.scenes import SCRIPTS, at, boxes, clusters, document, has_glyphs, long_text

TEXT = "The Chinese foreign minister met Qin Gang in New York."
on_one_canvas = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
EACH_SCRIPT = pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)


def _fragmented(*parts: tuple[int, int], id_: str = "s", decided: bool = True) -> Span:
    return Span(id_, parts[0][0], parts[-1][1], "GPE", decided=decided, fragments=parts)


def _of(*surfaces: str, text: str = TEXT, id_: str = "s") -> Span:
    return _fragmented(*((text.index(one), text.index(one) + len(one)) for one in surfaces), id_=id_)


def _layouts(canvas: AnnotationCanvas) -> Iterator[tuple[BlockLayout, float]]:
    page = canvas.page
    assert page is not None
    for index in range(len(page.blocks)):
        yield page.layout(index), page.heights.top_of(index)


def _drawn(canvas: AnnotationCanvas, span: Span) -> list[QRectF]:
    """The boxes of a span on the page, top to bottom and left to right."""
    found = [
        rect.translated(0, top)
        for layout, top in _layouts(canvas)
        for box in layout.boxes
        if box.span.id == span.id
        for rect in box.rects
    ]
    return sorted(found, key=lambda rect: (rect.top(), rect.left()))


def _pairs(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Two visible clusters with at least one between them."""
    visible = [(start, end) for start, end in clusters(text) if has_glyphs(text[start:end])]
    for step in (2, 3, 5):
        yield from zip(visible[::2], visible[step::2], strict=False)


@EACH_SCRIPT
def test_the_boxes_of_a_part_are_those_of_its_offsets(show: Show, text: str) -> None:
    for parts in _pairs(text):
        span = _fragmented(*parts)
        canvas = show(document(text, [span]))
        wanted = [box for start, end in parts for box in boxes(canvas, start, end)]
        assert _drawn(canvas, span) == sorted(wanted, key=lambda rect: (rect.top(), rect.left()))


@EACH_SCRIPT
def test_every_box_is_hit_as_a_character_of_a_part(show: Show, text: str) -> None:
    for parts in _pairs(text):
        span = _fragmented(*parts)
        canvas = show(document(text, [span]))
        assert canvas.page is not None
        for box in (box for box in _drawn(canvas, span) if box.width() > LEAST_PX):
            hit = canvas.page.char_at(box.center().x(), box.center().y())
            assert any(start <= hit < end for start, end in parts), (text, parts, hit)
            assert [one.id for one in canvas.spans_at(QPointF(at(canvas, box.center())))] == ["s"]


@EACH_SCRIPT
def test_what_is_between_the_parts_is_not_hit(show: Show, text: str) -> None:
    for (first, second), gap in _with_gaps(text):
        canvas = show(document(text, [_fragmented(first, second)]))
        for box in (box for box in boxes(canvas, *gap) if box.width() > LEAST_PX + 1):
            assert canvas.spans_at(QPointF(at(canvas, box.center()))) == [], (text, first, second, gap)


def _with_gaps(text: str) -> Iterator[tuple[tuple[tuple[int, int], tuple[int, int]], tuple[int, int]]]:
    found = [(start, end) for start, end in clusters(text) if has_glyphs(text[start:end])]
    for one, between, other in zip(found[::3], found[1::3], found[2::3], strict=False):
        yield (one, other), between


@EACH_SCRIPT
def test_pixels_are_tinted_under_the_parts_and_not_between_them(show: Show, text: str) -> None:
    for (first, second), gap in list(_with_gaps(text))[:6]:
        canvas = show(document(text, [_fragmented(first, second)]))
        canvas.set_theme(LIGHT)
        image = canvas.viewport().grab().toImage()
        for part in (first, second):
            assert all(_tinted(canvas, image, box) for box in boxes(canvas, *part)), (text, part)
        for box in boxes(canvas, *gap):
            if box.width() > 2 * SIDE_PX + 3:
                assert _tinted(canvas, image, box.adjusted(SIDE_PX + 1, 0, -SIDE_PX - 1, 0)) == 0, (text, gap)


def _tinted(canvas: AnnotationCanvas, image: QImage, box: QRectF) -> int:
    """How many pixels of a box of the page have the label's tint."""
    one, other = at(canvas, box.topLeft()), at(canvas, box.bottomRight())
    tint = QColor(LIGHT.tint(255))
    return sum(image.pixelColor(x, y) == tint for x in range(one.x(), other.x() + 1) for y in range(one.y(), other.y()))


@st.composite
def _documents_with_fragments(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(strategies.texts(min_pieces=6))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=4, max_size=8)))[: 2 * draw(st.integers(2, 4))]
    parts = tuple(zip(edges[::2], edges[1::2], strict=False))
    return text, _fragmented(*parts) if len(parts) > 1 else Span("s", *parts[0], "GPE")


@on_one_canvas
@given(_documents_with_fragments())
def test_a_span_in_parts_covers_no_character_of_its_gaps(show: Show, made: tuple[str, Span]) -> None:
    text, span = made
    canvas = show(document(text, [span]))
    assert canvas.page is not None
    whole = [(start, end) for start, end in clusters(text) if has_glyphs(text[start:end])]
    outside = [one for one in whole if not any(one[0] < end and start < one[1] for start, end in span.parts)]
    drawn = _drawn(canvas, span)
    for start, end in outside:
        for box in boxes(canvas, start, end):
            assert all(box.intersected(other).width() <= LEAST_PX + 1 for other in drawn), (text[start:end], span.parts)
    labels = [label for layout, _ in _layouts(canvas) for label in layout.labels]
    assert len(labels) == 1


def test_the_label_stands_on_the_first_part_only(show: Show) -> None:
    canvas = show(document(TEXT, [_of("Chinese", "Qin Gang", "York")]))
    (layout, _), *_others = _layouts(canvas)
    assert [label.rect.left() for label in layout.labels] == [boxes(canvas, 4, 11)[0].left()]
    assert [(box.is_first, box.is_last) for box in layout.boxes] == [(True, True)] * 3


def test_the_parts_are_linked_over_every_gap(show: Show) -> None:
    span = _of("Chinese", "Qin Gang", "York")
    canvas = show(document(TEXT, [span]))
    (layout, _), *_others = _layouts(canvas)
    gaps = [(left[1], right[0]) for left, right in pairwise(span.fragments)]
    wanted = [(box.left(), box.right()) for start, end in gaps for box in boxes(canvas, start, end)]
    assert [(rect.left(), rect.right()) for link in layout.links for rect in link.rects] == wanted


def test_a_gap_over_lines_and_paragraphs_is_linked_on_each(show: Show) -> None:
    text = long_text(400, paragraph=120)
    span = _fragmented((10, 17), (1_900, 1_907))
    canvas = show(document(text, [span]))
    held = [(layout, top) for layout, top in _layouts(canvas) if layout.start < 1_907]
    assert len(held) > 2
    for layout, _ in held:
        inner = [line for line in layout.lines if line.start >= 17 and line.end <= 1_900 and line.end > line.start]
        linked = {rect.top() for link in layout.links for rect in link.rects}
        assert {line.top for line in inner} <= linked
    assert sum(len(layout.labels) for layout, _ in held) == 1


def test_a_span_in_the_gap_has_another_lane_than_the_link(show: Show) -> None:
    inner = Span("inner", *(TEXT.index("foreign"), TEXT.index("foreign") + 7), "ORG")
    canvas = show(document(TEXT, [_of("Chinese", "minister"), inner]))
    (layout, _), *_others = _layouts(canvas)
    lanes = {box.span.id: box.lane for box in layout.boxes}
    assert lanes == {"s": 0, "inner": 1} and [link.lane for link in layout.links] == [0]


def test_a_click_between_the_parts_puts_the_cursor_there(show: Show) -> None:
    canvas = show(document(TEXT, [_of("Chinese", "minister")]))
    for surface, current in (("foreign", None), ("minister", "s"), ("foreign", None)):
        start = TEXT.index(surface)
        point = at(canvas, boxes(canvas, start, start + len(surface))[0].center())
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert canvas.current_span_id == current
    assert canvas.token_cursor == TEXT.index("foreign")


def test_the_ring_is_around_every_part(show: Show) -> None:
    span = _of("Chinese", "Qin Gang")
    canvas = show(document(TEXT, [span]))
    canvas.set_theme(LIGHT)
    canvas.set_current_span("s")
    image = canvas.viewport().grab().toImage()
    for start, end in span.parts:
        box = boxes(canvas, start, end)[0]
        place = at(canvas, QPointF(box.left() - 4.5, box.center().y()))
        near = [image.pixelColor(place.x() + x, place.y()) for x in (-1, 0, 1)]
        assert QColor(LIGHT.accent) in near


def test_a_new_span_in_parts_is_shown_on_every_block_it_touches(show: Show) -> None:
    text = long_text(400, paragraph=120)
    doc = document(text)
    canvas = show(doc)
    canvas.grab()
    span = _fragmented((10, 17), (1_900, 1_907))
    done = apply(doc, AddSpan(span))
    canvas.update_document(done.doc, done.touched)
    assert len(_drawn(canvas, span)) == 2
    shown: list[SpanBox] = [box for layout, _ in _layouts(canvas) for box in layout.boxes]
    assert {box.span.fragments for box in shown} == {span.fragments}
