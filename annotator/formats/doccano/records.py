"""One record of doccano, of whatever project and version, as documents with annotation sets. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Origin, Relation, Span, SpanSet
from annotator.domain.text import Document
from annotator.formats.jsonl.record_fields import Plain, RecordFault, dict_of, free_id, id_of, is_number, kept, list_of
from annotator.formats.tally import Tally
from annotator.formats.units import Measured, Unit

EXTRA = "doccano"
"""Key of `Document.extra` for what only doccano knows."""
TWICE = "a span that stands there twice was taken once"
NUMBERED = "a label stands there as a number: the names are in the project's label file"
TEXT_AS_NOTE = "a text that belongs to another text (a translation, a summary) was taken as the note on the document"
TEXT_KEYS, LABEL_KEYS = ("text", "column_data"), ("label", "labels", "column_label")
_APPROVED = ("approved_by", "annotation_approver")
_KNOWN = frozenset(
    {*TEXT_KEYS, *LABEL_KEYS, *_APPROVED, "id", "entities", "relations", "cats", "annotations", "meta", "Comments",
     "comments", "are_texts"}
)  # fmt: skip
_FILES = ("filename", "image", "audio", "file_name", "upload_name")


@dataclass(slots=True)
class Labels:
    """What somebody says about a text. ``texts``: texts that belong to it, as a translation does."""

    places: list[Plain] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def text_of(plain: Plain) -> str:
    """The text of a record. Raises `RecordFault`, also for records about images and sounds."""
    text = next((plain[key] for key in TEXT_KEYS if plain.get(key) is not None), None)
    if text is None:
        about = next((plain[key] for key in _FILES if isinstance(plain.get(key), str)), None)
        raise RecordFault(f"it is about the file {about} and has no text" if about else "the record has no text")
    if not isinstance(text, str):
        raise RecordFault("the text is not a string")
    if not text.strip():
        raise RecordFault("the text has only white space" if text else "the text is empty")
    if "\0" in text:
        raise RecordFault("the text has NUL characters")
    return text


def labels_of(plain: Plain) -> dict[str, Labels]:
    """What is said, by annotator (without a name where the file does not tell them apart). Raises `RecordFault`."""
    found: dict[str, Labels] = {}
    for one in list_of(plain, "annotations"):
        if not isinstance(one, dict):
            raise RecordFault("an annotation is not an object")
        user = one.get("user") or one.get("username")
        _add(found.setdefault("" if user is None else str(user), Labels()), one)
    labels = found.setdefault("", Labels())
    for one in list_of(plain, "entities"):
        _add(labels, one)
    if "entities" not in plain or "cats" not in plain:
        for one in _given_labels(plain):
            if "entities" not in plain or isinstance(one, str):
                _add(labels, one)
    cats = plain.get("cats")
    if isinstance(cats, list):
        for one in cats:
            _add(labels, one)
    people = [name for name, said in found.items() if said.places or said.names or said.texts]
    return {name: found[name] for name in people or [""]}


def _given_labels(plain: Plain) -> list[Any]:
    value: Any = next((plain[key] for key in LABEL_KEYS if plain.get(key) is not None), [])
    return value if isinstance(value, list) else [value]


def _add(labels: Labels, one: Any) -> None:
    if isinstance(one, str):
        if one:
            labels.names.append(one)
    elif is_number(one):
        labels.names.append(str(one))
    elif isinstance(one, list) and len(one) == 3:
        labels.places.append({"start_offset": one[0], "end_offset": one[1], "label": one[2]})
    elif isinstance(one, dict) and "start_offset" in one and "end_offset" in one:
        labels.places.append(one)
    elif isinstance(one, dict) and isinstance(one.get("text"), str):
        labels.texts.append(one["text"])
    elif isinstance(one, dict) and isinstance(one.get("label"), (str, int)):
        labels.names.append(str(one["label"]))
    else:
        raise RecordFault("a label is neither a name nor [start, end, label] nor an object with offsets")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read. ``are_texts``: its labels are texts that belong to texts, not names."""

    unit: Unit
    are_texts: bool
    tally: Tally


def documents_of(plain: Plain, line: int, reading: Reading) -> Iterator[AnnotatedDocument]:
    """The document of a record, once for each annotator. Raises `RecordFault`."""
    text = text_of(plain)
    said = labels_of(plain)
    measured = Measured(text)
    document = _document(plain, text, reading)
    for annotator, labels in said.items():
        yield _annotated(plain, document, annotator, labels, measured, line, reading)


def _annotated(
    plain: Plain, document: Document, annotator: str, labels: Labels, measured: Measured, line: int, reading: Reading
) -> AnnotatedDocument:
    spans = _spans(labels.places, measured, line, reading)
    are_texts = _are_texts(plain, reading)
    texts = [*labels.texts, *(labels.names if are_texts else ())]
    names = [] if are_texts else labels.names
    comments = _comments(plain)
    reading.tally.add(TEXT_AS_NOTE, line, len(texts))
    cats = dict.fromkeys(names, 1.0) | _valued_cats(plain)
    is_done = bool(spans or cats or texts or any(plain.get(key) for key in _APPROVED))
    return AnnotatedDocument(
        document, annotator, SpanSet(spans.values()), _relations(plain, spans), cats,
        Status.DONE if is_done else Status.NEW, "\n".join([*texts, *comments]),
    )  # fmt: skip


def _are_texts(plain: Plain, reading: Reading) -> bool:
    """Whether the labels of a record are texts: as it says itself (as we write it), else as the file looks."""
    said = plain.get("are_texts")
    return said if isinstance(said, bool) else reading.are_texts


def _document(plain: Plain, text: str, reading: Reading) -> Document:
    meta = {key: value for key, value in plain.items() if key not in _KNOWN}
    held = plain.get("meta")
    meta |= held if isinstance(held, dict) else {"meta": held} if held not in (None, "") else {}
    extra: Plain = {key: plain[key] for key in _APPROVED if plain.get(key) is not None}
    if _are_texts(plain, reading):
        extra["are_texts"] = True
    return Document(id_of(plain, "the record"), text, meta=kept(meta), extra={EXTRA: kept(extra)} if extra else {})


def _spans(places: list[Plain], measured: Measured, line: int, reading: Reading) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    seen: set[tuple[Any, ...]] = set()
    taken = {str(place.get("id")) for place in places}
    for number, place in enumerate(places):
        what = f"span {number}"
        start, end = place_of(place, measured, reading.unit, what)
        label = place.get("label")
        if is_number(label):
            reading.tally.add(NUMBERED, line)
            label = str(label)
        if not isinstance(label, str) or not label:
            raise RecordFault(f"{what} has no label")
        given = id_of(place, what)
        if not given and (start, end, label) in seen:
            reading.tally.add(TWICE, line)
            continue
        seen.add((start, end, label))
        span_id = given or free_id(f"s{number}", taken)
        if span_id in spans:
            raise RecordFault(f"two spans have the id {span_id[:40]}")
        spans[span_id] = Span(span_id, start, end, label, origin=Origin.IMPORTED)
    return spans


def place_of(place: Plain, measured: Measured, unit: Unit, what: str) -> tuple[int, int]:
    """``[start, end)`` in code points; its words, where they are given, stand there. Raises `RecordFault`."""
    start, end = place.get("start_offset"), place.get("end_offset")
    if type(start) is not int or type(end) is not int:
        raise RecordFault(f"{what} has no whole numbers as offsets")
    start, end = measured.to_chars(start, end, unit)
    if not 0 <= start < end <= len(measured.text):
        raise RecordFault(f"{what} at {start}–{end} does not lie within the text of {len(measured.text)} characters")
    given, stands = place.get("text"), measured.text[start:end]
    if isinstance(given, str) and given != stands:
        raise RecordFault(f"{what} at {start}–{end} says {given[:40]!r}, but {stands[:40]!r} stands there")
    return start, end


def _relations(plain: Plain, spans: dict[str, Span]) -> dict[str, Relation]:
    found: dict[str, Relation] = {}
    plains = list_of(plain, "relations")
    taken = {str(one.get("id")) for one in plains if isinstance(one, dict)}
    for number, one in enumerate(plains):
        what = f"relation {number}"
        if not isinstance(one, dict):
            raise RecordFault(f"{what} is not an object")
        head, child = str(one.get("from_id")), str(one.get("to_id"))
        if head not in spans or child not in spans:
            raise RecordFault(f"an end of {what} is no entity of this record")
        label = one.get("type") or one.get("label")
        if not isinstance(label, (str, int)) or label == "":
            raise RecordFault(f"{what} has no type")
        relation_id = id_of(one, what) or free_id(f"r{number}", taken)
        if relation_id in found:
            raise RecordFault(f"two relations have the id {relation_id[:40]}")
        found[relation_id] = Relation(relation_id, head, child, str(label))
    return found


def _valued_cats(plain: Plain) -> dict[str, float]:
    """Document labels in an object, each with its value."""
    if not isinstance(plain.get("cats"), dict):
        return {}
    cats = dict_of(plain, "cats")
    if not all(is_number(value) or isinstance(value, bool) for value in cats.values()):
        raise RecordFault("a value in cats is not a number")
    return {label: float(value) for label, value in cats.items()}


def _comments(plain: Plain) -> list[str]:
    given = plain.get("Comments", plain.get("comments"))
    values = given if isinstance(given, list) else [given]
    texts = [one.get("text") if isinstance(one, dict) else one for one in values]
    return [one for one in texts if isinstance(one, str) and one]
