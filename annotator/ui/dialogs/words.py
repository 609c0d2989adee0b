"""Counts, durations and progress in words. Free of widgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from annotator.ui.tasks import HowFar


def counted(number: int, noun: str) -> str:
    """``1 document``, ``12 documents``, ``3,400 words``."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def duration(seconds: float) -> str:
    """``8 s``, ``3 min``, ``2 h``: rounded up, because waiting longer than promised annoys."""
    if seconds < 60:
        return f"{max(int(seconds + 0.999), 1)} s"
    if seconds < 3600:
        return f"{int(seconds / 60 + 0.999)} min"
    return f"{int(seconds / 3600 + 0.999)} h"


def how_far_in_words(how_far: HowFar | None) -> str:
    """``12 of 300 documents · 24 documents/s · about 12 s left``; empty while nothing is known."""
    if how_far is None:
        return ""
    if how_far.total is None:
        parts = [counted(how_far.done, how_far.unit.removesuffix("s"))]
    else:
        parts = [f"{how_far.done:,} of {how_far.total:,} {how_far.unit}"]
    if how_far.per_second > 0:
        rate = how_far.per_second
        parts.append(f"{rate:,.0f} {how_far.unit}/s" if rate >= 10 else f"{rate:.1f} {how_far.unit}/s")
    if how_far.seconds_left:
        parts.append(f"about {duration(how_far.seconds_left)} left")
    return " · ".join(parts)


def reasons_in_words(reasons: Iterable[str]) -> str:
    """Reasons with their counts, the most frequent first: ``12 × overlaps, 3 × inside a token``."""
    return ", ".join(
        f"{number:,}\u00a0×\u00a0{reason.rstrip('.')}" for reason, number in Counter(reasons).most_common()
    )


def breakable(text: str) -> str:
    """With places to break inside paths, so that a long one does not widen a dialog."""
    return text.replace("/", "/\u200b").replace("\\", "\\\u200b")


def sentence(text: str) -> str:
    """With a capital at the beginning and a full stop at the end."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "…")) else ".")


def split_names(text: str) -> tuple[str, ...]:
    """What stands between commas, without blanks: ``PER, PERS,`` is ("PER", "PERS")."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
