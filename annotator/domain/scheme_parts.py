"""How layers, rules and attributes follow when labels are merged, split or deleted. Pure; used by `scheme_edits`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from annotator.domain.errors import SchemeInvalid
from annotator.domain.label_groups import LabelGroup, LabelKind, label_in, labels_of, with_labels
from annotator.domain.labels import Attribute, Label, LabelScheme, Layer, RelationRule
from annotator.domain.scheme_checks import clean_text

Successors = Mapping[str, tuple[str, ...]]
"""What stands in the place of a label's id in rules and attributes; an empty tuple: nothing."""


def merged(scheme: LabelScheme, group: LabelGroup, sources: Collection[str], target: str) -> LabelScheme:
    """``scheme`` without ``sources``; ``target`` goes by their names, too. Raises `SchemeInvalid`."""
    gone = [label_in(scheme, group, one) for one in dict.fromkeys(sources)]
    kept = label_in(scheme, group, target)
    if kept in gone or not gone:
        raise SchemeInvalid(f"{kept.name} cannot be merged into itself", remedy="choose another label")
    names = [name for label in gone for name in (label.name, label.id, *label.aliases)]
    left = tuple(part for part in kept.split_into if part not in sources)
    if left:
        raise SchemeInvalid(f"{kept.name} was split", remedy="choose another label, or merge all its parts back")
    aliases = tuple(dict.fromkeys(name for name in (*kept.aliases, *names) if name not in (kept.name, kept.id)))
    replaces = _once((*kept.replaces, *(one for label in gone for one in (label.id, *label.replaces))))
    changed = _with_rules_joined(scheme, group, [label.id for label in gone], target)
    changed = _with_successors(changed, group, {label.id: (target,) for label in gone})
    labels = (
        replace(label, aliases=aliases, split_into=(), replaces=replaces) if label.id == target else label
        for label in labels_of(changed, group)
        if label not in gone
    )
    return with_labels(changed, group, unambiguous(_without_parts(tuple(labels), [one.id for one in gone], target)))


def split(scheme: LabelScheme, group: LabelGroup, label: Label, into: tuple[str, ...]) -> LabelScheme:
    """``scheme`` in which ``label`` waits to be decided; its key is free and its rules hold for its parts, too."""
    changed = _with_successors(scheme, group, {label.id: (label.id, *into)})
    labels = (replace(one, split_into=into, key="") if one.id == label.id else one for one in labels_of(changed, group))
    return with_labels(changed, group, tuple(labels))


def refuse_split(scheme: LabelScheme, group: LabelGroup, label: Label, into: Collection[Label]) -> None:
    """Raise `SchemeInvalid` unless ``label`` can be split into these."""
    if group.kind is not LabelKind.SPAN:
        raise SchemeInvalid("only labels of spans can be split")
    if label.split_into:
        raise SchemeInvalid(f"{label.name} is split already", remedy="decide its spans first")
    if len({part.id for part in into} - {label.id}) != len(into) or len(into) < 2:
        raise SchemeInvalid(f"{label.name} is split into two or more other labels", remedy="name them")
    known = {one.id: one for one in labels_of(scheme, group)}
    for part in into:
        if part.id in known and known[part.id].split_into:
            raise SchemeInvalid(f"{known[part.id].name} was split itself", remedy="choose another label")


def without_label(scheme: LabelScheme, group: LabelGroup, label_id: str) -> LabelScheme:
    """``scheme`` without a label; rules that name it go on without. Raises `SchemeInvalid` when they cannot."""
    label = label_in(scheme, group, label_id)
    is_span_label = group.kind is LabelKind.SPAN
    if is_span_label and not scheme.is_extensible and len(list(scheme.labels)) == 1:
        raise SchemeInvalid(f"{label.name} is the last label", remedy="add another one first")
    _refuse_part(scheme, group, label)
    changed = _with_successors(scheme, group, {label_id: ()})
    if group.kind is LabelKind.RELATION:
        rules = tuple(rule for rule in changed.relation_rules if rule.label != label_id)
        changed = replace(changed, relation_rules=rules)
    return with_labels(changed, group, tuple(one for one in labels_of(changed, group) if one.id != label_id))


def unambiguous(labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """``labels`` without aliases that are the name of a label: a name means the label that has it."""
    names = {label.name for label in labels}
    return tuple(
        replace(label, aliases=kept) if kept != label.aliases else label
        for label in labels
        for kept in [tuple(dict.fromkeys(alias for alias in label.aliases if alias not in names))]
    )


def layer_in(scheme: LabelScheme, name: str) -> Layer:
    """The layer of this name. Raises `SchemeInvalid`."""
    layer = scheme.find_layer(name)
    if layer is None:
        raise SchemeInvalid(f"the scheme {scheme.name!r} has no layer {name!r} any more")
    return layer


def attributes_in(scheme: LabelScheme, layer: str) -> tuple[Attribute, ...]:
    """The attributes of a layer; of relations when ``layer`` is empty. Raises `SchemeInvalid`."""
    return layer_in(scheme, layer).attributes if layer else scheme.relation_attributes


def with_attributes(scheme: LabelScheme, layer: str, attributes: tuple[Attribute, ...]) -> LabelScheme:
    """``scheme`` with these attributes in a layer; of relations when ``layer`` is empty. Raises `SchemeInvalid`."""
    if not layer:
        return replace(scheme, relation_attributes=attributes)
    return with_layer(scheme, layer, attributes=attributes)


def with_layer(scheme: LabelScheme, layer_name: str, **changes: Any) -> LabelScheme:
    """``scheme`` with some fields of a layer replaced. Raises `SchemeInvalid` when there is no such layer."""
    layer_in(scheme, layer_name)
    layers = (replace(layer, **changes) if layer.name == layer_name else layer for layer in scheme.layers)
    return replace(scheme, layers=tuple(layers))


def without_layer(scheme: LabelScheme, name: str) -> LabelScheme:
    """``scheme`` without a layer and its labels. Raises `SchemeInvalid` for the last one."""
    layer = layer_in(scheme, name)
    if len(scheme.layers) == 1:
        raise SchemeInvalid(f"{name} is the only layer", remedy="add another one first")
    others = [label for other, label in scheme.labels if other.name != name]
    if not others and not scheme.is_extensible:
        raise SchemeInvalid("the other layers have no labels", where=name, remedy="add a label to one of them first")
    group = LabelGroup.of_layer(name)
    changed = _with_successors(scheme, group, {label.id: () for label in layer.labels})
    return replace(changed, layers=tuple(one for one in changed.layers if one.name != name))


def clean_layer_name(scheme: LabelScheme, name: str, instead_of: str = "") -> str:
    """The name for a layer. Raises `SchemeInvalid` when another one has it."""
    clean = clean_text(name, "a layer")
    if clean != instead_of and scheme.find_layer(clean) is not None:
        raise SchemeInvalid(f"there is already a layer {clean}", remedy="choose another name")
    return clean


def with_rule(scheme: LabelScheme, rule: RelationRule) -> LabelScheme:
    """``scheme`` with this as the only rule of its relation label; a rule that allows everything is none."""
    rules = tuple(one for one in scheme.relation_rules if one.label != rule.label)
    is_rule = bool(rule.heads or rule.children)
    added = (replace(rule, heads=_once(rule.heads), children=_once(rule.children)),) if is_rule else ()
    return replace(scheme, relation_rules=(*rules, *added))


def refuse_unknown_attribute(attributes: Collection[Attribute], name: str) -> None:
    """Raise `SchemeInvalid` unless one of ``attributes`` has this name."""
    if all(one.name != name for one in attributes):
        raise SchemeInvalid(f"there is no attribute {name!r} any more")


def _without_parts(labels: tuple[Label, ...], gone: Collection[str], target: str) -> tuple[Label, ...]:
    """Labels that were split into merged ones are split into the target instead."""
    return tuple(
        replace(label, split_into=_once(target if part in gone else part for part in label.split_into))
        if label.split_into
        else label
        for label in labels
    )


def _refuse_part(scheme: LabelScheme, group: LabelGroup, label: Label) -> None:
    waiting = next((one for one in labels_of(scheme, group) if label.id in one.split_into), None)
    if waiting is not None:
        raise SchemeInvalid(
            f"{waiting.name} was split into {label.name}", remedy=f"decide the spans of {waiting.name} first"
        )


def _with_successors(scheme: LabelScheme, group: LabelGroup, successors: Successors) -> LabelScheme:
    """``scheme`` whose rules and attributes name ``successors`` in place of span labels."""
    if group.kind is LabelKind.RELATION:
        return replace(scheme, relation_attributes=_followed_attributes(scheme.relation_attributes, successors))
    if group.kind is not LabelKind.SPAN:
        return scheme
    attributes = _followed_attributes(layer_in(scheme, group.layer).attributes, successors)
    elsewhere = {label.id for layer, label in scheme.labels if layer.name != group.layer}
    in_rules = {old: new for old, new in successors.items() if old not in elsewhere}
    rules = tuple(_followed_rule(scheme, rule, in_rules) for rule in scheme.relation_rules)
    return replace(with_layer(scheme, group.layer, attributes=attributes), relation_rules=rules)


def _followed_attributes(attributes: Iterable[Attribute], successors: Successors) -> tuple[Attribute, ...]:
    """The attributes with the labels that they are for; one that was only for labels that are gone goes, too."""
    return tuple(
        followed
        for attribute in attributes
        if (followed := _followed(attribute, successors)).labels or not attribute.labels
    )


def _followed(attribute: Attribute, successors: Successors) -> Attribute:
    return replace(attribute, labels=_replaced(attribute.labels, successors))


def _followed_rule(scheme: LabelScheme, rule: RelationRule, successors: Successors) -> RelationRule:
    heads, children = _replaced(rule.heads, successors), _replaced(rule.children, successors)
    if (rule.heads and not heads) or (rule.children and not children):
        label = scheme.find_relation_label(rule.label)
        raise SchemeInvalid(
            f"the relation {label.name if label else rule.label} joins no other label",
            remedy="let it join another one, or delete it first",
        )
    return replace(rule, heads=heads, children=children)


def _with_rules_joined(scheme: LabelScheme, group: LabelGroup, sources: list[str], target: str) -> LabelScheme:
    """Of merged relation labels, the target may join what any of them may."""
    if group.kind is not LabelKind.RELATION:
        return scheme
    rules = [_rule_of(scheme, one) for one in (target, *sources)]
    heads = _once(one for rule in rules for one in rule.heads) if all(rule.heads for rule in rules) else ()
    children = _once(one for rule in rules for one in rule.children) if all(rule.children for rule in rules) else ()
    others = tuple(rule for rule in scheme.relation_rules if rule.label not in sources)
    return with_rule(replace(scheme, relation_rules=others), RelationRule(target, heads, children))


def _rule_of(scheme: LabelScheme, label_id: str) -> RelationRule:
    return next(iter(scheme.rules_of(label_id)), RelationRule(label_id))


def _replaced(ids: tuple[str, ...], successors: Successors) -> tuple[str, ...]:
    return _once(new for old in ids for new in successors.get(old, (old,)))


def _once(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
