"""Reliability of annotators after Dawid & Skene: what each of them says of items of each true category.

Dawid & Skene 1979, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm", Applied Statistics
28(1), 20–28. Nothing here decides who takes part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.reliability import Answers, Reliability, answers, find_objection, inferred, reliability
from annotator.agreement.shapes import Floats, Ratings

SMOOTHING = 0.01
"""Added to every count of an annotator's confusions and of the true categories: nothing that was not seen is taken
for impossible, and one real rating still weighs a hundred times as much."""

MOST_ROUNDS = 200
ENOUGH = 1e-6
"""Rounds end when no posterior changes by more."""


@dataclass(frozen=True, eq=False, slots=True)
class Confusions:
    """The model: p, ``prior``, of shape (categories,); π, ``said``, of shape (annotators, truth, said)."""

    prior: Floats
    said: Floats


def dawid_skene(ratings: Ratings) -> Reliability:
    """The posterior of every item's true category, and each annotator's probability to say it, by EM.

    E: T_ic ∝ p_c Π_a π^a_{c, said by a of i}. M: p_c ∝ s + Σ_i T_ic; π^a_ck ∝ s + Σ_i T_ic [a says k of i], with
    s = `SMOOTHING`. The reliability of an annotator is Σ_c p_c π^a_cc. Starts from the shares of ratings and draws
    nothing: equal ratings give equal results. Items that nobody rated count nowhere and get p. With fewer than three
    annotators, or without two categories, it is undefined, with the reason.
    """
    if (objection := find_objection(ratings)) is not None:
        return Reliability(undefined_because=objection)
    found = answers(ratings)
    model, posterior = _maximized(found, found.shares), found.shares
    for _ in range(MOST_ROUNDS):
        before = posterior
        posterior, _likelihood = inferred(model.prior, model.said.transpose(0, 2, 1), found)
        model = _maximized(found, posterior)
        if float(np.abs(posterior - before).max()) < ENOUGH:
            break
    return reliability(ratings, np.einsum("c,acc->a", model.prior, model.said), posterior[found.row])


def _maximized(found: Answers, posterior: Floats) -> Confusions:
    weighted = posterior * found.rated[:, np.newaxis]
    prior = weighted.sum(axis=0) + SMOOTHING
    counts = np.stack([weighted.T @ said for said in found.said]) + SMOOTHING
    return Confusions(prior / prior.sum(), counts / counts.sum(axis=2, keepdims=True))
