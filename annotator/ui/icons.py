"""Small pictures drawn in the colours of a theme: a label's swatch, a document's status mark, a span's mark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from annotator.domain.projects import Status
from annotator.ui.theme import Theme

ICON_PX = 16


def swatch_icon(theme: Theme, hue: int) -> QIcon:
    """A label's colour as an icon for menus, sharp at the usual screen scales."""
    icon = QIcon()
    for scale in (1, 2, 3):
        picture = QPixmap(ICON_PX * scale, ICON_PX * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_swatch(painter, QRectF(0, 0, ICON_PX, ICON_PX), theme, hue)
        painter.end()
        icon.addPixmap(picture)
    return icon


def draw_swatch(painter: QPainter, rect: QRectF, theme: Theme, hue: int, *, is_suggestion: bool = False) -> None:
    """A span in small: a tint with an ink underline, or a dashed outline while it is a suggestion."""
    if is_suggestion:
        painter.setPen(QPen(QColor(theme.ink(hue)), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.tint(hue)))
    painter.drawRoundedRect(rect, 3, 3)
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), QColor(theme.ink(hue)))


def draw_status(painter: QPainter, centre: QPointF, status: Status, theme: Theme) -> None:
    """A mark whose shape tells the status, not its colour alone."""
    painter.setPen(QPen(QColor(theme.dim), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match status:
        case Status.DONE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.good))
            painter.drawEllipse(centre, 5.5, 5.5)
        case Status.IN_PROGRESS:
            _draw_half(painter, centre, theme)
        case Status.SKIPPED:
            painter.drawLine(centre - QPointF(5, 0), centre + QPointF(5, 0))
        case Status.FLAGGED:
            _draw_flag(painter, centre, theme)
        case _:
            painter.drawEllipse(centre, 5, 5)


def _draw_half(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    ring = QRectF(centre.x() - 5, centre.y() - 5, 10, 10)
    painter.setPen(QPen(QColor(theme.accent), 1.6))
    painter.drawEllipse(ring)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent))
    painter.drawPie(ring, 90 * 16, 180 * 16)


def _draw_flag(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    painter.setPen(QPen(QColor(theme.bad), 1.6))
    painter.drawLine(centre + QPointF(-3, 6), centre + QPointF(-3, -6))
    painter.setBrush(QColor(theme.bad))
    painter.drawPolygon([centre + QPointF(-3, -6), centre + QPointF(5, -3), centre + QPointF(-3, 0)])
