"""annotation.conf and visual.conf as a scheme. Pure.

Labels are called as in the ``.ann`` files; other forms from visual.conf are aliases, where they mean one label only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from annotator.domain.labels import HUES, Attribute, AttributeKind, Label, LabelScheme, Layer, RelationRule
from annotator.domain.spans import DEFAULT_LAYER
from annotator.formats.brat.building import role_base
from annotator.formats.brat.colours import find_hue
from annotator.formats.brat.lines import decoded

_SECTION = re.compile(r"\s*\[(.*)\]\s*")
_MACRO = re.compile(r"<([a-zA-Z_-]+)>=\s*(.*?)\s*")
_ENTRY = re.compile(r"(\s*)(\S+)(?:\s+(.*))?", re.DOTALL)
_ARGUMENT = re.compile(r"(\S+?)(?:[?*+]|\{[\d-]*\})*:(\S+)")
_IS_NO_RELATION = ("ENTITY-NESTING", "<OVERLAP>")
_SAME = "symmetric-transitive"


class ConfigurationFault(ValueError):
    """The file is no configuration of brat's; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a section. ``parent``: the entry it is indented under; ``is_group``: it only groups others."""

    name: str
    args: tuple[tuple[str, tuple[str, ...]], ...]
    parent: str = ""
    is_group: bool = False

    def find(self, *names: str) -> tuple[str, ...] | None:
        """The values of the first argument with one of these names, or None."""
        return next((values for name, values in self.args if name in names), None)


def scheme_from(annotation: str, visual: str = "") -> LabelScheme:
    """The scheme that a configuration describes. Raises `ConfigurationFault`."""
    sections = _sections(annotation)
    entities = [one for name in ("entities", "spans") for one in _entries(sections.get(name, ()))]
    events = list(_entries(sections.get("events", ())))
    if not sections.keys() & {"entities", "spans", "events", "relations", "attributes"}:
        raise ConfigurationFault("it has no [entities] and no [events], so it is no configuration of brat's")
    kinds = _Kinds(
        tuple(dict.fromkeys(one.name for one in entities if not one.is_group)),
        tuple(dict.fromkeys(one.name for one in events if not one.is_group)),
    )
    look = _Look(visual)
    relations = [one for one in _entries(sections.get("relations", ())) if one.name not in _IS_NO_RELATION]
    roles = dict.fromkeys(role_base(role) for one in events for role, _ in one.args if not one.is_group)
    names = dict.fromkeys([*(one.name for one in relations), *roles])
    attributes = _attributes(_entries(sections.get("attributes", ())), kinds)
    layer = Layer(DEFAULT_LAYER, tuple(look.labels(_described([*entities, *events], kinds))), attributes=attributes)
    same = {one.name for one in relations if one.find("<REL-TYPE>") == (_SAME,) or one.name == "Equiv"}
    described = [(name, "Symmetric and transitive" if name in same else "") for name in names]
    return LabelScheme(
        "brat",
        layers=(layer,),
        relation_labels=tuple(look.labels(described)),
        relation_rules=tuple(dict.fromkeys([*_relation_rules(relations, kinds), *_event_rules(events, kinds)])),
    )


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The names that <ENTITY> and <EVENT> stand for."""

    entities: tuple[str, ...]
    events: tuple[str, ...]

    def meant_by(self, names: Iterable[str]) -> tuple[str, ...]:
        """The labels that an argument may be; empty: any."""
        found: dict[str, None] = {}
        for name in names:
            match name:
                case "<ENTITY>":
                    found |= dict.fromkeys(self.entities)
                case "<EVENT>":
                    found |= dict.fromkeys(self.events)
                case _ if name.startswith("<"):
                    return ()
                case _:
                    found[decoded(name)] = None
        return tuple(found)


def _sections(content: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    section: list[str] = []
    for line in content.splitlines():
        if heading := _SECTION.fullmatch(line):
            section = found.setdefault(heading[1].strip().lower(), [])
        else:
            section.append(line)
    return found


def _entries(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of a section, macros filled in."""
    macros: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#") or not line.strip(" \t-"):
            continue
        if macro := _MACRO.fullmatch(line):
            macros[f"<{macro[1]}>"] = _filled(macro[2], macros)
            continue
        found = _ENTRY.fullmatch(_filled(line.rstrip(), macros))
        if found is None:
            continue
        depth, name = len(found[1]), found[2].split("|")[0].lstrip("!")
        above = [one for one in above if one[0] < depth]
        args = tuple(_arguments(found[3] or ""))
        if name:
            yield Entry(decoded(name), args, above[-1][1] if above else "", found[2].startswith("!"))
            above.append((depth, decoded(name)))


def _filled(line: str, macros: dict[str, str]) -> str:
    for name, value in macros.items():
        line = line.replace(name, value)
    return line


def _arguments(args: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in args.split(","):
        if found := _ARGUMENT.fullmatch(one.strip()):
            yield decoded(found[1]), tuple(value for value in found[2].split("|") if value)


def _described(entries: Iterable[Entry], kinds: _Kinds) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    events = set(kinds.events)
    for one in entries:
        if one.is_group or one.name in seen:
            continue
        seen.add(one.name)
        kind = f"A kind of {one.parent}" if one.parent else ""
        yield (
            one.name,
            "; ".join(filter(None, (kind, "an event" if kind else "An event"))) if one.name in events else kind,
        )


def _relation_rules(relations: Iterable[Entry], kinds: _Kinds) -> Iterator[RelationRule]:
    for one in relations:
        ends = [values for name, values in one.args if not name.startswith("<")]
        if len(ends) == 2:
            yield RelationRule(one.name, kinds.meant_by(ends[0]), kinds.meant_by(ends[1]))


def _event_rules(events: Iterable[Entry], kinds: _Kinds) -> Iterator[RelationRule]:
    for one in events:
        if not one.is_group:
            for role, values in one.args:
                yield RelationRule(role_base(role), (one.name,), kinds.meant_by(values))


def _attributes(entries: Iterable[Entry], kinds: _Kinds) -> tuple[Attribute, ...]:
    """The attributes of spans. One that is defined twice is for the labels, and has the values, of both."""
    found: dict[str, Attribute] = {}
    for one in entries:
        whose = one.find("Arg") or ("<ANY>",)
        if one.is_group or whose == ("<RELATION>",):
            continue
        values = tuple(decoded(value) for value in one.find("Value") or ())
        labels = kinds.meant_by(name for name in whose if name != "<RELATION>")
        kind = AttributeKind.CHOICE if values else AttributeKind.FLAG
        held = found.get(one.name)
        if held is not None:
            values = tuple(dict.fromkeys((*held.values, *values)))
            labels = tuple(dict.fromkeys((*held.labels, *labels))) if held.labels and labels else ()
            kind = AttributeKind.CHOICE if values else AttributeKind.FLAG
        found[one.name] = Attribute(one.name, kind, values, labels)
    return tuple(found.values())


class _Look:
    """What visual.conf says: other names, and colours."""

    def __init__(self, visual: str) -> None:
        sections = _sections(visual)
        self._forms: dict[str, list[str]] = {}
        for line in sections.get("labels", ()):
            if "|" in line and not line.lstrip().startswith("#"):
                name, *forms = (one.strip() for one in line.split("|"))
                self._forms[decoded(name)] = [one for one in forms if one]
        self._hues = {
            one.name: hue
            for one in _entries(sections.get("drawing", ()))
            if (colour := one.find("bgColor", "color")) and (hue := find_hue(colour[0])) is not None
        }

    def labels(self, names: Iterable[tuple[str, str]]) -> Iterator[Label]:
        """The labels with these names and descriptions."""
        held = list(names)
        own = {name for name, _ in held}
        uses = Counter(form for name in own for form in set(self._forms.get(name, ())))
        for (name, description), number in zip(held, count()):
            forms = dict.fromkeys(self._forms.get(name, ()))
            aliases = tuple(one for one in forms if one not in own and uses[one] == 1 and len(one) > 1)
            label = Label(name, name, hue=HUES[number % len(HUES)], description=description, aliases=aliases)
            yield replace(label, hue=self._hues.get(name, label.hue))
