"""Spans as units of a continuum: what coefficients of unitizing suppose, and how many spans had to be changed for it.

A continuum is cut into units and gaps by each annotator anew; units of one annotator and category never overlap. Here
it is all documents that two annotators or more annotated, each annotator's in those that they annotated; no unit and
no gap goes from one document into the next, so that the order of documents does not matter. No coefficient is known
here, see `unitizing`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from annotator.agreement.contacts import piece_starts, running_end, span_pieces
from annotator.agreement.shapes import Bools, Ints, SpanTable


@dataclass(frozen=True, slots=True)
class Changes:
    """What was done to spans so that they are units.

    ``parted`` spans in several pieces: each piece is a unit of its own. ``empty`` pieces cover no text and are left
    out. ``merged``: how many units there are fewer because those of one annotator and label that overlap are one unit
    (those that only touch remain two).
    """

    parted: int = 0
    empty: int = 0
    merged: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Units:
    """The units of a table, as a table: its rows are units, as sorted as spans are; its documents are all documents.

    In ``table.is_annotated`` nobody is counted in a document that fewer than two annotated. ``people`` and ``lengths``,
    of shape (documents,), are how many annotators are counted in a document and how long it is, 0 and 0 if it does not
    count. ``crossing``: how many units begin within one of the same annotator with another label.
    """

    table: SpanTable
    people: Ints
    lengths: Ints
    crossing: int
    changes: Changes

    def __len__(self) -> int:
        return len(self.table)


def find_units(table: SpanTable) -> Units:
    """The units of ``table``, and what was changed (see `Changes`)."""
    people = table.is_annotated.sum(axis=1)
    counts = people >= 2
    is_annotated = table.is_annotated & counts[:, np.newaxis]
    rows = np.flatnonzero(is_annotated[table.document, table.annotator])
    cut = _cut(table, rows)
    full = cut.rows(cut.end > cut.start)
    units = _sorted(_merged(full))
    changes = Changes(int(np.count_nonzero(table.shape[rows])), len(cut) - len(full), len(full) - len(units))
    units = replace(units, is_annotated=is_annotated)
    return Units(units, np.where(counts, people, 0), np.where(counts, table.lengths, 0), _crossing(units), changes)


def _cut(table: SpanTable, rows: Ints) -> SpanTable:
    """Every piece of these rows as a row, in no order."""
    pieces = span_pieces(table, rows)
    owner, start = pieces.owner, piece_starts(table, pieces)
    return replace(
        table, document=table.document[owner], annotator=table.annotator[owner], label=table.label[owner],
        start=start, end=start + pieces.end - pieces.start, shape=np.zeros_like(owner), shapes=((),),
    )  # fmt: skip


def _merged(table: SpanTable) -> SpanTable:
    """Rows of one document, annotator and label that overlap, as one row."""
    group = _whose(table) * max(len(table.labels), 1) + table.label
    order = np.lexsort((table.start, group))
    group, start, reach = group[order], table.start[order], running_end(group[order], table.end[order])
    first = np.flatnonzero(~_begins_within(group, start, reach))
    last = np.append(first[1:], len(start)) - 1 if len(first) else first
    return replace(_at(table, order[first]), end=reach[last])


def _sorted(table: SpanTable) -> SpanTable:
    return _at(table, np.lexsort((table.label, table.end, table.start, table.annotator, table.document)))


def _at(table: SpanTable, rows: Ints) -> SpanTable:
    """These rows in this order."""
    return replace(
        table, document=table.document[rows], annotator=table.annotator[rows], start=table.start[rows],
        end=table.end[rows], label=table.label[rows], shape=table.shape[rows],
    )  # fmt: skip


def _crossing(table: SpanTable) -> int:
    group = _whose(table)
    return int(np.count_nonzero(_begins_within(group, table.start, running_end(group, table.end))))


def _whose(table: SpanTable) -> Ints:
    """A number for each document and annotator."""
    return table.document * max(len(table.annotators), 1) + table.annotator


def _begins_within(group: Ints, start: Ints, reach: Ints) -> Bools:
    """Whether a row begins before one above it in its group ends."""
    within = np.zeros(len(start), dtype=np.bool_)
    within[1:] = (group[1:] == group[:-1]) & (start[1:] < reach[:-1])
    return within
