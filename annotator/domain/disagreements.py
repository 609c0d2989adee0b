"""Where annotators of one document agree and where they do not, place by place. Pure.

A place is a stretch of the text where the annotators' spans overlap and are not all the same; what all say equally is
a place of its own, even within another one (a nested span that one of them lacks does not put the outer one in doubt).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.rulings import DOCUMENT_LABELS, Said, said_of

Answers = Mapping[str, tuple[Said, ...]]
"""What each annotator says of a place; () for nothing. In the order of the annotators."""

GIVEN = 0.5
"""A document label with at least this value is given."""


class Kind(StrEnum):
    """How annotators differ."""

    NONE = "agreed"
    MISSING = "missing"
    """Somebody marks nothing there; all others say the same."""
    BOUNDARY = "boundary"
    LABEL = "label"
    ATTRIBUTE = "attribute"
    BOTH = "boundary and label"
    """Neither the ends nor the labels are the same, or somebody marks nothing and the others differ."""


@dataclass(frozen=True, slots=True)
class Place:
    """``[start, end)`` of a layer, in code points, and what each annotator says of it.

    The layer is `DOCUMENT_LABELS`, and both offsets 0, for a label of the document.
    """

    start: int
    end: int
    layer: str
    answers: Answers

    @property
    def options(self) -> tuple[tuple[Said, ...], ...]:
        """The different answers, those of most annotators first, then in the order of the annotators."""
        counts = Counter(self.answers.values())
        return tuple(answer for answer, _ in counts.most_common())

    @property
    def kind(self) -> Kind:
        """How the annotators differ here."""
        options = self.options
        if len(options) == 1:
            return Kind.NONE
        marked = [answer for answer in options if answer]
        if len(marked) == 1:
            return Kind.MISSING
        if len(marked) < len(options):
            return Kind.BOTH
        if len({_places(answer) for answer in options}) == 1:
            return Kind.ATTRIBUTE if len({_labels(answer) for answer in options}) == 1 else Kind.LABEL
        return Kind.BOUNDARY if len({frozenset(_labels(answer)) for answer in options}) == 1 else Kind.BOTH

    def union(self) -> tuple[Said, ...]:
        """All spans that anybody says."""
        return tuple(sorted({one for answer in self.answers.values() for one in answer}, key=lambda one: one.order))

    def who_says(self, answer: tuple[Said, ...]) -> tuple[str, ...]:
        """The annotators of this answer."""
        return tuple(name for name, said in self.answers.items() if said == answer)


def find_places(sets: Iterable[AnnotatedDocument], layer: str) -> list[Place]:
    """The places of one layer of one document, in the order of the text; suggestions that nobody decided are none.

    ``sets`` are those of the annotators, in order; no two of the same annotator.
    """
    said = {
        one.annotator: {said_of(span) for span in one.spans if span.layer == layer and span.decided} for one in sets
    }
    everywhere = set[Said].intersection(*said.values()) if said else set()
    found = [Place(one.start, one.end, layer, dict.fromkeys(said, (one,))) for one in everywhere]
    apart = sorted({one for answer in said.values() for one in answer - everywhere}, key=lambda one: one.order)
    for group in _overlapping(apart):
        answers = {name: tuple(one for one in group if one in held) for name, held in said.items()}
        found.append(Place(group[0].start, max(one.end for one in group), layer, answers))
    return sorted(found, key=lambda place: (place.start, -place.end))


def find_label_places(sets: Iterable[AnnotatedDocument]) -> list[Place]:
    """The places of the document's labels: one for each that anybody gives."""
    said = {one.annotator: {label for label, value in one.cats.items() if value >= GIVEN} for one in sets}
    return [
        Place(
            0, 0, DOCUMENT_LABELS, {name: (Said(0, 0, label),) if label in held else () for name, held in said.items()}
        )
        for label in sorted({label for held in said.values() for label in held})
    ]


def find_majority(place: Place, weights: Mapping[str, float] | None = None) -> tuple[Said, ...] | None:
    """What more than half of the annotators (or of their weight) say, or None where there is no such thing.

    The whole answer counts first; else the spans that more than half of them say, if there are any.
    """
    weight = {name: 1.0 if weights is None else weights.get(name, 0.0) for name in place.answers}
    half = sum(weight.values()) / 2
    for answer in place.options:
        if sum(weight[name] for name in place.who_says(answer)) > half:
            return answer
    held = {one: sum(weight[name] for name, said in place.answers.items() if one in said) for one in place.union()}
    return tuple(one for one, support in held.items() if support > half) or None


def _said_in(doc: AnnotatedDocument, layer: str) -> Iterable[Said]:
    return (said_of(span) for span in doc.spans if span.layer == layer and span.decided)


def _overlapping(said: Iterable[Said]) -> list[list[Said]]:
    """Spans in order of their start, in groups that hang together by overlapping."""
    groups: list[list[Said]] = []
    reach = -1
    for one in said:
        if one.start >= reach:
            groups.append([])
        groups[-1].append(one)
        reach = max(reach, one.end)
    return groups


def _places(answer: tuple[Said, ...]) -> tuple[object, ...]:
    return tuple((one.start, one.end, one.parts) for one in answer)


def _labels(answer: tuple[Said, ...]) -> tuple[str, ...]:
    return tuple(one.label for one in answer)
