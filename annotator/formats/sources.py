"""Files, folders, archives and standard input as a stream of records: which files, in which order, by which reader."""

from __future__ import annotations

import gzip
import io
import lzma
import posixpath
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from annotator.domain.errors import UserError
from annotator.formats.registry import all_formats, find_format, find_reader, guess_format, suffix_of
from annotator.formats.shapes import Format, Reader, ReadOptions, Record, Rejected, Source, UnknownFormat

STANDARD_INPUT = "-"
ARCHIVE = ".zip"
MOST_MEMBERS = 100_000
MOST_BYTES = 4 * 1024**3
"""An archive of more files, or of files of more bytes together, is not unpacked: it may be made to fill the disk."""

_HEAD_BYTES = 8192
_OWN_SIDE_FILES = (".manifest.json", ".card.json", ".card.md")  # what an export leaves beside its file
_ABOUT = frozenset({"readme", "license", "licence", "copying", "notice", "authors", "changelog"})
_UNPACK = {
    ".gz": cast(Callable[[Path], BinaryIO], gzip.GzipFile),
    ".xz": cast(Callable[[Path], BinaryIO], lzma.LZMAFile),
}


class SourceMissing(UserError):
    """A file or folder named for import is not there."""


def read_sources(sources: Sequence[str], format_name: str | None, options: ReadOptions) -> Iterator[Record]:
    """The records of files, folders and zip archives (all files inside, by name) and ``-`` (standard input), in order.

    Without ``format_name`` each file's format is guessed. Raises `SourceMissing` or `UnknownFormat` before
    anything is read; whatever is wrong after that is a `Rejected`.
    """
    chosen = _Chosen.of(format_name)
    for name in sources:
        if name != STANDARD_INPUT and not Path(name).exists():
            raise SourceMissing("there is no such file or folder", where=name, remedy="check the path")
    return _records(sources, chosen, options)


class _Chosen:
    """The format that was asked for, if one was; and one reader for each format, which may remember what it read."""

    def __init__(self, format_: Format | None, reader: Reader | None) -> None:
        self.format, self.reader = format_, reader
        self._readers: dict[str, Reader] = {}

    @classmethod
    def of(cls, name: str | None) -> _Chosen:
        return cls(find_format(name), find_reader(name)) if name else cls(None, None)

    def reader_of(self, source: Source) -> Reader:
        """What reads this file. Raises `UnknownFormat`."""
        if self.reader is not None:
            return self.reader
        name = guess_format(source, _head(source)).name
        if name not in self._readers:
            self._readers[name] = find_reader(name)
        return self._readers[name]

    def passes_over(self, source: Source) -> bool:
        """Whether a file found in a folder or an archive is none of this format's."""
        return self.format is not None and suffix_of(source.name) not in self.format.extensions


def _records(sources: Sequence[str], chosen: _Chosen, options: ReadOptions) -> Iterator[Record]:
    for name in sources:
        if name == STANDARD_INPUT:
            yield from _read(_standard_input(), chosen, options)
        elif Path(name).is_dir():
            yield from _read_many(_files_in(Path(name)), chosen, options)
        else:
            yield from _read_file(Path(name), chosen, options)


def _read_file(path: Path, chosen: _Chosen, options: ReadOptions) -> Iterator[Record]:
    source = file_source(path, path.parent)
    if suffix_of(source.name) != ARCHIVE or _takes_archive(source, chosen):
        yield from _read(source, chosen, options)
        return
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            yield from _read_many(_members_of(archive, path), chosen, options)
    except (zipfile.BadZipFile, _TooMuch) as fault:
        yield Rejected(source.path, 1, f"it cannot be unpacked ({str(fault).rstrip('.')})")


def _takes_archive(source: Source, chosen: _Chosen) -> bool:
    """Whether a format reads the archive as a whole."""
    if chosen.format is not None:
        return ARCHIVE in chosen.format.extensions
    try:
        return guess_format(source, _head(source)) is not None
    except UnknownFormat:
        return False


def _read_many(sources: Iterator[Source], chosen: _Chosen, options: ReadOptions) -> Iterator[Record]:
    """Files that were found in one place: what goes with another file, or only says something about them, is not read
    by itself.
    """
    found = list(sources)
    others = [source for source in found if not _is_about(source.name)]
    for source in others or found:
        if not chosen.passes_over(source) and not _belongs_to_another(source, chosen):
            yield from _read(source, chosen, options)


def _belongs_to_another(source: Source, chosen: _Chosen) -> bool:
    """Whether a file is read along with another one; to who asks for texts, a text is a text."""
    asked = all_formats() if chosen.format is None else [chosen.format]
    return any(one.belongs(source) for one in asked)


def _is_about(name: str) -> bool:
    stem, _, suffix = name.rpartition("/")[2].partition(".")
    return stem.casefold() in _ABOUT and suffix.casefold() in ("", "txt", "md", "rst")


def _read(source: Source, chosen: _Chosen, options: ReadOptions) -> Iterator[Record]:
    """The records of one source; a source that cannot be read to its end is a `Rejected` too."""
    try:
        yield from chosen.reader_of(source).read(source, options)
    except UnknownFormat as fault:
        yield Rejected(source.path, 1, f"{fault.what}; {fault.remedy}")
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile) as fault:
        yield Rejected(source.path, 1, f"it is damaged or cut off and cannot be unpacked ({fault})")
    except OSError as fault:
        yield Rejected(source.path, 1, f"it cannot be read ({fault.strerror or fault})")


def _head(source: Source) -> bytes:
    with source.open() as file:
        peek = getattr(file, "peek", None)
        return bytes(peek(_HEAD_BYTES)[:_HEAD_BYTES]) if peek else file.read(_HEAD_BYTES)


def _files_in(folder: Path) -> Iterator[Source]:
    for inside in sorted(folder.rglob("*")):
        if inside.is_file() and not _is_passed_over(inside.relative_to(folder).parts):
            yield file_source(inside, folder)


def _is_passed_over(parts: Sequence[str]) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in parts) or parts[-1].endswith(_OWN_SIDE_FILES)


def file_source(path: Path, folder: Path) -> Source:
    """A file, named from ``folder`` on; packed files are unpacked as they are read."""
    unpack = _UNPACK.get(path.suffix.lower())
    shape = path.with_suffix("") if unpack else path
    return Source(
        str(path),
        shape.relative_to(folder).with_suffix("").as_posix(),
        lambda: unpack(path) if unpack else path.open("rb"),
        shape.name,
        partial(_file_beside, path.parent, folder),
        partial(_names_in, path.parent),
    )


def _file_beside(here: Path, folder: Path, name: str) -> Source | None:
    """A neighbour, packed or not. Nothing above ``folder``'s parent is looked at."""
    for packed in ("", *_UNPACK):
        path = Path(posixpath.normpath((here / f"{name}{packed}").as_posix()))
        if path.is_file() and path.is_relative_to(folder.parent):
            return file_source(path, folder if path.is_relative_to(folder) else path.parent)
    return None


def _names_in(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in folder.iterdir() if path.is_file()))


class _TooMuch(Exception):
    pass


def _members_of(archive: zipfile.ZipFile, path: Path) -> Iterator[Source]:
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
        raise _TooMuch(f"it has more than {MOST_MEMBERS:,} files or {MOST_BYTES // 1024**3} GiB; unpack it yourself")
    held = {one.filename: one for one in members}
    for name in sorted(held):
        if not _is_passed_over(name.split("/")):
            yield _member(archive, held, path, name)


def _member(archive: zipfile.ZipFile, held: dict[str, zipfile.ZipInfo], path: Path, name: str) -> Source:
    folder, _, own = name.rpartition("/")
    stem = name[: -len(suffix_of(own))] if suffix_of(own) else name

    def beside(other: str) -> Source | None:
        wanted = posixpath.normpath(posixpath.join(folder, other))
        return _member(archive, held, path, wanted) if wanted in held else None

    def neighbours() -> tuple[str, ...]:
        return tuple(sorted(one.rpartition("/")[2] for one in held if one.rpartition("/")[0] == folder))

    return Source(
        f"{path}/{name}", stem, lambda: cast(BinaryIO, io.BufferedReader(archive.open(held[name]))), own, beside,
        neighbours,
    )  # fmt: skip


class _StandardInput(io.BufferedReader):
    """Standard input that stays open, so that what was peeked at is still there for the reader."""

    def close(self) -> None:
        pass


def _standard_input() -> Source:
    held = _StandardInput(cast(io.RawIOBase, sys.stdin.buffer))
    return Source(STANDARD_INPUT, "", lambda: held)
