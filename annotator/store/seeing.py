"""Documents with the spans and notes that one annotator sees on them, as rows, and the hits that these make."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select

from annotator.domain.finding import Range
from annotator.domain.hits import CONTEXT_CHARS, Hit
from annotator.store import sqlite_search
from annotator.store.tables import annotation_set, annotator, document, span

_COLUMNS = (
    span.c.document_id, span.c.annotator_id, span.c.span_id, span.c.start_char, span.c.end_char, span.c.label_id,
    span.c.layer, span.c.origin, span.c.is_decided, span.c.score, span.c.note, span.c.fragments,
)  # fmt: skip


_LIES_THERE = and_(
    span.c.document_id == sqlite_search.STRETCH.c.key,
    span.c.annotator_id == sqlite_search.STRETCH.c.annotator,
    span.c.start_char < sqlite_search.STRETCH.c.end,
    span.c.end_char > sqlite_search.STRETCH.c.start,
)
_OWN = annotation_set.alias("own")

Rows: TypeAlias = Mapping[int, Sequence[Row[Any]]]
"""Spans as rows, in order, by the key of their document."""


class Overlaps:
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
        """The spans in order."""
        first = bisect_right(self._reach, start)
        last = bisect_left(self._starts, end)
        return [row for row in self._rows[first:last] if row.end_char > start]


class Seeing:
    """Reads documents with the spans that the annotator sees on them.

    ``people``: rows of annotators whose sets are read instead, where that was allowed.
    """

    def __init__(self, connection: Connection, annotator_id: int, people: Sequence[int] = ()) -> None:
        self._connection = connection
        self._annotator_id = annotator_id
        self.people = [one for one in people if one != annotator_id]
        self._names = {row.id: row.name for row in connection.execute(select(annotator.c.id, annotator.c.name))}

    def texts(self, keys: Sequence[int]) -> dict[int, str]:
        """The texts of documents by key."""
        found = self._connection.execute(select(document.c.id, document.c.text).where(document.c.id.in_(keys)))
        return {row.id: row.text for row in found}

    def texts_and_whose(self, keys: Sequence[int]) -> dict[int, tuple[str, Sequence[int]]]:
        """The texts of documents by key, each with the annotators whose sets are seen there."""
        people = self.people
        return {
            key: (text, people if seen is None else (*people, seen))
            for key, seen, text in self._connection.execute(self._seen(keys, document.c.text)).all()
        }

    def page(
        self,
        keys: Sequence[int],
        conditions: Sequence[ColumnElement[bool]] = (),
        *,
        notes: Sequence[Row[Any]] = (),
        needs_every_document: bool = False,
    ) -> Page:
        """Documents with all their spans that meet ``conditions``, and with ``notes`` (see `notes`).

        Documents without either are read only if ``needs_every_document``.
        """
        rows: list[Any] = []
        for annotator_id, seen in self._whose(keys).items():
            statement = select(*_COLUMNS).where(
                span.c.document_id.in_(seen), span.c.annotator_id == annotator_id, *conditions
            )
            rows += self._connection.execute(statement).all()
        held = keys if needs_every_document else list({row.document_id for row in (*rows, *notes)})
        return self.paged(held, self.texts(held), by_document(rows), notes)

    def around(
        self,
        whose: Mapping[int, Sequence[int]],
        places: Mapping[int, Sequence[Range]],
        conditions: Sequence[ColumnElement[bool]] = (),
    ) -> Rows:
        """The spans of these annotators that meet ``conditions`` and may lie on one of the ``places``, by document.

        One stretch a document is asked for, from its first place to its last one: most have one place or two.
        """
        asked = [
            (key, annotator_id, min(start for start, _ in of), max(end for _, end in of))
            for key, of in places.items()
            for annotator_id in (whose[key] if of else ())
        ]
        if not asked:
            return {}
        statement = select(*_COLUMNS).select_from(sqlite_search.STRETCH).join(span, and_(_LIES_THERE, *conditions))
        found: Sequence[Any] = self._connection.execute(statement, sqlite_search.stretches(asked)).all()
        return by_document(found)

    def paged(self, keys: Sequence[int], texts: Mapping[int, str], rows: Rows, notes: Iterable[Row[Any]] = ()) -> Page:
        """Documents whose texts were read, with these spans and notes."""
        statement = select(document.c.id, document.c.external_id, document.c.display_title)
        found = self._connection.execute(statement.where(document.c.id.in_(keys)))
        return Page({row.id: row for row in found}, texts, rows, notes, self._names, self._annotator_id)

    def notes(self, keys: Sequence[int], conditions: Sequence[ColumnElement[bool]] = ()) -> Sequence[Any]:
        """The notes on documents that the annotator sees, as rows with ``document_id``, ``annotator_id``, ``note``."""
        statement = select(annotation_set.c.document_id, annotation_set.c.annotator_id, annotation_set.c.note).where(
            annotation_set.c.document_id.in_(keys), self.is_own_note(), *conditions
        )
        return list(self._connection.execute(statement))

    def is_own_note(self) -> ColumnElement[bool]:
        """An annotation set whose note the annotator sees."""
        return annotation_set.c.annotator_id.in_([self._annotator_id, *self.people])

    def _whose(self, keys: Sequence[int]) -> dict[int, list[int]]:
        """Keys by the annotator whose sets are seen there."""
        seen: dict[int, list[int]] = {one: list(keys) for one in self.people}
        for key, annotator_id in self._connection.execute(self._seen(keys)).all():
            if annotator_id is not None:
                seen.setdefault(annotator_id, []).append(key)
        return seen

    def _seen(self, keys: Sequence[int], *columns: ColumnElement[Any]) -> Select[Any]:
        """Key, annotator of the set that is seen (their own, else the newest suggestions, else NULL), and columns."""
        is_own = and_(_OWN.c.document_id == document.c.id, _OWN.c.annotator_id == self._annotator_id)
        return (
            select(document.c.id, func.coalesce(_OWN.c.annotator_id, document.c.suggested_by), *columns)
            .outerjoin(_OWN, is_own)
            .where(document.c.id.in_(keys))
        )


class Page:
    """Some documents, spans and notes on them, as rows."""

    def __init__(
        self,
        titles: Mapping[int, Any],
        texts: Mapping[int, str],
        rows: Rows,
        notes: Iterable[Row[Any]],
        names: Mapping[int, str],
        own: int,
    ) -> None:
        self._titles = titles
        self._texts = texts
        self._names = names
        self._own = own
        self._rows = rows
        self._notes: dict[int, list[Row[Any]]] = {}
        for note in notes:
            self._notes.setdefault(note.document_id, []).append(note)

    def spans_of(self, key: int) -> Sequence[Row[Any]]:
        """The spans of a document in order."""
        return self._rows.get(key, ())

    def notes_of(self, key: int) -> Sequence[Hit]:
        """The notes on a document, each as a hit on its first line."""
        return [self._note_hit(row) for row in self._notes.get(key, ())]

    def hit(self, key: int, start: int, end: int, row: Row[Any] | None, *, is_words: bool = False) -> Hit:
        """A place with the span on it."""
        held, text = self._titles[key], self._texts[key]
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

    def hit_on_text(self, key: int, start: int, end: int, overlaps: Overlaps) -> Hit:
        """Words with the span exactly there, or the label of the smallest one that overlaps them."""
        around = overlaps.of(start, end)
        exact = next((row for row in around if (row.start_char, row.end_char) == (start, end)), None)
        hit = self.hit(key, start, end, exact, is_words=True)
        if exact is not None or not around:
            return hit
        smallest = min(around, key=lambda row: (row.end_char - row.start_char, row.start_char))
        return replace(hit, inside=smallest.label_id, layer=smallest.layer)

    def again(self, hit: Hit) -> Hit:
        """The hit as it is now. Only for a page with every document and all that is on it."""
        if hit.is_on_document:
            now = next((one for one in self.notes_of(hit.key) if one.annotator == hit.annotator), None)
            return now or replace(hit, is_gone=True)
        row = next((row for row in self.spans_of(hit.key) if hit.span_id and row.span_id == hit.span_id), None)
        if row is not None:
            return self.hit(hit.key, row.start_char, row.end_char, row)
        words = self.hit_on_text(hit.key, hit.start, hit.end, Overlaps(self.spans_of(hit.key)))
        if words.span_id or hit.is_words:
            return replace(words, is_words=hit.is_words)
        return replace(hit, is_gone=True)

    def _note_hit(self, row: Row[Any]) -> Hit:
        start, end = first_line(self._texts[row.document_id])
        plain = self.hit(row.document_id, start, end, None)
        return replace(plain, annotator=self._names.get(row.annotator_id, ""), note=row.note, is_on_document=True)


def first_line(text: str) -> tuple[int, int]:
    """Where the first line that is not blank stands, ``[start, end)``, at most `CONTEXT_CHARS` long."""
    start = len(text) - len(text.lstrip())
    line = text[start : start + CONTEXT_CHARS].splitlines()
    return start, start + len(line[0].rstrip() if line else "")


def by_document(rows: Iterable[Row[Any]]) -> Rows:
    """Rows of spans by the key of their document, each in order."""
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.document_id, []).append(row)
    for of_document in found.values():
        of_document.sort(key=in_order)
    return found


def in_order(row: Row[Any]) -> tuple[int, int, str]:
    """By this spans are sorted: by start, the longer one first."""
    return (row.start_char, -row.end_char, row.span_id)
