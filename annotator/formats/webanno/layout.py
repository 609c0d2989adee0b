"""Annotations laid out as units, each with what stands in its cells. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from annotator.formats.webanno.annotations import Annotation, Joint, Link
from annotator.formats.webanno.layers import ANY, CHAINS, ELEMENT_VALUE, RELATIONS, SPANS, TOKEN, Layer
from annotator.formats.webanno.values import NO_VALUE, NOTHING, escaped_value
from annotator.formats.webanno.words import Words

_Place = tuple[int, int, int]


@dataclass(slots=True)
class Piece:
    """A unit to write: a token, or a piece of it, with what is on it by type."""

    id: str
    start: int
    end: int
    held: dict[str, list[Annotation]] = field(default_factory=lambda: defaultdict(list))
    joints: dict[str, list[Joint]] = field(default_factory=lambda: defaultdict(list))


class Layout:
    """Where each annotation stands. Those that share their first unit, or have several units, have numbers."""

    def __init__(
        self, words: Words, layers: Iterable[Layer], annotations: Iterable[Annotation], joints: Iterable[Joint]
    ) -> None:
        self._words = words
        self._layers = list(layers)
        self._units: dict[int, list[Piece]] = {}
        self._by_place: dict[_Place, Piece] = {}
        self._first: dict[str, Piece] = {}
        self._numbers: dict[str, int] = {}
        self._ids = self._token_ids()
        kinds = {layer.type: layer.kind for layer in self._layers}
        held = list(annotations)
        for one in held:
            pieces = [self._piece(place) for place in self._places_of(one)]
            self._first[one.key] = pieces[0]
            for piece in pieces:
                piece.held[one.type].append(one)
            if kinds[one.type] == SPANS and len(pieces) > 1:
                self._number(one)
        for one in held:
            if kinds[one.type] == SPANS and len(self._first[one.key].held[one.type]) > 1:
                self._number(one)
        for joint in joints:
            self._join(joint)
        for one in held:
            for link in (link for links in one.slots.values() for link in links):
                if link.target is not None:
                    self._number(link.target, is_needed=self._is_any_slot(one, link))

    def _is_any_slot(self, host: Annotation, link: Link) -> bool:
        slots = next(layer.slots for layer in self._layers if layer.type == host.type)
        return any(slot.target == ANY and link in host.slots.get(slot.feature, ()) for slot in slots)

    def _token_ids(self) -> list[str]:
        ids: list[str] = []
        sentence, token = 0, 0
        begins = set(self._words.sentences)
        for at in range(len(self._words.starts)):
            sentence, token = (sentence + 1, 1) if at in begins else (sentence, token + 1)
            ids.append(f"{sentence}-{token}")
        return ids

    def _number(self, one: Annotation, *, is_needed: bool = True) -> None:
        if is_needed and one.type != TOKEN:
            self._numbers.setdefault(one.key, len(self._numbers) + 1)

    def _places_of(self, one: Annotation) -> Iterator[_Place]:
        """Token, start and end of each unit that an annotation covers."""
        words = self._words
        if one.start == one.end:
            at = words.find_at(one.start)
            place = min(max(one.start, words.starts[at]), words.ends[at])
            yield at, place, place
            return
        first, last = words.find_over(one.start), words.find_over(one.end - 1)
        if first is None or last is None:
            raise ValueError(f"{one.key} does not begin and end on tokens")
        for at in range(first, last + 1):
            yield at, max(words.starts[at], one.start), min(words.ends[at], one.end)

    def _piece(self, place: _Place) -> Piece:
        at, start, end = place
        is_token = (start, end) == (self._words.starts[at], self._words.ends[at])
        if place not in self._by_place:
            if is_token:
                self._by_place[place] = Piece(self._ids[at], start, end)
            else:
                own = self._units.setdefault(at, [])
                own.append(Piece(f"{self._ids[at]}.{len(own) + 1}", start, end))
                self._by_place[place] = own[-1]
        return self._by_place[place]

    def _unit_of(self, one: Annotation) -> Piece:
        if one.type != TOKEN:
            return self._first[one.key]
        at = self._words.find_over(one.start) or 0
        return self._piece((at, self._words.starts[at], self._words.ends[at]))

    def _join(self, joint: Joint) -> None:
        for end in (joint.head, joint.child):
            self._number(end, is_needed=joint.base == ANY)
        self._unit_of(joint.child).joints[joint.type].append(joint)

    def pieces(self, at: int) -> Iterator[Piece]:
        """The unit of a token and those of its pieces."""
        yield self._piece((at, self._words.starts[at], self._words.ends[at]))
        yield from self._units.get(at, ())

    def cells(self, piece: Piece) -> Iterator[str]:
        """What stands in the columns."""
        for layer in self._layers:
            if layer.kind == RELATIONS:
                columns = [self._joint_cells(layer, joint) for joint in piece.joints.get(layer.type, ())]
            elif layer.kind == CHAINS:
                columns = [self._element_cells(layer, one) for one in piece.held.get(layer.type, ())]
            else:
                columns = [self._span_cells(layer, one) for one in piece.held.get(layer.type, ())]
            for at in range(len(layer.columns)):
                yield "|".join(stack[at] for stack in columns) if columns else NOTHING

    def _span_cells(self, layer: Layer, one: Annotation) -> list[str]:
        number = self._in_brackets(one)
        cells = [
            f"{_cell(one.values, layer.features[at]) if at in layer.features else NO_VALUE}{number}"
            for at in range(len(layer.columns))
        ]
        for slot in layer.slots:
            links = one.slots.get(slot.feature, [])
            roles = [NO_VALUE if link.role is None else escaped_value(link.role) for link in links]
            cells[slot.at] = f"{';'.join(roles) or NOTHING}{number}"
            cells[slot.at + 1] = ";".join(map(self._target, links)) or NO_VALUE
        return cells

    def _in_brackets(self, one: Annotation) -> str:
        return f"[{self._numbers[one.key]}]" if one.key in self._numbers else ""

    def _target(self, link: Link) -> str:
        return NO_VALUE if link.target is None else self._unit_of(link.target).id + self._in_brackets(link.target)

    def _element_cells(self, layer: Layer, one: Annotation) -> list[str]:
        chain, place = one.chain or (0, 0)
        ends = {ELEMENT_VALUE: f"[{chain}]"}
        return [f"{_cell(one.values, name)}{ends.get(name, f'->{chain}-{place}')}" for name in layer.columns]

    def _joint_cells(self, layer: Layer, joint: Joint) -> list[str]:
        head, child = self._numbers.get(joint.head.key, 0), self._numbers.get(joint.child.key, 0)
        reference = self._unit_of(joint.head).id + (f"[{head}_{child}]" if head or child else "")
        features = layer.features
        return [_cell(joint.values, features[at]) if at in features else reference for at in range(len(layer.columns))]


def _cell(values: Mapping[str, str], name: str) -> str:
    return escaped_value(values[name]) if name in values else NO_VALUE
