"""The article's text as a screen reader asks for it: a hidden, read-only text edit that follows the canvas.

The canvas answers with the text interface that Qt made for this edit, because PySide cannot override the whole
interface: `selection`, `attributes` and text by word, line and sentence are left out of its binding, and a client
that asks for them gets whatever stood in memory (resources/decisions/0019-screen-readers.md). The edit lays out
nothing but lines, at the canvas's own width and font, so that a line for the ear is a line for the eye.

Offsets towards clients are UTF-16 units, as of every text in Qt; arguments and signals here are code points.
"""

from __future__ import annotations

import re
from typing import cast

import shiboken6
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QAccessible,
    QPainter,
    QPainterPath,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFrame,
    QTextLayout,
    QTextLine,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from annotator.domain.offsets import Utf16Map
from annotator.ui.canvas.block_layout import PLACEHOLDERS, text_option
from annotator.ui.canvas.page import Page

Caret = tuple[int, int]
"""Where the caret is, and the other end of what is selected; the same when nothing is."""

_OTHERWISE_SPOKEN = re.compile("\r\n?|[\u2029\ufdd0\ufdd1\ud800-\udfff]")
_STAND_INS = {"\r\n": " \n", "\r": "\n", "\u2029": " "}
_REPLACEMENT = "\ufffd"


def spoken(text: str) -> str:
    """The text with a stand-in of the same length for what a text edit, D-Bus or PySide would drop or shorten."""
    text = _OTHERWISE_SPOKEN.sub(lambda found: _STAND_INS.get(found[0], _REPLACEMENT), text)
    return text.translate(PLACEHOLDERS)


class SpokenText(QTextEdit):
    """``caret_asked`` and ``selection_asked``: a screen reader wants the caret or the selection elsewhere."""

    caret_asked = Signal(int)
    selection_asked = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.setReadOnly(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._page: Page | None = None
        self._lines: SpokenLines | None = None
        self._is_following = False
        self._text_interface = QAccessible.queryAccessibleInterface(self).textInterface()
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        self.selectionChanged.connect(self._on_cursor_moved)

    @property
    def address(self) -> int:
        """Where Qt's text interface of this edit is in memory; good as long as the edit is."""
        return int(shiboken6.getCppPointer(self._text_interface)[0])

    def follow(self, page: Page | None, caret: Caret, corner: QPoint, height: float) -> None:
        """Show the same text as the canvas, with its caret, and its lines where they are on the screen.

        ``corner``: where the page's top left corner is in the parent; ``height``: of the part that is seen.
        """
        self._is_following = True
        if page is not self._page:
            self._show(page)
        if page is not None and self._lines is not None:
            self.move(corner)
            self._lines.place(max(-corner.y(), 0), height - corner.y())
            self._put_caret(*(self._lines.offsets.to_utf16(char) for char in caret))
        self._is_following = False

    def _show(self, page: Page | None) -> None:
        """Another text, or the same at another width: a new document, for a changed one would tell of it itself."""
        before, self._page, self._lines = self._lines, page, None
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        if page is not None:
            document.setDefaultFont(page.style.text_font)
            self._lines = SpokenLines(page, document)
            document.setDocumentLayout(self._lines)
            document.setPlainText(spoken(page.doc.document.text))
        self.setDocument(document)
        if before is not None:
            before.document().deleteLater()

    def _put_caret(self, at: int, anchor: int) -> None:
        cursor = self.textCursor()
        if (cursor.position(), cursor.anchor()) != (at, anchor):
            cursor.setPosition(anchor)
            cursor.setPosition(at, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)

    def _on_cursor_moved(self) -> None:
        if self._is_following or self._lines is None:
            return
        cursor = self.textCursor()
        start, end = (self._lines.offsets.to_char(at) for at in (cursor.selectionStart(), cursor.selectionEnd()))
        if start < end:
            self.selection_asked.emit(start, end)
        else:
            self.caret_asked.emit(start)


class SpokenLines(QAbstractTextDocumentLayout):
    """The document's lines as the page breaks them, in page coordinates; laid out when somebody asks."""

    def __init__(self, page: Page, document: QTextDocument) -> None:
        super().__init__(document)
        self.offsets = Utf16Map(page.doc.document.text)
        self._page = page
        self._first_lines: dict[int, int] = {}  # of each block of the page, among the lines of its paragraph

    def place(self, top: float, bottom: float) -> None:
        """Put the lines between two heights of the page where they are painted."""
        page = self._page
        for index in range(page.heights.at(top), page.heights.at(bottom) + 1):
            painted = page.find_layout(index)
            if painted is None:
                continue
            layout = self._laid_out(self.document().findBlock(self.offsets.to_utf16(page.blocks.starts[index])))
            first, y = self._first_lines[index], page.heights.top_of(index)
            for number in range(min(painted.text_layout.lineCount(), layout.lineCount() - first)):
                line = layout.lineAt(first + number)
                line.setPosition(QPointF(line.x(), y + painted.text_layout.lineAt(number).y()))

    def _laid_out(self, block: QTextBlock) -> QTextLayout:
        """A paragraph with its lines, broken at the page's width and wherever the page begins another block."""
        layout, page = block.layout(), self._page
        if layout.lineCount():
            return layout
        start = self.offsets.to_char(block.position())
        indexes = page.blocks.touching(start, self.offsets.to_char(block.position() + block.length() - 1))
        is_rtl = page.blocks.is_rtl(indexes[0])
        layout.setTextOption(text_option(page.style, is_rtl=is_rtl))
        layout.beginLayout()
        for index in indexes:
            self._first_lines[index] = layout.lineCount()
            cut = self.offsets.to_utf16(page.blocks.ends[index]) - block.position()
            self._break(layout, cut if page.blocks.continues(index) else None, page.heights.top_of(index), is_rtl)
        layout.endLayout()
        return layout

    def _break(self, layout: QTextLayout, cut: int | None, y: float, is_rtl: bool) -> None:
        """Lines up to ``cut``, or to the end of the text; their heights are a guess until they are painted."""
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._page.width)
            is_cut = cut is not None and line.textStart() + line.textLength() >= cut
            x = self._shorten(line, cut, is_rtl=is_rtl) if is_cut and cut is not None else 0.0
            line.setPosition(QPointF(x, y))
            y += self._page.style.pitch_px
            if is_cut:
                return

    def _shorten(self, line: QTextLine, cut: int, *, is_rtl: bool) -> float:
        """Have a line end at ``cut``; returns where it begins across the page."""
        edge = cast("tuple[float, int]", line.cursorToX(cut))[0]
        line.setLineWidth(self._page.width - edge if is_rtl else edge)
        return edge if is_rtl else 0.0

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        return self._laid_out(block).boundingRect()

    def hitTest(self, point: QPointF | QPoint | QPainterPath.Element, _accuracy: Qt.HitTestAccuracy) -> int:
        page, at = self._page, cast(QPointF, point)
        if page.find_layout(page.heights.at(at.y())) is None or not page.is_on_text(at.x(), at.y()):
            return -1
        return self.offsets.to_utf16(page.char_at(at.x(), at.y()))

    def documentSize(self) -> QSizeF:
        return QSizeF(1, 1)  # nothing to scroll in the hidden edit

    def frameBoundingRect(self, _frame: QTextFrame) -> QRectF:
        return QRectF(0, 0, 1, 1)

    def pageCount(self) -> int:
        return 1

    def draw(self, painter: QPainter, context: QAbstractTextDocumentLayout.PaintContext) -> None:
        """Nothing is ever seen of it."""

    def documentChanged(self, _from: int, _removed: int, _added: int) -> None:
        """A document is shown once and never changed."""
