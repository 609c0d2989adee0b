"""The names behind the numbers of class labels: in the file's own schema, ``dataset_info.json``, or the card's front
matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

import orjson

from annotator.formats.shapes import Source

_MOST_BYTES = 16 * 1024 * 1024
_FOLDERS = ("", "../", "../../")


def names_for(column: str, schema_metadata: Mapping[bytes, bytes], source: Source) -> list[str]:
    """The names of the classes of ``column``, by number; empty where nobody says them."""
    for features in _all_features(schema_metadata, source):
        if (feature := _feature(features, column)) is not None and (names := _names_in(feature)):
            return names
    return []


def _all_features(schema_metadata: Mapping[bytes, bytes], source: Source) -> Iterator[Any]:
    with suppress(orjson.JSONDecodeError, AttributeError):
        about = orjson.loads(schema_metadata.get(b"huggingface", b"{}"))
        yield about.get("info", {}).get("features")
    for folder in _FOLDERS:
        for info in _read(source, f"{folder}dataset_info.json", orjson.loads):
            yield info.get("features")
        for infos in _read(source, f"{folder}dataset_infos.json", orjson.loads):
            yield from (one.get("features") for one in infos.values() if isinstance(one, dict))
        for front in _read(source, f"{folder}README.md", _front_matter):
            told = front.get("dataset_info")
            for one in told if isinstance(told, list) else [told]:
                if isinstance(one, dict):
                    yield one.get("features")


def _read(source: Source, name: str, parse: Callable[[bytes], Any]) -> Iterator[dict[str, Any]]:
    beside = source.find_beside(name)
    if beside is None:
        return
    with beside.open() as file:
        content = file.read(_MOST_BYTES)
    with suppress(ValueError):
        if isinstance(parsed := parse(content), dict):
            yield parsed


def _front_matter(content: bytes) -> Any:
    """The YAML between two lines of dashes. Raises `ValueError`."""
    text = content.decode().lstrip("\ufeff").replace("\r\n", "\n")
    if not text.startswith("---\n"):
        return None
    srsly = import_module("srsly")  # it comes with spaCy, without importing it, and has no types
    try:
        return srsly.yaml_loads(text[4:].partition("\n---")[0])
    except Exception as fault:  # a YAML parser's faults have no base of their own
        raise ValueError("the front matter is not YAML") from fault


def _feature(features: Any, column: str) -> Any:
    """The feature of a column: features are an object (JSON) or a list with names (YAML)."""
    if isinstance(features, dict):
        return features.get(column)
    if isinstance(features, list):
        return next((one for one in features if isinstance(one, dict) and one.get("name") == column), None)
    return None


def _names_in(feature: Any) -> list[str]:
    """The names of a class label, or of the class labels in a list."""
    if not isinstance(feature, dict):
        return []
    if feature.get("_type") == "ClassLabel":
        return _in_order(feature.get("names"))
    if isinstance(told := feature.get("class_label"), dict):
        return _in_order(told.get("names"))
    inside = (feature.get(key) for key in ("feature", "sequence", "list", "dtype"))
    return next((names for one in inside if (names := _names_in(one))), [])


def _in_order(names: Any) -> list[str]:
    if isinstance(names, dict):
        with suppress(ValueError, TypeError):
            return [str(names[number]) for number in sorted(names, key=int)]
    return [str(one) for one in names] if isinstance(names, list) else []
