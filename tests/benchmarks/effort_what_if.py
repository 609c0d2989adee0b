"""What the corrections would cost with other keys: reckoned on paper, with the lines of the real window. Pure.

Hints are reckoned as if every token were on the screen, which holds for whoever reads on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.domain.projects import AnnotatedDocument
from tests.benchmarks.effort_gold import GoldDocument, GoldSpan
from tests.benchmarks.effort_moves import Arrows, Doubts, Hints, Lines, Place, Route, Scene, Tabs, cost
from tests.benchmarks.effort_plan import Kind, knots
from tests.benchmarks.effort_tally import Act, Tally
from tests.benchmarks.effort_ways import Hand, Way, on_paper

_NAME = re.compile(r"\b[A-Z][\w'’&.-]*(?: [A-Z][\w'’&-]*)*\b")
Find = Callable[[AnnotatedDocument], Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a window could have.

    ``going_on``: a label key or Delete goes on to the next doubt by itself. ``snaps``: B tries likely edges.
    """

    name: str
    routes: tuple[Route, ...]
    can_propagate: bool = False
    going_on: Doubts | None = None
    snaps: bool = True


class AllVisible:
    """Lines of which every token can be seen."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.page_lines = lines.page_lines

    def step(self, cursor: int, x: float | None, lines: int) -> tuple[int, float]:
        """As it is."""
        return self._lines.step(cursor, x, lines)

    def edge(self, cursor: int, direction: int) -> int:
        """As it is."""
        return self._lines.edge(cursor, direction)

    def is_visible(self, _char: int) -> bool:
        """Always."""
        return True


def remembered(find: Find) -> Find:
    """The same; asked again about the same document it knows the answer."""
    known: dict[int, tuple[AnnotatedDocument, Sequence[tuple[int, int]]]] = {}

    def found(doc: AnnotatedDocument) -> Sequence[tuple[int, int]]:
        held = known.get(id(doc))
        if held is None:
            known.clear()
            held = known[id(doc)] = (doc, find(doc))
        return held[1]

    return found


def doubts(below: float) -> Find:
    """Suggestions with a score ``below`` that, and capitalised words that nothing covers."""

    def found(doc: AnnotatedDocument) -> Sequence[tuple[int, int]]:
        unsure = {(span.start, span.end) for span in doc.spans if not span.decided and (span.score or 1.0) < below}
        return sorted(unsure | set(likely_misses(doc)))

    return found


def likely_misses(doc: AnnotatedDocument) -> list[tuple[int, int]]:
    """Runs of capitalised words that no span touches; a single one that begins a sentence does not count."""
    tokens = doc.document.tokens
    firsts = {tokens.starts[index] for index in tokens.sentence_starts}
    return [
        (start, end)
        for start, end in _names(doc.document.text)
        if not doc.spans.overlapping(start, end) and not (start in firsts and " " not in doc.document.text[start:end])
    ]


def all_that_is_wrong(gold: Sequence[GoldSpan]) -> Find:
    """Just what has to be corrected: no real window can know it; the bound of what any walk can save."""

    def found(doc: AnnotatedDocument) -> Sequence[tuple[int, int]]:
        wrong = [one for knot in knots(doc, gold) for one in knot.ways[0] if one.kind is not Kind.ACCEPT]
        return sorted({(one.span.start, one.span.end) if one.span else one.wanted[:2] for one in wrong})

    return found


def equipments(gold: Sequence[GoldSpan]) -> list[Equipment]:
    """What is compared, from the barest to what nothing can have. N: scores below .95 and capitalised misses."""
    bare: tuple[Route, ...] = (Tabs(), Arrows())
    now = (*bare, Hints())
    usual, oracle = Doubts(remembered(doubts(0.95))), Doubts(remembered(all_that_is_wrong(gold)))
    return [
        Equipment("tab, arrows", bare),
        Equipment("tab, arrows, no B", bare, snaps=False),
        Equipment("tab, arrows, F in 3 keys", (*bare, Hints(2))),
        Equipment("tab, arrows, F in 2 keys", (*bare, Hints(1))),
        Equipment("tab, arrows, F", now),
        Equipment("the same, P", now, can_propagate=True),
        Equipment("the same, N", (*now, usual)),
        Equipment("the same, N, P", (*now, usual), can_propagate=True),
        Equipment("the same, N, going on", (*now, usual), going_on=usual),
        Equipment("the same, N, going on, no B", (*now, usual), going_on=usual, snaps=False),
        Equipment("the same, N that stops at just what is wrong", (*now, oracle)),
        Equipment("the same, going on", (*now, oracle), going_on=oracle),
    ]


class WhatIf:
    """Reckons documents with each equipment. ``label_keys``: by the label's name."""

    def __init__(self, label_keys: Mapping[str, str]) -> None:
        self._label_keys = label_keys
        self.tallies = [Tally(one.name, "keys") for one in equipments(())]

    def reckon(self, scene: Scene, gold: GoldDocument) -> None:
        """Correct one document on paper, from its first token on."""
        scene = replace(scene, lines=AllVisible(scene.lines))
        accepted = sum(way.kind is Kind.ACCEPT for knot in knots(scene.doc, gold.spans) for way in knot.ways[0])
        for one, tally in zip(equipments(gold.spans), self.tallies, strict=True):
            hand = Hand(one.routes, self._label_keys, going_on=one.going_on, snaps=one.snaps)
            place = Place(scene.walk.first())
            ways = on_paper(scene, place, hand, gold.spans, can_propagate=one.can_propagate)
            acts = [_act(way) for way in ways if way.correction.kind is not Kind.ACCEPT]
            tally.add(gold.id, acts, accepted=accepted, accept_keys=1)


def _act(way: Way) -> Act:
    return Act(way.correction, cost(way.reaching), cost(way.correcting))


def _names(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _NAME.finditer(text)]
