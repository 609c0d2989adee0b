"""Folders, archives and packed files: which files are read, and what lies beside them."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from annotator.formats import sources
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Source
from annotator.formats.sources import file_source, read_sources

FILES = {"a.txt": "Ann.", "deep/b.txt": "Bob.", "README.md": "About.", ".hidden.txt": "No.", "__MACOSX/a.txt": "No."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "corpus"


def archive_of(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
    return path


def read(place: Path, name: str | None = None) -> list[Record]:
    return list(read_sources([str(place)], name, ReadOptions()))


def content_of(source: Source | None) -> bytes:
    assert source is not None
    with source.open() as file:
        return file.read()


def ids(records: list[Record]) -> dict[str, str]:
    return {one.doc.document.id: one.doc.document.text for one in records if isinstance(one, Parsed)}


def test_an_archive_is_read_like_the_folder_that_was_packed(folder: Path) -> None:
    expected = {"a": "Ann.", "deep/b": "Bob."}
    assert ids(read(folder)) == expected
    assert ids(read(archive_of(folder))) == expected


def test_what_is_beside_a_file_is_found_in_folder_and_archive(folder: Path) -> None:
    (folder / "deep" / "packed.txt.gz").write_bytes(gzip.compress(b"Packed."))
    source = file_source(folder / "deep" / "b.txt", folder)
    assert source.neighbours() == ("b.txt", "packed.txt.gz")
    for name, content in (("../a.txt", b"Ann."), ("packed.txt", b"Packed.")):
        found = source.find_beside(name)
        assert content_of(found) == content
    assert source.find_beside("missing.txt") is None
    with zipfile.ZipFile(archive_of(folder)) as archive:
        (member,) = [one for one in sources._members_of(archive, folder) if one.name == "b.txt"]
        beside = member.find_beside("../a.txt")
        assert content_of(beside) == b"Ann."
        assert member.neighbours() == ("b.txt", "packed.txt.gz")
        assert member.find_beside("../../x") is None


def test_a_format_asked_for_passes_over_what_is_none_of_its_files(folder: Path) -> None:
    (folder / "c.jsonl").write_text('{"text": "Cleo."}')
    assert ids(read(folder, "jsonl")) == {"": "Cleo."}
    assert set(ids(read(folder, "text"))) == {"a", "deep/b"}


def test_a_damaged_archive_is_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "x.zip"
    broken.write_bytes(b"PK\x03\x04 no")
    (record,) = read(broken)
    assert isinstance(record, Rejected)
    assert "cannot be unpacked" in record.reason


def test_an_archive_that_would_fill_the_disk_is_not_unpacked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", 5)
    (record,) = read(archive_of(folder))
    assert isinstance(record, Rejected)
    assert "unpack it yourself" in record.reason


def test_a_member_that_is_damaged_stops_no_other(folder: Path) -> None:
    path = archive_of(folder)
    content = bytearray(path.read_bytes())
    at = bytes(content).index(b"Ann.")
    content[at] ^= 0xFF
    path.write_bytes(content)
    records = read(path)
    assert ids(records) == {"deep/b": "Bob."}
    assert [type(record) for record in records] == [Rejected, Parsed]
