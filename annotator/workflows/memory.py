"""The corpus memory: how a string was labelled so far, and where. Blind: only the annotator's own sets are asked.

What is on the disk is counted without the open document; that one is counted as the window has it, saved or not.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from annotator.domain.folding import fold, surface_of
from annotator.domain.occurrences import find_occurrences, is_spaced, uncovered
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document
from annotator.store import FETCH_DOCUMENTS, LabelledPlace, Memory, ProjectStore, Reader, Use
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled

HEAVY_SPANS = 500
"""A string with so many spans is counted once and remembered: 2.5 µs a span are too much for each look."""
MOST_HEAVY = 128
MOST_REFRESHED = 40
MOST_ANSWERS = 256
MOST_DONE_DOCUMENTS = 1_000
"""In so many done documents are unlabelled occurrences counted; the rest is said to be more."""
CHUNK_DOCUMENTS = 25
AROUND_CHARS = 60
MOST_PLACES = 400


@dataclass(frozen=True, slots=True)
class Subject:
    """A string of the open document, whose key this is. ``doc`` is the document as the window has it."""

    key: int
    doc: AnnotatedDocument
    surface: str

    @classmethod
    def of_span(cls, key: int, doc: AnnotatedDocument, span: Span) -> Subject:
        """The words of a span."""
        return cls(key, doc, surface_of(doc.document.text, span))


@dataclass(frozen=True, slots=True)
class LabelCount:
    """``count`` spans have this label (id) of this layer."""

    label: str
    layer: str
    count: int


@dataclass(frozen=True, slots=True)
class Recollection:
    """How a string was labelled: ``exact`` as it is written, ``forms`` in whatever form folds to the same (that
    included), the most frequent label first. ``surfaces``: those forms with their counts.
    """

    surface: str
    exact: tuple[LabelCount, ...]
    forms: tuple[LabelCount, ...]
    surfaces: tuple[tuple[str, int], ...]

    @property
    def has_other_forms(self) -> bool:
        """Whether the string was labelled in another form, too."""
        return self.exact != self.forms


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """So many occurrences in done documents touch no span. ``is_complete`` is false when there may be more."""

    count: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class MemoryPlace:
    """A place in the corpus with the text around it. Without a label: an occurrence that was left without one."""

    key: int
    title: str
    start: int
    end: int
    before: str
    words: str
    after: str
    span_id: str | None = None
    label: str | None = None
    layer: str = ""


@dataclass(slots=True)
class _OpenSpans:
    """The decided spans of the open document by what their words fold to; follows its edits."""

    document: Document | None = None
    spans: SpanSet = field(default_factory=SpanSet)
    by_folded: dict[str, dict[str, Span]] = field(default_factory=dict)

    def find(self, doc: AnnotatedDocument, folded: str) -> list[Span]:
        if doc.document is not self.document:
            self.document, self.spans, self.by_folded = doc.document, SpanSet(), {}
        gone, put = doc.spans.differences(self.spans)
        for span in gone:
            self.by_folded.get(self._key(span), {}).pop(span.id, None)
        for span in put:
            if span.decided:
                self.by_folded.setdefault(self._key(span), {})[span.id] = span
        self.spans = doc.spans
        return list(self.by_folded.get(folded, {}).values())

    def _key(self, span: Span) -> str:
        return fold(surface_of(self.document.text if self.document else "", span))


@dataclass(slots=True)
class _Heavy:
    """A frequent string: its uses by document, and all together."""

    by_document: dict[int, Counter[Use]]
    total: Counter[Use]

    def put(self, key: int, uses: Counter[Use] | None) -> None:
        self.total.subtract(self.by_document.pop(key, {}))
        if uses:
            self.by_document[key] = uses
            self.total.update(uses)


class CorpusMemory:
    """The memory of one annotator in one project. May be asked from any thread."""

    def __init__(self, store: ProjectStore, annotator: str) -> None:
        self._store = store
        self._annotator = annotator
        self._lock = threading.Lock()
        self._open = _OpenSpans()
        self._heavy: OrderedDict[str, _Heavy] = OrderedDict()
        self._entry = 0
        self._answers: OrderedDict[tuple[str, int], tuple[int, Unlabelled]] = OrderedDict()
        self._is_spaced = True
        self._read_until = 0

    def recall(self, subject: Subject) -> Recollection:
        """How the string was labelled so far, in milliseconds."""
        folded = fold(subject.surface)
        with self._lock, self._store.reading() as reader:
            uses = self._uses_elsewhere(reader, folded, subject.key)
            uses.update(self._uses_here(subject, folded))
        return _recollection(subject.surface, uses)

    def labels_elsewhere(self, strings: Iterable[str], but: int) -> dict[str, Counter[tuple[str, str]]]:
        """How often what folds to these strings was given each (layer, label), in every document but one."""
        found: dict[str, Counter[tuple[str, str]]] = {}
        if not (strings := list(strings)):
            return found
        with self._lock, self._store.reading() as reader:
            for folded in strings:
                counts: Counter[tuple[str, str]] = Counter()
                for (_, layer, label), count in self._uses_elsewhere(reader, folded, but).items():
                    counts[layer, label] += count
                if any(counts.values()):
                    found[folded] = +counts
        return found

    def warm(self, progress: Progress | None = None) -> None:
        """Count the most frequent strings once, so that the first look at them is quick, too."""
        with self._store.reading() as reader:
            frequent = reader.memory(self._annotator).most_used(HEAVY_SPANS, MOST_HEAVY)
        for folded in reversed(frequent):
            raise_if_cancelled(progress or Silent())
            with self._lock, self._store.reading() as reader:
                self._heavy_uses(reader, folded)

    def count_unlabelled(self, subject: Subject, progress: Progress | None = None) -> Unlabelled:
        """How often the string stands in done documents where no span touches it. Raises `Cancelled`."""
        with self._store.reading() as reader:
            elsewhere = self._find_answer(reader, subject)
            if elsewhere is None:
                last = reader.memory(self._annotator).last_entry()
                elsewhere = self._count_elsewhere(reader, subject, progress or Silent())
                self._keep_answer(subject, last, elsewhere)
        return Unlabelled(elsewhere.count + len(_free_here(subject)), elsewhere.is_complete)

    def places(self, subject: Subject, progress: Progress | None = None) -> list[MemoryPlace]:
        """Where the string was labelled in any form, the rarest label first; then where it was left without a label.

        At most `MOST_PLACES` of each kind. Raises `Cancelled`.
        """
        folded = fold(subject.surface)
        with self._store.reading() as reader:
            elsewhere = reader.memory(self._annotator).places(
                folded, but=subject.key, limit=MOST_PLACES, around_chars=AROUND_CHARS
            )
            with self._lock:
                here = self._open.find(subject.doc, folded)
            labelled = [_place_here(subject, span.start, span.end, span) for span in here]
            labelled += [_place_elsewhere(one) for one in elsewhere]
            free = [_place_here(subject, start, end) for start, end in _free_here(subject)]
            free += self._free_elsewhere(reader, subject, progress or Silent())
        return _rarest_first(labelled) + free

    def _uses_here(self, subject: Subject, folded: str) -> Iterator[Use]:
        text = subject.doc.document.text
        for span in self._open.find(subject.doc, folded):
            yield ("" if span.fragments else text[span.start : span.end], span.layer, span.label)

    def _uses_elsewhere(self, reader: Reader, folded: str, but: int) -> Counter[Use]:
        memory = reader.memory(self._annotator)
        if folded not in self._heavy and memory.count_up_to(folded, HEAVY_SPANS) < HEAVY_SPANS:
            return memory.uses(folded, but=but)
        heavy = self._heavy_uses(reader, folded)
        uses = Counter(heavy.total)
        uses.subtract(heavy.by_document.get(but, {}))
        return uses

    def _heavy_uses(self, reader: Reader, folded: str) -> _Heavy:
        memory = reader.memory(self._annotator)
        self._refresh(memory)
        if folded not in self._heavy:
            by_document = memory.uses_by_document(folded)
            total: Counter[Use] = Counter()
            for uses in by_document.values():
                total.update(uses)
            self._heavy[folded] = _Heavy(by_document, total)
        self._heavy.move_to_end(folded)
        while len(self._heavy) > MOST_HEAVY:
            self._heavy.popitem(last=False)
        return self._heavy[folded]

    def _refresh(self, memory: Memory) -> None:
        """Bring what is remembered up to what is on the disk now. Every change of a set has its journal row."""
        last = memory.last_entry()
        if self._heavy and last != self._entry:
            changed = memory.documents_changed_since(self._entry)
            if len(changed) > MOST_REFRESHED:
                self._heavy.clear()
            elif changed:
                for key, uses in memory.uses_in(changed).items():
                    for folded, heavy in self._heavy.items():
                        heavy.put(key, uses.get(folded))
        self._entry = last

    def _find_answer(self, reader: Reader, subject: Subject) -> Unlabelled | None:
        with self._lock:
            held = self._answers.get((subject.surface, subject.key))
        if held is None:
            return None
        changed = reader.memory(self._annotator).documents_changed_since(held[0])
        return held[1] if changed <= {subject.key} else None

    def _keep_answer(self, subject: Subject, last: int, answer: Unlabelled) -> None:
        with self._lock:
            self._answers[subject.surface, subject.key] = (last, answer)
            while len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)

    def _count_elsewhere(self, reader: Reader, subject: Subject, progress: Progress) -> Unlabelled:
        keys = self._done_keys(reader, subject)
        count = 0
        for chunk in _chunks(keys[:MOST_DONE_DOCUMENTS], CHUNK_DOCUMENTS):
            raise_if_cancelled(progress)
            for held in reader.memory(self._annotator).texts_with_spans(chunk):
                count += len(uncovered(_occurrences(held.text, subject.surface), held.parts))
        return Unlabelled(count, is_complete=len(keys) <= MOST_DONE_DOCUMENTS)

    def _free_elsewhere(self, reader: Reader, subject: Subject, progress: Progress) -> list[MemoryPlace]:
        found: list[MemoryPlace] = []
        for chunk in _chunks(self._done_keys(reader, subject)[:MOST_DONE_DOCUMENTS], CHUNK_DOCUMENTS):
            raise_if_cancelled(progress)
            for held in reader.memory(self._annotator).texts_with_spans(chunk):
                free = uncovered(_occurrences(held.text, subject.surface), held.parts)
                found += [_place_in(held.text, held.key, held.title, start, end) for start, end in free]
            if len(found) >= MOST_PLACES:
                break
        return found[:MOST_PLACES]

    def _done_keys(self, reader: Reader, subject: Subject) -> list[int]:
        memory = reader.memory(self._annotator)
        with self._lock:
            self._read_scripts(memory)
            is_all_spaced = self._is_spaced
        return memory.done_documents_with(subject.surface, but=subject.key, is_spaced=is_all_spaced)

    def _read_scripts(self, memory: Memory) -> None:
        """Look once at every text whether its words stand apart: only then does an index of words find them all."""
        while self._is_spaced and (added := memory.texts_after(self._read_until)):
            self._read_until = added[-1][0]
            self._is_spaced = all(is_spaced(text) for _, text in added)


def _chunks(keys: list[int], size: int) -> Iterator[list[int]]:
    return (keys[first : first + min(size, FETCH_DOCUMENTS)] for first in range(0, len(keys), size))


def _occurrences(text: str, surface: str) -> list[tuple[int, int]]:
    return find_occurrences(text, surface, whole_words=True, match_case=True)


def _free_here(subject: Subject) -> list[tuple[int, int]]:
    """Unlabelled occurrences in the open document, if it is done."""
    if subject.doc.status is not Status.DONE:
        return []
    parts = (part for span in subject.doc.spans if span.decided for part in span.parts)
    return uncovered(_occurrences(subject.doc.document.text, subject.surface), parts)


def _recollection(surface: str, uses: Mapping[Use, int]) -> Recollection:
    exact: Counter[tuple[str, str]] = Counter()
    forms: Counter[tuple[str, str]] = Counter()
    surfaces: Counter[str] = Counter()
    wanted = _squashed(surface)
    for (words, layer, label), count in uses.items():
        if count > 0:
            forms[layer, label] += count
            surfaces[_squashed(words) or "in parts"] += count
            exact[layer, label] += count if _squashed(words) == wanted else 0
    by_number = tuple(sorted(surfaces.items(), key=lambda one: (-one[1], one[0])))
    return Recollection(surface, _sorted(exact), _sorted(forms), by_number)


def _sorted(counts: Counter[tuple[str, str]]) -> tuple[LabelCount, ...]:
    found = (LabelCount(label, layer, count) for (layer, label), count in counts.items() if count)
    return tuple(sorted(found, key=lambda one: (-one.count, one.layer, one.label)))


def _squashed(surface: str) -> str:
    return " ".join(surface.split())


def _place_in(text: str, key: int, title: str, start: int, end: int) -> MemoryPlace:
    before, after = text[max(start - AROUND_CHARS, 0) : start], text[end : end + AROUND_CHARS]
    return MemoryPlace(key, title, start, end, before, text[start:end], after)


def _place_here(subject: Subject, start: int, end: int, span: Span | None = None) -> MemoryPlace:
    document = subject.doc.document
    place = _place_in(document.text, subject.key, document.display_title, start, end)
    return place if span is None else replace(place, span_id=span.id, label=span.label, layer=span.layer)


def _place_elsewhere(held: LabelledPlace) -> MemoryPlace:
    place = MemoryPlace(held.key, held.title, held.start, held.end, held.before, held.words, held.after)
    return replace(place, span_id=held.span_id, label=held.label, layer=held.layer)


def _rarest_first(places: list[MemoryPlace]) -> list[MemoryPlace]:
    counts = Counter((place.layer, place.label) for place in places)
    return sorted(places, key=lambda place: (counts[place.layer, place.label], place.layer, str(place.label)))
