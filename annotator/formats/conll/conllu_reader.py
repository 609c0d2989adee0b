"""Reads CoNLL-U: the exact text, spans from MISC, and all there is besides into `Document.extra`.

A file is looked at twice: for the key under which MISC has tags, then for its documents. Between words stands what MISC
says, else one space; before a ``# newpar`` an empty line. Words of a range (``1-2``) are one token, spelled as the
range is; empty nodes (``8.1``) have no place in the text.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Span, SpanSet
from annotator.domain.text import Document, Json, Tokens
from annotator.formats.conll.columns_kept import mark_of
from annotator.formats.conll.conllu_rows import (
    GLOBAL_SPANS,
    RawDocument,
    RawSentence,
    RowFault,
    Surface,
    find_value,
    raw_documents,
    surfaces_of,
    tagged_rows,
)
from annotator.formats.conll.conllu_spaces import spaces_after, spaces_before
from annotator.formats.conll.conllu_spans import SPANS, TAG_KEYS, decode
from annotator.formats.conll.lines import GUESSED, text_of
from annotator.formats.conll.tags import Chunk, TagProfile, TagReader, looks_like_tag
from annotator.formats.conll.words import find_words, span_id
from annotator.formats.encoding import NotText
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source

KEY = "conllu"
_VALUE = re.compile(rf"(?:^|\|)({'|'.join(TAG_KEYS)})=([^|]*)")
_MOST = 0.9


@dataclass
class _Keys:
    """What a file has in MISC: how the tags under each key are to be read. ``brackets``: values of coreference."""

    readers: dict[str, TagReader] = field(default_factory=dict)
    outside: frozenset[str] = frozenset()
    has_spans: bool = False
    brackets: int = 0

    def key_in(self, raw: RawDocument) -> str:
        """The key that a document uses: the first that it has, else the first of the file."""
        lines = [line for sentence in raw.sentences for line in sentence.lines if not line.startswith("#")]
        has = {key for line in lines for key, _ in _VALUE.findall(line.rpartition("\t")[2])}
        return next((key for key in self.readers if key in has), next(iter(self.readers), ""))


def _keys_of(text: str) -> _Keys:
    values: dict[str, list[str]] = {key: [] for key in TAG_KEYS}
    has_spans = False
    for document in raw_documents(text):
        for line in (line for sentence in document.sentences for line in sentence.lines):
            if line.startswith("#"):
                has_spans = has_spans or line.startswith(GLOBAL_SPANS)
                continue
            for key, value in _VALUE.findall(line.rpartition("\t")[2]):
                values[key].append(value)
    readers = {key: _reader_of(cells) for key, cells in values.items() if cells and _are_tags(key, cells)}
    brackets = sum("(" in cell or ")" in cell for key in values.keys() - readers.keys() for cell in values[key])
    return _Keys(readers, frozenset(key for key in readers if "O" in values[key]), has_spans, brackets)


def _are_tags(key: str, cells: list[str]) -> bool:
    """Labels alone are believed only under a key that has nothing else."""
    if key != "Entity" and not any("(" in cell or ")" in cell for cell in cells):
        return True
    return sum(map(looks_like_tag, cells)) >= len(cells) * _MOST


def _reader_of(cells: list[str]) -> TagReader:
    profile = TagProfile()
    profile.note(cells)
    return TagReader(profile)


class ConlluReader:
    """Reads one CoNLL-U file."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:  # noqa: ARG002
        """A record for each document; a document with a row that cannot be read is rejected by that row."""
        try:
            decoded = text_of(source)
            yield from _Reading(source, decoded.text).records()
            if decoded.is_guess:
                yield Remark(source.path, 1, GUESSED)
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))


class _Reading:
    """One file being read."""

    def __init__(self, source: Source, text: str) -> None:
        self._source, self._text = source, text
        self._keys = _keys_of(text)
        self._told: Counter[str] = Counter()
        documents = sum(1 for _ in raw_documents(text))
        self._digits = len(str(documents)) if documents > 1 else 0

    def records(self) -> Iterator[Record]:
        number, is_read = 0, False
        for raw in raw_documents(self._text):
            number += 1
            try:
                doc = self._document(raw, raw.id or self._name(number))
            except _BadRow as fault:
                is_read = True
                yield Rejected(self._source.path, fault.line, fault.what)
                continue
            if doc is not None:
                is_read = True
                yield Parsed(self._source.path, raw.sentences[0].line, doc)
        if not is_read:
            yield Rejected(self._source.path, 1, "there is no word in it")
        yield from (Remark(self._source.path, 1, what) for what in self._remarks())

    def _name(self, number: int) -> str:
        stem = self._source.stem
        return f"{stem}-{number:0{self._digits}}" if stem and self._digits else stem

    def _remarks(self) -> Iterator[str]:
        for key, reader in self._keys.readers.items():
            yield from (f"{key} in MISC: {what}" for what in reader.remarks)
        if self._keys.brackets:
            yield f"{self._keys.brackets:,} brackets in MISC (coreference) are kept as they are, not as spans"
        yield from (f"{count:,} {what}" for what, count in self._told.items())

    def _document(self, raw: RawDocument, name: str) -> AnnotatedDocument | None:
        building = _Building(self._keys, self._keys.key_in(raw), self._told)
        for sentence in raw.sentences:
            building.add(sentence)
        return building.made(raw, name) if building.starts else None


class _BadRow(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line, self.what = line, what


class _Building:
    """A document as its sentences come."""

    def __init__(self, keys: _Keys, key: str, told: Counter[str]) -> None:
        self._keys, self._key, self._told = keys, key, told
        self._pieces: list[str] = []
        self._length = 0
        self.starts, self._ends, self._sentence_starts = array("I"), array("I"), array("I")
        self._spans: list[Span] = []
        self._values: dict[int, str] = {}
        self._after: str | None = ""

    def add(self, sentence: RawSentence) -> None:
        """Append a sentence."""
        try:
            surfaces = surfaces_of(sentence.rows())
        except RowFault as fault:
            raise _BadRow(sentence.line + int(fault.args[1]), str(fault.args[0])) from fault
        if not surfaces:
            return
        if self._after is None:
            self._put("\n\n" if sentence.is_new_paragraph() else " ")
        first = len(self.starts)
        self._sentence_starts.append(first)
        self._put_words(surfaces, _spaces_in(surfaces, sentence.find_text(), self._told))
        self._add_spans(surfaces, first)

    def _put_words(self, surfaces: list[Surface], spaces: list[tuple[str, str | None]]) -> None:
        for surface, (before, after) in zip(surfaces, spaces, strict=True):
            self._put(before)
            self.starts.append(self._length)
            self._put(surface.row.form)
            self._ends.append(self._length)
            self._after = after
            if surface is not surfaces[-1] or after is not None:
                self._put(" " if after is None else after)

    def _put(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def _add_spans(self, surfaces: list[Surface], first: int) -> None:
        if self._keys.has_spans:
            for place, surface in enumerate(surfaces, first):
                if (value := find_value(surface.row.misc(), SPANS)) is not None:
                    self._values[place] = value
        if self._key:
            for chunk in self._chunks(surfaces):
                start, end = self.starts[first + chunk.first], self._ends[first + chunk.stop - 1]
                number = span_id(len(self._spans) + 1)
                self._spans.append(Span(number, start, end, chunk.label, origin=Origin.IMPORTED))

    def _chunks(self, surfaces: list[Surface]) -> Iterator[Chunk]:
        """Spans of the sentence, as places among its surfaces. Words of a range have tags of their own, or its one."""
        cells: list[str] = []
        places: list[int] = []
        for place, surface in enumerate(surfaces):
            for row in tagged_rows(surface, self._key):
                cells.append(find_value(row.misc(), self._key) or "O")
                places.append(place)
        for chunk in self._keys.readers[self._key].chunks(cells):
            yield Chunk(places[chunk.first], places[chunk.stop - 1] + 1, chunk.label)

    def made(self, raw: RawDocument, name: str) -> AnnotatedDocument:
        """The document."""
        text = "".join(self._pieces)
        tokens = Tokens(self.starts, self._ends, self._sentence_starts)
        for found in decode(self._values, tokens, len(self._spans) + 1):
            if isinstance(found, Span):
                self._spans.append(found)
            else:
                self._told["values of Spans could not be read and were left out"] += 1
        kept: dict[str, Json] = {
            "tokens": mark_of(text, tokens),
            "sentences": ["\n".join(sentence.lines) for sentence in raw.sentences],
        }
        if self._key:
            reader = self._keys.readers[self._key]
            kept |= {"key": self._key, "scheme": "" if reader.is_bare else reader.scheme}
            kept["outside"] = self._key in self._keys.outside
        document = Document(name, text, extra={KEY: kept}, tokens=tokens)
        return AnnotatedDocument(document, spans=SpanSet(self._spans))


def _spaces_in(surfaces: list[Surface], given: str | None, told: Counter[str]) -> list[tuple[str, str | None]]:
    """White space before and after each piece of text; None: nothing is said. A ``# text`` is believed."""
    pairs = [surface.row.misc() for surface in surfaces]
    spaces = [(spaces_before(one), spaces_after(one)) for one in pairs]
    if given is None:
        return spaces
    forms = [surface.row.form for surface in surfaces]
    built = "".join(
        f"{before}{form}{' ' if after is None else after}" for form, (before, after) in zip(forms, spaces, strict=True)
    )
    if " ".join(built.split()) == " ".join(given.split()):
        return spaces
    places = find_words(forms, given)
    if places is None:
        told["sentences have other words than their # text; the words were taken"] += 1
        return spaces
    told["sentences have other spaces than their # text; those of # text were taken"] += 1
    inner = [given[end:start] for (_, end), (start, _) in pairwise(places)]
    befores = [spaces[0][0], *[""] * len(inner)]
    return list(zip(befores, [*inner, spaces[-1][1]], strict=True))
