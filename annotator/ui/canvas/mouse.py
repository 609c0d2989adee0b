"""The mouse on the canvas: choose, select by dragging, drag an edge. Says what is wanted; edits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QMouseEvent

from annotator.domain.corrections import Edge
from annotator.domain.spans import Span

if TYPE_CHECKING:
    from annotator.ui.canvas.view import AnnotationCanvas

EDGE_PX = 5.0
DRAG_PX = 4.0
SCROLL_STEP_PX = 24
SCROLL_EVERY_MS = 30


class CanvasMouse:
    """Turns mouse events into choices on one canvas."""

    def __init__(self, canvas: AnnotationCanvas) -> None:
        self._canvas = canvas
        self._pressed_at: QPointF | None = None
        self._is_dragging = False
        self._edge: Edge | None = None
        self._linked: tuple[str, QPointF] | None = None  # the span whose label was pressed, and where on the page
        self._clicked: tuple[str, ...] = ()
        self._anchor: tuple[int, int] | None = None  # character and gap where the drag began: text may scroll
        self._last: tuple[QPointF, bool] = (QPointF(), False)
        self._scrolling = QTimer(canvas, interval=SCROLL_EVERY_MS)
        self._scrolling.timeout.connect(self._on_scroll_due)

    def press(self, event: QMouseEvent) -> None:
        """Remember where a click or drag begins."""
        if event.button() is not Qt.MouseButton.LeftButton or self._canvas.page is None:
            return
        self._pressed_at = event.position()
        self._is_dragging = False
        self._edge = self._edge_at(event.position())
        label = self._canvas.find_label_at(event.position())
        self._linked = None if label is None else (label, self._canvas.page_point(event.position()))
        char, gap = self._char_at(event.position()), self._char_at(event.position(), between=True)
        self._anchor = None if char is None or gap is None else (char, gap)

    def move(self, event: QMouseEvent) -> None:
        """Drag: an edge of the current span, or a selection."""
        if self._pressed_at is None:
            self._canvas.viewport().setCursor(self._shape_at(event.position()))
            return
        far = (event.position() - self._pressed_at).manhattanLength() >= DRAG_PX
        self._is_dragging = self._is_dragging or far
        if not self._is_dragging:
            return
        self._last = event.position(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if 0 <= event.position().y() <= self._canvas.viewport().height():
            self._scrolling.stop()
        elif not self._scrolling.isActive():
            self._scrolling.start()
            self._on_scroll_due()
        self._drag()

    def _drag(self) -> None:
        """Show what the drag means where the pointer is."""
        if self._linked is not None:
            point = self._last[0]
            self._canvas.show_link((self._linked[1], self._canvas.page_point(point), self._link_target(point)))
        elif self._edge is not None:
            self._canvas.show_preview(self._resized(*self._last))
        elif (chosen := self._dragged(*self._last)) is not None:
            self._canvas.set_selection(*chosen)

    def release(self, event: QMouseEvent) -> None:
        """End a drag, or click."""
        if self._pressed_at is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        edge, was_dragging, linked = self._edge, self._is_dragging, self._linked
        target = self._link_target(event.position()) if was_dragging else None
        is_exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        resized = self._resized(event.position(), is_exact) if edge is not None and was_dragging else None
        self._pressed_at, self._edge, self._is_dragging, self._linked = None, None, False, None
        self._scrolling.stop()
        self._canvas.show_preview(None)
        if linked is not None and was_dragging:
            self._canvas.show_link(None)
            if target is not None:
                self._canvas.relation_requested.emit(linked[0], target)
            return
        if resized is not None and self._canvas.current_span_id is not None:
            self._canvas.resize_requested.emit(self._canvas.current_span_id, *resized)
        elif not was_dragging:
            self._click(event.position(), extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def double_click(self, event: QMouseEvent) -> None:
        """Select a token; on a span: activate it."""
        spans = self._canvas.spans_at(event.position())
        if spans:
            self._canvas.set_current_span(spans[0].id, reveal=False)
            self._canvas.span_activated.emit(spans[0].id)
        elif (char := self._char_at(event.position())) is not None and self._canvas.walk is not None:
            first, last = self._canvas.walk.token_range(self._canvas.walk.token_start(char))
            if first < last:
                self._canvas.set_selection(first, last)

    def context_menu(self, event: QContextMenuEvent) -> None:
        """Choose what is under the pointer (unless it is inside the selection) and ask for the menu."""
        point = QPointF(event.pos())
        char, selection = self._char_at(point), self._canvas.selection
        is_inside = selection is not None and char is not None and selection[0] <= char < selection[1]
        is_by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        if not is_inside and not is_by_key and self._canvas.page is not None:
            self._click(point, extend=False)
        self._canvas.context_menu_requested.emit(event.globalPos())

    def _link_target(self, point: QPointF) -> str | None:
        """The span that a relation dragged from a label would go to: the smallest other one under the pointer."""
        if self._linked is None:
            return None
        others = (span.id for span in self._canvas.spans_at(point) if span.id != self._linked[0])
        return next(others, None)

    def _shape_at(self, point: QPointF) -> Qt.CursorShape:
        """The pointer: what a press there would take hold of."""
        if self._edge_at(point) is not None:
            return Qt.CursorShape.SizeHorCursor
        is_on_label = self._canvas.find_label_at(point) is not None
        if is_on_label or self._canvas.find_relation_at(point) is not None:
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.IBeamCursor

    def _click(self, point: QPointF, *, extend: bool) -> None:
        spans = self._canvas.spans_at(point)
        char = self._char_at(point)
        if extend and char is not None and self._canvas.walk is not None:
            start = self._canvas.selection[0] if self._canvas.selection else self._canvas.token_cursor
            first, last = self._canvas.walk.covering(start, char)
            if first < last:
                self._canvas.set_selection(first, last)
            return
        ids = tuple(span.id for span in spans)
        if ids:
            current = self._canvas.current_span_id
            again = ids == self._clicked and current in ids
            chosen = ids[(ids.index(current) + 1) % len(ids)] if again and current is not None else ids[0]
            self._canvas.set_current_span(chosen, reveal=False)
        elif (relation := self._canvas.find_relation_at(point)) is not None:
            self._canvas.set_current_relation(relation.id)
        elif char is not None:
            self._canvas.put_cursor(char)
        self._clicked = ids

    def _char_at(self, point: QPointF, *, between: bool = False) -> int | None:
        page = self._canvas.page
        if page is None or not self._canvas.doc or not self._canvas.doc.document.text:
            return None
        at = self._canvas.page_point(point)
        return page.char_at(at.x(), min(max(at.y(), 0.0), page.heights.total - 1), between=between)

    def _dragged(self, point: QPointF, is_exact: bool) -> tuple[int, int] | None:
        """The selection from where the drag began: whole tokens, or with Alt exact graphemes."""
        other = self._char_at(point, between=is_exact)
        if self._anchor is None or other is None or self._canvas.walk is None:
            return None
        one = self._anchor[is_exact]
        start, end = min(one, other), max(one, other)
        if not is_exact and self._canvas.doc is not None:
            # On an empty last line the nearest character is the end of the text, which is none.
            start, end = self._canvas.walk.snapped(start, min(end + 1, len(self._canvas.doc.document.text)))
        return (start, end) if start < end else None

    def _resized(self, point: QPointF, is_exact: bool) -> tuple[int, int] | None:
        """The current span with the dragged edge where the pointer is; never empty; edges may not cross."""
        doc, page = self._canvas.doc, self._canvas.page
        span = doc.spans.find(self._canvas.current_span_id or "") if doc else None
        char = self._char_at(point, between=is_exact)
        if span is None or page is None or char is None or self._edge is None:
            return None
        if not is_exact:
            return self._resized_to_tokens(span, char, self._edge)
        if self._edge is Edge.LEFT:
            return min(char, page.cluster(span.end - 1)[0]), span.end
        return span.start, max(char, page.cluster(span.start)[1])

    def _resized_to_tokens(self, span: Span, char: int, edge: Edge) -> tuple[int, int]:
        walk = self._canvas.walk
        assert walk is not None
        if edge is Edge.LEFT:
            start = min(char, span.end - 1)
            return min(walk.snapped(start, start + 1)[0], span.end - 1), span.end
        last = max(char, span.start)
        return span.start, max(walk.snapped(last, last + 1)[1], span.start + 1)

    def _edge_at(self, point: QPointF) -> Edge | None:
        """The edge of the current span under the pointer, or None."""
        doc, page = self._canvas.doc, self._canvas.page
        span = doc.spans.find(self._canvas.current_span_id or "") if doc else None
        if span is None or page is None:
            return None
        at = self._canvas.page_point(point)
        rects = page.rects_of(span.start, span.end)
        for edge, rect, x in (
            (Edge.LEFT, rects[0], rects[0].left()) if rects else (None, None, 0.0),
            (Edge.RIGHT, rects[-1], rects[-1].right()) if rects else (None, None, 0.0),
        ):
            if rect is not None and rect.top() <= at.y() <= rect.bottom() + 4 and abs(at.x() - x) <= EDGE_PX:
                return edge
        return None

    def _on_scroll_due(self) -> None:
        """The pointer rests above or below the window in a drag: scroll on and drag on."""
        below = self._last[0].y() - self._canvas.viewport().height()
        bar = self._canvas.verticalScrollBar()
        bar.setValue(bar.value() + (SCROLL_STEP_PX if below > 0 else -SCROLL_STEP_PX))
        self._drag()
