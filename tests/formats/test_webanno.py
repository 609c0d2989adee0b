"""WebAnno TSV 3: INCEpTION's own cases say what their XMI says, and come back as they were; damage is a sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document, Tokens, tokenize_simply
from annotator.formats.holding import losses_of, what_is_left
from annotator.formats.proof import differences
from annotator.formats.registry import guess_format
from annotator.formats.shapes import LossKind, Parsed, ReadOptions, Record, Rejected, Remark, WriteOptions
from annotator.formats.sources import file_source, read_sources
from annotator.formats.webanno.reader import CHAIN, LAYER, SLOT, WebannoReader
from annotator.formats.webanno.values import escaped_value, split_at, value_of
from annotator.formats.webanno.writer import WebannoWriter
from tests.formats.reading import OPEN, documents_in, read_bytes
from tests.formats.xmi_twins import Twin, read_twin
from tests.strategies import ranges

SUITE = Path(__file__).parents[1] / "data" / "formats" / "webanno" / "tsv3-suite"
CASES = sorted(path.name for path in SUITE.iterdir())
WITH_TWIN = [name for name in CASES if (SUITE / name / "reference.xmi").exists()]
RENAMED = {"NamedEntity": "Span", "POS_NOUN": "POS", "intValue": "integerValue"}
MARKS: list[dict[str, Any]] = [{}, {CHAIN: True}, {SLOT: "links"}, {LAYER: "Relation"}, {"x": "1", "y": 2}]
IS_NO_LAYER = {"Token", "Sentence", "DocumentMetaData"}


def read(place: Path, name: str | None = "webanno") -> list[Record]:
    return list(read_sources([str(place)], name, ReadOptions()))


def case(name: str) -> AnnotatedDocument:
    return documents_in(read(SUITE / name / "reference.tsv"))[0]


def table(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in ("#FORMAT=WebAnno TSV 3.3", *lines)).encode()


def parsed(content: bytes) -> AnnotatedDocument:
    return documents_in(read_bytes(WebannoReader(), content))[0]


def written(doc: AnnotatedDocument, folder: Path) -> Path:
    place = folder / "out"
    place.mkdir()
    WebannoWriter().write_folder([doc], place, OPEN, WriteOptions())
    return place


def back(doc: AnnotatedDocument, folder: Path) -> AnnotatedDocument:
    return documents_in(read(written(doc, folder)))[0]


def test_the_suite_is_read() -> None:
    records = read(SUITE)
    assert len(documents_in(records)) == len(CASES) == 38
    assert {record.what.partition(" (")[0] for record in records if isinstance(record, Remark)} == {
        "annotations of no width are not shown, but kept and written back",
        "tokens are spans of the layer Token, because relations join them",
    }


@pytest.mark.parametrize("name", CASES)
def test_a_case_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    doc = case(name)
    assert losses_of(WebannoWriter(), doc, OPEN, WriteOptions()) == []
    assert back(doc, tmp_path) == replace(doc, document=replace(doc.document, id="reference"))


def values_of(one: Any) -> dict[str, str]:
    """The features of an annotation of the twin that are texts."""
    values = {feature.name: getattr(one, feature.name) for feature in one.type.all_features}
    return {RENAMED.get(name, name): value for name, value in values.items() if isinstance(value, str)}


def place_of(one: Any, text: str) -> tuple[int, int]:
    """Where an annotation of the twin stands; TSV cannot have white space at its edges."""
    start, end = one.begin, one.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def declared(name: str) -> set[str]:
    """The short names of the layers of a case. INCEpTION has renamed a few types in its XMI since, not in its TSV."""
    lines = (SUITE / name / "reference.tsv").read_text(encoding="utf-8").splitlines()
    return {line.split("=")[1].split("|")[0].rpartition(".")[2] for line in lines if line.startswith("#T_")}


def as_declared(short: str, layers: set[str]) -> str:
    return RENAMED.get(short, short) if short not in layers else short


def spans_of(twin: Twin, text: str, layers: set[str]) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for short in twin.types.keys() - IS_NO_LAYER:
        for one in twin.select(short):
            if not hasattr(one, "begin") or hasattr(one, "Governor") or one.begin == one.end:
                continue
            values = values_of(one)
            name = as_declared(short, layers)
            label = values.pop({"POS": "PosValue", "SimpleLink": "referenceType"}.get(name, "value"), name)
            layer = "entities" if name == "NamedEntity" else name
            found[(layer, *place_of(one, text), label, *sorted(values.items()))] += 1
    return found


def relations_of(twin: Twin, text: str, layers: set[str]) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for short in twin.types:
        for one in twin.select(short):
            if hasattr(one, "Governor"):
                values = values_of(one)
                label = values.pop("value", as_declared(short, layers))
                ends = (*place_of(one.Governor, text), *place_of(one.Dependent, text))
                found[(*ends, label, *sorted(values.items()))] += 1
            for link in one.links.elements if getattr(one, "links", None) is not None else ():
                if link.target.begin < link.target.end:
                    found[
                        (*place_of(one, text), *place_of(link.target, text), getattr(link, "role", None) or "links")
                    ] += 1
    for chain in twin.select("SimpleChain"):
        elements = [chain.first]
        while elements[-1].next is not None:
            elements.append(elements[-1].next)
        shown = [one for one in elements if one.begin < one.end]
        for head, child in pairwise(shown):
            found[(*place_of(head, text), *place_of(child, text), "SimpleLink")] += 1
    return found


def plain(attributes: dict[str, Any]) -> list[tuple[str, str]]:
    own = {LAYER, SLOT, CHAIN}
    texts = {True: "true", False: "false"}
    return sorted((name, texts.get(value, value)) for name, value in attributes.items() if name not in own)


@pytest.mark.parametrize("name", WITH_TWIN)
def test_a_case_says_what_its_twin_says(name: str) -> None:
    doc, twin = case(name), read_twin(SUITE / name / "reference.xmi")
    text = twin.cas.sofa_string
    assert "".join(doc.document.text.split()) == "".join(text.split())
    tokens = [(one.begin, one.end) for one in twin.select("Token")]
    assert list(zip(doc.document.tokens.starts, doc.document.tokens.ends, strict=True)) == tokens
    shown = [span for span in doc.spans if span.layer != "Token"]
    assert spans_of(twin, text, declared(name)) == Counter(
        (span.layer, span.start, span.end, span.label, *plain(dict(span.attributes))) for span in shown
    )
    ends = {span.id: (span.start, span.end) for span in doc.spans}
    assert relations_of(twin, text, declared(name)) == Counter(
        (*ends[one.head], *ends[one.child], one.label, *plain(dict(one.attributes))) for one in doc.relations.values()
    )
    zero = [one for short in twin.types for one in twin.select(short) if hasattr(one, "end") and one.begin == one.end]
    kept: Any = doc.document.extra["webanno"]
    assert len(kept.get("zero", [])) == len(zero)


def test_the_twins_are_not_empty() -> None:
    twins = [read_twin(SUITE / name / "reference.xmi") for name in WITH_TWIN]
    assert sum(sum(spans_of(twin, twin.cas.sofa_string, set()).values()) for twin in twins) == 101
    assert sum(sum(relations_of(twin, twin.cas.sofa_string, set()).values()) for twin in twins) == 20


@pytest.mark.parametrize(
    "name",
    [
        "testSimpleChain",
        "testMultiTokenSlotFeature",
        "testStackedNonMultiTokenRelationWithMultipleFeatureValues",
        "testTokenBoundedSpanWithSpecialSymbolsValue",
        "testSentenceId",
        "testSubtokenChain",
    ],
)
def test_the_file_that_is_written_is_the_one_that_was_read(name: str, tmp_path: Path) -> None:
    def lines(path: Path) -> list[str]:
        return path.read_text(encoding="utf-8").rstrip("\n").split("\n")

    (made,) = written(case(name), tmp_path).rglob("*.tsv")
    assert [line for line in lines(made) if line] == [line for line in lines(SUITE / name / "reference.tsv") if line]


@given(data=st.data())
@settings(max_examples=60)
def test_spans_and_relations_added_to_a_case_come_back(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    doc = case(data.draw(st.sampled_from(CASES)))
    layers = sorted({span.layer for span in doc.spans} | {"entities", "Token", "new"})
    more = []
    for number in range(data.draw(st.integers(1, 4))):
        start, end = data.draw(ranges(len(doc.document.text)))
        layer, label = data.draw(st.sampled_from(layers)), data.draw(st.sampled_from(("X", "Span", "Token")))
        attributes = data.draw(st.dictionaries(st.sampled_from(("value", "also", "links")), st.just("y"), max_size=2))
        more.append(Span(f"s{number}", start, end, label, layer, attributes=attributes))
    gone = data.draw(st.sets(st.sampled_from([span.id for span in doc.spans]))) if len(doc.spans) else set()
    spans = doc.spans.changed(more, gone)
    ids = [span.id for span in spans]
    kept = {key: one for key, one in doc.relations.items() if one.head in spans and one.child in spans}
    for number in range(data.draw(st.integers(0, 3))):
        marks = data.draw(st.sampled_from(MARKS))
        head, child = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(ids))
        kept[f"n{number}"] = Relation(f"n{number}", head, child, "R", marks)
    changed = replace(doc, spans=spans, relations=kept)
    writer = WebannoWriter()
    left = what_is_left(changed, writer.holds, losses_of(writer, changed, OPEN, WriteOptions()))
    assert differences(left, back(changed, tmp_path_factory.mktemp("case")), OPEN, writer.holds) == []


def test_features_are_attributes_and_one_of_them_is_the_label() -> None:
    doc = parsed(
        table(
            "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value",
            "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue",
            "#T_SP=webanno.custom.Mine|first|second", "#T_SP=webanno.custom.Bare|", "", "", "#Text=Ann saw",
            "1-1\t0-3\tAnn\tQ1\tPER\tNNP\tPROPN\ta\ttrue\t*\t", "1-2\t4-7\tsaw\t_\t_\tVBD\t*\t_\t_\t_\t",
        )
    )  # fmt: skip
    assert [(span.layer, span.label, dict(span.attributes)) for span in doc.spans if span.start == 0] == [
        ("entities", "PER", {"identifier": "Q1"}),
        ("POS", "NNP", {"coarseValue": "PROPN"}),
        ("Mine", "a", {"second": True}),
        ("Bare", "Bare", {}),
    ]


def test_offsets_are_utf16_units_and_code_points_are_understood() -> None:
    head = ("#T_SP=webanno.custom.Span|value", "", "", "#Text=👍 ok", "1-1\t0-2\t👍\t_\t")
    doc = parsed(table(*head, "1-2\t3-5\tok\tX\t"))
    assert [doc.document.text[span.start : span.end] for span in doc.spans] == ["ok"]
    records = read_bytes(WebannoReader(), table(*head[:-1], "1-1\t0-1\t👍\t_\t", "1-2\t2-4\tok\tX\t"))
    assert [doc.document.text[span.start : span.end] for span in documents_in(records)[0].spans] == ["ok"]
    assert [record.what for record in records if isinstance(record, Remark)] == [
        "its offsets are code points, not the UTF-16 units that WebAnno counts"
    ]


def test_texts_come_from_sentences_escapes_and_gaps() -> None:
    lines = ("", "", "#Text=a\\tb", "#Text=c \\\\", "1-1\t2-5\ta\tb\t", "", "#Text=d", "2-1\t12-13\td\t")
    doc = parsed(table(*lines).replace(b"1-1\t2-5\ta\tb\t", b"1-1\t2-5\ta\\tb\t"))
    assert doc.document.text == "  a\tb\nc \\\n  d"
    assert list(doc.document.tokens.sentence_starts) == [0, 1]
    old = table("", "", "#Text=na\\u00EFve", "1-1\t0-5\tnaïve\t").replace(b"3.3", b"3.1")
    assert parsed(old).document.text == "naïve"


def test_a_text_that_says_something_else_is_made_of_the_tokens() -> None:
    records = read_bytes(WebannoReader(), table("", "", "#Text=other", "1-1\t0-3\tAnn\t", "1-2\t4-7\tsaw\t"))
    assert documents_in(records)[0].document.text == "Ann saw"
    assert [type(record) for record in records] == [Remark, Parsed]


@pytest.mark.parametrize(
    "text",
    [
        "  Ann saw.",
        "\n\tAnn\n\n  saw\tBob \n",
        "Ann.Bob\n\n\n",
        " \n",
        "a\\tb\\ \x07\x1c\r\nx",
        "👍👍 ok\n  👍",
        "\ufeffa",
    ],
)
def test_texts_come_back_exactly(text: str, tmp_path: Path) -> None:
    doc = AnnotatedDocument(Document("a", text, tokens=tokenize_simply(text)))
    assert back(doc, tmp_path).document.text == text
    bare = AnnotatedDocument(Document("a", text, tokens=Tokens()))
    (tmp_path / "bare").mkdir()
    assert back(bare, tmp_path / "bare").document.text == text


def test_what_webanno_cannot_hold_is_named() -> None:
    text = "Ann saw Bob"
    spans = SpanSet(
        [
            Span("white", 3, 7, "X"), Span("parts", 0, 11, "X", fragments=((0, 3), (8, 11))),
            Span("full", 0, 3, "X", "my layer", attributes={"n": 3, "a b": "x", "s": "true", "ok": True}, note="hm"),
            Span("token", 4, 7, "Token", "Token"),
        ]
    )  # fmt: skip
    doc = AnnotatedDocument(Document("a", text, tokens=tokenize_simply(text)), spans=spans)
    losses = losses_of(WebannoWriter(), doc, OPEN, WriteOptions())
    assert {(loss.element, loss.kind, loss.name) for loss in losses} == {
        ("white", LossKind.SPAN, ""), ("parts", LossKind.SPAN, ""), ("token", LossKind.SPAN, ""),
        ("full", LossKind.LAYER, ""), ("full", LossKind.NOTE, ""),
        ("full", LossKind.ATTRIBUTE, "n"), ("full", LossKind.ATTRIBUTE, "a b"), ("full", LossKind.ATTRIBUTE, "s"),
    }  # fmt: skip


def test_folders_of_an_exported_project_tell_document_and_annotator(tmp_path: Path) -> None:
    content = table("", "", "#Text=Ann", "1-1\t0-3\tAnn\t")
    for name in ("annotation/d.txt/ann.tsv", "annotation/d.txt/INITIAL_CAS.tsv", "curation/d.txt/CURATION_USER.tsv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    found = [(doc.document.id, doc.annotator) for doc in documents_in(read(tmp_path))]
    assert found == [("d.txt", ""), ("d.txt", "ann"), ("d.txt", "CURATION_USER")]


@given(st.text(st.sampled_from("\\[]|_->;\t\n*ab*\"' é")))
def test_values_come_back_from_their_cells(value: str) -> None:
    cell = escaped_value(value)
    assert value_of(cell) == value
    assert split_at("|", cell) == split_at(";", cell) == [cell]
    assert "\t" not in cell
    assert "\n" not in cell


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "the file is empty"),
        (b"a\tb\n", 1, "it does not begin with #FORMAT=WebAnno TSV 3"),
        (b"#FORMAT=WebAnno TSV 2.0\n", 1, "it is WebAnno TSV 2; export it"),
        (table("", "", "#Text=Ann"), 5, "it has no tokens"),
        (table("", "1-1\t0-3\tAnn\t"), 3, "there is no #Text before these tokens"),
        (table("", "#Text=Ann", "1-1\t0-3"), 4, "there is no token as WebAnno writes it"),
        (table("", "#Text=Ann", "1-1\t3-0\tAnn\t"), 4, "the token ends before it begins"),
        (table("#T_SP=a.B|c|d", "", "#Text=Ann", "1-1\t0-3\tAnn\tx"), 5, "there are 1 columns, but the head has 2"),
        (table("", "#Text=Ann", "1-1\t0-9\tAnn\t"), 4, "the token 1-1 ('Ann') does not stand where it says"),
        (table("", "#Text=Ann", "1-1\t0-3\tAnn\t")[:-14] + b"\x00\x01", 1, "binary"),
    ],
)  # fmt: skip
def test_damage_is_a_sentence(content: bytes, line: int, reason: str) -> None:
    (record,) = read_bytes(WebannoReader(), content)
    assert isinstance(record, Rejected)
    assert reason in record.reason
    assert record.line == line


def test_references_that_lead_nowhere_are_named_and_stop_nothing(tmp_path: Path) -> None:
    content = table(
        "#T_SP=a.Span|value", "#T_RL=a.Rel|value|BT_a.Span", "", "#Text=Ann saw",
        "1-1\t0-3\tAnn\tX\t_\t_\t", "1-2\t4-7\tsaw\tY\tr\t7-7[3_0]\t",
    )  # fmt: skip
    first, second = read_bytes(WebannoReader(), content)
    assert isinstance(first, Rejected)
    assert first.line == 7
    assert isinstance(second, Parsed)
    assert len(second.doc.spans) == 2


def test_a_file_is_known_by_its_first_line(tmp_path: Path) -> None:
    assert read(SUITE / CASES[0] / "reference.tsv", None) == read(SUITE / CASES[0] / "reference.tsv")
    other = tmp_path / "other.tsv"
    other.write_text("text\tlabel\nAnn\tPER\n")
    assert guess_format(file_source(other, tmp_path), other.read_bytes()).name != "webanno"


def test_line_ends_and_marks_of_other_systems_are_taken() -> None:
    content = (SUITE / "testSimpleChain" / "reference.tsv").read_bytes()
    doc = parsed(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    assert doc.spans == case("testSimpleChain").spans
