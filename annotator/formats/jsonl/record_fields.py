"""Single fields of a JSON record, checked: a fault is a sentence, never a TypeError. Pure."""

from __future__ import annotations

from collections.abc import Container
from reprlib import repr as shortened
from typing import Any

Plain = dict[str, Any]
MAX_DEPTH = 100
"""Values that Annotator only carries may be nested this deep (writing them back has a limit, too)."""


class RecordFault(ValueError):
    """A record cannot be taken; the message says why, in one sentence."""


def dict_of(plain: Plain, key: str) -> Plain:
    """The object under ``key``; empty when there is none."""
    value = plain.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RecordFault(f"{key} is not an object")
    return kept(value)


def list_of(plain: Plain, key: str) -> list[Any]:
    """The list under ``key``; empty when there is none."""
    value = plain.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RecordFault(f"{key} is not a list")
    return value


def string_of(plain: Plain, key: str) -> str:
    """The string under ``key``; empty when there is none."""
    value = plain.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordFault(f"{key} is not a string")
    return value


def id_of(plain: Plain, what: str) -> str:
    """The id of ``what`` (a number counts as its digits); empty when there is none."""
    given = plain.get("id")
    if given is None:
        return ""
    if isinstance(given, bool) or not isinstance(given, (str, int, float)):
        raise RecordFault(f"the id of {what} is neither a string nor a number")
    return str(given)


def free_id(wanted: str, taken: Container[str]) -> str:
    """``wanted``, or the like if it is taken, for a part of the record without an id."""
    while wanted in taken:
        wanted += "_"
    return wanted


def one_of(value: object, allowed: list[str], what: str) -> str:
    """``value`` if it is one of ``allowed``."""
    if not isinstance(value, str) or value not in allowed:
        raise RecordFault(f"{what} is {shortened(value)}, which is none of {', '.join(allowed)}")
    return value


def is_number(value: object) -> bool:
    """Whether this is a JSON number (``true`` is none)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def kept(values: Plain) -> Plain:
    """``values``, which are written back as they are. Refused when nested too deeply to be written."""
    if values and _is_deeper(values, MAX_DEPTH):
        raise RecordFault(f"its values are nested more than {MAX_DEPTH} deep")
    return values


def _is_deeper(value: object, depth: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return depth == 0 or any(_is_deeper(one, depth - 1) for one in inside)
