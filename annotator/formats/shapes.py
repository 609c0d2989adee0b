"""The shapes that every format keeps to: what is read, what is written, what is lost. Knows no database and no window.

Whoever writes a format: make a package of this one (or a plug-in) with a light ``__init__`` that offers `Format`
values; reader and writer are imported when they are first used. CONTRIBUTING shows how, with an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, TypeAlias

from annotator.domain.errors import UserError
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument


class UnknownFormat(UserError):
    """No format goes by this name or recognises the file, or it cannot do what is asked."""


def _nothing_beside(_name: str) -> None:
    return None


def _no_names() -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Source:
    """Something to read. ``path`` is what reports show; ``stem`` is the id of a document that has none.

    ``name``: its name as it is when unpacked, which tells the format ("a.ann" of "a.ann.gz"). ``find_beside``: another
    file by its path relative to this one's folder ("a.txt", "../annotation.conf"), None where there is none.
    ``neighbours``: the names of the files in the same folder (or archive folder), this one's among them.
    """

    path: str
    stem: str
    open: Callable[[], BinaryIO]
    name: str = ""
    find_beside: Callable[[str], Source | None] = _nothing_beside
    neighbours: Callable[[], tuple[str, ...]] = _no_names


@dataclass(frozen=True, slots=True)
class Parsed:
    """One annotation set on one document. Labels are names as in the file; ``doc.document.id`` is empty if the file
    has none, ``doc.annotator`` if it does not say whose labels these are.

    A file with several annotators gives several of these with the same text. ``is_suggestion``: a model's prediction;
    ``doc.annotator`` is then the model's name and version, and nobody has decided about its spans. ``is_annotated``:
    somebody has looked at it, even if there is nothing to mark: gold with no name in it is gold.
    """

    path: str
    line: int
    doc: AnnotatedDocument
    is_suggestion: bool = False
    is_annotated: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that cannot be taken, with the reason in one sentence."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was taken, but not as it stood there: a tag sequence repaired, a part that cannot be held.

    ``what``: one sentence without a full stop.
    """

    path: str
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class SchemeFound:
    """What a file says about labels and rules. It comes before the records that use it."""

    path: str
    scheme: LabelScheme


@dataclass(frozen=True, slots=True)
class TableFound:
    """The columns of a table, and which one is the text. It comes before the rows."""

    path: str
    columns: tuple[str, ...]
    text: str


Record: TypeAlias = Parsed | Rejected | Remark | SchemeFound | TableFound


class LossKind(StrEnum):
    """What is lost."""

    SPAN = "span"
    RELATION = "relation"
    ATTRIBUTE = "attribute"
    NOTE = "note"
    FRAGMENTS = "fragments"
    LAYER = "layer"
    DOCUMENT_LABEL = "document label"
    DOCUMENT_NOTE = "document note"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that a format cannot hold. Offsets are code points, ``label`` is the label's name.

    Of a relation the offsets are those of its head, of what belongs to the document those of the text; ``name`` says
    which attribute, ``element`` the id of the span or relation.
    """

    document_id: str
    start: int
    end: int
    label: str
    reason: str
    kind: LossKind = LossKind.SPAN
    name: str = ""
    element: str = ""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """``newlines``: keep line ends as they are, or make each one a line feed.

    ``columns``: which column of a table is the text, the id, the title, the label (of the document), the annotator, the
    language, the note, by header or number from 1; also ``("header", "no")`` and, of a workbook, ``("sheet", "Name")``.
    """

    newlines: Literal["keep", "lf"] = "keep"
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """``tag_scheme``: how formats with one tag a token write the edges of spans.

    ``split``: shares of train, dev and test, for formats that write them; ``seed`` makes the split reproducible.
    """

    tag_scheme: Literal["IOB2", "IOB1", "BIOES", "BILOU"] = "IOB2"
    split: tuple[float, float, float] | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Holds:
    """What a format can hold, besides spans with labels. What it cannot is lost for every document that has it.

    ``text``: exactly, or only its words ("words": white space between tokens is not written). ``overlaps``: spans that
    share text. ``sub_tokens``: spans that begin or end inside a token. ``annotators``: several people's sets in one
    file. ``undecided``: suggestions as such.
    """

    text: Literal["exact", "words"] = "exact"
    layers: bool = False
    overlaps: bool = False
    sub_tokens: bool = False
    fragments: bool = False
    attributes: bool = False
    notes: bool = False
    scores: bool = False
    relations: bool = False
    relation_attributes: bool = False
    cats: bool = False
    document_note: bool = False
    status: bool = False
    annotators: bool = False
    undecided: bool = False
    meta: bool = False
    tokens: bool = False

    @classmethod
    def everything(cls) -> Holds:
        """All there is."""
        names = [one for one in cls.__dataclass_fields__ if one != "text"]
        return cls("exact", **dict.fromkeys(names, True))


class Reader(Protocol):
    """Reads one format."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """The records, one at a time. Bad content is a `Rejected`, never an exception."""


class Writer(Protocol):
    """What a format's writers have in common. ``loses`` says in sentences what the format as such cannot hold."""

    name: str
    extension: str
    loses: tuple[str, ...]
    holds: Holds

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:
        """What of ``doc`` is not written for its own sake, exactly this: spans that overlap, cut a token, …

        What the format as such cannot hold (``holds``) is reckoned by `holding.losses_of` and does not come again.
        """


class FileWriter(Writer, Protocol):
    """Writes all documents into one file."""

    def write(
        self, docs: Iterable[AnnotatedDocument], target: BinaryIO, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        """Write every document, with label names instead of label ids; same input, same bytes."""


class FolderWriter(Writer, Protocol):
    """Writes a folder: a file or two for each document, or several that belong together."""

    def write_folder(
        self, docs: Iterable[AnnotatedDocument], folder: Path, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        """Write every document into the empty ``folder``; same input, same names and bytes. Nothing outside it."""


def _never(_source: Source) -> bool:
    return False


def _by_suffix(_source: Source, _head: bytes) -> int:
    return 1


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is called, which suffixes it goes by, and what makes its reader and writer.

    ``recognises``: asked for a file with one of these suffixes and its first bytes; 0: not this format, 1: by its
    suffix only, 2 and more: by what it says. The highest wins. ``belongs``: whether a file is read along with another
    one and not by itself. ``extra``: the extra of the package that has what reader and writer need.
    ``has_splits``: whether its writer makes train, dev and test of `WriteOptions.split`.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    make_reader: Callable[[], Reader] | None = None
    make_writer: Callable[[], FileWriter | FolderWriter] | None = None
    loses: tuple[str, ...] = ()
    recognises: Callable[[Source, bytes], int] = _by_suffix
    belongs: Callable[[Source], bool] = _never
    is_folder: bool = False
    extra: str = ""
    has_splits: bool = False

    @property
    def extension(self) -> str:
        """The suffix of a file written in this format; of a folder, that of the files in it."""
        return self.extensions[0]
