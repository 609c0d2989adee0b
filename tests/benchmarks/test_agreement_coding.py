"""Coefficients of ratings on 1,000 documents × 300 tokens × 5 annotators, beside other libraries in the same run.

``extra_info``: ``ms``, ``floor_ms`` of the other library for the same figure, ``ratio``. Run: ``make bench``. What the
other libraries need beforehand (counted values, two columns) is not in their time.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import krippendorff
import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.coding import CODING, measure_categories, measure_ratings
from annotator.agreement.dawid_skene import dawid_skene
from annotator.agreement.mace import mace
from annotator.agreement.shapes import Ints, Ratings

DOCUMENTS, TOKENS, ANNOTATORS, CATEGORIES = 1000, 300, 5, 5
RESAMPLING = Resampling(samples=1000, seed=1)
WHOLE = [name for name, one in CODING.items() if not one.is_by_category]
BY_CATEGORY = [name for name, one in CODING.items() if one.is_by_category]


def token_codes(annotators: int) -> Ints:
    """Most tokens are outside of any span; every annotator changes one token in ten."""
    rng = np.random.default_rng(5)
    items = DOCUMENTS * TOKENS
    truth = rng.choice(CATEGORIES, size=(items, 1), p=(0.8, 0.08, 0.06, 0.04, 0.02))
    changed = rng.random((items, annotators)) < 0.1
    return np.where(changed, rng.integers(CATEGORIES, size=(items, annotators)), truth)


def token_ratings(annotators: int = ANNOTATORS) -> Ratings:
    codes = token_codes(annotators)
    names = tuple(f"annotator {at}" for at in range(annotators))
    document = np.repeat(np.arange(DOCUMENTS), TOKENS)
    return Ratings(names, tuple(range(CATEGORIES)), codes, document, DOCUMENTS, np.arange(CATEGORIES, dtype=np.float64))


def value_counts(table: Ratings) -> Ints:
    cells = np.arange(len(table.codes))[:, np.newaxis] * CATEGORIES + table.codes
    return np.bincount(cells.ravel(), minlength=len(table.codes) * CATEGORIES).reshape(-1, CATEGORIES)


def timed_ms(act: Callable[[], object], rounds: int = 5) -> float:
    """The fastest of some rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def beside(benchmark: BenchmarkFixture, ours: Callable[[], object], floor: Callable[[], object]) -> None:
    """Time both, say how they compare, and require that ours is faster."""
    floor_ms, ms = timed_ms(floor), timed_ms(ours)
    benchmark.extra_info.update(ms=round(ms, 1), floor_ms=round(floor_ms, 1), ratio=round(ms / floor_ms, 2))
    benchmark(ours)
    assert ms < floor_ms


def test_all_coefficients_with_intervals_in_a_second_and_a_half(benchmark: BenchmarkFixture) -> None:
    table = token_ratings()

    def everything() -> None:
        values = measure_ratings(table, WHOLE, RESAMPLING)
        measure_categories(table, BY_CATEGORY, RESAMPLING)
        assert sum(value.low is not None for value in values) == len(WHOLE) - 4  # two annotators only; sets only

    benchmark.extra_info["ms"] = round(ms := timed_ms(everything, rounds=3), 1)
    benchmark(everything)
    assert ms < 1500


def test_alpha_is_faster_than_that_of_krippendorff(benchmark: BenchmarkFixture) -> None:
    table = token_ratings()
    counts = value_counts(table)
    (value,) = measure_ratings(table, ["krippendorff_alpha_nominal"])
    assert value.value == pytest.approx(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
    beside(
        benchmark,
        lambda: measure_ratings(table, ["krippendorff_alpha_nominal"]),
        lambda: krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"),
    )


def test_cohen_is_faster_than_that_of_scikit_learn(benchmark: BenchmarkFixture) -> None:
    table = token_ratings(annotators=2)
    one, other = np.ascontiguousarray(table.codes.T)
    beside(benchmark, lambda: measure_ratings(table, ["cohen_kappa"]), lambda: cohen_kappa_score(one, other))


def test_fleiss_from_ratings_is_faster_than_cohen_of_scikit_learn(benchmark: BenchmarkFixture) -> None:
    table = token_ratings()
    one, other = np.ascontiguousarray(table.codes.T[:2])
    beside(benchmark, lambda: measure_ratings(table, ["fleiss_kappa"]), lambda: cohen_kappa_score(one, other))


def test_fleiss_from_ratings_is_faster_than_that_of_statsmodels_from_counts(benchmark: BenchmarkFixture) -> None:
    table = token_ratings()
    counts = value_counts(table)
    beside(benchmark, lambda: measure_ratings(table, ["fleiss_kappa"]), lambda: inter_rater.fleiss_kappa(counts))


@pytest.mark.parametrize("model", [dawid_skene, mace], ids=["dawid_skene", "mace"])
def test_models_of_annotators(benchmark: BenchmarkFixture, model: Callable[[Ratings], object]) -> None:
    table = token_ratings()
    benchmark(lambda: model(table))
