"""How many spans of two annotators agree, in several senses of agreeing, counted by document, pair and label.

Two annotators are compared only in documents that both annotated. It does not know what is made of the counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from annotator.agreement.contacts import Contacts, find_contacts, piece_starts, running_end, span_pieces
from annotator.agreement.matching import best_first, largest
from annotator.agreement.shapes import Floats, Ints, SpanTable


@dataclass(frozen=True, slots=True)
class Way:
    """A sense in which spans agree.

    ``credits(table, contacts)``, of shape (contacts,), is what each contact is worth, 0 for most; a contact counts for
    the label of its first span. ``has_labels``: the sense asks for the same label, so that it can be told by label.
    ``is_of_text``: not spans are counted but the text they cover, label by label.
    """

    name: str
    credits: Callable[[SpanTable, Contacts], Floats]
    has_labels: bool
    is_of_text: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class SpanCounts:
    """Counts of one way. ``agreed`` and ``marked`` have shape (documents, pairs, labels).

    ``agreed`` is the sum of credits; ``marked`` how many spans (or how much text) the two of the pair marked together,
    2 for one that both did: F1 is ``2 * agreed / marked``. ``pairs`` are the annotators' numbers, the smaller first.
    Without labels (see `Way`) the last axis has length 1.
    """

    pairs: tuple[tuple[int, int], ...]
    agreed: Floats
    marked: Floats


def pairs_of(table: SpanTable) -> tuple[tuple[int, int], ...]:
    """Pairs of annotators who both annotated some document."""
    both = table.is_annotated.astype(np.int64).T @ table.is_annotated.astype(np.int64)
    return tuple(pair for pair in combinations(range(len(table.annotators)), 2) if both[pair])


def count_spans(table: SpanTable, way: Way, contacts: Contacts | None = None) -> SpanCounts:
    """Count agreement in one way. ``contacts``, if they are known already, are those of ``table``."""
    if way.is_of_text:
        table = _as_covered_text(table)
        contacts = None
    contacts = find_contacts(table) if contacts is None else contacts
    pairs = pairs_of(table)
    labels = len(table.labels) if way.has_labels else 1
    shape = (len(table.documents), len(pairs), labels)
    credit = way.credits(table, contacts)
    weights = (table.end - table.start).astype(np.float64) if way.is_of_text else np.ones(len(table))
    label = table.label if way.has_labels else np.zeros_like(table.label)
    return SpanCounts(pairs, _agreed(table, contacts, credit, label, shape), _marked(table, weights, label, shape))


def _agreed(table: SpanTable, contacts: Contacts, credit: Floats, label: Ints, shape: tuple[int, int, int]) -> Floats:
    used = credit > 0
    first, second = contacts.first[used], contacts.second[used]
    pair = _pair_numbers(table)[table.annotator[first], table.annotator[second]]
    cells = np.ravel_multi_index((table.document[first], pair, label[first]), shape)
    return _counted(cells, credit[used], shape)


def _marked(table: SpanTable, weights: Floats, label: Ints, shape: tuple[int, int, int]) -> Floats:
    people = (shape[0], len(table.annotators), shape[2])
    cells = np.ravel_multi_index((table.document, table.annotator, label), people)
    by_annotator = _counted(cells, weights, people)
    marked = np.zeros(shape)
    for at, (one, other) in enumerate(pairs_of(table)):
        both = table.is_annotated[:, one] & table.is_annotated[:, other]
        marked[:, at] = (by_annotator[:, one] + by_annotator[:, other]) * both[:, np.newaxis]
    return marked


def _counted(cells: Ints, weights: Floats, shape: tuple[int, int, int]) -> Floats:
    sums = np.bincount(cells, weights, minlength=int(np.prod(shape))).reshape(shape)
    return np.asarray(sums, dtype=np.float64)  # of nothing they would be whole numbers


def _pair_numbers(table: SpanTable) -> Ints:
    """The place of a pair among `pairs_of`, shape (annotators, annotators)."""
    numbers = np.full((len(table.annotators), len(table.annotators)), -1, dtype=np.int64)
    for at, (one, other) in enumerate(pairs_of(table)):
        numbers[one, other] = at
    return numbers


def _same_label(table: SpanTable, contacts: Contacts) -> Floats:
    is_same = table.label[contacts.first] == table.label[contacts.second]
    return np.asarray(is_same, dtype=np.float64)


def _exact(table: SpanTable, contacts: Contacts) -> Floats:
    return np.where(contacts.is_same, _same_label(table, contacts), 0.0)


def _partial(table: SpanTable, contacts: Contacts) -> Floats:
    credit = np.zeros(len(contacts))
    alike = np.flatnonzero(_same_label(table, contacts))
    chosen = alike[best_first(table, contacts.where(_same_label(table, contacts) > 0))]
    credit[chosen] = np.where(contacts.is_same[chosen], 1.0, 0.5)
    return credit


def _type(table: SpanTable, contacts: Contacts) -> Floats:
    credit = np.zeros(len(contacts))
    alike = _same_label(table, contacts) > 0
    credit[np.flatnonzero(alike)[largest(table, contacts.where(alike))]] = 1
    return credit


def _boundary(table: SpanTable, contacts: Contacts) -> Floats:
    credit = np.zeros(len(contacts))
    credit[np.flatnonzero(contacts.is_same)[largest(table, contacts.where(contacts.is_same))]] = 1
    return credit


def _overlap(table: SpanTable, contacts: Contacts) -> Floats:
    return largest(table, contacts).astype(np.float64)


def _covered(table: SpanTable, contacts: Contacts) -> Floats:
    return contacts.shared * _same_label(table, contacts)


EXACT = Way("exact", _exact, has_labels=True)
PARTIAL = Way("partial", _partial, has_labels=True)
TYPE = Way("type", _type, has_labels=True)
BOUNDARY = Way("boundary", _boundary, has_labels=False)
OVERLAP = Way("overlap", _overlap, has_labels=False)
COVERED = Way("covered", _covered, has_labels=True, is_of_text=True)


def _as_covered_text(table: SpanTable) -> SpanTable:
    """The text that each annotator gave each label, as spans that do not overlap: a place counts once."""
    pieces = span_pieces(table, np.arange(len(table)))
    base = pieces.start - piece_starts(table, pieces)
    owner = pieces.owner
    group = (table.document[owner] * len(table.annotators) + table.annotator[owner]) * max(len(table.labels), 1)
    order = np.lexsort((pieces.start, group + table.label[owner]))
    group, owner = (group + table.label[owner])[order], owner[order]
    start, end, base = pieces.start[order], pieces.end[order], base[order]
    reach = running_end(group, end)
    is_new = np.ones(len(start), dtype=np.bool_)
    is_new[1:] = (group[1:] != group[:-1]) | (start[1:] > reach[:-1])
    first = np.flatnonzero(is_new)
    last = np.append(first[1:], len(start)) - 1 if len(first) else first
    kept = owner[first]
    merged = replace(
        table, document=table.document[kept], annotator=table.annotator[kept], label=table.label[kept],
        start=start[first] - base[first], end=reach[last] - base[first], shape=np.zeros_like(kept), shapes=((),),
    )  # fmt: skip
    return merged.rows(merged.end > merged.start)
