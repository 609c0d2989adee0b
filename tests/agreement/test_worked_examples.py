"""Published examples come out as published.

``tests/data/agreement/coding.json``: tables of numbers from the publications and test suites that each entry's
``source`` names (facts; no code). An item is [how many such, what each annotator says…].
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.agreement.alpha import alpha_distance, distance_statistics
from annotator.agreement.coding import CODING, measure_categories, measure_ratings
from annotator.agreement.observed import rating_statistics
from annotator.agreement.shapes import Floats, Ratings, Value, ratings
from annotator.agreement.tallies import Tally, tally

EXAMPLES = Path(__file__).parents[1] / "data" / "agreement" / "coding.json"

CONTRADICTED = {
    "kripp2004-p230-percent-missing": "It weighs an item by its ratings, as alpha does; for the same ratings "
    "gwet2014-4raters-percent_agreement has .818, every item weighing the same.",
    "dkpro-setalpha-masi": "Its distance is (1 - J)(1 - M), Passonneau's and NLTK's is 1 - J·M.",
}
"""Examples that are not followed, and why; what they do is shown below."""


@dataclass(frozen=True)
class Example:
    id: str
    source: str
    measure: str
    expected: float
    tolerance: float
    items: list[list[Any]]
    category: Hashable = None

    def ratings(self) -> Ratings:
        rows = [[_answer(value) for value in values] for count, *values in self.items for _ in range(count)]
        return ratings(rows)


def _answer(value: Any) -> Hashable:
    return frozenset(value) if isinstance(value, list) else value


def measured(example: Example) -> Value:
    table = example.ratings()
    if CODING[example.measure].is_by_category:
        return measure_categories(table, [example.measure])[example.category][0]
    return measure_ratings(table, [example.measure])[0]


def examples() -> list[Example]:
    return [Example(**entry) for entry in json.loads(EXAMPLES.read_text(encoding="utf-8"))]


FOLLOWED = [example for example in examples() if example.id not in CONTRADICTED]


@pytest.mark.parametrize("example", FOLLOWED, ids=lambda example: str(example.id))
def test_example_comes_out_as_published(example: Example) -> None:
    assert measured(example).value == pytest.approx(example.expected, abs=example.tolerance)


def test_every_measure_of_the_examples_is_known() -> None:
    assert {example.measure for example in examples()} <= set(CODING)


def test_percent_of_krippendorff_weighs_an_item_by_its_ratings() -> None:
    """Two examples have the same ratings and the same measure, and two figures."""
    one, other = _example("kripp2004-p230-percent-missing"), _example("gwet2014-4raters-percent_agreement")
    assert one.items == other.items and one.measure == other.measure
    said, apart = np.split(rating_statistics(tally(one.ratings())).sum(axis=0), 2)
    assert 1 - apart.sum() / said.sum() == pytest.approx(one.expected, abs=one.tolerance)


def test_distance_of_sets_of_dkpro_is_another_than_passonneaus() -> None:
    example = _example("dkpro-setalpha-masi")
    table = tally(example.ratings())
    figure = alpha_distance(table, distance_statistics(table, _dkpro).sum(axis=0, keepdims=True), _dkpro)
    assert figure[0] == pytest.approx(example.expected, abs=example.tolerance)


def _dkpro(table: Tally) -> Floats:
    sets = [set(category) for category in table.categories if isinstance(category, frozenset)]
    return np.array([[_dkpro_distance(one, other) for other in sets] for one in sets])


def _dkpro_distance(one: set[str], other: set[str]) -> float:
    if one == other:
        return 0.0
    monotonic = 2 / 3 if one <= other or other <= one else 1 / 3 if one & other else 0.0
    return (1 - len(one & other) / len(one | other)) * (1 - monotonic)


def _example(name: str) -> Example:
    (found,) = [example for example in examples() if example.id == name]
    return found
