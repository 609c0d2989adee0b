"""XMI files of the TSV suite, read by dkpro-cassis with types made from what stands in them."""

from __future__ import annotations

import io
from collections.abc import Container
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

cassis: Any = import_module("cassis")  # it has no types
REFERENCES = {"Governor", "Dependent", "target", "next", "first", "pos", "lemma", "morph", "stem"}
"""Features that lead to other annotations; ``links`` has several, all others are texts."""


@dataclass(frozen=True)
class Twin:
    """What an XMI file holds. ``types``: the names of its types by short name."""

    cas: Any
    types: dict[str, str]

    def select(self, short: str) -> list[Any]:
        """Everything of a type."""
        return list(self.cas.select(self.types[short])) if short in self.types else []


def read_twin(path: Path) -> Twin:
    """The CAS in an XMI file, offsets in code points."""
    content = path.read_bytes()
    system = cassis.TypeSystem(add_document_annotation_type=True)
    types: dict[str, str] = {}
    for element in ElementTree.fromstring(content):
        space, _, short = element.tag.removeprefix("{http:///").partition(".ecore}")
        name = f"{space.replace('/', '.')}.{short}"
        if space == "uima/cas":
            continue
        if short not in types:
            types[short] = name
            system.create_type(name, _parent_of(element.attrib))
        for feature in element.attrib.keys() - {"sofa", "begin", "end"}:
            if not feature.startswith("{") and system.get_type(name).get_feature(feature) is None:
                _add_feature(system, name, feature)
    return Twin(cassis.load_cas_from_xmi(io.BytesIO(content), system, lenient=True), types)


def _parent_of(attributes: Container[str]) -> str:
    if "begin" in attributes:
        return "uima.tcas.Annotation"
    return "uima.cas.AnnotationBase" if "sofa" in attributes else "uima.cas.TOP"


def _add_feature(system: Any, type_name: str, feature: str) -> None:
    kind = system.get_type(type_name)
    if feature == "links":
        system.create_feature(kind, feature, "uima.cas.FSArray", elementType="uima.cas.TOP")
    else:
        system.create_feature(kind, feature, "uima.cas.TOP" if feature in REFERENCES else "uima.cas.String")
