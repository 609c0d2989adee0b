"""Finds places in the whole corpus, as one annotator sees it: their own sets, else the newest suggestions.

Which documents may hold a hit is asked of the indexes; those are read in order, in growing portions, so that the first
page is there before the last document was read. Matching words in a text is not done here but by a `Find`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, func, not_, or_, select, true

from annotator.domain.finding import Range, is_unspaced
from annotator.domain.folding import fold
from annotator.domain.hits import CONTEXT_CHARS, Hit
from annotator.domain.queries import (
    DECIDED,
    LABELLED,
    SUGGESTION,
    UNLABELLED,
    Condition,
    Field,
    OneOf,
    Query,
    ScoreRange,
    TextTerm,
    Words,
)
from annotator.store import sqlite_search
from annotator.store.tables import annotation_set, annotator, document, span

Find: TypeAlias = Callable[[TextTerm, Sequence[str]], list[list[Range]]]
"""Finds the places of a term in each of some texts."""

FIRST_DOCUMENTS, MOST_DOCUMENTS = 8, 256
HEAD_DOCUMENTS = 168
"""So many documents are read before it is asked at length which of the others are worth reading."""
SELDOM = 40
"""Fewer hits than this in those, and it is asked: it takes as long as reading a few hundred documents."""
FREQUENT = 20_000
"""A label of more spans than this tells too little about where to look."""

_SLOW = frozenset({Field.NOTE, Field.ORIGIN})
_OF_DOCUMENTS = frozenset({Field.STATUS})


@dataclass(frozen=True, slots=True)
class Found:
    """One portion of a search: its hits in order, and how many of how many documents were looked through."""

    hits: tuple[Hit, ...]
    done: int
    total: int


def find_hits(connection: Connection, annotator_id: int, query: Query, find: Find) -> Iterator[Found]:
    """The hits of a bound query (see `query_reading.bind`) in document order, portion by portion."""
    return _Search(connection, annotator_id, query, find).run()


def hits_again(connection: Connection, annotator_id: int, hits: Sequence[Hit], *, since: str) -> list[Hit]:
    """The same hits as they are now; only sets written at ``since`` (ISO 8601, UTC) or later are read.

    A hit whose span is not there any more is gone; words get the span that now lies on them.
    """
    keys = sorted({hit.key for hit in hits})
    changed: set[int] = set()
    for first in range(0, len(keys), MOST_DOCUMENTS):
        statement = select(annotation_set.c.document_id).where(
            annotation_set.c.document_id.in_(keys[first : first + MOST_DOCUMENTS]),
            annotation_set.c.annotator_id == annotator_id,
            annotation_set.c.updated_at >= since,
        )
        changed |= set(connection.execute(statement).scalars())
    seeing = _Seeing(connection, annotator_id)
    renewed: dict[int, _Page] = {}
    for first in range(0, len(ordered := sorted(changed)), MOST_DOCUMENTS):
        page = seeing.page(ordered[first : first + MOST_DOCUMENTS])
        renewed |= dict.fromkeys(page.documents, page)
    return [renewed[hit.key].again(hit) if hit.key in renewed else hit for hit in hits]


class _Search:
    """One search."""

    def __init__(self, connection: Connection, annotator_id: int, query: Query, find: Find) -> None:
        self._connection = connection
        self._query = query
        self._find = find
        self._seeing = _Seeing(connection, annotator_id, _people(connection, query))
        self._wanted = [_on_span(one, annotator_id) for one in query.conditions if not _is_of_document(one)]
        self._excluded = [_on_span(one, annotator_id) for one in query.excluded if not _is_of_document(one)]
        self._annotator_id = annotator_id

    def run(self) -> Iterator[Found]:
        keys = self._candidates()
        head, rest = keys[:HEAD_DOCUMENTS], keys[HEAD_DOCUMENTS:]
        found = 0
        for hits, done in self._portions(head, FIRST_DOCUMENTS):
            found += len(hits)
            yield Found(hits, done, len(keys))
        if found < SELDOM:
            rest = self._worth_reading(rest)
        for hits, done in self._portions(rest, MOST_DOCUMENTS):
            yield Found(hits, len(head) + done, len(head) + len(rest))

    def _portions(self, keys: Sequence[int], size: int) -> Iterator[tuple[tuple[Hit, ...], int]]:
        done = 0
        while done < len(keys):
            portion = keys[done : done + size]
            done += len(portion)
            yield tuple(self._hits(portion)), done
            size = min(size * 2, MOST_DOCUMENTS)

    def _candidates(self) -> list[int]:
        """Keys, in order, of the documents that may have hits."""
        statement = select(document.c.id).order_by(document.c.position)
        for term in self._query.texts:
            if isinstance(term, Words) and (may_hold := _find_in_index(term)) is not None:
                statement = statement.where(may_hold)
        own = annotation_set.alias("own")
        statement = statement.outerjoin(own, _is_set_of(own, self._annotator_id))
        for condition in self._query.conditions:
            statement = self._narrowed(statement, condition, own)
        for condition in self._query.excluded:
            if _is_of_document(condition):
                statement = statement.where(not_(_of_document(condition, own)))
        if self._query.is_among_decided:
            statement = statement.where(own.c.span_count > own.c.undecided_count)
        return list(self._connection.execute(statement).scalars())

    def _narrowed(self, statement: Select[int], condition: Condition, own: Any) -> Select[int]:
        if _is_of_document(condition):
            return statement.where(_of_document(condition, own))
        if not isinstance(condition, OneOf) or self._query.wants_unlabelled:
            return statement
        if condition.field in (Field.TEXT, Field.FOLDED) or self._is_seldom(condition):
            holding = select(span.c.document_id).where(_on_span(condition, self._annotator_id, may_use_index=True))
            return statement.where(document.c.id.in_(holding))
        if condition == OneOf(Field.IS, (SUGGESTION,)) and not self._seeing.people:
            return statement.where(func.coalesce(own.c.undecided_count, 1) > 0)
        if condition == OneOf(Field.IS, (DECIDED,)) and not self._seeing.people:
            return statement.where(own.c.span_count > own.c.undecided_count)
        return statement

    def _is_seldom(self, condition: OneOf) -> bool:
        if condition.field is not Field.LABEL:
            return False
        some = select(span.c.label_id).where(span.c.label_id.in_(condition.values)).limit(FREQUENT + 1).subquery()
        return self._connection.execute(select(func.count()).select_from(some)).scalar_one() <= FREQUENT

    def _worth_reading(self, keys: list[int]) -> list[int]:
        """Those with a span that meets what no index knows, by one pass over all spans."""
        slow = [
            _on_span(one, self._annotator_id)
            for one in self._query.conditions
            if isinstance(one, ScoreRange) or one.field in _SLOW
        ]
        if not keys or not slow or self._query.texts:
            return keys
        worth = set(self._connection.execute(select(span.c.document_id).distinct().where(*slow)).scalars())
        return [key for key in keys if key in worth]

    def _hits(self, keys: Sequence[int]) -> Iterator[Hit]:
        if not self._query.texts and not self._query.absent:
            page = self._seeing.page(keys, self._span_conditions(), needs_every_text=False)
            for key in keys:
                for row in page.spans_of(key):
                    yield page.hit(key, row.start_char, row.end_char, row)
            return
        yield from self._text_hits(keys)

    def _span_conditions(self) -> list[ColumnElement[bool]]:
        return [*self._wanted, *(not_(one) for one in self._excluded)]

    def _text_hits(self, keys: Sequence[int]) -> Iterator[Hit]:
        texts = self._seeing.texts(keys)
        places = self._places(texts)
        found = [key for key in keys if key in places]
        if not found:
            return
        query = self._query
        if not query.texts:
            page = self._seeing.page(found, self._span_conditions())
            yield from (page.hit(key, row.start_char, row.end_char, row) for key in found for row in page.spans_of(key))
        elif query.wants_unlabelled:
            layers = [_on_span(one, self._annotator_id) for one in query.conditions if _is_of_layer(one)]
            yield from _free(self._seeing.page(found, layers), found, places)
        elif self._wanted:
            yield from _labelled(self._seeing.page(found, self._span_conditions()), found, places)
        elif self._excluded:
            page = self._seeing.page(found)
            kept = _off_spans(self._seeing.page(found, [or_(*self._excluded)]), found, places)
            yield from _as_they_are(page, found, kept)
        else:
            yield from _as_they_are(self._seeing.page(found), found, places)

    def _places(self, texts: dict[int, str]) -> dict[int, list[Range]]:
        """The places of all terms by document, in order; documents without one of the terms are left out."""
        places: dict[int, list[Range]] = {key: [] for key in texts}
        for term, is_wanted in (*((t, True) for t in self._query.texts), *((t, False) for t in self._query.absent)):
            keys = list(places)
            for key, ranges in zip(keys, self._find(term, [texts[key] for key in keys]), strict=True):
                if bool(ranges) is not is_wanted:
                    del places[key]
                else:
                    places[key] += ranges
        return {key: sorted(set(ranges)) for key, ranges in places.items()}


def _as_they_are(page: _Page, keys: Iterable[int], places: dict[int, list[Range]]) -> Iterator[Hit]:
    """Every place, with the span exactly there or the label of one that overlaps it."""
    for key in keys:
        overlaps = _Overlaps(page.spans_of(key))
        for start, end in places.get(key, ()):
            yield page.hit_on_text(key, start, end, overlaps)


def _off_spans(page: _Page, keys: Iterable[int], places: dict[int, list[Range]]) -> dict[int, list[Range]]:
    """The places on which none of the page's spans lies."""
    kept: dict[int, list[Range]] = {}
    for key in keys:
        overlaps = _Overlaps(page.spans_of(key))
        kept[key] = [place for place in places[key] if not overlaps.of(*place)]
    return kept


def _free(page: _Page, keys: Sequence[int], places: dict[int, list[Range]]) -> Iterator[Hit]:
    for key, ranges in _off_spans(page, keys, places).items():
        for start, end in ranges:
            yield page.hit_on_text(key, start, end, _Overlaps(()))


def _labelled(page: _Page, keys: Iterable[int], places: dict[int, list[Range]]) -> Iterator[Hit]:
    """The page's spans that lie on a place, each once."""
    for key in keys:
        overlaps = _Overlaps(page.spans_of(key))
        rows = {row.span_id: row for place in places[key] for row in overlaps.of(*place)}
        for row in sorted(rows.values(), key=_order):
            yield page.hit(key, row.start_char, row.end_char, row)


class _Overlaps:
    """Which of one document's spans share characters with a range."""

    def __init__(self, rows: Sequence[Row[Any]]) -> None:
        self._rows = rows
        self._starts = [row.start_char for row in rows]
        self._reach: list[int] = []  # the furthest end so far, by which a search can begin late
        furthest = 0
        for row in rows:
            furthest = max(furthest, row.end_char)
            self._reach.append(furthest)

    def of(self, start: int, end: int) -> list[Row[Any]]:
        first = bisect_right(self._reach, start)
        last = bisect_left(self._starts, end)
        return [row for row in self._rows[first:last] if row.end_char > start]


class _Seeing:
    """Reads documents with the spans that the annotator sees on them.

    ``people``: rows of annotators whose sets are read instead, where that was allowed.
    """

    def __init__(self, connection: Connection, annotator_id: int, people: Sequence[int] = ()) -> None:
        self._connection = connection
        self._annotator_id = annotator_id
        self.people = [one for one in people if one != annotator_id]
        self._names = {row.id: row.name for row in connection.execute(select(annotator.c.id, annotator.c.name))}

    def texts(self, keys: Sequence[int]) -> dict[int, str]:
        found = self._connection.execute(select(document.c.id, document.c.text).where(document.c.id.in_(keys)))
        return {row.id: row.text for row in found}

    def page(
        self,
        keys: Sequence[int],
        conditions: Sequence[ColumnElement[bool]] = (),
        *,
        needs_every_text: bool = True,
    ) -> _Page:
        """Documents with the spans that meet ``conditions``; ``needs_every_text``: also where there are none."""
        rows: dict[int, list[Row[Any]]] = {}
        for annotator_id, seen in self._whose(keys).items():
            for row in self._connection.execute(_spans(annotator_id, seen, conditions)):
                rows.setdefault(row.document_id, []).append(row)
        for of_document in rows.values():
            of_document.sort(key=_order)
        held = keys if needs_every_text else list(rows)
        statement = select(document.c.id, document.c.external_id, document.c.display_title, document.c.text)
        documents: dict[int, Any] = {
            row.id: row for row in self._connection.execute(statement.where(document.c.id.in_(held)))
        }
        return _Page(documents, rows, self._names, self._annotator_id)

    def _whose(self, keys: Sequence[int]) -> dict[int, list[int]]:
        """Keys by the annotator whose sets are seen there."""
        own = annotation_set.alias("own")
        statement = (
            select(document.c.id, func.coalesce(own.c.annotator_id, document.c.suggested_by))
            .outerjoin(own, _is_set_of(own, self._annotator_id))
            .where(document.c.id.in_(keys))
        )
        seen: dict[int, list[int]] = {one: list(keys) for one in self.people}
        for key, annotator_id in self._connection.execute(statement):
            if annotator_id is not None:
                seen.setdefault(annotator_id, []).append(key)
        return seen


class _Page:
    """Some documents and spans on them, as rows."""

    def __init__(
        self, documents: dict[int, Row[Any]], rows: dict[int, list[Row[Any]]], names: dict[int, str], own: int
    ) -> None:
        self.documents = documents
        self._rows = rows
        self._names = names
        self._own = own

    def spans_of(self, key: int) -> Sequence[Row[Any]]:
        return self._rows.get(key, ())

    def hit(self, key: int, start: int, end: int, row: Row[Any] | None, *, is_words: bool = False) -> Hit:
        held = self.documents[key]
        text = held.text
        left, right = text[max(start - CONTEXT_CHARS, 0) : start], text[end : end + CONTEXT_CHARS]
        place = (key, held.external_id, held.display_title, start, end, left, text[start:end], right)
        if row is None:
            return Hit(*place, is_words=is_words)
        return Hit(
            *place,
            span_id=row.span_id,
            label_id=row.label_id,
            layer=row.layer,
            annotator=self._names.get(row.annotator_id, ""),
            origin=row.origin,
            is_decided=row.is_decided and row.annotator_id == self._own,
            score=row.score,
            note=row.note,
            fragments=len(row.fragments or ()),
            is_words=is_words,
        )

    def hit_on_text(self, key: int, start: int, end: int, overlaps: _Overlaps) -> Hit:
        around = overlaps.of(start, end)
        exact = next((row for row in around if (row.start_char, row.end_char) == (start, end)), None)
        hit = self.hit(key, start, end, exact, is_words=True)
        if exact is not None or not around:
            return hit
        smallest = min(around, key=lambda row: (row.end_char - row.start_char, row.start_char))
        return replace(hit, inside=smallest.label_id, layer=smallest.layer)

    def again(self, hit: Hit) -> Hit:
        """The hit as it is now."""
        row = next((row for row in self.spans_of(hit.key) if hit.span_id and row.span_id == hit.span_id), None)
        if row is not None:
            return self.hit(hit.key, row.start_char, row.end_char, row)
        words = self.hit_on_text(hit.key, hit.start, hit.end, _Overlaps(self.spans_of(hit.key)))
        if words.span_id or hit.is_words:
            return replace(words, is_words=hit.is_words)
        return replace(hit, is_gone=True)


def _spans(annotator_id: int, keys: Sequence[int], conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return select(
        span.c.document_id, span.c.annotator_id, span.c.span_id, span.c.start_char, span.c.end_char, span.c.label_id,
        span.c.layer, span.c.origin, span.c.is_decided, span.c.score, span.c.note, span.c.fragments,
    ).where(span.c.document_id.in_(keys), span.c.annotator_id == annotator_id, *conditions)  # fmt: skip


def _order(row: Row[Any]) -> tuple[int, int, str]:
    return (row.start_char, -row.end_char, row.span_id)


def _is_set_of(own: Any, annotator_id: int) -> ColumnElement[bool]:
    return and_(own.c.document_id == document.c.id, own.c.annotator_id == annotator_id)


def _people(connection: Connection, query: Query) -> list[int]:
    """The human annotators that a query asks for by name."""
    names = query.values_of(Field.BY)
    if not names:
        return []
    asked = select(annotator.c.id).where(annotator.c.name.in_(names), annotator.c.kind == "human")
    return list(connection.execute(asked).scalars())


def _is_of_document(condition: Condition) -> bool:
    return isinstance(condition, OneOf) and condition.field in _OF_DOCUMENTS


def _is_of_layer(condition: Condition) -> bool:
    return isinstance(condition, OneOf) and condition.field is Field.LAYER


def _of_document(condition: Condition, own: Any) -> ColumnElement[bool]:
    assert isinstance(condition, OneOf)
    return func.coalesce(own.c.status, "new").in_(condition.values)


def _on_span(condition: Condition, annotator_id: int, *, may_use_index: bool = False) -> ColumnElement[bool]:
    """What a span must be to meet a condition. Never NULL, so that it can be turned round."""
    if isinstance(condition, ScoreRange):
        return func.coalesce(_in_range(condition), false())
    column = _COLUMNS.get(condition.field)
    if column is not None:
        values = [fold(one) for one in condition.values] if condition.field is Field.FOLDED else condition.values
        return (column if may_use_index else sqlite_search.unindexed(column)).in_(values)
    match condition.field:
        case Field.NOTE:
            return and_(
                span.c.note != "", or_(*(span.c.note.icontains(one, autoescape=True) for one in condition.values))
            )
        case Field.BY:
            return span.c.annotator_id.in_(select(annotator.c.id).where(annotator.c.name.in_(condition.values)))
        case _:
            return or_(*(_in_state(one, annotator_id) for one in condition.values))


_COLUMNS: dict[Field, ColumnElement[str]] = {
    Field.LABEL: span.c.label_id,
    Field.LAYER: span.c.layer,
    Field.TEXT: span.c.surface,
    Field.FOLDED: span.c.folded,
    Field.ORIGIN: span.c.origin,
}


def _in_state(state: str, annotator_id: int) -> ColumnElement[bool]:
    is_decided = and_(span.c.is_decided, sqlite_search.unindexed(span.c.annotator_id) == annotator_id)
    match state:
        case _ if state == SUGGESTION:
            return not_(is_decided)
        case _ if state == DECIDED:
            return is_decided
        case _:
            assert state in (LABELLED, UNLABELLED)
            return true() if state == LABELLED else false()


def _in_range(wanted: ScoreRange) -> ColumnElement[bool]:
    score = span.c.score
    above = score >= wanted.low if wanted.includes_low else score > wanted.low
    below = score <= wanted.high if wanted.includes_high else score < wanted.high
    return and_(above, below)


def _find_in_index(term: Words) -> ColumnElement[bool] | None:
    """The documents that may hold the words, after the index of words; None when it cannot say.

    It takes a run of Chinese or Thai for one word, and knows no signs.
    """
    kept = "".join(" " if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in term.words)
    words = [word for word in kept.split() if any(map(str.isalnum, word))]
    known = [word for word in words if not is_unspaced(word)]
    if not known:
        return None
    if len(known) < len(words):
        return sqlite_search.matches(" ".join(known))
    return sqlite_search.matches_in_a_row(known, is_whole=term.is_whole)
