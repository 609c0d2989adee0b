"""JSON values of a file, one at a time: an array's elements, or values one after another, on one line or on many."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from json.decoder import WHITESPACE  # type: ignore[attr-defined]
from typing import Any, BinaryIO, TypeAlias, cast

import orjson

MAX_VALUE_CHARS = 64 * 1024 * 1024
_CHUNK_BYTES = 1 << 18
_NEAR_END = 12  # a word or an escape that is cut off begins this near the end
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECODER = json.JSONDecoder()
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


class JsonFault(ValueError):
    """What stands there is no JSON; the message says why, in one sentence."""

    def __init__(self, what: str, at: int = 0) -> None:
        super().__init__(what)
        self.at = at


JsonValue: TypeAlias = tuple[int, Any]


def json_values(file: BinaryIO) -> Iterator[JsonValue]:
    """Numbered values, or a `JsonFault` in the place of one that is broken. Memory holds one value at a time.

    Values of an array are counted from 1; others have the line in which they begin. After a broken value reading goes
    on with the next line that begins with ``{``; in an array it ends there.
    """
    held = _Held(file)
    first = held.next_char()
    if not first:
        yield 1, JsonFault("the file is empty")
    elif first == "[":
        held.at += 1
        yield from _elements(held)
    else:
        yield from _sequence(held)


def _elements(held: _Held) -> Iterator[JsonValue]:
    number = 1
    if held.next_char() == "]":
        yield 1, JsonFault("the JSON array is empty")
        return
    while True:
        value = _value(held)
        yield number, value
        if isinstance(value, JsonFault):
            return
        after = held.next_char()
        if after == "]":
            return
        if after != ",":
            yield number + 1, JsonFault("the JSON array is cut off or broken here; what follows is not read")
            return
        held.at += 1
        number += 1
        held.next_char()


def _sequence(held: _Held) -> Iterator[JsonValue]:
    while held.next_char():
        line = held.line
        value = _value(held)
        yield line, value
        if isinstance(value, JsonFault) and not held.goes_on_with_line(max(held.at, value.at - 1)):
            return


def _value(held: _Held) -> Any:
    """The value at hand, which is then behind; or what is wrong with it."""
    while True:
        try:
            _, end = _DECODER.raw_decode(held.text, held.at)
        except json.JSONDecodeError as fault:
            if _is_cut_off(fault, held.text) and held.has_more:
                if len(held.text) - held.at > MAX_VALUE_CHARS:
                    return JsonFault(f"it is longer than {MAX_VALUE_CHARS // 1024**2} million characters")
                held.read_as_much_again()
                continue
            where = f"line {held.line + held.text.count(chr(10), held.at, fault.pos)}"
            return JsonFault(f"not valid JSON: {fault.msg[:1].lower()}{fault.msg[1:]}, {where}", fault.pos)
        except RecursionError:
            return JsonFault("its values are nested too deeply", held.at)
        return _checked(held, end)


def _checked(held: _Held, end: int) -> Any:
    """The value once more by the stricter parser, which refuses halves of characters and numbers that are none."""
    start = held.at
    held.at = end
    text = held.text[start:end]
    if not text.isascii() and (wrong := _ESCAPED_BYTE.search(text)):
        return JsonFault(f"not valid UTF-8: byte {ord(wrong[0]) - 0xDC00:#04x}", end)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        return JsonFault(f"not valid JSON: {fault.msg}", end)


def _is_cut_off(fault: json.JSONDecodeError, text: str) -> bool:
    return fault.msg.startswith("Unterminated string") or fault.pos >= len(text.rstrip()) - _NEAR_END


class _Held:
    """The part of the file that is in memory. ``at``: how far it is read. ``line``: of that place, from 1."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        head = file.read(_CHUNK_BYTES)
        mark, encoding = next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", "utf-8"))
        errors = "surrogateescape" if encoding == "utf-8" else "replace"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._counted = 0
        self.text, self.at, self.has_more, self.line = "", 0, bool(head), 1
        self._take(head[len(mark) :])

    def next_char(self) -> str:
        """The next character that is no white space, which is then at hand; empty at the end."""
        while True:
            self.at = cast(Any, WHITESPACE).match(self.text, self.at).end()
            if self.at < len(self.text) or not self.has_more:
                break
            self._read(_CHUNK_BYTES)
        self._count()
        return self.text[self.at : self.at + 1]

    def read_as_much_again(self) -> None:
        """Double what is held of the value at hand, so that a long one is not begun anew too often."""
        self._read(max(len(self.text) - self.at, _CHUNK_BYTES))

    def goes_on_with_line(self, start: int) -> bool:
        """Go to the next line that begins with an object; false when there is none."""
        self.at = start
        while (found := self.text.find("\n{", self.at)) < 0:
            if not self.has_more:
                return False
            self.at = max(len(self.text) - 1, self.at)
            self._read(_CHUNK_BYTES)
        self.at = found + 1
        return True

    def _read(self, size: int) -> None:
        self._count()
        self.text, self.at, self._counted = self.text[self.at :], 0, 0
        self._take(self._file.read(size))

    def _take(self, more: bytes) -> None:
        self.has_more = bool(more)
        self.text += self._decoder.decode(more, final=not more)

    def _count(self) -> None:
        self.line += self.text.count("\n", self._counted, self.at)
        self._counted = max(self.at, self._counted)
