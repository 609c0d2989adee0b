"""The places of a string in the corpus, in a list over the window: Enter goes there, Escape closes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QDialog, QLabel, QListView, QStyleOptionViewItem, QVBoxLayout, QWidget

from annotator.domain.labels import LabelScheme
from annotator.ui.fonts import interface_font
from annotator.ui.naming import named
from annotator.ui.panels.context_line import draw_context, squashed
from annotator.ui.panels.delegates import ThemedDelegate
from annotator.ui.theme import Theme
from annotator.workflows.memory import MemoryPlace

Index = QModelIndex | QPersistentModelIndex
PLACE_ROLE = Qt.ItemDataRole.UserRole
WIDTH_PX, HEIGHT_PX, ROW_PX, LABEL_PX, TITLE_PX, PAD_PX = 860, 440, 30, 84, 150, 14


class PlacesModel(QAbstractListModel):
    """One row a place."""

    def __init__(self, scheme: LabelScheme) -> None:
        super().__init__()
        self.places: Sequence[MemoryPlace] = ()
        self._scheme = scheme

    def show(self, places: Sequence[MemoryPlace]) -> None:
        """Replace every row."""
        self.beginResetModel()
        self.places = places
        self.endResetModel()

    def label_of(self, place: MemoryPlace) -> tuple[str, int | None]:
        """Name and hue of its label; ``none`` without one."""
        if place.label is None:
            return "none", None
        label = self._scheme.find_label(place.label, place.layer)
        return (label.name, label.hue) if label else (place.label, 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self.places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        place = self.places[index.row()]
        if role == PLACE_ROLE:
            return place
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            context = squashed(f"{place.before[-40:]}{place.words}{place.after[:40]}")
            return f"{self.label_of(place)[0]}: {context} · {place.title}"
        return None


class PlaceDelegate(ThemedDelegate):
    """The label, the words in their context, the document."""

    row_px = ROW_PX

    def __init__(self, model: PlacesModel, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place: MemoryPlace = index.data(PLACE_ROLE)
        name, hue = self._model.label_of(place)
        painter.save()
        self.paint_ground(painter, option)
        rect = QRectF(option.rect).adjusted(PAD_PX, 0, -PAD_PX, 0)
        self._draw(painter, QRectF(rect.left(), rect.top(), LABEL_PX - 8, rect.height()), name,
            self.theme.dim if hue is None else self.theme.ink(hue), QFont.Weight.DemiBold)  # fmt: skip
        title = QRectF(rect.right() - TITLE_PX, rect.top(), TITLE_PX, rect.height())
        self._draw(painter, title, place.title, self.theme.dim, QFont.Weight.Normal)
        line = rect.adjusted(LABEL_PX, 0, -TITLE_PX - PAD_PX, 0)
        draw_context(painter, line, (place.before, place.words, place.after), self.theme, hue, is_decided=True)
        painter.restore()

    @staticmethod
    def _draw(painter: QPainter, rect: QRectF, text: str, colour: str, weight: QFont.Weight) -> None:
        font = interface_font(11, weight)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(rect, int(align) | int(Qt.TextFlag.TextSingleLine), shown)


class PlacesPopup(QDialog):
    """``chosen`` carries the `MemoryPlace` to go to."""

    chosen = Signal(object)

    def __init__(self, surface: str, scheme: LabelScheme, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("command_palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(f"Places of {surface}")
        self._surface = surface
        self.model = PlacesModel(scheme)
        self._delegate = PlaceDelegate(self.model, theme)
        self.heading = QLabel()
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setContentsMargins(PAD_PX - 4, 4, 0, 2)
        self.heading.setProperty("section", True)
        self.list = named(QListView(), "palette_list")
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName("Places")
        self.list.clicked.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.heading)
        column.addWidget(self.list)
        self._place(parent)
        self._say("looking for them…")

    def show_and_focus(self) -> None:
        """Open over the window, ready for Up, Down and Enter."""
        self.show()
        self.list.setFocus()

    def show_places(self, places: Sequence[MemoryPlace], *, is_whole: bool) -> None:
        """Show the places. ``is_whole`` is false when there may be more."""
        self.model.show(places)
        count = f"{len(places):,}{'' if is_whole else '+'} place{'' if len(places) == 1 else 's'}"
        self._say(f"{count} · Enter goes there" if places else "no place was decided yet")
        if places:
            self.list.setCurrentIndex(self.model.index(0))

    def _say(self, words: str) -> None:
        surface = self._surface if len(self._surface) <= 60 else f"{self._surface[:59]}…"
        self.heading.setText(f"\u2068{surface}\u2069 · {words}")

    def _place(self, parent: QWidget) -> None:
        self.resize(min(WIDTH_PX, parent.width() - 40), min(HEIGHT_PX, parent.height() - 80))
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - self.width()) // 2, corner.y() + 60)

    def _choose(self, index: QModelIndex) -> None:
        place = index.data(PLACE_ROLE)
        if isinstance(place, MemoryPlace):
            self.close()
            self.chosen.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex())
        else:
            super().keyPressEvent(event)
