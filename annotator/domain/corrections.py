"""What a key means: the edit that a correction makes of a document. Pure; the caller checks and applies it.

Every function returns an `Edit`, or raises a `UserError` that says in one sentence why there is nothing to do.
Ranges are code points, half-open.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from annotator.domain.edits import AddSpan, Batch, Decide, Edit, Relabel, RemoveSpan, Reshape, ResizeSpan, SetStatus
from annotator.domain.errors import ConstraintBroken, UnknownSpan
from annotator.domain.offsets import trim
from annotator.domain.parts import moved_part
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


def move_edge(doc: AnnotatedDocument, span_id: str, edge: Edge, step: int, *, part: int | None = None) -> Edit:
    """Move one edge of a span as `with_moved_edge` does.

    ``part``: the edge of that part (from 0); without one, the outer edge of the span.
    """
    span = find_span_or_raise(doc, span_id)
    place = _place_of(span, edge, part)
    what, remedy = ("part", "take the part away instead") if span.fragments else ("span", "delete it instead")
    start, end = with_moved_edge(doc.document, span.parts[place], edge, step, what=what, remedy=remedy)
    return _reshaped(doc, span, place, start, end)


def with_moved_edge(
    document: Document,
    place: tuple[int, int],
    edge: Edge,
    step: int,
    *,
    what: str = "span",
    remedy: str = "delete it instead",
) -> tuple[int, int]:
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
        raise ConstraintBroken(f"a {what} has at least one token", remedy=remedy)
    return start, end


def resize(doc: AnnotatedDocument, span_id: str, start: int, end: int, *, part: int = 0) -> Edit:
    """The part (from 0) from ``start`` to ``end`` without white space at its edges; most spans are one part."""
    span = find_span_or_raise(doc, span_id)
    start, end = trim(doc.document.text, start, end)
    if start >= end:
        raise ConstraintBroken("a span cannot be empty", remedy="delete it instead")
    if not part < len(span.parts):
        raise ConstraintBroken("this part is not there any more")
    if (start, end) == span.parts[part]:
        raise ConstraintBroken("the edges are there already")
    return _reshaped(doc, span, part, start, end)


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


def _place_of(span: Span, edge: Edge, part: int | None) -> int:
    """The part that a key for an edge acts on: the chosen one, else the outermost."""
    last = len(span.parts) - 1
    if part is not None:
        return min(part, last)
    return 0 if edge is Edge.LEFT else last


def _reshaped(doc: AnnotatedDocument, span: Span, place: int, start: int, end: int) -> Edit:
    if not span.fragments:
        return ResizeSpan(span.id, start, end)
    return Reshape(span.id, moved_part(doc.document.text, span.parts, place, start, end))


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
