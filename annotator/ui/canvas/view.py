"""`AnnotationCanvas`: shows an article with its spans, and says what the person wants; it edits nothing itself.

The window owns the keys: its actions call the methods here. The canvas owns pixels and the mouse. Each idea is an
object of its own: the laid-out page (`Sheet`), what is current (`Current`), moves of the cursor (`CursorMoves`), what
is under a point (`Pointing`), and `Painting`, `CanvasMouse`, `Hints` and `Narrator`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, Signal
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
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from annotator.domain.edits import Touched
from annotator.domain.labels import LabelScheme
from annotator.domain.parts import Parts
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Json
from annotator.ui.announcing import announce
from annotator.ui.canvas.ahead import LayoutAhead
from annotator.ui.canvas.current import Current
from annotator.ui.canvas.doubts import Doubts
from annotator.ui.canvas.hints import Hints
from annotator.ui.canvas.mouse import CanvasMouse
from annotator.ui.canvas.moving import CursorMoves
from annotator.ui.canvas.narrator import Narrator
from annotator.ui.canvas.page import Page
from annotator.ui.canvas.painting import Link, Painting
from annotator.ui.canvas.pointing import Pointing
from annotator.ui.canvas.sheet import Sheet
from annotator.ui.canvas.style import Density, Style
from annotator.ui.canvas.walking import TokenWalk
from annotator.ui.theme import Theme

ZOOM_RANGE = (10.0, 48.0)
RELAYOUT_MS = 40


class AnnotationCanvas(QAbstractScrollArea):
    """The article. Offsets in signals and arguments are code points."""

    current_span_changed = Signal(object)
    selection_changed = Signal(object)
    resize_requested = Signal(str, int, int, int)
    """A span's id, the part (from 0) and where it is to begin and to end."""
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
        self._sheet = Sheet(self)
        self._narrator = Narrator(self)
        self._current = Current(self, self._sheet, self._narrator)
        self._moves = CursorMoves(self._sheet, self._current, self._narrator)
        self._pointing = Pointing(self._sheet)
        self._painting = Painting(self, self._sheet, self._current)
        self._mouse = CanvasMouse(self)
        self._hints = Hints(self)
        self._ahead = LayoutAhead(self, self._sheet, self._may_move)
        self._likely: tuple[int, ...] = ()
        self._relayout = QTimer(self, singleShot=True, interval=RELAYOUT_MS)
        self._relayout.timeout.connect(self._lay_out)
        self.setAccessibleName("Article")  # last: a screen reader asks for everything at once

    @property
    def sheet(self) -> Sheet:
        """The laid-out article: its style, and where it stands in the window."""
        return self._sheet

    @property
    def doc(self) -> AnnotatedDocument | None:
        """The document shown, None when there is none."""
        return self._sheet.doc

    @property
    def page(self) -> Page | None:
        """The page of the sheet, None when there is none."""
        return self._sheet.page

    @property
    def walk(self) -> TokenWalk | None:
        """Tokens as the cursor walks over them."""
        return self._sheet.walk

    @property
    def scheme(self) -> LabelScheme:
        """The scheme by which labels are named."""
        return self._sheet.style.scheme

    @property
    def current_span_id(self) -> str | None:
        """The span that keys act on."""
        return self._current.span_id

    @property
    def current_part(self) -> int | None:
        """Which part (from 0) of a discontinuous span was chosen; None: the span as a whole."""
        return self._current.part

    @property
    def current_relation_id(self) -> str | None:
        """The relation that was chosen; no span is current and nothing is selected then."""
        return self._current.relation_id

    @property
    def selection(self) -> tuple[int, int] | None:
        """The selected range, None when nothing is selected."""
        return self._current.selection

    @property
    def token_cursor(self) -> int:
        """Where the cursor's token begins."""
        return self._current.cursor

    @property
    def is_moving_by_line(self) -> bool:
        """Whether the cursor came from the line above or below."""
        return self._moves.is_by_line

    @property
    def target_range(self) -> tuple[int, int] | None:
        """What a label key would label: the selection, else the cursor's token."""
        return self._current.target_range

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
        self._hints.show(self._likely, self._sheet.style)

    def hide_hints(self) -> None:
        """Take the hints away."""
        self._hints.hide()

    def set_doubts(self, strengths: Mapping[tuple[int, int], float]) -> None:
        """Show which places ``(start, end)`` are doubtful, from 0 to 1: a wave under those without a span, a stronger
        outline around suggestions. They stay until the next call or the next document.
        """
        self._sheet.doubts = Doubts(strengths)

    def show_document(self, doc: AnnotatedDocument, scheme: LabelScheme) -> None:
        """Show another document from its top."""
        self._hints.hide()
        self._likely = ()
        self._painting.forget()
        self._moves.forget_column()
        self._current.forget()
        self._sheet.show(doc, replace(self._sheet.style, scheme=scheme))
        self._current.begin()

    def clear(self) -> None:
        """Show nothing."""
        self._hints.hide()
        self._painting.forget()
        self._moves.forget_column()
        self._current.forget()
        self._sheet.clear()
        self._narrator.note()

    def update_document(self, doc: AnnotatedDocument, touched: Touched) -> None:
        """Show what an edit changed; places only the touched blocks anew."""
        self._hints.hide()
        self._sheet.follow(doc, touched)
        self._narrator.note()
        self._current.follow()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours; nothing moves."""
        self._restyle(replace(self._sheet.style, theme=theme))

    def set_text_font(self, family: str, pixel_size: float) -> None:
        """Change the article's font; the first visible character stays where it is."""
        size = min(max(pixel_size, ZOOM_RANGE[0]), ZOOM_RANGE[1])
        self._restyle(replace(self._sheet.style, family=family, text_px=size))

    def set_measure(self, chars: int, spacing: float = 1.0, density: Density = Density.COMFORTABLE) -> None:
        """Change the reading width in characters, the line spacing (1.0 = normal) and the room of lanes."""
        self._restyle(replace(self._sheet.style, measure_chars=chars, spacing=spacing, density=density))

    def set_current_span(self, span_id: str | None, *, reveal: bool = True) -> None:
        """Make a span current; its keys act on it from now on."""
        self._current.set_span(span_id, reveal=reveal)

    def set_current_part(self, part: int | None) -> None:
        """Choose a part (from 0) of the current span, or the span as a whole."""
        self._current.set_part(part)

    def go_to_next_part(self) -> int | None:
        """Choose the next part of the current span, after the last one the span as a whole; returns it."""
        return self._current.go_to_part()

    def set_current_relation(self, relation_id: str | None) -> None:
        """Choose a relation; then no span is current and nothing is selected."""
        self._current.set_relation(relation_id)

    def go_to_next_span(self) -> None:
        """The next span in document order; after the last one the first."""
        self._current.go_to_span(1)

    def go_to_previous_span(self) -> None:
        """The previous span in document order; before the first one the last."""
        self._current.go_to_span(-1)

    def move_cursor(self, step: int, *, extend: bool = False) -> None:
        """Move the token cursor by ``step`` tokens; ``extend`` selects from where it was."""
        self._moves.by_token(step, extend=extend)

    def move_cursor_line(self, step: int, *, extend: bool = False) -> None:
        """Move the token cursor by ``step`` lines of the screen."""
        self._moves.by_line(step, extend=extend)

    def move_cursor_page(self, step: int, *, extend: bool = False) -> None:
        """Move by about a screenful."""
        self._moves.by_page(step, self.viewport().height(), extend=extend)

    def move_cursor_to_line_edge(self, step: int, *, extend: bool = False) -> None:
        """The first (``step`` -1) or last token of the screen line."""
        self._moves.to_line_edge(step, extend=extend)

    def move_cursor_to_text_edge(self, step: int, *, extend: bool = False) -> None:
        """The first (``step`` -1) or last token of the article."""
        self._moves.to_text_edge(step, extend=extend)

    def put_cursor(self, char: int) -> None:
        """Put the token cursor on the token of ``char``; nothing is current or selected then."""
        self._moves.to(char)

    def set_selection(self, start: int, end: int) -> None:
        """Select a range; no span is current then."""
        self._current.select(start, end)

    def clear_selection(self) -> None:
        """Select nothing."""
        self._current.set_selection(None)

    def reveal(self, char: int) -> None:
        """Scroll as little as possible so that ``char`` is well inside the window."""
        self._sheet.reveal(char)

    def view_state(self) -> dict[str, Json]:
        """What is shown and chosen, so that it can be restored: after undo, after a restart."""
        return {"top": self._sheet.top_char} | self._current.state()

    def restore_view_state(self, state: Mapping[str, Json]) -> None:
        """Restore what `view_state` gave, as far as the document still has it."""
        top = state.get("top")
        if self.doc is not None and isinstance(top, int) and 0 <= top <= len(self.doc.document.text):
            self._sheet.scroll_to(top)
        self._current.restore(state)

    def announce(self, text: str) -> None:
        """Have a screen reader say ``text``, such as "GPE added, 2 words"; without one nothing happens."""
        announce(self, text)

    def show_preview(self, parts: Parts) -> None:
        """Show where the parts of a span would be while an edge is being dragged; none: nothing is."""
        self._painting.preview = parts
        self.viewport().update()

    def show_link(self, link: Link | None) -> None:
        """Show a relation that is being dragged: from and to in page coordinates, and the span it would go to."""
        self._painting.link = link
        self.viewport().update()

    def page_point(self, point: QPointF) -> QPointF:
        """A point of the viewport as a point of the page."""
        return self._sheet.page_point(point)

    def describe(self, span: Span) -> str:
        """A span in one line, for the tooltip."""
        return self._pointing.describe(span)

    def find_relation_at(self, point: QPointF) -> Relation | None:
        """The relation whose arc or name is under a point of the viewport; a span's label is above it."""
        return self._pointing.find_relation_at(point)

    def find_label_at(self, point: QPointF) -> str | None:
        """The id of the span whose label is under a point of the viewport, or None."""
        return self._pointing.find_label_at(point)

    def spans_at(self, point: QPointF) -> list[Span]:
        """The spans under a point of the viewport, the shortest first; a label counts as its span."""
        return self._pointing.spans_at(point)

    def _restyle(self, style: Style) -> None:
        if style.size == self._sheet.style.size:
            self._sheet.recolour(style)
            return
        self._sheet.style = style
        self._lay_out()
        self.viewport().update()

    def _may_move(self) -> bool:
        """Whether nothing is shown that was placed on the page once and would stay behind."""
        return self._hints.codes is None and self._painting.link is None

    def _lay_out(self) -> None:
        self._hints.hide()
        self._moves.forget_column()
        self._sheet.lay_out()

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # Tab is a key of the window's actions here

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(self._sheet.style.theme.page))
        self._painting.paint(painter, event.rect())
        if self._sheet.page is not None:
            self._hints.paint(painter, self._sheet.style, QPointF(*self._sheet.origin))
        painter.end()
        self._ahead.note_painted()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sheet.update_scroll_range()
        if event.oldSize().width() != event.size().width():
            if self.isVisible() and event.oldSize().width() > 0:
                self._relayout.start()
            else:
                self._lay_out()

    def scrollContentsBy(self, _dx: int, dy: int) -> None:
        self._sheet.is_scrolling_up = dy > 0
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # all keys are the window's: a scroll area would keep the arrows for itself

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)
        if not event.buttons():
            self._pointing.show_tooltip(self.viewport(), event.position())

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
