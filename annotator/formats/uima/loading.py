"""Bytes of XMI or UIMA's JSON as a CAS, by dkpro-cassis; whatever it cannot read is one sentence."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import cassis

from annotator.formats.safe_xml import BadXml, parse
from annotator.formats.shapes import Source
from annotator.formats.uima import reserved
from annotator.formats.uima.names import (
    ANNOTATION,
    CAS_META_DATA,
    CAS_META_DATA_FEATURES,
    DOCUMENT_ANNOTATION,
    META_DATA,
    META_DATA_FEATURES,
    TYPE_SYSTEM,
)
from annotator.formats.uima.scanning import Scan, scan, with_xml_1_0

MOST_BYTES = 64 * 1024**2
_UNMAPPED = re.compile(r"Not mapping external offset \[(-?\d+)\]")


class CasFault(ValueError):
    """A CAS cannot be read; the message says why, in one sentence. ``line``: from 1."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(slots=True)
class Loaded:
    """A CAS. ``back``: characters to put back into its strings; ``guessed``: types that no type system describes;
    ``misplaced``: offsets that are none of the text's.
    """

    cas: Any
    misplaced: frozenset[int] = frozenset()
    back: Mapping[int, int] = field(default_factory=dict)
    guessed: tuple[str, ...] = ()


def read_whole(source: Source) -> bytes:
    """The bytes of a source. Raises `CasFault` when there are too many, or none."""
    with source.open() as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise CasFault(f"it is larger than {MOST_BYTES // 1024**2} MiB, and a CAS must be held whole")
    if not content.strip():
        raise CasFault("the file is empty")
    return content


def find_type_system(source: Source) -> bytes | None:
    """The type system that lies beside an XMI file (its own one first), or above it. Raises `CasFault`."""
    own = source.name.rpartition(".")[0]
    beside = [one for one in source.neighbours() if TYPE_SYSTEM.search(one)]
    beside.sort(key=lambda one: (not one.startswith(own), one.casefold() != "typesystem.xml", one))
    for name in (*beside, "TypeSystem.xml", "typesystem.xml", "../TypeSystem.xml", "../typesystem.xml"):
        if (found := source.find_beside(re.sub(r"\.(gz|xz)\Z", "", name))) is not None:
            return read_whole(found)
    return None


def load_xmi(content: bytes, type_system: bytes | None) -> Loaded:
    """The CAS of an XMI file. Raises `CasFault`."""
    content, back = with_xml_1_0(content)
    try:
        seen = scan(content)
        if any(reserved.is_reserved(name) for features in seen.types.values() for name in features):
            content = reserved.in_xmi(content)
            seen = scan(content)
        if type_system is not None:
            parse(io.BytesIO(type_system), lambda *_: None)
    except BadXml as fault:
        raise CasFault(str(fault), fault.line) from fault
    return _loaded(lambda: _load_xmi(content, type_system, seen), back)


def load_json(content: bytes) -> Loaded:
    """The CAS of a JSON file, which brings its types along. Raises `CasFault`."""
    try:
        text = reserved.in_json(content).decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise CasFault(f"not valid UTF-8: byte {content[fault.start]:#04x}") from fault
    return _loaded(lambda: (cassis.load_cas_from_json(io.StringIO(text)), ()), {})


def _load_xmi(content: bytes, type_system: bytes | None, seen: Scan) -> tuple[Any, tuple[str, ...]]:
    types = _types(type_system)
    guessed = _complete(types, seen)
    return cassis.load_cas_from_xmi(io.BytesIO(content), types, trusted=True), guessed


def _loaded(load: Callable[[], tuple[Any, tuple[str, ...]]], back: Mapping[int, int]) -> Loaded:
    """What the library raises for bad content, of whatever kind, becomes one sentence; its warnings say which offsets
    are wrong.
    """
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            cas, guessed = load()
    except CasFault:
        raise
    except RecursionError as fault:
        raise CasFault("it is nested too deeply") from fault
    except Exception as fault:
        raise CasFault(_told(fault)) from fault
    found = (_UNMAPPED.match(str(one.message)) for one in said)
    return Loaded(cas, frozenset(int(one[1]) for one in found if one), back, guessed)


def _told(fault: Exception) -> str:
    lines = str(fault).strip().splitlines() or [""]
    words = " ".join(lines[0].split())[:200].rstrip(".")
    if isinstance(fault, KeyError):
        return f"it refers to something that is not in it ({words})"
    if isinstance(fault, SyntaxError):
        return "a feature has a name that dkpro-cassis cannot read"
    return f"dkpro-cassis cannot read it ({type(fault).__name__}: {words})"


def _types(content: bytes | None) -> Any:
    if content is None:
        return _usual_types()
    return cassis.load_typesystem(io.BytesIO(reserved.in_types(content)))


def _usual_types() -> Any:
    """DKPro's types, and what INCEpTION has besides."""
    types = cassis.load_dkpro_core_typesystem()
    for name, supertype, features in (
        (META_DATA, DOCUMENT_ANNOTATION, META_DATA_FEATURES),
        (CAS_META_DATA, "uima.cas.AnnotationBase", CAS_META_DATA_FEATURES),
    ):
        made = types.create_type(name, supertypeName=supertype)
        for feature in features:
            types.create_feature(made, feature, "uima.cas.String")
    return types


def _complete(types: Any, seen: Scan) -> tuple[str, ...]:
    """Add to ``types`` what the file uses and they do not describe; the names of types that were added or changed."""
    guessed = [name for name in seen.types if not types.contains_type(name, match_exactly=True)]
    for name in guessed:
        types.create_type(name, supertypeName=_supertype(seen.types[name]))
    for name, features in seen.types.items():
        changed = types.get_type(name, match_exactly=True)
        known = {reserved.plain(one.name) for one in changed.all_features}
        for feature, use in features.items():
            if reserved.plain(feature) in known:
                continue
            if not feature.isidentifier():
                raise CasFault(f"a feature is called {feature!r}, which dkpro-cassis cannot read")
            wide = seen.range_of(feature, use)
            is_shared = wide.startswith("uima.cas.") and wide.endswith("Array") and not use.is_nested
            shared = {"multipleReferencesAllowed": True} if is_shared and wide != "uima.cas.FSArray" else {}
            types.create_feature(changed, feature, wide, **shared)
            guessed.append(name)
    return tuple(dict.fromkeys(guessed))


def _supertype(features: Mapping[str, object]) -> str:
    if "begin" in features and "end" in features:
        return ANNOTATION
    return "uima.cas.AnnotationBase" if "sofa" in features else "uima.cas.TOP"


Load = Callable[[Source, bytes], Loaded]


def from_xmi(source: Source, content: bytes) -> Loaded:
    """`load_xmi` with the type system that lies beside."""
    return load_xmi(content, find_type_system(source))


def from_json(_source: Source, content: bytes) -> Loaded:
    """`load_json`."""
    return load_json(content)
