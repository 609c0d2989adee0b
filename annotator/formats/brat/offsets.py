"""What the offsets of an ``.ann`` file count. brat's are code points of the file; others count otherwise. Pure.

The words that stand beside the offsets decide: the first way of counting that agrees with all of them is taken.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotator.formats.brat.lines import TextBound

_Way = tuple[str, Callable[[str], Iterable[int]]]


@dataclass(frozen=True, slots=True)
class Offsets:
    """``starts``: where in the text the character at an offset stands (None: the offsets are those of the text).

    ``counted``: what the file counts, empty for code points of the text.
    """

    starts: Sequence[int] | None = None
    counted: str = ""

    def place(self, offset: int) -> int:
        """The code point in the text; past its end for an offset that is none."""
        if self.starts is None:
            return offset
        return self.starts[offset] if offset < len(self.starts) else self.starts[-1] + 1

    def parts(self, one: TextBound) -> list[tuple[int, int]]:
        """Where a line's pieces stand in the text."""
        return [(self.place(start), self.place(end)) for start, end in one.parts]


def find_offsets(text: str, lines: Sequence[TextBound], *, has_mark: bool) -> Offsets:
    """How ``lines`` count in ``text`` (line ends as in the file, without the byte-order mark that it may have had)."""
    plain = Offsets()
    if _agrees(text, lines, plain):
        return plain
    for counted, starts in _ways(text, has_mark=has_mark):
        other = Offsets(array("I", starts(text)), counted)
        if _agrees(text, lines, other):
            return other
    return plain


def _ways(text: str, *, has_mark: bool) -> Iterator[_Way]:
    if has_mark:
        yield "the byte-order mark, too", lambda text: (0, *range(len(text) + 1))
    if "\r\n" in text:
        yield "a line end of two characters as one", _starts_without_returns
    if not text.isascii():
        yield "UTF-16 units", lambda text: _starts_of_units(text, lambda char: 1 + (char > "\uffff"))
        yield "bytes", lambda text: _starts_of_units(text, lambda char: len(char.encode("utf-8", "surrogatepass")))


def _starts_without_returns(text: str) -> Iterator[int]:
    for place, char in enumerate(text):
        if not (char == "\n" and place and text[place - 1] == "\r"):
            yield place
    yield len(text)


def _starts_of_units(text: str, units: Callable[[str], int]) -> Iterator[int]:
    for place, char in enumerate(text):
        for _ in range(units(char)):
            yield place
    yield len(text)


def without_returns(text: str) -> Sequence[int]:
    """For each place in ``text`` the place it has when CRLF and CR are made LF."""
    found = array("I")
    gone = 0
    for place, char in enumerate(text):
        gone += char == "\n" and place > 0 and text[place - 1] == "\r"
        found.append(place - gone)
    found.append(len(text) - gone)
    return found


def _agrees(text: str, lines: Iterable[TextBound], offsets: Offsets) -> bool:
    return all(says_what_stands(one.surface, text, offsets.parts(one)) for one in lines)


def says_what_stands(surface: str | None, text: str, parts: Sequence[tuple[int, int]]) -> bool:
    """Whether these are the words in the text; white space of one kind may be written as another."""
    if any(end > len(text) for _, end in parts):
        return False
    if surface is None or not surface.strip():
        return True
    words = [text[start:end] for start, end in parts]
    if surface == " ".join(words):
        return True
    said = surface.split()
    if said == " ".join(words).split():
        return True
    begins = " ".join(words).split()
    has_tail = "\t" in surface and said[: len(begins)] == begins
    return has_tail or "".join(said) == "".join("".join(words).split())
