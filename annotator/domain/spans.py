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
_PART_SPANS = 512
_MANY, _REBUILD_SHARE = 64, 8  # many changes, of more than an eighth of the spans: the set is quicker built anew


class _ById:
    """Spans by id, in small dictionaries: a changed copy of 50,000 spans copies the few of one of them.

    Measured: copying one dictionary of 50,000 and freeing the old one took 3 of the 8 ms from key to painted.
    """

    __slots__ = ("_parts", "count")

    def __init__(self, spans: Iterable[Span]) -> None:
        held = {span.id: span for span in spans}
        self.count = len(held)
        parts = 1 << (self.count // _PART_SPANS).bit_length() if self.count >= _PART_SPANS else 1
        self._parts: list[dict[str, Span]] = [{} for _ in range(parts)] if parts > 1 else [held]
        if parts > 1:
            for span_id, span in held.items():
                self._parts[hash(span_id) & (parts - 1)][span_id] = span

    def find(self, span_id: str) -> Span | None:
        """The span with this id, or None."""
        return self._parts[hash(span_id) & (len(self._parts) - 1)].get(span_id)

    def values(self) -> Iterator[Span]:
        """All spans, in no order that means anything."""
        for part in self._parts:
            yield from part.values()

    def changed(self, put: Iterable[Span], removed: Iterable[str]) -> _ById:
        """A copy without the ids in ``removed`` and with ``put``; the ids must be there. Raises `KeyError`."""
        new = _ById.__new__(_ById)
        new._parts = list(self._parts)
        copied: set[int] = set()
        for span_id in removed:
            del new._part_to_change(span_id, copied)[span_id]
        for span in put:
            new._part_to_change(span.id, copied)[span.id] = span
        new.count = self.count + sum(len(new._parts[at]) - len(self._parts[at]) for at in copied)
        has_outgrown = new.count > 4 * _PART_SPANS * len(new._parts)
        return _ById(new.values()) if has_outgrown else new

    def _part_to_change(self, span_id: str, copied: set[int]) -> dict[str, Span]:
        at = hash(span_id) & (len(self._parts) - 1)
        if at not in copied:
            copied.add(at)
            self._parts[at] = dict(self._parts[at])
        return self._parts[at]


class SpanSet:
    """An immutable set of spans in document order.

    Spans are kept in buckets of 512 code points, so that a change copies a few short tuples instead of
    50,000 entries, and an overlap query looks only at the buckets in its range.
    """

    __slots__ = ("_buckets", "_by_id", "undecided")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._by_id = _ById(spans)
        self._buckets: dict[int, tuple[Span, ...]] = {}
        self.undecided = sum(not span.decided for span in self._by_id.values())
        filling: dict[int, list[Span]] = {}
        for span in sorted(self._by_id.values(), key=lambda span: span.order):
            for bucket in _buckets_of(span):
                filling.setdefault(bucket, []).append(span)
        self._buckets = {bucket: tuple(spans) for bucket, spans in filling.items()}

    def __len__(self) -> int:
        return self._by_id.count

    def __contains__(self, span_id: object) -> bool:
        return isinstance(span_id, str) and self._by_id.find(span_id) is not None

    def __iter__(self) -> Iterator[Span]:
        for bucket in sorted(self._buckets):
            for span in self._buckets[bucket]:
                if span.start >> _BUCKET_SHIFT == bucket:
                    yield span

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SpanSet):
            return NotImplemented
        return len(self) == len(other) and all(other.find(span.id) == span for span in self._by_id.values())

    __hash__ = None  # type: ignore[assignment]  # compared by content

    def __repr__(self) -> str:
        return f"SpanSet({list(self)!r})"

    def find(self, span_id: str) -> Span | None:
        """The span with this id, or None."""
        return self._by_id.find(span_id)

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
        if changes > _MANY and changes * _REBUILD_SHARE > len(self):
            return self._rebuilt(put, removed)
        new = SpanSet.__new__(SpanSet)
        new._by_id = self._by_id.changed(put, removed)
        new._buckets = dict(self._buckets)
        new.undecided = self.undecided
        gone = {span_id: self._by_id.find(span_id) for span_id in (*removed, *(span.id for span in put))}
        for old in filter(None, gone.values()):
            new._take_out(old)
        for span in {span.id: span for span in put}.values():
            new._put_in(span)
        return new

    def differences(self, before: SpanSet) -> tuple[list[Span], list[Span]]:
        """(spans of ``before`` that are gone or changed, spans that are new or changed since).

        Quick when this set came from ``before`` by `changed`: what they share is not looked at.
        """
        old: dict[str, Span] = {}
        new: dict[str, Span] = {}
        for bucket in self._buckets.keys() | before._buckets.keys():
            here, there = self._buckets.get(bucket, ()), before._buckets.get(bucket, ())
            if here is not there:
                old.update((span.id, span) for span in there)
                new.update((span.id, span) for span in here)
        return (
            [span for span_id, span in old.items() if new.get(span_id) != span],
            [span for span_id, span in new.items() if old.get(span_id) != span],
        )

    def _rebuilt(self, put: Iterable[Span], removed: Iterable[str]) -> SpanSet:
        by_id = {span.id: span for span in self._by_id.values()}
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
