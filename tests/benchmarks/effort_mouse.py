"""An annotator with a mouse only: clicks, drags and wheel on the real window. No key is pressed.

A click on a span and one on a label in the right column relabels; the context menu removes; edges are dragged; words
are dragged over (one word: clicked) and labelled; what is left is accepted by a click on "done, next" at the bottom.
Counted are clicks and drags; notches of the wheel apart, since reading needs them too.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from annotator.domain.corrections import Edge
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.ui.main_window import MainWindow
from tests.benchmarks.effort_gold import GoldDocument, GoldSpan
from tests.benchmarks.effort_plan import Correction, Kind, extent, knots
from tests.benchmarks.effort_tally import Act
from tests.benchmarks.effort_ways import EffortFault

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier
NOTCH = 120
MARGIN_PX = 30
DONE_ACTION, REMOVE_ACTION = "done", "span.remove"


class Mouse:
    """Clicks, drags and turns the wheel, and counts."""

    def __init__(self) -> None:
        self.count = 0
        self.wheel = 0

    def click(self, target: QWidget, point: QPoint) -> None:
        """The left button, once."""
        QTest.mouseClick(target, LEFT, NONE, point)
        self._done()

    def right_click(self, target: QWidget, point: QPoint) -> None:
        """The right button, and the menu that a platform asks for then."""
        QTest.mouseClick(target, RIGHT, NONE, point)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, target.mapToGlobal(point))
        QApplication.sendEvent(target, event)
        self._done()

    def drag(self, target: QWidget, start: QPoint, end: QPoint) -> None:
        """Press, move, release."""
        QTest.mousePress(target, LEFT, NONE, start)
        for point in (QPoint((start.x() + end.x()) // 2, end.y()), end):
            self._move(target, point)
        QTest.mouseRelease(target, LEFT, NONE, end)
        self._done()

    def turn(self, target: QWidget, notches: int) -> None:
        """The wheel: negative notches go down the text."""
        point = QPointF(target.rect().center())
        event = QWheelEvent(
            point, QPointF(target.mapToGlobal(point.toPoint())), QPoint(), QPoint(0, NOTCH * notches),
            Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(target, event)
        self.wheel += abs(notches)
        QApplication.processEvents()

    def _move(self, target: QWidget, point: QPoint) -> None:
        # QTest's own move does not carry the button that is held.
        place = QPointF(target.mapToGlobal(point))
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(point), place, Qt.MouseButton.NoButton, LEFT, NONE)
        QApplication.sendEvent(target, event)

    def _done(self) -> None:
        self.count += 1
        QApplication.processEvents()


class MouseAnnotator:
    """Turns the open document's suggestions into gold by the mouse, and goes on to the next one."""

    unit = "clicks"

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._canvas = window.canvas
        self._viewport = window.canvas.viewport()
        self.mouse = Mouse()

    def correct(self, gold: GoldDocument) -> Iterator[Act]:
        """Make every correction of the open document, in its order."""
        for knot in knots(self._doc, gold.spans):
            for correction in knot.ways[0]:
                if correction.kind is not Kind.ACCEPT:
                    yield self._make(correction)

    def accept_rest(self) -> int:
        """Click on "done, next" in the line at the bottom; returns the clicks."""
        before = self.mouse.count
        keys = self._window.hint_line.keys
        self.mouse.click(keys, self._place_of_link(DONE_ACTION))
        return self.mouse.count - before

    @property
    def _doc(self) -> AnnotatedDocument:
        assert self._canvas.doc is not None
        return self._canvas.doc

    def _make(self, correction: Correction) -> Act:
        expected = _expected(self._doc, correction)
        clicks, wheel = self.mouse.count, self.mouse.wheel
        self._reach(correction)
        there = self.mouse.count
        self._correct(correction)
        shown = _spans(self._doc)
        if shown != expected:
            said = self._window.hint_line.message.text()
            raise EffortFault(f"{self._doc.document.id}: {correction} gave {shown ^ expected}; it says {said!r}")
        tokens = extent(self._doc, correction)
        return Act(correction, there - clicks, self.mouse.count - there, tokens, self.mouse.wheel - wheel)

    def _reach(self, correction: Correction) -> None:
        """Make the suggestion current: by the right button when it is to be removed."""
        one = correction.gold or correction.suggested
        span = correction.span
        self._scroll_to(min(one.start, span.start if span else one.start), max(one.end, span.end if span else one.end))
        if span is not None:
            press = self.mouse.right_click if correction.kind is Kind.DELETE else self.mouse.click
            press(self._viewport, self._middle(self._boxes(span.start, span.end)[0]))

    def _correct(self, correction: Correction) -> None:
        match correction.kind:
            case Kind.RELABEL:
                self._choose_label(correction.wanted.label)
            case Kind.DELETE:
                self._choose_in_menu(REMOVE_ACTION)
            case Kind.RESIZE:
                self._drag_edges(correction.suggested, correction.wanted)
            case _:
                self._select(correction.wanted)
                self._choose_label(correction.wanted.label)

    def _choose_label(self, label: str) -> None:
        row = next(row for row in self._window.inspector.rows if row.label_key[0] == label)
        self.mouse.click(row, row.rect().center())

    def _choose_in_menu(self, action_id: str) -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            raise EffortFault("no context menu came up")
        self.mouse.click(menu, menu.actionGeometry(self._window.actions_.action(action_id)).center())

    def _drag_edges(self, span: Span, gold: GoldSpan) -> None:
        """The edge that grows the span first, so that it never has to be empty in between."""
        wanted = {Edge.LEFT: gold.start, Edge.RIGHT: gold.end}
        held = {Edge.LEFT: span.start, Edge.RIGHT: span.end}
        moving = [edge for edge in Edge if wanted[edge] != held[edge]]
        moving.sort(key=lambda edge: (wanted[edge] - held[edge]) * (1 if edge is Edge.LEFT else -1))
        for edge in moving:
            start = _handle(self._boxes(held[Edge.LEFT], held[Edge.RIGHT]), edge)
            token = self._token_boxes(gold, edge)
            # Anywhere on the token will do; the far side of a near one, so that the drag is one.
            end = max((_handle(token, side) for side in Edge), key=lambda point: abs(point.x() - start.x()))
            self.mouse.drag(self._viewport, start, end)
            held[edge] = wanted[edge]
        if span.label != gold.label:
            self._choose_label(gold.label)

    def _select(self, gold: GoldSpan) -> None:
        first, last = (self._middle(self._token_boxes(gold, edge)[0]) for edge in Edge)
        if first == last:
            self.mouse.click(self._viewport, first)
        else:
            self.mouse.drag(self._viewport, first, last)

    def _token_boxes(self, gold: GoldSpan, edge: Edge) -> list[QRectF]:
        """Boxes of the first or last token of a gold span."""
        tokens = self._doc.document.tokens
        token = tokens[tokens.nearest(gold.start if edge is Edge.LEFT else gold.end - 1)]
        return self._boxes(token.start, token.end)

    def _boxes(self, start: int, end: int) -> list[QRectF]:
        """Boxes of a range in the viewport."""
        assert self._canvas.page is not None
        origin = self._canvas.page_point(QPointF(0, 0))
        return [box.translated(-origin.x(), -origin.y()) for box in self._canvas.page.rects_of(start, end)]

    @staticmethod
    def _middle(box: QRectF) -> QPoint:
        return box.center().toPoint()

    def _scroll_to(self, start: int, end: int) -> None:
        """Turn the wheel until a range is well inside the viewport."""
        QApplication.processEvents()
        bar = self._canvas.verticalScrollBar()
        while (notch := self._notch_toward(start, end)) != 0:
            before = bar.value()
            self.mouse.turn(self._viewport, notch)
            if bar.value() == before:
                return  # the text begins or ends here

    def _notch_toward(self, start: int, end: int) -> int:
        boxes = self._boxes(start, end)
        if boxes[0].top() < MARGIN_PX:
            return 1
        return -1 if boxes[-1].bottom() > self._viewport.height() - MARGIN_PX else 0

    def _place_of_link(self, action_id: str) -> QPoint:
        """Where a link of the line at the bottom stands: moved over until the pointer says it is there."""
        keys = self._window.hint_line.keys
        hovered: list[str] = []
        connection = keys.linkHovered.connect(hovered.append)
        try:
            for x in range(0, keys.width(), 6):
                QTest.mouseMove(keys, point := QPoint(x, keys.height() // 2))
                if hovered and hovered[-1] == action_id:
                    return point
        finally:
            keys.linkHovered.disconnect(connection)
        raise EffortFault(f"{action_id} is not in the line at the bottom")


def _handle(boxes: list[QRectF], edge: Edge) -> QPoint:
    """The handle of an edge: a pixel inside its box."""
    if edge is Edge.LEFT:
        return QPointF(boxes[0].left() + 1, boxes[0].center().y()).toPoint()
    return QPointF(boxes[-1].right() - 1, boxes[-1].center().y()).toPoint()


def _expected(doc: AnnotatedDocument, correction: Correction) -> set[GoldSpan]:
    spans = _spans(doc)
    if correction.span is not None:
        spans.remove(GoldSpan(correction.span.start, correction.span.end, correction.span.label))
    return spans | ({correction.gold} if correction.gold else set())


def _spans(doc: AnnotatedDocument) -> set[GoldSpan]:
    return {GoldSpan(span.start, span.end, span.label) for span in doc.spans}
