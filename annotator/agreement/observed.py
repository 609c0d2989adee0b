"""How much annotators agree on items, and how often they say what: the sums of the coefficients that count items.

Every item that two annotators or more rated weighs the same, however many rated it (Gwet 2014, Handbook of Inter-Rater
Reliability, 4th ed., ch. 2, which generalises Fleiss 1971 to missing ratings). Percent agreement is this and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.coefficients import RATINGS, Coefficient, divided, nobody_to_compare
from annotator.agreement.shapes import Floats
from annotator.agreement.tallies import Tally


@dataclass(frozen=True, eq=False, slots=True)
class ItemSums:
    """Sums over items. ``twice``, ``once``: items with two ratings or more, with one or more; shape (samples,).

    ``shares``: over all items, which share of its ratings says a category; ``splits``: over items rated twice, which
    share of its pairs of ratings has the category on one side only. Both of shape (samples, categories).
    """

    twice: Floats
    once: Floats
    shares: Floats
    splits: Floats

    @property
    def agreement(self) -> Floats:
        """Observed agreement, shape (samples,): the mean over items of the share of pairs of ratings that agree."""
        return 1 - divided(self.splits.sum(axis=1) / 2, self.twice)

    @property
    def agreement_by_category(self) -> Floats:
        """Observed agreement on each category against all others, shape (samples, categories)."""
        return 1 - divided(self.splits, self.twice[:, np.newaxis])

    @property
    def distribution(self) -> Floats:
        """How often each category is given, shape (samples, categories): the mean over items of its share."""
        return divided(self.shares, self.once[:, np.newaxis])


def item_statistics(tally: Tally) -> Floats:
    """The columns of `ItemSums` side by side: shape (documents, 2 + 2 · categories)."""
    rows, width = np.arange(len(tally.count)), len(tally.categories)
    twice = tally.sums(rows, np.where(tally.rated >= 2, tally.count, 0.0))
    once = tally.sums(rows, np.where(tally.rated >= 1, tally.count, 0.0))
    shares = np.zeros((tally.documents, width))
    for rated, codes in tally.ratings():
        shares += tally.sums_by(rated, codes, width, tally.count[rated] / tally.rated[rated])
    return np.hstack([twice, once, shares, splits(tally, tally.per_pair)])


def splits(tally: Tally, weights: Floats) -> Floats:
    """``weights``, shape (rows,), summed over pairs of ratings that have the category on one side only.

    Shape (documents, categories).
    """
    pairs, width = tally.disagreements, len(tally.categories)
    each = weights[pairs.row]
    return tally.sums_by(pairs.row, pairs.first, width, each) + tally.sums_by(pairs.row, pairs.second, width, each)


def item_sums(tally: Tally, sums: Floats) -> ItemSums:
    """What `item_statistics` put side by side. Further columns are left alone."""
    width = len(tally.categories)
    return ItemSums(sums[:, 0], sums[:, 1], sums[:, 2 : 2 + width], sums[:, 2 + width : 2 + 2 * width])


def agreement(tally: Tally, sums: Floats) -> Floats:
    """A_o = (1/N) Σ_i Σ_c n_ic (n_ic - 1) / (m_i (m_i - 1)) over the N items with m_i ≥ 2 ratings."""
    return item_sums(tally, sums).agreement


def rating_statistics(tally: Tally) -> Floats:
    """Ratings of items rated twice, by category, and those of them whose fellow ratings differ (as a mean, see below).

    Shape (documents, 2 · categories): n_c, how many ratings of items with m ≥ 2 ratings say c; then
    Σ_i n_ic (m_i - n_ic) / (m_i - 1), what of them does not coincide with another c.
    """
    width = len(tally.categories)
    said = np.zeros((tally.documents, width))
    for rated, codes in tally.ratings():
        said += tally.sums_by(rated, codes, width, np.where(tally.rated[rated] >= 2, tally.count[rated], 0.0))
    return np.hstack([said, splits(tally, tally.per_other)])


def specific_agreement(tally: Tally, sums: Floats) -> Floats:
    """A_c = Σ_i n_ic (n_ic - 1) / (m_i - 1) / n_c, shape (samples, categories)."""
    said, apart = np.split(sums, [len(tally.categories)], axis=1)
    return 1 - divided(apart, said)


PERCENT = Coefficient(
    "percent_agreement",
    "Percent agreement",
    "Mean over items of the share of pairs of ratings that agree; chance is not taken into account.",
    "Fleiss 1971, Psychological Bulletin 76(5), 378–382 (observed agreement); missing ratings: Gwet 2014, ch. 2",
    item_statistics,
    agreement,
    nobody_to_compare,
    "No item was rated by two annotators.",
)

SPECIFIC = Coefficient(
    "specific_agreement_category",
    "Specific agreement",
    "Of ratings that say the category, the mean share of other ratings of the same item that say it, too; "
    "chance is not taken into account.",
    "Cicchetti & Feinstein 1990, Journal of Clinical Epidemiology 43(6), 551–558; several annotators: "
    "Fleiss 1981, Statistical Methods for Rates and Proportions, 2nd ed., ch. 13",
    rating_statistics,
    specific_agreement,
    nobody_to_compare,
    "None of the ratings that count says the category.",
    RATINGS,
    is_by_category=True,
)
