"""The text of a view, its tokens and sentences, and what is said about the document as a whole."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from annotator.domain.projects import Status
from annotator.domain.text import Json, Tokens
from annotator.formats.uima.names import (
    CAS_META_DATA,
    DOCUMENT_ANNOTATION,
    META_DATA,
    META_FIELD,
    NO_LANGUAGE,
    OWN,
    OWN_DATA,
    OWN_DOCUMENT,
    REPLACEMENT,
    SENTENCE_NAMES,
    TAGSET,
    TOKEN_NAMES,
)
from annotator.formats.uima.structures import Structure

ABOUT_ALL = frozenset({META_DATA, CAS_META_DATA, META_FIELD, TAGSET, DOCUMENT_ANNOTATION, OWN_DOCUMENT})
_OF_THE_CAS = frozenset({"isLastSegment", "documentBaseUri", "language", "documentTitle", "documentId"})
_OF_TOKENS = frozenset({"id", "order"})


@dataclass(slots=True)
class About:
    """What is said about a document as a whole. ``own``: what Annotator wrote."""

    id: str = ""
    title: str = ""
    language: str = ""
    annotator: str = ""
    meta: dict[str, Json] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)

    def string(self, name: str, otherwise: str = "") -> str:
        """A string that Annotator wrote."""
        value = self.own.get(name)
        return value if isinstance(value, str) else otherwise

    def object(self, name: str) -> dict[str, Any]:
        """An object that Annotator wrote."""
        value = self.own.get(name)
        return value if isinstance(value, dict) else {}

    @property
    def status(self) -> Status:
        """How far the annotator is."""
        value = self.own.get("status")
        return Status(value) if value in list(Status) else Status.NEW


def is_about_all(one: Structure) -> bool:
    """Whether it says something about the document, not about a place in it."""
    return not ABOUT_ALL.isdisjoint(one.types)


def about(ones: Iterable[Structure]) -> About:
    """What the structures about the whole document say."""
    found = About()
    for one in ones:
        values = one.values
        if one.type == OWN_DOCUMENT:
            found.own = _own(values.get(OWN_DATA))
        elif one.type == CAS_META_DATA:
            found.annotator = _string(values.get("username"))
        elif one.type == META_FIELD:
            found.meta[_string(values.get("key")) or "value"] = values.get("value", "")
        elif DOCUMENT_ANNOTATION in one.types or one.type == META_DATA:
            found.id = _string(values.get("documentId")) or found.id
            found.title = _string(values.get("documentTitle")) or found.title
            language = _string(values.get("language"))
            found.language = language if language not in ("", NO_LANGUAGE) else found.language
            found.meta.update((name, value) for name, value in values.items() if name not in _OF_THE_CAS)
    if found.title == found.id:
        found.title = ""
    return found


def _own(content: Json) -> Mapping[str, Any]:
    try:
        read = orjson.loads(content) if isinstance(content, str) else {}
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


def _string(value: Json) -> str:
    return value if isinstance(value, str) else ""


def restored(text: str, characters: object) -> str:
    """``text`` with the characters that the file could not hold: ``[place, code]`` each."""
    if not isinstance(characters, list):
        return text
    chars = list(text)
    for one in characters:
        if isinstance(one, list) and len(one) == 2 and all(type(number) is int for number in one):
            at, code = one
            if 0 <= at < len(chars) and chars[at] == REPLACEMENT and 0 < code < 0x110000:
                chars[at] = chr(code)
    return "".join(chars)


def is_token(one: Structure) -> bool:
    """Whether it is a token, DKPro's or another tool's."""
    return one.short in TOKEN_NAMES and not one.type.startswith(OWN)


def is_sentence(one: Structure) -> bool:
    """Whether it is a sentence, DKPro's or another tool's."""
    return one.short in SENTENCE_NAMES and not one.type.startswith(OWN)


def says_more(one: Structure) -> bool:
    """Whether a token or sentence has values of its own, so that it is a span, too."""
    return any(name not in _OF_TOKENS for name in one.values)


def tokens_of(tokens: list[Structure], sentences: list[Structure], odd: Counter[str]) -> Tokens:
    """Tokens in order; those that are empty, overlap or lie outside the text are counted."""
    ranges = sorted({(one.begin, one.end) for one in tokens if one.begin is not None and one.end is not None})
    starts: list[int] = []
    ends: list[int] = []
    for begin, end in ranges:
        if begin >= end or (ends and begin < ends[-1]):
            odd["tokens that are empty or overlap are left out"] += 1
            continue
        starts.append(begin)
        ends.append(end)
    begins = sorted({one.begin for one in sentences if one.begin is not None})
    indexes = sorted({bisect_left(starts, begin) for begin in begins})
    return Tokens(starts, ends, [index for index in indexes if index < len(starts)])
