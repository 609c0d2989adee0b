"""Files that are written: names of annotators as parts of theirs, and files as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from annotator.domain.errors import UserError


def as_file_part(name: str) -> str:
    """``name`` with a hyphen for all but letters, digits, hyphens and underscores."""
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in name)


class NotWritten(UserError):
    """A file was not written, and why."""


def write_whole(path: Path, write: str | Callable[[Path], None]) -> None:
    """Write a file, whole or not at all: a text, or what ``write`` puts into the path it is given.

    Raises `NotWritten`.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        if isinstance(write, str):
            part.write_text(write, encoding="utf-8")
        else:
            write(part)
        part.replace(path)
    except OSError as fault:
        raise NotWritten(str(fault.strerror or fault), where=str(path), remedy="choose another place") from fault
    finally:
        part.unlink(missing_ok=True)
