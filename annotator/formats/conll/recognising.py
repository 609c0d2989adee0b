"""Whether a file is one of this family, told by its first bytes. Pure."""

from __future__ import annotations

import re

from annotator.formats.conll.layout import BORDER, find_layout
from annotator.formats.encoding import NotText, decode
from annotator.formats.shapes import Source

OWN_SUFFIXES = (".conll", ".conll2003", ".conll2002", ".iob", ".iob2", ".bio", ".bioes", ".bilou", ".anns")
"""Suffixes of files with columns; others are read as such only for what is in them."""
MOST_ROWS = 200
_MIN_ROWS = 3
_CONLLU_ROW = re.compile(r"\d+(?:[-.]\d+)?(?:\t[^\t]*){9,}")
_BEGIN = re.compile(r"^#\s*begin document\b", re.MULTILINE)


def is_columns(source: Source, head: bytes) -> int:
    """Columns with a tag in each row: 2, or 1 for the suffix only, or 0 for files that may be anything."""
    by_suffix = int(source.name.lower().endswith(OWN_SUFFIXES))
    lines = lines_of(head)
    rows = [line for line in lines if line.strip()]
    is_certain = bool(by_suffix) or (bool(rows) and rows[0].startswith(BORDER))
    if len(rows) < (1 if is_certain else _MIN_ROWS) or rows[0].lstrip()[:1] in ("{", "["):
        return by_suffix
    return 2 if _have_tags(lines, is_certain=is_certain) else by_suffix


def _have_tags(lines: list[str], *, is_certain: bool) -> bool:
    layout = find_layout(lines)
    if layout is None or is_certain:
        return layout is not None
    rows = [layout.cells(line) for line in lines if line.strip() and not line.startswith("# ")]
    has_outside = any("O" in row[1:] for row in rows) or layout.is_piped
    return has_outside and (layout.is_piped or all(len(row) == layout.width for row in rows))


def is_conllu(source: Source, head: bytes) -> int:
    """Rows of ten columns between tabs with an id first."""
    by_suffix = int(source.name.lower().endswith((".conllu", ".conllup", ".cupt")))
    rows = [line for line in lines_of(head) if line.strip() and not line.startswith("#")]
    return 3 if rows and all(_CONLLU_ROW.fullmatch(row) for row in rows) else by_suffix * 2


def is_ontonotes(source: Source, head: bytes) -> int:
    """A line ``#begin document``."""
    by_suffix = int(source.name.lower().endswith("_conll") or source.name.lower().endswith(".conll2012"))
    return 4 if _BEGIN.search("\n".join(lines_of(head))) else by_suffix


def lines_of(head: bytes) -> list[str]:
    """The lines among the first bytes of a file; of many the last one, which may be cut off, is left out."""
    whole = head[: head.rfind(b"\n") + 1] if head.count(b"\n") > _MIN_ROWS else head
    try:
        text = decode(whole).text
    except NotText:
        return []
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MOST_ROWS]
