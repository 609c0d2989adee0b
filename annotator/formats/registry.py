"""The formats by name, and which one reads a file. Knows no database and no window.

Built-in formats stand in light modules that are asked when formats are first looked at; their readers and writers are
imported when they are first used (spaCy is heavy). Plug-ins register a `Format` under the entry-point group
``annotator.formats``; they cannot replace a built-in one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from annotator.formats.shapes import FileWriter, FolderWriter, Format, Reader, Source, UnknownFormat

ENTRY_POINT_GROUP = "annotator.formats"
FAMILIES = (
    "jsonl",
    "conll",
    "docbin",
    "label_studio",
    "doccano",
    "conll.treebanks",
    "small_tools",
    "brat",
    "webanno",
    "uima",
    "gate",
    "huggingface",
    "documents",
    "text",
)
"""Modules of this package that offer ``FORMATS``, in the order in which formats are shown."""
INSTEAD = {".rtf": ".docx", ".doc": ".docx", ".pages": ".docx", ".xls": ".xlsx", ".ods": ".xlsx", ".numbers": ".xlsx"}
"""What is not read, and as what an office program can save it so that it is."""

Made = TypeVar("Made")
_log = logging.getLogger(__name__)


@cache
def _formats() -> dict[str, Format]:
    found = {one.name: one for family in FAMILIES for one in _offered_by(family)}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if (loaded := _find_plug_in(point)) is not None:
            found.setdefault(loaded.name, loaded)
    return found


def _offered_by(family: str) -> Iterator[Format]:
    yield from import_module(f"annotator.formats.{family}").FORMATS


def _find_plug_in(point: EntryPoint) -> Format | None:
    """The format a plug-in offers, or None (and a line in the log) when it cannot be loaded."""
    try:
        loaded = point.load()
    except (ImportError, AttributeError) as fault:
        _log.warning("the format plug-in %s cannot be loaded: %s", point.name, fault)
        return None
    if isinstance(loaded, Format):
        return loaded
    _log.warning("the format plug-in %s offers no Format", point.name)
    return None


def all_formats() -> list[Format]:
    """Every format, the built-in ones first."""
    return list(_formats().values())


def find_format(name: str) -> Format:
    """The format ``name``. Raises `UnknownFormat`."""
    held = _formats().get(name)
    if held is None:
        raise _unknown(name, None, "", (one.name for one in all_formats()))
    return held


def find_reader(name: str) -> Reader:
    """The reader of the format ``name``. Raises `UnknownFormat`, naming those that can be read."""
    held = _formats().get(name)
    if held is None or held.make_reader is None:
        raise _unknown(name, held, "read", (one.name for one in all_formats() if one.make_reader))
    return _made(held, held.make_reader)


def find_writer(name: str) -> FileWriter | FolderWriter:
    """The writer of the format ``name``. Raises `UnknownFormat`, naming those that can be written."""
    held = _formats().get(name)
    if held is None or held.make_writer is None:
        raise _unknown(name, held, "written", (one.name for one in all_formats() if one.make_writer))
    return _made(held, held.make_writer)


def guess_format(source: Source, head: bytes) -> Format:
    """The format that reads this file, by its suffix and its first bytes. Raises `UnknownFormat`."""
    suffix = suffix_of(source.name)
    able = [one for one in all_formats() if one.make_reader is not None]
    fitting = [one for one in able if suffix in one.extensions] if suffix else able
    found = max(fitting, key=lambda one: one.recognises(source, head), default=None)
    if found is not None and found.recognises(source, head) > (0 if suffix else 1):
        return found
    if suffix and fitting:
        raise UnknownFormat(f"it ends in {suffix} but is none of the formats that do", remedy="name it with --format")
    if suffix in INSTEAD:
        raise UnknownFormat(f"files that end in {suffix} cannot be read", remedy=f"save it as {INSTEAD[suffix]}")
    if suffix:
        raise UnknownFormat(f"no format that can be read goes by {suffix}", remedy="name it with --format")
    return find_format("text")


def suffix_of(name: str) -> str:
    """The suffix of a file's name in small letters, with its dot; empty where there is none."""
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.lower()}" if dot and stem and "/" not in suffix else ""


def _made(held: Format, make: Callable[[], Made]) -> Made:
    try:
        return make()
    except ImportError as fault:
        if not held.extra:
            raise
        raise UnknownFormat(
            f"the format {held.name!r} needs more than is installed here ({fault.name or fault})",
            remedy=f"install it: pip install 'annotator[{held.extra}]'",
        ) from fault


def _unknown(name: str, held: Format | None, done: str, known: Iterable[str]) -> UnknownFormat:
    what = f"the format {name!r} cannot be {done}" if held else f"there is no format {name!r}"
    return UnknownFormat(what, remedy=f"choose one of {', '.join(known)}")
