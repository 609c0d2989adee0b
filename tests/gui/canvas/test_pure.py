"""The canvas's arithmetic, without Qt: heights, blocks, lanes, rows of labels, steps of the cursor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Tokens, tokenize_simply
from annotator.ui.canvas.blocks import MAX_CHARS, MAX_TOKENS, Blocks
from annotator.ui.canvas.heights import Heights
from annotator.ui.canvas.lanes import label_rows, lanes_of
from annotator.ui.canvas.walking import TokenWalk
from tests import strategies

heights_in_px = st.lists(st.integers(0, 500), min_size=1, max_size=60)


@given(heights_in_px, st.data())
def test_heights_answer_as_plain_sums_do(values: list[int], data: st.DataObject) -> None:
    heights = Heights(values)
    for _ in range(4):
        index = data.draw(st.integers(0, len(values) - 1))
        values[index] = data.draw(st.integers(0, 500))
        heights.set(index, values[index])
    assert [heights.top_of(index) for index in range(len(values) + 1)] == [
        sum(values[:n]) for n in range(len(values) + 1)
    ]
    assert heights.total == sum(values)


@given(heights_in_px, st.integers(0, 20_000))
def test_the_block_at_a_y_holds_that_y(values: list[int], y: int) -> None:
    heights = Heights(values)
    index = heights.at(y)
    if y < heights.total:
        assert heights.top_of(index) <= y < heights.top_of(index) + heights[index]
    else:
        assert index == len(values) - 1


def _blocks(text: str, tokens: Tokens | None = None) -> tuple[Document, Blocks]:
    document = Document("d", text, tokens=tokenize_simply(text) if tokens is None else tokens)
    return document, Blocks(document)


@given(strategies.texts(max_pieces=60))
def test_blocks_hold_all_of_the_text_but_line_ends(text: str) -> None:
    _, blocks = _blocks(text)
    assert blocks.starts[0] == 0 and blocks.ends[-1] == len(text)
    for end, start in zip(blocks.ends, blocks.starts[1:], strict=False):
        assert text[end:start] in ("", "\n", "\r\n", "\r")
    assert not any(set(text[start:end]) & {"\n", "\r"} for start, end in zip(blocks.starts, blocks.ends, strict=True))


CONTINUOUS = {
    "words": "word " * 3_000,
    "Chinese with one early space": "中 " + "国外交部长秦刚" * 1_500,
    "one very long token": "x" * 9_000,
    "emoji families": "👨‍👩‍👧‍👦" * 1_500,
    "marks": "a\u0301\u0302\u0303" * 2_000,
}


@pytest.mark.parametrize("text", CONTINUOUS.values(), ids=CONTINUOUS)
def test_a_long_paragraph_is_cut_into_few_blocks_of_bounded_size(text: str) -> None:
    document, blocks = _blocks(text)
    sizes = [end - start for start, end in zip(blocks.starts, blocks.ends, strict=True)]
    counts = [len(document.tokens.overlapping(a, b)) for a, b in zip(blocks.starts, blocks.ends, strict=True)]
    assert max(sizes) <= MAX_CHARS and max(counts) <= MAX_TOKENS
    assert min(sizes[:-1]) >= 100  # no block of a few characters where a space happened to be


@pytest.mark.parametrize("text", [CONTINUOUS["words"], CONTINUOUS["Chinese with one early space"]])
def test_a_cut_parts_no_token_that_fits_into_a_block(text: str) -> None:
    words = (
        tokenize_simply("word " * 3_000)
        if text.startswith("word")
        else Tokens(range(len(text)), range(1, len(text) + 1))
    )
    document, blocks = _blocks(text, words)
    inside = {at for token in document.tokens for at in range(token.start + 1, token.end)}
    assert not inside & set(blocks.starts)


@pytest.mark.parametrize("name", ["emoji families", "marks"])
def test_a_cut_parts_no_grapheme_cluster(name: str) -> None:
    text = CONTINUOUS[name]
    cluster = {"emoji families": "👨‍👩‍👧‍👦", "marks": "a\u0301\u0302\u0303"}[name]
    assert all(start % len(cluster) == 0 for start in _blocks(text)[1].starts)


@given(strategies.annotated_documents(max_spans=12))
def test_spans_of_one_lane_share_no_text(doc: AnnotatedDocument) -> None:
    lanes = lanes_of(doc.spans)
    spans = list(doc.spans)
    for index, one in enumerate(spans):
        for other in spans[index + 1 :]:
            assert lanes[one.id] != lanes[other.id] or not one.overlaps(other.start, other.end)
    assert set(lanes.values()) == set(range(max(lanes.values(), default=-1) + 1))


@given(st.lists(st.tuples(st.floats(-20, 700), st.floats(1, 400)), max_size=30))
def test_labels_of_one_row_keep_their_distance_and_stay_inside(wanted: list[tuple[float, float]]) -> None:
    places = label_rows(wanted, 700.0, gap=6.0)
    taken = [(x, x + width, row) for (x, row), (_, width) in zip(places, wanted, strict=True)]
    assert all(left >= 0 and right <= 700.01 for left, right, _ in taken)
    for index, (left, right, row) in enumerate(taken):
        for other_left, other_right, other_row in taken[index + 1 :]:
            assert row != other_row or right + 5.99 <= other_left or other_right + 5.99 <= left


def _walk(text: str) -> TokenWalk:
    return TokenWalk(Document("d", text, tokens=tokenize_simply(text)))


def test_the_cursor_steps_over_white_space_and_stops_at_the_edges() -> None:
    walk = _walk("one \n\n two  three")
    assert [walk.moved(0, 1), walk.moved(7, 1), walk.moved(12, 1)] == [7, 12, 12]
    assert [walk.moved(12, -2), walk.moved(0, -1)] == [0, 0]


def test_a_dragged_range_grows_to_whole_tokens_without_white_space() -> None:
    assert _walk("one  two three").snapped(4, 6) == (5, 8)
    assert _walk("one two three").snapped(1, 5) == (0, 7)


@given(strategies.texts(), st.data())
def test_every_walk_ends_on_a_token(text: str, data: st.DataObject) -> None:
    walk = _walk(text)
    starts = set(tokenize_simply(text).starts) | {0}
    char = data.draw(st.integers(0, len(text)))
    assert {walk.moved(char, 3), walk.moved(char, -3), walk.token_start(char), walk.first(), walk.last()} <= starts
