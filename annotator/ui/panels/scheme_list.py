"""The left column of the scheme editor: every label with swatch, key and count, under its section."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from annotator.domain.label_groups import LabelGroup
from annotator.ui.fonts import interface_font
from annotator.ui.icons import draw_swatch
from annotator.ui.models.scheme_rows import SCHEME_ROW_ROLE, RowKind, SchemeListModel, SchemeRow
from annotator.ui.naming import named
from annotator.ui.panels.delegates import Index, ThemedDelegate, draw_line
from annotator.ui.theme import Theme

KEY_PX, COUNT_PX = 34, 62
INDENT_PX = 12


class SchemeRowDelegate(ThemedDelegate):
    """A section as a dim heading; a label with its swatch, key and count."""

    row_px = 29

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: SchemeRow = index.data(SCHEME_ROW_ROLE)
        painter.save()
        self.paint_ground(painter, option)
        if row.is_section:
            self._paint_section(painter, option.rect, row)
        else:
            self._paint_item(painter, option.rect, row)
        painter.restore()

    def _paint_section(self, painter: QPainter, rect: QRect, row: SchemeRow) -> None:
        is_scheme = row.kind is RowKind.SCHEME
        font = interface_font(13 if is_scheme else 12, QFont.Weight.DemiBold if is_scheme else QFont.Weight.Medium)
        colour = self.theme.text if is_scheme else self.theme.dim
        draw_line(painter, rect.adjusted(INDENT_PX, 0, -INDENT_PX, 0), row.text, font, colour)

    def _paint_item(self, painter: QPainter, rect: QRect, row: SchemeRow) -> None:
        inner = rect.adjusted(INDENT_PX + 8, 0, -INDENT_PX, 0)
        if row.kind is RowKind.LABEL:
            mark = QRectF(inner.left(), rect.center().y() - 7, 15, 15)
            draw_swatch(painter, mark, self.theme, row.hue, is_suggestion=row.is_split)
        else:
            painter.setPen(QPen(QColor(self.theme.dim), 1.4))
            painter.drawEllipse(QRectF(inner.left() + 4, rect.center().y() - 3, 7, 7))
        about = "split" if row.is_split else row.about
        small = interface_font(11)
        about_px = max(COUNT_PX, QFontMetrics(small).horizontalAdvance(about) + 6)
        name = inner.adjusted(26, 0, -about_px - (KEY_PX if row.kind is RowKind.LABEL else 0), 0)
        draw_line(painter, name, row.text, interface_font(13), self.theme.text)
        right = Qt.AlignmentFlag.AlignRight
        key = QRect(inner.right() - about_px - KEY_PX, rect.top(), KEY_PX, rect.height())
        draw_line(painter, key, row.key, interface_font(12), self.theme.dim, right)
        count = QRect(inner.right() - about_px, rect.top(), about_px, rect.height())
        draw_line(painter, count, about, small, self.theme.dim, right)


class SchemeList(QListView):
    """``chosen`` carries the `SchemeRow`; the others ask for what a key asks for on it. ``moved``: by how far."""

    chosen = Signal(object)
    edit_requested = Signal()
    delete_requested = Signal()
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        named(self, "scheme_list")
        self.rows = SchemeListModel()
        self._delegate = SchemeRowDelegate()
        self.setModel(self.rows)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Labels of the scheme")
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def find_row(self) -> SchemeRow | None:
        """The chosen row, None when there is none."""
        row = self.currentIndex().data(SCHEME_ROW_ROLE)
        return row if isinstance(row, SchemeRow) else None

    def choose(self, place: tuple[RowKind, LabelGroup, str] | None, fallback: int = 1) -> None:
        """Choose the row with this place, else the one numbered ``fallback``; ``chosen`` comes in any case."""
        number = self.rows.find(place) if place is not None else None
        wanted = fallback if number is None else number
        index = self.rows.index(min(wanted, self.rows.rowCount() - 1))
        selection = self.selectionModel()
        selection.blockSignals(True)
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        selection.blockSignals(False)
        self.scrollTo(index)
        self.viewport().update()
        if (row := self.find_row()) is not None:
            self.chosen.emit(row)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._delegate.theme = theme
        self.viewport().update()

    def _on_current_changed(self) -> None:
        if (row := self.find_row()) is not None:
            self.chosen.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        key = event.key()
        if is_alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Delete:
            self.delete_requested.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit_requested.emit()
        elif key == Qt.Key.Key_Escape:
            event.ignore()  # the page goes back to the article
        else:
            super().keyPressEvent(event)
