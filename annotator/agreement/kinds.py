"""How spans of two annotators differ: missing, boundary, label, or both of these. Counted over pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.contacts import find_contacts
from annotator.agreement.matching import best_first, ends
from annotator.agreement.shapes import Ints, SpanTable


@dataclass(frozen=True, slots=True)
class Kinds:
    """Meetings of spans of two annotators, over all pairs. ``missing``: spans that met nothing.

    ``boundary``: the labels are the same, the ends not; ``label``: the other way about; ``both``: neither.
    """

    agreed: int
    missing: int
    boundary: int
    label: int
    both: int

    @property
    def differing(self) -> int:
        """All but what is agreed."""
        return self.missing + self.boundary + self.label + self.both


def count_kinds(table: SpanTable) -> Kinds:
    """Match spans of each two annotators one to one, the same text first, and count how they differ."""
    contacts = find_contacts(table)
    chosen = contacts.where(best_first(table, contacts))
    same_label = table.label[chosen.first] == table.label[chosen.second]
    counts = [
        int(np.count_nonzero(chosen.is_same & same_label)),
        int(_others_of_rows(table).sum()) - 2 * len(chosen),
        int(np.count_nonzero(~chosen.is_same & same_label)),
        int(np.count_nonzero(chosen.is_same & ~same_label)),
        int(np.count_nonzero(~chosen.is_same & ~same_label)),
    ]
    return Kinds(*counts)


def count_differences(table: SpanTable) -> Ints:
    """For each span, shape (spans,), how many annotators of its document do not have the same one."""
    contacts = find_contacts(table)
    agreed = contacts.is_same & (table.label[contacts.first] == table.label[contacts.second])
    same = contacts.where(agreed)
    people = max(len(table.annotators), 1)
    met = np.zeros(len(table), dtype=np.int64)
    for numbers in ends(table, same):
        met += np.bincount(np.unique(numbers) // people, minlength=len(table))
    return np.asarray(_others_of_rows(table) - met)


def _others_of_rows(table: SpanTable) -> Ints:
    """How many others annotated a span's document; 0 for spans that do not count."""
    is_counted = table.is_annotated[table.document, table.annotator]
    return np.asarray((table.is_annotated.sum(axis=1)[table.document] - 1) * is_counted, dtype=np.int64)
