"""A document as a CAS: DKPro's tokens, sentences and named entities, a type of its own for every other layer.

What a feature cannot hold exactly (values that are no strings, parts, whether a span was decided) stands beside the
other features as JSON (`OWN_DATA`), so that nothing is lost between Annotator and Annotator.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cassis

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import DEFAULT_LAYER, Origin, Relation, Span
from annotator.domain.text import Document, Json
from annotator.formats.uima import declaring
from annotator.formats.uima.declaring import Needed, need
from annotator.formats.uima.names import (
    META_DATA,
    NO_LANGUAGE,
    OWN_DATA,
    OWN_DOCUMENT,
    OWN_RELATION,
    SENTENCE,
    TOKEN,
    is_feature_name,
    is_type_name,
    layer_type,
    short,
)
from annotator.formats.uima.placing import shown
from annotator.formats.uima.reader import EXTRA, POINTS

Safe = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Made:
    """An annotation to be: its type, place and features; ``ends``: the spans that a relation joins."""

    type: str
    start: int
    end: int
    features: Mapping[str, str]
    span: str = ""
    ends: tuple[str, str] = ("", "")


def cas_of(doc: AnnotatedDocument, safe: Safe) -> tuple[Any, Needed]:
    """A CAS of a document whose labels are names, and the types that it needs. ``safe`` replaces, one for one, the
    characters that the file cannot hold.
    """
    needed = declaring.base()
    made = [*_tokens(doc.document), *(_span(one, safe) for one in doc.spans)]
    made += [one for one in (_relation(one, doc, safe) for one in doc.relations.values()) if one is not None]
    made += _points(doc.document, safe)
    for one in made:
        need(needed, one.type, [*one.features, *(("Governor", "Dependent") if one.ends[0] else ())])
    types = declaring.type_system(needed)
    cas = cassis.Cas(types)
    cas.sofa_string = safe(doc.document.text)
    cas.sofa_mime = "text/plain"
    _add_document(cas, types, doc, safe)
    _add_all(cas, types, made)
    return cas, needed


def _add_all(cas: Any, types: Any, made: list[_Made]) -> None:
    of_span: dict[str, Any] = {}
    for one in made:
        fs = types.get_type(one.type)(begin=one.start, end=one.end, **one.features)
        if one.ends[0]:
            fs.Governor, fs.Dependent = (of_span[end] for end in one.ends)
        cas.add(fs)
        if one.span:
            of_span[one.span] = fs


def _add_document(cas: Any, types: Any, doc: AnnotatedDocument, safe: Safe) -> None:
    document = doc.document
    cas.add(
        types.get_type(META_DATA)(
            begin=0,
            end=len(document.text),
            language=safe(document.language) or NO_LANGUAGE,
            documentId=safe(document.id) or None,
            documentTitle=safe(document.title) or None,
        )
    )
    if data := _about(doc, safe):
        cas.add(types.get_type(OWN_DOCUMENT)(**{OWN_DATA: _json(data)}))


def _about(doc: AnnotatedDocument, safe: Safe) -> dict[str, Any]:
    document = doc.document
    data: dict[str, Any] = {
        "annotator": doc.annotator,
        "cats": dict(doc.cats),
        "note": doc.note,
        "status": doc.status.value if doc.status is not Status.NEW else "",
        "status_reason": doc.status_reason,
        "meta": dict(document.meta),
        "extra": dict(document.extra),
        "tokenizer": document.tokenizer,
    }
    if (text := safe(document.text)) != document.text:
        data["characters"] = [
            [at, ord(was)] for at, (was, now) in enumerate(zip(document.text, text, strict=True)) if was != now
        ]
    for name, value in (("id", document.id), ("title", document.title), ("language", document.language)):
        if safe(value) != value or (name == "title" and value == document.id):
            data[name] = value
    return {name: value for name, value in data.items() if value}


def _tokens(document: Document) -> list[_Made]:
    """Tokens with something to see, and the sentences that they make."""
    tokens = document.tokens
    visible = [one for one in tokens if document.text[one.start : one.end].strip()]
    made = [_Made(TOKEN, one.start, one.end, {}) for one in visible]
    indexes = [one.index for one in visible]
    for first, after in pairwise([*tokens.sentence_starts, len(tokens)]):
        inside = visible[bisect_left(indexes, first) : bisect_left(indexes, after)]
        if inside:
            made.append(_Made(SENTENCE, inside[0].start, inside[-1].end, {}))
    return made


def _span(span: Span, safe: Safe) -> _Made:
    type_name = layer_type(span.layer)
    data: dict[str, Any] = {}
    features = _features(span.attributes, data)
    features["value"] = safe(span.label)
    if not span.label or safe(span.label) != span.label:
        data["label"] = span.label
    if span.note:
        features["note"] = safe(span.note)
        if features["note"] != span.note:
            data["note"] = span.note
    if span.layer not in (DEFAULT_LAYER, short(type_name)):
        data["layer"] = span.layer
    if span.fragments:
        data["fragments"] = [list(part) for part in span.fragments]
    if not span.decided:
        data["decided"] = False
    if span.score is not None:
        data["score"] = span.score
    if span.origin is not Origin.IMPORTED:
        data["origin"] = span.origin.value
    if span.pipeline:
        data["pipeline"] = span.pipeline
    if data:
        features[OWN_DATA] = _json(data)
    return _Made(type_name, span.start, span.end, features, span.id)


def _relation(relation: Relation, doc: AnnotatedDocument, safe: Safe) -> _Made | None:
    child = doc.spans.find(relation.child)
    if child is None or doc.spans.find(relation.head) is None:
        return None
    data: dict[str, Any] = {}
    features = _features(relation.attributes, data)
    features["value"] = safe(relation.label)
    if not relation.label or safe(relation.label) != relation.label:
        data["label"] = relation.label
    if data:
        features[OWN_DATA] = _json(data)
    return _Made(OWN_RELATION, child.start, child.end, features, ends=(relation.head, relation.child))


def _features(attributes: Mapping[str, Json], data: dict[str, Any]) -> dict[str, str]:
    """Attributes as features; those that are no strings, or whose names are none, are exact in ``data``."""
    features = {name: shown(value) for name, value in attributes.items() if is_feature_name(name)}
    exact = {name: value for name, value in attributes.items() if features.get(name) != value}
    if exact:
        data["attributes"] = exact
    return features


def _points(document: Document, safe: Safe) -> list[_Made]:
    """Annotations without a width that came with the document."""
    held = document.extra.get(EXTRA)
    points = held.get(POINTS) if isinstance(held, dict) else None
    made = []
    for one in points if isinstance(points, list) else ():
        if not isinstance(one, dict):
            continue
        name, at, features = one.get("type"), one.get("at"), one.get("features")
        if isinstance(name, str) and is_type_name(name) and type(at) is int and 0 <= at <= len(document.text):
            held_features = features if isinstance(features, dict) else {}
            texts = {key: safe(value) for key, value in held_features.items() if isinstance(value, str)}
            kept = {key: value for key, value in texts.items() if is_feature_name(key) or key == "value"}
            made.append(_Made(name, at, at, kept))
    return made


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True)
