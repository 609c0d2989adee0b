"""Files, folders and standard input as a stream of records: which files, in which order, by which reader."""

from __future__ import annotations

import gzip
import io
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from annotator.domain.errors import UserError
from annotator.formats.registry import (
    Parsed,
    Reader,
    ReadOptions,
    Rejected,
    Source,
    UnknownFormat,
    find_reader,
    guess_reader,
)

STANDARD_INPUT = "-"
_HEAD_BYTES = 4096
_OWN_SIDE_FILE = ".manifest.json"  # what an export leaves beside its file
_UNPACK = {
    ".gz": cast(Callable[[Path], BinaryIO], gzip.GzipFile),
    ".xz": cast(Callable[[Path], BinaryIO], lzma.LZMAFile),
}


class SourceMissing(UserError):
    """A file or folder named for import is not there."""


def read_sources(sources: Sequence[str], format_name: str | None, options: ReadOptions) -> Iterator[Parsed | Rejected]:
    """The records of files, folders (all files inside, by name) and ``-`` (standard input), in this order.

    Without ``format_name`` each file's format is guessed. Raises `SourceMissing` or `UnknownFormat` before
    anything is read; whatever is wrong after that is a `Rejected`.
    """
    reader = find_reader(format_name) if format_name else None
    for name in sources:
        if name != STANDARD_INPUT and not Path(name).exists():
            raise SourceMissing("there is no such file or folder", where=name, remedy="check the path")
    return _records(sources, reader, options)


def _records(sources: Sequence[str], reader: Reader | None, options: ReadOptions) -> Iterator[Parsed | Rejected]:
    for name in sources:
        for shape, source in _expanded(name):
            yield from _read(source, shape, reader, options)


def _read(source: Source, shape: Path, reader: Reader | None, options: ReadOptions) -> Iterator[Parsed | Rejected]:
    """The records of one source; a source that cannot be read to its end is a `Rejected` too."""
    try:
        chosen = reader or guess_reader(shape, _head(source))
        yield from chosen.read(source, options)
    except UnknownFormat as fault:
        yield Rejected(source.path, 1, f"{fault.what}; {fault.remedy}")
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as fault:
        yield Rejected(source.path, 1, f"it is damaged or cut off and cannot be unpacked ({fault})")
    except OSError as fault:
        yield Rejected(source.path, 1, f"it cannot be read ({fault.strerror or fault})")


def _head(source: Source) -> bytes:
    with source.open() as file:
        peek = getattr(file, "peek", None)
        return bytes(peek(_HEAD_BYTES)[:_HEAD_BYTES]) if peek else file.read(_HEAD_BYTES)


def _expanded(name: str) -> Iterator[tuple[Path, Source]]:
    if name == STANDARD_INPUT:
        yield Path(name), _standard_input()
        return
    path = Path(name)
    if not path.is_dir():
        yield _file(path, path.parent)
        return
    for inside in sorted(path.rglob("*")):
        if inside.is_file() and not _is_passed_over(inside.relative_to(path)):
            yield _file(inside, path)


def _is_passed_over(inside: Path) -> bool:
    return any(part.startswith(".") for part in inside.parts) or inside.name.endswith(_OWN_SIDE_FILE)


def _file(path: Path, folder: Path) -> tuple[Path, Source]:
    """The file and its path as it is when unpacked, which tells the format."""
    unpack = _UNPACK.get(path.suffix.lower())
    shape = path.with_suffix("") if unpack else path
    stem = shape.relative_to(folder).with_suffix("").as_posix()
    return shape, Source(str(path), stem, lambda: unpack(path) if unpack else path.open("rb"))


class _StandardInput(io.BufferedReader):
    """Standard input that stays open, so that what was peeked at is still there for the reader."""

    def close(self) -> None:
        pass


def _standard_input() -> Source:
    held = _StandardInput(cast(io.RawIOBase, sys.stdin.buffer))
    return Source(STANDARD_INPUT, "", lambda: held)
