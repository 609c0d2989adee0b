"""Kappas whose chance is to give every category equally often: Bennett's S, Randolph's free-marginal kappa.

How many categories there are is a matter of the scheme, whether all of them occur or not (`Ratings.categories`).
"""

from __future__ import annotations

import numpy as np

from annotator.agreement.coefficients import Coefficient, corrected, not_two, too_few_categories
from annotator.agreement.observed import agreement, item_statistics
from annotator.agreement.shapes import Floats
from annotator.agreement.tallies import Tally


def free_marginal_kappa(tally: Tally, sums: Floats) -> Floats:
    """(A_o - 1/q) / (1 - 1/q) with q categories to choose from; A_o is `observed.agreement`."""
    return corrected(agreement(tally, sums), np.full(len(sums), 1 / len(tally.categories)))


def _not_two(tally: Tally) -> str | None:
    return not_two("Randolph's kappa")(tally) or too_few_categories(tally)


BENNETT = Coefficient(
    "bennett_s",
    "Bennett's S",
    "Agreement of two annotators beyond chance, which gives all categories of the scheme equally often.",
    "Bennett, Alpert & Goldstein 1954, Public Opinion Quarterly 18(3), 303–308",
    item_statistics,
    free_marginal_kappa,
    _not_two,
    "There is one category only to choose from.",
)

RANDOLPH = Coefficient(
    "randolph_kappa",
    "Randolph's kappa",
    "Agreement beyond chance, which gives all categories of the scheme equally often.",
    "Randolph 2005, Free-marginal multirater kappa, Joensuu Learning and Instruction Symposium; "
    "Brennan & Prediger 1981, Educational and Psychological Measurement 41(3), 687–699",
    item_statistics,
    free_marginal_kappa,
    too_few_categories,
    "There is one category only to choose from.",
)
