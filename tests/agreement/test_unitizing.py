"""Krippendorff's alphas of unitizing against published numbers, formulas counted out place by place, and their laws."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.shapes import Bools, MarkedSpan, SpanTable, Value, span_table
from annotator.agreement.unitizing import (
    UNITIZING,
    disagreements_1995,
    measure_unitizing,
    measure_unitizing_labels,
    unitizing_changes,
)
from annotator.agreement.units import Changes

EXAMPLES = json.loads((Path(__file__).parents[1] / "data" / "agreement" / "unitizing.json").read_text("utf-8"))
LABELS = ("x", "y", "z")
LENGTH = 14

Unit = tuple[int, int, int]
"""Label, start, end."""
Marks = Sequence[Sequence[Sequence[Unit]]]
"""For each document, for each annotator: units."""


def table_of(marks: Marks, is_annotated: Bools | None = None, length: int = LENGTH) -> SpanTable:
    spans = [
        MarkedSpan(document, who, start, end, label)
        for document, people in enumerate(marks)
        for who, units in enumerate(people)
        for label, start, end in units
    ]
    documents = [f"d{at}" for at in range(len(marks))]
    people = [f"a{at}" for at in range(len(marks[0]))]
    return span_table(documents, people, LABELS, [length] * len(marks), spans, is_annotated)


def example_table(example: Mapping[str, Any]) -> SpanTable:
    labels = sorted({label for *_, label in example["units"]})
    spans = [
        MarkedSpan(0, who, begin - example["begin"], begin - example["begin"] + length, labels.index(label))
        for who, begin, length, label in example["units"]
    ]
    people = [str(who) for who in range(example["raters"])]
    return span_table(("continuum",), people, labels, [example["length"]], spans)


def measured(table: SpanTable, measure: str, category: str | None) -> float | None:
    if category is None:
        return {one.name: one.value for one in measure_unitizing(table)}[measure.removesuffix("_nominal")]
    if measure == "alpha_u_1995_category":
        return measure_unitizing_labels(table)[category][0].value
    both = dict(zip(("observed", "expected"), disagreements_1995(table), strict=True))
    return float(both[measure.split("_")[3]][table.labels.index(category)])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["id"]))
def test_example_comes_out_as_published(example: Mapping[str, Any]) -> None:
    found = measured(example_table(example), example["measure"], example["category"])
    assert found == pytest.approx(example["expected"], abs=example["tolerance"])


def gaps_of(units: Sequence[Unit], length: int = LENGTH) -> list[int]:
    inner = [0, *(place for _, start, end in sorted(units, key=lambda unit: unit[1]) for place in (start, end)), length]
    return [end - start for start, end in zip(inner[::2], inner[1::2], strict=True)]


def naive_observed(marks: Marks, label: int) -> float:
    total = 0.0
    for people in marks:
        own = [[unit for unit in units if unit[0] == label] for units in people]
        for one, other in combinations(own, 2):
            meeting = [(u, v) for u in one for v in other if u[1] < v[2] and v[1] < u[2]]
            apart = sum((u[1] - v[1]) ** 2 + (u[2] - v[2]) ** 2 for u, v in meeting)
            met = {u for u, _ in meeting}, {v for _, v in meeting}
            alone = [u for units, some in zip((one, other), met, strict=True) for u in units if u not in some]
            total += (apart + sum((end - start) ** 2 for _, start, end in alone)) * 2 / len(own) / (len(own) - 1)
    return total / (LENGTH * len(marks)) ** 2


def naive_expected(marks: Marks, label: int) -> float:
    own = [[unit for unit in units if unit[0] == label] for people in marks for units in people]
    lengths = [end - start for units in own for _, start, end in units]
    gaps = [gap for units in own for gap in gaps_of(units)]
    size = len(own) * LENGTH
    pairs = size * (size - 1) - sum(length * (length - 1) for length in lengths)
    total = 0.0
    for length in lengths:
        total += (len(lengths) - 1) / 3 * (2 * length**3 - 3 * length**2 + length)
        total += length**2 * sum(1 for gap in gaps for begin in range(gap) if begin + length <= gap)
    return 2 / (LENGTH * len(marks)) * total / pairs


def naive_u_alpha(marks: Marks) -> float:
    """By what annotators say of each place; -1 is nothing."""
    said: list[list[list[int]]] = []
    for people in marks:
        said.append([[-1] * LENGTH for _ in people])
        for who, units in enumerate(people):
            for label, start, end in units:
                said[-1][who][start:end] = [label] * (end - start)
    observed = np.zeros((4, 4))
    for doc in said:
        for one, other in permutations(doc, 2):
            np.add.at(observed, (one, other), 1 / (len(doc) - 1))
    whole, each = observed.sum(), observed.sum(axis=1)
    if np.count_nonzero(each) < 2:
        return np.nan
    dealt = np.array([0, 0, 0, each[-1]])
    for people in marks:
        for units in people:
            for label, start, end in units:
                dealt[label] += (end - start) ** 2
    expected = (np.outer(each, each) - np.diag(dealt)) * whole / (whole**2 - dealt.sum())
    return float(1 - (whole - np.trace(observed)) / (whole - np.trace(expected)))


@st.composite
def cut(draw: st.DrawFn) -> list[Unit]:
    """Units that do not overlap, some of which touch."""
    places = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=8)))
    labels = st.sampled_from((None, 0, 1, 2))
    pieces = [(draw(labels), start, end) for start, end in pairwise(places)]
    return [(label, start, end) for label, start, end in pieces if label is not None]


@st.composite
def projects(draw: st.DrawFn) -> list[list[list[Unit]]]:
    people = draw(st.integers(2, 4))
    return [[draw(cut()) for _ in range(people)] for _ in range(draw(st.integers(1, 3)))]


def figures(table: SpanTable) -> list[float]:
    return [np.nan if one.value is None else one.value for one in measure_unitizing(table)]


@given(projects())
def test_disagreements_are_those_of_the_formulas_counted_out(marks: list[list[list[Unit]]]) -> None:
    observed, expected = disagreements_1995(table_of(marks))
    assert observed == pytest.approx([naive_observed(marks, label) for label in range(3)], abs=1e-12)
    assert expected == pytest.approx([naive_expected(marks, label) for label in range(3)], abs=1e-12)


@given(projects())
def test_u_alpha_is_that_of_the_formula_counted_out(marks: list[list[list[Unit]]]) -> None:
    assert figures(table_of(marks))[1] == pytest.approx(naive_u_alpha(marks), abs=1e-9, nan_ok=True)


@given(projects())
def test_names_and_order_change_nothing(marks: list[list[list[Unit]]]) -> None:
    renamed = [
        [[((label + 1) % 3, start, end) for label, start, end in units] for units in reversed(people)]
        for people in reversed(marks)
    ]
    assert figures(table_of(renamed)) == pytest.approx(figures(table_of(marks)), abs=1e-12, nan_ok=True)


@given(projects())
def test_who_cuts_alike_agrees_wholly(marks: list[list[list[Unit]]]) -> None:
    table = table_of([[people[0]] * 3 for people in marks])
    for value in [*measure_unitizing(table), *(one for (one,) in measure_unitizing_labels(table).values())]:
        assert value.value == 1 if not value.undefined_because else value.value is None


@given(projects(), st.integers(0, 5))
def test_an_interval_holds_its_value(marks: list[list[list[Unit]]], seed: int) -> None:
    first, second = measure_unitizing(table_of(marks), Resampling(50, seed))
    assert first.low is None and first.high is None
    assert (second.low is None) == (second.high is None)
    if second.low is not None and second.high is not None and second.value is not None:
        assert second.low <= second.value <= second.high <= 1


@given(projects())
def test_a_document_of_one_annotator_does_not_count(marks: list[list[list[Unit]]]) -> None:
    more = [*marks, [marks[0][0]] + [[]] * (len(marks[0]) - 1)]
    is_annotated = np.ones((len(more), len(marks[0])), dtype=np.bool_)
    is_annotated[-1, 1:] = False
    assert figures(table_of(more, is_annotated)) == pytest.approx(figures(table_of(marks)), nan_ok=True)


@given(projects())
def test_each_document_counts_those_who_annotated_it(marks: list[list[list[Unit]]]) -> None:
    """Spans of somebody who is not counted in a document change nothing."""
    wider = [[*people, people[0]] for people in marks]
    is_annotated = np.ones((len(wider), len(wider[0])), dtype=np.bool_)
    is_annotated[:, -1] = False
    assert figures(table_of(wider, is_annotated)) == pytest.approx(figures(table_of(marks)), nan_ok=True)


def test_documents_with_other_annotators_weigh_pairs_the_same() -> None:
    """A document counts by the mean over its pairs: one pair of one, or two pairs of three, that disagree by 4."""
    two = table_of([[[(0, 0, 4)], [(0, 2, 4)], []]], np.array([[True, True, False]]))
    three = table_of([[[(0, 0, 4)], [(0, 2, 4)], [(0, 0, 4)]]])
    assert disagreements_1995(two)[0][0] == pytest.approx(4 / LENGTH**2)
    assert disagreements_1995(three)[0][0] == pytest.approx(8 / 3 / LENGTH**2)


def test_no_gap_goes_from_one_document_into_the_next() -> None:
    """A unit as long as a document fits into neither of two empty ones but in one place each."""
    table = table_of([[[(0, 0, LENGTH)], []], [[], []]])
    fits = 3 * LENGTH**2
    size = 4 * LENGTH
    expected = 2 / (2 * LENGTH) * fits / (size * (size - 1) - LENGTH * (LENGTH - 1))
    assert disagreements_1995(table)[1][0] == pytest.approx(expected)


def test_overlapping_units_of_one_annotator_and_label_are_one_and_touching_ones_are_two() -> None:
    overlapping = table_of([[[(0, 0, 4), (0, 2, 6), (0, 6, 8)], [(0, 0, 6), (0, 6, 8)]]])
    assert unitizing_changes(overlapping) == Changes(merged=1)
    assert figures(overlapping) == [1.0, 1.0]
    assert [one.n for one in measure_unitizing(overlapping)] == [4, 4]
    touching = table_of([[[(0, 0, 6)], [(0, 0, 3), (0, 3, 6)]]])
    assert unitizing_changes(touching) == Changes()
    assert figures(touching)[0] < 1.0


def test_pieces_of_a_span_are_units_and_empty_ones_are_left_out() -> None:
    parted = MarkedSpan(0, 0, 2, 10, 0, ((2, 4), (8, 10)))
    spans = [parted, MarkedSpan(0, 1, 2, 4, 0), MarkedSpan(0, 1, 8, 10, 0), MarkedSpan(0, 1, 12, 12, 0)]
    table = span_table(("d",), ("a", "b"), ("x",), (20,), spans)
    assert unitizing_changes(table) == Changes(parted=1, empty=1)
    assert figures(table) == [1.0, 1.0]


def test_where_labels_overlap_only_the_alpha_of_1995_is_defined() -> None:
    table = table_of([[[(0, 0, 6), (1, 4, 8)], [(0, 0, 6), (1, 4, 8)]]])
    first, second = measure_unitizing(table)
    assert first.value == 1.0
    assert second.value is None and "2 of 4 begin within another" in second.undefined_because


def test_what_has_no_figure_says_why() -> None:
    nobody = table_of([[[], []]])
    alone = table_of([[[(0, 0, 2)]]])
    apart = table_of([[[(0, 0, 2)], []], [[], []]], np.array([[True, False], [False, True]]))
    for table, reason in ((nobody, "Nobody marked"), (alone, "fewer than two"), (apart, "No document")):
        values = [*measure_unitizing(table, Resampling(10, 0)), *measure_unitizing_labels(table)["x"]]
        assert {one.name for one in values} == set(UNITIZING)
        assert all(one.value is None and reason in one.undefined_because for one in values)


def test_a_label_that_nobody_used_and_a_text_without_room_say_why() -> None:
    table = table_of([[[(0, 0, 2)], [(0, 0, 2)]]])
    assert "with this label" in measure_unitizing_labels(table)["y"][0].undefined_because
    full = table_of([[[(0, 0, 1)], [(0, 0, 1)]]], length=1)
    reasons = [one.undefined_because for one in measure_unitizing(full)]
    assert "no room" in reasons[0] and "one and the same label" in reasons[1]
    assert "no room" in measure_unitizing_labels(full)["x"][0].undefined_because


def test_a_table_without_documents_and_labels_is_undefined() -> None:
    table = span_table((), (), (), (), [])
    assert [one.value for one in measure_unitizing(table, Resampling(10, 0))] == [None, None]
    assert measure_unitizing_labels(table) == {}


def test_length_of_texts_counts() -> None:
    """The rarer units are, the less is agreement about them due to chance."""
    near = table_of([[[(0, 2, 6)], [(0, 3, 6)]]])
    far = replace(near, lengths=near.lengths * 10)
    assert all(one < other for one, other in zip(figures(near), figures(far), strict=True))


def test_interval_over_documents_is_the_same_in_any_order() -> None:
    marks: Marks = [[[(0, 0, 4)], [(0, 1, 4)]], [[(1, 2, 9)], [(1, 2, 9)]], [[(0, 0, 4)], []], [[(1, 0, 4)], []]]
    values: list[Value] = [measure_unitizing(table_of(one), Resampling(100, 1))[1] for one in (marks, marks[::-1])]
    assert values[0] == values[1] and values[0].low is not None
