"""Known errors among suggestions, to see whether an annotator looks: which are planted, and whether they were found.

Only the label of a suggestion is made wrong. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span

LEAST_SCORE = 0.9
"""A suggestion that the pipeline is less sure of may be wrong as it is, and is not made an error of."""


class Found(StrEnum):
    """What became of a planted error."""

    DETECTED = "detected"
    """The annotator changed or removed it."""
    MISSED = "missed"
    """It was accepted as it was."""
    UNDECIDED = "undecided"
    UNSEEN = "unseen"
    """The annotator has not begun the document."""


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted error: the suggestion ``span_id`` with ``wrong`` in place of ``right`` (label ids)."""

    key: int
    annotator: str
    span_id: str
    right: str
    wrong: str


def choose_plants(
    suggested: Mapping[int, Sequence[Span]], annotator: str, scheme: LabelScheme, share: float, seed: int
) -> list[Plant]:
    """Errors in ``share`` of these documents, one each, the same for equal seeds.

    ``suggested``: suggestions by document. A document of which no suggestion is sure enough, or whose layer has one
    label only, is passed over for another.
    """
    luck = f"{seed} {annotator}"
    keys = sorted(suggested, key=lambda key: (_drawn(luck, key), key))
    wanted = max(round(share * len(keys)), 1) if keys else 0
    plants = (_plant(key, suggested[key], annotator, scheme, luck) for key in keys)
    found = [plant for plant in plants if plant is not None][:wanted]
    return sorted(found, key=lambda plant: plant.key)


def with_plants(spans: Sequence[Span], plants: Sequence[Plant]) -> list[Span]:
    """Suggestions as the annotator sees them."""
    wrong = {plant.span_id: plant.wrong for plant in plants}
    return [replace(span, label=wrong[span.id]) if span.id in wrong else span for span in spans]


def find_outcome(plant: Plant, doc: AnnotatedDocument | None) -> Found:
    """What the annotator's set on the document, if there is one, says of the error."""
    if doc is None:
        return Found.UNSEEN
    held = doc.spans.find(plant.span_id)
    if held is None or held.label != plant.wrong:
        return Found.DETECTED
    return Found.MISSED if held.decided else Found.UNDECIDED


def _plant(key: int, spans: Sequence[Span], annotator: str, scheme: LabelScheme, luck: str) -> Plant | None:
    sure = [span for span in spans if span.score is None or span.score >= LEAST_SCORE]
    for span in sorted(sure, key=lambda span: _drawn(luck, key, span.id)):
        layer = scheme.find_layer(span.layer)
        others = [label.id for label in layer.labels if label.id != span.label] if layer else []
        if others:
            wrong = min(others, key=lambda label: _drawn(luck, key, span.id, label))
            return Plant(key, annotator, span.id, span.label, wrong)
    return None


def _drawn(*parts: object) -> bytes:
    """What stands for a random number here: equal parts give equal ones (the domain draws nothing)."""
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()
