"""What holds for every format there is: what was written comes back, but for exactly what was named as lost.

A new format is tested here as soon as it is registered with a reader and a writer.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.holding import losses_of, what_is_left
from annotator.formats.proof import differences
from annotator.formats.registry import all_formats, find_writer
from annotator.formats.shapes import FileWriter, FolderWriter, Format, Parsed, ReadOptions, Rejected, WriteOptions
from annotator.formats.sources import read_sources
from tests.formats.documents import carried_documents

OPEN = LabelScheme("open", is_extensible=True)
BOTH_WAYS = [one for one in all_formats() if one.make_reader is not None and one.make_writer is not None]


def write(format_: Format, docs: Sequence[AnnotatedDocument], folder: Path, scheme: LabelScheme = OPEN) -> Path:
    """The file or folder that the format makes of ``docs``."""
    writer = find_writer(format_.name)
    if format_.is_folder:
        place = folder / "out"
        place.mkdir()
        cast(FolderWriter, writer).write_folder(docs, place, scheme, WriteOptions())
        return place
    place = folder / f"out{format_.extension}"
    with place.open("wb") as file:
        cast(FileWriter, writer).write(docs, file, scheme, WriteOptions())
    return place


def read(format_: Format, place: Path) -> list[AnnotatedDocument]:
    records = list(read_sources([str(place)], format_.name, ReadOptions()))
    assert [record for record in records if isinstance(record, Rejected)] == []
    return [record.doc for record in records if isinstance(record, Parsed)]


def as_read(doc: AnnotatedDocument, format_: Format) -> str:
    exact = find_writer(format_.name).holds.text == "exact"
    return doc.document.text if exact else "".join(doc.document.text.split())


@pytest.mark.parametrize("format_", BOTH_WAYS, ids=lambda one: one.name)
@given(data=st.data())
@settings(max_examples=25)
def test_what_is_written_comes_back_but_for_what_was_named_as_lost(format_: Format, data: st.DataObject) -> None:
    docs = data.draw(st.lists(carried_documents(), min_size=1, max_size=3))
    docs = [replace(doc, document=replace(doc.document, id=f"d{number}")) for number, doc in enumerate(docs)]
    if len({as_read(doc, format_) for doc in docs}) < len(docs):
        docs = docs[:1]
    writer = find_writer(format_.name)
    with tempfile.TemporaryDirectory() as folder:
        back = {as_read(doc, format_): doc for doc in read(format_, write(format_, docs, Path(folder)))}
    for doc in docs:
        losses = losses_of(writer, doc, OPEN, WriteOptions())
        left = what_is_left(doc, writer.holds, losses)
        assert as_read(doc, format_) in back
        assert differences(left, back[as_read(doc, format_)], OPEN, writer.holds) == []


@pytest.mark.parametrize("format_", BOTH_WAYS, ids=lambda one: one.name)
@given(data=st.data())
@settings(max_examples=5)
def test_the_same_documents_make_the_same_bytes(format_: Format, data: st.DataObject) -> None:
    docs = [replace(data.draw(carried_documents()), annotator="alice")]

    def made() -> dict[str, bytes]:
        with tempfile.TemporaryDirectory() as folder:
            place = write(format_, docs, Path(folder))
            files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
            return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    assert made() == made()


@pytest.mark.parametrize("format_", [one for one in all_formats() if one.make_writer], ids=lambda one: one.name)
def test_what_a_format_cannot_hold_stands_in_its_sentences(format_: Format) -> None:
    writer = find_writer(format_.name)
    assert (writer.name, writer.extension, writer.loses) == (format_.name, format_.extension, format_.loses)
    if not all(getattr(writer.holds, name) for name in ("attributes", "relations", "notes", "overlaps")):
        assert writer.loses
