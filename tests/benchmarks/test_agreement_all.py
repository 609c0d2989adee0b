"""All coefficients but gamma on 1,000 documents of 300 tokens and five annotators, with 1,000 samples of documents.

The floor is what it takes to sort the spans as Python tuples, which any way of comparing them would have to do.
"""

from __future__ import annotations

import time

from pytest_benchmark.fixture import BenchmarkFixture

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.coding import measure_ratings
from annotator.agreement.confusion import count_confusions
from annotator.agreement.kinds import count_kinds
from annotator.agreement.shapes import SpanTable
from annotator.agreement.span_measures import SPANS, SpanAgreement
from annotator.agreement.unitizing import measure_unitizing
from annotator.workflows.agreement_columns import SpanColumns
from annotator.workflows.agreement_measures import NOMINAL
from annotator.workflows.agreement_ratings import rate_matched_spans, rate_tokens
from tests.benchmarks.test_agreement_spans import make_table

SAMPLES = Resampling(1_000, 0)
TOKEN_MEASURES = ["percent_agreement", "fleiss_kappa", "krippendorff_alpha_nominal"]


def measure_all(table: SpanTable) -> int:
    """How many figures came out."""
    matched, _ = rate_matched_spans(SpanColumns(table, {}, ()))
    assert matched is not None
    figures = [
        *SpanAgreement(table, SAMPLES).overall(list(SPANS)),
        *measure_unitizing(table, SAMPLES),
        *measure_ratings(matched, NOMINAL, SAMPLES),
        *measure_ratings(rate_tokens(table), TOKEN_MEASURES, SAMPLES),
    ]
    count_confusions(table)
    count_kinds(table)
    return len(figures)


def test_all_coefficients(benchmark: BenchmarkFixture) -> None:
    table = make_table()
    assert benchmark(measure_all, table) == len(SPANS) + 2 + len(NOMINAL) + len(TOKEN_MEASURES)
    begun = time.perf_counter()
    columns = (table.document, table.annotator, table.start, table.end, table.label)
    sorted(zip(*(column.tolist() for column in columns), strict=True))
    floor = time.perf_counter() - begun
    if benchmark.stats is not None:
        seconds = benchmark.stats.stats.median
        benchmark.extra_info.update(seconds=round(seconds, 2), ratio=round(seconds / floor, 1), spans=len(table))
