"""The time and new ids, in one place, so that the domain stays pure and tests can fix both."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4


def now() -> str:
    """The time as ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def new_id() -> str:
    """An id that no other machine will make (files of several people are merged)."""
    return uuid4().hex
