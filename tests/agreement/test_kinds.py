"""How spans of two annotators differ, by hand-made tables and by a law."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement.confusion import count_confusions
from annotator.agreement.kinds import Kinds, count_differences, count_kinds
from annotator.agreement.shapes import MarkedSpan, SpanTable, span_table


def table_of(*spans: tuple[int, int, int, int], people: int = 2) -> SpanTable:
    """(annotator, start, end, label) in one document."""
    names = [f"p{at}" for at in range(people)]
    return span_table(["d"], names, ["A", "B"], [100], [MarkedSpan(0, *one) for one in spans])


def test_each_kind_is_told() -> None:
    table = table_of(
        (0, 0, 5, 0), (1, 0, 5, 0),
        (0, 10, 15, 0), (1, 10, 15, 1),
        (0, 20, 25, 0), (1, 20, 28, 0),
        (0, 30, 35, 0), (1, 32, 38, 1),
        (0, 40, 45, 0),
    )  # fmt: skip
    kinds = count_kinds(table)
    assert kinds == Kinds(agreed=1, missing=1, boundary=1, label=1, both=1)
    assert kinds.differing == 4


def test_a_span_differs_from_each_annotator_who_has_not_the_same() -> None:
    table = table_of((0, 0, 5, 0), (1, 0, 5, 0), (2, 0, 5, 1), people=3)
    assert count_differences(table).tolist() == [1, 1, 2]
    assert count_kinds(table) == Kinds(1, 0, 0, 2, 0)


spans = st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(1, 4), st.integers(0, 1))


@given(st.lists(spans, max_size=12))
def test_kinds_add_up_to_the_confusions(drawn: list[tuple[int, int, int, int]]) -> None:
    table = table_of(*((who, start, start + length, label) for who, start, length, label in drawn), people=3)
    kinds, confusions = count_kinds(table), count_confusions(table)
    matched = kinds.agreed + kinds.boundary + kinds.label + kinds.both
    assert 2 * matched == confusions[:-1, :-1].sum()
    assert kinds.agreed + kinds.boundary == np.trace(confusions[:-1, :-1]) / 2
    assert kinds.missing == confusions[-1].sum()
