"""Annotations, relations, chains and slots of a table: what the cells of all units say together. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from annotator.formats.webanno.layers import ANY, CHAINS, DEPENDENCY, ELEMENT_VALUE, RELATIONS, SPANS, TOKEN, Layer
from annotator.formats.webanno.table import Table, Unit
from annotator.formats.webanno.values import NO_VALUE, NOTHING, linked, numbered, split_at, value_of


@dataclass(slots=True)
class Link:
    """One filler of a slot. ``target`` is None where the file names none."""

    role: str | None
    target: Annotation | None = None


@dataclass(slots=True, eq=False)
class Annotation:
    """An annotation on ``[start, end)`` (code points; of no width where they are the same). ``key`` is its id here.

    ``number`` is what the file calls it in brackets, ``chain`` which chain it is in and where.
    """

    key: str
    type: str
    start: int
    end: int
    values: dict[str, str] = field(default_factory=dict)
    number: str = ""
    chain: tuple[int, int] | None = None
    slots: dict[str, list[Link]] = field(default_factory=dict)


@dataclass(slots=True)
class Joint:
    """A relation."""

    type: str
    base: str
    head: Annotation
    child: Annotation
    values: dict[str, str]


@dataclass(slots=True)
class Read:
    """Everything in a table. ``lost``: references that lead nowhere, by the line they stand in."""

    annotations: list[Annotation] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)


_Reference = tuple[Link, str, str, str, int]


class AnnotationReader:
    """Goes through the units once, then resolves what refers to units."""

    def __init__(self, table: Table) -> None:
        self._read = Read()
        self._table = table
        self._by_number: dict[tuple[str, str], Annotation] = {}
        self._any_by_number: dict[str, Annotation] = {}
        self._elements: dict[tuple[str, tuple[int, int]], Annotation] = {}
        self._at_unit: dict[str, list[Annotation]] = defaultdict(list)
        self._tokens: dict[str, Annotation] = {}
        self._units: dict[str, Unit] = {}
        self._links: list[_Reference] = []
        self._relations: list[tuple[Layer, Unit, dict[str, str], str]] = []

    def read(self) -> Read:
        """All annotations and relations, in order of the units."""
        for unit in self._table.units:
            self._units[unit.id] = unit
            at = 0
            for layer in self._table.layers:
                self._take(layer, unit, unit.cells[at : at + len(layer.columns)])
                at += len(layer.columns)
        for link, kind, unit_id, number, line in self._links:
            link.target = self._find(kind, unit_id, number)
            if link.target is None:
                self._read.lost.append((line, f"the slot leads to {unit_id}, where nothing fitting is"))
        for layer, unit, values, reference in self._relations:
            self._join(layer, unit, values, reference)
        return self._read

    def _take(self, layer: Layer, unit: Unit, cells: list[str]) -> None:
        stacks = [[] if cell == NOTHING else split_at("|", cell) for cell in cells]
        for place in range(max(map(len, stacks), default=0)):
            own = [stack[place] if place < len(stack) else NOTHING for stack in stacks]
            if layer.kind == SPANS:
                self._take_span(layer, unit, own)
            elif layer.kind == RELATIONS:
                self._take_relation(layer, unit, own)
            else:
                self._take_element(layer, unit, own)

    def _take_span(self, layer: Layer, unit: Unit, cells: list[str]) -> None:
        targets = {slot.at + 1 for slot in layer.slots}
        parts = [(cell, "") if at in targets else numbered(cell) for at, cell in enumerate(cells)]
        number = next((number for _, number in parts if number), "")
        held = self._by_number.get((layer.type, number)) if number else None
        if held is not None:
            self._extend(held, unit)
            return
        found = self._new(layer.type, unit, number)
        found.values = _values(layer, [cell for cell, _ in parts])
        for slot in layer.slots:
            found.slots[slot.feature] = list(self._links_in(slot.target, parts[slot.at][0], cells[slot.at + 1], unit))

    def _new(self, kind: str, unit: Unit, number: str = "") -> Annotation:
        found = Annotation(f"a{len(self._read.annotations) + 1}", kind, unit.start, unit.end, number=number)
        self._read.annotations.append(found)
        self._at_unit[unit.id].append(found)
        if number:
            self._by_number[kind, number] = found
            self._any_by_number.setdefault(number, found)
        return found

    def _extend(self, held: Annotation, unit: Unit) -> None:
        held.start, held.end = min(held.start, unit.start), max(held.end, unit.end)
        self._at_unit[unit.id].append(held)

    def _links_in(self, target: str, roles: str, references: str, unit: Unit) -> Iterator[Link]:
        if roles in (NOTHING, "") or references == NOTHING:
            return
        places = split_at(";", references)
        for at, role in enumerate(split_at(";", roles)):
            link = Link(value_of(role))
            if at < len(places) and places[at] not in (NO_VALUE, NOTHING):
                unit_id, number = numbered(places[at])
                self._links.append((link, target, unit_id, number, unit.line))
            yield link

    def _take_element(self, layer: Layer, unit: Unit, cells: list[str]) -> None:
        found = [linked(cell) for cell in cells]
        place = next((place for _, place in found if place is not None), None)
        values = [numbered(cell)[0] if column == ELEMENT_VALUE else linked(cell)[0] for column, cell in
                  zip(layer.columns, cells, strict=True)]  # fmt: skip
        held = self._elements.get((layer.type, place)) if place else None
        if held is not None:
            self._extend(held, unit)
            return
        made = self._new(layer.type, unit)
        made.values, made.chain = _values(layer, values), place
        if place is not None:
            self._elements[layer.type, place] = made

    def _take_relation(self, layer: Layer, unit: Unit, cells: list[str]) -> None:
        references = [cell for column, cell in zip(layer.columns, cells, strict=True) if column.startswith("BT_")]
        self._relations.append((layer, unit, _values(layer, cells), references[0] if references else NOTHING))

    def _join(self, layer: Layer, unit: Unit, values: dict[str, str], reference: str) -> None:
        head_unit, numbers = numbered(reference)
        head_number, _, child_number = numbers.partition("_")
        head = self._find(layer.base, head_unit, head_number, is_dependency=layer.type == DEPENDENCY)
        child = self._find(layer.base, unit.id, child_number, is_dependency=layer.type == DEPENDENCY)
        if head is None or child is None:
            self._read.lost.append((unit.line, f"the relation comes from {head_unit}, where nothing fitting is"))
            return
        self._read.joints.append(Joint(layer.type, layer.base, head, child, values))

    def _find(self, kind: str, unit_id: str, number: str, *, is_dependency: bool = False) -> Annotation | None:
        """What a reference means. Dependencies join tokens, though WebAnno writes that they join parts of speech."""
        if number not in ("", "0"):
            return self._by_number.get((kind, number)) or self._any_by_number.get(number)
        if kind == TOKEN:
            return self._token(unit_id)
        at = [one for one in self._at_unit.get(unit_id, ()) if kind in (one.type, ANY)]
        unnumbered = [one for one in at if not one.number]
        found = next(iter([*unnumbered, *at]), None)
        return self._token(unit_id) if found is None and is_dependency else found

    def _token(self, unit_id: str) -> Annotation | None:
        """The token itself as something that relations may join."""
        unit = self._units.get(unit_id)
        if unit is None or not unit.is_token:
            return None
        if unit_id not in self._tokens:
            self._tokens[unit_id] = Annotation(f"t{unit_id}", TOKEN, unit.start, unit.end)
            self._read.annotations.append(self._tokens[unit_id])
        return self._tokens[unit_id]


def _values(layer: Layer, cells: Iterable[str]) -> dict[str, str]:
    held = list(cells)
    found = ((name, NO_VALUE if held[at] == NOTHING else held[at]) for at, name in layer.features.items())
    return {name: value for name, cell in found if (value := value_of(cell)) is not None}


def chains_in(annotations: Iterable[Annotation], layers: Iterable[Layer]) -> list[list[Annotation]]:
    """The chains, each in order of its places."""
    kinds = {layer.type for layer in layers if layer.kind == CHAINS}
    found: dict[tuple[str, int], list[Annotation]] = defaultdict(list)
    for one in annotations:
        if one.type in kinds and one.chain is not None:
            found[one.type, one.chain[0]].append(one)
    return [sorted(chain, key=lambda one: one.chain or (0, 0)) for chain in found.values()]
