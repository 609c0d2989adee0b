"""One block laid out: its lines of text, and over them the boxes and labels of spans, cached.

Inside a block offsets are UTF-16 units where Qt sees them and code points of the document everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextLayout, QTextLine, QTextOption

from annotator.domain.offsets import Utf16Map
from annotator.domain.spans import Span
from annotator.ui.canvas.lanes import label_rows, lanes_of
from annotator.ui.canvas.style import Style

_RTL = frozenset(("R", "AL", "AN", "RLE", "RLO", "RLI"))
_PLACEHOLDERS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"} | {0x7F: "\u2421"}
_Edge = QTextLine.Edge


@dataclass(frozen=True, slots=True)
class SpanBox:
    """A span's part on one line. ``rects`` are in block coordinates; several in mixed-direction text."""

    span: Span
    line: int
    lane: int
    rects: tuple[QRectF, ...]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class LabelBox:
    """A label above the start of its span, in block coordinates."""

    span: Span
    text: str
    rect: QRectF


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a line of text stands: its top edge and its code points ``[start, end)`` of the document."""

    top: float
    start: int
    end: int


class BlockLayout:
    """The lines of one block; `place_spans` may be called again without breaking the text anew."""

    def __init__(self, text: str, start: int, end: int, width: float, style: Style) -> None:
        self.start = start
        self.end = end
        self._style = style
        self._width = width
        own = text[start:end]
        self._offsets = Utf16Map(own)
        self._is_mixed = not own.isascii() and any(bidirectional(char) in _RTL for char in own)
        self.text_layout = _lay_out(own, width, style)
        self._lines = [self.text_layout.lineAt(number) for number in range(self.text_layout.lineCount())]
        self.lines: list[LinePlace] = []
        self.boxes: list[SpanBox] = []
        self.labels: list[LabelBox] = []
        self.height = 0.0

    def place_spans(self, spans: Sequence[Span]) -> None:
        """Put spans over the lines, give each line the room that it needs, and set `height`."""
        lanes = lanes_of(spans)
        self.boxes, self.labels, self.lines = [], [], []
        y = 0.0
        for number, line in enumerate(self._lines):
            start, end = self._line_range(line)
            there = [span for span in spans if span.start < max(end, start + 1) and start < span.end]
            y = self._place_line(number, line, (start, end), there, lanes, y)
        self.height = y if self.end > self.start else round(self._style.pitch_px * 0.45)

    def _place_line(
        self,
        number: int,
        line: QTextLine,
        chars: tuple[int, int],
        spans: Sequence[Span],
        lanes: dict[str, int],
        y: float,
    ) -> float:
        style = self._style
        rects = {span.id: self._rects(line, max(span.start, chars[0]), min(span.end, chars[1])) for span in spans}
        labelled = [span for span in spans if chars[0] <= span.start < chars[1] and rects[span.id]]
        texts = [style.label_text(span) for span in labelled]
        wanted = [
            (_logical_left(rects[span.id], is_rtl=self.is_rtl), min(style.label_width(text), self._width))
            for span, text in zip(labelled, texts, strict=True)
        ]
        places = label_rows(wanted, self._width)
        row_count = max((row for _, row in places), default=0) + 1
        top = y + style.gap_px + row_count * style.label_px
        for span, text, (x, row), (_, width) in zip(labelled, texts, places, wanted, strict=True):
            label_top = top - (row + 1) * style.label_px
            self.labels.append(LabelBox(span, text, QRectF(x, label_top, width, style.label_px)))
        line.setPosition(QPointF(0, top + style.ascent - line.ascent()))
        self.lines.append(LinePlace(top, *chars))
        for span in spans:
            if rects[span.id]:
                self.boxes.append(self._box(span, number, lanes[span.id], rects[span.id], top, chars))
        lane_count = max((lanes[span.id] for span in spans), default=0) + 1
        return top + style.line_px + lane_count * style.lane_px

    def _box(
        self,
        span: Span,
        number: int,
        lane: int,
        across: Sequence[tuple[float, float]],
        top: float,
        chars: tuple[int, int],
    ) -> SpanBox:
        rects = tuple(QRectF(left, top, max(right - left, 2.0), self._style.line_px) for left, right in across)
        return SpanBox(span, number, lane, rects, chars[0] <= span.start, span.end <= chars[1])

    @property
    def is_rtl(self) -> bool:
        """Whether the paragraph runs from right to left."""
        return self._is_mixed and _first_strong_is_rtl(self.text_layout.text())

    def rects_of(self, start: int, end: int) -> list[QRectF]:
        """Boxes of a range of code points, in block coordinates, one or more a line."""
        found = []
        for place, line in zip(self.lines, self._lines, strict=True):
            first, last = max(start, place.start), min(end, place.end)
            if first < last:
                across = self._rects(line, first, last)
                found += [QRectF(a, place.top, max(b - a, 2.0), self._style.line_px) for a, b in across]
        return found

    def char_at(self, x: float, y: float, *, between: bool = False) -> int:
        """The code point under a point in block coordinates; with ``between`` the nearest gap between two."""
        if not self.lines:
            return self.start
        number = self.line_at(y)
        how = (
            QTextLine.CursorPosition.CursorBetweenCharacters if between else QTextLine.CursorPosition.CursorOnCharacter
        )
        utf16 = self._lines[number].xToCursor(x, how)
        place = self.lines[number]
        last = place.end if between else max(place.end - 1, place.start)
        return min(max(self.start + self._offsets.to_char(utf16), place.start), last)

    def is_on_text(self, x: float, y: float) -> bool:
        """Whether a point in block coordinates lies on a line's text (not beside or between)."""
        if not self.lines:
            return False
        place, line = self.lines[self.line_at(y)], self._lines[self.line_at(y)]
        rect = line.naturalTextRect()
        bottom = place.top + self._style.line_px + 3 * self._style.lane_px
        return rect.left() - 2 <= x <= rect.right() + 2 and place.top - 2 <= y <= bottom

    def line_at(self, y: float) -> int:
        """The line whose room has ``y``."""
        for number, place in enumerate(self.lines):
            if y < place.top + self._style.line_px + self._style.lane_px:
                return number
        return len(self.lines) - 1

    def line_of(self, char: int) -> int:
        """The line that has a code point."""
        for number, place in enumerate(self.lines):
            if char < place.end:
                return number
        return max(len(self.lines) - 1, 0)

    def grapheme_edge(self, char: int) -> int:
        """The nearest edge of a grapheme cluster at or before ``char``."""
        utf16 = self._offsets.to_utf16(char - self.start)
        if not self.text_layout.isValidCursorPosition(utf16):
            utf16 = self.text_layout.previousCursorPosition(utf16)
        return self.start + self._offsets.to_char(utf16)

    def x_of(self, char: int) -> float:
        """Where a code point begins on its line, in block coordinates."""
        if not self._lines:
            return 0.0
        line = self._lines[self.line_of(char)]
        return _x(line, self._offsets.to_utf16(char - self.start), _Edge.Leading)

    def _line_range(self, line: QTextLine) -> tuple[int, int]:
        first, length = line.textStart(), line.textLength()
        return (
            self.start + self._offsets.to_char(first),
            self.start + self._offsets.to_char(first + length),
        )

    def _rects(self, line: QTextLine, start: int, end: int) -> list[tuple[float, float]]:
        if start >= end:
            return []
        first = self._offsets.to_utf16(start - self.start)
        last = self._offsets.to_utf16(end - self.start)
        if not self._is_mixed:
            left, right = _x(line, first, _Edge.Leading), _x(line, last - 1, _Edge.Trailing)
            return [(min(left, right), max(left, right, left + 2))]
        return list(_merged(self._glyph_ranges(line, first, last)))

    def _glyph_ranges(self, line: QTextLine, first: int, last: int) -> Iterator[tuple[float, float]]:
        """Each character's own place: in mixed-direction text neighbours in the text are not neighbours here."""
        at = first
        while at < last:
            following = max(self.text_layout.nextCursorPosition(at), at + 1)
            left, right = sorted((_x(line, at, _Edge.Leading), _x(line, at, _Edge.Trailing)))
            if right > left:
                yield left, right
            at = following


def _x(line: QTextLine, utf16: int, edge: QTextLine.Edge) -> float:
    found = cast("tuple[float, int]", line.cursorToX(utf16, edge))  # PySide returns x and the position used
    return found[0]


def _merged(ranges: Iterator[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    held: tuple[float, float] | None = None
    for left, right in sorted(ranges):
        if held is not None and left <= held[1] + 0.5:
            held = (held[0], max(held[1], right))
            continue
        if held is not None:
            yield held
        held = (left, right)
    if held is not None:
        yield held


def _logical_left(rects: Sequence[tuple[float, float]], *, is_rtl: bool) -> float:
    return max(left for left, _ in rects) if is_rtl else min(left for left, _ in rects)


def _first_strong_is_rtl(text: str) -> bool:
    for char in text:
        kind = bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _lay_out(text: str, width: float, style: Style) -> QTextLayout:
    layout = QTextLayout(text.translate(_PLACEHOLDERS), style.text_font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setTabStopDistance(style.char_px * 4)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
    layout.endLayout()
    return layout
