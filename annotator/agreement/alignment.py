"""Which units of several annotators belong together: the alignment with the least disorder, found exactly.

Mathet, Widlöcher & Métivier 2015, Computational Linguistics 41(3), 437–479, section 4 and 5.1. A unitary alignment
takes at most one unit of each annotator; an alignment puts every unit in one of them. With n annotators and k units
that belong together it costs, in units of Δ∅, 1 + Σ (d - 1) / C(n, 2) over the pairs of these units: a pair of which
one or both are missing costs Δ∅. To find the cheapest alignment is to choose from all groups of units that could be
worth their cost a partition: n = 2 is an assignment, more is not solvable in steps that could be foretold.

The way here: every unit is given a price such that no group costs less than its units (a feasible solution of the dual
of the linear relaxation, so that the prices sum to a lower bound). What a group costs above them is its excess. The
partition is then sought along the text, over sets of units already taken, only with groups and sums of excess within a
bound; if there is none, the bound is raised. What is found first within a bound is the best.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from annotator.agreement.contacts import Pieces, overlapping
from annotator.agreement.shapes import Bools, Floats, Ints, SpanTable

NOBODY = -1
"""In `Alignment.rows`: this annotator has no unit here."""

_ROUNDING = 1e-9
_TIE = 1e-9
_GROUPS = 150_000
_STATES, _BEAM = 8_000, 150
_ROWS_AT_ONCE = 8_000
_NEAR = 1.0
_STEPS = 12
_PASSES = (
    ((0.3, 0.1, 0.03, 0.01), 12, (0.05, 0.15, 0.5)),
    ((0.01, 0.003, 0.001, 0.0003), 150, (0.02, 0.05, 0.15, 0.3, 0.6, 1.2, np.inf)),
)
"""Of a search: heats and steps to find prices with, then bounds to search within; the last has none."""


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
    cover = _Cover(members, groups.cost, len(order))
    chosen, cut_short = _Search(cover, part.table.annotator[order]).best()
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
    keep = (table.annotator[first] != table.annotator[second]) & (apart <= part.most(first) + _ROUNDING)
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
    is_worth = (level.apart <= most[:, np.newaxis] + _ROUNDING).all(axis=1)
    return np.asarray(is_worth & (_cost(part, level) <= size + _ROUNDING))


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
    keep &= (apart <= part.most(members[:, 0])[:, np.newaxis] + _ROUNDING).all(axis=1)
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


class _Cover:
    """Groups as members and costs, and prices of units 0 … ``units`` - 1; every array of prices ends with a 0.

    ``members``, (groups, most members), is sorted within rows and filled up with ``units``; ``cost`` is (groups,).
    """

    def __init__(self, members: Ints, cost: Floats, units: int) -> None:
        self.members, self.cost, self.units = members, cost, units
        self._columns = [np.ascontiguousarray(column) for column in members.T]
        self.size = np.count_nonzero(members < units, axis=1)
        group, place = np.nonzero(members < units)
        held = members[group, place]
        order = np.argsort(held, kind="stable")
        self._group = group[order]
        self._held, self._begins = np.unique(held[order], return_index=True)

    def only(self, keep: Bools) -> _Cover:
        """The cover by those groups where ``keep``, of shape (groups,), is true; units may be left without."""
        return _Cover(self.members[keep], self.cost[keep], self.units)

    def excess(self, prices: Floats) -> Floats:
        """What each group costs above its units, shape (groups,)."""
        excess = self.cost.copy()
        for column in self._columns:
            excess -= prices[column]
        return excess

    def first_prices(self) -> Floats:
        """Each unit's least share of the cost of a group: feasible, and a beginning."""
        prices = np.zeros(self.units + 1)
        prices[self._held] = self._least(self.cost / self.size)
        return prices

    def cooled(self, prices: Floats, heats: tuple[float, ...], steps: int) -> Floats:
        """Prices near those whose sum is greatest; they need not be feasible.

        They solve the relaxation smoothed by entropy, and are found by scaling all at once (Darroch & Ratcliff 1972,
        Annals of Mathematical Statistics 43(5), 1470–1480), ``steps`` times at each of the falling ``heats``.
        """
        prices, widest = prices.copy(), float(self.size.max(initial=1))
        for heat in heats:
            for _ in range(steps):
                demand = np.exp(np.clip(self.excess(prices) / -heat, -50, 50))
                prices[self._held] -= heat / widest * np.log(np.add.reduceat(demand[self._group], self._begins))
        return prices

    def feasible(self, prices: Floats) -> Floats:
        """Prices lowered until no group costs less than its units, then raised as far as all can be at once."""
        prices = prices.copy()
        prices[self._held] += np.minimum(self._least(self.excess(prices) / self.size), 0)
        for _ in range(_STEPS):
            prices[self._held] += np.maximum(self._least(self.excess(prices) / self.size), 0)
        return prices

    def _least(self, values: Floats) -> Floats:
        """For each unit that is in a group the least value of its groups."""
        return np.asarray(np.minimum.reduceat(values[self._group], self._begins) if len(values) else values)


class _Search:
    """The cheapest partition of the units of a cover, which stand in the order of the text.

    Groups of one unit are among the groups. ``annotator`` has shape (units,).
    """

    def __init__(self, cover: _Cover, annotator: Ints) -> None:
        self._cover, self._annotator = cover, annotator
        self._begins = self._stretches()
        self._stretch = np.searchsorted(self._begins, cover.members[:, 0], "right") - 1
        self._is_waiting = np.ones(len(self._begins), dtype=np.bool_)
        self._chosen: list[int] = []
        self._cut_short: list[int] = []

    def best(self) -> tuple[Ints, Ints]:
        """The chosen groups, and units in those stretches of text where the search was cut short."""
        prices = self._cover.first_prices()
        for heats, steps, bounds in _PASSES:
            if not self._is_waiting.any():
                break
            is_open = self._is_waiting[self._stretch]
            is_near = is_open & ((self._cover.excess(prices) <= _NEAR) | (self._cover.size == 1))
            prices = self._cover.only(is_near).cooled(prices, heats, steps)
            prices = self._cover.only(is_open).feasible(prices)
            excess = self._cover.excess(prices)
            for bound in bounds:
                self._search(excess, bound)
            self._assign()
        return np.array(self._chosen, dtype=np.int64), np.array(self._cut_short, dtype=np.int64)

    def _stretches(self) -> Ints:
        """The first units of stretches of text: no group holds units of two."""
        cover = self._cover
        reach = np.arange(cover.units)
        np.maximum.at(reach, cover.members[:, 0], cover.members[np.arange(len(cover.size)), cover.size - 1])
        reach = np.maximum.accumulate(reach)
        return np.flatnonzero(np.arange(cover.units) > np.concatenate([[-1], reach[:-1]]))

    def _search(self, excess: Floats, bound: float) -> None:
        """Walk along the waiting stretches, with groups within the bound; some may wait for a higher one."""
        members, units = self._cover.members, self._cover.units
        groups = np.flatnonzero(self._is_waiting[self._stretch] & (excess <= bound))
        groups = groups[np.lexsort((excess[groups], members[groups, 0]))]
        masks, over, numbers = self._masks(groups), excess[groups].tolist(), groups.tolist()
        places = np.searchsorted(members[groups, 0], np.arange(units + 1)).tolist()
        edges = [*self._begins.tolist(), units]
        for number in np.flatnonzero(self._is_waiting).tolist():
            walk = _Walk(bound + _ROUNDING)
            for unit in range(edges[number], edges[number + 1]):
                part = slice(places[unit], places[unit + 1])
                if not walk.step(masks[part], over[part], numbers[part]):
                    break
            self._keep(number, walk.found())

    def _keep(self, number: int, found: _Found | None) -> None:
        if found is not None:
            self._is_waiting[number] = False
            self._chosen.extend(found.groups)
            self._cut_short.extend([] if found.is_exact else [int(self._begins[number])])

    def _masks(self, groups: Ints) -> list[int]:
        """Each group's members as bits, of which bit 0 is its first."""
        members = self._cover.members[groups]
        offsets = np.where(members < self._cover.units, members - members[:, :1], 0)
        if offsets.max(initial=0) < 62:
            return list(np.bitwise_or.reduce(np.int64(1) << offsets, axis=1).tolist())
        return [sum(1 << offset for offset in set(row)) for row in offsets.tolist()]

    def _assign(self) -> None:
        """Solve as assignments what waits of two annotators."""
        edges = [*self._begins.tolist(), self._cover.units]
        for number in np.flatnonzero(self._is_waiting).tolist():
            side = self._annotator[edges[number] : edges[number + 1]]
            if len(np.unique(side)) == 2:
                groups = np.flatnonzero(self._stretch == number)
                members = self._cover.members[groups, :2] - edges[number]
                chosen = _assigned(members, self._cover.cost[groups], side == side[0])
                self._keep(number, _Found(groups[chosen].tolist(), True))


class _Found(NamedTuple):
    groups: list[int]
    is_exact: bool


_Trail = tuple[int, "_Trail | None"]
_States = dict[int, tuple[float, "_Trail | None"]]


class _Walk:
    """A search along the text for the groups of least summed excess that hold every unit once.

    A state is the units from here on that are taken already, as bits; of all ways to it the cheapest is kept, if it
    is within ``bound``. If there are too many, the search gives up; without bound it goes on with the cheapest.
    """

    def __init__(self, bound: float) -> None:
        self._bound, self._is_last = bound, bound == float("inf")
        self._states: _States = {0: (0.0, None)}
        self._dropped = float("inf")

    def step(self, masks: list[int], excess: list[float], numbers: list[int]) -> bool:
        """Take the next unit, with the groups of which it is the first, sorted by excess. False if it gives up."""
        following: _States = {}
        for taken, (cost, trail) in self._states.items():
            if taken & 1:
                held = following.get(taken >> 1)
                if held is None or cost < held[0]:
                    following[taken >> 1] = (cost, trail)
                continue
            for mask, over, number in zip(masks, excess, numbers, strict=True):
                total = cost + over
                if total > self._bound:
                    break
                if not taken & mask:
                    state = (taken | mask) >> 1
                    held = following.get(state)
                    if held is None or total < held[0]:
                        following[state] = (total, (number, trail))
        if len(following) > (_BEAM if self._is_last else _STATES):
            following = self._cheapest(following) if self._is_last else {}
        self._states = following
        return bool(following)

    def found(self) -> _Found | None:
        """After the last unit: the best groups, or None if there are none within the bound or it gave up."""
        if 0 not in self._states:
            return None
        cost, trail = self._states[0]
        groups = []
        while trail is not None:
            groups.append(trail[0])
            trail = trail[1]
        return _Found(groups, cost <= self._dropped + _ROUNDING)

    def _cheapest(self, states: _States) -> _States:
        ranked = sorted(states.items(), key=lambda item: item[1][0])
        self._dropped = min(self._dropped, ranked[_BEAM][1][0])
        return dict(ranked[:_BEAM])


def _assigned(members: Ints, cost: Floats, is_left: Bools) -> Ints:
    """The groups of an assignment of least cost between two sides, by shortest augmenting paths.

    ``members``, (groups, 2), are units 0 …, the second beyond the last if there is none; ``is_left`` (units,) says of
    which side they are. (Kuhn 1955, Naval Research Logistics Quarterly 2, 83–97; Tomizawa 1971, Networks 1, 173–194.)
    """
    units = len(is_left)
    place = np.where(is_left, np.cumsum(is_left), np.cumsum(~is_left)) - 1
    lefts, rights = int(is_left.sum()), int((~is_left).sum())
    pair = np.flatnonzero(members[:, 1] < units)
    swap = is_left[members[pair, 1]]
    left = place[np.where(swap, members[pair, 1], members[pair, 0])]
    right = place[np.where(swap, members[pair, 0], members[pair, 1])]
    # Alone, a unit of either side costs 1: a pair saves its right unit's, and each left one may stay alone.
    matrix = np.full((lefts, rights + lefts), 3.0)
    matrix[:, rights:] = 1.0
    matrix[left, right] = cost[pair] - 1
    holder = _matched(matrix)
    is_pair = np.zeros(len(members), dtype=np.bool_)
    is_pair[pair] = holder[right] == left
    together = members[is_pair].ravel()
    return np.flatnonzero(is_pair | ((members[:, 1] >= units) & ~np.isin(members[:, 0], together)))


def _matched(matrix: Floats) -> Ints:
    """Which row takes each column, or -1, if every row takes one and the sum is least; rows <= columns."""
    rows, columns = matrix.shape
    holder, row_price, price = np.full(columns, -1), np.zeros(rows), np.zeros(columns)
    for row in range(rows):
        least, came = np.full(columns, np.inf), np.full(columns, -1)
        is_done = np.zeros(columns, dtype=np.bool_)
        here, at, length = row, -1, 0.0
        while here >= 0:
            way = length + matrix[here] - row_price[here] - price
            is_shorter = (way < least) & ~is_done
            least[is_shorter], came[is_shorter] = way[is_shorter], at
            at = int(np.argmin(np.where(is_done, np.inf, least)))
            length, is_done[at] = float(least[at]), True
            here = int(holder[at])
        done = np.flatnonzero(is_done)
        taken = done[holder[done] >= 0]
        row_price[holder[taken]] += length - least[taken]
        row_price[row] += length
        price[done] -= length - least[done]
        while at >= 0:
            holder[at] = holder[came[at]] if came[at] >= 0 else row
            at = int(came[at])
    return holder
