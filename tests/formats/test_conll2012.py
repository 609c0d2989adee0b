"""CoNLL-2012: entities and chains read and written, the other columns left as they are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, Tokens, tokenize_simply
from annotator.formats.conll.ontonotes_reader import OntonotesReader
from annotator.formats.conll.ontonotes_writer import CROSSES, NO_CHAIN, NO_COLUMN, OntonotesWriter
from annotator.formats.holding import losses_of, what_is_left
from annotator.formats.proof import differences
from annotator.formats.shapes import Parsed, ReadOptions, Rejected, Remark, SchemeFound, WriteOptions
from annotator.formats.sources import read_sources
from tests.formats.documents import exported_documents
from tests.formats.reading import OPEN, documents_in, read_bytes, written

DATA = Path(__file__).parents[1] / "data" / "formats" / "conll"
ONTONOTES = DATA / "ontonotes.v4_gold_conll"
CRANE = DATA / "GUM_news_crane.conll"


def spans_of(doc: AnnotatedDocument) -> list[tuple[str, str, str]]:
    text = doc.document.text
    return [(text[span.start : span.end], span.label, str(span.attributes.get("chain", ""))) for span in doc.spans]


@pytest.mark.parametrize("path", [ONTONOTES, CRANE], ids=lambda one: one.name)
def test_files_are_written_back_to_the_byte(path: Path) -> None:
    docs = documents_in(read_sources([str(path)], None, ReadOptions()))
    assert written(OntonotesWriter(), docs).rstrip() == path.read_bytes().rstrip()


def test_entities_are_nested_and_mentions_have_chains() -> None:
    records = list(read_sources([str(ONTONOTES)], None, ReadOptions()))
    assert [type(record) for record in records] == [SchemeFound, Parsed, Parsed]
    one, two = documents_in(records)
    assert one.document.text == "In 1997 the Bank of China sold it\nYes"
    assert list(one.document.tokens.sentence_starts) == [0, 8]
    assert [doc.document.id for doc in (one, two)] == ["nw/made/00/made_0001", "nw/made/00/made_0001_1"]
    assert sorted(spans_of(one)) == [
        ("1997", "DATE", ""),
        ("China", "COREF", "7"),
        ("China", "GPE", ""),
        ("it", "COREF", "7"),
        ("the Bank of China", "COREF", "4"),
        ("the Bank of China", "ORG", ""),
    ]


def test_chains_without_bars_are_read() -> None:
    (doc,) = documents_in(read_sources([str(CRANE)], None, ReadOptions()))
    counts = Counter(chain for _, _, chain in spans_of(doc))
    cells = [line.split("\t")[2] for line in CRANE.read_text().split("\n") if line[:1].isdigit()]
    assert counts == Counter(re.findall(r"\((\d+)", " ".join(cells)))
    assert spans_of(doc)[:4] == [
        ("Mecca", "COREF", "1"), ("Mecca 's Grand Mosque", "COREF", "2"), ("Mecca 's", "COREF", "1"),
        ("caused", "COREF", "3"),
    ]  # fmt: skip


def test_a_changed_span_changes_its_cells_only() -> None:
    one, two = documents_in(read_sources([str(ONTONOTES)], None, ReadOptions()))
    spans = [span for span in one.spans if span.label != "DATE"]
    content = written(OntonotesWriter(), [replace(one, spans=SpanSet(spans)), two]).decode()
    before = ONTONOTES.read_text()
    changed = [pair for pair in zip(before.split("\n"), content.split("\n"), strict=False) if pair[0] != pair[1]]
    assert [(old.split()[10], new.split()[10]) for old, new in changed] == [("(DATE)", "*")]


def article(text: str, *spans: Span, tokens: Tokens | None = None) -> AnnotatedDocument:
    return AnnotatedDocument(Document("d 1", text, tokens=tokens or tokenize_simply(text)), spans=SpanSet(spans))


def mention(name: str, start: int, end: int, chain: object) -> Span:
    return Span(name, start, end, "COREF", layer="coreference", attributes={"chain": chain})  # type: ignore[dict-item]


def test_the_bytes_are_these() -> None:
    doc = article(
        "Ann met Bob. She left", Span("a", 0, 3, "PER"), Span("b", 0, 11, "A (B)"), mention("c", 0, 3, "1"),
        mention("d", 13, 16, "1"), mention("e", 0, 11, "x"),
    )  # fmt: skip
    assert written(OntonotesWriter(), [doc]).decode().split("\n") == [
        "#begin document (d 1); part 000",
        "d_1 0 0 Ann XX (TOP* - - - - (A%20%28B%29(PER*) (x|(1)",
        "d_1 0 1 met XX * - - - - * -",
        "d_1 0 2 Bob XX * - - - - *) x)",
        "d_1 0 3 . XX *) - - - - * -",
        "",
        "d_1 0 0 She XX (TOP* - - - - * (1)",
        "d_1 0 1 left XX *) - - - - * -",
        "",
        "#end document",
        "",
    ]


def test_each_loss_is_named_with_its_reason() -> None:
    doc = article(
        "Ann met Bob twice", Span("a", 0, 7, "X"), Span("b", 4, 11, "X"), mention("c", 0, 3, 1),
        mention("d", 0, 7, "1"), mention("e", 4, 11, "1"), mention("f", 4, 11, "2"),
        Span("g", 0, 3, "X", layer="events"),
    )  # fmt: skip
    losses = losses_of(OntonotesWriter(), doc, OPEN, WriteOptions())
    assert {loss.element: loss.reason for loss in losses} == {"b": CROSSES, "c": NO_CHAIN, "e": CROSSES, "g": NO_COLUMN}


@st.composite
def with_mentions(draw: st.DrawFn) -> AnnotatedDocument:
    doc = draw(exported_documents())
    tokens = doc.document.tokens
    spans = list(doc.spans)
    for number in range(draw(st.integers(0, 6)) if len(tokens) else 0):
        first = draw(st.integers(0, len(tokens) - 1))
        last = draw(st.integers(first, min(first + 3, len(tokens) - 1)))
        chain = draw(st.sampled_from(("0", "1", "e2", "(", 3)))
        spans.append(mention(f"m{number}", tokens.starts[first], tokens.ends[last], chain))
    return replace(doc, spans=SpanSet(spans))


@given(with_mentions().filter(lambda doc: bool(doc.document.text.strip())))
def test_what_is_written_comes_back_but_for_the_losses(doc: AnnotatedDocument) -> None:
    losses = losses_of(OntonotesWriter(), doc, OPEN, WriteOptions())
    (back,) = documents_in(read_bytes(OntonotesReader(), written(OntonotesWriter(), [doc])))
    assert differences(what_is_left(doc, OntonotesWriter.holds, losses), back, OPEN, OntonotesWriter.holds) == []
    assert written(OntonotesWriter(), [back]) == written(OntonotesWriter(), [doc])


def test_entities_in_a_file_without_their_column_get_one() -> None:
    (doc,) = documents_in(read_sources([str(CRANE)], None, ReadOptions()))
    labelled = replace(doc, spans=SpanSet([*doc.spans, Span("x", 0, 8, "X")]))
    (back,) = documents_in(read_bytes(OntonotesReader(), written(OntonotesWriter(), [labelled])))
    assert differences(labelled, back, OPEN, OntonotesWriter.holds) == []


def test_unmatched_brackets_and_odd_lines_are_said() -> None:
    lines = ["#begin document (a); part 000", "0\tAnn\t(1", "1\tleft\t2)", "odd", "#end document"]
    lines += ["#begin document (b)", "#end document", ""]
    records = read_bytes(OntonotesReader(), "\n".join(lines).encode())
    assert [record.what for record in records if isinstance(record, Remark)] == [
        "1 lines without a word were passed over",
        "2 brackets have no other end and were left out",
    ]
    assert [record for record in records if isinstance(record, Rejected)] == [
        Rejected("some.file", 6, "the document has no word")
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"#begin document (a)\n", b"word\n", b"\x00" * 99, b"a" * 3_000_000])
def test_damage_is_one_sentence(content: bytes) -> None:
    assert [type(record) for record in read_bytes(OntonotesReader(), content)] == [Rejected]


@given(st.binary(max_size=200) | st.text("#begin document(a)|\n\t 0123*-_", max_size=80).map(str.encode))
def test_no_bytes_raise(content: bytes) -> None:
    records = read_bytes(OntonotesReader(), content)
    assert records
    written(OntonotesWriter(), [record.doc for record in records if isinstance(record, Parsed)])
