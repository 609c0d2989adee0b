"""Plain text: one file, one document, exactly as it stands there."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Json
from annotator.formats.encoding import Decoded, NotText, decode, with_newlines
from annotator.formats.shapes import Format, Parsed, ReadOptions, Record, Rejected, Source

MAX_BYTES = 256 * 1024 * 1024


class TextReader:
    """Reads a text file. A byte-order mark is no part of the text; a guessed encoding is noted in ``meta``."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """One record."""
        with source.open() as file:
            content = file.read(MAX_BYTES + 1)
        try:
            decoded = _decoded(content)
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))
            return
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
    if decoded.encoding == "utf-8":
        return {}
    return {"encoding": f"{decoded.encoding} (guessed)" if decoded.is_guess else decoded.encoding}


FORMATS = (Format("text", "Plain text", (".txt", ".text", ".md", ".markdown"), make_reader=TextReader),)
