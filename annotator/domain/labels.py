"""Label schemes: layers, labels, attributes, relation labels and document labels.

A label's ``id`` never changes once spans use it; its ``name`` may. A scheme written by hand gives names only:
the id then is the name. What a scheme allows is checked in `constraints`; TOML and JSON are read in `scheme_plain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from annotator.domain.spans import DEFAULT_LAYER

HUES = (255, 25, 195, 120, 350, 55, 280, 170, 225, 85, 310, 145)
"""The twelve label hues (OKLCH degrees); neighbours in this order differ for red-green blind people, too."""


class Overlap(StrEnum):
    """Which spans of one layer may share text."""

    ANY = "any"
    NESTED = "nested"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Label:
    """One label. ``key`` is the key that gives it; ``aliases`` are names that pipelines or files use for it.

    ``split_into``: ids of the labels that are to take its place. Nobody can give a split label any more; the spans
    that still have it are waiting to be decided. ``replaces``: ids of the labels that were merged into it.
    """

    id: str
    name: str
    key: str = ""
    hue: int = HUES[0]
    description: str = ""
    aliases: tuple[str, ...] = ()
    split_into: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


class AttributeKind(StrEnum):
    """What values an attribute takes: one of a list, true or nothing, any text."""

    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A value that spans of a layer, or relations, may carry. ``values``: those of a choice. ``labels``: ids of the
    labels whose spans or relations may carry it (empty: all).
    """

    name: str
    kind: AttributeKind = AttributeKind.TEXT
    values: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class RelationRule:
    """What a relation label may join: ids of span labels at its head and at its child (empty: any)."""

    label: str
    heads: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trims:
    """Words that suggestions leave out: at their beginning ("the"), at their end ("'s"). Empty: none."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


@dataclass(frozen=True, slots=True)
class Layer:
    """A named set of labels for spans. ``allows_fragments``: whether its spans may be discontinuous."""

    name: str
    labels: tuple[Label, ...] = ()
    overlap: Overlap = Overlap.ANY
    attributes: tuple[Attribute, ...] = ()
    allows_fragments: bool = True
    trims: Trims = Trims()

    def attributes_of(self, label_id: str) -> list[Attribute]:
        """The attributes that a span with this label may carry."""
        return _for_label(self.attributes, label_id)


@dataclass(frozen=True, slots=True)
class LabelScheme:
    """What may be said about a document.

    ``is_extensible``: labels unknown to it are added on import. ``has_single_document_label``: a document has at
    most one document label.
    """

    name: str
    title: str = ""
    description: str = ""
    language: str = ""
    layers: tuple[Layer, ...] = (Layer(DEFAULT_LAYER),)
    relation_labels: tuple[Label, ...] = ()
    document_labels: tuple[Label, ...] = ()
    is_extensible: bool = False
    relation_rules: tuple[RelationRule, ...] = ()
    has_single_document_label: bool = False
    relation_attributes: tuple[Attribute, ...] = ()

    @property
    def labels(self) -> Iterator[tuple[Layer, Label]]:
        """Every span label with its layer, in the order of the scheme."""
        return ((layer, label) for layer in self.layers for label in layer.labels)

    def find_layer(self, name: str) -> Layer | None:
        """The layer with this name, or None."""
        return next((layer for layer in self.layers if layer.name == name), None)

    def find_label(self, label_id: str, layer: str = DEFAULT_LAYER) -> Label | None:
        """The label with this id in this layer, or None."""
        found = self.find_layer(layer)
        return next((label for label in found.labels if label.id == label_id), None) if found else None

    def find_by_name(self, name: str, layer: str = DEFAULT_LAYER) -> Label | None:
        """The label of this layer that goes by ``name`` in a file: by name, by id, or by alias."""
        found = self.find_layer(layer)
        return _find_by_name(found.labels, name) if found else None

    def find_relation_label(self, name: str) -> Label | None:
        """The relation label that goes by ``name`` (name, id or alias), or None."""
        return _find_by_name(self.relation_labels, name)

    def rules_of(self, relation_label: str) -> list[RelationRule]:
        """The rules for a relation label; it may join anything when there is none."""
        return [rule for rule in self.relation_rules if rule.label == relation_label]

    def attributes_of_relation(self, label_id: str) -> list[Attribute]:
        """The attributes that a relation with this label may carry."""
        return _for_label(self.relation_attributes, label_id)

    def find_document_label(self, name: str) -> Label | None:
        """The document label that goes by ``name`` (name, id or alias), or None."""
        return _find_by_name(self.document_labels, name)

    def name_of(self, label_id: str, layer: str = DEFAULT_LAYER) -> str:
        """The name shown and exported for a label id (the id itself when the scheme has lost it)."""
        label = self.find_label(label_id, layer)
        return label.name if label else label_id

    def extended(
        self,
        spans: Iterable[tuple[str, str]] = (),
        relations: Iterable[str] = (),
        cats: Iterable[str] = (),
    ) -> LabelScheme:
        """A scheme that also has these labels: ``(layer, name)`` for spans, names for the others."""
        scheme = self
        for layer_name, name in spans:
            if scheme.find_by_name(name, layer_name) is None:
                scheme = scheme._with_span_label(layer_name, name)
        for name in relations:
            if scheme.find_relation_label(name) is None:
                labels = (
                    *scheme.relation_labels,
                    _new_label(name, len(scheme.relation_labels), scheme.relation_labels),
                )
                scheme = replace(scheme, relation_labels=labels)
        for name in cats:
            if scheme.find_document_label(name) is None:
                labels = (
                    *scheme.document_labels,
                    _new_label(name, len(scheme.document_labels), scheme.document_labels),
                )
                scheme = replace(scheme, document_labels=labels)
        return scheme

    def _with_span_label(self, layer_name: str, name: str) -> LabelScheme:
        layers = self.layers if self.find_layer(layer_name) else (*self.layers, Layer(layer_name))
        return replace(
            self,
            layers=tuple(
                replace(layer, labels=(*layer.labels, _new_label(name, len(layer.labels), layer.labels)))
                if layer.name == layer_name
                else layer
                for layer in layers
            ),
        )


def _for_label(attributes: Iterable[Attribute], label_id: str) -> list[Attribute]:
    return [one for one in attributes if not one.labels or label_id in one.labels]


def _find_by_name(labels: tuple[Label, ...], name: str) -> Label | None:
    for matches in (
        lambda label: label.name == name,
        lambda label: label.id == name,
        lambda label: name in label.aliases,
    ):
        if found := next(filter(matches, labels), None):
            return found
    return None


DIGIT_KEYS = "1234567890"


def _new_label(name: str, index: int, taken: Iterable[Label] = ()) -> Label:
    used = {label.key for label in taken}
    key = next((key for key in DIGIT_KEYS if key not in used), "")
    return Label(id=name, name=name, key=key, hue=HUES[index % len(HUES)])
