"""The canvas as a screen reader sees it: a read-only text with a caret, and a child for each span near the view.

Qt asks for these objects only while a screen reader is active, from the window's own thread. Three things crash the
window when a real client connects, and pass every test inside the process: an `interface_cast` that returns anything
but the address of a C++ object, an object that Python collects while Qt still has it in its cache, and `super()` in
`interface_cast`. Decision record: resources/decisions/0019-screen-readers.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

import shiboken6
from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget

from annotator.domain.spans import Span
from annotator.ui.announcing import document_in_words, span_in_words
from annotator.ui.canvas.spoken_text import Caret, SpokenText

if TYPE_CHECKING:
    from annotator.ui.canvas.view import AnnotationCanvas

_Kind = QAccessible.InterfaceType
_NOTHING = cast(QAccessibleInterface, None)  # what Qt takes for none, and the stub does not know
_NO_OBJECT = cast(QObject, None)


def caret_of(canvas: AnnotationCanvas) -> Caret:
    """The caret and the other end of what is selected: the current span, the selection, or the token cursor."""
    span = canvas.doc.spans.find(canvas.current_span_id or "") if canvas.doc else None
    if span is not None:
        return span.start, span.end
    if canvas.selection is None:
        return canvas.token_cursor, canvas.token_cursor
    start, end = canvas.selection
    return (start, end) if canvas.token_cursor > start else (end, start)


class ArticleAccessible(QAccessibleWidget):
    """The canvas: its text is that of a `SpokenText`, which is made when a client first asks for it."""

    def __init__(self, canvas: AnnotationCanvas) -> None:
        super().__init__(canvas, QAccessible.Role.EditableText)
        self._action = _Action(QAccessibleActionInterface.setFocusAction(), self._focus)
        self._spoken: SpokenText | None = None
        self._made: dict[str, SpanAccessible] = {}

    @property
    def canvas(self) -> AnnotationCanvas:
        """The canvas itself; not kept here, or it would never be freed."""
        return cast("AnnotationCanvas", self.widget())

    @property
    def corner(self) -> QPoint:
        """Where the page's top left corner is in the viewport."""
        return (-self.canvas.page_point(QPointF(0, 0))).toPoint()

    @property
    def made(self) -> Iterable[SpanAccessible]:
        """The spans that a client has seen."""
        return tuple(self._made.values())

    def span(self, span_id: str) -> SpanAccessible:
        """The object for a span."""
        if span_id not in self._made:
            self._made[span_id] = SpanAccessible(self, span_id)
        return self._made[span_id]

    def near(self) -> list[Span]:
        """The spans in view and half a screen around it: all 50,000 would be asked for one by one."""
        canvas, page = self.canvas, self.canvas.page
        if page is None or canvas.doc is None:
            return []
        height = canvas.viewport().height()
        first, last = (page.heights.at(max(y - self.corner.y(), 0)) for y in (-height / 2, height * 1.5))
        return canvas.doc.spans.overlapping(page.blocks.starts[first], page.blocks.tails[last])

    def forget(self, spans: Iterable[SpanAccessible]) -> None:
        """Free the objects of spans that are gone; Qt tells of it."""
        for span in spans:
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(span))
            del self._made[span.span_id]

    def _focus(self) -> None:
        self.canvas.setFocus()

    def _text_address(self) -> int:
        canvas = self.canvas
        if self._spoken is None:
            self._spoken = SpokenText(canvas)
            self._spoken.caret_asked.connect(canvas.put_cursor)
            self._spoken.selection_asked.connect(canvas.set_selection)
        self._spoken.follow(canvas.page, caret_of(canvas), self.corner, canvas.viewport().height())
        return self._spoken.address

    def text(self, kind: QAccessible.Text) -> str:
        doc = self.canvas.doc
        if kind is QAccessible.Text.Description and doc is not None:
            return document_in_words(doc)
        return super().text(kind)

    def state(self) -> QAccessible.State:
        state = super().state()
        state.readOnly = state.multiLine = state.selectableText = 1
        return state

    def childCount(self) -> int:
        return len(self.near())

    def child(self, index: int) -> QAccessibleInterface:
        near = self.near()
        return self.span(near[index].id) if 0 <= index < len(near) else _NOTHING

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        ids = [span.id for span in self.near()]
        return ids.index(child.span_id) if isinstance(child, SpanAccessible) and child.span_id in ids else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        viewport = self.canvas.viewport()
        point = viewport.mapFromGlobal(QPoint(x, y))
        found = self.canvas.spans_at(QPointF(point)) if viewport.rect().contains(point) else []
        return self.span(found[0].id) if found else _NOTHING

    def interface_cast(self, kind: QAccessible.InterfaceType) -> int:
        if kind is _Kind.TextInterface:
            return _pointer(self._text_address())
        return _pointer(self._action.address if kind is _Kind.ActionInterface else 0)


class SpanAccessible(QAccessibleInterface):
    """A span: named with its words and label, such as ``Chinese, NORP, suggested, .99``. Pressing makes it current."""

    def __init__(self, article: ArticleAccessible, span_id: str) -> None:
        super().__init__()
        self.span_id = span_id
        self.name = ""
        self._article = article
        self._action = _Action(QAccessibleActionInterface.pressAction(), self._press)
        self.refresh()

    def refresh(self) -> bool:
        """Take over what the span is now; whether it is called otherwise than before."""
        before, canvas, span = self.name, self._article.canvas, self._find()
        if canvas.doc is not None and span is not None:
            self.name = span_in_words(span, canvas.doc, canvas.scheme)
        return self.name != before

    def _find(self) -> Span | None:
        doc = self._article.canvas.doc
        return doc.spans.find(self.span_id) if doc else None

    def _press(self) -> None:
        self._article.canvas.set_current_span(self.span_id)

    def isValid(self) -> bool:
        return shiboken6.isValid(self._article) and self._article.isValid()

    def object(self) -> QObject:
        return _NO_OBJECT

    def window(self) -> QWindow:
        return self._article.window()

    def parent(self) -> QAccessibleInterface:
        return self._article

    def child(self, _index: int) -> QAccessibleInterface:
        return _NOTHING

    def childCount(self) -> int:
        return 0

    def childAt(self, _x: int, _y: int) -> QAccessibleInterface:
        return _NOTHING

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        return -1

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.readOnly = state.selectable = 1
        canvas = self._article.canvas
        state.selected = int(canvas.current_span_id == self.span_id)
        state.offscreen = int(not self.rect().intersects(self._article.rect()))
        return state

    def text(self, kind: QAccessible.Text) -> str:
        span = self._find()
        if kind is QAccessible.Text.Name:
            self.refresh()
            return self.name
        if kind is QAccessible.Text.Description and span is not None:
            return ", ".join(filter(None, (span.pipeline, span.note)))
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """A span is changed by the keys of the article."""

    def rect(self) -> QRect:
        canvas, page, span = self._article.canvas, self._article.canvas.page, self._find()
        found = QRect()
        if page is None or span is None:
            return found
        for start, end in span.parts:
            for index in page.blocks.touching(start, end):
                for box in layout.rects_of(start, end) if (layout := page.find_layout(index)) else ():
                    found = found.united(box.translated(0, page.heights.top_of(index)).toAlignedRect())
        return found.translated(canvas.viewport().mapToGlobal(self._article.corner)) if not found.isNull() else found

    def interface_cast(self, kind: QAccessible.InterfaceType) -> int:
        return _pointer(self._action.address if kind is _Kind.ActionInterface else 0)


class _Action(QAccessibleActionInterface):
    """The one thing that can be done with an object."""

    def __init__(self, name: str, run: Callable[[], None]) -> None:
        super().__init__()
        self._name, self._run = name, run

    @property
    def address(self) -> int:
        return int(shiboken6.getCppPointer(self)[0])

    def actionNames(self) -> list[str]:
        return [self._name]

    def doAction(self, name: str) -> None:
        if name == self._name:
            self._run()

    def keyBindingsForAction(self, _name: str) -> list[str]:
        return []


def _pointer(address: int) -> int:
    """An address as Qt wants it, whatever the stub says."""
    return cast(int, shiboken6.VoidPtr(address))
