"""PDF: the text of its pages as the file has it, page after page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader as Pdf
from pypdf.errors import LimitReachedError

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document, Json
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source

MAX_BYTES = 512 * 1024 * 1024
MAX_CHARS = 64 * 1024 * 1024
BETWEEN_PAGES = "\n\n"
_HYPHEN_AT_END = re.compile(r"\w[-\u2010\u00ad]\n")
_META = {"/Author": "author", "/Subject": "subject", "/Keywords": "keywords"}


class _Refused(Exception):
    """The file cannot be taken; the message says why, in one sentence."""


class PdfReader:
    """Reads a PDF. Where pages begin is kept in ``extra["pdf"]``; words cut at line ends stay as they are.

    A tab counts as a space: pages have none, but some programs call the sign of the space so.
    """

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:  # noqa: ARG002
        """One record, and remarks on pages without text and on words cut at line ends."""
        with source.open() as file:
            content = file.read(MAX_BYTES + 1)
        try:
            yield from _records(content, source)
        except _Refused as fault:
            yield Rejected(source.path, 1, str(fault))
        except LimitReachedError:
            yield Rejected(
                source.path, 1, "a page of it unpacks to far more than pages have; it may be made to fill memory"
            )
        except Exception as fault:  # whatever the library trips over in a damaged file
            yield Rejected(source.path, 1, f"it is damaged and cannot be read as a PDF ({type(fault).__name__})")


def _records(content: bytes, source: Source) -> Iterator[Record]:
    if len(content) > MAX_BYTES:
        raise _Refused(f"the file is larger than {MAX_BYTES // 1024**2} MiB")
    if b"%PDF" not in content[:1024]:
        raise _Refused("it is no PDF: it does not begin like one")
    pdf = Pdf(io.BytesIO(content))
    if pdf.is_encrypted and not pdf.decrypt(""):
        raise _Refused("it is encrypted with a password; save a copy without one and import that")
    pages = _pages_of(pdf)
    if not any(page.strip() for page in pages):
        raise _Refused(
            "its pages have no text, they are most likely scanned pictures; run text recognition on it first"
        )
    text = BETWEEN_PAGES.join(pages)
    yield from (Remark(source.path, 1, what) for what in _remarks(pages, text))
    title, meta = _about(pdf)
    extra: dict[str, Json] = {"pdf": {"pages": _starts(pages)}}
    yield Parsed(source.path, 1, AnnotatedDocument(Document(source.stem, text, title, "", meta, extra)))


def _pages_of(pdf: Pdf) -> list[str]:
    pages: list[str] = []
    size = 0
    for page in pdf.pages:
        text = page.extract_text().replace("\0", "").replace("\r\n", "\n").replace("\t", " ").strip("\n")
        # A font without a table of its letters may give halves of pairs.
        pages.append(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        size += len(text)
        if size > MAX_CHARS:
            raise _Refused(f"it has more than {MAX_CHARS // 1024**2} million characters; part it into articles")
    return pages


def _remarks(pages: list[str], text: str) -> Iterator[str]:
    empty = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if empty:
        shown = ", ".join(map(str, empty[:10])) + (", …" if len(empty) > 10 else "")
        yield f"{len(empty):,} of {len(pages):,} pages have no text (page {shown})"
    if cut := len(_HYPHEN_AT_END.findall(text)):
        yield f"{cut:,} lines end in a hyphen; words that are cut there are left as they stand"


def _starts(pages: list[str]) -> list[Json]:
    """Where each page begins, in code points."""
    starts: list[Json] = []
    at = 0
    for page in pages:
        starts.append(at)
        at += len(page) + len(BETWEEN_PAGES)
    return starts


def _about(pdf: Pdf) -> tuple[str, dict[str, Json]]:
    """The title and what else the file says of itself; broken properties are no reason to refuse the text."""
    try:
        held: Any = pdf.metadata or {}
        found = {key: str(held[key]).strip() for key in ("/Title", *_META) if held.get(key)}
        created = held.creation_date.isoformat() if held and held.creation_date else ""
    except Exception:
        return "", {}
    meta: dict[str, Json] = {name: found[key] for key, name in _META.items() if found.get(key)}
    return found.get("/Title", ""), meta | ({"created": created} if created else {})
