"""How rows of the lists are drawn: two lines for a document, one for a span or a label."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.domain.projects import Status
from annotator.ui.fonts import interface_font, text_font
from annotator.ui.models.document_list import ROW_ROLE, second_line
from annotator.ui.models.span_list import ABOUT_ROLE, SPAN_ROLE
from annotator.ui.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex


class ThemedDelegate(QStyledItemDelegate):
    """A delegate with a theme and the ground of chosen rows."""

    row_px = 28

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """The ground of the row that is chosen or under the pointer; a bar marks the chosen one."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(2, 1, -2, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.selection))
            painter.drawRoundedRect(rect, 6, 6)
            painter.fillRect(QRectF(rect.left(), rect.top() + 4, 3, rect.height() - 8), QColor(self.theme.accent))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(self.theme.line), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 6, 6)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(100, self.row_px)


class DocumentDelegate(ThemedDelegate):
    """Status mark, title, and a dim second line."""

    row_px = 46

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        painter.save()
        self.paint_ground(painter, option)
        rect = option.rect
        draw_status(painter, QPointF(rect.left() + 19, rect.center().y() + 1), row.status, self.theme)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        title_font = interface_font(13, QFont.Weight.DemiBold if is_chosen else QFont.Weight.Medium)
        width = rect.width() - 46
        _line(painter, QRect(rect.left() + 34, rect.top() + 5, width, 18), row.title, title_font, self.theme.text)
        below = QRect(rect.left() + 34, rect.top() + 24, width, 16)
        _line(painter, below, second_line(row), interface_font(11), self.theme.dim)
        painter.restore()


class SpanDelegate(ThemedDelegate):
    """The span's text on the left, its label on the right; suggestions are dim and marked with a question mark."""

    row_px = 25

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.paint_ground(painter, option)
        rect = option.rect.adjusted(10, 0, -12, 0)
        about = str(index.data(ABOUT_ROLE))
        about_width = min(QFontMetrics(interface_font(11)).horizontalAdvance(about) + 8, rect.width() // 2)
        is_decided = index.data(SPAN_ROLE).decided
        colour = self.theme.text if is_decided else self.theme.dim
        left = rect.adjusted(0, 0, -about_width - 6, 0)
        _line(painter, left, str(index.data()), text_font(13), colour)
        right = QRect(rect.right() - about_width, rect.top(), about_width, rect.height())
        _line(painter, right, about, interface_font(11), self.theme.dim, Qt.AlignmentFlag.AlignRight)
        painter.restore()


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
            painter.drawEllipse(centre, 5, 5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(centre, 2.5, 2.5)
        case Status.SKIPPED:
            painter.drawLine(centre - QPointF(5, 0), centre + QPointF(5, 0))
        case Status.FLAGGED:
            painter.setPen(QPen(QColor(theme.bad), 1.6))
            painter.drawLine(centre + QPointF(-3, 6), centre + QPointF(-3, -6))
            painter.drawPolyline([centre + QPointF(-3, -6), centre + QPointF(5, -3), centre + QPointF(-3, 0)])
        case _:
            painter.drawEllipse(centre, 5, 5)


def _line(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    colour: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter), elided)
