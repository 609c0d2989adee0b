"""Labels that meet are counted in both directions; what nobody answers meets nothing."""

from __future__ import annotations

import numpy as np

from annotator.agreement.confusion import count_confusions
from annotator.agreement.shapes import MarkedSpan, span_table

LABELS = ("ORG", "GPE")


def test_labels_that_meet_and_those_that_meet_nothing() -> None:
    spans = [MarkedSpan(0, 0, 0, 5, 0), MarkedSpan(0, 1, 0, 5, 1), MarkedSpan(0, 0, 10, 15, 0)]
    table = span_table(("d",), ("a", "b"), LABELS, (20,), spans)
    assert count_confusions(table).tolist() == [[0, 1, 1], [1, 0, 0], [1, 0, 0]]


def test_the_same_text_meets_before_what_only_overlaps() -> None:
    spans = [MarkedSpan(0, 0, 0, 9, 0), MarkedSpan(0, 1, 0, 9, 0), MarkedSpan(0, 1, 2, 9, 1)]
    table = span_table(("d",), ("a", "b"), LABELS, (20,), spans)
    assert count_confusions(table).tolist() == [[2, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_who_did_not_annotate_the_document_is_not_asked() -> None:
    spans = [MarkedSpan(0, 0, 0, 5, 0), MarkedSpan(0, 1, 0, 5, 0)]
    table = span_table(("d",), ("a", "b", "c"), LABELS, (20,), spans, np.array([[True, True, False]]))
    assert count_confusions(table).sum() == count_confusions(table)[0, 0] == 2
