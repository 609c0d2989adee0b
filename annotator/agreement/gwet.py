"""Gwet's AC1 and AC2: chance is rating at random where an item is hard, which varied ratings are a sign of."""

from __future__ import annotations

from functools import partial

import numpy as np

from annotator.agreement.coefficients import RATINGS, Coefficient, corrected, divided, too_few_categories
from annotator.agreement.distances import relative
from annotator.agreement.observed import ItemSums, item_statistics, item_sums
from annotator.agreement.shapes import Floats
from annotator.agreement.tallies import Tally

CITATION = "Gwet 2008, British Journal of Mathematical and Statistical Psychology 61(1), 29–48"
HANDBOOK = "Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., ch. 2 and 3"


def ac1(tally: Tally, sums: Floats) -> Floats:
    """γ = (A_o - A_e) / (1 - A_e) with A_e = Σ_c p_c (1 - p_c) / (q - 1), q categories to choose from.

    A_o is `observed.agreement`, p_c the mean over items of the share of ratings that say c.
    """
    items = item_sums(tally, sums)
    return corrected(items.agreement, _variety(items) / (len(tally.categories) - 1))


def ac1_category(tally: Tally, sums: Floats) -> Floats:
    """`ac1` of the category against all others (q = 2): A_e = 2 p_c (1 - p_c); undefined where nobody gives it."""
    items = item_sums(tally, sums)
    share = items.distribution
    kappa = corrected(items.agreement_by_category, 2 * share * (1 - share))
    return np.where(share > 0, kappa, np.nan)


def weighted_statistics(tally: Tally, power: int) -> Floats:
    """`item_statistics`, then the mean distance of an item's pairs of ratings: (documents, … + 1)."""
    pairs = tally.disagreements
    apart = _distances(tally, power)[pairs.first, pairs.second]
    return np.hstack([item_statistics(tally), tally.sums(pairs.row, tally.per_pair[pairs.row] * apart)])


def ac2(tally: Tally, sums: Floats, power: int) -> Floats:
    """γ = (A_o - A_e) / (1 - A_e) with agreement of two categories weighted by w = 1 - `distances.relative`.

    A_o is the mean over items of the mean w of their pairs of ratings;
    A_e = Σ_kl w_kl / (q (q - 1)) · Σ_c p_c (1 - p_c).
    """
    items = item_sums(tally, sums)
    q = len(tally.categories)
    weight = (1 - _distances(tally, power)).sum()
    return corrected(1 - divided(sums[:, -1], items.twice), _variety(items) * weight / (q * (q - 1)))


def _variety(items: ItemSums) -> Floats:
    share = items.distribution
    return np.asarray((share * (1 - share)).sum(axis=1), dtype=np.float64)


def _distances(tally: Tally, power: int) -> Floats:
    """Categories that are numbers are as far apart as these; others stand in order, one step apart."""
    numbers = np.arange(len(tally.categories), dtype=np.float64) if tally.numbers is None else tally.numbers
    return relative(numbers, power)


AC1 = Coefficient(
    "gwet_ac1",
    "Gwet's AC1",
    "Agreement beyond chance, which is the more likely the more evenly the categories are given.",
    f"{CITATION}; {HANDBOOK}",
    item_statistics,
    ac1,
    too_few_categories,
    "Agreeing by chance is certain.",
)

AC1_CATEGORY = Coefficient(
    "gwet_ac1_category",
    "Gwet's AC1 of a category",
    "Gwet's AC1 when all other categories are taken for one.",
    f"{CITATION}; {HANDBOOK}",
    item_statistics,
    ac1_category,
    too_few_categories,
    "No rating says the category.",
    RATINGS,
    is_by_category=True,
)


def _ac2(weights: str, power: int, how: str) -> Coefficient:
    return Coefficient(
        f"gwet_ac2_{weights}",
        f"Gwet's AC2, {weights} weights",
        f"Gwet's AC1 in which two categories agree the less the {how}.",
        HANDBOOK,
        partial(weighted_statistics, power=power),
        partial(ac2, power=power),
        too_few_categories,
        "Agreeing by chance is certain.",
    )


AC2_LINEAR = _ac2("linear", 1, "farther they stand apart")
AC2_QUADRATIC = _ac2("quadratic", 2, "larger the square of their distance is")
