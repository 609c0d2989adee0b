"""Writes CoNLL-2012. A document that came from it and has its tokens still keeps its other columns.

Any other gets a tree with nothing in it (``(TOP*`` … ``*)``), so that loaders that want one have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import DEFAULT_LAYER, Span
from annotator.domain.text import Document
from annotator.formats.conll.brackets import Bracket, chain_cells, entity_cells, says_the_same
from annotator.formats.conll.columns_kept import mark_of
from annotator.formats.conll.ontonotes_reader import CHAIN, CHAINS, KEY, MENTION
from annotator.formats.conll.ontonotes_rows import (
    CHAIN_EMPTY,
    Columns,
    RawPart,
    cells_of,
    columns_of,
    is_row,
    with_cells,
)
from annotator.formats.conll.treebanks import ONTONOTES_LOSSES
from annotator.formats.conll.words import sentences_of, with_all_words
from annotator.formats.holding import CUTS_TOKEN, EDGE_IS_WHITE, IS_IN_PARTS, NOT_HELD, loss_of_span
from annotator.formats.shapes import Holds, Loss, LossKind, WriteOptions

NO_COLUMN = "there is no column for its layer"
CROSSES = "it crosses another span"
NO_CHAIN = "it has no chain that can be written"


class OntonotesWriter:
    """Writes entities, nested if they are, and the mentions of chains."""

    name = "conll2012"
    extension = ".v4_gold_conll"
    loses: tuple[str, ...] = ONTONOTES_LOSSES
    holds = Holds(text="words", layers=True, overlaps=True, attributes=True)

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Spans that cut a token or cross another one, of other layers or without a chain; attributes but the chain."""
        return _Fitting(_prepared(doc), scheme).losses

    def write(
        self,
        docs: Iterable[AnnotatedDocument],
        target: BinaryIO,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """Write each document between ``#begin document`` and ``#end document``."""
        for doc in map(_prepared, docs):
            fitting = _Fitting(doc, scheme)
            kept = _find_kept(doc.document)
            lines = _new_lines(doc, fitting)
            if kept is not None and kept.has_columns_for(fitting):
                lines = _kept_lines(doc.document, kept, fitting)
            target.write("\n".join([*lines, ""]).encode())


def _prepared(doc: AnnotatedDocument) -> AnnotatedDocument:
    return doc if _find_kept(doc.document) else with_all_words(doc, splits_at_white=True)


class _Fitting:
    """The spans of a document that are written, as brackets in order, and what is lost of the others."""

    def __init__(self, doc: AnnotatedDocument, scheme: LabelScheme) -> None:
        self._doc, self._scheme = doc, scheme
        self.losses: list[Loss] = []
        self.entities: list[Bracket] = []
        self.chains: list[Bracket] = []
        open_by_name: dict[str, list[Bracket]] = {}
        for span in doc.spans:
            bracket, reason = self._bracket(span)
            if reason:
                self._lose(span, reason)
                continue
            key = "" if span.layer == DEFAULT_LAYER else f"({bracket.name}"
            outer = open_by_name.setdefault(key, [])
            while outer and outer[-1].stop <= bracket.first:
                outer.pop()
            if outer and bracket.stop > outer[-1].stop:
                self._lose(span, CROSSES)
                continue
            outer.append(bracket)
            (self.chains if key else self.entities).append(bracket)
            self._lose_attributes(span)

    def _bracket(self, span: Span) -> tuple[Bracket, str]:
        """The span as a bracket, and why it is none (empty when it is)."""
        name = self._scheme.name_of(span.label, span.layer)
        is_mention = span.layer == CHAINS and name == MENTION
        covered = self._doc.document.tokens.find_aligned(span.start, span.end) or range(0)
        bracket = Bracket(covered.start, covered.stop, _chain_of(span) if is_mention else name)
        if span.layer != DEFAULT_LAYER and not is_mention:
            return bracket, NO_COLUMN
        if span.fragments:
            return bracket, IS_IN_PARTS
        if not covered:
            text = self._doc.document.text
            is_white = text[span.start].isspace() or text[span.end - 1].isspace()
            return bracket, EDGE_IS_WHITE if is_white else CUTS_TOKEN
        return bracket, "" if bracket.name else NO_CHAIN

    def _lose(self, span: Span, reason: str) -> None:
        self.losses.append(loss_of_span(self._doc, span, self._scheme, reason))

    def _lose_attributes(self, span: Span) -> None:
        for name in span.attributes:
            if span.layer == DEFAULT_LAYER or name != CHAIN:
                self.losses.append(loss_of_span(self._doc, span, self._scheme, NOT_HELD, LossKind.ATTRIBUTE, name))


def _chain_of(span: Span) -> str:
    chain = span.attributes.get(CHAIN)
    is_good = isinstance(chain, str) and chain and not any(char.isspace() or char in "()|" for char in chain)
    return str(chain) if is_good and chain not in CHAIN_EMPTY else ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read, still fitting the document."""

    part: RawPart
    columns: Columns
    empty: str

    def has_columns_for(self, fitting: _Fitting) -> bool:
        """Whether the file's own columns have a place for these spans."""
        return (self.columns.entities >= 0 or not fitting.entities) and (self.columns.has_chains or not fitting.chains)


def _find_kept(document: Document) -> _Kept | None:
    held = document.extra.get(KEY)
    if not isinstance(held, Mapping) or held.get("tokens") != mark_of(document.text, document.tokens):
        return None
    blocks, begin, end = held.get("sentences"), held.get("begin"), held.get("end")
    if not isinstance(blocks, list) or not isinstance(begin, str) or not isinstance(end, str):
        return None
    part = RawPart(1, begin=begin, end=end, sentences=[str(block).split("\n") for block in blocks])
    columns = columns_of(part)
    if columns is None:
        return None
    rows = [line for sentence in part.sentences for line in sentence if is_row(line, columns)]
    if len(rows) != len(document.tokens):
        return None
    return _Kept(part, columns, "_" if any(cells_of(row)[-1] == "_" for row in rows) else "-")


def _begin(document: Document) -> str:
    return f"#begin document ({' '.join(document.id.split())}); part 000"


def _kept_lines(document: Document, kept: _Kept, fitting: _Fitting) -> Iterator[str]:
    entities, chains = entity_cells(fitting.entities), chain_cells(fitting.chains)
    yield kept.part.begin or _begin(document)
    index = 0
    for number, sentence in enumerate(kept.part.sentences):
        if number:
            yield ""
        for line in sentence:
            if not is_row(line, kept.columns):
                yield line
                continue
            cells = cells_of(line)
            changes: dict[int, str] = {}
            if kept.columns.entities >= 0:
                _change(changes, kept.columns.entities, cells, entities.get(index, "*"), is_chain=False)
            if kept.columns.has_chains:
                _change(changes, len(cells) - 1, cells, chains.get(index, kept.empty), is_chain=True)
            yield with_cells(line, changes) if changes else line
            index += 1
    yield kept.part.end or "\n#end document"


def _change(changes: dict[int, str], at: int, cells: list[str], new: str, *, is_chain: bool) -> None:
    if not says_the_same(cells[at], new, is_chain=is_chain):
        changes[at] = new


def _new_lines(doc: AnnotatedDocument, fitting: _Fitting) -> Iterator[str]:
    document, tokens = doc.document, doc.document.tokens
    entities, chains = entity_cells(fitting.entities), chain_cells(fitting.chains)
    kept = [range(one.first, one.stop) for one in (*fitting.entities, *fitting.chains)]
    name = "_".join(document.id.split()) or "-"
    yield _begin(document)
    for sentence in sentences_of(tokens, kept):
        for index in sentence:
            word = document.text[tokens.starts[index] : tokens.ends[index]]
            tree = ("(TOP*" if index == sentence[0] else "*") + (")" if index == sentence[-1] else "")
            spans = f"{entities.get(index, '*')} {chains.get(index, '-')}"
            yield f"{name} 0 {index - sentence[0]} {word} XX {tree} - - - - {spans}"
        yield ""
    yield "#end document"
