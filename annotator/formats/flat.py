"""Spans for formats in which a token belongs to at most one span. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.domain.text import Document
from annotator.formats.holding import CUTS_TOKEN, EDGE_IS_WHITE, IS_IN_PARTS, SHARES_TOKEN, loss_of_span
from annotator.formats.shapes import Loss


@dataclass(frozen=True, slots=True)
class Flattened:
    """Spans that fit: ``kept`` token ranges by span id, ``owner`` the span of each token; and what does not.

    The first and the last token of a span that fits are words, not white space.
    """

    kept: Mapping[str, range]
    owner: Mapping[int, Span]
    losses: list[Loss]


def flatten(doc: AnnotatedDocument, scheme: LabelScheme) -> Flattened:
    """Choose the longest spans (then the first) that share no token; name the others as losses."""
    kept: dict[str, range] = {}
    owner: dict[int, Span] = {}
    losses: list[Loss] = []
    for span in sorted(doc.spans, key=lambda span: (span.start - span.end, span.order)):
        covered = doc.document.tokens.find_aligned(span.start, span.end)
        reason = IS_IN_PARTS if span.fragments else _why_not(doc.document, covered, owner)
        if covered is None or reason:
            losses.append(loss_of_span(doc, span, scheme, reason))
            continue
        kept[span.id] = covered
        owner |= dict.fromkeys(covered, span)
    losses.sort(key=lambda loss: (loss.start, loss.end, loss.label))
    return Flattened(kept, owner, losses)


def _why_not(document: Document, covered: range | None, owner: Mapping[int, Span]) -> str:
    """Why a span over these tokens does not fit; empty when it does."""
    if covered is None:
        return CUTS_TOKEN
    if is_white(document, covered[0]) or is_white(document, covered[-1]):
        return EDGE_IS_WHITE
    return SHARES_TOKEN if any(index in owner for index in covered) else ""


def is_white(document: Document, index: int) -> bool:
    """Whether this token is only white space."""
    token = document.tokens[index]
    return document.text[token.start : token.end].isspace()
