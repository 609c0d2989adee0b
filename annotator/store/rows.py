"""Rows of tables to domain values and back. Checks that each span still lies on the text it was drawn on."""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from operator import sub
from typing import Any

from sqlalchemy import Row

from annotator.domain.codec import parts_from_plain
from annotator.domain.errors import SurfaceChanged
from annotator.domain.folding import fold, surface_of
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.rulings import Ruling, ruling_from_plain, ruling_to_plain
from annotator.domain.spans import Origin, Relation, Span
from annotator.domain.text import NO_META, Document, Tokens

_folded = lru_cache(maxsize=20_000)(fold)  # names come again and again in a corpus
_ORIGINS = {origin.value: origin for origin in Origin}


def pack(numbers: array[int]) -> bytes:
    """Offsets as bytes: little-endian differences, compressed (100,000 tokens in about 100 kB)."""
    try:
        steps = array("I", map(sub, numbers, chain((0,), numbers)))
    except OverflowError:  # a step back is stored as a step round the whole range
        steps = array("I", ((now - before) & 0xFFFFFFFF for before, now in pairwise(chain((0,), numbers))))
    if sys.byteorder == "big":
        steps.byteswap()
    return zlib.compress(steps.tobytes(), 1)


def unpack(blob: bytes) -> array[int]:
    """The inverse of `pack`."""
    numbers = array("I")
    numbers.frombytes(zlib.decompress(blob))
    if sys.byteorder == "big":
        numbers.byteswap()
    try:
        return array("I", accumulate(numbers))
    except OverflowError:
        return array("I", accumulate(numbers, lambda total, step: (total + step) & 0xFFFFFFFF))


def tokens_from_row(row: Row[Any] | None) -> tuple[Tokens, str]:
    """Tokens and the name of their tokenizer; none when there is no row."""
    if row is None:
        return Tokens(), ""
    return Tokens(unpack(row.starts), unpack(row.ends), unpack(row.sentence_starts)), row.tokenizer


def document_from_rows(row: Row[Any], tokenization: Row[Any] | None) -> Document:
    """A document with its tokens."""
    tokens, tokenizer = tokens_from_row(tokenization)
    return Document(
        id=row.external_id,
        text=row.text,
        title=row.title,
        language=row.language,
        meta=row.meta,
        extra=row.extra,
        tokens=tokens,
        tokenizer=tokenizer,
    )


def document_to_row(added: Document, key: int, position: int, source: str, at: str) -> dict[str, Any]:
    """A document as a row, without its tokens."""
    return {
        "id": key,
        "external_id": added.id,
        "position": position,
        "title": added.title,
        "display_title": added.display_title,
        "language": added.language,
        "text": added.text,
        "text_sha256": added.text_sha256,
        "length_chars": len(added.text),
        "meta": added.meta,
        "extra": added.extra,
        "source": source,
        "created_at": at,
    }


def tokens_to_row(key: int, tokens: Tokens, tokenizer: str) -> dict[str, Any]:
    """The tokens of a document as a row."""
    return {
        "document_id": key,
        "tokenizer": tokenizer,
        "starts": pack(tokens.starts),
        "ends": pack(tokens.ends),
        "sentence_starts": pack(tokens.sentence_starts),
    }


def span_to_row(key: int, annotator_id: int, span: Span, text: str) -> dict[str, Any]:
    """A span as a row, with the text it lies on."""
    surface = text[span.start : span.end]
    return {
        "document_id": key,
        "annotator_id": annotator_id,
        "span_id": span.id,
        "start_char": span.start,
        "end_char": span.end,
        "label_id": span.label,
        "layer": span.layer,
        "surface": surface,
        "origin": span.origin.value,
        "is_decided": span.decided,
        "score": span.score,
        "pipeline": span.pipeline,
        "attributes": span.attributes or None,
        "note": span.note,
        "fragments": span.fragments or None,
        "folded": _folded(surface_of(text, span) if span.fragments else surface),
    }


def spans_from_rows(rows: Iterable[Row[Any]], document: Document) -> list[Span]:
    """Spans of one set. Raises `SurfaceChanged` when a span's stored text is not what stands there."""
    text = document.text
    spans = []
    for row in rows:
        if text[row.start_char : row.end_char] != row.surface:
            raise SurfaceChanged(
                f"the span {row.span_id} at {row.start_char}–{row.end_char} was drawn on {row.surface!r}, "
                f"but {text[row.start_char : row.end_char]!r} stands there",
                where=document.id,
                remedy="run: annotator check",
            )
        spans.append(span_from_row(row))
    return spans


def span_from_row(row: Row[Any]) -> Span:
    """A span as it is stored; whether its words are still there is not looked at."""
    return Span(
        row.span_id,
        row.start_char,
        row.end_char,
        row.label_id,
        row.layer,
        _ORIGINS[row.origin],
        row.is_decided,
        row.score,
        row.pipeline,
        row.attributes or NO_META,
        row.note,
        parts_from_plain(row.fragments) if row.fragments else (),
    )


def relations_from_rows(rows: Iterable[Row[Any]]) -> Mapping[str, Relation]:
    """Relations of one set by id."""
    return {
        row.relation_id: Relation(row.relation_id, row.head, row.child, row.label_id, row.attributes or NO_META)
        for row in rows
    }


def relation_to_row(key: int, annotator_id: int, relation: Relation) -> dict[str, Any]:
    """A relation as a row."""
    return {
        "document_id": key,
        "annotator_id": annotator_id,
        "relation_id": relation.id,
        "head": relation.head,
        "child": relation.child,
        "label_id": relation.label,
        "attributes": relation.attributes or None,
    }


def ruling_to_row(key: int, annotator_id: int, ruling: Ruling) -> dict[str, Any]:
    """A ruling as a row; what it is about beside its range goes with what was ``seen``."""
    plain = ruling_to_plain(ruling)
    return {
        "document_id": key,
        "annotator_id": annotator_id,
        "ruling_id": ruling.id,
        "start_char": ruling.start,
        "end_char": ruling.end,
        "outcome": ruling.outcome.value,
        "taken_from": plain["taken_from"],
        "reason": ruling.reason,
        "decided_by": ruling.decided_by,
        "at": ruling.at,
        "seen": {name: plain[name] for name in ("layer", "seen", "spans")},
    }


def rulings_from_rows(rows: Iterable[Row[Any]]) -> Mapping[str, Ruling]:
    """Rulings of one set by id."""
    return {
        row.ruling_id: ruling_from_plain(
            {
                "id": row.ruling_id,
                "start": row.start_char,
                "end": row.end_char,
                "outcome": row.outcome,
                "taken_from": row.taken_from,
                "reason": row.reason,
                "decided_by": row.decided_by,
                "at": row.at,
                **row.seen,
            }
        )
        for row in rows
    }


def set_to_row(doc: AnnotatedDocument) -> dict[str, Any]:
    """What a set carries besides spans and relations."""
    return {
        "status": doc.status.value,
        "note": doc.note,
        "status_reason": doc.status_reason,
        "cats": dict(doc.cats),
        "span_count": len(doc.spans),
        "undecided_count": doc.spans.undecided,
    }
