"""The XML inside office files (.docx, .odt), read so that no file can fill the memory. Pure but for reading.

Nothing but the standard library: it keeps what libraries for making such files pass over (inserted text, content
controls), and refuses what no office program writes: declarations of entities, and parts that unpack to gigabytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from annotator.formats.shapes import Source

MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_PART_BYTES = 64 * 1024 * 1024
MAX_PARTS = 20_000
MAX_DEPTH = 200
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class NotOffice(Exception):
    """The file cannot be taken; the message says why, in one sentence."""


class OfficeFile:
    """The parts of one file."""

    def __init__(self, source: Source) -> None:
        """Raises `NotOffice`."""
        with source.open() as file:
            content = file.read(MAX_FILE_BYTES + 1)
        self._archive = opened(content)
        self._held = {one.filename: one for one in self._archive.infolist()}

    @property
    def names(self) -> Iterable[str]:
        """The names of the parts."""
        return self._held.keys()

    def root_of(self, name: str) -> Element:
        """A part's XML. Raises `NotOffice`."""
        info = self._held.get(name)
        if info is None:
            raise NotOffice(f"it has no {name}, so it is no such document")
        if info.file_size > MAX_PART_BYTES:
            raise NotOffice(f"its {name} unpacks to more than {MAX_PART_BYTES // 1024**2} MiB")
        try:
            content = self._archive.read(info)
        except Exception as fault:  # zipfile raises what its parts raise: a dozen kinds
            raise NotOffice(f"it is damaged: its {name} cannot be unpacked") from fault
        try:
            return parsed(content)
        except ParseError as fault:
            raise NotOffice(f"it is damaged: its {name} is no XML ({fault})") from fault


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive that an office file is. Raises `NotOffice`."""
    if len(content) > MAX_FILE_BYTES:
        raise NotOffice(f"the file is larger than {MAX_FILE_BYTES // 1024**2} MiB")
    if content.startswith(_OLD_OFFICE):
        raise NotOffice("it is encrypted or of an old office program; save it without a password in the new format")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as fault:  # zipfile raises what its parts raise
        raise NotOffice("it is damaged or no office file: it cannot be unpacked") from fault
    if len(archive.infolist()) > MAX_PARTS:
        raise NotOffice(f"it has more than {MAX_PARTS:,} parts")
    if any(one.flag_bits & 1 for one in archive.infolist()):
        raise NotOffice("it is encrypted; save a copy without a password")
    return archive


class _Guarded(TreeBuilder):
    """Refuses document types, which office files do not have, and trees that are too deep to walk."""

    depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002
        raise NotOffice("it declares a document type, which no office program writes")

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotOffice(f"its XML is nested more than {MAX_DEPTH} deep")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)


def parsed(content: bytes) -> Element:
    """The tree of one part. Raises `NotOffice` and `ParseError`."""
    parser = XMLParser(target=_Guarded())
    try:
        parser.feed(content)
        root: Element = parser.close()
    except (ValueError, LookupError) as fault:  # an encoding that is not known
        raise NotOffice(f"it is damaged: {fault}") from fault
    return root
