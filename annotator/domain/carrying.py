"""What a key means for all that a span or a document carries besides its label: attributes, notes, parts, relations,
document labels. Pure; every function returns an `Edit` or raises a `UserError` of one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from annotator.domain.corrections import find_span_or_raise
from annotator.domain.edits import (
    AddRelation,
    Batch,
    Edit,
    RemoveRelation,
    Reshape,
    SetAttribute,
    SetCat,
    SetNote,
    SetRelationAttribute,
    SetSpanNote,
)
from annotator.domain.errors import ConstraintBroken, UnknownSpan
from annotator.domain.labels import Attribute, AttributeKind, Label, LabelScheme
from annotator.domain.offsets import trim
from annotator.domain.parts import put_part
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Json


def attributes_for(scheme: LabelScheme, held: Span | Relation) -> list[Attribute]:
    """The attributes that a span or a relation may carry."""
    if isinstance(held, Relation):
        return scheme.attributes_of_relation(held.label)
    layer = scheme.find_layer(held.layer)
    return layer.attributes_of(held.label) if layer is not None else []


def toggle_attribute(doc: AnnotatedDocument, span_id: str, attribute: Attribute, value: str) -> Edit:
    """Give a span this value of a choice or a flag; the value it has already is taken away."""
    return SetAttribute(span_id, attribute.name, _toggled(find_span_or_raise(doc, span_id), attribute, value))


def write_attribute(doc: AnnotatedDocument, span_id: str, attribute: Attribute, text: str) -> Edit:
    """Give a span this text as an attribute; blank text takes the attribute away."""
    return SetAttribute(span_id, attribute.name, _written(find_span_or_raise(doc, span_id), attribute, text))


def toggle_relation_attribute(doc: AnnotatedDocument, relation_id: str, attribute: Attribute, value: str) -> Edit:
    """Give a relation this value of a choice or a flag; the value it has already is taken away."""
    held = find_relation_or_raise(doc, relation_id)
    return SetRelationAttribute(relation_id, attribute.name, _toggled(held, attribute, value))


def write_relation_attribute(doc: AnnotatedDocument, relation_id: str, attribute: Attribute, text: str) -> Edit:
    """Give a relation this text as an attribute; blank text takes the attribute away."""
    held = find_relation_or_raise(doc, relation_id)
    return SetRelationAttribute(relation_id, attribute.name, _written(held, attribute, text))


def find_relation_or_raise(doc: AnnotatedDocument, relation_id: str) -> Relation:
    """The relation with this id. Raises `UnknownSpan`."""
    relation = doc.relations.get(relation_id)
    if relation is None:
        raise UnknownSpan("this relation is not there any more")
    return relation


def values_in_words(attributes: Mapping[str, Json]) -> list[str]:
    """Values of a span or a relation by name: "certainty: likely", "metonymic"."""
    shown = sorted(name for name in attributes if not name.startswith("_"))  # the others: what an imported file had
    return [name if attributes[name] is True else f"{name}: {attributes[name]}" for name in shown]


def write_note(doc: AnnotatedDocument, span_id: str | None, text: str) -> Edit:
    """Set the note of a span, or of the document without one; blank text takes it away."""
    note = text.strip()
    held = doc.note if span_id is None else find_span_or_raise(doc, span_id).note
    if note == held:
        raise ConstraintBroken("the note says that already")
    return SetNote(note) if span_id is None else SetSpanNote(span_id, note)


def toggle_document_label(doc: AnnotatedDocument, scheme: LabelScheme, label_id: str) -> Edit:
    """Give the document a label, or take it away; where it may have one only, it takes the other's place."""
    if label_id in doc.cats:
        return SetCat(label_id, None)
    given = SetCat(label_id, 1.0)
    if not scheme.has_single_document_label or not doc.cats:
        return given
    return Batch((*(SetCat(other, None) for other in doc.cats), given))


def add_part(doc: AnnotatedDocument, span_id: str, selection: tuple[int, int]) -> Edit:
    """A span with the selected words as a further part; parts that meet become one."""
    span = find_span_or_raise(doc, span_id)
    start, end = trim(doc.document.text, *selection)
    if start == end:
        raise ConstraintBroken("white space cannot be a part of a span", remedy="select a word first")
    parts = put_part(doc.document.text, span.parts, (start, end))
    if parts == span.parts:
        raise ConstraintBroken("these words are in the span already")
    return Reshape(span_id, parts)


def remove_part(doc: AnnotatedDocument, span_id: str, char: int | None = None) -> Edit:
    """A span without the part that has ``char`` (a code point); without one, without its last part."""
    span = find_span_or_raise(doc, span_id)
    if not span.fragments:
        raise ConstraintBroken("the span is in one piece", remedy="remove it, or move its edges")
    gone = next((part for part in span.parts if char is not None and part[0] <= char < part[1]), span.parts[-1])
    return Reshape(span_id, tuple(part for part in span.parts if part != gone))


def relation_labels_for(scheme: LabelScheme, head: Span, child: Span) -> list[Label]:
    """The relation labels that may go from ``head`` to ``child``."""
    return [label for label in scheme.relation_labels if _may_join(scheme, label.id, head, child)]


def toggle_relation(doc: AnnotatedDocument, head_id: str, child_id: str, label: str, relation_id: str) -> Edit:
    """A relation from ``head_id`` to ``child_id``; the one that is there already is taken away."""
    find_span_or_raise(doc, head_id)
    find_span_or_raise(doc, child_id)
    if head_id == child_id:
        raise ConstraintBroken("a relation joins two spans", remedy="go to the other span first")
    held = next((one for one in relations_between(doc, head_id, child_id) if one.label == label), None)
    return RemoveRelation(held.id) if held else AddRelation(Relation(relation_id, head_id, child_id, label))


def relations_between(doc: AnnotatedDocument, head_id: str, child_id: str) -> list[Relation]:
    """The relations from one span to another."""
    return [one for one in doc.relations.values() if (one.head, one.child) == (head_id, child_id)]


def relations_of(doc: AnnotatedDocument, span_id: str) -> list[Relation]:
    """The relations at a span, in the order of their ids."""
    return [one for _, one in sorted(doc.relations.items()) if span_id in (one.head, one.child)]


def _toggled(held: Span | Relation, attribute: Attribute, value: str) -> Json:
    wanted: str | bool = True if attribute.kind is AttributeKind.FLAG else value
    return None if held.attributes.get(attribute.name) == wanted else wanted


def _written(held: Span | Relation, attribute: Attribute, text: str) -> Json:
    words = text.strip() or None
    if held.attributes.get(attribute.name) == words:
        raise ConstraintBroken(f"{attribute.name!r} says that already")
    return words


def _may_join(scheme: LabelScheme, label_id: str, head: Span, child: Span) -> bool:
    rules = scheme.rules_of(label_id)
    return not rules or any(
        (not rule.heads or head.label in rule.heads) and (not rule.children or child.label in rule.children)
        for rule in rules
    )
