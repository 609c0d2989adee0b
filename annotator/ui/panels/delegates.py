"""How rows of the lists are drawn: two lines for a document, one for a span or a label."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.ui.fonts import interface_font, text_font
from annotator.ui.icons import draw_status, draw_swatch
from annotator.ui.models.document_list import LINE_ROLE, ROW_ROLE
from annotator.ui.models.span_list import ABOUT_ROLE, HUE_ROLE, SPAN_ROLE
from annotator.ui.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex


FOCUS_PX = 2


class ThemedDelegate(QStyledItemDelegate):
    """A delegate with a theme and the ground of chosen rows. The row with the focus has an outline."""

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
            self._outline(painter, rect, self.theme.line)
        if option.state & QStyle.StateFlag.State_HasFocus:
            self._outline(painter, rect.adjusted(0.5, 0.5, -0.5, -0.5), self.theme.accent, FOCUS_PX)

    @staticmethod
    def _outline(painter: QPainter, rect: QRectF, colour: str, width_px: int = 1) -> None:
        painter.setPen(QPen(QColor(colour), width_px))
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
        draw_line(painter, QRect(rect.left() + 34, rect.top() + 5, width, 18), row.title, title_font, self.theme.text)
        below = QRect(rect.left() + 34, rect.top() + 24, width, 16)
        draw_line(painter, below, str(index.data(LINE_ROLE)), interface_font(11), self.theme.dim)
        painter.restore()


class SpanDelegate(ThemedDelegate):
    """A mark as in the article (dashed: a suggestion), the span's text, and its label on the right."""

    row_px = 26

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.paint_ground(painter, option)
        rect = option.rect.adjusted(34, 0, -14, 0)
        mark = QRectF(option.rect.left() + 10, option.rect.center().y() - 5, 13, 11)
        is_suggestion = not index.data(SPAN_ROLE).decided
        draw_swatch(painter, mark, self.theme, index.data(HUE_ROLE), is_suggestion=is_suggestion)
        about = str(index.data(ABOUT_ROLE))
        about_width = min(QFontMetrics(interface_font(11)).horizontalAdvance(about) + 4, rect.width() // 2)
        left = rect.adjusted(0, 0, -about_width - 8, 0)
        draw_line(painter, left, str(index.data()), text_font(13), self.theme.text)
        right = QRect(rect.right() - about_width, rect.top(), about_width, rect.height())
        draw_line(painter, right, about, interface_font(11), self.theme.dim, Qt.AlignmentFlag.AlignRight)
        painter.restore()


def draw_line(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    colour: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of text in ``rect``, shortened with an ellipsis when there is no room."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter), elided)
