"""Likely edges: the name around a place, its parts, and what was decided elsewhere in the document."""

from __future__ import annotations

import pytest

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.snapping import MOST_PLACES, likely_places
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, tokenize_simply

TEXT = (
    "A song by 30 Seconds to Mars and the Army of the Potomac. Grantham, Lincolnshire saw President Bush.\n"
    "Mars is a planet. Dmytro\n\nKuleba spoke 好的 Ünal Ütz."
)


def document(*spans: Span) -> AnnotatedDocument:
    return AnnotatedDocument(Document("d", TEXT, tokens=tokenize_simply(TEXT)), "alice", SpanSet(spans))


def surfaces(words: str, *spans: Span, nth: int = 0) -> list[str]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return [TEXT[slice(*place)] for place in likely_places(document(*spans), start, start + len(words))]


def decided(words: str, *, is_decided: bool = True) -> Span:
    start = TEXT.index(words)
    return Span("k", start, start + len(words), "ORG", decided=is_decided)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Seconds", "30 Seconds"),
        ("Potomac", "Army of the Potomac"),
        ("Seconds to Mars", "30 Seconds to Mars"),
        ("Grantham, Lincolnshire", "Grantham"),
        ("Bush", "President Bush"),
        ("Ünal", "Ünal Ütz"),
    ],
)
def test_the_name_around_comes_first_else_its_parts(words: str, first: str) -> None:
    assert surfaces(words)[0] == first


def test_both_parts_of_two_names_run_together_are_offered() -> None:
    assert surfaces("Grantham, Lincolnshire") == ["Grantham", "Lincolnshire"]


def test_a_title_before_a_name_is_left_out() -> None:
    assert "Bush" in surfaces("President Bush")


def test_small_words_between_belong_to_it_second() -> None:
    assert surfaces("Mars")[:2] == ["30 Seconds to Mars", "30 Seconds to Mars and the Army of the Potomac"]


def test_what_was_decided_elsewhere_comes_before_everything() -> None:
    assert surfaces("Mars", decided("to Mars and"))[0] == "to Mars and"
    assert surfaces("Mars", decided("to Mars and", is_decided=False))[0] == "30 Seconds to Mars"
    assert surfaces("Mars", decided("30 Seconds to Mars"), nth=1) == []


def test_a_name_does_not_go_over_a_paragraph() -> None:
    assert surfaces("Kuleba") == []


def test_no_more_than_a_hand_can_try() -> None:
    for start in range(0, len(TEXT), 3):
        for end in range(start + 1, min(start + 40, len(TEXT)), 5):
            places = likely_places(document(decided("30 Seconds to Mars"), decided("Army")), start, end)
            assert len(places) == len(set(places)) <= MOST_PLACES
            assert (start, end) not in places
            assert all(0 <= first < last <= len(TEXT) for first, last in places)
