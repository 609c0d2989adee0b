"""Where a label stands in a scheme: in a layer, among the relation labels or among the document labels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from annotator.domain.errors import UnknownLabel
from annotator.domain.labels import Label, LabelScheme
from annotator.domain.spans import DEFAULT_LAYER


class LabelKind(StrEnum):
    """What a label is given to."""

    SPAN = "span"
    RELATION = "relation"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """The labels among which ids, names and keys differ. ``layer`` is the layer of span labels, else empty."""

    kind: LabelKind = LabelKind.SPAN
    layer: str = ""

    @classmethod
    def of_layer(cls, layer: str = DEFAULT_LAYER) -> LabelGroup:
        """The span labels of a layer."""
        return cls(LabelKind.SPAN, layer)


RELATIONS = LabelGroup(LabelKind.RELATION)
DOCUMENTS = LabelGroup(LabelKind.DOCUMENT)


def groups_of(scheme: LabelScheme) -> list[LabelGroup]:
    """Every group of a scheme, in its order."""
    return [*(LabelGroup.of_layer(layer.name) for layer in scheme.layers), RELATIONS, DOCUMENTS]


def labels_of(scheme: LabelScheme, group: LabelGroup) -> tuple[Label, ...]:
    """The labels of a group, in order; none when the scheme lacks its layer."""
    match group.kind:
        case LabelKind.RELATION:
            return scheme.relation_labels
        case LabelKind.DOCUMENT:
            return scheme.document_labels
        case _:
            layer = scheme.find_layer(group.layer)
            return layer.labels if layer else ()


def with_labels(scheme: LabelScheme, group: LabelGroup, labels: tuple[Label, ...]) -> LabelScheme:
    """``scheme`` with these labels in the group's place."""
    match group.kind:
        case LabelKind.RELATION:
            return replace(scheme, relation_labels=labels)
        case LabelKind.DOCUMENT:
            return replace(scheme, document_labels=labels)
        case _:
            layers = (replace(one, labels=labels) if one.name == group.layer else one for one in scheme.layers)
            return replace(scheme, layers=tuple(layers))


def label_in(scheme: LabelScheme, group: LabelGroup, label_id: str) -> Label:
    """The label with this id. Raises `UnknownLabel`."""
    found = next((label for label in labels_of(scheme, group) if label.id == label_id), None)
    if found is None:
        raise UnknownLabel(f"the scheme {scheme.name!r} has no such label any more ({label_id})")
    return found
