"""The keyboard of the window as a person who knows it sees it: which key leads where. Pure: no Qt.

A place is where keys act: the token cursor, the current span, the selection. A route is a way to move it; routes are
objects, so that what others cost can be reckoned before (or without) the window having them. The model is checked
against the window after every correction (see `effort_keys`): where they differ the benchmark fails.
"""

from __future__ import annotations

import heapq
import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.ui.canvas.walking import TokenWalk

FARTHEST_KEYS = 60


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of the hint on the token that begins at ``char``; how many there are is reckoned as ``count``."""

    char: int
    count: int = 2


Press = str | Letters
"""One key with its modifiers ("Shift+Right"), or the letters of a hint."""


def cost(presses: Iterable[Press]) -> int:
    """How many keys; a key with Shift or Ctrl is one."""
    return sum(press.count if isinstance(press, Letters) else 1 for press in presses)


@dataclass(frozen=True, slots=True)
class Place:
    """Where keys act. ``column``: (cursor, x) of the last step up or down, which the next one keeps to."""

    cursor: int
    current: str | None = None
    selection: tuple[int, int] | None = None
    column: tuple[int, float] | None = None

    def at(self, cursor: int) -> Place:
        """The cursor elsewhere, nothing current or selected."""
        return Place(cursor, column=self.column)

    def on(self, span: Span) -> Place:
        """With a span current."""
        return Place(span.start, span.id, column=self.column)

    @property
    def state(self) -> tuple[object, ...]:
        """What tells places apart for somebody who looks for a way: nobody reckons with the column."""
        return (self.cursor, self.current, self.selection)


class Lines(Protocol):
    """How the text stands on the screen. All positions are code points, x whatever the screen has."""

    page_lines: int

    def step(self, cursor: int, x: float | None, lines: int) -> tuple[int, float]:
        """The token ``lines`` lines down (negative: up) at ``x``, or below the middle of the cursor's token."""
        ...

    def edge(self, cursor: int, direction: int) -> int:
        """The first (-1) or last (1) token of the cursor's line."""
        ...

    def is_visible(self, char: int, /) -> bool:
        """Whether the token at ``char`` can be seen without scrolling."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """What a person has before them: the document with its spans, and how it stands on the screen."""

    doc: AnnotatedDocument
    walk: TokenWalk
    lines: Lines

    def with_doc(self, doc: AnnotatedDocument) -> Scene:
        """The same text with other spans."""
        return replace(self, doc=doc)


class Step(NamedTuple):
    """Some keys, and where they lead."""

    presses: tuple[Press, ...]
    place: Place


class Route(Protocol):
    """A way to get about. ``toward``: the tokens that the person has in mind (where each begins).

    ``selects``: whether it may lead to a selection.
    """

    name: str
    selects: bool

    def steps(self, scene: Scene, place: Place, toward: Sequence[int], /) -> Iterator[Step]:
        """Each single step from ``place``."""
        ...


class Tabs:
    """Tab and Shift+Tab: from span to span, round the end of the document."""

    name = "tab"
    selects = False

    def steps(self, scene: Scene, place: Place, _toward: Sequence[int]) -> Iterator[Step]:
        """To the next span and to the one before."""
        spans = scene.doc.spans
        held = spans.find(place.current) if place.current else None
        order = held.order if held else (place.cursor, -(10**12), "")
        for key, span in (
            ("Tab", spans.find_next(order) or spans.find_next((-1, 0, ""))),
            ("Shift+Tab", spans.find_previous(order) or spans.find_previous((10**12, 0, ""))),
        ):
            if span is not None:
                yield Step((key,), place.on(span))


class Arrows:
    """Arrows, Home, End, and page keys: from token to token and from line to line."""

    name = "arrows"
    selects = False

    def __init__(self) -> None:
        self._lines: Lines | None = None
        self._known: dict[tuple[int, int, float | None], list[tuple[str, int, float | None]]] = {}

    def steps(self, scene: Scene, place: Place, _toward: Sequence[int]) -> Iterator[Step]:
        """One token, one line, one screenful, to the edges of line and text."""
        for key, cursor, x in self._neighbours(scene, place):
            column = place.column if x is None else (cursor, x)
            yield Step((key,), Place(cursor, column=column))

    def _neighbours(self, scene: Scene, place: Place) -> list[tuple[str, int, float | None]]:
        """The keys, where the cursor is then, and the x that a step up or down keeps; the same for every span."""
        if scene.lines is not self._lines:
            self._lines, self._known = scene.lines, {}
        left = right = place.cursor
        if place.selection is not None:
            left, right = scene.walk.token_start(place.selection[0]), scene.walk.token_start(place.selection[1] - 1)
        x = place.column[1] if place.column and place.column[0] in (left, right) else None
        if (left, right, x) not in self._known:
            self._known[left, right, x] = list(self._looked(scene, place, left, right))
        return self._known[left, right, x]

    @staticmethod
    def _looked(scene: Scene, place: Place, left: int, right: int) -> Iterator[tuple[str, int, float | None]]:
        walk, lines = scene.walk, scene.lines
        for direction, at, token, edge in ((-1, left, "Left", "Home"), (1, right, "Right", "End")):
            yield token, walk.moved(at, direction), None
            yield edge, lines.edge(at, direction), None
        yield "Ctrl+Home", walk.first(), None
        yield "Ctrl+End", walk.last(), None
        screen = lines.page_lines
        ways = (("Up", left, -1), ("Down", right, 1), ("PageUp", left, -screen), ("PageDown", right, screen))
        for key, at, count in ways:
            kept = place.column[1] if place.column and place.column[0] == at else None
            yield (key, *lines.step(at, kept, count))


class Hints:
    """F, then the letters that stand on a token; a token of punctuation has none.

    How many letters is not seen before F is pressed. Who knows the window reckons with one on a capitalised word
    that no span covers, else with two; or always with ``letters``.
    """

    name = "hints"
    selects = False

    def __init__(self, letters: int | None = None) -> None:
        self._letters = letters

    def steps(self, scene: Scene, place: Place, toward: Sequence[int]) -> Iterator[Step]:
        """To each token that the person has in mind, when it is on the screen."""
        text = scene.doc.document.text
        for char in toward:
            if any(map(str.isalnum, text[slice(*scene.walk.token_range(char))])) and scene.lines.is_visible(char):
                is_likely = text[char].isupper() and not scene.doc.spans.at(char)
                yield Step(("f", Letters(char, self._letters or (1 if is_likely else 2))), place.at(char))


Range = tuple[int, int]


class Doubts:
    """N and Shift+N: to the next span that is doubtful, or to a likely miss, which is selected then.

    ``find``: the ranges to stop at, in order, for what the document has now; after the last one comes the first.
    """

    name = "doubts"
    selects = True

    def __init__(self, find: Callable[[AnnotatedDocument], Sequence[Range]]) -> None:
        self._find = find

    def steps(self, scene: Scene, place: Place, _toward: Sequence[int]) -> Iterator[Step]:
        """To the next doubt and to the one before."""
        found, here = self._find(scene.doc), self._here(scene.doc, place)
        if found:
            yield Step(("n",), self._stop(scene.doc, place, *found[bisect_right(found, here) % len(found)]))
            yield Step(("Shift+N",), self._stop(scene.doc, place, *found[bisect_left(found, here) - 1]))

    def below(self, scene: Scene, place: Place) -> Place:
        """Where the window goes on to by itself after a decision: the next doubt below, or nowhere."""
        found, here = self._find(scene.doc), self._here(scene.doc, place)
        at = bisect_right(found, here)
        return self._stop(scene.doc, place, *found[at]) if at < len(found) else place

    @staticmethod
    def _here(doc: AnnotatedDocument, place: Place) -> Range:
        """The place as a range; a cursor stands before what begins there."""
        span = doc.spans.find(place.current) if place.current else None
        return (span.start, span.end) if span else place.selection or (place.cursor, -1)

    @staticmethod
    def _stop(doc: AnnotatedDocument, place: Place, start: int, end: int) -> Place:
        there = doc.spans.overlapping(start, end)
        span = next((span for span in there if (span.start, span.end) == (start, end)), None)
        return place.on(span) if span else Place(start, None, (start, end), place.column)


Left = Callable[[Place], int | None]
"""How many keys are left to press at a place; None where nothing can be done."""


def shortest(
    scene: Scene, place: Place, routes: Sequence[Route], toward: Sequence[int], left: Left, *, least: int = 0
) -> tuple[tuple[Press, ...], Place] | None:
    """The fewest keys from ``place``, and where they lead, or None when it is nowhere near.

    ``left`` are counted too; they are never fewer than ``least``. (Dijkstra's algorithm.)
    """
    search = _Search(left, least)
    search.reach(0, (), place)
    while search.is_going_on:
        spent, presses, here = search.take()
        for route in routes:
            for step in route.steps(scene, here, toward):
                search.reach(spent + cost(step.presses), presses + step.presses, step.place)
    return search.best


class _Search:
    """Places by the keys it takes to reach them, the nearest taken first; and the best of those taken."""

    def __init__(self, left: Left, least: int) -> None:
        self._left, self._least = left, least
        self._queue: list[tuple[int, int, tuple[Press, ...], Place]] = []
        self._spent_at: dict[tuple[object, ...], int] = {}
        self._number = itertools.count()  # of equally near places the one reached first is taken first
        self._bound = FARTHEST_KEYS
        self.best: tuple[tuple[Press, ...], Place] | None = None

    @property
    def is_going_on(self) -> bool:
        """Whether a place that was not taken yet may be better than the best."""
        return bool(self._queue) and self._queue[0][0] + self._least < self._bound

    def reach(self, spent: int, presses: tuple[Press, ...], place: Place) -> None:
        """A place can be reached by these keys; of no account when it could be before by as few."""
        if spent < self._spent_at.get(place.state, FARTHEST_KEYS):
            self._spent_at[place.state] = spent
            heapq.heappush(self._queue, (spent, next(self._number), presses, place))

    def take(self) -> tuple[int, tuple[Press, ...], Place]:
        """The nearest place not taken yet."""
        spent, _, presses, place = heapq.heappop(self._queue)
        rest = self._left(place)
        if rest is not None and spent + rest < self._bound:
            self._bound, self.best = spent + rest, (presses, place)
        return spent, presses, place
