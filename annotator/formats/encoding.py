"""Bytes to text: UTF-8, UTF-16 and -32 with a mark, else what is likeliest, else Windows-1252; never silently wrong.

Pure.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.formats.encoding_guess import find_guess, name_of_encoding, sample_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
FALLBACK = "cp1252"
SAMPLE_BYTES = 4_000_000
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_CONTROLS = frozenset(chr(code) for code in range(32)) - set("\t\n\r\f\v\x1b")


class NotText(ValueError):
    """The bytes are no text; the message says why."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how its bytes were read. ``is_guess``: nothing in the file said so; ``confidence`` (0 to 1) is 0 where
    no encoding was likelier than others.
    """

    text: str
    encoding: str
    is_guess: bool = False
    confidence: float = 1.0

    @property
    def in_words(self) -> str:
        """``windows-1251 (guessed, 99% sure)``; empty for UTF-8."""
        return encoding_in_words(self.encoding, self.confidence) if self.is_guess else _plain_name(self.encoding)

    @property
    def remark(self) -> str:
        """What to say of a guess, in one sentence without a full stop; empty where nothing was guessed."""
        return remark_on_encoding(self.encoding, self.confidence) if self.is_guess else ""


def _plain_name(encoding: str) -> str:
    return "" if encoding == "utf-8" else encoding


def encoding_in_words(encoding: str, confidence: float) -> str:
    """A guessed encoding as it stands in the metadata."""
    return f"{name_of_encoding(encoding)} (guessed, {f'{confidence:.0%} sure' if confidence else 'not sure'})"


def remark_on_encoding(encoding: str, confidence: float) -> str:
    """A guessed encoding as it stands in the report."""
    name = name_of_encoding(encoding)
    if confidence:
        return f"read as {name} (guessed)"
    return f"read as {name}, though nothing says so: look at the letters, or save the file as UTF-8"


def decode(content: bytes) -> Decoded:
    """Decode a file. Raises `NotText` for binary files and broken encodings."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = _strict(content[len(mark) :], encoding)
            return Decoded(_refuse_nul(text) if encoding == "utf-8" else _refuse_binary(text), encoding)
    if content.isascii() and any(one in content for one in _ESCAPES):
        return _of_escapes(content)
    try:
        return Decoded(_refuse_binary(content.decode("utf-8")), "utf-8")
    except UnicodeDecodeError as fault:
        _refuse_broken_utf8(content, fault)
        return _guess(content, fault)


def _refuse_broken_utf8(content: bytes, fault: UnicodeDecodeError) -> None:
    """UTF-8 that was cut off or damaged is no other encoding: as such it would be read with wrong letters.

    In other encodings characters that happen to be right UTF-8 are far fewer than bytes that are none (in GB2312, where
    they are most frequent, one to twelve).
    """
    text = content[:SAMPLE_BYTES].decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(char > "\x7f" for char in text) - broken
    if 0 < broken <= whole:
        line = content.count(b"\n", 0, fault.start) + 1
        raise NotText(f"it is UTF-8 but damaged or cut off at byte {fault.start:,} (line {line:,}); save it anew")


def _of_escapes(content: bytes) -> Decoded:
    try:
        return Decoded(_refuse_binary(content.decode("iso2022_jp")), "iso2022_jp", is_guess=True, confidence=0.99)
    except UnicodeDecodeError:
        return Decoded(_refuse_binary(content.decode("ascii")), "utf-8")


def _guess(content: bytes, fault: UnicodeDecodeError) -> Decoded:
    if b"\0" in content[:65536]:
        raise NotText("it is a binary file, not text")
    for encoding, confidence in candidates(sample_of(content)):
        try:
            return Decoded(_refuse_binary(content.decode(encoding)), encoding, is_guess=True, confidence=confidence)
        except UnicodeDecodeError:
            continue
    line = content.count(b"\n", 0, fault.start) + 1
    raise NotText(f"its encoding is not UTF-8 (byte {content[fault.start]:#04x} in line {line}); save it as UTF-8")


def candidates(sample: bytes) -> Iterable[tuple[str, float]]:
    """The encodings to try on bytes that are not UTF-8, each with how sure it is."""
    guess = find_guess(sample)
    return [(guess.encoding, guess.confidence), (FALLBACK, 0.0)] if guess else [(FALLBACK, 0.0)]


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise NotText(f"it begins as {encoding} but is not ({fault.reason} at byte {fault.start})") from fault


def _refuse_nul(text: str) -> str:
    if "\0" in text:
        raise NotText("it has NUL characters, so it is a binary file or its encoding is not UTF-8")
    return text


def _refuse_binary(text: str) -> str:
    head = _refuse_nul(text)[:65536]
    if sum(char in _CONTROLS for char in head) > len(head) // 20 + 8:
        raise NotText("it is a binary file, not text")
    return text


def with_newlines(text: str, policy: str) -> str:
    """The text as it is, or with CRLF and CR as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if policy == "lf" else text
