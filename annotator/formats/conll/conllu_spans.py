"""Spans in the MISC column of CoNLL-U.

Spans of the first layer that share no word and stay in their sentence are tags: ``NER=B-PER``, or the key and scheme
that the file had (``NE``, ``Entity``, ``SpanLabel``). Every other span stands on its first word under ``Spans``::

    Spans=events/Attack+3;ORG+2,5+1

An event over three words, and an ORG in two parts: two words, and one word that is the fifth after the first. Words
are counted as they are written (those of a range as one), across sentences; ``;`` parts spans, a name before ``/`` is
the layer. What has a meaning there is percent-encoded. A comment ``# global.Spans`` at the head of a document says
that the key is used so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import DEFAULT_LAYER, Origin, Span, SpanSet
from annotator.domain.text import Tokens
from annotator.formats.conll.percent import escaped_besides, unescaped
from annotator.formats.conll.tags import edge_of
from annotator.formats.conll.words import span_id
from annotator.formats.flat import flatten
from annotator.formats.holding import CUTS_TOKEN, EDGE_IS_WHITE, loss_of_span
from annotator.formats.shapes import Loss

SPANS = "Spans"
TAG_KEYS = ("NER", "NE", "Entity", "SpanLabel", "NamedEntity", "ner", "ne")
_ONE = re.compile(r"(?:([^/;+,]+)/)?([^/;+,]+)\+(\d+)((?:,\d+\+\d+)*)")
_PART = re.compile(r",(\d+)\+(\d+)")


@dataclass(slots=True)
class Encoded:
    """For each token that has any: its tag, and what stands under ``Spans``."""

    tags: dict[int, str] = field(default_factory=dict)
    spans: dict[int, str] = field(default_factory=dict)


def encode(doc: AnnotatedDocument, sentences: Sequence[range], scheme: LabelScheme, tag_scheme: str) -> Encoded:
    """All spans of ``doc`` that `losses` does not name, by token."""
    found = Encoded()
    tagged = _tagged(doc, sentences, scheme)
    ends: dict[int, str] = {}
    heads = {sentence.start for sentence in sentences}
    for span, covered in tagged:
        label = scheme.name_of(span.label, span.layer)
        name = escaped_besides(label, "|=")
        for index in covered:
            is_first, is_last = index == covered[0], index == covered[-1]
            follows_same = ends.get(index - 1) == label and index not in heads
            edge = edge_of(tag_scheme, is_first=is_first, is_last=is_last, follows_same=follows_same)
            found.tags[index] = f"{edge}-{name}"
        ends[covered[-1]] = label
    done = {span.id for span, _ in tagged}
    others: dict[int, list[str]] = {}
    for span in doc.spans:
        parts = None if span.id in done else _aligned(doc.document.tokens, span)
        if parts:
            others.setdefault(parts[0].start, []).append(_written(span, parts, scheme))
    found.spans = {index: ";".join(values) for index, values in others.items()}
    return found


def losses(doc: AnnotatedDocument, scheme: LabelScheme) -> list[Loss]:
    """Spans that begin or end inside a token or with white space."""
    return [
        loss_of_span(doc, span, scheme, EDGE_IS_WHITE if _has_white_edge(doc.document.text, span) else CUTS_TOKEN)
        for span in doc.spans
        if _aligned(doc.document.tokens, span) is None
    ]


def _has_white_edge(text: str, span: Span) -> bool:
    return any(text[start].isspace() or text[end - 1].isspace() for start, end in span.parts)


def _aligned(tokens: Tokens, span: Span) -> list[range] | None:
    """The tokens of each part, or None if a part cuts one."""
    parts = [tokens.find_aligned(start, end) for start, end in span.parts]
    held = [part for part in parts if part is not None]
    return held if len(held) == len(parts) else None


def _tagged(doc: AnnotatedDocument, sentences: Sequence[range], scheme: LabelScheme) -> list[tuple[Span, range]]:
    """Spans that become tags, in order, with their tokens."""
    sentence_of = {index: number for number, sentence in enumerate(sentences) for index in sentence}
    fit: list[Span] = []
    for span in doc.spans:
        covered = doc.document.tokens.find_aligned(span.start, span.end)
        is_one = span.layer == DEFAULT_LAYER and not span.fragments and covered is not None
        if is_one and covered and sentence_of.get(covered[0]) == sentence_of.get(covered[-1]):
            fit.append(span)
    kept = flatten(replace(doc, spans=SpanSet(fit)), scheme).kept
    return [(span, kept[span.id]) for span in sorted(fit, key=lambda span: span.order) if span.id in kept]


def _written(span: Span, parts: Sequence[range], scheme: LabelScheme) -> str:
    label = escaped_besides(scheme.name_of(span.label, span.layer), "|=;/+,")
    layer = "" if span.layer == DEFAULT_LAYER else escaped_besides(span.layer, "|=;/+,") + "/"
    first = parts[0].start
    more = "".join(f",{part.start - first}+{len(part)}" for part in parts[1:])
    return f"{layer}{label}+{len(parts[0])}{more}"


def decode(values: Mapping[int, str], tokens: Tokens, first_number: int) -> Iterator[Span | str]:
    """The spans under ``Spans``; what is none comes as it is."""
    number = first_number
    for index, value in values.items():
        for piece in value.split(";"):
            span = _read(piece, index, tokens, span_id(number))
            number += 1
            yield piece if span is None else span


def _read(piece: str, index: int, tokens: Tokens, span_id: str) -> Span | None:
    found = _ONE.fullmatch(piece)
    if found is None:
        return None
    ranges = [(0, int(found[3]))] + [(int(offset), int(count)) for offset, count in _PART.findall(found[4])]
    places = list(_places(ranges, index, tokens))
    if len(places) < len(ranges) or any(after[0] < before[1] for before, after in pairwise(places)):
        return None
    layer = unescaped(found[1]) if found[1] else DEFAULT_LAYER
    fragments = tuple(places) if len(places) > 1 else ()
    label = unescaped(found[2])
    return Span(
        span_id, places[0][0], places[-1][1], label, layer=layer, origin=Origin.IMPORTED, fragments=fragments
    )  # fmt: skip


def _places(ranges: Iterable[tuple[int, int]], index: int, tokens: Tokens) -> Iterator[tuple[int, int]]:
    for offset, count in ranges:
        first, last = index + offset, index + offset + count - 1
        if count and last < len(tokens):
            yield tokens.starts[first], tokens.ends[last]
