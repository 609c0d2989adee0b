"""What a coefficient is: sums over documents, a figure of them, and when there is none.

Holds what all of them share. Must not know any one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from annotator.agreement.shapes import Floats
from annotator.agreement.tallies import Tally

ITEMS = "items that two annotators or more rated"
RATINGS = "ratings that say the category, of items that two annotators or more rated"

NEGLIGIBLE = 1e-12
"""Disagreement by chance below it is rounding: a real one would need as many ratings as its inverse."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A measure of agreement between annotators who rated the same items.

    ``statistics(tally)`` has shape (documents, k). ``figure(tally, sums)`` takes sums of such rows, shape (samples, k),
    and gives (samples,), or (samples, categories) if ``is_by_category``; nan where it is undefined.
    ``find_objection(tally)`` says in a sentence why such ratings have no figure, or nothing; ``undefined_because``
    says it of a nan. ``counts`` is what the ``n`` of its values counts.
    """

    name: str
    title: str
    definition: str
    citation: str
    statistics: Callable[[Tally], Floats]
    figure: Callable[[Tally, Floats], Floats]
    find_objection: Callable[[Tally], str | None]
    undefined_because: str
    counts: str = ITEMS
    is_by_category: bool = False


ONE_CATEGORY = "All ratings that count say the same, so that agreeing by chance is certain."
ALL_OR_NONE = "The category is in none of the ratings that count, or in all of them."


def nobody_to_compare(tally: Tally) -> str | None:
    """Why nobody's ratings can be compared with another's: what every coefficient objects to."""
    if len(tally.annotators) < 2:
        return "Fewer than two annotators rated anything."
    return None if tally.twice else "No item was rated by two annotators."


def too_few_categories(tally: Tally) -> str | None:
    """As `nobody_to_compare`; and for coefficients that take chance from how many categories could be chosen."""
    if (objection := nobody_to_compare(tally)) is not None:
        return objection
    return "There is one category only to choose from." if len(tally.categories) < 2 else None


def not_two(instead: str) -> Callable[[Tally], str | None]:
    """As `nobody_to_compare`, for coefficients of two annotators; ``instead`` is the one for more."""

    def find_objection(tally: Tally) -> str | None:
        if (count := len(tally.annotators)) > 2:
            return f"It is for two annotators, and there are {count}; {instead} is for more."
        return nobody_to_compare(tally)

    return find_objection


def divided(part: Floats, whole: Floats) -> Floats:
    """``part / whole``; nan where ``whole`` is negligible (or nan)."""
    part, whole = np.broadcast_arrays(part, whole)
    out = np.full(whole.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=out, where=np.abs(whole) > NEGLIGIBLE), dtype=np.float64)


def corrected(observed: Floats, expected: Floats) -> Floats:
    """(A_o - A_e) / (1 - A_e): agreement beyond chance; nan where chance makes agreement certain."""
    return divided(observed - expected, 1 - expected)
