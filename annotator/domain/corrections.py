"""What a key means: the edit that a correction makes of a document. Pure; the caller checks and applies it.

Every function returns an `Edit`, or raises a `UserError` that says in one sentence why there is nothing to do.
Ranges are code points, half-open.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from annotator.domain.edits import AddSpan, Batch, Decide, Edit, Relabel, RemoveSpan, ResizeSpan, SetStatus
from annotator.domain.errors import ConstraintBroken, UnknownSpan
from annotator.domain.offsets import trim
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import DEFAULT_LAYER, Span
from annotator.domain.text import Document

Make: TypeAlias = Callable[[], Edit]
OnSpan: TypeAlias = Callable[[AnnotatedDocument, str], Edit]


class Edge(Enum):
    """One of the two edges of a span, in reading order."""

    LEFT = "left"
    RIGHT = "right"


def add_span(
    doc: AnnotatedDocument, selection: tuple[int, int], label: str, span_id: str, *, layer: str = DEFAULT_LAYER
) -> Edit:
    """A new span over ``selection`` without the white space at its edges."""
    start, end = trim(doc.document.text, *selection)
    if start == end:
        raise ConstraintBroken("white space cannot be labelled", remedy="select a word first")
    return AddSpan(Span(span_id, start, end, label, layer))


def relabel(doc: AnnotatedDocument, span_id: str, label: str) -> Edit:
    """Another label for the span; the label it has already: accept it."""
    span = find_span_or_raise(doc, span_id)
    if span.label == label:
        return accept(doc, span_id)
    return Relabel(span_id, label)


def accept(doc: AnnotatedDocument, span_id: str) -> Edit:
    """Accept a suggestion as it is."""
    if find_span_or_raise(doc, span_id).decided:
        raise ConstraintBroken("this span is decided already")
    return Decide((span_id,))


def remove(doc: AnnotatedDocument, span_id: str) -> Edit:
    """Remove a span, or reject a suggestion."""
    return RemoveSpan(find_span_or_raise(doc, span_id).id)


def move_edge(doc: AnnotatedDocument, span_id: str, edge: Edge, step: int) -> Edit:
    """Move one edge of a span as `with_moved_edge` does."""
    span = find_span_or_raise(doc, span_id)
    return ResizeSpan(span_id, *with_moved_edge(doc.document, (span.start, span.end), edge, step))


def with_moved_edge(document: Document, place: tuple[int, int], edge: Edge, step: int) -> tuple[int, int]:
    """``place`` with one edge moved by ``step`` tokens (-1: towards the start of the text, +1: towards its end).

    White-space tokens are jumped over. An edge inside a token moves to that token's border first. Raises
    `ConstraintBroken` where the text ends, or nothing would be left.
    """
    start, end = place
    if edge is Edge.LEFT:
        start = _moved_start(document, start, step)
    else:
        end = _moved_end(document, end, step)
    if (start, end) == place:
        raise ConstraintBroken("the text ends here")
    if start >= end:
        raise ConstraintBroken("a span has at least one token", remedy="delete it instead")
    return start, end


def resize(doc: AnnotatedDocument, span_id: str, start: int, end: int) -> Edit:
    """The span from ``start`` to ``end`` without white space at its edges."""
    span = find_span_or_raise(doc, span_id)
    start, end = trim(doc.document.text, start, end)
    if start >= end:
        raise ConstraintBroken("a span cannot be empty", remedy="delete it instead")
    if (start, end) == (span.start, span.end):
        raise ConstraintBroken("the edges are there already")
    return ResizeSpan(span_id, start, end)


def mark(doc: AnnotatedDocument, status: Status, reason: str = "") -> Edit:
    """Set the status, with a reason in words; marking done accepts every suggestion that is left."""
    if status is not Status.DONE or not doc.spans.undecided:
        return SetStatus(status, reason)
    left = tuple(span.id for span in doc.spans if not span.decided)
    return Batch((Decide(left), SetStatus(status)))


def accept_all(doc: AnnotatedDocument, *, min_score: float = 0.0) -> Decide | None:
    """Accept every suggestion with at least this score (one without a score counts as 1), or None."""
    ids = tuple(
        span.id for span in doc.spans if not span.decided and (1.0 if span.score is None else span.score) >= min_score
    )
    return Decide(ids) if ids else None


def find_span_or_raise(doc: AnnotatedDocument, span_id: str) -> Span:
    """The span with this id. Raises `UnknownSpan`."""
    span = doc.spans.find(span_id)
    if span is None:
        raise UnknownSpan("this span is not there any more")
    return span


def _is_space(document: Document, index: int) -> bool:
    token = document.tokens[index]
    return document.text[token.start : token.end].isspace()


def _moved_start(document: Document, start: int, step: int) -> int:
    tokens = document.tokens
    if step < 0:
        index = next((i for i in range(_tokens_before(document, start), -1, -1) if not _is_space(document, i)), None)
    else:
        first = tokens.nearest(start) + 1
        index = next((i for i in range(first, len(tokens)) if not _is_space(document, i)), None)
    return start if index is None else tokens[index].start


def _moved_end(document: Document, end: int, step: int) -> int:
    tokens = document.tokens
    if step > 0:
        first = tokens.overlapping(0, end).stop
        if first and tokens[first - 1].end > end:
            first -= 1  # the edge cuts this token
        index = next((i for i in range(first, len(tokens)) if not _is_space(document, i)), None)
        return end if index is None else tokens[index].end
    last = tokens.nearest(end - 1) - 1
    index = next((i for i in range(last, -1, -1) if not _is_space(document, i)), None)
    return 0 if index is None else tokens[index].end


def _tokens_before(document: Document, start: int) -> int:
    """Index of the last token that begins before ``start``, or -1."""
    return document.tokens.overlapping(0, start).stop - 1 if start else -1
