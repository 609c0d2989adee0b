"""CoNLL-2003 columns: one token a line, one tag each, sentences parted by blank lines.

Tags come from the tokens stored with the document, the same ones the canvas shows. White-space tokens are not
written. White space inside a token or label is percent-encoded (``New%20York``), and so is a percent sign
that would read as such a code (``%20`` in the text: ``%2520``), so ``urllib.parse.unquote`` gives back exactly
what was there; ``50%`` stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.formats.flat import Flattened, flatten, is_white
from annotator.formats.shapes import Format, Holds, Loss, WriteOptions

COLUMN_LOSSES = (
    "Of spans that share a token, only the longest is written.",
    "Spans that begin or end inside a token, or with white space, are left out.",
    "Spans in parts that do not touch are left out.",
    "White space between tokens is not written.",
    "Layers, attributes, notes, scores, relations, document labels, status and annotator are not written.",
)
_ESCAPED = re.compile(r"\s|%(?=[0-9A-Fa-f]{2})|^-(?=DOCSTART-)")


class ConllWriter:
    """Writes ``token POS chunk tag``; part of speech and chunk are not known here (``-X-`` and ``_``)."""

    name = "conll2003"
    extension = ".conll"
    loses: tuple[str, ...] = COLUMN_LOSSES
    holds = Holds(text="words")

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Spans that cut a token, begin or end with white space, or share a token with a longer span."""
        return flatten(doc, scheme).losses

    def write(
        self, docs: Iterable[AnnotatedDocument], target: BinaryIO, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        """Write each document after a ``-DOCSTART-`` line."""
        for doc in docs:
            target.write(b"-DOCSTART- -X- _ O\n\n")
            flat = flatten(doc, scheme)
            for sentence in _sentences(doc, flat):
                lines = (f"{word} -X- _ {tag}\n" for word, tag in _tagged(doc, sentence, flat, scheme, options))
                target.write("".join(lines).encode() + b"\n")


def _sentences(doc: AnnotatedDocument, flat: Flattened) -> Iterator[list[int]]:
    """Token indexes by sentence, white-space tokens left out; a break inside a span moves to the span's end."""
    breaks = set(doc.document.tokens.sentence_starts)
    inside = {index for covered in flat.kept.values() for index in covered[1:]}
    sentence: list[int] = []
    is_break_due = False
    for index in range(len(doc.document.tokens)):
        is_break_due = is_break_due or index in breaks
        if is_break_due and index not in inside:
            if sentence:
                yield sentence
            sentence, is_break_due = [], False
        if not is_white(doc.document, index):
            sentence.append(index)
    if sentence:
        yield sentence


def _tagged(
    doc: AnnotatedDocument, sentence: list[int], flat: Flattened, scheme: LabelScheme, options: WriteOptions
) -> Iterator[tuple[str, str]]:
    tokens, text = doc.document.tokens, doc.document.text
    for index in sentence:
        span = flat.owner.get(index)
        tag = "O" if span is None else _tag(index, span, flat.kept[span.id], scheme, options)
        yield escaped(text[tokens.starts[index] : tokens.ends[index]]), tag


def _tag(index: int, span: Span, covered: range, scheme: LabelScheme, options: WriteOptions) -> str:
    is_first, is_last = index == covered[0], index == covered[-1]
    if options.tag_scheme == "BIOES":
        edge = "S" if is_first and is_last else "B" if is_first else "E" if is_last else "I"
    else:
        edge = "B" if is_first else "I"
    return f"{edge}-{escaped(scheme.name_of(span.label, span.layer))}"


def escaped(word: str) -> str:
    """A token or label as one word of a line, which is no border between documents either."""
    return _ESCAPED.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), word)


FORMATS = (Format("conll2003", "CoNLL-2003 columns", (".conll",), make_writer=ConllWriter, loses=COLUMN_LOSSES),)
