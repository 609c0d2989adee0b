"""Columns as other tools write them: borders, tag schemes, dirty sequences, odd columns, damage."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.training.iob_utils import iob_to_biluo, tags_to_entities

from annotator.domain.projects import AnnotatedDocument
from annotator.formats.conll.columns_reader import ColumnsReader
from annotator.formats.conll.columns_writer import ConllWriter
from annotator.formats.conll.lines import GUESSED
from annotator.formats.conll.tags import TagProfile, TagReader
from annotator.formats.registry import find_reader, guess_format
from annotator.formats.shapes import ReadOptions, Rejected, Remark, Source, WriteOptions
from annotator.formats.sources import read_sources
from annotator.formats.text import TextReader
from tests.formats.conlleval import phrases
from tests.formats.documents import exported_documents
from tests.formats.reading import OPEN, documents_in, read_bytes, written

DATA = Path(__file__).parents[1] / "data" / "formats" / "conll"
SCHEMES = tuple(WriteOptions(tag_scheme=name) for name in ("IOB2", "IOB1", "BIOES", "BILOU"))


def read(*lines: str) -> list[AnnotatedDocument]:
    return documents_in(read_bytes(ColumnsReader(), "\n".join(lines).encode()))


def remarks(*lines: str) -> list[str]:
    records = read_bytes(ColumnsReader(), "\n".join(lines).encode())
    return [record.what for record in records if isinstance(record, Remark)]


def spans_of(doc: AnnotatedDocument) -> list[tuple[str, str]]:
    return [(doc.document.text[span.start : span.end], span.label) for span in doc.spans]


def rows(pairs: str) -> list[str]:
    """``a/B-X b/O`` as lines."""
    return [pair.replace("/", " ") for pair in pairs.split()]


@pytest.mark.parametrize(
    ("pairs", "expected", "said"),
    [
        ("a/B-X b/I-X c/O d/B-Y", [("a b", "X"), ("d", "Y")], []),
        ("a/I-X b/B-X c/O d/I-Y", [("a", "X"), ("b", "X"), ("d", "Y")], ["the tags are IOB1"]),
        ("a/I-X b/I-Y c/O", [("a", "X"), ("b", "Y")], ["the tags do not say where"]),
        ("a/S-X b/B-X c/E-X d/O", [("a", "X"), ("b c", "X")], ["the tags are BIOES"]),
        ("a/U-X b/B-X c/I-X d/L-X e/O", [("a", "X"), ("b c d", "X")], ["the tags are BILOU"]),
        ("a/W-X b/B-X c/M-X d/E-X e/O", [("a", "X"), ("b c d", "X")], ["the tags are BMEWO"]),
        ("a/S-X b/B-X c/M-X d/E-X e/O", [("a", "X"), ("b c d", "X")], ["the tags are BMES"]),
        ("a/X b/X c/O d/Y e/X f/O g/O", [("a b", "X"), ("d", "Y"), ("e", "X")], ["the tags do not say where"]),
        ("a/B b/I c/O d/B", [("a b", "ENTITY"), ("d", "ENTITY")], ["3 tags without a label"]),
        ("a/B-X b/O c/I-X d/I-Y", [("a", "X"), ("c", "X"), ("d", "Y")], ["2 spans begin without B-"]),
        ("a/B-X b/O c/S-X d/I-X e/E-X", [("a", "X"), ("c", "X"), ("d e", "X")],
         ["the tags are BIOES", "1 spans begin without B-", "1 spans end without E-"]),
    ],
)  # fmt: skip
def test_each_tag_scheme_is_told_and_read(pairs: str, expected: list[tuple[str, str]], said: list[str]) -> None:
    (doc,) = read(*rows(pairs))
    assert spans_of(doc) == expected
    told = remarks(*rows(pairs))
    assert len(told) == len(said)
    assert all(one.startswith(start) for one, start in zip(told, said, strict=True))


@given(st.lists(st.sampled_from(["O", *(f"{edge}-{label}" for edge in "BIES" for label in "XY")]), max_size=12))
def test_any_sequence_has_the_spans_that_conlleval_counts(cells: list[str]) -> None:
    profile = TagProfile()
    profile.note(cells)
    found = Counter(chunk.label for chunk in TagReader(profile).chunks(cells))
    assert found == phrases("\n".join(f"w {cell}" for cell in cells))


@pytest.mark.parametrize("options", SCHEMES, ids=lambda one: one.tag_scheme)
@given(doc=exported_documents())
def test_what_is_written_in_any_scheme_is_what_conlleval_and_spacy_count(
    doc: AnnotatedDocument, options: WriteOptions
) -> None:
    content = written(ConllWriter(), [doc], options=options).decode()
    if options.tag_scheme == "BILOU":  # which conlleval does not know: it is BIOES by other letters
        content = re.sub(
            r" ([LU])-(\S+)$", lambda found: f" {'ES'['LU'.index(found[1])]}-{found[2]}", content, flags=re.M
        )
    lost = {loss.element for loss in ConllWriter().losses(doc, OPEN, options)}
    counted = phrases(content)
    named = Counter({unquote(label): count for label, count in counted.items()})
    assert named == Counter(span.label for span in doc.spans if span.id not in lost)
    found = Counter[str]()
    for block in content.split("\n\n"):
        tags = [line.split(" ")[3] for line in block.split("\n") if line]
        letters = [re.sub("^[ES]-", lambda edge: {"E": "L-", "S": "U-"}[edge[0][0]], tag) for tag in tags]
        found.update(label for label, _, _ in tags_to_entities(iob_to_biluo(letters)))
    assert found == counted


@pytest.mark.parametrize("options", SCHEMES, ids=lambda one: one.tag_scheme)
def test_neighbours_of_one_label_stay_two(options: WriteOptions) -> None:
    (doc,) = read("a B-X", "b B-X", "c I-X", "d B-Y", "e O", "f B-X")
    (back,) = documents_in(read_bytes(ColumnsReader(), written(ConllWriter(), [doc], options=options)))
    assert spans_of(back) == spans_of(doc) == [("a", "X"), ("b c", "X"), ("d", "Y"), ("f", "X")]


def test_iob1_is_written_as_in_2003() -> None:
    (doc,) = read("a B-X", "b B-X", "c I-X", "d O")
    content = written(ConllWriter(), [doc], options=WriteOptions(tag_scheme="IOB1")).decode()
    assert [line.split(" ")[3] for line in content.split("\n")[2:6]] == ["I-X", "B-X", "I-X", "O"]


def test_borders_begin_documents_with_their_ids() -> None:
    docs = read(
        "-DOCSTART- -X- -X- O", "", "a NNP B-NP B-X", "", "-DOCSTART- (947 CRICKET) -X- O", "", "b NNP B-NP O", "",
        "-DOCSTART- -X- O O", "", "-DOCSTART- doc7", "c NNP B-NP O",
    )  # fmt: skip
    assert [doc.document.id for doc in docs] == ["some-1", "947 CRICKET", "doc7"]
    assert [doc.document.text for doc in docs] == ["a", "b", "c"]


def test_columns_between_word_and_tag_are_kept_and_written_back() -> None:
    (doc,) = read("EU NNP B-NP B-ORG", "rejects VBZ B-VP O", "", "Peter NNP B-NP B-PER")
    content = written(ConllWriter(), [doc]).decode()
    assert content.split("\n")[2:] == ["EU NNP B-NP B-ORG", "rejects VBZ B-VP O", "", "Peter NNP B-NP B-PER", "", ""]


def test_a_comment_gives_the_text_and_a_hash_may_be_a_word() -> None:
    docs = read(
        "# newdoc id = n1", "# sent_id = 1", "# text = Don't go.", "Do O", "n't O", "go B-X", ". O", "", "# O", "a O"
    )
    (doc,) = docs
    assert doc.document.text == "Don't go.\n# a"
    assert (doc.document.id, doc.document.meta) == ("n1", {"sent_id": "1"})
    assert spans_of(doc) == [("go", "X")]


def test_percent_codes_of_other_tools_are_words() -> None:
    (doc,) = read("100%25 O", "a%20b B-X", "c O")
    assert doc.document.text == "100%25 a%20b c"
    (own,) = read("-DOCSTART- -X- _ O", "", "a%20b -X- _ B-X")
    assert own.document.text == "a b"


def test_columns_are_found_by_what_is_in_them() -> None:
    (numbered,) = read("1\tUnited\tB-LOC\t-\tblvns", "2\tStates\tI-LOC\t-\tblvns", "3\t.\tO\t-\t-")
    assert spans_of(numbered) == [("United States", "LOC")]
    (nested,) = read("#\thttp [2009]", "1\tUni\tB-ORG\tO", "2\tBonn\tI-ORG\tB-LOC", "3\t.\tO\tO")
    assert sorted(spans_of(nested)) == [("Bonn", "LOC"), ("Uni Bonn", "ORG")]
    (piped,) = read("I|O love|O New|B-LOC York|I-LOC", "Me|O too|O")
    assert (piped.document.text, spans_of(piped)) == ("I love New York\nMe too", [("New York", "LOC")])
    (spaced,) = read("New York\tB-LOC", "is\tO", "big\tO")
    assert spans_of(spaced) == [("New York", "LOC")]
    (with_nbsp,) = read("10\u00a0000 B-NUM", "\u200b O", "is O")
    assert spans_of(with_nbsp) == [("10\u00a0000", "NUM")]


def test_odd_rows_are_taken_and_said() -> None:
    assert remarks("a O O", "b O B-X", "c O O", "d", " \u00a0 O O") == [
        "1 lines have no tag; their words were taken without a label",
        "1 lines have more or fewer columns than the others",
        "1 lines have a tag but no word; they were left out",
    ]


@pytest.mark.parametrize(
    ("name", "documents", "words", "labels"),
    [
        ("uner_en_pud.iob2", 4, 273, {"LOC": 6, "ORG": 5, "PER": 2}),
        ("wikigold.conll.txt", 3, 1886, {"MISC": 23, "PER": 20, "LOC": 60, "ORG": 29}),
    ],
)
def test_real_files_come_back_as_they_are(name: str, documents: int, words: int, labels: dict[str, int]) -> None:
    docs = documents_in(read_sources([str(DATA / name)], None, ReadOptions()))
    assert len(docs) == documents
    assert sum(len(doc.document.tokens) for doc in docs) == words
    assert Counter(span.label for doc in docs for span in doc.spans) == labels
    again = documents_in(read_bytes(ColumnsReader(), written(ConllWriter(), docs)))
    assert [spans_of(doc) for doc in again] == [spans_of(doc) for doc in docs]
    assert [doc.document.id for doc in again] == [doc.document.id for doc in docs]
    once_more = documents_in(read_bytes(ColumnsReader(), written(ConllWriter(), again)))
    assert once_more == again
    assert phrases(written(ConllWriter(), docs).decode()) == labels


def named(name: str) -> Source:
    return Source(name, name, io.BytesIO, name)


def test_text_and_tables_are_not_taken_for_columns() -> None:
    prose = b"O brave new world\nThat has such people in it\nO\n\nI say O\n"
    assert isinstance(find_reader(guess_format(named("a.txt"), prose).name), TextReader)
    assert isinstance(find_reader(guess_format(named("a.txt"), b"One\nTwo words here\n").name), TextReader)
    assert guess_format(named("a.txt"), b"Ann B-PER\nwent O\nhome O\n").name == "conll2003"
    assert guess_format(named("a.tsv"), b"Ann\tB-PER\nwent\tO\nhome\tO\n").name == "conll2003"
    assert guess_format(named("-"), b"-DOCSTART- -X- O O\n\nAnn NNP O B-PER\n").name == "conll2003"
    cut_off = b"Ann B-PER\n" * 9 + b"went"
    assert guess_format(named("a.txt"), cut_off).name == "text"  # there is no O in it
    assert guess_format(named("a.txt"), b"home O\n" + cut_off).name == "conll2003"
    assert guess_format(named("a.tsv"), b"id\ttext\n1\tAnn went home\n2\tBob\n").name == "csv"


DAMAGE = {
    "empty": b"",
    "blank": b"\n \n\n",
    "borders only": b"-DOCSTART- -X- -X- O\n\n",
    "no tags": b"Ann went home\nBob stayed there\n",
    "one column": b"Ann\nwent\nhome\n",
    "binary": b"\x00\x01\x02" * 50,
    "a huge line": b"a" * 2_000_000 + b" O\n",
    "half a character": "Ärger B-X\nübel O\nöder O\nÖl B-Y\n".encode()[:-6] + b"\xff\xfe\x81",
    "utf-16 without a mark": "a B-X\n".encode("utf-16-le"),
}


@pytest.mark.parametrize("content", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_one_sentence(content: bytes) -> None:
    records = read_bytes(ColumnsReader(), content)
    assert [type(record) for record in records if not isinstance(record, Remark)] == [Rejected]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_are_read(encoding: str, line_end: str) -> None:
    content = line_end.join(["Ärger B-X", "ist O", "", "da O", ""]).encode(encoding)
    (doc,) = documents_in(read_bytes(ColumnsReader(), content))
    assert doc.document.text == "Ärger ist\nda"
    assert list(doc.document.tokens.sentence_starts) == [0, 2]
    assert spans_of(doc) == [("Ärger", "X")]


def test_a_guessed_encoding_is_said() -> None:
    records = read_bytes(ColumnsReader(), "Ärger B-X\nist O\n".encode("cp1252"))
    assert [record.what for record in records if isinstance(record, Remark)] == [GUESSED]


@given(st.binary(max_size=200) | st.text(" \n\t#O-BIESX%a", max_size=60).map(str.encode))
def test_no_bytes_raise(content: bytes) -> None:
    records = read_bytes(ColumnsReader(), content)
    assert records
    assert all(not isinstance(record, Rejected) or record.reason for record in records)
