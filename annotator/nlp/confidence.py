"""How sure the pipeline is of a span, from 0 to 1.

For spaCy's greedy ``ner``: the product of the probabilities of the parser's steps that make the span, each a softmax
over the steps that are allowed there. For a ``beam_ner``, which is trained for it: the share of the beam's parses
that contain the span (spaCy's ``beam_parse`` and ``get_beam_parses``). Why not a beam for both: decision 0007.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

BEAM_WIDTH = 16
BEAM_DENSITY = 1e-4

Key = tuple[int, int, str]
"""A span as (first token, end token, label)."""

_Row = Sequence[float]


class _Moves(Protocol):
    def init_batch(self, docs: Sequence[Any]) -> list[Any]: ...

    def get_beam_parses(self, beam: Any) -> list[tuple[float, list[Key]]]: ...


class _Model(Protocol):
    def predict(self, docs: Sequence[Any]) -> Any: ...


class Recognizer(Protocol):
    """The part of spaCy's ``EntityRecognizer`` that is used here."""

    moves: _Moves
    model: _Model
    move_names: list[str]

    def transition_states(self, states: Sequence[Any], scores: Any) -> None:
        """Let each state take its best allowed step."""

    def set_annotations(self, docs: Sequence[Any], states: Sequence[Any]) -> None:
        """Put the entities of the states into the docs."""

    def beam_parse(self, docs: Sequence[Any], *, beam_width: int, beam_density: float) -> list[Any]:
        """One beam for each doc."""


def recognize(recognizer: Recognizer, docs: Sequence[Any]) -> list[dict[Key, float]]:
    """Let a greedy recognizer find its entities, and return the score of each, for each doc.

    It takes the same steps as the recognizer's own ``pipe``, but keeps what each step was chosen by.
    """
    before = [{(span.start, span.end, span.label_) for span in doc.ents} for doc in docs]
    states = recognizer.moves.init_batch(docs)
    rows = _parse(recognizer, docs, states)
    recognizer.set_annotations(docs, states)
    steps = _Steps(recognizer.move_names)
    found = []
    for doc, old, of_doc in zip(docs, before, rows, strict=True):
        keys = ((span.start, span.end, span.label_) for span in doc.ents)
        found.append({key: steps.probability(key, doc, of_doc) for key in keys if key not in old})
    return found


def beam_scores(recognizer: Recognizer, docs: Sequence[Any]) -> list[dict[Key, float]]:
    """For each doc, the score of every span in its beam. The entities of the docs are left as they are."""
    entities = [doc.ents for doc in docs]
    for doc in docs:
        doc.set_ents([], default="missing")  # the beam would keep to what is set, and every score be 1
    beams = recognizer.beam_parse(docs, beam_width=BEAM_WIDTH, beam_density=BEAM_DENSITY)
    for doc, kept in zip(docs, entities, strict=True):
        doc.ents = kept
    return [_shares(recognizer.moves.get_beam_parses(beam)) for beam in beams]


def _shares(parses: Iterable[tuple[float, list[Key]]]) -> dict[Key, float]:
    shares: dict[Key, float] = defaultdict(float)
    for share, spans in parses:
        for key in spans:
            shares[key] += share
    return dict(shares)


def _parse(recognizer: Recognizer, docs: Sequence[Any], states: Sequence[Any]) -> list[list[_Row]]:
    """Take every state to its end; the scores of all steps at each token (each step takes in one token)."""
    rows: list[list[_Row]] = [[] for _ in states]
    model = recognizer.model.predict(docs)
    live = [(place, state) for place, state in enumerate(states) if not state.is_final()]
    while live:
        batch = [state for _, state in live]
        scores = model.predict(batch)
        for (place, _), row in zip(live, scores, strict=True):
            rows[place].append(row.copy())  # the model writes the next step's into the same place
        recognizer.transition_states(batch, scores)
        live = [(place, state) for place, state in live if not state.is_final()]
    return rows


class _Steps:
    """The steps of a BILUO parser: begin, inside, last and unit of each label, and outside."""

    def __init__(self, names: Sequence[str]) -> None:
        self._places = {name: place for place, name in enumerate(names)}
        self._opening = [place for name, place in self._places.items() if name[:2] in ("B-", "U-") or name == "O"]
        self._units = [place for name, place in self._places.items() if name.startswith("U-") or name == "O"]

    def probability(self, key: Key, doc: Any, rows: Sequence[_Row]) -> float:
        """The product of the probabilities of the steps that make the span; inside it only two steps are allowed."""
        start, end, label = key
        prefixes = ["U-"] if end - start == 1 else ["B-", *["I-"] * (end - start - 2), "L-"]
        share = 1.0
        for token, prefix in enumerate(prefixes, start):
            if (allowed := self._allowed(prefix, label, must_end=_must_end(doc, token))) is not None:
                share *= _softmax(rows[token], self._places[prefix + label], allowed)
        return share

    def _allowed(self, prefix: str, label: str, *, must_end: bool) -> list[int] | None:
        """The steps to choose from; None where there is no choice."""
        if prefix in ("B-", "U-"):
            return self._units if must_end else self._opening
        return None if must_end else [self._places["I-" + label], self._places["L-" + label]]


def _must_end(doc: Any, token: int) -> bool:
    """Whether no entity may go on after this token: at the end of the text or of a sentence."""
    return token + 1 >= len(doc) or doc[token + 1].is_sent_start is True


def _softmax(row: _Row, chosen: int, allowed: Sequence[int]) -> float:
    scores = [float(row[place]) for place in allowed]
    highest = max(scores)
    return math.exp(float(row[chosen]) - highest) / sum(math.exp(score - highest) for score in scores)
