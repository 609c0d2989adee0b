"""What the beginning of a JSON file says about whose it is: its first objects and their keys. Pure but for a peek."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any

from annotator.formats.shapes import Source

_MORE_BYTES = 1 << 20
_DECODER = json.JSONDecoder()
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class JsonHead:
    """``objects``: those that are whole in the beginning. ``keys``: of these and of the one that is cut off."""

    objects: tuple[dict[str, Any], ...] = ()
    keys: frozenset[str] = frozenset()

    def has(self, *keys: str) -> bool:
        """Whether all of these are keys of objects there."""
        return self.keys.issuperset(keys)

    def has_any(self, *keys: str) -> bool:
        """Whether one of these is a key of an object there."""
        return not self.keys.isdisjoint(keys)

    def holds_kind(self, key: str, kind: type | tuple[type, ...]) -> bool:
        """Whether a whole object has a value of this kind under ``key``."""
        return any(isinstance(one.get(key), kind) for one in self.objects)


def head_of(source: Source, head: bytes) -> JsonHead:
    """The first objects of a file of which ``head`` is the beginning; more of it is read when the first is longer."""
    found = _parsed(_text_of(head))
    if found.keys and not found.objects and source.path != _STANDARD_INPUT:
        with source.open() as file:
            found = _parsed(_text_of(file.read(_MORE_BYTES))) if len(head) < _MORE_BYTES else found
    return found


def _text_of(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "ignore")


def _parsed(text: str) -> JsonHead:
    objects: list[dict[str, Any]] = []
    at = _skipped(text, 0, "[")
    while text.startswith("{", at):
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            break
        objects.append(value)
        at = _skipped(text, at, ",")
    keys = {key for one in objects for key in one}
    if text.startswith("{", at):
        keys |= _keys_of_broken(text, at)
    return JsonHead(tuple(objects), frozenset(keys))


def _skipped(text: str, at: int, mark: str) -> int:
    """Past white space and one ``mark``, if it is there."""
    while at < len(text) and text[at].isspace():
        at += 1
    if text.startswith(mark, at):
        at += 1
        while at < len(text) and text[at].isspace():
            at += 1
    return at


def _keys_of_broken(text: str, at: int) -> set[str]:
    """The keys of the object that begins at ``at`` and is not whole."""
    keys: set[str] = set()
    depth = 0
    while at < len(text):
        char = text[at]
        if char == '"':
            found = _STRING.match(text, at)
            if found is None:
                break
            at = found.end()
            if depth == 1 and text[at : at + 8].lstrip().startswith(":"):
                keys.add(found[1])
            continue
        depth += (char in "{[") - (char in "}]")
        if not depth:
            break
        at += 1
    return keys
