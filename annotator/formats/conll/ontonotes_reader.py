"""Reads CoNLL-2012: entities, and coreference as spans of the layer ``coreference`` with their chain as an attribute.

Words are joined by single spaces, sentences by line feeds. The other columns are kept with the document.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator

from annotator.domain.labels import Attribute, Label, LabelScheme, Layer
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import DEFAULT_LAYER, Origin, Span, SpanSet
from annotator.domain.text import Document, Json, Tokens
from annotator.formats.conll.brackets import Bracket, Brackets
from annotator.formats.conll.columns_kept import mark_of
from annotator.formats.conll.lines import GUESSED, text_of
from annotator.formats.conll.ontonotes_rows import Columns, RawPart, cells_of, columns_of, is_row, raw_parts
from annotator.formats.conll.words import span_id
from annotator.formats.encoding import NotText
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, SchemeFound, Source

KEY = "conll2012"
CHAINS = "coreference"
MENTION = "COREF"
CHAIN = "chain"
_SCHEME = LabelScheme(
    "CoNLL-2012",
    layers=(
        Layer(DEFAULT_LAYER),
        Layer(CHAINS, (Label(MENTION, MENTION),), attributes=(Attribute(CHAIN, description="which mentions are one"),)),
    ),
    is_extensible=True,
)


class OntonotesReader:
    """Reads one CoNLL-2012 file."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:  # noqa: ARG002
        """A record for each document or part of one."""
        try:
            decoded = text_of(source)
            yield from _records(source, decoded.text)
            if decoded.is_guess:
                yield Remark(source.path, 1, GUESSED)
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))


def _records(source: Source, text: str) -> Iterator[Record]:
    told: Counter[str] = Counter()
    parts = sum(1 for _ in raw_parts(text))
    digits = len(str(parts)) if parts > 1 else 0
    is_scheme_told, is_read = False, False
    for number, part in enumerate(raw_parts(text), 1):
        columns = columns_of(part)
        doc = _document(part, columns, _name(part, source.stem, number, digits), told) if columns else None
        if doc is None or not doc.document.text:
            is_read = True
            what = "its rows have no columns" if part.sentences else "the document has no word"
            yield Rejected(source.path, part.line, what)
            continue
        if not is_scheme_told and any(span.layer == CHAINS for span in doc.spans):
            is_scheme_told = True
            yield SchemeFound(source.path, _SCHEME)
        is_read = True
        yield Parsed(source.path, part.line, doc, is_annotated=True)
    if not is_read:
        yield Rejected(source.path, 1, "there is no word in it")
    yield from (Remark(source.path, 1, f"{count:,} {what}") for what, count in told.items() if count)


def _name(part: RawPart, stem: str, number: int, digits: int) -> str:
    if part.id:
        is_later = part.part.isdecimal() and int(part.part) > 0
        return f"{part.id}_{int(part.part)}" if is_later else part.id
    return f"{stem}-{number:0{digits}}" if stem and digits else stem


def _document(part: RawPart, columns: Columns, name: str, told: Counter[str]) -> AnnotatedDocument:
    starts, ends, sentence_starts = array("I"), array("I"), array("I")
    lines: list[str] = []
    found: list[tuple[str, Bracket]] = []
    entities, chains = Brackets(), Brackets()
    length = 0
    for sentence in part.sentences:
        words = []
        sentence_starts.append(len(starts))
        for line in sentence:
            if not is_row(line, columns):
                told["lines without a word were passed over"] += not line.startswith("#")
                continue
            cells, place = cells_of(line), len(starts)
            word = cells[columns.word]
            starts.append(length)
            ends.append(length + len(word))
            length += len(word) + 1
            words.append(word)
            if columns.entities >= 0:
                found += [(DEFAULT_LAYER, one) for one in entities.entities(place, cells[columns.entities])]
            if columns.has_chains:
                found += [(CHAINS, one) for one in chains.chains(place, cells[-1])]
        lines.append(" ".join(words))
    if unmatched := entities.end() + chains.end():
        told["brackets have no other end and were left out"] += unmatched
    tokens = Tokens(starts, ends, sentence_starts)
    return _made(part, name, "\n".join(lines), tokens, found)


def _made(
    part: RawPart, name: str, text: str, tokens: Tokens, found: Iterable[tuple[str, Bracket]]
) -> AnnotatedDocument:
    kept: dict[str, Json] = {
        "tokens": mark_of(text, tokens),
        "begin": part.begin,
        "end": part.end,
        "sentences": ["\n".join(sentence) for sentence in part.sentences],
    }
    meta: dict[str, Json] = {"part": part.part} if part.part.strip("0") else {}
    outer_first = list(found)[::-1]  # of spans over the same words the inner one was closed first
    outer_first.sort(key=lambda pair: (pair[1].first, -pair[1].stop))
    spans = [_span(number, layer, one, tokens) for number, (layer, one) in enumerate(outer_first, 1)]
    return AnnotatedDocument(Document(name, text, meta=meta, extra={KEY: kept}, tokens=tokens), spans=SpanSet(spans))


def _span(number: int, layer: str, one: Bracket, tokens: Tokens) -> Span:
    start, end = tokens.starts[one.first], tokens.ends[one.stop - 1]
    if layer == DEFAULT_LAYER:
        return Span(span_id(number), start, end, one.name, origin=Origin.IMPORTED)
    chain: dict[str, Json] = {CHAIN: one.name}
    return Span(span_id(number), start, end, MENTION, layer=CHAINS, origin=Origin.IMPORTED, attributes=chain)
