"""What a pipeline nearly said: kept beside its suggestions, so that doubts can name the choices. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from annotator.domain.spans import DEFAULT_LAYER
from annotator.domain.text import Json

NOTHING = ""
"""The label of an alternative that says: there is no span here."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A span that the pipeline considered with this ``score`` (0 to 1) and did not choose; ``[start, end)`` in code
    points, ``label`` a label's id or `NOTHING`.
    """

    start: int
    end: int
    label: str
    score: float
    layer: str = DEFAULT_LAYER


def with_labels_of_today(
    alternatives: Iterable[Alternative], find_label: Callable[[str, str], str | None]
) -> tuple[Alternative, ...]:
    """Alternatives as the scheme has their labels now; those that nobody can give any more are left out.

    ``find_label``: the label for a layer and an id from when the pipeline read. Where two came to be one they share
    their scores.
    """
    kept: dict[tuple[int, int, str, str], Alternative] = {}
    for one in alternatives:
        label = NOTHING if one.label == NOTHING else find_label(one.layer, one.label)
        if label is None:
            continue
        place = (one.start, one.end, one.layer, label)
        score = one.score + (kept[place].score if place in kept else 0.0)
        kept[place] = replace(one, label=label, score=min(score, 1.0))
    return tuple(kept.values())


def alternatives_to_plain(alternatives: Iterable[Alternative]) -> list[Json]:
    """As JSON values: ``[start, end, label, score]``, and the layer unless it is the usual one."""
    return [
        [one.start, one.end, one.label, one.score, *([one.layer] if one.layer != DEFAULT_LAYER else [])]
        for one in alternatives
    ]


def alternatives_from_plain(plain: Any) -> tuple[Alternative, ...]:
    """The inverse of `alternatives_to_plain`; none for None."""
    return tuple(Alternative(*values) for values in plain or ())
