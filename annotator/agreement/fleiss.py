"""Kappas whose chance is how often all annotators together give a category: Scott's pi, Fleiss' kappa."""

from __future__ import annotations

import numpy as np

from annotator.agreement.coefficients import (
    ALL_OR_NONE,
    ONE_CATEGORY,
    RATINGS,
    Coefficient,
    corrected,
    nobody_to_compare,
    not_two,
)
from annotator.agreement.cohen import pair_statistics, pair_sums
from annotator.agreement.observed import item_statistics, item_sums
from annotator.agreement.shapes import Floats
from annotator.agreement.tallies import Tally


def scott_pi(tally: Tally, sums: Floats) -> Floats:
    """π = (A_o - A_e) / (1 - A_e) with A_e = Σ_c ((p_1c + p_2c) / 2)², over items that both rated."""
    pair = pair_sums(tally, sums)
    return np.asarray(corrected(pair.agreement, (pair.pooled**2).sum(axis=2))[:, 0])


def fleiss_kappa(tally: Tally, sums: Floats) -> Floats:
    """κ = (A_o - A_e) / (1 - A_e) with A_e = Σ_c p_c².

    A_o is `observed.agreement`; p_c is the mean over items (those with one rating, too) of the share n_ic / m_i.
    With as many ratings of every item this is Fleiss 1971; else Gwet 2014, ch. 2.
    """
    items = item_sums(tally, sums)
    return corrected(items.agreement, (items.distribution**2).sum(axis=1))


def fleiss_kappa_category(tally: Tally, sums: Floats) -> Floats:
    """κ_c = 1 - Σ_i n_ic (m - n_ic) / (N m (m - 1) p_c (1 - p_c)): Fleiss' kappa of the category against all others."""
    items = item_sums(tally, sums)
    share = items.distribution
    return corrected(items.agreement_by_category, share**2 + (1 - share) ** 2)


SCOTT = Coefficient(
    "scott_pi",
    "Scott's pi",
    "Agreement of two annotators beyond chance, which gives categories as often as both of them together do.",
    "Scott 1955, Public Opinion Quarterly 19(3), 321–325",
    pair_statistics,
    scott_pi,
    not_two("Fleiss' kappa"),
    ONE_CATEGORY,
)

FLEISS = Coefficient(
    "fleiss_kappa",
    "Fleiss' kappa",
    "Agreement beyond chance, which gives categories as often as all annotators together do.",
    "Fleiss 1971, Psychological Bulletin 76(5), 378–382; missing ratings: Gwet 2014, Handbook of Inter-Rater "
    "Reliability, 4th ed., ch. 2",
    item_statistics,
    fleiss_kappa,
    nobody_to_compare,
    ONE_CATEGORY,
)

FLEISS_CATEGORY = Coefficient(
    "fleiss_kappa_category",
    "Fleiss' kappa of a category",
    "Fleiss' kappa when all other categories are taken for one.",
    "Fleiss 1971, Psychological Bulletin 76(5), 378–382, formula 17 ff.",
    item_statistics,
    fleiss_kappa_category,
    nobody_to_compare,
    ALL_OR_NONE,
    RATINGS,
    is_by_category=True,
)
