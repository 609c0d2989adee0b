"""Propagating a label: where else the words of a span stand, what is there already, the edits that label them. Pure.

Only spans of the same layer stand in the way: layers are independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from annotator.domain.constraints import may_share
from annotator.domain.edits import AddSpan, Edit, Relabel
from annotator.domain.labels import LabelScheme, Overlap
from annotator.domain.occurrences import find_occurrences, is_case_significant
from annotator.domain.spans import Origin, Span, SpanSet

MEMORY = "memory"
"""The ``pipeline`` of spans that propagation suggests."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as the same words."""

    whole_words: bool = True
    match_case: bool = True

    @classmethod
    def usual(cls, surface: str) -> Rules:
        """Whole words; case is told apart where it tells something (see `is_case_significant`)."""
        return cls(whole_words=True, match_case=is_case_significant(surface))


@dataclass(frozen=True, slots=True)
class Offer:
    """A label for every place where ``surface`` stands."""

    surface: str
    label: str
    layer: str
    rules: Rules


class Standing(Enum):
    """What is at a place already."""

    FREE = "nothing"
    OTHER = "a span with another label"
    CROSSED = "a span over some of these words and others, or over a part of them"


@dataclass(frozen=True, slots=True)
class Place:
    """A place ``[start, end)``, code points, where the label could go. ``held``: the span that is there already.

    ``is_allowed`` is false where the scheme does not let the two stand together.
    """

    start: int
    end: int
    standing: Standing = Standing.FREE
    held: Span | None = None
    is_allowed: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """The places of one text. ``same``: how many have the label already and are left as they are."""

    places: tuple[Place, ...]
    same: int


def find_places(text: str, spans: SpanSet, offer: Offer, scheme: LabelScheme) -> Found:
    """Every place of ``offer`` in a text that carries ``spans``, in order, but those with the label already."""
    layer = scheme.find_layer(offer.layer)
    overlap = layer.overlap if layer else Overlap.ANY
    rules = offer.rules
    places: list[Place] = []
    same = 0
    hits = find_occurrences(text, offer.surface, whole_words=rules.whole_words, match_case=rules.match_case)
    for start, end in hits:
        there = [span for span in spans.overlapping(start, end) if span.layer == offer.layer]
        if any(_is_on(span, start, end) and span.label == offer.label for span in there):
            same += 1
        else:
            places.append(_place(start, end, there, offer, overlap))
    return Found(tuple(places), same)


def propagating_edits(
    places: Iterable[Place], offer: Offer, new_id: Callable[[], str], *, is_suggested: bool
) -> Sequence[Edit]:
    """The edits that give the label to these places: decided by the annotator, or as suggestions of the memory."""
    return [_edit(place, offer, new_id, is_suggested=is_suggested) for place in places]


def _place(start: int, end: int, there: Sequence[Span], offer: Offer, overlap: Overlap) -> Place:
    on_it = next((span for span in there if _is_on(span, start, end)), None)
    if on_it is not None:
        return Place(start, end, Standing.OTHER, on_it)
    crossed = [span for span in there if span.overlaps_part(start, end)]
    if not crossed:
        return Place(start, end)
    new = Span("", start, end, offer.label, offer.layer)
    clash = next((span for span in crossed if not may_share(new, span, overlap)), None)
    return Place(start, end, Standing.CROSSED, clash or crossed[0], clash is None)


def _is_on(span: Span, start: int, end: int) -> bool:
    return (span.start, span.end) == (start, end) and not span.fragments


def _edit(place: Place, offer: Offer, new_id: Callable[[], str], *, is_suggested: bool) -> Edit:
    if place.standing is Standing.OTHER and place.held is not None:
        return Relabel(place.held.id, offer.label, decided=not is_suggested)
    origin, pipeline = (Origin.PIPELINE, MEMORY) if is_suggested else (Origin.HUMAN, "")
    span = Span(
        new_id(), place.start, place.end, offer.label, offer.layer, origin, decided=not is_suggested, pipeline=pipeline
    )
    return AddSpan(span)
