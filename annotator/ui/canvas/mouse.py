"""The mouse on the canvas: choose, select by dragging, drag an edge. Says what is wanted; edits nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QMouseEvent

from annotator.domain.corrections import Edge
from annotator.domain.parts import Part, Parts, moved_part
from annotator.domain.spans import Span

if TYPE_CHECKING:
    from annotator.ui.canvas.view import AnnotationCanvas

EDGE_PX = 5.0
DRAG_PX = 4.0
SCROLL_STEP_PX = 24
SCROLL_EVERY_MS = 30


@dataclass(frozen=True, slots=True)
class _Handle:
    """What can be dragged: an edge of one part (from 0) of the current span."""

    part: int
    edge: Edge


class CanvasMouse:
    """Turns mouse events into choices on one canvas."""

    def __init__(self, canvas: AnnotationCanvas) -> None:
        self._canvas = canvas
        self._pressed_at: QPointF | None = None
        self._is_dragging = False
        self._handle: _Handle | None = None
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
        self._handle = self._handle_at(event.position())
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
        elif self._handle is not None:
            self._canvas.show_preview(self._previewed(self._handle, *self._last))
        elif (chosen := self._dragged(*self._last)) is not None:
            self._canvas.set_selection(*chosen)

    def release(self, event: QMouseEvent) -> None:
        """End a drag, or click."""
        if self._pressed_at is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        handle, was_dragging, linked = self._handle, self._is_dragging, self._linked
        target = self._link_target(event.position()) if was_dragging else None
        is_exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        resized = self._resized(handle, event.position(), is_exact) if handle is not None and was_dragging else None
        self._pressed_at, self._handle, self._is_dragging, self._linked = None, None, False, None
        self._scrolling.stop()
        self._canvas.show_preview(())
        if linked is not None and was_dragging:
            self._canvas.show_link(None)
            if target is not None:
                self._canvas.relation_requested.emit(linked[0], target)
            return
        if handle is not None and resized is not None and self._canvas.current_span_id is not None:
            self._canvas.resize_requested.emit(self._canvas.current_span_id, handle.part, *resized)
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
        if self._handle_at(point) is not None:
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
            self._choose_part(point)
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

    def _choose_part(self, point: QPointF) -> None:
        """Of a discontinuous span, the part that was clicked; a click on its label means the whole."""
        span, char = self._current(), self._char_at(point)
        if span is None or char is None or self._canvas.find_label_at(point) is not None:
            return
        places = (place for place, (start, end) in enumerate(span.parts) if start <= char < end)
        self._canvas.set_current_part(next(places, None))

    def _current(self) -> Span | None:
        doc = self._canvas.doc
        return doc.spans.find(self._canvas.current_span_id or "") if doc else None

    def _previewed(self, handle: _Handle, point: QPointF, is_exact: bool) -> Parts:
        """The parts of the current span with the dragged edge where the pointer is."""
        span, resized = self._current(), self._resized(handle, point, is_exact)
        if span is None or resized is None or self._canvas.doc is None:
            return ()
        return moved_part(self._canvas.doc.document.text, span.parts, handle.part, *resized)

    def _resized(self, handle: _Handle, point: QPointF, is_exact: bool) -> Part | None:
        """The part with the dragged edge where the pointer is; never empty; its edges may not cross."""
        span, page, char = self._current(), self._canvas.page, self._char_at(point, between=is_exact)
        if span is None or page is None or char is None or handle.part >= len(span.parts):
            return None
        start, end = span.parts[handle.part]
        if not is_exact:
            return self._resized_to_tokens(start, end, char, handle.edge)
        if handle.edge is Edge.LEFT:
            return min(char, page.cluster(end - 1)[0]), end
        return start, max(char, page.cluster(start)[1])

    def _resized_to_tokens(self, start: int, end: int, char: int, edge: Edge) -> Part:
        walk = self._canvas.walk
        assert walk is not None
        if edge is Edge.LEFT:
            first = min(char, end - 1)
            return min(walk.snapped(first, first + 1)[0], end - 1), end
        last = max(char, start)
        return start, max(walk.snapped(last, last + 1)[1], start + 1)

    def _handle_at(self, point: QPointF) -> _Handle | None:
        """The nearest edge of the current span's parts under the pointer, or None."""
        span = self._current()
        if span is None or self._canvas.page is None:
            return None
        at = self._canvas.page_point(point)
        near = [(abs(at.x() - x), handle) for handle, rect, x in self._handles(span) if _is_beside(rect, x, at)]
        return min(near, key=lambda found: found[0])[1] if near else None

    def _handles(self, span: Span) -> Iterator[tuple[_Handle, QRectF, float]]:
        """The edges of each part, with the box that each belongs to, and its x."""
        page = self._canvas.page
        assert page is not None
        for part, (start, end) in enumerate(span.parts):
            if rects := page.rects_of(start, end):
                is_rtl = page.blocks.is_rtl(page.blocks.at(start))
                first, last = rects[0], rects[-1]
                yield _Handle(part, Edge.LEFT), first, first.right() if is_rtl else first.left()
                yield _Handle(part, Edge.RIGHT), last, last.left() if is_rtl else last.right()

    def _on_scroll_due(self) -> None:
        """The pointer rests above or below the window in a drag: scroll on and drag on."""
        below = self._last[0].y() - self._canvas.viewport().height()
        bar = self._canvas.verticalScrollBar()
        bar.setValue(bar.value() + (SCROLL_STEP_PX if below > 0 else -SCROLL_STEP_PX))
        self._drag()


def _is_beside(rect: QRectF, x: float, point: QPointF) -> bool:
    """Whether a point is on the edge at ``x`` of a box."""
    return rect.top() <= point.y() <= rect.bottom() + 4 and abs(point.x() - x) <= EDGE_PX
