"""Label names of a file as they are called here: the mapping that a person gave once. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import SpanSet


def with_labels(doc: AnnotatedDocument, labels: Mapping[str, str]) -> AnnotatedDocument:
    """``doc`` with other label names; what has a label that maps to an empty name is left out, with its relations."""
    if not labels:
        return doc
    spans = [replace(span, label=name) for span in doc.spans if (name := labels.get(span.label, span.label))]
    kept = {span.id for span in spans}
    relations = {
        key: replace(one, label=name)
        for key, one in doc.relations.items()
        if one.head in kept and one.child in kept and (name := labels.get(one.label, one.label))
    }
    cats = {name: value for label, value in doc.cats.items() if (name := labels.get(label, label))}
    return replace(doc, spans=SpanSet(spans), relations=relations, cats=cats)
