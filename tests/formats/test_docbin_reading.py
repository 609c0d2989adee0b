"""Other people's ``.spacy`` files, and Annotator's own after somebody changed them in spaCy."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span, Token
from spacy.training import Corpus

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Relation, SpanSet
from annotator.domain.spans import Span as OurSpan
from annotator.domain.text import Document, tokenize_simply
from annotator.formats.docbin.reader import DocBinReader
from annotator.formats.docbin.writer import DocBinWriter
from annotator.formats.shapes import Parsed, Rejected, Remark
from tests.formats.documents import carried_documents
from tests.formats.reading import documents_in, read_bytes, written

srsly = import_module("srsly")


def content_of(*docs: Doc) -> bytes:
    return DocBin(docs=docs, store_user_data=True).to_bytes()


ANN_LEFT = content_of(Doc(spacy.blank("en").vocab, ["Ann", "left"]))


def read(*docs: Doc) -> list[AnnotatedDocument]:
    return documents_in(read_bytes(DocBinReader(), content_of(*docs)))


@pytest.fixture
def doc() -> Doc:
    made: Doc = spacy.blank("en")("Ann Lee met Bob in New York. She left.")
    return made


def places(doc: AnnotatedDocument) -> list[tuple[str, str, str]]:
    return [(doc.document.text[span.start : span.end], span.label, span.layer) for span in doc.spans]


def test_entities_groups_document_labels_and_id(doc: Doc) -> None:
    doc.ents = [Span(doc, 0, 2, "PERSON", kb_id="Q1", span_id="e7"), Span(doc, 5, 7, "GPE")]
    doc.spans["sc"] = [Span(doc, 0, 2, "PERSON", kb_id="Q1", span_id="e7"), Span(doc, 6, 7, "GPE")]
    doc.spans["events"] = [Span(doc, 0, 4, "MEETING")]
    doc.cats = {"politics": 0.25, "sport": 0.0}
    doc.user_data["id"] = 17
    (back,) = read(doc)
    assert places(back) == [
        ("Ann Lee met Bob", "MEETING", "events"), ("Ann Lee", "PERSON", "entities"),
        ("New York", "GPE", "entities"), ("York", "GPE", "entities"),
    ]  # fmt: skip
    assert [dict(span.attributes) for span in back.spans][1] == {"kb_id": "Q1", "ent_id": "e7"}
    assert (dict(back.cats), back.document.id) == ({"politics": 0.25, "sport": 0.0}, "17")
    assert not read_bytes(DocBinReader(), content_of(doc))[1:]


def test_tokens_sentences_and_spaces_come_as_spacy_has_them() -> None:
    made = Doc(spacy.blank("en").vocab, ["Ann", "\n\n", "left", ".", "Bob"], [False, False, False, True, False],
               sent_starts=[True, False, False, False, True])  # fmt: skip
    (back,) = read(made)
    assert back.document.text == "Ann\n\nleft. Bob"
    assert [(t.start, t.end) for t in back.document.tokens] == [(0, 3), (3, 5), (5, 9), (9, 10), (11, 14)]
    assert list(back.document.tokens.sentence_starts) == [0, 4]


def test_custom_attributes_go_to_spans_metadata_and_back(doc: Doc) -> None:
    Doc.set_extension("source", default=None, force=True)
    Span.set_extension("sure", default=None, force=True)
    Token.set_extension("tone", default=None, force=True)
    doc.ents = [Span(doc, 0, 2, "PERSON")]
    doc._.source = {"paper": "Guardian", "pages": (1, 2)}
    doc.ents[0]._.sure = True
    doc[2]._.tone = "high"
    doc.user_data["key"] = "value"
    (back,) = read(doc)
    assert back.document.meta == {"source": {"paper": "Guardian", "pages": [1, 2]}}
    assert [dict(span.attributes) for span in back.spans] == [{"sure": True}]
    (again,) = DocBin().from_bytes(written(DocBinWriter(), [back])).get_docs(spacy.blank("en").vocab)
    assert (again.ents[0]._.sure, again[2]._.tone, again._.source["paper"]) == (True, "high", "Guardian")
    assert again.user_data["key"] == "value"
    assert documents_in(read_bytes(DocBinReader(), written(DocBinWriter(), [back]))) == [back]


def test_what_json_cannot_hold_is_said_once(doc: Doc) -> None:
    blobs: dict[Any, Any] = {("._.", f"blob{number}", 0, 7): b"\x80" for number in range(3)}
    doc.user_data = blobs | {(1, 2): "a pair"}
    remarks = [one.what for one in read_bytes(DocBinReader(), content_of(doc)) if isinstance(one, Remark)]
    assert remarks == [
        "a custom attribute that JSON cannot hold is left out (3 times)",
        "user data that JSON cannot hold is left out",
    ]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda doc: doc.set_ents([Span(doc, 0, 2, "")]), "a span without a label is left out"),
        (lambda doc: doc.spans.update({"sc": [Span(doc, 1, 1, "X")]}), "a span that covers no text is left out"),
    ],
)
def test_spans_that_are_none_are_left_out_and_said(doc: Doc, change: Callable[[Doc], None], what: str) -> None:
    doc.spans["sc"] = []
    change(doc)
    records = read_bytes(DocBinReader(), content_of(doc))
    assert [len(one.spans) for one in documents_in(records)] == [0]
    assert what in [one.what for one in records if isinstance(one, Remark)] or doc.ents == ()


def test_a_document_without_entities_is_annotated_where_somebody_said_so(doc: Doc) -> None:
    bare = content_of(doc)
    doc.set_ents([], default="outside")
    found = [read_bytes(DocBinReader(), content)[0] for content in (bare, content_of(doc))]
    assert [isinstance(one, Parsed) and one.is_annotated for one in found] == [False, True]


def test_scores_of_a_span_categorizer_are_kept(doc: Doc) -> None:
    doc.spans["sc"] = [Span(doc, 0, 2, "PERSON"), Span(doc, 5, 7, "GPE")]
    doc.spans["sc"].attrs["scores"] = [0.75, 0.5]
    (back,) = read(doc)
    assert [span.score for span in back.spans] == [0.75, 0.5]


def whole() -> AnnotatedDocument:
    text = "Ann Lee met Bob and Ben"
    spans = [
        OurSpan("a", 0, 7, "PERSON", attributes={"sure": True}, note="who?"),
        OurSpan("b", 12, 15, "PERSON", score=0.5),
        OurSpan("c", 0, 23, "PEOPLE", fragments=((0, 7), (20, 23))),
    ]
    relations = {"r": Relation("r", "a", "b", "MET", {"when": "May"}), "q": Relation("q", "a", "c", "IN")}
    return AnnotatedDocument(
        Document("d1", text, "Title", "en", {"year": 1999}, {"image": "x.png"}, tokenize_simply(text), "simple 1"),
        "alice", SpanSet(spans), relations, {"news": 1.0}, Status.FLAGGED, "look again", "unsure",
    )  # fmt: skip


def in_spacy(doc: AnnotatedDocument) -> Doc:
    (made,) = DocBin().from_bytes(written(DocBinWriter(), [doc])).get_docs(spacy.blank("en").vocab)
    return made


def test_everything_comes_back_from_its_own_file() -> None:
    assert documents_in(read_bytes(DocBinReader(), written(DocBinWriter(), [whole()]))) == [whole()]


def test_nothing_need_be_registered_to_see_the_attributes() -> None:
    user_data: dict[Any, Any] = in_spacy(whole()).user_data
    assert user_data["._.", "sure", 0, 7] is True


def test_what_was_removed_and_added_in_spacy_counts() -> None:
    made = in_spacy(whole())
    made.spans["sc"] = [span for span in made.spans["sc"] if span.text != "Bob"]
    made.set_ents([Span(made, 0, 2, "PERSON"), Span(made, 5, 6, "PERSON")])
    made.cats = {"news": 0.0}
    (back,) = read(made)
    assert next(span.id for span in back.spans if span.label == "PERSON") == "a"
    assert places(back) == [
        ("Ann Lee met Bob and Ben", "PEOPLE", "entities"), ("Ann Lee", "PERSON", "entities"),
        ("Ben", "PERSON", "entities"),
    ]  # fmt: skip
    assert list(back.relations) == ["q"]
    assert back.cats == {"news": 0.0}


@pytest.mark.parametrize(
    "record",
    [
        "",
        "nonsense",
        "[]",
        '{"spans": 1}',
        '{"spans": [{}], "relations": []}',
        "{}",
        '{"spans": [{"id": [], "start": 0, "end": {}, "label": [], "layer": 1, "attributes": {}}], "relations": []}',
        '{"spans": [], "relations": [{"head": [], "child": 7}], "meta": {}, "cats": {}}',
    ],
)
def test_a_record_of_somebody_else_under_the_same_key_is_no_obstacle(doc: Doc, record: str) -> None:
    doc.ents = [Span(doc, 0, 2, "PERSON")]
    doc.user_data["annotator"] = record
    (back,) = read(doc)
    assert places(back) == [("Ann Lee", "PERSON", "entities")]


@given(carried_documents())
@settings(max_examples=10)
def test_training_sees_the_same_with_and_without_what_is_kept_for_annotator(doc: AnnotatedDocument) -> None:
    content = written(DocBinWriter(), [doc])
    nlp = spacy.blank("en")
    (bare,) = DocBin().from_bytes(content).get_docs(nlp.vocab)
    bare.user_data = {}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.spacy").write_bytes(content)
        Path(folder, "b.spacy").write_bytes(content_of(bare))
        seen, expected = [list(Corpus(Path(folder, name))(nlp)) for name in ("a.spacy", "b.spacy")]
    assert [one.to_dict() for one in seen] == [one.to_dict() for one in expected]
    assert [one.reference.text for one in seen] == [doc.document.text]


class TestDamage:
    @given(st.binary(max_size=300))
    def test_nonsense_is_a_sentence(self, content: bytes) -> None:
        (record,) = read_bytes(DocBinReader(), content)
        assert isinstance(record, Rejected)
        assert "\n" not in record.reason

    @given(st.data())
    @settings(max_examples=30)
    def test_nonsense_in_the_right_packing_is_a_sentence(self, data: st.DataObject) -> None:
        message = srsly.msgpack_loads(zlib.decompress(ANN_LEFT))
        key = data.draw(st.sampled_from(sorted(message)))
        wrong: st.SearchStrategy[Any] = st.sampled_from(
            [None, 7, "x", b"", b"abc", [], [None], [[]], ["x"], {}, [{"x": None}], [{"x": "y"}]]
        )
        message[key] = data.draw(wrong)
        for record in read_bytes(DocBinReader(), zlib.compress(srsly.msgpack_dumps(message))):
            assert not isinstance(record, Rejected) or "\n" not in record.reason

    def test_a_file_that_is_cut_off_is_a_sentence(self, doc: Doc) -> None:
        content = content_of(doc)
        for length in range(0, len(content), 7):
            (record,) = read_bytes(DocBinReader(), content[:length])
            assert isinstance(record, Rejected)

    def test_one_damaged_document_stops_no_other(self, doc: Doc) -> None:
        message = srsly.msgpack_loads(zlib.decompress(content_of(doc, doc, doc)))
        message["span_groups"][1] = b"\xc1"
        records = read_bytes(DocBinReader(), zlib.compress(srsly.msgpack_dumps(message)))
        assert [isinstance(record, Rejected) for record in records] == [False, True, False]

    def test_nothing_is_unpickled(self, doc: Doc, tmp_path: Any) -> None:
        touched = tmp_path / "touched"
        pickled = b"cbuiltins\nopen\n(V" + str(touched).encode() + b"\nVw\ntR."
        array = {b"nd": True, b"kind": b"O", b"type": "O", b"shape": (1,), b"data": pickled}
        message = srsly.msgpack_loads(zlib.decompress(content_of(doc)))
        message["user_data"] = [srsly.msgpack_dumps({"x": array})]
        message["cats"] = [{"x": array}]
        read_bytes(DocBinReader(), zlib.compress(srsly.msgpack_dumps(message)))
        assert not touched.exists()

    def test_a_text_of_white_space_is_refused(self) -> None:
        made = Doc(spacy.blank("en").vocab, [" ", "\n"], [False, False])
        (record,) = read_bytes(DocBinReader(), content_of(made))
        assert isinstance(record, Rejected)

    def test_no_documents_are_said(self) -> None:
        (record,) = read_bytes(DocBinReader(), content_of())
        assert record == Remark("some.file", 1, "there are no documents in it")


def test_reading_and_registering_leave_spacy_out_of_the_process() -> None:
    import subprocess
    import sys

    script = "import sys; import annotator.workflows.importing as _; import annotator.formats.registry as r; "
    script += "r.find_format('spacy'), r.guess_format; r.all_formats(); assert 'spacy' not in sys.modules"
    subprocess.check_call([sys.executable, "-c", script])


@given(carried_documents())
@settings(max_examples=15)
def test_a_second_reading_is_as_the_first(doc: AnnotatedDocument) -> None:
    doc = replace(doc, annotator="alice")
    first = documents_in(read_bytes(DocBinReader(), written(DocBinWriter(), [doc])))
    assert documents_in(read_bytes(DocBinReader(), written(DocBinWriter(), first))) == first


DATA = Path(__file__).parents[1] / "data" / "formats" / "spacy"


@pytest.mark.parametrize("name", ["training-data.spacy", "ner-token-per-line.spacy"])
def test_files_that_spacy_converted_are_read_and_come_back(name: str) -> None:
    content = (DATA / name).read_bytes()
    docs = documents_in(read_bytes(DocBinReader(), content))
    for doc, made in zip(docs, DocBin().from_bytes(content).get_docs(spacy.blank("en").vocab), strict=True):
        assert doc.document.text == made.text
        assert len(doc.document.tokens.sentence_starts) == len(list(made.sents))
        assert [(doc.document.text[one.start : one.end], one.label) for one in doc.spans] == [
            (ent.text, ent.label_) for ent in made.ents
        ]
        assert doc.cats == made.cats
        assert len(doc.spans) > 5
    assert documents_in(read_bytes(DocBinReader(), written(DocBinWriter(), docs))) == docs
