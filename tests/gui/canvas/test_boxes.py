"""What is highlighted is what is stored: boxes in pixels against offsets, in many scripts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.ui.canvas.line_shape import LEAST_PX
from tests import strategies
from tests.gui.canvas.conftest import Show
from tests.gui.canvas.scenes import SCRIPTS, boxes, clusters, document, has_glyphs, long_text

on_one_canvas = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_the_middle_of_a_box_is_a_character_of_its_range(show: Show, text: str) -> None:
    canvas = show(document(text))
    found = clusters(text)
    for first in range(len(found)):
        for last in range(first, min(first + 4, len(found))):
            start, end = found[first][0], found[last][1]
            # What is invisible has no place of its own to hit; that the visible has a width is tested below.
            for box in (box for box in boxes(canvas, start, end) if box.width() > LEAST_PX):
                hit = canvas.page.char_at(box.center().x(), box.center().y()) if canvas.page else -1
                assert start <= hit < end, (text[start:end], hit)


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_every_visible_character_has_a_box_with_width(show: Show, text: str) -> None:
    canvas = show(document(text))
    for start, end in clusters(text):
        if has_glyphs(text[start:end]):
            found = boxes(canvas, start, end)
            assert found and sum(box.width() for box in found) > 2.5, text[start:end]


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_boxes_of_neighbours_do_not_cover_each_other(show: Show, text: str) -> None:
    canvas = show(document(text))
    found = [(start, end) for start, end in clusters(text) if has_glyphs(text[start:end])]
    for (start, middle), (following, end) in pairwise(found):
        for one in boxes(canvas, start, middle):
            for other in boxes(canvas, following, end):
                assert one.intersected(other).width() <= 1.0, (text[start:middle], text[following:end])


def test_the_first_letter_after_a_change_of_direction_is_in_the_box(show: Show) -> None:
    text = SCRIPTS["Latin with Hebrew"]
    canvas = show(document(text))
    start = text.index("שלום")
    whole = sum(box.width() for box in boxes(canvas, start, start + 4))
    assert whole == pytest.approx(
        sum(b.width() for at in range(4) for b in boxes(canvas, start + at, start + at + 1)), abs=1.5
    )
    assert whole > 30


def test_a_range_over_a_change_of_direction_has_several_boxes(show: Show) -> None:
    text = SCRIPTS["Latin with Hebrew"]
    canvas = show(document(text))
    start = text.index("word")
    assert len(boxes(canvas, start, text.index("שלום") + 2)) == 2


def test_an_article_that_begins_right_to_left_is_set_on_the_right(show: Show) -> None:
    canvas = show(document("ראש הממשלה\n12 2023\nLatin line"))
    assert canvas.page is not None
    assert boxes(canvas, 0, 1)[0].right() == pytest.approx(canvas.page.width, abs=2)
    assert max(box.right() for box in boxes(canvas, 11, 18)) == pytest.approx(canvas.page.width, abs=2)
    assert boxes(canvas, 19, 20)[0].left() == pytest.approx(0, abs=2)


def test_a_box_inside_a_ligature_or_cluster_is_not_empty(show: Show) -> None:
    text = "office cafe\u0301 👨‍👩‍👧 x"
    canvas = show(document(text))
    assert all(boxes(canvas, at, at + 1)[0].width() > 2 for at in range(len(text)) if not text[at].isspace())


def test_a_span_that_is_only_a_line_end_can_still_be_seen(show: Show) -> None:
    canvas = show(document("one\ntwo", [Span("s", 3, 4, "GPE")]))
    assert canvas.page is not None
    assert [box.span.id for box in canvas.page.layout(0).boxes] == ["s"]


def test_a_very_long_token_is_broken_inside_the_column(show: Show) -> None:
    text = "x" * 3_000
    canvas = show(document(text, [Span("s", 0, 3_000, "GPE")]))
    assert canvas.page is not None
    found = boxes(canvas, 0, 3_000)
    assert len(found) > 10 and all(box.right() <= canvas.page.width + 1 for box in found)


def test_a_span_over_a_line_break_has_a_box_a_line_and_one_label(show: Show) -> None:
    text = long_text(60, paragraph=0)
    canvas = show(document(text, [Span("s", 0, 200, "ORG")]))
    assert canvas.page is not None
    layout = canvas.page.layout(0)
    assert len(layout.boxes) == 3 and len(layout.labels) == 1
    assert [box.is_first for box in layout.boxes] == [True, False, False]
    assert all(box.rects[0].right() <= canvas.page.width for box in layout.boxes)


@on_one_canvas
@given(strategies.annotated_documents(max_spans=14))
def test_labels_never_cover_each_other_nor_text(show: Show, doc: AnnotatedDocument) -> None:
    canvas = show(doc)
    assert canvas.page is not None
    for index in range(len(canvas.page.blocks)):
        layout = canvas.page.layout(index)
        labels = [label.rect for label in layout.labels]
        texts = [box for place in layout.lines for box in layout.rects_of(place.start, place.end)]
        for at, one in enumerate(labels):
            assert not any(one.intersects(other) for other in labels[at + 1 :])
            assert not any(one.intersected(box).height() > 0.5 for box in texts)


@on_one_canvas
@given(strategies.annotated_documents(max_spans=14))
def test_boxes_of_one_lane_never_share_a_place(show: Show, doc: AnnotatedDocument) -> None:
    canvas = show(doc)
    text = doc.document.text
    assert canvas.page is not None
    for index in range(len(canvas.page.blocks)):
        # A span of invisible characters only is shown on the glyph that the font glues them to, if any; white space
        # at the end of a line has no width of its own there.
        boxes = canvas.page.layout(index).boxes
        held = [box for box in boxes if has_glyphs(text[box.span.start : box.span.end].strip())]
        for at, one in enumerate(held):
            for other in held[at + 1 :]:
                if one.lane == other.lane and one.rects[0].top() == other.rects[0].top():
                    shared = [a.intersected(b).width() for a in one.rects for b in other.rects]
                    assert max(shared) <= 1.0 or _share_cluster(doc, one.span, other.span)


def _share_cluster(doc: AnnotatedDocument, one: Span, other: Span) -> bool:
    """Whether the two meet inside one grapheme cluster, which can only be shown whole."""
    return any(one.overlaps(start, end) and other.overlaps(start, end) for start, end in clusters(doc.document.text))


@on_one_canvas
@given(strategies.annotated_documents(max_spans=14))
def test_every_span_with_visible_text_is_drawn_and_labelled_once(show: Show, doc: AnnotatedDocument) -> None:
    canvas = show(doc)
    assert canvas.page is not None
    layouts = [canvas.page.layout(index) for index in range(len(canvas.page.blocks))]
    drawn = {box.span.id for layout in layouts for box in layout.boxes}
    labelled = [label.span.id for layout in layouts for label in layout.labels]
    assert sorted(labelled) == sorted(span.id for span in doc.spans) and drawn == set(labelled)


def test_a_mark_of_direction_between_scripts_takes_no_room(show: Show) -> None:
    text = "theשלום\u200fthe"
    canvas = show(document(text))
    assert sum(box.width() for box in boxes(canvas, 7, 8)) <= 2
    last_letter, with_mark = boxes(canvas, 5, 7), boxes(canvas, 5, 8)
    assert [box.left() for box in with_mark] == [box.left() for box in last_letter]
    assert [box.right() for box in with_mark] == [box.right() for box in last_letter]


def test_lam_alef_is_halved_after_characters_outside_the_bmp_too(show: Show) -> None:
    text = "𝒳𝒳𝒳 لا"
    canvas = show(document(text))
    lam, alef = boxes(canvas, 4, 5)[0], boxes(canvas, 5, 6)[0]
    assert lam.width() > 2 and alef.width() > 2 and alef.right() <= lam.left() + 0.5


def test_a_byte_order_mark_moves_no_box(show: Show) -> None:
    plain = [(box.left(), box.right()) for at in range(5) for box in boxes(show(document("China said")), at, at + 1)]
    marked = show(document("\ufeffChina said"))
    assert [(box.left(), box.right()) for at in range(1, 6) for box in boxes(marked, at, at + 1)] == plain
