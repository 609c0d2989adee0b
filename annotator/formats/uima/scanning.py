"""A look through an XMI file before it is loaded: which types and features it uses, and that it may be parsed at all.

Types that no type system describes are guessed from how they are used. XML 1.1, which UIMA writes for control
characters and hardly any parser reads, becomes XML 1.0; the characters come back after loading.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.formats.safe_xml import BadXml, parse

_XMI_ID = "http://www.omg.org/XMI}id"
_VERSION_1_1 = re.compile(rb"\A(\xef\xbb\xbf)?(<\?xml\s[^>]*version\s*=\s*[\"'])1\.1")
_CHARACTER = re.compile(rb"&#(?:x([0-9a-fA-F]{1,4})|([0-9]{1,5}));")
_STRING = "uima.cas.String"
_STAND_INS = 0xE000  # private use, where hardly any text has a character
_ARRAYS = re.compile(r"(\d+)(\s+\d+)*\Z")
_REFERENCES = frozenset({
    "governor", "dependent", "source", "target", "head", "child", "from", "to", "arg1", "arg2", "next", "first",
    "parent", "lemma", "stem", "pos", "morph", "form",
})  # fmt: skip


@dataclass(slots=True)
class Feature:
    """How a feature is used. ``references``: ids of feature structures, if all values can be such."""

    is_nested: bool = False
    can_refer: bool = True
    references: set[int] = field(default_factory=set)
    has_several: bool = False


@dataclass(slots=True)
class Scan:
    """``types``: features by type; ``type_of``: the type of a feature structure by its id."""

    types: dict[str, dict[str, Feature]] = field(default_factory=dict)
    type_of: dict[int, str] = field(default_factory=dict)

    def range_of(self, name: str, feature: Feature) -> str:
        """The most likely range of a feature that no type system describes."""
        if feature.is_nested:
            return "uima.cas.StringArray"
        if feature.can_refer and not feature.references:
            return "uima.cas.FSArray"  # it is empty wherever it stands
        targets = {self.type_of.get(one, "") for one in feature.references}
        if not feature.can_refer or "" in targets:
            return _STRING
        if all(one.startswith("uima.cas.") for one in targets):
            return next(iter(targets)) if len(targets) == 1 and next(iter(targets)).endswith("Array") else _STRING
        used = [self.types.get(one, {}) for one in targets]
        if all("begin" not in one for one in used) and (feature.has_several or any("target" in one for one in used)):
            return "uima.cas.FSArray"
        return "uima.cas.TOP" if name.casefold() in _REFERENCES and not feature.has_several else _STRING


def with_xml_1_0(content: bytes) -> tuple[bytes, Mapping[int, int]]:
    """``content`` as XML 1.0, and what is to be put back into its strings (for `str.translate`)."""
    if not _VERSION_1_1.match(content):
        return content, {}
    back: dict[int, int] = {}

    def stand_in(found: re.Match[bytes]) -> bytes:
        code = int(found[1], 16) if found[1] else int(found[2])
        if code >= 32 or code in (9, 10, 13):
            return found[0]
        back[_STAND_INS + code] = code
        return b"&#%d;" % (_STAND_INS + code)

    changed = _VERSION_1_1.sub(rb"\g<2>1.0", content, count=1)
    return _CHARACTER.sub(stand_in, changed), back


def scan(content: bytes) -> Scan:
    """Look through an XMI file. Raises `BadXml`."""
    found = Scan()
    path: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        path.append(name)
        if len(path) == 2 and not name.startswith("http:///uima/cas.ecore}"):
            _note(found, _type_name(name), attributes)
        elif len(path) == 2 and _XMI_ID in attributes:
            found.type_of[_id(attributes)] = _type_name(name)
        elif len(path) == 3:
            features = found.types.setdefault(_type_name(path[1]), {})
            features.setdefault(name, Feature()).is_nested = True
        elif len(path) == 1 and not name.endswith("}XMI"):
            raise BadXml("it is XML but not XMI: its first element is not xmi:XMI", 1)

    def end(_name: str) -> None:
        path.pop()

    parse(io.BytesIO(content), start, end)
    return found


def _type_name(element: str) -> str:
    name = element.removeprefix("http:///").replace("/", ".").replace("ecore}", "")
    return name.removeprefix("uima.noNamespace.")


def _id(attributes: Mapping[str, str]) -> int:
    value = attributes[_XMI_ID]
    return int(value) if value.isdecimal() else -1


def _note(found: Scan, type_name: str, attributes: Mapping[str, str]) -> None:
    features = found.types.setdefault(type_name, {})
    for name, value in attributes.items():
        if name == _XMI_ID:
            found.type_of[_id(attributes)] = type_name
            continue
        feature = features.get(name)
        if feature is None:
            feature = features[name] = Feature()
        if feature.can_refer and len(value) < 4096 and _ARRAYS.match(value):
            ids = value.split()
            feature.has_several |= len(ids) > 1
            feature.references.update(map(int, ids[:64]))
        elif value:
            feature.can_refer = False
            feature.references.clear()
