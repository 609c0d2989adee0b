"""PDF, DOCX and ODT come in as text in reading order; what is not in the text is said; damage is one sentence."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QPdfWriter, QTextDocument
from PySide6.QtWidgets import QApplication

from annotator.domain.text import Document
from annotator.formats.documents import office_zip
from annotator.formats.documents.docx_reader import DocxReader
from annotator.formats.documents.odt_reader import OdtReader
from annotator.formats.documents.pdf_reader import PdfReader
from annotator.formats.documents.xlsx_reader import XlsxReader
from annotator.formats.shapes import Reader, Rejected, Remark
from tests.formats import paper
from tests.formats.reading import documents_in, read_bytes


def read(reader: Reader, content: bytes) -> Document:
    return documents_in(read_bytes(reader, content))[0].document


def remarks(reader: Reader, content: bytes) -> list[str]:
    return [one.what for one in read_bytes(reader, content) if isinstance(one, Remark)]


def refusal(reader: Reader, content: bytes) -> str:
    (record,) = read_bytes(reader, content)
    assert isinstance(record, Rejected)
    return record.reason


def test_a_pdf_comes_in_page_by_page_with_its_title() -> None:
    content = paper.pdf([["Ann met Bob in a cof-", "fee house (Roma)."], ["", "Second page – naïve."]], title="A title")
    document = read(PdfReader(), content)
    assert document.text == "Ann met Bob in a cof-\nfee house (Roma).\n\nSecond page – naïve."
    assert (document.title, document.meta["author"]) == ("A title", "C. D.")
    assert document.extra["pdf"] == {"pages": [0, document.text.index("Second")]}
    assert remarks(PdfReader(), content) == ["1 lines end in a hyphen; words that are cut there are left as they stand"]


def test_a_pdf_that_qt_wrote_comes_in_in_any_alphabet(qapp: QApplication, tmp_path: Path) -> None:
    writer = QPdfWriter(str(tmp_path / "a.pdf"))
    writer.setTitle("Τίτλος")
    page = QTextDocument()
    page.setPlainText("Ann met Bob – naïve.\nПривет, мир!")
    page.print_(writer)
    del writer
    document = read(PdfReader(), (tmp_path / "a.pdf").read_bytes())
    assert document.title == "Τίτλος"
    assert [" ".join(line.split()) for line in document.text.splitlines() if line.strip()] == [
        "Ann met Bob – naïve.", "Привет, мир!", "1"
    ]  # fmt: skip
    assert "\t" not in document.text


def test_pages_without_text_are_named_and_a_pdf_of_pictures_is_refused() -> None:
    assert remarks(PdfReader(), paper.pdf([["Text."], [], []])) == ["2 of 3 pages have no text (page 2, 3)"]
    assert refusal(PdfReader(), paper.pdf([[], []])) == (
        "its pages have no text, they are most likely scanned pictures; run text recognition on it first"
    )


def test_a_page_that_would_fill_the_memory_is_refused() -> None:
    bomb = paper.pdf([["Ann met Bob."]]).replace(b"/Length", b"/Filter /FlateDecode /Length")
    stream = zlib.compress(b"(x) Tj T* " * 10_000_000, 9)
    start, end = bomb.index(b"stream\n") + 7, bomb.index(b"\nendstream")
    content = bomb[:start] + stream + bomb[end:]
    length = re.compile(rb"/Length \d+")
    assert "unpacks to far more" in refusal(PdfReader(), length.sub(b"/Length %d" % len(stream), content))


def test_a_pdf_with_a_password_is_refused_and_one_that_only_forbids_is_not() -> None:
    assert refusal(PdfReader(), paper.pdf([["Text."]], password="secret")) == (
        "it is encrypted with a password; save a copy without one and import that"
    )
    assert "no PDF" in refusal(PdfReader(), b"hello")


def test_a_word_document_of_a_real_library_comes_in_in_order() -> None:
    made = python_docx.Document()
    made.core_properties.title, made.core_properties.author = "A title", "C. D."
    made.add_heading("Ann met Bob", 1)
    made.add_paragraph("In ").add_run("Roma").bold = True
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ("a", "b\nc", "", "d"), strict=True):
        cell.text = text
    made.add_paragraph("one", style="List Bullet")
    target = io.BytesIO()
    made.save(target)
    document = read(DocxReader(), target.getvalue())
    assert document.text == "Ann met Bob\nIn Roma\na\tb c\n\td\none"
    assert (document.title, document.meta["author"]) == ("A title", "C. D.")


def test_tracked_changes_count_as_accepted_and_what_is_left_out_of_a_word_document_is_said() -> None:
    body = """<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Ann </w:t></w:r><w:ins><w:r><w:t>met</w:t></w:r></w:ins>
    <w:del><w:r><w:delText>saw</w:delText></w:r></w:del><w:hyperlink><w:r><w:t xml:space="preserve"> Bob</w:t></w:r>
    </w:hyperlink><w:r><w:footnoteReference/><w:commentReference/><w:tab/><w:t>x</w:t><w:br/><w:t>y</w:t></w:r></w:p>
    <w:sdt><w:sdtContent><w:p><w:r><w:t>held</w:t></w:r></w:p></w:sdtContent></w:sdt>
    <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>
    </mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Fallback>
    </mc:AlternateContent></w:r></w:p><w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>in</w:t></w:r></w:p></w:tc>
    </w:tr></w:tbl></w:tc><w:tc><w:p><w:r><w:t>out</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"""
    content = paper.docx(body, {"word/header1.xml": "<x/>"})
    assert read(DocxReader(), content).text == "Ann met Bob\tx\ny\nheld\n\nbox\nin\tout"
    assert remarks(DocxReader(), content) == [
        "comments are not in the text (1)",
        "footnotes are not in the text (1)",
        "numbers and bullets of lists are not in the text (1)",
        "changes that were tracked are taken as accepted (1 deletions)",
        "headers and footers of the pages are not in the text",
    ]


def test_an_opendocument_text_comes_in_in_order() -> None:
    body = """<text:tracked-changes><text:changed-region><text:p>gone</text:p></text:changed-region>
    </text:tracked-changes><text:h>Ann met
    Bob</text:h><text:p>In<text:s text:c="2"/><text:span>Roma</text:span><text:note><text:note-body>
    <text:p>note</text:p></text:note-body></text:note>.<text:tab/>x<text:line-break/>y</text:p><text:list><text:list-item><text:p>one</text:p>
    </text:list-item></text:list><table:table><table:table-header-rows><table:table-row><table:table-cell>
    <text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>
    </table:table-header-rows></table:table>"""
    meta = f"<office:document-meta {paper.ODF} {paper.DC}><dc:title>A title</dc:title></office:document-meta>"
    content = paper.odt(body, {"meta.xml": meta})
    document = read(OdtReader(), content)
    assert document.text == "Ann met Bob\nIn  Roma.\tx\ny\none\na\tb"
    assert document.title == "A title"
    assert remarks(OdtReader(), content) == [
        "deletions and other tracked changes are not in the text (1)",
        "footnotes and endnotes are not in the text (1)",
    ]


READERS: list[tuple[Callable[[], Reader], bytes]] = [
    (DocxReader, paper.docx("<w:p><w:r><w:t>Ann met Bob.</w:t></w:r></w:p>" * 20)),
    (OdtReader, paper.odt("<text:p>Ann met Bob.</text:p>" * 20)),
    (XlsxReader, paper.xlsx([["id", "text"], *([number, "Ann met Bob."] for number in range(20))])),
    (PdfReader, paper.pdf([["Ann met Bob."], ["More."]], title="T")),
]


@pytest.mark.parametrize(("make", "content"), READERS, ids=lambda one: getattr(one, "__name__", ""))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_damage_is_a_sentence_and_never_an_exception(
    make: Callable[[], Reader], content: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content)
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(content)), st.integers(0, 255)), max_size=8)):
        if at < len(damaged):
            damaged[at] = byte
    for record in read_bytes(make(), bytes(damaged)):
        if isinstance(record, Rejected):
            assert record.reason
            assert "\n" not in record.reason


XML = (
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "x", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>",
    "</w:tc>", "<w:del>", "</w:del>", "<w:br/>", "&amp;", "&x;", "<", "<w:sdt><w:sdtContent>",
)  # fmt: skip


@given(st.lists(st.sampled_from(XML), max_size=30).map("".join))
def test_any_xml_is_a_text_or_a_sentence(body: str) -> None:
    assert read_bytes(DocxReader(), paper.docx(body))


@pytest.mark.parametrize("make", [DocxReader, OdtReader, XlsxReader])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is damaged or no office file: it cannot be unpacked"),
        (b"PK\x03\x04 and so on", "it is damaged or no office file: it cannot be unpacked"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
            "it is encrypted or of an old office program; save it without a password in the new format",
        ),
    ],
)
def test_what_is_no_office_file_is_refused_with_the_reason(
    make: Callable[[], Reader], content: bytes, reason: str
) -> None:
    assert refusal(make(), content) == reason


def test_parts_that_would_fill_the_memory_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_zip, "MAX_PART_BYTES", 1_000_000)
    bomb = paper.docx(" " * 2_000_000)
    assert len(bomb) < 10_000
    assert "unpacks to more than" in refusal(DocxReader(), bomb)
    many = paper.zipped({f"part{number}": b"" for number in range(50)})
    monkeypatch.setattr(office_zip, "MAX_PARTS", 40)
    assert refusal(DocxReader(), many) == "it has more than 40 parts"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(encoding: str) -> None:
    xml = f"{ENTITIES}<w:document {paper.W}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    content = paper.zipped({"word/document.xml": xml.encode(encoding)})
    assert refusal(DocxReader(), content) == "it declares a document type, which no office program writes"


def test_entities_in_a_workbook_are_refused() -> None:
    assert "none that a spreadsheet writes" in refusal(
        XlsxReader(), paper.zipped({"xl/workbook.xml": ENTITIES + "<x>&b;</x>"})
    )


def test_xml_that_is_nested_without_end_is_refused() -> None:
    deep = "<w:sdt>" * 5_000 + "</w:sdt>" * 5_000
    assert refusal(DocxReader(), paper.docx(deep)) == "its XML is nested more than 200 deep"


def test_a_document_without_text_is_refused() -> None:
    assert refusal(DocxReader(), paper.docx("<w:p/>")) == "the document has no text"
    assert refusal(DocxReader(), paper.zipped({"a": b""})) == "it has no word/document.xml, so it is no such document"
