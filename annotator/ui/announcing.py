"""What a screen reader says after an edit. No Qt."""

from __future__ import annotations

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
    SetSpanNote,
    SetStatus,
)
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span

MOST_SPOKEN = 80


def edit_in_words(edit: Edit, doc: AnnotatedDocument, scheme: LabelScheme) -> str:
    """An edit in a few words; ``doc`` is the document after it: ``PERSON added, 2 words``."""
    match edit:
        case AddSpan(span):
            return f"{scheme.name_of(span.label, span.layer)} added, {_length(doc, span)}"
        case RemoveSpan():
            return "removed"
        case Relabel(span_id) | ResizeSpan(span_id):
            held = doc.spans.find(span_id)
            return f"{_surface(doc, held)}, {scheme.name_of(held.label, held.layer)}" if held else ""
        case Decide(span_ids, decided):
            count = f"{len(span_ids)} suggestions " if len(span_ids) > 1 else ""
            return count + ("accepted" if decided else "to decide again")
        case SetAttribute(_, name, value):
            return f"{name} {value if value is not True else 'given'}" if value is not None else f"{name} taken away"
        case SetSpanNote(_, note) | SetNote(note):
            return "note kept" if note else "note taken away"
        case AddRelation(relation):
            label = scheme.find_relation_label(relation.label)
            return f"{label.name if label else relation.label} added"
        case RemoveRelation():
            return "relation removed"
        case Reshape(_, parts):
            return f"{len(parts)} parts" if len(parts) > 1 else "one part"
        case SetCat(label_id, value):
            found = scheme.find_document_label(label_id)
            return f"document {found.name if found else label_id}" + ("" if value is not None else " taken away")
        case SetStatus(status):
            return f"document {status.value}"
        case Batch(edits) if (added := sum(isinstance(one, AddSpan) for one in edits)) > 1:
            return f"{added} spans added"
        case Batch(edits):
            return ", ".join(filter(None, (edit_in_words(one, doc, scheme) for one in edits)))
        case _:
            return ""


def _surface(doc: AnnotatedDocument, span: Span) -> str:
    return " ".join(doc.document.text[span.start : span.end][:MOST_SPOKEN].split())


def _length(doc: AnnotatedDocument, span: Span) -> str:
    count = len(doc.document.text[span.start : span.end].split())
    return f"{count} word" if count == 1 else f"{count} words"
