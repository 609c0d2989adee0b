"""Paints laid-out blocks. Measures nothing, asks no store: everything it needs is cached with the layout."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from annotator.ui.canvas.block_layout import BlockLayout, LabelBox, SpanBox
from annotator.ui.canvas.style import Style

UNDERLINE_PX = 2.0


def paint_block(painter: QPainter, block: BlockLayout, style: Style, current: str | None) -> None:
    """Tints, text, lines and labels of one block; the painter's origin is the block's top left corner."""
    for box in block.boxes:
        _paint_ground(painter, box, style)
    painter.setPen(QColor(style.theme.text))
    block.text_layout.draw(painter, QPointF(0, 0))
    for box in block.boxes:
        _paint_line(painter, box, style)
    painter.setFont(style.label_font)
    for label in block.labels:
        _paint_label(painter, label, style)
    for box in block.boxes:
        if box.span.id == current:
            _paint_ring(painter, box, style)


def paint_selection(painter: QPainter, rects: Sequence[QRectF], style: Style) -> None:
    """A ground under the selection, and bars at its ends so that it shows without colour."""
    for rect in rects:
        painter.fillRect(rect.adjusted(0, 0, 0, 2), QColor(style.theme.selection))
    if rects:
        accent = QColor(style.theme.accent)
        first, last = rects[0], rects[-1]
        painter.fillRect(QRectF(first.left() - 2, first.top(), 2, first.height() + 2), accent)
        painter.fillRect(QRectF(last.right(), last.top(), 2, last.height() + 2), accent)


def paint_cursor(painter: QPainter, rects: Sequence[QRectF], style: Style) -> None:
    """A thin frame around the token under the cursor."""
    pen = QPen(QColor(style.theme.dim), 1.5)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in rects:
        painter.drawRoundedRect(rect.adjusted(-2, 0, 2, 1), 3, 3)


def _paint_ground(painter: QPainter, box: SpanBox, style: Style) -> None:
    if not box.span.decided:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.tint(box.span))
    for rect in box.rects:
        painter.drawRoundedRect(rect.adjusted(-2, 0, 2, 2), 3, 3)


def _paint_line(painter: QPainter, box: SpanBox, style: Style) -> None:
    ink = style.ink(box.span)
    if box.span.decided:
        for rect in box.rects:
            top = rect.bottom() + box.lane * style.lane_px
            painter.fillRect(QRectF(rect.left() - 2, top, rect.width() + 4, UNDERLINE_PX), ink)
        return
    pen = QPen(ink, 1.3, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3.0, 2.0])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in box.rects:
        painter.drawRoundedRect(rect.adjusted(-2, 0, 2, 1 + box.lane * style.lane_px), 3, 3)


def _paint_label(painter: QPainter, label: LabelBox, style: Style) -> None:
    painter.setPen(style.ink(label.span))
    text = label.text
    if style.label_width(text) > label.rect.width() + 0.5:
        text = QFontMetricsF(style.label_font).elidedText(text, Qt.TextElideMode.ElideRight, label.rect.width())
    baseline = label.rect.top() + style.label_metrics.ascent()
    painter.drawText(QPointF(label.rect.left(), baseline), text)


def _paint_ring(painter: QPainter, box: SpanBox, style: Style) -> None:
    painter.setPen(QPen(QColor(style.theme.accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in box.rects:
        painter.drawRoundedRect(rect.adjusted(-5, -2, 5, 4 + box.lane * style.lane_px), 5, 5)
