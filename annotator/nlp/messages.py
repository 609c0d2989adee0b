"""What parent and worker process say to each other. Plain frozen values, picklable, free of spaCy."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.spans import DEFAULT_LAYER
from annotator.domain.text import Tokens
from annotator.nlp.pipelines import Pipeline


@dataclass(frozen=True, slots=True)
class TextToRead:
    """A text for the pipeline; ``key`` comes back with the result."""

    key: int
    text: str


@dataclass(frozen=True, slots=True)
class SuggestedSpan:
    """A span the pipeline suggests, in code points. ``score``: how sure it is (0 to 1), if known."""

    start: int
    end: int
    label: str
    score: float | None = None
    layer: str = DEFAULT_LAYER


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the pipeline made of one text. ``words``: tokens that are not white space.

    ``alternatives``: what it nearly said instead, each with its score: another label over the words of a span (an
    empty label: no span at all), or a span that it does not suggest.
    """

    key: int
    tokens: Tokens
    spans: tuple[SuggestedSpan, ...]
    words: int
    alternatives: tuple[SuggestedSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text on which the pipeline failed, and why."""

    key: int
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The worker's first word. ``noise``: what the pipeline warned of and logged meanwhile."""

    pipeline: Pipeline
    noise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CannotLoad:
    """The worker's only word when the pipeline does not load."""

    reason: str
    noise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """The worker's answer to a batch."""

    results: list[Suggested | Unreadable]
    noise: tuple[str, ...] = ()
