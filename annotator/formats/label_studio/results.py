"""Results as spans, relations, document labels and a note. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.domain.edits import shape_of
from annotator.domain.errors import UserError
from annotator.domain.spans import DEFAULT_LAYER, Origin, Relation, Span
from annotator.formats.jsonl.record_fields import RecordFault, kept
from annotator.formats.label_studio.config import cat_name, layer_of
from annotator.formats.label_studio.task_text import TaskText
from annotator.formats.label_studio.values import NOTE_CONTROL, OWN, SPAN_TYPES, Opinion, Plain, TaskFault
from annotator.formats.tally import Tally
from annotator.formats.units import Unit

MOVED = "a region stood beside its words and was moved to them"
SEVERAL_LABELS = "a region with several labels became several spans"
NO_LENGTH = "a region without length or without a label is kept, but is no span"
KEPT = "a result that is no label, relation, choice or note is kept, but not shown"
UNLABELLED = "a relation without a label got the label related"
LOST_END = "a relation whose ends are not both labelled regions is kept, but not shown"
RELATED = "related"
_REGION_KEYS = frozenset({"id", "from_name", "to_name", "type", "value", "origin", "score", "meta"})
_VALUES = {"choices": "choices", "textarea": "text", "number": "number", "rating": "rating", "taxonomy": "taxonomy"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read: the unit of its offsets, and its controls by what they do."""

    unit: Unit
    span_controls: list[str]
    choice_controls: list[str]


@dataclass(slots=True)
class Said:
    """What an annotation says. ``left``: results that have no place here. ``regions``: unknown keys by span."""

    spans: dict[str, Span] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    cats: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    note_control: str = ""
    left: list[Plain] = field(default_factory=list)
    regions: Plain = field(default_factory=dict)


def said_by(opinion: Opinion, text: TaskText, reading: Reading, tally: Tally, line: int) -> Said:
    """Everything that one annotator (or model) says about a text. Raises `TaskFault`."""
    return _Results(opinion, text, reading, tally, line).all()


class _Results:
    def __init__(self, opinion: Opinion, text: TaskText, reading: Reading, tally: Tally, line: int) -> None:
        self._opinion, self._text, self._reading, self._tally, self._line = opinion, text, reading, tally, line
        self._said = Said()
        self._of_region: dict[str, list[str]] = {}

    def all(self) -> Said:
        for one in self._opinion.results:
            if not isinstance(one, dict):
                raise TaskFault("a result is not an object")
        results: list[Plain] = self._opinion.results
        labelled = [one for one in results if one.get("type") in SPAN_TYPES]
        for one in labelled:
            self._take_region(one)
        for one in results:
            if one.get("type") not in SPAN_TYPES:
                self._take_other(one)
        return self._said

    def _take_region(self, plain: Plain) -> None:
        value = _value_of(plain)
        names = value.get(str(plain.get("type"))) or value.get("labels")
        if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
            names = []
        start, end, is_moved = self._text.place_of(value, self._reading.unit)
        if not names or start == end:
            self._leave(plain, NO_LENGTH)
            return
        if is_moved:
            self._tally.add(MOVED, self._line)
        if len(names) > 1:
            self._tally.add(SEVERAL_LABELS, self._line)
        region = str(plain.get("id") or f"r{len(self._said.spans)}")
        for number, name in enumerate(dict.fromkeys(names)):
            span_id = _free(region if not number else f"{region}.{number + 1}", self._said.spans)
            self._of_region.setdefault(region, []).append(span_id)
            self._said.spans[span_id] = self._span(span_id, start, end, name, plain)
            if unknown := {key: one for key, one in plain.items() if key not in _REGION_KEYS}:
                self._said.regions[span_id] = unknown

    def _span(self, span_id: str, start: int, end: int, label: str, plain: Plain) -> Span:
        meta = _dict(plain.get("meta"))
        own = _dict(meta.get(OWN))
        layer = own.get("layer") or layer_of(str(plain.get("from_name", "")), self._reading.span_controls)
        try:
            held = kept(_dict(own.get("attributes")))
        except RecordFault as fault:
            raise TaskFault(str(fault)) from fault
        return Span(
            span_id, start, end, label, str(layer or DEFAULT_LAYER), Origin.IMPORTED, score=self._score(plain),
            attributes=held, note=_note_of(meta), fragments=_fragments(own.get("parts"), start, end),
        )  # fmt: skip

    def _score(self, plain: Plain) -> float | None:
        score = plain.get("score")
        if isinstance(score, (int, float)) and not isinstance(score, bool) and 0 <= score <= 1:
            return float(score)
        return self._opinion.score

    def _take_other(self, plain: Plain) -> None:
        kind = str(plain.get("type"))
        if kind == "relation":
            self._take_relation(plain)
        elif (spans := self._of_region.get(str(plain.get("id")))) and kind in _VALUES:
            self._take_attribute(plain, kind, spans)
        elif kind == "choices" and "start" not in _value_of(plain) and "startOffset" not in _value_of(plain):
            for choice in _strings(_value_of(plain).get("choices")):
                name = cat_name(str(plain.get("from_name", "")), choice, self._reading.choice_controls)
                self._said.cats[name] = 1.0
        elif kind == "textarea" and self._is_note(plain):
            self._said.note_control = str(plain.get("from_name", ""))
            self._said.notes += _strings(_value_of(plain).get("text"))
        else:
            self._leave(plain, KEPT)

    def _is_note(self, plain: Plain) -> bool:
        """Whether a free text is the note on the document: the one called so, else the first one."""
        control, value = str(plain.get("from_name", "")), _value_of(plain)
        others = [one.get("from_name") for one in self._opinion.results if one.get("type") == "textarea"]
        wanted = NOTE_CONTROL if NOTE_CONTROL in others else self._said.note_control or control
        return control == wanted and "start" not in value and "startOffset" not in value

    def _take_attribute(self, plain: Plain, kind: str, spans: list[str]) -> None:
        value = _value_of(plain).get(_VALUES[kind])
        if kind in ("choices", "textarea") and isinstance(value, list) and len(value) == 1:
            value = value[0]
        name = str(plain.get("from_name") or kind)
        for span_id in spans:
            span = self._said.spans[span_id]
            self._said.spans[span_id] = _with_attribute(span, name, value)

    def _take_relation(self, plain: Plain) -> None:
        ends = [self._of_region.get(str(plain.get(key)), [""])[0] for key in ("from_id", "to_id")]
        if not all(ends):
            self._leave(plain, LOST_END)
            return
        direction = plain.get("direction") or "right"
        head, child = reversed(ends) if direction == "left" else ends
        own = _dict(plain.get(OWN))
        attributes = _dict(own.get("attributes")) | ({"direction": "bi"} if direction == "bi" else {})
        names = _strings(plain.get("labels"))
        if not names:
            self._tally.add(UNLABELLED, self._line)
        for name in names or [RELATED]:
            relation_id = _free(str(own.get("id") or f"r{len(self._said.relations)}"), self._said.relations)
            self._said.relations[relation_id] = Relation(relation_id, head, child, name, attributes)

    def _leave(self, plain: Plain, what: str) -> None:
        self._said.left.append(plain)
        self._tally.add(what, self._line)


def places_in(opinion: Opinion, text: TaskText) -> Iterator[tuple[int, int, str]]:
    """Start, end and words (empty where the file has none) of the regions, which may say what offsets count."""
    for one in opinion.results:
        value = _value_of(one) if isinstance(one, dict) and one.get("type") in SPAN_TYPES else {}
        if value and text.kind != "paragraphs":
            words = value.get("text")
            try:
                yield *text.raw_place(value), words if isinstance(words, str) else ""
            except TaskFault:
                continue


def _with_attribute(span: Span, name: str, value: Any) -> Span:
    return replace(span, attributes={**span.attributes, name: value})


def _dict(value: Any) -> Plain:
    return value if isinstance(value, dict) else {}


def _value_of(plain: Plain) -> Plain:
    return _dict(plain.get("value"))


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str) and one]


def _note_of(meta: Plain) -> str:
    return "\n".join(_strings(meta.get("text")))


def _fragments(parts: Any, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Parts as an export of Annotator has them; they count only while they fit the region."""
    try:
        shape = shape_of([(int(first), int(last)) for first, last in parts or ()], where="")
    except (UserError, TypeError, ValueError):
        return ()
    fits = (shape["start"], shape["end"]) == (start, end)
    fragments: tuple[tuple[int, int], ...] = shape["fragments"]
    return fragments if fits else ()


def _free(wanted: str, taken: Plain | dict[str, Span] | dict[str, Relation]) -> str:
    while wanted in taken:
        wanted += "_"
    return wanted
