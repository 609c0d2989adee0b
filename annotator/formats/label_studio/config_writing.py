"""The labelling configuration for what is being written: each label, relation and attribute that the tasks have."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from annotator.domain.labels import AttributeKind, Label, LabelScheme
from annotator.domain.spans import DEFAULT_LAYER
from annotator.formats.colours import hex_of_hue
from annotator.formats.label_studio.values import CATS_CONTROL, DEFAULT_CONTROL, NOTE_CONTROL

TEXT_NAME = "text"
_RESERVED = (TEXT_NAME, DEFAULT_CONTROL, CATS_CONTROL, NOTE_CONTROL)


class Controls:
    """The controls of a configuration, gathered while tasks are written. Every control has a name of its own."""

    def __init__(self, scheme: LabelScheme) -> None:
        self._scheme = scheme
        self._names = set(_RESERVED)
        self._layers: dict[str, str] = {DEFAULT_LAYER: DEFAULT_CONTROL}
        self._labels: dict[str, dict[str, Label]] = {}
        self._relations = {label.name: label for label in scheme.relation_labels}
        self._cats = {label.name: label for label in scheme.document_labels}
        self._kinds: dict[str, str] = {}
        self._values: dict[str, tuple[str, ...]] = {}
        self._notes: dict[str, None] = {}
        for layer in scheme.layers:
            self._control(layer.name)
            self._labels.setdefault(layer.name, {}).update((label.name, label) for label in layer.labels)

    def of_layer(self, layer: str, label: str) -> str:
        """The control that gives ``label`` in ``layer``."""
        control = self._control(layer)
        self._labels.setdefault(layer, {}).setdefault(label, Label(label, label))
        return control

    def has_attribute(self, layer: str, name: str, value: str) -> bool:
        """Whether this value of an attribute has a control: it goes by the attribute's name and takes the value."""
        if name not in self._kinds:
            if name in self._names or not _is_name(name):
                return False
            self._names.add(name)
            held = self._scheme.find_layer(layer)
            found = next((one for one in held.attributes if one.name == name), None) if held else None
            is_choice = found is not None and found.kind is AttributeKind.CHOICE
            self._kinds[name] = "choices" if is_choice else "textarea"
            self._values[name] = found.values if found is not None and is_choice else ()
        return self._kinds[name] == "textarea" or value in self._values[name]

    def kind_of(self, attribute: str) -> str:
        """The kind of results that an attribute's control makes."""
        return self._kinds[attribute]

    def add_relation(self, label: str) -> None:
        """Have this label for relations."""
        self._relations.setdefault(label, Label(label, label))

    def of_cats(self, labels: Iterable[str]) -> str:
        """The control that gives these document labels."""
        for label in labels:
            self._cats.setdefault(label, Label(label, label))
        return CATS_CONTROL

    def of_note(self, wanted: str) -> str:
        """The control of the note on a document: the one it came from, where no other control is called so."""
        is_free = wanted in self._notes or (_is_name(wanted) and wanted not in self._names)
        control = wanted if is_free else NOTE_CONTROL
        self._names.add(control)
        self._notes[control] = None
        return control

    def xml(self) -> bytes:
        """The configuration, which is a file of its own."""
        lines = ["<View>", *self._span_lines(), f'  <Text name="{TEXT_NAME}" value="${TEXT_NAME}"/>']
        lines += self._block("Relations", "", "Relation", self._relations.values())
        rule = f'name="{CATS_CONTROL}" toName="{TEXT_NAME}" choice="multiple"'
        lines += self._block("Choices", rule, "Choice", self._cats.values())
        for name in self._notes or (NOTE_CONTROL,):
            lines.append(f'  <TextArea name={quoteattr(name)} toName="{TEXT_NAME}" rows="3"/>')
        for name, kind in self._kinds.items():
            rule = f'name={quoteattr(name)} toName="{TEXT_NAME}" perRegion="true"'
            if kind == "textarea":
                lines.append(f"  <TextArea {rule}/>")
            else:
                values = [Label(value, value) for value in self._values[name]]
                lines += self._block("Choices", f'{rule} choice="single"', "Choice", values)
        return "\n".join([*lines, "</View>", ""]).encode()

    def _span_lines(self) -> list[str]:
        lines: list[str] = []
        for layer, labels in self._labels.items():
            rule = f'name={quoteattr(self._layers[layer])} toName="{TEXT_NAME}"'
            lines += self._block("Labels", rule, "Label", labels.values(), has_colours=True)
        return lines

    def _block(
        self, tag: str, rule: str, inner: str, labels: Iterable[Label], *, has_colours: bool = False
    ) -> list[str]:
        lines = [
            f"    <{inner} {_attributes(label, has_colours=has_colours)}/>" for label in labels if _is_name(label.name)
        ]
        return [f"  <{tag} {rule}".rstrip() + ">", *lines, f"  </{tag}>"] if lines else []

    def _control(self, layer: str) -> str:
        if layer not in self._layers:
            name = layer if _is_name(layer) else "layer"
            while name in self._names:
                name += "_"
            self._names.add(name)
            self._layers[layer] = name
        return self._layers[layer]


def _attributes(label: Label, *, has_colours: bool) -> str:
    found = f"value={quoteattr(label.name)}"
    if has_colours:
        found += f' background="{hex_of_hue(label.hue)}"'
    if has_colours and label.key and _is_name(label.key):
        found += f" hotkey={quoteattr(label.key)}"
    return found


def _is_name(text: str) -> bool:
    """Whether a text can stand in XML as it is."""
    return bool(text.strip()) and text.isprintable()
