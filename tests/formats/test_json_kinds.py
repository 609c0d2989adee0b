"""Annotator's, Prodigy's, doccano's and Label Studio's JSON are told apart by their keys, not by the file's name."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document
from annotator.formats.doccano.writer import DoccanoWriter
from annotator.formats.jsonl import JsonlWriter
from annotator.formats.label_studio.writer import LabelStudioWriter
from annotator.formats.registry import guess_format
from annotator.formats.shapes import Source, WriteOptions
from tests.formats.reading import written

DATA = Path(__file__).parents[1] / "data"
OPEN = LabelScheme("open", is_extensible=True)
FIXTURES = [
    *((path, "jsonl") for path in sorted((DATA / "prodigy").glob("*.jsonl"))),
    *((path, "label_studio") for path in sorted((DATA / "formats" / "label_studio").glob("*.json"))),
    *((path, "doccano") for path in sorted((DATA / "formats" / "doccano").glob("*.json*"))),
]
DOC = AnnotatedDocument(Document("d", "Ann met Bob."), "alice", SpanSet([Span("a", 0, 3, "PER")]))


def guessed(content: bytes, name: str) -> str:
    return guess_format(Source(name, "a", lambda: io.BytesIO(content), name), content[:8192]).name


def as_lines(content: bytes) -> bytes:
    """An array as one object a line."""
    return b"\n".join(map(orjson.dumps, orjson.loads(content)))


def written_for_label_studio() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        LabelStudioWriter().write_folder([DOC], Path(folder), OPEN, WriteOptions())
        return (Path(folder) / "tasks.json").read_bytes()


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".ndjson"])
@pytest.mark.parametrize(("path", "name"), FIXTURES, ids=lambda one: one.name if isinstance(one, Path) else one)
def test_a_file_is_known_by_its_keys_under_each_name(path: Path, name: str, suffix: str) -> None:
    content = path.read_bytes()
    assert guessed(content, f"a{suffix}") == name
    if content.lstrip().startswith(b"["):
        assert guessed(as_lines(content), f"a{suffix}") == name
    assert guessed(content.decode().encode("utf-16"), f"a{suffix}") == name


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_what_is_written_is_known_again(suffix: str) -> None:
    assert guessed(written(JsonlWriter(), [DOC]), f"a{suffix}") == "jsonl"
    assert guessed(written(DoccanoWriter(), [DOC]), f"a{suffix}") == "doccano"
    assert guessed(written_for_label_studio(), f"a{suffix}") == "label_studio"


@pytest.mark.parametrize(
    ("plain", "name"),
    [
        ({"text": "a"}, "jsonl"),
        ({"text": "a", "label": "NEWS", "answer": "reject"}, "jsonl"),
        ({"text": "a", "options": [{"id": "x"}], "accept": ["x"]}, "jsonl"),
        ({"text": "a", "spans": [], "label": ["x"]}, "jsonl"),
        ({"text": "a", "cats": {"x": 1.0}, "status": "done"}, "jsonl"),
        ({"text": "a", "label": "NEWS"}, "doccano"),
        ({"text": "a", "labels": [[0, 1, "X"]]}, "doccano"),
        ({"text": "a", "entities": [], "relations": []}, "doccano"),
        ({"text": "a", "cats": ["x"]}, "doccano"),
        ({"text": "a", "annotations": [{"start_offset": 0}]}, "doccano"),
        ({"data": {"text": "a"}}, "label_studio"),
        ({"data": {"text": "a"}, "completions": []}, "label_studio"),
        ({"id": 1, "result": [], "task": {"data": {"text": "a"}}}, "label_studio"),
        ({"id": 1, "text": "a", "label": [], "annotator": 1, "annotation_id": 2}, "label_studio"),
    ],
)
@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_single_records_are_known(plain: dict[str, Any], name: str, suffix: str) -> None:
    assert guessed(orjson.dumps(plain), f"a{suffix}") == name
    assert guessed(orjson.dumps([plain], option=orjson.OPT_INDENT_2), f"a{suffix}") == name


@pytest.mark.parametrize(
    ("plain", "name"),
    [
        ({"id": 1, "annotations": [{"result": []}], "data": {"text": "x" * 9000}}, "label_studio"),
        ({"id": 1, "annotations": [{"result": ["x" * 9000]}], "data": {"text": "x"}}, "label_studio"),
        ({"text": "x" * 9000, "label": [[0, 1, "X"]]}, "doccano"),
        ({"text": "x" * 9000, "spans": []}, "jsonl"),
    ],
)
def test_keys_behind_the_beginning_of_the_file_count(plain: dict[str, Any], name: str) -> None:
    assert guessed(orjson.dumps(plain), "a.json") == name
