"""All coefficients of ratings by name, and how they are measured: once over all documents, and in samples of them.

Which coefficient fits which ratings is not decided here; one that does not fit is undefined, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from annotator.agreement import alpha, bennett, cohen, fleiss, gwet, observed
from annotator.agreement.bootstrap import NO_INTERVAL, Interval, Resampling, draw, ends, in_order, sums
from annotator.agreement.coefficients import Coefficient
from annotator.agreement.shapes import Floats, Ratings, Value, undefined
from annotator.agreement.tallies import Tally, tally

CODING: dict[str, Coefficient] = {
    one.name: one
    for one in (
        observed.PERCENT, cohen.COHEN, fleiss.SCOTT, bennett.BENNETT, fleiss.FLEISS, bennett.RANDOLPH, cohen.HUBERT,
        cohen.LIGHT, alpha.NOMINAL, alpha.ORDINAL, alpha.INTERVAL, alpha.MASI, gwet.AC1, gwet.AC2_LINEAR,
        gwet.AC2_QUADRATIC, observed.SPECIFIC, fleiss.FLEISS_CATEGORY, alpha.NOMINAL_CATEGORY, gwet.AC1_CATEGORY,
    )
}  # fmt: skip
"""In the order of reports. Those that are `by category <Coefficient.is_by_category>` come last."""


def measure_ratings(ratings: Ratings, names: Sequence[str], resampling: Resampling | None = None) -> list[Value]:
    """The named coefficients, in this order; with intervals over documents if ``resampling`` says how.

    Raises KeyError for a name that is not in `CODING`, ValueError for one that is measured by category.
    """
    sampler = _Sampler(ratings, resampling)
    return [sampler.value(_coefficient(name, is_by_category=False)) for name in names]


def measure_categories(
    ratings: Ratings, names: Sequence[str], resampling: Resampling | None = None
) -> dict[Hashable, list[Value]]:
    """As `measure_ratings`, for coefficients by category: for each category their values, in the order of ``names``."""
    sampler = _Sampler(ratings, resampling)
    columns = [sampler.values(_coefficient(name, is_by_category=True)) for name in names]
    return {category: [column[at] for column in columns] for at, category in enumerate(ratings.categories)}


def _coefficient(name: str, *, is_by_category: bool) -> Coefficient:
    if CODING[name].is_by_category != is_by_category:
        raise ValueError(f"{name} is measured {'over all categories' if is_by_category else 'by category'}")
    return CODING[name]


class _Sampler:
    """Ratings, counted; what has been summed for one coefficient is there for the next."""

    def __init__(self, ratings: Ratings, resampling: Resampling | None) -> None:
        self._tally = tally(ratings, by_document=resampling is not None)
        self._draws = None if resampling is None else draw(resampling, ratings.documents)
        self._sums: dict[Callable[[Tally], Floats], tuple[Floats, Floats | None]] = {}

    def value(self, coefficient: Coefficient) -> Value:
        """The value of a coefficient over all categories."""
        if (objection := coefficient.find_objection(self._tally)) is not None:
            return undefined(coefficient.name, objection, self._tally.twice)
        total, samples = self._figures(coefficient)
        return self._valued(coefficient, float(total[0]), self._tally.twice, samples)

    def values(self, coefficient: Coefficient) -> list[Value]:
        """The value for each category."""
        said = self._totals(observed.rating_statistics)[0][0]
        counts = [round(float(said[at])) for at in range(len(self._tally.categories))]
        if (objection := coefficient.find_objection(self._tally)) is not None:
            return [undefined(coefficient.name, objection, n) for n in counts]
        total, samples = self._figures(coefficient)
        return [
            self._valued(coefficient, float(total[0, at]), n, None if samples is None else samples[:, at])
            for at, n in enumerate(counts)
        ]

    def _figures(self, coefficient: Coefficient) -> tuple[Floats, Floats | None]:
        """The figure of all documents, and of each sample."""
        total, samples = self._totals(coefficient.statistics)
        figure = coefficient.figure
        return figure(self._tally, total), None if samples is None else figure(self._tally, samples)

    def _totals(self, statistics: Callable[[Tally], Floats]) -> tuple[Floats, Floats | None]:
        """Sums over all documents, shape (1, k), and over each sample; None where there can be no interval."""
        if statistics not in self._sums:
            rows = statistics(self._tally)
            samples = None if self._draws is None else sums(self._draws, rows)
            self._sums[statistics] = in_order(rows).sum(axis=0, keepdims=True), samples
        return self._sums[statistics]

    def _valued(self, coefficient: Coefficient, value: float, n: int, samples: Floats | None) -> Value:
        if np.isnan(value):
            return undefined(coefficient.name, coefficient.undefined_because, n)
        low, high = self._ends(samples, value)
        return Value(coefficient.name, value, n, low, high)

    def _ends(self, samples: Floats | None, value: float) -> Interval:
        if samples is None or self._draws is None:
            return NO_INTERVAL
        return ends(samples, value, self._draws.level)
