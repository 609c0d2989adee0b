"""The columns that Annotator writes, as Hugging Face describes them, and the same for Arrow and for a card. Pure but
for Arrow's types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import orjson
import pyarrow as pa

Feature: TypeAlias = Any
"""A feature as ``dataset_info.json`` has it: a value, a class label, a list (``Sequence``), or ``[{…}]``."""

_ARROW = {
    "string": pa.string(), "int32": pa.int32(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_(),
}  # fmt: skip


def _value(dtype: str) -> Feature:
    return {"dtype": dtype, "_type": "Value"}


def _list(feature: Feature) -> Feature:
    return {"feature": feature, "_type": "Sequence"}


def _rows(**fields: str) -> Feature:
    return [{name: _value(dtype) for name, dtype in fields.items()}]


def features_of(tag_names: Sequence[str]) -> dict[str, Feature]:
    """Annotator's columns. Offsets are code points of ``text``; ``meta``, ``extra`` and attributes are JSON."""
    spans = _rows(
        id="string", start="int32", end="int32", label="string", layer="string", text="string", attributes="string",
        note="string", score="float64", origin="string", pipeline="string", decided="bool",
    )  # fmt: skip
    spans[0]["fragments"] = _rows(start="int32", end="int32")
    return {
        "id": _value("string"),
        "text": _value("string"),
        "tokens": _list(_value("string")),
        "token_starts": _list(_value("int32")),
        "ner_tags": _list({"names": list(tag_names), "_type": "ClassLabel"}),
        "spans": spans,
        "relations": _rows(id="string", head="string", child="string", label="string", attributes="string"),
        "cats": _rows(label="string", value="float64"),
        "annotator": _value("string"),
        "status": _value("string"),
        "status_reason": _value("string"),
        "note": _value("string"),
        "title": _value("string"),
        "language": _value("string"),
        "tokenizer": _value("string"),
        "white_tokens": _rows(start="int32", end="int32"),
        "sentence_starts": _list(_value("int32")),
        "meta": _value("string"),
        "extra": _value("string"),
    }


def arrow_schema(features: Mapping[str, Feature]) -> pa.Schema:
    """The schema, with the features beside it where ``datasets`` looks for them."""
    about = orjson.dumps({"info": {"features": dict(features)}})
    fields = [pa.field(name, _arrow_type(feature)) for name, feature in features.items()]
    return pa.schema(fields, metadata={b"huggingface": about})


def _arrow_type(feature: Feature) -> pa.DataType:
    if isinstance(feature, list):
        fields = [pa.field(name, _arrow_type(inside)) for name, inside in feature[0].items()]
        return pa.list_(pa.struct(fields))
    if feature["_type"] == "Sequence":
        return pa.list_(_arrow_type(feature["feature"]))
    return pa.int64() if feature["_type"] == "ClassLabel" else _ARROW[feature["dtype"]]


def yaml_lines(features: Mapping[str, Feature], indent: str) -> Iterator[str]:
    """The features as the front matter of a card lists them."""
    for name, feature in features.items():
        yield f"{indent}- name: {name}"
        yield from _yaml_type(feature, f"{indent}  ")


def _yaml_type(feature: Feature, indent: str) -> Iterator[str]:
    if isinstance(feature, list):
        yield f"{indent}list:"
        yield from yaml_lines(feature[0], indent)
    elif feature["_type"] == "Value":
        yield f"{indent}dtype: {feature['dtype']}"
    elif (inside := feature["feature"])["_type"] == "ClassLabel":
        yield f"{indent}sequence:"
        yield f"{indent}  class_label:"
        yield f"{indent}    names:"
        for number, name in enumerate(inside["names"]):
            yield f"{indent}      '{number}': {quoted(name)}"
    else:
        yield f"{indent}sequence: {inside['dtype']}"


def quoted(text: str) -> str:
    """``text`` as a YAML string in double quotes."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08X}"
