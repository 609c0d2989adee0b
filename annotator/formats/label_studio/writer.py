"""Writes a folder that Label Studio imports: ``tasks.json`` and the ``config.xml`` of a project for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import DEFAULT_LAYER, Relation, Span
from annotator.formats.cats import losses_of_values
from annotator.formats.jsonl.writer import with_names
from annotator.formats.label_studio import LOSES
from annotator.formats.label_studio.config_writing import TEXT_NAME, Controls
from annotator.formats.label_studio.task_text import IS_INLINE, is_address
from annotator.formats.label_studio.values import EXTRA, OWN, Plain
from annotator.formats.shapes import Holds, Loss, WriteOptions

TASKS, CONFIG = "tasks.json", "config.xml"
_RESERVED = ("id", "title", "language", "meta", "text", IS_INLINE)


class LabelStudioWriter:
    """One task a document, with the annotations of everybody; a document that nobody has begun has none."""

    name = "label_studio"
    extension = ".json"
    loses: tuple[str, ...] = LOSES
    holds = Holds(
        layers=True, overlaps=True, sub_tokens=True, fragments=True, attributes=True, notes=True, scores=True,
        relations=True, relation_attributes=True, cats=True, document_note=True, annotators=True, meta=True,
    )  # fmt: skip

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Document labels with another value than 1: a choice is made or not."""
        return losses_of_values(doc, scheme)

    def write_folder(
        self,
        docs: Iterable[AnnotatedDocument],
        folder: Path,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """Write the tasks, one a line, and then the configuration that has every label in them."""
        controls = Controls(scheme)
        with (folder / TASKS).open("wb") as file:
            file.write(b"[")
            for number, (_, sets) in enumerate(groupby(docs, key=_document_key)):
                task = _task([with_names(doc, scheme) for doc in sets], controls)
                file.write((b",\n" if number else b"\n") + orjson.dumps(task))
            file.write(b"\n]\n")
        (folder / CONFIG).write_bytes(controls.xml())


def _document_key(doc: AnnotatedDocument) -> tuple[str, str]:
    return doc.document.id, doc.document.text_sha256


def _task(sets: list[AnnotatedDocument], controls: Controls) -> Plain:
    document = sets[0].document
    extra = _dict(document.extra.get(EXTRA))
    free = {key: value for key, value in document.meta.items() if key not in _RESERVED}
    data: Plain = {"id": document.id, "title": document.title, "language": document.language}
    data = {key: value for key, value in data.items() if value} | {"text": document.text} | free
    if is_address(document.text):
        data[IS_INLINE] = True
    if held := {key: value for key, value in document.meta.items() if key in _RESERVED}:
        data["meta"] = held
    if isinstance(extra.get("text_key"), str) and "data" in extra:
        data.setdefault(extra["text_key"], extra["data"])
    kept = _dict(extra.get("task"))
    task: Plain = {key: kept[key] for key in kept if key not in ("data", "annotations", "predictions")}
    people = _dict(extra.get("annotations"))
    task["data"] = data
    task["annotations"] = [
        _annotation(doc, _dict(people.get(doc.annotator)), controls) for doc in sets if _says_something(doc)
    ]
    return task


def _says_something(doc: AnnotatedDocument) -> bool:
    return bool(len(doc.spans) or doc.relations or doc.cats or doc.note or doc.status is not Status.NEW)


def _annotation(doc: AnnotatedDocument, kept: Plain, controls: Controls) -> Plain:
    results = [*_results(doc, _dict(kept.get("regions")), controls)]
    results += _about_text(doc, controls, kept)
    plain: Plain = {"ground_truth": False, **_dict(kept.get("kept"))}
    if doc.annotator:
        plain["annotator"] = doc.annotator
    left = kept.get("results")
    return plain | {
        "was_cancelled": doc.status is Status.SKIPPED,
        "result": results + (left if isinstance(left, list) else []),
    }


def _results(doc: AnnotatedDocument, regions: Plain, controls: Controls) -> Iterator[Plain]:
    for span in doc.spans:
        value: Plain = {"start": span.start, "end": span.end, "text": doc.document.text[span.start : span.end]}
        control = controls.of_layer(span.layer, span.label)
        shown = {name: given for name, given in span.attributes.items() if _is_shown(span, name, given, controls)}
        yield _dict(regions.get(span.id)) | {
            "id": span.id, "from_name": control, "to_name": TEXT_NAME, "type": "labels",
            "value": value | {"labels": [span.label]}, "origin": "manual", **_more(span, shown),
        }  # fmt: skip
        for name, given in shown.items():
            kind = controls.kind_of(name)
            answer = {"choices" if kind == "choices" else "text": [given]}
            yield {
                "id": span.id, "from_name": name, "to_name": TEXT_NAME, "type": kind,
                "value": {"start": span.start, "end": span.end} | answer, "origin": "manual",
            }  # fmt: skip
    for _, relation in sorted(doc.relations.items()):
        yield _relation(relation, controls)


def _is_shown(span: Span, name: str, given: object, controls: Controls) -> bool:
    """Whether Label Studio shows an attribute: a text whose control can go by the attribute's name."""
    return isinstance(given, str) and controls.has_attribute(span.layer, name, given)


def _more(span: Span, shown: Plain) -> Plain:
    own: Plain = {"layer": span.layer} if span.layer != DEFAULT_LAYER else {}
    if hidden := {name: value for name, value in span.attributes.items() if name not in shown}:
        own["attributes"] = hidden
    if span.fragments:
        own["parts"] = [list(part) for part in span.fragments]
    meta: Plain = ({"text": [span.note]} if span.note else {}) | ({OWN: own} if own else {})
    found: Plain = {"meta": meta} if meta else {}
    return found | ({"score": span.score} if span.score is not None else {})


def _relation(relation: Relation, controls: Controls) -> Plain:
    controls.add_relation(relation.label)
    is_both_ways = relation.attributes.get("direction") == "bi"
    attributes = {key: one for key, one in relation.attributes.items() if not (is_both_ways and key == "direction")}
    return {
        "type": "relation", "from_id": relation.head, "to_id": relation.child,
        "direction": "bi" if is_both_ways else "right", "labels": [relation.label],
        OWN: {"id": relation.id} | ({"attributes": attributes} if attributes else {}),
    }  # fmt: skip


def _about_text(doc: AnnotatedDocument, controls: Controls, kept: Plain) -> Iterator[Plain]:
    choices = [label for label, value in sorted(doc.cats.items()) if value == 1]
    if choices:
        yield _answer(controls.of_cats(choices), "choices", {"choices": choices})
    if doc.note:
        given = kept.get("note")
        control = controls.of_note(given if isinstance(given, str) else "")
        yield _answer(control, "textarea", {"text": [doc.note]})


def _answer(control: str, kind: str, value: Plain) -> Plain:
    return {
        "id": f"{control}-answer", "from_name": control, "to_name": TEXT_NAME, "type": kind, "value": value,
        "origin": "manual",
    }  # fmt: skip


def _dict(value: Any) -> Plain:
    return value if isinstance(value, dict) else {}
