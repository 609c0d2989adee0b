"""One document of spaCy as a record like those of JSONL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

from annotator.domain.spans import DEFAULT_LAYER
from annotator.formats.docbin.carried import FOREIGN, RECORD, UNDERSCORE, NotPlain, Place, plain_of, shown_values
from annotator.formats.jsonl.record_fields import Plain, RecordFault
from annotator.formats.jsonl.record_writing import TOKEN_EXTRA, place_of

SPANS_KEY = "sc"
Note: TypeAlias = Callable[[str], None]
"""Called with a sentence about something that was taken otherwise than it stood there."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A span as spaCy has it; offsets in code points."""

    start: int
    end: int
    label: str
    layer: str
    kb_id: str = ""
    ent_id: str = ""
    score: float | None = None

    @property
    def key(self) -> tuple[int, int, str, str]:
        return self.start, self.end, self.label, self.layer


def record_of(doc: Any, note: Note) -> Plain:
    """The document as a record. ``note`` is told what was taken otherwise than it stood there.

    What Annotator itself had put aside comes back. Spans and document labels that spaCy has now count, whatever stood
    there when Annotator wrote them. Raises `RecordFault`.
    """
    user_data: dict[Any, Any] = dict(doc.user_data)
    if doc.has_unknown_spaces:
        note("where words are parted is not said: one space is put after each")
    record = _own_record(user_data)
    found = list(_spans_of(doc, note))
    plain = record | {"text": doc.text, "spans": _joined_spans(record, found), "cats": _cats_of(doc, record)}
    plain["tokens"] = _tokens_of(doc, plain.pop(TOKEN_EXTRA, {}))
    ids = {span["id"] for span in plain["spans"] if "id" in span}
    plain["relations"] = [one for one in record.get("relations", []) if {one["head"], one["child"]} <= ids]
    plain.setdefault("id", _id_of(user_data))
    _add_values(plain, record, user_data, note)
    return plain


def _own_record(user_data: dict[Any, Any]) -> Plain:
    """What Annotator has put aside; empty where it did not write the file."""
    kept = user_data.get(RECORD)
    if not isinstance(kept, str):
        return {}
    with suppress(orjson.JSONDecodeError):
        record = orjson.loads(kept)
        if isinstance(record, dict) and _is_sound(record):
            del user_data[RECORD]
            return record
    return {}


def _is_sound(record: Plain) -> bool:
    """Whether it has what is looked at here; the rest is checked as in any record."""
    return (
        _have(
            record.get("spans"), {"id": str, "start": int, "end": int, "label": str, "layer": str, "attributes": dict}
        )
        and _have(record.get("relations"), {"head": str, "child": str})
        and all(isinstance(record.get(key), dict) for key in ("meta", "cats"))
    )


def _have(entries: object, kinds: Mapping[str, type]) -> bool:
    return isinstance(entries, list) and all(
        isinstance(one, dict) and all(isinstance(one.get(key), kind) for key, kind in kinds.items()) for one in entries
    )


def _id_of(user_data: dict[Any, Any]) -> str:
    given = user_data.get("id")
    return str(given) if isinstance(given, (str, int)) and not isinstance(given, bool) else ""


def _spans_of(doc: Any, note: Note) -> Iterator[_Found]:
    """The spans of all groups, and the entities that are in none of them."""
    seen: set[tuple[int, int, str]] = set()
    for key, group in doc.spans.items():
        scores = group.attrs.get("scores")
        known = scores if scores is not None and len(scores) == len(group) else [None] * len(group)
        for span, score in zip(group, known, strict=True):
            layer = DEFAULT_LAYER if key == SPANS_KEY else str(key) or DEFAULT_LAYER
            if (found := _find(doc, span, layer, score, note)) is not None:
                seen.add((found.start, found.end, found.label))
                yield found
    for span in doc.ents:
        found = _find(doc, span, DEFAULT_LAYER, None, note)
        if found is not None and (found.start, found.end, found.label) not in seen:
            yield found


def _find(doc: Any, span: Any, layer: str, score: Any, note: Note) -> _Found | None:
    """The span, or None (and a remark) for one without a label or without a text."""
    if not 0 <= span.start_char < span.end_char <= len(doc.text):
        note("a span that covers no text is left out")
        return None
    if not span.label_:
        note("a span without a label is left out")
        return None
    is_share = score is not None and 0 <= float(score) <= 1
    return _Found(
        span.start_char, span.end_char, span.label_, layer, span.kb_id_, span.id_, float(score) if is_share else None
    )


def _joined_spans(record: Plain, found: list[_Found]) -> list[Plain]:
    """Annotator's spans that are still there, and spans that are new. Those in parts spaCy could not have touched."""
    left = Counter(one.key for one in found)
    spans: list[Plain] = []
    for span in record.get("spans", []):
        key = (span["start"], span["end"], span["label"], span["layer"])
        if span.get("fragments") or left[key]:
            left[key] -= not span.get("fragments")
            spans.append(span)
    for one in found:
        if left[one.key] > 0:
            left[one.key] -= 1
            spans.append(_plain_span(one))
    return spans


def _plain_span(one: _Found) -> Plain:
    ids = {"kb_id": one.kb_id, "ent_id": one.ent_id}
    return {
        "start": one.start, "end": one.end, "label": one.label, "layer": one.layer, "score": one.score,
        "attributes": {name: value for name, value in ids.items() if value},
    }  # fmt: skip


def _cats_of(doc: Any, record: Plain) -> Plain:
    """The document labels; zeros that were put in for training only are none."""
    if not isinstance(doc.cats, dict) or not all(isinstance(value, (int, float)) for value in doc.cats.values()):
        raise RecordFault("the document labels are not labels with numbers")
    cats = {str(label): float(value) for label, value in doc.cats.items()}
    own = record.get("cats", {})
    added = {label: value for label, value in cats.items() if label not in own}
    return own if record and {**own, **added} == cats and not any(added.values()) else cats


def _tokens_of(doc: Any, extra: Any) -> list[Plain]:
    has_sentences = doc.has_annotation("SENT_START")
    tokens: list[Plain] = []
    for token in doc:
        start, end = token.idx, token.idx + len(token)
        more = extra.get(place_of(start, end)) if isinstance(extra, dict) else None
        plain = (more if isinstance(more, dict) else {}) | {"start": start, "end": end}
        if has_sentences and token.is_sent_start:
            plain["sent_start"] = True
        if start < end:  # spaCy allows words without a character
            tokens.append(plain)
    return tokens


def _add_values(plain: Plain, record: Plain, user_data: dict[Any, Any], note: Note) -> None:
    """Custom attributes to the spans and the metadata that they belong to; the rest is kept for spaCy."""
    own = {place for place, _ in shown_values(record)} if record else set()
    by_place: dict[tuple[int | None, int | None], list[Plain]] = {}
    for span in plain["spans"]:
        by_place.setdefault((span["start"], span["end"]), []).append(span)
    rest: list[list[Any]] = []
    for place, value in _values(user_data, note):
        name, start, end = place
        if place in own:
            continue
        if start is None:
            plain.setdefault("meta", {})[name] = value
        elif spans := by_place.get((start, end)):
            for span in spans:
                span["attributes"].setdefault(name, value)
        else:
            rest.append([name, start, end, value])
    others = _other_data(user_data, note)
    plain.pop(FOREIGN, None)
    if rest or others:
        plain[FOREIGN] = ({"values": rest} if rest else {}) | ({"user_data": others} if others else {})


def _values(user_data: dict[Any, Any], note: Note) -> Iterator[tuple[Place, Any]]:
    for key, value in user_data.items():
        if _is_underscore(key):
            try:
                yield (key[1], key[2], key[3]), plain_of(value)
            except NotPlain:
                note("a custom attribute that JSON cannot hold is left out")


def _is_underscore(key: Any) -> bool:
    return (
        isinstance(key, tuple)
        and len(key) == 4
        and key[0] == UNDERSCORE
        and isinstance(key[1], str)
        and all(place is None or isinstance(place, int) for place in key[2:])
    )


def _other_data(user_data: dict[Any, Any], note: Note) -> Plain:
    others = {}
    for key, value in user_data.items():
        if key == "id" or _is_underscore(key):
            continue
        try:
            if not isinstance(key, str):
                raise NotPlain
            others[key] = plain_of(value)
        except NotPlain:
            note("user data that JSON cannot hold is left out")
    return others
