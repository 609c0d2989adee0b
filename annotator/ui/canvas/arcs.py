"""Relations over one line of text: an arc between two labels, or a stub towards the margin when the other is elsewhere.

Two steps, because a line is as high as its arcs need: `ArcLane` finds rows from the labels' x; when the line has its
place, it makes the curves. Everything is in block coordinates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from annotator.domain.spans import Relation
from annotator.ui.canvas.lanes import arc_rows
from annotator.ui.canvas.relations import RelationEnd
from annotator.ui.canvas.style import Style

BESIDE_PX = 44.0
"""How far stubs may reach into the margins."""
SPREAD_PX = 7.0
LEAD_PX = 9.0
RADIUS_PX = 6.0
ARROW_PX = 6.0
NEAR_PX = 3.5
LEAST_TEXT_PX = 22.0


@dataclass(frozen=True, slots=True)
class ArcBox:
    """One relation on one line: the curve, its arrow, its name on a ground of its own, and a frame around all."""

    relation: Relation
    path: QPainterPath
    arrow: QPolygonF
    text: str
    rect: QRectF
    bounds: QRectF
    corners: tuple[QPointF, ...]

    def is_at(self, point: QPointF) -> bool:
        """Whether a point is on the name or near the curve."""
        if self.rect.contains(point):
            return True
        if not self.bounds.contains(point):
            return False
        return any(_is_near(point, one, other) for one, other in zip(self.corners, self.corners[1:], strict=False))


@dataclass(frozen=True, slots=True)
class Foot:
    """Where arcs stand on a span's label: its left edge and width, and its row above the text."""

    x: float
    width: float
    row: int


@dataclass(frozen=True, slots=True)
class _Arc:
    """An arc before its line has a place: from x to x; one end is a stub's free end when its span is not here."""

    relation: Relation
    head: tuple[float, int | None]
    child: tuple[float, int | None]
    text: str
    text_left: float
    text_px: float
    row: int = 0

    @property
    def reach(self) -> tuple[float, float]:
        """From the leftmost to the rightmost pixel."""
        edges = (self.head[0], self.child[0], self.text_left, self.text_left + self.text_px)
        return min(edges), max(edges)


class ArcLane:
    """The arcs of one line. ``feet`` are the labels of the spans that begin there, by span id."""

    def __init__(
        self, ends: Iterable[RelationEnd], feet: Mapping[str, Foot], width: float, style: Style, *, is_rtl: bool
    ) -> None:
        self._feet, self._width, self._style, self._is_rtl = feet, width, style, is_rtl
        held = list(ends)
        places = self._spread(held)
        arcs = [arc for end in held if (arc := self._arc(end, places)) is not None]
        rows = arc_rows([arc.reach for arc in arcs])
        self._arcs = [replace(arc, row=row) for arc, row in zip(arcs, rows, strict=True)]

    @property
    def height(self) -> float:
        """How much room the arcs need above the labels."""
        return (max((arc.row for arc in self._arcs), default=-1) + 1) * self._style.arc_px

    def placed(self, label_top: float, top: float) -> list[ArcBox]:
        """The arcs of a line whose text begins at ``top`` and whose highest label's room begins at ``label_top``."""
        return [self._box(arc, label_top, top) for arc in self._arcs]

    def _spread(self, ends: Sequence[RelationEnd]) -> dict[tuple[str, str, bool], float]:
        """An x of its own for each end on a label, in the order in which the other ends lie."""
        by_span: dict[str, list[RelationEnd]] = {}
        for end in ends:
            by_span.setdefault(end.span_id, []).append(end)
        places = {}
        for span_id, held in by_span.items():
            foot = self._feet[span_id]
            held.sort(key=lambda end: (end.other_start, end.relation.id, end.is_head), reverse=self._is_rtl)
            step = min(SPREAD_PX, max(foot.width / len(held), 5.0))
            middle = foot.x + foot.width / 2
            for number, end in enumerate(held):
                x = middle + (number - (len(held) - 1) / 2) * step
                places[end.relation.id, span_id, end.is_head] = x
        return places

    def _arc(self, end: RelationEnd, places: Mapping[tuple[str, str, bool], float]) -> _Arc | None:
        """The arc of an end; of two ends on this line the head's end makes it."""
        x, row = places[end.relation.id, end.span_id, end.is_head], self._feet[end.span_id].row
        if end.other_id not in self._feet:
            return self._stub(end, x, row)
        if not end.is_head:
            return None
        other = places[end.relation.id, end.other_id, False]
        text = self._style.relation_text(end.relation)
        text_px = self._style.relation_width(text)
        left = self._inside((x + other - text_px) / 2, text_px)
        return _Arc(end.relation, (x, row), (other, self._feet[end.other_id].row), text, left, text_px)

    def _stub(self, end: RelationEnd, x: float, row: int) -> _Arc:
        """A short line towards the side of the column on which the other end lies in reading order."""
        is_rightward = (end.other_start > end.start) != self._is_rtl
        room = (self._width + BESIDE_PX - x if is_rightward else x + BESIDE_PX) - 2 * LEAD_PX
        text = self._style.shortened_relation(self._style.relation_text(end.relation), max(room, LEAST_TEXT_PX))
        text_px = self._style.relation_width(text)
        sign = 1 if is_rightward else -1
        far = x + sign * (text_px + 2 * LEAD_PX)
        left = x + LEAD_PX if is_rightward else x - LEAD_PX - text_px
        ends = ((x, row), (far, None))
        head, child = ends if end.is_head else (ends[1], ends[0])
        return _Arc(end.relation, head, child, text, left, text_px)

    def _inside(self, left: float, text_px: float) -> float:
        return max(min(left, self._width + BESIDE_PX - text_px), -BESIDE_PX)

    def _box(self, arc: _Arc, label_top: float, top: float) -> ArcBox:
        style = self._style
        y = label_top - (arc.row + 0.5) * style.arc_px
        head = self._point(arc.head, y, top)
        child = self._point(arc.child, y, top)
        corners = (head, QPointF(head.x(), y), QPointF(child.x(), y), child)
        rect = QRectF(arc.text_left - 3, y - style.label_px / 2, arc.text_px + 6, style.label_px)
        bounds = QPolygonF(list(corners)).boundingRect().adjusted(-6, -6, 6, 6).united(rect)
        return ArcBox(arc.relation, _curve(corners), _arrow(corners), arc.text, rect, bounds, corners)

    def _point(self, end: tuple[float, int | None], y: float, top: float) -> QPointF:
        """The foot of an arc: just above the letters of its label; the free end of a stub: in the lane."""
        x, row = end
        if row is None:
            return QPointF(x, y)
        style = self._style
        return QPointF(x, top - style.lift_px - row * style.label_px - style.label_metrics.capHeight() - 2.5)


def _curve(corners: Sequence[QPointF]) -> QPainterPath:
    """The way through the corners, rounded."""
    head, one, other, child = corners
    radius = min(RADIUS_PX, abs(other.x() - one.x()) / 2)
    path = QPainterPath(head)
    for before, corner, after in ((head, one, other), (one, other, child)):
        path.lineTo(_towards(corner, before, radius))
        path.quadTo(corner, _towards(corner, after, radius))
    path.lineTo(child)
    return path


def _arrow(corners: Sequence[QPointF]) -> QPolygonF:
    """A tip at the child's end, along the last piece of the way."""
    tip = corners[-1]
    before = next((one for one in reversed(corners[:-1]) if one != tip), tip + QPointF(0, -1))
    back = _towards(tip, before, ARROW_PX)
    across = QPointF(back.y() - tip.y(), tip.x() - back.x()) / 2
    return QPolygonF([tip, back + across, back - across])


def _towards(point: QPointF, other: QPointF, distance: float) -> QPointF:
    """The point ``distance`` pixels from ``point`` on the way to ``other``, at most half the way."""
    way = other - point
    length = max(abs(way.x()) + abs(way.y()), 0.001)  # ways run along one axis
    return point + way * min(distance / length, 1.0)


def _is_near(point: QPointF, one: QPointF, other: QPointF) -> bool:
    """Whether a point is near a line that runs along one axis."""
    return QRectF(one, other).normalized().adjusted(-NEAR_PX, -NEAR_PX, NEAR_PX, NEAR_PX).contains(point)
