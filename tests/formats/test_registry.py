"""Formats are found by name, suffix or first bytes; plug-ins add formats and cannot replace any."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from annotator.formats import registry
from annotator.formats.jsonl import JsonlReader
from annotator.formats.registry import all_formats, find_reader, find_writer, guess_format
from annotator.formats.shapes import Format, Source, UnknownFormat
from annotator.formats.text import TextReader

GREETING = Format("greeting", "Greetings", (".hi",), make_reader=TextReader)
FALSE_JSONL = Format("jsonl", "Not JSON lines", (".jsonl",), make_reader=TextReader)
NO_FORMAT = "a string"


def named(name: str) -> Source:
    return Source(name, name, io.BytesIO, name)


@pytest.fixture
def _plug_ins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One good plug-in and four that are not: missing module, missing name, no format, a name that is taken."""
    values = [f"{__name__}:{name}" for name in ("GREETING", "MISSING", "NO_FORMAT", "FALSE_JSONL")]
    points = [EntryPoint(value, value, registry.ENTRY_POINT_GROUP) for value in (*values, "no_such_module:X")]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == "annotator.formats" else [])
    registry._formats.cache_clear()
    yield
    registry._formats.cache_clear()


def test_every_built_in_format_can_be_made_and_is_what_its_record_says() -> None:
    for held in all_formats():
        if held.make_reader is not None:
            assert hasattr(find_reader(held.name), "read")
        if held.make_writer is not None:
            writer = find_writer(held.name)
            assert (writer.name, writer.extension, writer.loses) == (held.name, held.extension, held.loses)


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.jsonl", b"", JsonlReader),
        ("a.NDJSON", b"", JsonlReader),
        ("a.json", b"[", JsonlReader),
        ("a.txt", b'{"text": "x"}', TextReader),
        ("a.md", b"# x", TextReader),
        ("a", b'\xef\xbb\xbf {"text": "x"}', JsonlReader),
        ("a", b"\n[", JsonlReader),
        ("-", b"Ann met Bob.", TextReader),
        ("-", b"", TextReader),
    ],
)
def test_a_reader_is_guessed_by_suffix_and_then_by_first_bytes(name: str, head: bytes, kind: type) -> None:
    assert isinstance(find_reader(guess_format(named(name), head).name), kind)


def test_a_file_that_no_reader_takes_is_refused() -> None:
    with pytest.raises(UnknownFormat, match=r"no format that can be read goes by \.nobody; name it with --format"):
        guess_format(named("a.nobody"), b"")


def test_unknown_names_are_refused_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    held = registry._formats() | {"written": Format("written", "Only written", (".w",))}
    monkeypatch.setattr(registry, "_formats", lambda: held)
    with pytest.raises(UnknownFormat, match=r"there is no format 'x'; choose one of jsonl, .*text"):
        find_reader("x")
    with pytest.raises(UnknownFormat, match=r"the format 'written' cannot be read; choose one of jsonl, .*text"):
        find_reader("written")
    with pytest.raises(UnknownFormat, match=r"'pdf' cannot be written; choose one of jsonl, conll2003, .*spacy"):
        find_writer("pdf")


def test_what_an_office_program_can_save_in_another_way_is_refused_with_that_advice() -> None:
    with pytest.raises(UnknownFormat, match=r"files that end in \.rtf cannot be read; save it as \.docx"):
        guess_format(named("a.rtf"), b"")


@pytest.mark.usefixtures("_plug_ins")
def test_a_plug_in_adds_a_format_and_replaces_none(caplog: pytest.LogCaptureFixture) -> None:
    names = [held.name for held in all_formats()]
    assert (names[0], names[-1], names.count("jsonl")) == ("jsonl", "greeting", 1)
    assert guess_format(named("a.hi"), b"") is GREETING
    assert isinstance(find_reader("jsonl"), JsonlReader)
    assert sum("cannot be loaded" in line for line in caplog.messages) == 2
    assert sum("offers no Format" in line for line in caplog.messages) == 1
