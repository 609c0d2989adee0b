"""On random ratings, coefficients are those of `krippendorff`, scikit-learn, statsmodels and NLTK."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Literal

import krippendorff
import numpy as np
import pytest
from nltk.metrics import AnnotationTask, masi_distance
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from annotator.agreement.coding import measure_categories, measure_ratings
from annotator.agreement.distances import masi
from annotator.agreement.shapes import MISSING, Ints, Ratings, ratings

SEEDS = range(5)
ITEMS, CATEGORIES = 60, 4


def random_codes(seed: int, raters: int, missing: float = 0.0) -> Ints:
    """Ratings that agree by and large: the truth, some of it changed at random, some of it missing."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(CATEGORIES, size=(ITEMS, 1), p=(0.5, 0.25, 0.15, 0.1))
    codes = np.where(rng.random((ITEMS, raters)) < 0.4, rng.integers(CATEGORIES, size=(ITEMS, raters)), truth)
    return np.where(rng.random((ITEMS, raters)) < missing, MISSING, codes)


def table(codes: Ints) -> Ratings:
    return ratings([[None if code == MISSING else code for code in row] for row in codes.tolist()])


def figure(codes: Ints, name: str) -> float:
    (value,) = measure_ratings(table(codes), [name])
    assert value.value is not None, value.undefined_because
    return value.value


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_with_missing_ratings_is_that_of_krippendorff(
    seed: int, level: Literal["nominal", "ordinal", "interval"]
) -> None:
    codes = random_codes(seed, raters=4, missing=0.3)
    data = np.where(codes == MISSING, np.nan, codes).T
    expected = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
    assert figure(codes, f"krippendorff_alpha_{level}") == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_of_a_category_is_alpha_with_all_others_taken_for_one(seed: int) -> None:
    codes = random_codes(seed, raters=4, missing=0.3)
    for category, (value,) in measure_categories(table(codes), ["krippendorff_alpha_nominal_category"]).items():
        recoded = np.where(codes == MISSING, np.nan, codes == category).T
        expected = krippendorff.alpha(reliability_data=recoded, level_of_measurement="nominal")
        assert value.value == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("by_category", "whole"), [
    ("fleiss_kappa_category", "fleiss_kappa"), ("gwet_ac1_category", "gwet_ac1"),
])  # fmt: skip
def test_coefficient_of_a_category_is_that_of_the_recoded_ratings(seed: int, by_category: str, whole: str) -> None:
    codes = random_codes(seed, raters=4, missing=0.3)
    for category, (value,) in measure_categories(table(codes), [by_category]).items():
        recoded = np.where(codes == MISSING, MISSING, codes == category)
        assert value.value == pytest.approx(figure(recoded, whole), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_cohen_is_that_of_scikit_learn(seed: int) -> None:
    codes = random_codes(seed, raters=2, missing=0.2)
    both = codes[(codes != MISSING).all(axis=1)]
    assert figure(codes, "cohen_kappa") == pytest.approx(cohen_kappa_score(both[:, 0], both[:, 1]), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_light_is_the_mean_of_pairs_in_scikit_learn(seed: int) -> None:
    codes = random_codes(seed, raters=4, missing=0.2)
    pairs = [codes[:, pair] for pair in map(list, combinations(range(4), 2))]
    both = [pair[(pair != MISSING).all(axis=1)] for pair in pairs]
    expected = np.mean([cohen_kappa_score(pair[:, 0], pair[:, 1]) for pair in both])
    assert figure(codes, "light_kappa") == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("method", ["fleiss", "randolph"])
def test_fleiss_and_randolph_are_those_of_statsmodels(seed: int, method: str) -> None:
    codes = random_codes(seed, raters=5)
    counts, _ = inter_rater.aggregate_raters(codes)
    expected = inter_rater.fleiss_kappa(counts, method=method)
    assert figure(codes, f"{method}_kappa") == pytest.approx(expected, abs=1e-9)


def triples(codes: Ints) -> Iterator[tuple[str, str, int]]:
    for (item, rater), code in np.ndenumerate(codes):
        yield str(rater), str(item), int(code)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_annotators_agree_as_in_nltk(seed: int) -> None:
    codes = random_codes(seed, raters=2)
    task = AnnotationTask(list(triples(codes)))
    figures = {
        "percent_agreement": task.avg_Ao(),
        "bennett_s": task.S(),
        "scott_pi": task.pi(),
        "cohen_kappa": task.kappa(),
    }
    for name, expected in figures.items():
        assert figure(codes, name) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_hubert_and_percent_of_several_annotators_are_those_of_nltk(seed: int) -> None:
    codes = random_codes(seed, raters=4)
    task = AnnotationTask(list(triples(codes)))
    assert figure(codes, "hubert_kappa") == pytest.approx(task.multi_kappa(), abs=1e-9)
    assert figure(codes, "percent_agreement") == pytest.approx(task.avg_Ao(), abs=1e-9)


SETS = (frozenset("ab"), frozenset("a"), frozenset("bc"), frozenset("abc"), frozenset("d"))


def test_distance_of_sets_is_that_of_nltk() -> None:
    expected = [[masi_distance(one, other) for other in SETS] for one in SETS]
    assert masi(SETS) == pytest.approx(np.array(expected), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_of_sets_is_that_of_nltk(seed: int) -> None:
    codes = random_codes(seed, raters=3)
    task = AnnotationTask([(rater, item, SETS[code]) for rater, item, code in triples(codes)], distance=masi_distance)
    (value,) = measure_ratings(ratings([[SETS[code] for code in row] for row in codes]), ["krippendorff_alpha_masi"])
    assert value.value == pytest.approx(task.alpha(), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_fleiss_equals_scott_and_hubert_equals_cohen_for_two_annotators(seed: int) -> None:
    codes = random_codes(seed, raters=2)
    assert figure(codes, "fleiss_kappa") == pytest.approx(figure(codes, "scott_pi"), abs=1e-9)
    assert figure(codes, "hubert_kappa") == pytest.approx(figure(codes, "cohen_kappa"), abs=1e-9)
