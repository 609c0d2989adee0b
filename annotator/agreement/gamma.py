"""Gamma and gamma_cat: how far annotators agree where units are and what they are, and what aligned units are.

γ = 1 - observed / expected disorder of the best alignment (Mathet, Widlöcher & Métivier 2015, Computational
Linguistics 41(3), 437–479); γ_cat is the same of the labels of units that are aligned, the nearer the more (Mathet
2017, Computational Linguistics 43(3), 661–681). Units are taken from end to end, whatever pieces they are in.

Several documents: the observed disorder is the summed cost of all unitary alignments by the summed mean numbers of
units per annotator, which is the mean over documents of their disorders, weighed by these numbers. The expected one is
the same of documents drawn at random, with replacement, of each of which chance makes what it can of its own units
(`chance_units`). In one document both are the article's, but that it takes the mean of disorders over samples, here it
is summed costs by summed numbers of units, too. For γ_cat likewise weights are summed over documents, then divided.
Only documents that two annotators or more annotated count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.alignment import Alignment, Dissimilarity, best_alignment
from annotator.agreement.bootstrap import Resampling, draw, interval
from annotator.agreement.chance_units import ChanceUnits
from annotator.agreement.coefficients import divided
from annotator.agreement.shapes import Floats, SpanTable, Value, undefined
from annotator.agreement.span_measures import NO_PAIR, NOTHING_MARKED, ONE_ANNOTATOR

GAMMA, GAMMA_CAT = "gamma", "gamma_cat"
CITATION = "Mathet, Widlöcher & Métivier 2015, Computational Linguistics 41(3), 437–479"
CITATION_CAT = "Mathet 2017, Computational Linguistics 43(3), 661–681"
NO_CHANCE = "By chance annotators would agree wholly, too: the disorder expected by chance is 0."
NOTHING_ALIGNED = "No units of two annotators are aligned that are near enough to compare their labels."
NOTHING_ALIGNED_BY_CHANCE = "By chance no units would be near enough to compare their labels."
ONE_LABEL = "By chance the labels of aligned units would never differ, as with one label only."
MOST_UNITS = 60_000
"""When so many units are drawn by chance, no more are, even where the precision is not reached then."""

_Z = 1.959964


@dataclass(frozen=True, slots=True)
class GammaSettings:
    """How to measure: weights of place and label and Δ∅ (see `alignment.Dissimilarity`), and how much chance to draw.

    At least ``samples`` documents are drawn by chance, and as many more as it takes for both expected disorders to be
    within ``precision`` (relative) of the true ones with 95 % confidence: n = (z · cv / precision)² (Mathet et al.
    2015, section 5.3), but not many more than have `MOST_UNITS`, nor any more when some could not be aligned exactly:
    these take long, and more of them make nothing more right. Raises ValueError for numbers that make no sense.
    """

    alpha: float = 1.0
    beta: float = 1.0
    empty: float = 1.0
    samples: int = 30
    precision: float = 0.02
    seed: int = 0

    def __post_init__(self) -> None:
        if self.samples < 2 or self.precision <= 0:
            raise ValueError("samples must be 2 at least, precision positive")
        Dissimilarity(self.alpha, self.beta, self.empty)

    @property
    def dissimilarity(self) -> Dissimilarity:
        """What two units are compared by."""
        return Dissimilarity(self.alpha, self.beta, self.empty)


@dataclass(frozen=True, slots=True)
class Gamma:
    """Both figures, and what they come from: disorders (None where there is none) and numbers of documents.

    ``samples`` are drawn by chance; ``precision`` is that of the worse of both expected disorders, relative,
    with 95 % confidence. ``inexact``
    counts documents whose best alignment may not have been found, ``inexact_samples`` such among the samples: the
    disorder, observed or expected, is then at most what is given.
    """

    gamma: Value
    gamma_cat: Value
    observed: float | None = None
    expected: float | None = None
    observed_cat: float | None = None
    expected_cat: float | None = None
    samples: int = 0
    precision: float | None = None
    inexact: int = 0
    inexact_samples: int = 0


def measure_gamma(
    table: SpanTable, settings: GammaSettings | None = None, resampling: Resampling | None = None
) -> tuple[Value, Value]:
    """Gamma and gamma_cat; see `gamma_details`."""
    details = gamma_details(table, settings, resampling)
    return details.gamma, details.gamma_cat


def gamma_details(
    table: SpanTable, settings: GammaSettings | None = None, resampling: Resampling | None = None
) -> Gamma:
    """Gamma and gamma_cat, 1 at most; ``n`` of the values is the number of units in documents that count.

    Equal seeds give equal figures, however documents and annotators are ordered: chance counts them by name. With
    ``resampling`` there are intervals over documents of the observed disorder; the expected one is held fixed.
    """
    chosen = settings or GammaSettings()
    alignment = best_alignment(table, chosen.dissimilarity)
    n = int(alignment.compared.sum())
    because = _nothing_to_compare(table, n)
    if because is not None:
        return Gamma(undefined(GAMMA, because, n), undefined(GAMMA_CAT, because, n))
    chance = _chance(table, chosen, alignment)
    statistics = _statistics(table, alignment, chosen.dissimilarity)
    observed, observed_cat = _disorders(statistics.sum(axis=0))
    return Gamma(
        _gamma(statistics, chance, n, resampling),
        _gamma_cat(statistics, chance, n, resampling),
        observed,
        chance.expected,
        observed_cat,
        chance.expected_cat,
        chance.samples,
        chance.precision,
        int(np.count_nonzero(~alignment.is_exact)),
        chance.inexact,
    )


@dataclass(frozen=True, slots=True)
class _Chance:
    """Expected disorders, the categorial one None where nothing would be aligned, and how they were come by."""

    expected: float
    expected_cat: float | None
    samples: int
    precision: float
    inexact: int


def _nothing_to_compare(table: SpanTable, units: int) -> str | None:
    if len(table.annotators) < 2:
        return ONE_ANNOTATOR
    if not (table.is_annotated.sum(axis=1) >= 2).any():
        return NO_PAIR
    return None if units else NOTHING_MARKED


def _statistics(table: SpanTable, alignment: Alignment, dissimilarity: Dissimilarity) -> Floats:
    """Of each document: costs, mean number of units, weights of aligned pairs that differ in label, and of all pairs.

    Shape (documents, 4). A pair weighs max(0, 1 - alpha · d_positional / Δ∅) / (k - 1) in a unitary alignment of k
    units (Mathet 2017, section 4.2; alpha is in the authors' program and not in the article).
    """
    rows, size = alignment.rows, len(alignment.units)
    units = np.count_nonzero(rows >= 0, axis=1)
    differing, compared = np.zeros(size), np.zeros(size)
    for one in range(rows.shape[1]):
        for other in range(one):
            both = np.flatnonzero((rows[:, one] >= 0) & (rows[:, other] >= 0))
            first, second = rows[both, other], rows[both, one]
            near = 1 - dissimilarity.alpha * dissimilarity.positional(table, first, second) / dissimilarity.empty
            weight = np.maximum(near, 0) / (units[both] - 1)
            differs = table.label[first] != table.label[second]
            compared += np.bincount(alignment.document[both], weight, size)
            differing += np.bincount(alignment.document[both], weight * differs, size)
    return np.column_stack([alignment.costs, alignment.units, differing, compared])


def _chance(table: SpanTable, settings: GammaSettings, alignment: Alignment) -> _Chance:
    """Draw until the precision is reached, or no more may be drawn."""
    documents = [at for at in _by_name(table.documents) if alignment.units[at] > 0]
    source = ChanceUnits(table.rows(alignment.compared), documents, _by_name(table.annotators))
    generator = np.random.default_rng(settings.seed)
    statistics, inexact, needed = np.empty((0, 4)), 0, settings.samples
    most = max(needed, round(MOST_UNITS * len(documents) / int(alignment.compared.sum())))
    while len(statistics) < needed:
        drawn = source.draw(needed - len(statistics), generator)
        best = best_alignment(drawn, settings.dissimilarity)
        statistics = np.concatenate([statistics, _statistics(drawn, best, settings.dissimilarity)])
        inexact += int(np.count_nonzero(~best.is_exact))
        precision = _precision(statistics)
        # Rounded down so that rounding does not ask for samples one by one.
        wanted = len(statistics) * (precision / settings.precision) ** 2
        needed = int(min(wanted, most)) if not inexact else len(statistics)
    expected, expected_cat = _disorders(statistics.sum(axis=0))
    return _Chance(expected or 0.0, expected_cat, len(statistics), precision, inexact)


def _by_name(names: tuple[str, ...]) -> list[int]:
    return sorted(range(len(names)), key=names.__getitem__)


def _disorders(sums: Floats) -> tuple[float | None, float | None]:
    """The disorder and the categorical one, None where nothing is there to be divided by."""
    costs, units, differing, compared = sums.tolist()
    return costs / units if units else None, differing / compared if compared else None


def _precision(statistics: Floats) -> float:
    """The worse of both disorders'."""
    return max(_precision_of(*statistics[:, :2].T), _precision_of(*statistics[:, 2:].T))


def _precision_of(parts: Floats, wholes: Floats) -> float:
    """Relative, with 95 % confidence, of the ratio of sums (Cochran 1977, Sampling Techniques, 3rd ed., ch. 6)."""
    if not parts.any():
        return 0.0
    residuals = parts - wholes * parts.sum() / wholes.sum()
    return float(_Z * residuals.std(ddof=1) / parts.mean() / np.sqrt(len(parts)))


def _gamma(statistics: Floats, chance: _Chance, n: int, resampling: Resampling | None) -> Value:
    if chance.expected == 0:
        return undefined(GAMMA, NO_CHANCE, n)
    return _value(GAMMA, statistics[:, :2], chance.expected, n, resampling)


def _gamma_cat(statistics: Floats, chance: _Chance, n: int, resampling: Resampling | None) -> Value:
    if not statistics[:, 3].any():
        return undefined(GAMMA_CAT, NOTHING_ALIGNED, n)
    if not chance.expected_cat:
        return undefined(GAMMA_CAT, NOTHING_ALIGNED_BY_CHANCE if chance.expected_cat is None else ONE_LABEL, n)
    return _value(GAMMA_CAT, statistics[:, 2:], chance.expected_cat, n, resampling)


def _value(name: str, parts: Floats, expected: float, n: int, resampling: Resampling | None) -> Value:
    """1 - observed / expected, from what is to be summed and divided, shape (documents, 2)."""

    def figure(sums: Floats) -> Floats:
        return np.asarray(1 - divided(sums[:, 0], sums[:, 1]) / expected)

    value = float(figure(parts.sum(axis=0, keepdims=True))[0])
    if resampling is None:
        return Value(name, value, n)
    return Value(name, value, n, *interval(draw(resampling, len(parts)), parts, figure, value))
