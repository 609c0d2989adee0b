"""Layers of WebAnno TSV 3, as the head of a file declares them, and what they are called here. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from annotator.domain.spans import DEFAULT_LAYER

SPANS, RELATIONS, CHAINS = "SP", "RL", "CH"
ANY = "uima.tcas.Annotation"
CUSTOM = "webanno.custom."
_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
TOKEN = f"{_DKPRO}segmentation.type.Token"
ENTITY = f"{_DKPRO}ner.type.NamedEntity"
DEPENDENCY = f"{_DKPRO}syntax.type.dependency.Dependency"
POS = f"{_DKPRO}lexmorph.type.pos.POS"
KNOWN = {
    one.rpartition(".")[2]: one
    for one in (
        POS, DEPENDENCY, f"{_DKPRO}segmentation.type.Lemma", f"{_DKPRO}segmentation.type.Stem",
        f"{_DKPRO}segmentation.type.SurfaceForm", f"{_DKPRO}lexmorph.type.morph.MorphologicalFeatures",
        f"{_DKPRO}syntax.type.chunk.Chunk", f"{_DKPRO}semantics.type.SemPred", f"{_DKPRO}semantics.type.SemArg",
        f"{_DKPRO}coref.type.CoreferenceLink",
    )
}  # fmt: skip
ELEMENT_VALUE, LINK_VALUE = "referenceType", "referenceRelation"
LABELS = {
    "POS": "PosValue", "Dependency": "DependencyType", "Chunk": "chunkValue", "SemPred": "category",
    "SemArg": "role",
}  # fmt: skip
"""The feature that is the label, where it is not called ``value``."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ROLE = re.compile(r"ROLE_(?:.*:)?([^:_]+)_.+")


@dataclass(frozen=True, slots=True)
class Slot:
    """A feature that leads to other annotations. ``at``: the column of the roles; the next has the targets."""

    feature: str
    target: str
    at: int


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer. ``columns`` are the declarations as they stand there; a layer without features has an empty one."""

    kind: str
    type: str
    columns: tuple[str, ...]

    @property
    def short(self) -> str:
        """The name without the package: the label of what has none."""
        return self.type.rpartition(".")[2]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The features that lead to other annotations."""
        return _slots(self)

    @property
    def features(self) -> Mapping[int, str]:
        """The other features by column."""
        return _features(self)

    @property
    def base(self) -> str:
        """What a relation joins."""
        return next((one.removeprefix("BT_") for one in self.columns if one.startswith("BT_")), "")

    @property
    def label_feature(self) -> str:
        """The feature whose value is the label: the usual one, ``value``, or else the first; empty if there is none."""
        return _label_feature(self)


@cache
def _slots(layer: Layer) -> tuple[Slot, ...]:
    if layer.kind != SPANS:
        return ()
    found = ((at, _ROLE.fullmatch(column)) for at, column in enumerate(layer.columns[:-1]))
    return tuple(Slot(role[1], layer.columns[at + 1], at) for at, role in found if role)


@cache
def _features(layer: Layer) -> Mapping[int, str]:
    taken = {place for slot in layer.slots for place in (slot.at, slot.at + 1)}
    return {
        at: name
        for at, name in enumerate(layer.columns)
        if name and at not in taken and not (layer.kind == RELATIONS and name.startswith("BT_"))
    }


@cache
def _label_feature(layer: Layer) -> str:
    names = [*layer.features.values()]
    for name in (LABELS.get(layer.short, ""), ELEMENT_VALUE if layer.kind == CHAINS else "", "value"):
        if name in names:
            return name
    return next(iter(names), "")


def layer_from(line: str) -> Layer | None:
    """The layer that a line of the head declares; None if it declares none."""
    found = re.fullmatch(r"#T_(SP|RL|CH)=([^|]+)(?:\|(.*))?", line)
    return Layer(found[1], found[2].strip(), tuple((found[3] or "").split("|"))) if found else None


def line_of(layer: Layer) -> str:
    """The line of the head that declares a layer."""
    return f"#T_{layer.kind}={layer.type}|{'|'.join(layer.columns)}"


def names_of(layers: Iterable[Layer]) -> Mapping[str, str]:
    """What the layers are called here, by type: named entities are the default layer, others go by their short name,
    or by the whole one where two have the same short name.
    """
    held = [layer for layer in layers if layer.kind != RELATIONS]
    uses = Counter(layer.short for layer in held)
    return {layer.type: _name_of(layer, is_only_one=uses[layer.short] == 1) for layer in held}


def _name_of(layer: Layer, *, is_only_one: bool) -> str:
    if layer.type == ENTITY:
        return DEFAULT_LAYER
    return layer.short if is_only_one and layer.short not in (DEFAULT_LAYER, "Token") else layer.type


def find_type(layer: str) -> str | None:
    """The type for a layer that no file has declared; None if its name cannot be one."""
    if layer == DEFAULT_LAYER:
        return ENTITY
    if layer in KNOWN:
        return KNOWN[layer]
    return CUSTOM + layer if _NAME.fullmatch(layer) and layer != "Token" else None


def usual_relation(base: str) -> str:
    """The type of a relation between annotations of the type ``base``, where nothing else is said."""
    return f"{CUSTOM}{'Any' if base == ANY else base.rpartition('.')[2]}Relation"


def is_feature(name: str) -> bool:
    """Whether a feature may be called so."""
    return bool(_NAME.fullmatch(name)) and not name.startswith(("ROLE_", "BT_"))
