"""Places where annotators differ: how they are cut, what kind they are, and what the majority says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.disagreements import Kind, Place, find_label_places, find_majority, find_places
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.rulings import DOCUMENT_LABELS, Said
from annotator.domain.spans import DEFAULT_LAYER, Span, SpanSet
from annotator.domain.text import Document

TEXT = "The Bank of England in London was closed on Monday."
Marked = tuple[int, int, str]
BANK, ENGLAND, LONDON = (4, 19, "ORG"), (12, 19, "GPE"), (23, 29, "GPE")


def said(*marked: Marked) -> tuple[Said, ...]:
    return tuple(Said(*one) for one in marked)


def one_set(annotator: str, *marked: Marked, decided: bool = True, **more: object) -> AnnotatedDocument:
    spans = SpanSet(
        Span(f"{annotator}{at}", start, end, label, decided=decided, **more)  # type: ignore[arg-type]
        for at, (start, end, label) in enumerate(marked)
    )
    return AnnotatedDocument(Document("d", TEXT), annotator, spans)


def places(*sets: AnnotatedDocument) -> list[Place]:
    return find_places(sets, DEFAULT_LAYER)


def test_what_all_say_is_a_place_of_its_own_even_around_another() -> None:
    found = places(one_set("ann", BANK, ENGLAND), one_set("bob", BANK))
    assert [(one.start, one.end, one.kind) for one in found] == [(4, 19, Kind.NONE), (12, 19, Kind.MISSING)]
    assert dict(found[1].answers) == {"ann": said(ENGLAND), "bob": ()}


@pytest.mark.parametrize(
    ("ann", "bob", "kind"),
    [
        ([LONDON], [LONDON], Kind.NONE),
        ([LONDON], [], Kind.MISSING),
        ([LONDON], [(23, 29, "LOC")], Kind.LABEL),
        ([LONDON], [(20, 29, "GPE")], Kind.BOUNDARY),
        ([LONDON], [(20, 29, "LOC")], Kind.BOTH),
        ([(4, 8, "ORG"), (12, 19, "ORG")], [(4, 19, "ORG")], Kind.BOUNDARY),
    ],
)
def test_kinds(ann: list[Marked], bob: list[Marked], kind: Kind) -> None:
    (place,) = places(one_set("ann", *ann), one_set("bob", *bob))
    assert place.kind is kind


def test_one_who_marks_nothing_and_others_who_differ_is_both() -> None:
    (place,) = places(one_set("ann", LONDON), one_set("bob", (23, 29, "LOC")), one_set("cy"))
    assert place.kind is Kind.BOTH


def test_a_place_where_only_attributes_differ_is_said_so() -> None:
    (place,) = places(one_set("ann", LONDON, attributes={"sure": True}), one_set("bob", LONDON))
    assert place.kind is Kind.ATTRIBUTE


def test_spans_that_only_touch_are_places_of_their_own() -> None:
    assert len(places(one_set("ann", (4, 8, "ORG")), one_set("bob", (8, 12, "ORG")))) == 2


def test_suggestions_that_nobody_decided_are_not_said() -> None:
    assert places(one_set("ann", LONDON, decided=False), one_set("bob")) == []


def test_document_labels_are_places_too() -> None:
    ann, bob = (
        AnnotatedDocument(Document("d", TEXT), name, cats=cats)
        for name, cats in (("ann", {"news": 1.0, "sport": 0.2}), ("bob", {"news": 1.0, "sport": 1.0}))
    )
    news, sport = find_label_places([ann, bob])
    assert (news.layer, news.kind, sport.kind) == (DOCUMENT_LABELS, Kind.NONE, Kind.MISSING)
    assert sport.who_says(()) == ("ann",)


def place_of(**answers: tuple[Said, ...]) -> Place:
    return Place(0, 30, DEFAULT_LAYER, answers)


def test_majority_is_more_than_half() -> None:
    gpe, loc = said(LONDON), said((23, 29, "LOC"))
    assert find_majority(place_of(a=gpe, b=gpe, c=loc)) == gpe
    assert find_majority(place_of(a=gpe, b=(), c=())) == ()
    assert find_majority(place_of(a=gpe, b=loc)) is None
    assert find_majority(place_of(a=gpe, b=loc, c=())) is None


def test_spans_of_a_majority_hold_where_no_whole_answer_has_one() -> None:
    both, bank, england = said(BANK, ENGLAND), said(BANK), said(ENGLAND)
    assert find_majority(place_of(a=both, b=bank, c=england)) == both
    assert find_majority(place_of(a=both, b=bank, c=said((4, 8, "ORG")))) == bank


def test_weights_can_outvote_a_majority_and_a_tie_has_none() -> None:
    gpe, loc = said(LONDON), said((23, 29, "LOC"))
    place = place_of(a=gpe, b=loc, c=loc)
    assert find_majority(place, {"a": 0.9, "b": 0.3, "c": 0.3}) == gpe
    assert find_majority(place, {"a": 0.6, "b": 0.3, "c": 0.3}) is None


def _marked(drawn: Marked) -> Marked:
    start, length, label = drawn
    return start, start + length, label


marked = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 4), st.sampled_from("AB")).map(
        lambda one: (one[0], one[0] + one[1], one[2])
    ),
    max_size=5,
    unique=True,
)


@given(st.lists(marked, min_size=2, max_size=4))
def test_places_hold_all_that_is_said_once_and_differing_ones_do_not_overlap(people: list[list[Marked]]) -> None:
    found = places(*(one_set(f"p{at}", *said) for at, said in enumerate(people)))
    for at, held in enumerate(people):
        answers = [one for place in found for one in place.answers[f"p{at}"]]
        assert sorted(answers, key=lambda one: one.order) == sorted(said(*held), key=lambda one: one.order)
    apart = [place for place in found if place.kind is not Kind.NONE]
    assert all(one.end <= other.start for one, other in pairwise(apart))
    assert all(place.kind is Kind.NONE for place in places(*(one_set(f"p{at}", *people[0]) for at in range(3))))
