"""What two states of annotation on one document differ in, and the edit that brings a part of one state back. Pure.

Two states of one set are compared by the ids of their spans. Sets of two annotators have ids of their own:
`aligned` first gives one of them the ids of the other where they speak of the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from annotator.domain.edits import (
    AddRelation,
    AddSpan,
    Batch,
    Decide,
    Edit,
    Relabel,
    RemoveRelation,
    RemoveSpan,
    Reshape,
    SetAttribute,
    SetCat,
    SetNote,
    SetSpanNote,
    SetStatus,
    Touched,
    apply,
)
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Json

Key: TypeAlias = "tuple[str, ...]"
"""What a difference is about, whatever its two values are: the same thing in another comparison has the same key."""


class Aspect(Enum):
    """In what a span differs. SOURCE: where it comes from (layer, origin, score, pipeline)."""

    PRESENCE = "presence"
    LABEL = "label"
    PLACE = "place"
    DECISION = "decision"
    NOTE = "note"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class SpanDiffers:
    """A span differs in one aspect. PRESENCE: ``before`` is None for one added, ``after`` for one removed."""

    aspect: Aspect
    before: Span | None
    after: Span | None

    @property
    def span(self) -> Span:
        """The span as it is before, or else after."""
        found = self.before or self.after
        assert found is not None
        return found

    @property
    def key(self) -> Key:
        """See `Key`."""
        return (self.aspect.value, self.span.id)


@dataclass(frozen=True, slots=True)
class AttributeDiffers:
    """An attribute of a span that is in both states; None: it is not set."""

    before: Span
    after: Span
    name: str

    @property
    def values(self) -> tuple[Json, Json]:
        """The value before and after."""
        return self.before.attributes.get(self.name), self.after.attributes.get(self.name)

    @property
    def key(self) -> Key:
        """See `Key`."""
        return ("attribute", self.before.id, self.name)


@dataclass(frozen=True, slots=True)
class RelationDiffers:
    """A relation that was added (``before`` is None), removed (``after`` is None) or changed."""

    before: Relation | None
    after: Relation | None

    @property
    def relation(self) -> Relation:
        """The relation as it is before, or else after."""
        found = self.before or self.after
        assert found is not None
        return found

    @property
    def key(self) -> Key:
        """See `Key`."""
        return ("relation", self.relation.id)


@dataclass(frozen=True, slots=True)
class CatDiffers:
    """A document label; None: not given."""

    label: str
    before: float | None
    after: float | None

    @property
    def key(self) -> Key:
        """See `Key`."""
        return ("cat", self.label)


@dataclass(frozen=True, slots=True)
class NoteDiffers:
    """The note of the document."""

    before: str
    after: str
    key: Key = field(default=("note",), init=False)


@dataclass(frozen=True, slots=True)
class StatusDiffers:
    """The status with its reason."""

    before: tuple[Status, str]
    after: tuple[Status, str]
    key: Key = field(default=("status",), init=False)


Difference: TypeAlias = SpanDiffers | AttributeDiffers | RelationDiffers | CatDiffers | NoteDiffers | StatusDiffers


def differences(before: AnnotatedDocument, after: AnnotatedDocument) -> list[Difference]:
    """What turns ``before`` into ``after``: spans in document order, then relations, document labels, note, status."""
    found: list[Difference] = []
    for old, new in _pairs(before.spans, after.spans):
        found += _span_differences(old, new)
    for relation_id in {**before.relations, **after.relations}:
        one, other = before.relations.get(relation_id), after.relations.get(relation_id)
        if one != other:
            found.append(RelationDiffers(one, other))
    for label in {**before.cats, **after.cats}:
        if before.cats.get(label) != after.cats.get(label):
            found.append(CatDiffers(label, before.cats.get(label), after.cats.get(label)))
    if before.note != after.note:
        found.append(NoteDiffers(before.note, after.note))
    statuses = (before.status, before.status_reason), (after.status, after.status_reason)
    if statuses[0] != statuses[1]:
        found.append(StatusDiffers(*statuses))
    return found


def touched_between(before: AnnotatedDocument, after: AnnotatedDocument) -> Touched:
    """What a canvas that shows ``before`` must place anew to show ``after``."""
    pairs = [span for pair in _pairs(before.spans, after.spans) for span in pair if span is not None]
    changed = {**before.relations, **after.relations}
    return Touched(
        tuple((span.start, span.end) for span in pairs),
        frozenset(span.id for span in pairs),
        frozenset(name for name in changed if before.relations.get(name) != after.relations.get(name)),
        has_document_changes=True,
    )


def _pairs(before: SpanSet, after: SpanSet) -> list[tuple[Span | None, Span | None]]:
    """The spans that are not the same object in both sets, by id, in document order."""
    pairs: list[tuple[Span | None, Span | None]] = []
    for old in before:
        new = after.find(old.id)
        if new is not old:  # states of one set share what did not change
            pairs.append((old, new))
    pairs += [(None, new) for new in after if new.id not in before]
    pairs.sort(key=lambda pair: (pair[0] or pair[1]).order)  # type: ignore[union-attr]  # one of them is there
    return pairs


def _span_differences(old: Span | None, new: Span | None) -> Iterator[Difference]:
    if old is None or new is None:
        yield SpanDiffers(Aspect.PRESENCE, old, new)
        return
    for aspect, value_of in _VALUES.items():
        if value_of(old) != value_of(new):
            yield SpanDiffers(aspect, old, new)
    for name in {**old.attributes, **new.attributes}:
        if old.attributes.get(name) != new.attributes.get(name):
            yield AttributeDiffers(old, new, name)


_VALUES: dict[Aspect, Callable[[Span], object]] = {
    # First: it is brought back by a span added anew, which the others then change.
    Aspect.SOURCE: lambda span: (span.layer, span.origin, span.score, span.pipeline),
    Aspect.LABEL: lambda span: span.label,
    Aspect.PLACE: lambda span: span.parts,
    Aspect.DECISION: lambda span: span.decided,
    Aspect.NOTE: lambda span: span.note,
}


def restorable(now: AnnotatedDocument, then: AnnotatedDocument, chosen: Collection[Difference]) -> list[Difference]:
    """Those of ``chosen`` in which ``now`` differs from ``then``, as differences from ``then`` to ``now``.

    ``chosen`` may come from a comparison of ``then`` with something else.
    """
    keys = {one.key for one in chosen}
    return [one for one in differences(then, now) if one.key in keys]


def restoring_edit(now: AnnotatedDocument, then: AnnotatedDocument, chosen: Collection[Difference]) -> Batch:
    """The edit that makes ``now`` in all that ``chosen`` names as ``then`` is.

    With every difference chosen the result equals ``then``, but for rulings: they stay, and places of which gold lost
    the spans are open again. A relation comes back with its two spans; a span that
    goes takes its relations with it. Raises nothing; a `Batch` without edits when there is nothing to do.
    """
    wanted = _with_ends(now, then, restorable(now, then, chosen))
    edits = [edit for one in wanted if isinstance(one, SpanDiffers | AttributeDiffers) for edit in _span_edits(one)]
    edits.sort(key=lambda edit: isinstance(edit, AddSpan))  # what goes makes room first
    halfway = apply(now, Batch(tuple(edits))).doc
    edits += _relation_edits(halfway, _wanted_relations(now, wanted))
    for one in wanted:
        match one:
            case CatDiffers(label, before, _):
                edits.append(SetCat(label, before))
            case NoteDiffers(before, _):
                edits.append(SetNote(before))
            case StatusDiffers((status, reason), _):
                edits.append(SetStatus(status, reason))
    return Batch(tuple(edits))


def _with_ends(now: AnnotatedDocument, then: AnnotatedDocument, wanted: list[Difference]) -> list[Difference]:
    """``wanted``, and the spans without which a wanted relation cannot come back."""
    keys = {one.key for one in wanted}
    ends = {
        end: SpanDiffers(Aspect.PRESENCE, then.spans.find(end), None)
        for one in wanted
        if isinstance(one, RelationDiffers) and one.before is not None
        for end in (one.before.head, one.before.child)
        if end not in now.spans and (Aspect.PRESENCE.value, end) not in keys
    }
    return [*wanted, *ends.values()]


def _span_edits(one: SpanDiffers | AttributeDiffers) -> list[Edit]:
    """Edits that make the span as it is ``before``; ``after`` is how it is now."""
    old, new = one.before, one.after
    if isinstance(one, AttributeDiffers):
        return [SetAttribute(one.before.id, one.name, one.values[0])]
    if old is None:
        return [RemoveSpan(one.span.id)]
    if new is None:
        return [AddSpan(old)]
    match one.aspect:
        case Aspect.LABEL:
            return [Relabel(old.id, old.label, new.decided)]
        case Aspect.PLACE:
            return [Reshape(old.id, old.parts, new.decided)]
        case Aspect.DECISION:
            return [Decide((old.id,), old.decided)]
        case Aspect.NOTE:
            return [SetSpanNote(old.id, old.note)]
        case _:
            return [Batch((RemoveSpan(old.id), AddSpan(_with_source(new, old))))]


def _with_source(span: Span, source: Span) -> Span:
    return replace(span, layer=source.layer, origin=source.origin, score=source.score, pipeline=source.pipeline)


def _wanted_relations(now: AnnotatedDocument, wanted: Iterable[Difference]) -> dict[str, Relation]:
    relations = dict(now.relations)
    for one in wanted:
        if isinstance(one, RelationDiffers):
            relations.pop(one.relation.id, None)
            if one.before is not None:
                relations[one.before.id] = one.before
    return relations


def _relation_edits(halfway: AnnotatedDocument, wanted: dict[str, Relation]) -> list[Edit]:
    """Edits that make the relations of ``halfway`` those wanted, as far as their spans are there."""
    edits: list[Edit] = [RemoveRelation(held.id) for held in halfway.relations.values() if wanted.get(held.id) != held]
    for relation in wanted.values():
        has_ends = relation.head in halfway.spans and relation.child in halfway.spans
        if has_ends and halfway.relations.get(relation.id) != relation:
            edits.append(AddRelation(relation))
    return edits


def aligned(theirs: AnnotatedDocument, ours: AnnotatedDocument, new_id: Callable[[], str]) -> AnnotatedDocument:
    """``theirs`` as if it were a state of our set: spans about the same words have the ids of ours.

    The same layer and words are the same span, under the same label first; else an overlap under the same id (what was
    taken over and corrected since) or the same label.
    Whether ours is decided and where it comes from is not compared. Note and status stay ours; so do the document
    labels when theirs has none. Ids that are taken are made anew by ``new_id``.
    """
    matches = _matches(theirs.spans, ours.spans)
    ids = {span.id: matches[span.id].id if span.id in matches else span.id for span in theirs.spans}
    taken = {span.id for span in ours.spans}
    for span in theirs.spans:
        if span.id not in matches and span.id in taken:
            ids[span.id] = new_id()
    spans = SpanSet(_as_ours(span, matches.get(span.id), ids[span.id]) for span in theirs.spans)
    return replace(
        ours, spans=spans, relations=_aligned_relations(theirs, ours, ids, new_id), cats=theirs.cats or ours.cats
    )


def _as_ours(span: Span, match: Span | None, span_id: str) -> Span:
    if match is None:
        return replace(span, id=span_id)
    return replace(_with_source(span, match), id=span_id, decided=match.decided)


def _matches(theirs: SpanSet, ours: SpanSet) -> dict[str, Span]:
    """Our span for each of theirs that has one, by their id; none of ours twice."""
    found: dict[str, Span] = {}
    free = {span.id: span for span in ours}
    for value_of in (lambda span: (span.layer, span.parts, span.label), lambda span: (span.layer, span.parts)):
        by_value: dict[object, list[Span]] = {}
        for span in free.values():
            by_value.setdefault(value_of(span), []).append(span)
        for span in theirs:
            same = by_value.get(value_of(span))
            if span.id not in found and same:
                found[span.id] = free.pop(same.pop(0).id)
    for find_near in (_find_taken_over, _find_nearest):
        for span in theirs:
            if span.id not in found and (near := find_near(span, ours, free)) is not None:
                found[span.id] = free.pop(near.id)
    return found


def _find_taken_over(span: Span, ours: SpanSet, free: Collection[str]) -> Span | None:
    """Our free span that was this one once: suggestions that are taken over keep their ids."""
    same = ours.find(span.id) if span.id in free else None
    if same is None or same.layer != span.layer or not same.overlaps(span.start, span.end):
        return None
    return same


def _find_nearest(span: Span, ours: SpanSet, free: Collection[str]) -> Span | None:
    """Our free span of the same layer and label that shares most code points with ``span``."""
    near = [
        other
        for other in ours.overlapping(span.start, span.end)
        if other.id in free and (other.layer, other.label) == (span.layer, span.label)
    ]
    return max(near, key=lambda other: min(other.end, span.end) - max(other.start, span.start), default=None)


def _aligned_relations(
    theirs: AnnotatedDocument, ours: AnnotatedDocument, ids: dict[str, str], new_id: Callable[[], str]
) -> dict[str, Relation]:
    known = {(held.head, held.child, held.label): held.id for held in ours.relations.values()}
    found: dict[str, Relation] = {}
    for held in theirs.relations.values():
        head, child = ids[held.head], ids[held.child]
        same = known.pop((head, child, held.label), None)
        relation_id = same or (new_id() if held.id in ours.relations or held.id in found else held.id)
        found[relation_id] = replace(held, id=relation_id, head=head, child=child)
    return found
