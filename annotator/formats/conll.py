"""CoNLL-2003 columns: one token a line, one tag each, sentences parted by blank lines.

Tags come from the tokens stored with the document, the same ones the canvas shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.formats.flat import Flattened, flatten
from annotator.formats.registry import COLUMN_LOSSES, Loss, WriteOptions

_WHITE = re.compile(r"\s+")


class ConllWriter:
    """Writes ``token POS chunk tag``; part of speech and chunk are not known here (``-X-`` and ``_``)."""

    name = "conll2003"
    extension = ".conll"
    loses = COLUMN_LOSSES
    holds_annotators = False

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Spans that cut a token or share one with a longer span."""
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
    """Token indexes by sentence, white-space tokens left out; a span is never parted by a sentence's end."""
    tokens, text = doc.document.tokens, doc.document.text
    breaks = set(tokens.sentence_starts)
    inside = {index for covered in flat.kept.values() for index in covered[1:]}
    sentence: list[int] = []
    for token in tokens:
        if token.index in breaks and token.index not in inside and sentence:
            yield sentence
            sentence = []
        if not text[token.start : token.end].isspace():
            sentence.append(token.index)
    if sentence:
        yield sentence


def _tagged(
    doc: AnnotatedDocument, sentence: list[int], flat: Flattened, scheme: LabelScheme, options: WriteOptions
) -> Iterator[tuple[str, str]]:
    tokens, text = doc.document.tokens, doc.document.text
    for index in sentence:
        word = _WHITE.sub("\u00a0", text[tokens[index].start : tokens[index].end])
        span = flat.owner.get(index)
        yield word, "O" if span is None else _tag(index, span, flat, scheme, options)


def _tag(index: int, span: Span, flat: Flattened, scheme: LabelScheme, options: WriteOptions) -> str:
    label = _WHITE.sub("_", scheme.name_of(span.label, span.layer))
    words = flat.words[span.id]
    is_first, is_last = index == words[0], index == words[-1]
    if options.tag_scheme == "BIOES":
        edge = "S" if is_first and is_last else "B" if is_first else "E" if is_last else "I"
    else:
        edge = "B" if is_first else "I"
    return f"{edge}-{label}"
