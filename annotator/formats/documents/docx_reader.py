"""DOCX: paragraphs, headings and tables in order, as a reader sees them with all changes accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Json
from annotator.formats.documents.office_zip import NotOffice, OfficeFile
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_TERMS = "{http://purl.org/dc/terms/}"
_META = {f"{_DC}creator": "author", f"{_DC}subject": "subject", f"{_CP}keywords": "keywords",
    f"{_TERMS}created": "created"}  # fmt: skip
_AS_TEXT = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_PASSED_OVER = frozenset(
    {"del", "moveFrom", "pPr", "rPr", "tblPr", "tcPr", "trPr", "sectPr", "instrText", "delText", "rt"}
)
_COUNTED = {"footnoteReference": "footnotes", "endnoteReference": "endnotes", "commentReference": "comments",
    "drawing": "pictures or drawings", "pict": "pictures or drawings", "object": "embedded objects",
    "sym": "signs of symbol fonts"}  # fmt: skip
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"


class DocxReader:
    """Reads a document. Paragraphs are lines, a table's row is a line with tabs between its cells."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:  # noqa: ARG002
        """One record, and remarks on what is not in the text."""
        try:
            yield from _records(OfficeFile(source), source)
        except NotOffice as fault:
            yield Rejected(source.path, 1, str(fault))


def _records(file: OfficeFile, source: Source) -> Iterator[Record]:
    body = _Body(file.root_of("word/document.xml"))
    text = "\n".join(body.lines).strip("\n")
    if not text.strip():
        raise NotOffice("the document has no text")
    yield from (Remark(source.path, 1, what) for what in body.remarks())
    if any(name.startswith(("word/header", "word/footer")) for name in file.names):
        yield Remark(source.path, 1, "headers and footers of the pages are not in the text")
    title, language, meta = properties_of(file)
    document = Document(source.stem, text, title, language, meta)
    yield Parsed(source.path, 1, AnnotatedDocument(document))


def properties_of(file: OfficeFile) -> tuple[str, str, dict[str, Json]]:
    """Title, language and what else the document says of itself; without them it is as good."""
    try:
        root = file.root_of("docProps/core.xml")
    except NotOffice:
        return "", "", {}
    held = {one.tag: (one.text or "").strip() for one in root}
    meta: dict[str, Json] = {name: held[tag] for tag, name in _META.items() if held.get(tag)}
    return held.get(f"{_DC}title", ""), held.get(f"{_DC}language", ""), meta


class _Body:
    """The lines of the text, and counts of what is not in them."""

    def __init__(self, root: Element) -> None:
        self.lines: list[str] = []
        self.left_out: Counter[str] = Counter()
        self._space = _STRICT if root.tag.startswith(_STRICT) else _W
        for body in root.findall(f"{self._space}body"):
            self._take_blocks(body, self.lines)

    def remarks(self) -> Iterator[str]:
        """One sentence a kind."""
        deleted = self.left_out.pop("deletions", 0)
        for what, count in sorted(self.left_out.items()):
            if count:
                yield f"{what} are not in the text ({count:,})"
        if deleted:
            yield f"changes that were tracked are taken as accepted ({deleted:,} deletions)"

    def _name(self, element: Element) -> str:
        tag = element.tag
        return tag.removeprefix(self._space) if tag.startswith(self._space) else ""

    def _take_blocks(self, parent: Element, lines: list[str]) -> None:
        for child in parent:
            name = self._name(child)
            if name == "p":
                lines.extend(self._paragraph(child).split("\n"))
            elif name == "tbl":
                self._take_table(child, lines)
            elif name in ("del", "moveFrom"):
                self.left_out["deletions"] += 1
            elif name not in _PASSED_OVER and child.tag != _FALLBACK:
                self._take_blocks(child, lines)  # content controls and the like hold blocks

    def _take_table(self, table: Element, lines: list[str]) -> None:
        for row in self._inside(table, "tr"):
            if self._is_deleted(row):
                continue
            cells = [self._cell(cell) for cell in self._inside(row, "tc")]
            if any(cells):
                lines.append("\t".join(cells))

    def _is_deleted(self, row: Element) -> bool:
        is_deleted = row.find(f"{self._space}trPr/{self._space}del") is not None
        self.left_out["deletions"] += is_deleted
        return is_deleted

    def _inside(self, parent: Element, wanted: str) -> Iterator[Element]:
        """The rows of a table or cells of a row, also those that a content control holds."""
        for child in parent:
            name = self._name(child)
            if name == wanted:
                yield child
            elif name in ("sdt", "sdtContent", "customXml", "ins"):
                yield from self._inside(child, wanted)

    def _cell(self, cell: Element) -> str:
        lines: list[str] = []
        self._take_blocks(cell, lines)
        return " ".join(line.strip() for line in lines if line.strip()).replace("\t", " ")

    def _paragraph(self, paragraph: Element) -> str:
        pieces: list[str] = []
        boxes: list[str] = []
        numbered = paragraph.find(f"{self._space}pPr/{self._space}numPr")
        self.left_out["numbers and bullets of lists"] += numbered is not None
        self._take_runs(paragraph, pieces, boxes)
        return "\n".join(["".join(pieces), *boxes])

    def _take_runs(self, parent: Element, pieces: list[str], boxes: list[str]) -> None:
        for child in parent:
            name = self._name(child)
            if name == "t":
                pieces.append(child.text or "")
            elif name in _AS_TEXT:
                pieces.append(_AS_TEXT[name])
            elif name in ("del", "moveFrom"):
                self.left_out["deletions"] += 1
            elif name == "txbxContent":
                self._take_blocks(child, boxes)
            elif name not in _PASSED_OVER and child.tag != _FALLBACK:
                if name in _COUNTED:
                    self.left_out[_COUNTED[name]] += 1
                self.left_out["formulas"] += child.tag == _FORMULA
                self._take_runs(child, pieces, boxes)
