"""Doubtful places: a wave where no span is, a stronger outline around suggestions, three steps of strength."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from annotator.domain.edits import AddSpan, Decide, RemoveSpan, apply
from annotator.domain.spans import Span
from annotator.ui.canvas.block_layout import DoubtBox
from annotator.ui.canvas.doubts import Doubts, step_of
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.theme import LIGHT
from tests.gui.canvas.conftest import Show
from tests.gui.canvas.scenes import SCHEME, SCRIPTS, at, boxes, clusters, document, has_glyphs, span_of

TEXT = "The Chinese foreign minister met Qin Gang in New York. He left Berlin again."
places = st.tuples(st.integers(0, 300), st.integers(1, 40)).map(lambda made: (made[0], made[0] + made[1]))


def _place(surface: str) -> tuple[int, int]:
    return TEXT.index(surface), TEXT.index(surface) + len(surface)


def _waves(canvas: AnnotationCanvas, block: int = 0) -> list[DoubtBox]:
    assert canvas.page is not None
    return canvas.page.layout(block).doubts


@given(st.dictionaries(places, st.floats(0, 1), max_size=30), places)
def test_doubts_answer_as_a_plain_search_does(strengths: dict[tuple[int, int], float], asked: tuple[int, int]) -> None:
    found = [(start, end) for start, end, _ in Doubts(strengths).overlapping(*asked)]
    assert found == sorted(place for place in strengths if place[0] < asked[1] and asked[0] < place[1])


def test_a_strength_is_one_of_three_steps() -> None:
    assert [step_of(strength) for strength in (-1, 0, 0.3, 0.34, 0.6, 0.7, 1.0, 9)] == [1, 1, 1, 2, 2, 3, 3, 3]


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_wave_runs_under_what_is_doubtful(show: Show, text: str) -> None:
    visible = [(start, end) for start, end in clusters(text) if has_glyphs(text[start:end])]
    canvas = show(document(text))
    for (start, _), (_, end) in zip(visible[::3], visible[1::3], strict=False):
        canvas.set_doubts({(start, end): 0.5})
        assert canvas.page is not None
        waves = [
            wave.translated(0, canvas.page.heights.top_of(index))
            for index in range(len(canvas.page.blocks))
            for box in _waves(canvas, index)
            for wave in box.waves
        ]
        wanted = [(box.left(), box.width(), box.bottom()) for box in boxes(canvas, start, end)]
        assert [(wave.left(), wave.width(), wave.top()) for wave in waves] == wanted


def test_a_place_with_a_span_has_no_wave_and_gets_it_back(show: Show) -> None:
    doc = document(TEXT)
    canvas = show(doc)
    canvas.set_doubts({_place("Berlin"): 0.9, _place("Qin Gang"): 0.2})
    assert [box.step for box in _waves(canvas)] == [1, 3]
    added = apply(doc, AddSpan(span_of(TEXT, "Berlin", id_="s")))
    canvas.update_document(added.doc, added.touched)
    assert [box.step for box in _waves(canvas)] == [1]
    removed = apply(added.doc, RemoveSpan("s"))
    canvas.update_document(removed.doc, removed.touched)
    assert [box.step for box in _waves(canvas)] == [1, 3]


def test_a_wave_runs_below_the_lines_of_spans(show: Show) -> None:
    spans = [span_of(TEXT, "foreign minister met"), span_of(TEXT, "minister"), span_of(TEXT, "Berlin")]
    canvas = show(document(TEXT, spans))
    canvas.set_doubts({_place("minister met Qin"): 0.9, _place("again"): 0.9})
    assert canvas.page is not None
    under, bare = (box.waves[0] for box in _waves(canvas))
    assert under.top() - boxes(canvas, *_place("minister"))[0].bottom() == 2 * canvas.page.style.lane_px
    assert bare.top() == boxes(canvas, *_place("again"))[0].bottom()


def _darkness(canvas: AnnotationCanvas, rect: QRectF) -> int:
    image = canvas.viewport().grab().toImage()
    one, other = at(canvas, rect.topLeft()), at(canvas, rect.bottomRight())
    return sum(
        255 - image.pixelColor(x, y).lightness()
        for x in range(one.x(), other.x() + 1)
        for y in range(one.y(), other.y() + 1)
    )


def test_a_stronger_doubt_is_a_darker_wave(show: Show) -> None:
    canvas = show(document(TEXT))
    canvas.set_theme(LIGHT)
    below = boxes(canvas, *_place("again"))[0]
    wave = QRectF(below.left(), below.bottom(), below.width() - 2, 4)
    seen = []
    for strengths in ({}, {_place("again"): 0.1}, {_place("again"): 0.5}, {_place("again"): 1.0}):
        canvas.set_doubts(strengths)
        seen.append(_darkness(canvas, wave))
    assert seen == sorted(set(seen)) and len(seen) == 4


def test_a_doubtful_suggestion_has_a_stronger_outline_and_a_decided_span_has_none(show: Show) -> None:
    doc = document(TEXT, [span_of(TEXT, "Qin Gang", id_="s", decided=False)])
    canvas = show(doc)
    canvas.set_theme(LIGHT)
    box = boxes(canvas, *_place("Qin Gang"))[0]
    edge = QRectF(box.left() - 4, box.top() + 2, 4, box.height() - 4)
    plain = _darkness(canvas, edge)
    canvas.set_doubts({_place("Qin Gang"): 0.9})
    assert _darkness(canvas, edge) > 1.15 * plain and not _waves(canvas)
    done = apply(doc, Decide(("s",)))
    canvas.update_document(done.doc, done.touched)
    decided = canvas.viewport().grab().toImage()
    canvas.set_doubts({})
    assert canvas.viewport().grab().toImage() == decided


def test_doubts_stay_when_the_text_is_set_anew_and_go_with_the_document(show: Show) -> None:
    canvas = show(document(TEXT))
    canvas.set_doubts({_place("again"): 0.9})
    canvas.set_text_font("Noto Serif", 24)
    assert len(_waves(canvas)) == 1
    canvas.show_document(document(TEXT), SCHEME)
    assert not _waves(canvas)


def test_doubts_move_nothing(show: Show) -> None:
    canvas = show(document(TEXT, [Span("s", 4, 11, "GPE", decided=False)]))
    before = [box.topLeft() for box in boxes(canvas, 0, len(TEXT))]
    canvas.set_doubts({(4, 11): 0.9, _place("Berlin"): 0.9})
    assert [box.topLeft() for box in boxes(canvas, 0, len(TEXT))] == before
