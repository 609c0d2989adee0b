"""Offsets against Python's own encoder, and tokens against the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.offsets import Utf16Map, trim
from annotator.domain.text import tokenize_simply
from tests.strategies import texts


@given(texts())
def test_utf16_offsets_agree_with_pythons_encoder(text: str) -> None:
    offsets = Utf16Map(text)
    for char in range(len(text) + 1):
        utf16 = len(text[:char].encode("utf-16-le")) // 2
        assert offsets.to_utf16(char) == utf16
        assert offsets.to_char(utf16) == char
    assert offsets.length_utf16 == len(text.encode("utf-16-le")) // 2


@given(texts())
def test_an_offset_between_surrogates_belongs_to_its_character(text: str) -> None:
    offsets = Utf16Map(text)
    for char, glyph in enumerate(text):
        if glyph > "\uffff":
            assert offsets.to_char(offsets.to_utf16(char) + 1) == char


@given(texts())
def test_simple_tokens_rebuild_the_text(text: str) -> None:
    rebuilt, covered = "", 0
    for token in tokenize_simply(text):
        assert token.start < token.end
        gap = text[covered : token.start]
        assert gap in ("", " ")
        rebuilt += gap + text[token.start : token.end]
        covered = token.end
    assert text[covered:] in ("", " ")
    assert rebuilt + text[covered:] == text


@given(texts(), st.data())
def test_token_queries_agree_with_a_search_through_all_tokens(text: str, data: st.DataObject) -> None:
    tokens = tokenize_simply(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert list(tokens.overlapping(start, end)) == [
        token.index for token in tokens if token.start < end and start < token.end and start < end
    ]
    assert tokens.find_at(start) == next((token.index for token in tokens if token.start <= start < token.end), None)
    for index in tokens.sentence_starts:
        assert not text[tokens[index].start].isspace()


@given(texts(), st.data())
def test_trimming_leaves_no_white_space_at_an_edge(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert text[slice(*trim(text, start, end))] == text[start:end].strip()
