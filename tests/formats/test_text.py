"""Plain text comes in exactly as it stands in the file, or is refused with one sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document
from annotator.formats import text as text_format
from annotator.formats.shapes import Parsed, ReadOptions, Rejected, WriteOptions
from annotator.formats.sources import read_sources
from annotator.formats.text import TextReader, TextWriter
from tests.formats.reading import OPEN, documents_in, read_bytes
from tests.strategies import texts


def read_text(content: bytes, options: ReadOptions | None = None) -> tuple[str, str]:
    """The text, and what ``meta`` says of its encoding."""
    (doc,) = documents_in(read_bytes(TextReader(), content, options))
    return doc.document.text, str(doc.document.meta.get("encoding", ""))


@given(texts().filter(lambda text: bool(text.strip()) and not text.startswith("\ufeff")))
def test_utf8_comes_in_unchanged(text: str) -> None:
    (record,) = read_bytes(TextReader(), text.encode())
    if isinstance(record, Parsed):
        assert record.doc.document.text == text
    else:
        assert isinstance(record, Rejected)
        assert "binary" in record.reason  # many control characters


@pytest.mark.parametrize(
    ("content", "read"),
    [
        ("naïve — 👍".encode(), ("naïve — 👍", "")),
        ("naïve".encode("utf-8-sig"), ("naïve", "")),
        ("naïve 👍".encode("utf-16"), ("naïve 👍", "utf-16-le")),
        (b"\xfe\xff" + "naïve 👍".encode("utf-16-be"), ("naïve 👍", "utf-16-be")),
        ("naïve".encode("utf-32"), ("naïve", "utf-32-le")),
        ("“naïve” – 5 €".encode("cp1252"), ("“naïve” – 5 €", "windows-1252 (guessed, not sure)")),
    ],
)
def test_encodings_are_found_and_noted(content: bytes, read: tuple[str, str]) -> None:
    assert read_text(content) == read


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b" \r\n\t ", "the file has only white space"),
        (b"a\0b", "it has NUL characters, so it is a binary file or its encoding is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it is a binary file, not text"),
        (bytes(range(1, 9)) * 40, "it is a binary file, not text"),
        (b"one\ntwo \x81 ", "its encoding is not UTF-8 (byte 0x81 in line 2); save it as UTF-8"),
        (b"\xff\xfea", "it begins as utf-16-le but is not (truncated data at byte 0)"),
    ],
)
def test_what_is_no_text_is_rejected_with_the_reason(content: bytes, reason: str) -> None:
    assert read_bytes(TextReader(), content) == [Rejected("some.file", 1, reason)]


def test_line_ends_are_kept_or_made_line_feeds() -> None:
    content = b"one\r\ntwo\rthree\n"
    assert read_text(content)[0] == "one\r\ntwo\rthree\n"
    assert read_text(content, ReadOptions(newlines="lf"))[0] == "one\ntwo\nthree\n"


def test_an_article_of_5_mb_comes_in_whole() -> None:
    content = "Ann met Bob — again.\n".encode() * 230_000
    assert len(content) > 5_000_000
    assert read_text(content)[0].encode() == content


def test_a_file_over_the_limit_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_format, "MAX_BYTES", 10)
    (record,) = read_bytes(TextReader(), b"a" * 11)
    assert isinstance(record, Rejected)
    assert "larger than" in record.reason
    assert read_text(b"a" * 10) == ("a" * 10, "")


def test_a_folder_is_read_by_name_with_packed_and_damaged_files(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("two")
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"one"))
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(b"three" * 99)[:-9])
    (tmp_path / "d.xyz").write_text("four")
    (tmp_path / ".hidden.txt").write_text("five")
    records = list(read_sources([str(tmp_path)], None, ReadOptions()))
    parsed = [(record.doc.document.id, record.doc.document.text) for record in records if isinstance(record, Parsed)]
    rejected = [Path(record.path).name for record in records if isinstance(record, Rejected)]
    assert (parsed, rejected) == ([("a", "one"), ("b", "two")], ["c.txt.gz", "d.xyz"])


def test_each_document_gets_a_file_of_its_own_that_reads_back_as_it_was(tmp_path: Path) -> None:
    given = {"news/a": "one\r\n", "A": "two", "a": "\ufeffthree", "readme": "four", "../up": "\x01" * 40, "": "six"}
    docs = [AnnotatedDocument(Document(name, text)) for name, text in given.items()]
    TextWriter().write_folder(docs, tmp_path, OPEN, WriteOptions())
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.txt"))
    assert names == ["A.txt", "a-2.txt", "document.txt", "news/a.txt", "readme-.txt", "up.txt"]
    records = list(read_sources([str(tmp_path)], "text", ReadOptions()))
    assert sorted(doc.document.text for doc in documents_in(records)) == sorted(given.values())
