"""The right column: the current span, the labels with their keys, the spans of the document."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.labels import LabelScheme
from annotator.domain.parts import Parts
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.ui.canvas.style import score_text
from annotator.ui.fonts import text_font
from annotator.ui.models.span_list import SPAN_ROLE, SpanListModel
from annotator.ui.naming import named
from annotator.ui.panels.delegates import SpanDelegate
from annotator.ui.panels.doubts import DoubtsSection
from annotator.ui.panels.elided import ElidedLabel
from annotator.ui.panels.facts import document_facts, relation_facts, span_facts
from annotator.ui.panels.label_palette import BLEED_PX, LabelPalette, LabelRow
from annotator.ui.panels.memory_chip import MemoryChip
from annotator.ui.theme import LIGHT, Theme

LIST_PAUSE_MS = 80
MARGIN_PX = 16
GUIDELINE_PX = 66
MOST_SURFACE = 200


class InspectorPanel(QWidget):
    """``label_chosen`` carries (label id, layer); ``span_chosen`` a span's id; ``subject_changed``: other words are
    current, or what is known of them may be different; ``left``: back to the article.
    """

    label_chosen = Signal(str, str)
    span_chosen = Signal(str)
    subject_changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName("Labels and spans")
        self.setMinimumWidth(220)
        self._theme = LIGHT
        self._doc: AnnotatedDocument | None = None
        self._scheme = LabelScheme("none")
        self._current: str | None = None
        self._shown: Span | None = None
        self._selection: tuple[int, int] | None = None
        self._relation: str | None = None
        self.surface = named(ElidedLabel(), "surface")
        self._set_surface_font()
        self.about = QLabel()
        self.about.setProperty("dim", True)
        self.source = ElidedLabel()
        self.source.setProperty("dim", True)
        self.facts = QLabel("", wordWrap=True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setProperty("dim", True)
        self.memory = MemoryChip()
        self.labels = LabelPalette()
        self.labels.chosen.connect(self.label_chosen)
        self.doubts = DoubtsSection(BLEED_PX)
        self._guideline_head = _section("")
        self.guideline = self._make_guideline()
        self.spans = SpanListModel()
        self._delegate = SpanDelegate()
        self.list = self._make_list()
        self.count = _section("")
        self._pause = QTimer(self, singleShot=True, interval=LIST_PAUSE_MS)
        self._pause.timeout.connect(self._refresh_list)
        self._assemble()
        self._show_words(None)

    @property
    def rows(self) -> list[LabelRow]:
        """The labels as shown."""
        return self.labels.rows

    def show_scheme(self, scheme: LabelScheme, keys: dict[tuple[str, str], str]) -> None:
        """Show the labels; ``keys`` by (label id, layer)."""
        self._scheme = scheme
        self.memory.show_scheme(scheme)
        self.labels.show_scheme(scheme, keys)

    def show_document(self, doc: AnnotatedDocument | None) -> None:
        """Show another document's spans at once."""
        self._pause.stop()
        self._doc = doc
        self._current = self._selection = self._relation = None
        self._refresh_list()
        self.list.scrollToTop()
        self._show_span(None)

    def update_document(self, doc: AnnotatedDocument) -> None:
        """Take over a changed document; the list follows after a short pause."""
        self._doc = doc
        self._pause.start()
        self.show_current(self._current)
        self.subject_changed.emit()

    def show_current(self, span_id: str | None) -> None:
        """Show what there is to say about the current span."""
        is_other = span_id != self._current
        self._current = span_id
        self._show_span(self._doc.spans.find(span_id) if self._doc and span_id else None)
        if is_other:
            self._mark_in_list(span_id)

    def show_relation(self, relation_id: str | None) -> None:
        """Show what there is to say about the relation that was chosen; no span is current then."""
        self._relation = relation_id
        if self._shown is None:
            self._show_words(None)

    def show_selection(self, selection: tuple[int, int] | None) -> None:
        """Show what a label key would label, while no span is current."""
        self._selection = selection
        if self._shown is None:
            self._show_words(None)

    def set_theme(self, theme: Theme) -> None:
        """Colours of everything that is drawn here."""
        self._theme = self._delegate.theme = theme
        self.memory.set_theme(theme)
        self.labels.set_theme(theme)
        self.doubts.set_theme(theme)
        self.list.viewport().update()

    def _show_span(self, span: Span | None) -> None:
        if span is not None and span == self._shown:
            self._show_facts(span)  # its relations may be others
            return
        self._shown = span
        self.labels.show_current((span.label, span.layer) if span else None)
        self._show_words(span)

    def _show_words(self, span: Span | None) -> None:
        if self._doc is None:
            self.about.setText("")
            self.source.show_text("")
            self._show_guideline("")
        elif span is None and (relation := self._find_relation()) is not None:
            found = self._scheme.find_relation_label(relation.label)
            self.about.setText("relation")
            self.source.show_text(found.name if found else relation.label)
            self._show_guideline(f"{found.name}: {found.description}" if found and found.description else "")
        elif span is None:
            is_selected = self._selection is not None
            self.about.setText("selected" if is_selected else "")
            self.source.show_text("A label key makes it a span" if is_selected else "Tab goes to the next one")
            self._show_guideline("")
        else:
            self.about.setText(state_of(span))
            self.source.show_text(span.pipeline or "by hand")
            label = self._scheme.find_label(span.label, span.layer)
            self._show_guideline(f"{label.name}: {label.description}" if label and label.description else "")
        self._show_facts(span)
        self._show_surface()
        self.subject_changed.emit()

    def _show_facts(self, span: Span | None) -> None:
        words, relation = "", None if span else self._find_relation()
        if self._doc is not None and relation is not None:
            words = relation_facts(relation)
        elif self._doc is not None:
            words = span_facts(self._doc, self._scheme, span) if span else document_facts(self._doc, self._scheme)
        if words != self.facts.text():
            self.facts.setText(words)
        self.facts.setVisible(bool(words))

    def _show_surface(self) -> None:
        """The text of the current span or of the selection."""
        relation = None if self._shown else self._find_relation()
        if self._doc is not None and relation is not None:
            spans = [self._doc.spans.find(one) for one in (relation.head, relation.child)]
            self.surface.show_text(" → ".join(self._words_of(span.parts) for span in spans if span is not None))
            return
        parts = self._shown.parts if self._shown else (self._selection,) if self._selection else ()
        if parts:
            self.surface.show_text(self._words_of(parts))
        else:
            self.surface.show_text("No span is current" if self._doc else "")

    def _words_of(self, parts: Parts) -> str:
        text = self._doc.document.text if self._doc else ""
        return " … ".join(" ".join(text[start:end][:MOST_SURFACE].split()) for start, end in parts)

    def _find_relation(self) -> Relation | None:
        return self._doc.relations.get(self._relation or "") if self._doc else None

    def _show_guideline(self, words: str) -> None:
        self.guideline.setText(words)
        self._guideline_head.setText("Guideline" if words else "")

    def _set_surface_font(self) -> None:
        font = text_font(15)
        font.setWeight(QFont.Weight.Bold)
        self.surface.setFont(font)
        self.surface.setFixedHeight(self.surface.fontMetrics().height() + 2)

    def _make_guideline(self) -> QLabel:
        made = QLabel("", wordWrap=True)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setAlignment(Qt.AlignmentFlag.AlignTop)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        made.setFixedHeight(GUIDELINE_PX)  # nothing moves when another label's guideline is shorter
        return made

    def _make_list(self) -> QListView:
        made = QListView()
        made.setModel(self.spans)
        made.setItemDelegate(self._delegate)
        made.setUniformItemSizes(True)
        made.setMouseTracking(True)
        made.setAccessibleName("Spans of this article")
        made.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        made.setMinimumHeight(SpanDelegate.row_px)  # a window may be 600 pixels high
        made.clicked.connect(self._on_span_chosen)
        made.activated.connect(self._on_span_chosen)
        return made

    def _assemble(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.surface, 1)
        head.addWidget(self.about)
        column = QVBoxLayout(self)
        bleed = MARGIN_PX - BLEED_PX
        column.setContentsMargins(bleed, 14, bleed, 12)
        column.setSpacing(4)
        column.addLayout(_indented(head))
        column.addLayout(_indented(self.source))
        column.addSpacing(6)
        column.addLayout(_indented(self.memory))
        column.addLayout(_indented(self.facts))
        column.addSpacing(14)
        column.addLayout(_indented(_section("Labels")))
        column.addWidget(self.labels)
        column.addWidget(self.doubts)
        column.addSpacing(14)
        column.addLayout(_indented(self.count))
        column.addWidget(self.list, 1)
        column.addSpacing(12)
        column.addLayout(_indented(self._guideline_head))
        column.addLayout(_indented(self.guideline))

    def _refresh_list(self) -> None:
        scrolled = self.list.verticalScrollBar().value()
        self.spans.show(self._doc, self._scheme)
        self.list.verticalScrollBar().setValue(scrolled)
        total = len(self._doc.spans) if self._doc else 0
        left = self._doc.spans.undecided if self._doc else 0
        words = f"Spans · {total:,}" + (f", {left:,} to decide" if left else "")
        self.count.setText(words if self._doc else "")
        self._mark_in_list(self._current)

    def _mark_in_list(self, span_id: str | None) -> None:
        place = self.spans.find_place(span_id) if span_id else None
        if place is None:
            self.list.selectionModel().clear()
            return
        index = self.spans.index(place)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index)

    def _on_span_chosen(self, index: QModelIndex) -> None:
        span = index.data(SPAN_ROLE)
        if isinstance(span, Span):
            self.span_chosen.emit(span.id)


def state_of(span: Span) -> str:
    """Whether a span is decided, and a suggestion's score: ``suggested · .65``."""
    if span.decided:
        return "decided"
    return f"suggested · {score_text(span.score)}" if span.score is not None else "suggested"


def _section(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("section", True)
    return label


def _indented(inner: QWidget | QHBoxLayout) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(BLEED_PX, 0, BLEED_PX, 0)
    if isinstance(inner, QWidget):
        row.addWidget(inner)
    else:
        row.addLayout(inner)
    return row
