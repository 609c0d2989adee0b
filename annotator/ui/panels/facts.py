"""What a span or a document carries besides its label, in a few dim lines. No Qt."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.carrying import relations_of, values_in_words
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span

MOST_WORDS = 160
MOST_LINES = 6


def span_facts(doc: AnnotatedDocument, scheme: LabelScheme, span: Span) -> str:
    """Attributes, relations, parts and note of a span, a line each; empty when there is nothing."""
    values = map(_short, values_in_words(span.attributes))
    return _lines([*values, *_relations(doc, scheme, span), *_parts(span), *_note(span.note)])


def relation_facts(relation: Relation) -> str:
    """Attributes of a relation, a line each; empty when it has none."""
    return _lines([*map(_short, values_in_words(relation.attributes))])


def document_facts(doc: AnnotatedDocument, scheme: LabelScheme) -> str:
    """Document labels, the reason of its status and the note of a document; empty when there is nothing."""
    names = [found.name if (found := scheme.find_document_label(one)) else one for one in doc.cats]
    labels = [f"Document labels: {', '.join(names)}"] if names else []
    reason = [f"{doc.status.value.capitalize()}: {doc.status_reason}"] if doc.status_reason else []
    return _lines([*labels, *reason, *_note(doc.note)])


def _lines(lines: list[str]) -> str:
    kept = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        kept[-1] = f"and {len(lines) - MOST_LINES + 1} more"
    return "\n".join(kept)


def _relations(doc: AnnotatedDocument, scheme: LabelScheme, span: Span) -> Iterator[str]:
    for relation in relations_of(doc, span.id):
        found = scheme.find_relation_label(relation.label)
        name = found.name if found else relation.label
        other = doc.spans.find(_other_end(relation, span))
        words = " ".join(doc.document.text[other.start : other.end].split()) if other else "?"
        yield _short(f"{name} → {words}" if relation.head == span.id else f"{words} {name} → this")


def _other_end(relation: Relation, span: Span) -> str:
    return relation.child if relation.head == span.id else relation.head


def _parts(span: Span) -> list[str]:
    return [f"in {len(span.fragments)} parts"] if span.fragments else []


def _note(note: str) -> list[str]:
    return [_short(f"Note: {' '.join(note.split())}")] if note else []


def _short(words: str) -> str:
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1] + "…"
