"""Tables: one document a row, the text in the column that was chosen or that looks like it, everything else kept."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document, Json
from annotator.formats.documents import csv_rows
from annotator.formats.documents.csv_reader import CsvReader
from annotator.formats.documents.csv_writer import CsvWriter
from annotator.formats.documents.own_rows import guarded, unguarded
from annotator.formats.documents.xlsx_reader import XlsxReader
from annotator.formats.shapes import Parsed, Reader, ReadOptions, Rejected, Remark, TableFound
from annotator.formats.sources import read_sources
from tests.formats import paper
from tests.formats.reading import documents_in, read_bytes, written

NEWS = """Key;Headline;Body;Topic;Year
a1;Ann;Ann met Bob in Rome, and again in Oslo.;politics;2020
a2;Bob;"Bob said: ""No.""
And left.";sport;2021
"""


def read(content: str | bytes, *columns: tuple[str, str], reader: Reader | None = None) -> list[AnnotatedDocument]:
    plain = content if isinstance(content, bytes) else content.encode()
    return documents_in(read_bytes(reader or CsvReader(), plain, ReadOptions(columns=columns)))


def texts(docs: list[AnnotatedDocument]) -> list[str]:
    return [doc.document.text for doc in docs]


def test_columns_are_taken_by_their_names_and_the_rest_is_metadata() -> None:
    first, second = read(NEWS)
    assert (first.document.id, first.document.title) == ("a1", "Ann")
    assert first.document.text == "Ann met Bob in Rome, and again in Oslo."
    assert first.document.meta == {"Topic": "politics", "Year": "2020"}
    assert second.document.text == 'Bob said: "No."\nAnd left.'


def test_what_was_chosen_counts_and_a_column_can_be_the_document_label() -> None:
    first, _ = read(NEWS, ("text", "Headline"), ("label", "topic"), ("id", "5"), ("annotator", "Key"))
    assert (first.document.text, first.document.id, first.annotator, dict(first.cats)) == (
        "Ann", "2020", "a1", {"politics": 1.0}
    )  # fmt: skip
    assert first.document.meta == {"Body": "Ann met Bob in Rome, and again in Oslo."}


def test_the_columns_and_the_guess_are_told() -> None:
    found, remark, *_ = read_bytes(CsvReader(), NEWS.encode())
    assert found == TableFound("some.file", ("Key", "Headline", "Body", "Topic", "Year"), "Body")
    assert isinstance(remark, Remark)
    assert remark.what.startswith("the text is taken from the column 'Body'; another one can be chosen")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ((("text", "Corpus"),), "there is no column 'Corpus'; the columns are Key, Headline, Body, Topic, Year"),
        ((("text", "6"),), "there is no column '6'; the columns are Key, Headline, Body, Topic, Year"),
        (
            (("txt", "Body"),),
            "a table has no 'txt'; choose columns for text, id, title, label, annotator, language, note",
        ),
        ((("text", "1"), ("text", "2")), "only one column can be the text"),
    ],
)
def test_a_choice_that_is_not_there_is_refused_with_what_there_is(
    columns: tuple[tuple[str, str], ...], reason: str
) -> None:
    assert read_bytes(CsvReader(), NEWS.encode(), ReadOptions(columns=columns)) == [Rejected("some.file", 1, reason)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("pos,Ann met Bob in Rome.\nneg,Bob was in Oslo then.\n", ["Ann met Bob in Rome.", "Bob was in Oslo then."]),
        (
            "Ann met Bob, at last.\nNobody else, as it were, came.\n",
            ["Ann met Bob, at last.", "Nobody else, as it were, came."],
        ),
        ("text\nAnn met Bob, at last.\nShe left.\n", ["Ann met Bob, at last.", "She left."]),
        ('word\tn\n"\t1\nAnn\t2\n', ['"', "Ann"]),
        ("a|b\nx|Ann met Bob in Rome today\n", ["Ann met Bob in Rome today"]),
        ('id,text\r\n1,"one\r\ntwo"\r\n', ["one\r\ntwo"]),
        ("nummer,wert\n1,2\n", ["1"]),
        ("id,text\n1,one\x85two\u2028three\x0bfour\n", ["one\x85two\u2028three\x0bfour"]),
    ],
)
def test_delimiters_quotes_and_headers_are_found_out(content: str, found: list[str]) -> None:
    assert texts(read(content)) == found


def test_an_article_longer_than_what_is_looked_at_does_not_hide_the_delimiter() -> None:
    text = "one, two; three\n" * 20_000
    assert texts(read(f'id,text\n1,"{text}"\n2,x\n')) == [text, "x"]


def test_a_table_without_names_is_chosen_by_number() -> None:
    docs = read("x,Ann met Bob in Rome.,pos\ny,Bob was in Oslo then.,neg\n", ("text", "2"), ("label", "3"), ("id", "1"))
    assert [(doc.document.id, doc.document.text, list(doc.cats)) for doc in docs] == [
        ("x", "Ann met Bob in Rome.", ["pos"]), ("y", "Bob was in Oslo then.", ["neg"])
    ]  # fmt: skip


def test_bad_rows_are_refused_with_their_lines_and_stop_no_other() -> None:
    content = 'id,text\n1,"one\ntwo"\n2,\n3,three,more\n\n4\n5,five\n'
    records = read_bytes(CsvReader(), content.encode(), ReadOptions(columns=(("text", "text"),)))
    assert [(type(one).__name__, one.line) for one in records if isinstance(one, Parsed | Rejected)] == [
        ("Parsed", 2), ("Rejected", 4), ("Rejected", 5), ("Rejected", 7), ("Parsed", 8)
    ]  # fmt: skip
    assert [one.reason for one in records if isinstance(one, Rejected)] == [
        "the column 'text' is empty here",
        "the row has 3 cells and the table 2 columns",
        "the column 'text' is empty here",
    ]
    assert [one.what for one in records if isinstance(one, Remark)] == [
        "rows have fewer cells than the table has columns; the missing ones are empty"
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_a_table_may_be_in_any_encoding(encoding: str) -> None:
    rows = "\n".join(f"{number};Вчера в Москве президент встретился с министрами." for number in range(9))
    docs = read(f"id;text\n{rows}\n".encode(encoding))
    assert set(texts(docs)) == {"Вчера в Москве президент встретился с министрами."}
    assert ("guessed" in str(docs[0].document.meta.get("encoding"))) == (encoding in ("cp1251", "koi8-r"))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x89PNG\0\0", b"\xff\xfea", b"text\n"])
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes) -> None:
    records = read_bytes(CsvReader(), content)
    assert any(isinstance(one, Rejected) for one in records)
    assert not any(isinstance(one, Parsed) for one in records)


def test_a_quote_that_is_not_closed_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "MAX_CELL_CHARS", 1024 * 1024)
    content = 'id,text\n1,one\n2,"two\n' + "3,three\n" * 200_000
    records = read_bytes(CsvReader(), content.encode())
    assert any(isinstance(one, Rejected) and "a quote is not closed" in one.reason for one in records)
    assert any(isinstance(one, Parsed) and one.doc.document.text == "one" for one in records)


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_sentences(content: bytes) -> None:
    assert read_bytes(CsvReader(), content)


def test_a_workbook_is_read_with_its_numbers_dates_and_flags() -> None:
    rows: list[list[Any]] = [
        ["id", "text", "year", "when", "ok"],
        [1, "Ann met Bob.", 2020.5, date(2020, 5, 9), True],
        [None] * 5,
        [2.0, 7],
    ]
    content = paper.xlsx(rows, others=["Notes"])
    records = read_bytes(XlsxReader(), content)
    docs = documents_in(records)
    assert [(doc.document.id, doc.document.text) for doc in docs] == [("1", "Ann met Bob."), ("2", "7")]
    assert docs[0].document.meta == {"year": 2020.5, "when": "2020-05-09T00:00:00", "ok": True}
    assert [one.line for one in records if isinstance(one, Parsed)] == [2, 4]
    assert "only the sheet 'Sheet' is read; there are 'Notes' beside it" in [
        one.what for one in records if isinstance(one, Remark)
    ]
    (refused,) = read_bytes(XlsxReader(), content, ReadOptions(columns=(("sheet", "X"),)))
    assert isinstance(refused, Rejected)
    assert refused.reason == "there is no sheet 'X'; the sheets are Sheet, Notes"


@given(st.text())
def test_a_cell_that_looks_like_a_formula_is_guarded_and_comes_back(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


DOC = AnnotatedDocument(
    Document("d1", "=1+1 – Ann met\r\nBob", "-Title", "en", {"year": 2020}, {"_hash": [1]}),
    "alice",
    SpanSet([Span("s0", 7, 10, "PER", note="=x", score=0.5), Span("s1", 16, 19, "PER", attributes={"sure": True})]),
    {"r0": Relation("r0", "s0", "s1", "MET")},
    {"politics": 1.0},
    Status.FLAGGED,
    "'=a note",
    "look",
)


def test_what_is_written_comes_back_whole_and_a_spreadsheet_sees_no_formula() -> None:
    content = written(CsvWriter(), [DOC])
    assert content.startswith(b"\xef\xbb\xbfid,text,title,language,labels,spans,relations,annotator,status,")
    _, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row[:3] == ["d1", "'=1+1 – Ann met\r\nBob", "'-Title"]
    (back,) = documents_in(read_bytes(CsvReader(), content))
    assert (back.document.text, back.document.title, back.note) == (DOC.document.text, "-Title", "'=a note")
    assert list(back.spans) != []
    assert (back.status, back.status_reason, dict(back.cats)) == (Status.FLAGGED, "look", {"politics": 1.0})
    meta: dict[str, Json] = dict(back.document.meta)
    assert (meta, dict(back.document.extra), back.document.language) == ({"year": 2020}, {"_hash": [1]}, "en")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_that_excel_saved_again_is_still_ours(tmp_path: Path, delimiter: str) -> None:
    content = written(CsvWriter(), [DOC]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    saved = io.StringIO(newline="")
    csv.writer(saved, delimiter=delimiter).writerows([*row, ("remark", "good")[at]] for at, row in enumerate(rows))
    (tmp_path / "a.csv").write_bytes(saved.getvalue().encode("utf-8-sig"))
    (back,) = documents_in(read_sources([str(tmp_path)], None, ReadOptions()))
    assert back.document.text == DOC.document.text
    assert back.document.meta == {"year": 2020, "remark": "good"}


def test_a_cell_that_was_cut_off_is_a_sentence() -> None:
    content = written(CsvWriter(), [DOC, DOC]).decode().replace('""label"":""PER""', "", 1)
    records = read_bytes(CsvReader(), content.encode())
    assert [type(one) for one in records] == [Rejected, Parsed]
    assert isinstance(records[0], Rejected)
    assert records[0].reason.startswith("the cell under 'spans' is no valid JSON")
