"""Two schemes made one: what one has and the other lacks is added. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.domain.labels import Attribute, Label, LabelScheme, Layer, RelationRule


def joined_schemes(scheme: LabelScheme, other: LabelScheme) -> LabelScheme:
    """``scheme`` with the layers, labels, attributes, relations and rules of ``other`` that it does not have by name.

    What both have stays as ``scheme`` has it, but that rules of relations allow what either allows. A key that is taken
    is not given again.
    """
    taken = {label.key for _, label in scheme.labels if label.key}
    layers = {layer.name: layer for layer in scheme.layers}
    for layer in other.layers:
        held = layers.get(layer.name)
        layers[layer.name] = _joined_layer(held, layer, taken) if held else layer
    relation_labels = _joined_labels(scheme.relation_labels, other.relation_labels, set())
    return replace(
        scheme,
        layers=tuple(layers.values()),
        relation_labels=relation_labels,
        document_labels=_joined_labels(scheme.document_labels, other.document_labels, set()),
        relation_rules=_joined_rules(scheme, other, {label.name: label.id for label in relation_labels}),
        description=scheme.description or other.description,
    )


def _joined_layer(layer: Layer, other: Layer, taken: set[str]) -> Layer:
    names = {attribute.name for attribute in layer.attributes}
    more: Iterable[Attribute] = (attribute for attribute in other.attributes if attribute.name not in names)
    return replace(
        layer, labels=_joined_labels(layer.labels, other.labels, taken), attributes=(*layer.attributes, *more)
    )


def _joined_labels(labels: tuple[Label, ...], others: tuple[Label, ...], taken: set[str]) -> tuple[Label, ...]:
    found = list(labels)
    for other in others:
        if any(other.name in (label.name, label.id, *label.aliases) or other.id == label.id for label in found):
            continue
        key = "" if other.key in taken else other.key
        taken.add(other.key)
        found.append(replace(other, key=key))
    return tuple(found)


def _joined_rules(scheme: LabelScheme, other: LabelScheme, ids: dict[str, str]) -> tuple[RelationRule, ...]:
    """What either allows is allowed: a relation label without rules in one of them may join anything."""
    rules = [replace(rule, label=_id_of(rule.label, other.relation_labels, ids)) for rule in other.relation_rules]
    ruled, ruled_there = {rule.label for rule in scheme.relation_rules}, {rule.label for rule in rules}
    here = {label.id for label in scheme.relation_labels}
    there = {_id_of(label.id, other.relation_labels, ids) for label in other.relation_labels}
    free = (here - ruled) | (there - ruled_there)
    found = dict.fromkeys((*scheme.relation_rules, *rules))
    return tuple(rule for rule in found if rule.label not in free)


def _id_of(label_id: str, labels: tuple[Label, ...], ids: dict[str, str]) -> str:
    """The id that a label of the other scheme has now."""
    name = next((label.name for label in labels if label.id == label_id), label_id)
    return ids.get(name, label_id)
