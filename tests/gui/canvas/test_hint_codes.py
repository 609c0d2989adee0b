"""Codes of hints, without Qt: none begins another, two letters reach everything, the likely ones are the shortest."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument
from annotator.ui.canvas.hint_codes import LETTERS, hint_codes, ranked_tokens
from tests import strategies
from tests.gui.canvas.scenes import document, span_of

TEXT = "The Chinese minister met Qin Gang — for $5 — in Paris. Then he left."


@given(st.integers(0, 2_500), st.integers(0, 200))
def test_no_code_begins_another_one(count: int, preferred: int) -> None:
    codes = sorted(hint_codes(range(count), preferred).values())
    assert len(codes) == count
    assert not any(following.startswith(code) for code, following in pairwise(codes))


@given(st.integers(1, 676), st.integers(0, 700))
def test_two_letters_reach_every_token(count: int, preferred: int) -> None:
    codes = hint_codes(range(count), preferred)
    assert max(map(len, codes.values())) <= 2
    if count <= 26:
        assert max(map(len, codes.values())) == 1


@given(st.integers(27, 2_500), st.integers(0, 26))
def test_the_preferred_are_the_shortest(count: int, preferred: int) -> None:
    lengths = [len(code) for code in hint_codes(range(count), preferred).values()]
    assert lengths == sorted(lengths)
    assert lengths.count(1) == min(preferred, max((676 - count) // 25, 0))


@given(st.integers(1, 650))
def test_codes_are_letters_of_one_alphabet(count: int) -> None:
    assert set("".join(hint_codes(range(count), 5).values())) <= set(LETTERS)
    assert len(set(LETTERS)) == 26


def _ranked(doc: AnnotatedDocument, likely: list[int]) -> tuple[list[str], int]:
    starts, preferred = ranked_tokens(doc, range(len(doc.document.tokens)), likely)
    tokens = doc.document.tokens
    return [doc.document.text[start : tokens.ends[tokens.nearest(start)]] for start in starts], preferred


def test_likely_places_come_first_then_capitalised_words_outside_spans() -> None:
    doc = document(TEXT, [span_of(TEXT, "Chinese minister"), span_of(TEXT, "Paris")])
    words, preferred = _ranked(doc, [TEXT.index("left"), TEXT.index("minister")])
    assert words[:preferred] == ["left", "minister", "Qin", "Gang", "The", "Then"]
    assert words[preferred:] == ["Chinese", "met", "for", "$", "5", "in", "Paris", "he"]


@given(strategies.annotated_documents())
def test_every_word_gets_a_hint_and_white_space_none(doc: AnnotatedDocument) -> None:
    tokens, text = doc.document.tokens, doc.document.text
    starts, preferred = ranked_tokens(doc, range(len(tokens)), [])
    assert len(set(starts)) == len(starts) and 0 <= preferred <= len(starts)
    words = {token.start for token in tokens if any(char.isalnum() for char in text[token.start : token.end])}
    assert words <= set(starts)
    assert not any(text[token.start : token.end].isspace() for token in tokens if token.start in set(starts))
