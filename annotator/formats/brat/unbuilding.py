"""An annotated document made lines of an ``.ann`` file, and what of it no line can say. Pure.

Ids that brat may have given are kept; what has none gets the next that is free.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Json
from annotator.formats.brat.building import (
    ENDS,
    EVENT,
    EVENTS,
    EXTRA,
    NORMS,
    NOTE,
    PIECES,
    ROLE,
    ROLES,
    SAME,
    role_base,
    usual_role,
)
from annotator.formats.brat.configuration_writing import Seen
from annotator.formats.brat.lines import NOTES, encoded, is_reference, references_in
from annotator.formats.holding import loss_of_relation, loss_of_span
from annotator.formats.ids import natural
from annotator.formats.shapes import Loss, LossKind

IS_NO_TEXT = "brat holds flags and texts without line breaks"
HAS_NO_LINE = "brat has no place for it on an argument or an equivalence"
HAS_BREAKS = "a note there has no line breaks but LF"
WHOLE_DOCUMENT = "doc"

_BREAKS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NUMBER = r"[A-Za-z]*\d+[^\s:;]*"
_IS_NO_NOTE = re.compile(f"[\x00\ud800-\udfff]|{_BREAKS.pattern}")
_IS_NO_VALUE = re.compile(f"\t|{_IS_NO_NOTE.pattern}")


class Unbuilt:
    """``lines`` of the file in order, ``losses``, and what is ``seen`` for the configuration."""

    def __init__(self, doc: AnnotatedDocument, scheme: LabelScheme, seen: Seen | None = None) -> None:
        self.losses: list[Loss] = []
        self._doc = doc
        self._scheme = scheme
        self._seen = seen if seen is not None else Seen()
        self._lines: dict[str, str] = {}
        self._same: list[str] = []
        held = doc.document.extra.get(EXTRA)
        self._extra: Mapping[str, Any] = held if isinstance(held, dict) else {}
        self._pool = self._known_ids()
        self._taken = {raw.partition("\t")[0] for raw in self._kept_lines()}
        self._taken |= {own_id for ids in self._pool.values() for own_id in ids}
        self._numbers: Counter[str] = Counter()
        self._ids: dict[str, str] = {}
        self._events: dict[str, list[str]] = {}
        self._write_spans()
        self._write_relations()
        for span in doc.spans:
            self._write_attributes_of(span)
        for line in doc.note.split("\n") if doc.note else ():
            self._write_comment(self._document_target(), NOTE, line)
        self._write_kept()

    @property
    def lines(self) -> list[str]:
        """Text-bound lines first, each kind by its ids."""
        order = {kind: place for place, kind in enumerate("TERAMN#")}
        ids = sorted(self._lines, key=lambda own_id: (order.get(own_id[0], len(order)), natural(own_id)))
        return [*(self._lines[own_id] for own_id in ids), *self._same]

    def _known_ids(self) -> dict[tuple[str, str, str], list[str]]:
        found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        ids = self._extra.get("ids")
        for entry in ids if isinstance(ids, list) else ():
            if isinstance(entry, list) and len(entry) == 3 and all(isinstance(one, str) and one for one in entry):
                own_id, target, name = entry
                found[own_id[0], target, name].append(own_id)
        return found

    def _kept_lines(self) -> list[str]:
        kept = self._extra.get("kept")
        return [one for one in kept if isinstance(one, str) and "\n" not in one] if isinstance(kept, list) else []

    def _free_id(self, kind: str, wanted: str = "") -> str:
        """``wanted`` if brat may have given it and nothing else has it, or the next free id."""
        if re.fullmatch(rf"{kind}{_NUMBER}", wanted) and wanted not in self._taken:
            self._taken.add(wanted)
            return wanted
        while True:
            self._numbers[kind] += 1
            own_id = f"{kind}{self._numbers[kind]}"
            if own_id not in self._taken and own_id not in self._doc.spans and own_id not in self._doc.relations:
                self._taken.add(own_id)
                return own_id

    def _mark_id(self, kinds: str, target: str, name: str) -> str:
        """The id that this attribute or note had, or a new one."""
        for kind in kinds:
            if ids := self._pool.get((kind, target, name)):
                return ids.pop(0)
        return self._free_id(kinds[0])

    def _write_spans(self) -> None:
        used: set[str] = set()
        for span in self._doc.spans:
            own_id = self._ids[span.id] = self._free_id("T", span.id)
            label = self._scheme.name_of(span.label, span.layer)
            self._seen.labels.setdefault(label)
            self._lines[own_id] = f"{own_id}\t{encoded(label)} {self._places(span, own_id)}"
            self._events[span.id] = self._events_of(span, used)
            if self._events[span.id]:
                self._seen.events.setdefault(label, {})

    def _places(self, span: Span, own_id: str) -> str:
        """Offsets and words. brat takes no line end in a span: it is parted there, and a comment says how it was."""
        text = self._doc.document.text
        pieces = [piece for start, end in span.parts for piece in _pieces(text, start, end)] or list(span.parts)
        if pieces != list(span.parts):
            note = self._free_id("#")
            self._lines[note] = f"{note}\t{PIECES} {own_id}\t{_offsets(span.parts)}"
        words = " ".join(text[start:end] for start, end in pieces)
        return f"{_offsets(pieces)}\t{_BREAKS.sub(' ', words)}"

    def _events_of(self, span: Span, used: set[str]) -> list[str]:
        events = span.attributes.get(EVENTS)
        if events is None:
            return []
        found = [str(one) for one in events] if isinstance(events, list) else []
        fits = bool(found) and len(set(found)) == len(found)
        if not fits or any(not re.fullmatch(f"E{_NUMBER}", one) or one in used for one in found):
            self._lose(span, EVENTS)
            return []
        used.update(found)
        self._taken.update(found)
        return found

    def _lose(self, span: Span, name: str, reason: str = IS_NO_TEXT, kind: LossKind = LossKind.ATTRIBUTE) -> None:
        self.losses.append(loss_of_span(self._doc, span, self._scheme, reason, kind, name))

    def _lose_of_relation(self, relation: Relation, name: str, reason: str) -> None:
        lost = loss_of_relation(self._doc, relation, self._scheme, reason, LossKind.ATTRIBUTE, name)
        self.losses.append(lost)

    def _usual_target(self, span_id: str) -> str:
        events = self._events.get(span_id, [])
        return events[0] if len(events) == 1 else self._ids[span_id]

    def _targets(self, span_id: str) -> list[str]:
        """What else than the usual may be meant by a span: the span itself, or one of its events."""
        every = [self._ids[span_id], *self._events.get(span_id, [])]
        return [one for one in every if one != self._usual_target(span_id)]

    def _end(self, relation: Relation, end: int, known: set[str]) -> str:
        span_id = (relation.head, relation.child)[end]
        told = relation.attributes.get(ENDS[end])
        if isinstance(told, str) and told in self._targets(span_id):
            known.add(ENDS[end])
            return told
        return self._usual_target(span_id)

    def _write_relations(self) -> None:
        names = {label.id: label.name for label in self._scheme.relation_labels}
        events: dict[str, list[tuple[Relation, str]]] = {one: [] for ids in self._events.values() for one in ids}
        same: list[tuple[Relation, str]] = []
        for relation in sorted(self._doc.relations.values(), key=lambda one: natural(one.id)):
            label = names.get(relation.label, relation.label)
            event = relation.attributes.get(EVENT)
            if isinstance(event, str) and event in self._events.get(relation.head, ()):
                events[event].append((relation, label))
            elif relation.attributes.get(SAME) is True:
                same.append((relation, label))
            else:
                self._write_relation(relation, label)
        for span in self._doc.spans:
            for event in self._events[span.id]:
                self._write_event(span, event, events[event])
        self._write_same(same)

    def _write_relation(self, relation: Relation, label: str) -> None:
        own_id = self._free_id("R", relation.id)
        known: set[str] = set()
        first, second = "Arg1", "Arg2"
        match relation.attributes.get(ROLES):
            case [str(one), str(other)] if one and other and one != other and [one, other] != [first, second]:
                first, second = one, other
                known.add(ROLES)
        head, child = self._end(relation, 0, known), self._end(relation, 1, known)
        self._seen.relations.setdefault(label)
        self._lines[own_id] = f"{own_id}\t{encoded(label)} {encoded(first)}:{head} {encoded(second)}:{child}"
        for name, value in relation.attributes.items():
            if name in known:
                continue
            if name == NOTE and isinstance(value, str) and _is_note(value):
                for line in value.split("\n"):
                    self._write_comment(own_id, NOTE, line)
            elif not self._write_mark(own_id, name, name, value):
                self._lose_of_relation(relation, name, IS_NO_TEXT)

    def _write_event(self, span: Span, event: str, args: Iterable[tuple[Relation, str]]) -> None:
        label = self._scheme.name_of(span.label, span.layer)
        words = [f"{encoded(label)}:{self._ids[span.id]}"]
        counts: Counter[str] = Counter()
        for relation, name in args:
            known = {EVENT}
            base = role_base(name)
            counts[base] += 1
            role, told = usual_role(name, counts[base]), relation.attributes.get(ROLE)
            if isinstance(told, str) and told not in ("", role) and role_base(told) == name:
                role = told
                known.add(ROLE)
            words.append(f"{encoded(role)}:{self._end(relation, 1, known)}")
            self._seen.events.setdefault(label, {}).setdefault(name)
            self._lose_rest(relation, known)
        self._lines[event] = f"{event}\t{' '.join(words)}"

    def _write_same(self, same: Iterable[tuple[Relation, str]]) -> None:
        """Equivalences: relations of one group that lead from one to the next are one line."""
        groups: list[tuple[str, str, list[str]]] = []
        for relation, label in same:
            known = {SAME}
            group = relation.id.rpartition(".")[0] if relation.id.startswith("*") else relation.id
            head, child = self._end(relation, 0, known), self._end(relation, 1, known)
            self._seen.same.setdefault(label)
            if groups and groups[-1][:2] == (group, label) and groups[-1][2][-1] == head:
                groups[-1][2].append(child)
            else:
                groups.append((group, label, [head, child]))
            self._lose_rest(relation, known)
        self._same += [f"*\t{encoded(label)} {' '.join(members)}" for _, label, members in groups]

    def _lose_rest(self, relation: Relation, known: set[str]) -> None:
        for name in relation.attributes.keys() - known:
            self._lose_of_relation(relation, name, HAS_NO_LINE)

    def _write_attributes_of(self, span: Span) -> None:
        for line in span.note.split("\n") if _is_note(span.note) else ():
            self._write_comment(self._usual_target(span.id), NOTE, line)
        if span.note and not _is_note(span.note):
            self._lose(span, "", HAS_BREAKS, LossKind.NOTE)
        for name, value in span.attributes.items():
            if name != EVENTS and not self._write_attribute(span, name, value):
                self._lose(span, name)

    def _write_attribute(self, span: Span, name: str, value: Json) -> bool:
        target, bare = self._usual_target(span.id), name
        prefix, colon, rest = name.partition(":")
        if colon and prefix in self._targets(span.id):
            target, bare = prefix, rest
        if bare == NORMS and isinstance(value, list):
            return self._write_norms(target, name, value)
        if bare == NOTE and bare != name and isinstance(value, str) and _is_note(value):
            for line in value.split("\n"):
                self._write_comment(target, name, line)
            return True
        return self._write_mark(target, name, bare, value)

    def _write_mark(self, target: str, known_as: str, name: str, value: Json) -> bool:
        """Whether an attribute could be written: a flag, a text, or several texts."""
        values = value if isinstance(value, list) and len(value) > 1 else [value]
        if not name or not (value is True or all(_is_text(one) for one in values)):
            return False
        for one in values:
            own_id = self._mark_id("AM" if one is True else "A", target, known_as)
            self._lines[own_id] = f"{own_id}\t{encoded(name)} {target}" + ("" if one is True else f" {one}")
            self._seen.marks.setdefault(name, {}).update({one: None} if isinstance(one, str) else {})
        return True

    def _write_norms(self, target: str, known_as: str, entries: list[Json]) -> bool:
        lines = [_norm(entry, target) for entry in entries]
        if not lines or None in lines:
            return False
        for line in lines:
            own_id = self._mark_id("N", target, known_as)
            self._lines[own_id] = f"{own_id}\t{line}"
        return True

    def _write_comment(self, target: str, known_as: str, line: str) -> None:
        own_id = self._mark_id("#", target, known_as)
        self._lines[own_id] = f"{own_id}\t{NOTES} {target}\t{line}"

    def _document_target(self) -> str:
        """What stands for the whole document in a note's line."""
        found = (target for kind, target, _ in self._pool if kind == "#" and not is_reference(target))
        return next((one for one in found if not any(char.isspace() for char in one)), WHOLE_DOCUMENT)

    def _write_kept(self) -> None:
        """Lines that were only kept, but for those about what is gone."""
        kept = self._kept_lines()
        there = {*self._lines, *(raw.partition("\t")[0] for raw in kept)}
        for raw in kept:
            own_id = raw.partition("\t")[0]
            if own_id in self._lines or not all(one in there for one in references_in(raw)):
                continue
            if own_id == "*":
                self._same.append(raw)
            else:
                self._lines[own_id] = raw


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for found in _BREAKS.finditer(text, start, end):
        if found.start() > at:
            yield at, found.start()
        at = found.end()
    if at < end:
        yield at, end


def _offsets(parts: Iterable[tuple[int, int]]) -> str:
    return ";".join(f"{start} {end}" for start, end in parts)


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and bool(value) and value == value.strip() and not _IS_NO_VALUE.search(value)


def _is_note(note: str) -> bool:
    """Whether each line of it fits into one of the file."""
    return bool(note) and not _IS_NO_NOTE.search(note.replace("\n", ""))


def _norm(entry: Json, target: str) -> str | None:
    if not isinstance(entry, dict) or entry.keys() - {"reference", "text", "kind"}:
        return None
    kind, reference, text = entry.get("kind", "Reference"), entry.get("reference"), entry.get("text", "")
    words = [one for one in (kind, reference) if isinstance(one, str) and one and not re.search(r"\s", one)]
    if len(words) < 2 or not isinstance(text, str) or _IS_NO_NOTE.search(text) or entry.get("kind") == "Reference":
        return None
    if "text" in entry and not text:
        return None
    return f"{words[0]} {target} {words[1]}" + (f"\t{text}" if text else "")
