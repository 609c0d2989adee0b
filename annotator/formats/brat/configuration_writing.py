"""annotation.conf and visual.conf for what is written: the scheme, and what the documents have besides. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from annotator.domain.labels import Attribute, Label, LabelScheme
from annotator.formats.brat.colours import colour_of
from annotator.formats.brat.lines import encoded

MOST_VALUES = 50
_ANY = "<ANY>"


@dataclass(slots=True)
class Seen:
    """What the written documents have, by name. ``events``: the roles of each; ``marks``: texts of each attribute."""

    labels: dict[str, None] = field(default_factory=dict)
    relations: dict[str, None] = field(default_factory=dict)
    same: dict[str, None] = field(default_factory=dict)
    events: dict[str, dict[str, None]] = field(default_factory=dict)
    marks: dict[str, dict[str, None]] = field(default_factory=dict)


def annotation_conf(scheme: LabelScheme, seen: Seen) -> str:
    """The labels, relations, events and attributes that brat is to offer."""
    names = dict.fromkeys([*(label.name for _, label in scheme.labels), *seen.labels])
    entities = [encoded(name) for name in names if name not in seen.events]
    events = [f"{encoded(name)}\t{_roles(roles)}".rstrip() for name, roles in sorted(seen.events.items())]
    relations, attributes = list(_relations(scheme, seen)), list(_attributes(scheme, seen))
    sections = (("entities", entities), ("relations", relations), ("events", events), ("attributes", attributes))
    return "\n".join(f"[{name}]\n\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections)


def visual_conf(scheme: LabelScheme) -> str:
    """How brat is to show the labels."""
    spans = {label.name: label for _, label in scheme.labels}
    every = {**{label.name: label for label in scheme.relation_labels}, **spans}
    labels = [" | ".join(_forms(label)) for label in every.values() if len(_forms(label)) > 1]
    drawing = [f"{encoded(name)}\tbgColor:{colour_of(label.hue)}, borderColor:darken" for name, label in spans.items()]
    drawing += ["SPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken"]
    drawing += ["ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5, labelArrow:none"]
    sections = (("labels", labels), ("drawing", drawing))
    return "\n".join(f"[{name}]\n\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections)


def _forms(label: Label) -> list[str]:
    own = encoded(label.name)
    shown = [form for form in (label.name, *label.aliases) if "|" not in form and "\n" not in form and form != own]
    return [own, *dict.fromkeys(form.strip() for form in shown if form.strip())]


def _roles(roles: Iterable[str]) -> str:
    return ", ".join(f"{encoded(role)}*:{_ANY}" for role in sorted(roles))


def _relations(scheme: LabelScheme, seen: Seen) -> Iterator[str]:
    roles = {role for held in seen.events.values() for role in held}
    ids = {label.name: label.id for label in scheme.relation_labels}
    names = {label.id: label.name for _, label in scheme.labels}
    for name in dict.fromkeys([*ids, *seen.relations, *seen.same]):
        if name in roles and name not in seen.relations and name not in seen.same:
            continue
        more = ", <REL-TYPE>:symmetric-transitive" if name in seen.same else ""
        rules = scheme.rules_of(ids.get(name, name))
        ends = [(_listed(rule.heads, names), _listed(rule.children, names)) for rule in rules] or [(_ANY, _ANY)]
        yield from (f"{encoded(name)}\tArg1:{head}, Arg2:{child}{more}" for head, child in dict.fromkeys(ends))


def _listed(labels: Iterable[str], names: dict[str, str]) -> str:
    return "|".join(encoded(names.get(one, one)) for one in labels) or _ANY


def _attributes(scheme: LabelScheme, seen: Seen) -> Iterator[str]:
    known: dict[str, Attribute] = {one.name: one for layer in scheme.layers for one in layer.attributes}
    names = {label.id: label.name for _, label in scheme.labels}
    for name in [*known, *sorted(seen.marks.keys() - known.keys())]:
        attribute = known.get(name, Attribute(name))
        labels = _listed(attribute.labels, names) if attribute.labels else "<ENTITY>|<EVENT>"
        values = list(dict.fromkeys([*attribute.values, *sorted(seen.marks.get(name, ()))]))[:MOST_VALUES]
        fitting = [value for value in values if value and not any(char.isspace() or char in "|," for char in value)]
        more = f", Value:{'|'.join(fitting)}" if fitting else ""
        yield f"{encoded(name)}\tArg:{labels}{more}"
