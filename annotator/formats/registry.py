"""The formats by name, and the shapes every format keeps to. Knows no database and no window.

Built-in formats stand in one table and are imported when they are first used (spaCy is heavy). Plug-ins
register a `Format` under the entry-point group ``annotator.formats``; they cannot replace a built-in one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol

from annotator.domain.errors import UserError
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument

ENTRY_POINT_GROUP = "annotator.formats"
COLUMN_LOSSES = (
    "Of spans that share a token, only the longest is written.",
    "Spans that begin or end inside a token, or with white space, are left out.",
    "Spans in parts that do not touch are left out.",
    "White space between tokens is not written.",
    "Layers, attributes, notes, scores, relations, document labels, status and annotator are not written.",
)
DOCBIN_LOSSES = (
    "Spans that begin or end inside a token, or are in parts that do not touch, are left out.",
    'Spans that share a token with a longer one, or begin or end with white space, are in doc.spans["sc"] only.',
    "Attributes, notes, scores, relations, status and annotator are not written.",
)
_log = logging.getLogger(__name__)


class UnknownFormat(UserError):
    """No format goes by this name or recognises the file, or it cannot do what is asked."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something to read. ``path`` is what reports show; ``stem`` is the id of a document that has none."""

    path: str
    stem: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One record. Labels are names as in the file; ``doc.document.id`` is empty if the file has none."""

    path: str
    line: int
    doc: AnnotatedDocument


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that cannot be taken, with the reason in one sentence."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Loss:
    """One span that a format cannot hold. Offsets are code points, ``label`` is the label's name."""

    document_id: str
    start: int
    end: int
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """``newlines``: keep line ends as they are, or make each one a line feed."""

    newlines: Literal["keep", "lf"] = "keep"


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """``tag_scheme``: how formats with one tag a token write the edges of spans."""

    tag_scheme: Literal["IOB2", "BIOES"] = "IOB2"


class Reader(Protocol):
    """Reads one format."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Parsed | Rejected]:
        """The records, one at a time. Bad content is a `Rejected`, never an exception."""


class Writer(Protocol):
    """Writes one format. ``loses`` says in sentences what the format as such cannot hold.

    ``holds_annotators``: whether one file can hold the sets of several annotators on one text.
    """

    name: str
    extension: str
    loses: tuple[str, ...]
    holds_annotators: bool

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:
        """The spans of ``doc`` that `write` leaves out, exactly these."""

    def write(
        self, docs: Iterable[AnnotatedDocument], target: BinaryIO, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        """Write every document, with label names instead of label ids; same input, same bytes."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is called, which suffixes it goes by, and what makes its reader and writer."""

    name: str
    title: str
    extensions: tuple[str, ...]
    make_reader: Callable[[], Reader] | None = None
    make_writer: Callable[[], Writer] | None = None
    loses: tuple[str, ...] = ()

    @property
    def extension(self) -> str:
        """The suffix of a file written in this format."""
        return self.extensions[0]


def _made_by(module: str, name: str) -> Callable[[], Any]:
    return lambda: getattr(import_module(f"annotator.formats.{module}"), name)()


_BUILT_IN = (
    Format(
        "jsonl",
        "JSON lines, Annotator's own and Prodigy's",
        (".jsonl", ".ndjson", ".json"),
        _made_by("jsonl", "JsonlReader"),
        _made_by("jsonl", "JsonlWriter"),
    ),
    Format("conll2003", "CoNLL-2003 columns", (".conll",), None, _made_by("conll", "ConllWriter"), COLUMN_LOSSES),
    Format("spacy", "spaCy training data", (".spacy",), None, _made_by("docbin", "DocBinWriter"), DOCBIN_LOSSES),
    Format("text", "Plain text", (".txt", ".text", ".md", ".markdown"), _made_by("text", "TextReader")),
)


@cache
def _formats() -> dict[str, Format]:
    found = {one.name: one for one in _BUILT_IN}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if (loaded := _find_plug_in(point)) is not None:
            found.setdefault(loaded.name, loaded)
    return found


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


def find_reader(name: str) -> Reader:
    """The reader of the format ``name``. Raises `UnknownFormat`, naming those that can be read."""
    held = _formats().get(name)
    if held is None or held.make_reader is None:
        raise _unknown(name, held, "read", (one.name for one in all_formats() if one.make_reader))
    return held.make_reader()


def find_writer(name: str) -> Writer:
    """The writer of the format ``name``. Raises `UnknownFormat`, naming those that can be written."""
    held = _formats().get(name)
    if held is None or held.make_writer is None:
        raise _unknown(name, held, "written", (one.name for one in all_formats() if one.make_writer))
    return held.make_writer()


def _unknown(name: str, held: Format | None, done: str, known: Iterable[str]) -> UnknownFormat:
    what = f"the format {name!r} cannot be {done}" if held else f"there is no format {name!r}"
    return UnknownFormat(what, remedy=f"choose one of {', '.join(known)}")


def guess_reader(path: Path, head: bytes) -> Reader:
    """The reader for this file by its suffix, or without one by its first bytes. Raises `UnknownFormat`."""
    suffix = path.suffix.lower()
    for held in all_formats():
        if held.make_reader is not None and suffix in held.extensions:
            return held.make_reader()
    if suffix:
        raise UnknownFormat(f"no format that can be read goes by {suffix}", remedy="name it with --format")
    return find_reader("jsonl" if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "text")
