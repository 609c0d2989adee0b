"""Paints what the window shows of a sheet: header, blocks, what is current, and what a drag would do."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea

from annotator.domain.parts import Parts
from annotator.ui.canvas.block_layout import BlockLayout
from annotator.ui.canvas.current import Current
from annotator.ui.canvas.painter import REACH_PX, Chosen, paint_block, paint_cursor, paint_link
from annotator.ui.canvas.sheet import Sheet

Link = tuple[QPointF, QPointF, str | None]


class Painting:
    """Paints one sheet. ``preview``: where the parts of a span would be. ``link``: a relation that is being dragged,
    from and to in page coordinates, and the span it would go to.
    """

    def __init__(self, area: QAbstractScrollArea, sheet: Sheet, current: Current) -> None:
        self._area = area
        self._sheet = sheet
        self._current = current
        self.preview: Parts = ()
        self.link: Link | None = None

    def forget(self) -> None:
        """Nothing is being dragged."""
        self.preview, self.link = (), None

    def paint(self, painter: QPainter, exposed: QRect) -> None:
        """Paint what touches ``exposed``, in coordinates of the viewport."""
        if self._sheet.page is None:
            return
        scrolled = self._area.verticalScrollBar().value()
        if scrolled < self._sheet.header_px and self._sheet.header is not None:
            self._sheet.header.paint(painter, self._sheet.origin[0], -float(scrolled), self._sheet.style)
        self._paint_blocks(painter, exposed)
        if self.link is not None:
            self._paint_link(painter, *self.link)

    def _paint_blocks(self, painter: QPainter, exposed: QRect) -> None:
        """Paint the lines that touch ``exposed``; every block in the window is laid out, seen or not."""
        sheet, page = self._sheet, self._sheet.page
        assert page is not None
        left, top = sheet.origin
        height, heights = self._area.viewport().height(), page.heights
        index = heights.at(max(-top, 0.0))
        grown_above = sheet.lay_out_first(index)
        top -= grown_above
        y = top + heights.top_of(index)
        has_grown = bool(grown_above)
        while index < len(heights) and y < height:
            before = heights[index]
            layout = page.layout(index)
            has_grown = has_grown or heights[index] != before
            if y - REACH_PX < exposed.bottom() + 1 and exposed.top() < y + heights[index] + REACH_PX:
                painter.save()
                painter.translate(left, y)
                clip = QRectF(0, exposed.top() - y, page.width, exposed.height())
                self._paint_block(painter, layout, y - top, clip)
                painter.restore()
            y += heights[index]
            index += 1
        if has_grown:
            QTimer.singleShot(0, sheet.update_scroll_range)

    def _paint_block(self, painter: QPainter, layout: BlockLayout, block_top: float, clip: QRectF) -> None:
        current = self._current
        selections = self._chosen_rects(layout.start, layout.end, block_top)
        chosen = Chosen(current.span_id, current.relation_id, selections, current.part)
        paint_block(painter, layout, self._sheet.style, chosen, clip)
        self._paint_cursor(painter, layout.start, layout.end, block_top)

    def _chosen_rects(self, start: int, end: int, block_top: float) -> list[list[QRectF]]:
        """Boxes of the selection and of a drag's preview in the block ``[start, end)``."""
        return [
            self._rects(max(chosen[0], start), min(chosen[1], end), block_top)
            for chosen in (self._current.selection, *self.preview)
            if chosen is not None and chosen[0] < end and start < chosen[1]
        ]

    def _paint_cursor(self, painter: QPainter, start: int, end: int, block_top: float) -> None:
        current, walk = self._current, self._sheet.walk
        if walk is None or current.selection is not None or current.span_id is not None or not self._area.hasFocus():
            return
        first, last = walk.token_range(current.cursor)
        if start <= first < end:
            paint_cursor(painter, self._rects(first, min(last, end), block_top), self._sheet.style)

    def _rects(self, start: int, end: int, block_top: float) -> list[QRectF]:
        """Boxes of a range in the coordinates of a block that begins at ``block_top`` of the page."""
        assert self._sheet.page is not None
        return [rect.translated(0, -block_top) for rect in self._sheet.page.rects_of(start, end)]

    def _paint_link(self, painter: QPainter, start: QPointF, end: QPointF, target: str | None) -> None:
        """A relation that is being dragged, and a frame around the span that it would go to."""
        page, doc = self._sheet.page, self._sheet.doc
        assert page is not None and doc is not None
        span = doc.spans.find(target) if target is not None else None
        parts = span.parts if span else ()
        painter.save()
        painter.translate(*self._sheet.origin)
        paint_link(painter, start, end, [page.rects_of(*part) for part in parts], self._sheet.style)
        painter.restore()
