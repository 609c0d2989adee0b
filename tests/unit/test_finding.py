"""Where words stand in a text, beside a reference that cuts the text into words."""

from __future__ import annotations

from unicodedata import category, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.finding import find_words
from annotator.domain.queries import Words
from tests.strategies import texts


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (Words("min"), "minister, Minsk, admin", ["minister", "Minsk"]),
        (Words("new yor"), "New York, new\nYorker; New. York", ["New York", "new\nYorker"]),
        (Words("York", is_whole=True), "York Yorkshire New-York", ["York", "York"]),
        (Words("quebec"), "Québec, Que\u0301bec's, QUEBECOIS", ["Québec", "Que\u0301bec", "QUEBECOIS"]),
        (Words("Québec", is_whole=True), "Quebec", ["Quebec"]),
        (Words("O'Neil", is_whole=True), "O’Neil met O'Neill", ["O’Neil"]),
        (Words("O`Neil", is_whole=True), "O´Neil met O'Neil", ["O´Neil", "O'Neil"]),
        (Words("U.S."), "the U.S. and the US", ["U.S."]),
        (Words("日本"), "日本語で西日本", ["日本", "日本"]),
        (Words("ไทย"), "ภาษาไทย", ["ไทย"]),
        (Words("שלום"), "שלום עולם", ["שלום"]),
        (Words("May", is_whole=True, matches_case=True), "may May MAY", ["May"]),
        (Words("100%"), "100% of 1100%", ["100%"]),
        (Words("👍"), "a 👍🏽 b", ["👍"]),
    ],
)
def test_words_are_found(words: Words, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_words(words, text)] == found


def is_of_word(char: str) -> bool:
    return char.isalnum() or char == "_" or (category(char)[0] == "M" and not "\ufe00" <= char <= "\ufe0f")


def plain(word: str) -> str:
    bare = "".join(char for char in normalize("NFD", word) if not "\u0300" <= char <= "\u036f")
    return normalize("NFC", bare).lower()


def words_of(text: str) -> list[tuple[int, int]]:
    cut, start = [], None
    for at, char in enumerate(text + " "):
        if is_of_word(char) and start is None:
            start = at
        elif not is_of_word(char) and start is not None:
            cut.append((start, at))
            start = None
    return cut


KNOWN = ("the", "Kremlin", "York", "may", "cafe", "don", "9")


@given(texts(), st.sampled_from(KNOWN), st.booleans())
def test_one_word_is_found_as_by_cutting_the_text_into_words(text: str, word: str, is_whole: bool) -> None:
    expected = [
        (start, end)
        for start, end in words_of(text)
        if (plain(text[start:end]) == plain(word) if is_whole else plain(text[start:end]).startswith(plain(word)))
    ]
    assert find_words(Words(word, is_whole=is_whole), text) == expected


@given(texts(), st.text(min_size=1, max_size=6).filter(lambda text: text.strip()))
def test_any_words_are_looked_for_without_a_fault(text: str, words: str) -> None:
    for is_whole in (False, True):
        for start, end in find_words(Words(words, is_whole=is_whole), f"{text} {words} {text}"):
            assert start < end
