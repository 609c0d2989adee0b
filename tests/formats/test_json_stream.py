"""JSON files are read value by value: arrays, lines, values over many lines; what is broken stops no other line."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats import json_stream
from annotator.formats.json_head import head_of
from annotator.formats.json_stream import JsonFault, json_values
from annotator.formats.shapes import Source

plain_values = st.dictionaries(st.text(max_size=4), st.one_of(st.integers(-9, 9), st.text(max_size=9)), max_size=3)


def values_of(content: bytes) -> list[tuple[int, Any]]:
    return [(line, str(one) if isinstance(one, JsonFault) else one) for line, one in json_values(io.BytesIO(content))]


@given(st.lists(plain_values, min_size=1, max_size=5), st.integers(1, 40), st.booleans())
def test_values_are_the_same_however_they_are_laid_out_and_read(
    plains: list[dict[str, Any]], chunk: int, is_indented: bool
) -> None:
    option = orjson.OPT_INDENT_2 if is_indented else 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK_BYTES", chunk)
        array = values_of(orjson.dumps(plains, option=option))
        lines = values_of(b"\n".join(orjson.dumps(plain, option=option) for plain in plains))
    assert array == list(enumerate(plains, 1))
    assert [value for _, value in lines] == plains


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", [(1, "the file is empty")]),
        (b" \n", [(1, "the file is empty")]),
        (b"[]", [(1, "the JSON array is empty")]),
        (b'{"a": 1}\r\n{"a": 2}\r\n', [(1, {"a": 1}), (2, {"a": 2})]),
        (b'\xef\xbb\xbf{"a": 1}', [(1, {"a": 1})]),
        ('{"a": "ä"}'.encode("utf-16"), [(1, {"a": "ä"})]),
        (b'{"a": "\xe4"}\n{"a": 2}', [(1, "not valid UTF-8: byte 0xe4"), (2, {"a": 2})]),
        (b'{"a": "x\n{"a": 2}', [(1, "not valid JSON: invalid control character at, line 1"), (2, {"a": 2})]),
        (b'{"a": "\\ud83d"}', [(1, "not valid JSON: no low surrogate in string")]),
        (b'{"a": 1}\n{"a":', [(1, {"a": 1}), (2, "not valid JSON: expecting value, line 2")]),
        (b"[" * 100_000, [(1, "its values are nested too deeply")]),
    ],
)
def test_a_broken_value_is_a_sentence_and_stops_no_other_line(content: bytes, found: list[tuple[int, Any]]) -> None:
    assert values_of(content) == found


def test_an_array_that_breaks_off_gives_what_was_whole() -> None:
    (first, second) = values_of(b'[{"a": 1} {"a": 2}]')
    assert first == (1, {"a": 1})
    assert "what follows is not read" in second[1]


def test_a_value_over_the_limit_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_VALUE_CHARS", 50)
    monkeypatch.setattr(json_stream, "_CHUNK_BYTES", 20)
    ((_, fault),) = values_of(b'{"a": "' + b"x" * 400 + b'"}')
    assert "longer than" in fault


def test_the_keys_of_a_first_object_longer_than_the_head_are_found() -> None:
    content = b'{"text": "' + b"x" * 9000 + b'", "label": [{"start": 1}]}'
    source = Source("a.json", "a", lambda: io.BytesIO(content), "a.json")
    assert head_of(source, content[:100]).keys == {"text", "label"}
    standard_input = Source("-", "", lambda: io.BytesIO(content), "")
    assert head_of(standard_input, content[:100]).keys == {"text"}
