"""What INCEpTION writes about a project (``exportedproject….json``): layers and tags, who did how much. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from annotator.domain.labels import Attribute, AttributeKind, LabelScheme, Layer, Overlap
from annotator.domain.projects import Status
from annotator.domain.spans import DEFAULT_LAYER
from annotator.formats.uima.names import (
    BASES,
    FREE_TEXT,
    FREE_TEXT_LAYERS,
    LABEL_FEATURES,
    SENTENCE_NAMES,
    TOKEN_NAMES,
    short,
)

GOLD = "gold"
INITIAL = "INITIAL_CAS"
CURATION_USERS = ("CURATION_USER",)
_STATUSES = {
    "NEW": Status.NEW,
    "IN_PROGRESS": Status.IN_PROGRESS,
    "INPROGRESS": Status.IN_PROGRESS,
    "FINISHED": Status.DONE,
    "COMPLETE": Status.DONE,
    "IGNORE": Status.SKIPPED,
    "LOCKED": Status.SKIPPED,
    "CURATION_IN_PROGRESS": Status.IN_PROGRESS,
    "CURATION_FINISHED": Status.DONE,
    "CURATION_COMPLETE": Status.DONE,
}
_TEMPORARY = re.compile(r"_*\d{5,}\Z")  # Java adds a random number to the names of temporary files

_Plain = dict[str, Any]


class NotAProject(ValueError):
    """The description of a project is broken; the message says how."""


@dataclass(frozen=True, slots=True)
class Project:
    """``documents``: names and states of the sources; ``sets``: state and comment by document and user."""

    name: str
    documents: Mapping[str, str]
    sets: Mapping[tuple[str, str], tuple[str, str]]
    layers: tuple[_Plain, ...] = field(default=(), hash=False)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def annotator_of(self, document: str, stem: str) -> str:
        """Whose file it is, by its name without suffix; empty for what nobody annotated."""
        if stem.startswith(INITIAL):
            return ""
        if stem.startswith(CURATION_USERS):
            return GOLD
        users = {user for name, user in self.sets if name == document}
        if stem in users:
            return stem
        named = (user for user in users if stem.startswith(user) and _TEMPORARY.match(stem[len(user) :]))
        return max(named, key=len, default=re.sub(r"_*\d{9,}\Z", "", stem) or stem)

    def status_of(self, document: str, annotator: str) -> Status:
        """How far an annotator is; for gold, how far the curation is."""
        state = (
            self.documents.get(document, "") if annotator == GOLD else self.sets.get((document, annotator), ("",))[0]
        )
        return _STATUSES.get(state, Status.NEW)

    def comment_of(self, document: str, annotator: str) -> str:
        """What an annotator wrote about a document as a whole."""
        return self.sets.get((document, annotator), ("", ""))[1]

    def scheme(self) -> LabelScheme:
        """The layers that are in use, with the labels of their tag sets and their other features as attributes."""
        scheme = LabelScheme(self.name or "INCEpTION", layers=())
        for layer in self.layers:
            name, kind = _text(layer.get("name")), _text(layer.get("type"))
            if layer.get("enabled") is False or short(name) in TOKEN_NAMES | SENTENCE_NAMES or not name:
                continue
            if kind == "relation":
                scheme = scheme.extended(relations=self._labels(layer, name))
            elif kind in ("span", "chain"):
                scheme = self._with_layer(scheme, layer, name)
        relation_labels = tuple(replace(label, key="") for label in scheme.relation_labels)
        return replace(scheme, layers=scheme.layers or (Layer(DEFAULT_LAYER),), relation_labels=relation_labels)

    def _with_layer(self, scheme: LabelScheme, plain: _Plain, type_name: str) -> LabelScheme:
        name = BASES.get(type_name, short(type_name))
        if scheme.find_layer(name) is not None:
            return scheme
        overlap = Overlap.NONE if plain.get("overlap_mode") == "NO_OVERLAP" else Overlap.ANY
        label = _label_feature(plain, name)
        attributes = tuple(
            self._attribute(one)
            for one in _features(plain)
            if one is not label and not _text(one.get("link_type_name"))
        )
        scheme = replace(scheme, layers=(*scheme.layers, Layer(name, overlap=overlap, attributes=attributes)))
        return scheme.extended(spans=[(name, one) for one in self._labels(plain, type_name)])

    def _labels(self, layer: _Plain, type_name: str) -> tuple[str, ...]:
        """The tags of the label's feature; without such a feature, the short name of the type."""
        feature = _label_feature(layer, short(type_name))
        return self._tags_of(feature) if feature is not None else (short(type_name),)

    def _attribute(self, feature: _Plain) -> Attribute:
        name, tags = _text(feature.get("name")), self._tags_of(feature)
        description = _text(feature.get("description"))
        tag_set = feature.get("tag_set")
        if tags and not (isinstance(tag_set, dict) and tag_set.get("create_tag")):
            return Attribute(name, AttributeKind.CHOICE, tags, description=description)
        kind = AttributeKind.FLAG if feature.get("type") == "uima.cas.Boolean" else AttributeKind.TEXT
        return Attribute(name, kind, description=description)

    def _tags_of(self, feature: _Plain) -> tuple[str, ...]:
        tag_set = feature.get("tag_set")
        if not isinstance(tag_set, dict):
            return ()
        return tuple(_tag_names(tag_set)) or self.tags.get(_text(tag_set.get("name")), ())


def read_project(content: bytes) -> Project:
    """Read the description of a project. Raises `NotAProject`."""
    try:
        plain = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as fault:
        raise NotAProject(f"not valid JSON: {fault.msg}") from fault
    if not isinstance(plain, dict):
        raise NotAProject("it is not a JSON object")
    return Project(
        _text(plain.get("name")),
        {_text(one.get("name")): _text(one.get("state")) for one in _objects(plain.get("source_documents"))},
        {
            (_text(one.get("name")), _text(one.get("user"))): (
                _text(one.get("state")),
                _text(one.get("annotatorComment")),
            )
            for one in _objects(plain.get("annotation_documents"))
        },
        tuple(_objects(plain.get("layers"))),
        {_text(one.get("name")): tuple(_tag_names(one)) for one in _objects(plain.get("tag_sets"))},
    )


def _label_feature(layer: _Plain, layer_name: str) -> _Plain | None:
    """The feature whose value is the label, by the same rule as in files."""
    if layer_name in FREE_TEXT_LAYERS:
        return None
    strings = [one for one in _features(layer) if one.get("type") == "uima.cas.String"]
    by_name = {_text(one.get("name")).casefold(): one for one in strings}
    named = next((by_name[name] for name in LABEL_FEATURES if name in by_name), None)
    return named or next((one for name, one in by_name.items() if name not in FREE_TEXT), None)


def _features(layer: _Plain) -> list[_Plain]:
    return [
        one for one in _objects(layer.get("features")) if _text(one.get("name")) and one.get("enabled") is not False
    ]


def _tag_names(tag_set: _Plain) -> Iterator[str]:
    for tag in _objects(tag_set.get("tags")):
        if name := _text(tag.get("tag_name")) or _text(tag.get("name")):
            yield name


def _objects(value: object) -> list[_Plain]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
