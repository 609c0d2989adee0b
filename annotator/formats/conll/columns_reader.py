"""Reads columns with tags: CoNLL-2003, CoNLL-2002 and whatever else has a word first and a tag last.

A file is looked at twice: for its columns and tag scheme, then for its documents. Words are joined by single spaces
and sentences by line feeds, unless a comment ``# text =`` gives the sentence as it was. A border is ``-DOCSTART-`` or
``# newdoc``, with an id or without; a file without borders is one document. Comments and columns between word and tag
are kept in `Document.extra`; ``# key = value`` before the first word of a document in its metadata, too.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Span, SpanSet
from annotator.domain.text import Document, Json, Tokens
from annotator.formats.conll.columns_kept import KEY, keep_columns
from annotator.formats.conll.columns_rows import Border, Oddities, Sentence, blocks, pair_in
from annotator.formats.conll.layout import Layout, find_layout
from annotator.formats.conll.lines import GUESSED, numbered_lines, text_of
from annotator.formats.conll.tags import TagProfile, TagReader
from annotator.formats.conll.words import find_words, span_id
from annotator.formats.encoding import NotText
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source

_LOOKED_AT = 4000
_NO_TAGS = "no column of it holds tags such as O and B-PER"


class ColumnsReader:
    """Reads one file of columns."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """A record for each document; what had to be repaired is counted and said once at the end."""
        try:
            decoded = text_of(source)
            lines = [line for _, line in islice(numbered_lines(decoded.text), _LOOKED_AT)]
            layout = find_layout(lines, dict(options.columns))
            if layout is None:
                yield Rejected(source.path, 1, _NO_TAGS)
                return
            yield from _Reading(source, decoded.text, layout).records()
            if decoded.is_guess:
                yield Remark(source.path, 1, GUESSED)
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))


class _Reading:
    """One file being read."""

    def __init__(self, source: Source, text: str, layout: Layout) -> None:
        self._source, self._text, self._layout = source, text, layout
        self._odd = Oddities()
        self._reader, documents = self._profile()
        self._digits = len(str(documents)) if documents > 1 else 0
        self._empty = 0

    def _profile(self) -> tuple[TagReader, int]:
        profile, documents, is_open = TagProfile(), 0, False
        for block in blocks(self._text, self._layout, Oddities()):
            if isinstance(block, Border):
                is_open = False
                continue
            documents += not is_open
            is_open = True
            for column in range(len(self._layout.tags)):
                profile.note([tags[column] for tags in block.tags])
        return TagReader(profile), documents

    def records(self) -> Iterator[Record]:
        """The documents, then the remarks."""
        number = 0
        for building in self._buildings():
            if building.is_empty:
                self._empty += bool(building.id)
                continue
            number += 1
            doc = building.made(building.id or self._name(number))
            yield Parsed(self._source.path, building.line, doc, is_annotated=True)
        if not number:
            yield Rejected(self._source.path, 1, "there is no word in it")
        yield from (Remark(self._source.path, 1, what) for what in self._remarks())

    def _remarks(self) -> Iterator[str]:
        yield from self._reader.remarks
        yield from self._odd.sentences()
        others = self._layout.width - 1 - self._layout.tags[-1]  # a count of words before the word says nothing
        if others:
            yield f"{others} columns after the tags were not taken"
        if self._empty:
            yield f"{self._empty:,} documents without a word were left out"

    def _name(self, number: int) -> str:
        stem = self._source.stem
        return f"{stem}-{number:0{self._digits}}" if stem and self._digits else stem

    def _buildings(self) -> Iterator[_Building]:
        building = _Building(1, "")
        for block in blocks(self._text, self._layout, self._odd):
            if isinstance(block, Border):
                yield building
                building = _Building(block.line, block.id)
            else:
                building.add(block, self._reader)
        yield building


@dataclass
class _Building:
    """A document as its sentences come."""

    line: int
    id: str
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    starts: array[int] = field(default_factory=lambda: array("I"))
    ends: array[int] = field(default_factory=lambda: array("I"))
    sentence_starts: array[int] = field(default_factory=lambda: array("I"))
    spans: list[Span] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)
    meta: dict[str, Json] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.starts

    def add(self, sentence: Sentence, reader: TagReader) -> None:
        """Append a sentence with its spans."""
        self._note_comments(sentence)
        self.length += 1 if self.pieces else 0
        text, places = _placed(sentence)
        first = len(self.starts)
        self.sentence_starts.append(first)
        self.starts.extend(self.length + start for start, _ in places)
        self.ends.extend(self.length + end for _, end in places)
        for column in range(len(sentence.tags[0])):
            for chunk in reader.chunks(tags[column] for tags in sentence.tags):
                self._add_span(first + chunk.first, first + chunk.stop - 1, chunk.label)
        self.pieces.append(text)
        self.length += len(text)
        self.columns += sentence.columns

    def _add_span(self, first: int, last: int, label: str) -> None:
        number = span_id(len(self.spans) + 1)
        self.spans.append(Span(number, self.starts[first], self.ends[last], label, origin=Origin.IMPORTED))

    def _note_comments(self, sentence: Sentence) -> None:
        for comment in sentence.comments:
            pair = pair_in(comment)
            if pair is not None and pair[0] == "text":
                continue
            self.comments.append([len(self.pieces), comment])
            if pair is not None and self.is_empty:
                self.meta[pair[0]] = pair[1]

    def made(self, name: str) -> AnnotatedDocument:
        """The document."""
        text = "\n".join(self.pieces)
        tokens = Tokens(self.starts, self.ends, self.sentence_starts)
        kept = keep_columns(text, tokens, self.columns)
        if self.comments:
            kept["comments"] = self.comments
        document = Document(name, text, meta=self.meta, extra={KEY: kept} if kept else {}, tokens=tokens)
        return AnnotatedDocument(document, spans=SpanSet(self.spans))


def _placed(sentence: Sentence) -> tuple[str, list[tuple[int, int]]]:
    """The sentence's text and its words' places in it."""
    given = sentence.find_text()
    if given is not None and (found := find_words(sentence.words, given)) is not None:
        return given, found
    places, at = [], 0
    for word in sentence.words:
        places.append((at, at + len(word)))
        at += len(word) + 1
    return " ".join(sentence.words), places
