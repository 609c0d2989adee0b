"""Which columns a file has: where the word stands, where its tags. Told by what is in them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotator.formats.conll.tags import looks_like_tag

BORDER = "-DOCSTART-"
_COMMENTS = ("# ", "#\t")
_MOST = 0.98
_MOST_LABELS = 200
_CHUNKS = frozenset(("NP", "VP", "PP", "ADJP", "ADVP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP"))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file's rows are to be read. ``tags``: more than one where spans are nested, the outer ones first.

    ``is_own``: Annotator wrote the file, so that percent codes in words are its own.
    """

    is_tabbed: bool = False
    is_piped: bool = False
    width: int = 4
    word: int = 0
    tags: tuple[int, ...] = (3,)
    is_own: bool = False

    def cells(self, line: str) -> list[str]:
        """The columns of a line."""
        return cells_of(line, is_tabbed=self.is_tabbed)


OWN = Layout(is_own=True)


def cells_of(line: str, *, is_tabbed: bool) -> list[str]:
    """The columns of a line: between tabs, or between blanks."""
    if is_tabbed:
        return [cell.strip(" ") for cell in line.rstrip("\t ").split("\t")]
    if line.isascii() and line.isprintable():
        return line.split()
    return [cell for cell in line.replace("\t", " ").split(" ") if cell]


def is_own_border(cells: Sequence[str]) -> bool:
    """``-DOCSTART- -X- (id) O`` or ``-DOCSTART- -X- _ O``, which only Annotator writes."""
    if len(cells) != 4 or cells[0] != BORDER or cells[1] != "-X-" or cells[3] != "O":
        return False
    return cells[2] == "_" or (cells[2].startswith("(") and cells[2].endswith(")"))


def find_layout(lines: Sequence[str], columns: Mapping[str, str] | None = None) -> Layout | None:
    """The layout that these lines have, or None when they are no columns with tags.

    ``columns``: the number (from 1) of the columns "text" and "label" if somebody said so.
    """
    if is_own_border(cells_of(next((line for line in lines if line.strip()), ""), is_tabbed=False)):
        return OWN
    rows, is_tabbed = _rows_of(lines)
    if not rows:
        return None
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    rows = [row for row in rows if len(row) == width]
    if width == 1 or (not is_tabbed and all("|" in cell for row in rows for cell in row)):
        return _piped(lines)
    word = _chosen(columns, "text", width)
    tag = _chosen(columns, "label", width)
    word = _word_column(rows) if word is None else word
    tags = _tag_columns(rows, width, first=word + 1) if tag is None else (tag,)
    return Layout(is_tabbed, False, width, word, tags) if tags else None


def _rows_of(lines: Sequence[str]) -> tuple[list[list[str]], bool]:
    held = [line for line in lines if line.strip() and not line.startswith((BORDER, *_COMMENTS))]
    held = held or [line for line in lines if line.strip() and not line.startswith(BORDER)]
    is_tabbed = sum("\t" in line for line in held) * 2 > len(held)
    return [cells_of(line, is_tabbed=is_tabbed) for line in held], is_tabbed


def _piped(lines: Sequence[str]) -> Layout | None:
    """``word|tag word|tag`` or ``word|part of speech|tag``, one sentence a line, as spaCy has it."""
    cells = [cell.split("|") for line in lines for cell in line.split() if not line.startswith((BORDER, *_COMMENTS))]
    width = Counter(len(row) for row in cells).most_common(1)[0][0] if cells else 0
    rows = [row for row in cells if len(row) == width]
    tags = _tag_columns(rows, width) if width > 1 and len(rows) >= len(cells) * _MOST else ()
    return Layout(False, True, width, 0, tags) if tags else None


def _chosen(columns: Mapping[str, str] | None, name: str, width: int) -> int | None:
    number = (columns or {}).get(name, "")
    return int(number) - 1 if number.isdecimal() and 0 < int(number) <= width else None


def _word_column(rows: Sequence[Sequence[str]]) -> int:
    """The first column, or the second where the first counts words."""
    numbers = [int(row[0]) for row in rows if row[0].isdecimal()]
    if len(rows[0]) < 3 or len(numbers) < len(rows):
        return 0
    steps = sum(after == before + 1 for before, after in pairwise(numbers))
    return 1 if len(numbers) > 1 and steps * 2 >= len(numbers) - 1 else 0


def _tag_columns(rows: Sequence[Sequence[str]], width: int, first: int = 1) -> tuple[int, ...]:
    """The last column of tags, and those of outer spans before it: chunks have other labels, and part of speech first.

    Where words are counted, the column after the word is no chunk (GermEval 2014).
    """
    found = [column for column in range(width - 1, first - 1, -1) if _is_tags(rows, column)]
    if not found:
        return tuple(column for column in range(width - 1, first - 1, -1) if _is_bare(rows, column))[:1]
    tags = found[:1]
    labels = _labels(rows, tags[0])
    for column in found[1:]:
        own = _labels(rows, column)
        is_outer = own & labels or (own and (not labels or first > 1) and not own <= _CHUNKS)
        if column != tags[0] - 1 or not is_outer:
            break
        tags.insert(0, column)
    return tuple(tags)


def _is_tags(rows: Sequence[Sequence[str]], column: int) -> bool:
    return sum(looks_like_tag(row[column]) for row in rows) >= len(rows) * _MOST


def _is_bare(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a column has labels alone: many O, and few others again and again."""
    counts = Counter(row[column] for row in rows)
    return counts["O"] * 5 >= len(rows) and len(counts) <= min(_MOST_LABELS, 2 + len(rows) // 2)


def _labels(rows: Sequence[Sequence[str]], column: int) -> frozenset[str]:
    return frozenset(row[column][2:] for row in rows if len(row[column]) > 2)
