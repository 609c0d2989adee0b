"""fastText's lines: the labels of a text, each after ``__label__``, then its words.

White space in a label is percent-encoded (``New%20York``), and so is a percent sign that would read as such a code.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from urllib.parse import unquote

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.text import Document
from annotator.formats.cats import losses_of_values
from annotator.formats.doccano import FASTTEXT_LOSES
from annotator.formats.encoding import NotText, decode
from annotator.formats.holding import NOT_HELD, loss_of_span
from annotator.formats.shapes import Holds, Loss, Parsed, ReadOptions, Record, Rejected, Source, WriteOptions

MARK = "__label__"
MAX_BYTES = 256 * 1024 * 1024
_LABELS = re.compile(rf"\s*(?:{MARK}\S+(?:\s+|$))*")
_ESCAPED = re.compile(r"\s|%(?=[0-9A-Fa-f]{2})")


class FastTextReader:
    """Reads one text a line; lines without words are rejected."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:  # noqa: ARG002
        """One record a line that is not blank."""
        with source.open() as file:
            content = file.read(MAX_BYTES + 1)
        try:
            if len(content) > MAX_BYTES:
                raise NotText(f"the file is larger than {MAX_BYTES // 1024**2} MiB; part it")
            text = _text_of(content)
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))
            return
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
            if line.strip():
                yield _record(source.path, number, line)


def _text_of(content: bytes) -> str:
    """UTF-8 as it stands; anything else as other texts are read. Raises `NotText`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(content).text
    return decode(content).text if "\0" in text else text


def _record(path: str, number: int, line: str) -> Record:
    labels = _LABELS.match(line)
    end = labels.end() if labels else 0
    names = [unquote(one.removeprefix(MARK)) for one in line[:end].split()]
    words = line[end:]
    if not words.strip():
        return Rejected(path, number, "the line has labels, but no text")
    status = Status.DONE if names else Status.NEW
    return Parsed(path, number, AnnotatedDocument(Document("", words), cats=dict.fromkeys(names, 1.0), status=status))


class FastTextWriter:
    """Writes one document a line."""

    name = "fasttext"
    extension = ".txt"
    loses: tuple[str, ...] = FASTTEXT_LOSES
    holds = Holds(text="words", cats=True)

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Every span, and document labels with a value."""
        return [*(loss_of_span(doc, span, scheme, NOT_HELD) for span in doc.spans), *losses_of_values(doc, scheme)]

    def write(
        self,
        docs: Iterable[AnnotatedDocument],
        target: BinaryIO,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """Labels in order of the alphabet, then the words."""
        names = {one.id: one.name for one in scheme.document_labels}
        for number, doc in enumerate(docs):
            labels = sorted(names.get(label, label) for label, value in doc.cats.items() if value == 1)
            words = [*(MARK + _ESCAPED.sub(_code, label) for label in labels), *doc.document.text.split()]
            line = " ".join(words).encode() + b"\n"
            is_like_mark = not number and line.startswith(codecs.BOM_UTF8)  # readers would take it for a mark
            target.write(codecs.BOM_UTF8 + line if is_like_mark else line)


def _code(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
