"""The text of a task, and where a region lies in it: plain text, a web page's text, the lines of a dialogue. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from annotator.formats.label_studio.values import Plain, TaskFault
from annotator.formats.units import Measured, Unit

IS_INLINE = "text_is_inline"
"""Written beside a text that is an address, and nothing else: it is the text, and not where the text is."""

_REACH = 32
"""How far (code points) from its offsets the words of a region are looked for."""
_UNSEEN = frozenset({"script", "style", "head", "title"})


@dataclass(frozen=True)
class TaskText:
    """``kind``: "text", "hypertext" or "paragraphs". ``starts``: where the lines of a dialogue begin."""

    key: str
    kind: str
    measured: Measured
    starts: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The text that is labelled."""
        return self.measured.text

    def raw_place(self, value: Plain) -> tuple[int, int]:
        """Start and end as the file counts them. Raises `TaskFault`."""
        given = value.get("globalOffsets")
        if isinstance(given, dict) and self.kind != "paragraphs":
            value = given
        elif self.kind == "hypertext" and "startOffset" in value:
            raise TaskFault("a region of a web page has no globalOffsets, only places in the page's code")
        start, end = _whole(value.get("start")), _whole(value.get("end"))
        if start is None or end is None:
            raise TaskFault("a region has no whole numbers as start and end")
        return start, end

    def place_of(self, value: Plain, unit: Unit) -> tuple[int, int, bool]:
        """``[start, end)`` in code points, and whether the words had to be looked for. Raises `TaskFault`."""
        start, end = self._counted(value, unit)
        surface = value.get("text")
        if isinstance(surface, str) and surface and not _is_same(self.text[start:end], surface):
            return *self._looked_for(value, surface, start, end, unit), True
        if not 0 <= start <= end <= len(self.text):
            raise TaskFault(f"a region at {start}–{end} does not lie within the text of {len(self.text):,} characters")
        return start, end, False

    def _counted(self, value: Plain, unit: Unit) -> tuple[int, int]:
        start, end = self.raw_place(value)
        if self.kind != "paragraphs":
            return self.measured.to_chars(start, end, unit)
        if not 0 <= start <= end < len(self.starts):
            raise TaskFault(f"a region lies in lines {start}–{end}, of which the dialogue has {len(self.starts)}")
        first, last = _whole(value.get("startOffset")), _whole(value.get("endOffset"))
        if first is None or last is None:
            raise TaskFault("a region of a dialogue has no startOffset and endOffset")
        bounds = (*self.starts[1:], len(self.text) + 1)
        lines = [Measured(self.text[self.starts[line] : bounds[line] - 1]) for line in (start, end)]
        return (
            self.starts[start] + lines[0].to_chars(first, first, unit)[0],
            self.starts[end] + lines[1].to_chars(last, last, unit)[1],
        )

    def _looked_for(self, value: Plain, surface: str, start: int, end: int, unit: Unit) -> tuple[int, int]:
        other = Unit.UTF16 if unit is Unit.CODE_POINTS else Unit.CODE_POINTS
        first, last = self._counted(value, other)
        if _is_same(self.text[first:last], surface):
            return first, last
        low = max(start - _REACH, 0)
        found = self.text.find(surface, low, start + len(surface) + _REACH)
        if found < 0 or self.text.find(surface, found + 1, start + len(surface) + _REACH) >= 0:
            stands = self.text[max(start, 0) : end]
            raise TaskFault(f"a region at {start}–{end} says {surface[:40]!r}, but {stands[:40]!r} stands there")
        return found, found + len(surface)


def text_of(data: Plain, configured: list[tuple[str, str, str]], is_about_html: bool) -> TaskText:
    """The text of a task. ``configured``: (tag, name, key) of what the configuration says is labelled."""
    for tag, _, key in configured:
        if key in data and (data[key] or tag == "Text"):
            return _made(key, tag.lower(), data)
    key = _likely_key(data, is_about_html)
    kind = "paragraphs" if isinstance(data[key], list) else "hypertext" if is_about_html else "text"
    return _made(key, kind, data)


def _likely_key(data: Plain, is_about_html: bool) -> str:
    wanted = ("html", "hypertext", "text") if is_about_html else ("text", "html")
    for key in wanted:
        if isinstance(data.get(key), str):
            return key
    for key, value in data.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) and "text" in one for one in value):
            return key
    strings = [key for key, value in data.items() if isinstance(value, str) and not is_address(value)]
    if not strings or set(data) & {"image", "audio", "video", "ocr", "pdf"}:
        what = ", ".join(data) or "nothing"
        raise TaskFault(f"the task has no text (its data have {what})")
    return max(strings, key=lambda key: len(data[key]))


def _made(key: str, kind: str, data: Plain) -> TaskText:
    value = data[key]
    if kind == "paragraphs":
        return _dialogue(key, value)
    if not isinstance(value, str):
        raise TaskFault(f"the text of the task ({key}) is not a string")
    if is_address(value) and data.get(IS_INLINE) is not True:
        raise TaskFault("the text is not in the file but at an address")
    text = _rendered(value) if kind == "hypertext" else value
    if not text.strip():
        raise TaskFault("the text has only white space" if text else "the text is empty")
    if "\0" in text:
        raise TaskFault("the text has NUL characters")
    return TaskText(key, kind, Measured(text))


def _dialogue(key: str, value: Any) -> TaskText:
    if not isinstance(value, list):
        raise TaskFault(f"the dialogue ({key}) is not a list of lines")
    lines = [one.get("text") if isinstance(one, dict) else None for one in value]
    if not all(isinstance(line, str) for line in lines):
        raise TaskFault(f"a line of the dialogue ({key}) has no text")
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line or "") + 1
    text = "\n".join(line or "" for line in lines)
    if not text.strip():
        raise TaskFault("the text is empty")
    return TaskText(key, "paragraphs", Measured(text), tuple(starts))


def _is_same(stands: str, given: str) -> bool:
    return stands == given or "".join(stands.split()) == "".join(given.replace("\\n", "\n").split()) != ""


def is_address(value: str) -> bool:
    """Whether a text is where a text is to be found, as Label Studio's tasks may have it."""
    return value.startswith(("http://", "https://", "s3://", "gs://", "/data/upload/")) and not any(
        map(str.isspace, value)
    )


def _whole(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return int(value)
    return value if type(value) is int else None


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag == "body":
            self.parts, self._unseen = [], 0
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def _rendered(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    parser.close()
    return "".join(parser.parts)
