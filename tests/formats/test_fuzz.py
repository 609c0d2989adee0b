"""Damaged files: a reader gives documents that can be written or rejects, and never anything else.

Inputs a run: 4,000 files with seeded damage to their bytes, and as many Hypothesis examples as the profile has
for each of the other two tests (60; ``HYPOTHESIS_PROFILE=long``: 2,000, and 100,000 damaged files).
"""

from __future__ import annotations

import os
import random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.conll.columns_writer import ConllWriter
from annotator.formats.jsonl import JsonlReader, JsonlWriter
from annotator.formats.shapes import Parsed, Reader, Record, Rejected, Remark
from annotator.formats.text import TextReader
from tests.formats.reading import documents_in, read_bytes, written

FILES = 100_000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 4_000
RECORD: dict[str, Any] = {
    "id": "d",
    "text": "Ann met naïve 👍 Bob.",
    "meta": {"source": "x"},
    "tokens": [{"id": 0, "text": "Ann", "start": 0, "end": 3, "ws": True, "sent_start": True, "disabled": False}],
    "spans": [
        {"id": "a", "start": 0, "end": 3, "label": "P", "layer": "entities", "score": 0.5, "origin": "human"},
        {"id": "b", "start": 16, "end": 19, "label": "P", "attributes": {"sure": True}, "note": "n", "decided": False},
    ],
    "relations": [{"id": "r", "head": "a", "child": "b", "label": "MET", "head_span": {"start": 0, "end": 3}}],
    "cats": {"politics": 1.0},
    "annotator": "alice",
    "status": "done",
    "answer": "reject",
    "options": [{"id": "x"}],
    "accept": ["x"],
    "_session_id": "alice",
}
GOOD = orjson.dumps(RECORD) + b"\n" + orjson.dumps({"text": "two"}) + b"\n"
PIECES = (
    b"",
    b"\0",
    b"\xff",
    b'"',
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b":",
    b"\n",
    b"\\",
    b"-1",
    b"9" * 20,
    b"null",
    b"true",
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def reason_of(record: Record) -> str:
    assert isinstance(record, Rejected)
    return record.reason


def assert_sound(reader: Reader, content: bytes) -> None:
    """Every record is a reject with a reason, or a document that JSONL gives back and CoNLL can write."""
    records = read_bytes(reader, content)
    assert records
    for record in records:
        assert isinstance(record, Parsed) or (record.what if isinstance(record, Remark) else reason_of(record))
    docs = [record.doc for record in records if isinstance(record, Parsed)]
    if docs:
        assert documents_in(read_bytes(JsonlReader(), written(JsonlWriter(), docs))) == docs
    written(ConllWriter(), docs)


def damaged(chance: random.Random) -> bytes:
    content = bytearray(GOOD)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        content[at : at + chance.randint(0, 3)] = chance.choice(PIECES)
    return bytes(content[: chance.randrange(len(content) + 1)] if chance.random() < 0.1 else content)


@pytest.mark.parametrize("reader", [JsonlReader(), TextReader()], ids=["jsonl", "text"])
def test_damaged_bytes_never_raise(reader: Reader) -> None:
    chance = random.Random(2)
    for _ in range(FILES // 2):
        assert_sound(reader, damaged(chance))


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a JSON value."""
    inside = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [path, *(found for key, one in inside for found in paths_in(one, (*path, key)))]


def with_value(record: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = record.copy()
    copied[path[0]] = with_value(record[path[0]], path[1:], value)
    return copied


@pytest.mark.parametrize("value", [None, True, 0, -1, 1.5, 2**63, "", "x", [], [[]], {}, {"a": []}], ids=repr)
def test_no_kind_of_value_anywhere_raises(value: object) -> None:
    for path in paths_in(RECORD):
        assert_sound(JsonlReader(), orjson.dumps(with_value(RECORD, path, value)))


@given(st.sampled_from(paths_in(RECORD)), json_values)
def test_no_value_anywhere_raises(path: tuple[Any, ...], value: object) -> None:
    assert_sound(JsonlReader(), orjson.dumps(with_value(RECORD, path, value)))


@given(st.binary(min_size=1, max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    assert_sound(JsonlReader(), content)
    assert_sound(TextReader(), content)
