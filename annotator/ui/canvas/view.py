"""`AnnotationCanvas`: shows an article with its spans, and says what the person wants; it edits nothing itself.

The window owns the keys: its actions call the methods here. The canvas owns pixels and the mouse.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from annotator.domain.edits import Touched
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Json
from annotator.ui.announcing import announce
from annotator.ui.canvas.doubts import Doubts
from annotator.ui.canvas.header import Header
from annotator.ui.canvas.hints import Hints
from annotator.ui.canvas.mouse import CanvasMouse
from annotator.ui.canvas.narrator import Narrator
from annotator.ui.canvas.page import Page
from annotator.ui.canvas.painter import REACH_PX, Chosen, paint_block, paint_cursor, paint_link
from annotator.ui.canvas.style import Density, Style, score_text
from annotator.ui.canvas.walking import TokenWalk
from annotator.ui.theme import Theme

MARGIN_PX = 56
BOTTOM_PX = 80
REVEAL_MARGIN_PX = 60
SURFACE_CHARS = 48
ZOOM_RANGE = (10.0, 48.0)


class AnnotationCanvas(QAbstractScrollArea):
    """The article. Offsets in signals and arguments are code points."""

    current_span_changed = Signal(object)
    selection_changed = Signal(object)
    resize_requested = Signal(str, int, int)
    context_menu_requested = Signal(QPoint)
    span_activated = Signal(str)
    current_relation_changed = Signal(object)
    relation_requested = Signal(str, str)
    zoom_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._style = Style()
        self._doc: AnnotatedDocument | None = None
        self._page: Page | None = None
        self._walk: TokenWalk | None = None
        self._current: str | None = None
        self._relation: str | None = None
        self._link: tuple[QPointF, QPointF, str | None] | None = None
        self._selection: tuple[int, int] | None = None
        self._preview: tuple[int, int] | None = None
        self._cursor = 0
        self._column: tuple[int, float] | None = None
        self._header: Header | None = None
        self._header_px = 0.0
        self._mouse = CanvasMouse(self)
        self._hints = Hints(self)
        self._likely: tuple[int, ...] = ()
        self._doubts = Doubts()
        self._narrator = Narrator(self)
        self._relayout = QTimer(self, singleShot=True, interval=40)
        self._relayout.timeout.connect(self._on_relayout_due)
        self.setAccessibleName("Article")  # last: a screen reader asks for everything at once

    @property
    def doc(self) -> AnnotatedDocument | None:
        """The document shown, None when there is none."""
        return self._doc

    @property
    def scheme(self) -> LabelScheme:
        """The scheme by which labels are named."""
        return self._style.scheme

    @property
    def current_span_id(self) -> str | None:
        """The span that keys act on."""
        return self._current

    @property
    def current_relation_id(self) -> str | None:
        """The relation that was chosen; no span is current and nothing is selected then."""
        return self._relation

    @property
    def selection(self) -> tuple[int, int] | None:
        """The selected range, None when nothing is selected."""
        return self._selection

    @property
    def token_cursor(self) -> int:
        """Where the cursor's token begins."""
        return self._cursor

    @property
    def is_moving_by_line(self) -> bool:
        """Whether the cursor came from the line above or below."""
        return self._column is not None and self._column[0] == self._cursor

    @property
    def target_range(self) -> tuple[int, int] | None:
        """What a label key would label: the selection, else the cursor's token."""
        if self._selection is not None:
            return self._selection
        return self._walk.token_range(self._cursor) if self._walk else None

    @property
    def hints(self) -> Mapping[int, str] | None:
        """While hints are shown: the start of each token that has one, and its letters; else None."""
        return self._hints.codes

    @property
    def likely(self) -> Sequence[int]:
        """Starts of the tokens that most likely want a label; their hints are the shortest."""
        return self._likely

    @likely.setter
    def likely(self, starts: Sequence[int]) -> None:
        self._likely = tuple(starts)

    def show_hints(self) -> None:
        """Show a hint of one or two letters on each visible word; typing it puts the cursor there."""
        self._hints.show(self._likely, self._style)

    def hide_hints(self) -> None:
        """Take the hints away."""
        self._hints.hide()

    def set_doubts(self, strengths: Mapping[tuple[int, int], float]) -> None:
        """Show which places ``(start, end)`` are doubtful, from 0 to 1: a wave under those without a span, a stronger
        outline around suggestions. They stay until the next call or the next document.
        """
        self._doubts = Doubts(strengths)
        if self._page is not None:
            self._page.doubts = self._doubts
            self.viewport().update()

    def show_document(self, doc: AnnotatedDocument, scheme: LabelScheme) -> None:
        """Show another document from its top."""
        self._style = replace(self._style, scheme=scheme)
        self._doc = doc
        self._walk = TokenWalk(doc.document)
        self._current = self._selection = self._preview = self._relation = self._link = None
        self._likely, self._doubts = (), Doubts()
        self._cursor = self._walk.first()
        self._make_page()
        self.verticalScrollBar().setValue(0)
        self.current_span_changed.emit(None)
        self.selection_changed.emit(None)
        self.current_relation_changed.emit(None)
        self._narrator.note()

    def clear(self) -> None:
        """Show nothing."""
        self._hints.hide()
        self._doc = self._page = self._walk = None
        self._current = self._selection = self._relation = self._link = None
        self._update_scroll_range()
        self.viewport().update()
        self._narrator.note()

    def update_document(self, doc: AnnotatedDocument, touched: Touched) -> None:
        """Show what an edit changed; places only the touched blocks anew."""
        self._hints.hide()
        self._doc = doc
        self._narrator.note()
        if self._page is None:
            return
        top_block = self._page.heights.at(max(self.verticalScrollBar().value() - self._header_px, 0.0))
        above = self._page.heights.top_of(top_block)
        placed = self._page.update(doc, touched)
        if self._current is not None and doc.spans.find(self._current) is None:
            self.set_current_span(None)
        if self._relation is not None and self._relation not in doc.relations:
            self.set_current_relation(None)
        if placed.has_grown:
            self._update_scroll_range()
            self._keep_in_place(self._page.heights.top_of(top_block) - above)
            self.viewport().update()
        else:
            self._repaint(placed.blocks)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours; nothing moves."""
        self._restyle(replace(self._style, theme=theme))

    def set_text_font(self, family: str, pixel_size: float) -> None:
        """Change the article's font; the first visible character stays where it is."""
        self._restyle(replace(self._style, family=family, text_px=min(max(pixel_size, ZOOM_RANGE[0]), ZOOM_RANGE[1])))

    def set_measure(self, chars: int, spacing: float = 1.0, density: Density = Density.COMFORTABLE) -> None:
        """Change the reading width in characters, the line spacing (1.0 = normal) and the room of lanes."""
        self._restyle(replace(self._style, measure_chars=chars, spacing=spacing, density=density))

    def set_current_span(self, span_id: str | None, *, reveal: bool = True) -> None:
        """Make a span current; its keys act on it from now on."""
        span = self._doc.spans.find(span_id) if self._doc and span_id is not None else None
        self.set_current_relation(None)
        self._repaint_chosen()
        self._current = span.id if span else None
        if span is not None:
            self._cursor = span.start
            self._set_selection(None)
            if reveal:
                self.reveal(span.start)
        self._repaint_chosen()
        self._narrator.note()
        self.current_span_changed.emit(self._current)

    def set_current_relation(self, relation_id: str | None) -> None:
        """Choose a relation; then no span is current and nothing is selected."""
        relation = self._page.relations.find(relation_id) if self._page and relation_id is not None else None
        if (relation.id if relation else None) == self._relation:
            return
        if relation is not None:
            self.set_current_span(None)
            self._set_selection(None)
        self._repaint_arcs()
        self._relation = relation.id if relation else None
        self._repaint_arcs()
        self._narrator.note()
        self.current_relation_changed.emit(self._relation)

    def go_to_next_span(self) -> None:
        """The next span in document order; after the last one the first."""
        if self._doc is None:
            return
        after = self._current_order() or (self._cursor, -(10**12), "")
        found = self._doc.spans.find_next(after) or self._doc.spans.find_next((-1, 0, ""))
        self.set_current_span(found.id if found else None)

    def go_to_previous_span(self) -> None:
        """The previous span in document order; before the first one the last."""
        if self._doc is None:
            return
        before = self._current_order() or (self._cursor, -(10**12), "")
        found = self._doc.spans.find_previous(before) or self._doc.spans.find_previous((10**12, 0, ""))
        self.set_current_span(found.id if found else None)

    def move_cursor(self, step: int, *, extend: bool = False) -> None:
        """Move the token cursor by ``step`` tokens; ``extend`` selects from where it was."""
        if self._walk is not None:
            self._move_to(self._walk.moved(self._edge_for(step, extend=extend), step), extend=extend)

    def move_cursor_line(self, step: int, *, extend: bool = False) -> None:
        """Move the token cursor by ``step`` lines of the screen."""
        if self._page is None or self._walk is None:
            return
        at = self._edge_for(step, extend=extend)
        rects = self._page.rects_of(*self._walk.token_range(at))
        if not rects:
            return
        is_going_on = self._column is not None and self._column[0] == at
        x = self._column[1] if self._column is not None and is_going_on else rects[0].center().x()
        char = self._walk.token_start(self._page.char_at(x, self._page.line_middle(at, step)))
        self._move_to(char, extend=extend)
        self._column = (char, x)  # the next step up or down keeps to this x

    def move_cursor_page(self, step: int, *, extend: bool = False) -> None:
        """Move by about a screenful."""
        lines = max(int(self.viewport().height() / self._style.pitch_px) - 2, 1)
        self.move_cursor_line(step * lines, extend=extend)

    def move_cursor_to_line_edge(self, step: int, *, extend: bool = False) -> None:
        """The first (``step`` -1) or last token of the screen line."""
        if self._page is None or self._walk is None:
            return
        at = self._edge_for(step, extend=extend)
        layout = self._page.layout(self._page.blocks.at(at))
        if layout.lines:
            place = layout.lines[layout.line_of(at)]
            char = place.start if step < 0 else max(place.end - 1, place.start)
            self._move_to(self._walk.token_start(char), extend=extend)

    def move_cursor_to_text_edge(self, step: int, *, extend: bool = False) -> None:
        """The first (``step`` -1) or last token of the article."""
        if self._walk is not None:
            self._move_to(self._walk.first() if step < 0 else self._walk.last(), extend=extend)

    def set_selection(self, start: int, end: int) -> None:
        """Select a range; no span is current then."""
        if self._current is not None:
            self.set_current_span(None)
        self.set_current_relation(None)
        self._cursor = start
        self._anchor_range = (start, end)
        self._set_selection((start, end))

    def clear_selection(self) -> None:
        """Select nothing."""
        self._set_selection(None)

    def put_cursor(self, char: int) -> None:
        """Put the token cursor on the token of ``char``; nothing is current or selected then."""
        if self._walk is not None:
            self._move_to(self._walk.token_start(char), extend=False)

    def reveal(self, char: int) -> None:
        """Scroll as little as possible so that ``char`` is well inside the window."""
        if self._page is None:
            return
        index = self._page.blocks.at(char)
        layout = self._page.layout(index)
        line = layout.lines[layout.line_of(char)] if layout.lines else None
        y = self._page.heights.top_of(index) + (line.top if line else 0.0) + self._header_px
        bar, height = self.verticalScrollBar(), self.viewport().height()
        self._update_scroll_range()
        if y - REVEAL_MARGIN_PX < bar.value():
            bar.setValue(int(y - REVEAL_MARGIN_PX))
        elif y + self._style.line_px + REVEAL_MARGIN_PX > bar.value() + height:
            bar.setValue(int(y + self._style.line_px + REVEAL_MARGIN_PX - height))

    def view_state(self) -> dict[str, Json]:
        """What is shown and chosen, so that it can be restored: after undo, after a restart."""
        selection: Json = list(self._selection) if self._selection else None
        return {"top": self._top_char(), "current": self._current, "selection": selection, "cursor": self._cursor}

    def restore_view_state(self, state: Mapping[str, Json]) -> None:
        """Restore what `view_state` gave, as far as the document still has it."""
        if self._doc is None or self._walk is None:
            return
        length = len(self._doc.document.text)
        top, cursor = state.get("top"), state.get("cursor")
        if isinstance(top, int) and 0 <= top <= length:
            self._scroll_to_char(top)
        if isinstance(cursor, int) and 0 <= cursor < length:
            self._cursor = self._walk.token_start(cursor)
        current, selection = state.get("current"), state.get("selection")
        if isinstance(current, str) and current in self._doc.spans:
            self.set_current_span(current)
        elif isinstance(selection, list) and len(selection) == 2:
            start, end = selection
            if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length:
                self.set_selection(start, end)

    def announce(self, text: str) -> None:
        """Have a screen reader say ``text``, such as "GPE added, 2 words"; without one nothing happens."""
        announce(self, text)

    def show_preview(self, preview: tuple[int, int] | None) -> None:
        """Show where an edge that is being dragged would be."""
        self._preview = preview
        self.viewport().update()

    def show_link(self, link: tuple[QPointF, QPointF, str | None] | None) -> None:
        """Show a relation that is being dragged: from and to in page coordinates, and the span it would go to."""
        self._link = link
        self.viewport().update()

    def page_point(self, point: QPointF) -> QPointF:
        """A point of the viewport as a point of the page."""
        x, y = self._origin()
        return QPointF(point.x() - x, point.y() - y)

    @property
    def page(self) -> Page | None:
        """The laid-out article, for the mouse and for tests."""
        return self._page

    @property
    def walk(self) -> TokenWalk | None:
        """Tokens as the cursor walks over them."""
        return self._walk

    def describe(self, span: Span) -> str:
        """A span in one line, for the tooltip."""
        name = self._style.scheme.name_of(span.label, span.layer)
        parts = [name if span.decided else f"{name} · suggested"]
        if span.score is not None:
            parts[-1] += f" {score_text(span.score)}"
        parts += [part for part in (span.pipeline, span.note) if part]
        return " · ".join(parts)

    def describe_relation(self, relation: Relation) -> str:
        """A relation in one line, for the tooltip: ``Qin Gang → Kuleba: met``."""
        ends = (self._surface(relation.head), self._surface(relation.child))
        return f"{' → '.join(ends)}: {self._style.relation_text(relation)}"

    def find_relation_at(self, point: QPointF) -> Relation | None:
        """The relation whose arc or name is under a point of the viewport; a span's label is above it."""
        if self._page is None or not self._page.relations:
            return None
        at = self.page_point(point)
        if self._page.find_label_at(at.x(), at.y()) is not None:
            return None
        return self._page.relations.find(self._page.find_relation_at(at.x(), at.y()) or "")

    def find_label_at(self, point: QPointF) -> str | None:
        """The id of the span whose label is under a point of the viewport, or None."""
        at = self.page_point(point)
        return self._page.find_label_at(at.x(), at.y()) if self._page else None

    def spans_at(self, point: QPointF) -> list[Span]:
        """The spans under a point of the viewport, the shortest first; a label counts as its span."""
        if self._page is None or self._doc is None:
            return []
        at = self.page_point(point)
        labelled = self._page.find_label_at(at.x(), at.y())
        if labelled is not None and (span := self._doc.spans.find(labelled)) is not None:
            return [span]
        if not self._page.is_on_text(at.x(), at.y()):
            return []
        char = self._page.char_at(at.x(), at.y())
        return [span for span in self._doc.spans.at(char) if span.overlaps_part(char, char + 1)]

    def _surface(self, span_id: str) -> str:
        """The words of a span, shortened."""
        span = self._doc.spans.find(span_id) if self._doc else None
        if span is None or self._doc is None:
            return ""
        words = " … ".join(" ".join(self._doc.document.text[start:end].split()) for start, end in span.parts)
        return words if len(words) <= SURFACE_CHARS else words[: SURFACE_CHARS - 1] + "…"

    def _repaint_arcs(self) -> None:
        """Have the blocks at both ends of the current relation painted anew."""
        if self._page is not None and self._relation is not None:
            for start, end in self._page.relations.places_of((), (self._relation,)):
                self._repaint(self._page.blocks.touching(start, end))

    def _current_order(self) -> tuple[int, int, str] | None:
        span = self._doc.spans.find(self._current) if self._doc and self._current else None
        return span.order if span else None

    def _edge_for(self, step: int, *, extend: bool) -> int:
        """Where a move starts: at the moving end of the selection, or at the cursor."""
        if self._selection is None or self._walk is None:
            return self._cursor
        if extend:
            return self._moving_end()
        return self._walk.token_start(self._selection[1] - 1 if step > 0 else self._selection[0])

    def _moving_end(self) -> int:
        assert self._selection is not None and self._walk is not None
        start, end = self._selection
        last = self._walk.token_start(end - 1)
        return start if self._cursor > start else last

    def _move_to(self, char: int, *, extend: bool) -> None:
        if self._walk is None:
            return
        self.set_current_relation(None)
        self._repaint_chosen()
        if extend:
            anchor = self._cursor
            if self._current is not None:
                self.set_current_span(None)
            self._cursor = anchor
            self._set_selection(self._walk.covering(anchor, char))
        else:
            if self._current is not None:
                self.set_current_span(None)
            self._cursor = char
            self._set_selection(None)
        self.reveal(char)
        self._repaint_chosen()
        self._narrator.note()

    def _set_selection(self, selection: tuple[int, int] | None) -> None:
        if selection != self._selection:
            self._repaint_chosen()
            self._selection = selection
            self._repaint_chosen()
            self._narrator.note()
            self.selection_changed.emit(selection)

    def _repaint_chosen(self) -> None:
        """Have the blocks of current span, selection and cursor painted anew."""
        if self._page is None or self._walk is None or self._doc is None:
            return
        chosen = [self._walk.token_range(self._cursor), self._selection]
        if (span := self._doc.spans.find(self._current or "")) is not None:
            chosen.append((span.start, span.end))
        for place in filter(None, chosen):
            self._repaint(self._page.blocks.touching(*place))

    def _repaint(self, blocks: Iterable[int]) -> None:
        """Have blocks painted anew, with what lanes and rings reach beyond them."""
        if self._page is None:
            return
        top, width = self._origin()[1], self.viewport().width()
        for index in blocks:
            y = top + self._page.heights.top_of(index)
            if y + self._page.heights[index] > -REACH_PX and y - REACH_PX < self.viewport().height():
                self.viewport().update(0, int(y - REACH_PX), width, int(self._page.heights[index] + 2 * REACH_PX) + 1)

    def _restyle(self, style: Style) -> None:
        self._style = style
        if self._page is not None and style.size == self._page.style.size:
            self._page.style = style
            for layout in self._page._layouts.values():
                layout._style = style
        elif self._page is not None:
            self._make_page()
        self.viewport().update()

    def _make_page(self) -> None:
        if self._doc is None:
            return
        self._hints.hide()
        top = self._top_char() if self._page is not None and self._page.doc.document is self._doc.document else 0
        width = min(self._style.measure_px, max(self.viewport().width() - 2 * MARGIN_PX, 160.0))
        self._page = Page(self._doc, width, self._style, self._doubts)
        self._header = Header(self._doc.document, self._style, width)
        self._header_px = float(self._header.height)
        self._update_scroll_range()
        if top:
            self._scroll_to_char(top)
        self.viewport().update()

    def _origin(self) -> tuple[float, float]:
        """Where the page's top left corner is in the viewport."""
        width = self._page.width if self._page else 0.0
        left = round((self.viewport().width() - width) / 2)
        return left, self._header_px - self.verticalScrollBar().value()

    def _top_char(self) -> int:
        if self._page is None:
            return 0
        y = self.verticalScrollBar().value() - self._header_px
        return 0 if y <= 0 else self._page.char_at(0.0, y)

    def _scroll_to_char(self, char: int) -> None:
        if self._page is None or char <= 0:
            return
        index = self._page.blocks.at(char)
        layout = self._page.layout(index)
        line_top = layout.lines[layout.line_of(char)].top if layout.lines else 0.0
        self._update_scroll_range()
        self.verticalScrollBar().setValue(int(self._header_px + self._page.heights.top_of(index) + line_top))

    def _update_scroll_range(self) -> None:
        total = self._header_px + self._page.heights.total + BOTTOM_PX if self._page else 0.0
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(int(total - height), 0))
        bar.setPageStep(max(height - int(self._style.pitch_px), 1))
        bar.setSingleStep(int(self._style.pitch_px))

    def _paint_header(self, painter: QPainter) -> None:
        if self._header is not None:
            self._header.paint(painter, self._origin()[0], -float(self.verticalScrollBar().value()), self._style)

    def _paint_page(self, painter: QPainter, exposed: QRect) -> None:
        """Paint the lines that touch ``exposed``; every block in the window is laid out, seen or not."""
        assert self._page is not None
        left, top = self._origin()
        height = self.viewport().height()
        heights = self._page.heights
        index = heights.at(max(-top, 0.0))
        grown_above = self._lay_out_first(index)
        top -= grown_above
        y = top + heights.top_of(index)
        has_grown = bool(grown_above)
        while index < len(heights) and y < height:
            before = heights[index]
            layout = self._page.layout(index)
            has_grown = has_grown or heights[index] != before
            if y - REACH_PX < exposed.bottom() + 1 and exposed.top() < y + heights[index] + REACH_PX:
                painter.save()
                painter.translate(left, y)
                selections = self._chosen_rects(layout.start, layout.end, y - top)
                chosen = Chosen(self._current, self._relation, selections)
                clip = QRectF(0, exposed.top() - y, self._page.width, exposed.height())
                paint_block(painter, layout, self._style, chosen, clip)
                self._paint_token_cursor(painter, layout.start, layout.end, y - top)
                painter.restore()
            y += heights[index]
            index += 1
        if has_grown:
            QTimer.singleShot(0, self._update_scroll_range)

    def _lay_out_first(self, index: int) -> int:
        """Lay out the first visible block; when it is not as high as estimated, what follows it stays in place."""
        assert self._page is not None
        before = self._page.heights[index]
        self._page.layout(index)
        grown = int(self._page.heights[index] - before)
        is_cut = self._page.heights.top_of(index) + self._header_px < self.verticalScrollBar().value()
        if not grown or not is_cut or not self._is_scrolling_up:
            return 0
        bar = self.verticalScrollBar()
        bar.blockSignals(True)
        bar.setMaximum(bar.maximum() + max(grown, 0))
        bar.setValue(bar.value() + grown)
        bar.blockSignals(False)
        return grown

    _is_scrolling_up = False
    _anchor_range: tuple[int, int] | None = None

    def _chosen_rects(self, start: int, end: int, block_top: float) -> list[list[QRectF]]:
        """Boxes of the selection and of a drag's preview in the block ``[start, end)``."""
        assert self._page is not None
        return [
            [rect.translated(0, -block_top) for rect in self._page.rects_of(*self._within(chosen, start, end))]
            for chosen in (self._selection, self._preview)
            if chosen is not None and chosen[0] < end and start < chosen[1]
        ]

    def _paint_token_cursor(self, painter: QPainter, start: int, end: int, block_top: float) -> None:
        if self._page is None or self._walk is None or not self.hasFocus():
            return
        if self._selection is None and self._current is None:
            first, last = self._walk.token_range(self._cursor)
            if start <= first < end:
                rects = self._page.rects_of(first, min(last, end))
                paint_cursor(painter, [rect.translated(0, -block_top) for rect in rects], self._style)

    def _paint_link(self, painter: QPainter, start: QPointF, end: QPointF, target: str | None) -> None:
        """A relation that is being dragged, and a frame around the span that it would go to."""
        assert self._page is not None and self._doc is not None
        span = self._doc.spans.find(target) if target is not None else None
        parts = span.parts if span else ()
        painter.save()
        painter.translate(*self._origin())
        paint_link(painter, start, end, [self._page.rects_of(*part) for part in parts], self._style)
        painter.restore()

    @staticmethod
    def _within(chosen: tuple[int, int], start: int, end: int) -> tuple[int, int]:
        return max(chosen[0], start), min(chosen[1], end)

    def _keep_in_place(self, grown_above: float) -> None:
        """What is being read does not move when something above the window has grown."""
        bar = self.verticalScrollBar()
        if round(grown_above) and bar.value() > self._header_px:
            bar.setValue(bar.value() + round(grown_above))

    def _on_relayout_due(self) -> None:
        self._make_page()

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # Tab is a key of the window's actions here

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(self._style.theme.page))
        if self._page is not None:
            if self.verticalScrollBar().value() < self._header_px:
                self._paint_header(painter)
            self._paint_page(painter, event.rect())
            if self._link is not None:
                self._paint_link(painter, *self._link)
            self._hints.paint(painter, self._style, QPointF(*self._origin()))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_scroll_range()
        if event.oldSize().width() != event.size().width():
            if self.isVisible() and event.oldSize().width() > 0:
                self._relayout.start()
            else:
                self._make_page()

    def scrollContentsBy(self, _dx: int, dy: int) -> None:
        self._is_scrolling_up = dy > 0
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # all keys are the window's: a scroll area would keep the arrows for itself

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)
        if not event.buttons():
            spans = self.spans_at(event.position())
            # A tooltip that looks like HTML is shown as HTML: notes and labels are not.
            relation = None if spans else self.find_relation_at(event.position())
            words = [self.describe_relation(relation)] if relation else [self.describe(span) for span in spans]
            text = "<br>".join(f"<nobr>{html.escape(line)}</nobr>" for line in words)
            if text != self.viewport().toolTip():
                self.viewport().setToolTip(text)
                if not text:
                    QToolTip.hideText()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._mouse.double_click(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._mouse.context_menu(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_requested.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)
