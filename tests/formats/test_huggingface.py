"""``datasets`` loads what Annotator writes, and Annotator reads it back whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document, Tokens, tokenize_simply
from annotator.formats.huggingface.features import quoted
from annotator.formats.huggingface.writer import HuggingFaceWriter
from annotator.formats.shapes import WriteOptions
from tests.formats.reading import OPEN, documents_in
from tests.formats.test_huggingface_reading import records_of
from tests.formats.test_splitting import revised, story

SCHEME = LabelScheme(
    "s", layers=(Layer("entities", (Label("per", "PERSON"), Label("gpe", "GPE"))),),
    document_labels=(Label("pol", "politics"),),
)  # fmt: skip

LOAD = """
import json, sys
import datasets
loaded = datasets.load_dataset(sys.argv[1])
train = loaded["train"]
tags = train.features["ner_tags"].feature
print(json.dumps({
    "rows": {part: len(rows) for part, rows in loaded.items()},
    "kind": type(tags).__name__,
    "names": tags.names,
    "columns": train.column_names,
    "first": train[0],
    "is_described": json.loads(json.dumps(train.features.to_dict())) == json.loads(json.dumps(
        datasets.load_dataset("parquet", data_files=sys.argv[1] + "/data/train-*")["train"].features.to_dict())),
}))
"""


def document(text: str, *spans: Span, number: int = 0, **more: Any) -> AnnotatedDocument:
    made = Document(
        f"d{number}", text, "Title", "en", {"year": 1999}, {"image": "x"}, tokenize_simply(text), "simple 1"
    )
    return AnnotatedDocument(made, "alice", SpanSet(spans), **more)


def whole() -> AnnotatedDocument:
    spans = [
        Span("a", 0, 7, "PERSON", attributes={"sure": True, "ids": [1, {"x": None}]}, note="who?"),
        Span("b", 4, 7, "PERSON", "events", score=0.5, decided=False, pipeline="p 1"),
        Span("c", 0, 23, "PEOPLE", fragments=((0, 7), (20, 23))),
        Span("d", 13, 15, "PART"),
    ]
    relations = {"r": Relation("r", "a", "b", "MET", {"when": "May"})}
    return document(
        "Ann Lee\n\nmet Bob and Ben.", *spans, relations=relations, cats={"politics": 1.0, "sport": 0.25},
        status=Status.FLAGGED, note="look again", status_reason="unsure",
    )  # fmt: skip


def written(
    folder: Path, docs: list[AnnotatedDocument], options: WriteOptions | None = None, scheme: LabelScheme = OPEN
) -> Path:
    folder.mkdir()
    HuggingFaceWriter().write_folder(docs, folder, scheme, options or WriteOptions())
    return folder


def loaded(folder: Path, home: Path) -> dict[str, Any]:
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1", "HF_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_datasets_loads_the_folder(tmp_path: Path) -> None:
    odd = 'odd: "label" — 日本\u0085'
    spans = Span("a", 0, 7, "per"), Span("b", 12, 15, "per"), Span("c", 12, 17, odd)
    docs = [document(f"Ann Lee met Bob {number} times.", *spans, number=number) for number in range(3)]
    found = loaded(written(tmp_path / "set", docs, scheme=SCHEME), tmp_path / "home")
    assert found["rows"] == {"train": 3}
    assert found["kind"] == "ClassLabel"
    assert found["names"] == ["O", "B-PERSON", "I-PERSON", "B-GPE", "I-GPE", f"B-{odd}", f"I-{odd}"]
    first = found["first"]
    assert first["tokens"] == ["Ann", "Lee", "met", "Bob", "0", "times", "."]
    assert [found["names"][tag] for tag in first["ner_tags"]] == [
        "B-PERSON", "I-PERSON", "O", f"B-{odd}", f"I-{odd}", "O", "O",
    ]  # fmt: skip
    assert [(span["text"], span["label"]) for span in first["spans"]] == [
        ("Ann Lee", "PERSON"), ("Bob 0", odd), ("Bob", "PERSON"),
    ]  # fmt: skip
    assert json.loads(first["meta"]) == {"year": 1999}
    assert found["is_described"]


def test_parts_are_loaded_as_train_validation_and_test_and_stories_stay_together(tmp_path: Path) -> None:
    texts = [story(number) for number in range(30)]
    texts += [revised(texts[0], 0.15, 100)]
    docs = [document(text, number=number) for number, text in enumerate(texts)]
    folder = written(tmp_path / "set", docs, WriteOptions(split=(0.6, 0.2, 0.2), seed=4))
    rows = loaded(folder, tmp_path / "home")["rows"]
    assert list(rows) == ["train", "validation", "test"]
    assert sum(rows.values()) == 31
    held = [pq.read_table(path)["id"].to_pylist() for path in (folder / "data").iterdir()]
    assert sum("d0" in ids for ids in held) == sum("d0" in ids and "d30" in ids for ids in held) == 1


def test_no_documents_are_a_folder_that_datasets_loads(tmp_path: Path) -> None:
    folder = written(tmp_path / "set", [])
    assert (folder / "README.md").is_file()
    assert documents_in(records_of(folder)) == []


def test_everything_comes_back(tmp_path: Path) -> None:
    assert documents_in(records_of(written(tmp_path / "set", [whole()]))) == [whole()]


def test_the_sets_of_two_annotators_come_back_each_by_itself(tmp_path: Path) -> None:
    docs = [whole(), replace(whole(), annotator="bob", spans=SpanSet(), relations={})]
    assert documents_in(records_of(written(tmp_path / "set", docs))) == docs


def test_tokens_with_gaps_come_back(tmp_path: Path) -> None:
    made = Document("d", " ab  cd", tokens=Tokens([1, 3, 5], [2, 5, 6], [0, 1]))
    (back,) = documents_in(records_of(written(tmp_path / "set", [AnnotatedDocument(made)])))
    assert back.document == made


def test_many_documents_are_several_row_groups(tmp_path: Path) -> None:
    docs = [document(f"Ann {number}", number=number) for number in range(1100)]
    folder = written(tmp_path / "set", docs)
    assert pq.ParquetFile(folder / "data" / "train-00000-of-00001.parquet").num_row_groups == 3
    assert [doc.document.id for doc in documents_in(records_of(folder))] == [doc.document.id for doc in docs]


@pytest.mark.parametrize(
    ("tag_scheme", "tags"),
    [
        ("IOB2", ["B-P", "I-P", "B-P", "O", "B-P"]),
        ("IOB1", ["I-P", "I-P", "B-P", "O", "I-P"]),
        ("BIOES", ["B-P", "E-P", "S-P", "O", "S-P"]),
        ("BILOU", ["B-P", "L-P", "U-P", "O", "U-P"]),
    ],
)
def test_tags_are_in_the_scheme_that_was_asked_for(tmp_path: Path, tag_scheme: Any, tags: list[str]) -> None:
    doc = document("Ann Lee Bob met Ben", Span("a", 0, 7, "P"), Span("b", 8, 11, "P"), Span("c", 16, 19, "P"))
    folder = written(tmp_path / "set", [doc], WriteOptions(tag_scheme))
    table = pq.read_table(folder / "data" / "train-00000-of-00001.parquet")
    features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    names = features["ner_tags"]["feature"]["names"]
    assert [names[tag] for tag in table["ner_tags"][0].as_py()] == tags


def test_the_card_says_language_tasks_and_size_and_leaves_the_licence_open(tmp_path: Path) -> None:
    card = (written(tmp_path / "set", [whole()]) / "README.md").read_text(encoding="utf-8")
    for line in ('- "en"', "- token-classification", "- text-classification", "- n<1K", "    path: data/train-*"):
        assert line in card.splitlines()
    assert "\nlicense:" not in card


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_any_label_is_a_yaml_string(text: str) -> None:
    import srsly

    assert srsly.yaml_loads(f"x: {quoted(text)}") == {"x": text}
