"""Formats of small annotation tools, read only: YEDDA (brackets in the text) and SLATE (lines beside the text)."""

from __future__ import annotations

import re

from annotator.formats.shapes import Format, Reader, Source

SLATE_SUFFIXES = (".annotations", *(f".annotations{number}" for number in range(10)))
_YEDDA = re.compile(rb"\[[@$][^\[\]]*(?:#|\xef\xbc\x83)[^#*\[\]\n]+\*\]")
_SLATE_LINE = re.compile(rb"[\[(]?[\d\s,()\[\]]*-")


def _yedda_reader() -> Reader:
    from annotator.formats.small_tools.yedda import YeddaReader

    return YeddaReader()


def _slate_reader() -> Reader:
    from annotator.formats.small_tools.slate import SlateReader

    return SlateReader()


def _is_yedda(_source: Source, head: bytes) -> int:
    return 3 if _YEDDA.search(head) else 0


def _is_slate(source: Source, head: bytes) -> int:
    """By its name: without it nobody knows which text it is about."""
    if not source.name.endswith(SLATE_SUFFIXES):
        return 0
    first = head.lstrip().partition(b"\n")[0]
    return 3 if _SLATE_LINE.match(first) else 1


def _has_yedda_beside(source: Source) -> bool:
    """The text that YEDDA wrote a copy of, with brackets: ``a.txt`` beside ``a.txt.ann``."""
    return source.name.endswith(".txt") and source.find_beside(f"{source.name}.ann") is not None


def _has_slate_beside(source: Source) -> bool:
    """The text that SLATE's lines are about: ``a.txt`` beside ``a.txt.annotations``."""
    if source.name.endswith(SLATE_SUFFIXES):
        return False
    return any(source.find_beside(f"{source.name}{suffix}") is not None for suffix in SLATE_SUFFIXES[:3])


FORMATS = (
    Format(
        "yedda",
        "YEDDA, labels in brackets",
        (".ann", ".txt"),
        make_reader=_yedda_reader,
        recognises=_is_yedda,
        belongs=_has_yedda_beside,
    ),
    Format(
        "slate",
        "SLATE, lines beside a text",
        SLATE_SUFFIXES,
        make_reader=_slate_reader,
        recognises=_is_slate,
        belongs=_has_slate_beside,
    ),
)
