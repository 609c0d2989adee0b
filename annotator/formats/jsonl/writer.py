"""Writes Annotator's own JSON lines; see the package for what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import BinaryIO

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.rulings import DOCUMENT_LABELS, Ruling, with_labels
from annotator.domain.spans import SpanSet
from annotator.formats.jsonl.record_writing import record_to_plain
from annotator.formats.shapes import Holds, Loss, WriteOptions


class JsonlWriter:
    """Writes everything: nothing is lost."""

    name = "jsonl"
    extension = ".jsonl"
    loses: tuple[str, ...] = ()
    holds = Holds.everything()

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """None."""
        return []

    def write(
        self,
        docs: Iterable[AnnotatedDocument],
        target: BinaryIO,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """One line a document, keys always in the same order."""
        for doc in docs:
            target.write(orjson.dumps(record_to_plain(with_names(doc, scheme))) + b"\n")


def with_names(doc: AnnotatedDocument, scheme: LabelScheme) -> AnnotatedDocument:
    """The document with label names (what files carry) instead of label ids."""
    relation_names = {label.id: label.name for label in scheme.relation_labels}
    cat_names = {label.id: label.name for label in scheme.document_labels}
    relations = {
        key: replace(relation, label=relation_names.get(relation.label, relation.label))
        for key, relation in doc.relations.items()
    }
    cats = {cat_names.get(label, label): value for label, value in doc.cats.items()}
    named = replace(doc, spans=_spans_with_names(doc.spans, scheme), relations=relations, cats=cats)
    return replace(named, rulings=_rulings_with_names(doc, scheme, cat_names)) if doc.rulings else named


def _rulings_with_names(doc: AnnotatedDocument, scheme: LabelScheme, cat_names: Mapping[str, str]) -> dict[str, Ruling]:
    def name_of(layer: str, label: str) -> str:
        return cat_names.get(label, label) if layer == DOCUMENT_LABELS else scheme.name_of(label, layer)

    return {key: with_labels(ruling, partial(name_of, ruling.layer)) for key, ruling in doc.rulings.items()}


def _spans_with_names(spans: SpanSet, scheme: LabelScheme) -> SpanSet:
    names = {(layer.name, label.id): label.name for layer, label in scheme.labels if label.id != label.name}
    renamed = [
        replace(span, label=names[span.layer, span.label]) for span in spans if (span.layer, span.label) in names
    ]
    return spans.changed(renamed) if renamed else spans
