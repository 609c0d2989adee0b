"""What one annotator calls what another calls otherwise, or not at all: a matrix of labels and "nothing"."""

from __future__ import annotations

import numpy as np

from annotator.agreement.contacts import Contacts, find_contacts
from annotator.agreement.matching import best_first, ends
from annotator.agreement.shapes import Bools, Ints, SpanTable

NOTHING = "nothing"
"""The last row and column: the other annotator has no span there."""


def count_confusions(table: SpanTable) -> Ints:
    """How often two annotators said what of the same place, over all pairs; shape (labels + 1, labels + 1).

    Spans of a pair are matched one to one, the same text first, then those that overlap most; what is left met
    nothing, the last row and column. Each meeting is counted in both directions, so that the matrix is symmetric and
    does not depend on the order of annotators. Only documents that both annotated count.
    """
    contacts = find_contacts(table)
    chosen = best_first(table, contacts)
    counts = np.zeros((len(table.labels) + 1, len(table.labels) + 1), dtype=np.int64)
    first, second = contacts.first[chosen], contacts.second[chosen]
    np.add.at(counts, (table.label[first], table.label[second]), 1)
    for label, times in zip(*_unmatched(table, contacts, chosen), strict=True):
        counts[label, -1] += times
    return np.asarray(counts + counts.T)


def _unmatched(table: SpanTable, contacts: Contacts, chosen: Bools) -> tuple[Ints, Ints]:
    """Labels of the spans and how many annotators of the same document have none that matches."""
    annotated = table.is_annotated.sum(axis=1)
    is_counted = table.is_annotated[table.document, table.annotator]
    met = np.zeros(len(table), dtype=np.int64)
    for numbers in ends(table, contacts):
        met += np.bincount(numbers[chosen] // max(len(table.annotators), 1), minlength=len(table))
    return table.label, (annotated[table.document] - 1 - met) * is_counted
