"""The scheme of a project while an import runs: it learns labels, and label names of files become ids of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.domain.errors import UnknownLabel
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.scheme_joining import joined_schemes
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.store import UnitOfWork
from annotator.workflows.import_request import ImportReport, ImportRequest
from annotator.workflows.label_mapping import unknown_labels, with_aliases


class SchemeGrowing:
    """The project's scheme, saved whenever it has learned something."""

    def __init__(self, unit: UnitOfWork, request: ImportRequest, report: ImportReport) -> None:
        self._unit = unit
        self._request = request
        self._report = report
        self.scheme = unit.scheme()
        self._kept: set[tuple[str, str]] = set()
        """Layer and name of labels that are called the same in the scheme, by id: nothing is to be done for them."""
        if request.is_remembered:  # names that a person said are others here become aliases of those
            self._save(with_aliases(self.scheme, request.labels))

    def join(self, found: LabelScheme) -> None:
        """A scheme that may learn labels, or has none yet, learns those that a file describes."""
        if self.scheme.is_extensible or not any(self.scheme.labels):
            self._save(joined_schemes(self.scheme, found))

    def with_ids(self, doc: AnnotatedDocument) -> AnnotatedDocument:
        """``doc`` with label ids of the scheme for the names of the file; an extensible scheme learns new ones.

        Raises `UnknownLabel` for a name that the scheme does not have and may not learn.
        """
        if not (doc.relations or doc.cats) and self._kept.issuperset((one.layer, one.label) for one in doc.spans):
            return doc
        self._extend(doc)
        self._report.unknown_labels.update(unknown_labels(doc, self.scheme))
        changed = replace(
            doc,
            spans=SpanSet(self._span_with_id(span) for span in doc.spans),
            relations={name: self._relation_with_id(one) for name, one in doc.relations.items()},
            cats={self._document_label(name): value for name, value in doc.cats.items()},
        )
        self._kept.update((one.layer, one.label) for one in changed.spans if doc.spans.find(one.id) is one)
        return changed

    def _save(self, changed: LabelScheme) -> None:
        if changed != self.scheme:
            self._unit.save_scheme(changed)
            self.scheme = changed
            self._kept.clear()

    def _extend(self, doc: AnnotatedDocument) -> None:
        def wanted(names: Iterable[str]) -> list[str]:
            return [name for name in names if self.scheme.is_extensible or name in self._request.new_labels]

        spans = {(span.layer, span.label) for span in doc.spans}
        extended = self.scheme.extended(
            sorted(pair for pair in spans if wanted((pair[1],))),
            wanted(sorted({relation.label for relation in doc.relations.values()})),
            wanted(doc.cats),
        )
        self._save(extended)

    def _span_with_id(self, span: Span) -> Span:
        label = self.scheme.find_by_name(span.label, span.layer)
        if label is None:
            raise self._unknown(span.label, "label" if span.layer == "entities" else f"{span.layer} label")
        return span if label.id == span.label else replace(span, label=label.id)

    def _relation_with_id(self, relation: Relation) -> Relation:
        label = self.scheme.find_relation_label(relation.label)
        if label is None:
            raise self._unknown(relation.label, "relation label")
        return replace(relation, label=label.id)

    def _document_label(self, name: str) -> str:
        label = self.scheme.find_document_label(name)
        if label is None:
            raise self._unknown(name, "document label")
        return label.id

    def _unknown(self, name: str, what: str) -> UnknownLabel:
        return UnknownLabel(
            f"the {what} {name!r} is not in the scheme {self.scheme.name!r}: add it there, or import into a "
            "project made with the scheme 'open'"
        )
