"""Zip archives, also inside one another, as sources."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO, cast

from annotator.formats.shapes import Source
from annotator.formats.sources import MOST_BYTES, MOST_MEMBERS


class BadArchive(ValueError):
    """An archive cannot be unpacked; the message says why, in one sentence without a full stop."""


DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError)
"""What reading a damaged archive raises."""


class Archive:
    """The files of a zip archive by name, as `Source`; ``path`` is what reports show for it."""

    def __init__(self, archive: zipfile.ZipFile, path: str) -> None:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
            raise BadArchive(f"it has more than {MOST_MEMBERS:,} files or {MOST_BYTES // 1024**3} GiB")
        self._archive = archive
        self._path = path
        self._members: Mapping[str, zipfile.ZipInfo] = {one.filename.lstrip("/"): one for one in members}

    @property
    def names(self) -> list[str]:
        """Every file but those that systems leave behind, in order."""
        return sorted(name for name in self._members if not _is_passed_over(name))

    def source(self, name: str) -> Source:
        """A file of the archive."""
        folder, _, own = name.rpartition("/")

        def beside(other: str) -> Source | None:
            wanted = posixpath.normpath(posixpath.join(folder, other))
            return self.source(wanted) if wanted in self._members else None

        def neighbours() -> tuple[str, ...]:
            return tuple(sorted(one.rpartition("/")[2] for one in self._members if one.rpartition("/")[0] == folder))

        return Source(f"{self._path}/{name}", name, lambda: self._open(name), own, beside, neighbours)

    def inner(self, name: str) -> Archive:
        """An archive in the archive. Raises `BadArchive`."""
        try:
            with self._open(name) as file:
                return Archive(zipfile.ZipFile(io.BytesIO(file.read())), f"{self._path}/{name}")
        except DAMAGED as fault:
            raise BadArchive(f"it cannot be unpacked ({fault})") from fault

    def _open(self, name: str) -> BinaryIO:
        try:
            return cast(BinaryIO, io.BufferedReader(self._archive.open(self._members[name])))
        except (ValueError, RuntimeError) as fault:  # places that are none, a password
            raise BadArchive(f"it cannot be unpacked ({fault})") from fault


def _is_passed_over(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
