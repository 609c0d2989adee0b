"""The cheapest partition of units into groups that cost something: found along the text, exactly where it can be.

Every unit is given a price such that no group costs less than its units (a feasible solution of the dual
of the linear relaxation, so that the prices sum to a lower bound). What a group costs above them is its excess. The
partition is then sought along the text, over sets of units already taken, only with groups and sums of excess within a
bound; if there is none, the bound is raised. What is found first within a bound is the best.

What a group is, and why it costs what it does, is not known here; see `alignment`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from annotator.agreement.shapes import Bools, Floats, Ints

ROUNDING = 1e-9
_STATES, _BEAM = 8_000, 150
_NEAR = 1.0
_STEPS = 12
_PASSES = (
    ((0.3, 0.1, 0.03, 0.01), 12, (0.05, 0.15, 0.5)),
    ((0.01, 0.003, 0.001, 0.0003), 150, (0.02, 0.05, 0.15, 0.3, 0.6, 1.2, np.inf)),
)
"""Of a search: heats and steps to find prices with, then bounds to search within; the last has none."""


class Cover:
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

    def only(self, keep: Bools) -> Cover:
        """The cover by those groups where ``keep``, of shape (groups,), is true; units may be left without."""
        return Cover(self.members[keep], self.cost[keep], self.units)

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


class Search:
    """The cheapest partition of the units of a cover, which stand in the order of the text.

    Groups of one unit are among the groups. ``annotator`` has shape (units,).
    """

    def __init__(self, cover: Cover, annotator: Ints) -> None:
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
            walk = _Walk(bound + ROUNDING)
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
        return _Found(groups, cost <= self._dropped + ROUNDING)

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
