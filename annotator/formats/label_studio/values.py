"""What Label Studio's files say, in values: tasks, and what one annotator or model said about one. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Plain = dict[str, Any]

EXTRA = "label_studio"
"""Key of `Document.extra` for what only Label Studio knows."""
OWN = "annotator"
"""Key of what Label Studio has no place for, in a region's ``meta`` and in relations."""
SPAN_TYPES = ("labels", "hypertextlabels", "paragraphlabels")
DEFAULT_CONTROL = "label"
CATS_CONTROL = "cats"
NOTE_CONTROL = "note"


class TaskFault(ValueError):
    """A task or an annotation cannot be taken; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """An annotation or a prediction: ``results`` as they stand there. ``kept``: keys that only Label Studio knows."""

    annotator: str
    results: list[Any]
    is_prediction: bool = False
    was_cancelled: bool = False
    score: float | None = None
    kept: Plain = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """One task. ``kept``: keys that only Label Studio knows."""

    data: Plain
    opinions: tuple[Opinion, ...] = ()
    kept: Plain = field(default_factory=dict)
    numbers_only: int = 0
    """Predictions of which the file has only the number."""
