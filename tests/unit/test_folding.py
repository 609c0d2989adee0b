"""The normalised form of a string, for looking things up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.folding import APOSTROPHES, QUOTES, fold, surface_of
from annotator.domain.spans import Span
from tests.strategies import texts


@pytest.mark.parametrize(
    ("surface", "folded"),
    [
        ("the Kremlin’s", "kremlin"),
        ("Kremlin", "kremlin"),
        ("“The  United\nStates”", "united states"),
        ("Senators'", "senators"),
        ("O'Neil", "o'neil"),
        ("O’Neil", "o'neil"),
        ("O‘Neil", "o'neil"),
        ("Oʼneil", "o'neil"),
        ("O´Neil’s", "o'neil"),
        ("Senators’", "senators"),
        ("the “Times” of „London“", 'times" of "london'),
        ("the «Times» of 〝London〟", 'times" of "london'),
        ("Piet ŉ huis", "piet 'n huis"),
        ("l’Élysée", "élysée"),
        ("The", "the"),
        ("A", "a"),
        ("U.S.", "u.s"),
        ("…", "..."),
        ("ＮＡＴＯ", "nato"),
        ("Ukraine,", "ukraine"),
    ],
)
def test_strings_that_mean_the_same_fold_alike(surface: str, folded: str) -> None:
    assert fold(surface) == folded


@given(texts(), st.sampled_from(APOSTROPHES), st.sampled_from(QUOTES))
def test_all_apostrophes_and_quotation_marks_fold_alike(text: str, apostrophe: str, quote: str) -> None:
    def spelt(apostrophe: str, quote: str) -> str:
        return fold(f"x{apostrophe}{text}{quote}x{quote}{text}{apostrophe}s x")

    assert spelt(apostrophe, quote) == spelt("'", '"')


@given(texts())
def test_folding_twice_is_folding_once_more_or_less_blank(text: str) -> None:
    folded = fold(text)
    assert folded or not text.strip()
    assert folded == folded.strip()


def test_the_parts_of_a_discontinuous_span_are_joined() -> None:
    assert surface_of("Ann and Bob Lee", Span("s", 0, 15, "P", fragments=((0, 3), (12, 15)))) == "Ann Lee"
