"""Gamma and gamma_cat with 1,000 samples for intervals: 1,000 documents of 300 tokens, about 30 spans each.

Of 3 annotators, and of 5. Floor: the same units sorted as rows of Python. Run: ``make bench``.
"""

from __future__ import annotations

import time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.gamma import GammaSettings, gamma_details
from annotator.agreement.shapes import SpanTable
from tests.benchmarks.test_agreement_spans import make_table


def of_the_first(table: SpanTable, people: int) -> SpanTable:
    """The table of its first annotators only."""
    rows = table.rows(table.annotator < people)
    return SpanTable(
        rows.documents, rows.annotators[:people], rows.labels, rows.lengths, rows.is_annotated[:, :people],
        rows.document, rows.annotator, rows.start, rows.end, rows.label, rows.shape, rows.shapes, rows.unit,
    )  # fmt: skip


@pytest.mark.parametrize("people", [3, 5])
def test_gamma(benchmark: BenchmarkFixture, people: int) -> None:
    table = of_the_first(make_table(), people)
    found = benchmark(gamma_details, table, GammaSettings(), Resampling(1_000, 0))
    assert found.gamma.low is not None and found.gamma_cat.low is not None
    assert found.inexact == found.inexact_samples == 0
    begun = time.perf_counter()
    columns = (table.document, table.annotator, table.start, table.end, table.label)
    sorted(zip(*(column.tolist() for column in columns), strict=True))
    floor = time.perf_counter() - begun
    if benchmark.stats is not None:
        seconds = benchmark.stats.stats.median
        benchmark.extra_info.update(
            seconds=round(seconds, 2), floor_s=round(floor, 2), ratio=round(seconds / floor, 2), spans=len(table),
            samples=found.samples,
        )  # fmt: skip
        assert seconds < 30
