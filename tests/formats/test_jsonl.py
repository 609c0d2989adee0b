"""JSONL loses nothing, reads Prodigy's files, and refuses what is wrong with one sentence and its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given

from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Origin, Relation, Span, SpanSet
from annotator.domain.text import Document
from annotator.formats.jsonl import JsonlReader, JsonlWriter
from annotator.formats.jsonl import reader as jsonl_reader
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark
from tests.formats.documents import carried_documents
from tests.formats.reading import documents_in, read_bytes, written

PRODIGY = Path(__file__).parents[1] / "data" / "prodigy"
TEXT = "Ann met Bob."
ANN = {"id": "a", "start": 0, "end": 3, "label": "PERSON"}
BOB = {"id": "b", "start": 8, "end": 11, "label": "PERSON"}


def read_one(plain: dict[str, Any]) -> AnnotatedDocument:
    return documents_in(read_bytes(JsonlReader(), orjson.dumps({"text": TEXT} | plain)))[0]


def write_one(doc: AnnotatedDocument) -> dict[str, Any]:
    plain: dict[str, Any] = orjson.loads(written(JsonlWriter(), [doc]))
    return plain


def reason_for(content: bytes, options: ReadOptions | None = None) -> str:
    (record,) = read_bytes(JsonlReader(), content, options)
    assert isinstance(record, Rejected)
    return record.reason


@given(carried_documents())
def test_reading_what_was_written_gives_the_same_document(doc: AnnotatedDocument) -> None:
    assert documents_in(read_bytes(JsonlReader(), written(JsonlWriter(), [doc]))) == [doc]


@given(carried_documents())
def test_the_same_document_gives_the_same_bytes(doc: AnnotatedDocument) -> None:
    assert written(JsonlWriter(), [doc]) == written(JsonlWriter(), [doc])


def test_everything_a_span_carries_comes_back() -> None:
    span = Span("s", 0, 3, "PERSON", "events", Origin.PIPELINE, False, 0.25, "en 3.8", {"sure": [1]}, "ask Ann")
    doc = AnnotatedDocument(
        Document("d", TEXT, extra={"answer": "reject"}),
        "alice",
        SpanSet([span, Span("b", 8, 11, "PERSON")]),
        {"r": Relation("r", "s", "b", "MET", {"color": "red"})},
        {"politics": 0.5},
        Status.SKIPPED,
        "check",
    )
    assert documents_in(read_bytes(JsonlReader(), written(JsonlWriter(), [doc]))) == [doc]


def test_a_document_without_tokens_is_written() -> None:
    assert write_one(AnnotatedDocument(Document("d", TEXT)))["tokens"] == []


def test_a_line_names_labels_as_the_scheme_does_now() -> None:
    scheme = LabelScheme("s", layers=(Layer("entities", (Label("PERSON", "Human"),)),))
    doc = read_one({"spans": [ANN]})
    (again,) = documents_in(read_bytes(JsonlReader(), written(JsonlWriter(), [doc], scheme)))
    assert [span.label for span in again.spans] == ["Human"]


@pytest.mark.parametrize("name", ["news_headlines", "fashion_brands", "relations"])
def test_a_prodigy_export_reads_without_rejects_and_comes_back_equal(name: str) -> None:
    content = (PRODIGY / f"{name}.jsonl").read_bytes()
    docs = documents_in(read_bytes(JsonlReader(), content))
    plains = [orjson.loads(line) for line in content.splitlines()]
    assert [len(doc.spans) for doc in docs] == [len(plain.get("spans") or ()) for plain in plains]
    assert documents_in(read_bytes(JsonlReader(), written(JsonlWriter(), docs))) == docs


@pytest.mark.parametrize("name", ["news_headlines", "fashion_brands", "relations"])
def test_unknown_keys_of_a_prodigy_export_are_written_back(name: str) -> None:
    for line in (PRODIGY / f"{name}.jsonl").read_bytes().splitlines():
        before = orjson.loads(line)
        after = write_one(documents_in(read_bytes(JsonlReader(), line))[0])
        for key in before.keys() - {"spans", "relations", "tokens", "meta"}:
            assert after[key] == before[key] or key in ("_session_id", "_annotator_id")
        for token, again in zip(before["tokens"], after["tokens"], strict=True):
            assert token.items() - {("ws", True), ("ws", False)} <= again.items()
        for relation, again in zip(before.get("relations") or (), after["relations"], strict=True):
            assert again["attributes"].get("color") == relation.get("color")


def test_prodigys_relations_find_their_spans_by_place() -> None:
    relation = {"head": 0, "child": 2, "label": "MET", "head_span": ANN, "child_span": BOB, "color": "#fff"}
    doc = read_one({"spans": [ANN, BOB], "relations": [relation]})
    assert dict(doc.relations) == {"r0": Relation("r0", "a", "b", "MET", {"color": "#fff"})}


def test_spans_without_ids_get_free_ones() -> None:
    doc = read_one({"spans": [{**ANN, "id": None}, {**BOB, "id": "s0"}]})
    assert sorted(span.id for span in doc.spans) == ["s0", "s0_"]


def test_unknown_keys_of_tokens_stay_with_their_tokens_only() -> None:
    doc = read_one({"tokens": [{"start": 0, "end": 3, "disabled": True}, {"start": 4, "end": 7}]})
    tokens = write_one(doc)["tokens"]
    assert (tokens[0]["disabled"], "disabled" in tokens[1]) == (True, False)
    bare = replace(doc, document=replace(doc.document, tokens=Document("", "").tokens))
    assert "_token_extra" not in write_one(bare)


@pytest.mark.parametrize("key", ["_annotator_id", "_session_id"])
def test_prodigys_annotator_is_the_annotator_and_named_once(key: str) -> None:
    doc = read_one({key: "news-alice"})
    assert doc.annotator == "news-alice"
    assert key not in write_one(replace(doc, annotator="bob"))


def test_a_reject_is_written_until_the_status_changes() -> None:
    doc = read_one({"answer": "reject"})
    assert doc.status is Status.SKIPPED
    assert write_one(doc)["answer"] == "reject"
    assert write_one(replace(doc, status=Status.DONE))["answer"] == "accept"
    assert "answer" not in write_one(doc)["meta"]


@pytest.mark.parametrize(("answer", "status"), [("accept", Status.DONE), ("ignore", Status.SKIPPED), (5, Status.NEW)])
def test_prodigys_answer_gives_the_status(answer: object, status: Status) -> None:
    assert read_one({"answer": answer}).status is status


def test_prodigys_choice_gives_document_labels() -> None:
    choice = {"options": [{"id": "a"}, {"id": "b"}], "accept": ["a"]}
    assert read_one(choice).cats == {"a": 1.0}
    assert read_one(choice | {"cats": {}}).cats == {}


def test_an_id_of_null_is_none_and_a_number_is_its_digits() -> None:
    assert read_one({"id": None}).document.id == ""
    assert read_one({"id": 17}).document.id == "17"


def test_offsets_count_code_points() -> None:
    doc = read_one({"text": "👍🏽 Ann", "spans": [{"start": 3, "end": 6, "label": "P", "text": "Ann"}]})
    assert [(span.start, span.end) for span in doc.spans] == [(3, 6)]


DEEP: Any = []
for _ in range(101):
    DEEP = [DEEP]
SPAN_FAULTS: list[tuple[object, str]] = [
    (5, "span 0 is not an object"),
    ({**ANN, "start": "0"}, "span 0 has no whole numbers as start and end"),
    ({**ANN, "start": True}, "span 0 has no whole numbers as start and end"),
    ({**ANN, "end": 3.0}, "span 0 has no whole numbers as start and end"),
    ({**ANN, "start": -1}, "span 0 at -1–3 does not lie within the text of 12 characters"),
    ({**ANN, "end": 13}, "span 0 at 0–13 does not lie within the text of 12 characters"),
    ({**ANN, "end": 2**63}, f"span 0 at 0–{2**63} does not lie within the text of 12 characters"),
    ({**ANN, "end": 0}, "span 0 at 0–0 does not lie within the text of 12 characters"),
    ({**ANN, "text": "Bob"}, "span 0 at 0–3 says 'Bob', but 'Ann' stands there"),
    ({**ANN, "label": None}, "span 0 has no label"),
    ({**ANN, "label": ["X"]}, "span 0 has no label"),
    ({**ANN, "id": ["a"]}, "the id of span 0 is neither a string nor a number"),
    ({**ANN, "layer": 1}, "layer is not a string"),
    ({**ANN, "note": {}}, "note is not a string"),
    ({**ANN, "pipeline": []}, "pipeline is not a string"),
    ({**ANN, "score": True}, "the score of span 0 is not a number from 0 to 1"),
    ({**ANN, "score": 1.5}, "the score of span 0 is not a number from 0 to 1"),
    ({**ANN, "score": "high"}, "the score of span 0 is not a number from 0 to 1"),
    ({**ANN, "origin": []}, "the origin of span 0 is [], which is none of human, pipeline, imported"),
    ({**ANN, "origin": "x"}, "the origin of span 0 is 'x', which is none of human, pipeline, imported"),
    ({**ANN, "attributes": []}, "attributes is not an object"),
    ({**ANN, "attributes": {"deep": DEEP}}, "its values are nested more than 100 deep"),
    ({**ANN, "deep": DEEP}, "its values are nested more than 100 deep"),
]
RELATION_FAULTS: list[tuple[object, str]] = [
    ("r", "relation 0 is not an object"),
    ({"head": "a", "child": "b"}, "relation 0 has no label"),
    ({"head": "a", "child": "z", "label": "MET"}, "the child of relation 0 is no labelled span"),
    ({"child": "b", "label": "MET"}, "the head of relation 0 is no labelled span"),
    ({"head": {}, "child": [], "label": "MET"}, "the head of relation 0 is no labelled span"),
    ({"head": "a", "child": "b", "label": "MET", "id": {}}, "the id of relation 0 is neither a string nor a number"),
]
RECORD_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"text": None}, "the record has no text"),
    ({"text": 5}, "the text is not a string"),
    ({"text": ""}, "the text is empty"),
    ({"text": " \n\u00a0"}, "the text has only white space"),
    ({"text": "a\0b"}, "the text has NUL characters"),
    ({"id": []}, "the id of the record is neither a string nor a number"),
    ({"id": True}, "the id of the record is neither a string nor a number"),
    ({"status": ["done"]}, "the status is ['done'], which is none of new, in progress, done, skipped, flagged"),
    ({"status": {}}, "the status is {}, which is none of new, in progress, done, skipped, flagged"),
    ({"status": "finished"}, "the status is 'finished', which is none of new, in progress, done, skipped, flagged"),
    ({"annotator": 5}, "annotator is not a string"),
    ({"title": 5}, "title is not a string"),
    ({"meta": []}, "meta is not an object"),
    ({"meta": {"deep": DEEP}}, "its values are nested more than 100 deep"),
    ({"deep": DEEP}, "its values are nested more than 100 deep"),
    ({"tokens": {}}, "tokens is not a list"),
    ({"spans": {}}, "spans is not a list"),
    ({"spans": [ANN, ANN]}, "two spans have the id 'a'"),
    ({"relations": 5}, "relations is not a list"),
    ({"cats": {"a": "yes"}}, "a value in cats is not a number"),
    ({"cats": []}, "cats is not an object"),
    ({"tokens": [5]}, "token 0 is not an object"),
    ({"tokens": [{"start": 0, "end": 3}, {"start": 2, "end": 5}]}, "token 1 begins before the one before it ends"),
    (
        {"spans": [ANN, BOB], "relations": [{"id": 1, "head": "a", "child": "b", "label": "MET"}] * 2},
        "two relations have the id '1'",
    ),
    *(({"spans": [span]}, reason) for span, reason in SPAN_FAULTS),
    *(({"spans": [ANN, BOB], "relations": [relation]}, reason) for relation, reason in RELATION_FAULTS),
]


@pytest.mark.parametrize(("plain", "reason"), RECORD_FAULTS)
def test_a_faulty_record_is_rejected_with_the_reason(plain: dict[str, Any], reason: str) -> None:
    assert reason_for(orjson.dumps({"text": TEXT} | plain)) == reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n \r\n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"[]", "the JSON array is empty"),
        (b"5", "the record is not a JSON object"),
        (b"{", "not valid JSON: unexpected end of data at column 2"),
        (b'{"text": "a\xffb"}', "not valid UTF-8: byte 0xff at byte 12 of the line"),
        (b'{"text": "a"}\0', "the line has NUL bytes: the file is binary or damaged"),
        (b"\xff\xfe{\x00\x00", "it begins as utf-16-le but is not (truncated data at byte 2)"),
        (b"[" * 5000, "not valid JSON: depth limit exceeded at column 1026"),
    ],
)
def test_a_faulty_line_is_rejected_with_the_reason(content: bytes, reason: str) -> None:
    assert reason_for(content) == reason


def test_line_ends_are_not_changed_under_offsets() -> None:
    lf = ReadOptions(newlines="lf")
    plain = {"text": "Ann\r\nBob"}
    assert "offsets" in reason_for(orjson.dumps(plain | {"spans": [ANN]}), lf)
    assert documents_in(read_bytes(JsonlReader(), orjson.dumps(plain), lf))[0].document.text == "Ann\nBob"


def line_of(record: Record) -> int:
    assert isinstance(record, Parsed | Rejected)
    return record.line


def test_a_rejected_line_stops_no_other_and_has_its_number() -> None:
    content = b'\n{"text": "one"}\r\n{\n\n{"text": "two"}'
    records = read_bytes(JsonlReader(), content)
    assert [(type(record), line_of(record)) for record in records] == [(Parsed, 2), (Rejected, 3), (Parsed, 5)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_marks_of_encodings_are_understood(encoding: str) -> None:
    content = '{"text": "cafe\u0301 👍"}\n{"text": "two"}\n'.encode(encoding)
    texts = [doc.document.text for doc in documents_in(read_bytes(JsonlReader(), content))]
    assert texts == ["cafe\u0301 👍", "two"]


def test_an_array_is_read_like_lines() -> None:
    records = read_bytes(JsonlReader(), b'\n [{"text": "one"},\n {"text": ""}, {"text": "two"}]')
    assert [(type(record), line_of(record)) for record in records] == [(Parsed, 2), (Rejected, 3), (Parsed, 4)]


def test_lines_and_arrays_over_the_limit_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl_reader, "MAX_LINE_BYTES", 40)
    monkeypatch.setattr(jsonl_reader, "MAX_WHOLE_BYTES", 60)
    long = b'{"text": "' + b"a" * 200 + b'"}'
    kinds = [type(record) for record in read_bytes(JsonlReader(), long + b'\n{"text": "two"}\n' + long)]
    assert kinds == [Rejected, Parsed, Rejected]
    assert "larger than" in reason_for(b"[" + long + b"]")
    assert "larger than" in reason_for(('{"text": "' + "a" * 40 + '"}').encode("utf-16"))


TOKENS = [
    {"id": 0, "text": "Ann", "start": 0, "end": 3}, {"id": 1, "text": "met", "start": 4, "end": 7},
    {"id": 2, "text": "Bob", "start": 8, "end": 11}, {"id": 3, "text": ".", "start": 11, "end": 12},
]  # fmt: skip


@pytest.mark.parametrize(("answer", "value"), [("accept", 1.0), ("reject", 0.0)])
def test_prodigys_answer_about_a_label_of_the_text_is_a_document_label(answer: str, value: float) -> None:
    doc = read_one({"label": "NEWS", "answer": answer, "_view_id": "classification"})
    assert (dict(doc.cats), doc.status) == ({"NEWS": value}, Status.DONE)
    plain = orjson.loads(written(JsonlWriter(), [doc]))
    assert (plain["label"], plain["answer"], plain["cats"]) == ("NEWS", answer, {"NEWS": value})
    assert documents_in(read_bytes(JsonlReader(), orjson.dumps(plain)))[0] == doc


def test_an_ignored_question_is_skipped_and_one_without_answer_is_none() -> None:
    ignored, asked = read_one({"label": "NEWS", "answer": "ignore"}), read_one({"label": "NEWS"})
    assert (dict(ignored.cats), ignored.status) == ({}, Status.SKIPPED)
    assert (dict(asked.cats), asked.status) == ({}, Status.NEW)


def test_prodigys_relations_join_tokens_and_words_without_a_label_get_one() -> None:
    relation = {"head": 1, "child": 2, "label": "dobj", "color": "#ffd882"}
    plain = {"text": TEXT, "tokens": TOKENS, "spans": [BOB], "relations": [relation]}
    records = read_bytes(JsonlReader(), orjson.dumps(plain))
    (doc,) = documents_in(records)
    (made,) = doc.relations.values()
    word = doc.spans.find(made.head)
    assert word is not None
    assert (word.start, word.end, word.layer, word.label) == (4, 7, "words", "WORD")
    assert (made.child, dict(made.attributes)) == ("b", {"color": "#ffd882"})
    assert [record.what for record in records if isinstance(record, Remark)] == [jsonl_reader.WORDS_LABELLED]


def test_the_label_tells_two_spans_at_one_place_apart() -> None:
    spans = [BOB | {"id": "x", "label": "NAME"}, BOB, ANN]
    ends = {"head_span": {"start": 8, "end": 11, "label": "PERSON"}, "child_span": {"start": 0, "end": 3}}
    doc = read_one({"spans": spans, "relations": [{"head": 2, "child": 0, "label": "MET", **ends}]})
    assert [(one.head, one.child) for one in doc.relations.values()] == [("b", "a")]
