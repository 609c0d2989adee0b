"""What a change of the scheme means for what was labelled before: an edit of each annotation set. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from annotator.domain.edits import (
    AddRelation,
    AddSpan,
    Batch,
    Edit,
    Relabel,
    RemoveRelation,
    RemoveSpan,
    SetAttribute,
    SetCat,
    SetSpanNote,
)
from annotator.domain.errors import UnknownLabel
from annotator.domain.label_groups import LabelGroup, LabelKind, labels_of
from annotator.domain.labels import Label, LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.scheme_edits import DeleteLabel, MergeLabels, SchemeEdit
from annotator.domain.spans import Relation, Span


@dataclass(frozen=True, slots=True)
class Migration:
    """Which labels of a group become which; an empty string: what carries the label loses it."""

    group: LabelGroup
    becomes: Mapping[str, str] = field(hash=False)


def find_migration(edit: SchemeEdit) -> Migration | None:
    """What ``edit`` of the scheme asks of the annotation sets, None when they stay as they are."""
    match edit:
        case MergeLabels(group, sources, target):
            return Migration(group, dict.fromkeys(sources, target))
        case DeleteLabel(group, label_id, relabel_as):
            return Migration(group, {label_id: relabel_as})
        case _:
            return None


def migrated(doc: AnnotatedDocument, migration: Migration) -> Edit | None:
    """The edit that carries ``migration`` out in one annotation set; None when nothing there is concerned.

    Of spans that come to be the same (same words, same label), one stays with the attributes, notes and relations of
    all. Suggestions stay suggestions.
    """
    match migration.group.kind:
        case LabelKind.SPAN:
            edits = list(_span_edits(doc, migration))
        case LabelKind.RELATION:
            edits = list(_relation_edits(doc, {}, migration.becomes))
        case LabelKind.DOCUMENT:
            edits = list(_cat_edits(doc, migration.becomes))
    return Batch(tuple(edits)) if edits else None


def _span_edits(doc: AnnotatedDocument, migration: Migration) -> Iterator[Edit]:
    concerned = [span for span in doc.spans if span.layer == migration.group.layer and span.label in migration.becomes]
    becoming = {span.id: migration.becomes[span.label] for span in concerned}
    kept_for = _kept_for(doc, becoming)
    relations = list(_relation_edits(doc, kept_for, {}))
    yield from (edit for edit in relations if isinstance(edit, RemoveRelation))
    for span in concerned:
        if kept_for.get(span.id, span.id) == span.id:
            yield Relabel(span.id, becoming[span.id], span.decided)
    yield from _inherited(doc, kept_for)
    yield from (RemoveSpan(gone) for gone in kept_for)
    yield from (edit for edit in relations if not isinstance(edit, RemoveRelation))


def _kept_for(doc: AnnotatedDocument, becoming: Mapping[str, str]) -> dict[str, str]:
    """For each span that goes, the span that stays for it; an empty string when none does."""
    gone = {span_id: "" for span_id, label in becoming.items() if not label}
    done: set[str] = set()
    for span_id, label in becoming.items():
        if not label or span_id in done:
            continue
        span = _span(doc, span_id)
        same = [one for one in doc.spans.overlapping(span.start, span.end) if _comes_to(one, span, label, becoming)]
        best = min(same, key=lambda one: (not one.decided, one.id in becoming, one.order))
        gone |= {one.id: best.id for one in same if one.id != best.id}
        done |= {one.id for one in same}
    return gone


def _comes_to(one: Span, span: Span, label: str, becoming: Mapping[str, str]) -> bool:
    same_place = (one.parts, one.layer) == (span.parts, span.layer)
    return same_place and becoming.get(one.id, one.label) == label


def _inherited(doc: AnnotatedDocument, kept_for: Mapping[str, str]) -> Iterator[Edit]:
    """Attributes and notes of spans that go, for the span that stays for them; its own come first."""
    held: dict[str, Span] = {}
    for gone_id, kept_id in kept_for.items():
        if not kept_id:
            continue
        gone, kept = _span(doc, gone_id), held.get(kept_id) or _span(doc, kept_id)
        for name, value in gone.attributes.items():
            if name not in kept.attributes:
                kept = replace(kept, attributes={**kept.attributes, name: value})
                yield SetAttribute(kept_id, name, value)
        if gone.note and not kept.note:
            kept = replace(kept, note=gone.note)
            yield SetSpanNote(kept_id, gone.note)
        held[kept_id] = kept


def _relation_edits(doc: AnnotatedDocument, kept_for: Mapping[str, str], becomes: Mapping[str, str]) -> Iterator[Edit]:
    """Relations hang on the spans that stay and have the labels that stay; each is there once, none on itself."""
    seen = {
        _arrow(one) for one in doc.relations.values() if not _is_concerned(one, kept_for, becomes)
    }  # what stays as it is comes first
    for relation in doc.relations.values():
        if not _is_concerned(relation, kept_for, becomes):
            continue
        yield RemoveRelation(relation.id)
        moved = replace(
            relation,
            id=_free_id(doc, relation.id),
            head=kept_for.get(relation.head, relation.head),
            child=kept_for.get(relation.child, relation.child),
            label=becomes.get(relation.label, relation.label),
        )
        is_whole = bool(moved.head and moved.child and moved.label)
        if is_whole and moved.head != moved.child and _arrow(moved) not in seen:
            seen.add(_arrow(moved))
            yield AddRelation(moved)


def _is_concerned(relation: Relation, kept_for: Mapping[str, str], becomes: Mapping[str, str]) -> bool:
    return relation.head in kept_for or relation.child in kept_for or relation.label in becomes


def _arrow(relation: Relation) -> tuple[str, str, str]:
    return (relation.head, relation.child, relation.label)


def _free_id(doc: AnnotatedDocument, relation_id: str) -> str:
    """A new id, so that taking the change back can tell the new relation from the old one."""
    made = f"{relation_id}+"
    while made in doc.relations:
        made += "+"
    return made


def _cat_edits(doc: AnnotatedDocument, becomes: Mapping[str, str]) -> Iterator[Edit]:
    cats = dict(doc.cats)
    for old, new in becomes.items():
        value = cats.pop(old, None)
        if value is None:
            continue
        yield SetCat(old, None)
        if new and cats.get(new, -1.0) < value:
            cats[new] = value
            yield SetCat(new, value)


def _span(doc: AnnotatedDocument, span_id: str) -> Span:
    span = doc.spans.find(span_id)
    if span is None:
        raise AssertionError(f"the span {span_id} was just seen")
    return span


def with_known_labels(edit: Edit, doc: AnnotatedDocument, scheme: LabelScheme) -> Edit:
    """``edit``, made under an earlier scheme, with the labels that ``scheme`` has in the place of merged ones.

    Raises `UnknownLabel` when it would bring back a label that was deleted since.
    """
    match edit:
        case AddSpan(span):
            known = _known(_layer_labels(scheme, span.layer), span.label)
            return edit if known == span.label else AddSpan(replace(span, label=known))
        case Relabel(span_id, label, decided):
            held = doc.spans.find(span_id)
            known = _known(_layer_labels(scheme, held.layer), label) if held else label
            return edit if known == label else Relabel(span_id, known, decided)
        case AddRelation(relation):
            known = _known(scheme.relation_labels, relation.label)
            return edit if known == relation.label else AddRelation(replace(relation, label=known))
        case SetCat(label, value) if value is not None:
            return SetCat(_known(scheme.document_labels, label), value)
        case Batch(edits):
            return Batch(tuple(with_known_labels(one, doc, scheme) for one in edits))
        case _:
            return edit


def _layer_labels(scheme: LabelScheme, layer: str) -> tuple[Label, ...]:
    return labels_of(scheme, LabelGroup.of_layer(layer))


def find_known(labels: Iterable[Label], label_id: str) -> str | None:
    """The id of the label with this id, or of the one that it was merged into; None when it was deleted.

    Schemes from before ``replaces`` was kept have the ids among the aliases.
    """
    labels = tuple(labels)
    if any(label.id == label_id for label in labels):
        return label_id
    replacing = next((label.id for label in labels if label_id in label.replaces), None)
    return replacing or next((one.id for one in labels if label_id in one.aliases and not one.replaces), None)


def _known(labels: Iterable[Label], label_id: str) -> str:
    successor = find_known(labels, label_id)
    if successor is None:
        raise UnknownLabel("a label that this would bring back was deleted from the scheme", remedy="add it again")
    return successor
