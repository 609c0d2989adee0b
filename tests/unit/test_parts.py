"""Parts of a discontinuous span: how one is put and moved, and which become one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.corrections import Edge, move_edge, resize
from annotator.domain.edits import Edit, Reshape, apply, shape_of
from annotator.domain.errors import ConstraintBroken
from annotator.domain.parts import Parts, moved_part, put_part
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, tokenize_simply

TEXT = "North and South or West Dakota."
NORTH, SOUTH, DAKOTA = (0, 5), (10, 15), (24, 30)
SPAN = Span("s", 0, 30, "PLACE", fragments=(NORTH, SOUTH, DAKOTA))


@pytest.fixture
def doc() -> AnnotatedDocument:
    return AnnotatedDocument(Document("d", TEXT, tokens=tokenize_simply(TEXT)), spans=SpanSet((SPAN,)))


def _words(edit: Edit) -> list[str]:
    assert isinstance(edit, Reshape)
    return [TEXT[start:end] for start, end in edit.parts]


@pytest.mark.parametrize(
    ("part", "edge", "step", "expected"),
    [
        (1, Edge.LEFT, -1, ["North and South", "Dakota"]),  # it meets the part before it
        (1, Edge.RIGHT, 1, ["North", "South or", "Dakota"]),
        (0, Edge.RIGHT, 1, ["North and South", "Dakota"]),
        (2, Edge.LEFT, -1, ["North", "South", "West Dakota"]),
        (None, Edge.RIGHT, 1, ["North", "South", "Dakota."]),  # no part chosen: the outer edges
        (9, Edge.RIGHT, 1, ["North", "South", "Dakota."]),
    ],
)
def test_a_key_moves_an_edge_of_one_part(
    doc: AnnotatedDocument, part: int | None, edge: Edge, step: int, expected: list[str]
) -> None:
    assert _words(move_edge(doc, "s", edge, step, part=part)) == expected


@pytest.mark.parametrize("part", [None, 0, 1, 2])
@pytest.mark.parametrize(("edge", "step"), [(Edge.LEFT, 1), (Edge.RIGHT, -1)])
def test_a_part_keeps_at_least_one_token(doc: AnnotatedDocument, part: int | None, edge: Edge, step: int) -> None:
    with pytest.raises(ConstraintBroken, match="a part has at least one token"):
        move_edge(doc, "s", edge, step, part=part)


def test_a_part_is_resized_without_white_space_at_its_edges(doc: AnnotatedDocument) -> None:
    assert _words(resize(doc, "s", 9, 18, part=1)) == ["North", "South or", "Dakota"]
    assert _words(resize(doc, "s", 2, 15, part=1)) == ["North and South", "Dakota"]
    with pytest.raises(ConstraintBroken, match="already"):
        resize(doc, "s", 9, 16, part=1)
    with pytest.raises(ConstraintBroken, match="not there"):
        resize(doc, "s", 9, 16, part=3)


def test_moving_a_part_is_taken_back_in_one_step(doc: AnnotatedDocument) -> None:
    applied = apply(doc, resize(doc, "s", 2, 15, part=1))
    assert apply(applied.doc, applied.inverse).doc == doc


@st.composite
def _texts_with_parts(draw: st.DrawFn) -> tuple[str, Parts]:
    text = draw(st.text("ab \n", min_size=2, max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=8)))
    return text, tuple(zip(cuts[::2], cuts[1::2], strict=False))


@given(_texts_with_parts(), st.data())
def test_parts_stay_in_order_apart_and_cover_what_they_did(given_parts: tuple[str, Parts], data: st.DataObject) -> None:
    text, parts = given_parts
    place = data.draw(st.integers(0, len(parts) - 1))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    moved = moved_part(text, parts, place, start, end)
    assert shape_of(moved, where="")["start"] == moved[0][0]
    mine = next(part for part in moved if part[0] <= start and end <= part[1])
    for one, other in pairwise(moved):
        assert mine not in (one, other) or text[one[1] : other[0]].strip()
    covered = {char for first, last in moved for char in range(first, last)}
    others = [part for at, part in enumerate(parts) if at != place]
    wanted = {char for first, last in (*others, (start, end)) for char in range(first, last)}
    assert wanted <= covered and all(text[char].isspace() for char in covered - wanted)


def test_parts_that_were_there_are_left_as_they_are() -> None:
    assert put_part("a b c d", ((0, 1), (2, 3)), (6, 7)) == ((0, 1), (2, 3), (6, 7))
