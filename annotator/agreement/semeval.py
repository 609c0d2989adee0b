"""One annotator's spans held against another's who counts as right: the counts of SemEval-2013, and averages of F1.

Segura-Bedmar, Martínez & Herrero-Zazo 2013, SemEval-2013 Task 9, 341–350 (task 9.1); the ways are those of the MUC-5
scorer (Chinchor & Sundheim 1993, MUC-5, 69–78). Only documents that both annotated count.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from annotator.agreement.contacts import Contacts, find_contacts
from annotator.agreement.matching import best_first
from annotator.agreement.shapes import Bools, Floats, Ints, SpanTable


class SemevalWay(StrEnum):
    """In what sense a span of the response is as in the reference."""

    STRICT = "strict"
    """The same text and label."""
    EXACT = "exact"
    """The same text, whatever the label."""
    PARTIAL = "partial"
    """The same text or, by half, text that overlaps; whatever the label."""
    ENT_TYPE = "ent_type"
    """Text that overlaps, and the same label."""


class Average(StrEnum):
    """How labels come together in `averaged_f1`."""

    MICRO = "micro"
    """All spans are counted as of one label."""
    MACRO = "macro"
    """Every label that either marked weighs the same."""
    WEIGHTED = "weighted"
    """A label weighs what spans of it the reference has."""


@dataclass(frozen=True, slots=True)
class SemevalCounts:
    """How many spans of the response are as in the reference, in one way.

    ``correct``, ``incorrect`` and ``partial`` spans have a match, ``missing`` ones of the reference and ``spurious``
    ones of the response have none. Figures are None where they would divide by nothing.
    """

    correct: int
    incorrect: int
    partial: int
    missing: int
    spurious: int

    @property
    def possible(self) -> int:
        """How many spans the reference has."""
        return self.correct + self.incorrect + self.partial + self.missing

    @property
    def actual(self) -> int:
        """How many spans the response has."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def precision(self) -> float | None:
        """The share of the response that is right, partial ones by half."""
        return self._credit / self.actual if self.actual else None

    @property
    def recall(self) -> float | None:
        """The share of the reference that was found, partial ones by half."""
        return self._credit / self.possible if self.possible else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; 0 if just one of the two has spans."""
        both = self.actual + self.possible
        return 2 * self._credit / both if both else None

    @property
    def _credit(self) -> float:
        return self.correct + self.partial / 2


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1; all None where neither marked anything."""

    precision: float | None
    recall: float | None
    f1: float | None


def semeval_counts(table: SpanTable, reference: int, response: int) -> dict[SemevalWay, SemevalCounts]:
    """The counts of all four ways for two annotators, given by their numbers in ``table.annotators``.

    Each span has one match at most, the same in all ways: first spans with the same text and label are matched, then
    those with the same text, then those that overlap, the most text shared first (`matching.best_first`). Where spans
    overlap several, `nervaluate` goes by the order of the response and may give away the span that a later one equals;
    it has the same counts where every span overlaps one at most.
    Raises ValueError if both are the same annotator, IndexError if there is no such annotator.
    """
    spans = _compared(table, reference, response)
    contacts = spans.contacts
    matched = contacts.where(best_first(spans.table, contacts))
    is_alike = spans.table.label[matched.first] == spans.table.label[matched.second]
    missing, spurious = int(spans.of_reference.sum()) - len(matched), int(spans.of_response.sum()) - len(matched)

    def counted(is_correct: Bools) -> tuple[int, int]:
        correct = int(np.count_nonzero(is_correct))
        return correct, len(matched) - correct

    strict, exact, alike = counted(matched.is_same & is_alike), counted(matched.is_same), counted(is_alike)
    return {
        SemevalWay.STRICT: SemevalCounts(*strict, 0, missing, spurious),
        SemevalWay.EXACT: SemevalCounts(*exact, 0, missing, spurious),
        SemevalWay.PARTIAL: SemevalCounts(exact[0], 0, exact[1], missing, spurious),
        SemevalWay.ENT_TYPE: SemevalCounts(*alike, 0, missing, spurious),
    }


def label_scores(table: SpanTable, reference: int, response: int) -> dict[str, Scores]:
    """Strict precision, recall and F1 of each label that either marked; 0 where they divide by nothing.

    Errors are those of `semeval_counts`.
    """
    tallies = _label_tallies(_compared(table, reference, response))
    figures = zip(*(column.tolist() for column in _figures(*tallies)), strict=True)
    used = np.flatnonzero(tallies[1] + tallies[2])
    return {table.labels[at]: Scores(*one) for at, one in zip(used.tolist(), figures, strict=True)}


def averaged_f1(table: SpanTable, reference: int, response: int, average: Average) -> Scores:
    """Strict precision, recall and F1, averaged over the labels that either marked, as `seqeval` does by default.

    A label counts 0 where its figure divides by nothing: its precision if the response does not have it, its recall
    if the reference does not. F1 is the average of the labels' F1, not made of the other two averages.
    Errors are those of `semeval_counts`.
    """
    correct, possible, actual = _label_tallies(_compared(table, reference, response))
    if not (possible + actual).any():
        return Scores(None, None, None)
    if average == Average.MICRO:
        correct, possible, actual = (column.sum(keepdims=True) for column in (correct, possible, actual))
    figures = _figures(correct, possible, actual)
    used = possible + actual > 0
    weights = possible[used] if average == Average.WEIGHTED else np.ones(np.count_nonzero(used), dtype=np.int64)
    total = max(int(weights.sum()), 1)
    precision, recall, f1 = (float(weights @ column) / total for column in figures)
    return Scores(precision, recall, f1)


@dataclass(frozen=True, eq=False, slots=True)
class _Compared:
    """The spans of both in documents that both annotated; columns have shape (spans,)."""

    table: SpanTable
    of_reference: Bools
    of_response: Bools

    @property
    def contacts(self) -> Contacts:
        return find_contacts(self.table)


def _compared(table: SpanTable, reference: int, response: int) -> _Compared:
    if reference == response:
        raise ValueError("an annotator is not compared with themselves")
    both = table.is_annotated[:, reference] & table.is_annotated[:, response]
    is_either = (table.annotator == reference) | (table.annotator == response)
    rows = table.rows(is_either & both[table.document])
    return _Compared(rows, rows.annotator == reference, rows.annotator == response)


def _label_tallies(spans: _Compared) -> tuple[Ints, Ints, Ints]:
    """Spans found with text and label, of the reference, of the response: each of shape (labels,)."""
    table, contacts = spans.table, spans.contacts
    is_found = contacts.is_same & (table.label[contacts.first] == table.label[contacts.second])
    columns = (table.label[contacts.first[is_found]], table.label[spans.of_reference], table.label[spans.of_response])
    correct, possible, actual = (np.bincount(column, minlength=len(table.labels)) for column in columns)
    return correct, possible, actual


def _figures(correct: Ints, possible: Ints, actual: Ints) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 of the labels that either has; 0 where they divide by nothing."""
    used = possible + actual > 0
    correct, possible, actual = correct[used], possible[used], actual[used]
    return (
        correct / np.maximum(actual, 1),
        correct / np.maximum(possible, 1),
        2 * correct / (possible + actual),
    )
