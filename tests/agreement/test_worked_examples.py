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

import pytest

from annotator.agreement.coding import CODING, measure_categories, measure_ratings
from annotator.agreement.shapes import Ratings, Value, ratings

EXAMPLES = Path(__file__).parents[1] / "data" / "agreement" / "coding.json"

CONTRADICTED = {
    "kripp2004-p230-percent-missing": "It weighs an item by its ratings, as alpha does; for the same ratings "
    "gwet2014-4raters-percent_agreement has .818, every item weighing the same.",
}
"""Examples that are not followed, and why."""


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


@pytest.mark.parametrize("example", examples(), ids=lambda example: str(example.id))
def test_example_comes_out_as_published(example: Example) -> None:
    if example.id in CONTRADICTED:
        pytest.skip(CONTRADICTED[example.id])
    assert measured(example).value == pytest.approx(example.expected, abs=example.tolerance)


def test_every_measure_of_the_examples_is_known() -> None:
    assert {example.measure for example in examples()} <= set(CODING)


def test_contradicted_examples_have_the_ratings_of_one_that_is_followed() -> None:
    by_id = {example.id: example for example in examples()}
    one, other = by_id["kripp2004-p230-percent-missing"], by_id["gwet2014-4raters-percent_agreement"]
    assert one.items == other.items and one.measure == other.measure and abs(one.expected - other.expected) > 0.01
