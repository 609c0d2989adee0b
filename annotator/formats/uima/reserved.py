"""Features called like Python's keywords: dkpro-cassis makes classes of types, so they have other names there. Pure."""

from __future__ import annotations

import keyword
import re

_WORDS = "|".join(keyword.kwlist).encode()
_IN_XML = re.compile(rb"\"[^\"]*\"|'[^']*'|(?<=\s)(" + _WORDS + rb")(?=\s*=)")
_IN_TYPES = re.compile(rb"(<name>\s*)(" + _WORDS + rb")(?=\s*</name>)")
_IN_JSON = re.compile(rb"(?<!\\)\"([@^]?)(" + _WORDS + rb")\"(?=\s*:)")


def is_reserved(name: str) -> bool:
    """Whether a feature must have another name."""
    return keyword.iskeyword(name)


def in_xmi(content: bytes) -> bytes:
    """An XMI file with the other names of its attributes."""
    return _IN_XML.sub(lambda found: found[1] + b"_" if found[1] else found[0], content)


def in_types(content: bytes) -> bytes:
    """A type system with the other names of its features."""
    return _IN_TYPES.sub(rb"\1\2_", content)


def in_json(content: bytes) -> bytes:
    """A JSON file with the other names of its features."""
    return _IN_JSON.sub(rb'"\1\2_"', content)


def plain(name: str) -> str:
    """A feature's name as it is in the file."""
    own = name.removesuffix("_")
    return own if own != name and (keyword.iskeyword(own) or own in ("self", "type")) else name
