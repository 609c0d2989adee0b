"""Reads whole projects as INCEpTION and WebAnno export them: every document, with a set for each annotator.

``annotation/DOCUMENT/USER.zip`` (or ``.xmi``, ``.json``, ``.tsv``) is what a user said, ``curation/…`` is gold. Where a
document has no such file, its source is read.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from annotator.formats.registry import find_reader, guess_format, suffix_of
from annotator.formats.shapes import (
    Parsed,
    ReadOptions,
    Record,
    Rejected,
    Remark,
    SchemeFound,
    Source,
    UnknownFormat,
)
from annotator.formats.uima.archives import DAMAGED, Archive, BadArchive
from annotator.formats.uima.names import PROJECT_FILE, TYPE_SYSTEM
from annotator.formats.uima.project import GOLD, NotAProject, Project, read_project

_HEAD_BYTES = 8192
_FOLDER = re.compile(r"(annotation|curation)(_ser)?\Z")
_SERIALIZED = ".ser"


@dataclass(frozen=True, slots=True)
class _File:
    """A file with annotations; ``name``: its place in the archive."""

    name: str
    document: str
    annotator: str

    @property
    def is_serialized(self) -> bool:
        return self.name.endswith(_SERIALIZED)


class InceptionReader:
    """Reads a project from one zip archive."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """The scheme, then each document by each annotator."""
        try:
            with source.open() as file, zipfile.ZipFile(file) as opened:
                yield from _ProjectReading(Archive(opened, source.path), source.path, options).records()
        except (BadArchive, NotAProject, *DAMAGED) as fault:
            yield Rejected(source.path, 1, f"the project cannot be read: {_why(fault)}")


class _ProjectReading:
    def __init__(self, archive: Archive, path: str, options: ReadOptions) -> None:
        self._archive = archive
        self._path = path
        self._options = options
        self._remarks: Counter[str] = Counter()
        described = min((name for name in archive.names if PROJECT_FILE.search(name)), key=len, default=None)
        if described is None:
            raise NotAProject("it has no exportedproject.json")
        self._root = described.rpartition("/")[0]
        with archive.source(described).open() as file:
            self._project: Project = read_project(file.read())

    def records(self) -> Iterator[Record]:
        """Everything in the archive; remarks come last, one of a kind."""
        yield SchemeFound(self._path, self._project.scheme())
        files = self._files()
        for document in dict.fromkeys([*self._project.documents, *(one.document for one in files)]):
            yield from self._document(document, [one for one in files if one.document == document])
        for what, count in self._remarks.items():
            yield Remark(self._path, 1, f"{what} ({count} {'file' if count == 1 else 'files'})")

    def _files(self) -> list[_File]:
        prefix = f"{self._root}/" if self._root else ""
        found = []
        for name in self._archive.names:
            folder, _, rest = name.removeprefix(prefix).partition("/")
            document, _, own = rest.rpartition("/")
            kind = _FOLDER.match(folder)
            if not name.startswith(prefix) or not kind or not document or TYPE_SYSTEM.search(own):
                continue
            stem = own[: -len(suffix_of(own))] if suffix_of(own) else own
            annotator = GOLD if kind[1] == "curation" else self._project.annotator_of(document, stem)
            found.append(_File(name, document, annotator))
        return found

    def _document(self, document: str, files: list[_File]) -> Iterator[Record]:
        """The sets of a document: those that can be read, else why not; without any, its text."""
        readable = {one.annotator: one for one in files if not one.is_serialized}
        lost = {one.annotator: one for one in files if one.is_serialized and one.annotator not in readable}
        people = [one for name, one in readable.items() if name]
        for one in people or list(readable.values()):
            yield from self._set(one)
        for name, one in lost.items():
            if name:
                yield Rejected(self._archive.source(one.name).path, 1, _TELL_SERIALIZED)
        if not readable:
            yield from self._text(document)

    def _set(self, file: _File) -> Iterator[Record]:
        source = self._archive.source(file.name)
        try:
            if suffix_of(file.name) == ".zip":
                source = _inside(self._archive.inner(file.name))
            for record in _read(source, self._options):
                yield from self._taken(record, file.document, file.annotator)
        except (BadArchive, *DAMAGED) as fault:
            yield Rejected(source.path, 1, _why(fault))

    def _text(self, document: str) -> Iterator[Record]:
        """A document that nobody has annotated, from the file that was uploaded."""
        name = "/".join(part for part in (self._root, "source", document) if part)
        if name not in self._archive.names:
            yield Rejected(f"{self._path}/{name}", 1, "the document is named in the project but is not in the archive")
            return
        source = self._archive.source(name)
        try:
            for record in _read(source, self._options):
                yield from self._taken(record, document, "")
        except (BadArchive, *DAMAGED) as fault:
            yield Rejected(source.path, 1, _why(fault))

    def _taken(self, record: Record, document: str, annotator: str) -> Iterator[Record]:
        if isinstance(record, Remark):
            self._remarks[record.what] += 1
        elif isinstance(record, Parsed):
            doc = record.doc
            part = "#" + doc.document.id.rpartition("#")[2] if "#" in doc.document.id else ""
            title = "" if doc.document.title == document else doc.document.title
            yield replace(
                record,
                doc=replace(
                    doc,
                    document=replace(doc.document, id=document + part, title=title),
                    annotator=annotator,
                    status=self._project.status_of(document, annotator),
                    note=doc.note or self._project.comment_of(document, annotator),
                ),
            )
        elif isinstance(record, Rejected):
            yield record


_TELL_SERIALIZED = (
    "the annotations are serialised by Java, which only UIMA reads; "
    "export the project again with the format UIMA CAS XMI or UIMA CAS JSON"
)


def _why(fault: Exception) -> str:
    known = isinstance(fault, BadArchive | NotAProject)
    return str(fault) if known else f"it is damaged and cannot be unpacked ({str(fault).rstrip('.')})"


def _inside(archive: Archive) -> Source:
    """The file with annotations in the archive of one user. Raises `BadArchive`."""
    names = [name for name in archive.names if not TYPE_SYSTEM.search(name)]
    if not names:
        raise BadArchive("the archive has no annotations")
    return archive.source(names[0])


def _read(source: Source, options: ReadOptions) -> Iterator[Record]:
    with source.open() as file:
        head = file.read(_HEAD_BYTES)
    try:
        reader = find_reader(guess_format(source, head).name)
    except UnknownFormat as fault:
        yield Rejected(source.path, 1, f"{fault.what}; export the project with the format UIMA CAS XMI")
        return
    yield from reader.read(source, options)
