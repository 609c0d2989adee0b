"""Label schemes: layers, labels, relation types and document labels, and what they allow.

A label's ``id`` never changes once spans use it; its ``name`` may. A scheme written by hand gives names only:
the id then is the name. Schemes are TOML files; this module only turns plain values into a scheme and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from annotator.domain.edits import AddRelation, AddSpan, Batch, Edit, Relabel, ResizeSpan, SetCat
from annotator.domain.errors import ConstraintBroken, SchemeInvalid, UnknownLabel
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import DEFAULT_LAYER, Span

HUES = (255, 25, 145, 85, 310, 195, 350, 120, 225, 55, 280, 170)
"""The twelve label hues (OKLCH degrees) in an order in which neighbours differ."""


class Overlap(StrEnum):
    """Which spans of one layer may share text."""

    ANY = "any"
    NESTED = "nested"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Label:
    """One label. ``key`` is the key that gives it; ``aliases`` are names that pipelines or files use for it."""

    id: str
    name: str
    key: str = ""
    hue: int = HUES[0]
    description: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """A named set of labels for spans."""

    name: str
    labels: tuple[Label, ...] = ()
    overlap: Overlap = Overlap.ANY


@dataclass(frozen=True, slots=True)
class LabelScheme:
    """What may be said about a document. ``extensible``: labels unknown to it are added on import."""

    name: str
    title: str = ""
    description: str = ""
    language: str = ""
    layers: tuple[Layer, ...] = (Layer(DEFAULT_LAYER),)
    relation_labels: tuple[Label, ...] = ()
    document_labels: tuple[Label, ...] = ()
    is_extensible: bool = False

    @property
    def labels(self) -> Iterator[tuple[Layer, Label]]:
        """Every span label with its layer, in the order of the scheme."""
        return ((layer, label) for layer in self.layers for label in layer.labels)

    def find_layer(self, name: str) -> Layer | None:
        """The layer with this name, or None."""
        return next((layer for layer in self.layers if layer.name == name), None)

    def find_label(self, label_id: str, layer: str = DEFAULT_LAYER) -> Label | None:
        """The label with this id in this layer, or None."""
        found = self.find_layer(layer)
        return next((label for label in found.labels if label.id == label_id), None) if found else None

    def find_by_name(self, name: str, layer: str = DEFAULT_LAYER) -> Label | None:
        """The label of this layer that goes by ``name`` in a file: by name, by id, or by alias."""
        found = self.find_layer(layer)
        return _find_by_name(found.labels, name) if found else None

    def find_relation_label(self, name: str) -> Label | None:
        """The relation label that goes by ``name`` (name, id or alias), or None."""
        return _find_by_name(self.relation_labels, name)

    def find_document_label(self, name: str) -> Label | None:
        """The document label that goes by ``name`` (name, id or alias), or None."""
        return _find_by_name(self.document_labels, name)

    def name_of(self, label_id: str, layer: str = DEFAULT_LAYER) -> str:
        """The name shown and exported for a label id (the id itself when the scheme has lost it)."""
        label = self.find_label(label_id, layer)
        return label.name if label else label_id

    def extended(
        self,
        spans: Iterable[tuple[str, str]] = (),
        relations: Iterable[str] = (),
        cats: Iterable[str] = (),
    ) -> LabelScheme:
        """A scheme that also has these labels: ``(layer, name)`` for spans, names for the others."""
        scheme = self
        for layer_name, name in spans:
            if scheme.find_by_name(name, layer_name) is None:
                scheme = scheme._with_span_label(layer_name, name)
        for name in relations:
            if scheme.find_relation_label(name) is None:
                labels = (*scheme.relation_labels, _new_label(name, len(scheme.relation_labels)))
                scheme = replace(scheme, relation_labels=labels)
        for name in cats:
            if scheme.find_document_label(name) is None:
                labels = (*scheme.document_labels, _new_label(name, len(scheme.document_labels)))
                scheme = replace(scheme, document_labels=labels)
        return scheme

    def _with_span_label(self, layer_name: str, name: str) -> LabelScheme:
        layers = self.layers if self.find_layer(layer_name) else (*self.layers, Layer(layer_name))
        return replace(
            self,
            layers=tuple(
                replace(layer, labels=(*layer.labels, _new_label(name, len(layer.labels), layer.labels)))
                if layer.name == layer_name
                else layer
                for layer in layers
            ),
        )

    def check(self, doc: AnnotatedDocument, edit: Edit) -> None:
        """Raise `ConstraintBroken` or `UnknownLabel`, one sentence, unless the scheme allows ``edit``."""
        match edit:
            case AddSpan(span):
                self._check_span(doc, span)
            case Relabel(span_id, label, _):
                if (held := doc.spans.find(span_id)) is not None:
                    self._check_span(doc, replace(held, label=label))
            case ResizeSpan(span_id, start, end, _):
                if (held := doc.spans.find(span_id)) is not None:
                    self._check_span(doc, replace(held, start=start, end=end))
            case AddRelation(relation):
                if self.find_relation_label(relation.label) is None:
                    raise self._unknown(relation.label, "relation label")
            case SetCat(label, value):
                if value is not None and self.find_document_label(label) is None:
                    raise self._unknown(label, "document label")
            case Batch(edits):
                for one in edits:
                    self.check(doc, one)
            case _:
                pass

    def check_document(self, doc: AnnotatedDocument) -> None:
        """Raise `ConstraintBroken` or `UnknownLabel` unless the scheme allows everything ``doc`` carries.

        For imports: twins (same words, same label) are tolerated, because other tools write them.
        """
        for span in doc.spans:
            self._check_label(span)
            self._check_neighbours(doc, span)
        for relation in doc.relations.values():
            if self.find_relation_label(relation.label) is None:
                raise self._unknown(relation.label, "relation label")
        for label in doc.cats:
            if self.find_document_label(label) is None:
                raise self._unknown(label, "document label")

    def _check_span(self, doc: AnnotatedDocument, span: Span) -> None:
        self._check_label(span)
        for other in doc.spans.overlapping(span.start, span.end):
            is_twin = (other.start, other.end, other.label, other.layer) == (
                span.start,
                span.end,
                span.label,
                span.layer,
            )
            if is_twin and other.id != span.id:
                raise ConstraintBroken(f"{self.name_of(span.label, span.layer)} is already on these words")
        self._check_neighbours(doc, span)

    def _check_label(self, span: Span) -> None:
        layer = self.find_layer(span.layer)
        if layer is None or not any(label.id == span.label for label in layer.labels):
            raise self._unknown(span.label, f"label of layer {span.layer}")

    def _check_neighbours(self, doc: AnnotatedDocument, span: Span) -> None:
        layer = self.find_layer(span.layer)
        if layer is None or layer.overlap is Overlap.ANY:
            return
        for other in doc.spans.overlapping(span.start, span.end):
            if other.id == span.id or other.layer != span.layer or _may_share(span, other, layer.overlap):
                continue
            raise ConstraintBroken(
                f"{self.name_of(span.label, span.layer)} would {_CLASH[layer.overlap]} "
                f"{self.name_of(other.label, other.layer)} here, which the scheme does not allow",
                remedy="remove or resize the other span first",
            )

    def _unknown(self, name: str, what: str) -> UnknownLabel:
        return UnknownLabel(
            f"{name!r} is not a {what} in the scheme {self.name!r}", remedy="use a label of the scheme or add it"
        )


_CLASH = {Overlap.ANY: "", Overlap.NESTED: "cross", Overlap.NONE: "overlap"}


def _may_share(one: Span, other: Span, overlap: Overlap) -> bool:
    if overlap is Overlap.ANY:
        return True
    if overlap is Overlap.NONE:
        return False
    one_inside = other.start <= one.start and one.end <= other.end
    return one_inside or (one.start <= other.start and other.end <= one.end)


def _find_by_name(labels: tuple[Label, ...], name: str) -> Label | None:
    for matches in (
        lambda label: label.name == name,
        lambda label: label.id == name,
        lambda label: name in label.aliases,
    ):
        if found := next(filter(matches, labels), None):
            return found
    return None


DIGIT_KEYS = "1234567890"


def _new_label(name: str, index: int, taken: Iterable[Label] = ()) -> Label:
    used = {label.key for label in taken}
    key = next((key for key in DIGIT_KEYS if key not in used), "")
    return Label(id=name, name=name, key=key, hue=HUES[index % len(HUES)])


def scheme_from_plain(plain: Mapping[str, Any]) -> LabelScheme:
    """A scheme from the values of its TOML file or of `scheme_to_plain`. Raises `SchemeInvalid`."""
    name = plain.get("name")
    if not isinstance(name, str) or not name:
        raise SchemeInvalid("the scheme has no name", remedy='begin it with a line such as name = "news"')
    try:
        scheme = LabelScheme(
            name=name,
            title=str(plain.get("title", "")),
            description=str(plain.get("description", "")),
            language=str(plain.get("language", "")),
            layers=tuple(_layer_from_plain(layer) for layer in plain.get("layers", ())),
            relation_labels=_labels_from_plain(plain.get("relations", ()), "relations"),
            document_labels=_labels_from_plain(plain.get("document_labels", ()), "document_labels"),
            is_extensible=bool(plain.get("extensible", False)),
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise SchemeInvalid(
            f"the scheme is not built as it should be ({fault})",
            where=name,
            remedy="give each layer a name and each label a name; see resources/schemes/news.toml",
        ) from fault
    return scheme if scheme.layers else replace(scheme, layers=(Layer(DEFAULT_LAYER),))


def _layer_from_plain(plain: Mapping[str, Any]) -> Layer:
    overlap = plain.get("overlap", "any")
    if overlap not in set(Overlap):
        raise SchemeInvalid(f"overlap = {overlap!r} is none of any, nested, none", where=plain["name"])
    return Layer(plain["name"], _labels_from_plain(plain.get("labels", ()), plain["name"]), Overlap(overlap))


def _labels_from_plain(plain: Iterable[Mapping[str, Any]], where: str) -> tuple[Label, ...]:
    labels = tuple(
        Label(
            id=str(entry.get("id", entry["name"])),
            name=str(entry["name"]),
            key=str(entry.get("key", "")),
            hue=int(entry.get("hue", HUES[index % len(HUES)])),
            description=str(entry.get("description", "")),
            aliases=tuple(entry.get("aliases", ())),
        )
        for index, entry in enumerate(plain)
    )
    for what in ("id", "name", "key"):
        _refuse_twins([getattr(label, what) for label in labels], what, where)
    return labels


def _refuse_twins(values: list[str], what: str, where: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value and value in seen:
            raise SchemeInvalid(f"two labels have the {what} {value!r}", where=where, remedy="change one of them")
        seen.add(value)


def scheme_to_plain(scheme: LabelScheme) -> dict[str, Any]:
    """The inverse of `scheme_from_plain`, complete."""
    return {
        "name": scheme.name,
        "title": scheme.title,
        "description": scheme.description,
        "language": scheme.language,
        "extensible": scheme.is_extensible,
        "layers": [
            {
                "name": layer.name,
                "overlap": layer.overlap.value,
                "labels": [_label_to_plain(label) for label in layer.labels],
            }
            for layer in scheme.layers
        ],
        "relations": [_label_to_plain(label) for label in scheme.relation_labels],
        "document_labels": [_label_to_plain(label) for label in scheme.document_labels],
    }


def _label_to_plain(label: Label) -> dict[str, Any]:
    return {
        "id": label.id,
        "name": label.name,
        "key": label.key,
        "hue": label.hue,
        "description": label.description,
        "aliases": list(label.aliases),
    }
