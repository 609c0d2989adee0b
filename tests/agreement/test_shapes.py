"""Columns are built sorted, without doubles, and missing answers stay missing."""

from __future__ import annotations

from annotator.agreement.shapes import MISSING, MarkedSpan, ratings, span_table


def test_spans_stand_in_order_once() -> None:
    first, second = MarkedSpan(0, 1, 4, 6, 0), MarkedSpan(0, 0, 2, 9, 1)
    table = span_table(("d",), ("a", "b"), ("X", "Y"), (10,), [first, second, first])
    assert list(zip(table.annotator, table.start, table.end, table.label, strict=True)) == [(0, 2, 9, 1), (1, 4, 6, 0)]


def test_pieces_are_told_apart_by_where_they_lie_in_the_span() -> None:
    rows = [MarkedSpan(0, 0, 10, 20, 0, ((10, 12), (18, 20))), MarkedSpan(0, 0, 30, 40, 0, ((30, 32), (38, 40)))]
    table = span_table(("d",), ("a",), ("X",), (50,), [*rows, MarkedSpan(0, 0, 10, 20, 0)])
    assert list(table.shape) == [0, table.shape[1], table.shape[1]]
    assert table.shapes[table.shape[1]] == ((0, 2), (8, 10))


def test_no_spans_are_columns_without_rows() -> None:
    assert len(span_table(("d",), ("a",), (), (3,), [])) == 0


def test_missing_answers_are_missing_and_numbers_keep_their_values() -> None:
    table = ratings([[1, None], [3, 1]])
    assert table.codes.tolist() == [[0, MISSING], [1, 0]]
    assert table.numbers is not None and table.numbers.tolist() == [1.0, 3.0]
    assert ratings([["b", "a"]]).categories == ("a", "b")
