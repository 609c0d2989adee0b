"""Label names of a file as they are called here: the mapping that a person gave once. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from annotator.domain.labels import Label, LabelScheme
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


def unknown_labels(doc: AnnotatedDocument, scheme: LabelScheme) -> Counter[str]:
    """How often each label name that the scheme does not have stands on a span, a relation or the document."""
    found = Counter(span.label for span in doc.spans if scheme.find_by_name(span.label, span.layer) is None)
    found.update(one.label for one in doc.relations.values() if scheme.find_relation_label(one.label) is None)
    found.update(name for name in doc.cats if scheme.find_document_label(name) is None)
    return found


def with_aliases(scheme: LabelScheme, labels: Mapping[str, str]) -> LabelScheme:
    """``scheme`` in which each label goes by the names that ``labels`` maps to it, too."""

    def learned(label: Label, *, known: set[str]) -> Label:
        more = [name for name, target in labels.items() if target == label.name and name not in known]
        return replace(label, aliases=(*label.aliases, *more)) if more else label

    def all_learned(group: tuple[Label, ...]) -> tuple[Label, ...]:
        known = {name for label in group for name in (label.name, label.id, *label.aliases)}
        return tuple(learned(label, known=known) for label in group)

    return replace(
        scheme,
        layers=tuple(replace(layer, labels=all_learned(layer.labels)) for layer in scheme.layers),
        relation_labels=all_learned(scheme.relation_labels),
        document_labels=all_learned(scheme.document_labels),
    )


def label_names(scheme: LabelScheme) -> tuple[str, ...]:
    """The names of all labels in the order of the scheme: of spans, relations, documents."""
    spans = [label.name for _, label in scheme.labels]
    others = [label.name for label in (*scheme.relation_labels, *scheme.document_labels)]
    return tuple(dict.fromkeys([*spans, *others]))
