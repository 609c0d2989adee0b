"""Reads GATE XML: a document for each set of annotations that says something."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from annotator.domain.offsets import Utf16Map
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Relation, Span, SpanSet
from annotator.domain.text import Document, Json, Tokens
from annotator.formats.encoding import with_newlines
from annotator.formats.gate.parsing import GateAnnotation, GateDocument, GateSet, parse_gate
from annotator.formats.safe_xml import BadXml
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source

EXTRA = "gate"
KEY_SET, GOLD = "Key", "gold"
MARKUP_SETS = frozenset({"Original markups"})
TOKEN, SPACE, SENTENCE, SPLIT = "Token", "SpaceToken", "Sentence", "Split"
TITLE = "gate.NAME"
_OF_TOKENS = frozenset({"kind", "length", "string", "orth"})

_Range: TypeAlias = tuple[int, int]


class GateReader:
    """Reads one document a file."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """A record for each set with labels, or one without any."""
        try:
            with source.open() as file:
                gate = parse_gate(file)
        except BadXml as fault:
            yield Rejected(source.path, fault.line, str(fault))
            return
        if (reason := _why_not(gate, options)) is not None:
            yield Rejected(source.path, 1, reason)
            return
        reading = _Reading(gate)
        for doc in reading.documents():
            yield Parsed(source.path, 1, doc, is_annotated=True)
        for what, count in reading.odd.items():
            yield Remark(source.path, 1, f"{what} ({count})")


def _why_not(gate: GateDocument, options: ReadOptions) -> str | None:
    if not gate.text.strip():
        return "the text has only white space" if gate.text else "the text is empty"
    if any(one.annotations for one in gate.sets) and with_newlines(gate.text, options.newlines) != gate.text:
        return "line ends cannot be changed under existing offsets; import with --newlines keep"
    return None


class _Reading:
    """One document of GATE as documents with one annotation set each. ``odd``: what was changed or left out."""

    def __init__(self, gate: GateDocument) -> None:
        self.odd: Counter[str] = Counter()
        self._gate = gate
        self._units = Utf16Map(gate.text)
        self._points: list[Json] = []

    def documents(self) -> list[AnnotatedDocument]:
        """A document for each set with labels, or one without any. All have the same text and tokens."""
        named = [(one, *self._content(one)) for one in self._gate.sets if one.name not in MARKUP_SETS]
        document = self._document()
        found = [
            AnnotatedDocument(document, GOLD if one.name == KEY_SET else one.name, SpanSet(spans), relations)
            for one, spans, relations in named
            if spans
        ]
        return found or [AnnotatedDocument(document)]

    def _document(self) -> Document:
        features = dict(self._gate.features)
        title = features.pop(TITLE, "")
        kept: dict[str, Json] = {one.name: self._markup(one) for one in self._gate.sets if one.name in MARKUP_SETS}
        if self._points:
            kept["points"] = self._points
        extra: dict[str, Json] = {EXTRA: {name: value for name, value in kept.items() if value}} if kept else {}
        return Document(
            "", self._gate.text, title if isinstance(title, str) else "", meta=features, extra=extra,
            tokens=self._tokens(),
        )  # fmt: skip

    def _markup(self, one: GateSet) -> list[Json]:
        found: list[Json] = []
        for annotation in one.annotations:
            if (place := self._place(annotation)) is not None:
                features: dict[str, Json] = dict(annotation.features)
                found.append({"type": annotation.type, "start": place[0], "end": place[1], "features": features})
        if found:
            self.odd[f"annotations of the set {one.name!r} are kept beside the text and are no spans"] += len(found)
        return found

    def _content(self, one: GateSet) -> tuple[list[Span], dict[str, Relation]]:
        spans: dict[str, Span] = {}
        for annotation in one.annotations:
            if _is_structure(annotation):
                if annotation.features.keys() - _OF_TOKENS:
                    self.odd["features of tokens, such as their part of speech, are left out"] += 1
                continue
            place = self._place(annotation)
            if place is None:
                continue
            if place[0] == place[1]:
                features: dict[str, Json] = dict(annotation.features)
                self._points.append({"set": one.name, "type": annotation.type, "at": place[0], "features": features})
                self.odd["annotations without a width are kept beside the text and are no spans"] += 1
                continue
            key = f"g{annotation.id}"
            while key in spans:
                key += "'"
            spans[key] = Span(key, *place, annotation.type, origin=Origin.IMPORTED, attributes=annotation.features)
        return list(spans.values()), self._relations(one, spans)

    def _relations(self, one: GateSet, spans: dict[str, Span]) -> dict[str, Relation]:
        """Arrows from the first member of a relation to each other one."""
        found: dict[str, Relation] = {}
        for relation in one.relations:
            members = [f"g{member}" for member in relation.members]
            if len(members) < 2 or any(member not in spans for member in members):
                self.odd["relations that do not join spans are left out"] += 1
                continue
            for number, child in enumerate(members[1:]):
                key = f"r{relation.id}-{number}"
                found[key] = Relation(key, members[0], child, relation.type, relation.features)
        return found

    def _place(self, annotation: GateAnnotation) -> _Range | None:
        """Where an annotation stands, in code points; counted if that is nowhere."""
        start, end = (self._find_char(node) for node in (annotation.start, annotation.end))
        if start is None or end is None or not 0 <= start <= end <= len(self._gate.text):
            self.odd["annotations that lie outside the text are left out"] += 1
            return None
        return start, end

    def _find_char(self, node: str) -> int | None:
        """The place of a node; of one that the text does not have, its id is an offset in UTF-16 units."""
        if (held := self._gate.places.get(node)) is not None:
            return held
        is_offset = node.isdecimal() and int(node) <= self._units.length_utf16
        return self._units.to_char(int(node)) if is_offset else None

    def _tokens(self) -> Tokens:
        """The tokens of the first set that has some, with its sentences."""
        for one in self._gate.sets:
            if one.name in MARKUP_SETS or not any(annotation.type == TOKEN for annotation in one.annotations):
                continue
            starts: list[int] = []
            ends: list[int] = []
            for start, end in self._ranges(one, TOKEN):
                if start < end and (not ends or start >= ends[-1]):
                    starts.append(start)
                    ends.append(end)
            firsts = {bisect_left(starts, start) for start, _ in self._ranges(one, SENTENCE)}
            return Tokens(starts, ends, sorted(first for first in firsts if first < len(starts)))
        return Tokens()

    def _ranges(self, one: GateSet, kind: str) -> list[_Range]:
        places = (self._place(annotation) for annotation in one.annotations if annotation.type == kind)
        return sorted({place for place in places if place is not None})


def _is_structure(annotation: GateAnnotation) -> bool:
    """Tokens and spaces between them; sentences and their ends, if nothing is said about them."""
    if annotation.type in (TOKEN, SPACE):
        return True
    return annotation.type in (SENTENCE, SPLIT) and not annotation.features.keys() - {"kind"}
