"""Rules of a configuration that the annotations beside it break: brat keeps what breaks them, a project refuses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from annotator.domain.labels import LabelScheme
from annotator.formats.brat.building import role_base
from annotator.formats.brat.lines import Arguments, LineFault, Same, TextBound, parsed_line


def without_broken_rules(scheme: LabelScheme, contents: Iterable[str]) -> tuple[LabelScheme, list[str]]:
    """The scheme without the rules of relations that files (their contents) break, and the names of these relations."""
    rules = {label.name: scheme.rules_of(label.id) for label in scheme.relation_labels}
    broken: set[str] = set()
    for content in contents:
        for name, head, child in _joined(content):
            held = rules.get(name, [])
            fits = any(head in (rule.heads or (head,)) and child in (rule.children or (child,)) for rule in held)
            if held and not fits:
                broken.add(name)
    kept = tuple(rule for rule in scheme.relation_rules if rule.label not in broken)
    return replace(scheme, relation_rules=kept), sorted(broken)


def _joined(content: str) -> Iterator[tuple[str, str, str]]:
    """Name, label of the head and label of the child of each relation, argument and equivalence."""
    labels: dict[str, str] = {}
    events: list[Arguments] = []
    relations: list[Arguments] = []
    same: list[Same] = []
    for raw in content.split("\n"):
        try:
            line = parsed_line(raw.removesuffix("\r"))
        except LineFault:
            continue
        match line:
            case TextBound():
                labels[line.id] = line.label
            case Arguments():
                (events if line.trigger else relations).append(line)
            case Same():
                same.append(line)
    labels |= {event.id: labels[event.trigger] for event in events if event.trigger in labels}
    pairs = [(role_base(role), event.id, target) for event in events for role, target in event.args]
    pairs += [(one.label, one.args[0][1], one.args[1][1]) for one in relations if len(one.args) == 2]
    pairs += [(one.label, *ends) for one in same for ends in pairwise(one.members)]
    for name, head, child in pairs:
        if head in labels and child in labels:
            yield name, labels[head], labels[child]
