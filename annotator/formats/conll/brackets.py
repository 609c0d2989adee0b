"""Spans in brackets, as CoNLL-2012 has entities (``(PERSON*``, ``*)``) and coreference (``(12``, ``12)``). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from annotator.formats.conll.percent import escaped_besides, unescaped

_ENTITY = re.compile(r"\(([^()*]+)|\)")
_CHAIN = re.compile(r"\(([^()|]+)\)|\(([^()|]+)|([^()|]+)\)")


class Bracket(NamedTuple):
    """A span as a range of words ``[first, stop)``; ``name`` is its label or its chain."""

    first: int
    stop: int
    name: str


class Brackets:
    """Reads one column, cell by cell. ``unmatched``: brackets without their other end."""

    def __init__(self) -> None:
        self.unmatched = 0
        self._open: list[tuple[str, int]] = []

    def entities(self, place: int, cell: str) -> Iterator[Bracket]:
        """The spans that end in this cell; a closing bracket ends the innermost."""
        for found in _ENTITY.finditer(cell):
            if found[1]:
                self._open.append((unescaped(found[1]), place))
            elif self._open:
                name, first = self._open.pop()
                yield Bracket(first, place + 1, name)
            else:
                self.unmatched += 1

    def chains(self, place: int, cell: str) -> Iterator[Bracket]:
        """The mentions that end in this cell; a chain's bracket ends the innermost of that chain."""
        for found in _CHAIN.finditer(cell):
            if found[1]:
                yield Bracket(place, place + 1, found[1])
            elif found[2]:
                self._open.append((found[2], place))
            else:
                yield from self._closed(place, found[3])

    def _closed(self, place: int, name: str) -> Iterator[Bracket]:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == name:
                yield Bracket(self._open.pop(at)[1], place + 1, name)
                return
        self.unmatched += 1

    def end(self) -> int:
        """How many brackets had no other end, now that the document ends."""
        return self.unmatched + len(self._open)


def entity_cells(spans: Iterable[Bracket]) -> dict[int, str]:
    """The cells that are not ``*``. The spans come in order, outer ones first, and do not cross."""
    opened: dict[int, list[str]] = {}
    closed: dict[int, int] = {}
    for span in spans:
        opened.setdefault(span.first, []).append(f"({escaped_besides(span.name, '()*|')}")
        closed[span.stop - 1] = closed.get(span.stop - 1, 0) + 1
    cells = {
        place: f"{''.join(opened.get(place, ()))}*{')' * closed.get(place, 0)}"
        for place in opened.keys() | closed.keys()
    }
    return {place: cell.replace("*", "") if is_single(cell) else cell for place, cell in cells.items()}


def is_single(cell: str) -> bool:
    """Whether a cell is one span over this word only, which is written without a star: ``(DATE)``."""
    return cell.count("(") == 1 and cell.endswith("*)")


def chain_cells(spans: Iterable[Bracket]) -> dict[int, str]:
    """The cells that are not ``-``. The mentions come in order, outer ones first; those of a chain do not cross."""
    opened: dict[int, list[str]] = {}
    closed: dict[int, list[str]] = {}
    for span in spans:
        if span.stop == span.first + 1:
            opened.setdefault(span.first, []).append(f"({span.name})")
        else:
            opened.setdefault(span.first, []).append(f"({span.name}")
            closed.setdefault(span.stop - 1, []).insert(0, f"{span.name})")
    return {
        place: "|".join([*opened.get(place, ()), *closed.get(place, ())]) for place in opened.keys() | closed.keys()
    }


def says_the_same(cell: str, other: str, *, is_chain: bool) -> bool:
    """Whether two cells begin and end the same spans, however they are written."""
    return _said(cell, is_chain=is_chain) == _said(other, is_chain=is_chain)


def _said(cell: str, *, is_chain: bool) -> list[str]:
    if is_chain:
        return sorted(found[0] for found in _CHAIN.finditer(cell))
    return [found[0] for found in _ENTITY.finditer(cell)]
