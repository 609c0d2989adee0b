"""Texts as people have them: web pages, PDF, word processors, tables."""

from __future__ import annotations

import codecs

from annotator.formats.documents.columns import OWN
from annotator.formats.shapes import FileWriter, Format, Reader, Source

CSV_LOSES: tuple[str, ...] = (
    "tokens: they are made anew",
    "a cell that begins with = + - @ stands behind an apostrophe, so that no spreadsheet takes it for a formula; "
    "reading it here takes the apostrophe away",
)


def _html_reader() -> Reader:
    from annotator.formats.documents.html_reader import HtmlReader

    return HtmlReader()


def _pdf_reader() -> Reader:
    from annotator.formats.documents.pdf_reader import PdfReader

    return PdfReader()


def _docx_reader() -> Reader:
    from annotator.formats.documents.docx_reader import DocxReader

    return DocxReader()


def _odt_reader() -> Reader:
    from annotator.formats.documents.odt_reader import OdtReader

    return OdtReader()


def _csv_reader() -> Reader:
    from annotator.formats.documents.csv_reader import CsvReader

    return CsvReader()


def _csv_writer() -> FileWriter:
    from annotator.formats.documents.csv_writer import CsvWriter

    return CsvWriter()


def _xlsx_reader() -> Reader:
    from annotator.formats.documents.xlsx_reader import XlsxReader

    return XlsxReader()


def _recognises_table(_source: Source, head: bytes) -> int:
    """Any table by its suffix; one that Annotator wrote by its names of columns, whatever saved it since."""
    first = head.removeprefix(codecs.BOM_UTF8).splitlines()[:1]
    names = [first[0].replace(delimiter, b",") for delimiter in (b";", b"\t")] if first else []
    return 9 if any(one.startswith(",".join(OWN).encode()) for one in names) else 1


FORMATS = (
    Format("csv", "Tables, a document a row", (".csv", ".tsv"), _csv_reader, _csv_writer, CSV_LOSES, _recognises_table),
    Format("xlsx", "Excel workbooks, a document a row", (".xlsx", ".xlsm"), _xlsx_reader, extra="documents"),
    Format("docx", "Word documents", (".docx", ".docm"), _docx_reader),
    Format("odt", "OpenDocument texts", (".odt",), _odt_reader),
    Format("pdf", "PDF", (".pdf",), _pdf_reader, extra="documents"),
    Format("html", "Web pages", (".html", ".htm", ".xhtml"), _html_reader),
)
