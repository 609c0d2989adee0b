"""Kappas whose chance is how often each annotator gives a category: Cohen's, Light's, Hubert's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotator.agreement.coefficients import ONE_CATEGORY, Coefficient, corrected, divided, nobody_to_compare, not_two
from annotator.agreement.observed import item_statistics, item_sums
from annotator.agreement.shapes import MISSING, Floats
from annotator.agreement.tallies import Tally


@dataclass(frozen=True, eq=False, slots=True)
class PairSums:
    """Sums over items that both annotators of a pair rated, for each pair that shares items.

    ``equal``, shape (samples, pairs): items on which they agree; ``one``, ``other``, shape (samples, pairs,
    categories): how often each of them gives a category there.
    """

    equal: Floats
    one: Floats
    other: Floats

    @property
    def items(self) -> Floats:
        """How many items both rated, shape (samples, pairs)."""
        return np.asarray(self.one.sum(axis=2), dtype=np.float64)

    @property
    def agreement(self) -> Floats:
        """The share of items on which they agree, shape (samples, pairs)."""
        return divided(self.equal, self.items)

    @property
    def pooled(self) -> Floats:
        """How often both together give a category, shape (samples, pairs, categories)."""
        return divided(self.one + self.other, 2 * self.items[:, :, np.newaxis])

    @property
    def kappa(self) -> Floats:
        """Cohen's kappa of each pair, shape (samples, pairs)."""
        expected = divided((self.one * self.other).sum(axis=2), self.items**2)
        return corrected(self.agreement, expected)


def pair_statistics(tally: Tally) -> Floats:
    """The columns of `PairSums`, pair after pair: shape (documents, pairs · (1 + 2 · categories))."""
    found = [np.empty((tally.documents, 0))]
    width = len(tally.categories)
    for one, other in combinations(tally.codes, 2):
        rows = np.flatnonzero((one != MISSING) & (other != MISSING))
        if len(rows):
            count = tally.count[rows]
            found.append(tally.sums(rows, np.where(one[rows] == other[rows], count, 0.0)))
            found += [tally.sums_by(rows, codes[rows], width, count) for codes in (one, other)]
    return np.hstack(found)


def pair_sums(tally: Tally, sums: Floats) -> PairSums:
    """What `pair_statistics` put side by side."""
    width = len(tally.categories)
    pairs = sums.reshape(len(sums), -1, 1 + 2 * width)
    return PairSums(pairs[:, :, 0], pairs[:, :, 1 : 1 + width], pairs[:, :, 1 + width :])


def cohen_kappa(tally: Tally, sums: Floats) -> Floats:
    """κ = (A_o - A_e) / (1 - A_e) with A_e = Σ_c p_1c p_2c, over items that both rated."""
    return pair_sums(tally, sums).kappa[:, 0]


def light_kappa(tally: Tally, sums: Floats) -> Floats:
    """The mean of `cohen_kappa` over pairs of annotators who share items; undefined if one of these is."""
    pair = pair_sums(tally, sums)
    shares_items = pair.items > 0
    return divided(np.where(shares_items, pair.kappa, 0.0).sum(axis=1), shares_items.sum(axis=1).astype(np.float64))


def hubert_statistics(tally: Tally) -> Floats:
    """`item_statistics`, then how often each annotator gives a category: (documents, … + annotators · categories)."""
    width = len(tally.categories)
    said = [tally.sums_by(rows, codes, width, tally.count[rows]) for rows, codes in tally.ratings()]
    return np.hstack([item_statistics(tally), *said])


def hubert_kappa(tally: Tally, sums: Floats) -> Floats:
    """κ = (A_o - A_e) / (1 - A_e) with A_e the mean of Σ_c p_gc p_hc over pairs g, h of annotators.

    A_o is `observed.agreement`. With missing ratings p_gc is taken over all items that g rated (Gwet 2014, ch. 2).
    """
    width = len(tally.categories)
    said = sums[:, 2 + 2 * width :].reshape(len(sums), len(tally.annotators), width)
    share = divided(said, said.sum(axis=2, keepdims=True))
    pairs = len(tally.annotators) * (len(tally.annotators) - 1)
    expected = (share.sum(axis=1) ** 2 - (share**2).sum(axis=1)).sum(axis=1) / pairs
    return corrected(item_sums(tally, sums).agreement, expected)


COHEN = Coefficient(
    "cohen_kappa",
    "Cohen's kappa",
    "Agreement of two annotators beyond chance, which gives categories as often as each of them does.",
    "Cohen 1960, Educational and Psychological Measurement 20(1), 37–46",
    pair_statistics,
    cohen_kappa,
    not_two("Light's or Hubert's kappa"),
    ONE_CATEGORY,
)

LIGHT = Coefficient(
    "light_kappa",
    "Light's kappa",
    "The mean of Cohen's kappa over all pairs of annotators who rated common items.",
    "Light 1971, Psychological Bulletin 76(5), 365–377; Conger 1980, Psychological Bulletin 88(2), 322–328",
    pair_statistics,
    light_kappa,
    nobody_to_compare,
    "Two annotators say the same of all items that both rated, so that agreeing by chance is certain for them.",
)

HUBERT = Coefficient(
    "hubert_kappa",
    "Hubert's kappa",
    "Agreement beyond chance, which is that of two annotators who each give categories as often as they do, "
    "in the mean over pairs of annotators.",
    "Hubert 1977, Psychological Bulletin 84(2), 289–297; Conger 1980, Psychological Bulletin 88(2), 322–328",
    hubert_statistics,
    hubert_kappa,
    nobody_to_compare,
    ONE_CATEGORY,
)
