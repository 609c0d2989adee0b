"""Counts of SemEval-2013 and averages of F1 against published numbers, `nervaluate`, and their laws."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nervaluate import Evaluator

from annotator.agreement.semeval import Average, SemevalCounts, SemevalWay, averaged_f1, label_scores, semeval_counts
from annotator.agreement.shapes import MarkedSpan, SpanTable, Unit, span_table

EXAMPLES = {
    one["id"]: one
    for one in json.loads((Path(__file__).parents[1] / "data" / "agreement" / "semeval.json").read_text("utf-8"))
}
LABELS = ("x", "y", "z")

Mark = tuple[int, int, int]
"""Label, start, end."""
Marks = Sequence[tuple[Sequence[Mark], Sequence[Mark]]]
"""For each document, spans of the reference and of the response."""


def table_of(marks: Marks, labels: Sequence[str] = LABELS) -> SpanTable:
    spans = [
        MarkedSpan(document, who, start, end, label)
        for document, both in enumerate(marks)
        for who, one in enumerate(both)
        for label, start, end in one
    ]
    documents = [str(at) for at in range(len(marks))]
    return span_table(documents, ("a", "b"), labels, [1000] * len(marks), spans, unit=Unit.TOKEN)


def tagged(tags: Sequence[str], labels: Sequence[str]) -> list[Mark]:
    """Spans of IOB2 tags without a lone ``I-``."""
    found: list[Mark] = []
    for at, tag in enumerate(tags):
        if tag.startswith("B"):
            found.append((labels.index(tag[2:]), at, at + 1))
        elif tag.startswith("I"):
            found[-1] = (*found[-1][:2], at + 1)
    return found


def example_table(example: Mapping[str, Any]) -> SpanTable:
    labels = sorted({tag[2:] for who in "ab" for tags in example[who] for tag in tags if tag != "O"})
    both = zip(example["a"], example["b"], strict=True)
    return table_of([(tagged(one, labels), tagged(other, labels)) for one, other in both], labels)


@pytest.mark.parametrize("name", ["nervaluate-perfect", "nervaluate-wrong-label", "nervaluate-shifted-boundary"])
def test_published_counts(name: str) -> None:
    example = EXAMPLES[name]
    found = semeval_counts(example_table(example), 0, 1)
    assert set(found) == set(example["expected"])
    for way, expected in example["expected"].items():
        counts = found[SemevalWay(way)]
        names = ("cor", "inc", "par", "mis", "spu")
        assert counts == SemevalCounts(*(expected[one] for one in names))
        assert counts.f1 == pytest.approx(expected["f1"], abs=example["tolerance"])


@pytest.mark.parametrize("average", list(Average))
def test_published_averages(average: Average) -> None:
    example = EXAMPLES[f"seqeval-v1-{average}"]
    found = averaged_f1(example_table(example), 0, 1, average)
    assert [found.precision, found.recall, found.f1] == pytest.approx(example["expected"], abs=example["tolerance"])


def test_published_f1_of_each_label() -> None:
    example = EXAMPLES["seqeval-v1-perlabel"]
    found = label_scores(example_table(example), 0, 1)
    assert [found[label].f1 for label in ("A", "B", "C")] == pytest.approx(example["expected"])


def judged_by_nervaluate(marks: Marks) -> dict[str, SemevalCounts]:
    """Its ends are the last place, not the place after."""
    sides = [
        [[{"label": LABELS[label], "start": start, "end": end - 1} for label, start, end in one[who]] for one in marks]
        for who in (0, 1)
    ]
    overall = Evaluator(*sides, tags=list(LABELS), loader="dict").evaluate()["overall"]
    return {
        way: SemevalCounts(one.correct, one.incorrect, one.partial, one.missed, one.spurious)
        for way, one in overall.items()
    }


def spread_marks(rng: np.random.Generator) -> tuple[list[Mark], list[Mark]]:
    """Spans so far apart that none overlaps two; the response forgets, invents, shifts and relabels some."""
    reference: list[Mark] = []
    response: list[Mark] = []
    for place in range(0, 400, 20):
        start, length = place + int(rng.integers(4, 8)), int(rng.integers(1, 8))
        span = (int(rng.integers(3)), start, start + length)
        if rng.random() < 0.8:
            reference.append(span)
        if rng.random() < 0.8:
            label = span[0] if rng.random() < 0.7 else int(rng.integers(3))
            move, grow = (0, 0) if rng.random() < 0.5 else rng.integers(-3, 4, size=2).tolist()
            response.append((label, start + move, max(start + move + 1, start + length + grow)))
    return reference, response


@pytest.mark.parametrize("seed", range(10))
def test_counts_are_those_of_nervaluate_where_no_span_overlaps_two(seed: int) -> None:
    rng = np.random.default_rng(seed)
    marks = [spread_marks(rng) for _ in range(5)]
    assert semeval_counts(table_of(marks), 0, 1) == judged_by_nervaluate(marks)


@pytest.mark.parametrize("seed", range(10))
def test_no_span_is_given_away_that_another_equals(seed: int) -> None:
    """`nervaluate` goes by the order of the response, which can only cost exact matches."""
    rng = np.random.default_rng(seed)
    places = [np.sort(rng.choice(60, size=(2, 12), replace=True), axis=1) for _ in range(5)]
    marks = [
        tuple(
            [(int(rng.integers(3)), int(a), int(b)) for a, b in zip(side[::2], side[1::2], strict=True) if a < b]
            for side in both
        )
        for both in places
    ]
    pairs = [(one[0], one[1]) for one in marks]
    ours, theirs = semeval_counts(table_of(pairs), 0, 1), judged_by_nervaluate(pairs)
    assert ours[SemevalWay.STRICT].correct >= theirs["strict"].correct
    assert ours[SemevalWay.EXACT].correct >= theirs["exact"].correct
    assert ours[SemevalWay.EXACT].possible == theirs["exact"].possible
    assert ours[SemevalWay.EXACT].actual == theirs["exact"].actual


def test_the_span_that_equals_is_matched_though_another_overlaps_first() -> None:
    marks: Marks = [([(0, 4, 10)], [(0, 0, 5), (0, 4, 10)])]
    assert semeval_counts(table_of(marks), 0, 1)[SemevalWay.STRICT] == SemevalCounts(1, 0, 0, 0, 1)
    assert judged_by_nervaluate(marks)["strict"] == SemevalCounts(0, 1, 0, 0, 1)


def test_the_same_label_comes_first_among_spans_at_the_same_place() -> None:
    found = semeval_counts(table_of([([(1, 0, 4)], [(0, 0, 4), (1, 0, 4)])]), 0, 1)
    assert found[SemevalWay.STRICT] == SemevalCounts(1, 0, 0, 0, 1)


def test_figures_that_divide_by_nothing_are_none() -> None:
    nothing, found_none = SemevalCounts(0, 0, 0, 0, 0), SemevalCounts(0, 0, 0, 2, 0)
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)
    assert (found_none.precision, found_none.recall, found_none.f1) == (None, 0.0, 0.0)
    empty = table_of([([], [])])
    assert all(averaged_f1(empty, 0, 1, average).f1 is None for average in Average)
    assert label_scores(empty, 0, 1) == {}


def test_partial_matches_count_half() -> None:
    counts = semeval_counts(table_of([([(0, 0, 4), (0, 10, 12)], [(1, 2, 6)])]), 0, 1)[SemevalWay.PARTIAL]
    assert counts == SemevalCounts(0, 0, 1, 1, 0)
    assert (counts.precision, counts.recall) == (0.5, 0.25)
    assert counts.f1 == pytest.approx(1 / 3)


def test_only_documents_that_both_annotated_count() -> None:
    spans = [MarkedSpan(document, who, 0, 4, 0) for document in (0, 1) for who in (0, 1)]
    is_annotated = np.array([[True, True], [True, False]])
    table = span_table(("d", "e"), ("a", "b"), LABELS, (10, 10), spans, is_annotated)
    assert semeval_counts(table, 0, 1)[SemevalWay.STRICT] == SemevalCounts(1, 0, 0, 0, 0)
    assert label_scores(table, 0, 1).keys() == {"x"}


def test_others_than_the_two_do_not_count() -> None:
    spans = [MarkedSpan(0, 0, 0, 4, 0), MarkedSpan(0, 1, 0, 4, 0), MarkedSpan(0, 2, 0, 4, 0)]
    table = span_table(("d",), ("a", "b", "c"), LABELS, (10,), spans)
    assert semeval_counts(table, 2, 0)[SemevalWay.STRICT] == SemevalCounts(1, 0, 0, 0, 0)


def test_an_annotator_is_not_compared_with_themselves_nor_with_nobody() -> None:
    table = table_of([([(0, 0, 4)], [])])
    with pytest.raises(ValueError, match="themselves"):
        semeval_counts(table, 1, 1)
    with pytest.raises(IndexError):
        semeval_counts(table, 0, 2)


@st.composite
def projects(draw: st.DrawFn) -> list[tuple[list[Mark], list[Mark]]]:
    place = st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(1, 6))
    marks = st.lists(place.map(lambda one: (one[0], one[1], one[1] + one[2])), max_size=6, unique=True)
    return draw(st.lists(st.tuples(marks, marks), min_size=1, max_size=3))


@given(projects())
def test_every_span_counts_once_and_changing_sides_swaps_missing_and_spurious(
    marks: list[tuple[list[Mark], list[Mark]]],
) -> None:
    table = table_of(marks)
    for way, counts in semeval_counts(table, 0, 1).items():
        back = semeval_counts(table, 1, 0)[way]
        assert counts.possible == sum(len(one) for one, _ in marks)
        assert counts.actual == sum(len(one) for _, one in marks)
        assert back == SemevalCounts(counts.correct, counts.incorrect, counts.partial, counts.spurious, counts.missing)
        assert (back.precision, back.recall, back.f1) == (counts.recall, counts.precision, counts.f1)


@given(projects())
def test_looser_ways_find_no_less_and_micro_is_strict(marks: list[tuple[list[Mark], list[Mark]]]) -> None:
    table = table_of(marks)
    found = semeval_counts(table, 0, 1)
    assert found[SemevalWay.STRICT].correct <= found[SemevalWay.EXACT].correct == found[SemevalWay.PARTIAL].correct
    assert found[SemevalWay.STRICT].correct <= found[SemevalWay.ENT_TYPE].correct
    assert averaged_f1(table, 0, 1, Average.MICRO).f1 == found[SemevalWay.STRICT].f1


@given(projects())
def test_order_of_documents_and_names_of_labels_change_nothing(marks: list[tuple[list[Mark], list[Mark]]]) -> None:
    other = [
        tuple([((label + 1) % 3, start, end) for label, start, end in side] for side in both) for both in marks[::-1]
    ]
    table, renamed = table_of(marks), table_of([(one[0], one[1]) for one in other])
    strict, exact = SemevalWay.STRICT, SemevalWay.EXACT
    assert semeval_counts(table, 0, 1)[strict].correct == semeval_counts(renamed, 0, 1)[strict].correct
    assert semeval_counts(table, 0, 1)[exact].correct == semeval_counts(renamed, 0, 1)[exact].correct
    for average in Average:
        one, two = averaged_f1(table, 0, 1, average), averaged_f1(renamed, 0, 1, average)
        assert (one.precision, one.recall, one.f1) == pytest.approx((two.precision, two.recall, two.f1))


@given(projects())
def test_who_says_the_same_agrees_wholly(marks: list[tuple[list[Mark], list[Mark]]]) -> None:
    table = table_of([(one, one) for one, _ in marks])
    assert all(counts.f1 in (None, 1.0) for counts in semeval_counts(table, 0, 1).values())
    assert all(averaged_f1(table, 0, 1, average).f1 in (None, 1.0) for average in Average)
