"""Which spans of two annotators touch: share text, or stand at the same offsets. It does not know what they say.

Spans are compared by their pieces: a discontinuous span touches only what one of its parts overlaps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.shapes import Bools, Ints, SpanTable


@dataclass(frozen=True, eq=False, slots=True)
class Contacts:
    """Pairs of rows of a `SpanTable`, one pair each place; all columns have shape (contacts,).

    ``first`` and ``second`` are rows of one document whose annotators both annotated it; the annotator of ``first``
    stands before that of ``second`` in the table. ``shared`` is how much text both cover, in the table's unit;
    ``is_same`` says that both cover exactly the same text.
    """

    first: Ints
    second: Ints
    shared: Ints
    is_same: Bools

    def __len__(self) -> int:
        return len(self.first)

    def where(self, keep: Bools) -> Contacts:
        """Only the contacts where ``keep``, of shape (contacts,), is true."""
        return Contacts(self.first[keep], self.second[keep], self.shared[keep], self.is_same[keep])


@dataclass(frozen=True, eq=False, slots=True)
class Pieces:
    """Intervals of text, sorted by where they begin: ``owner`` is whose, ``start`` and ``end`` count on over all
    documents, so that pieces of two documents never overlap. All of shape (pieces,)."""

    owner: Ints
    start: Ints
    end: Ints


def find_contacts(table: SpanTable) -> Contacts:
    """All pairs of spans of two annotators that share text or stand at the same offsets, in no promised order."""
    pieces = span_pieces(table, np.flatnonzero(table.is_annotated[table.document, table.annotator]))
    left, right = overlapping(pieces)
    shared = np.minimum(pieces.end[left], pieces.end[right]) - np.maximum(pieces.start[left], pieces.start[right])
    left, right = pieces.owner[left], pieces.owner[right]
    other = table.annotator[left] != table.annotator[right]
    left, right, shared = left[other], right[other], np.maximum(shared[other], 0)
    swap = table.annotator[left] > table.annotator[right]
    first, second = np.where(swap, right, left), np.where(swap, left, right)
    if len(table.shapes) > 1:
        first, second, shared = _summed(first, second, shared, len(table))
    is_same = (
        (table.start[first] == table.start[second])
        & (table.end[first] == table.end[second])
        & (table.shape[first] == table.shape[second])
    )
    return Contacts(first, second, shared, is_same).where(is_same | (shared > 0))


def span_pieces(table: SpanTable, rows: Ints) -> Pieces:
    """The pieces of these rows; ``owner`` is the row. A span in one piece is its own piece."""
    owner, start, end = rows, table.start[rows], table.end[rows]
    if len(table.shapes) > 1:
        owner, start, end = _in_parts(table, rows)
    base = table.document[owner] * _stride(table)
    order = np.argsort(base + start, kind="stable")
    return Pieces(owner[order], (base + start)[order], (base + end)[order])


def piece_starts(table: SpanTable, pieces: Pieces) -> Ints:
    """Where pieces begin in their own document: `Pieces` count on over all documents."""
    return pieces.start - table.document[pieces.owner] * _stride(table)


def running_end(group: Ints, end: Ints) -> Ints:
    """The furthest end so far within each group; groups stand together. Both of shape (pieces,)."""
    step = int(end.max(initial=0)) + 1
    number = np.cumsum(np.append(False, group[1:] != group[:-1]))[: len(end)]
    return np.asarray(np.maximum.accumulate(end + number * step) - number * step)


def overlapping(pieces: Pieces) -> tuple[Ints, Ints]:
    """Places of all pairs of pieces that overlap, the one that begins first first. Empty ones count as one long."""
    here = np.arange(len(pieces.owner))
    after = np.searchsorted(pieces.start, np.maximum(pieces.end, pieces.start + 1), "left")
    counts = after - here - 1
    left = np.repeat(here, counts)
    within = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, left + within + 1


def _stride(table: SpanTable) -> int:
    """How far apart documents begin where pieces of all of them are counted on."""
    return int(table.end.max(initial=0)) + 2


def _in_parts(table: SpanTable, rows: Ints) -> tuple[Ints, Ints, Ints]:
    parts = [shape or ((0, 0),) for shape in table.shapes]
    sizes = np.array([len(shape) for shape in parts])
    flat = np.array([part for shape in parts for part in shape], dtype=np.int64)
    begins = np.cumsum(sizes) - sizes
    shape = table.shape[rows]
    owner = np.repeat(rows, sizes[shape])
    within = np.arange(len(owner)) - np.repeat(np.cumsum(sizes[shape]) - sizes[shape], sizes[shape])
    part = flat[begins[table.shape[owner]] + within]
    is_whole = table.shape[owner] == 0
    start = table.start[owner] + part[:, 0]
    return owner, start, np.where(is_whole, table.end[owner], table.start[owner] + part[:, 1])


def _summed(first: Ints, second: Ints, shared: Ints, rows: int) -> tuple[Ints, Ints, Ints]:
    """One contact for each two spans, however many of their parts touch."""
    keys, which = np.unique(first * rows + second, return_inverse=True)
    sums = np.zeros(len(keys), dtype=np.int64)
    np.add.at(sums, which, shared)
    return keys // max(rows, 1), keys % max(rows, 1), sums
