"""A document made annotations as WebAnno has them, and what of it cannot be one. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import DEFAULT_LAYER, Relation, Span
from annotator.domain.text import Json
from annotator.formats.holding import EDGE_IS_WHITE, IS_IN_PARTS, loss_of_relation, loss_of_span
from annotator.formats.ids import natural
from annotator.formats.shapes import Loss, LossKind
from annotator.formats.webanno.annotations import Annotation, Joint, Link
from annotator.formats.webanno.layers import (
    ANY,
    CHAINS,
    DEPENDENCY,
    LINK_VALUE,
    POS,
    RELATIONS,
    SPANS,
    TOKEN,
    Layer,
    find_type,
    is_feature,
    names_of,
    usual_relation,
)
from annotator.formats.webanno.reader import CHAIN, EXTRA, LAYER, SLOT, TOKEN_LAYER, layers_in
from annotator.formats.webanno.words import Words, words_of

NOT_A_FEATURE = "WebAnno TSV holds texts and flags, under names of letters and digits"
NOT_JOINED = "a token is only written where a relation of tokens joins it"
ENDS_ON_CHAIN = "only a chain can join what is in one"
NOT_A_CHAIN = "a chain leads from one to one"
_UNFIT = re.compile("[\r\x00\ud800-\udfff]")
_BOOLS = {True: "true", False: "false"}


class Unbuilt:
    """``annotations`` and ``joints`` to write, in ``layers``, on ``words``; and ``losses``."""

    def __init__(self, doc: AnnotatedDocument, scheme: LabelScheme) -> None:
        self.losses: list[Loss] = []
        self.joints: list[Joint] = []
        self._doc = doc
        self._scheme = scheme
        extra = doc.document.extra.get(EXTRA)
        self._extra: Mapping[str, Any] = extra if isinstance(extra, dict) else {}
        self._layers: dict[str, Layer] = {layer.type: layer for layer in layers_in(extra)}
        self._types = {name: kind for kind, name in names_of(self._layers.values()).items()}
        self._by_key: dict[str, Annotation] = {}
        self._values: dict[str, dict[str, str]] = {}
        edges = (edge for span in doc.spans for edge in (span.start, span.end - 1))
        self.words: Words = words_of(doc.document, edges)
        for span in sorted(doc.spans, key=lambda one: natural(one.id)):
            self._take(span)
        self._take_zero()
        self._take_relations()
        self._drop_lonely_tokens()

    @property
    def layers(self) -> list[Layer]:
        """The layers to declare."""
        return list(self._layers.values())

    @property
    def annotations(self) -> list[Annotation]:
        """Everything but tokens, by layer and then by id."""
        order = {kind: place for place, kind in enumerate(self._layers)}
        held = [one for one in self._by_key.values() if one.type != TOKEN]
        return sorted(held, key=lambda one: (order[one.type], natural(one.key)))

    def _lose(self, span: Span, reason: str, kind: LossKind = LossKind.SPAN, name: str = "") -> None:
        self.losses.append(loss_of_span(self._doc, span, self._scheme, reason, kind, name))

    def _lose_relation(self, one: Relation, reason: str, name: str = "") -> None:
        kind = LossKind.ATTRIBUTE if name else LossKind.RELATION
        self.losses.append(loss_of_relation(self._doc, one, self._scheme, reason, kind, name))

    def _take(self, span: Span) -> None:
        first, last = self.words.find_over(span.start), self.words.find_over(span.end - 1)
        if span.fragments or first is None or last is None:
            self._lose(span, IS_IN_PARTS if span.fragments else EDGE_IS_WHITE)
            return
        label = self._scheme.name_of(span.label, span.layer)
        if span.layer == TOKEN_LAYER and TOKEN_LAYER not in self._types:
            is_token = (self.words.starts[first], self.words.ends[first]) == (span.start, span.end)
            if is_token and label == TOKEN_LAYER:
                self._by_key[span.id] = Annotation(span.id, TOKEN, span.start, span.end)
                for name in span.attributes:
                    self._lose(span, NOT_JOINED, LossKind.ATTRIBUTE, name)
            else:
                self._lose(span, NOT_JOINED)
            return
        layer = self._layer_of(span)
        one = Annotation(span.id, layer.type, span.start, span.end)
        one.values = self._labelled(layer, label)
        self._by_key[span.id] = one
        for name, value in span.attributes.items():
            if not self._set(one.values, layer.type, name, value):
                self._lose(span, NOT_A_FEATURE, LossKind.ATTRIBUTE, name)

    def _layer_of(self, span: Span) -> Layer:
        kind = self._types.get(span.layer) or find_type(span.layer)
        if kind is None or (kind in self._layers and self._types.get(span.layer) != kind):
            self._lose(span, "a layer's name is a word of ASCII letters and digits", LossKind.LAYER)
            kind = self._types.get(DEFAULT_LAYER) or find_type(DEFAULT_LAYER) or ""
            self._types[DEFAULT_LAYER] = kind
        else:
            self._types[span.layer] = kind
        return self._layers.setdefault(kind, Layer(SPANS, kind, ("value",)))

    def _labelled(self, layer: Layer, label: str) -> dict[str, str]:
        """The values of something with this label, in a layer that may need a feature for it."""
        if label == layer.short:
            return {}
        if not layer.label_feature:
            layer = self._layers[layer.type] = _with_feature(layer, "value")
        return {layer.label_feature: label}

    def _set(self, values: dict[str, str], kind: str, name: str, value: Json) -> bool:
        """Give a feature its value; false where it can have none."""
        layer = self._layers[kind]
        text = _BOOLS[value] if isinstance(value, bool) else value
        is_known = name in layer.features.values()
        if (
            not isinstance(text, str)
            or _UNFIT.search(text)
            or (text in _BOOLS.values() and not isinstance(value, bool))
        ):
            return False
        if name == (layer.label_feature or "value") or not (is_known or (is_feature(name) and layer.kind != CHAINS)):
            return False
        if not is_known:
            if any(slot.feature == name for slot in layer.slots):
                return False
            self._layers[kind] = _with_feature(layer, name)
        values[name] = text
        return True

    def _take_zero(self) -> None:
        for entry in self._entries("zero", id=str, type=str, at=int, values=dict):
            kind, place = entry["type"], entry["at"]
            if kind in self._layers and 0 <= place <= len(self._doc.document.text) and entry["id"] not in self._by_key:
                values = {name: value for name, value in entry["values"].items() if isinstance(value, str)}
                known = set(self._layers[kind].features.values())
                one = Annotation(entry["id"], kind, place, place)
                one.values = {name: value for name, value in values.items() if name in known}
                self._by_key[one.key] = one

    def _entries(self, name: str, **kinds: type) -> Iterator[dict[str, Any]]:
        """What the reader kept under ``name``, if it still is as the reader writes it."""
        held = self._extra.get(name)
        for one in held if isinstance(held, list) else ():
            if isinstance(one, dict) and all(isinstance(one.get(key), kind) for key, kind in kinds.items()):
                yield one

    def _take_relations(self) -> None:
        names = {label.id: label.name for label in self._scheme.relation_labels}
        chained: list[tuple[Relation, str]] = []
        for one in sorted(self._doc.relations.values(), key=lambda one: natural(one.id)):
            head, child = self._by_key.get(one.head), self._by_key.get(one.child)
            if head is None or child is None:
                continue  # an end is lost, and with it the relation
            label = names.get(one.label, one.label)
            if one.attributes.get(CHAIN) is True and head.type == child.type and self._is_chain(head):
                chained.append((one, label))
            elif not self._take_slot(one, label, head, child):
                self._take_relation(one, label, head, child)
        self._take_chains(chained)
        for entry in self._entries("links", host=str, feature=str, place=int):
            self._take_link(entry)
        for entry in self._entries("relations", type=str, head=str, child=str, values=dict):
            head, child = self._by_key.get(entry["head"]), self._by_key.get(entry["child"])
            layer = self._layers.get(entry["type"])
            if head is not None and child is not None and layer is not None and layer.kind == RELATIONS:
                self.joints.append(Joint(layer.type, layer.base, head, child, entry["values"]))

    def _is_chain(self, one: Annotation) -> bool:
        return one.type in self._layers and self._layers[one.type].kind == CHAINS

    def _take_slot(self, one: Relation, label: str, head: Annotation, child: Annotation) -> bool:
        feature = one.attributes.get(SLOT)
        slots = self._layers[head.type].slots if head.type in self._layers else ()
        if child.type == TOKEN or not any(
            slot.feature == feature and slot.target in (child.type, ANY) for slot in slots
        ):
            return False
        role = None if label == feature else label
        head.slots.setdefault(str(feature), []).append(Link(role, child))
        for name in one.attributes.keys() - {SLOT}:
            self._lose_relation(one, "a slot has only a role", name)
        return True

    def _take_link(self, entry: dict[str, Any]) -> None:
        host, target, role = self._by_key.get(entry["host"]), entry.get("target"), entry.get("role")
        if host is None or not any(slot.feature == entry["feature"] for slot in self._layers[host.type].slots):
            return
        if target is None or target in self._by_key:
            link = Link(role if isinstance(role, str) else None, self._by_key.get(str(target)))
            host.slots.setdefault(entry["feature"], []).insert(entry["place"], link)

    def _take_relation(self, one: Relation, label: str, head: Annotation, child: Annotation) -> None:
        is_of_tokens = {head.type, child.type} == {TOKEN}
        kind = self._find_relation_type(one, head, child)
        if self._is_chain(head) or self._is_chain(child):
            self._lose_relation(one, ENDS_ON_CHAIN)
            return
        if kind is None and TOKEN in (head.type, child.type) and not is_of_tokens:
            self._lose_relation(one, NOT_JOINED)
            return
        known = {LAYER} if kind is not None else set()
        if kind is None:
            base = head.type if head.type == child.type else ANY
            kind = usual_relation(base)
            self._layers.setdefault(kind, Layer(RELATIONS, kind, ("value", f"BT_{base}")))
        layer = self._layers[kind]
        joint = Joint(kind, layer.base, head, child, self._labelled(layer, label))
        for name, value in one.attributes.items():
            if name not in known and not self._set(joint.values, kind, name, value):
                self._lose_relation(one, NOT_A_FEATURE, name)
        self.joints.append(joint)

    def _find_relation_type(self, one: Relation, head: Annotation, child: Annotation) -> str | None:
        """The layer that the relation says it is of, if it may join these two."""
        wanted = one.attributes.get(LAYER)
        for layer in self._layers.values():
            if layer.kind != RELATIONS or wanted not in (layer.short, layer.type):
                continue
            ends = {head.type, child.type}
            is_any = layer.base == ANY and TOKEN not in ends
            if ends == {layer.base} or is_any or (layer.type == DEPENDENCY and ends <= {POS, TOKEN}):
                return layer.type
        return None

    def _take_chains(self, chained: Iterable[tuple[Relation, str]]) -> None:
        after: dict[str, str] = {}
        before: dict[str, str] = {}
        for one, label in chained:
            if one.head in after or one.child in before or _leads_to(after, one.child, one.head):
                self._lose_relation(one, NOT_A_CHAIN)
                continue
            after[one.head], before[one.child] = one.child, one.head
            head = self._by_key[one.head]
            head.values.pop(LINK_VALUE, None)
            if label != self._layers[head.type].short and LINK_VALUE in self._layers[head.type].features.values():
                head.values[LINK_VALUE] = label
            for name in one.attributes.keys() - {CHAIN}:
                self._lose_relation(one, "a chain's links have only a name", name)
        self._number_chains(after, before)

    def _number_chains(self, after: Mapping[str, str], before: Mapping[str, str]) -> None:
        places: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for entry in self._entries("zero", id=str, of=str, place=int):
            places[entry["of"]].append((entry["place"], entry["id"]))
        taken = {own_id for held in places.values() for _, own_id in held}
        numbers: dict[str, int] = defaultdict(int)
        elements = [one for one in self._by_key.values() if one.type != TOKEN and self._is_chain(one)]
        for first in sorted(elements, key=lambda one: natural(one.key)):
            if first.key in before or (first.key in taken and first.start == first.end):
                continue
            chain = [first.key]
            while chain[-1] in after:
                chain.append(after[chain[-1]])
            for place, own_id in sorted(pair for key in chain for pair in places.get(key, ())):
                if own_id in self._by_key:
                    chain.insert(place, own_id)
            numbers[first.type] += 1
            for place, key in enumerate(chain, 1):
                self._by_key[key].chain = (numbers[first.type], place)

    def _drop_lonely_tokens(self) -> None:
        joined = {end.key for joint in self.joints for end in (joint.head, joint.child)}
        for span in self._doc.spans:
            one = self._by_key.get(span.id)
            if one is not None and one.type == TOKEN and one.key not in joined:
                del self._by_key[span.id]
                self.losses = [loss for loss in self.losses if loss.element != span.id]
                self._lose(span, NOT_JOINED)


def _leads_to(after: Mapping[str, str], start: str, end: str) -> bool:
    at: str | None = start
    while at is not None and at != end:
        at = after.get(at)
    return at == end


def _with_feature(layer: Layer, name: str) -> Layer:
    """The layer with one more feature; of a relation it stands before what it joins."""
    held = tuple(one for one in layer.columns if one)
    if layer.kind == RELATIONS:
        own = tuple(one for one in held if not one.startswith("BT_"))
        return replace(layer, columns=(*own, name, *(one for one in held if one.startswith("BT_"))))
    return replace(layer, columns=(*held, name))
