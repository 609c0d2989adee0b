"""Writes JSON lines that every kind of doccano's text projects imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import BinaryIO

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Json
from annotator.formats.cats import losses_of_values
from annotator.formats.doccano import JSON_LOSES
from annotator.formats.doccano.records import EXTRA
from annotator.formats.holding import loss_of_span
from annotator.formats.jsonl.record_fields import Plain
from annotator.formats.jsonl.writer import with_names
from annotator.formats.shapes import Holds, Loss, LossKind, WriteOptions

AS_WHOLE = "it is written from its first to its last character"
_RESERVED = frozenset({"id", "text", "label", "entities", "relations", "cats", "Comments", "meta", "are_texts"})


class DoccanoWriter:
    """One line a document, in which each kind of project finds its own: ``label`` (sequence labelling, classification,
    translation), ``entities`` with ``relations`` (relation extraction) or with ``cats`` (intents).
    """

    name = "doccano"
    extension = ".jsonl"
    loses: tuple[str, ...] = JSON_LOSES
    holds = Holds(overlaps=True, sub_tokens=True, relations=True, cats=True, document_note=True, meta=True)

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """The parts of spans in parts, and document labels with a value."""
        parts = [loss_of_span(doc, span, scheme, AS_WHOLE, LossKind.FRAGMENTS) for span in doc.spans if span.fragments]
        return [*parts, *losses_of_values(doc, scheme)]

    def write(
        self,
        docs: Iterable[AnnotatedDocument],
        target: BinaryIO,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """One line a document, keys always in the same order."""
        for doc in docs:
            target.write(orjson.dumps(_record(with_names(doc, scheme))) + b"\n")


def _record(doc: AnnotatedDocument) -> Plain:
    document, text = doc.document, doc.document.text
    spans = list(doc.spans)
    numbers = {span.id: number for number, span in enumerate(spans)}
    cats = sorted(label for label, value in doc.cats.items() if value == 1)
    own = document.extra.get(EXTRA)
    extra = own if isinstance(own, dict) else {}
    has_text = bool(extra.get("are_texts")) and bool(doc.note) and not spans
    plain: Plain = {
        "id": document.id,
        "text": text,
        "label": [doc.note] if has_text else [[span.start, span.end, span.label] for span in spans] or cats,
    }
    if has_text:
        plain["are_texts"] = True  # in a file with other records nothing else would say so
    else:
        plain["entities"] = [
            {
                "id": number, "label": span.label, "start_offset": span.start, "end_offset": span.end,
                "text": text[span.start : span.end],
            }
            for number, span in enumerate(spans)
        ]  # fmt: skip
        plain["relations"] = [
            {"id": number, "from_id": numbers[one.head], "to_id": numbers[one.child], "type": one.label}
            for number, (_, one) in enumerate(sorted(doc.relations.items()))
        ]
        plain["cats"] = cats
        if doc.note:
            plain["Comments"] = [doc.note]
    return plain | _beside(document.meta, extra)


def _beside(meta: Mapping[str, Json], extra: Plain) -> Plain:
    """What the record had besides: doccano makes metadata of it."""
    found: Plain = {key: value for key, value in meta.items() if key not in _RESERVED and key not in extra}
    if nested := {key: value for key, value in meta.items() if key not in found}:
        found["meta"] = nested
    return found | {key: value for key, value in extra.items() if key != "are_texts"}
