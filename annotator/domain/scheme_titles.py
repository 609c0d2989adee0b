"""A change of the scheme in a few words, as operations are called in the history. Pure."""

from __future__ import annotations

from annotator.domain.label_groups import LabelGroup, labels_of
from annotator.domain.labels import LabelScheme
from annotator.domain.scheme_edits import (
    AddAttribute,
    AddLabel,
    AddLayer,
    AllowFragments,
    ChangeAttribute,
    DeleteLabel,
    DescribeLabel,
    LimitDocumentLabels,
    MergeLabels,
    MoveLabel,
    NameAliases,
    RecolourLabel,
    RekeyLabel,
    RemoveAttribute,
    RemoveLayer,
    RenameLabel,
    RenameLayer,
    RuleRelation,
    SchemeEdit,
    SetExtensible,
    SetOverlap,
    SplitLabel,
    TakeOverScheme,
    TrimSuggestions,
)


def title_of(scheme: LabelScheme, edit: SchemeEdit) -> str:
    """``edit`` of ``scheme`` as a heading without a full stop: “Merge LOC into GPE”."""
    match edit:
        case MergeLabels(group, sources, target):
            return (
                f"Merge {', '.join(_name(scheme, group, one) for one in sources)} into {_name(scheme, group, target)}"
            )
        case SplitLabel(group, label_id, into):
            return f"Split {_name(scheme, group, label_id)} into {', '.join(part.name for part in into)}"
        case DeleteLabel(group, label_id, relabel_as):
            return _title_of_delete(scheme, group, label_id, relabel_as)
        case AddLabel(_, label):
            return f"Add the label {label.name}"
        case RenameLabel(group, label_id, name):
            return f"Rename {_name(scheme, group, label_id)} to {name.strip()}"
        case RekeyLabel(group, label_id, key):
            name = _name(scheme, group, label_id)
            return f"Give {name} the key {key}" if key else f"Take the key from {name}"
        case RecolourLabel() | DescribeLabel() | NameAliases() | MoveLabel():
            return f"{_VERBS[type(edit)]} {_name(scheme, edit.group, edit.label_id)}"
        case _:
            return _title_of_rules(scheme, edit)


_VERBS = {
    RecolourLabel: "Recolour",
    DescribeLabel: "Describe",
    NameAliases: "Change the aliases of",
    MoveLabel: "Move",
}


def _title_of_delete(scheme: LabelScheme, group: LabelGroup, label_id: str, relabel_as: str) -> str:
    label = next((one for one in labels_of(scheme, group) if one.id == label_id), None)
    name = label.name if label else label_id
    if label is not None and label.split_into:
        return f"Finish the split of {name}"
    return f"Delete {name} and relabel as {_name(scheme, group, relabel_as)}" if relabel_as else f"Delete {name}"


def _title_of_rules(scheme: LabelScheme, edit: SchemeEdit) -> str:
    match edit:
        case AddLayer(name):
            return f"Add the layer {name.strip()}"
        case RenameLayer(layer, name):
            return f"Rename the layer {layer} to {name.strip()}"
        case RemoveLayer(layer):
            return f"Remove the layer {layer}"
        case SetOverlap(layer) | AllowFragments(layer) | TrimSuggestions(layer):
            return f"Change what the layer {layer} allows"
        case AddAttribute(_, attribute):
            return f"Add the attribute {attribute.name}"
        case ChangeAttribute(_, name):
            return f"Change the attribute {name}"
        case RemoveAttribute(_, name):
            return f"Remove the attribute {name}"
        case RuleRelation(label_id):
            label = next((one for one in scheme.relation_labels if one.id == label_id), None)
            return f"Change what {label.name if label else label_id} joins"
        case LimitDocumentLabels(is_single):
            return "Allow one document label only" if is_single else "Allow several document labels"
        case SetExtensible(is_extensible):
            return "Let imports add labels" if is_extensible else "Let imports add no labels"
        case TakeOverScheme(other):
            return f"Import the scheme {other.title or other.name}"
    raise TypeError(f"not a change of a scheme: {edit!r}")


def _name(scheme: LabelScheme, group: LabelGroup, label_id: str) -> str:
    return next((label.name for label in labels_of(scheme, group) if label.id == label_id), label_id)
