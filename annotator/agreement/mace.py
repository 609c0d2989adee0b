"""Reliability of annotators after MACE: each either knows the answer or says what they happen to say.

Hovy, Berg-Kirkpatrick, Vaswani & Hovy 2013, "Learning Whom to Trust with MACE", NAACL-HLT, 1120–1130. Nothing here
decides who takes part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.reliability import Answers, Reliability, answers, find_objection, inferred, reliability
from annotator.agreement.shapes import Floats, Ratings

RESTARTS = 10
MOST_ROUNDS = 200
ENOUGH = 1e-6
"""Rounds end when the log-likelihood of the ratings rises by less than this part of itself."""
SMOOTHING = 0.01
"""Added to the expected counts, by category (Hovy et al. add 0.1 / categories): nothing becomes impossible."""


@dataclass(frozen=True, eq=False, slots=True)
class Spammers:
    """The model: ``knows``, of shape (annotators,), the probability to know the answer; ``guess``, of shape
    (annotators, categories), what an annotator says who does not. All answers are equally likely beforehand.
    """

    knows: Floats
    guess: Floats

    def likelihoods(self) -> Floats:
        """P(says k | truth t) = θ_a [k = t] + (1 - θ_a) ξ_ak: shape (annotators, said, truth)."""
        guessed = (1 - self.knows)[:, np.newaxis, np.newaxis] * self.guess[:, :, np.newaxis]
        return np.asarray(guessed + self.knows[:, np.newaxis, np.newaxis] * np.eye(self.guess.shape[1]))


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """A model, what is true by it (rows of `Answers`, categories), and the log-likelihood of the ratings."""

    model: Spammers
    posterior: Floats
    likelihood: float


def mace(ratings: Ratings, seed: int = 0) -> Reliability:
    """The posterior of every item's true category, and each annotator's probability θ to know it, by EM.

    E: the truth of each item, and whether an annotator knew it: P(knew | says k, truth k) = θ / (θ + (1 - θ) ξ_k).
    M: θ and ξ from these, with `SMOOTHING`. Of `RESTARTS` runs from θ and ξ drawn by ``seed`` the most likely is taken:
    equal ratings and seeds give equal results. Items that nobody rated get equal probabilities. With fewer than three
    annotators, or without two categories, it is undefined, with the reason.
    """
    if (objection := find_objection(ratings)) is not None:
        return Reliability(undefined_because=objection)
    rng, found = np.random.default_rng(seed), answers(ratings)
    shape = len(found.said), len(ratings.categories)
    best = max((_fit(found, _start(rng, *shape)) for _ in range(RESTARTS)), key=lambda fit: fit.likelihood)
    return reliability(ratings, best.model.knows, best.posterior[found.row])


def _start(rng: np.random.Generator, annotators: int, categories: int) -> Spammers:
    """Everybody knows more often than not: of mirrored solutions the one is found in which annotators are right."""
    return Spammers(rng.uniform(0.5, 0.95, annotators), rng.dirichlet(np.full(categories, 10.0), annotators))


def _fit(found: Answers, model: Spammers) -> Fit:
    fit = _expected(found, model)
    for _ in range(MOST_ROUNDS):
        before, fit = fit, _expected(found, _maximized(found, fit))
        if fit.likelihood - before.likelihood < ENOUGH * abs(before.likelihood):
            break
    return fit


def _expected(found: Answers, model: Spammers) -> Fit:
    categories = model.guess.shape[1]
    posterior, likelihood = inferred(np.full(categories, 1 / categories), model.likelihoods(), found)
    return Fit(model, posterior, likelihood)


def _maximized(found: Answers, fit: Fit) -> Spammers:
    right = np.stack([found.count @ (said * fit.posterior) for said in found.said])
    said = np.stack([found.count @ one for one in found.said])
    theta = fit.model.knows[:, np.newaxis]
    knew = right * theta / (theta + (1 - theta) * fit.model.guess)
    guessed = said - knew + SMOOTHING
    total = said.sum(axis=1) + 2 * SMOOTHING
    return Spammers((knew.sum(axis=1) + SMOOTHING) / total, guessed / guessed.sum(axis=1, keepdims=True))
