"""The whole article as blocks laid out on demand: heights estimated, corrected when a block is first seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from annotator.domain.edits import Touched
from annotator.domain.projects import AnnotatedDocument
from annotator.ui.canvas.block_layout import BlockLayout
from annotator.ui.canvas.blocks import Blocks
from annotator.ui.canvas.doubts import Doubts
from annotator.ui.canvas.heights import Heights
from annotator.ui.canvas.relations import RelationIndex
from annotator.ui.canvas.style import Style

KEPT_LAYOUTS = 96


@dataclass(frozen=True, slots=True)
class Placed:
    """Which blocks an edit had placed anew, in order, and whether the height of any is another."""

    blocks: list[int]
    has_grown: bool


class Page:
    """Blocks of one document at one width and style. All y are from the top of the first block."""

    def __init__(self, doc: AnnotatedDocument, width: float, style: Style, doubts: Doubts | None = None) -> None:
        self.doc = doc
        self.doubts = doubts or Doubts()
        self.style = style
        self.width = width
        self.blocks = Blocks(doc.document)
        self.relations = RelationIndex(doc)
        self.heights = Heights([self._estimate(index) for index in range(len(self.blocks))])
        self._layouts: OrderedDict[int, BlockLayout] = OrderedDict()

    def layout(self, index: int) -> BlockLayout:
        """The block laid out; its true height is in `heights` from then on."""
        held = self._layouts.get(index)
        if held is not None:
            self._layouts.move_to_end(index)
            held.show_doubts(self.doubts)
            return held
        made = self._lay_out(index)
        self._place(index, made)
        made.show_doubts(self.doubts)
        self.heights.set(index, made.height)
        self._layouts[index] = made
        while len(self._layouts) > KEPT_LAYOUTS:
            self._layouts.popitem(last=False)
        return made

    def recolour(self, style: Style) -> None:
        """Take over a style that differs in colours only."""
        self.style = style
        for layout in self._layouts.values():
            layout.recolour(style)

    def find_layout(self, index: int) -> BlockLayout | None:
        """The block if it is laid out already, or None; no height changes."""
        return self._layouts.get(index)

    def update(self, doc: AnnotatedDocument, changed: Touched) -> Placed:
        """Take over a changed document. Text is not broken anew, and blocks not laid out yet are left for later."""
        self.doc = doc
        touched: set[int] = set()
        for start, end in (*changed.ranges, *self._arc_ranges(doc, changed)):
            # Lanes and rows of neighbours may change too, so everything that overlaps is placed again.
            blocks = self.blocks.touching(start, end)
            if touched.issuperset(blocks) or self._layouts.keys().isdisjoint(blocks):
                continue
            touched.update(blocks)
            for span in doc.spans.overlapping(start, end):
                touched.update(self.blocks.touching(span.start, span.end))
        placed = sorted(self._layouts.keys() & touched)
        grown = 0.0
        for index in placed:
            self._place(index, self._layouts[index])
            grown += abs(self.heights.set(index, self._layouts[index].height))
        return Placed(placed, has_grown=bool(grown))

    def _arc_ranges(self, doc: AnnotatedDocument, changed: Touched) -> list[tuple[int, int]]:
        """Where an edit changes arcs: at the other ends of its spans' relations, too."""
        before = list(self.relations.places_of((), changed.relation_ids))
        self.relations.follow(doc, changed.relation_ids)
        return before + list(self.relations.places_of(changed.span_ids, changed.relation_ids))

    def rects_of(self, start: int, end: int) -> list[QRectF]:
        """Boxes of a range of code points; lays out the blocks it lies on."""
        found = []
        for index in self.blocks.touching(start, end):
            boxes = self.layout(index).rects_of(start, end)
            top = self.heights.top_of(index)
            found += [box.translated(0, top) for box in boxes]
        return found

    def char_at(self, x: float, y: float, *, between: bool = False) -> int:
        """The code point at a point of the page."""
        index = self.heights.at(y)
        return self.layout(index).char_at(x, y - self.heights.top_of(index), between=between)

    def is_on_text(self, x: float, y: float) -> bool:
        """Whether a point of the page lies on text."""
        index = self.heights.at(y)
        return self.layout(index).is_on_text(x, y - self.heights.top_of(index))

    def cluster(self, char: int) -> tuple[int, int]:
        """The grapheme cluster that has ``char``."""
        return self.layout(self.blocks.at(char)).cluster(char)

    def line_ranges(self, top: float, bottom: float) -> Iterator[tuple[int, int]]:
        """The code points ``[start, end)`` of each line whose text lies whole between two y of the page."""
        index = self.heights.at(max(top, 0.0))
        y = self.heights.top_of(index)
        while index < len(self.heights) and y < bottom:
            for place in self.layout(index).lines:
                if top <= y + place.top and y + place.top + self.style.line_px <= bottom:
                    yield place.start, place.end
            y += self.heights[index]
            index += 1

    def line_middle(self, char: int, step: int) -> float:
        """The middle of the line of text ``step`` lines from the one with ``char``; blank lines do not count.

        At the first or last line: that line's.
        """
        index, direction = self.blocks.at(char), 1 if step > 0 else -1
        number = self.layout(index).line_of(char)
        found = self._middle(index, number)
        for _ in range(abs(step)):
            number += direction
            while not 0 <= number < self._line_count(index):
                index += direction
                if not 0 <= index < len(self.blocks):
                    return found
                number = 0 if direction > 0 else self._line_count(index) - 1
            found = self._middle(index, number)
        return found

    def _line_count(self, index: int) -> int:
        is_blank = self.blocks.starts[index] == self.blocks.ends[index]
        return 0 if is_blank else len(self.layout(index).lines)

    def _middle(self, index: int, number: int) -> float:
        place = self.layout(index).lines[number]
        return self.heights.top_of(index) + place.top + self.style.line_px / 2

    def find_label_at(self, x: float, y: float) -> str | None:
        """The id of the span whose label is at a point, or None."""
        index = self.heights.at(y)
        top = self.heights.top_of(index)
        for label in self.layout(index).labels:
            if label.rect.contains(x, y - top):
                return label.span.id
        return None

    def find_relation_at(self, x: float, y: float) -> str | None:
        """The id of the relation whose arc or name is at a point, or None."""
        index = self.heights.at(y)
        point = QPointF(x, y - self.heights.top_of(index))
        return next((arc.relation.id for arc in self.layout(index).arcs if arc.is_at(point)), None)

    def _lay_out(self, index: int) -> BlockLayout:
        blocks, text = self.blocks, self.doc.document.text
        start, end, tail = blocks.starts[index], blocks.ends[index], blocks.tails[index]
        return BlockLayout(text, start, end, self.width, self.style, tail=tail, is_rtl=blocks.is_rtl(index))

    def _place(self, index: int, made: BlockLayout) -> None:
        spans = self.doc.spans.overlapping(made.start, max(self.blocks.tails[index], made.start + 1))
        made.place_spans(spans, self.relations)

    def _estimate(self, index: int) -> float:
        chars = self.blocks.ends[index] - self.blocks.starts[index]
        if not chars:
            return round(self.style.pitch_px * 0.45)
        lines = max(1, round(chars * self.style.char_px * 0.97 / max(self.width, 1.0) + 0.4))
        return float(round(lines * self.style.pitch_px))
