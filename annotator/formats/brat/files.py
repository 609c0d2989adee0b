"""Which files make up a document and its configuration. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.formats.registry import suffix_of
from annotator.formats.shapes import Source

TEXT = ".txt"
ANNOTATIONS = (".ann", ".a1", ".a2", ".rel", ".co")
"""brat's own, then the parts of BioNLP-ST, which are read together."""

LABELS_FILE, DRAWING_FILE = "annotation.conf", "visual.conf"
CONFIGURATIONS = (LABELS_FILE, DRAWING_FILE, "tools.conf", "kb_shortcuts.conf", "acl.conf", "netnorm.conf")


@dataclass(frozen=True, slots=True)
class Files:
    """What lies side by side. ``annotations``: to be read, in order. ``left``: names of those that are not."""

    text: Source | None
    annotations: tuple[Source, ...]
    left: tuple[str, ...] = ()


def stem_of(name: str) -> str:
    """The name without its suffix."""
    suffix = suffix_of(name)
    return name[: -len(suffix)] if suffix else name


def files_of(source: Source) -> Files:
    """The text and the annotations that go with ``source``, whichever of them it is."""
    name = source.name or source.path.rpartition("/")[2]
    stem, own = stem_of(name), suffix_of(name)
    found = {own: source}
    for suffix in (TEXT, *ANNOTATIONS):
        beside = None if suffix == own else source.find_beside(stem + suffix)
        if beside is not None:
            found[suffix] = beside
    read = ANNOTATIONS[:1] if ANNOTATIONS[0] in found else ANNOTATIONS[1:]
    annotations = tuple(found[suffix] for suffix in read if suffix in found)
    left = tuple(stem + suffix for suffix in ANNOTATIONS if suffix in found and suffix not in read)
    return Files(found.get(TEXT), annotations, left)


def find_configuration(source: Source) -> tuple[Source | None, Source | None]:
    """The nearest annotation.conf upwards, and the visual.conf nearest to it; nothing above where the import began."""
    labels = _find_upwards(source, LABELS_FILE)
    return labels, _find_upwards(source, DRAWING_FILE) if labels is not None else None


def _find_upwards(source: Source, name: str) -> Source | None:
    for level in range(source.stem.count("/") + 2):
        found = source.find_beside("../" * level + name)
        if found is not None:
            return found
    return None
