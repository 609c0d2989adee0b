"""Plain text: one file, one document, exactly as it stands there."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Json
from annotator.formats.encoding import NotText, decode, with_newlines
from annotator.formats.registry import Parsed, ReadOptions, Rejected, Source


class TextReader:
    """Reads a text file. A byte-order mark is no part of the text; a guessed encoding is noted in ``meta``."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Parsed | Rejected]:
        """One record."""
        with source.open() as file:
            content = file.read()
        try:
            decoded = decode(content)
        except NotText as fault:
            yield Rejected(source.path, 1, f"{fault}" if content else "the file is empty")
            return
        text = with_newlines(decoded.text, options.newlines)
        if not text.strip():
            yield Rejected(source.path, 1, "the file is empty" if not text else "the file has only white space")
            return
        meta: dict[str, Json] = {}
        if decoded.encoding != "utf-8":
            meta["encoding"] = f"{decoded.encoding} (guessed)" if decoded.is_guess else decoded.encoding
        yield Parsed(source.path, 1, AnnotatedDocument(Document(source.stem, text, meta=meta)))
