"""Which types and features a document needs, and a type system that has them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import cassis

from annotator.formats.uima.names import (
    ANNOTATION,
    DOCUMENT_ANNOTATION,
    ENTITY,
    META_DATA,
    OWN_DATA,
    OWN_DOCUMENT,
    OWN_RELATION,
    SENTENCE,
    TOKEN,
)

STRING = "uima.cas.String"
Needed = dict[str, dict[str, str]]
"""Ranges of features by type and feature."""

_BASE: Mapping[str, Mapping[str, str]] = {
    TOKEN: {},
    SENTENCE: {},
    ENTITY: {"value": STRING, "identifier": STRING},
    META_DATA: {"documentTitle": STRING, "documentId": STRING},
    OWN_DOCUMENT: {OWN_DATA: STRING},
}
_SUPERTYPES = {META_DATA: DOCUMENT_ANNOTATION, OWN_DOCUMENT: "uima.cas.AnnotationBase"}
SPAN_FEATURES = {"value": STRING, "note": STRING, OWN_DATA: STRING}
RELATION_FEATURES = {"Governor": ANNOTATION, "Dependent": ANNOTATION, "value": STRING, OWN_DATA: STRING}


def base() -> Needed:
    """What every document needs."""
    return {name: dict(features) for name, features in _BASE.items()}


def need(needed: Needed, type_name: str, features: Iterable[str]) -> None:
    """Add a type with features that are strings."""
    held = needed.setdefault(type_name, {})
    usual = RELATION_FEATURES if type_name == OWN_RELATION else SPAN_FEATURES
    for name in features:
        held.setdefault(name, usual.get(name, STRING))


def merge(whole: Needed, part: Needed) -> None:
    """Add everything of ``part`` to ``whole``."""
    for name, features in part.items():
        whole.setdefault(name, {}).update(features)


def type_system(needed: Needed) -> Any:
    """A type system with all of it, in the order of names."""
    types = cassis.TypeSystem()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in sorted(needed):
            if not types.contains_type(name, match_exactly=True):
                types.create_type(name, supertypeName=_SUPERTYPES.get(name, ANNOTATION))
        for name in sorted(needed):
            made = types.get_type(name, match_exactly=True)
            held = {one.name for one in made.all_features}
            for feature in sorted(needed[name].keys() - held):
                types.create_feature(made, feature, needed[name][feature])
    return types


def as_xml(needed: Needed) -> bytes:
    """The type system as a file."""
    target = io.BytesIO()
    cassis.typesystem.TypeSystemSerializer().serialize(target, type_system(needed))
    return target.getvalue()
