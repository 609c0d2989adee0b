"""SLATE's annotations: lines beside a text, each with one or more places and the labels on them.

A place is ``(line, token)``, or ``((line, token), (line, token))`` from the first token to the last, both included and
counted from 0; tokens are what white space parts. ``(line, token, character)`` is a character, ``line`` or ``(line,)``
a line, ``()`` the whole document. Two or more places on one line are linked. Labels may be written ``label:x``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Relation, Span, SpanSet
from annotator.domain.text import Document, Tokens
from annotator.formats.encoding import NotText, decode
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source

MAX_BYTES = 64 * 1024 * 1024
LINKED, LINK, MARKED = "LINKED", "LINK", "MARKED"
"""Labels of what SLATE gives none: an item with links, a link, an item that is only marked."""

_NAME = re.compile(r"(.+?)((?:\.[a-z]+)?)\.annotations(\d*)")
_PLACES = re.compile(r"[\d\s,()\[\]]*")
_MAX_CHARS = 2000
_TOKEN = re.compile(r"\S+")

_Point: TypeAlias = tuple[int, ...]
_Place: TypeAlias = tuple[_Point, _Point]


class _Bad(ValueError):
    """A line that cannot be taken; the message says why."""


class SlateReader:
    """Reads a file of annotations and the text beside it."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:  # noqa: ARG002
        """One record; a line that cannot be taken is rejected by itself."""
        try:
            beside = _text_beside(source)
            text, lines = _read(beside), _read(source).split("\n")
        except (NotText, _Bad) as fault:
            yield Rejected(source.path, 1, str(fault))
            return
        taking = _Taking(text)
        are_lines = _pairs_are_lines(lines)
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                taking.take(*_parsed(line, are_lines=are_lines))
            except _Bad as fault:
                yield Rejected(source.path, number, str(fault))
        found = _NAME.fullmatch(source.name)
        yield Parsed(source.path, 1, taking.made(beside.stem, f"slate-{found[3]}" if found and found[3] else ""))
        if taking.self_links:
            yield Remark(source.path, 1, f"{taking.self_links:,} links of an item to itself were not taken")


def _text_beside(source: Source) -> Source:
    found = _NAME.fullmatch(source.name)
    if found is None:
        raise _Bad("its name does not say which text it is about: it should end in .annotations")
    for name in (found[1] + found[2], found[1]):
        if (beside := source.find_beside(name)) is not None:
            return beside
    raise _Bad(f"the text {found[1] + found[2]} is not beside it")


def _read(source: Source) -> str:
    with source.open() as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotText(f"{source.name} is larger than {MAX_BYTES // 1024**2} MiB")
    text = decode(content).text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _pairs_are_lines(lines: list[str]) -> bool:
    """Whether ``(3, 3)`` is line 3, as newer versions write it, and not a token: all pairs of the file are such."""
    pairs = [found for found in map(re.compile(r"\((\d+), (\d+)\) - .*").fullmatch, lines) if found]
    written = [line for line in lines if line.strip()]
    return len(pairs) > 1 and len(pairs) == len(written) and all(pair[1] == pair[2] for pair in pairs)


def _parsed(line: str, *, are_lines: bool) -> tuple[list[_Place], list[str]]:
    """Places and labels of a line. Raises `_Bad`."""
    before, sign, after = line.partition("-")
    before = before.strip()
    if not sign or not _PLACES.fullmatch(before) or len(before) > _MAX_CHARS:
        raise _Bad("it is no place and labels with a hyphen between them")
    labels = [label.removeprefix("label:") for label in after.split()]
    try:
        value = ast.literal_eval(before) if before[:1] in ("(", "[") else [int(number) for number in before.split()]
        places = [_place(one, are_lines=are_lines) for one in (value if isinstance(value, list) else [value])]
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError) as fault:
        raise _Bad(f"{before[:40]!r} is no place in a text") from fault
    if not places:
        raise _Bad("it names no place")
    return places, [label for label in labels if label]


def _place(value: Any, *, are_lines: bool) -> _Place:
    if isinstance(value, int):
        return (value,), (value,)
    if value and isinstance(value[0], tuple):
        first, last = value
    elif are_lines and len(value) == 2:
        first, last = value[:1], value[1:]
    else:
        first = last = value
    if len(first) != len(last) or len(first) > 3 or not all(isinstance(one, int) for one in (*first, *last)):
        raise ValueError
    return tuple(first), tuple(last)


@dataclass
class _Taking:
    """The annotations of a text as they are taken."""

    text: str
    spans: dict[tuple[int, int, str], Span] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    cats: dict[str, float] = field(default_factory=dict)
    self_links: int = 0
    has_tokens: bool = False

    def __post_init__(self) -> None:
        self._lines: list[list[tuple[int, int]]] = []
        at = 0
        for line in self.text.split("\n"):
            self._lines.append([found.span() for found in _TOKEN.finditer(self.text, at, at + len(line))])
            at += len(line) + 1

    def take(self, places: list[_Place], labels: list[str]) -> None:
        """Add what one line says. Raises `_Bad` for a place outside the text."""
        if places == [((), ())]:
            self.cats.update(dict.fromkeys(labels or [MARKED], 1.0))
            return
        ranges = [self._range(*place) for place in places]
        for label in labels or [LINKED if len(ranges) > 1 else MARKED]:
            spans = [self._span(start, end, label) for start, end in ranges]
            for other in spans[1:]:
                self._link(spans[0], other)

    def _range(self, first: _Point, last: _Point) -> tuple[int, int]:
        try:
            (start, _), (_, end) = self._piece(first), self._piece(last)
        except IndexError:
            raise _Bad(f"there is no {first if first == last else (first, last)} in the text") from None
        if start >= end:
            raise _Bad(f"{(first, last)} ends before it begins")
        self.has_tokens = self.has_tokens or len(first) == 2
        return start, end

    def _piece(self, point: _Point) -> tuple[int, int]:
        line = self._lines[point[0]]
        if len(point) == 1:
            return line[0][0], line[-1][1]
        start, end = line[point[1]]
        if len(point) == 2:
            return start, end
        if point[2] >= end - start:
            raise IndexError
        return start + point[2], start + point[2] + 1

    def _span(self, start: int, end: int, label: str) -> Span:
        new = Span(f"s{len(self.spans) + 1:05}", start, end, label, origin=Origin.IMPORTED)
        return self.spans.setdefault((start, end, label), new)

    def _link(self, head: Span, child: Span) -> None:
        if head.id == child.id:
            self.self_links += 1
            return
        key = f"{head.id}-{child.id}"
        self.relations[key] = Relation(key, head.id, child.id, LINK)

    def made(self, name: str, annotator: str) -> AnnotatedDocument:
        """The document; its tokens are SLATE's where spans are of tokens."""
        tokens = self._tokens() if self.has_tokens else Tokens()
        document = Document(name, self.text, tokens=tokens)
        return AnnotatedDocument(document, annotator, SpanSet(self.spans.values()), self.relations, self.cats)

    def _tokens(self) -> Tokens:
        held = [token for line in self._lines for token in line]
        begun, breaks = 0, []
        for line in self._lines:
            breaks += [begun] if line else []
            begun += len(line)
        return Tokens((start for start, _ in held), (end for _, end in held), breaks)
