"""Ids as files number them. Pure."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(\d+)")


def natural(own_id: str) -> list[tuple[str, int]]:
    """A key that sorts T2 before T10."""
    return [("", int(part)) if part.isdecimal() else (part, 0) for part in _NUMBER.split(own_id) if part]
