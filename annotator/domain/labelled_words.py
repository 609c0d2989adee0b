"""How every string of a document is labelled there, so that its other occurrences can be judged. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from annotator.domain.folding import fold, surface_of
from annotator.domain.name_words import MOST_CHARS, NameWords
from annotator.domain.spans import Span
from annotator.domain.text import Document

Labels = Counter[tuple[str, str]]
"""How often each (layer, label)."""

Standing = tuple[int, int, str]
"""Where some words stand: start, end, and the layer they are labelled in elsewhere."""

_NONE: Labels = Counter()
_Label = TypeVar("_Label")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What words are where they are labelled: the usual label, how often, and whether the annotator decided so."""

    layer: str
    label: str
    count: int
    is_decided: bool


@dataclass(slots=True)
class _String:
    """Words labelled in one layer. Its ``anchor``, a token, stands ``offset`` code points after its beginning."""

    layer: str
    surface: str
    anchor: str
    offset: int
    decided: Counter[str] = field(default_factory=Counter)
    suggested: Counter[str] = field(default_factory=Counter)

    def find(self) -> Likeness | None:
        """What these words are labelled; what was decided counts alone."""
        for labels, is_decided in ((self.decided, True), (self.suggested, False)):
            if labels:
                label, count = max(labels.items(), key=lambda item: (item[1], item[0]))
                return Likeness(self.layer, label, count, is_decided)
        return None


class LabelledWords:
    """Counts spans by their words. Only words with a capital (or of a script without case) are looked for elsewhere."""

    def __init__(self, document: Document, words: NameWords) -> None:
        self._text, self._tokens, self._places = document.text, document.tokens, words.places
        self._folded: dict[str, str] = {}
        self.clear()

    def clear(self) -> None:
        """Forget every span."""
        self._strings: dict[tuple[str, str], _String] = {}
        self._by_anchor: dict[str, list[_String]] = {}
        self._decided: dict[str, Labels] = {}
        self._undecided: dict[str, set[str]] = {}

    def add(self, span: Span) -> None:
        """Count a span."""
        self._count(span, self._find_string(span), 1)

    def exchange(self, old: Span | None, new: Span | None) -> tuple[list[Standing], list[str]]:
        """Count ``new`` in place of ``old``; returns what has to be looked at again elsewhere.

        That is: where the same words stand, and which suggestions (ids) are on words that mean the same.
        """
        changes = [(span, step, self._find_string(span)) for span, step in ((old, -1), (new, 1)) if span is not None]
        strings = {id(string): string for _, _, string in changes if string is not None}.values()
        likely = [string.find() for string in strings]
        folded = {self.folded(span) for span, _, _ in changes}
        known = {words: Counter(self.decided(words)) for words in folded}
        for span, step, string in changes:
            self._count(span, string, step)
        judged = [words for words in folded if self.decided(words) != known[words]]
        changed = [string for string, before in zip(strings, likely, strict=True) if string.find() != before]
        places = [place for string in changed for place in self._occurrences(string)]
        return places, [span_id for words in judged for span_id in self._undecided.get(words, ())]

    def folded(self, span: Span) -> str:
        """The words of a span in their normalised form."""
        surface = surface_of(self._text, span)
        found = self._folded.get(surface)
        if found is None:
            found = self._folded[surface] = fold(surface)
        return found

    def decided(self, folded: str) -> Labels:
        """The labels that these words have by decision. Not to be changed."""
        return self._decided.get(folded, _NONE)

    def between(self, start: int, end: int) -> Iterator[tuple[int, int, Likeness]]:
        """Where words stand that are labelled somewhere, and what they are; each begins in ``[start, end)``."""
        tokens = self._tokens
        for index in tokens.overlapping(start, end + MOST_CHARS):
            begin = tokens.starts[index]
            for string in self._by_anchor.get(self._text[begin : tokens.ends[index]], ()):
                first = begin - string.offset
                if start <= first < end and self._is_at(string, first) and (found := string.find()) is not None:
                    yield first, first + len(string.surface), found

    def _occurrences(self, string: _String) -> Iterator[Standing]:
        for index in self._places.get(string.anchor, ()):
            first = self._tokens.starts[index] - string.offset
            if self._is_at(string, first):
                yield first, first + len(string.surface), string.layer

    def _is_at(self, string: _String, first: int) -> bool:
        """Whether the words stand here, from the beginning of a token to the end of one."""
        end = first + len(string.surface)
        if first < 0 or not self._text.startswith(string.surface, first):
            return False
        return self._is_edge(self._tokens.starts, first) and self._is_edge(self._tokens.ends, end)

    @staticmethod
    def _is_edge(edges: array[int], char: int) -> bool:
        place = bisect_left(edges, char)
        return place < len(edges) and edges[place] == char

    def _find_string(self, span: Span) -> _String | None:
        """The string of a span that is looked for elsewhere, or None."""
        surface = self._text[span.start : span.end]
        if span.fragments or len(surface) > MOST_CHARS:
            return None
        known = self._strings.get((span.layer, surface))
        if known is None and (anchor := self._find_anchor(span)) is not None:
            known = self._strings[span.layer, surface] = _String(span.layer, surface, *anchor)
            self._by_anchor.setdefault(known.anchor, []).append(known)
        return known

    def _find_anchor(self, span: Span) -> tuple[str, int] | None:
        """The first token of the span that may begin a name, and how far into the span it stands."""
        tokens = self._tokens
        for index in tokens.overlapping(span.start, span.end):
            word = self._text[tokens.starts[index] : tokens.ends[index]]
            if word in self._places and span.start <= tokens.starts[index] and tokens.ends[index] <= span.end:
                return word, tokens.starts[index] - span.start
        return None

    def _count(self, span: Span, string: _String | None, step: int) -> None:
        if string is not None:
            labels = string.decided if span.decided else string.suggested
            _add(labels, span.label, step)
        words = self.folded(span)
        if span.decided:
            _add(self._decided.setdefault(words, Counter()), (span.layer, span.label), step)
        elif step > 0:
            self._undecided.setdefault(words, set()).add(span.id)
        else:
            self._undecided.get(words, set()).discard(span.id)


def _add(labels: Counter[_Label], label: _Label, step: int) -> None:
    """Count, and forget what there is none of."""
    labels[label] += step
    if labels[label] <= 0:
        del labels[label]
