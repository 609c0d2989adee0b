"""Propagating a label: the places in the open document or in the whole corpus, and the edits for those chosen.

In the open document the new spans are decided; in others they are suggestions of the memory. A document that was done
is in progress again when it gets suggestions: what is done has nothing left to decide.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotator.domain.edits import Batch, Edit, SetStatus
from annotator.domain.labels import LabelScheme
from annotator.domain.occurrences import find_occurrences
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.propagation import Offer, Place, find_places, propagating_edits
from annotator.domain.spans import Span, SpanSet
from annotator.store import FETCH_DOCUMENTS, ProjectStore, Reader
from annotator.workflows.clock import new_id
from annotator.workflows.operations import DocumentEdit
from annotator.workflows.progress import Progress, raise_if_cancelled

FIRST_DOCUMENTS = 10
AROUND_CHARS = 60


@dataclass(frozen=True, slots=True)
class PlaceInContext:
    """A place with the text around it."""

    place: Place
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class DocumentPlaces:
    """The places of one document. ``same``: how many have the label already and are left as they are."""

    key: int
    title: str
    status: Status
    places: tuple[PlaceInContext, ...]
    same: int
    is_open: bool = False


def places_in_open(key: int, doc: AnnotatedDocument, source: Span, offer: Offer, scheme: LabelScheme) -> DocumentPlaces:
    """The places of the open document, as it is in the window, but that of ``source`` itself."""
    document = doc.document
    found = _places(key, document.display_title, doc.status, document.text, doc.spans, offer, scheme)
    own = (source.start, source.end)
    others = tuple(one for one in found.places if (one.place.start, one.place.end) != own)
    is_counted = source.label == offer.label and not source.fragments
    return DocumentPlaces(key, found.title, found.status, others, max(found.same - is_counted, 0), is_open=True)


class CorpusSearch:
    """The places of all other documents. The work of a task puts them into `found`, the window takes them out."""

    def __init__(self, store: ProjectStore, annotator: str, scheme: LabelScheme, offer: Offer, *, but: int) -> None:
        self._store = store
        self._annotator = annotator
        self._scheme = scheme
        self._offer = offer
        self._but = but
        self.found: deque[DocumentPlaces] = deque()

    def take(self) -> list[DocumentPlaces]:
        """What was found since the last time. From any thread."""
        taken = []
        while self.found:
            taken.append(self.found.popleft())
        return taken

    def run(self, progress: Progress) -> int:
        """Search; returns how many documents were looked at. Raises `Cancelled`, or a `UserError` of the store.

        Documents whose words the search index knows come first and at once; then the others are read, for the index
        misses what is glued to other letters (Chinese, Thai) and letters that fold to several ("ß").
        """
        with self._store.reading() as reader:
            known = set(reader.memory(self._annotator).documents_with_words(self._offer.surface)) - {self._but}
            keys = [key for key in reader.document_keys() if key != self._but]
            first = [key for key in keys if key in known]
            self._look(reader, first, 0, len(keys), progress)
            self._look(reader, [key for key in keys if key not in known], len(first), len(keys), progress)
            return len(keys)

    def _look(self, reader: Reader, keys: Sequence[int], done: int, total: int, progress: Progress) -> None:
        memory = reader.memory(self._annotator)
        for chunk in _chunks(keys):
            raise_if_cancelled(progress)
            hits = {key: hit for key, text in memory.texts(chunk) if (hit := self._occurrences(text))}
            for seen in memory.seen_documents(hits) if hits else ():
                self._note(_places(seen.key, seen.title, seen.status, seen.text, seen.spans, self._offer, self._scheme))
            done += len(chunk)
            progress.report(done, total, "documents")

    def _occurrences(self, text: str) -> list[tuple[int, int]]:
        rules = self._offer.rules
        return find_occurrences(text, self._offer.surface, whole_words=rules.whole_words, match_case=rules.match_case)

    def _note(self, places: DocumentPlaces) -> None:
        if places.places or places.same:
            self.found.append(places)


def edit_of_open(places: Sequence[Place], offer: Offer) -> Edit:
    """The edit of the open document: decided spans, one step of undo."""
    return Batch(tuple(propagating_edits(places, offer, new_id, is_suggested=False)))


def edits_of_corpus(
    chosen: Mapping[int, Sequence[Place]], offer: Offer, *, open_key: int, done: frozenset[int]
) -> list[DocumentEdit]:
    """The edits of an operation: ``chosen`` places by document. ``done``: keys of the documents that were done."""
    edits = []
    for key, places in chosen.items():
        parts = propagating_edits(places, offer, new_id, is_suggested=key != open_key)
        if key != open_key and key in done:
            parts = [*parts, SetStatus(Status.IN_PROGRESS)]
        if places:
            edits.append(DocumentEdit(key, Batch(tuple(parts))))
    return edits


def _places(
    key: int, title: str, status: Status, text: str, spans: SpanSet, offer: Offer, scheme: LabelScheme
) -> DocumentPlaces:
    found = find_places(text, spans, offer, scheme)
    places = tuple(_in_context(text, place) for place in found.places)
    return DocumentPlaces(key, title, status, places, found.same)


def _in_context(text: str, place: Place) -> PlaceInContext:
    before = text[max(place.start - AROUND_CHARS, 0) : place.start]
    return PlaceInContext(place, before, text[place.start : place.end], text[place.end : place.end + AROUND_CHARS])


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """A few at first, so that the first places come at once, then more at a time."""
    first, size = 0, FIRST_DOCUMENTS
    while first < len(keys):
        yield keys[first : first + size]
        first, size = first + size, min(2 * size, FETCH_DOCUMENTS)
