"""The doubts of the article in the right column: what, and what else it could be. Not there when there are none."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QLabel, QListView, QSizePolicy, QStyleOptionViewItem, QVBoxLayout, QWidget

from annotator.domain.doubts import Doubt, Key
from annotator.domain.labels import LabelScheme
from annotator.ui.fonts import interface_font, text_font
from annotator.ui.models.doubt_list import CHOICES_ROLE, DOUBT_ROLE, DoubtListModel
from annotator.ui.naming import named
from annotator.ui.panels.delegates import Index, ThemedDelegate, draw_line
from annotator.ui.theme import Theme

FEWEST_ROWS, MOST_ROWS = 2, 5
INDENT_PX = 10


class DoubtDelegate(ThemedDelegate):
    """The words, and the choices on the right. A fine line on the left is the darker, the stronger the doubt is."""

    row_px = 26

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.paint_ground(painter, option)
        rect = option.rect.adjusted(INDENT_PX + 8, 0, -14, 0)
        colour = QColor(self.theme.dim)
        colour.setAlphaF(index.data(DOUBT_ROLE).strength)
        painter.fillRect(QRectF(option.rect.left() + INDENT_PX, option.rect.top() + 7, 2, self.row_px - 14), colour)
        choices = str(index.data(CHOICES_ROLE))
        width = min(QFontMetrics(interface_font(11)).horizontalAdvance(choices) + 4, rect.width() * 2 // 3)
        words = rect.adjusted(0, 0, -width - 8, 0)
        draw_line(painter, words, str(index.data()), text_font(13), self.theme.text)
        right = QRect(rect.right() - width, rect.top(), width, rect.height())
        draw_line(painter, right, choices, interface_font(11), self.theme.dim, Qt.AlignmentFlag.AlignRight)
        painter.restore()


class _DoubtList(QListView):
    """As high as its rows, within limits, and no lower than it was in the same document: what is below stays put."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = 0

    def sizeHint(self) -> QSize:
        return QSize(200, DoubtDelegate.row_px * min(max(self.rows, FEWEST_ROWS), MOST_ROWS))


class DoubtsSection(QWidget):
    """``chosen`` carries a `Doubt`."""

    chosen = Signal(object)

    def __init__(self, indent_px: int) -> None:
        super().__init__()
        self._model = DoubtListModel()
        self._delegate = DoubtDelegate()
        self._text: str | None = None
        self.heading = QLabel("Doubts in this article")
        self.heading.setProperty("section", True)
        self.heading.setContentsMargins(indent_px, 14, indent_px, 0)
        self.list = self._make_list()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.list)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def begin(self, text: str | None) -> None:
        """Another document with this text (None: no document); nothing is known of it yet."""
        self._text = text
        self._model.show((), "", LabelScheme("none"))
        self.list.rows = 0
        self.hide()

    def show_doubts(self, doubts: tuple[Doubt, ...], scheme: LabelScheme) -> None:
        """Show the doubts of the document."""
        if self._text is None:
            return
        scrolled = self.list.verticalScrollBar().value()
        self._model.show(doubts, self._text, scheme)
        self.list.verticalScrollBar().setValue(scrolled)
        self.heading.setText("Doubts in this article" if doubts else "No doubts are left in this article")
        if len(doubts) > self.list.rows:
            self.list.rows = len(doubts)
            self.list.updateGeometry()
        self.setVisible(bool(self.list.rows))

    def mark(self, key: Key | None) -> None:
        """Mark the doubt where the person is, if there is one."""
        place = self._model.find_place(key) if key is not None else None
        if place is None:
            self.list.selectionModel().clear()
            return
        index = self._model.index(place)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._delegate.theme = theme
        self.list.viewport().update()

    def _make_list(self) -> _DoubtList:
        made = named(_DoubtList(), "doubt_list")
        made.setModel(self._model)
        made.setItemDelegate(self._delegate)
        made.setUniformItemSizes(True)
        made.setMouseTracking(True)
        made.setAccessibleName("Doubts in this article")
        made.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        made.setMinimumHeight(FEWEST_ROWS * DoubtDelegate.row_px)
        made.clicked.connect(self._on_clicked)
        made.activated.connect(self._on_clicked)
        return made

    def _on_clicked(self, index: QModelIndex) -> None:
        doubt = index.data(DOUBT_ROLE)
        if isinstance(doubt, Doubt):
            self.chosen.emit(doubt)
