"""CoNLL-U: exact texts, spans in MISC, and everything else written back as it was. Read by the library conllu, too."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, tokenize_simply
from annotator.formats.conll.conllu_reader import ConlluReader
from annotator.formats.conll.conllu_writer import ConlluWriter
from annotator.formats.holding import CUTS_TOKEN, EDGE_IS_WHITE, losses_of, what_is_left
from annotator.formats.proof import differences
from annotator.formats.registry import guess_format
from annotator.formats.shapes import Parsed, ReadOptions, Rejected, Remark, Source, WriteOptions
from annotator.formats.sources import read_sources
from tests.formats.documents import carried_documents
from tests.formats.reading import OPEN, documents_in, read_bytes, written

DATA = Path(__file__).parents[1] / "data" / "formats" / "conll"
PUD = DATA / "en_pud.conllu"


def row(number: str, form: str, misc: str = "_") -> str:
    return "\t".join([number, form, *["_"] * 7, misc])


def content(*lines: str) -> bytes:
    return "\n".join([*lines, "", ""]).encode()


def read(*lines: str) -> AnnotatedDocument:
    (doc,) = documents_in(read_bytes(ConlluReader(), content(*lines)))
    return doc


def spans_of(doc: AnnotatedDocument) -> list[tuple[str, str, str]]:
    text = doc.document.text
    return [(" ".join(text[a:b] for a, b in span.parts), span.label, span.layer) for span in doc.spans]


def parsed(data: bytes) -> list[Any]:
    """The sentences as the library conllu has them."""
    return list(import_module("conllu").parse(data.decode()))


def test_a_treebank_is_read_and_written_back_to_the_byte() -> None:
    docs = documents_in(read_sources([str(PUD)], None, ReadOptions()))
    assert [doc.document.id for doc in docs] == ["n01001", "n01002", "n01003", "n01004"]
    assert docs[0].document.text.startswith(
        "“While much of the digital transition is unprecedented in the United States, "
    )
    assert written(ConlluWriter(), docs) == PUD.read_bytes()


def test_text_is_exactly_what_misc_says() -> None:
    doc = read(
        "# text = Vámonos al mar. Ya",
        row("1-2", "Vámonos", "SpacesBefore=\\n\\s"), row("1", "Vamos"), row("2", "nos"),
        row("3-4", "al"), row("3", "a"), row("4", "el"), row("5", "mar", "SpaceAfter=No"),
        row("5.1", "elided", "_"), row("6", ".", "SpacesAfter=\\s\\t\\u2028"), row("7", "Ya"),
        "", "# newpar", row("1", "No", "SpacesAfter=\\r\\n"),
    )  # fmt: skip
    assert doc.document.text == "\n Vámonos al mar. \t\u2028Ya\n\nNo\r\n"
    words = [doc.document.text[token.start : token.end] for token in doc.document.tokens]
    assert words == ["Vámonos", "al", "mar", ".", "Ya", "No"]
    assert list(doc.document.tokens.sentence_starts) == [0, 5]


def test_a_text_comment_is_believed_where_its_words_are_the_same() -> None:
    lines = ("# text = Don't go", row("1", "Do"), row("2", "n't"), row("3", "go"))
    assert read(*lines).document.text == "Don't go"
    records = read_bytes(ConlluReader(), content(*lines))
    assert [record.what for record in records if isinstance(record, Remark)] == [
        "1 sentences have other spaces than their # text; those of # text were taken"
    ]
    assert written(ConlluWriter(), [read(*lines)]) == content(*lines)


@pytest.mark.parametrize(
    ("key", "cells", "expected"),
    [
        ("NER", ("B-PER", "I-PER", "O", "B-LOC"), [("a b", "PER"), ("d", "LOC")]),
        ("Entity", ("S-PER", "B-LOC", "E-LOC", "O"), [("a", "PER"), ("b c", "LOC")]),
        ("SpanLabel", ("I-PER", "B-PER", "O", "O"), [("a", "PER"), ("b", "PER")]),
        ("NE", ("PER", "PER", "", "LOC"), [("a b", "PER"), ("d", "LOC")]),
    ],
)
def test_tags_in_misc_are_spans_and_are_written_back(
    key: str, cells: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    rows = [row(str(n), "abcd"[n - 1], f"X=1|{key}={cell}|Y" if cell else "_") for n, cell in enumerate(cells, 1)]
    doc = read(*rows)
    assert [(text, label) for text, label, _ in spans_of(doc)] == expected
    if key == "NE":  # labels alone cannot say where a span begins: they become tags
        assert spans_of(read(written(ConlluWriter(), [doc]).decode())) == spans_of(doc)
    else:
        assert written(ConlluWriter(), [doc]) == content(*rows)


def test_words_of_a_range_have_tags_of_their_own_or_one() -> None:
    rows = (row("1-2", "Vámonos"), row("1", "Vamos", "NER=B-X"), row("2", "nos", "NER=I-X"), row("3", "a"))
    on_range = (row("1-2", "Vámonos", "NER=B-X"), row("1", "Vamos"), row("2", "nos"), row("3", "a", "NER=I-X"))
    assert spans_of(read(*rows)) == [("Vámonos", "X", "entities")]
    assert spans_of(read(*on_range)) == [("Vámonos a", "X", "entities")]
    for lines in (rows, on_range):
        assert written(ConlluWriter(), [read(*lines)]) == content(*lines)


def test_brackets_of_coreference_are_kept_and_said() -> None:
    rows = ("# global.Entity = eid-etype-head-other", row("1", "Ann", "Entity=(e1-person-1-)"), row("2", "left"))
    records = read_bytes(ConlluReader(), content(*rows))
    assert [record.what for record in records if isinstance(record, Remark)] == [
        "1 brackets in MISC (coreference) are kept as they are, not as spans"
    ]
    (doc,) = documents_in(records)
    assert not len(doc.spans)
    labelled = replace(doc, spans=SpanSet([Span("a", 0, 3, "PER")]))
    assert b"Entity=(e1-person-1-)|NER=B-PER\n" in written(ConlluWriter(), [labelled])
    assert written(ConlluWriter(), [doc]) == content(*rows)


def article(text: str, *spans: Span) -> AnnotatedDocument:
    return AnnotatedDocument(Document("d 1", text, tokens=tokenize_simply(text)), spans=SpanSet(spans))


def test_the_bytes_are_these() -> None:
    doc = article(
        "Ann met Bob.\nShe left ",
        Span("a", 0, 3, "PER"), Span("b", 0, 11, "A|B", layer="ev/ents"),
        Span("c", 8, 16, "X", fragments=((8, 11), (13, 16))), Span("d", 8, 16, "ORG"), Span("e", 0, 3, "NAME"),
    )  # fmt: skip
    assert written(ConlluWriter(), [doc]).decode().split("\n") == [
        "# newdoc id = d 1",
        "# global.Spans = [layer/]label+words[,offset+words...];...",
        "# sent_id = d_1-1",
        "# text = Ann met Bob.",
        row("1", "Ann", "NER=B-PER|Spans=ev%2Fents/A%7CB+3;NAME+1"),
        row("2", "met"),
        row("3", "Bob", "Spans=X+1,2+1;ORG+3|SpaceAfter=No"),
        row("4", ".", "SpacesAfter=\\n"),
        "",
        "# sent_id = d_1-2",
        "# text = She left",
        row("1", "She"),
        row("2", "left", "SpacesAfter=\\s"),
        "",
        "",
    ]


@given(st.lists(carried_documents(), min_size=1, max_size=2))
def test_the_library_reads_what_is_written(docs: list[AnnotatedDocument]) -> None:
    sentences = parsed(written(ConlluWriter(), docs))
    forms = "".join(token["form"] for sentence in sentences for token in sentence)
    assert forms == "".join("".join(doc.document.text.split()) for doc in docs)
    miscs = [token["misc"] or {} for sentence in sentences for token in sentence]
    tagged = sum(misc["NER"].startswith("B-") for misc in miscs if "NER" in misc)
    others = sum(len(misc["Spans"].split(";")) for misc in miscs if "Spans" in misc)
    lost = sum(len(ConlluWriter().losses(doc, OPEN, WriteOptions())) for doc in docs)
    assert tagged + others + lost == sum(len(doc.spans) for doc in docs)


@given(st.data())
def test_spans_added_to_a_treebank_come_back_and_change_nothing_else(data: st.DataObject) -> None:
    (doc, *rest) = documents_in(read_sources([str(PUD)], None, ReadOptions()))
    tokens = doc.document.tokens
    spans = []
    for number in range(data.draw(st.integers(0, 8))):
        first = data.draw(st.integers(0, len(tokens) - 1))
        last = data.draw(st.integers(first, min(first + 5, len(tokens) - 1)))
        layer = data.draw(st.sampled_from(("entities", "events")))
        label = data.draw(st.sampled_from(("PER", "a|b=c;d/e+f,g h%20")))
        spans.append(Span(f"x{number}", tokens.starts[first], tokens.ends[last], label, layer=layer))
    labelled = replace(doc, spans=SpanSet(spans))
    options = WriteOptions(tag_scheme=data.draw(st.sampled_from(("IOB2", "IOB1", "BIOES", "BILOU"))))
    output = written(ConlluWriter(), [labelled, *rest], options=options)
    back, *others = documents_in(read_bytes(ConlluReader(), output))
    assert differences(labelled, back, OPEN, ConlluWriter.holds) == []
    assert [(doc.document.text, len(doc.spans)) for doc in others] == [(doc.document.text, 0) for doc in rest]
    again = replace(back, spans=SpanSet())
    cleared = written(ConlluWriter(), [again, *rest]).replace(
        b"# global.Spans = [layer/]label+words[,offset+words...];...\n", b""
    )
    assert cleared == PUD.read_bytes()


def test_documents_of_several_files_stay_apart() -> None:
    one = replace(read(row("1", "a", "NE=B-X")), document=replace(read(row("1", "a", "NE=B-X")).document, id="one"))
    two = article("b c", Span("s", 0, 1, "Y"))
    back = documents_in(read_bytes(ConlluReader(), written(ConlluWriter(), [one, two])))
    assert [doc.document.id for doc in back] == ["one", "d 1"]
    assert [spans_of(doc) for doc in back] == [[("a", "X", "entities")], [("b", "Y", "entities")]]


def test_other_tokens_than_those_of_the_file_are_written_anew() -> None:
    doc = read(row("1", "New-York", "NER=B-LOC"), row("2", "is"))
    parted = replace(doc, document=replace(doc.document, tokens=tokenize_simply("New York is")))
    assert b"1\tNew-York" in written(ConlluWriter(), [doc])
    text = replace(doc.document, tokens=tokenize_simply("a bc")).text
    assert text == "New-York is"
    assert b"# text = New-York is" in written(ConlluWriter(), [parted])


def test_each_loss_is_named_with_its_reason() -> None:
    doc = article("New York is", Span("a", 0, 2, "X"), Span("b", 0, 4, "X"), Span("c", 0, 8, "X"))
    losses = losses_of(ConlluWriter(), doc, OPEN, WriteOptions())
    assert [(loss.element, loss.reason) for loss in losses] == [("a", CUTS_TOKEN), ("b", EDGE_IS_WHITE)]
    left = what_is_left(doc, ConlluWriter.holds, losses)
    (back,) = documents_in(read_bytes(ConlluReader(), written(ConlluWriter(), [doc])))
    assert differences(left, back, OPEN, ConlluWriter.holds) == []


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        ((row("1", "a"), "2\tb\t_"), 2, "a row has 3 columns instead of 10"),
        (("# c", row("x", "a")), 2, "a row has the id 'x'"),
        ((row("1", ""),), 1, "a row has no form"),
        (("# only a comment",), 1, "there is no word in it"),
    ],
)
def test_a_bad_row_is_one_sentence_and_stops_no_other_document(lines: tuple[str, ...], line: int, reason: str) -> None:
    records = read_bytes(ConlluReader(), content(*lines))
    assert records == [Rejected("some.file", line, reason)]
    both = read_bytes(ConlluReader(), content(*lines, "", "# newdoc id = good", row("1", "b")))
    assert [record.doc.document.text for record in both if isinstance(record, Parsed)] == ["b"]


def test_blanks_for_tabs_byte_order_marks_and_line_ends_are_read() -> None:
    text = "\r\n".join(["# newdoc id = x", row("1", "Ärger").replace("\t", "  "), row("2", "da"), ""])
    (doc,) = documents_in(read_bytes(ConlluReader(), text.encode("utf-8-sig")))
    assert (doc.document.id, doc.document.text) == ("x", "Ärger da")


@given(st.binary(max_size=200) | st.text("#12-.\t\n_a=|NER", max_size=80).map(str.encode))
def test_no_bytes_raise(data: bytes) -> None:
    records = read_bytes(ConlluReader(), data)
    assert records
    docs = [record.doc for record in records if isinstance(record, Parsed)]
    written(ConlluWriter(), docs)


def test_it_is_known_by_its_rows_whatever_the_suffix() -> None:
    head = PUD.read_bytes()[:8192]
    for name in ("a.conllu", "a.conll", "a.txt", "-"):
        assert guess_format(Source(name, name, PUD.open, name), head).name == "conllu"  # type: ignore[arg-type]
