"""What one annotator said about a string so far: asked of the spans and texts of a project, over all documents.

Only the annotator's own sets are read (blind to others) and only decided spans count. ``but`` is the key of the open
document, whose spans the window has in memory; it is left out here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from unicodedata import normalize

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from annotator.domain.codec import parts_from_plain
from annotator.domain.projects import Status
from annotator.domain.spans import Origin, Span, SpanSet
from annotator.store import sqlite_search
from annotator.store.tables import annotation_set, document, journal, span

Use: TypeAlias = tuple[str, str, str]
"""How a string was labelled once: its words as they stand there (empty for a span in parts), layer, label id."""

FETCH_DOCUMENTS = 200
"""As many documents are read with one statement at most."""


@dataclass(frozen=True, slots=True)
class LabelledPlace:
    """A decided span: its document's key and title, offsets in code points, and the text around it."""

    key: int
    title: str
    span_id: str
    start: int
    end: int
    label: str
    layer: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """A document as the annotator would see it on opening it, as far as propagating a label needs it.

    ``spans`` are those at the places that were asked for: place, label, layer, score and whether they are decided.
    """

    key: int
    title: str
    text: str
    status: Status
    spans: SpanSet


@dataclass(frozen=True, slots=True)
class TextWithSpans:
    """A text, and the parts ``[start, end)`` of the annotator's decided spans in it."""

    key: int
    title: str
    text: str
    parts: tuple[tuple[int, int], ...]


_WHO: BindParameter[int] = bindparam("who")
_BUT: BindParameter[int] = bindparam("but")
_KEYS: BindParameter[int] = bindparam("keys", expanding=True)
_FOLDED: BindParameter[str] = bindparam("folded")


def _words() -> ColumnElement[str]:
    return case((span.c.fragments.is_(None), span.c.surface), else_="")


# Made once: making a statement takes ten times as long as asking a short one.
_OWN = (span.c.annotator_id == _WHO, span.c.is_decided)
_USE = (_words(), span.c.layer, span.c.label_id)
_SOME = (
    select(literal_column("1")).select_from(span).where(span.c.folded == _FOLDED).limit(bindparam("most")).subquery()
)
_COUNT_UP_TO = select(func.count()).select_from(_SOME)
_USES = select(*_USE, func.count()).where(span.c.folded == _FOLDED, *_OWN, span.c.document_id != _BUT).group_by(*_USE)
_USES_BY_DOCUMENT = select(span.c.document_id, *_USE).where(span.c.folded == _FOLDED, *_OWN)
_USES_IN = select(span.c.document_id, span.c.folded, *_USE).where(span.c.document_id.in_(_KEYS), *_OWN)
_PLACES = select(
    span.c.document_id, span.c.start_char, span.c.end_char, span.c.span_id, span.c.layer, span.c.label_id
).where(span.c.folded == _FOLDED, *_OWN, span.c.document_id != _BUT)
_LAST_ENTRY = select(func.max(journal.c.id))
_CHANGED = select(journal.c.document_id).where(journal.c.id > bindparam("entry"), journal.c.annotator_id == _WHO)
_DONE = select(annotation_set.c.document_id).where(
    annotation_set.c.annotator_id == _WHO, annotation_set.c.status == Status.DONE.value
)
_DONE_OF = _DONE.where(annotation_set.c.document_id.in_(_KEYS))
_PARTS = select(span.c.document_id, span.c.start_char, span.c.end_char, span.c.fragments).where(
    span.c.document_id.in_(_KEYS), *_OWN
)
_TEXTS = (
    select(document.c.id, document.c.display_title, document.c.text)
    .where(document.c.id.in_(_KEYS))
    .order_by(document.c.position)
)
_NEXT_TEXTS = (
    select(document.c.id, document.c.text)
    .where(document.c.id > bindparam("key"))
    .order_by(document.c.id)
    .limit(FETCH_DOCUMENTS)
)
_SEEN = (
    select(document.c.id, document.c.display_title, document.c.text, document.c.suggested_by, annotation_set.c.status)
    .outerjoin(
        annotation_set, and_(annotation_set.c.document_id == document.c.id, annotation_set.c.annotator_id == _WHO)
    )
    .where(document.c.id.in_(_KEYS))
    .order_by(document.c.position)
)
_SPANS = select(
    span.c.document_id,
    span.c.start_char,
    span.c.end_char,
    span.c.span_id,
    span.c.label_id,
    span.c.layer,
    span.c.is_decided,
    span.c.score,
    span.c.fragments,
).where(span.c.annotator_id == _WHO, span.c.document_id.in_(_KEYS))


class Memory:
    """The memory of one annotator, on one snapshot."""

    def __init__(self, connection: Connection, annotator_id: int) -> None:
        self._connection = connection
        self._annotator_id = annotator_id

    def count_up_to(self, folded: str, most: int) -> int:
        """How many spans of anybody fold to this, at most ``most``: the index alone tells it."""
        return int(self._ask(_COUNT_UP_TO, folded=folded, most=most).scalar_one())

    def uses(self, folded: str, *, but: int | None = None) -> Counter[Use]:
        """How often spans that fold to this were labelled so."""
        rows = self._ask(_USES, folded=folded, but=-1 if but is None else but)
        return Counter({(words, layer, label): number for words, layer, label, number in rows.all()})

    def uses_by_document(self, folded: str) -> dict[int, Counter[Use]]:
        """The same, by the document's key."""
        found: dict[int, Counter[Use]] = {}
        for key, words, layer, label in self._ask(_USES_BY_DOCUMENT, folded=folded).all():
            found.setdefault(key, Counter())[words, layer, label] += 1
        return found

    def uses_in(self, keys: Collection[int]) -> dict[int, dict[str, Counter[Use]]]:
        """All uses in some documents, by key and folded string."""
        found: dict[int, dict[str, Counter[Use]]] = {key: {} for key in keys}
        for key, folded, words, layer, label in self._ask(_USES_IN, keys=list(keys)).all():
            found[key].setdefault(folded, Counter())[words, layer, label] += 1
        return found

    def most_used(self, least: int, limit: int) -> list[str]:
        """The folded strings with at least so many spans of anybody, the most frequent first."""
        number = func.count()
        statement = select(span.c.folded).group_by(span.c.folded).having(number >= least).order_by(number.desc())
        return list(self._connection.execute(statement.limit(limit)).scalars())

    def last_entry(self) -> int:
        """The number of the project's last journal row; 0 when there is none."""
        return self._ask(_LAST_ENTRY).scalar_one() or 0

    def documents_changed_since(self, entry: int) -> set[int]:
        """Keys of the documents in which the annotator's set was changed after this journal row."""
        return set(self._ask(_CHANGED, entry=entry).scalars())

    def done_documents_with(self, surface: str, *, but: int | None, is_spaced: bool) -> list[int]:
        """Keys of the annotator's done documents in which ``surface`` may stand; none in which it does is missed.

        ``is_spaced``: whether the project's texts tell words from each other by more than letters and digits; if not,
        or if the surface has neither, every text is looked at.
        """
        found = sqlite_search.documents_with_phrase(self._connection, surface) if is_spaced else None
        if found is None:
            with_text = _DONE.join(document, document.c.id == annotation_set.c.document_id)
            done = set(self._ask(with_text.where(_stands_in_text(surface))).scalars())
        elif len(found) <= FETCH_DOCUMENTS:
            done = set(self._ask(_DONE_OF, keys=found).scalars())
        else:
            done = set(self._ask(_DONE).scalars()).intersection(found)
        return sorted(key for key in done if key != but)

    def texts_with_spans(self, keys: Sequence[int]) -> list[TextWithSpans]:
        """Some documents (at most `FETCH_DOCUMENTS`) with what is decided in them."""
        parts: dict[int, list[tuple[int, int]]] = {key: [] for key in keys}
        for key, start, end, fragments in self._ask(_PARTS, keys=keys).all():
            parts[key] += parts_from_plain(fragments) if fragments else ((start, end),)
        found = self._ask(_TEXTS, keys=keys).all()
        return [TextWithSpans(key, title, text, tuple(parts[key])) for key, title, text in found]

    def texts(self, keys: Collection[int]) -> list[tuple[int, str]]:
        """Keys and texts of some documents (at most `FETCH_DOCUMENTS`), in order."""
        return [(key, text) for key, _, text in self._ask(_TEXTS, keys=list(keys)).all()]

    def texts_after(self, key: int) -> list[tuple[int, str]]:
        """Keys and texts of the next `FETCH_DOCUMENTS` documents that were added after the one with this key."""
        return [(row.id, row.text) for row in self._ask(_NEXT_TEXTS, key=key)]

    def documents_with_words(self, surface: str) -> list[int]:
        """Keys of documents in which the words of ``surface`` follow each other; some may be missed."""
        return sqlite_search.documents_with_phrase(self._connection, surface) or []

    def places(self, folded: str, *, but: int | None, limit: int, around_chars: int) -> list[LabelledPlace]:
        """Where spans that fold to this stand: the rarest label first, then in the order of the documents."""
        rows = self._ask(_PLACES, folded=folded, but=-1 if but is None else but).all()
        counts = Counter((row.layer, row.label_id) for row in rows)
        rows.sort(key=lambda row: (counts[row.layer, row.label_id], row.layer, row.label_id, row[:2]))
        keys = list(dict.fromkeys(row.document_id for row in rows[:limit]))
        held = {}
        for first in range(0, len(keys), FETCH_DOCUMENTS):
            held.update({row.id: row for row in self._ask(_TEXTS, keys=keys[first : first + FETCH_DOCUMENTS])})
        return [_place(row, held[row.document_id], around_chars) for row in rows[:limit]]

    def seen_documents(self, places: Mapping[int, Sequence[tuple[int, int]]]) -> list[SeenDocument]:
        """Some documents (at most `FETCH_DOCUMENTS`) as the annotator sees them: the own set, else the suggestions.

        ``places``: by the document's key, the places of which one wants to know what spans share text with them.
        """
        rows = self._ask(_SEEN, keys=list(places)).all()
        by_set: dict[int, list[int]] = {}
        for row in rows:
            by_set.setdefault(self._annotator_id if row.status else row.suggested_by, []).append(row.id)
        spans = self._spans_at(by_set, places)
        return [_seen(row, spans.get(row.id, ())) for row in rows]

    def _spans_at(
        self, by_set: Mapping[int, list[int]], places: Mapping[int, Sequence[tuple[int, int]]]
    ) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for annotator_id, keys in by_set.items():
            for row in self._connection.execute(_SPANS, {"who": annotator_id, "keys": keys}).all():
                key, first, last = row[:3]
                if any(first < end and start < last for start, end in places[key]):
                    found.setdefault(key, []).append(row)
        return found

    def _ask(self, statement: Any, **values: object) -> Any:
        return self._connection.execute(statement, {"who": self._annotator_id, **values})


def _stands_in_text(surface: str) -> ColumnElement[bool]:
    """Whether the longest word of ``surface`` stands in a document's text, its letters composed or decomposed."""
    word = _longest_word(surface)
    return or_(*(sqlite_search.stands_in_text(one) for one in {word, normalize("NFC", word), normalize("NFD", word)}))


def _longest_word(surface: str) -> str:
    """The longest piece of a string that is the same whatever white space and apostrophes a text has."""
    plain = "".join(char if char not in "'’‘ʼ＇`´" else " " for char in surface)
    return max(plain.split(), key=len, default=surface)


def _seen(row: Any, spans: Iterable[Any]) -> SeenDocument:
    status = Status(row.status or Status.NEW)
    held = SpanSet(_span(one, is_decided=one.is_decided and row.status is not None) for one in spans)
    return SeenDocument(row.id, row.display_title, row.text, status, held)


def _span(row: Any, *, is_decided: bool) -> Span:
    return Span(
        row.span_id,
        row.start_char,
        row.end_char,
        row.label_id,
        row.layer,
        Origin.HUMAN,
        is_decided,
        row.score,
        fragments=parts_from_plain(row.fragments) if row.fragments else (),
    )


def _place(row: Any, held: Any, around_chars: int) -> LabelledPlace:
    text, start, end = held.text, row.start_char, row.end_char
    return LabelledPlace(
        key=row.document_id,
        title=held.display_title,
        span_id=row.span_id,
        start=start,
        end=end,
        label=row.label_id,
        layer=row.layer,
        before=text[max(start - around_chars, 0) : start],
        words=text[start:end],
        after=text[end : end + around_chars],
    )
