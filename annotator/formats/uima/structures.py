"""Feature structures of a CAS as plain values: what they say, where, and which others they point at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.domain.text import Json
from annotator.formats.uima.names import ANNOTATION, short
from annotator.formats.uima.reserved import plain

MOST_ITEMS = 100_000
_DEPTH = 3
_BUILT_IN = "uima.cas."


@dataclass(frozen=True, slots=True)
class Structure:
    """One feature structure. ``types``: its type and all above it, its own first. Offsets are code points, None where
    it is no annotation.

    ``values``: features that are no references and not empty, in the order in which the types declare them; ``strings``
    names those that are declared as text, whether they have a value or not. ``references``: other structures by
    feature, as the library has them.
    """

    id: int
    types: tuple[str, ...]
    begin: int | None
    end: int | None
    values: Mapping[str, Json]
    strings: tuple[str, ...]
    references: Mapping[str, tuple[Any, ...]]

    @property
    def type(self) -> str:
        """The name of its type."""
        return self.types[0]

    @property
    def short(self) -> str:
        """The last part of its type's name."""
        return short(self.types[0])

    @property
    def is_annotation(self) -> bool:
        """Whether it says something about a place in the text."""
        return ANNOTATION in self.types


class Structures:
    """The structures of a CAS, each looked at once."""

    def __init__(self, back: Mapping[int, int]) -> None:
        self._back = back
        self._held: dict[int, Structure] = {}
        self._features: dict[str, tuple[tuple[str, ...], tuple[Any, ...]]] = {}

    def of(self, fs: Any) -> Structure:
        """What a feature structure says."""
        held = self._held.get(id(fs))
        if held is None:
            held = self._held[id(fs)] = self._made(fs)
        return held

    def text(self, value: str) -> str:
        """A string of the CAS as it was meant."""
        return value.translate(self._back) if self._back else value

    def plain(self, fs: Any, depth: int = _DEPTH) -> Json:
        """A structure that is no annotation as a value: an object of its features, as deep as makes sense."""
        return self.plain_of(self.of(fs), depth)

    def plain_of(self, one: Structure, depth: int = _DEPTH) -> Json:
        """The same of what was looked at already."""
        found: dict[str, Json] = dict(one.values)
        for name, targets in one.references.items():
            if depth and targets:
                found[name] = [self.plain(target, depth - 1) for target in targets[:100]]
        return found

    def _made(self, fs: Any) -> Structure:
        types, features = self._declared(fs.type)
        values: dict[str, Json] = {}
        references: dict[str, tuple[Any, ...]] = {}
        for feature in features:
            value = getattr(fs, feature.name, None)
            name = plain(feature.name)
            if value is None:
                continue
            if not hasattr(value, "type"):
                values[name] = self._json(value)
            elif (items := _items(value)) is None:
                references[name] = (value,)
            elif any(hasattr(one, "type") for one in items):
                references[name] = tuple(one for one in items if hasattr(one, "type"))
            elif items:
                values[name] = [self._json(one) for one in items]
        strings = tuple(plain(one.name) for one in features if _is_text(one.rangeType))
        begin, end = (fs.begin, fs.end) if ANNOTATION in types else (None, None)
        return Structure(fs.xmiID or 0, types, begin, end, values, strings, references)

    def _declared(self, type_: Any) -> tuple[tuple[str, ...], tuple[Any, ...]]:
        """The names of a type and all above it, and their features: its own first, each as declared."""
        held = self._features.get(type_.name)
        if held is None:
            line = list(_upwards(type_))
            found = {
                feature.name: feature
                for one in line
                for feature in one.features
                if feature.name not in ("sofa", "begin", "end")
            }
            held = self._features[type_.name] = tuple(one.name for one in line), tuple(found.values())
        return held

    def _json(self, value: Any) -> Json:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        return value if isinstance(value, bool | int | float) else str(value)


def _upwards(type_: Any) -> Iterator[Any]:
    while type_ is not None:
        yield type_
        type_ = type_.supertype


def _is_text(range_: Any) -> bool:
    return any(one.name == "uima.cas.String" for one in _upwards(range_))


def _items(fs: Any) -> list[Any] | None:
    """What an array or a list holds; None for any other structure."""
    name = fs.type.name
    if name.startswith(_BUILT_IN) and name.endswith("Array"):
        return list(fs.elements or ())
    if not (name.startswith(_BUILT_IN) and name.endswith("List")):
        return None
    items: list[Any] = []
    while hasattr(fs, "head") and len(items) < MOST_ITEMS:
        items.append(fs.head)
        fs = fs.tail
    return items
