"""Writes CoNLL-U. A document that came from CoNLL-U and has its tokens still is written as it was, but for its spans.

Any other has ids, forms, what MISC says about spaces and spans, and ``_`` for all that is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document
from annotator.formats.conll.columns_kept import mark_of
from annotator.formats.conll.conllu_rows import (
    GLOBAL_SPANS,
    MISC,
    Misc,
    RawSentence,
    Row,
    RowFault,
    Surface,
    find_value,
    misc_cell,
    surfaces_of,
    tagged_rows,
)
from annotator.formats.conll.conllu_spaces import pairs_for
from annotator.formats.conll.conllu_spans import SPANS, TAG_KEYS, Encoded, encode, losses
from annotator.formats.conll.treebanks import CONLLU_LOSSES
from annotator.formats.conll.words import sentences_of, with_all_words
from annotator.formats.shapes import Holds, Loss, WriteOptions

KEY = "conllu"
GLOBAL_LINE = f"{GLOBAL_SPANS}[layer/]label+words[,offset+words...];..."


class ConlluWriter:
    """Writes spans as tags under ``NER`` and those that are no tags under ``Spans``, see `conllu_spans`."""

    name = "conllu"
    extension = ".conllu"
    loses: tuple[str, ...] = CONLLU_LOSSES
    holds = Holds(layers=True, overlaps=True, fragments=True, tokens=True)

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Spans that cut a token, or begin or end with white space."""
        return losses(doc if find_kept(doc.document) else with_all_words(doc, splits_at_white=True), scheme)

    def write(
        self, docs: Iterable[AnnotatedDocument], target: BinaryIO, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        """Write the documents one after the other; a blank line ends each sentence."""
        waiting = iter(docs)
        doc, is_only = next(waiting, None), True
        while doc is not None:
            following = next(waiting, None)
            is_only = is_only and following is None
            for sentence in _sentences(doc, scheme, options, is_only=is_only):
                target.write("\n".join([*sentence, "", ""]).encode())
            doc = following


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read, still fitting the document. ``scheme`` is empty where tags were labels alone."""

    sentences: list[RawSentence]
    surfaces: list[list[Surface]]
    key: str
    scheme: str
    has_outside: bool

    @property
    def has_spans(self) -> bool:
        """Whether ``Spans`` in MISC is used as it is here."""
        return any(line.startswith(GLOBAL_SPANS) for line in self.sentences[0].lines)


def find_kept(document: Document) -> _Kept | None:
    """The rows that the document came with, or None when there are none or they do not fit it any more."""
    held = document.extra.get(KEY)
    if not isinstance(held, Mapping) or held.get("tokens") != mark_of(document.text, document.tokens):
        return None
    blocks, key, scheme = held.get("sentences"), held.get("key", ""), held.get("scheme", "")
    if not isinstance(blocks, list) or key not in ("", *TAG_KEYS) or not isinstance(scheme, str):
        return None
    sentences = [RawSentence(1, str(block).split("\n")) for block in blocks]
    try:
        surfaces = [surfaces_of(sentence.rows()) for sentence in sentences]
    except RowFault:
        return None
    if not sentences or sum(map(len, surfaces)) != len(document.tokens):
        return None
    return _Kept(sentences, surfaces, str(key), scheme, bool(held.get("outside")))


def _sentences(
    doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions, *, is_only: bool
) -> Iterator[list[str]]:
    kept = find_kept(doc.document)
    if kept is None:
        yield from _new_sentences(with_all_words(doc, splits_at_white=True), scheme, options)
        return
    encoded = encode(doc, _ranges(kept), scheme, _tag_scheme(kept, options))
    head = [] if is_only or kept.sentences[0].begins_document() else [_newdoc(doc.document)]
    if encoded.spans and not kept.has_spans:
        head.append(GLOBAL_LINE)
    first = 0
    for sentence, surfaces in zip(kept.sentences, kept.surfaces, strict=True):
        _put_spans(surfaces, first, kept, encoded)
        first += len(surfaces)
        yield _with_head(_lines_of(sentence, surfaces), head)
        head = []


def _with_head(lines: list[str], head: Sequence[str]) -> list[str]:
    """``# newdoc`` comes first, what is said about the document after it."""
    at = 1 if head and head[0] == GLOBAL_LINE and lines[0].startswith("#") else 0
    return [*lines[:at], *head, *lines[at:]]


def _tag_scheme(kept: _Kept, options: WriteOptions) -> str:
    """The scheme of the file; of those that cannot say where a span begins, the one that says it where it must."""
    if not kept.key or not kept.scheme:
        return options.tag_scheme
    return {"IO": "IOB1", "BMES": "BIOES", "BMEWO": "BIOES"}.get(kept.scheme, kept.scheme)


def _ranges(kept: _Kept) -> list[range]:
    ranges, first = [], 0
    for surfaces in kept.surfaces:
        ranges.append(range(first, first + len(surfaces)))
        first += len(surfaces)
    return ranges


def _lines_of(sentence: RawSentence, surfaces: Sequence[Surface]) -> list[str]:
    """The sentence's lines with the rows as they are now."""
    changed = {row.place: row for surface in surfaces for row in (surface.row, *surface.words) if row.is_changed}
    if not changed:
        return sentence.lines
    return ["\t".join(changed[at].cells) if at in changed else line for at, line in enumerate(sentence.lines)]


def _put_spans(surfaces: Sequence[Surface], first: int, kept: _Kept, encoded: Encoded) -> None:
    """Write the spans of a sentence into the MISC of its rows."""
    key = kept.key or TAG_KEYS[0]
    for index, surface in enumerate(surfaces, first):
        rows = tagged_rows(surface, key) if kept.key else surface.words or [surface.row]
        for row, tag in zip(rows, _tags_of_words(encoded.tags.get(index), len(rows)), strict=True):
            _put_tag(row, key, tag, kept)
        if kept.has_spans or index in encoded.spans:
            _put(surface.row, SPANS, encoded.spans.get(index))


def _tags_of_words(tag: str | None, count: int) -> list[str | None]:
    """The tag of a piece of text, for each of the words written in it."""
    if tag is None or count == 1:
        return [tag] * count
    edge, label = tag[0], tag[1:]
    inner = f"I{label}"
    first = {"S": "B", "U": "B", "E": "I", "L": "I"}.get(edge, edge) + label
    last = {"S": "E", "U": "L", "E": "E", "L": "L"}.get(edge, "I") + label
    return [first, *[inner] * (count - 2), last]


def _put_tag(row: Row, key: str, tag: str | None, kept: _Kept) -> None:
    held = find_value(row.misc(), key)
    if tag is None and held is not None and kept.has_outside:
        tag = "O"
    if held != tag:
        _put(row, key, tag)


def _put(row: Row, key: str, value: str | None) -> None:
    """Set, change or take away a pair of MISC."""
    pairs = row.misc()
    if find_value(pairs, key) == value:
        return
    new: Misc = []
    for name, held in pairs:
        if name != key:
            new.append((name, held))
        elif value is not None:
            new.append((key, value))
            value = None
    if value is not None:
        new.append((key, value))
    row.cells[MISC] = misc_cell(new)
    row.is_changed = True


def _newdoc(document: Document) -> str:
    name = " ".join(document.id.split())
    return f"# newdoc id = {name}" if name else "# newdoc"


def _new_sentences(doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> Iterator[list[str]]:
    document, tokens = doc.document, doc.document.tokens
    sentences = list(sentences_of(tokens, ()))
    encoded = encode(doc, sentences, scheme, options.tag_scheme)
    head = [_newdoc(document), *([GLOBAL_LINE] if encoded.spans else [])]
    for number, sentence in enumerate(sentences, 1):
        text = document.text[tokens.starts[sentence[0]] : tokens.ends[sentence[-1]]]
        name = "_".join(document.id.split())
        yield [
            *head,
            *([f"# sent_id = {name}-{number}"] if name else []),
            f"# text = {' '.join(text.split())}",
            *(_new_row(document, index, index - sentence[0] + 1, encoded) for index in sentence),
        ]
        head = []


def _new_row(document: Document, index: int, number: int, encoded: Encoded) -> str:
    text, tokens = document.text, document.tokens
    form = text[tokens.starts[index] : tokens.ends[index]]
    is_last = index + 1 == len(tokens)
    before = text[: tokens.starts[0]] if index == 0 else ""
    after = text[tokens.ends[index] : len(text) if is_last else tokens.starts[index + 1]]
    pairs: Misc = [("NER", encoded.tags[index])] if index in encoded.tags else []
    pairs += [(SPANS, encoded.spans[index])] if index in encoded.spans else []
    pairs += pairs_for(before, after, is_last=is_last)
    return "\t".join([str(number), form, *["_"] * 7, misc_cell(pairs)])
