"""A file's text and its numbered lines. One string is held, never a list of lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from annotator.formats.encoding import Decoded, NotText, decode
from annotator.formats.shapes import Source

MAX_BYTES = 512 * 1024 * 1024
MAX_LINE_CHARS = 1024 * 1024


GUESSED = "nothing says how its characters are encoded; it was read as Windows-1252, because it is no UTF-8"


def text_of(source: Source) -> Decoded:
    """The whole text, its line ends as line feeds. Raises `NotText` for what is no text, empty or too large."""
    with source.open() as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotText(f"the file is larger than {MAX_BYTES // 1024**2} MiB; part it")
    if not content.strip():
        raise NotText("the file is empty")
    decoded = decode(content)
    text = decoded.text
    return replace(decoded, text=text.replace("\r\n", "\n").replace("\r", "\n")) if "\r" in text else decoded


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers from 1. Only a line feed ends one: a word may hold any other character.

    Raises `NotText` for a line that is no line of columns, it is so long.
    """
    at, number = 0, 1
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if end - at > MAX_LINE_CHARS:
            raise NotText(f"line {number} is longer than {MAX_LINE_CHARS:,} characters")
        yield number, text[at:end]
        at, number = end + 1, number + 1
