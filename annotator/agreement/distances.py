"""How far two categories are from one another: square matrices of shape (categories, categories), 0 on the diagonal.

Nothing here knows ratings.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence, Set

import numpy as np

from annotator.agreement.shapes import Floats


def squared(numbers: Floats) -> Floats:
    """(x - y)², Krippendorff's interval metric. ``numbers`` has shape (categories,)."""
    return np.asarray((numbers[:, np.newaxis] - numbers) ** 2, dtype=np.float64)


def relative(numbers: Floats, power: int) -> Floats:
    """|x - y| ** power as a part of the largest; all 0 if the numbers do not differ.

    1 - these are the linear (power 1) and quadratic (power 2) weights of Cohen 1968, Psychological Bulletin 70(4).
    """
    apart = np.abs(numbers[:, np.newaxis] - numbers) ** power
    return np.asarray(apart / max(float(apart.max(initial=0.0)), np.finfo(np.float64).tiny), dtype=np.float64)


def are_sets(categories: Sequence[Hashable]) -> bool:
    """Whether every category is a set of labels: a frozenset, or a tuple taken for one."""
    return all(isinstance(category, Set | tuple) for category in categories)


def masi(categories: Sequence[Hashable]) -> Floats:
    """1 - J·M, the distance of sets of labels (Passonneau 2006, "Measuring Agreement on Set-valued Items", LREC).

    J = |A ∩ B| / |A ∪ B| (Jaccard); M = 1 if A = B, 2/3 if one contains the other, 1/3 if they share a label and each
    has one of its own, 0 if they share none. Two empty sets are equal: distance 0. Raises TypeError for categories
    that are not sets (`are_sets`).
    """
    member = _members(categories)
    shared = member @ member.T
    size = member.sum(axis=1)
    smaller, larger = np.minimum(size[:, np.newaxis], size), np.maximum(size[:, np.newaxis], size)
    union = size[:, np.newaxis] + size - shared
    monotonic = np.select([shared == larger, shared == smaller, shared > 0], [1.0, 2 / 3, 1 / 3], 0.0)
    jaccard = np.divide(shared, union, out=np.ones_like(shared), where=union > 0)
    return np.asarray(1 - jaccard * monotonic, dtype=np.float64)


def _members(categories: Sequence[Hashable]) -> Floats:
    """Which label each set has: shape (sets, labels), 1 or 0."""
    sets = []
    for category in categories:
        if not isinstance(category, Set | tuple):
            raise TypeError(f"{category!r} is not a set of labels")
        sets.append(frozenset(category))
    place = {label: at for at, label in enumerate(dict.fromkeys(label for one in sets for label in one))}
    member = np.zeros((len(sets), len(place)))
    for row, one in enumerate(sets):
        member[row, [place[label] for label in one]] = 1
    return member
