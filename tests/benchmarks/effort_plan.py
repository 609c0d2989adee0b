"""What has to be done to turn suggestions into gold: each difference as one correction. Pure: no Qt.

Suggestions and gold spans that share text are matched so that as many as possible meet and their edges are as near as
possible; what meets is accepted, relabelled or resized, the rest is deleted or added. Neither side may overlap
itself (both schemes of the benchmark forbid it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from tests.benchmarks.effort_gold import GoldSpan

Pairs = tuple[tuple[Span, GoldSpan], ...]


class Kind(Enum):
    """What an annotator does about a suggestion or a missed span."""

    ACCEPT = "accept"
    RELABEL = "relabel"
    DELETE = "delete"
    RESIZE = "resize"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Correction:
    """One difference: ``span`` is the suggestion (None: missed), ``gold`` what it should be (None: nothing)."""

    kind: Kind
    span: Span | None
    gold: GoldSpan | None

    @property
    def wanted(self) -> GoldSpan:
        """The gold span. Only when there is one."""
        assert self.gold is not None
        return self.gold

    @property
    def suggested(self) -> Span:
        """The suggestion. Only when there is one."""
        assert self.span is not None
        return self.span


@dataclass(frozen=True, slots=True)
class Knot:
    """Suggestions and gold spans that touch each other; ``ways``: equally short lists of corrections, each in an
    order that never makes two spans overlap."""

    ways: tuple[tuple[Correction, ...], ...]


def knots(doc: AnnotatedDocument, gold: Iterable[GoldSpan]) -> list[Knot]:
    """Every knot of the document in its order, those with nothing to correct included."""
    found = []
    for spans, wanted in _touching(list(doc.spans), sorted(gold)):
        nearest = _nearest(doc, list(_matchings(spans, wanted)))
        found.append(Knot(tuple(_corrections(spans, wanted, pairs) for pairs in nearest)))
    return found


def _touching(spans: Sequence[Span], gold: Sequence[GoldSpan]) -> Iterator[tuple[list[Span], list[GoldSpan]]]:
    """Runs of spans and gold spans that overlap one another."""
    knot: tuple[list[Span], list[GoldSpan]] = ([], [])
    end = -1
    both: list[Span | GoldSpan] = [*spans, *gold]
    for one in sorted(both, key=lambda one: (one.start, one.end)):
        if one.start >= end and (knot[0] or knot[1]):
            yield knot
            knot = ([], [])
        end = max(end, one.end)
        if isinstance(one, Span):
            knot[0].append(one)
        else:
            knot[1].append(one)
    if knot[0] or knot[1]:
        yield knot


def _matchings(spans: Sequence[Span], gold: Sequence[GoldSpan]) -> Iterator[Pairs]:
    """Every way to pair spans with gold spans that they overlap, each used once, order kept."""
    if not spans:
        yield ()
        return
    first, rest = spans[0], spans[1:]
    yield from _matchings(rest, gold)
    for place, wanted in enumerate(gold):
        if first.overlaps(wanted.start, wanted.end):
            for pairs in _matchings(rest, gold[place + 1 :]):
                yield ((first, wanted), *pairs)


def _nearest(doc: AnnotatedDocument, matchings: Sequence[Pairs]) -> list[Pairs]:
    """Those with most pairs, and among them those whose edges are the fewest tokens apart."""
    most = max(len(pairs) for pairs in matchings)
    far = {pairs: sum(distance(doc, *pair) for pair in pairs) for pairs in matchings if len(pairs) == most}
    least = min(far.values())
    return [pairs for pairs, tokens in far.items() if tokens == least]


def distance(doc: AnnotatedDocument, span: Span, gold: GoldSpan) -> int:
    """How many tokens lie between the left edges and between the right edges; begun tokens count."""
    tokens = doc.document.tokens
    return sum(
        len(tokens.overlapping(min(one, other), max(one, other)))
        for one, other in ((span.start, gold.start), (span.end, gold.end))
    )


def extent(doc: AnnotatedDocument, correction: Correction) -> int:
    """How many tokens a correction is about: all of an added span, those between the edges of a resized one."""
    match correction.kind:
        case Kind.ADD:
            return len(doc.document.tokens.overlapping(correction.wanted.start, correction.wanted.end))
        case Kind.RESIZE:
            return distance(doc, correction.suggested, correction.wanted)
        case _:
            return 0


def _corrections(spans: Sequence[Span], gold: Sequence[GoldSpan], pairs: Pairs) -> tuple[Correction, ...]:
    met = {span.id for span, _ in pairs} | {wanted.start for _, wanted in pairs}
    made = [Correction(Kind.DELETE, span, None) for span in spans if span.id not in met]
    made += _free_first([_of_pair(span, wanted) for span, wanted in pairs])
    made += [Correction(Kind.ADD, None, wanted) for wanted in gold if wanted.start not in met]
    return tuple(made)


def _of_pair(span: Span, gold: GoldSpan) -> Correction:
    if (span.start, span.end) != (gold.start, gold.end):
        return Correction(Kind.RESIZE, span, gold)
    return Correction(Kind.ACCEPT if span.label == gold.label else Kind.RELABEL, span, gold)


def _free_first(resizes: list[Correction]) -> list[Correction]:
    """In an order in which no span grows over one that has not shrunk yet."""
    ordered: list[Correction] = []
    waiting = list(resizes)
    while waiting:
        one = next(one for one in waiting if not _is_in_the_way(one, waiting))
        waiting.remove(one)
        ordered.append(one)
    return ordered


def _is_in_the_way(one: Correction, waiting: Sequence[Correction]) -> bool:
    wanted = one.wanted
    return any(other is not one and other.suggested.overlaps(wanted.start, wanted.end) for other in waiting)
