"""Paints laid-out blocks. Measures nothing, asks no store: everything it needs is cached with the layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from annotator.ui.canvas.arcs import ArcBox
from annotator.ui.canvas.block_layout import BlockLayout, DoubtBox, LabelBox, SpanBox, SpanLink
from annotator.ui.canvas.style import Style

SIDE_PX = 2.0
RADIUS_PX = 3.0
REACH_PX = 40.0
"""How far lanes and the ring of a box may reach below its text."""

Rects = Sequence[QRectF]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands out in a block: the current span and relation, boxes of selections in block coordinates, and which
    part (from 0) of the current span was chosen.
    """

    span_id: str | None = None
    relation_id: str | None = None
    selections: Sequence[Rects] = ()
    part: int | None = None


def paint_block(painter: QPainter, block: BlockLayout, style: Style, chosen: Chosen, clip: QRectF) -> None:
    """Tints, selections, text, lines, arcs and labels of one block, as far as they touch ``clip``.

    The painter's origin is the block's top left corner; ``clip`` is in its coordinates.
    """
    near = clip.adjusted(-REACH_PX, -REACH_PX, REACH_PX, 4)
    boxes = [box for box in block.boxes if _touches(box, near)]
    for box in boxes:
        _paint_ground(painter, box, style, is_rtl=block.is_rtl)
    for rects in chosen.selections:
        paint_selection(painter, rects, style)
    _paint_lines(painter, block, boxes, style, near)
    for box in boxes:
        if box.span.id == chosen.span_id:
            _paint_ring(painter, box, style, is_thin=chosen.part not in (None, box.part))
    # The text is above lines and ring, or they would hide a comma or an apostrophe right after a span.
    painter.setPen(QColor(style.theme.text))
    block.text_layout.draw(painter, QPointF(0, 0), [], clip)
    if block.arcs:
        paint_arcs(painter, [arc for arc in block.arcs if arc.bounds.intersects(clip)], style, chosen.relation_id)
    painter.setFont(style.label_font)
    for label in block.labels:
        if label.rect.top() < clip.bottom() and label.rect.bottom() + 3 > clip.top():
            _paint_label(painter, label, style)
    for rects in chosen.selections:
        paint_ends(painter, rects, style, is_rtl=block.is_rtl)


def paint_arcs(painter: QPainter, arcs: Sequence[ArcBox], style: Style, current: str | None) -> None:
    """Curves first, then their names, each on a ground of its own, so that no curve runs through a name."""
    for arc in arcs:
        is_current = arc.relation.id == current
        ink = style.relation_ink(arc.relation)
        painter.setPen(QPen(ink, 2.4 if is_current else 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(arc.path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPolygon(arc.arrow)
    painter.setFont(style.relation_font)
    for arc in arcs:
        is_current = arc.relation.id == current
        painter.setPen(QPen(QColor(style.theme.accent), 2) if is_current else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.theme.page))
        ground = arc.rect.adjusted(-1.5, -1.5, 1.5, 1.5) if is_current else arc.rect  # the frame is outside the letters
        painter.drawRoundedRect(ground, RADIUS_PX, RADIUS_PX)
        painter.setPen(style.relation_ink(arc.relation))
        painter.drawText(arc.rect, Qt.AlignmentFlag.AlignCenter, arc.text)


def paint_selection(painter: QPainter, rects: Rects, style: Style) -> None:
    """A ground under the selection."""
    for rect in rects:
        painter.fillRect(rect.adjusted(0, 0, 0, 1), QColor(style.theme.selection))


def paint_ends(painter: QPainter, rects: Rects, style: Style, *, is_rtl: bool) -> None:
    """Bars at the ends of the selection, so that it shows without colour."""
    if not rects:
        return
    accent, first, last = QColor(style.theme.accent), rects[0], rects[-1]
    start, end = (first.right(), last.left()) if is_rtl else (first.left(), last.right())
    painter.fillRect(QRectF(start - 1, first.top() - 1, 2, first.height() + 3), accent)
    painter.fillRect(QRectF(end - 1, last.top() - 1, 2, last.height() + 3), accent)


def paint_cursor(painter: QPainter, rects: Rects, style: Style) -> None:
    """A thin frame around the token under the cursor."""
    pen = QPen(QColor(style.theme.dim), 1.5)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in rects:
        painter.drawRoundedRect(rect.adjusted(-2, 0, 2, 1), 3, 3)


def paint_link(painter: QPainter, start: QPointF, end: QPointF, target: Sequence[Rects], style: Style) -> None:
    """A line from a label to the pointer, and a dashed frame around what it would be linked to."""
    accent = QColor(style.theme.accent)
    painter.setPen(QPen(accent, 2, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawLine(start, end)
    for rects in target:
        for rect in rects:
            painter.drawRoundedRect(rect.adjusted(-4.5, -2, 4.5, 4), 5, 5)
    painter.setBrush(accent)
    painter.drawEllipse(end, 3, 3)


def _touches(box: SpanBox | SpanLink, clip: QRectF) -> bool:
    return box.rects[0].intersects(clip)


def _paint_ground(painter: QPainter, box: SpanBox, style: Style, *, is_rtl: bool) -> None:
    if not box.span.decided:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.tint(box.span))
    for rect in box.rects:
        grown = rect.adjusted(-SIDE_PX, 0, SIDE_PX, 1)
        if box.is_first and box.is_last:
            painter.drawRoundedRect(grown, RADIUS_PX, RADIUS_PX)
        else:
            painter.drawPath(_open_ground(grown, *_closed_sides(box, is_rtl=is_rtl)))


def _open_ground(rect: QRectF, has_left: bool, has_right: bool) -> QPainterPath:
    """A rounded rectangle, square on the side where the span goes on over a line break."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(rect, RADIUS_PX, RADIUS_PX)
    if not has_right:
        path.addRect(rect.adjusted(rect.width() / 2, 0, 0, 0))
    if not has_left:
        path.addRect(rect.adjusted(0, 0, -rect.width() / 2, 0))
    return path


def _closed_sides(box: SpanBox, *, is_rtl: bool) -> tuple[bool, bool]:
    """Whether the span ends at the left and at the right side of a box of this line."""
    return (box.is_last, box.is_first) if is_rtl else (box.is_first, box.is_last)


def _paint_lines(painter: QPainter, block: BlockLayout, boxes: Sequence[SpanBox], style: Style, clip: QRectF) -> None:
    """Lines of spans, links of their fragments, waves: upright or level, so smoothing would only cost.

    Measured: a smoothed, rounded, dashed outline takes 118 µs, four sharp dashed lines 6 µs.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for link in block.links:
        if _touches(link, clip):
            _paint_link(painter, link, style)
    steps = block.doubt_steps
    for box in boxes:
        if box.span.decided:
            _paint_underline(painter, box, style)
        else:
            step = steps.get((box.span.start, box.span.end), 0) if steps else 0
            painter.setPen(style.outline_pen(box.span, step))
            _paint_outline(painter, box, style, is_rtl=block.is_rtl)
    for doubt in block.doubts:
        _paint_doubt(painter, doubt, style, clip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_underline(painter: QPainter, box: SpanBox, style: Style) -> None:
    ink = style.ink(box.span)
    for rect in box.rects:
        top = rect.bottom() + box.lane * style.lane_px
        painter.fillRect(QRectF(rect.left() - SIDE_PX, top, rect.width() + 2 * SIDE_PX, style.underline_px), ink)


def _paint_outline(painter: QPainter, box: SpanBox, style: Style, *, is_rtl: bool) -> None:
    """Four sides, or three where the span goes on over a line break."""
    has_left, has_right = _closed_sides(box, is_rtl=is_rtl)
    for rect in box.rects:
        left, right = rect.left() - SIDE_PX, rect.right() + SIDE_PX
        top, bottom = rect.top() + 0.5, rect.bottom() + 1 + box.lane * style.lane_px
        sides = [QLineF(left, top, right, top), QLineF(left, bottom, right, bottom)]
        sides += [QLineF(left, top, left, bottom)] if has_left else []
        sides += [QLineF(right, top, right, bottom)] if has_right else []
        painter.drawLines(sides)


def _paint_link(painter: QPainter, link: SpanLink, style: Style) -> None:
    """A dotted line in the span's lane, from one fragment to the next."""
    painter.setPen(style.link_pen(link.span))
    for rect in link.rects:
        y = rect.bottom() + link.lane * style.lane_px + style.underline_px / 2
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))


def _paint_doubt(painter: QPainter, doubt: DoubtBox, style: Style, clip: QRectF) -> None:
    """A wave in the colour of dim words: neither a span's line nor an outline, and of no label's colour."""
    tile = style.wave_tile(doubt.step, painter.device().devicePixelRatio())
    for rect in doubt.waves:
        if rect.top() < clip.bottom() and rect.bottom() > clip.top():
            painter.drawTiledPixmap(rect, tile)


def _paint_label(painter: QPainter, label: LabelBox, style: Style) -> None:
    painter.setPen(style.ink(label.span))
    painter.drawStaticText(
        QPointF(label.rect.left(), label.rect.bottom() - style.label_ascent), style.static(label.text)
    )


def _paint_ring(painter: QPainter, box: SpanBox, style: Style, *, is_thin: bool) -> None:
    """A frame around the current span; a thin one around the parts that were not chosen."""
    painter.setPen(QPen(QColor(style.theme.accent), 1 if is_thin else 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in box.rects:
        painter.drawRoundedRect(rect.adjusted(-4.5, -2, 4.5, 4 + box.lane * style.lane_px), 5, 5)
