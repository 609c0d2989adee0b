"""Other people's data sets: Parquet, Arrow and JSON lines, with names where the tools of Hugging Face put them."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, Tokens
from annotator.formats.huggingface.rows import document_of, row_of
from annotator.formats.huggingface.tags import spans_of
from annotator.formats.jsonl.record_fields import RecordFault
from annotator.formats.registry import find_writer
from annotator.formats.shapes import (
    Parsed,
    ReadOptions,
    Record,
    Rejected,
    Remark,
    SchemeFound,
    UnknownFormat,
    WriteOptions,
)
from annotator.formats.sources import read_sources

NAMES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
ROWS: list[dict[str, Any]] = [
    {"id": "0", "tokens": ["Ann", "Lee", "left", "Rome", "."], "ner_tags": [1, 2, 0, 3, 0]},
    {"id": "1", "tokens": ["Bob"], "ner_tags": [1]},
]
CLASS = {"feature": {"num_classes": 5, "names": NAMES, "_type": "ClassLabel"}, "length": -1, "_type": "Sequence"}
FEATURES = {"id": {"dtype": "string", "_type": "Value"}, "ner_tags": CLASS}
YAML_NAMES = "\n".join(f"          '{number}': {name}" for number, name in enumerate(NAMES))
CARDS = [
    f"---\ndataset_info:\n  features:\n  - name: id\n    dtype: string\n  - name: ner_tags\n    sequence:\n"
    f"      class_label:\n        names:\n{YAML_NAMES}\n---\n# A set\n",
    f"---\r\ndataset_info:\r\n- config_name: a\r\n  features:\r\n  - name: ner_tags\r\n    list:\r\n"
    f"      class_label:\r\n        names:\r\n{YAML_NAMES}\r\n---\r\n",
]


def records_of(place: Path, format_name: str | None = "huggingface") -> list[Record]:
    return list(read_sources([str(place)], format_name, ReadOptions()))


def documents(place: Path, format_name: str | None = "huggingface") -> list[AnnotatedDocument]:
    records = records_of(place, format_name)
    assert [one for one in records if isinstance(one, Rejected)] == []
    return [one.doc for one in records if isinstance(one, Parsed)]


def found(doc: AnnotatedDocument) -> list[tuple[str, str]]:
    return [(doc.document.text[span.start : span.end], span.label) for span in doc.spans]


def reasons(place: Path) -> list[str]:
    return [one.reason for one in records_of(place) if isinstance(one, Rejected)]


def lines(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def parquet(path: Path, rows: list[dict[str, Any]], features: object = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pylist(rows)
    if features:
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, path)
    return path


def is_the_example(docs: list[AnnotatedDocument]) -> None:
    assert [doc.document.id for doc in docs] == ["0", "1"]
    assert docs[0].document.text == "Ann Lee left Rome ."
    assert [found(doc) for doc in docs] == [[("Ann Lee", "PER"), ("Rome", "LOC")], [("Bob", "PER")]]
    assert len(docs[0].document.tokens) == 5


def test_names_stand_in_the_parquet_file(tmp_path: Path) -> None:
    is_the_example(documents(parquet(tmp_path / "data" / "train.parquet", ROWS, FEATURES), None))


@pytest.mark.parametrize("card", CARDS)
def test_names_stand_in_the_card(tmp_path: Path, card: str) -> None:
    parquet(tmp_path / "set" / "data" / "train.parquet", ROWS)
    (tmp_path / "set" / "README.md").write_text(card, encoding="utf-8", newline="")
    is_the_example(documents(tmp_path / "set"))


def test_names_stand_in_the_infos_of_an_older_set(tmp_path: Path) -> None:
    lines(tmp_path / "train.jsonl", *ROWS)
    (tmp_path / "dataset_infos.json").write_text(json.dumps({"default": {"features": FEATURES}}), encoding="utf-8")
    is_the_example(documents(tmp_path, None))


@pytest.mark.parametrize("is_stream", [True, False])
def test_a_set_that_was_saved_to_disk(tmp_path: Path, is_stream: bool) -> None:
    table = pa.Table.from_pylist(ROWS)
    make = pa.ipc.new_stream if is_stream else pa.ipc.new_file
    with make(str(tmp_path / "data-00000-of-00001.arrow"), table.schema) as writer:
        writer.write_table(table)
    (tmp_path / "dataset_info.json").write_text(json.dumps({"features": FEATURES}), encoding="utf-8")
    (tmp_path / "state.json").write_text("{}", encoding="utf-8")
    is_the_example(documents(tmp_path, None))


def test_a_row_with_nothing_to_mark_is_annotated_where_there_are_tags(tmp_path: Path) -> None:
    tagged = lines(tmp_path / "a.jsonl", {"tokens": ["Rain", "."], "ner_tags": ["O", "O"]})
    bare = lines(tmp_path / "b.jsonl", {"text": "Rain."})
    found = [one.is_annotated for place in (tagged, bare) for one in records_of(place) if isinstance(one, Parsed)]
    assert found == [True, False]


def test_the_names_are_offered_as_a_scheme(tmp_path: Path) -> None:
    first = records_of(parquet(tmp_path / "a.parquet", ROWS, FEATURES))[0]
    assert isinstance(first, SchemeFound)
    assert [label.name for _, label in first.scheme.labels] == ["PER", "LOC"]
    features = {"label": {"names": ["neg", "pos"], "_type": "ClassLabel"}}
    first = records_of(parquet(tmp_path / "b.parquet", [{"text": "x", "label": 1}], features))[0]
    assert isinstance(first, SchemeFound)
    assert [label.name for label in first.scheme.document_labels] == ["neg", "pos"]


def test_tags_that_are_names_need_no_others(tmp_path: Path) -> None:
    rows = [{**row, "ner_tags": [NAMES[tag] for tag in row["ner_tags"]]} for row in ROWS]
    is_the_example(documents(lines(tmp_path / "a.jsonl", *rows), None))


def test_numbers_without_names_are_refused_once_with_the_way_out(tmp_path: Path) -> None:
    (reason,) = reasons(lines(tmp_path / "a.jsonl", *ROWS))
    assert "ner_tags has numbers without names" in reason
    assert "dataset_info.json" in reason


def test_text_and_label_become_a_document_label(tmp_path: Path) -> None:
    features = {"label": {"names": ["neg", "pos"], "_type": "ClassLabel"}}
    rows = [{"text": "Good.", "label": 1, "stars": 5}, {"text": "Bad.", "label": 0, "stars": 1}]
    docs = documents(parquet(tmp_path / "a.parquet", rows, features))
    assert [dict(doc.cats) for doc in docs] == [{"pos": 1.0}, {"neg": 1.0}]
    assert docs[0].document.meta == {"stars": 5}
    named = lines(tmp_path / "b.jsonl", {"text": "Good.", "label": "pos"})
    assert [dict(doc.cats) for doc in documents(named, None)] == [{"pos": 1.0}]


def test_several_labels_of_a_text(tmp_path: Path) -> None:
    features = {"labels": {"feature": {"names": ["a", "b", "c"], "_type": "ClassLabel"}, "_type": "List"}}
    (doc,) = documents(parquet(tmp_path / "a.parquet", [{"text": "x", "labels": [0, 2]}], features))
    assert dict(doc.cats) == {"a": 1.0, "c": 1.0}


def test_the_text_of_a_row_is_kept_where_its_tokens_stand_in_it(tmp_path: Path) -> None:
    rows = [
        {"text": "Ann  left.", "tokens": ["Ann", "left", "."], "tags": ["B-PER", "O", "O"]},
        {"text": "Bob left.", "tokens": ["Bob", "has", "left"], "tags": ["B-PER", "O", "O"]},
    ]
    records = records_of(lines(tmp_path / "a.jsonl", *rows))
    docs = [one.doc for one in records if isinstance(one, Parsed)]
    assert [doc.document.text for doc in docs] == ["Ann  left.", "Bob has left"]
    assert [found(doc) for doc in docs] == [[("Ann", "PER")], [("Bob", "PER")]]
    assert [one.what for one in records if isinstance(one, Remark)] == [
        "the tokens do not stand in the column text: the text is made of the tokens"
    ]


def test_spans_by_offsets_are_taken(tmp_path: Path) -> None:
    row = {"text": "Ann left.", "entities": [{"start": 0, "end": 3, "label": "PER"}]}
    assert found(documents(parquet(tmp_path / "a.parquet", [row]))[0]) == [("Ann", "PER")]


def test_columns_that_are_not_taken_are_said_once(tmp_path: Path) -> None:
    rows = [{**row, "pos_tags": [0], "image": b"\0"} for row in ROWS]
    remarks = [
        one.what for one in records_of(parquet(tmp_path / "a.parquet", rows, FEATURES)) if isinstance(one, Remark)
    ]
    assert sorted(remarks) == [
        "the column image has bytes: it is left out",
        "the column pos_tags is not taken (2 times)",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"tokens": ["a", "b"], "ner_tags": ["O"]}, "there are 2 tokens and 1 tags"),
        ({"tokens": ["a"], "ner_tags": [1.5]}, "neither a name nor a number"),
        ({"tokens": [" "], "ner_tags": ["O"]}, "the text is empty"),
        ({"tokens": None, "ner_tags": None}, "tokens or ner_tags is not a list"),
        (7, "the record is not a JSON object"),
    ],
)
def test_a_bad_row_is_refused_and_stops_no_other(tmp_path: Path, row: Any, reason: str) -> None:
    good = {"tokens": ["Ann"], "ner_tags": ["B-PER"]}
    records = records_of(lines(tmp_path / "a.jsonl", good, row, good))
    assert [type(one) for one in records] == [Parsed, Rejected, Parsed]
    assert isinstance(records[1], Rejected)
    assert (records[1].line, reason in records[1].reason) == (2, True), records[1].reason


def test_a_number_that_has_no_name_is_refused(tmp_path: Path) -> None:
    rows = [{"tokens": ["a"], "ner_tags": [9]}, {"tokens": ["a"], "ner_tags": [-100]}]
    (reason,) = reasons(parquet(tmp_path / "a.parquet", rows, FEATURES))
    assert reason == "ner_tags has 9, and there are names for 0 to 4 only"


def test_a_table_of_something_else_is_refused_with_its_columns(tmp_path: Path) -> None:
    (reason,) = reasons(parquet(tmp_path / "a.parquet", [{"x": 1, "y": 2}]))
    assert reason.startswith("of its columns (x, y) none can be taken")


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow"])
def test_a_file_that_is_cut_off_is_a_sentence(tmp_path: Path, name: str) -> None:
    content = parquet(tmp_path / "whole.parquet", ROWS * 50, FEATURES).read_bytes()
    for length in range(0, len(content), 97):
        (tmp_path / name).write_bytes(content[:length])
        records = records_of(tmp_path / name)
        assert [type(one) for one in records] == [Rejected]


@given(content=st.binary(max_size=200), at=st.integers(0, 2000), name=st.sampled_from(["a.parquet", "a.arrow"]))
def test_nonsense_is_a_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes, at: int, name: str) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    whole = parquet(folder / "whole.parquet", ROWS, FEATURES).read_bytes()
    at %= len(whole)
    (folder / name).write_bytes(whole[:at] + content + whole[at + len(content) :])
    for record in records_of(folder / name):
        assert not isinstance(record, Rejected) or "\n" not in record.reason


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("B-P I-P O", [(0, 2, "P")]),
        ("I-P I-P B-P I-L", [(0, 2, "P"), (2, 3, "P"), (3, 4, "L")]),
        ("S-P B-P I-P E-P S-L", [(0, 1, "P"), (1, 4, "P"), (4, 5, "L")]),
        ("U-P B-P L-P", [(0, 1, "P"), (1, 3, "P")]),
        ("E-P I-P", [(0, 1, "P"), (1, 2, "P")]),
        ("P P O LOC", [(0, 2, "P"), (3, 4, "LOC")]),
        ("B I O B B", [(0, 2, "SPAN"), (3, 4, "SPAN"), (4, 5, "SPAN")]),
        ("B-P-x I-P-x", [(0, 2, "P-x")]),
        ("O _ - O", []),
    ],
)
def test_tags_of_every_usual_scheme(tags: str, expected: list[tuple[int, int, str]]) -> None:
    assert [(one.first, one.end, one.label) for one in spans_of(tags.split())] == expected


@given(st.lists(st.sampled_from(["O", "B-P", "I-P", "E-P", "S-P", "I-L", "L", "B"]), max_size=12))
def test_spans_of_tags_follow_each_other(tags: list[str]) -> None:
    spans = list(spans_of(tags))
    covered = [index for one in spans for index in range(one.first, one.end)]
    assert covered == [index for index, tag in enumerate(tags) if tag != "O"]


@pytest.fixture
def _without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    own = [name for name in sys.modules if name.startswith("annotator.formats.huggingface.")]
    for name in own:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)


@pytest.mark.usefixtures("_without_pyarrow")
def test_what_needs_the_extra_says_so_and_json_lines_do_not(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    (reason,) = reasons(tmp_path / "a.parquet")
    assert "pip install 'annotator[hf]'" in reason
    with pytest.raises(UnknownFormat, match="needs more than is installed"):
        find_writer("huggingface")
    named = lines(tmp_path / "b.jsonl", {"text": "Good.", "label": "pos"})
    assert [dict(doc.cats) for doc in documents(named)] == [{"pos": 1.0}]


NONSENSE: st.SearchStrategy[Any] = st.sampled_from(
    [None, 7, -1, "x", "{", [], [None], ["x"], [7], [{}], [{"start": "x"}], {}, True, 1.5]
)


@given(
    st.sampled_from(["text", "tokens", "token_starts", "spans", "relations", "cats", "status", "meta", "extra",
                     "white_tokens", "sentence_starts", "annotator", "id"]),
    NONSENSE,
)  # fmt: skip
def test_nonsense_in_a_column_of_ours_is_a_sentence(column: str, value: Any) -> None:
    doc = AnnotatedDocument(Document("d", "Ann left", tokens=Tokens([0, 4], [3, 8])))
    row = row_of(doc, LabelScheme("s"), WriteOptions(), {"O": 0}) | {column: value}
    with suppress(RecordFault):
        document_of(row, ReadOptions())


@given(
    st.sampled_from(["id", "start", "end", "label", "layer", "attributes", "fragments", "score", "origin"]), NONSENSE
)
def test_nonsense_in_a_span_of_ours_is_a_sentence(key: str, value: Any) -> None:
    doc = AnnotatedDocument(Document("d", "Ann left"), spans=SpanSet([Span("a", 0, 3, "PER")]))
    row = row_of(doc, LabelScheme("s"), WriteOptions(), {"O": 0})
    row["spans"][0][key] = value
    with suppress(RecordFault):
        document_of(row, ReadOptions())
