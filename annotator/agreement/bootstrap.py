"""Intervals over documents: draw documents with replacement, count again, compute the figure again.

The bootstrap (Efron 1979, Annals of Statistics 7(1), 1–26) draws documents, not items: the spans and tokens of one
document depend on one another. A measure takes part if it is a function of sums over documents, "statistics" here:
a sample is then one row of counts, and all samples are one product of matrices. Nothing here knows what is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from annotator.agreement.shapes import Floats

Figure = Callable[[Floats], Floats]
"""From summed statistics, shape (samples, k), to the figure, shape (samples,); nan where it is undefined."""

Interval = tuple[float | None, float | None]
"""Both ends, or None for both where there is no interval."""

LEAST_DEFINED = 0.8
"""The share of samples in which a figure must be defined. A label that one document alone has is in 63 % of the
samples and would get an interval without width; one that two documents have is in 86 %."""

NO_INTERVAL: Interval = (None, None)


@dataclass(frozen=True, slots=True)
class Resampling:
    """How often to draw, from which seed, and how much of the samples the interval is to hold (0 < level < 1)."""

    samples: int
    seed: int
    level: float = 0.95


@dataclass(frozen=True, eq=False, slots=True)
class Draws:
    """How often each document is in each sample: ``counts`` of shape (samples, documents); each row sums to documents.

    Takes 8 bytes for each document of each sample.
    """

    counts: Floats
    level: float


def draw(resampling: Resampling, documents: int) -> Draws:
    """Draw ``documents`` of as many documents with replacement, for each sample. Equal seeds give equal draws."""
    shape = (resampling.samples, documents)
    drawn = np.random.default_rng(resampling.seed).integers(max(documents, 1), size=shape)
    drawn += documents * np.arange(resampling.samples)[:, np.newaxis]
    counts = np.bincount(drawn.ravel(), minlength=resampling.samples * documents)
    return Draws(counts.reshape(shape).astype(np.float64), resampling.level)


def interval(draws: Draws, per_document: Floats, figure: Figure, value: float) -> Interval:
    """The percentile interval of ``figure`` over samples of documents.

    ``per_document`` has shape (documents, k): the statistics of each document, not negative; ``figure(sums)`` is
    the measure (see `Figure`). ``value`` is the figure of all documents: the interval is extended to it where it lies
    outside, which happens with figures that the bootstrap biases (a minimum, a kappa of very few documents).
    There is none with fewer than two documents that count anything, nor if the figure is undefined in more than one
    sample of five (`LEAST_DEFINED`); other undefined samples are left out. The order of documents does not matter.
    """
    samples = sums(draws, per_document)
    return NO_INTERVAL if samples is None else ends(figure(samples), value, draws.level)


def sums(draws: Draws, per_document: Floats) -> Floats | None:
    """The statistics of each sample, shape (samples, k); None with fewer than two documents that count anything.

    The order of documents does not matter (`in_order`).
    """
    if np.count_nonzero(per_document.any(axis=1)) < 2:
        return None
    return np.asarray(draws.counts @ in_order(per_document), dtype=np.float64)


def in_order(per_document: Floats) -> Floats:
    """The rows in an order of their own, so that the same documents in another order give the same samples."""
    rows = np.ascontiguousarray(per_document, dtype=np.float64)
    width = rows.shape[1] * rows.itemsize
    return rows[rows.view(np.dtype((np.void, width))).ravel().argsort(kind="stable")] if width else rows


def ends(samples: Floats, value: float, level: float) -> Interval:
    """Both ends of the interval that holds ``level`` of the defined ``samples``, and ``value``; see `interval`."""
    defined = samples[~np.isnan(samples)]
    if not len(defined) or len(defined) < LEAST_DEFINED * len(samples):
        return NO_INTERVAL
    low, high = np.quantile(defined, ((1 - level) / 2, (1 + level) / 2))
    return min(float(low), value), max(float(high), value)
