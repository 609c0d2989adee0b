"""How fast an annotator gets on: pauses and other days do not count as work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from annotator.workflows.pace import Pace, duration_in_words, pace_in_words, pace_of

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)


def minutes_ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=one) for one in minutes]


def test_the_pace_is_the_median_of_the_gaps_without_pauses() -> None:
    pace = pace_of(minutes_ago(0, 3, 6, 10, 120, 124), NOW, left=20)
    assert pace == Pace(6, 20, 3.5)
    assert pace_in_words(pace) == "6 today · 4 min each · about 1 h 10 min left"
    assert pace_in_words(pace, goal=20).startswith("6 of 20 today")


def test_yesterday_counts_for_the_pace_and_not_for_today() -> None:
    pace = pace_of(minutes_ago(1440, 1442, 1444, 1446), NOW, left=0)
    assert pace == Pace(0, 0, 2.0)
    assert pace_in_words(pace) == "2 min each"


def test_documents_finished_by_a_command_tell_nothing_of_the_pace() -> None:
    burst = [NOW - timedelta(milliseconds=one) for one in range(200)]
    assert pace_of(burst, NOW, left=5).minutes_each is None


def test_with_nothing_to_say_nothing_is_said() -> None:
    assert pace_in_words(pace_of([], NOW, left=300)) == ""
    assert pace_in_words(pace_of([], NOW, left=300), goal=10) == "0 of 10 today"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0.001, "1 s"), (0.5, "30 s"), (1, "1 min"), (59.8, "1 h"), (60, "1 h"), (94, "1 h 30 min"), (5999, "100 h")],
)
def test_durations_are_as_exact_as_anyone_plans_by(minutes: float, words: str) -> None:
    assert duration_in_words(minutes) == words
