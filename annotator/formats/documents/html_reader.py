"""Web pages: their readable text, with the place of each piece in the page kept in ``extra["html"]``."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Json
from annotator.formats.documents.html_text import PageText
from annotator.formats.encoding import Decoded, NotText, decode
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source

MAX_BYTES = 64 * 1024 * 1024
_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,500}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
_HEAD_BYTES = 4096


class HtmlReader:
    """Reads a page. Scripts, styles, navigation and templates are left out; tables have tabs between their cells."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:  # noqa: ARG002
        """One record, and remarks on what was guessed or left out."""
        with source.open() as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            yield Rejected(source.path, 1, f"the page is larger than {MAX_BYTES // 1024**2} MiB")
            return
        try:
            decoded, remark = _decoded(content)
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))
            return
        yield from (Remark(source.path, 1, what) for what in (remark, decoded.remark) if what)
        yield from _records(decoded, hashlib.sha256(content).hexdigest(), source)


def _records(decoded: Decoded, sha256: str, source: Source) -> Iterator[Record]:
    page = PageText(decoded.text)
    text = page.laid.text
    if not text.strip():
        yield Rejected(source.path, 1, "the page has no text; perhaps a script writes it: save it from the browser")
        return
    if page.dropped:
        yield Remark(source.path, 1, f"navigation of {page.dropped:,} characters was left out")
    meta: dict[str, Json] = dict(page.meta)
    if decoded.in_words:
        meta["encoding"] = decoded.in_words
    runs: list[Json] = [list[Json](run) for run in page.laid.runs]
    extra: dict[str, Json] = {"html": {"runs": runs, "sha256": sha256, "encoding": decoded.encoding}}
    document = Document(source.stem, text, page.title, page.language, meta, extra)
    yield Parsed(source.path, 1, AnnotatedDocument(document))


def _decoded(content: bytes) -> tuple[Decoded, str]:
    """The page as text, and what to say of an encoding that it declares and does not have."""
    declared = _find_declared(content)
    if declared is None or content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(content), ""
    name = "cp1252" if declared in ("iso8859-1", "ascii") else declared  # as browsers take it
    plain = decode(content) if _is_utf8(content) else None
    if plain is not None and (name == "utf-8" or (plain.encoding == "utf-8" and not content.isascii())):
        return plain, "" if name == "utf-8" else f"the page says that it is {declared}, but it is UTF-8"
    try:
        text = content.decode(name)
    except (UnicodeDecodeError, ValueError):
        return decode(content), f"the page says that it is {declared}, but it is not"
    if "\0" in text:
        raise NotText("it has NUL characters, so it is a binary file or its encoding is another one than it says")
    return Decoded(text, name), ""


def _find_declared(content: bytes) -> str | None:
    """The name of the encoding in the page's head, if it is one that is known."""
    found = _DECLARED.search(content[:_HEAD_BYTES])
    if found is None:
        return None
    try:
        known = codecs.lookup(found[1].decode("ascii"))
    except (LookupError, UnicodeDecodeError):
        return None
    is_text = getattr(known, "_is_text_encoding", True)
    return known.name if is_text and not known.name.startswith(("utf-16", "utf-32", "idna", "punycode")) else None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
