"""The relations of a document by the spans that they hang on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span


@dataclass(frozen=True, slots=True)
class RelationEnd:
    """One end of a relation: at the span ``span_id``, which begins at ``start``; the other's at ``other_start``."""

    relation: Relation
    span_id: str
    start: int
    is_head: bool
    other_id: str
    other_start: int


class RelationIndex:
    """Which relations a span has. Follows a document from edit to edit without reading all relations anew."""

    def __init__(self, doc: AnnotatedDocument) -> None:
        self._doc = doc
        self._held: dict[str, Relation] = {}
        self._by_span: dict[str, tuple[Relation, ...]] = {}
        for relation in doc.relations.values():
            self._put(relation)

    def follow(self, doc: AnnotatedDocument, changed: Iterable[str]) -> None:
        """Take over a changed document; ``changed`` are the ids of the relations that an edit touched."""
        self._doc = doc
        for relation_id in changed:
            if (old := self._held.pop(relation_id, None)) is not None:
                self._take_out(old)
            if (new := doc.relations.get(relation_id)) is not None:
                self._put(new)

    def places_of(self, span_ids: Iterable[str], relation_ids: Iterable[str]) -> Iterator[tuple[int, int]]:
        """Where arcs may be drawn otherwise when these spans and relations change: the spans at their ends."""
        found = {relation_id: self._held.get(relation_id) for relation_id in relation_ids}
        found.update((one.id, one) for span_id in span_ids for one in self._by_span.get(span_id, ()))
        for relation in filter(None, found.values()):
            for span_id in (relation.head, relation.child):
                if (span := self._doc.spans.find(span_id)) is not None:
                    yield span.start, span.start + 1

    def ends_at(self, span: Span) -> Iterator[RelationEnd]:
        """The ends at a span, in a stable order; relations whose other span is gone have none."""
        for relation in self._by_span.get(span.id, ()):
            for is_head in (True, False):
                here, other_id = (relation.head, relation.child) if is_head else (relation.child, relation.head)
                if here == span.id and (other := self._doc.spans.find(other_id)) is not None:
                    yield RelationEnd(relation, span.id, span.start, is_head, other_id, other.start)

    def find(self, relation_id: str) -> Relation | None:
        """The relation with this id, or None."""
        return self._held.get(relation_id)

    def __bool__(self) -> bool:
        return bool(self._held)

    def _put(self, relation: Relation) -> None:
        self._held[relation.id] = relation
        for span_id in {relation.head, relation.child}:
            self._by_span[span_id] = (*self._by_span.get(span_id, ()), relation)

    def _take_out(self, relation: Relation) -> None:
        for span_id in {relation.head, relation.child}:
            left = tuple(one for one in self._by_span[span_id] if one.id != relation.id)
            if left:
                self._by_span[span_id] = left
            else:
                del self._by_span[span_id]
