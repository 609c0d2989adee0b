"""Where a text may have names, by its looks alone: words with a capital, and runs of them. Pure.

Found once for a document, in small pieces; the text does not change. What it is worth is in decision 0010.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from annotator.domain.text import Document

PIECE_TOKENS = 250
"""As many tokens are looked at between two yields: a fraction of a millisecond."""

HEADLINE_WORDS, HEADLINE_SHARE = 4, 0.7
"""A line of at least so many words, so large a share of them capitalised, is a headline: capitals say nothing there."""

NOUN_CAPITALS = frozenset({"de", "lb"})
"""Languages that give every noun a capital."""

LINKS = frozenset({"of", "de", "von", "van", "der", "du", "des", "da", "di", "del", "-", "–", "&"})
"""What may stand between two capitalised words of one name."""

MOST_CHARS = 80
"""Longer runs are no names."""

_OPENING = frozenset("\"'“”„«‹‘`([{*•·–—-:;")
_ENDING = frozenset(".!?…。！？")


class NameWords:
    """Complete once `pieces` has run to its end.

    ``places``: the indexes of the tokens of each word that may begin a name: capitalised, or of a script without
    case. ``runs``: ``[start, end)`` of capitalised words in a row, in order, without those that are explained by the
    beginning of a sentence or by a headline.
    """

    def __init__(self, document: Document) -> None:
        self.places: dict[str, list[int]] = {}
        self.runs: list[tuple[int, int]] = []
        self._text, self._tokens = document.text, document.tokens
        self._sentences = frozenset(document.tokens.sentence_starts)
        self._has_noun_capitals = document.language.partition("-")[0] in NOUN_CAPITALS
        self._lower: set[str] = set()
        self._capitals: list[int] = []
        self._starting: set[int] = set()
        self._amid: set[str] = set()
        self._headlines: set[int] = set()

    def pieces(self) -> Iterator[None]:
        """Look at the whole text, one piece at a time."""
        line = _Line()
        before = ""
        for index in range(len(self._tokens)):
            before = self._take(index, before, line)
            if index % PIECE_TOKENS == PIECE_TOKENS - 1:
                yield
        self._headlines |= line.ended()
        if not self._has_noun_capitals:
            yield from self._find_runs()

    def _take(self, index: int, before: str, line: _Line) -> str:
        """Take in one token; ``before`` is the visible token before it, with line breaks after it if there are any."""
        word = self._word(index)
        if word.isspace():
            return f"{before}\n" if "\n" in word else before
        if index and "\n" in self._text[self._tokens.ends[index - 1] : self._tokens.starts[index]]:
            before += "\n"  # tokens that came with a file may leave white space out
        if before.endswith("\n"):
            self._headlines |= line.ended()
        first = word[0]
        if first.islower():
            self._lower.add(word)
        elif first.isalpha():
            self.places.setdefault(word, []).append(index)
            if first.isupper():
                self._take_capital(index, word, before)
        if first.isalpha():
            line.add(index, is_capital=first.isupper())
        return word

    def _take_capital(self, index: int, word: str, before: str) -> None:
        self._capitals.append(index)
        if self._begins_sentence(index, before):
            self._starting.add(index)
        else:
            self._amid.add(word)

    def _begins_sentence(self, index: int, before: str) -> bool:
        """Whether a capital is due here: at the beginning of a sentence, a line, a quotation, an item of a list."""
        if index in self._sentences or not before or before.endswith("\n") or before in _OPENING:
            return True
        return not self._sentences and before[-1] in _ENDING

    def _find_runs(self) -> Iterator[None]:
        end = 0
        for number, index in enumerate(self._capitals):
            if index >= end:
                end = self._run_end(index)
                if index not in self._headlines:
                    self._add_run(index, end)
            if number % PIECE_TOKENS == PIECE_TOKENS - 1:
                yield

    def _run_end(self, index: int) -> int:
        """Where the capitalised words in a row end that begin with the token ``index``."""
        end = index + 1
        while end < len(self._tokens) and end not in self._sentences:
            if self._is_next(end) and self._is_capital(end):
                end += 1
            elif (
                self._is_next(end) and self._word(end) in LINKS and self._is_next(end + 1) and self._is_capital(end + 1)
            ):
                end += 2
            else:
                break
        return end

    def _is_next(self, index: int) -> bool:
        """Whether nothing but one space at most stands before the token."""
        if index >= len(self._tokens):
            return False
        gap = self._tokens.starts[index] - self._tokens.ends[index - 1]
        return gap == 0 or (gap == 1 and self._text[self._tokens.ends[index - 1]] == " ")

    def _is_capital(self, index: int) -> bool:
        place = bisect_left(self._capitals, index)
        return place < len(self._capitals) and self._capitals[place] == index

    def _add_run(self, first: int, end: int) -> None:
        if first in self._starting and not self._is_name(first, end):
            first = next((index for index in range(first + 1, end) if self._is_capital(index)), end)
        if first == end:
            return
        word = self._word(first)
        if end - first == 1 and (len(word) == 1 or word.lower() in self._lower):
            return  # "I", and words that the text also has without a capital
        start, stop = self._tokens.starts[first], self._tokens.ends[end - 1]
        if stop - start <= MOST_CHARS:
            self.runs.append((start, stop))

    def _is_name(self, first: int, end: int) -> bool:
        """Whether the word that begins a sentence would have its capital anyway."""
        word = self._word(first)
        if word in self._amid or (len(word) > 1 and word.isupper() and word.isalpha()):
            return True
        return end - first > 1 and word.lower() not in self._lower

    def _word(self, index: int) -> str:
        return self._text[self._tokens.starts[index] : self._tokens.ends[index]]


class _Line:
    """The words of a line, to tell whether it is a headline."""

    def __init__(self) -> None:
        self._words = 0
        self._capitals: list[int] = []

    def add(self, index: int, *, is_capital: bool) -> None:
        self._words += 1
        if is_capital:
            self._capitals.append(index)

    def ended(self) -> set[int]:
        """The capitalised tokens of the line if it is a headline; another line begins."""
        is_headline = self._words >= HEADLINE_WORDS and len(self._capitals) >= HEADLINE_SHARE * self._words
        found = set(self._capitals) if is_headline else set()
        self._words, self._capitals = 0, []
        return found
