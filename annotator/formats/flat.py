"""Spans for formats in which a token belongs to at most one span. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.formats.registry import Loss

CUTS_TOKEN = "it begins or ends inside a token"
SHARES_TOKEN = "it shares a token with a longer span"


@dataclass(frozen=True, slots=True)
class Flattened:
    """Spans that fit: ``kept`` token ranges by span id, ``words`` the same without white-space tokens,
    ``owner`` the span of each token; and what does not fit."""

    kept: Mapping[str, range]
    words: Mapping[str, list[int]]
    owner: Mapping[int, Span]
    losses: list[Loss]


def flatten(doc: AnnotatedDocument, scheme: LabelScheme) -> Flattened:
    """Choose the longest spans (then the first) that share no token; name the others as losses."""
    kept: dict[str, range] = {}
    words: dict[str, list[int]] = {}
    owner: dict[int, Span] = {}
    losses: list[Loss] = []
    for span in sorted(doc.spans, key=lambda span: (span.start - span.end, span.order)):
        covered = doc.document.tokens.find_aligned(span.start, span.end)
        if covered is None:
            losses.append(loss_of(doc, span, scheme, CUTS_TOKEN))
        elif any(index in owner for index in covered):
            losses.append(loss_of(doc, span, scheme, SHARES_TOKEN))
        else:
            kept[span.id] = covered
            words[span.id] = [i for i in covered if not _is_space(doc, i)]
            owner |= dict.fromkeys(covered, span)
    losses.sort(key=lambda loss: (loss.start, loss.end, loss.label))
    return Flattened(kept, words, owner, losses)


def loss_of(doc: AnnotatedDocument, span: Span, scheme: LabelScheme, reason: str) -> Loss:
    """A span of ``doc`` as a loss."""
    return Loss(doc.document.id, span.start, span.end, scheme.name_of(span.label, span.layer), reason)


def _is_space(doc: AnnotatedDocument, index: int) -> bool:
    token = doc.document.tokens[index]
    return doc.document.text[token.start : token.end].isspace()
