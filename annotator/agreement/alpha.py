"""Krippendorff's alpha of ratings: nominal, ordinal, interval, and of sets of labels (MASI).

α = 1 - D_o / D_e = 1 - (n - 1) Σ_{c<k} o_ck δ_ck / Σ_{c<k} n_c n_k δ_ck (Krippendorff 2011, "Computing Krippendorff's
Alpha-Reliability", University of Pennsylvania): o_ck coincidences, to which every pair of ratings of an item with m
ratings gives 1 / (m - 1); n_c ratings that say c, n all ratings; of items with two ratings or more. δ is the distance.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from annotator.agreement.coefficients import (
    ALL_OR_NONE,
    ONE_CATEGORY,
    RATINGS,
    Coefficient,
    divided,
    nobody_to_compare,
)
from annotator.agreement.distances import are_sets, masi, squared
from annotator.agreement.observed import rating_statistics
from annotator.agreement.shapes import Floats
from annotator.agreement.tallies import Tally

Distance = Callable[[Tally], Floats]
"""δ, shape (categories, categories)."""

CITATION = "Krippendorff 2004, Content Analysis, 2nd ed., ch. 11; Krippendorff 2011, Computing Krippendorff's Alpha"


def alpha_nominal(tally: Tally, sums: Floats) -> Floats:
    """δ = 1 for categories that differ."""
    said, apart = np.split(sums, [len(tally.categories)], axis=1)
    n = said.sum(axis=1)
    return _alpha(n, apart.sum(axis=1) / 2, (n**2 - (said**2).sum(axis=1)) / 2)


def alpha_nominal_category(tally: Tally, sums: Floats) -> Floats:
    """Nominal alpha of the category against all others, shape (samples, categories)."""
    said, apart = np.split(sums, [len(tally.categories)], axis=1)
    n = said.sum(axis=1, keepdims=True)
    return _alpha(n, apart, said * (n - said))


def distance_statistics(tally: Tally, distance: Distance) -> Floats:
    """n_c for each category, then Σ o_ck δ_ck: shape (documents, categories + 1)."""
    pairs = tally.disagreements
    apart = distance(tally)[pairs.first, pairs.second]
    return np.hstack([_said(tally), tally.sums(pairs.row, tally.per_other[pairs.row] * apart)])


def alpha_distance(tally: Tally, sums: Floats, distance: Distance) -> Floats:
    """α with a δ that does not depend on the ratings."""
    said, apart = sums[:, :-1], sums[:, -1]
    return _alpha(said.sum(axis=1), apart, ((said @ distance(tally)) * said).sum(axis=1) / 2)


def ordinal_statistics(tally: Tally) -> Floats:
    """n_c for each category, then o_ck for each pair c < k that occurs: shape (documents, categories + pairs)."""
    pairs, size = tally.disagreements, len(tally.categories)
    kinds, column = np.unique(pairs.first * size + pairs.second, return_inverse=True)
    return np.hstack([_said(tally), tally.sums_by(pairs.row, column, len(kinds), tally.per_other[pairs.row])])


def alpha_ordinal(tally: Tally, sums: Floats) -> Floats:
    """δ_ck = (Σ_{g=c}^{k} n_g - (n_c + n_k) / 2)²: the squared difference of their mean ranks among all ratings."""
    said, coincidences = np.split(sums, [len(tally.categories)], axis=1)
    pairs, size = tally.disagreements, len(tally.categories)
    first, second = np.divmod(np.unique(pairs.first * size + pairs.second), max(size, 1))
    n, rank = said.sum(axis=1), said.cumsum(axis=1) - said / 2
    apart = (coincidences * (rank[:, second] - rank[:, first]) ** 2).sum(axis=1)
    center = divided((said * rank).sum(axis=1), n)[:, np.newaxis]
    return _alpha(n, apart, n * (said * (rank - center) ** 2).sum(axis=1))


def _alpha(n: Floats, observed: Floats, expected: Floats) -> Floats:
    return 1 - divided((n - 1) * observed, expected)


def _said(tally: Tally) -> Floats:
    return rating_statistics(tally)[:, : len(tally.categories)]


def _interval(tally: Tally) -> Floats:
    if tally.numbers is None:
        raise TypeError("categories without numbers have no interval distance")
    return squared(tally.numbers)


def _masi(tally: Tally) -> Floats:
    return masi(tally.categories)


def _not_numbers(tally: Tally) -> str | None:
    return nobody_to_compare(tally) or ("The categories are not numbers." if tally.numbers is None else None)


def _not_sets(tally: Tally) -> str | None:
    return nobody_to_compare(tally) or (
        None if are_sets(tally.categories) else "The categories are not sets of labels."
    )


NOMINAL = Coefficient(
    "krippendorff_alpha_nominal",
    "Krippendorff's alpha, nominal",
    "1 - observed by expected disagreement, if ratings were dealt out anew; categories are equal or differ.",
    CITATION,
    rating_statistics,
    alpha_nominal,
    nobody_to_compare,
    ONE_CATEGORY,
)

NOMINAL_CATEGORY = Coefficient(
    "krippendorff_alpha_nominal_category",
    "Krippendorff's alpha of a category",
    "Krippendorff's nominal alpha when all other categories are taken for one.",
    CITATION,
    rating_statistics,
    alpha_nominal_category,
    nobody_to_compare,
    ALL_OR_NONE,
    RATINGS,
    is_by_category=True,
)

ORDINAL = Coefficient(
    "krippendorff_alpha_ordinal",
    "Krippendorff's alpha, ordinal",
    "1 - observed by expected disagreement, if ratings were dealt out anew; categories are as far apart as there are "
    "ratings between them.",
    CITATION,
    ordinal_statistics,
    alpha_ordinal,
    nobody_to_compare,
    ONE_CATEGORY,
)

INTERVAL = Coefficient(
    "krippendorff_alpha_interval",
    "Krippendorff's alpha, interval",
    "1 - observed by expected disagreement, if ratings were dealt out anew; the square of the difference counts.",
    CITATION,
    partial(distance_statistics, distance=_interval),
    partial(alpha_distance, distance=_interval),
    _not_numbers,
    ONE_CATEGORY,
)

MASI = Coefficient(
    "krippendorff_alpha_masi",
    "Krippendorff's alpha of sets, MASI",
    "1 - observed by expected disagreement, if ratings were dealt out anew; sets of labels are the closer the more "
    "they share.",
    f"Passonneau 2006, Measuring Agreement on Set-valued Items (MASI), LREC; {CITATION}",
    partial(distance_statistics, distance=_masi),
    partial(alpha_distance, distance=_masi),
    _not_sets,
    ONE_CATEGORY,
)
