"""How sure the pipeline is of a span: its share of the parses that a beam search finds.

Source: spaCy's transition-based parser, ``beam_parse`` and ``get_beam_parses``; the score of a span is the sum
of the (normalised) scores of the parses that contain it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol

BEAM_WIDTH = 16
BEAM_DENSITY = 1e-4

Key = tuple[int, int, str]
"""A span as (first token, end token, label)."""


class _Moves(Protocol):
    def get_beam_parses(self, beam: Any) -> list[tuple[float, list[Key]]]: ...


class BeamRecognizer(Protocol):
    """The part of spaCy's ``EntityRecognizer`` that is used here."""

    moves: _Moves

    def beam_parse(self, docs: Sequence[Any], *, beam_width: int, beam_density: float) -> list[Any]:
        """One beam for each doc."""


def span_scores(recognizer: BeamRecognizer, docs: Sequence[Any]) -> list[dict[Key, float]]:
    """For each doc, the score of every span in its beam, from 0 to 1."""
    beams = recognizer.beam_parse(docs, beam_width=BEAM_WIDTH, beam_density=BEAM_DENSITY)
    scores = []
    for beam in beams:
        of_doc: dict[Key, float] = defaultdict(float)
        for share, spans in recognizer.moves.get_beam_parses(beam):
            for key in spans:
                of_doc[key] += share
        scores.append({key: min(max(score, 0.0), 1.0) for key, score in of_doc.items()})
    return scores
