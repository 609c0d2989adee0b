"""The XML of GATE as values. The place of a node is where it stands in the text: its id only says where that was when
GATE still had every character.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from annotator.domain.text import Json
from annotator.formats.safe_xml import BadXml, parse

_INTEGERS = frozenset({"java.lang.Integer", "java.lang.Long", "java.lang.Short", "java.lang.Byte"})
_FLOATS = frozenset({"java.lang.Double", "java.lang.Float"})


@dataclass(slots=True)
class GateAnnotation:
    """``start`` and ``end`` are ids of nodes."""

    id: str
    type: str
    start: str
    end: str
    features: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class GateRelation:
    """``members`` are ids of annotations."""

    id: str
    type: str
    members: tuple[str, ...]
    features: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class GateSet:
    """A set of annotations; the default one has no name."""

    name: str
    annotations: list[GateAnnotation] = field(default_factory=list)
    relations: list[GateRelation] = field(default_factory=list)


@dataclass(slots=True)
class GateDocument:
    """``places``: code points by the id of a node."""

    text: str = ""
    features: dict[str, Json] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    sets: list[GateSet] = field(default_factory=list)


def parse_gate(file: BinaryIO) -> GateDocument:
    """Read a file. Raises `BadXml`."""
    handler = _Handler()
    parse(file, handler.start, handler.end, handler.add)
    handler.document.text = "".join(handler.text)
    return handler.document


class _Handler:
    """Builds the document as elements come."""

    def __init__(self) -> None:
        self.document = GateDocument()
        self.text: list[str] = []
        self._length = 0
        self._path: list[str] = []
        self._words: list[str] = []
        self._name = ""
        self._classes: Mapping[str, str] = {}
        self._features = self.document.features
        self._starts: dict[str, Callable[[Mapping[str, str]], None]] = {
            "GateDocumentFeatures": self._start_document_features,
            "AnnotationSet": self._start_set,
            "RelationSet": self._start_relations,
            "Annotation": self._start_annotation,
            "Relation": self._start_relation,
            "Node": self._start_node,
        }

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._path and name != "GateDocument":
            raise BadXml("it is XML but not GATE's: its first element is not GateDocument", 1)
        self._path.append(name)
        if name in ("Name", "Value"):
            self._words = []
            self._classes = attributes
        elif (begin := self._starts.get(name)) is not None:
            begin(attributes)

    def end(self, name: str) -> None:
        self._path.pop()
        if name == "Name":
            self._name = "".join(self._words)
        elif name == "Value" and self._name:
            self._features[self._name] = _value("".join(self._words), self._classes)
            self._name = ""

    def add(self, text: str) -> None:
        if "TextWithNodes" in self._path[1:2]:
            self.text.append(text)
            self._length += len(text)
        elif self._path and self._path[-1] in ("Name", "Value"):
            self._words.append(text)

    def _start_document_features(self, _attributes: Mapping[str, str]) -> None:
        self._features = self.document.features

    def _start_node(self, attributes: Mapping[str, str]) -> None:
        self.document.places[attributes.get("id", "")] = self._length

    def _start_set(self, attributes: Mapping[str, str]) -> None:
        self.document.sets.append(GateSet(attributes.get("Name", "")))

    def _start_relations(self, attributes: Mapping[str, str]) -> None:
        """Relations follow the annotations of their set."""
        name = attributes.get("Name", "")
        if not any(one.name == name for one in self.document.sets):
            self.document.sets.append(GateSet(name))
        self.document.sets.sort(key=lambda one: one.name == name)  # the last one is that which is added to

    def _start_annotation(self, attributes: Mapping[str, str]) -> None:
        made = GateAnnotation(
            attributes.get("Id", ""),
            attributes.get("Type", ""),
            attributes.get("StartNode", ""),
            attributes.get("EndNode", ""),
        )
        self._features = made.features
        self._last_set().annotations.append(made)

    def _start_relation(self, attributes: Mapping[str, str]) -> None:
        members = tuple(attributes.get("Members", "").replace(",", ";").split(";"))
        made = GateRelation(attributes.get("Id", ""), attributes.get("Type", ""), members)
        self._features = made.features
        self._last_set().relations.append(made)

    def _last_set(self) -> GateSet:
        if not self.document.sets:
            self.document.sets.append(GateSet(""))
        return self.document.sets[-1]


def _value(text: str, classes: Mapping[str, str]) -> Json:
    """A value as its Java class says; what does not fit its class stays text."""
    kind = classes.get("className", "")
    if kind.startswith("java.util.") and "itemClassName" in classes:
        return [_simple(one, classes["itemClassName"]) for one in text.split(";")] if text else []
    return _simple(text, kind)


def _simple(text: str, kind: str) -> Json:
    try:
        if kind in _INTEGERS:
            return int(text)
        if kind in _FLOATS:
            number = float(text)
            return number if number - number == 0 else text
    except ValueError:
        return text
    if kind == "java.lang.Boolean" and text in ("true", "false"):
        return text == "true"
    return text
