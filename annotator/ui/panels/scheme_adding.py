"""What a name typed into the scheme editor adds: to which section, with which key and colour. Free of Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from annotator.domain.label_groups import DOCUMENTS, RELATIONS, LabelGroup, LabelKind, labels_of
from annotator.domain.labels import HUES, Attribute, Label, LabelScheme
from annotator.domain.scheme_edits import AddAttribute, AddLabel, AddLayer, SchemeEdit
from annotator.ui.models.scheme_rows import RowKind, SchemeRow

LABEL_KEYS = "1234567890qwertyuio"
"""Keys for labels, the handiest first; the window has none of them."""


def what_is_added(row: SchemeRow) -> str:
    """What the field under the list adds while this row is chosen."""
    match row.kind:
        case RowKind.SCHEME:
            return "Add a layer"
        case RowKind.ATTRIBUTES | RowKind.ATTRIBUTE:
            return f"Add an attribute to {row.group.layer or 'relations'}"
        case _:
            return {
                LabelKind.SPAN: f"Add a label to {row.group.layer}",
                LabelKind.RELATION: "Add a relation",
                LabelKind.DOCUMENT: "Add a document label",
            }[_group_of(row).kind]


def addition(scheme: LabelScheme, row: SchemeRow, name: str, label_id: str, reserved: Mapping[str, str]) -> SchemeEdit:
    """The edit that adds ``name`` in the section of ``row``; a label gets the next free key and colour."""
    match row.kind:
        case RowKind.SCHEME:
            return AddLayer(name)
        case RowKind.ATTRIBUTES | RowKind.ATTRIBUTE:
            return AddAttribute(row.group.layer, Attribute(name))
        case _:
            group = _group_of(row)
            return AddLabel(group, _new_label(scheme, group, name, label_id, reserved))


def parts_of_split(
    scheme: LabelScheme,
    group: LabelGroup,
    label_id: str,
    names: Sequence[str],
    make_id: Callable[[], str],
    reserved: Mapping[str, str],
) -> tuple[Label, ...]:
    """The labels that ``names`` mean: those that are there, and new ones with free keys and colours."""
    known = {label.name.casefold(): label for label in labels_of(scheme, group) if label.id != label_id}
    parts: list[Label] = []
    for name in names:
        found = known.get(name.casefold())
        parts.append(found or _new_label(scheme, group, name, make_id(), reserved, also=parts))
    return tuple(parts)


def _group_of(row: SchemeRow) -> LabelGroup:
    return {RowKind.RELATIONS: RELATIONS, RowKind.DOCUMENTS: DOCUMENTS}.get(row.kind, row.group)


def _new_label(
    scheme: LabelScheme,
    group: LabelGroup,
    name: str,
    label_id: str,
    reserved: Mapping[str, str],
    *,
    also: Sequence[Label] = (),
) -> Label:
    spans = [label for _, label in scheme.labels] if group.kind is LabelKind.SPAN else []
    taken = {label.key.upper() for label in (*spans, *also)} | set(reserved)
    key = next((key for key in LABEL_KEYS if key.upper() not in taken), "") if group.kind is LabelKind.SPAN else ""
    return Label(label_id, name, key, _next_hue([*labels_of(scheme, group), *also]))


def _next_hue(labels: Sequence[Label]) -> int:
    """The first of the hues that the fewest labels have."""
    counts = {hue: sum(label.hue == hue for label in labels) for hue in HUES}
    return min(HUES, key=lambda hue: counts[hue])
