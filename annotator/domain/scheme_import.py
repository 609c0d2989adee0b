"""Taking another scheme over for a project that has labels already. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from annotator.domain.errors import SchemeInvalid
from annotator.domain.label_groups import DOCUMENTS, RELATIONS, LabelGroup, labels_of, with_labels
from annotator.domain.labels import Label, LabelScheme, Layer

Used = Collection[tuple[LabelGroup, str]]


def taken_over(scheme: LabelScheme, other: LabelScheme, used: Used) -> LabelScheme:
    """``other`` with the ids of ``scheme`` where names are the same, and with the labels that are ``used``.

    Raises `SchemeInvalid` when a label that must stay has the name of another one of ``other``.
    """
    taken = other
    for layer in _layers_to_keep(scheme, other, used):
        taken = replace(taken, layers=(*taken.layers, replace(layer, labels=(), attributes=())))
    for group in (*(LabelGroup.of_layer(layer.name) for layer in taken.layers), RELATIONS, DOCUMENTS):
        renamed = _ids_by_name(labels_of(scheme, group), labels_of(taken, group))
        taken = _with_ids(taken, group, renamed)
        taken = _with_replaced(taken, group, labels_of(scheme, group))
        kept = [label for label in labels_of(scheme, group) if (group, label.id) in used]
        taken = with_labels(taken, group, _joined(labels_of(taken, group), kept))
    return _with_free_keys(taken)


def _layers_to_keep(scheme: LabelScheme, other: LabelScheme, used: Used) -> Iterable[Layer]:
    names = {group.layer for group, _ in used if group.layer}
    return (layer for layer in scheme.layers if layer.name in names and other.find_layer(layer.name) is None)


def _ids_by_name(ours: Iterable[Label], theirs: Collection[Label]) -> dict[str, str]:
    """New ids for labels of the other scheme: by id the same stays, else the name decides."""
    ids = {label.id for label in theirs}
    by_name = {label.name: label.id for label in ours if label.id not in ids}
    return {label.id: by_name[label.name] for label in theirs if label.name in by_name}


def _with_ids(scheme: LabelScheme, group: LabelGroup, ids: Mapping[str, str]) -> LabelScheme:
    def new(old: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(ids.get(one, one) for one in old)

    labels = (
        replace(label, id=ids.get(label.id, label.id), split_into=new(label.split_into))
        for label in labels_of(scheme, group)
    )
    changed = with_labels(scheme, group, tuple(labels))
    if group == RELATIONS:
        rules = (replace(rule, label=ids.get(rule.label, rule.label)) for rule in changed.relation_rules)
        attributes = (replace(one, labels=new(one.labels)) for one in changed.relation_attributes)
        return replace(changed, relation_rules=tuple(rules), relation_attributes=tuple(attributes))
    if not group.layer:
        return changed
    rules = (replace(rule, heads=new(rule.heads), children=new(rule.children)) for rule in changed.relation_rules)
    layers = (
        replace(layer, attributes=tuple(replace(one, labels=new(one.labels)) for one in layer.attributes))
        if layer.name == group.layer
        else layer
        for layer in changed.layers
    )
    return replace(changed, relation_rules=tuple(rules), layers=tuple(layers))


def _with_replaced(scheme: LabelScheme, group: LabelGroup, ours: Iterable[Label]) -> LabelScheme:
    """``scheme`` that still knows which labels of this project were merged into which."""
    replaced = {label.id: label.replaces for label in ours}
    labels = labels_of(scheme, group)
    ids = {label.id for label in labels}
    return with_labels(
        scheme,
        group,
        tuple(
            replace(label, replaces=tuple(one for one in dict.fromkeys((*label.replaces, *merged)) if one not in ids))
            if (merged := replaced.get(label.id))
            else label
            for label in labels
        ),
    )


def _joined(labels: tuple[Label, ...], kept: Iterable[Label]) -> tuple[Label, ...]:
    joined = list(labels)
    for label in kept:
        if any(one.id == label.id for one in joined):
            continue
        if any(one.name == label.name for one in joined):
            raise SchemeInvalid(
                f"spans carry {label.name}, and the other scheme means another label by it",
                remedy="rename one of the two first",
            )
        joined.append(replace(label, split_into=()))
    return tuple(joined)


def _with_free_keys(scheme: LabelScheme) -> LabelScheme:
    """Of labels with the same key, the first has it: over all layers, and among relation and document labels."""
    taken: set[str] = set()
    return replace(
        scheme,
        layers=tuple(replace(layer, labels=_keyed_once(layer.labels, taken)) for layer in scheme.layers),
        relation_labels=_keyed_once(scheme.relation_labels, set()),
        document_labels=_keyed_once(scheme.document_labels, set()),
    )


def _keyed_once(labels: Iterable[Label], taken: set[str]) -> tuple[Label, ...]:
    """``labels`` without the keys that are ``taken``; theirs are taken from then on."""
    kept = []
    for label in labels:
        key = label.key.upper()
        kept.append(replace(label, key="") if key in taken else label)
        taken |= {key} if key else set()
    return tuple(kept)
