"""Coefficients of ratings: what they do not depend on, when there is none, and what intervals hold."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement import tallies
from annotator.agreement.bootstrap import Resampling
from annotator.agreement.coding import CODING, measure_categories, measure_ratings
from annotator.agreement.shapes import MISSING, Ratings, Value, ratings

WHOLE = [name for name, one in CODING.items() if not one.is_by_category]
BY_CATEGORY = [name for name, one in CODING.items() if one.is_by_category]
UNORDERED = [name for name in WHOLE if not name.endswith(("ordinal", "interval", "linear", "quadratic", "masi"))]
RESAMPLING = Resampling(samples=50, seed=3)


@st.composite
def tables(draw: st.DrawFn) -> Ratings:
    raters, categories, items = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(0, 12))
    row = st.lists(st.integers(MISSING, categories - 1), min_size=raters, max_size=raters)
    codes = np.array(draw(st.lists(row, min_size=items, max_size=items)), dtype=np.int64).reshape(items, raters)
    document = np.array(draw(st.lists(st.integers(0, 3), min_size=items, max_size=items)), dtype=np.int64)
    names = tuple(f"rater {at}" for at in range(raters))
    kind = draw(st.sampled_from(["names", "numbers", "sets"]))
    said: dict[str, tuple[Hashable, ...]] = {
        "names": tuple("abcd"), "numbers": (1, 2, 4, 8),
        "sets": (frozenset(), frozenset("a"), frozenset("ab"), frozenset("bc")),
    }  # fmt: skip
    numbers = np.array([1.0, 2.0, 4.0, 8.0])[:categories] if kind == "numbers" else None
    return Ratings(names, said[kind][:categories], codes, document, 4, numbers)


def all_values(table: Ratings, resampling: Resampling | None = None) -> list[Value]:
    by_category = measure_categories(table, BY_CATEGORY, resampling)
    return measure_ratings(table, WHOLE, resampling) + [value for values in by_category.values() for value in values]


def assert_same(one: list[Value], other: list[Value]) -> None:
    assert [(value.name, value.n, value.undefined_because) for value in one] == [
        (value.name, value.n, value.undefined_because) for value in other
    ]
    for before, after in zip(one, other, strict=True):
        assert after.value == pytest.approx(before.value, abs=1e-9)


@given(tables())
def test_a_value_is_a_number_or_undefined_with_a_reason(table: Ratings) -> None:
    for value in all_values(table, RESAMPLING):
        assert (value.value is None) == bool(value.undefined_because)
        assert value.value is None or (math.isfinite(value.value) and value.value <= 1 + 1e-9)


@given(tables())
def test_interval_contains_the_value(table: Ratings) -> None:
    for value in all_values(table, RESAMPLING):
        assert (value.low is None) == (value.high is None)
        if value.low is not None and value.high is not None:
            assert value.value is not None and value.low <= value.value <= value.high


@given(tables())
def test_interval_does_not_change_the_value(table: Ratings) -> None:
    assert_same(all_values(table), all_values(table, RESAMPLING))


@given(tables(), st.randoms(use_true_random=False))
def test_order_of_annotators_does_not_matter(table: Ratings, random: Random) -> None:
    order = random.sample(range(len(table.annotators)), len(table.annotators))
    assert_same(all_values(table), all_values(replace(table, codes=table.codes[:, order])))


@given(tables(), st.permutations(range(4)))
def test_order_of_documents_does_not_matter(table: Ratings, order: list[int]) -> None:
    moved = replace(table, document=np.array(order)[table.document])
    for before, after in zip(all_values(table, RESAMPLING), all_values(moved, RESAMPLING), strict=True):
        assert (after.value, after.low, after.high) == pytest.approx((before.value, before.low, before.high), abs=1e-9)


@given(tables(), st.randoms(use_true_random=False))
def test_other_names_of_categories_do_not_matter(table: Ratings, random: Random) -> None:
    size = len(table.categories)
    place = np.array([*random.sample(range(size), size), MISSING])
    renamed = replace(table, codes=place[table.codes])
    assert_same(measure_ratings(table, UNORDERED), measure_ratings(renamed, UNORDERED))
    before, after = (measure_categories(one, BY_CATEGORY) for one in (table, renamed))
    for at, category in enumerate(table.categories):
        assert_same(before[category], after[table.categories[place[at]]])


@given(tables())
def test_annotators_who_say_the_same_agree_entirely(table: Ratings) -> None:
    equal = replace(table, codes=np.repeat(table.codes[:, :1], len(table.annotators), axis=1))
    for value in all_values(equal, RESAMPLING):
        assert value.value is None or value.value == pytest.approx(1.0)


@given(tables())
def test_rows_too_long_to_be_told_apart_by_a_number_give_the_same(table: Ratings) -> None:
    before = all_values(table, RESAMPLING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tallies, "LARGEST_KEY", 0)
        assert_same(before, all_values(table, RESAMPLING))


TWO_ONLY = {"cohen_kappa", "scott_pi", "bennett_s"}
OF_THE_SCHEME = {"bennett_s", "randolph_kappa", "gwet_ac1", "gwet_ac2_linear", "gwet_ac2_quadratic"}
ALIKE = {"cohen_kappa", "scott_pi", "fleiss_kappa", "hubert_kappa", "krippendorff_alpha_nominal"}
REASONS: list[tuple[str, list[list[Hashable | None]], set[str]]] = [
    ("Fewer than two annotators rated anything.", [["a", None], ["b", None]], set(WHOLE)),
    ("No item was rated by two annotators.", [["a", None], [None, "b"]], set(WHOLE)),
    ("All ratings that count say the same", [["a", "a"]] * 3, ALIKE | {"krippendorff_alpha_ordinal"}),
    ("There is one category only", [["a", "a"]] * 3, OF_THE_SCHEME),
    ("It is for two annotators, and there are 3", [["a", "b", "a"], ["b", "b", "b"]], TWO_ONLY),
    ("The categories are not numbers", [["a", "b"], ["b", "b"]], {"krippendorff_alpha_interval"}),
    ("The categories are not sets", [["a", "b"], ["b", "b"]], {"krippendorff_alpha_masi"}),
]


@pytest.mark.parametrize(
    ("reason", "rows", "name"), [(reason, rows, name) for reason, rows, names in REASONS for name in sorted(names)]
)
def test_undefined_says_why(reason: str, rows: list[list[Hashable | None]], name: str) -> None:
    (value,) = measure_ratings(ratings(rows), [name])
    assert value.value is None and value.undefined_because.startswith(reason)


def test_category_that_nobody_gives_has_no_figure() -> None:
    values = measure_categories(ratings([["a", "b"], ["b", "b"]], categories=("a", "b", "c")), BY_CATEGORY)
    assert [(value.value, value.n) for value in values["c"]] == [(None, 0)] * len(BY_CATEGORY)
    assert all(value.undefined_because for value in values["c"])


def test_light_leaves_out_pairs_without_common_items() -> None:
    rows = [["a", "a", None], ["b", "b", None], ["a", None, "a"], ["b", None, "b"], ["a", None, "b"]]
    (value,) = measure_ratings(ratings(rows), ["light_kappa"])
    assert value.value == pytest.approx((1 + 0.4) / 2)


def test_specific_agreement_of_two_is_twice_the_common_by_all() -> None:
    table = ratings([["a", "a"]] * 3 + [["a", "b"]] * 2 + [["b", "b"]])
    values = measure_categories(table, ["specific_agreement_category"])
    assert values["a"][0].value == pytest.approx(6 / 8) and values["a"][0].n == 8


def test_a_measure_is_asked_for_where_it_belongs() -> None:
    table = ratings([["a", "b"]])
    with pytest.raises(ValueError, match="by category"):
        measure_ratings(table, ["fleiss_kappa_category"])
    with pytest.raises(ValueError, match="over all categories"):
        measure_categories(table, ["fleiss_kappa"])


def test_every_coefficient_says_what_it_is_and_where_it_is_from() -> None:
    for name, one in CODING.items():
        assert one.name == name and one.title and one.definition.endswith(".") and any(map(str.isdigit, one.citation))
