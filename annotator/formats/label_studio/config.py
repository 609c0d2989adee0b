"""Label Studio's labelling configuration: what controls there are, and the scheme they make. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from xml.etree.ElementTree import Element, ParseError, fromstring

from annotator.domain.labels import HUES, Attribute, AttributeKind, Label, LabelScheme, Layer
from annotator.domain.spans import DEFAULT_LAYER
from annotator.formats.colours import find_hue
from annotator.formats.label_studio.values import CATS_CONTROL, DEFAULT_CONTROL

_SPAN_TAGS = ("Labels", "HyperTextLabels", "ParagraphLabels")
_TEXT_TAGS = ("Text", "HyperText", "Paragraphs")
MAX_BYTES = 4 * 1024 * 1024


class ConfigFault(ValueError):
    """The file is no labelling configuration; the message says why."""


@dataclass(frozen=True)
class Config:
    """A labelling configuration, as far as it is about text."""

    root: Element

    @cached_property
    def texts(self) -> list[tuple[str, str, str]]:
        """(tag, name, key of the data) of what is labelled."""
        found = [(one.tag, one.get("name", ""), one.get("value", "")) for one in self.root.iter()]
        return [(tag, name, value.lstrip("$").strip()) for tag, name, value in found if tag in _TEXT_TAGS]

    @cached_property
    def span_controls(self) -> list[str]:
        """The names of the controls that label spans, in order."""
        return [one.get("name", "") for one in self._labelling()]

    @cached_property
    def choices(self) -> list[str]:
        """The names of the controls that label the text as a whole."""
        return [one.get("name", "") for one in self.root.iter("Choices") if not _is_per_region(one)]

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of results a control makes, by its name ("choices", "textarea", …)."""
        return {name: one.tag.lower() for one in self.root.iter() if (name := one.get("name"))}

    def _labelling(self) -> list[Element]:
        names = {name for _, name, _ in self.texts}
        found = [one for one in self.root.iter() if one.tag in _SPAN_TAGS]
        return [one for one in found if not names or one.get("toName", "") in names] or found

    def scheme(self, name: str) -> LabelScheme:
        """Layers, labels, attributes, relations and document labels of the configuration."""
        layers = [
            Layer(layer_of(one.get("name", ""), self.span_controls), tuple(_labels(one, "Label")))
            for one in self._labelling()
        ]
        attributes = tuple(filter(None, (_find_attribute(one) for one in self.root.iter() if _is_per_region(one))))
        relations = [label for one in self.root.iter("Relations") for label in _labels(one, "Relation")]
        cats = [label for one in self.root.iter("Choices") if not _is_per_region(one) for label in self._cats(one)]
        return LabelScheme(
            name,
            layers=tuple(replace(one, attributes=attributes) for one in _merged(layers)) or (Layer(DEFAULT_LAYER),),
            relation_labels=_once(relations),
            document_labels=_once(cats),
        )

    def _cats(self, control: Element) -> Iterator[Label]:
        for label in _labels(control, "Choice"):
            named = cat_name(control.get("name", ""), label.name, self.choices)
            yield label if named == label.name else replace(label, id=named, name=named)


def layer_of(control: str, controls: list[str]) -> str:
    """The layer of a control's spans: the first control's (or the one that an export of Annotator calls so) is the
    layer that every project has; others are named after their control.
    """
    default = DEFAULT_CONTROL if DEFAULT_CONTROL in controls else controls[0] if controls else control
    return DEFAULT_LAYER if control == default else control


def cat_name(control: str, choice: str, controls: list[str]) -> str:
    """The document label for a choice; where there are several questions, with the question before it."""
    is_alone = len(set(controls) | {control}) == 1 or control == CATS_CONTROL
    return choice if is_alone else f"{control}: {choice}"


def config_of(content: bytes) -> Config:
    """The configuration in an XML file. Raises `ConfigFault`."""
    if len(content) > MAX_BYTES or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ConfigFault("it is no labelling configuration: too large, or with entities of its own")
    try:
        root = fromstring(content)
    except (ParseError, ValueError, LookupError) as fault:
        raise ConfigFault(f"the labelling configuration is no well-formed XML ({fault})") from fault
    if root.tag != "View":
        raise ConfigFault(f"a labelling configuration begins with View, not with {root.tag}")
    return Config(root)


def looks_like_config(head: bytes) -> bool:
    """Whether an XML file that begins so may be a labelling configuration."""
    return b"<View" in head and b"<!DOCTYPE" not in head


def _is_per_region(control: Element) -> bool:
    return control.get("perRegion", "").lower() == "true"


def _labels(control: Element, tag: str) -> Iterator[Label]:
    for number, one in enumerate(control.iter(tag)):
        name = (one.get("value") or "").strip()
        if name and not name.startswith("$"):
            hue = find_hue(one.get("background", ""))
            alias = (one.get("alias") or "").strip()
            key = one.get("hotkey", "")
            yield Label(
                name, name, key if len(key) == 1 else "", HUES[number % len(HUES)] if hue is None else hue,
                one.get("hint", ""), (alias,) if alias and alias != name else (),
            )  # fmt: skip


def _find_attribute(control: Element) -> Attribute | None:
    name = control.get("name", "")
    if not name or control.tag in _SPAN_TAGS:
        return None
    values = tuple(dict.fromkeys(one.get("alias") or one.get("value") or "" for one in control.iter("Choice")))
    is_choice = control.tag == "Choices" and values and control.get("choice") != "multiple"
    labels = tuple(filter(None, (control.get("whenLabelValue") or "").split(",")))
    return Attribute(
        name, AttributeKind.CHOICE if is_choice else AttributeKind.TEXT, values if is_choice else (), labels
    )


def _merged(layers: list[Layer]) -> list[Layer]:
    found: dict[str, Layer] = {}
    for layer in layers:
        held = found.get(layer.name)
        found[layer.name] = replace(layer, labels=_once([*(held.labels if held else ()), *layer.labels]))
    return list(found.values())


def _once(labels: list[Label]) -> tuple[Label, ...]:
    keys: set[str] = set()
    found: dict[str, Label] = {}
    for label in labels:
        if label.id not in found:
            found[label.id] = replace(label, key="") if label.key in keys else label
            keys.add(label.key)
    return tuple(found.values())
