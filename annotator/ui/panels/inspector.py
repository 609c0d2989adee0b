"""The right column: the current span, the labels with their keys, the spans of the document."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QListView, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.ui.canvas.style import score_text
from annotator.ui.fonts import interface_font, text_font
from annotator.ui.models.span_list import SPAN_ROLE, SpanListModel
from annotator.ui.naming import named
from annotator.ui.panels.delegates import SpanDelegate
from annotator.ui.theme import LIGHT, Theme

LIST_PAUSE_MS = 80
ROW_PX = 28
PALETTE_ROWS = 10


class LabelRow(QWidget):
    """One label: swatch, name, key. A click is the same as its key."""

    chosen = Signal(str, str)

    def __init__(self, layer: Layer, label: Label, key: str) -> None:
        super().__init__()
        self._layer, self._label, self._key = layer, label, key
        self.theme: Theme = LIGHT
        self.is_current = False
        self._is_hovered = False
        self.setFixedHeight(ROW_PX)
        self.setToolTip(label.description)
        self.setAccessibleName(f"Label {label.name}" + (f", key {key}" if key else ""))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def label_key(self) -> tuple[str, str]:
        """The label's id and layer."""
        return self._label.id, self._layer.name

    def sizeHint(self) -> QSize:
        return QSize(200, ROW_PX)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, _event: object) -> None:
        self._is_hovered = False
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(self._label.id, self._layer.name)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.is_current or self._is_hovered:
            painter.setBrush(QColor(self.theme.selection if self.is_current else self.theme.line))
            painter.drawRoundedRect(self.rect().adjusted(0, 1, -4, -1), 5, 5)
        painter.setBrush(QColor(self.theme.tint(self._label.hue)))
        painter.drawRoundedRect(8, 6, 17, 15, 3, 3)
        painter.fillRect(8, 20, 17, 2, QColor(self.theme.ink(self._label.hue)))
        painter.setFont(interface_font(13))
        painter.setPen(QColor(self.theme.text))
        align = Qt.AlignmentFlag.AlignVCenter
        name = painter.fontMetrics().elidedText(self._label.name, Qt.TextElideMode.ElideRight, self.width() - 80)
        painter.drawText(self.rect().adjusted(36, 0, -40, 0), int(align | Qt.AlignmentFlag.AlignLeft), name)
        painter.setPen(QColor(self.theme.dim))
        painter.drawText(self.rect().adjusted(0, 0, -14, 0), int(align | Qt.AlignmentFlag.AlignRight), self._key)
        painter.end()


class InspectorPanel(QWidget):
    """``label_chosen`` carries (label id, layer); ``span_chosen`` a span's id."""

    label_chosen = Signal(str, str)
    span_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._theme = LIGHT
        self._doc: AnnotatedDocument | None = None
        self._scheme = LabelScheme("none")
        self._current: str | None = None
        self.rows: list[LabelRow] = []
        self.surface = named(QLabel(), "surface")
        self.surface.setFont(text_font(17))
        self.surface.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.about = _dim()
        self.guideline = QLabel("", wordWrap=True)
        self.guideline.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.spans = SpanListModel()
        self._delegate = SpanDelegate()
        self.list = self._make_list()
        self.count = _dim(section=True)
        self._palette = QVBoxLayout()
        self._pause = QTimer(self, singleShot=True, interval=LIST_PAUSE_MS)
        self._pause.timeout.connect(self._refresh_list)
        self._assemble()

    def show_scheme(self, scheme: LabelScheme, keys: dict[tuple[str, str], str]) -> None:
        """Show the labels; ``keys`` by (label id, layer)."""
        self._scheme = scheme
        for row in self.rows:
            row.deleteLater()
        self.rows = [LabelRow(layer, label, keys.get((label.id, layer.name), "")) for layer, label in scheme.labels]
        for row in self.rows:
            row.theme = self._theme
            row.chosen.connect(self.label_chosen)
            self._palette.addWidget(row)

    def show_document(self, doc: AnnotatedDocument | None) -> None:
        """Show another document's spans at once."""
        self._doc = doc
        self._current = None
        self._refresh_list()
        self.show_current(None)

    def update_document(self, doc: AnnotatedDocument) -> None:
        """Take over a changed document; the list follows after a short pause."""
        self._doc = doc
        self._pause.start()
        self.show_current(self._current)

    def show_current(self, span_id: str | None) -> None:
        """Show what there is to say about the current span."""
        self._current = span_id
        span = self._doc.spans.find(span_id) if self._doc and span_id else None
        chosen = (span.label, span.layer) if span else None
        for row in self.rows:
            if row.is_current != (row.label_key == chosen):
                row.is_current = row.label_key == chosen
                row.update()
        self._show_words(span)
        self._mark_in_list(span_id)

    def set_theme(self, theme: Theme) -> None:
        """Colours of everything that is drawn here."""
        self._theme = self._delegate.theme = theme
        for row in self.rows:
            row.theme = theme
            row.update()
        self.list.viewport().update()

    def _show_words(self, span: Span | None) -> None:
        if span is None or self._doc is None:
            self.surface.setText("")
            self.about.setText("No span is current. Tab goes to the next one.")
            self.guideline.setText("")
            return
        words = " ".join(self._doc.document.text[span.start : span.end][:200].split())
        width = max(self.surface.width() - 4, 120)
        self.surface.setText(self.surface.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width))
        self.about.setText(about_span(span))
        label = self._scheme.find_label(span.label, span.layer)
        self.guideline.setText(f"{label.name}: {label.description}" if label and label.description else "")

    def _make_list(self) -> QListView:
        made = QListView()
        made.setModel(self.spans)
        made.setItemDelegate(self._delegate)
        made.setUniformItemSizes(True)
        made.setMouseTracking(True)
        made.setAccessibleName("Spans of this article")
        made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        made.clicked.connect(self._on_span_clicked)
        return made

    def _assemble(self) -> None:
        palette = named(QWidget(), "column")
        self._palette.setContentsMargins(0, 0, 0, 0)
        self._palette.setSpacing(0)
        whole = QVBoxLayout(palette)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self._palette)
        whole.addStretch(1)
        area = QScrollArea()
        area.setWidget(palette)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumHeight(4 * ROW_PX)
        area.setMaximumHeight(PALETTE_ROWS * ROW_PX + 6)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 8, 14)
        column.setSpacing(6)
        column.addWidget(self.surface)
        column.addWidget(self.about)
        column.addSpacing(8)
        column.addWidget(_dim("Labels", section=True))
        column.addWidget(area, 3)
        column.addSpacing(6)
        column.addWidget(self.count)
        column.addWidget(self.list, 4)
        column.addWidget(_dim("Guideline", section=True))
        self.guideline.setMinimumHeight(52)
        column.addWidget(self.guideline)

    def _refresh_list(self) -> None:
        self.spans.show(self._doc, self._scheme)
        total = len(self._doc.spans) if self._doc else 0
        left = self._doc.spans.undecided if self._doc else 0
        self.count.setText(f"Spans in this article: {total:,}" + (f", {left:,} to decide" if left else ""))
        self._mark_in_list(self._current)

    def _mark_in_list(self, span_id: str | None) -> None:
        place = self.spans.find_place(span_id) if span_id else None
        if place is None:
            self.list.selectionModel().clear()
            return
        index = self.spans.index(place)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index)

    def _on_span_clicked(self, index: QModelIndex) -> None:
        span = index.data(SPAN_ROLE)
        if isinstance(span, Span):
            self.span_chosen.emit(span.id)


def about_span(span: Span) -> str:
    """Where a span stands, in a few words: ``suggested · .65 · en_core_web_sm 3.8.0``."""
    state = "decided" if span.decided else "suggested"
    score = score_text(span.score) if span.score is not None else ""
    return " · ".join(part for part in (state, score, span.pipeline) if part)


def _dim(text: str = "", *, section: bool = False) -> QLabel:
    label = QLabel(text, wordWrap=not section)
    label.setProperty("section" if section else "dim", True)
    return label
