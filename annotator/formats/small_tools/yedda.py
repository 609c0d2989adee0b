"""YEDDA's annotated texts: ``[@New York#Location*]`` is a span, ``[$New York#Location*]`` one that it recommends.

The text is what is left without the brackets. Spans may be nested; a bracket without its other end is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Span, SpanSet
from annotator.domain.text import Document
from annotator.formats.encoding import NotText, decode, with_newlines
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source

MAX_BYTES = 64 * 1024 * 1024
RECOMMENDED = "YEDDA recommendation"
_SIGN = re.compile(r"\[(?P<open>[@$])|[#＃](?P<label>[^#＃*\[\]\n]+)\*\]")  # the wide sign is YEDDA's, too


class YeddaReader:
    """Reads one annotated text."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """The text with its spans; spans that YEDDA recommends are suggestions."""
        with source.open() as file:
            content = file.read(MAX_BYTES + 1)
        try:
            if len(content) > MAX_BYTES:
                raise NotText(f"the file is larger than {MAX_BYTES // 1024**2} MiB; part it into articles")
            marked = with_newlines(decode(content).text, options.newlines)
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))
            return
        found = _unmarked(marked)
        if not found.text.strip():
            yield Rejected(source.path, 1, "the file is empty" if not content else "the file has only white space")
            return
        yield from _records(source, found)


def _records(source: Source, found: _Unmarked) -> Iterator[Record]:
    document = Document(source.stem.removesuffix(".txt"), found.text)
    yield Parsed(source.path, 1, AnnotatedDocument(document, spans=SpanSet(found.spans)))
    if found.recommended:
        spans = SpanSet(found.recommended)
        yield Parsed(source.path, 1, AnnotatedDocument(document, RECOMMENDED, spans), is_suggestion=True)
    if found.unmatched:
        yield Remark(source.path, 1, f"{found.unmatched:,} brackets have no other end and were taken as text")
    if found.empty:
        yield Remark(source.path, 1, f"{found.empty:,} labels on nothing were left out")


@dataclass
class _Unmarked:
    """A text without its brackets, and what they said."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)
    recommended: list[Span] = field(default_factory=list)
    unmatched: int = 0
    empty: int = 0


def _unmarked(marked: str) -> _Unmarked:
    pairs, unmatched = _pairs(marked)
    signs = sorted(sign for pair in pairs for sign in pair[:2])
    pieces, places, at, length = [], dict[int, int](), 0, 0
    for start, end in signs:
        pieces.append(marked[at:start])
        length += start - at
        places[start] = length
        at = end
    found = _Unmarked("".join([*pieces, marked[at:]]), unmatched=unmatched)
    for number, (opening, closing, kind, label) in enumerate(sorted(pairs), 1):
        start, end = places[opening[0]], places[closing[0]]
        if start == end:
            found.empty += 1
            continue
        span = Span(f"s{number:05}", start, end, label, origin=Origin.IMPORTED)
        (found.spans if kind == "@" else found.recommended).append(span)
    return found


_Pair = tuple[tuple[int, int], tuple[int, int], str, str]


def _pairs(marked: str) -> tuple[list[_Pair], int]:
    """Opening and closing signs that go together, with kind and label; and how many are left over."""
    pairs: list[_Pair] = []
    opened: list[re.Match[str]] = []
    unmatched = 0
    for sign in _SIGN.finditer(marked):
        if sign["open"]:
            opened.append(sign)
        elif opened:
            opening = opened.pop()
            pairs.append((opening.span(), sign.span(), opening["open"], sign["label"].strip() or sign["label"]))
        else:
            unmatched += 1
    return pairs, unmatched + len(opened)
