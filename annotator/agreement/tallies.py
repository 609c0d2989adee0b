"""Ratings, counted: equal rows of one document once, with how often; and the pairs of ratings that disagree.

Every coefficient is made of sums over these rows by document. Nothing here knows a coefficient.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from annotator.agreement.shapes import MISSING, Floats, Ints, Ratings

LARGEST_KEY = 2**62
"""Rows are told apart by one number each; where it would be larger, they stay as they are."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of ratings of one item that differ: columns of shape (pairs,). ``first`` < ``second`` are categories."""

    row: Ints
    first: Ints
    second: Ints


@dataclass(frozen=True, eq=False)
class Tally:
    """What was said, and how often: `Ratings` with equal rows of one document put together.

    ``codes`` has shape (annotators, rows), ``document`` and ``count`` (rows,). Annotators who rated nothing are left
    out. ``documents``, ``categories`` and ``numbers`` are those of the `Ratings`.
    """

    annotators: tuple[str, ...]
    categories: tuple[Hashable, ...]
    numbers: Floats | None
    documents: int
    codes: Ints
    document: Ints
    count: Floats

    @cached_property
    def rated(self) -> Ints:
        """How many annotators rated the item, shape (rows,)."""
        return np.asarray((self.codes != MISSING).sum(axis=0), dtype=np.int64)

    @cached_property
    def per_pair(self) -> Floats:
        """For each row: 1 / how many pairs of ratings an item has, times how many items; 0 with fewer than two."""
        pairs = self.rated * (self.rated - 1) / 2
        return np.divide(self.count, pairs, out=np.zeros(len(pairs)), where=pairs > 0)

    @cached_property
    def per_other(self) -> Floats:
        """For each row: 1 / how many other ratings a rating has, times how many items; 0 where there is no other."""
        others = (self.rated - 1).astype(np.float64)
        return np.divide(self.count, others, out=np.zeros(len(others)), where=others > 0)

    @cached_property
    def disagreements(self) -> Pairs:
        """Every pair of differing ratings of every row."""
        found = [np.empty((3, 0), dtype=np.int64)]
        for one, other in combinations(self.codes, 2):
            rows = np.flatnonzero((one != other) & (one != MISSING) & (other != MISSING))
            found.append(np.stack([rows, np.minimum(one[rows], other[rows]), np.maximum(one[rows], other[rows])]))
        return Pairs(*np.concatenate(found, axis=1))

    @cached_property
    def twice(self) -> int:
        """How many items two annotators or more rated."""
        return int(self.count[self.rated >= 2].sum())

    def ratings(self) -> Iterator[tuple[Ints, Ints]]:
        """For each annotator: the rows rated, and as what."""
        for codes in self.codes:
            rows = np.flatnonzero(codes != MISSING)
            yield rows, codes[rows]

    def sums(self, rows: Ints, weights: Floats) -> Floats:
        """``weights``, shape (n,), of ``rows``, summed by document: shape (documents, 1)."""
        return self.sums_by(rows, np.zeros(len(rows), dtype=np.int64), 1, weights)

    def sums_by(self, rows: Ints, columns: Ints, width: int, weights: Floats) -> Floats:
        """``weights`` of ``rows``, summed by document and column: shape (documents, width)."""
        cells = np.bincount(self.document[rows] * width + columns, weights, self.documents * width)
        return np.asarray(cells, dtype=np.float64).reshape(self.documents, width)


def tally(ratings: Ratings, *, by_document: bool = True) -> Tally:
    """Count equal rows once. Without ``by_document`` all items are taken for one document, which is faster."""
    active = np.flatnonzero((ratings.codes != MISSING).any(axis=0))
    codes = ratings.codes.T[active]
    names = tuple(ratings.annotators[at] for at in active)
    documents = ratings.documents if by_document else 1
    document = ratings.document if by_document else np.zeros(len(ratings.codes), dtype=np.int64)
    counted = _counted(np.ascontiguousarray(codes), document, documents, len(ratings.categories) + 1)
    return Tally(names, ratings.categories, ratings.numbers, documents, *counted)


def _counted(codes: Ints, document: Ints, documents: int, base: int) -> tuple[Ints, Ints, Floats]:
    """Rows that differ: their codes, their document, how often they occur."""
    size = max(documents, 1) * base ** len(codes)
    if size > LARGEST_KEY:
        return codes, document, np.ones(len(document))
    keys = document.copy()
    for one in codes:
        keys *= base
        keys += one - MISSING
    distinct, count = _distinct(keys, size)
    rows = np.empty((len(codes), len(distinct)), dtype=np.int64)
    for at in reversed(range(len(codes))):
        distinct, rows[at] = np.divmod(distinct, base)
    return rows + MISSING, distinct, count.astype(np.float64)


def _distinct(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """The keys that occur, in order, and how often; counting is faster than sorting where there are few."""
    if size > 2 * len(keys):
        return np.unique(keys, return_counts=True)
    count = np.bincount(keys, minlength=1)
    found = np.flatnonzero(count)
    return found, count[found]
