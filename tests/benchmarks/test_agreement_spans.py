"""All measures of spans with 1,000 samples: 1,000 documents of 300 tokens, 5 annotators, about 30 spans each.

Floor: the spans of each two annotators met as sets of tuples, document by document, without any interval. Run:
``make bench``.
"""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.shapes import MarkedSpan, SpanTable, Unit, span_table
from annotator.agreement.span_measures import SPANS, SpanAgreement

DOCUMENTS, TOKENS, ANNOTATORS, SPANS_EACH, LABELS = 1_000, 300, 5, 30, 5


def make_table() -> SpanTable:
    """True spans that each annotator misses, moves or relabels now and then."""
    chance = np.random.default_rng(5)
    rows = []
    for document in range(DOCUMENTS):
        for start in chance.choice(TOKENS - 5, SPANS_EACH, replace=False):
            label, length = chance.integers(LABELS), chance.integers(1, 5)
            for annotator in range(ANNOTATORS):
                luck = chance.random()
                if luck > 0.1:
                    moved, other = int(luck < 0.2), int(luck > 0.9)
                    end, said = int(start + length + moved), int((label + other) % LABELS)
                    rows.append(MarkedSpan(document, annotator, int(start), end, said))
    names = [f"d{at}" for at in range(DOCUMENTS)]
    return span_table(names, list("abcde"), list("VWXYZ"), [TOKENS] * DOCUMENTS, rows, unit=Unit.TOKEN)


def meet_as_sets(table: SpanTable) -> int:
    columns = (column.tolist() for column in (table.document, table.annotator, table.start, table.end, table.label))
    sets: dict[tuple[int, int], set[tuple[int, int, int]]] = {}
    for document, annotator, start, end, label in zip(*columns, strict=True):
        sets.setdefault((document, annotator), set()).add((start, end, label))
    nothing: set[tuple[int, int, int]] = set()
    return sum(
        len(sets.get((document, one), nothing) & sets.get((document, other), nothing))
        for document in range(DOCUMENTS)
        for one, other in combinations(range(ANNOTATORS), 2)
    )


def test_all_measures_of_spans(benchmark: BenchmarkFixture) -> None:
    table = make_table()
    found = benchmark(lambda: SpanAgreement(table, Resampling(1_000, 0)).overall(list(SPANS)))
    assert all(value.low is not None for value in found)
    begun = time.perf_counter()
    meet_as_sets(table)
    floor = time.perf_counter() - begun
    if benchmark.stats is not None:
        seconds = benchmark.stats.stats.median
        benchmark.extra_info.update(
            seconds=round(seconds, 2), floor_s=round(floor, 2), ratio=round(seconds / floor, 2), spans=len(table)
        )
