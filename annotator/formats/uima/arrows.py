"""What points from one annotation to another, as relations: slots, links of chains, and relations proper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from annotator.domain.spans import Relation
from annotator.domain.text import Json
from annotator.formats.uima.names import OWN_RELATION, SENTENCE_NAMES, TOKEN_NAMES
from annotator.formats.uima.placing import Found, attributes_of, ends_of, label_of, token_span
from annotator.formats.uima.structures import Structure, Structures

NEXT, FIRST, TARGET = "next", "first", "target"
_LINK_LABEL = "referenceRelation"


class Arrows:
    """Collects the relations of a view."""

    def __init__(self, found: Found, structures: Structures) -> None:
        self.relations: dict[str, Relation] = {}
        self._found = found
        self._structures = structures
        self._chains: dict[int, int] = {}

    def join(self, ones: Iterable[Structure]) -> None:
        """Make relations of annotations that are relations."""
        for one in ones:
            names = ends_of(one)
            if names is None:
                continue
            head, child = (self._span_of(one.references[name][0]) for name in names)
            if head is None or child is None:
                self._found.odd[f"relations of the type {one.short} with an end that is no span are left out"] += 1
                continue
            label = label_of(one)
            attributes = attributes_of(one, *names)
            if one.type != OWN_RELATION and one.short not in (label, "Relation"):
                attributes.setdefault("layer", one.short)
            self._add(f"r{one.id}", head, child, label, attributes)

    def follow(self, ones: Iterable[Structure]) -> None:
        """Make relations of what spans refer to: the fillers of slots, the next link of a chain, other annotations."""
        for one in ones:
            if (head := self._found.span_of.get(one.id)) is None:
                continue
            for name, targets in one.references.items():
                for number, target in enumerate(targets):
                    self._refer(one, head, name, number, target)

    def number_chains(self, ones: Iterable[Structure]) -> None:
        """Remember which chain the links belong to."""
        for number, one in enumerate((one for one in ones if FIRST in one.references and not one.is_annotation), 1):
            link = self._next(one, FIRST)
            while link is not None and link.id not in self._chains:
                self._chains[link.id] = number
                link = self._next(link, NEXT)

    def _next(self, one: Structure, name: str) -> Structure | None:
        targets = one.references.get(name)
        return self._structures.of(targets[0]) if targets else None

    def _refer(self, one: Structure, head: str, name: str, number: int, target: Any) -> None:
        to = self._structures.of(target)
        key = f"r{one.id}-{name}-{number}"
        if name == NEXT:
            self._link(one, head, to, key)
        elif to.is_annotation:
            self._join_span(head, to, key, name, {})
        elif TARGET in to.references:
            role = to.values.get("role")
            rest = {feature: value for feature, value in to.values.items() if feature != "role"}
            label = role if isinstance(role, str) and role else name
            end = self._structures.of(to.references[TARGET][0])
            self._join_span(head, end, key, label, {"feature": name, **rest} if label != name else dict(rest))
        else:
            self._keep_as_value(head, name, target)

    def _link(self, one: Structure, head: str, to: Structure, key: str) -> None:
        label = one.values.get(_LINK_LABEL)
        name = label if isinstance(label, str) and label else one.short.removesuffix("Link") or one.short
        chain = self._chains.get(one.id)
        self._join_span(head, to, key, name, {} if chain is None else {"chain": chain})

    def _join_span(self, head: str, to: Structure, key: str, label: str, attributes: dict[str, Json]) -> None:
        child = self._span_of_structure(to)
        if child is None:
            self._found.odd[f"references {label!r} to what is no span are left out"] += 1
        else:
            self._add(key, head, child, label, attributes)

    def _keep_as_value(self, head: str, name: str, target: Any) -> None:
        """A structure that is no annotation is a value of the span that refers to it."""
        span = self._found.spans[head]
        held = span.attributes.get(name)
        values = [*(held if isinstance(held, list) else []), self._structures.plain(target)]
        _set_attribute(self._found, head, name, values)

    def _span_of(self, fs: Any) -> str | None:
        return self._span_of_structure(self._structures.of(fs))

    def _span_of_structure(self, one: Structure) -> str | None:
        if (held := self._found.span_of.get(one.id)) is not None:
            return held
        return token_span(self._found, one) if one.short in TOKEN_NAMES | SENTENCE_NAMES else None

    def _add(self, key: str, head: str, child: str, label: str, attributes: dict[str, Json]) -> None:
        self.relations[key] = Relation(key, head, child, label, attributes)


def _set_attribute(found: Found, span_id: str, name: str, value: Json) -> None:
    span = found.spans[span_id]
    found.spans[span_id] = replace(span, attributes={**span.attributes, name: value})
