"""What is measured and what comes out: spans and ratings of several annotators as columns, and `Value`.

Everything here is numbers: documents, annotators and labels stand for themselves by their place in a tuple, so that a
coefficient is arithmetic on arrays. Who fills the columns (`annotator.workflows`) decides which documents, layers and
annotators take part.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MISSING = -1
"""In `Ratings.codes`: this annotator did not rate this item."""


class Unit(StrEnum):
    """In what the offsets of a `SpanTable` are counted."""

    CHAR = "char"
    """Code points."""
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Value:
    """One figure. ``value`` is None where it is undefined, and ``undefined_because`` then says why in words.

    ``low`` and ``high`` are the ends of its interval, if one was asked for and could be had. ``n`` is how much was
    counted: what is counted (items, spans, documents) the measure's definition says.
    """

    name: str
    value: float | None
    n: int = 0
    low: float | None = None
    high: float | None = None
    undefined_because: str = ""


def undefined(name: str, because: str, n: int = 0) -> Value:
    """A figure that does not exist, with the reason."""
    return Value(name, None, n, undefined_because=because)


@dataclass(frozen=True, eq=False, slots=True)
class SpanTable:
    """The spans of several annotators in several documents, as columns.

    ``lengths`` has shape (documents,), in ``unit``. ``is_annotated`` has shape (documents, annotators): who is to be
    counted in which document, whether they marked anything or not. The columns ``document``, ``annotator``, ``start``,
    ``end``, ``label``, ``shape`` have shape (spans,), sorted by document, annotator, start, end, label, shape; no two
    rows are equal. Offsets are half-open, ``[start, end)``, in ``unit``. ``shape`` is 0 for a span in one piece and
    otherwise says which pieces of ``[start, end)`` it covers: ``shapes[shape]`` are the parts, relative to ``start``;
    spans of equal shape at equal offsets cover the same text.
    """

    documents: tuple[str, ...]
    annotators: tuple[str, ...]
    labels: tuple[str, ...]
    lengths: Ints
    is_annotated: Bools
    document: Ints
    annotator: Ints
    start: Ints
    end: Ints
    label: Ints
    shape: Ints
    shapes: tuple[tuple[tuple[int, int], ...], ...] = ((),)
    unit: Unit = Unit.CHAR

    def __len__(self) -> int:
        return len(self.start)

    def rows(self, keep: Bools) -> SpanTable:
        """The table with only the spans where ``keep``, of shape (spans,), is true."""
        return SpanTable(
            self.documents, self.annotators, self.labels, self.lengths, self.is_annotated, self.document[keep],
            self.annotator[keep], self.start[keep], self.end[keep], self.label[keep], self.shape[keep], self.shapes,
            self.unit,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """One row on its way into a `SpanTable`; ``parts`` only for a span in several pieces (absolute offsets)."""

    document: int
    annotator: int
    start: int
    end: int
    label: int
    parts: tuple[tuple[int, int], ...] = ()


def span_table(
    documents: Sequence[str],
    annotators: Sequence[str],
    labels: Sequence[str],
    lengths: Sequence[int],
    spans: Iterable[MarkedSpan],
    is_annotated: Bools | None = None,
    unit: Unit = Unit.CHAR,
) -> SpanTable:
    """Build a `SpanTable`: rows sorted, equal rows once. Without ``is_annotated`` everybody is counted everywhere."""
    shapes: dict[tuple[tuple[int, int], ...], int] = {(): 0}
    found = {
        (
            span.document, span.annotator, span.start, span.end, span.label,
            shapes.setdefault(tuple((a - span.start, b - span.start) for a, b in span.parts), len(shapes)),
        )
        for span in spans
    }  # fmt: skip
    columns = np.array(sorted(found), dtype=np.int64).reshape(-1, 6).T
    if is_annotated is None:
        is_annotated = np.ones((len(documents), len(annotators)), dtype=np.bool_)
    document, annotator, start, end, label, shape = (np.ascontiguousarray(column) for column in columns)
    return SpanTable(
        tuple(documents), tuple(annotators), tuple(labels), np.asarray(lengths, dtype=np.int64), is_annotated,
        document, annotator, start, end, label, shape, tuple(shapes), unit,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Ratings:
    """What each annotator said of each item.

    ``codes`` has shape (items, annotators): the place of the answer in ``categories``, or `MISSING`. ``document``, of
    shape (items,), says in which document an item stands (for intervals over documents); ``documents`` is how many
    there are. Categories stand in the order that counts for ordinal measures; ``numbers``, of shape (categories,), are
    their values for interval measures, if they have any.
    """

    annotators: tuple[str, ...]
    categories: tuple[Hashable, ...]
    codes: Ints
    document: Ints
    documents: int
    numbers: Floats | None = None


def ratings(
    answers: Sequence[Sequence[Hashable | None]],
    annotators: Sequence[str] | None = None,
    categories: Sequence[Hashable] | None = None,
    document: Sequence[int] | None = None,
) -> Ratings:
    """Build `Ratings` from a row of answers per item, None where somebody did not answer.

    Without ``categories``: those that occur, in their own order if they can be sorted, else by their `repr`. Without
    ``document`` every item is a document of its own. Numbers keep their values for interval measures.
    """
    seen = {answer for row in answers for answer in row if answer is not None}
    order = tuple(categories) if categories is not None else _in_order(seen)
    code: Mapping[Hashable, int] = {category: at for at, category in enumerate(order)}
    width = len(annotators) if annotators is not None else max((len(row) for row in answers), default=0)
    codes = np.full((len(answers), width), MISSING, dtype=np.int64)
    for item, row in enumerate(answers):
        for rater, answer in enumerate(row):
            if answer is not None:
                codes[item, rater] = code[answer]
    names = tuple(annotators) if annotators is not None else tuple(str(rater) for rater in range(width))
    places = np.arange(len(answers)) if document is None else np.asarray(document, dtype=np.int64)
    is_number = bool(order) and all(isinstance(category, int | float) for category in order)
    numbers = np.array(order, dtype=np.float64) if is_number else None
    return Ratings(names, order, codes, places, int(places.max()) + 1 if len(places) else 0, numbers)


def _in_order(seen: set[Hashable]) -> tuple[Hashable, ...]:
    try:
        return tuple(sorted(seen))  # type: ignore[type-var]
    except TypeError:
        return tuple(sorted(seen, key=repr))
