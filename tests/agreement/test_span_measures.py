"""F1 of free spans against published numbers, real judgments of a crowd, and its own laws."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.shapes import MarkedSpan, SpanTable, Unit, Value, span_table
from annotator.agreement.span_measures import SPANS, SpanAgreement

DATA = Path(__file__).parents[1] / "data" / "agreement"
EXAMPLES = {one["id"]: one for one in json.loads((DATA / "spans.json").read_text())}
NAMES = tuple(SPANS)
MEAN, SD = "pairwise_span_f1_exact", "pairwise_span_f1_exact_sd"
LABELS = ("ORG", "GPE", "PER")

Marks = Mapping[str, Sequence[tuple[str, int, int]]]


def table_of(annotators: Mapping[str, Marks], unit: Unit = Unit.CHAR) -> SpanTable:
    documents = sorted({document for marks in annotators.values() for document in marks})
    labels = sorted({mark[0] for marks in annotators.values() for one in marks.values() for mark in one})
    spans = [
        MarkedSpan(documents.index(document), who, start, end, labels.index(label))
        for who, marks in enumerate(annotators.values())
        for document, one in marks.items()
        for label, start, end in one
    ]
    return span_table(documents, tuple(annotators), labels, [10_000] * len(documents), spans, unit=unit)


def tagged(sentences: Sequence[Sequence[str]], *, is_strict: bool) -> Marks:
    """Spans of IOB2 tags, in tokens; an ``I-`` that continues nothing begins a span, unless that is to be strict."""
    marks: dict[str, list[tuple[str, int, int]]] = {}
    for number, tags in enumerate(sentences):
        found: list[tuple[str, int, int]] = []
        for at, tag in enumerate(tags):
            continues = bool(found) and found[-1][0] == tag[2:] and found[-1][2] == at and tag[0] == "I"
            if continues:
                found[-1] = (*found[-1][:2], at + 1)
            elif tag[0] == "B" or (tag[0] == "I" and not is_strict):
                found.append((tag[2:], at, at + 1))
        marks[str(number)] = found
    return marks


def example_table(example: Mapping[str, Any]) -> SpanTable:
    data = example["data"]
    if "annotators" in data:
        return table_of(data["annotators"])
    is_strict = example["measure"].endswith("strict_iob2")
    both = {who: tagged(data[who], is_strict=is_strict) for who in ("a", "b")}
    return table_of(both, Unit.TOKEN)


def one(values: Sequence[Value]) -> float:
    assert len(values) == 1 and values[0].value is not None, values
    return values[0].value


@pytest.mark.parametrize(
    "name", ["bratiaa-agree2-total", "seqeval-readme", "seqeval-conll-lenient", "seqeval-strict-iob2"]
)
def test_published_f1(name: str) -> None:
    example = EXAMPLES[name]
    expected = pytest.approx(example["expected"], abs=example["tolerance"])
    assert one(SpanAgreement(example_table(example)).overall([MEAN])) == expected
    if name.startswith("seqeval"):
        assert one(SpanAgreement(example_table(example)).overall(["pooled_span_f1_exact"])) == expected


def test_published_mean_and_deviation_over_pairs_of_all_labels_each_label_and_each_document() -> None:
    example = EXAMPLES["bratiaa-example-instance"]
    table, expected, within = example_table(example), example["expected"], example["tolerance"]
    assert [one.value for one in SpanAgreement(table).overall([MEAN, SD])] == pytest.approx(
        expected["total"], abs=within
    )
    by_label = SpanAgreement(table).by_label([MEAN, SD])
    for label, values in expected["per_label"].items():
        assert [one.value for one in by_label[label]] == pytest.approx(values, abs=within)
    by_document = SpanAgreement(table).by_document([MEAN])
    assert {name: one(values) for name, values in by_document.items()} == pytest.approx(
        expected["per_document_mean"], abs=within
    )
    by_pair = SpanAgreement(table).by_pair([MEAN])
    assert list(by_pair) == list(combinations(table.annotators, 2))
    assert np.mean([one(values) for values in by_pair.values()]) == pytest.approx(expected["total"][0], abs=within)


def test_published_f1_of_each_label() -> None:
    example = EXAMPLES["seqeval-v1-perlabel"]
    found = SpanAgreement(example_table(example)).by_label(["pooled_span_f1_exact"])
    assert [one(found[label]) for label in ("A", "B", "C")] == pytest.approx(example["expected"])


@pytest.mark.parametrize(("label", "expected"), [("PER", 0.514), ("LOC", 0.422), ("ORG", 0.183)])
def test_judgments_of_a_crowd_who_each_looked_for_one_label(label: str, expected: float) -> None:
    """Broad Twitter Corpus: pairs of workers share few tweets; pooled they give what is published."""
    tweets = [tweet.get(label, {}) for tweet in json.loads((DATA / "btc_crowd.json").read_text())["documents"]]
    workers = sorted({worker for tweet in tweets for worker in tweet})
    is_annotated = np.array([[worker in tweet for worker in workers] for tweet in tweets])
    spans = [
        MarkedSpan(at, workers.index(worker), start, end, 0)
        for at, tweet in enumerate(tweets)
        for worker, marks in tweet.items()
        for start, end in marks
    ]
    documents = [str(at) for at in range(len(tweets))]
    table = span_table(documents, workers, [label], [200] * len(tweets), spans, is_annotated)
    assert one(SpanAgreement(table).overall(["pooled_span_f1_exact"])) == pytest.approx(expected, abs=0.0005)
    assert one(SpanAgreement(table).by_label(["pooled_span_f1_exact"])[label]) == pytest.approx(expected, abs=0.0005)


def test_ways_of_agreeing() -> None:
    table = table_of({
        "a": {"d": [("ORG", 0, 5), ("GPE", 10, 20), ("PER", 30, 34)]},
        "b": {"d": [("ORG", 0, 5), ("GPE", 12, 20), ("ORG", 30, 34)]},
    })  # fmt: skip
    names = [name for name in NAMES if name.startswith("pooled")]
    found = {name: one(SpanAgreement(table).overall([name])) for name in names}
    assert found == pytest.approx({
        "pooled_span_f1_exact": 1 / 3, "pooled_span_f1_partial": 1.5 / 3, "pooled_span_f1_type": 2 / 3,
        "pooled_span_f1_boundary": 2 / 3, "pooled_span_f1_overlap": 1, "pooled_token_f1": 2 * (5 + 8) / (19 + 17),
    })  # fmt: skip


def test_text_that_one_annotator_labels_twice_counts_once() -> None:
    table = table_of({"a": {"d": [("ORG", 0, 6), ("ORG", 4, 10)]}, "b": {"d": [("ORG", 0, 10)]}})
    assert one(SpanAgreement(table).overall(["pooled_token_f1"])) == 1.0


def test_parts_of_a_span_are_compared_not_the_gap_between_them() -> None:
    whole = MarkedSpan(0, 0, 0, 10, 0)
    parted = MarkedSpan(0, 1, 0, 10, 0, ((0, 2), (8, 10)))
    table = span_table(("d",), ("a", "b"), ("ORG",), (10,), [whole, parted])
    assert one(SpanAgreement(table).overall(["pooled_span_f1_exact"])) == 0.0
    assert one(SpanAgreement(table).overall(["pooled_token_f1"])) == pytest.approx(2 * 4 / 14)


def test_where_nobody_marked_anything_there_is_no_figure() -> None:
    nobody = span_table(("d",), ("a", "b"), ("ORG",), (10,), [])
    alone = span_table(("d",), ("a",), ("ORG",), (10,), [MarkedSpan(0, 0, 0, 2, 0)])
    apart = span_table(
        ("d", "e"),
        ("a", "b"),
        ("ORG",),
        (10, 10),
        [MarkedSpan(0, 0, 0, 2, 0)],
        np.array([[True, False], [False, True]]),
    )
    for table, reason in ((nobody, "Nobody marked"), (alone, "fewer than two"), (apart, "No document")):
        for value in SpanAgreement(table, Resampling(10, 0)).overall(NAMES):
            assert value.value is None and reason in value.undefined_because


def test_who_annotated_a_document_and_marked_nothing_disagrees_there() -> None:
    table = table_of({"a": {"d": [("ORG", 0, 5)], "e": [("ORG", 0, 5)]}, "b": {"d": [("ORG", 0, 5)], "e": []}})
    assert one(SpanAgreement(table).overall([MEAN])) == pytest.approx(2 / 3)
    only_d = span_table(
        table.documents, table.annotators, table.labels, table.lengths.tolist(),
        [MarkedSpan(0, 0, 0, 5, 0), MarkedSpan(1, 0, 0, 5, 0), MarkedSpan(0, 1, 0, 5, 0)],
        np.array([[True, True], [True, False]]),
    )  # fmt: skip
    assert one(SpanAgreement(only_d).overall([MEAN])) == 1.0


@st.composite
def projects(draw: st.DrawFn) -> dict[str, dict[str, list[tuple[str, int, int]]]]:
    """Spans of two to four annotators in up to four documents, nested and overlapping."""
    place = st.tuples(st.sampled_from(LABELS), st.integers(0, 12), st.integers(1, 6))
    marks = st.lists(place.map(lambda one: (one[0], one[1], one[1] + one[2])), max_size=5)
    documents = [f"d{at}" for at in range(draw(st.integers(1, 4)))]
    people = ["a", "b", "c", "d"][: draw(st.integers(2, 4))]
    return {who: {document: draw(marks) for document in documents} for who in people}


def figures(table: SpanTable) -> list[float]:
    return [np.nan if one.value is None else one.value for one in SpanAgreement(table).overall(NAMES)]


@given(projects())
def test_names_and_order_change_nothing(project: dict[str, dict[str, list[tuple[str, int, int]]]]) -> None:
    before = figures(table_of(project))
    renamed = {"ORG": "z", "GPE": "a", "PER": "m"}
    other = {
        f"{who}!": {f"z{document[::-1]}": [(renamed[label], start, end) for label, start, end in marks]
                    for document, marks in reversed(one.items())}
        for who, one in reversed(project.items())
    }  # fmt: skip
    assert figures(table_of(other)) == pytest.approx(before, nan_ok=True)


@given(projects())
def test_who_says_the_same_agrees_wholly(project: dict[str, dict[str, list[tuple[str, int, int]]]]) -> None:
    table = table_of({"a": project["a"], "b": project["a"]})
    for value in SpanAgreement(table).overall(NAMES):
        expected = 0.0 if SPANS[value.name].summary == "sd" else 1.0
        assert value.value == (pytest.approx(expected) if any(project["a"].values()) else None)


@given(projects(), st.integers(0, 5))
def test_an_interval_holds_its_value(project: dict[str, dict[str, list[tuple[str, int, int]]]], seed: int) -> None:
    for value in SpanAgreement(table_of(project), Resampling(50, seed)).overall(NAMES):
        assert (value.low is None) == (value.high is None)
        if value.low is not None and value.high is not None and value.value is not None:
            assert value.low <= value.value <= value.high
            assert SPANS[value.name].summary == "sd" or 0 <= value.low <= value.high <= 1 + 1e-12


@given(projects())
def test_matching_more_loosely_never_finds_less(project: dict[str, dict[str, list[tuple[str, int, int]]]]) -> None:
    names = ("exact", "partial", "type", "overlap")
    found = [SpanAgreement(table_of(project)).overall([f"pooled_span_f1_{name}"])[0].value for name in names]
    if None not in found:
        values = [value for value in found if value is not None]
        assert all(less <= more + 1e-12 for less, more in pairwise(values))
