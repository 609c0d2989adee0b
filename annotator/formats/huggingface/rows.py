"""A document with one annotation set as a row of Annotator's columns, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.formats.flat import flatten, is_white
from annotator.formats.huggingface.tags import edge_of
from annotator.formats.jsonl import with_names
from annotator.formats.jsonl.record_fields import Plain, RecordFault, kept
from annotator.formats.jsonl.record_reading import record_from_plain
from annotator.formats.shapes import ReadOptions, WriteOptions

OWN_COLUMNS = frozenset({"text", "tokens", "token_starts", "spans", "relations", "cats", "annotator", "status", "meta"})
"""A table that has all of these is one of Annotator's."""
_TEXTS = ("id", "text", "annotator", "status", "status_reason", "note", "title", "language", "tokenizer")


def tags_of(doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> dict[int, tuple[str, str]]:
    """Edge and label name by the index of the token, for the spans that tags can hold."""
    flat = flatten(doc, scheme)
    return {
        index: (edge_of(index, flat, options.tag_scheme), scheme.name_of(span.label, span.layer))
        for index, span in flat.owner.items()
    }


def row_of(doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions, ids: Mapping[str, int]) -> Plain:
    """The row; ``ids`` are the numbers of the tags."""
    text, tokens = doc.document.text, doc.document.tokens
    tags = tags_of(doc, scheme, options)
    named = with_names(doc, scheme)
    words = [token for token in tokens if not is_white(doc.document, token.index)]
    white = [token for token in tokens if is_white(doc.document, token.index)]
    return {
        "id": doc.document.id,
        "text": text,
        "tokens": [text[token.start : token.end] for token in words],
        "token_starts": [token.start for token in words],
        "ner_tags": [ids["-".join(tags[token.index]) if token.index in tags else "O"] for token in words],
        "spans": [_span_row(span, text) for span in named.spans],
        "relations": [_relation_row(one) for _, one in sorted(named.relations.items())],
        "cats": [{"label": label, "value": float(value)} for label, value in sorted(named.cats.items())],
        "annotator": doc.annotator,
        "status": doc.status.value,
        "status_reason": doc.status_reason,
        "note": doc.note,
        "title": doc.document.title,
        "language": doc.document.language,
        "tokenizer": doc.document.tokenizer,
        "white_tokens": [{"start": token.start, "end": token.end} for token in white],
        "sentence_starts": [tokens.starts[index] for index in tokens.sentence_starts],
        "meta": _json(doc.document.meta),
        "extra": _json(doc.document.extra),
    }


def _json(values: Mapping[str, Any]) -> str:
    return orjson.dumps(dict(values), option=orjson.OPT_SORT_KEYS).decode()


def _span_row(span: Span, text: str) -> Plain:
    return {
        "id": span.id,
        "start": span.start,
        "end": span.end,
        "label": span.label,
        "layer": span.layer,
        "text": text[span.start : span.end],
        "attributes": _json(span.attributes),
        "note": span.note,
        "score": span.score,
        "origin": span.origin.value,
        "pipeline": span.pipeline,
        "decided": span.decided,
        "fragments": [{"start": start, "end": end} for start, end in span.fragments],
    }


def _relation_row(one: Relation) -> Plain:
    ends = {"id": one.id, "head": one.head, "child": one.child, "label": one.label}
    return ends | {"attributes": _json(one.attributes)}


def document_of(row: Plain, options: ReadOptions) -> AnnotatedDocument:
    """The inverse of `row_of`. Raises `RecordFault`."""
    plain: Plain = {key: row.get(key) for key in _TEXTS}
    plain["status"] = row.get("status") or None
    plain["tokens"] = list(_tokens(row))
    plain["spans"] = [_span_plain(one) for one in _entries(row, "spans")]
    plain["relations"] = [_with_attributes(one, "relation") for one in _entries(row, "relations")]
    plain["cats"] = {str(one.get("label")): one.get("value") for one in _entries(row, "cats")}
    doc = record_from_plain(plain, options)
    meta, extra = (_object(row.get(key), f"the column {key}") for key in ("meta", "extra"))
    return replace(doc, document=replace(doc.document, meta=meta, extra=extra))


def _tokens(row: Plain) -> list[Plain]:
    words, starts = row.get("tokens") or [], row.get("token_starts") or []
    if not _are(words, str) or not _are(starts, int) or len(words) != len(starts):
        raise RecordFault("tokens and token_starts are not as many words and numbers")
    tokens = [
        {"start": start, "end": start + len(word), "text": word} for word, start in zip(words, starts, strict=True)
    ]
    tokens += [dict(one) for one in _entries(row, "white_tokens")]
    sentences = row.get("sentence_starts") or []
    if not _are(sentences, int) or not _are([one.get("start") for one in tokens], int):
        raise RecordFault("a token or a sentence has no start")
    sentences = set(sentences)
    ordered = sorted(tokens, key=lambda one: one["start"])
    return [one | ({"sent_start": True} if one["start"] in sentences else {}) for one in ordered]


def _are(values: object, kind: type) -> bool:
    return isinstance(values, list) and all(isinstance(one, kind) for one in values)


def _entries(row: Plain, key: str) -> list[Plain]:
    entries = row.get(key) or []
    if not _are(entries, dict):
        raise RecordFault(f"the column {key} is no list of objects")
    return entries


def _span_plain(entry: Plain) -> Plain:
    plain = _with_attributes(entry, "span")
    fragments = _entries(plain, "fragments")
    plain.pop("fragments", None)
    if fragments:
        plain["fragments"] = [[part.get("start"), part.get("end")] for part in fragments]
    return {key: value for key, value in plain.items() if value is not None}


def _with_attributes(entry: Plain, what: str) -> Plain:
    return entry | {"attributes": _object(entry.get("attributes"), f"attributes of a {what}")}


def _object(value: object, what: str) -> Plain:
    if value is None or value == "":
        return {}
    try:
        plain = orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError as fault:
        raise RecordFault(f"{what} is not JSON ({fault.msg})") from fault
    if not isinstance(plain, dict):
        raise RecordFault(f"{what} is not an object")
    return kept(plain)
