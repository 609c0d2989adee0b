"""Places that most likely want a decision, with how strong the doubt is, in three steps. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping

STEPS = 3


class Doubts:
    """Ranges ``[start, end)`` in code points with a step from 1 (weak) to 3 (strong)."""

    def __init__(self, strengths: Mapping[tuple[int, int], float] | None = None) -> None:
        self._steps = {place: step_of(strength) for place, strength in (strengths or {}).items()}
        self._places = sorted(self._steps)
        self._longest = max((end - start for start, end in self._places), default=0)

    def __bool__(self) -> bool:
        return bool(self._places)

    def overlapping(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """``(start, end, step)`` of the doubts that share a code point with ``[start, end)``, in order."""
        index = bisect_left(self._places, (start - self._longest, 0))
        while index < len(self._places) and self._places[index][0] < end:
            first, last = self._places[index]
            if last > start:
                yield first, last, self._steps[first, last]
            index += 1


def step_of(strength: float) -> int:
    """The step of a strength from 0 to 1; what lies outside counts as the nearest edge."""
    return min(int(max(strength, 0.0) * STEPS) + 1, STEPS)
