"""Names of annotators as parts of names of files. Pure."""

from __future__ import annotations


def as_file_part(name: str) -> str:
    """``name`` with a hyphen for all but letters, digits, hyphens and underscores."""
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in name)
