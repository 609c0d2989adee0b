"""Annotations of a CAS as spans: layer, label, attributes; what has no place in the domain is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson

from annotator.domain.spans import Origin, Span
from annotator.domain.text import Json
from annotator.formats.uima.names import (
    BASES,
    FREE_TEXT,
    FREE_TEXT_LAYERS,
    LABEL_FEATURES,
    OWN,
    OWN_DATA,
    PAIRS,
    TOKEN_LABEL,
    TOKEN_LAYER,
    in_xml,
)
from annotator.formats.uima.structures import Structure


@dataclass(slots=True)
class Found:
    """What is being made of a view. ``points``: annotations without a width; ``others``: structures about no place;
    ``odd``: what was changed or left out, and how often; ``span_of``: the spans of structures by id; ``unsound``: those
    counted for their place.
    """

    text: str
    misplaced: frozenset[int] = frozenset()
    spans: dict[str, Span] = field(default_factory=dict)
    span_of: dict[int, str] = field(default_factory=dict)
    points: list[Json] = field(default_factory=list)
    others: list[Json] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)
    unsound: set[int] = field(default_factory=set)

    def is_sound(self, one: Structure) -> bool:
        """Whether the place of an annotation is one of the text's; else it is counted."""
        if (
            isinstance(one.begin, int)
            and isinstance(one.end, int)
            and 0 <= one.begin <= one.end <= len(self.text)
            and not self.misplaced & {one.begin, one.end}
        ):
            return True
        if one.id not in self.unsound:
            self.unsound.add(one.id)
            self.odd[f"annotations of the type {one.short} that lie outside the text are left out"] += 1
        return False


def layer_of(one: Structure) -> str:
    """The layer of an annotation: what Annotator wrote, else the short name of its type or the base of its types."""
    if isinstance(layer := own_data(one).get("layer"), str):
        return layer
    return next((BASES[name] for name in one.types if name in BASES), one.short)


def label_feature(one: Structure) -> str:
    """The feature whose value is the label; empty if it is the type that says it."""
    if layer_of(one) in FREE_TEXT_LAYERS and not one.type.startswith(OWN):
        return ""
    by_name = {name.casefold(): name for name in reversed(one.strings)}
    named = next((by_name[name] for name in LABEL_FEATURES if name in by_name), None)
    if named is not None or one.type.startswith(OWN):
        return named or ""
    usual = (name for name in one.strings if name.casefold() not in FREE_TEXT and name != OWN_DATA)
    return next(usual, "")


def label_of(one: Structure) -> str:
    """The label of a span or relation."""
    if isinstance(label := own_data(one).get("label"), str):
        return label
    value = one.values.get(label_feature(one))
    return value if isinstance(value, str) and value else one.short


def own_data(one: Structure) -> Mapping[str, Any]:
    """What Annotator wrote beside the features, if it did."""
    content = one.values.get(OWN_DATA)
    if not isinstance(content, str):
        return {}
    try:
        read = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


def shown(value: Json) -> str:
    """A value of an attribute as a feature."""
    return in_xml(value if isinstance(value, str) else orjson.dumps(value).decode())


def attributes_of(one: Structure, *taken: str) -> dict[str, Json]:
    """What the other features say. Where Annotator wrote the exact value and nobody changed it, that."""
    passed_over = {label_feature(one), OWN_DATA, *taken}
    found = {name: value for name, value in one.values.items() if name not in passed_over}
    exact = own_data(one).get("attributes")
    for name, value in (exact if isinstance(exact, dict) else {}).items():
        if name not in found or found[name] == shown(value):
            found[name] = value
    return found


def is_arrow(one: Structure) -> bool:
    """Whether an annotation joins two others."""
    return ends_of(one) is not None


def ends_of(one: Structure) -> tuple[str, str] | None:
    """The features of head and child, if it is a relation: a usual pair of names, or exactly two references."""
    by_name = {name.casefold(): name for name in one.references}
    for head, child in PAIRS:
        if head in by_name and child in by_name:
            return by_name[head], by_name[child]
    single = [name for name, to in one.references.items() if len(to) == 1]
    is_pair = len(single) == len(one.references) == 2 and not {"parent", "next"} & set(by_name)
    return (single[0], single[1]) if is_pair else None


def place(found: Found, ones: Iterable[Structure]) -> None:
    """Make spans of annotations that are no relations."""
    for one in ones:
        if not found.is_sound(one):
            continue
        if one.begin == one.end:
            values: dict[str, Json] = dict(one.values)
            found.points.append({"type": one.type, "at": one.begin, "features": values})
            found.odd["annotations without a width are kept beside the text and are no spans"] += 1
            continue
        span = _span(one)
        found.spans[span.id] = span
        found.span_of[one.id] = span.id


def _span(one: Structure) -> Span:
    data = own_data(one)
    note = data.get("note", one.values.get("note", ""))
    is_note = isinstance(note, str)
    origin = data.get("origin")
    score = data.get("score")
    assert one.begin is not None and one.end is not None
    return Span(
        f"a{one.id}",
        one.begin,
        one.end,
        label_of(one),
        layer_of(one),
        origin=Origin(origin) if origin in list(Origin) else Origin.IMPORTED,
        decided=data.get("decided") is not False,
        score=float(score) if isinstance(score, int | float) and not isinstance(score, bool) else None,
        pipeline=str(data.get("pipeline", "")),
        attributes=attributes_of(one, *(["note"] if is_note else [])),
        note=note if is_note else "",
        fragments=_fragments(data.get("fragments"), one.begin, one.end),
    )


def _fragments(given: object, begin: int, end: int) -> tuple[tuple[int, int], ...]:
    """The parts, if they are sound and their edges are the span's."""
    if not isinstance(given, list) or not all(isinstance(one, list) and len(one) == 2 for one in given):
        return ()
    flat = [place for one in given for place in one]
    if len(given) < 2 or not all(type(place) is int for place in flat):
        return ()
    rises = all(one < other for one, other in pairwise(flat))
    return tuple((one[0], one[1]) for one in given) if rises and (flat[0], flat[-1]) == (begin, end) else ()


def token_span(found: Found, one: Structure) -> str | None:
    """The span that stands for a token at the end of a relation: that of its part of speech, else one of its own."""
    for of in one.references.get("pos", ()):
        if (held := found.span_of.get(of.xmiID or 0)) is not None and found.spans[held].start == one.begin:
            return held
    if not found.is_sound(one) or one.begin is None or one.end is None or one.begin == one.end:
        return None
    span = Span(f"a{one.id}", one.begin, one.end, TOKEN_LABEL, TOKEN_LAYER, origin=Origin.IMPORTED)
    found.spans[span.id] = span
    found.span_of[one.id] = span.id
    found.odd[f"tokens at the ends of relations are spans of the layer {TOKEN_LAYER!r}"] += 1
    return span.id
