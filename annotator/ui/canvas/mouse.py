"""The mouse on the canvas: choose, select by dragging, drag an edge. Says what is wanted; edits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent

from annotator.domain.corrections import Edge

if TYPE_CHECKING:
    from annotator.ui.canvas.view import AnnotationCanvas

EDGE_PX = 5.0
DRAG_PX = 4.0
SCROLL_STEP_PX = 24


class CanvasMouse:
    """Turns mouse events into choices on one canvas."""

    def __init__(self, canvas: AnnotationCanvas) -> None:
        self._canvas = canvas
        self._pressed_at: QPointF | None = None
        self._is_dragging = False
        self._edge: Edge | None = None
        self._clicked: tuple[str, ...] = ()

    def press(self, event: QMouseEvent) -> None:
        """Remember where a click or drag begins."""
        if event.button() is not Qt.MouseButton.LeftButton or self._canvas.page is None:
            return
        self._pressed_at = event.position()
        self._is_dragging = False
        self._edge = self._edge_at(event.position())

    def move(self, event: QMouseEvent) -> None:
        """Drag: an edge of the current span, or a selection."""
        if self._pressed_at is None:
            on_edge = self._edge_at(event.position()) is not None
            shape = Qt.CursorShape.SizeHorCursor if on_edge else Qt.CursorShape.IBeamCursor
            self._canvas.viewport().setCursor(shape)
            return
        far = (event.position() - self._pressed_at).manhattanLength() >= DRAG_PX
        self._is_dragging = self._is_dragging or far
        if not self._is_dragging:
            return
        self._scroll_at_edges(event.position())
        if self._edge is not None:
            self._canvas.show_preview(self._resized(event))
        elif (chosen := self._dragged(event)) is not None:
            self._canvas.set_selection(*chosen)

    def release(self, event: QMouseEvent) -> None:
        """End a drag, or click."""
        if self._pressed_at is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        edge, was_dragging = self._edge, self._is_dragging
        resized = self._resized(event) if edge is not None and was_dragging else None
        self._pressed_at, self._edge, self._is_dragging = None, None, False
        self._canvas.show_preview(None)
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
            self._canvas.set_selection(*self._canvas.walk.token_range(self._canvas.walk.token_start(char)))

    def context_menu(self, event: QContextMenuEvent) -> None:
        """Choose what is under the pointer (unless it is inside the selection) and ask for the menu."""
        point = QPointF(event.pos())
        char, selection = self._char_at(point), self._canvas.selection
        is_inside = selection is not None and char is not None and selection[0] <= char < selection[1]
        is_by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        if not is_inside and not is_by_key and self._canvas.page is not None:
            self._click(point, extend=False)
        self._canvas.context_menu_requested.emit(event.globalPos())

    def _click(self, point: QPointF, *, extend: bool) -> None:
        spans = self._canvas.spans_at(point)
        char = self._char_at(point)
        if extend and char is not None and self._canvas.walk is not None:
            start = self._canvas.selection[0] if self._canvas.selection else self._canvas.token_cursor
            self._canvas.set_selection(*self._canvas.walk.covering(start, char))
            return
        ids = tuple(span.id for span in spans)
        if ids:
            current = self._canvas.current_span_id
            again = ids == self._clicked and current in ids
            chosen = ids[(ids.index(current) + 1) % len(ids)] if again and current is not None else ids[0]
            self._canvas.set_current_span(chosen, reveal=False)
        elif char is not None:
            self._canvas.put_cursor(char)
        self._clicked = ids

    def _char_at(self, point: QPointF, *, between: bool = False) -> int | None:
        page = self._canvas.page
        if page is None or not self._canvas.doc or not self._canvas.doc.document.text:
            return None
        at = self._canvas.page_point(point)
        return page.char_at(at.x(), min(max(at.y(), 0.0), page.heights.total - 1), between=between)

    def _dragged(self, event: QMouseEvent) -> tuple[int, int] | None:
        """The selection from where the drag began: whole tokens, or with Alt exact graphemes."""
        assert self._pressed_at is not None
        is_exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        one = self._char_at(self._pressed_at, between=is_exact)
        other = self._char_at(event.position(), between=is_exact)
        if one is None or other is None or self._canvas.walk is None:
            return None
        if not is_exact:
            return self._canvas.walk.snapped(min(one, other), max(one, other) + 1)
        return (min(one, other), max(one, other)) if one != other else None

    def _resized(self, event: QMouseEvent) -> tuple[int, int] | None:
        """The current span with the dragged edge where the pointer is; never empty; edges may not cross."""
        doc, walk = self._canvas.doc, self._canvas.walk
        span = doc.spans.find(self._canvas.current_span_id or "") if doc else None
        is_exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        char = self._char_at(event.position(), between=is_exact)
        if span is None or walk is None or char is None or self._edge is None:
            return None
        if self._edge is Edge.LEFT:
            start = min(char, span.end - 1)
            return (start, span.end) if is_exact else (min(walk.snapped(start, start + 1)[0], span.end - 1), span.end)
        end = max(char, span.start + 1) if is_exact else max(char + 1, span.start + 1)
        return (span.start, end) if is_exact else (span.start, max(walk.snapped(end - 1, end)[1], span.start + 1))

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

    def _scroll_at_edges(self, point: QPointF) -> None:
        bar = self._canvas.verticalScrollBar()
        if point.y() < 0:
            bar.setValue(bar.value() - SCROLL_STEP_PX)
        elif point.y() > self._canvas.viewport().height():
            bar.setValue(bar.value() + SCROLL_STEP_PX)
