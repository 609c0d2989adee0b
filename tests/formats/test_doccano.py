"""doccano's files of every kind of text project are read, and written so that each kind finds its own."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document
from annotator.formats.doccano import reader as doccano_reader
from annotator.formats.doccano import records as doccano_records
from annotator.formats.doccano.fasttext import FastTextReader, FastTextWriter
from annotator.formats.doccano.label_types import NAMED_TWICE
from annotator.formats.doccano.reader import DoccanoReader
from annotator.formats.doccano.writer import DoccanoWriter
from annotator.formats.holding import losses_of
from annotator.formats.registry import guess_format
from annotator.formats.shapes import (
    LossKind,
    Parsed,
    ReadOptions,
    Record,
    Rejected,
    Remark,
    SchemeFound,
    Source,
    WriteOptions,
)
from annotator.formats.sources import read_sources
from tests.formats.reading import OPEN, documents_in, read_bytes, written

FILES = Path(__file__).parents[1] / "data" / "formats" / "doccano"
EMOJI = "Ann 😀 met Bob."


def read_file(name: str) -> list[Record]:
    return list(read_sources([str(FILES / name)], None, ReadOptions()))


def read_lines(*plains: dict[str, Any]) -> list[Record]:
    return read_bytes(DoccanoReader(), b"\n".join(map(orjson.dumps, plains)))


def read_table(content: bytes, columns: tuple[tuple[str, str], ...] = ()) -> list[Record]:
    source = Source("a.csv", "a", lambda: io.BytesIO(content), "a.csv")
    return list(DoccanoReader().read(source, ReadOptions(columns=columns)))


def places(doc: AnnotatedDocument) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in doc.spans]


def reasons(records: list[Record]) -> list[str]:
    return [record.reason for record in records if isinstance(record, Rejected)]


def remarks(records: list[Record]) -> list[str]:
    return [record.what for record in records if isinstance(record, Remark)]


@pytest.mark.parametrize(
    ("name", "parsed", "rejected", "spans"),
    [
        ("intents.jsonl", 2, 0, 3),
        ("relations.jsonl", 1, 0, 4),
        ("spans.jsonl", 3, 0, 4),
        ("translations.jsonl", 3, 0, 0),
        ("translations.csv", 3, 0, 0),
        ("classes.json", 3, 0, 0),
        ("classes.csv", 2, 2, 0),
        ("classes.jsonl", 3, 0, 0),
        ("fasttext.txt", 3, 1, 0),
        ("overlapping.jsonl", 1, 0, 1),
        ("without_text.jsonl", 2, 1, 1),
        ("utf16.csv", 3, 0, 0),
        ("images.jsonl", 0, 3, 0),
        ("broken.jsonl", 0, 1, 0),
    ],
)
def test_doccanos_own_examples_are_read(name: str, parsed: int, rejected: int, spans: int) -> None:
    records = read_file(name)
    docs = [record.doc for record in records if isinstance(record, Parsed)]
    assert (len(docs), len(reasons(records)), sum(len(doc.spans) for doc in docs)) == (parsed, rejected, spans)


def test_relations_join_the_entities_of_their_ids() -> None:
    (doc,) = documents_in(read_file("relations.jsonl"))
    text = doc.document.text
    ends = [
        [text[span.start : span.end] for span in (doc.spans.find(one.head), doc.spans.find(one.child)) if span]
        for one in doc.relations.values()
    ]
    assert ends == [["Google", "September 4, 1998"], ["Google", "Larry Page"], ["Google", "Sergey Brin"]]
    assert [one.label for one in doc.relations.values()] == ["foundedAt", "foundedBy", "foundedBy"]


def test_categories_and_entities_are_read_together() -> None:
    first, _ = documents_in(read_file("intents.jsonl"))
    assert (dict(first.cats), places(first)) == ({"flight": 1.0}, [(0, 26, "City"), (30, 36, "City")])


@pytest.mark.parametrize("name", ["translations.jsonl", "translations.csv"])
def test_a_translation_is_the_note_and_written_as_label_again(name: str) -> None:
    records = read_file(name)
    docs = documents_in(records)
    assert (docs[0].note, dict(docs[0].cats)) == ("こんにちは！", {})
    assert remarks(records) == [f"{doccano_records.TEXT_AS_NOTE} (3 times)"]
    lines = written(DoccanoWriter(), docs).splitlines()
    assert [orjson.loads(line)["label"] for line in lines] == [[doc.note] for doc in docs]
    assert documents_in(read_bytes(DoccanoReader(), b"\n".join(lines))) == docs


def test_images_and_sounds_are_rejected_with_their_name() -> None:
    assert reasons(read_file("images.jsonl"))[0] == "it is about the file cat.png and has no text"


def test_metadata_comments_and_approval_are_kept_and_written_back() -> None:
    plain = {
        "id": 5, "text": "Ann left.", "label": [[0, 3, "PER"]], "wikiPageID": 1, "meta": {"year": 3},
        "Comments": ["look", "again"], "approved_by": "admin",
    }  # fmt: skip
    docs = documents_in(read_lines(plain))
    (doc,) = docs
    assert (doc.document.id, dict(doc.document.meta), doc.note) == ("5", {"wikiPageID": 1, "year": 3}, "look\nagain")
    back = orjson.loads(written(DoccanoWriter(), docs))
    assert (back["wikiPageID"], back["year"], back["approved_by"]) == (1, 3, "admin")
    assert documents_in(read_lines(back))[0].document == doc.document


def test_the_annotations_of_old_exports_are_one_set_an_annotator() -> None:
    def place(start: int, end: int, user: int) -> dict[str, Any]:
        return {"label": 7, "start_offset": start, "end_offset": end, "user": user}

    records = read_lines({"text": "Ann left.", "annotations": [place(0, 3, 1), place(0, 3, 2), place(4, 8, 2)]})
    docs = documents_in(records)
    assert [(doc.annotator, places(doc)) for doc in docs] == [
        ("1", [(0, 3, "7")]), ("2", [(0, 3, "7"), (4, 8, "7")]),
    ]  # fmt: skip
    assert remarks(records) == [f"{doccano_records.NUMBERED} (3 times)"]


def test_offsets_of_doccanos_editor_are_found_out_by_the_edges_of_words() -> None:
    records = read_lines({"text": EMOJI, "label": [[11, 14, "PER"], [0, 3, "PER"]]})
    (doc,) = documents_in(records)
    assert places(doc) == [(0, 3, "PER"), (10, 13, "PER")]
    assert remarks(records) == [doccano_reader.IN_UTF16]
    (doc,) = documents_in(read_lines({"text": EMOJI, "label": [[10, 13, "PER"]]}))
    assert places(doc) == [(10, 13, "PER")]


def test_words_that_entities_carry_count_more_than_edges() -> None:
    entity = {"id": 1, "label": "X", "start_offset": 11, "end_offset": 14, "text": "ob."}
    (doc,) = documents_in(read_lines({"text": EMOJI, "entities": [entity]}))
    assert places(doc) == [(11, 14, "X")]


@pytest.mark.parametrize(
    ("plain", "reason"),
    [
        ({"text": "abc", "label": [[0, 9, "X"]]}, "span 0 at 0–9 does not lie within the text of 3 characters"),
        ({"text": "abc", "label": [[1, 1, "X"]]}, "span 0 at 1–1 does not lie within the text of 3 characters"),
        ({"text": "abc", "label": [[0, "1", "X"]]}, "span 0 has no whole numbers as offsets"),
        ({"text": "abc", "label": [[0, 1]]}, "a label is neither a name nor [start, end, label] nor an object with "
         "offsets"),
        ({"text": "abc", "entities": [{"id": 1, "label": "X", "start_offset": 0, "end_offset": 1, "text": "b"}]},
         "span 0 at 0–1 says 'b', but 'a' stands there"),
        ({"text": "abc", "relations": [{"from_id": 1, "to_id": 2, "type": "R"}]},
         "an end of relation 0 is no entity of this record"),
        ({"text": 3}, "the text is not a string"),
        ({"label": []}, "the record has no text"),
    ],
)  # fmt: skip
def test_a_faulty_record_is_rejected_and_stops_no_other(plain: dict[str, Any], reason: str) -> None:
    records = read_lines(plain, {"text": "fine", "label": ["x"]})
    assert reasons(records) == [reason]
    assert len([record for record in records if isinstance(record, Parsed)]) == 1


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe\x00", b"{", b"[1]", b"\x00\x01\x02", b'{"text": "a"'])
def test_damage_is_a_sentence_and_nothing_else(content: bytes) -> None:
    records = read_bytes(DoccanoReader(), content)
    assert records
    assert {type(record) for record in records} == {Rejected}


def test_a_table_is_read_by_its_header_or_by_the_columns_that_are_named() -> None:
    docs = documents_in(read_table(b"label,foo,text\r\npos,1,One.\r\n,2,Two.\r\n"))
    assert [(doc.document.text, dict(doc.cats), dict(doc.document.meta)) for doc in docs] == [
        ("One.", {"pos": 1.0}, {"foo": "1"}), ("Two.", {}, {"foo": "2"}),
    ]  # fmt: skip
    (doc,) = documents_in(read_table(b"a,b\nOne.,pos\n", (("text", "a"), ("label", "2"))))
    assert (doc.document.text, dict(doc.cats)) == ("One.", {"pos": 1.0})


def test_labels_that_doccano_joined_are_taken_apart_and_that_is_said() -> None:
    records = read_table(b"text,label\nOne.,news#sport\nTwo.,C#\n")
    assert [dict(doc.cats) for doc in documents_in(records)] == [{"news": 1.0, "sport": 1.0}, {"C#": 1.0}]
    assert remarks(records) == [doccano_reader.SPLIT]
    assert reasons(read_table(b"text,label\na,b,c\n")) == ["the row has 3 columns, not 2"]
    assert reasons(read_table(b"text,label\nabc\xff\x00\x01,d\n")) != []


def test_label_types_are_a_scheme() -> None:
    (record,) = read_file("label_types.json")
    assert isinstance(record, SchemeFound)
    assert [(label.name, label.key, label.hue) for _, label in record.scheme.labels] == [("Cat", "c", 25)]
    assert [label.name for label in record.scheme.document_labels] == ["Dog"]
    twice = read_file("label_types_twice.json")
    assert remarks(twice) == [NAMED_TWICE]


FULL = AnnotatedDocument(
    Document("d1", EMOJI, meta={"text": "also", "year": 3}),
    "",
    SpanSet([Span("a", 0, 3, "PER"), Span("b", 10, 13, "PER"), Span("c", 0, 13, "MET", fragments=((0, 3), (10, 13)))]),
    {"r": Relation("r", "a", "b", "MET")},
    {"news": 1.0, "sport": 0.0},
    Status.DONE,
    "a note",
)


def test_a_line_serves_every_kind_of_project() -> None:
    """What doccano's importers look for: each its own key, with offsets and ids as whole numbers."""
    plain = orjson.loads(written(DoccanoWriter(), [FULL]))
    assert plain["label"] == [[0, 13, "MET"], [0, 3, "PER"], [10, 13, "PER"]]
    assert [(one["id"], one["start_offset"], one["end_offset"], one["label"]) for one in plain["entities"]] == [
        (0, 0, 13, "MET"), (1, 0, 3, "PER"), (2, 10, 13, "PER"),
    ]  # fmt: skip
    assert plain["relations"] == [{"id": 0, "from_id": 1, "to_id": 2, "type": "MET"}]
    assert (plain["cats"], plain["Comments"], plain["meta"]) == (["news"], ["a note"], {"text": "also"})
    only_cats = orjson.loads(written(DoccanoWriter(), [AnnotatedDocument(FULL.document, cats={"news": 1.0})]))
    assert only_cats["label"] == ["news"]


def test_what_was_written_is_read_again_and_the_rest_is_named() -> None:
    (doc,) = documents_in(read_bytes(DoccanoReader(), written(DoccanoWriter(), [FULL])))
    assert places(doc) == places(FULL)
    assert (dict(doc.cats), doc.note, doc.document.meta) == ({"news": 1.0}, "a note", FULL.document.meta)
    (relation,) = doc.relations.values()
    assert (doc.spans.find(relation.head), relation.label) == (Span("1", 0, 3, "PER", origin=doc_origin(doc)), "MET")
    kinds = [(loss.kind, loss.label) for loss in losses_of(DoccanoWriter(), FULL, OPEN, WriteOptions())]
    assert kinds == [(LossKind.FRAGMENTS, "MET"), (LossKind.DOCUMENT_LABEL, "sport")]


def doc_origin(doc: AnnotatedDocument) -> Any:
    return next(iter(doc.spans)).origin


@pytest.mark.parametrize("name", ["intents.jsonl", "relations.jsonl", "spans.jsonl", "classes.jsonl", "classes.json"])
def test_doccanos_examples_come_back_as_they_were(name: str) -> None:
    docs = documents_in(read_file(name))
    back = documents_in(read_bytes(DoccanoReader(), written(DoccanoWriter(), docs)))
    for doc, again in zip(docs, back, strict=True):
        assert (places(again), again.cats, again.document) == (places(doc), doc.cats, doc.document)
        assert len(again.relations) == len(doc.relations)


def test_fasttext_lines_come_back_with_their_labels() -> None:
    docs = documents_in(read_bytes(FastTextReader(), b"__label__pos __label__New%20York Great  price.\r\nNothing\n"))
    assert [(doc.document.text, dict(doc.cats)) for doc in docs] == [
        ("Great  price.", {"pos": 1.0, "New York": 1.0}), ("Nothing", {}),
    ]  # fmt: skip
    assert written(FastTextWriter(), docs) == b"__label__New%20York __label__pos Great price.\nNothing\n"
    (fault,) = read_bytes(FastTextReader(), b"__label__pos \n")
    assert isinstance(fault, Rejected)
    assert [loss.kind for loss in losses_of(FastTextWriter(), FULL, OPEN, WriteOptions())].count(LossKind.SPAN) == 3


def test_a_text_file_is_fasttexts_only_with_its_marks() -> None:
    source = Source("a.txt", "a", io.BytesIO, "a.txt")
    assert guess_format(source, b"__label__x Good.").name == "fasttext"
    assert guess_format(source, b"Good __label__x").name == "text"


def test_fasttext_keeps_a_text_that_begins_like_a_mark_of_an_encoding() -> None:
    doc = AnnotatedDocument(Document("d", "\ufeffAnn \u0001" + "\u0001" * 20))
    (back,) = documents_in(read_bytes(FastTextReader(), written(FastTextWriter(), [doc])))
    assert back.document.text == doc.document.text
    assert isinstance(read_bytes(FastTextReader(), b"\x00\x01\x02")[0], Rejected)
