"""A page's source as tags, pieces of text and character references, each with its place. Pure.

Not the standard library's parser: on tags that never close it takes time with the square of their number, and it gives
up on broken declarations. This one reads each character a bounded number of times and takes whatever comes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

MOST_UNCLOSED = 50
"""After so many tags that never close, what looks like a tag is text."""
MOST_ATTRIBUTES = 1_000

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>=]+|=)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
_TAG_END = re.compile(r"[\s/]*>")
_REFERENCE = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,12}|#[0-9]{1,12}|[A-Za-z][A-Za-z0-9]{1,32});?")
_SPECIAL = re.compile(r"[<&]")
_RAW = frozenset({"script", "style", "iframe", "xmp", "noembed", "noframes"})
_RAW_WITH_REFERENCES = frozenset({"title", "textarea"})


@dataclass(frozen=True, slots=True)
class Piece:
    """``text``: as it reads; ``name``: of a tag; ``at`` and ``length``: its place in the source, in code points."""

    kind: Literal["text", "begin", "end"]
    at: int
    length: int
    text: str = ""
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def pieces_of(source: str) -> Iterator[Piece]:
    """Everything but comments and declarations, in order."""
    at, unclosed = 0, 0
    never_closed: set[str] = set()
    last_end = source.rfind(">")
    while at < len(source):
        match = _TAG.match(source, at) if at < last_end and unclosed < MOST_UNCLOSED else None
        if match is not None:
            end, attributes = _attributes_of(source, match.end())
            unclosed += end == 0
            if end:
                name = match[2].lower()
                stop = end if match[1] else _end_of_raw(source, name, end, never_closed)
                if stop >= 0:
                    yield Piece("end" if match[1] else "begin", at, end - at, name=name, attributes=attributes)
                    yield from _raw(source, end, stop, has_references=name in _RAW_WITH_REFERENCES)
                at = max(stop, end)
                continue
        elif (end := _end_of_aside(source, at)) > at:
            at = end
            continue
        following = _SPECIAL.search(source, at + 1)
        stop = following.start() if following else len(source)
        yield from _text(source, at, stop)
        at = stop


def _attributes_of(source: str, at: int) -> tuple[int, dict[str, str]]:
    """Where the tag ends, 0 if it does not, and its attributes; of two with one name the first counts."""
    found: dict[str, str] = {}
    count = 0
    while (end := _TAG_END.match(source, at)) is None:
        match = _ATTRIBUTE.match(source, at)
        count += 1
        if match is None or count > MOST_ATTRIBUTES:
            return 0, {}
        value = match[2] or ""
        found.setdefault(match[1].lower(), html.unescape(value[1:-1] if value[:1] in ("'", '"') else value))
        at = match.end()
    return end.end(), found


def _end_of_aside(source: str, at: int) -> int:
    """Where a comment or declaration at ``at`` ends; ``at`` if there is none."""
    if not source.startswith(("<!", "<?", "</"), at):
        return at
    if source.startswith("<!--", at):
        if source.startswith((">", "->"), at + 4):
            return source.index(">", at + 4) + 1
        end = source.find("-->", at + 4)
        return end + 3 if end >= 0 else len(source)
    end = source.find(">", at + 2)
    return end + 1 if end >= 0 else len(source)


def _end_of_raw(source: str, name: str, at: int, never_closed: set[str]) -> int:
    """Where the text inside ``name`` that has no tags ends; -1 for a title without an end, which is none."""
    if name not in _RAW and name not in _RAW_WITH_REFERENCES:
        return at
    if name not in never_closed:
        found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, at)
        if found is not None:
            return found.start()
        never_closed.add(name)
    return len(source) if name in _RAW else -1


def _raw(source: str, at: int, stop: int, *, has_references: bool) -> Iterator[Piece]:
    while at < stop:
        following = source.find("&", at + 1, stop) if has_references else -1
        end = following if following >= 0 else stop
        yield from _text(source, at, end)
        at = end


def _text(source: str, at: int, stop: int) -> Iterator[Piece]:
    """The text from ``at`` to ``stop``; a reference can only be at its beginning."""
    match = _REFERENCE.match(source, at, stop)
    if match is not None:
        read = html.unescape(match[0]).replace("\0", "\ufffd")
        yield Piece("text", at, len(match[0]), read)
        at = match.end()
    if at < stop:
        yield Piece("text", at, stop - at, source[at:stop].replace("\0", "\ufffd"))
