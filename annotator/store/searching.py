"""Finds places in the whole corpus, as one annotator sees it: their own sets, else the newest suggestions.

Which documents may hold a hit is asked of the indexes; those are read in order, in growing portions, so that the first
page is there before the last document was read. Matching words in a text is not done here but by a `Find`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, or_, select, union

from annotator.domain.finding import Range, is_unspaced
from annotator.domain.folding import APOSTROPHES
from annotator.domain.hits import Hit
from annotator.domain.queries import (
    DECIDED,
    SUGGESTION,
    Condition,
    Field,
    OneOf,
    Query,
    ScoreRange,
    TextTerm,
    Words,
)
from annotator.store import sqlite_search
from annotator.store.seeing import Overlaps, Page, Rows, Seeing, in_order
from annotator.store.span_conditions import is_of_document, named, on_set, on_span, on_status
from annotator.store.tables import annotation_set, annotator, document, span

Find: TypeAlias = Callable[[TextTerm, Sequence[str]], list[list[Range]]]
"""Finds the places of a term in each of some texts."""

Places: TypeAlias = Mapping[int, Sequence[Range]]
"""Places by the key of their document, in the order of documents and texts."""

FIRST_DOCUMENTS, MOST_DOCUMENTS = 8, 256
PAGE, MOST_BEFORE_PAGE = 50, 128
"""Until so many hits are there for the person to see, no portion is larger than so many documents."""
BEGUN_DOCUMENTS = 56
"""So many documents are read for words before the index is asked: where words are frequent it takes long to answer."""
HEAD_DOCUMENTS = 56
"""So many documents are read before it is asked at length which of the others are worth reading."""
ROWS_AT_ONCE = 500
SELDOM = 5
"""Fewer hits than this in those, and it is asked: it takes as long as reading several hundred documents."""
MANY_DOCUMENTS = 600
"""Fewer left than this are simply read."""
FREQUENT = {Field.LABEL: 20_000, Field.SCORE: 4_000}
"""A condition that more spans meet tells too little about where to look."""

_PARTING_OR_LETTER = ("'", *filter(str.isalpha, APOSTROPHES))
_OWN = annotation_set.alias("own")
_ON_SETS = frozenset({Field.NOTE, Field.BY, Field.STATUS})
"""What a note on a document can meet; a query that asks for anything else is about spans."""
_TURNED: dict[tuple[str, ...], tuple[str, ...]] = {(SUGGESTION,): (DECIDED,), (DECIDED,): (SUGGESTION,)}


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

    A hit whose span or note is not there any more is gone; words get the span that now lies on them.
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
    seeing = Seeing(connection, annotator_id)
    renewed: dict[int, Page] = {}
    for first in range(0, len(ordered := sorted(changed)), MOST_DOCUMENTS):
        portion = ordered[first : first + MOST_DOCUMENTS]
        noted = seeing.notes(portion, [annotation_set.c.note != ""])
        renewed |= dict.fromkeys(portion, seeing.page(portion, notes=noted, needs_every_document=True))
    return [renewed[hit.key].again(hit) if hit.key in renewed else hit for hit in hits]


class _Search:
    """One search."""

    def __init__(self, connection: Connection, annotator_id: int, query: Query, find: Find) -> None:
        self._connection = connection
        self._annotator_id = annotator_id
        self._query = query
        self._find = find
        self._seeing = Seeing(connection, annotator_id, _people(connection, query))
        self._wanted = [on_span(one, annotator_id) for one in query.conditions if not is_of_document(one)]
        self._excluded = [on_span(one, annotator_id) for one in query.excluded if not is_of_document(one)]
        self._on_notes = _on_notes(query)
        self._portion = FIRST_DOCUMENTS
        self._found = 0

    def run(self) -> Iterator[Found]:
        begun = self._beginning()
        total = self._count_documents() if begun else 0
        for hits, done in self._portions(begun):
            yield Found(hits, done, total)
        keys = self._candidates(set(begun))
        head, rest = keys[:HEAD_DOCUMENTS], keys[HEAD_DOCUMENTS:]
        found, before = 0, len(begun)
        for hits, done in self._portions(head):
            found += len(hits)
            yield Found(hits, before + done, before + len(keys))
        if found < SELDOM and len(rest) > MANY_DOCUMENTS:
            rest = self._worth_reading(rest)
        before += len(head)
        for hits, done in self._portions(rest):
            yield Found(hits, before + done, before + len(rest))

    def _portions(self, keys: Sequence[int]) -> Iterator[tuple[tuple[Hit, ...], int]]:
        """The hits in documents, and how many of those were read; each portion is twice as large as the last one."""
        done = 0
        while done < len(keys):
            portion = keys[done : done + self._portion]
            done += len(portion)
            hits = tuple(self._hits(portion))
            self._found += len(hits)
            yield hits, done
            self._portion = min(self._portion * 2, MOST_DOCUMENTS if self._found >= PAGE else MOST_BEFORE_PAGE)

    def _beginning(self) -> list[int]:
        """Keys, in order, of the first documents, where words are looked for."""
        if not any(isinstance(term, Words) for term in self._query.texts):
            return []
        return list(self._connection.execute(self._asked_for().limit(BEGUN_DOCUMENTS)).scalars())

    def _count_documents(self) -> int:
        return self._connection.execute(select(func.count()).select_from(document)).scalar_one()

    def _candidates(self, but: set[int]) -> list[int]:
        """Keys, in order, of the documents that may have hits."""
        statement = self._asked_for()
        for term in self._query.texts:
            if isinstance(term, Words) and (may_hold := _find_in_index(term)) is not None:
                statement = statement.where(may_hold)
        for condition in self._query.conditions:
            if (narrowed := self._narrowing(condition)) is not None:
                statement = statement.where(narrowed)
        for condition in self._query.excluded:
            turned = _TURNED.get(condition.values) if isinstance(condition, OneOf) else None
            if turned and not self._query.texts and (narrowed := self._by_state(OneOf(Field.IS, turned))) is not None:
                statement = statement.where(narrowed)
        # Not all rows at once: ten thousand of them alive would let Python look for garbage in the whole program.
        portions = self._connection.execute(statement).scalars().partitions(ROWS_AT_ONCE)
        return [key for portion in portions for key in portion if key not in but]

    def _asked_for(self) -> Select[int]:
        """Keys, in order, of the documents that the query is about, whatever spans and words they have."""
        statement = select(document.c.id).order_by(document.c.position)
        statement = statement.outerjoin(_OWN, _is_own_set(self._annotator_id))
        for condition in filter(is_of_document, self._query.conditions):
            statement = statement.where(on_status(condition, _OWN.c.status))
        for condition in filter(is_of_document, self._query.excluded):
            statement = statement.where(not_(on_status(condition, _OWN.c.status)))
        if self._query.is_among_decided:
            statement = statement.where(_OWN.c.span_count > _OWN.c.undecided_count)
        return statement

    def _narrowing(self, condition: Condition) -> ColumnElement[bool] | None:
        """In which documents a span can meet the condition; None when that is not quickly told."""
        if is_of_document(condition) or self._query.wants_unlabelled:
            return None
        field = Field.SCORE if isinstance(condition, ScoreRange) else condition.field
        if field in (Field.TEXT, Field.FOLDED, Field.NOTE) or (field in FREQUENT and self._is_seldom(condition, field)):
            holding = select(span.c.document_id).where(on_span(condition, self._annotator_id, may_use_index=True))
            if self._on_notes is not None:
                noted = select(annotation_set.c.document_id).where(self._seeing.is_own_note(), *self._on_notes)
                return document.c.id.in_(union(holding, noted))
            return document.c.id.in_(holding)
        return self._by_state(condition) if isinstance(condition, OneOf) else None

    def _by_state(self, condition: OneOf) -> ColumnElement[bool] | None:
        """The same, after who is seen and what is decided."""
        if self._seeing.people:
            return None
        if condition.field is Field.BY:
            return func.coalesce(_OWN.c.annotator_id, document.c.suggested_by).in_(named(condition))
        if condition == OneOf(Field.IS, (SUGGESTION,)):
            return func.coalesce(_OWN.c.undecided_count, 1) > 0
        if condition == OneOf(Field.IS, (DECIDED,)):
            return _OWN.c.span_count > _OWN.c.undecided_count
        return None

    def _is_seldom(self, condition: Condition, field: Field) -> bool:
        meeting = on_span(condition, self._annotator_id, may_use_index=True)
        some = select(span.c.label_id).where(meeting).limit(FREQUENT[field] + 1).subquery()
        return self._connection.execute(select(func.count()).select_from(some)).scalar_one() <= FREQUENT[field]

    def _worth_reading(self, keys: list[int]) -> list[int]:
        """Those with a span that meets the conditions, by one pass over all spans."""
        if not self._wanted or self._query.wants_unlabelled or self._on_notes is not None:
            return keys
        worth = set(self._connection.execute(select(span.c.document_id).distinct().where(*self._wanted)).scalars())
        return [key for key in keys if key in worth]

    def _hits(self, keys: Sequence[int]) -> Iterator[Hit]:
        if not self._query.texts:
            if self._query.absent:
                keys = list(self._places(self._seeing.texts(keys)))
            yield from self._span_hits(keys)
            return
        seen = self._seeing.texts_and_whose(keys)
        texts = {key: seen[key][0] for key in keys}
        if places := self._places(texts):
            yield from self._text_hits(texts, {key: seen[key][1] for key in places}, places)

    def _span_hits(self, keys: Sequence[int]) -> Iterator[Hit]:
        notes = self._seeing.notes(keys, self._on_notes) if self._on_notes is not None else ()
        page = self._seeing.page(keys, self._span_conditions(), notes=notes)
        for key in keys:
            yield from page.notes_of(key)
            for row in page.spans_of(key):
                yield page.hit(key, row.start_char, row.end_char, row)

    def _span_conditions(self) -> list[ColumnElement[bool]]:
        return [*self._wanted, *(not_(one) for one in self._excluded)]

    def _text_hits(self, texts: Mapping[int, str], whose: Mapping[int, Sequence[int]], places: Places) -> Iterator[Hit]:
        query, seeing = self._query, self._seeing
        if query.wants_unlabelled:
            layers = [on_span(one, self._annotator_id) for one in query.conditions if _is_of_layer(one)]
            free = _off_spans(seeing.around(whose, places, layers), places)
            yield from _as_they_are(seeing.paged(list(free), texts, {}), free)
        elif self._wanted:
            rows = seeing.around(whose, places, self._span_conditions())
            yield from _labelled(seeing.paged(list(rows), texts, rows), places)
        else:
            if self._excluded:
                places = _off_spans(seeing.around(whose, places, [or_(*self._excluded)]), places)
            yield from _as_they_are(seeing.paged(list(places), texts, seeing.around(whose, places)), places)

    def _places(self, texts: Mapping[int, str]) -> dict[int, list[Range]]:
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


def _as_they_are(page: Page, places: Places) -> Iterator[Hit]:
    """Every place, with the span exactly there or the label of one that overlaps it."""
    for key, ranges in places.items():
        overlaps = Overlaps(page.spans_of(key))
        for start, end in ranges:
            yield page.hit_on_text(key, start, end, overlaps)


def _off_spans(rows: Rows, places: Places) -> dict[int, list[Range]]:
    """The places on which none of the spans lies; documents without such a place are left out."""
    kept: dict[int, list[Range]] = {}
    for key, ranges in places.items():
        overlaps = Overlaps(rows.get(key, ()))
        if free := [place for place in ranges if not overlaps.of(*place)]:
            kept[key] = free
    return kept


def _labelled(page: Page, places: Places) -> Iterator[Hit]:
    """The page's spans that lie on a place, each once."""
    for key, ranges in places.items():
        overlaps = Overlaps(page.spans_of(key))
        rows = {row.span_id: row for place in ranges for row in overlaps.of(*place)}
        for row in sorted(rows.values(), key=in_order):
            yield page.hit(key, row.start_char, row.end_char, row)


def _is_own_set(annotator_id: int) -> ColumnElement[bool]:
    return and_(_OWN.c.document_id == document.c.id, _OWN.c.annotator_id == annotator_id)


def _on_notes(query: Query) -> list[ColumnElement[bool]] | None:
    """What a note on a document must be; None when the query is about spans only."""
    fields = [None if isinstance(one, ScoreRange) else one.field for one in (*query.conditions, *query.excluded)]
    if query.texts or Field.NOTE not in fields or not query.values_of(Field.NOTE) or not _ON_SETS.issuperset(fields):
        return None
    wanted = [on_set(one) for one in query.conditions if isinstance(one, OneOf) and not is_of_document(one)]
    excluded = [on_set(one) for one in query.excluded if isinstance(one, OneOf) and not is_of_document(one)]
    return [*wanted, *(not_(one) for one in excluded)]


def _people(connection: Connection, query: Query) -> list[int]:
    """The human annotators that a query asks for by name."""
    names = query.values_of(Field.BY)
    if not names:
        return []
    asked = select(annotator.c.id).where(annotator.c.name.in_(names), annotator.c.kind == "human")
    return list(connection.execute(asked).scalars())


def _is_of_layer(condition: Condition) -> bool:
    return isinstance(condition, OneOf) and condition.field is Field.LAYER


def _find_in_index(term: Words) -> ColumnElement[bool] | None:
    """The documents that may hold the words, after the index of words; None when it cannot say.

    To it most apostrophes part words, but some are letters: the words are asked for in each way.
    """
    kept = "".join(" " if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in term.words)
    spelt = dict.fromkeys(kept.translate(dict.fromkeys(map(ord, APOSTROPHES), one)) for one in _PARTING_OR_LETTER)
    asked = [_spelt_in_index(words, is_whole=term.is_whole) for words in spelt]
    found = [one for one in asked if one is not None]
    return or_(*found) if len(found) == len(asked) else None


def _spelt_in_index(kept: str, *, is_whole: bool) -> ColumnElement[bool] | None:
    """The same for words as they are spelt: it takes a run of Chinese or Thai for one word, and knows no signs."""
    words = [word for word in kept.split() if any(map(str.isalnum, word))]
    known = [word for word in words if not is_unspaced(word)]
    if not known:
        return None
    if len(known) < len(words):
        return sqlite_search.matches(" ".join(known))
    return sqlite_search.matches_in_a_row(known, is_whole=is_whole)
