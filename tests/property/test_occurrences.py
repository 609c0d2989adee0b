"""Occurrences of a string: laws on random texts, and the cases that other tools get wrong."""

from __future__ import annotations

from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.occurrences import find_occurrences, is_case_significant, is_spaced
from tests.strategies import texts

NASTY = st.text(
    st.sampled_from("aAsSßẞſKkK İIiıﬁfi'’ \n\t.,:12-é") | st.sampled_from("\u0301\u0307\u200d"), max_size=30
)
ANY_TEXT = st.one_of(texts(), NASTY)


def alike(string: str, *, match_case: bool) -> str:
    """A slow, obvious key: two strings are alike when it is the same."""
    string = "".join("'" if char in "'’‘ʼ＇`´" else char for char in " ".join(string.split()))
    return normalize("NFD", string if match_case else normalize("NFD", string).casefold())


@given(ANY_TEXT, ANY_TEXT, st.booleans(), st.booleans())
def test_every_place_holds_the_string_and_places_do_not_overlap(
    text: str, surface: str, whole_words: bool, match_case: bool
) -> None:
    found = find_occurrences(text, surface, whole_words=whole_words, match_case=match_case)
    for start, end in found:
        assert 0 <= start < end <= len(text)
        assert alike(text[start:end], match_case=match_case) == alike(surface.strip(), match_case=match_case)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


WHOLE = (
    "the",
    "O’Neil",
    "New York",
    "👨\u200d👩\u200d👧",
    "🇫🇷",
    "日本語",
    "ภาษาไทย",
    "cafe\u0301",
    "café",
    "שָׁלוֹם",
    "مرحبا",
    "Maße",
    "İ",
    "ﬁn",
)


@given(ANY_TEXT, ANY_TEXT, st.sampled_from(WHOLE), st.booleans(), st.booleans())
def test_a_string_between_spaces_is_found_where_it_stands(
    before: str, after: str, surface: str, whole_words: bool, match_case: bool
) -> None:
    start = len(before) + 1
    found = find_occurrences(f"{before} {surface} {after}", surface, whole_words=whole_words, match_case=match_case)
    # One that begins earlier may reach into it ("New York" never does, "日本語日本語" would).
    assert any(first < start + len(surface) and start < last for first, last in found)


@given(ANY_TEXT, ANY_TEXT, st.booleans())
def test_each_rule_only_takes_places_away(text: str, surface: str, match_case: bool) -> None:
    def count(*, whole_words: bool, match_case: bool) -> int:
        return len(find_occurrences(text, surface, whole_words=whole_words, match_case=match_case))

    assert (count(whole_words=True, match_case=match_case) == 0) or count(whole_words=False, match_case=match_case) > 0
    assert (count(whole_words=False, match_case=True) == 0) or count(whole_words=False, match_case=False) > 0


def shown(text: str, surface: str, *, whole_words: bool = True, match_case: bool = False) -> list[str]:
    return [text[a:b] for a, b in find_occurrences(text, surface, whole_words=whole_words, match_case=match_case)]


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        ("Maße, MASSE und Masse; Mass", "masse", ["Maße", "MASSE", "Masse"]),
        ("ﬁnance and Finance", "finance", ["ﬁnance", "Finance"]),
        ("İstanbul, İSTANBUL; then the word", "İstanbul", ["İstanbul", "İSTANBUL"]),
        ("ΣΊΣΥΦΟΣ σίσυφος", "Σίσυφος", ["ΣΊΣΥΦΟΣ", "σίσυφος"]),
        ("cafe\u0301, café, CAFÉ, cafe", "café", ["cafe\u0301", "café", "CAFÉ"]),
        ("O'Neil and O’Neil", "O’Neil", ["O'Neil", "O’Neil"]),
        ("Kremlin's, pro-Kremlin, Kremlinology", "Kremlin", ["Kremlin", "Kremlin"]),
        ("New York, New\nYork, New\r\nYork, New\n\nYork", "New York", ["New York", "New\nYork", "New\r\nYork"]),
        ("2 of 12, 2.5, 2,000, 1:2, page 2.", "2", ["2", "2"]),
        ("U.S.A. but U.S. and U.S.-led", "U.S.", ["U.S.", "U.S."]),
        ("xna na na", "na na", ["na na"]),
        ("ראשי מראשי", "ראשי", ["ראשי"]),
        ("snake_case snake", "snake", ["snake"]),
    ],
)
def test_letters_that_fold_to_others_shift_no_offset(text: str, surface: str, expected: list[str]) -> None:
    assert shown(text, surface) == expected
    assert shown(text, surface, whole_words=False)[: len(expected)] != []


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Maße", "mas"),  # half of the ß
        ("cafe\u0301", "cafe"),  # the accent belongs to the e
        ("मराठी", "मराठ"),
        ("กำ", "ก"),  # a vowel that ends its consonant
        ("👨\u200d👩\u200d👧", "👨"),  # one family
        ("👍🏽", "👍"),
        ("🇦🇫🇷🇧", "🇫🇷"),  # Afghanistan and an R B, not France
        ("\u1100\u1161\u11a8", "\u1100\u1161"),  # one Hangul syllable
    ],
)
def test_a_character_as_a_reader_sees_it_is_never_cut(text: str, surface: str) -> None:
    assert shown(text, surface, whole_words=False) == []


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        ("東京都は東京", "東京", 2),
        ("NATO加盟、在Twitter上", "NATO", 1),
        ("NATO加盟、在Twitter上", "Twitter", 1),
        ("アメリカとラテンアメリカ", "アメリカ", 1),
        ("ภาษาไทยไทย", "ไทย", 2),
        ("서울에서 대서울", "서울", 1),
        ("2023年に12023年", "2023", 1),
    ],
)
def test_scripts_without_spaces_have_words_by_their_own_rules(text: str, surface: str, expected: int) -> None:
    assert len(shown(text, surface)) == expected


def test_flags_are_found_between_flags() -> None:
    assert find_occurrences("🇩🇪🇫🇷🇫🇷", "🇫🇷", whole_words=True, match_case=False) == [(2, 4), (4, 6)]


def test_case_counts_in_short_strings_and_in_strings_without_capitals() -> None:
    assert is_case_significant("US")
    assert is_case_significant("U.S.")
    assert is_case_significant("president")
    assert not is_case_significant("Washington")
    assert not is_case_significant("NATO")
    assert shown("us and US", "US", match_case=True) == ["US"]


def test_a_blank_string_occurs_nowhere() -> None:
    assert shown("a b", " ") == shown("a b", "") == []


def test_text_is_spaced_unless_a_script_writes_words_without_spaces() -> None:
    assert is_spaced("Ann met Bob – naïve, Łódź, Ελλάδα, مرحبا")
    assert not is_spaced("Ann met 東京")
    assert not is_spaced("서울")
