"""Which span of one annotator answers which of another: one to one, as many as possible or the best first.

Both work on contacts (`contacts`) of all documents and all pairs of annotators at once. The spans of one annotator
meet those of each other one anew, so an end of a match is a span *towards an annotator*, see `ends`.
"""

from __future__ import annotations

import numpy as np

from annotator.agreement.contacts import Contacts
from annotator.agreement.shapes import Bools, Ints, SpanTable


def ends(table: SpanTable, contacts: Contacts) -> tuple[Ints, Ints]:
    """A number for both spans of each contact, different towards different annotators; each of shape (contacts,)."""
    people = len(table.annotators)
    first = contacts.first * people + table.annotator[contacts.second]
    return first, contacts.second * people + table.annotator[contacts.first]


def largest(table: SpanTable, contacts: Contacts) -> Bools:
    """Of shape (contacts,): a one-to-one matching of as many spans as can be.

    A span with a single contact can always be given it (Karp and Sipser 1981, FOCS, 364–375), which is done for all
    such spans at once until there are none. What remains, spans that overlap several of the same label which do so
    too, is seldom, and is matched by augmenting paths (Berge 1957, PNAS 43(9), 842–844).
    """
    chosen = np.zeros(len(contacts), dtype=np.bool_)
    first, second = ends(table, contacts)
    alive = np.arange(len(contacts))
    while len(alive):
        one, other = _places(first[alive]), _places(second[alive])
        single = (np.bincount(one)[one] == 1) | (np.bincount(other)[other] == 1)
        if not single.any():
            chosen[alive[_augmented(one.tolist(), other.tolist())]] = True
            break
        take = np.flatnonzero(single)
        take = take[_foremost(one[take]) & _foremost(other[take])]
        chosen[alive[take]] = True
        alive = alive[~np.isin(one, one[take]) & ~np.isin(other, other[take])]
    return chosen


def best_first(table: SpanTable, contacts: Contacts) -> Bools:
    """Of shape (contacts,): the best contact is matched, then the best of spans yet unmatched, and so on.

    Best is: the same text; else the most text shared; else the same label; else the nearer ends; else what stands
    first in the text.
    """
    keys = _preference(table, contacts)
    chosen = np.zeros(len(contacts), dtype=np.bool_)
    first, second = ends(table, contacts)
    alive = np.lexsort(keys[::-1])
    while len(alive):
        take = alive[_foremost(first[alive]) & _foremost(second[alive])]
        chosen[take] = True
        alive = alive[~np.isin(first[alive], first[take]) & ~np.isin(second[alive], second[take])]
    return chosen


def _preference(table: SpanTable, contacts: Contacts) -> tuple[Ints, ...]:
    first, second = contacts.first, contacts.second
    distance = abs(table.start[first] - table.start[second]) + abs(table.end[first] - table.end[second])
    differs = (table.label[first] != table.label[second]).astype(np.int64)
    begins = table.start[first] + table.start[second]
    is_other = (~contacts.is_same).astype(np.int64)
    return is_other, -contacts.shared, differs, distance, begins, first, second


def _places(numbers: Ints) -> Ints:
    return np.unique(numbers, return_inverse=True)[1]


def _foremost(numbers: Ints) -> Bools:
    """Where a number stands for the first time."""
    is_first = np.zeros(len(numbers), dtype=np.bool_)
    is_first[np.unique(numbers, return_index=True)[1]] = True
    return is_first


def _augmented(first: list[int], second: list[int]) -> list[int]:
    """Places of the edges of a largest matching of the two-sided graph whose edges are (first[k], second[k])."""
    edges: dict[int, list[int]] = {}
    for place, node in enumerate(first):
        edges.setdefault(node, []).append(place)
    taken: dict[int, int] = {}
    for node in edges:
        _augment(node, edges, first, second, taken)
    return list(taken.values())


def _augment(
    root: int, edges: dict[int, list[int]], first: list[int], second: list[int], taken: dict[int, int]
) -> None:
    """Find a way from the unmatched ``root`` to an unmatched span of the other side, and swap along it."""
    reached: dict[int, int | None] = {root: None}
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        for place in edges[waiting.pop()]:
            if second[place] in seen:
                continue
            seen.add(second[place])
            holder = taken.get(second[place])
            if holder is None:
                _swap(place, reached, first, second, taken)
                return
            reached[first[holder]] = place
            waiting.append(first[holder])


def _swap(
    place: int | None, reached: dict[int, int | None], first: list[int], second: list[int], taken: dict[int, int]
) -> None:
    while place is not None:
        taken[second[place]] = place
        place = reached[first[place]]
