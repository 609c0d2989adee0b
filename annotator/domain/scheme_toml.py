"""A scheme as the text of a TOML file that `scheme_from_plain` reads back, for people to read and to change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.domain.labels import LabelScheme
from annotator.domain.scheme_plain import scheme_to_plain

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LABELS = ("relations", "document_labels")


def scheme_to_toml(scheme: LabelScheme) -> str:
    """The whole scheme; what has its usual value is left out. Lossless, lines end with ``\\n``."""
    plain = scheme_to_plain(scheme)
    lines = [*_pairs(plain, ("name", "title", "description", "language", "extensible", "document_label_choice"))]
    for layer in plain["layers"]:
        lines += ["", "[[layers]]", *_pairs(layer, ("name", "overlap", "fragments")), *_trims(layer)]
        for label in layer["labels"]:
            lines += ["", "[[layers.labels]]", *_label_lines(label)]
        for attribute in layer["attributes"]:
            lines += ["", "[[layers.attributes]]", *_given(attribute)]
    for attribute in plain["relation_attributes"]:
        lines += ["", "[[relation_attributes]]", *_given(attribute)]
    for kind in _LABELS:
        for label in plain[kind]:
            lines += ["", f"[[{kind}]]", *_label_lines(label)]
    return "\n".join(lines) + "\n"


def _label_lines(label: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a label. The id is left out where it is the name: that is how people write schemes."""
    named = {key: value for key, value in label.items() if key != "id" or value != label["name"]}
    return _given(named)


def _given(plain: Mapping[str, Any]) -> Iterator[str]:
    return _pairs(plain, (key for key, value in plain.items() if value not in ("", [])))


def _trims(layer: Mapping[str, Any]) -> Iterator[str]:
    return _given({key: layer[key] for key in ("trim_before", "trim_after")})


def _pairs(plain: Mapping[str, Any], keys: Iterable[str]) -> Iterator[str]:
    return (f"{key} = {_value(plain[key])}" for key in keys)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_pairs(value, value))} }}"
    return f'"{"".join(map(_escaped, str(value)))}"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\u{ord(char):04X}" if ord(char) < 0x20 or ord(char) == 0x7F else char
