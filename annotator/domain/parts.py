"""Parts of a discontinuous span as they are put, moved and joined. Pure; ranges are code points, half-open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Part = tuple[int, int]
Parts = tuple[Part, ...]


def put_part(text: str, others: Iterable[Part], part: Part) -> Parts:
    """``others`` with ``part``, in order. Those that it meets become one with it: those that it overlaps or touches,
    and those from which white space alone keeps it apart.
    """
    start, end = part
    left = list(others)
    while met := [other for other in left if _meets(text, other, (start, end))]:
        left = [other for other in left if other not in met]
        start, end = min(start, *(one[0] for one in met)), max(end, *(one[1] for one in met))
    return tuple(sorted([*left, (start, end)]))


def moved_part(text: str, parts: Sequence[Part], place: int, start: int, end: int) -> Parts:
    """``parts`` with the one at ``place`` (from 0) moved to ``[start, end)``; what it meets becomes one with it."""
    return put_part(text, (*parts[:place], *parts[place + 1 :]), (start, end))


def _meets(text: str, one: Part, other: Part) -> bool:
    between = text[min(one[1], other[1]) : max(one[0], other[0])]  # empty where they share or touch
    return not between or between.isspace()
