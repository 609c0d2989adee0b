"""CoNLL-2003 columns: one token a line, one tag each, sentences parted by blank lines.

Tags come from the tokens stored with the document, the same ones the canvas shows. White-space tokens are not
written; words that no token covers are. White space inside a token or label is percent-encoded (``New%20York``), and
so is a percent sign that would read as such a code (``%20`` in the text: ``%2520``), so ``urllib.parse.unquote``
gives back exactly what was there; ``50%`` stays as it is.

A document begins with ``-DOCSTART- -X- (id) O``: four columns as in every line, as conlleval wants it, and a first
word that loaders know as a border. No other tool writes the id there between -X- and O, so that the reader knows
whose percent codes they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.conll import COLUMN_LOSSES
from annotator.formats.conll.columns_kept import kept_columns
from annotator.formats.conll.percent import escaped
from annotator.formats.conll.tags import edge_of
from annotator.formats.conll.words import sentences_of, with_all_words
from annotator.formats.flat import Flattened, flatten, is_white
from annotator.formats.shapes import Holds, Loss, WriteOptions

UNKNOWN = ("-X-", "_")
"""Part of speech and chunk, where they are not known."""


class ConllWriter:
    """Writes ``token POS chunk tag``; POS and chunk are those of the file it came from, else ``-X-`` and ``_``."""

    name = "conll2003"
    extension = ".conll"
    loses: tuple[str, ...] = COLUMN_LOSSES
    holds = Holds(text="words")

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Spans that cut a token, begin or end with white space, or share a token with a longer span."""
        return flatten(with_all_words(doc), scheme).losses

    def write(
        self, docs: Iterable[AnnotatedDocument], target: BinaryIO, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        """Write each document after a ``-DOCSTART-`` line."""
        for doc in map(with_all_words, docs):
            target.write(_border(doc).encode())
            flat = flatten(doc, scheme)
            columns = kept_columns(doc.document)
            for sentence in sentences_of(doc.document.tokens, flat.kept.values()):
                lines = "".join(_lines(doc, sentence, flat, columns, scheme, options))
                if lines:
                    target.write(lines.encode() + b"\n")


def _border(doc: AnnotatedDocument) -> str:
    name = f"({escaped(doc.document.id)})" if doc.document.id else "_"
    return f"-DOCSTART- -X- {name} O\n\n"


def _lines(
    doc: AnnotatedDocument,
    sentence: range,
    flat: Flattened,
    columns: Sequence[Sequence[str]],
    scheme: LabelScheme,
    options: WriteOptions,
) -> Iterator[str]:
    tokens, text = doc.document.tokens, doc.document.text
    before = ""
    for index in sentence:
        if is_white(doc.document, index):
            continue
        tag, before = _tag(index, flat, scheme, options, before)
        pos, chunk = columns[index] if columns else UNKNOWN
        yield f"{escaped(text[tokens.starts[index] : tokens.ends[index]])} {pos} {chunk} {tag}\n"


def _tag(index: int, flat: Flattened, scheme: LabelScheme, options: WriteOptions, before: str) -> tuple[str, str]:
    """The tag of a token, and the label it stands for. ``before``: the label of the word before, empty for none."""
    span = flat.owner.get(index)
    if span is None:
        return "O", ""
    covered, label = flat.kept[span.id], scheme.name_of(span.label, span.layer)
    is_first, is_last = index == covered[0], index == covered[-1]
    edge = edge_of(options.tag_scheme, is_first=is_first, is_last=is_last, follows_same=label == before)
    return f"{edge}-{escaped(label)}", label
