"""Bytes to text: UTF-8, UTF-16 with a mark, else Windows-1252; never silently wrong. Pure."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = frozenset(chr(code) for code in range(32)) - set("\t\n\r\f\v\x1b")


class NotText(ValueError):
    """The bytes are no text; the message says why."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how its bytes were read. ``is_guess``: nothing in the file said so."""

    text: str
    encoding: str
    is_guess: bool = False


def decode(content: bytes) -> Decoded:
    """Decode a file. Raises `NotText` for binary files and broken encodings."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Decoded(_refuse_binary(_strict(content[len(mark) :], encoding)), encoding)
    try:
        return Decoded(_refuse_binary(content.decode("utf-8")), "utf-8")
    except UnicodeDecodeError as fault:
        return _guess(content, fault)


def _guess(content: bytes, fault: UnicodeDecodeError) -> Decoded:
    if b"\0" in content[:65536]:
        raise NotText("it is a binary file, not text")
    try:
        text = _refuse_binary(content.decode("cp1252"))
    except UnicodeDecodeError:
        line = content.count(b"\n", 0, fault.start) + 1
        raise NotText(
            f"its encoding is not UTF-8 (byte {content[fault.start]:#04x} in line {line}); save it as UTF-8"
        ) from None
    return Decoded(text, "cp1252", is_guess=True)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise NotText(f"it begins as {encoding} but is not ({fault.reason} at byte {fault.start})") from fault


def _refuse_binary(text: str) -> str:
    if "\0" in text:
        raise NotText("it has NUL characters, so it is a binary file or its encoding is not UTF-8")
    head = text[:65536]
    if sum(char in _CONTROLS for char in head) > len(head) // 20 + 8:
        raise NotText("it is a binary file, not text")
    return text


def with_newlines(text: str, policy: str) -> str:
    """The text as it is, or with CRLF and CR as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if policy == "lf" else text
