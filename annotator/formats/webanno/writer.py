"""Writes WebAnno TSV 3.3: a folder with a file for each document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.folder_names import FileNames
from annotator.formats.shapes import Holds, Loss, WriteOptions
from annotator.formats.webanno import LOSES
from annotator.formats.webanno.layers import line_of
from annotator.formats.webanno.layout import Layout
from annotator.formats.webanno.reader import EXTRA
from annotator.formats.webanno.unbuilding import Unbuilt
from annotator.formats.webanno.values import escaped_text

HEAD = "#FORMAT=WebAnno TSV 3.3"


class WebannoWriter:
    """Writes ``ID.tsv``. The text comes back exactly; offsets are UTF-16 units, as WebAnno counts."""

    name = "webanno"
    extension = ".tsv"
    loses: tuple[str, ...] = LOSES
    holds = Holds(
        layers=True, overlaps=True, sub_tokens=True, attributes=True, relations=True, relation_attributes=True,
        tokens=True,
    )  # fmt: skip

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Spans with white edges or in parts, values that are no text, relations that lead nowhere in this format."""
        return Unbuilt(doc, scheme).losses

    def write_folder(
        self,
        docs: Iterable[AnnotatedDocument],
        folder: Path,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """A file a document, named by its id; ids with slashes make folders."""
        names = FileNames()
        for doc in docs:
            path = folder / (names.name_for(doc.document.id) + self.extension)
            path.parent.mkdir(parents=True, exist_ok=True)
            content = "".join(f"{line}\n" for line in _lines(doc, Unbuilt(doc, scheme)))
            path.write_bytes(content.encode("utf-8", "surrogatepass"))


def _lines(doc: AnnotatedDocument, unbuilt: Unbuilt) -> Iterator[str]:
    words, text = unbuilt.words, doc.document.text
    layout = Layout(words, unbuilt.layers, unbuilt.annotations, unbuilt.joints)
    unit = _units_before(text)
    yield HEAD
    yield from (line_of(layer) for layer in unbuilt.layers)
    yield ""
    ids = _sentence_ids(doc, len(words.sentences))
    for sentence, first in enumerate(words.sentences):
        last = words.sentences[sentence + 1] if sentence + 1 < len(words.sentences) else len(words.starts)
        yield ""
        if ids[sentence]:
            yield f"#Sentence.id={escaped_text(ids[sentence])}"
        yield from (f"#Text={escaped_text(line)}" for line in words.text_of(sentence, text).split("\n"))
        for at in range(first, last):
            for piece in layout.pieces(at):
                form = text[piece.start : piece.end]
                form = escaped_text(form) if any(char in form for char in "\t\n\r") else form
                cells = "".join(f"{cell}\t" for cell in layout.cells(piece))
                yield f"{piece.id}\t{unit[piece.start]}-{unit[piece.end]}\t{form}\t{cells}"


def _units_before(text: str) -> range | list[int]:
    """How many UTF-16 units stand before each code point."""
    if text.isascii() or max(text) <= "\uffff":
        return range(len(text) + 1)
    found = [0]
    for char in text:
        found.append(found[-1] + 1 + (char > "\uffff"))
    return found


def _sentence_ids(doc: AnnotatedDocument, count: int) -> list[str]:
    """The ids that the sentences had in a file, if there still are as many."""
    extra = doc.document.extra.get(EXTRA)
    held = extra.get("sentences") if isinstance(extra, dict) else None
    ids = [one if isinstance(one, str) else "" for one in held] if isinstance(held, list) else []
    return ids if len(ids) == count else [""] * count
