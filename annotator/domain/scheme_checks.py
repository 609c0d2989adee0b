"""What a name, key, hue, alias or attribute of a scheme must be. Each check returns the clean value or raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from unicodedata import category

from annotator.domain.errors import SchemeInvalid
from annotator.domain.label_groups import RELATIONS, LabelGroup, LabelKind, labels_of
from annotator.domain.labels import HUES, Attribute, AttributeKind, Label, LabelScheme

LONGEST_NAME = 80
"""Code points; longer names fit into no label of the article."""


def clean_text(text: str, what: str) -> str:
    """``text`` without white space at its edges. Raises `SchemeInvalid` when it is empty, long or not printable."""
    clean = text.strip()
    if not clean:
        raise SchemeInvalid(f"{what} needs a name", remedy="type one")
    if len(clean) > LONGEST_NAME:
        raise SchemeInvalid(f"a name has at most {LONGEST_NAME} characters, this one has {len(clean)}")
    if any(category(char) in ("Cc", "Cs", "Zl", "Zp") for char in clean):
        raise SchemeInvalid("a name cannot have line breaks or control characters", remedy="type it by hand")
    return clean


def clean_name(scheme: LabelScheme, group: LabelGroup, name: str, label_id: str) -> str:
    """The name for the label with this id. Raises `SchemeInvalid` when another label of the group has it."""
    clean = clean_text(name, "a label")
    for other in labels_of(scheme, group):
        if other.id != label_id and other.name.casefold() == clean.casefold():
            raise SchemeInvalid(f"there is already a label {other.name}", remedy="choose another name")
    return clean


def check_key(scheme: LabelScheme, group: LabelGroup, key: str, label_id: str, reserved: Mapping[str, str]) -> str:
    """The key for the label with this id. Raises `SchemeInvalid` when it means something else already.

    Keys of span labels work in the article: they differ over all layers and from ``reserved`` keys of the window.
    """
    wanted = key.strip().upper()
    if not wanted:
        return ""
    if group.kind is LabelKind.SPAN and wanted in reserved:
        raise SchemeInvalid(f"the key {key} means “{reserved[wanted]}” already", remedy="choose another key")
    for label in _rivals(scheme, group, label_id):
        if label.key.upper() == wanted:
            raise SchemeInvalid(f"the key {key} gives {label.name} already", remedy="choose another key")
    return key.strip()


def _rivals(scheme: LabelScheme, group: LabelGroup, label_id: str) -> list[Label]:
    if group.kind is not LabelKind.SPAN:
        return [label for label in labels_of(scheme, group) if label.id != label_id]
    return [label for layer, label in scheme.labels if (layer.name, label.id) != (group.layer, label_id)]


def check_hue(hue: int) -> int:
    """One of the twelve hues. Raises `SchemeInvalid`."""
    if hue not in HUES:
        raise SchemeInvalid(f"{hue} is none of the twelve label hues", remedy=f"choose one of {_listed(HUES)}")
    return hue


def check_aliases(scheme: LabelScheme, group: LabelGroup, aliases: Iterable[str], label: Label) -> tuple[str, ...]:
    """Other names of ``label``, each once. Raises `SchemeInvalid` when one of them is another label's."""
    clean = tuple(dict.fromkeys(clean_text(alias, "an alias") for alias in aliases))
    for other in labels_of(scheme, group):
        if other.id == label.id:
            continue
        for alias in clean:
            if alias == other.name or alias in other.aliases:
                raise SchemeInvalid(f"{alias} means {other.name} already", remedy="leave it out here")
    return tuple(alias for alias in clean if alias != label.name)


def check_attribute(scheme: LabelScheme, layer: str, attribute: Attribute, *, instead_of: str = "") -> Attribute:
    """The attribute as it can stand in the layer, or (``layer`` empty) for relations. Raises `SchemeInvalid`."""
    name = clean_text(attribute.name, "an attribute")
    found = scheme.find_layer(layer)
    others = (found.attributes if found else ()) if layer else scheme.relation_attributes
    if any(other.name == name and name != instead_of for other in others):
        raise SchemeInvalid(f"there is already an attribute {name}", where=layer, remedy="choose another name")
    known = {label.id for label in labels_of(scheme, LabelGroup.of_layer(layer) if layer else RELATIONS)}
    if any(label not in known for label in attribute.labels):
        what = "the layer does not have" if layer else "relations do not have"
        raise SchemeInvalid(f"the attribute {name} is for a label that {what}", where=layer)
    values = tuple(dict.fromkeys(clean_text(value, "a value") for value in attribute.values))
    if attribute.kind is AttributeKind.CHOICE and not values:
        raise SchemeInvalid(f"{name} is a choice without values", where=layer, remedy="type at least one value")
    values = values if attribute.kind is AttributeKind.CHOICE else ()
    return replace(attribute, name=name, values=values, description=attribute.description.strip())


def _listed(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))
