"""Models of annotators find who is reliable and what is true; below three annotators there are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement.dawid_skene import dawid_skene
from annotator.agreement.mace import mace
from annotator.agreement.reliability import Reliability
from annotator.agreement.shapes import MISSING, Floats, Ints, Ratings, ratings

Model = Callable[[Ratings], Reliability]
MODELS = pytest.mark.parametrize("model", [dawid_skene, mace], ids=["dawid_skene", "mace"])
SKILLS = (0.95, 0.9, 0.8, 0.5, 0.0)
CATEGORIES, ITEMS = 4, 2000


def simulated(skills: tuple[float, ...] = SKILLS, missing: float = 0.2) -> tuple[Ratings, Ints]:
    """Annotators know the answer with the probability of their skill, and else choose anything; and the truth."""
    rng = np.random.default_rng(11)
    truth = rng.integers(CATEGORIES, size=ITEMS)
    shape = (ITEMS, len(skills))
    said = np.where(rng.random(shape) < skills, truth[:, np.newaxis], rng.integers(CATEGORIES, size=shape))
    codes = np.where(rng.random(shape) < missing, MISSING, said)
    names = tuple(f"rater {at}" for at in range(len(skills)))
    return Ratings(names, tuple("abcd"), codes, np.arange(ITEMS), ITEMS), truth


def known(found: Reliability) -> list[float]:
    return [one for one in found.annotators if one is not None]


def posterior(found: Reliability) -> Floats:
    assert found.posterior is not None, found.undefined_because
    return found.posterior


def test_mace_finds_how_often_annotators_know() -> None:
    table, _ = simulated()
    assert known(mace(table)) == pytest.approx(SKILLS, abs=0.05)


def test_dawid_skene_finds_how_often_annotators_are_right() -> None:
    table, _ = simulated()
    right = [skill + (1 - skill) / CATEGORIES for skill in SKILLS]
    assert known(dawid_skene(table)) == pytest.approx(right, abs=0.05)


@MODELS
def test_labels_are_better_than_those_of_the_majority(model: Model) -> None:
    table, truth = simulated((0.9, 0.9, 0.1, 0.1, 0.1), missing=0.0)
    counts = np.stack([(table.codes == category).sum(axis=1) for category in range(CATEGORIES)], axis=1)
    majority = (counts.argmax(axis=1) == truth).mean()
    assert (np.array(model(table).labels()) == truth).mean() > majority + 0.05


@MODELS
def test_equal_ratings_give_equal_results(model: Model) -> None:
    table, _ = simulated()
    first, again = model(table), model(table)
    assert first.annotators == again.annotators
    assert (posterior(first) == posterior(again)).all()


@MODELS
def test_order_of_items_does_not_matter(model: Model) -> None:
    table, _ = simulated()
    turned = replace(table, codes=table.codes[::-1])
    assert model(turned).annotators == model(table).annotators
    assert (posterior(model(turned))[::-1] == posterior(model(table))).all()


@MODELS
@given(st.data())
def test_probabilities_are_probabilities(model: Model, data: st.DataObject) -> None:
    row = st.lists(st.integers(MISSING, 2), min_size=4, max_size=4)
    codes = np.array(data.draw(st.lists(row, min_size=1, max_size=8)), dtype=np.int64)
    found = model(Ratings(tuple("wxyz"), tuple("abc"), codes, np.arange(len(codes)), len(codes)))
    assert (found.posterior is None) == bool(found.undefined_because)
    if found.posterior is not None:
        assert found.posterior.sum(axis=1) == pytest.approx(np.ones(len(codes)))
        assert all(0 <= one <= 1 for one in known(found))


@MODELS
def test_who_rated_nothing_has_no_reliability(model: Model) -> None:
    table = ratings([["a", "a", "b", None], ["b", "b", "b", None], ["a", "a", "a", None]])
    found = model(table)
    assert found.annotators[3] is None and len(known(found)) == 3


@MODELS
@pytest.mark.parametrize(("rows", "reason"), [
    ([["a", "b"], ["b", "b"]], "It takes three annotators to tell who is reliable; 2 rated anything."),
    ([["a", "b", None]], "It takes three annotators to tell who is reliable; 2 rated anything."),
    ([], "It takes three annotators to tell who is reliable; none rated anything."),
    ([["a", None, None], [None, "b", None], [None, None, "a"]], "No item was rated by two annotators."),
    ([["a", "a", "a"]], "There is one category only to choose from."),
])  # fmt: skip
def test_undefined_says_why(model: Model, rows: list[list[str | None]], reason: str) -> None:
    found = model(ratings(rows))
    assert found.undefined_because == reason and found.labels() == ()
