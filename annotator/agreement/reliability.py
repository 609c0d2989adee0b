"""What models of annotators give, and what they share: who is how reliable, and what most likely is true.

Must not know one of the models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.shapes import MISSING, Floats, Ints, Ratings

LEAST_ANNOTATORS = 3
"""Of two who disagree, nothing says who is right."""


@dataclass(frozen=True, eq=False, slots=True)
class Reliability:
    """``annotators``: for each, the probability (0 to 1) that the model defines, None for who rated nothing.

    ``posterior`` has shape (items, categories); rows sum to 1. Where there is no such model, ``annotators`` is empty,
    ``posterior`` None, and ``undefined_because`` says why.
    """

    annotators: tuple[float | None, ...] = ()
    posterior: Floats | None = None
    undefined_because: str = ""

    def labels(self) -> tuple[int, ...]:
        """For each item the most likely category, as its place in `Ratings.categories`; the first of equal ones."""
        return () if self.posterior is None else tuple(self.posterior.argmax(axis=1).tolist())


@dataclass(frozen=True, eq=False, slots=True)
class Answers:
    """Items with equal ratings, once. ``count`` of shape (rows,): how many such items; ``row``, of shape (items,):
    which one an item is. ``said[a]``, of shape (rows, categories), is 1 where annotator a says the category.
    """

    said: list[Floats]
    count: Floats
    row: Ints

    @property
    def shares(self) -> Floats:
        """The share of each category among the ratings of a row; all equally where there are none."""
        counts = np.sum(self.said, axis=0)
        total = counts.sum(axis=1, keepdims=True)
        shares = np.where(total > 0, counts / np.maximum(total, 1), 1 / counts.shape[1])
        return np.asarray(shares, dtype=np.float64)

    @property
    def rated(self) -> Floats:
        """``count``, but 0 where nobody rated the items."""
        return np.where(np.sum(self.said, axis=(0, 2)) > 0, self.count, 0.0)


def answers(ratings: Ratings) -> Answers:
    """`Ratings` as the models count them."""
    codes, row, count = np.unique(ratings.codes, axis=0, return_inverse=True, return_counts=True)
    said = [_indicated(column, len(ratings.categories)) for column in codes.T]
    return Answers(said, count.astype(np.float64), row.ravel())


def _indicated(codes: Ints, categories: int) -> Floats:
    found = np.zeros((len(codes), categories))
    rated = np.flatnonzero(codes != MISSING)
    found[rated, codes[rated]] = 1
    return found


def find_objection(ratings: Ratings) -> str | None:
    """Why such ratings have no model of annotators."""
    active = int((ratings.codes != MISSING).any(axis=0).sum())
    if active < LEAST_ANNOTATORS:
        return f"It takes three annotators to tell who is reliable; {active or 'none'} rated anything."
    if int((ratings.codes != MISSING).sum(axis=1).max()) < 2:
        return "No item was rated by two annotators."
    return "There is one category only to choose from." if len(ratings.categories) < 2 else None


def inferred(prior: Floats, likelihoods: Floats, answers: Answers) -> tuple[Floats, float]:
    """What is true of each row, shape (rows, categories), and the log-likelihood of all ratings.

    ``prior`` has shape (categories,), ``likelihoods`` (annotators, said, truth): P(says | truth), nowhere 0.
    """
    evidence = np.log(likelihoods)
    logs = np.log(prior) + sum(said @ evidence[at] for at, said in enumerate(answers.said))
    most = logs.max(axis=1, keepdims=True)
    odds = np.exp(logs - most)
    total = odds.sum(axis=1, keepdims=True)
    return odds / total, float(answers.count @ (np.log(total) + most)[:, 0])


def reliability(ratings: Ratings, probabilities: Floats, posterior: Floats) -> Reliability:
    """``probabilities`` of annotators, but None of those who rated nothing; ``posterior`` of items."""
    active = (ratings.codes != MISSING).any(axis=0)
    known = (float(one) if is_known else None for one, is_known in zip(probabilities, active, strict=True))
    return Reliability(tuple(known), posterior)
