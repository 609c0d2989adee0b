"""What in a document most likely needs a decision: doubtful suggestions, and places that were probably missed. Pure.

A doubt goes away when its span is decided or its place is labelled. Its ``strength`` is the share of such doubts that
needed a correction, measured on WikiGold and UNER PUD together (decision 0010, which also has the reasons for every
threshold here).

They are found, and kept up to date, by a `DoubtBook`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.domain.alternatives import NOTHING, Alternative
from annotator.domain.spans import DEFAULT_LAYER

LOW_SCORE = 0.95
"""Suggestions below it are doubtful: of those from .90 to .95 still 61 of 100 are wrong, above .98 21."""

LEAST_LOST = 0.3
"""Without capitals, a span that the pipeline did not choose is a doubt from this score on; every fourth is missing.
Lower ones are missing as often, but there are three times as many of them.
"""

SURE_OF_NOTHING = 0.5
"""Where the pipeline is as sure as this that there is no span (or one that the scheme has no label for), capitals alone
raise no doubt.
"""

UNSURE_STRENGTHS = ((0.5, 0.81), (0.8, 0.71), (LOW_SCORE, 0.57))
"""Below this score, so many are wrong."""

CLASH_STRENGTHS = (0.97, 0.82)
"""Labelled otherwise before, for an unsure and for a sure suggestion."""

REPEAT_STRENGTHS = (0.96, 0.64)
"""The same words labelled by the annotator, or only suggested, elsewhere in the document."""

RUN_STRENGTHS = ((0.3, 0.78), (0.1, 0.59), (0.02, 0.55), (0.0, 0.26))
"""Capitalised words that are no span, by the score of what the pipeline nearly said there."""

LOST_STRENGTHS = ((0.5, 0.8), (0.0, 0.29))
"""A span not chosen, without capitals, by its score. One of .5 and more was chosen: it is a suggestion, to an annotator
who began without suggestions.
"""

NO_MEMORY: Mapping[str, Mapping[tuple[str, str], int]] = {}

Key = tuple[int, int, str]


class DoubtKind(StrEnum):
    """Why a place is doubtful; of several reasons the strongest."""

    UNSURE = "unsure"
    CLASH = "labelled otherwise before"
    REPEAT = "labelled elsewhere here"
    LOST = "nearly suggested"
    SKIPPED = "capitalised"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing the place could be: a label's id (`NOTHING`: no span).

    ``share``: the pipeline's score of it. ``count``: how often the annotator decided so for the same words.
    """

    label: str
    layer: str = DEFAULT_LAYER
    share: float | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place that needs a decision, ``[start, end)`` in code points. ``span_id`` is None where no span is.

    ``choices``: what it could be, the likeliest first; for a suggestion its own label first.
    """

    start: int
    end: int
    strength: float
    kind: DoubtKind
    span_id: str | None = None
    choices: tuple[Choice, ...] = ()

    @property
    def key(self) -> Key:
        """Sort key of document order, unique in a document."""
        return (self.start, self.end, self.span_id or "")

    def find_proposal(self) -> Choice | None:
        """The label to add where no span is, None when there is no telling or there is a span."""
        return next((one for one in self.choices if one.label != NOTHING), None) if self.span_id is None else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known besides the document.

    ``alternatives``: what the pipeline nearly said. ``judged``: where it suggested a span; with none there now, the
    annotator decided against it. ``memory``: how often this annotator gave the same words (folded) in other
    documents each (layer, label).
    """

    alternatives: tuple[Alternative, ...] = ()
    judged: tuple[tuple[int, int], ...] = ()
    memory: Mapping[str, Mapping[tuple[str, str], int]] = field(default_factory=lambda: NO_MEMORY, hash=False)
