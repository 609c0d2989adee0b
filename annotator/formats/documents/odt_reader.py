"""ODT: paragraphs, headings, lists and tables in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Json
from annotator.formats.documents.office_zip import NotOffice, OfficeFile
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_META_NAMES = {f"{_DC}creator": "author", f"{_DC}subject": "subject", f"{_DC}date": "changed"}
_LEFT_OUT = {f"{_TEXT}note": "footnotes and endnotes", f"{_OFFICE}annotation": "comments",
    f"{_DRAW}image": "pictures", f"{_DRAW}object": "embedded objects",
    f"{_TEXT}changed-region": "deletions and other tracked changes"}  # fmt: skip
_SPACES = re.compile(r"[ \t\n\r]+")
_MOST_SPACES = 1_000


class OdtReader:
    """Reads a document. Paragraphs are lines, a table's row is a line with tabs between its cells."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:  # noqa: ARG002
        """One record, and remarks on what is not in the text."""
        try:
            yield from _records(OfficeFile(source), source)
        except NotOffice as fault:
            yield Rejected(source.path, 1, str(fault))


def _records(file: OfficeFile, source: Source) -> Iterator[Record]:
    body = _Body(file.root_of("content.xml"))
    text = "\n".join(body.lines).strip("\n")
    if not text.strip():
        raise NotOffice("the document has no text")
    for what, count in sorted(body.left_out.items()):
        yield Remark(source.path, 1, f"{what} are not in the text ({count:,})")
    title, language, meta = _properties(file)
    yield Parsed(source.path, 1, AnnotatedDocument(Document(source.stem, text, title, language, meta)))


def _properties(file: OfficeFile) -> tuple[str, str, dict[str, Json]]:
    try:
        root = file.root_of("meta.xml")
    except NotOffice:
        return "", "", {}
    held = {one.tag: (one.text or "").strip() for one in root.iter()}
    meta: dict[str, Json] = {name: held[tag] for tag, name in _META_NAMES.items() if held.get(tag)}
    return held.get(f"{_DC}title", ""), held.get(f"{_DC}language", ""), meta


class _Body:
    """The lines of the text, and counts of what is not in them."""

    def __init__(self, root: Element) -> None:
        self.lines: list[str] = []
        self.left_out: Counter[str] = Counter()
        for body in root.iter(f"{_OFFICE}text"):
            self._take_blocks(body, self.lines)

    def _take_blocks(self, parent: Element, lines: list[str]) -> None:
        for child in parent:
            if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                self._take_paragraph(child, lines)
            elif child.tag == f"{_TABLE}table":
                self._take_table(child, lines)
            elif child.tag in _LEFT_OUT:
                self.left_out[_LEFT_OUT[child.tag]] += 1
            else:
                self._take_blocks(child, lines)

    def _take_table(self, table: Element, lines: list[str]) -> None:
        for row in self._rows(table):
            cells = []
            for cell in row:
                held: list[str] = []
                self._take_blocks(cell, held)
                cells.append(" ".join(line.strip() for line in held if line.strip()).replace("\t", " "))
            if any(cells):
                lines.append("\t".join(cells))

    def _rows(self, parent: Element) -> Iterator[Element]:
        for child in parent:
            if child.tag == f"{_TABLE}table-row":
                yield child
            elif child.tag in (f"{_TABLE}table-header-rows", f"{_TABLE}table-rows", f"{_TABLE}table-row-group"):
                yield from self._rows(child)

    def _take_paragraph(self, paragraph: Element, lines: list[str]) -> None:
        pieces: list[str] = []
        boxes: list[str] = []
        self._take_inline(paragraph, pieces, boxes)
        lines.extend("".join(pieces).strip(" ").split("\n"))
        lines.extend(boxes)

    def _take_inline(self, parent: Element, pieces: list[str], boxes: list[str]) -> None:
        pieces.append(_SPACES.sub(" ", parent.text or ""))
        for child in parent:
            if child.tag in _LEFT_OUT:
                self.left_out[_LEFT_OUT[child.tag]] += 1
            elif child.tag == f"{_TEXT}s":
                count = child.get(f"{_TEXT}c", "1")
                pieces.append(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))
            elif child.tag == f"{_TEXT}tab":
                pieces.append("\t")
            elif child.tag == f"{_TEXT}line-break":
                pieces.append("\n")
            elif child.tag == f"{_DRAW}text-box":
                self._take_blocks(child, boxes)
            else:
                self._take_inline(child, pieces, boxes)
            pieces.append(_SPACES.sub(" ", child.tail or ""))
