"""The list of what is another between two states, with a box to tick for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from annotator.domain.differences import Difference
from annotator.domain.telling import Teller, capitalised
from annotator.ui.fonts import interface_font
from annotator.ui.history.compared_canvas import sign_of
from annotator.ui.panels.delegates import ThemedDelegate
from annotator.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
DIFFERENCE_ROLE = Qt.ItemDataRole.UserRole
BOX_PX = 14
_Role = Qt.ItemDataRole


class ChangeModel(QAbstractListModel):
    """One row a difference. ``ticks_changed``: another choice was made."""

    ticks_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Difference] = ()
        self._teller: Teller | None = None
        self._ticked: set[int] = set()

    def show(self, rows: Sequence[Difference], teller: Teller | None) -> None:
        """Replace every row; what is ticked stays ticked where it is about the same thing."""
        kept = {one.key for one in self.ticked}
        self.beginResetModel()
        self._rows, self._teller = rows, teller
        self._ticked = {place for place, one in enumerate(rows) if one.key in kept}
        self.endResetModel()
        self.ticks_changed.emit()

    @property
    def rows(self) -> Sequence[Difference]:
        """Every difference, as shown."""
        return self._rows

    @property
    def ticked(self) -> list[Difference]:
        """The differences whose box is ticked."""
        return [one for place, one in enumerate(self._rows) if place in self._ticked]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        if self._teller is None or not 0 <= index.row() < len(self._rows):
            return None
        one = self._rows[index.row()]
        if role in (_Role.DisplayRole, _Role.ToolTipRole, _Role.AccessibleTextRole):
            return capitalised(self._teller.tell_difference(one))
        if role == _Role.CheckStateRole:
            return Qt.CheckState.Checked if index.row() in self._ticked else Qt.CheckState.Unchecked
        return one if role == DIFFERENCE_ROLE else None

    def setData(self, index: Index, value: Any, role: int = _Role.EditRole) -> bool:
        if role != _Role.CheckStateRole:
            return False
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self._ticked.add(index.row())
        else:
            self._ticked.discard(index.row())
        self.dataChanged.emit(index, index, [role])
        self.ticks_changed.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable


class ChangeDelegate(ThemedDelegate):
    """A box, a sign and the words in two lines. A click anywhere on the row ticks it, and so does Space."""

    row_px = 44

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.paint_ground(painter, option)
        rect = option.rect
        is_ticked = index.data(_Role.CheckStateRole) == Qt.CheckState.Checked
        self._paint_box(painter, QRectF(rect.left() + 14, rect.center().y() - BOX_PX / 2, BOX_PX, BOX_PX), is_ticked)
        sign = sign_of(index.data(DIFFERENCE_ROLE))
        painter.setFont(interface_font(14, QFont.Weight.Bold))
        painter.setPen(QColor(sign.colour(self.theme)))
        painter.drawText(QRectF(rect.left() + 36, rect.top(), 16, rect.height()), _CENTRE, sign.value)
        painter.setFont(interface_font(13))
        painter.setPen(QColor(self.theme.text))
        words = QRectF(rect.adjusted(58, 3, -10, -3))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), str(index.data()))
        painter.restore()

    def _paint_box(self, painter: QPainter, box: QRectF, is_ticked: bool) -> None:
        painter.setPen(QPen(QColor(self.theme.accent if is_ticked else self.theme.dim), 1))
        painter.setBrush(QColor(self.theme.accent if is_ticked else self.theme.page))
        painter.drawRoundedRect(box, 4, 4)
        if is_ticked:
            painter.setPen(QPen(QColor(self.theme.page), 1.8, c=Qt.PenCapStyle.RoundCap))
            corners = [(0.26, 0.52), (0.44, 0.70), (0.76, 0.32)]
            painter.drawPolyline(QPolygonF([QPointF(box.x() + x * BOX_PX, box.y() + y * BOX_PX) for x, y in corners]))

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, _option: QStyleOptionViewItem, index: Index
    ) -> bool:
        is_click = event.type() == QEvent.Type.MouseButtonRelease
        is_space = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)
        if not is_click and not (is_space and event.type() == QEvent.Type.KeyPress):
            return False
        is_ticked = index.data(_Role.CheckStateRole) == Qt.CheckState.Checked
        other = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
        return model.setData(index, other, _Role.CheckStateRole)


class ChangeList(QListView):
    """``change_pointed_at`` carries the `Difference` of the row that became current, None for none."""

    change_pointed_at = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.changes = ChangeModel()
        self._delegate = ChangeDelegate()
        self.setModel(self.changes)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Changes")
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._delegate.theme = theme
        self.viewport().update()

    def _on_current_changed(self, current: QModelIndex) -> None:
        self.change_pointed_at.emit(current.data(DIFFERENCE_ROLE) if current.isValid() else None)


_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
