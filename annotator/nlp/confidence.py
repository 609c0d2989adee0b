"""How sure the pipeline is of a span, from 0 to 1, and what it nearly said instead.

For spaCy's greedy ``ner``: the probabilities of the parser's steps (see `weighing`). For a ``beam_ner``, which is
trained for it: the share of the beam's parses that contain the span (spaCy's ``beam_parse`` and
``get_beam_parses``). Why not a beam for both: decision 0007.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from annotator.nlp.weighing import LEAST_SHARE, Key, Steps, Weighed, keys_of, weigh

BEAM_WIDTH = 16
BEAM_DENSITY = 1e-4


class _Moves(Protocol):
    n_moves: int

    def get_class_name(self, move: int) -> str: ...

    def init_batch(self, docs: Sequence[Any]) -> list[Any]: ...

    def get_beam_parses(self, beam: Any) -> list[tuple[float, list[Key]]]: ...


class _Model(Protocol):
    def predict(self, docs: Sequence[Any]) -> Any: ...


class Recognizer(Protocol):
    """The part of spaCy's ``EntityRecognizer`` that is used here."""

    moves: _Moves
    model: _Model

    def transition_states(self, states: Sequence[Any], scores: Any) -> None:
        """Let each state take its best allowed step."""

    def set_annotations(self, docs: Sequence[Any], states: Sequence[Any]) -> None:
        """Put the entities of the states into the docs."""

    def beam_parse(self, docs: Sequence[Any], *, beam_width: int, beam_density: float) -> list[Any]:
        """One beam for each doc."""


def recognize(recognizer: Recognizer, docs: Sequence[Any]) -> list[Weighed]:
    """Let a greedy recognizer find its entities, and return what it weighed, for each doc.

    It takes the same steps as the recognizer's own ``pipe``, but keeps what each step was chosen by.
    """
    before = [keys_of(doc) for doc in docs]
    states = recognizer.moves.init_batch(docs)
    rows = _parse(recognizer, docs, states)
    recognizer.set_annotations(docs, states)
    steps = Steps(move_names(recognizer.moves))
    return [weigh(steps, doc, of_doc, old) for doc, of_doc, old in zip(docs, rows, before, strict=True)]


def move_names(moves: _Moves) -> list[str]:
    """The name of each column of the scores. (A recognizer's own ``move_names`` leaves out one that has a column.)"""
    return [moves.get_class_name(place) for place in range(moves.n_moves)]


def beam_shares(recognizer: Recognizer, docs: Sequence[Any]) -> list[Weighed]:
    """For each doc, the share of every span in its beam. The entities of the docs are left as they are."""
    entities = [doc.ents for doc in docs]
    for doc in docs:
        doc.set_ents([], default="missing")  # the beam would keep to what is set, and every score be 1
    beams = recognizer.beam_parse(docs, beam_width=BEAM_WIDTH, beam_density=BEAM_DENSITY)
    for doc, kept in zip(docs, entities, strict=True):
        doc.ents = kept
    shares = [_shares(recognizer.moves.get_beam_parses(beam)) for beam in beams]
    return [_parted(of_doc, keys_of(doc)) for doc, of_doc in zip(docs, shares, strict=True)]


def _shares(parses: Iterable[tuple[float, list[Key]]]) -> dict[Key, float]:
    shares: dict[Key, float] = defaultdict(float)
    for share, spans in parses:
        for key in spans:
            shares[key] += share
    return dict(shares)


def _parted(shares: Mapping[Key, float], chosen: set[Key]) -> Weighed:
    """The shares of what was chosen, and of what was not."""
    others = {key: share for key, share in shares.items() if key not in chosen and share >= LEAST_SHARE}
    return Weighed({key: share for key, share in shares.items() if key in chosen}, others)


def _parse(recognizer: Recognizer, docs: Sequence[Any], states: Sequence[Any]) -> list[list[Any]]:
    """Take every state to its end; the scores of all steps at each token (each step takes in one token)."""
    rows: list[list[Any]] = [[] for _ in states]
    model = recognizer.model.predict(docs)
    live = [(place, state) for place, state in enumerate(states) if not state.is_final()]
    while live:
        batch = [state for _, state in live]
        scores = model.predict(batch)
        for (place, _), row in zip(live, scores.copy(), strict=True):
            rows[place].append(row)  # of a copy: the model writes the next step's into the same place
        recognizer.transition_states(batch, scores)
        live = [(place, state) for place, state in live if not state.is_final()]
    return rows
