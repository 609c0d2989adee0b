"""The laid-out article in the window: how it is set, where it stands, how far it is scrolled, what is painted anew."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QAbstractScrollArea

from annotator.domain.edits import Touched
from annotator.domain.projects import AnnotatedDocument
from annotator.ui.canvas.doubts import Doubts
from annotator.ui.canvas.header import Header
from annotator.ui.canvas.page import Page
from annotator.ui.canvas.painter import REACH_PX
from annotator.ui.canvas.style import Style
from annotator.ui.canvas.walking import TokenWalk

MARGIN_PX = 56
BOTTOM_PX = 80
REVEAL_MARGIN_PX = 60
LEAST_WIDTH_PX = 160.0


class Sheet:
    """One document, set in one style, in one scroll area. Offsets are code points."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        self._area = area
        self.style = Style()
        self.doc: AnnotatedDocument | None = None
        self.page: Page | None = None
        self.walk: TokenWalk | None = None
        self.header: Header | None = None
        self.header_px = 0.0
        self.is_scrolling_up = False
        self._doubts = Doubts()

    @property
    def doubts(self) -> Doubts:
        """The doubtful places of the document."""
        return self._doubts

    @doubts.setter
    def doubts(self, doubts: Doubts) -> None:
        self._doubts = doubts
        if self.page is not None:
            self.page.doubts = doubts
            self._area.viewport().update()

    @property
    def origin(self) -> tuple[float, float]:
        """Where the page's top left corner is in the viewport."""
        width = self.page.width if self.page else 0.0
        left = round((self._area.viewport().width() - width) / 2)
        return left, self.header_px - self._area.verticalScrollBar().value()

    @property
    def top_char(self) -> int:
        """The first character in the window; 0 while the header is."""
        if self.page is None:
            return 0
        y = self._area.verticalScrollBar().value() - self.header_px
        return 0 if y <= 0 else self.page.char_at(0.0, y)

    def show(self, doc: AnnotatedDocument, style: Style) -> None:
        """Show another document from its top."""
        self.style, self.doc, self.walk = style, doc, TokenWalk(doc.document)
        self._doubts = Doubts()
        self.lay_out()
        self._area.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        """Show nothing."""
        self.doc = self.page = self.walk = None
        self.update_scroll_range()
        self._area.viewport().update()

    def follow(self, doc: AnnotatedDocument, touched: Touched) -> None:
        """Show what an edit changed; what is being read does not move when something above the window grows."""
        self.doc = doc
        if self.page is None:
            return
        bar, heights = self._area.verticalScrollBar(), self.page.heights
        top_block = heights.at(max(bar.value() - self.header_px, 0.0))
        above = heights.top_of(top_block)
        placed = self.page.update(doc, touched)
        if not placed.has_grown:
            self.repaint(placed.blocks)
            return
        self.update_scroll_range()
        grown_above = round(heights.top_of(top_block) - above)
        if grown_above and bar.value() > self.header_px:
            bar.setValue(bar.value() + grown_above)
        self._area.viewport().update()

    def recolour(self, style: Style) -> None:
        """Take over a style that differs in colours only: nothing moves."""
        self.style = style
        if self.page is not None:
            self.page.recolour(style)
        self._area.viewport().update()

    def lay_out(self) -> None:
        """Lay the page out anew, as wide as there is room; the first visible character stays where it is."""
        if self.doc is None:
            return
        top = self.top_char if self.page is not None and self.page.doc.document is self.doc.document else 0
        room = max(self._area.viewport().width() - 2 * MARGIN_PX, LEAST_WIDTH_PX)
        width = min(self.style.measure_px, room)
        self.page = Page(self.doc, width, self.style, self._doubts)
        self.header = Header(self.doc.document, self.style, width)
        self.header_px = float(self.header.height)
        self.update_scroll_range()
        if top:
            self.scroll_to(top)
        self._area.viewport().update()

    def page_point(self, point: QPointF) -> QPointF:
        """A point of the viewport as a point of the page."""
        return point - QPointF(*self.origin)

    def reveal(self, char: int) -> None:
        """Scroll as little as possible so that ``char`` is well inside the window."""
        if self.page is None:
            return
        y = self._line_top(char) + self.header_px
        bar, height = self._area.verticalScrollBar(), self._area.viewport().height()
        self.update_scroll_range()
        if y - REVEAL_MARGIN_PX < bar.value():
            bar.setValue(int(y - REVEAL_MARGIN_PX))
        elif y + self.style.line_px + REVEAL_MARGIN_PX > bar.value() + height:
            bar.setValue(int(y + self.style.line_px + REVEAL_MARGIN_PX - height))

    def scroll_to(self, char: int) -> None:
        """Scroll so that the line of ``char`` is the first one in the window."""
        if self.page is None or char <= 0:
            return
        y = self._line_top(char) + self.header_px
        self.update_scroll_range()
        self._area.verticalScrollBar().setValue(int(y))

    def update_scroll_range(self) -> None:
        """How far can be scrolled, after heights have changed."""
        total = self.header_px + self.page.heights.total + BOTTOM_PX if self.page else 0.0
        bar, height = self._area.verticalScrollBar(), self._area.viewport().height()
        bar.setRange(0, max(int(total - height), 0))
        bar.setPageStep(max(height - int(self.style.pitch_px), 1))
        bar.setSingleStep(int(self.style.pitch_px))

    def lay_out_first(self, index: int) -> int:
        """Lay out the first visible block; when it is not as high as estimated, what follows it stays in place."""
        assert self.page is not None
        before = self.page.heights[index]
        self.page.layout(index)
        grown = int(self.page.heights[index] - before)
        bar = self._area.verticalScrollBar()
        is_cut = self.page.heights.top_of(index) + self.header_px < bar.value()
        if not grown or not is_cut or not self.is_scrolling_up:
            return 0
        bar.blockSignals(True)
        bar.setMaximum(bar.maximum() + max(grown, 0))
        bar.setValue(bar.value() + grown)
        bar.blockSignals(False)
        return grown

    def lay_out_unseen(self, index: int) -> None:
        """Lay out a block outside the window; what is in the window stays where it is."""
        assert self.page is not None
        bar = self._area.verticalScrollBar()
        is_above = self.page.heights.top_of(index) + self.header_px < bar.value()
        before = self.page.heights[index]
        self.page.layout(index)
        grown = round(self.page.heights[index] - before)
        if not grown:
            return
        bar.blockSignals(is_above)  # nothing is scrolled: the page has grown above the window
        self.update_scroll_range()
        if is_above:
            bar.setValue(bar.value() + grown)
        bar.blockSignals(False)

    def repaint(self, blocks: Iterable[int]) -> None:
        """Have blocks painted anew, with what lanes and rings reach beyond them."""
        if self.page is None:
            return
        viewport, top = self._area.viewport(), self.origin[1]
        for index in blocks:
            y = top + self.page.heights.top_of(index)
            if y + self.page.heights[index] > -REACH_PX and y - REACH_PX < viewport.height():
                viewport.update(
                    0, int(y - REACH_PX), viewport.width(), int(self.page.heights[index] + 2 * REACH_PX) + 1
                )

    def repaint_range(self, start: int, end: int) -> None:
        """Have the blocks of a range painted anew."""
        if self.page is not None:
            self.repaint(self.page.blocks.touching(start, end))

    def _line_top(self, char: int) -> float:
        assert self.page is not None
        index = self.page.blocks.at(char)
        layout = self.page.layout(index)
        line_top = layout.lines[layout.line_of(char)].top if layout.lines else 0.0
        return self.page.heights.top_of(index) + line_top
