"""Edits and differences in words, for lists that people read: "relabelled Kuleba GPE → PERSON". Pure."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.domain.differences import (
    Aspect,
    AttributeDiffers,
    CatDiffers,
    Difference,
    NoteDiffers,
    RelationDiffers,
    SpanDiffers,
)
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
    ResizeSpan,
    SetAttribute,
    SetCat,
    SetNote,
    SetRelationAttribute,
    SetRuling,
    SetSpanNote,
    SetStatus,
)
from annotator.domain.folding import surface_of
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Json

MOST_SURFACE = 40


class Teller:
    """Tells of one document. ``before`` is the set before the edit, or the first of two states to tell apart."""

    def __init__(self, before: AnnotatedDocument, scheme: LabelScheme, after: AnnotatedDocument | None = None) -> None:
        self._before = before
        self._after = after
        self._scheme = scheme

    def tell(self, edit: Edit) -> str:
        """What an edit did, in the past tense, without a full stop."""
        match edit:
            case AddSpan(span):
                return f"added {self.surface(span)} {self._label(span)}"
            case RemoveSpan(span_id):
                return f"removed {self._named(span_id)}"
            case Relabel(span_id, label, _):
                return self._told_relabel(span_id, label)
            case ResizeSpan(span_id, start, end, _):
                return f"moved the edges of {self._words(span_id)} to {self._at(((start, end),))}"
            case Reshape(span_id, parts, _):
                return f"moved the edges of {self._words(span_id)} to {self._at(parts)}"
            case Decide(span_ids, decided):
                return self._told_decision(span_ids, decided=decided)
            case Batch(edits):
                return self._told_batch(edits)
            case _:
                return self._tell_of_the_rest(edit)

    def tell_difference(self, one: Difference) -> str:
        """What is another between two states: "added Paris GPE"."""
        match one:
            case SpanDiffers():
                return self._told_span(one)
            case AttributeDiffers(old, _, name):
                return f"{name} of {self.surface(old)} {_arrow(*map(_value, one.values))}"
            case RelationDiffers(None, relation) if relation is not None:
                return f"added {self._relation(relation)}"
            case RelationDiffers(relation, None) if relation is not None:
                return f"removed {self._relation(relation)}"
            case RelationDiffers():
                return f"changed {self._relation(one.relation)}{_changed_values(one)}"
            case CatDiffers(label, before, after):
                return f"document label {self._cat(label)} {_arrow(_given(before), _given(after))}"
            case NoteDiffers(before, after):
                return f"note {_arrow(_quoted(before), _quoted(after))}"
            case _:
                return f"status {_arrow(*map(_status, (one.before, one.after)))}"

    def surface(self, span: Span) -> str:
        """The words of a span, shortened."""
        return _shortened(surface_of(self._before.document.text, span))

    def _tell_of_the_rest(self, edit: Edit) -> str:
        match edit:
            case SetAttribute(span_id, name, value):
                return f"set {name} of {self._words(span_id)} to {_value(value)}"
            case SetSpanNote(span_id, note):
                return f"noted on {self._words(span_id)}: {_quoted(note)}"
            case AddRelation(relation):
                return f"added {self._relation(relation)}"
            case RemoveRelation(relation_id):
                held = self._before.relations.get(relation_id)
                return f"removed {self._relation(held)}" if held else "removed a relation"
            case SetRelationAttribute(relation_id, name, value):
                held = self._before.relations.get(relation_id)
                return f"set {name} of {self._relation(held) if held else 'a relation'} to {_value(value)}"
            case SetCat(label, value):
                return f"document label {self._cat(label)}: {_given(value)}"
            case SetNote(note):
                return f"note: {_quoted(note)}"
            case SetStatus(status, reason):
                return f"status: {_status((status, reason))}"
            case SetRuling(_, ruling):
                return f"ruled by {ruling.decided_by}: {ruling.outcome.value}" if ruling else "took a ruling back"
            case _:
                return "changed something"

    def _told_relabel(self, span_id: str, label: str) -> str:
        held = self._before.spans.find(span_id)
        if held is None:
            return f"relabelled a span {label}"
        return f"relabelled {self.surface(held)} {self._label(held)} → {self._scheme.name_of(label, held.layer)}"

    def _told_decision(self, span_ids: tuple[str, ...], *, decided: bool) -> str:
        what = "accepted" if decided else "made undecided again:"
        return f"{what} {self._named(span_ids[0]) if len(span_ids) == 1 else _count(len(span_ids), 'suggestion')}"

    def _told_batch(self, edits: Iterable[Edit]) -> str:
        flat = list(_flat(edits))
        # That a document came to be in progress, or is new again, says nothing beside what was done in it.
        parts = [one for one in flat if one not in _ALONG] or flat
        if not parts:
            return "changed nothing"
        kinds = {type(one) for one in parts}
        if len(parts) > 1 and len(kinds) == 1 and (verb := _VERBS.get(kinds.pop())):
            return f"{verb[0]} {_count(len(parts), verb[1])}"
        first = self.tell(parts[0])
        return first if len(parts) == 1 else f"{first}, and {len(parts) - 1:,} more"

    def _told_span(self, one: SpanDiffers) -> str:
        old, new = one.before, one.after
        if old is None or new is None:
            return f"{'added' if old is None else 'removed'} {self.surface(one.span)} {self._label(one.span)}"
        words = self.surface(old)
        match one.aspect:
            case Aspect.LABEL:
                return f"relabelled {words} {_arrow(self._label(old), self._label(new))}"
            case Aspect.PLACE:
                return f"edges {_arrow(words, self.surface(new))}"
            case Aspect.DECISION:
                return f"{'accepted' if new.decided else 'undecided again:'} {words} {self._label(new)}"
            case Aspect.NOTE:
                return f"note on {words} {_arrow(_quoted(old.note), _quoted(new.note))}"
            case _:
                return f"source of {words} {_arrow(_source(old), _source(new))}"

    def _find(self, span_id: str) -> Span | None:
        return self._before.spans.find(span_id) or (self._after.spans.find(span_id) if self._after else None)

    def _words(self, span_id: str) -> str:
        held = self._find(span_id)
        return self.surface(held) if held else "a span"

    def _named(self, span_id: str) -> str:
        held = self._find(span_id)
        return f"{self.surface(held)} {self._label(held)}" if held else "a span"

    def _label(self, span: Span) -> str:
        return self._scheme.name_of(span.label, span.layer)

    def _at(self, parts: tuple[tuple[int, int], ...]) -> str:
        return _shortened(" ".join(self._before.document.text[start:end] for start, end in parts))

    def _cat(self, label: str) -> str:
        found = self._scheme.find_document_label(label)
        return found.name if found else label

    def _relation(self, relation: Relation) -> str:
        found = self._scheme.find_relation_label(relation.label)
        name = found.name if found else relation.label
        return f"{name} from {self._words(relation.head)} to {self._words(relation.child)}"


_ALONG = (SetStatus(Status.IN_PROGRESS), SetStatus(Status.NEW))
_VERBS: dict[type, tuple[str, str]] = {
    AddSpan: ("added", "span"),
    RemoveSpan: ("removed", "span"),
    Relabel: ("relabelled", "span"),
    ResizeSpan: ("moved the edges of", "span"),
    Reshape: ("moved the edges of", "span"),
    AddRelation: ("added", "relation"),
    RemoveRelation: ("removed", "relation"),
}


def capitalised(words: str) -> str:
    """``words`` with a capital letter first, the rest as it is."""
    return words[:1].upper() + words[1:]


def _flat(edits: Iterable[Edit]) -> Iterable[Edit]:
    for edit in edits:
        if isinstance(edit, Batch):
            yield from _flat(edit.edits)
        else:
            yield edit


def _shortened(text: str) -> str:
    words = " ".join(text.split()) or "white space"
    return words if len(words) <= MOST_SURFACE else words[: MOST_SURFACE - 1].rstrip() + "…"


def _quoted(note: str) -> str:
    return f"“{_shortened(note)}”" if note else "none"


def _count(number: int, of: str) -> str:
    return f"{number:,} {of}{'' if number == 1 else 's'}"


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}"


def _status(status: tuple[Status, str]) -> str:
    return f"{status[0].value} ({_shortened(status[1])})" if status[1] else status[0].value


def _source(span: Span) -> str:
    return f"{span.pipeline or span.origin.value}, {span.layer}"


def _value(value: Json) -> str:
    if value is None:
        return "none"
    return "yes" if value is True else _shortened(str(value))


def _changed_values(one: RelationDiffers) -> str:
    """Which values of a relation are others: ": certainty sure → likely"; empty when none is."""
    before, after = (held.attributes if held else {} for held in (one.before, one.after))
    names = sorted(name for name in {**before, **after} if before.get(name) != after.get(name))
    told = (f"{name} {_arrow(_value(before.get(name)), _value(after.get(name)))}" for name in names)
    return f": {', '.join(told)}" if names else ""


def _given(value: float | None) -> str:
    if value is None:
        return "none"
    return "given" if value == 1.0 else f"{value:g}"
