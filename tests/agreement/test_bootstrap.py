"""Intervals over documents: what they hold, when there is none, and what they must not depend on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from annotator.agreement.bootstrap import Draws, Resampling, draw, ends, interval, sums
from annotator.agreement.shapes import Floats

RESAMPLING = Resampling(samples=400, seed=7)


def share(totals: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray(totals[:, 0] / totals[:, 1], dtype=np.float64)


def statistics(documents: int, chance: float) -> Floats:
    hits = np.random.default_rng(1).random(documents) < chance
    return np.column_stack([hits, np.ones(documents)]).astype(np.float64)


def test_every_sample_holds_as_many_documents_as_there_are() -> None:
    assert (draw(RESAMPLING, 30).counts.sum(axis=1) == 30).all()


def test_equal_seeds_draw_equally_and_others_do_not() -> None:
    first, again = draw(RESAMPLING, 30), draw(RESAMPLING, 30)
    other = draw(Resampling(400, 8), 30)
    assert (first.counts == again.counts).all()
    assert (first.counts != other.counts).any()


def test_documents_are_drawn_equally_often() -> None:
    assert draw(Resampling(20_000, 3), 10).counts.mean(axis=0) == pytest.approx(np.ones(10), abs=0.03)


def test_interval_of_a_share_is_about_as_wide_as_the_binomial_one() -> None:
    per_document = statistics(1000, 0.3)
    value = per_document[:, 0].mean()
    low, high = interval(draw(Resampling(4000, 5), 1000), per_document, share, value)
    assert low is not None and high is not None
    width = 2 * 1.96 * (value * (1 - value) / 1000) ** 0.5
    assert high - low == pytest.approx(width, rel=0.08)


def test_higher_level_gives_a_wider_interval() -> None:
    per_document = statistics(50, 0.5)
    value = per_document[:, 0].mean()
    wide, narrow = (interval(draw(Resampling(400, 7, level), 50), per_document, share, value) for level in (0.99, 0.5))
    assert wide[0] is not None and wide[1] is not None and narrow[0] is not None and narrow[1] is not None
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_interval_is_extended_to_a_value_outside() -> None:
    assert ends(np.array([0.1, 0.2, 0.3]), 0.9, 0.95)[1] == 0.9
    assert ends(np.array([0.1, 0.2, 0.3]), 0.0, 0.95)[0] == 0.0


def test_no_interval_from_a_single_document_that_counts_anything() -> None:
    per_document = np.array([[1.0, 2.0], [0.0, 0.0], [0.0, 0.0]])
    assert interval(draw(RESAMPLING, 3), per_document, share, 0.5) == (None, None)


def test_no_interval_where_the_figure_is_mostly_undefined() -> None:
    assert ends(np.array([0.5, 0.5, np.nan, np.nan]), 0.5, 0.95) == (None, None)
    assert ends(np.array([0.5, 0.5, 0.5, 0.5, np.nan]), 0.5, 0.95) == (0.5, 0.5)


def test_no_interval_without_documents() -> None:
    assert interval(draw(RESAMPLING, 0), np.empty((0, 2)), share, 0.5) == (None, None)
    assert interval(Draws(np.empty((0, 2)), 0.95), np.ones((2, 2)), share, 1.0) == (None, None)


@given(arrays(np.float64, (6, 3), elements=st.integers(0, 9).map(float)), st.permutations(range(6)))
def test_order_of_documents_does_not_matter(per_document: Floats, order: list[int]) -> None:
    draws = draw(RESAMPLING, 6)
    one, other = sums(draws, per_document), sums(draws, per_document[order])
    assert (one is None) == (other is None)
    assert one is None or np.array_equal(one, np.asarray(other))
