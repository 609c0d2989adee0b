"""One line of an ``.ann`` file and what it says, both ways. Offsets are those of the file. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

NOTES = "AnnotatorNotes"
_ID = re.compile(r"(?:[A-Za-z]+|#[A-Za-z]*)\d+[^\s:;]*|\*")
_REFERENCE = re.compile(r"[TERANM]\d+\S*")
_UNSAFE = re.compile(r"[\s\x00-\x1f:|,;<>]|%(?=[0-9A-Fa-f]{2})|^[!#\[]|^-(?=-*$)")
_BIONLP_NORMS = (
    re.compile(r"(?P<kind>Reference) Annotation:(?P<target>\S+) Referent:(?P<reference>\S+)"),
    re.compile(r"(?P<kind>Reference) Referent:(?P<reference>\S+) Annotation:(?P<target>\S+)"),
)
_NORM = re.compile(r"(?P<kind>\S+) (?P<target>\S+) (?P<reference>\S+)")
_MARK = re.compile(r"(\S+) (\S+)(?: (.+))?")


class LineFault(ValueError):
    """The line says nothing that can be understood; the message says why."""


@dataclass(frozen=True, slots=True)
class TextBound:
    """``T1``: a label on pieces of text. ``surface``: the words as the line gives them, None if it gives none."""

    id: str
    label: str
    parts: tuple[tuple[int, int], ...]
    surface: str | None = None


@dataclass(frozen=True, slots=True)
class Arguments:
    """``R1`` (``trigger`` is empty) and ``E1``: what is joined to what, each by its role."""

    id: str
    label: str
    trigger: str
    args: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """``A1`` and ``M1``: an attribute. ``value`` is None for one that is there or not."""

    id: str
    name: str
    target: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Norm:
    """``N1``: an entry of a database that is meant. ``text`` is what the entry is called."""

    id: str
    kind: str
    target: str
    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """``#1``: a note of some kind."""

    id: str
    kind: str
    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Same:
    """``*``: things that are the same."""

    label: str
    members: tuple[str, ...]


Line: TypeAlias = TextBound | Arguments | Mark | Norm | Comment | Same


def parsed_line(line: str) -> Line:
    """What a line (without its end) says. Raises `LineFault`."""
    own_id, tab, rest = line.partition("\t")
    if not tab:
        raise LineFault("there is no tab after the id")
    if not _ID.fullmatch(own_id):
        raise LineFault(f"{own_id[:20]!r} is no id")
    data, _, tail = rest.partition("\t")
    has_tail = "\t" in rest
    match own_id[0]:
        case "T":
            return _text_bound(own_id, data, tail if has_tail else None)
        case "R" | "E":
            return _arguments(own_id, data)
        case "A" | "M":
            return _mark(own_id, data)
        case "N":
            return _norm(own_id, data, tail)
        case "#":
            return _comment(own_id, data, tail)
        case "*":
            return _same(data)
        case _:
            raise LineFault(f"nothing begins with {own_id[0]!r}")


def _text_bound(own_id: str, data: str, surface: str | None) -> TextBound:
    label, _, places = data.strip().partition(" ")
    try:
        parts = [(int(start), int(end)) for start, end in (one.split() for one in places.split(";"))]
    except ValueError:
        raise LineFault("there are no offsets as brat writes them (LABEL START END;START END)") from None
    if not label or any(start < 0 or end < start for start, end in parts):
        raise LineFault("a part of it ends before it begins" if label else "there is no label")
    return TextBound(own_id, decoded(label), tuple(parts), surface)


def _arguments(own_id: str, data: str) -> Arguments:
    first, *rest = data.split() or [""]
    label, _, trigger = first.partition(":")
    args = tuple((role, target) for role, _, target in (one.rpartition(":") for one in rest))
    if not label or any(not role or not target for role, target in args):
        raise LineFault("there are no arguments as brat writes them (ROLE:ID)")
    return Arguments(own_id, decoded(label), trigger, tuple((decoded(role), target) for role, target in args))


def _mark(own_id: str, data: str) -> Mark:
    found = _MARK.fullmatch(data.rstrip("\r\n"))
    if found is None:
        raise LineFault("there is no name and id as brat writes them (NAME ID VALUE)")
    return Mark(own_id, decoded(found[1]), found[2], found[3])


def _norm(own_id: str, data: str, text: str) -> Norm:
    for pattern in (*_BIONLP_NORMS, _NORM):
        if found := pattern.match(data):
            return Norm(own_id, found["kind"], found["target"], found["reference"], text)
    raise LineFault("there is no reference as brat writes it (KIND ID DATABASE:ENTRY)")


def _comment(own_id: str, data: str, text: str) -> Comment:
    kind, _, target = data.strip().partition(" ")
    if not kind or not target or " " in target:
        raise LineFault("there is no kind and id as brat writes them (KIND ID)")
    return Comment(own_id, kind, target, text)


def _same(data: str) -> Same:
    label, *members = data.split() or [""]
    if not label or len(members) < 2:
        raise LineFault("fewer than two things are said to be the same")
    return Same(decoded(label), tuple(members))


def is_reference(name: str) -> bool:
    """Whether this names another line."""
    return bool(_REFERENCE.fullmatch(name))


def references_in(line: str) -> list[str]:
    """The ids of other lines that a line names."""
    data = line.partition("\t")[2].partition("\t")[0]
    return [one for word in data.split() if is_reference(one := word.rpartition(":")[2])]


def encoded(name: str) -> str:
    """A label or role as one word: what brat would read as something else is percent-encoded."""
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), name)


def decoded(word: str) -> str:
    """The name that was `encoded`."""
    if "%" not in word:
        return word
    try:
        return unquote(word, errors="strict")
    except UnicodeDecodeError:
        return word
