"""Lines of ``.ann`` files made one annotated document: what stands where, what hangs on what. Pure.

Decision 0022 says how. A line that refers to another one which could not be taken cannot be taken either; what is sound
but has no place in a document is kept as it stands and written back.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from annotator.domain.edits import shape_of
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Relation, Span, SpanSet
from annotator.domain.text import Document, Json
from annotator.formats.brat.lines import (
    NOTES,
    Arguments,
    Comment,
    Line,
    LineFault,
    Mark,
    Norm,
    Same,
    TextBound,
    is_reference,
)
from annotator.formats.brat.offsets import Offsets, says_what_stands
from annotator.formats.ids import natural

EXTRA = "brat"
EVENTS, NORMS, NOTE, PIECES = "events", "normalization", "note", "AnnotatorPieces"
EVENT, ROLE, ROLES, SAME = "event", "role", "roles", "equiv"
ENDS = ("head_target", "child_target")
"""Names of attributes that carry what brat has and a document has not."""

_NUMBERED = re.compile(r"(.*?[^\d])\d+", re.DOTALL)


class Kept(Exception):
    """The line is sound, but there is no place for it in a document; the message says what it is."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line with the file and the number it stands at."""

    path: str
    number: int
    raw: str
    line: Line


@dataclass(slots=True)
class Built:
    """What became of the lines. ``kept``: how many of each kind are only kept."""

    doc: AnnotatedDocument
    refused: list[tuple[str, int, str]] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)


def built(document: Document, lines: Sequence[Numbered], offsets: Offsets, places: Sequence[int] | None) -> Built:
    """The document with what the lines say. ``places``: where in its text the characters of the file's text are."""
    return _Builder(document, offsets, places).build(lines)


def role_base(role: str) -> str:
    """A role without the number that brat appends to the second of its kind and later ones."""
    found = _NUMBERED.fullmatch(role)
    return found[1] if found else role


def usual_role(base: str, place: int) -> str:
    """What brat calls the argument that is the ``place``-th (from 1) of its kind."""
    return base if place == 1 else f"{base}{place}"


class _Builder:
    """``_events``: the span of each event's trigger, ``_events_of``: the other way round; ``_only_kept``: ids."""

    def __init__(self, document: Document, offsets: Offsets, places: Sequence[int] | None) -> None:
        self._document = document
        self._offsets = offsets
        self._places = places
        self._spans: dict[str, Span] = {}
        self._attributes: dict[str, dict[str, Json]] = defaultdict(dict)
        self._notes: dict[str, list[str]] = defaultdict(list)
        self._relations: dict[str, Relation] = {}
        self._events: dict[str, str] = {}
        self._events_of: dict[str, list[str]] = defaultdict(list)
        self._only_kept: set[str] = set()
        self._ids: list[list[str]] = []
        self._kept_lines: list[str] = []
        self._groups = 0
        self._built = Built(AnnotatedDocument(document))

    def build(self, lines: Sequence[Numbered]) -> Built:
        for kinds in ((TextBound,), (Arguments,), (Arguments, Same), (Comment, Mark, Norm)):
            for one in lines:
                if isinstance(one.line, kinds):
                    self._take(one, is_first=kinds == (Arguments,))
        self._built.doc = AnnotatedDocument(
            self._finished_document(),
            spans=SpanSet(self._finished_spans()),
            relations=dict(self._relations_in_order()),
            note="\n".join(self._notes.get("", [])),
        )
        return self._built

    def _take(self, one: Numbered, *, is_first: bool) -> None:
        """Take one line; events are taken first without their arguments, which may be events further down."""
        line = one.line
        try:
            match line:
                case TextBound():
                    self._take_text_bound(line)
                case Arguments() if is_first:
                    self._take_trigger(line)
                case Arguments():
                    self._take_arguments(line)
                case Same():
                    self._take_same(line)
                case Mark():
                    self._take_mark(line)
                case Norm():
                    self._take_norm(line)
                case Comment():
                    self._take_comment(line)
        except LineFault as fault:
            self._built.refused.append((one.path, one.number, str(fault)))
        except Kept as kept:
            self._built.kept[str(kept)] += 1
            self._kept_lines.append(one.raw)
            if not isinstance(line, Same):
                self._only_kept.add(line.id)

    def _take_text_bound(self, line: TextBound) -> None:
        parts = self._offsets.parts(line)
        text_length = len(self._document.text) if self._places is None else len(self._places) - 1
        if any(end > text_length for _, end in parts):
            raise LineFault(f"{line.id} ends at {parts[-1][1]}, behind the text of {text_length} characters")
        if self._places is not None:
            parts = [(self._places[start], self._places[end]) for start, end in parts]
        if not says_what_stands(line.surface, self._document.text, parts):
            stands = " ".join(self._document.text[start:end] for start, end in parts)
            raise LineFault(f"{line.id} says {_short(line.surface or '')}, but {_short(stands)} stands there")
        if all(start == end for start, end in parts):
            raise Kept("annotations of no text")
        shape = shape_of(self._joined(sorted(part for part in parts if part[0] < part[1])), where="")
        self._spans[line.id] = Span(line.id, label=line.label, origin=Origin.IMPORTED, **shape)

    def _joined(self, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Pieces that touch or overlap as one."""
        found = parts[:1]
        for start, end in parts[1:]:
            if start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
                self._built.mended["pieces of a span that touched were joined"] += 1
            else:
                found.append((start, end))
        return found

    def _take_trigger(self, line: Arguments) -> None:
        if not line.id.startswith("E"):
            return
        if not line.trigger:
            raise Kept("events without a trigger")
        span = self._span_of(line.trigger, line.id)
        self._events[line.id] = span
        self._events_of[span].append(line.id)
        if self._spans[span].label != line.label:
            self._built.mended["events took the label of their trigger"] += 1

    def _take_arguments(self, line: Arguments) -> None:
        if line.id in self._events:
            self._take_event_arguments(line)
        elif line.id.startswith("R"):
            self._take_relation(line)

    def _take_event_arguments(self, line: Arguments) -> None:
        found: list[Relation] = []
        seen: Counter[str] = Counter()
        for number, (role, target) in enumerate(line.args, 1):
            base = role_base(role)
            seen[base] += 1
            attributes: dict[str, Json] = {EVENT: line.id}
            if role != usual_role(base, seen[base]):
                attributes[ROLE] = role
            child, told = self._end_of(target, line.id)
            if told:
                attributes[ENDS[1]] = told
            head = self._events[line.id]
            found.append(Relation(f"{line.id}.{number}", head, child, base, attributes))
        self._relations |= {relation.id: relation for relation in found}

    def _take_relation(self, line: Arguments) -> None:
        if len(line.args) != 2 or line.trigger:
            raise Kept("relations of other than two things")
        (first, head_target), (second, child_target) = line.args
        (head, told_head), (child, told_child) = (self._end_of(one, line.id) for one in (head_target, child_target))
        attributes: dict[str, Json] = {}
        if (first, second) != ("Arg1", "Arg2"):
            attributes[ROLES] = [first, second]
        attributes |= {name: told for name, told in zip(ENDS, (told_head, told_child), strict=True) if told}
        self._relations[line.id] = Relation(line.id, head, child, line.label, attributes)

    def _take_same(self, line: Same) -> None:
        ends = [self._end_of(member, "an equivalence") for member in line.members]
        self._groups += 1
        for number, ((head, told_head), (child, told_child)) in enumerate(pairwise(ends), 1):
            attributes: dict[str, Json] = {SAME: True}
            attributes |= {name: told for name, told in zip(ENDS, (told_head, told_child), strict=True) if told}
            own_id = f"*{self._groups}.{number}"
            self._relations[own_id] = Relation(own_id, head, child, line.label, attributes)

    def _take_mark(self, line: Mark) -> None:
        value: Json = True if line.value is None else line.value
        name = self._add(line.id, line.target, line.name, value)
        self._ids.append([line.id, line.target, name])

    def _add(self, own_id: str, target: str, name: str, value: Json) -> str:
        """Give what ``target`` means an attribute; the name it has there."""
        element, name = self._element(own_id, target, name)
        held = self._attributes[element]
        if name not in held:
            held[name] = value
        elif isinstance(value, str) and isinstance(before := held[name], str | list):
            held[name] = [*([before] if isinstance(before, str) else before), value]
        else:
            raise LineFault(f"{target} has the attribute {name!r} already")
        return name

    def _take_norm(self, line: Norm) -> None:
        element, name = self._element(line.id, line.target, NORMS)
        entry: dict[str, Json] = {"reference": line.reference}
        entry |= {"text": line.text} if line.text else {}
        entry |= {"kind": line.kind} if line.kind != "Reference" else {}
        entries = self._attributes[element].setdefault(name, [])
        if not isinstance(entries, list):
            raise LineFault(f"{line.target} has an attribute {name!r} already")
        entries.append(entry)
        self._ids.append([line.id, line.target, name])

    def _take_comment(self, line: Comment) -> None:
        if line.kind == PIECES and line.target in self._spans:
            self._take_pieces(line)
        elif line.kind != NOTES:
            raise Kept(f"comments of the kind {line.kind!r}")
        elif not is_reference(line.target):
            self._notes[""].append(line.text)
            self._ids.append([line.id, line.target, NOTE])
        else:
            element, name = self._element(line.id, line.target, NOTE)
            if element in self._spans and name == NOTE:
                self._notes[element].append(line.text)
            else:
                before = self._attributes[element].get(name)
                self._attributes[element][name] = line.text if before is None else f"{before}\n{line.text}"
            self._ids.append([line.id, line.target, name])

    def _take_pieces(self, line: Comment) -> None:
        """What the pieces of a span are for us, who do not part it at line ends as brat must."""
        try:
            parts = [(int(start), int(end)) for start, end in (one.split() for one in line.text.split(";"))]
            if self._places is not None:
                parts = [(self._places[start], self._places[end]) for start, end in parts]
            shape = shape_of(parts, where="")
        except (ValueError, IndexError) as fault:
            raise LineFault(f"{line.id} has no offsets") from fault
        span = self._spans[line.target]
        if shape["end"] > len(self._document.text) or not (shape["start"] <= span.start and span.end <= shape["end"]):
            raise LineFault(f"{line.id} has other offsets than {line.target}")
        self._spans[line.target] = replace(span, **shape)

    def _end_of(self, target: str, what: str) -> tuple[str, str]:
        """The span that ``target`` means, and ``target`` itself where the span would not say so."""
        span = self._events.get(target) or self._span_of(target, what)
        return span, "" if target == self._usual_target(span) else target

    def _usual_target(self, span: str) -> str:
        events = self._events_of.get(span, [])
        return events[0] if len(events) == 1 else span

    def _span_of(self, target: str, what: str) -> str:
        if target in self._spans:
            return target
        if target in self._only_kept:
            raise Kept("lines about what is only kept")
        raise LineFault(f"{what} is about {target[:40]}, which is not there or could not be taken")

    def _element(self, own_id: str, target: str, name: str) -> tuple[str, str]:
        """The span or relation that ``target`` means, and how an attribute of it is called there."""
        if target in self._relations:
            return target, name
        span = self._events.get(target) or self._span_of(target, own_id)
        return span, name if target == self._usual_target(span) else f"{target}:{name}"

    def _finished_spans(self) -> Iterator[Span]:
        for span in self._spans.values():
            attributes = dict(self._attributes.get(span.id, {}))
            if span.id in self._events_of:
                attributes[EVENTS] = list[Json](self._events_of[span.id])
            yield Span(
                span.id, span.start, span.end, span.label, origin=span.origin, attributes=attributes,
                note="\n".join(self._notes.get(span.id, [])), fragments=span.fragments,
            )  # fmt: skip

    def _relations_in_order(self) -> Iterator[tuple[str, Relation]]:
        for key, one in self._relations.items():
            attributes: Mapping[str, Json] = {**one.attributes, **self._attributes.get(key, {})}
            yield key, Relation(one.id, one.head, one.child, one.label, attributes)

    def _finished_document(self) -> Document:
        extra: dict[str, Json] = {}
        if self._ids:
            extra["ids"] = list[Json](map(list[Json], sorted(self._ids, key=lambda entry: natural(entry[0]))))
        if self._kept_lines:
            kept = sorted(self._kept_lines, key=lambda raw: natural(raw.partition("\t")[0]))
            extra["kept"] = list[Json](kept)
        if not extra:
            return self._document
        return replace(self._document, extra={EXTRA: extra})


def _short(words: str) -> str:
    return repr(words if len(words) <= 40 else f"{words[:39]}…")
