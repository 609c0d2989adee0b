"""One tag a word: which scheme a file follows, and spans from tags by the rules of conlleval. Pure.

A span begins at B and S, and at I or E after O, at the start of a sentence, after a span of one word or when the label
changes; it ends before all these and after E and S. So every sequence of tags has spans, clean or not; what was not as
the scheme has it is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from annotator.formats.conll.percent import unescaped

OUTSIDE = ("O", "")
NO_LABEL = "ENTITY"
"""The label of tags that have none: a bare B, I, E or S."""

_TAG = re.compile(r"([BIESLUMW])[-_](.+)")
_EDGES = {"B": "B", "I": "I", "M": "I", "E": "E", "L": "E", "S": "S", "U": "S", "W": "S"}
_NONE = frozenset(("O", "o", "0", "_", "-", ""))
_MOST = 0.9

Tag: TypeAlias = tuple[str, str]
"""An edge (O, B, I, E or S) and a label."""


class Chunk(NamedTuple):
    """A span as a range of words in their sentence."""

    first: int
    stop: int
    label: str


def looks_like_tag(cell: str) -> bool:
    """``O``, an edge with a label, or an edge alone."""
    return cell == "O" or cell in _EDGES or _TAG.fullmatch(cell) is not None


@dataclass
class Repairs:
    """How often tags were not as their scheme has them."""

    begun: int = 0
    not_ended: int = 0
    without_edge: int = 0
    without_label: int = 0

    def sentences(self) -> Iterator[str]:
        """Each repair with its count."""
        if self.begun:
            yield f"{self.begun:,} spans begin without B-; they were taken to begin where they stand, as conlleval does"
        if self.not_ended:
            yield f"{self.not_ended:,} spans end without E-; they were taken to end where they stand"
        if self.without_edge:
            yield f"{self.without_edge:,} tags without B- or I- were read as I-"
        if self.without_label:
            yield f"{self.without_label:,} tags without a label were read as {NO_LABEL}"


@dataclass
class TagProfile:
    """What the tags of a file have in common, told by looking at all of them once."""

    cells: Counter[str] = field(default_factory=Counter)
    begun_by_i: int = 0
    begun_by_b: int = 0

    def note(self, cells: Sequence[str]) -> None:
        """Look at the tags of one sentence."""
        self.cells.update(cells)
        before = "O"
        for cell in cells:
            is_same = before[1:] == cell[1:] and before not in _NONE
            if cell[:1] == "B" and not is_same:
                self.begun_by_b += 1
            elif cell[:1] == "I" and not is_same:
                self.begun_by_i += 1
            before = cell

    def scheme(self) -> str:
        """IOB2, IOB1, BIOES, BILOU, BMES, BMEWO or IO."""
        if self.is_bare():
            return "IO"
        edges = {cell[0] for cell in self.cells if looks_like_tag(cell) and cell not in _NONE}
        for name, signs in (("BILOU", "LU"), ("BMEWO", "W"), ("BMES", "M"), ("BIOES", "ES")):
            if edges & set(signs):
                return name
        if edges == {"I"}:
            return "IO"
        return "IOB1" if self.begun_by_i and not self.begun_by_b else "IOB2"

    def is_bare(self) -> bool:
        """Whether tags are labels alone, without an edge."""
        marked = sum(count for cell, count in self.cells.items() if cell not in _NONE)
        edged = sum(count for cell, count in self.cells.items() if cell not in _NONE and looks_like_tag(cell))
        return edged < marked * _MOST


class TagReader:
    """Spans from the tags of a file whose profile is known."""

    def __init__(self, profile: TagProfile) -> None:
        self.scheme = profile.scheme()
        self.repairs = Repairs()
        self.is_bare = profile.is_bare()
        self._known: dict[str, Tag] = {}

    @property
    def remarks(self) -> list[str]:
        """What a person should know about the tags."""
        names = {"IO": "the tags do not say where a span begins (IO): neighbours of one label are one span"}
        said = [] if self.scheme == "IOB2" else [names.get(self.scheme, f"the tags are {self.scheme}")]
        return [*said, *self.repairs.sentences()]

    def chunks(self, cells: Iterable[str]) -> list[Chunk]:
        """The spans of one sentence."""
        return self.chunks_of([self._tag(cell) for cell in cells])

    def chunks_of(self, tags: Sequence[Tag]) -> list[Chunk]:
        """The spans of one sentence, from parsed tags."""
        found: list[Chunk] = []
        begun, before = 0, OUTSIDE
        for place, tag in enumerate([*tags, OUTSIDE]):
            if before[0] != "O" and _ends(before, tag):
                found.append(Chunk(begun, place, before[1]))
                self.repairs.not_ended += before[0] in "BI" and self._has_ends
            if _begins(before, tag):
                begun = place
                self.repairs.begun += tag[0] in "IE" and self._has_begins
            before = tag
        return found

    @property
    def _has_begins(self) -> bool:
        return self.scheme not in ("IO", "IOB1")

    @property
    def _has_ends(self) -> bool:
        return self.scheme not in ("IO", "IOB1", "IOB2")

    def _tag(self, cell: str) -> Tag:
        tag = self._known.get(cell)
        if tag is None:
            tag = self._known[cell] = self._parsed(cell)
        if tag is not OUTSIDE and not self.is_bare:
            self.repairs.without_label += cell in _EDGES
            self.repairs.without_edge += cell not in _EDGES and _TAG.fullmatch(cell) is None
        return tag

    def _parsed(self, cell: str) -> Tag:
        if cell in _NONE:
            return OUTSIDE
        if self.is_bare:
            return "I", unescaped(cell)
        if cell in _EDGES:
            return _EDGES[cell], NO_LABEL
        found = _TAG.fullmatch(cell)
        return (_EDGES[found[1]], unescaped(found[2])) if found else ("I", unescaped(cell))


def _begins(before: Tag, tag: Tag) -> bool:
    if tag[0] in "BS":
        return True
    return tag[0] in "IE" and (before[0] in "OES" or before[1] != tag[1])


def _ends(before: Tag, tag: Tag) -> bool:
    return before[0] in "ES" or tag[0] in "BSO" or before[1] != tag[1]


def edge_of(scheme: str, *, is_first: bool, is_last: bool, follows_same: bool) -> str:
    """The edge that a scheme writes. ``follows_same``: the word before is the end of a span with this label."""
    if scheme in ("BIOES", "BILOU"):
        ends = "SE" if scheme == "BIOES" else "UL"
        return (ends[0] if is_first else ends[1]) if is_last else "B" if is_first else "I"
    if scheme == "IOB1":
        return "B" if is_first and follows_same else "I"
    return "B" if is_first else "I"
