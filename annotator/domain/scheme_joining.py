"""Two schemes made one: what one has and the other lacks is added. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.domain.labels import Attribute, Label, LabelScheme, Layer


def joined_schemes(scheme: LabelScheme, other: LabelScheme) -> LabelScheme:
    """``scheme`` with the layers, labels, attributes, relations and rules of ``other`` that it does not have by name.

    What both have stays as ``scheme`` has it. A key that is taken is not given again.
    """
    taken = {label.key for _, label in scheme.labels if label.key}
    layers = {layer.name: layer for layer in scheme.layers}
    for layer in other.layers:
        held = layers.get(layer.name)
        layers[layer.name] = _joined_layer(held, layer, taken) if held else layer
    relation_labels = _joined_labels(scheme.relation_labels, other.relation_labels, set())
    ids = {label.name: label.id for label in relation_labels}
    known = {rule.label for rule in scheme.relation_rules}
    rules = (replace(rule, label=_id_of(rule.label, other.relation_labels, ids)) for rule in other.relation_rules)
    return replace(
        scheme,
        layers=tuple(layers.values()),
        relation_labels=relation_labels,
        document_labels=_joined_labels(scheme.document_labels, other.document_labels, set()),
        relation_rules=(*scheme.relation_rules, *(rule for rule in rules if rule.label not in known)),
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


def _id_of(label_id: str, labels: tuple[Label, ...], ids: dict[str, str]) -> str:
    """The id that a label of the other scheme has now."""
    name = next((label.name for label in labels if label.id == label_id), label_id)
    return ids.get(name, label_id)
