"""Schemes as plain values and back: what stands in a TOML file and in the project. Lossless both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from annotator.domain.errors import SchemeInvalid
from annotator.domain.labels import (
    HUES,
    Attribute,
    AttributeKind,
    Label,
    LabelScheme,
    Layer,
    Overlap,
    RelationRule,
    Trims,
)
from annotator.domain.spans import DEFAULT_LAYER

Plain = Mapping[str, Any]


def scheme_from_plain(plain: Plain) -> LabelScheme:
    """A scheme from the values of its TOML file or of `scheme_to_plain`. Raises `SchemeInvalid`."""
    name = plain.get("name")
    if not isinstance(name, str) or not name:
        raise SchemeInvalid("the scheme has no name", remedy='begin it with a line such as name = "news"')
    try:
        scheme = LabelScheme(
            name=name,
            title=str(plain.get("title", "")),
            description=str(plain.get("description", "")),
            language=str(plain.get("language", "")),
            layers=tuple(_layer_from_plain(layer) for layer in plain.get("layers", ())),
            relation_labels=_labels_from_plain(plain.get("relations", ()), "relations"),
            document_labels=_labels_from_plain(plain.get("document_labels", ()), "document_labels"),
            is_extensible=bool(plain.get("extensible", False)),
            relation_rules=tuple(_rules_from_plain(plain.get("relations", ()))),
            has_single_document_label=_choice(plain, "document_label_choice", ("multiple", "single"), name) == "single",
            relation_attributes=tuple(_attribute_from_plain(one, name) for one in plain.get("relation_attributes", ())),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise SchemeInvalid(
            f"the scheme is not built as it should be ({fault})",
            where=name,
            remedy="give each layer a name and each label a name; see resources/schemes/news.toml",
        ) from fault
    return scheme if scheme.layers else replace(scheme, layers=(Layer(DEFAULT_LAYER),))


def _choice(plain: Plain, key: str, values: Iterable[str], where: str) -> str:
    """The value under ``key``, the first of ``values`` when there is none. Raises `SchemeInvalid` for another."""
    allowed = list(values)
    value = plain.get(key, allowed[0])
    if value not in allowed:
        raise SchemeInvalid(f"{key} = {value!r} is none of {', '.join(allowed)}", where=where)
    return str(value)


def _layer_from_plain(plain: Plain) -> Layer:
    name = plain["name"]
    return Layer(
        name,
        _labels_from_plain(plain.get("labels", ()), name),
        Overlap(_choice(plain, "overlap", Overlap, name)),
        tuple(_attribute_from_plain(one, name) for one in plain.get("attributes", ())),
        bool(plain.get("fragments", True)),
        Trims(_words(plain, "trim_before", name), _words(plain, "trim_after", name)),
    )


def _words(plain: Plain, key: str, where: str) -> tuple[str, ...]:
    words = plain.get(key, ())
    if isinstance(words, str) or not all(isinstance(word, str) and word.strip() for word in words):
        raise SchemeInvalid(f"{key} is no list of words", where=where, remedy=f'write {key} = ["the", "a"]')
    return tuple(word.strip() for word in words)


def _attribute_from_plain(plain: Plain, where: str) -> Attribute:
    name = str(plain["name"])
    kind = AttributeKind(_choice({"kind": "text", **plain}, "kind", AttributeKind, f"{where} {name}"))
    values = tuple(str(value) for value in plain.get("values", ()))
    if kind is AttributeKind.CHOICE and not values:
        raise SchemeInvalid(
            f"the attribute {name!r} is a choice without values", where=where, remedy='add values = ["…", "…"]'
        )
    return Attribute(name, kind, values, tuple(plain.get("labels", ())), str(plain.get("description", "")))


def _rules_from_plain(plains: Iterable[Plain]) -> Iterable[RelationRule]:
    for plain in plains:
        for rule in (plain, *plain.get("or_else", ())):
            heads, children = tuple(rule.get("heads", ())), tuple(rule.get("children", ()))
            if heads or children:
                yield RelationRule(str(plain.get("id", plain["name"])), heads, children)


def _labels_from_plain(plain: Iterable[Plain], where: str) -> tuple[Label, ...]:
    labels = tuple(
        Label(
            id=str(entry.get("id", entry["name"])),
            name=str(entry["name"]),
            key=str(entry.get("key", "")),
            hue=int(entry.get("hue", HUES[index % len(HUES)])),
            description=str(entry.get("description", "")),
            aliases=tuple(entry.get("aliases", ())),
            split_into=tuple(entry.get("split_into", ())),
            replaces=tuple(entry.get("replaces", ())),
        )
        for index, entry in enumerate(plain)
    )
    for what in ("id", "name", "key"):
        _refuse_twins([getattr(label, what) for label in labels], what, where)
    return labels


def _refuse_twins(values: list[str], what: str, where: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value and value in seen:
            raise SchemeInvalid(f"two labels have the {what} {value!r}", where=where, remedy="change one of them")
        seen.add(value)


def scheme_to_plain(scheme: LabelScheme) -> dict[str, Any]:
    """The inverse of `scheme_from_plain`, complete."""
    return {
        "name": scheme.name,
        "title": scheme.title,
        "description": scheme.description,
        "language": scheme.language,
        "extensible": scheme.is_extensible,
        "layers": [
            {
                "name": layer.name,
                "overlap": layer.overlap.value,
                "labels": [_label_to_plain(label) for label in layer.labels],
                "attributes": [_attribute_to_plain(attribute) for attribute in layer.attributes],
                "fragments": layer.allows_fragments,
                "trim_before": list(layer.trims.before),
                "trim_after": list(layer.trims.after),
            }
            for layer in scheme.layers
        ],
        "relations": [_relation_label_to_plain(label, scheme) for label in scheme.relation_labels],
        "relation_attributes": [_attribute_to_plain(attribute) for attribute in scheme.relation_attributes],
        "document_labels": [_label_to_plain(label) for label in scheme.document_labels],
        "document_label_choice": "single" if scheme.has_single_document_label else "multiple",
    }


def _attribute_to_plain(attribute: Attribute) -> dict[str, Any]:
    return {
        "name": attribute.name,
        "kind": attribute.kind.value,
        "values": list(attribute.values),
        "labels": list(attribute.labels),
        "description": attribute.description,
    }


def _relation_label_to_plain(label: Label, scheme: LabelScheme) -> dict[str, Any]:
    first, *others = scheme.rules_of(label.id) or [RelationRule(label.id)]
    more = {"or_else": [_ends_to_plain(rule) for rule in others]} if others else {}
    return _label_to_plain(label) | _ends_to_plain(first) | more


def _ends_to_plain(rule: RelationRule) -> dict[str, Any]:
    return {"heads": list(rule.heads), "children": list(rule.children)}


def _label_to_plain(label: Label) -> dict[str, Any]:
    return {
        "id": label.id,
        "name": label.name,
        "key": label.key,
        "hue": label.hue,
        "description": label.description,
        "aliases": list(label.aliases),
        "split_into": list(label.split_into),
        "replaces": list(label.replaces),
    }
