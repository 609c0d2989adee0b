"""doccano's label types (``label_config.json``) as a scheme. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.domain.labels import HUES, Label, LabelScheme, Layer
from annotator.domain.spans import DEFAULT_LAYER
from annotator.formats.colours import find_hue
from annotator.formats.jsonl.record_fields import Plain

NAMED_TWICE = "a label that stands there twice was taken once"


def is_label_type(plain: object) -> bool:
    """Whether a record is a label and not a text."""
    return isinstance(plain, dict) and "background_color" in plain and isinstance(plain.get("text"), str)


def scheme_of(plains: Iterable[Plain], name: str) -> tuple[LabelScheme, int]:
    """The scheme of these labels, and how many of them were there twice."""
    groups: dict[str, dict[str, Label]] = {"Span": {}, "Category": {}, "Relation": {}}
    doubles = 0
    for plain in plains:
        group = groups.get(str(plain.get("task_type")), groups["Span"])
        doubles += plain["text"] in group
        group.setdefault(plain["text"], _label(plain, len(group), {one.key for one in group.values()}))
    layer = Layer(DEFAULT_LAYER, tuple(groups["Span"].values()))
    scheme = LabelScheme(
        name,
        layers=(layer,),
        relation_labels=tuple(groups["Relation"].values()),
        document_labels=tuple(groups["Category"].values()),
    )
    return scheme, doubles


def _label(plain: Plain, number: int, keys: set[str]) -> Label:
    hue = find_hue(str(plain.get("background_color")))
    key = plain.get("suffix_key")
    is_key = isinstance(key, str) and len(key) == 1 and key not in keys and not plain.get("prefix_key")
    shown = HUES[number % len(HUES)] if hue is None else hue
    return Label(plain["text"], plain["text"], str(key) if is_key else "", shown)
