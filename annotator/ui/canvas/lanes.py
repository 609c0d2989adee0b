"""Who stands where when spans share text or labels want the same place. Pure interval colouring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol


class Ranged(Protocol):
    """Anything with a range and a stable order."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def id(self) -> str: ...


def lanes_of(spans: Iterable[Ranged]) -> dict[str, int]:
    """A lane for each span such that spans of one lane share no text; the longest get the first lanes."""
    lanes: list[list[tuple[int, int]]] = []
    placed: dict[str, int] = {}
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start, span.id)):
        lane = next(
            (n for n, held in enumerate(lanes) if all(span.end <= a or b <= span.start for a, b in held)), len(lanes)
        )
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((span.start, span.end))
        placed[span.id] = lane
    return placed


def label_rows(wanted: Sequence[tuple[float, float]], width: float, gap: float = 6.0) -> list[tuple[float, int]]:
    """Places for labels ``(x, width)``: for each its x (moved left to stay inside ``width``) and its row.

    Labels of one row are at least ``gap`` pixels apart; row 0 is the nearest to the text.
    """
    rows: list[list[tuple[float, float]]] = []
    places: list[tuple[float, int]] = [(0.0, 0)] * len(wanted)
    for index in sorted(range(len(wanted)), key=lambda at: wanted[at]):
        x, label_width = wanted[index]
        x = max(min(x, width - label_width), 0.0)
        row = next(
            (
                n
                for n, held in enumerate(rows)
                if all(x + label_width + gap <= left or right + gap <= x for left, right in held)
            ),
            len(rows),
        )
        if row == len(rows):
            rows.append([])
        rows[row].append((x, x + label_width))
        places[index] = (x, row)
    return places


def arc_rows(reaches: Sequence[tuple[float, float]], gap: float = 5.0) -> list[int]:
    """A row for each ``(left, right)`` such that those of one row are apart; the shortest are nearest to the text."""
    rows: list[list[tuple[float, float]]] = []
    found = [0] * len(reaches)
    for index in sorted(range(len(reaches)), key=lambda at: (reaches[at][1] - reaches[at][0], reaches[at])):
        left, right = reaches[index]
        row = next(
            (n for n, held in enumerate(rows) if all(right + gap <= a or b + gap <= left for a, b in held)), len(rows)
        )
        if row == len(rows):
            rows.append([])
        rows[row].append((left, right))
        found[index] = row
    return found
