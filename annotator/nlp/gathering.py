"""From spaCy's docs of the pieces of a text to its tokens and suggested spans. Does not import spaCy."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from annotator.domain.offsets import trim
from annotator.domain.text import Tokens
from annotator.nlp.messages import Suggested, SuggestedSpan, TextToRead
from annotator.nlp.weighing import Key, Weighed


class ReadToken(Protocol):
    """The part of spaCy's ``Token`` that is used here."""

    idx: int
    is_space: bool
    is_sent_start: bool | None

    def __len__(self) -> int: ...


class ReadSpan(Protocol):
    """The part of spaCy's ``Span`` that is used here."""

    start: int
    end: int
    start_char: int
    end_char: int
    label_: str


class ReadGroup(Protocol):
    """The part of spaCy's ``SpanGroup`` that is used here."""

    @property
    def attrs(self) -> Mapping[str, Iterable[float]]:
        """What components say of the spans: ``scores``, one for each."""

    def __iter__(self) -> Iterator[ReadSpan]: ...


class ReadDoc(Protocol):
    """The part of spaCy's ``Doc`` that is used here."""

    ents: Iterable[ReadSpan]

    @property
    def spans(self) -> Mapping[str, ReadGroup]:
        """Span groups by key."""

    def __iter__(self) -> Iterator[ReadToken]: ...

    def __getitem__(self, place: int) -> ReadToken:
        """The token at a place."""


class Gathering:
    """What is known of one text so far; its pieces are added in order, and each doc can go at once."""

    def __init__(self, one: TextToRead) -> None:
        self._one = one
        self._starts, self._ends, self._sentence_starts = array("I"), array("I"), array("I")
        self._scores: dict[tuple[int, int, str], float | None] = {}
        self._alternatives: dict[tuple[int, int, str], float] = {}
        self._words = 0
        self._is_sentence_due = False

    def add(self, offset: int, doc: ReadDoc, weighed: Weighed) -> None:
        """Take in the doc of the piece that begins at code point ``offset``."""
        for token in doc:
            self._add_token(offset, token)
        for start, end, label, score in _labelled(doc, weighed.chosen):
            place = trim(self._one.text, offset + start, offset + end)
            if label and place[0] < place[1]:
                self._scores.setdefault((*place, label), score)
        for (first, last, label), share in weighed.alternatives.items():
            start, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
            place = trim(self._one.text, offset + start, offset + end)
            if place[0] < place[1]:
                self._alternatives[(*place, label)] = max(share, self._alternatives.get((*place, label), 0.0))

    def suggested(self) -> Suggested:
        """All of it: spans in document order, each once."""
        tokens = Tokens(self._starts, self._ends, self._sentence_starts)
        others = {key: share for key, share in self._alternatives.items() if key not in self._scores}
        return Suggested(self._one.key, tokens, _in_order(self._scores), self._words, _in_order(others))

    def _add_token(self, offset: int, token: ReadToken) -> None:
        """A sentence that spaCy lets begin with white space begins with the word after it."""
        self._is_sentence_due |= bool(token.is_sent_start)
        if not token.is_space:
            self._words += 1
            if self._is_sentence_due:
                self._sentence_starts.append(len(self._starts))
                self._is_sentence_due = False
        self._starts.append(offset + token.idx)
        self._ends.append(offset + token.idx + len(token))


def _labelled(doc: ReadDoc, scores: Mapping[Key, float]) -> Iterator[tuple[int, int, str, float | None]]:
    """Start, end, label and score of entities, then of grouped spans."""
    for entity in doc.ents:
        yield entity.start_char, entity.end_char, entity.label_, scores.get((entity.start, entity.end, entity.label_))
    for group in doc.spans.values():
        shares = list(group.attrs.get("scores", ()))
        for number, span in enumerate(group):
            score = float(shares[number]) if number < len(shares) else None
            yield span.start_char, span.end_char, span.label_, score


def _in_order(scores: Mapping[tuple[int, int, str], float | None]) -> tuple[SuggestedSpan, ...]:
    in_order = sorted(scores, key=lambda span: (span[0], -span[1], span[2]))
    return tuple(SuggestedSpan(*span, _as_score(scores[span])) for span in in_order)


def _as_score(share: float | None) -> float | None:
    return None if share is None else round(min(max(share, 0.0), 1.0), 6)
