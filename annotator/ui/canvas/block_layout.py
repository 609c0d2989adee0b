"""One block laid out: its lines of text, and over them the boxes and labels of spans, cached.

Offsets are code points of the document; `LineShape` knows where they stand on a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextLayout, QTextOption

from annotator.domain.offsets import Utf16Map
from annotator.domain.spans import Span
from annotator.ui.canvas.arcs import ArcBox, ArcLane, Foot
from annotator.ui.canvas.doubts import Doubts
from annotator.ui.canvas.lanes import label_rows, lanes_of
from annotator.ui.canvas.line_shape import Across, LineShape
from annotator.ui.canvas.relations import RelationIndex
from annotator.ui.canvas.style import Style

_MAY_REORDER = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
PLACEHOLDERS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"} | {
    0x7F: "\u2421",
    # PySide takes a U+FEFF at the start of a string for a byte order mark and drops it: every offset after it
    # would be one off. A word joiner is as invisible and as long.
    0xFEFF: "\u2060",
}
"""What stands for characters that have no glyph, or that PySide drops: one UTF-16 unit for one."""
LINE_END_PX = 7.0
"""The width of a box over a span that has nothing on this line but its end."""


@dataclass(frozen=True, slots=True)
class SpanBox:
    """What one line shows of a span, or of one of its fragments, in block coordinates.

    ``rects`` are several in mixed-direction text; ``is_first`` and ``is_last`` say whether the span or fragment
    begins and ends here; ``part`` counts the fragments from 0.
    """

    span: Span
    line: int
    lane: int
    rects: tuple[QRectF, ...]
    is_first: bool
    is_last: bool
    part: int = 0


@dataclass(frozen=True, slots=True)
class SpanLink:
    """What one line shows of the gap between two fragments of a span, in block coordinates."""

    span: Span
    lane: int
    rects: tuple[QRectF, ...]


@dataclass(frozen=True, slots=True)
class LabelBox:
    """A label above the start of its span, in block coordinates; the text stands on the rectangle's bottom."""

    span: Span
    text: str
    rect: QRectF


@dataclass(frozen=True, slots=True)
class DoubtBox:
    """What one line shows of a doubtful place without a span: where the wave runs, and how strong (1 to 3)."""

    step: int
    waves: tuple[QRectF, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A fragment, or a whole span, on one line, before the line has its place."""

    span: Span
    across: list[Across]
    is_first: bool
    is_last: bool
    part: int


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a line of text stands: its top edge, where its lanes end, and its code points ``[start, end)``.

    ``tail`` is ``end`` with the line end of the text, after the last line of a paragraph.
    """

    top: float
    bottom: float
    start: int
    end: int
    tail: int


class BlockLayout:
    """The lines of one block; `place_spans` may be called again without breaking the text anew."""

    def __init__(
        self, text: str, start: int, end: int, width: float, style: Style, *, tail: int, is_rtl: bool = False
    ) -> None:
        self.start = start
        self.end = end
        self.is_rtl = is_rtl
        self._tail = tail
        self._text = text
        self._style = style
        self._width = width
        self._relations: RelationIndex | None = None
        self.text_layout = _lay_out(text[start:end], width, style, is_rtl=is_rtl)
        self._shapes = _shapes(self.text_layout, text[start:end], start, is_rtl=is_rtl)
        self.lines: list[LinePlace] = []
        self.boxes: list[SpanBox] = []
        self.links: list[SpanLink] = []
        self.labels: list[LabelBox] = []
        self.arcs: list[ArcBox] = []
        self.doubts: list[DoubtBox] = []
        self.doubt_steps: Mapping[tuple[int, int], int] = {}
        self._doubts_shown: Doubts | None = None
        self.height = 0.0

    def place_spans(self, spans: Sequence[Span], relations: RelationIndex | None = None) -> None:
        """Put spans and relations over the lines, give each line the room that it needs, and set `height`."""
        lanes = lanes_of(spans)
        self.boxes, self.links, self.labels, self.arcs, self.lines = [], [], [], [], []
        self._relations, self._doubts_shown = relations, None
        y = 0.0
        for number, shape in enumerate(self._shapes):
            tail = self._tail if shape is self._shapes[-1] else shape.end
            limit, start = max(tail, shape.start + 1), shape.start
            there = [span for span in spans if span.start < limit and start < span.end]
            y = self._place_line(number, tail, there, lanes, y)
        is_blank = self.end == self.start and not self.boxes
        # Whole pixels: when a block above the window turns out higher, what is in the window stays to the pixel.
        self.height = float(round(self._style.pitch_px * 0.45) if is_blank else ceil(y))

    def recolour(self, style: Style) -> None:
        """Take over a style that differs in colours only."""
        self._style = style

    def show_doubts(self, doubts: Doubts) -> None:
        """Put waves under doubtful places without a span, unless these doubts are shown already."""
        if doubts is self._doubts_shown:
            return
        self._doubts_shown = doubts
        self.doubt_steps = {(start, end): step for start, end, step in doubts.overlapping(self.start, self._tail)}
        labelled = {(box.span.start, box.span.end) for box in self.boxes} if self.doubt_steps else set()
        places = ((place, step) for place, step in self.doubt_steps.items() if place not in labelled)
        self.doubts = [DoubtBox(step, tuple(self._wave_places(*place))) for place, step in places]

    def _wave_places(self, start: int, end: int) -> Iterator[QRectF]:
        """Where a wave under a range runs: below the text, and below the lanes of spans on the same line."""
        for rect in self.rects_of(start, end):
            above = [box.lane + 1 for box in self.boxes for other in box.rects if _shares_width(rect, other)]
            yield QRectF(rect.left(), rect.bottom() + max(above, default=0) * self._style.lane_px, rect.width(), 4.0)

    def _place_line(self, number: int, tail: int, spans: Sequence[Span], lanes: dict[str, int], y: float) -> float:
        shape, style = self._shapes[number], self._style
        pieces = [piece for span in spans for piece in self._pieces(shape, tail, span)]
        begun = {piece.span.id: piece for piece in reversed(pieces) if piece.span.start >= shape.start}
        top = self._place_labels([begun[span.id] for span in spans if span.id in begun], y)
        # Lines that mix fonts have ascents of their own; all stand on the same baseline below their top.
        shape.line.setPosition(QPointF(0, top + style.ascent - shape.line.ascent()))
        for piece in pieces:
            rects, lane = self._rects(piece.across, top), lanes[piece.span.id]
            self.boxes.append(SpanBox(piece.span, number, lane, rects, piece.is_first, piece.is_last, piece.part))
        linked = [span for span in spans if span.fragments and self._link(shape, span, lanes[span.id], top)]
        lane_count = max((lanes[span.id] for span in (*linked, *(piece.span for piece in pieces))), default=0) + 1
        bottom = top + style.line_px + lane_count * style.lane_px
        self.lines.append(LinePlace(top, bottom, shape.start, shape.end, tail))
        return bottom

    def _pieces(self, shape: LineShape, tail: int, span: Span) -> Iterator[_Piece]:
        limit, first = max(tail, shape.start + 1), shape.start
        for place, (start, end) in enumerate(span.parts):
            if start < limit and first < end and (part := self._part(shape, limit, start, end)):
                yield _Piece(span, part, start >= first, end <= tail, place)

    def _link(self, shape: LineShape, span: Span, lane: int, top: float) -> bool:
        """Link the fragments of a span as far as this line has the gaps between them; whether it has any."""
        gaps = ((max(left, shape.start), min(right, shape.end)) for (_, left), (right, _) in pairwise(span.fragments))
        across = [part for start, end in gaps if start < end for part in shape.across(start, end)]
        if across:
            self.links.append(SpanLink(span, lane, self._rects(across, top)))
        return bool(across)

    def _rects(self, across: Iterable[Across], top: float) -> tuple[QRectF, ...]:
        return tuple(QRectF(left, top, right - left, self._style.line_px) for left, right in across)

    def _place_labels(self, pieces: Sequence[_Piece], y: float) -> float:
        """Arcs and labels of what begins here, in rows from ``y`` down; returns where the text begins."""
        style = self._style
        texts = [style.label_text(piece.span) for piece in pieces]
        feet = self._feet(pieces, texts)
        arcs = self._arc_lane(pieces, feet)
        label_top = y + style.gap_px + (arcs.height if arcs else 0.0)
        top = label_top + (max((foot.row for foot in feet), default=0) + 1) * style.label_px + style.lift_px
        for piece, text, foot in zip(pieces, texts, feet, strict=True):
            rect_top = top - style.lift_px - (foot.row + 1) * style.label_px
            rect = QRectF(foot.x, rect_top, foot.width, style.label_px)
            self.labels.append(LabelBox(piece.span, style.shortened(text, foot.width), rect))
        if arcs is not None:
            self.arcs += arcs.placed(label_top, top)
        return top

    def _feet(self, pieces: Sequence[_Piece], texts: Sequence[str]) -> list[Foot]:
        """Where the label of each piece stands across the line, and in which row."""
        widths = [min(self._style.label_width(text), self._width) for text in texts]
        edges = [self._reading_edge(piece.across) for piece in pieces]
        places = label_rows(list(zip(edges, widths, strict=True)), self._width)
        return [
            Foot(self._width - edge - width if self.is_rtl else edge, width, row)
            for (edge, row), width in zip(places, widths, strict=True)
        ]

    def _arc_lane(self, pieces: Sequence[_Piece], feet: Sequence[Foot]) -> ArcLane | None:
        """The arcs of the spans that begin here, None when no relation hangs on them."""
        if not self._relations:
            return None
        ends = [end for piece in pieces for end in self._relations.ends_at(piece.span)]
        if not ends:
            return None
        by_span = {piece.span.id: foot for piece, foot in zip(pieces, feet, strict=True)}
        return ArcLane(ends, by_span, self._width, self._style, is_rtl=self.is_rtl)

    def _reading_edge(self, part: Sequence[Across]) -> float:
        """How far from the edge of the column at which lines begin a part of a span begins."""
        if self.is_rtl:
            return self._width - max(right for _, right in part)
        return min(left for left, _ in part)

    def _part(self, shape: LineShape, limit: int, start: int, end: int) -> list[Across]:
        """Where a range is on one line, which ends at ``limit``; over a line end alone a small box after the text."""
        first, last = max(start, shape.start), min(end, shape.end)
        if last == shape.end < end:
            last = first + len(self._text[first:last].rstrip())  # a space at a line break hangs over the edge
        found = shape.across(first, last) if first < last else []
        if found or not shape.start <= start < limit:
            return found
        return self._line_end(shape) if start >= shape.end else shape.place_of(start)

    def _line_end(self, shape: LineShape) -> list[Across]:
        left, right = shape.text_range
        return [(left - LINE_END_PX, left)] if self.is_rtl else [(right, right + LINE_END_PX)]

    def rects_of(self, start: int, end: int) -> list[QRectF]:
        """Boxes of a range of code points, in block coordinates, one or more a line."""
        found: list[QRectF] = []
        for place, shape in zip(self.lines, self._shapes, strict=True):
            if max(start, place.start) < min(end, place.end):
                across = shape.across(start, end)
                found += [QRectF(left, place.top, right - left, self._style.line_px) for left, right in across]
        return found

    def char_at(self, x: float, y: float, *, between: bool = False) -> int:
        """The code point under a point in block coordinates; with ``between`` the nearest gap between two."""
        if not self.lines:
            return self.start
        shape = self._shapes[self.line_at(y)]
        return shape.gap_at(x) if between else shape.char_at(x)

    def is_on_text(self, x: float, y: float) -> bool:
        """Whether a point in block coordinates lies on a line's text or lanes (not beside or between)."""
        if not self.lines:
            return False
        number = self.line_at(y)
        left, right = self._shapes[number].text_range
        place = self.lines[number]
        return left - 2 <= x <= right + LINE_END_PX and place.top - 2 <= y <= place.bottom

    def cluster(self, char: int) -> tuple[int, int]:
        """The grapheme cluster that has ``char``; a line end is one of its own."""
        shape = self._shapes[self.line_of(char)]
        return shape.cluster(char) if char < shape.end else (char, char + 1)

    def line_at(self, y: float) -> int:
        """The line whose room has ``y``."""
        for number, place in enumerate(self.lines):
            if y < place.bottom:
                return number
        return len(self.lines) - 1

    def line_of(self, char: int) -> int:
        """The line that has a code point; a line end is of the line that it ends."""
        for number, place in enumerate(self.lines):
            if char < place.tail:
                return number
        return max(len(self.lines) - 1, 0)


def _shares_width(one: QRectF, other: QRectF) -> bool:
    """Whether two boxes of one line stand at least partly over each other."""
    return one.top() == other.top() and one.left() < other.right() and other.left() < one.right()


def _shapes(layout: QTextLayout, text: str, start: int, *, is_rtl: bool) -> list[LineShape]:
    offsets = Utf16Map(text)
    is_mixed = is_rtl or (not text.isascii() and _MAY_REORDER.search(text) is not None)
    lines = (layout.lineAt(number) for number in range(layout.lineCount()))
    return [LineShape(line, layout, text, offsets, start, is_mixed=is_mixed) for line in lines]


def _lay_out(text: str, width: float, style: Style, *, is_rtl: bool) -> QTextLayout:
    layout = QTextLayout(text.translate(PLACEHOLDERS), style.text_font)
    layout.setTextOption(text_option(style, is_rtl=is_rtl))
    layout.setCacheEnabled(True)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
    layout.endLayout()
    return layout


def text_option(style: Style, *, is_rtl: bool) -> QTextOption:
    """How a paragraph is broken into lines, and from which side it runs."""
    side = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(style.char_px * 4)
    return option
