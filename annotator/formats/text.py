"""Plain text: one file, one document, exactly as it stands there; written as a folder of such files."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Json
from annotator.formats.encoding import Decoded, NotText, decode, with_newlines
from annotator.formats.folder_names import FileNames
from annotator.formats.holding import loss_of_span
from annotator.formats.shapes import (
    Format,
    Holds,
    Loss,
    Parsed,
    ReadOptions,
    Record,
    Rejected,
    Remark,
    Source,
    WriteOptions,
)

MAX_BYTES = 256 * 1024 * 1024
_ABOUT = frozenset({"readme", "license", "licence", "copying", "notice", "authors", "changelog"})


class TextReader:
    """Reads a text file. A byte-order mark is no part of the text; a guessed encoding is noted in ``meta``."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """One record, and a remark when the encoding was guessed."""
        with source.open() as file:
            content = file.read(MAX_BYTES + 1)
        try:
            decoded = _decoded(content)
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))
            return
        if decoded.remark:
            yield Remark(source.path, 1, decoded.remark)
        text = with_newlines(decoded.text, options.newlines)
        yield Parsed(source.path, 1, AnnotatedDocument(Document(source.stem, text, meta=_meta_of(decoded))))


def _decoded(content: bytes) -> Decoded:
    if len(content) > MAX_BYTES:
        raise NotText(f"the file is larger than {MAX_BYTES // 1024**2} MiB; part it into articles")
    decoded = decode(content)
    if not decoded.text.strip():
        raise NotText("the file has only white space" if decoded.text else "the file is empty")
    return decoded


def _meta_of(decoded: Decoded) -> dict[str, Json]:
    return {"encoding": decoded.in_words} if decoded.in_words else {}


class TextWriter:
    """Writes a folder with a file for each document: its text in UTF-8, to the character, and nothing else."""

    name = "text"
    extension = ".txt"
    loses: tuple[str, ...] = ("everything but the text: labels, relations, notes, titles, metadata",)
    holds = Holds()

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Every span."""
        return [loss_of_span(doc, span, scheme, "plain text has no labels") for span in doc.spans]

    def write_folder(
        self,
        docs: Iterable[AnnotatedDocument],
        folder: Path,
        scheme: LabelScheme,  # noqa: ARG002
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """A file a document, named by its id."""
        names = FileNames()
        for doc in docs:
            path = folder / f"{names.name_for(_not_about_the_folder(doc.document.id))}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_bytes_of(doc.document.text))


def _bytes_of(text: str) -> bytes:
    """The text in UTF-8; behind a mark where it would not be read back as it is without one."""
    content = text.encode()
    try:
        is_plain = decode(content).text == text
    except NotText:
        is_plain = False
    return content if is_plain else codecs.BOM_UTF8 + content


def _not_about_the_folder(name: str) -> str:
    """A document called ``readme`` is not taken for a word about the folder."""
    return f"{name}-" if name.rpartition("/")[2].partition(".")[0].casefold() in _ABOUT else name


FORMATS = (
    Format(
        "text",
        "Plain text",
        (".txt", ".text", ".md", ".markdown"),
        make_reader=TextReader,
        make_writer=TextWriter,
        loses=TextWriter.loses,
        is_folder=True,
    ),
)
