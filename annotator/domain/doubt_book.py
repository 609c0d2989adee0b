"""The doubts of one document, kept up to date while it is edited: in small pieces, never between a key and its paint.

A doubt depends on what stands within `REACH` of it, and on how the same words are labelled elsewhere in the document.
So an edit leads to looking again at what it touched and, when it changed how some words are labelled, at the other
places where they stand. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from annotator.domain.doubt_places import REACH, Places
from annotator.domain.doubts import Doubt, Evidence, Key
from annotator.domain.edits import Touched
from annotator.domain.folding import fold, surface_of
from annotator.domain.labelled_words import LabelledWords, Standing
from annotator.domain.name_words import NameWords
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet

PIECE_SPANS, PIECE_CHARS = 40, 600
"""How much is done between two yields: less than a millisecond."""


def find_doubts(
    doc: AnnotatedDocument, evidence: Evidence | None = None, dismissed: Iterable[tuple[int, int]] = ()
) -> tuple[Doubt, ...]:
    """All doubts of a document, in order."""
    words = NameWords(doc.document)
    for _ in words.pieces():
        pass
    book = DoubtBook(doc, words, evidence or Evidence(), dismissed)
    for _ in book.pieces():
        pass
    return book.doubts


def words_to_remember(doc: AnnotatedDocument, words: NameWords) -> Iterator[str]:
    """The folded strings whose memory matters for the doubts of a document; some more than once."""
    text = doc.document.text
    for span in doc.spans:
        if not span.decided:
            yield fold(surface_of(text, span))
    for start, end in words.runs:
        yield fold(text[start:end])


class DoubtBook:
    """Call `change` after each edit, then let `pieces` run. ``dismissed``: places that raise no doubt."""

    def __init__(
        self, doc: AnnotatedDocument, words: NameWords, evidence: Evidence, dismissed: Iterable[tuple[int, int]] = ()
    ) -> None:
        self._doc = doc
        self._dismissed = set(dismissed)
        self._labelled = LabelledWords(doc.document, words)
        self._places = Places(doc.document, words, evidence, self._labelled)
        self._found: dict[Key, Doubt] = {}
        self._order: list[Key] = []
        self._uncounted: Iterator[Span] | None = iter(doc.spans)
        self._changes: deque[tuple[SpanSet, SpanSet, Touched]] = deque()
        self._standing: deque[Standing] = deque()
        self._stretches: dict[tuple[int, int], None] = {}
        self._suggestions: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._order)

    @property
    def is_up_to_date(self) -> bool:
        """Whether `pieces` has nothing left to do."""
        is_waiting = self._changes or self._standing or self._suggestions or self._stretches
        return self._uncounted is None and not is_waiting

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """The doubts found so far, in order."""
        return tuple(self._found[key] for key in self._order)

    def change(self, doc: AnnotatedDocument, touched: Touched) -> None:
        """Take over the document after an edit; what has to be looked at again is found by `pieces`."""
        before, self._doc = self._doc, doc
        if self._uncounted is None:
            self._changes.append((before.spans, doc.spans, touched))
        else:
            self._labelled.clear()
            self._uncounted = iter(doc.spans)

    def dismiss(self, doubt: Doubt) -> None:
        """Do not raise the doubt again."""
        self._dismissed.add((doubt.start, doubt.end))
        self._look_again(doubt.start, doubt.end)

    def pieces(self) -> Iterator[None]:
        """Bring everything up to date, one small piece of work at a time. May be left and begun again at any time."""
        yield from self._count()
        while not self.is_up_to_date:
            if self._changes:
                self._take_in(*self._changes.popleft())
            elif self._standing:
                self._look_where_words_stand()
            elif self._suggestions:
                self._look_at_suggestions()
            else:
                self._look_at_stretch()
            yield

    def _count(self) -> Iterator[None]:
        """First of all, how every string is labelled."""
        while self._uncounted is not None:
            for _ in range(PIECE_SPANS):
                span = next(self._uncounted, None)
                if span is None:
                    self._uncounted = None
                    self._stretches = {(0, len(self._doc.document.text)): None}
                    break
                self._labelled.add(span)
            yield

    def _take_in(self, before: SpanSet, after: SpanSet, touched: Touched) -> None:
        """Note what an edit leads to looking at again."""
        for start, end in touched.ranges:
            self._look_again(start, end)
        for span_id in touched.span_ids:
            standing, suggestions = self._labelled.exchange(before.find(span_id), after.find(span_id))
            self._suggestions.update(dict.fromkeys(suggestions))
            self._standing.extend(standing)

    def _look_where_words_stand(self) -> None:
        """Where words are labelled they are not missed: most of these places need not be looked at."""
        spans = self._doc.spans
        for _ in range(min(len(self._standing), PIECE_SPANS)):
            start, end, layer = self._standing.popleft()
            if not any(span.layer == layer for span in spans.overlapping(start, end)):
                self._look_again(start, end)

    def _look_again(self, start: int, end: int) -> None:
        """Whether a place is doubted may depend on one that overlaps it, and that one on what has changed."""
        self._stretches[max(start - 2 * REACH, 0), end + REACH] = None

    def _look_at_suggestions(self) -> None:
        """Find the doubts about some suggestions anew."""
        for span_id in list(islice(self._suggestions, PIECE_SPANS)):
            del self._suggestions[span_id]
            span = self._doc.spans.find(span_id)
            if span is not None:
                self._take_out((span.start, span.end, span.id))
                if (doubt := self._places.find_of_span(span)) is not None:
                    self._put_in(doubt)

    def _look_at_stretch(self) -> None:
        """Find the doubts that begin in the next stretch, or in a part of it, anew."""
        start, end = next(iter(self._stretches))
        del self._stretches[start, end]
        if end - start > 2 * PIECE_CHARS:
            self._stretches[start + PIECE_CHARS, end] = None
            end = start + PIECE_CHARS
        first, last = bisect_left(self._order, (start, 0, "")), bisect_left(self._order, (end, 0, ""))
        for key in self._order[first:last]:
            self._take_out(key)
        for doubt in self._places.between(self._doc.spans, start, end):
            self._put_in(doubt)

    def _take_out(self, key: Key) -> None:
        if self._found.pop(key, None) is not None:
            del self._order[bisect_left(self._order, key)]

    def _put_in(self, doubt: Doubt) -> None:
        if (doubt.start, doubt.end) not in self._dismissed:
            self._found[doubt.key] = doubt
            insort(self._order, doubt.key)
