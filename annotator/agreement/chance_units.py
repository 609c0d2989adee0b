"""Units as they would be by chance: real ones, moved along the text.

Mathet, Widlöcher & Métivier 2015, Computational Linguistics 41(3), section 5.2: for each annotator in turn take what
some annotator marked, cut the text at some place and swap both sides. Numbers, lengths, labels and the order of units
stay as they really are; where they stand does not, and who marked what has nothing to do with who else did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotator.agreement.alignment import unit_ends
from annotator.agreement.shapes import Bools, Floats, Ints, SpanTable

_TRIES = 50


@dataclass(frozen=True, eq=False, slots=True)
class ChanceUnits:
    """Draws documents of ``table`` as they would be by chance.

    ``documents`` are those to draw from, all annotated by somebody, and ``people`` all annotators, in the order in
    which chance counts them: if it is theirs, equal seeds draw the same however the table is ordered.
    """

    table: SpanTable
    documents: Sequence[int]
    people: Sequence[int]

    def draw(self, samples: int, generator: np.random.Generator) -> SpanTable:
        """A table of ``samples`` documents by chance, each of one that is drawn with replacement.

        In it, as many annotators as really annotated the document get the units of one of them, drawn with
        replacement, all moved by one shift, which is whole and even over the text; what is moved past the end goes on
        from the beginning, but a unit stays in one piece and may itself reach past the end. Any two shifts of a
        document are half the mean length of its units apart, as in the authors' program (the article says the whole
        mean), unless the text is too short for that.
        """
        drawn = np.asarray(self.documents)[generator.integers(len(self.documents), size=samples)]
        sources, is_there = self._sources(drawn, generator)
        return self._moved(drawn, sources, is_there, self._shifts(drawn, is_there, generator))

    def _sources(self, drawn: Ints, generator: np.random.Generator) -> tuple[Ints, Bools]:
        """Whose units each annotator gets, and who is there at all: (samples, annotators)."""
        people = np.asarray(self.people)
        is_annotated = self.table.is_annotated[:, people]
        counts = is_annotated.sum(axis=1)[drawn][:, np.newaxis]
        theirs = np.argsort(~is_annotated, axis=1, kind="stable")[drawn]
        chosen = generator.integers(counts, size=theirs.shape)
        return people[np.take_along_axis(theirs, chosen, axis=1)], np.arange(len(people)) < counts

    def _shifts(self, drawn: Ints, is_there: Bools, generator: np.random.Generator) -> Ints:
        """How far the units of each annotator are moved: (samples, annotators)."""
        size = np.maximum(self.table.lengths, 1)[drawn]
        apart = np.minimum(self._mean_lengths() / 2, np.maximum(self.table.lengths, 1))[drawn]
        shape = (len(drawn), len(self.people))
        shifts = generator.integers(size[:, np.newaxis], size=shape)
        for _ in range(_TRIES):
            again = np.flatnonzero(_least_gap(shifts, is_there, size) < apart)
            if not len(again):
                break
            shifts[again] = generator.integers(size[again, np.newaxis], size=(len(again), shape[1]))
        return shifts

    def _mean_lengths(self) -> Floats:
        starts, ends = unit_ends(self.table)
        size = len(self.table.documents)
        counted = np.bincount(self.table.document, minlength=size)
        return np.asarray(np.bincount(self.table.document, ends - starts, size) / np.maximum(counted, 1))

    def _moved(self, drawn: Ints, sources: Ints, is_there: Bools, shifts: Ints) -> SpanTable:
        table = self.table
        width = len(table.annotators)
        keys = table.document * width + table.annotator
        order = np.argsort(keys, kind="stable")
        sample, annotator = np.nonzero(is_there)
        wanted = drawn[sample] * width + sources[sample, annotator]
        begins = np.searchsorted(keys[order], wanted, "left")
        counts = np.searchsorted(keys[order], wanted, "right") - begins
        group = np.repeat(np.arange(len(wanted)), counts)
        row = order[begins[group] + np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)]
        shift = shifts[sample, annotator][group]
        start = (table.start[row] + shift) % np.maximum(table.lengths, 1)[table.document[row]]
        end = start + table.end[row] - table.start[row]
        return SpanTable(
            tuple(str(number) for number in range(len(drawn))), table.annotators, table.labels, table.lengths[drawn],
            is_there, sample[group], annotator[group], start, end, table.label[row], np.zeros_like(row),
            unit=table.unit,
        )  # fmt: skip


def _least_gap(shifts: Ints, is_there: Bools, size: Ints) -> Floats:
    """The least distance around the text between two shifts of each sample, shape (samples,)."""
    places = np.sort(np.where(is_there, shifts, np.inf), axis=1)
    with np.errstate(invalid="ignore"):
        steps = np.diff(places, axis=1)
    last = np.max(np.where(is_there, shifts, -1), axis=1)
    around = size - (last - places[:, 0])
    return np.asarray(np.minimum(np.min(steps, axis=1, initial=np.inf, where=np.isfinite(steps)), around))
