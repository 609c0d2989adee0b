"""Agreement on free spans by F1: for all, by pair, by label and by document, with intervals over documents.

F1 is symmetric, needs no spans that nobody marked (which kappa would), and is what kappa comes to when those are
innumerable: Hripcsak & Rothschild 2005, JAMIA 12(3), 296–298. Known here by name, see `SPANS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotator.agreement.bootstrap import NO_INTERVAL, Draws, Interval, Resampling, draw, interval
from annotator.agreement.contacts import find_contacts
from annotator.agreement.shapes import Floats, SpanTable, Value, undefined
from annotator.agreement.span_counts import (
    BOUNDARY,
    COVERED,
    EXACT,
    OVERLAP,
    PARTIAL,
    TYPE,
    SpanCounts,
    Way,
    count_spans,
    pairs_of,
)

PAIRS = "pairs of annotators of whom one marked something"
MARKED = "spans of both of a pair in documents that both annotated"
COVERED_TEXT = "labelled tokens (or characters) of both of a pair in documents that both annotated"
_HRIPCSAK = "Hripcsak & Rothschild 2005, JAMIA 12(3), 296–298"
_SEMEVAL = "Segura-Bedmar et al. 2013, SemEval-2013 Task 9, 341–350"
NOTHING_MARKED = "Nobody marked anything in documents that two annotators or more annotated."
NO_PAIR = "No document was annotated by two annotators."
ONE_ANNOTATOR = "There are fewer than two annotators."


@dataclass(frozen=True, slots=True)
class SpanMeasure:
    """A measure of spans: a way of agreeing, and how pairs of annotators come together.

    ``summary`` is ``mean`` or ``sd`` (population) over pairs, or ``pooled``: all pairs counted as one. ``counts`` is
    what the ``n`` of its values counts.
    """

    name: str
    title: str
    definition: str
    citation: str
    way: Way
    summary: str
    counts: str


def _family(stem: str, way: Way, title: str, agrees: str, citation: str) -> list[SpanMeasure]:
    """Mean, standard deviation and pooled value of one way."""
    return [
        SpanMeasure(
            f"pairwise_{stem}", f"{title}, mean over pairs",
            f"The mean, over pairs of annotators, of F1 where {agrees}.", citation, way, "mean", PAIRS,
        ),
        SpanMeasure(
            f"pairwise_{stem}_sd", f"{title}, standard deviation over pairs",
            f"The population standard deviation, over pairs of annotators, of F1 where {agrees}.",
            citation, way, "sd", PAIRS,
        ),
        SpanMeasure(
            f"pooled_{stem}", f"{title}, all pairs pooled",
            f"F1 where {agrees}; agreements and spans are summed over pairs of annotators and documents first.",
            citation, way, "pooled", COVERED_TEXT if way.is_of_text else MARKED,
        ),
    ]  # fmt: skip


_FAMILIES = (
    ("span_f1_exact", EXACT, "Exact F1", "spans agree that have the same ends and label", _HRIPCSAK),
    (
        "span_f1_partial", PARTIAL, "Partial F1",
        "spans of the same label agree one to one, wholly with the same ends and by half if they overlap", _SEMEVAL,
    ),
    ("span_f1_type", TYPE, "Type F1", "spans of the same label that overlap agree one to one", _SEMEVAL),
    ("span_f1_boundary", BOUNDARY, "Boundary F1", "spans with the same ends agree, whatever their label", _SEMEVAL),
    ("span_f1_overlap", OVERLAP, "Overlap F1", "spans that overlap agree one to one, whatever their label", _HRIPCSAK),
    (
        "token_f1", COVERED, "Token F1",
        "not spans are compared but the tokens (or characters) under each label, one by one", _HRIPCSAK,
    ),
)  # fmt: skip

SPANS: dict[str, SpanMeasure] = {measure.name: measure for one in _FAMILIES for measure in _family(*one)}
"""In the order of reports."""


class SpanAgreement:
    """The measures of one table, which is counted once for each way, and its samples drawn once.

    Each method raises KeyError for a name that is not in `SPANS`; what comes out is in the order of ``names``.
    """

    def __init__(self, table: SpanTable, resampling: Resampling | None = None) -> None:
        self._table = table
        self._contacts = find_contacts(table)
        self._counts: dict[str, SpanCounts] = {}
        self._draws: Draws | None = None if resampling is None else draw(resampling, len(table.documents))
        self._pairs = pairs_of(table)

    def overall(self, names: Sequence[str]) -> list[Value]:
        """Over all labels."""
        return [self._value(SPANS[name], self._summed(SPANS[name].way)) for name in names]

    def by_label(self, names: Sequence[str]) -> dict[str, list[Value]]:
        """For each label; only the measures whose way asks for labels (see `Way`)."""
        measures = [SPANS[name] for name in names if SPANS[name].way.has_labels]
        return {
            label: [self._value(one, self._of_label(one.way, at)) for one in measures]
            for at, label in enumerate(self._table.labels)
        }

    def by_pair(self, names: Sequence[str]) -> dict[tuple[str, str], list[Value]]:
        """For each two annotators who share a document; standard deviations are left out."""
        people = self._table.annotators
        measures = [SPANS[name] for name in names if SPANS[name].summary != "sd"]
        return {
            (people[one], people[other]): [
                self._value(measure, self._summed(measure.way)[:, :, at : at + 1]) for measure in measures
            ]
            for at, (one, other) in enumerate(self._pairs)
        }

    def by_document(self, names: Sequence[str]) -> dict[str, list[Value]]:
        """Within each document; there are no intervals in a single one."""
        return {
            document: [self._value(SPANS[name], self._summed(SPANS[name].way)[at : at + 1]) for name in names]
            for at, document in enumerate(self._table.documents)
        }

    def _summed(self, way: Way) -> Floats:
        """Counts over all labels, shape (documents, 2, pairs): agreed, marked."""
        counts = self._of(way)
        return np.stack([counts.agreed.sum(axis=2), counts.marked.sum(axis=2)], axis=1)

    def _of_label(self, way: Way, label: int) -> Floats:
        counts = self._of(way)
        return np.stack([counts.agreed[:, :, label], counts.marked[:, :, label]], axis=1)

    def _of(self, way: Way) -> SpanCounts:
        if way.name not in self._counts:
            self._counts[way.name] = count_spans(self._table, way, self._contacts)
        return self._counts[way.name]

    def _value(self, measure: SpanMeasure, counts: Floats) -> Value:
        if not self._pairs:
            return undefined(measure.name, ONE_ANNOTATOR if len(self._table.annotators) < 2 else NO_PAIR)
        pairs = counts.shape[2]
        flat = counts.reshape(len(counts), 2 * pairs)
        total = flat.sum(axis=0, keepdims=True)
        marked = total[0, pairs:]
        n = round(float(marked.sum())) if measure.summary == "pooled" else int(np.count_nonzero(marked))
        value = float(_figure(measure.summary, total)[0])
        if np.isnan(value):
            return undefined(measure.name, NOTHING_MARKED, n)
        return Value(measure.name, value, n, *self._ends(flat, measure, value))

    def _ends(self, flat: Floats, measure: SpanMeasure, value: float) -> Interval:
        if self._draws is None:
            return NO_INTERVAL
        return interval(self._draws, flat, lambda sums: _figure(measure.summary, sums), value)


def _figure(summary: str, sums: Floats) -> Floats:
    """From sums of shape (samples, 2 * pairs), agreed before marked, to the figure, shape (samples,)."""
    pairs = sums.shape[1] // 2
    agreed, marked = sums[:, :pairs], sums[:, pairs:]
    if summary == "pooled":
        agreed, marked = agreed.sum(axis=1, keepdims=True), marked.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = np.where(marked > 0, 2 * agreed / marked, np.nan)
        counted = np.count_nonzero(marked > 0, axis=1)
        mean = np.nansum(f1, axis=1) / np.where(counted, counted, np.nan)
        if summary != "sd":
            return np.asarray(mean)
        return np.asarray(
            np.sqrt(np.nansum((f1 - mean[:, np.newaxis]) ** 2, axis=1) / np.where(counted, counted, np.nan))
        )
