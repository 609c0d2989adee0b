"""Which units of several annotators belong together: the alignment with the least disorder, found exactly.

Mathet, Widlöcher & Métivier 2015, Computational Linguistics 41(3), 437–479, section 4 and 5.1. A unitary alignment
takes at most one unit of each annotator; an alignment puts every unit in one of them. With n annotators and k units
that belong together it costs, in units of Δ∅, 1 + Σ (d - 1) / C(n, 2) over the pairs of these units: a pair of which
one or both are missing costs Δ∅. To find the cheapest alignment is to choose from all groups of units that could be
worth their cost a partition: n = 2 is an assignment, more is not solvable in steps that could be foretold.

Here the groups are gathered, and `partition` chooses among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from annotator.agreement.contacts import Pieces, overlapping
from annotator.agreement.partition import ROUNDING, Cover, Search
from annotator.agreement.shapes import Bools, Floats, Ints, SpanTable

NOBODY = -1
"""In `Alignment.rows`: this annotator has no unit here."""

_TIE = 1e-9
_GROUPS = 150_000
_ROWS_AT_ONCE = 8_000


@dataclass(frozen=True, slots=True)
class Dissimilarity:
    """d = empty · (alpha · ((|Δstart| + |Δend|) / (length + length))² + beta · [labels differ]); see the module.

    ``empty`` is Δ∅, what a missing unit costs. Raises ValueError if it is not positive or a weight is negative.
    """

    alpha: float = 1.0
    beta: float = 1.0
    empty: float = 1.0

    def __post_init__(self) -> None:
        if self.empty <= 0 or self.alpha < 0 or self.beta < 0:
            raise ValueError("empty must be positive; alpha and beta must not be negative")

    def positional(self, table: SpanTable, first: Ints, second: Ints) -> Floats:
        """empty · ((|Δstart| + |Δend|) / (length + length))² of rows ``first`` and ``second``, of equal shapes."""
        starts, ends = unit_ends(table)
        apart = abs(starts[first] - starts[second]) + abs(ends[first] - ends[second])
        lengths = ends - starts
        return np.asarray(self.empty * (apart / (lengths[first] + lengths[second])) ** 2)

    def categorical(self, table: SpanTable, first: Ints, second: Ints) -> Floats:
        """empty · [labels differ] of rows ``first`` and ``second``, of equal shapes."""
        return np.asarray(self.empty * (table.label[first] != table.label[second]))

    def between(self, table: SpanTable, first: Ints, second: Ints) -> Floats:
        """d of rows ``first`` and ``second``, of equal shapes."""
        positional = self.alpha * self.positional(table, first, second)
        return np.asarray(positional + self.beta * self.categorical(table, first, second))


@dataclass(frozen=True, eq=False, slots=True)
class Alignment:
    """The best alignment of each document that two annotators or more annotated.

    ``rows`` has shape (unitary alignments, annotators): rows of the table, or `NOBODY`. ``document`` and ``cost``
    (disorder), both of shape (unitary alignments,), say where each stands and what it costs. ``compared`` has shape
    (rows of the table,): which rows took part. ``units`` has shape (documents,): the mean number of units per
    annotator. ``is_exact``, of shape (documents,), is false where the search was cut short: the alignment is then the
    best that was found, and there may be a better one.
    """

    rows: Ints
    document: Ints
    cost: Floats
    compared: Bools
    units: Floats
    is_exact: Bools

    @property
    def costs(self) -> Floats:
        """The summed cost of each document's unitary alignments, shape (documents,)."""
        return np.bincount(self.document, self.cost, len(self.units)).astype(np.float64)

    @property
    def disorders(self) -> Floats:
        """Costs by the mean number of units per annotator, shape (documents,); nan in documents without units."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.units > 0, self.costs / self.units, np.nan)

    @property
    def disorder(self) -> float:
        """The disorder of all documents: summed costs by summed mean numbers of units; nan if there are no units."""
        units = float(self.units.sum())
        return float(self.cost.sum()) / units if units else float("nan")


def unit_ends(table: SpanTable) -> tuple[Ints, Ints]:
    """Where units begin and end, of shape (rows,) each: pieces do not count, and an empty one is one long."""
    return table.start, np.maximum(table.end, table.start + 1)


def best_alignment(table: SpanTable, dissimilarity: Dissimilarity | None = None) -> Alignment:
    """The alignment of least disorder in each document (Mathet et al. 2015, section 4.4).

    Of equally good ones it is that in which the fewest pairs of aligned units differ in label (to within rounding).
    Time and memory grow with the number of groups of near units, which is exponential in the number of annotators;
    where they are too many, or the search too wide, `Alignment.is_exact` says so.
    """
    chosen = dissimilarity or Dissimilarity()
    people = table.is_annotated.sum(axis=1)
    compared = table.is_annotated[table.document, table.annotator] & (people[table.document] >= 2)
    units = np.bincount(table.document[compared], minlength=len(people)) / np.maximum(people, 1)
    is_exact = np.ones(len(people), dtype=np.bool_)
    found = [_align(_Part(table, chosen, rows, people), is_exact) for rows in _parts(table, np.flatnonzero(compared))]
    members = np.concatenate([one.members for one in found]) if found else np.empty((0, 1), dtype=np.int64)
    costs = np.concatenate([one.cost for one in found]) if found else np.empty(0)
    return Alignment(
        _by_annotator(table, members), table.document[members[:, 0]], costs * chosen.empty, compared, units, is_exact
    )


def _parts(table: SpanTable, rows: Ints) -> Iterator[Ints]:
    """The rows in parts of whole documents, so that memory does not grow with the corpus."""
    rows = rows[np.argsort(table.document[rows], kind="stable")]
    begins = np.flatnonzero(np.diff(table.document[rows], prepend=-1))
    parts = begins[np.flatnonzero(np.diff(begins // _ROWS_AT_ONCE, prepend=-1))]
    return iter(np.split(rows, parts[1:])) if len(rows) else iter(())


def _by_annotator(table: SpanTable, members: Ints) -> Ints:
    rows = np.full((len(members), len(table.annotators)), NOBODY, dtype=np.int64)
    group, place = np.nonzero(members >= 0)
    found = members[group, place]
    rows[group, table.annotator[found]] = found
    return rows


@dataclass(frozen=True, eq=False, slots=True)
class _Part:
    """Some documents of a table: ``rows`` of it, and how many ``people`` annotated each of all its documents."""

    table: SpanTable
    dissimilarity: Dissimilarity
    rows: Ints
    people: Ints

    def pairs_of_people(self, row: Ints) -> Floats:
        """C(n, 2) of the documents of these rows of the table."""
        people = self.people[self.table.document[row]]
        return np.asarray(people * (people - 1) / 2)

    def most(self, row: Ints) -> Floats:
        """The most, in Δ∅, that the dissimilarities of a unit to all others of its group can come to.

        With k units in the group it is C(n, 2) + k - 1, or the group would cost less without it.
        """
        return self.pairs_of_people(row) + self.people[self.table.document[row]] - 1


class _Groups(NamedTuple):
    """Unitary alignments worth considering: ``members``, (groups, most members), rows or `NOBODY`; ``cost`` in Δ∅."""

    members: Ints
    cost: Floats


@dataclass(frozen=True, eq=False, slots=True)
class _Pairs:
    """Pairs of near units, sorted: ``first`` is of the earlier annotator. d in Δ∅, ``differs`` 1 if labels differ."""

    first: Ints
    second: Ints
    apart: Floats
    differs: Floats
    keys: Ints
    begins: Ints

    def find(self, first: Ints, second: Ints) -> tuple[Ints, Bools]:
        """Where each pair of rows stands here, and whether it does."""
        wanted = first * (len(self.begins) - 1) + second
        at = np.minimum(np.searchsorted(self.keys, wanted), max(len(self.keys) - 1, 0))
        return at, self.keys[at] == wanted


def _align(part: _Part, is_exact: Bools) -> _Groups:
    """The best groups of some documents; where they may not be the best, ``is_exact`` is made false."""
    groups = _worth_considering(part, _near(part), is_exact)
    order = _in_order_of_text(part)
    place = np.empty(len(part.table), dtype=np.int64)
    place[order] = np.arange(len(order))
    members = np.sort(np.where(groups.members >= 0, place[groups.members], len(order)), axis=1)
    cover = Cover(members, groups.cost, len(order))
    chosen, cut_short = Search(cover, part.table.annotator[order]).best()
    is_exact[part.table.document[order[cut_short]]] = False
    return _Groups(_wide(groups.members[chosen], len(part.table.annotators)), _without_tie(part, groups, chosen))


def _without_tie(part: _Part, groups: _Groups, chosen: Ints) -> Floats:
    """The cost of the chosen groups, once more and without what only decides between equals."""
    members = groups.members[chosen]
    pairs = part.pairs_of_people(members[:, 0])
    sums = pairs.copy()
    for one in range(members.shape[1]):
        for other in range(one):
            both = np.flatnonzero((members[:, one] >= 0) & (members[:, other] >= 0))
            apart = part.dissimilarity.between(part.table, members[both, other], members[both, one])
            # Summed before it is divided, so that units that are the same cost nothing, without rounding.
            sums[both] += apart / part.dissimilarity.empty - 1
    return np.asarray(sums / np.maximum(pairs, 1))


def _wide(members: Ints, width: int) -> Ints:
    return np.pad(members, ((0, 0), (0, width - members.shape[1])), constant_values=NOBODY)


def _in_order_of_text(part: _Part) -> Ints:
    starts, ends = unit_ends(part.table)
    rows = part.rows
    return rows[np.lexsort((rows, ends[rows], (starts + ends)[rows], part.table.document[rows]))]


def _near(part: _Part) -> _Pairs:
    """All pairs of units that could be in one group (see `_Part.most`).

    |Δstart| + |Δend| is the greater of twice the distance of the middles and the difference of the lengths. So near
    units overlap, if each is stretched about its middle by what the lengths may be apart.
    """
    table, scale = part.table, part.dissimilarity
    starts, ends = (column[part.rows] for column in unit_ends(table))
    limit = part.most(part.rows)
    size = 2 * int(ends.max(initial=0)) + 2
    stretch = np.sqrt(limit / scale.alpha) if scale.alpha else np.full(len(limit), float(size))
    reach = np.minimum(stretch * (ends - starts), size)
    low = np.floor(np.maximum(starts + ends - reach, 0)).astype(np.int64)
    high = np.ceil(np.minimum(starts + ends + reach, size)).astype(np.int64) + 1
    base = table.document[part.rows] * (size + 2)
    order = np.argsort(base + low, kind="stable")
    left, right = overlapping(Pieces(part.rows[order], (base + low)[order], (base + high)[order]))
    left, right = part.rows[order][left], part.rows[order][right]
    swap = table.annotator[left] > table.annotator[right]
    first, second = np.where(swap, right, left), np.where(swap, left, right)
    apart = scale.between(table, first, second) / scale.empty
    keep = (table.annotator[first] != table.annotator[second]) & (apart <= part.most(first) + ROUNDING)
    return _sorted(table, first[keep], second[keep], apart[keep])


def _sorted(table: SpanTable, first: Ints, second: Ints, apart: Floats) -> _Pairs:
    rows = len(table)
    keys = first * rows + second
    order = np.argsort(keys)
    first, second = first[order], second[order]
    differs = (table.label[first] != table.label[second]).astype(np.float64)
    begins = np.searchsorted(first, np.arange(rows + 1))
    return _Pairs(first, second, apart[order], differs, keys[order], begins)


def _worth_considering(part: _Part, pairs: _Pairs, is_exact: Bools) -> _Groups:
    """Every group that does not cost more than it would without one of its units, or than its units alone."""
    level = _Level(part.rows[:, np.newaxis], np.zeros((len(part.rows), 1)), np.zeros(len(part.rows)))
    width = int(part.people.max(initial=1))
    found = [_Groups(_wide(level.members, width), np.ones(len(level.members)))]
    for _ in range(width - 1):
        level = _extended(part, pairs, _few(part, level, pairs, is_exact))
        keep = _is_worth(part, level)
        cost = _cost(part, level)[keep] + _TIE * level.differs[keep]
        found.append(_Groups(_wide(level.members[keep], width), cost))
    return _Groups(np.concatenate([one.members for one in found]), np.concatenate([one.cost for one in found]))


class _Level(NamedTuple):
    """Groups of k units: ``members`` (groups, k); ``apart`` (groups, k), summed d of each to the others, in Δ∅;
    ``differs`` (groups,), how many pairs differ in label."""

    members: Ints
    apart: Floats
    differs: Floats


def _cost(part: _Part, level: _Level) -> Floats:
    size = level.members.shape[1]
    pairs = size * (size - 1) / 2
    return np.asarray(1 + (level.apart.sum(axis=1) / 2 - pairs) / part.pairs_of_people(level.members[:, 0]))


def _is_worth(part: _Part, level: _Level) -> Bools:
    size = level.members.shape[1]
    most = part.pairs_of_people(level.members[:, 0]) + size - 1
    is_worth = (level.apart <= most[:, np.newaxis] + ROUNDING).all(axis=1)
    return np.asarray(is_worth & (_cost(part, level) <= size + ROUNDING))


def _extended(part: _Part, pairs: _Pairs, level: _Level) -> _Level:
    """The groups with one more unit, of a later annotator, that is near to all members."""
    last = level.members[:, -1]
    counts = pairs.begins[last + 1] - pairs.begins[last]
    group = np.repeat(np.arange(len(last)), counts)
    at = np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts) + pairs.begins[last[group]]
    new = pairs.second[at]
    apart = np.column_stack([level.apart[group], np.zeros(len(group))])
    differs, keep = level.differs[group].copy(), np.ones(len(group), dtype=np.bool_)
    for place in range(level.members.shape[1]):
        found, is_near = pairs.find(level.members[group, place], new) if len(group) else (group, keep)
        apart[:, place] += pairs.apart[found]
        apart[:, -1] += pairs.apart[found]
        differs += pairs.differs[found]
        keep &= is_near
    members = np.column_stack([level.members[group], new])
    keep &= (apart <= part.most(members[:, 0])[:, np.newaxis] + ROUNDING).all(axis=1)
    return _Level(members[keep], apart[keep], differs[keep])


def _few(part: _Part, level: _Level, pairs: _Pairs, is_exact: Bools) -> _Level:
    """The groups, but of documents that would have too many larger ones only the cheapest, which is not exact."""
    last, document = level.members[:, -1], part.table.document[level.members[:, 0]]
    order = np.lexsort((_cost(part, level), document))
    counts = (pairs.begins[last + 1] - pairs.begins[last])[order]
    before = np.cumsum(counts) - counts
    document = document[order]
    within = before - before[np.searchsorted(document, document)] if len(order) else before
    is_too_many = within > _GROUPS
    is_exact[document[is_too_many]] = False
    keep = np.sort(order[~is_too_many])
    return _Level(*(column[keep] for column in level))
