"""Where a label can go: what is there already is left, shown or forbidden; the edits that label the rest."""

from __future__ import annotations

from itertools import count

import pytest

from annotator.domain.constraints import check_change
from annotator.domain.edits import AddSpan, Batch, Relabel, apply
from annotator.domain.errors import ConstraintBroken
from annotator.domain.labels import Label, LabelScheme, Layer, Overlap
from annotator.domain.occurrences import uncovered
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.propagation import MEMORY, Found, Offer, Place, Rules, Standing, find_places, propagating_edits
from annotator.domain.spans import Origin, Span, SpanSet
from annotator.domain.text import Document

TEXT = "York, York, New York Times, York and YORK."
LABELS = (Label("GPE", "GPE"), Label("ORG", "ORG"))


def scheme(overlap: Overlap = Overlap.ANY) -> LabelScheme:
    return LabelScheme("s", layers=(Layer("entities", LABELS, overlap), Layer("roles", LABELS)))


SPANS = (
    Span("same", 6, 10, "GPE"),
    Span("times", 12, 26, "ORG"),
    Span("other", 28, 32, "ORG", decided=False),
    Span("role", 0, 4, "ORG", layer="roles"),
)
OFFER = Offer("York", "GPE", "entities", Rules.usual("York"))


def found(overlap: Overlap = Overlap.ANY, offer: Offer = OFFER, spans: tuple[Span, ...] = SPANS) -> Found:
    return find_places(TEXT, SpanSet(spans), offer, scheme(overlap))


def test_what_has_the_label_is_left_and_the_rest_is_told_apart() -> None:
    places, same = found().places, found().same
    assert same == 1
    assert [(place.start, place.standing) for place in places] == [
        (0, Standing.FREE),  # a span of another layer does not stand in the way
        (16, Standing.CROSSED),
        (28, Standing.OTHER),
        (37, Standing.FREE),
    ]
    assert [place.held.id for place in places if place.held] == ["times", "other"]


def test_case_is_told_apart_when_asked() -> None:
    offer = Offer("York", "GPE", "entities", Rules(match_case=True))
    assert [place.start for place in found(offer=offer).places] == [0, 16, 28]


@pytest.mark.parametrize(
    ("overlap", "is_allowed"), [(Overlap.ANY, True), (Overlap.NESTED, True), (Overlap.NONE, False)]
)
def test_a_crossed_place_is_allowed_where_the_scheme_says_so(overlap: Overlap, is_allowed: bool) -> None:
    crossed = found(overlap).places[1]
    assert crossed.is_allowed is is_allowed
    doc = AnnotatedDocument(Document("d", TEXT), spans=SpanSet(SPANS))
    (edit,) = propagating_edits([crossed], OFFER, lambda: "new", is_suggested=False)
    done = apply(doc, edit)
    if is_allowed:
        check_change(scheme(overlap), doc, done.doc, done.touched)
    else:
        with pytest.raises(ConstraintBroken):
            check_change(scheme(overlap), doc, done.doc, done.touched)


def test_a_span_in_parts_stands_in_the_way_only_where_its_parts_are() -> None:
    split = Span("split", 0, 26, "ORG", fragments=((0, 2), (12, 26)))
    assert [place.standing for place in found(spans=(split,)).places[:3]] == [
        Standing.CROSSED,
        Standing.FREE,
        Standing.CROSSED,
    ]


def test_new_spans_are_decided_here_and_suggestions_of_the_memory_elsewhere() -> None:
    ids = (f"n{number}" for number in count())
    places = [Place(0, 4), Place(28, 32, Standing.OTHER, SPANS[2])]
    here = propagating_edits(places, OFFER, lambda: next(ids), is_suggested=False)
    there = propagating_edits(places, OFFER, lambda: next(ids), is_suggested=True)
    suggested = Span("n1", 0, 4, "GPE", origin=Origin.PIPELINE, decided=False, pipeline=MEMORY)
    assert list(here) == [AddSpan(Span("n0", 0, 4, "GPE")), Relabel("other", "GPE")]
    assert list(there) == [AddSpan(suggested), Relabel("other", "GPE", decided=False)]


def test_after_propagating_nothing_is_left_to_propagate() -> None:
    doc = AnnotatedDocument(Document("d", TEXT), spans=SpanSet(SPANS))
    ids = (f"n{number}" for number in count())
    edits = propagating_edits(found().places, OFFER, lambda: next(ids), is_suggested=False)
    after = apply(doc, Batch(tuple(edits))).doc
    assert find_places(TEXT, after.spans, OFFER, scheme()) == Found((), 5)


def test_places_under_parts_are_not_free() -> None:
    places = [(0, 4), (6, 10), (16, 20), (28, 32)]
    assert uncovered(places, [(12, 26), (0, 1), (31, 40)]) == [(6, 10)]
    assert uncovered(places, [(0, 30)]) == []
    assert uncovered(places, [(4, 6), (20, 28)]) == places
