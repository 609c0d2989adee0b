"""Which places of a document are doubtful: what is known of the pipeline, of the text and of the labels, put together.

Pure. Everything here answers for a stretch of the text; `doubt_book` knows which stretches have to be asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from annotator.domain.alternatives import NOTHING, Alternative
from annotator.domain.doubts import (
    CLASH_STRENGTHS,
    LEAST_LOST,
    LOST_STRENGTHS,
    LOW_SCORE,
    REPEAT_STRENGTHS,
    RUN_STRENGTHS,
    SURE_OF_NOTHING,
    UNSURE_STRENGTHS,
    Choice,
    Doubt,
    DoubtKind,
    Evidence,
)
from annotator.domain.folding import fold
from annotator.domain.labelled_words import LabelledWords, Labels, Likeness
from annotator.domain.name_words import MOST_CHARS, NameWords
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document

REACH = MOST_CHARS
"""Places that are longer, in code points, are not doubted as missed."""

_Range = tuple[int, int]
_Item = TypeVar("_Item")


class _ByPlace(Generic[_Item]):
    """Things that lie somewhere, in order of where they begin; those longer than `REACH` are left out."""

    def __init__(self, placed: Iterable[tuple[int, int, _Item]]) -> None:
        near = sorted((one for one in placed if one[1] - one[0] <= REACH), key=lambda one: one[:2])
        self._starts = [start for start, _, _ in near]
        self._ends = [end for _, end, _ in near]
        self._items = [item for _, _, item in near]

    def beginning(self, start: int, end: int) -> list[_Item]:
        """What begins in ``[start, end)``."""
        return self._items[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def over(self, start: int, end: int) -> list[_Item]:
        """What shares at least one code point with ``[start, end)``."""
        first, last = bisect_left(self._starts, start - REACH), bisect_left(self._starts, end)
        return [self._items[place] for place in range(first, last) if self._ends[place] > start]


class Places:
    """The doubts of a document by where they begin."""

    def __init__(self, document: Document, words: NameWords, evidence: Evidence, labelled: LabelledWords) -> None:
        self._text, self._memory, self._labelled = document.text, evidence.memory, labelled
        self._runs = _ByPlace((start, end, (start, end)) for start, end in words.runs)
        self._others = _ByPlace((one.start, one.end, one) for one in evidence.alternatives if one.label != NOTHING)
        self._nothing = _ByPlace((one.start, one.end, one) for one in evidence.alternatives if one.label == NOTHING)
        self._judged = _ByPlace((start, end, None) for place in evidence.judged for start, end in _cut(*place))

    def between(self, spans: SpanSet, start: int, end: int) -> Iterator[Doubt]:
        """Every doubt that begins in ``[start, end)``, in no order; of missed places that overlap, the strongest."""
        near = spans.overlapping(max(start - 2 * REACH, 0), end + 3 * REACH)
        for span in near:
            if start <= span.start < end and (doubt := self.find_of_span(span)) is not None:
                yield doubt
        missed = sorted(self._missed(near, start - REACH, end + REACH), key=_strongest_first)
        for place, doubt in enumerate(missed):
            if start <= doubt.start < end and not any(_overlap(doubt, other) for other in missed[:place]):
                yield doubt

    def find_of_span(self, span: Span) -> Doubt | None:
        """The doubt about a span, if it is a doubtful suggestion."""
        if span.decided:
            return None
        words = self._labelled.folded(span)
        known = Counter(self._memory.get(words, {})) + self._labelled.decided(words)
        is_unsure = span.score is not None and span.score < LOW_SCORE
        if known and _usual(known) != (span.layer, span.label):
            kind, strength = DoubtKind.CLASH, CLASH_STRENGTHS[0 if is_unsure else 1]
        elif span.score is not None and is_unsure:
            kind, strength = DoubtKind.UNSURE, _below(UNSURE_STRENGTHS, span.score)
        else:
            return None
        return Doubt(span.start, span.end, strength, kind, span.id, self._choices_of(span, known))

    def _choices_of(self, span: Span, known: Labels) -> tuple[Choice, ...]:
        """Its own label first, then what else it could be."""
        near = (*self._others.over(span.start, span.end), *self._nothing.over(span.start, span.end))
        same = [one for one in near if (one.start, one.end, one.layer) == (span.start, span.end, span.layer)]
        own = Choice(span.label, span.layer, span.score, known.get((span.layer, span.label), 0))
        others = _choices(same, known)
        return (own, *(one for one in others if (one.layer, one.label) != (own.layer, own.label)))

    def _missed(self, spans: Sequence[Span], start: int, end: int) -> Iterator[Doubt]:
        """Places that may be missed, each beginning in ``[start, end)``; they may overlap. ``spans``: those near."""
        runs = list(self._free_runs(spans, start - REACH, end + REACH))
        yield from (self._of_run(run) for run in runs if start <= run[0] < end)
        yield from self._lost(spans, runs, start, end)
        for first, last, likeness in self._labelled.between(start, end):
            if self._is_free(spans, (first, last), likeness.layer):
                yield self._of_repeat((first, last), likeness)

    def _is_free(self, spans: Sequence[Span], place: _Range, layer: str = "") -> bool:
        """Whether no span (of the layer) is there, and no suggestion was rejected there."""
        start, end = place
        for span in spans:
            if span.start < end and start < span.end and (not layer or span.layer == layer):
                return False
        return not self._judged.over(start, end)

    def _free_runs(self, spans: Sequence[Span], start: int, end: int) -> Iterator[_Range]:
        """Capitalised words that are no span, and of which the pipeline is not sure that they are none."""
        for run in self._runs.beginning(start, end):
            is_nothing = any(one.score >= SURE_OF_NOTHING for one in self._nothing.over(*run))
            if not is_nothing and self._is_free(spans, run):
                yield run

    def _of_run(self, run: _Range) -> Doubt:
        near = self._others.over(*run)
        nearest = max((one.score for one in near), default=0.0)
        kind = DoubtKind.LOST if near else DoubtKind.SKIPPED
        known = Counter(self._memory.get(fold(self._text[slice(*run)]), {}))
        return Doubt(*run, _from_share(RUN_STRENGTHS, nearest), kind, None, _choices(near, known))

    def _lost(self, spans: Sequence[Span], runs: Sequence[_Range], start: int, end: int) -> Iterator[Doubt]:
        """Spans that the pipeline nearly chose, unless they are better described as capitalised words."""
        places: dict[_Range, list[Alternative]] = {}
        for one in self._others.beginning(start, end):
            places.setdefault((one.start, one.end), []).append(one)
        for place, likely in places.items():
            best = max(likely, key=lambda one: one.score)
            is_in_run = best.score < 0.5 and any(run[0] < place[1] and place[0] < run[1] for run in runs)
            if best.score >= LEAST_LOST and not is_in_run and self._is_free(spans, place, best.layer):
                yield Doubt(*place, _from_share(LOST_STRENGTHS, best.score), DoubtKind.LOST, None, _choices(likely, {}))

    def _of_repeat(self, place: _Range, likeness: Likeness) -> Doubt:
        strength = REPEAT_STRENGTHS[0 if likeness.is_decided else 1]
        usual = Choice(likeness.label, likeness.layer, count=likeness.count)
        same = [one for one in self._others.over(*place) if (one.start, one.end) == place]
        others = [one for one in _choices(same, {}) if (one.layer, one.label) != (usual.layer, usual.label)]
        return Doubt(*place, strength, DoubtKind.REPEAT, None, (usual, *others))


def _cut(start: int, end: int) -> Iterator[_Range]:
    """A long range in parts that are no longer than `REACH`."""
    for first in range(start, end, REACH):
        yield first, min(first + REACH, end)


def _choices(likely: Iterable[Alternative], known: Mapping[tuple[str, str], int]) -> tuple[Choice, ...]:
    """What was decided before, the most often first; then what the pipeline considered, the likeliest first."""
    shares: dict[tuple[str, str], float] = {}
    for one in likely:
        shares[one.layer, one.label] = max(one.score, shares.get((one.layer, one.label), 0.0))
    found = [Choice(key[1], key[0], shares.get(key), known.get(key, 0)) for key in {**shares, **known}]
    return tuple(sorted(found, key=lambda one: (-one.count, -(one.share or 0.0), one.layer, one.label)))


def _usual(labels: Labels) -> tuple[str, str]:
    return max(labels.items(), key=lambda item: (item[1], item[0]))[0]


def _below(steps: Sequence[tuple[float, float]], score: float) -> float:
    return next(strength for top, strength in steps if score < top)


def _from_share(steps: Sequence[tuple[float, float]], share: float) -> float:
    return next(strength for least, strength in steps if share >= least)


def _strongest_first(doubt: Doubt) -> tuple[float, int, int, str, str]:
    """Of doubts as strong as each other, the longest first."""
    layer = doubt.choices[0].layer if doubt.choices else ""
    return (-doubt.strength, doubt.start - doubt.end, doubt.start, doubt.kind, layer)


def _overlap(one: Doubt, other: Doubt) -> bool:
    return one.start < other.end and other.start < one.end
