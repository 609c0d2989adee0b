"""GATE XML: sets of annotations, features, nodes; what is odd and what is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.domain.projects import AnnotatedDocument
from annotator.formats.gate.reader import GateReader
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark
from annotator.formats.sources import read_sources
from tests.formats.reading import documents_in, read_bytes


def feature(name: str, value: str, kind: str = "String", more: str = "") -> str:
    return (
        f'<Feature><Name className="java.lang.String">{name}</Name>'
        f'<Value className="java.{"util" if "List" in kind else "lang"}.{kind}"{more}>{value}</Value></Feature>'
    )


def annotation(number: int, kind: str, start: int, end: int, *features: str) -> str:
    held = "\n".join(features)
    return f'<Annotation Id="{number}" Type="{kind}" StartNode="{start}" EndNode="{end}">\n{held}</Annotation>\n'


HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<GateDocument>\n<!-- The document's features-->\n"
FEATURES = (
    "<GateDocumentFeatures>"
    + feature("gate.NAME", "A &amp; B")
    + feature("pages", "3", "Integer")
    + "</GateDocumentFeatures>\n"
)
TEXT = (
    '<TextWithNodes><Node id="0"/>👍 <Node id="3" />Ann<Node id="6"/> met <![CDATA[<Bob>]]><Node id="16"/> in '
    '<Node id="20"/>Rome<Node id="24"/>.<Node id="25"/>\n</TextWithNodes>\n'
)
MARKUPS = f'<AnnotationSet Name="Original markups">{annotation(0, "body", 0, 25)}</AnnotationSet>\n'
KEY = f'<AnnotationSet Name="Key">{annotation(1, "Person", 3, 6)}{annotation(2, "Location", 20, 24)}</AnnotationSet>\n'
ANN = "<AnnotationSet Name='ann1'>{}</AnnotationSet>\n"


def gate(*sets: str, text: str = TEXT, features: str = FEATURES) -> bytes:
    return f"{HEAD}{features}{text}{''.join(sets)}</GateDocument>\n".encode()


def read(content: bytes) -> list[Record]:
    return read_bytes(GateReader(), content)


def said(doc: AnnotatedDocument) -> list[tuple[str, str]]:
    return [(span.label, doc.document.text[span.start : span.end]) for span in doc.spans]


def remarks(records: list[Record]) -> list[str]:
    return [record.what for record in records if isinstance(record, Remark)]


def test_text_features_and_title() -> None:
    (doc,) = documents_in(read(gate(KEY)))
    assert doc.document.text == "👍 Ann met <Bob> in Rome.\n"
    assert (doc.document.title, dict(doc.document.meta)) == ("A & B", {"pages": 3})


def test_each_set_is_an_annotator_and_key_is_gold() -> None:
    default = f"<AnnotationSet>{annotation(1, 'Person', 3, 6)}</AnnotationSet>"
    docs = documents_in(read(gate(default, KEY, ANN.format(annotation(5, "Os", 3, 25)), ANN.format(""))))
    assert {doc.annotator: said(doc) for doc in docs} == {
        "": [("Person", "Ann")],
        "gold": [("Person", "Ann"), ("Location", "Rome")],
        "ann1": [("Os", "Ann met <Bob> in Rome.")],
    }
    assert {span.layer for doc in docs for span in doc.spans} == {"entities"}


def test_features_have_the_types_of_their_classes() -> None:
    held = annotation(
        1, "Person", 3, 6,
        feature("gender", "female"), feature("n", "7", "Long"), feature("odd", "x", "Integer"),
        feature("sure", "true", "Boolean"), feature("p", "0.5", "Double"), feature("nan", "NaN", "Double"),
        feature("matches", "1;2", "ArrayList", ' itemClassName="java.lang.Integer"'),
    )  # fmt: skip
    (doc,) = documents_in(read(gate(ANN.format(held))))
    (span,) = doc.spans
    assert span.attributes == {
        "gender": "female", "n": 7, "odd": "x", "sure": True, "p": 0.5, "nan": "NaN", "matches": [1, 2],
    }  # fmt: skip


def test_tokens_and_sentences_of_annie_are_tokens() -> None:
    tokens = [
        annotation(9 + at, "Token", *place, feature("kind", "word")) for at, place in enumerate([(3, 6), (20, 24)])
    ]
    more = annotation(8, "Sentence", 3, 25) + annotation(7, "SpaceToken", 24, 25) + annotation(6, "Split", 24, 25)
    (doc,) = documents_in(read(gate(f"<AnnotationSet>{''.join(tokens)}{more}</AnnotationSet>", KEY)))
    text = doc.document.text
    assert [text[token.start : token.end] for token in doc.document.tokens] == ["Ann", "Rome"]
    assert (doc.annotator, list(doc.document.tokens.sentence_starts)) == ("gold", [0])


def test_features_of_tokens_are_told() -> None:
    tokens = annotation(1, "Token", 3, 6, feature("category", "NNP")) + annotation(2, "Token", 20, 24)
    records = read(gate(f"<AnnotationSet>{tokens}</AnnotationSet>", KEY))
    assert remarks(records) == ["features of tokens, such as their part of speech, are left out (1)"]


def test_a_sentence_about_which_something_is_said_is_a_span() -> None:
    held = annotation(1, "Sentence", 3, 25, feature("mood", "good"))
    (doc,) = documents_in(read(gate(ANN.format(held))))
    assert said(doc) == [("Sentence", "Ann met <Bob> in Rome.")]


def test_relations_join_annotations() -> None:
    relation = f"<Relation Id='9' Type='livesIn' Members='1;2'>{feature('since', '2001')}</Relation>"
    (doc,) = documents_in(read(gate(KEY, f"<RelationSet Name='Key'>{relation}</RelationSet>")))
    (found,) = doc.relations.values()
    assert (found.head, found.child, found.label, found.attributes) == ("g1", "g2", "livesIn", {"since": "2001"})


def test_markup_and_points_are_kept_beside_the_text_and_told() -> None:
    records = read(gate(MARKUPS, ANN.format(annotation(1, "Break", 6, 6) + annotation(2, "Person", 3, 6))))
    (doc,) = documents_in(records)
    assert said(doc) == [("Person", "Ann")]
    assert doc.document.extra["gate"] == {
        "Original markups": [{"type": "body", "start": 0, "end": 24, "features": {}}],
        "points": [{"set": "ann1", "type": "Break", "at": 5, "features": {}}],
    }
    assert sorted(remarks(records)) == [
        "annotations of the set 'Original markups' are kept beside the text and are no spans (1)",
        "annotations without a width are kept beside the text and are no spans (1)",
    ]


def test_a_node_stands_where_it_stands_even_if_characters_before_it_are_gone() -> None:
    text = '<TextWithNodes><Node id="0"/>It <Node id="7"/>is<Node id="9"/> so.</TextWithNodes>'
    (doc,) = documents_in(read(gate(ANN.format(annotation(1, "V", 7, 9)), text=text)))
    assert said(doc) == [("V", "is")]


def test_a_node_that_is_missing_is_an_offset_in_utf_16_units() -> None:
    text = "<TextWithNodes>👍 Ann</TextWithNodes>"
    (doc,) = documents_in(read(gate(ANN.format(annotation(1, "P", 3, 6)), text=text)))
    assert said(doc) == [("P", "Ann")]


def test_places_outside_the_text_are_counted() -> None:
    records = read(gate(ANN.format(annotation(1, "P", 3, 999) + annotation(2, "P", 6, 3) + annotation(3, "P", 3, 6))))
    assert said(documents_in(records)[0]) == [("P", "Ann")]
    assert remarks(records) == ["annotations that lie outside the text are left out (2)"]


def test_it_is_recognised_by_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(gate(KEY))
    (tmp_path / "b.xml").write_text("<other/>")
    first, second = read_sources([str(tmp_path)], None, ReadOptions())
    assert isinstance(first, Parsed) and first.doc.annotator == "gold"
    assert isinstance(second, Rejected) and "is none of the formats that do" in second.reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_are_read(encoding: str) -> None:
    content = gate(KEY).decode().replace("encoding='UTF-8'", "").encode(encoding)
    assert said(documents_in(read(content))[0]) == [("Person", "Ann"), ("Location", "Rome")]


BOMB = b"<!DOCTYPE GateDocument [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><GateDocument>&a;</GateDocument>"


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", "it is not valid XML: no element found", 1),
        (gate(KEY)[:-30], "it is not valid XML: ", 10),
        (BOMB, "it has a document type declaration, which is not read", 1),
        (gate(KEY).replace(b"Rome", b"R\xffme"), "it is not valid XML: ", 5),
        (gate(KEY).replace(b"UTF-8", b"klingon"), "its XML has an encoding that is not known", 1),
        (b"<html/>", "it is XML but not GATE's", 1),
        (gate(text="<TextWithNodes> </TextWithNodes>"), "the text has only white space", 1),
        (gate(text=""), "the text is empty", 1),
    ],
)
def test_damage_is_one_sentence(content: bytes, reason: str, line: int) -> None:
    (record,) = read(content)
    assert isinstance(record, Rejected)
    assert record.reason.startswith(reason)
    assert abs(record.line - line) <= 2
