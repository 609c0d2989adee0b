"""What a screen reader says: edits, spans and documents in words."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

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
    SetSpanNote,
    SetStatus,
)
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.ui.canvas.style import score_text

MOST_SPOKEN = 80


def announce(widget: QWidget, text: str, *, is_urgent: bool = False) -> None:
    """Have a screen reader say ``text``, at once if it is urgent; without one nothing happens."""
    if text and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, text)
        if is_urgent:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)


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
        case SetAttribute(_, name, value) | SetRelationAttribute(_, name, value):
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


def span_in_words(span: Span, doc: AnnotatedDocument, scheme: LabelScheme) -> str:
    """A span as it is read aloud: ``Chinese, NORP, suggested, .99``; a decided one ends with its label."""
    parts = [_surface(doc, span), scheme.name_of(span.label, span.layer)]
    if not span.decided:
        parts += ["suggested"] if span.score is None else ["suggested", score_text(span.score)]
    return ", ".join(parts)


def token_in_words(doc: AnnotatedDocument, token: tuple[int, int], scheme: LabelScheme) -> str:
    """A token and the labels of the spans over it, the innermost first: ``Gang, in PERSON``."""
    start, end = token
    names = [scheme.name_of(span.label, span.layer) for span in doc.spans.at(start)] if start < end else []
    return ", in ".join((doc.document.text[start:end], *names))


def relation_in_words(relation: Relation, doc: AnnotatedDocument, scheme: LabelScheme) -> str:
    """A relation as it is read aloud: ``Qin Gang, met, Kuleba``."""
    head, child = (doc.spans.find(span_id) for span_id in (relation.head, relation.child))
    label = scheme.find_relation_label(relation.label)
    ends = (_surface(doc, span) if span else "" for span in (head, child))
    return f", {label.name if label else relation.label}, ".join(ends)


def document_in_words(doc: AnnotatedDocument) -> str:
    """A document as it is read aloud when it is opened: ``Peace talks, 24 spans, 3 to decide``."""
    total, left = len(doc.spans), doc.spans.undecided
    parts = [doc.document.display_title, f"{total:,} span{'' if total == 1 else 's'}"]
    return ", ".join([*parts, f"{left:,} to decide"] if left else parts)


def _surface(doc: AnnotatedDocument, span: Span) -> str:
    words = (" ".join(doc.document.text[start:end][:MOST_SPOKEN].split()) for start, end in span.parts)
    return " … ".join(words)


def _length(doc: AnnotatedDocument, span: Span) -> str:
    count = len(doc.document.text[span.start : span.end].split())
    return f"{count} word" if count == 1 else f"{count} words"
