"""UIMA's XMI and JSON: real files read, what is written accepted by dkpro-cassis and read back, damage told."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cassis
import pytest

from annotator.domain.labels import LabelScheme
from annotator.domain.offsets import Utf16Map
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Origin, Relation, Span, SpanSet
from annotator.domain.text import Document, Tokens, tokenize_simply
from annotator.formats.proof import differences
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, WriteOptions
from annotator.formats.sources import read_sources
from annotator.formats.uima.writer import CasJsonWriter, XmiWriter
from tests.formats.reading import OPEN, documents_in

DATA = Path(__file__).parents[1] / "data" / "formats" / "uima"
FILES = sorted(path for path in DATA.rglob("*") if path.suffix in (".xmi", ".json"))
EMOJI = ["🥳", "This", "👳🏻\u200d♀️", "is", "✆", "a", "🧔🏾\u200d♂️", "test", "👻"]


def read(*paths: Path, name: str | None = None) -> list[Record]:
    return list(read_sources([str(path) for path in paths], name, ReadOptions()))


def one(path: Path) -> AnnotatedDocument:
    return documents_in(read(path))[0]


def surfaces(doc: AnnotatedDocument, layer: str | None = None) -> list[str]:
    return [doc.document.text[span.start : span.end] for span in doc.spans if layer in (None, span.layer)]


def arrows(doc: AnnotatedDocument) -> list[tuple[str, str, str, dict[str, object]]]:
    def words(span_id: str) -> str:
        span = doc.spans.find(span_id)
        assert span is not None
        return doc.document.text[span.start : span.end]

    relations = doc.relations.values()
    return sorted((words(each.head), each.label, words(each.child), dict(each.attributes)) for each in relations)


def written(docs: Sequence[AnnotatedDocument], folder: Path, writer: XmiWriter | CasJsonWriter) -> Path:
    place = folder / writer.name
    place.mkdir()
    writer.write_folder(docs, place, OPEN, WriteOptions())
    return place


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DATA).as_posix())
def test_every_file_is_read_and_comes_back_from_both_formats(path: Path, tmp_path: Path) -> None:
    docs = documents_in(read(path))
    assert docs
    docs = [replace(doc, document=replace(doc.document, id=f"d{at}")) for at, doc in enumerate(docs)]
    for writer in (XmiWriter(), CasJsonWriter()):
        back = documents_in(read(written(docs, tmp_path, writer), name=writer.name))
        assert len(back) == len(docs)
        for doc, again in zip(docs, back, strict=True):
            assert differences(doc, again, OPEN, writer.holds) == []
            assert (again.document.tokens, again.document.meta) == (doc.document.tokens, doc.document.meta)
            assert again.document.extra == doc.document.extra


@pytest.mark.parametrize("name", ["data.json", "debug.xmi"])
def test_offsets_count_utf_16_units_in_the_file_and_code_points_here(name: str) -> None:
    assert surfaces(one(DATA / "emoji" / name)) == EMOJI


def test_named_entities_tokens_and_sentences_of_dkpro() -> None:
    doc = one(DATA / "cas_with_smileys.xmi")
    assert doc.document.id == "huggingface.txt"
    assert surfaces(doc) == ["Transformers", "Transformers", "Transformers", "PyTorch", "TensorFlow"]
    assert {(span.layer, span.label) for span in doc.spans} == {("entities", "OTH")}
    assert (len(doc.document.tokens), len(doc.document.tokens.sentence_starts)) == (148, 3)
    tokens = [doc.document.text[token.start : token.end] for token in doc.document.tokens]
    assert tokens[:3] == ["🤗", "Transformers", "provides"]


def test_the_type_system_beside_is_used_and_is_no_document_itself() -> None:
    records = read(DATA / "small")
    assert [type(record) for record in records] == [Parsed, Remark]  # its sentences have ids
    doc = documents_in(records)[0]
    assert [span.label for span in doc.spans if span.layer == "Token"][:3] == ["NNP", "VBD", "IN"]
    assert list(doc.document.tokens.sentence_starts) == [0, 6]


def test_without_a_type_system_features_are_guessed_and_that_is_said(tmp_path: Path) -> None:
    shutil.copy(DATA / "small" / "small_cas.xmi", tmp_path)
    records = read(tmp_path / "small_cas.xmi")
    doc = documents_in(records)[0]
    described = one(DATA / "small" / "small_cas.xmi")
    assert [(span.label, span.start, dict(span.attributes)["id"]) for span in doc.spans if span.layer == "Token"] == [
        (span.label, span.start, str(dict(span.attributes)["id"])) for span in described.spans if span.layer == "Token"
    ]
    told = "no type system describes all of it; features are guessed from their use (cassis.Token, cassis.Sentence)"
    assert told in [record.what for record in records if isinstance(record, Remark)]


def test_relations_keep_their_features() -> None:
    doc = one(DATA / "testStackedNonMultiTokenRelationWithMultipleFeatureValues.xmi")
    more = {"layer": "ComplexRelation"}
    assert arrows(doc) == [
        ("This is", "nsubj", "a test", {"boolValue": "true", "intValue": "42", **more}),
        ("This is", "obj", "a test", {"boolValue": "false", "intValue": "43", **more}),
    ]


def test_tokens_at_the_ends_of_a_relation_become_spans() -> None:
    records = read(DATA / "testSingleTokenRelationWithMultipleFeatureValues.xmi")
    doc = documents_in(records)[0]
    assert [(span.layer, span.label) for span in doc.spans] == [("tokens", "Token")] * 2
    assert any(isinstance(record, Remark) and "'tokens' (2)" in record.what for record in records)


def test_links_of_a_chain_are_joined() -> None:
    doc = one(DATA / "testSimpleChain.xmi")
    assert arrows(doc) == [("This", "Simple", "is", {"chain": 1}), ("is", "Simple", "a", {"chain": 1})]


@pytest.mark.parametrize(
    ("name", "roles"), [("testSimpleSameRoleSlotFeature.xmi", ("p1", "p1")), ("slots.json", ("p1", "p2"))]
)
def test_fillers_of_slots_are_joined_with_their_roles(name: str, roles: tuple[str, str]) -> None:
    more = {"feature": "links"}
    order = [(1, "a"), (0, "is")] if roles[0] == roles[1] else [(0, "is"), (1, "a")]
    assert arrows(one(DATA / name)) == [("This", roles[at], word, more) for at, word in order]


def test_ids_of_tokens_are_told(tmp_path: Path) -> None:
    content = (DATA / "testSimpleChain.xmi").read_text()
    (tmp_path / "a.xmi").write_text(content.replace('begin="0" end="4"/>', 'begin="0" end="4" id="t1"/>', 1))
    told = [record.what for record in read(tmp_path / "a.xmi") if isinstance(record, Remark)]
    assert "ids of tokens and sentences are left out (1)" in told


def test_what_has_no_width_is_kept_beside_the_text(tmp_path: Path) -> None:
    records = read(DATA / "testZeroLengthSpansWithFeatureValues.xmi")
    doc = documents_in(records)[0]
    assert len(doc.spans) == 0
    assert [record.what for record in records if isinstance(record, Remark)] == [
        "annotations without a width are kept beside the text and are no spans (2)"
    ]
    place = written([doc], tmp_path, XmiWriter())
    cas = loaded(place / "doc.xmi")
    points = cas.select("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
    assert [(point.begin, point.end, point.value) for point in points] == [(0, 0, "PERSON"), (16, 16, "ORG")]


def test_each_view_with_a_text_is_a_document() -> None:
    docs = documents_in(read(DATA / "cas_with_two_sofas.xmi"))
    assert [doc.document.id for doc in docs] == ["", "#_SecondView"]


def loaded(path: Path) -> cassis.Cas:
    if path.suffix == ".json":
        return cassis.load_cas_from_json(io.StringIO(path.read_text("utf-8")))
    types = cassis.load_typesystem(path.parent / "TypeSystem.xml")
    return cassis.load_cas_from_xmi(path, types)


RICH_TEXT = "👍 Ann met\x01 Bob, “Bobby”,\r\nin 𝒳-Town.\tYes.\ufffe"


def rich() -> AnnotatedDocument:
    spans = [
        Span("a", 2, 5, "PER", attributes={"gender": "f", "sure": True, "from": 1, "odd name": "\x02"}, note="a\nb"),
        Span("b", 11, 14, "PER", decided=False, score=0.5, origin=Origin.PIPELINE, pipeline="m 1"),
        Span("c", 11, 23, "ALIAS", fragments=((11, 14), (17, 23))),
        Span("d", 29, 35, "new\ttown", layer="places & more"),
        Span("e", 0, len(RICH_TEXT), "all", layer="Token"),
    ]
    relations = {"r": Relation("r", "a", "b", "MET", {"where": "𝒳", "n": 2}), "s": Relation("s", "b", "d", "IN")}
    document = Document(
        "n/1",
        RICH_TEXT,
        title="A title",
        language="en",
        meta={"year": 2001},
        extra={"key": [1]},
        tokens=tokenize_simply(RICH_TEXT),
        tokenizer="simple 1",
    )
    return AnnotatedDocument(
        document, "alice", SpanSet(spans), relations, {"politics": 1.0}, Status.SKIPPED, "a note", "dull"
    )


@pytest.mark.parametrize("writer", [XmiWriter(), CasJsonWriter()], ids=lambda writer: writer.name)
def test_nothing_is_lost(writer: XmiWriter | CasJsonWriter, tmp_path: Path) -> None:
    doc = rich()
    (back,) = documents_in(read(written([doc], tmp_path, writer), name=writer.name))
    assert differences(doc, back, OPEN, writer.holds) == []
    assert back.annotator == "alice"
    same = ("id", "text", "title", "language", "meta", "extra", "tokenizer")
    assert [getattr(back.document, name) for name in same] == [getattr(doc.document, name) for name in same]
    pipeline = next(span for span in back.spans if not span.decided)
    assert (pipeline.origin, pipeline.pipeline, pipeline.score) == (Origin.PIPELINE, "m 1", 0.5)


@pytest.mark.parametrize("writer", [XmiWriter(), CasJsonWriter()], ids=lambda writer: writer.name)
def test_cassis_reads_what_is_written(writer: XmiWriter | CasJsonWriter, tmp_path: Path) -> None:
    doc = rich()
    (path,) = written([doc], tmp_path, writer).glob(f"*{writer.extension}")
    assert path.stem == "n_1"
    cas = loaded(path)
    entities = cas.select("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
    assert [(fs.value, fs.get_covered_text()) for fs in entities] == [
        ("PER", "Ann"), ("PER", "Bob"), ("ALIAS", doc.document.text[11:23]),
    ]  # fmt: skip
    assert (entities[0].gender, entities[0].sure, entities[0].note) == ("f", "true", "a\nb")
    (place,) = cas.select("annotator.custom.places_more")
    assert (place.value, place.get_covered_text()) == ("new\ttown", "𝒳-Town")
    met = next(fs for fs in cas.select("annotator.custom.Relation") if fs.value == "MET")
    assert (met.Governor.get_covered_text(), met.Dependent.get_covered_text(), met.where) == ("Ann", "Bob", "𝒳")
    tokens = cas.select("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token")
    assert "Bobby" in [fs.get_covered_text() for fs in tokens]
    assert cas.typecheck() == []


def test_offsets_are_written_in_utf_16_units(tmp_path: Path) -> None:
    doc = rich()
    units = Utf16Map(doc.document.text)
    content = (written([doc], tmp_path, XmiWriter()) / "n_1.xmi").read_text("utf-8")
    assert f'begin="{units.to_utf16(29)}" end="{units.to_utf16(35)}"' in content
    assert (units.to_utf16(29), units.to_utf16(35)) == (30, 37)


def test_label_ids_are_written_as_names(tmp_path: Path) -> None:
    scheme = LabelScheme("s", is_extensible=True).extended(spans=[("entities", "PER")])
    layer = scheme.layers[0]
    scheme = replace(scheme, layers=(replace(layer, labels=(replace(layer.labels[0], name="Person"),)),))
    doc = AnnotatedDocument(Document("x", "Ann"), "", SpanSet([Span("a", 0, 3, "PER")]))
    XmiWriter().write_folder([doc], tmp_path, scheme, WriteOptions())
    assert [span.label for span in one(tmp_path / "x.xmi").spans] == ["Person"]


def test_sets_of_several_annotators_stand_in_files_of_their_own(tmp_path: Path) -> None:
    spans = {"ann": [Span("a", 0, 3, "PER")], "bob": [Span("a", 4, 7, "PER")]}
    docs = [AnnotatedDocument(Document("x", "Ann Bob"), name, SpanSet(held)) for name, held in spans.items()]
    place = written(docs, tmp_path, XmiWriter())
    assert sorted(path.name for path in place.iterdir()) == ["TypeSystem.xml", "x.bob.xmi", "x.xmi"]
    back = {doc.annotator: surfaces(doc) for doc in documents_in(read(place))}
    assert back == {"ann": ["Ann"], "bob": ["Bob"]}


def test_a_value_that_another_tool_changed_counts(tmp_path: Path) -> None:
    doc = AnnotatedDocument(Document("x", "Ann"), "", SpanSet([Span("a", 0, 3, "PER", attributes={"n": 1})]))
    path = written([doc], tmp_path, XmiWriter()) / "x.xmi"
    path.write_text(path.read_text().replace('n="1"', 'n="2"'))
    assert [dict(span.attributes) for span in one(path).spans] == [{"n": "2"}]


def test_xml_1_1_with_control_characters_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xmi"
    text = (DATA / "cas_with_two_sofas.xmi").read_text()
    path.write_text(text.replace('xml version="1.0"', 'xml version="1.1"').replace("Joe waited", "Joe&#x1;waited"))
    assert documents_in(read(path))[0].document.text.startswith("Joe\x01waited for")


@pytest.mark.parametrize("with_types", [True, False])
def test_features_may_be_called_like_python_s_keywords(with_types: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.xmi"
    path.write_bytes(XMI.replace(b'pos="NNP"', b'pos="NNP" from=\'is in="x"\'', 1))
    if with_types:
        types = (DATA / "small" / "TypeSystem.xml").read_text()
        named = (
            "<featureDescription><name>from</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>"
        )
        assert "</features>" in types
        (tmp_path / "TypeSystem.xml").write_text(types.replace("</features>", f"{named}</features>", 1))
    assert next(iter(one(path).spans)).attributes["from"] == 'is in="x"'


def test_features_may_be_called_like_python_s_keywords_in_json(tmp_path: Path) -> None:
    plain = json.loads((DATA / "slots.json").read_bytes())
    plain["%TYPES"]["webanno.custom.SimpleSpan"]["from"] = {"%NAME": "from", "%RANGE": "uima.cas.String"}
    for each in plain["%FEATURE_STRUCTURES"]:
        if each["%TYPE"] == "webanno.custom.SimpleSpan":
            each["from"] = 'a "from": b'
    (tmp_path / "a.json").write_text(json.dumps(plain))
    assert [span.label for span in one(tmp_path / "a.json").spans if span.layer == "SimpleSpan"] == ['a "from": b'] * 2


SMALL = DATA / "small" / "small_cas.xmi"
XMI = SMALL.read_bytes()
JSON = (DATA / "emoji" / "data.json").read_bytes()
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + XMI.partition(b"?>")[2]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xmi", b"", "the file is empty"),
        ("a.xmi", XMI[:900], "it is not valid XML: "),
        ("a.xmi", BOMB, "it has a document type declaration, which is not read"),
        ("a.xmi", b"<html xmlns='http://www.omg.org/XMI'/>", "it is XML but not XMI"),
        ("a.xmi", b"\0\1\2\3" * 50, "it is not valid XML: "),
        ("a.xmi", XMI.replace(b"Joe", b"J\xff"), "it is not valid XML: "),
        ("a.xmi", XMI.replace(b'members="', b'members="999 '), "it refers to something that is not in it (999)"),
        ("a.xmi", XMI.replace(b'begin="0"', b'begin="x"'), "dkpro-cassis cannot read it (ValueError: "),
        ("a.json", JSON[:-20], "dkpro-cassis cannot read it (JSONDecodeError: "),
        ("a.json", JSON.replace(b"This", b"\xff\xfe"), "not valid UTF-8: byte 0xff"),
        ("a.json", b'{"%TYPES": {}, "%FEATURE_STRUCTURES": [], "%VIEWS": {}}', "it has no text"),
        ("a.json", b'{"%TYPES": 3}', "dkpro-cassis cannot read it"),
        ("a.json", b'{"%VIEWS": {}}', "dkpro-cassis cannot read it"),
    ],
)
def test_damage_is_one_sentence(name: str, content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    records = read(tmp_path / name)
    (rejected,) = [record for record in records if isinstance(record, Rejected)]
    assert rejected.reason.startswith(reason)
    assert not any(isinstance(record, Parsed) for record in records)


def test_places_outside_the_text_are_counted_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.xmi").write_bytes(XMI.replace(b'end="3"', b'end="3000"', 1))
    records = read(tmp_path / "a.xmi")
    assert "annotations of the type Token that lie outside the text are left out (1)" in [
        record.what for record in records if isinstance(record, Remark)
    ]
    assert surfaces(documents_in(records)[0])[:2] == ["waited", "for"]


def test_a_broken_type_system_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xmi").write_bytes(XMI)
    (tmp_path / "TypeSystem.xml").write_bytes(b"<typeSystemDescription><types>")
    (rejected,) = read(tmp_path / "a.xmi")
    assert isinstance(rejected, Rejected) and rejected.reason.startswith("it is not valid XML")


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_marks_and_line_ends_of_the_file_do_not_matter(mark: str, line_end: str, tmp_path: Path) -> None:
    for source in (SMALL, DATA / "slots.json"):
        path = tmp_path / source.name
        path.write_bytes((mark + source.read_text("utf-8").replace("\n", line_end)).encode())
        assert surfaces(one(path)) == surfaces(one(source))


def test_tokens_are_read_in_order() -> None:
    tokens = one(SMALL).document.tokens
    assert tokens == Tokens(list(tokens.starts), list(tokens.ends), [0, 6]) and len(tokens) == 11
