"""How fast an annotator gets on: documents finished today, minutes each, what is left. No clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

LONGEST_WORK = timedelta(minutes=30)
"""A longer gap between two finished documents is a pause, not work on the second."""
SHORTEST_WORK = timedelta(seconds=1)
"""A shorter gap is not one person's work: documents were accepted by a command."""
MOST_GAPS, FEWEST_GAPS = 20, 3


@dataclass(frozen=True, slots=True)
class Pace:
    """``today``: documents finished on this day. ``minutes_each``: the median of the last ones, None while too few."""

    today: int
    left: int
    minutes_each: float | None = None

    @property
    def minutes_left(self) -> float | None:
        """How long what is left takes at this pace, None while the pace is not known."""
        return None if self.minutes_each is None else self.minutes_each * self.left


def pace_of(finished: Sequence[datetime], now: datetime, left: int) -> Pace:
    """The pace from the times at which documents were finished, in any order, all in the time zone of ``now``."""
    times = sorted(finished)
    today = sum(time.date() == now.date() for time in times)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    worked = [gap for gap in gaps if SHORTEST_WORK <= gap <= LONGEST_WORK][-MOST_GAPS:]
    if len(worked) < FEWEST_GAPS:
        return Pace(today, left)
    return Pace(today, left, median(gap.total_seconds() for gap in worked) / 60)


def pace_in_words(pace: Pace, goal: int = 0) -> str:
    """``12 of 20 today · 3 min each · about 1 h 40 min left``; empty when there is nothing to say."""
    parts = []
    if pace.today or goal:
        parts.append(f"{pace.today:,} of {goal:,} today" if goal else f"{pace.today:,} today")
    if pace.minutes_each is not None:
        parts.append(f"{duration_in_words(pace.minutes_each)} each")
        if pace.left and pace.minutes_left is not None:
            parts.append(f"about {duration_in_words(pace.minutes_left)} left")
    return " · ".join(parts)


def duration_in_words(minutes: float) -> str:
    """``40 s``, ``3 min``, ``1 h 40 min``, ``12 h``: as exact as anyone plans by."""
    if minutes < 1:
        return f"{max(round(minutes * 60), 1)} s"
    if minutes < 60:
        return f"{round(minutes)} min" if round(minutes) < 60 else "1 h"
    hours, rest = divmod(round(minutes / 10) * 10, 60)
    return f"{hours:,} h {rest} min" if rest and hours < 10 else f"{hours:,} h"
