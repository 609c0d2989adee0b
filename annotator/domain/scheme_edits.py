"""Changes of a scheme as values. `change` is pure: the changed scheme, or one sentence that says why not.

What a change means for spans that were labelled before is in `migrating`. Ids of new labels are made by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from annotator.domain import scheme_parts
from annotator.domain.errors import SchemeInvalid
from annotator.domain.label_groups import DOCUMENTS, RELATIONS, LabelGroup, LabelKind, label_in, labels_of, with_labels
from annotator.domain.labels import Attribute, Label, LabelScheme, Layer, Overlap, RelationRule, Trims
from annotator.domain.scheme_checks import check_aliases, check_attribute, check_hue, check_key, clean_name
from annotator.domain.scheme_import import taken_over

Reserved: TypeAlias = Mapping[str, str]
"""Keys that no span label can have, in capitals, with what they mean."""


@dataclass(frozen=True, slots=True)
class AddLabel:
    """Add ``label`` after the last one of its group; its id must be new."""

    group: LabelGroup
    label: Label


@dataclass(frozen=True, slots=True)
class RenameLabel:
    """Give a label another name. Free: spans hold the id."""

    group: LabelGroup
    label_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RecolourLabel:
    """Give a label one of the twelve hues."""

    group: LabelGroup
    label_id: str
    hue: int


@dataclass(frozen=True, slots=True)
class RekeyLabel:
    """Give a label another key; an empty one takes it away."""

    group: LabelGroup
    label_id: str
    key: str


@dataclass(frozen=True, slots=True)
class DescribeLabel:
    """Say what a label is for."""

    group: LabelGroup
    label_id: str
    description: str


@dataclass(frozen=True, slots=True)
class NameAliases:
    """Say by which other names pipelines and files call a label."""

    group: LabelGroup
    label_id: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveLabel:
    """Move a label to ``place`` (from 0) in its group."""

    group: LabelGroup
    label_id: str
    place: int


@dataclass(frozen=True, slots=True)
class MergeLabels:
    """Let ``target`` take the place of ``sources``: their spans get it, their names become its aliases."""

    group: LabelGroup
    sources: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class SplitLabel:
    """Let the labels ``into`` take the place of one of the layer; its spans wait to be decided.

    A label of ``into`` whose id the layer has already is that label; the others are new.
    """

    group: LabelGroup
    label_id: str
    into: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class DeleteLabel:
    """Delete a label: what carries it loses it, or becomes ``relabel_as``."""

    group: LabelGroup
    label_id: str
    relabel_as: str = ""


@dataclass(frozen=True, slots=True)
class AddLayer:
    """Add an empty layer."""

    name: str


@dataclass(frozen=True, slots=True)
class RenameLayer:
    """Rename a layer. Spans hold the name: only for a layer without spans."""

    layer: str
    name: str


@dataclass(frozen=True, slots=True)
class RemoveLayer:
    """Remove a layer with its labels. Only for a layer without spans."""

    layer: str


@dataclass(frozen=True, slots=True)
class SetOverlap:
    """Say which spans of a layer may share text."""

    layer: str
    overlap: Overlap


@dataclass(frozen=True, slots=True)
class AllowFragments:
    """Say whether spans of a layer may be in parts."""

    layer: str
    allows_fragments: bool


@dataclass(frozen=True, slots=True)
class TrimSuggestions:
    """Say which words suggestions of a layer leave out at their edges. Counts for what is suggested next."""

    layer: str
    trims: Trims


@dataclass(frozen=True, slots=True)
class AddAttribute:
    """Add an attribute to a layer; to relations when ``layer`` is empty."""

    layer: str
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class ChangeAttribute:
    """Put ``attribute`` in the place of the one called ``name``, of a layer or (``layer`` empty) of relations."""

    layer: str
    name: str
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class RemoveAttribute:
    """Take an attribute of a layer or (``layer`` empty) of relations out of the scheme; what has a value keeps it."""

    layer: str
    name: str


@dataclass(frozen=True, slots=True)
class RuleRelation:
    """Say which labels a relation label may join (ids; empty: any)."""

    label_id: str
    heads: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitDocumentLabels:
    """Say whether a document has at most one document label."""

    has_single_document_label: bool


@dataclass(frozen=True, slots=True)
class SetExtensible:
    """Say whether labels of imported files are added to the scheme."""

    is_extensible: bool


@dataclass(frozen=True, slots=True)
class TakeOverScheme:
    """Put another scheme in the place of this one. Labels are the same by id, else by name.

    ``used``: labels that something carries; those that the other scheme lacks stay, after its own.
    """

    scheme: LabelScheme
    used: frozenset[tuple[LabelGroup, str]] = frozenset()


SchemeEdit: TypeAlias = (
    AddLabel | RenameLabel | RecolourLabel | RekeyLabel | DescribeLabel | NameAliases | MoveLabel | MergeLabels
    | SplitLabel | DeleteLabel | AddLayer | RenameLayer | RemoveLayer | SetOverlap | AllowFragments | AddAttribute
    | ChangeAttribute | RemoveAttribute | RuleRelation | LimitDocumentLabels | SetExtensible | TakeOverScheme
    | TrimSuggestions
)  # fmt: skip


def change(scheme: LabelScheme, edit: SchemeEdit, reserved: Reserved | None = None) -> LabelScheme:
    """The scheme that ``edit`` makes of ``scheme``.

    ``reserved``: keys of the window. Raises `SchemeInvalid` or `UnknownLabel`; then nothing changes.
    """
    match edit:
        case AddLabel(group, label):
            return _with_label(scheme, group, label, reserved or {})
        case MergeLabels(group, sources, target):
            return scheme_parts.merged(scheme, group, sources, target)
        case SplitLabel(group, label_id, into):
            return _split(scheme, group, label_id, into, reserved or {})
        case DeleteLabel(group, label_id, relabel_as):
            if relabel_as:
                return scheme_parts.merged(scheme, group, (label_id,), relabel_as)
            return scheme_parts.without_label(scheme, group, label_id)
        case MoveLabel(group, label_id, place):
            moving = label_in(scheme, group, label_id)
            labels = [label for label in labels_of(scheme, group) if label.id != label_id]
            labels.insert(min(max(place, 0), len(labels)), moving)
            return with_labels(scheme, group, tuple(labels))
        case RenameLabel() | RecolourLabel() | RekeyLabel() | DescribeLabel() | NameAliases():
            return _with_changed_label(scheme, edit, reserved or {})
        case _:
            return _with_changed_rules(scheme, edit)


_LabelChange: TypeAlias = RenameLabel | RecolourLabel | RekeyLabel | DescribeLabel | NameAliases


def _with_changed_label(scheme: LabelScheme, edit: _LabelChange, reserved: Reserved) -> LabelScheme:
    group = edit.group
    label = label_in(scheme, group, edit.label_id)
    match edit:
        case RenameLabel(name=name):
            name = clean_name(scheme, group, name, label.id)
            changed = replace(label, name=name)
        case RecolourLabel(hue=hue):
            changed = replace(label, hue=check_hue(hue))
        case RekeyLabel(key=key):
            changed = replace(label, key=check_key(scheme, group, key, label.id, reserved))
        case DescribeLabel(description=description):
            changed = replace(label, description=description.strip())
        case NameAliases(aliases=aliases):
            changed = replace(label, aliases=check_aliases(scheme, group, aliases, label))
    labels = tuple(changed if one.id == label.id else one for one in labels_of(scheme, group))
    return with_labels(scheme, group, scheme_parts.unambiguous(labels))


def _with_label(scheme: LabelScheme, group: LabelGroup, label: Label, reserved: Reserved) -> LabelScheme:
    if group.kind is LabelKind.SPAN:
        scheme_parts.layer_in(scheme, group.layer)
    labels = labels_of(scheme, group)
    if not label.id or any(one.id == label.id for one in labels):
        raise SchemeInvalid(f"there is already a label with the id {label.id!r}")
    added = replace(
        label,
        name=clean_name(scheme, group, label.name, label.id),
        key=check_key(scheme, group, label.key, label.id, reserved),
        hue=check_hue(label.hue),
        description=label.description.strip(),
        split_into=(),
    )
    added = replace(added, aliases=check_aliases(scheme, group, label.aliases, added))
    return with_labels(scheme, group, scheme_parts.unambiguous((*labels, added)))


def _split(
    scheme: LabelScheme, group: LabelGroup, label_id: str, into: tuple[Label, ...], reserved: Reserved
) -> LabelScheme:
    label = label_in(scheme, group, label_id)
    scheme_parts.refuse_split(scheme, group, label, into)
    known = {one.id for one in labels_of(scheme, group)}
    for part in into:
        if part.id not in known:
            scheme = _with_label(scheme, group, part, reserved)
    return scheme_parts.split(scheme, group, label, tuple(part.id for part in into))


_RulesChange: TypeAlias = (
    AddLayer | RenameLayer | RemoveLayer | SetOverlap | AllowFragments | AddAttribute | ChangeAttribute
    | RemoveAttribute | RuleRelation | LimitDocumentLabels | SetExtensible | TakeOverScheme | TrimSuggestions
)  # fmt: skip


def _with_changed_rules(scheme: LabelScheme, edit: _RulesChange) -> LabelScheme:
    match edit:
        case AddLayer(name):
            return replace(scheme, layers=(*scheme.layers, Layer(scheme_parts.clean_layer_name(scheme, name))))
        case RenameLayer(layer, name):
            return scheme_parts.with_layer(scheme, layer, name=scheme_parts.clean_layer_name(scheme, name, layer))
        case RemoveLayer(layer):
            return scheme_parts.without_layer(scheme, layer)
        case SetOverlap(layer, overlap):
            return scheme_parts.with_layer(scheme, layer, overlap=overlap)
        case AllowFragments(layer, allows_fragments):
            return scheme_parts.with_layer(scheme, layer, allows_fragments=allows_fragments)
        case TrimSuggestions(layer, trims):
            return scheme_parts.with_layer(scheme, layer, trims=trims)
        case RuleRelation(label_id, heads, children):
            return _ruled(scheme, RelationRule(label_id, heads, children))
        case LimitDocumentLabels(is_single):
            return replace(scheme, has_single_document_label=is_single)
        case SetExtensible(is_extensible):
            return replace(scheme, is_extensible=is_extensible)
        case TakeOverScheme(other, used):
            return taken_over(scheme, other, used)
        case _:
            return _with_attributes(scheme, edit)


def _with_attributes(scheme: LabelScheme, edit: AddAttribute | ChangeAttribute | RemoveAttribute) -> LabelScheme:
    attributes = scheme_parts.attributes_in(scheme, edit.layer)
    match edit:
        case AddAttribute(layer, attribute):
            changed = (*attributes, check_attribute(scheme, layer, attribute))
        case ChangeAttribute(layer, name, attribute):
            scheme_parts.refuse_unknown_attribute(attributes, name)
            checked = check_attribute(scheme, layer, attribute, instead_of=name)
            changed = tuple(checked if one.name == name else one for one in attributes)
        case RemoveAttribute(_, name):
            scheme_parts.refuse_unknown_attribute(attributes, name)
            changed = tuple(one for one in attributes if one.name != name)
    return scheme_parts.with_attributes(scheme, edit.layer, changed)


def _ruled(scheme: LabelScheme, rule: RelationRule) -> LabelScheme:
    label_in(scheme, RELATIONS, rule.label)
    known = {label.id for _, label in scheme.labels}
    if unknown := [one for one in (*rule.heads, *rule.children) if one not in known]:
        raise SchemeInvalid(f"a relation cannot join {unknown[0]!r}, which is no label of the scheme")
    return scheme_parts.with_rule(scheme, rule)


__all__ = [
    "DOCUMENTS", "RELATIONS", "AddAttribute", "AddLabel", "AddLayer", "AllowFragments", "ChangeAttribute",
    "DeleteLabel", "DescribeLabel", "LabelGroup", "LabelKind", "LimitDocumentLabels", "MergeLabels", "MoveLabel",
    "NameAliases", "RecolourLabel", "RekeyLabel", "RemoveAttribute", "RemoveLayer", "RenameLabel", "RenameLayer",
    "Reserved", "RuleRelation", "SchemeEdit", "SetExtensible", "SetOverlap", "SplitLabel", "TakeOverScheme",
    "TrimSuggestions", "change",
]  # fmt: skip
