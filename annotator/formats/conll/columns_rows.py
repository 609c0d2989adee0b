"""A file of columns as a stream of sentences and borders between documents. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from annotator.formats.conll.layout import BORDER, Layout, is_own_border
from annotator.formats.conll.lines import numbered_lines
from annotator.formats.conll.percent import unescaped
from annotator.formats.conll.tags import looks_like_tag

_FILLERS = frozenset((BORDER, "-X-", "-Z-", "X", "O", "_", "-", "--", "*", "0"))
_NEWDOC = re.compile(r"#\s*newdoc\b(?:\s+id\s*=\s*(.*))?\s*")
_PAIR = re.compile(r"#\s*([\w.:-]+)\s*=\s*(.*)")


def pair_in(comment: str) -> tuple[str, str] | None:
    """Key and value of a comment ``# key = value``, or None."""
    found = _PAIR.fullmatch(comment)
    return (found[1], found[2].strip()) if found else None


@dataclass(slots=True)
class Sentence:
    """Words with their tags (one tuple a column of tags) and other columns. ``line``: where it begins."""

    line: int
    words: list[str] = field(default_factory=list)
    tags: list[list[str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def find_text(self) -> str | None:
        """The text of a ``# text =`` comment."""
        return next((pair[1] for pair in map(pair_in, self.comments) if pair and pair[0] == "text"), None)


@dataclass(frozen=True, slots=True)
class Border:
    """A new document begins here."""

    line: int
    id: str


Block: TypeAlias = Sentence | Border


@dataclass
class Oddities:
    """Rows that are not like the others."""

    short: int = 0
    uneven: int = 0
    wordless: int = 0

    def sentences(self) -> Iterator[str]:
        """Each kind with its count."""
        if self.short:
            yield f"{self.short:,} lines have no tag; their words were taken without a label"
        if self.uneven:
            yield f"{self.uneven:,} lines have more or fewer columns than the others"
        if self.wordless:
            yield f"{self.wordless:,} lines have a tag but no word; they were left out"


def blocks(text: str, layout: Layout, odd: Oddities) -> Iterator[Block]:
    """Sentences and borders in order. Raises `NotText`, see `numbered_lines`."""
    held = Sentence(1)
    for number, line in numbered_lines(text):
        border = _border(number, line, layout)
        if border is not None or not line.strip():
            if held.words:
                yield held
            kept = held.comments if border is not None and not held.words else []
            held = Sentence(number + 1, comments=kept)
            if border is not None:
                yield border
        elif layout.is_piped:
            yield _piped(number, line, layout, odd)
        else:
            _take(held, line, layout, odd)
    if held.words:
        yield held


def _border(number: int, line: str, layout: Layout) -> Border | None:
    if line.startswith(BORDER):
        cells = layout.cells(line)
        if layout.is_own and is_own_border(cells):
            return Border(number, "" if cells[2] == "_" else unescaped(cells[2][1:-1]))
        name = " ".join(cell for cell in cells if cell not in _FILLERS)
        name = name.removeprefix(BORDER).strip()
        return Border(number, name[1:-1] if name.startswith("(") and name.endswith(")") else name)
    found = None if layout.is_own or not line.startswith("#") else _NEWDOC.fullmatch(line)
    return Border(number, (found[1] or "").strip()) if found else None


def _piped(number: int, line: str, layout: Layout, odd: Oddities) -> Sentence:
    sentence = Sentence(number)
    for cell in line.split():
        _add(sentence, cell.split("|"), layout, odd)
    return sentence


def _take(sentence: Sentence, line: str, layout: Layout, odd: Oddities) -> None:
    cells = layout.cells(line)
    if line.startswith("#") and not layout.is_own and not _is_row(cells, layout):
        sentence.comments.append(line)
    else:
        _add(sentence, cells, layout, odd)


def _is_row(cells: list[str], layout: Layout) -> bool:
    return len(cells) == layout.width and looks_like_tag(cells[layout.tags[-1]])


def _add(sentence: Sentence, cells: list[str], layout: Layout, odd: Oddities) -> None:
    word = cells[layout.word] if len(cells) > layout.word else ""
    if not word or word.isspace():
        odd.wordless += 1
        return
    sentence.words.append(unescaped(word) if layout.is_own else word)
    if len(cells) == layout.width:
        sentence.tags.append([cells[tag] for tag in layout.tags])
    else:
        sentence.tags.append(_odd_tags(cells, layout, odd))
    kept = cells[layout.word + 1 : layout.tags[0]]
    sentence.columns.append(" ".join([cell.replace(" ", "_") or "_" for cell in kept]) if kept else "")


def _odd_tags(cells: list[str], layout: Layout, odd: Oddities) -> list[str]:
    """The tags of a row of other width: counted from its end where it is longer, O where it is too short."""
    odd.uneven += 1
    if len(cells) <= layout.tags[-1]:
        odd.short += 1
        return ["O"] * len(layout.tags)
    extra = max(len(cells) - layout.width, 0)
    return [cells[tag + extra] for tag in layout.tags]
