"""Spans and relations, and `SpanSet`: spans in document order with queries for overlap and nesting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.domain.text import NO_META, Json

DEFAULT_LAYER = "entities"


class Origin(StrEnum):
    """Who first drew the span. A later correction does not change it: it says where the span came from."""

    HUMAN = "human"
    PIPELINE = "pipeline"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled range of the text, ``[start, end)`` in code points.

    ``label`` is the label's id in the scheme (a rename changes the label's name, never its id). ``decided`` is
    false for a suggestion nobody has accepted, changed or rejected yet. ``score`` (0 to 1) and ``pipeline``
    ("name version") stay with a suggestion after it was decided.

    ``fragments`` is empty for a span in one piece; a discontinuous span has two or more there, sorted, not touching,
    the first beginning at ``start`` and the last ending at ``end``.
    """

    id: str
    start: int
    end: int
    label: str
    layer: str = DEFAULT_LAYER
    origin: Origin = Origin.HUMAN
    decided: bool = True
    score: float | None = None
    pipeline: str = ""
    attributes: Mapping[str, Json] = field(default_factory=lambda: NO_META, hash=False)
    note: str = ""
    fragments: tuple[tuple[int, int], ...] = ()

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """The pieces of text that the span covers, in order: its fragments, or ``[start, end)``."""
        return self.fragments or ((self.start, self.end),)

    def overlaps_part(self, start: int, end: int) -> bool:
        """Whether one of the parts shares at least one code point with ``[start, end)``."""
        return any(first < end and start < last for first, last in self.parts)

    @property
    def order(self) -> tuple[int, int, str]:
        """Sort key of document order: by start, the longer first, then by id."""
        return (self.start, -self.end, self.id)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether the span shares at least one code point with ``[start, end)``."""
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Relation:
    """A labelled arrow from the span ``head`` to the span ``child`` (span ids)."""

    id: str
    head: str
    child: str
    label: str
    attributes: Mapping[str, Json] = field(default_factory=lambda: NO_META, hash=False)


_BUCKET_SHIFT = 9  # 512 code points a bucket: about one screen line block, a handful of spans
_MANY, _REBUILD_SHARE = 64, 8  # many changes, of more than an eighth of the spans: the set is quicker built anew


class SpanSet:
    """An immutable set of spans in document order.

    Spans are kept in buckets of 512 code points, so that a change copies a few short tuples instead of
    50,000 entries, and an overlap query looks only at the buckets in its range.
    """

    __slots__ = ("_buckets", "_by_id", "undecided")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._by_id: dict[str, Span] = {span.id: span for span in spans}
        self._buckets: dict[int, tuple[Span, ...]] = {}
        self.undecided = sum(not span.decided for span in self._by_id.values())
        filling: dict[int, list[Span]] = {}
        for span in sorted(self._by_id.values(), key=lambda span: span.order):
            for bucket in _buckets_of(span):
                filling.setdefault(bucket, []).append(span)
        self._buckets = {bucket: tuple(spans) for bucket, spans in filling.items()}

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, span_id: object) -> bool:
        return span_id in self._by_id

    def __iter__(self) -> Iterator[Span]:
        for bucket in sorted(self._buckets):
            for span in self._buckets[bucket]:
                if span.start >> _BUCKET_SHIFT == bucket:
                    yield span

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SpanSet):
            return NotImplemented
        return self._by_id == other._by_id

    __hash__ = None  # type: ignore[assignment]  # compared by content

    def __repr__(self) -> str:
        return f"SpanSet({list(self)!r})"

    def find(self, span_id: str) -> Span | None:
        """The span with this id, or None."""
        return self._by_id.get(span_id)

    def overlapping(self, start: int, end: int) -> list[Span]:
        """Spans that share at least one code point with ``[start, end)``, in document order."""
        first, last = start >> _BUCKET_SHIFT, max(end - 1, start) >> _BUCKET_SHIFT
        found: list[Span] = []
        for bucket in range(first, last + 1):
            for span in self._buckets.get(bucket, ()):
                is_home = max(span.start >> _BUCKET_SHIFT, first) == bucket
                if is_home and span.start < end and start < span.end:
                    found.append(span)
        found.sort(key=lambda span: span.order)
        return found

    def at(self, char: int) -> list[Span]:
        """Spans over the code point ``char``, the shortest first."""
        return sorted(self.overlapping(char, char + 1), key=lambda span: (span.end - span.start, span.order))

    def find_next(self, after: tuple[int, int, str]) -> Span | None:
        """The first span after the sort key ``after`` (see `Span.order`), or None at the end."""
        for bucket in self._bucket_run(after[0] >> _BUCKET_SHIFT, step=1):
            for span in self._buckets[bucket]:
                if span.start >> _BUCKET_SHIFT == bucket and span.order > after:
                    return span
        return None

    def find_previous(self, before: tuple[int, int, str]) -> Span | None:
        """The last span before the sort key ``before``, or None at the beginning."""
        for bucket in self._bucket_run(before[0] >> _BUCKET_SHIFT, step=-1):
            for span in reversed(self._buckets[bucket]):
                if span.start >> _BUCKET_SHIFT == bucket and span.order < before:
                    return span
        return None

    def changed(self, put: Iterable[Span] = (), removed: Iterable[str] = ()) -> SpanSet:
        """A set in which ``put`` replaces or adds spans by id and the ids in ``removed`` are gone."""
        put, removed = list(put), list(removed)
        changes = len(put) + len(removed)
        if changes > _MANY and changes * _REBUILD_SHARE > len(self._by_id):
            return self._rebuilt(put, removed)
        new = SpanSet.__new__(SpanSet)
        new._by_id = dict(self._by_id)
        new._buckets = dict(self._buckets)
        new.undecided = self.undecided
        for span_id in removed:
            new._take_out(new._by_id.pop(span_id))
        for span in put:
            if (old := new._by_id.get(span.id)) is not None:
                new._take_out(old)
            new._by_id[span.id] = span
            new._put_in(span)
        return new

    def _rebuilt(self, put: Iterable[Span], removed: Iterable[str]) -> SpanSet:
        by_id = dict(self._by_id)
        for span_id in removed:
            del by_id[span_id]
        by_id.update((span.id, span) for span in put)
        return SpanSet(by_id.values())

    def _take_out(self, span: Span) -> None:
        self.undecided -= not span.decided
        for bucket in _buckets_of(span):
            left = tuple(other for other in self._buckets[bucket] if other.id != span.id)
            if left:
                self._buckets[bucket] = left
            else:
                del self._buckets[bucket]

    def _put_in(self, span: Span) -> None:
        self.undecided += not span.decided
        for bucket in _buckets_of(span):
            there = self._buckets.get(bucket, ())
            self._buckets[bucket] = tuple(sorted((*there, span), key=lambda span: span.order))

    def _bucket_run(self, start: int, *, step: int) -> Iterator[int]:
        if not self._buckets:
            return
        if step > 0:
            yield from (bucket for bucket in sorted(self._buckets) if bucket >= start)
        else:
            yield from (bucket for bucket in sorted(self._buckets, reverse=True) if bucket <= start)


def _buckets_of(span: Span) -> range:
    return range(span.start >> _BUCKET_SHIFT, (max(span.end - 1, span.start) >> _BUCKET_SHIFT) + 1)
