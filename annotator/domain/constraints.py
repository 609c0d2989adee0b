"""What a scheme allows, checked on the result of an edit. A broken rule is one sentence, and nothing changes.

Only what the edit made or changed is checked: imported spans that break a rule may stay, be moved or be removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from annotator.domain.edits import Touched
from annotator.domain.errors import ConstraintBroken, UnknownLabel
from annotator.domain.labels import Attribute, AttributeKind, LabelScheme, Overlap
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Json


def check_change(scheme: LabelScheme, before: AnnotatedDocument, after: AnnotatedDocument, touched: Touched) -> None:
    """Raise `ConstraintBroken` or `UnknownLabel` unless ``scheme`` allows what an edit made of ``before``."""
    changed: set[str] = set()
    for span_id in touched.span_ids:
        old, new = before.spans.find(span_id), after.spans.find(span_id)
        if new is not None and (old is None or _place_and_label(old) != _place_and_label(new)):
            _check_span(scheme, after, new)
            changed.add(span_id)
        if old is not None and new is not None and old.attributes != new.attributes:
            _check_attributes(scheme, old, new)
    for relation in after.relations.values():
        if relation.id in touched.relation_ids or relation.head in changed or relation.child in changed:
            _check_relation(scheme, after, relation)
        if relation.id in touched.relation_ids and (held := before.relations.get(relation.id)) is not None:
            _check_relation_attributes(scheme, held, relation)
    _check_cats(scheme, before, after)


def check_places(scheme: LabelScheme, before: AnnotatedDocument, after: AnnotatedDocument, touched: Touched) -> None:
    """Raise `ConstraintBroken` unless spans may stand as an edit that brings something back leaves them.

    Their labels are not checked: what comes back may wait to be decided after a split.
    """
    for span_id in touched.span_ids:
        old, new = before.spans.find(span_id), after.spans.find(span_id)
        if new is not None and (old is None or _place_and_label(old) != _place_and_label(new)):
            _refuse_twin(scheme, after, new)
            _check_neighbours(scheme, after, new)


def check_document(scheme: LabelScheme, doc: AnnotatedDocument) -> None:
    """Raise `ConstraintBroken` or `UnknownLabel` unless the scheme allows everything ``doc`` carries.

    For imports: twins (same words, same label) and attributes that the scheme does not know are tolerated, because
    other tools write them.
    """
    for span in {(span.layer, span.label): span for span in doc.spans}.values():
        _check_label(scheme, span)
    rules = {layer.name: layer.overlap for layer in scheme.layers if layer.overlap is not Overlap.ANY}
    if not _stand_apart(span for span in doc.spans if span.layer in rules):
        for span in doc.spans:
            _check_neighbours(scheme, doc, span)
    for relation in doc.relations.values():
        _check_relation(scheme, doc, relation)
    for label in doc.cats:
        _check_document_label(scheme, label)


def _stand_apart(spans: Iterable[Span]) -> bool:
    """Whether no two of these spans, in document order, share a character: then no rule can be broken."""
    end = 0
    for span in spans:
        if span.start < end:
            return False
        end = span.end
    return True


def _place_and_label(span: Span) -> tuple[object, ...]:
    return (span.start, span.end, span.fragments, span.label, span.layer)


def _check_span(scheme: LabelScheme, doc: AnnotatedDocument, span: Span) -> None:
    _check_label(scheme, span)
    _refuse_twin(scheme, doc, span)
    layer = scheme.find_layer(span.layer)
    if span.fragments and layer is not None and not layer.allows_fragments:
        raise ConstraintBroken(f"spans of the layer {layer.name} must be in one piece")
    _check_neighbours(scheme, doc, span)


def _refuse_twin(scheme: LabelScheme, doc: AnnotatedDocument, span: Span) -> None:
    for other in doc.spans.overlapping(span.start, span.end):
        if other.id != span.id and _place_and_label(other) == _place_and_label(span):
            raise ConstraintBroken(f"{scheme.name_of(span.label, span.layer)} is already on these words")


def _check_label(scheme: LabelScheme, span: Span) -> None:
    label = scheme.find_label(span.label, span.layer)
    if label is None:
        raise _unknown(scheme, span.label, f"label of layer {span.layer}")
    if label.split_into:
        names = [scheme.name_of(part, span.layer) for part in label.split_into]
        raise ConstraintBroken(f"{label.name} was split", remedy=f"choose one of {', '.join(names)}")


def _check_neighbours(scheme: LabelScheme, doc: AnnotatedDocument, span: Span) -> None:
    layer = scheme.find_layer(span.layer)
    if layer is None or layer.overlap is Overlap.ANY:
        return
    for other in doc.spans.overlapping(span.start, span.end):
        if other.id == span.id or other.layer != span.layer or may_share(span, other, layer.overlap):
            continue
        raise ConstraintBroken(
            f"{scheme.name_of(span.label, span.layer)} would {_CLASH[layer.overlap]} "
            f"{scheme.name_of(other.label, other.layer)} here, which the scheme does not allow",
            remedy="remove or resize the other span first",
        )


_CLASH = {Overlap.ANY: "", Overlap.NESTED: "cross", Overlap.NONE: "overlap"}


def may_share(one: Span, other: Span, overlap: Overlap) -> bool:
    """Whether two spans of a layer with this rule may stand as they do."""
    if overlap is Overlap.ANY:
        return True
    if overlap is Overlap.NONE:
        return not any(other.overlaps_part(start, end) for start, end in one.parts)
    one_inside = other.start <= one.start and one.end <= other.end
    return one_inside or (one.start <= other.start and other.end <= one.end)


def _check_attributes(scheme: LabelScheme, old: Span, new: Span) -> None:
    layer = scheme.find_layer(new.layer)
    known = layer.attributes if layer else ()
    for name, value in _changed_values(old.attributes, new.attributes):
        attribute = _find_known(scheme, known, name, f"in the layer {new.layer}")
        if attribute is None:
            continue
        if attribute.labels and new.label not in attribute.labels:
            raise ConstraintBroken(f"{scheme.name_of(new.label, new.layer)} does not have the attribute {name!r}")
        _check_value(attribute, value)


def _check_relation_attributes(scheme: LabelScheme, old: Relation, new: Relation) -> None:
    for name, value in _changed_values(old.attributes, new.attributes):
        attribute = _find_known(scheme, scheme.relation_attributes, name, "for relations")
        if attribute is None:
            continue
        if attribute.labels and new.label not in attribute.labels:
            label = scheme.find_relation_label(new.label)
            raise ConstraintBroken(f"{label.name if label else new.label} does not have the attribute {name!r}")
        _check_value(attribute, value)


def _changed_values(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    return ((name, value) for name, value in new.items() if old.get(name) != value)


def _find_known(scheme: LabelScheme, known: Iterable[Attribute], name: str, where: str) -> Attribute | None:
    """The attribute of this name; None when the scheme lacks it and does not mind."""
    found = next((one for one in known if one.name == name), None)
    if found is None and not scheme.is_extensible:
        raise ConstraintBroken(
            f"the scheme {scheme.name!r} has no attribute {name!r} {where}", remedy="add it in the scheme editor"
        )
    return found


def _check_value(attribute: Attribute, value: Json) -> None:
    match attribute.kind:
        case AttributeKind.CHOICE if value not in attribute.values:
            raise ConstraintBroken(
                f"{value!r} is no value of {attribute.name!r}", remedy=f"choose one of {', '.join(attribute.values)}"
            )
        case AttributeKind.FLAG if value is not True:
            raise ConstraintBroken(f"{attribute.name!r} is a flag: true, or taken away")
        case AttributeKind.TEXT if not isinstance(value, str):
            raise ConstraintBroken(f"{attribute.name!r} takes a text")
        case _:
            pass


def _check_relation(scheme: LabelScheme, doc: AnnotatedDocument, relation: Relation) -> None:
    label = scheme.find_relation_label(relation.label)
    if label is None:
        raise _unknown(scheme, relation.label, "relation label")
    head, child = doc.spans.find(relation.head), doc.spans.find(relation.child)
    rules = scheme.rules_of(relation.label)
    if head is None or child is None or not rules:
        return
    if any(_allows(rule.heads, head) and _allows(rule.children, child) for rule in rules):
        return
    head_name, child_name = (scheme.name_of(span.label, span.layer) for span in (head, child))
    raise ConstraintBroken(f"{label.name} cannot go from {head_name} to {child_name}")


def _allows(labels: tuple[str, ...], span: Span) -> bool:
    return not labels or span.label in labels


def _check_cats(scheme: LabelScheme, before: AnnotatedDocument, after: AnnotatedDocument) -> None:
    added = after.cats.keys() - before.cats.keys()
    for label in added:
        _check_document_label(scheme, label)
    if added and scheme.has_single_document_label and len(after.cats) > 1:
        raise ConstraintBroken("a document has one document label only", remedy="take the other one away first")


def _check_document_label(scheme: LabelScheme, label: str) -> None:
    if scheme.find_document_label(label) is None:
        raise _unknown(scheme, label, "document label")


def _unknown(scheme: LabelScheme, name: str, what: str) -> UnknownLabel:
    return UnknownLabel(
        f"{name!r} is not a {what} in the scheme {scheme.name!r}", remedy="use a label of the scheme or add it"
    )
