"""Domain values as plain JSON values and back: for the journal and for files. Lossless both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

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
from annotator.domain.projects import Status
from annotator.domain.rulings import ruling_from_plain, ruling_to_plain
from annotator.domain.spans import DEFAULT_LAYER, Origin, Relation, Span

Plain = dict[str, Any]


def span_to_plain(span: Span) -> Plain:
    """A span as a JSON object; fields that hold their default are left out."""
    plain: Plain = {"id": span.id, "start": span.start, "end": span.end, "label": span.label}
    if span.layer != DEFAULT_LAYER:
        plain["layer"] = span.layer
    if span.origin is not Origin.HUMAN:
        plain["origin"] = span.origin.value
    if not span.decided:
        plain["decided"] = False
    if span.score is not None:
        plain["score"] = span.score
    if span.pipeline:
        plain["pipeline"] = span.pipeline
    if span.attributes:
        plain["attributes"] = dict(span.attributes)
    if span.note:
        plain["note"] = span.note
    if span.fragments:
        plain["fragments"] = [list(part) for part in span.fragments]
    return plain


def parts_from_plain(plain: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """Parts of a span from lists of two offsets."""
    return tuple((start, end) for start, end in plain)


def span_from_plain(plain: Mapping[str, Any]) -> Span:
    """The inverse of `span_to_plain`."""
    return Span(
        id=plain["id"],
        start=plain["start"],
        end=plain["end"],
        label=plain["label"],
        layer=plain.get("layer", DEFAULT_LAYER),
        origin=Origin(plain.get("origin", Origin.HUMAN)),
        decided=plain.get("decided", True),
        score=plain.get("score"),
        pipeline=plain.get("pipeline", ""),
        attributes=plain.get("attributes", {}),
        note=plain.get("note", ""),
        fragments=parts_from_plain(plain.get("fragments", ())),
    )


def relation_to_plain(relation: Relation) -> Plain:
    """A relation as a JSON object."""
    plain: Plain = {
        "id": relation.id,
        "head": relation.head,
        "child": relation.child,
        "label": relation.label,
    }
    if relation.attributes:
        plain["attributes"] = dict(relation.attributes)
    return plain


def relation_from_plain(plain: Mapping[str, Any]) -> Relation:
    """The inverse of `relation_to_plain`."""
    return Relation(plain["id"], plain["head"], plain["child"], plain["label"], plain.get("attributes", {}))


def edit_to_plain(edit: Edit) -> Plain:
    """An edit as a JSON object with its kind under ``"edit"``."""
    match edit:
        case AddSpan(span):
            return {"edit": "add_span", "span": span_to_plain(span)}
        case RemoveSpan(span_id):
            return {"edit": "remove_span", "id": span_id}
        case ResizeSpan(span_id, start, end, decided):
            return {"edit": "resize_span", "id": span_id, "start": start, "end": end, "decided": decided}
        case Reshape(span_id, parts, decided):
            return {"edit": "reshape", "id": span_id, "parts": [list(part) for part in parts], "decided": decided}
        case Relabel(span_id, label, decided):
            return {"edit": "relabel", "id": span_id, "label": label, "decided": decided}
        case Decide(span_ids, decided):
            return {"edit": "decide", "ids": list(span_ids), "decided": decided}
        case SetAttribute(span_id, name, value):
            return {"edit": "set_attribute", "id": span_id, "name": name, "value": value}
        case SetSpanNote(span_id, note):
            return {"edit": "set_span_note", "id": span_id, "note": note}
        case AddRelation(relation):
            return {"edit": "add_relation", "relation": relation_to_plain(relation)}
        case RemoveRelation(relation_id):
            return {"edit": "remove_relation", "id": relation_id}
        case SetRelationAttribute(relation_id, name, value):
            return {"edit": "set_relation_attribute", "id": relation_id, "name": name, "value": value}
        case SetCat(label, value):
            return {"edit": "set_cat", "label": label, "value": value}
        case SetStatus(status, reason):
            return {"edit": "set_status", "status": status.value} | ({"reason": reason} if reason else {})
        case SetNote(note):
            return {"edit": "set_note", "note": note}
        case SetRuling(ruling_id, ruling):
            kept = None if ruling is None else ruling_to_plain(ruling)
            return {"edit": "set_ruling", "id": ruling_id, "ruling": kept}
        case Batch(edits):
            return {"edit": "batch", "edits": [edit_to_plain(one) for one in edits]}


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Edit]] = {
    "add_span": lambda plain: AddSpan(span_from_plain(plain["span"])),
    "remove_span": lambda plain: RemoveSpan(plain["id"]),
    "resize_span": lambda plain: ResizeSpan(plain["id"], plain["start"], plain["end"], plain["decided"]),
    "reshape": lambda plain: Reshape(plain["id"], parts_from_plain(plain["parts"]), plain["decided"]),
    "relabel": lambda plain: Relabel(plain["id"], plain["label"], plain["decided"]),
    "decide": lambda plain: Decide(tuple(plain["ids"]), plain["decided"]),
    "set_attribute": lambda plain: SetAttribute(plain["id"], plain["name"], plain["value"]),
    "set_span_note": lambda plain: SetSpanNote(plain["id"], plain["note"]),
    "add_relation": lambda plain: AddRelation(relation_from_plain(plain["relation"])),
    "remove_relation": lambda plain: RemoveRelation(plain["id"]),
    "set_relation_attribute": lambda plain: SetRelationAttribute(plain["id"], plain["name"], plain["value"]),
    "set_cat": lambda plain: SetCat(plain["label"], plain["value"]),
    "set_status": lambda plain: SetStatus(Status(plain["status"]), plain.get("reason", "")),
    "set_note": lambda plain: SetNote(plain["note"]),
    "set_ruling": lambda plain: SetRuling(
        plain["id"], None if plain["ruling"] is None else ruling_from_plain(plain["ruling"])
    ),
    "batch": lambda plain: Batch(tuple(edit_from_plain(one) for one in plain["edits"])),
}


def edit_from_plain(plain: Mapping[str, Any]) -> Edit:
    """The inverse of `edit_to_plain`. Raises KeyError for a kind of edit this version does not know."""
    return _READERS[plain["edit"]](plain)
