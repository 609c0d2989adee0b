"""The search page: one field for what to find, the places below. `domain.query_reading` reads what is typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.errors import UserError
from annotator.domain.labels import LabelScheme
from annotator.domain.query_text import quoted
from annotator.ui.naming import named
from annotator.ui.page_style import page_stylesheet
from annotator.ui.pages import Page
from annotator.ui.panels.kwic_panel import KwicPanel
from annotator.ui.query_filters import QueryFilters
from annotator.ui.tasks import Finished, Outcome
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

PAUSE_MS = 250
MOST_RECENT, SHOWN_RECENT = 20, 6
RECENT = "search/recent"
WORDS_PX = 520


class QueryField(QLineEdit):
    """Enter searches at once, Down goes to the places, Escape leaves."""

    went_down = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.went_down.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SearchPage(Page):
    """Ctrl+2 and Ctrl+F. `search_for` is for whoever wants places shown."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        assert window.project is not None
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._searcher = window.project.searcher(window.annotator)
        self._scheme = LabelScheme("none")
        self._searched = ""
        self._is_prepared = False
        self.field = named(QueryField(), "query")
        self.field.setPlaceholderText("Words, “a phrase”, /regular expression/, label:GPE, score:<.6 …")
        self.field.setAccessibleName("Search the corpus")
        self.field.setClearButtonEnabled(True)
        self.fault = QLabel(wordWrap=True)
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.fault.setProperty("bad", True)
        self.fault.hide()
        self.filters = QueryFilters(self.field.text, self._write)
        self.panel = KwicPanel(window, self._searcher)
        self.start = SearchStart()
        self.nothing = QLabel(wordWrap=True)
        self.nothing.setProperty("dim", True)
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.nothing.setContentsMargins(40, 60, 40, 0)
        self.body = QStackedWidget()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._assemble()
        self._connect()

    def search_for(self, query: str) -> None:
        """Type a query and search for it at once."""
        self._write(query, len(query))
        self._search()

    def enter(self) -> None:
        self.refresh()
        if self.panel.table.hits.hits:
            self.panel.focus_table()
        else:
            self.field.setFocus()

    def focus_field(self) -> None:
        """Type another query."""
        self.field.setFocus()
        self.field.selectAll()

    def refresh(self) -> None:
        session = self._window.session
        if session is None:
            return
        if session.scheme != self._scheme:
            self._scheme = session.scheme
            self.filters.show_scheme(self._scheme)
        self.panel.show_scheme()
        self._show_start()
        self.panel.renew()

    def set_theme(self, theme: Theme) -> None:
        self.setStyleSheet(page_stylesheet(theme))
        self.panel.set_theme(theme)

    def _write(self, query: str, cursor: int) -> None:
        self.field.setText(query)
        self.field.setCursorPosition(cursor)
        self.field.setFocus()

    def _on_typed(self, typed: str) -> None:
        self.filters.show_query()
        if "/" in typed and not self._is_prepared:
            self._is_prepared = True
            self._window.tasks.start("Preparing", lambda _: self._searcher.prepare_for_regex(), is_shown=False)
        self._pause.start()

    def _search(self) -> None:
        """Find what is typed, unless that was done already."""
        self._pause.stop()
        typed = self.field.text().strip()
        if typed == self._searched:
            return
        self._searched = typed
        if not typed:
            self._show_fault("")
            self.panel.forget()
            self._show_start()
            self.body.setCurrentWidget(self.start)
            return
        try:
            query = self._searcher.read(typed)
        except UserError as fault:
            self._show_fault(str(fault))
            self.panel.stop()
            return
        self._show_fault("")
        self.panel.search(query)
        self.body.setCurrentWidget(self.panel)

    def _show_fault(self, sentence: str) -> None:
        self.fault.setText(sentence[:1].upper() + sentence[1:])
        self.fault.setVisible(bool(sentence))
        if bool(self.field.property("bad")) != bool(sentence):
            self.field.setProperty("bad", bool(sentence))
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)

    def _show_start(self) -> None:
        self.start.show_queries(examples(self._scheme), self._recent()[:SHOWN_RECENT])

    def _recent(self) -> list[str]:
        try:
            held = json.loads(self._window.settings.value(RECENT, "[]"))
        except ValueError:
            return []
        return [one for one in held if isinstance(one, str)] if isinstance(held, list) else []

    def _remember(self) -> None:
        """Keep the query for another time; one that was only on the way to it goes."""
        typed = self._searched
        others = [one for one in self._recent() if not typed.startswith(one)]
        self._window.settings.set_value(RECENT, json.dumps([typed, *others][:MOST_RECENT]))

    def _on_search_ended(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Finished):
            return
        if self.panel.table.hits.hits:
            self._remember()
            return
        self.nothing.setText(f"Nothing in the corpus matches {self._searched}")
        self.body.setCurrentWidget(self.nothing)

    def _on_returned(self) -> None:
        self._search()
        if not self.fault.isVisible() and self.body.currentWidget() is self.panel:
            self.panel.focus_table()

    def _connect(self) -> None:
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_returned)
        self.field.went_down.connect(self._on_returned)
        self.field.left.connect(self.left)
        self._pause.timeout.connect(self._search)
        self.panel.ended.connect(self._on_search_ended)
        self.panel.left.connect(self.left)
        self.start.chosen.connect(self._on_example_chosen)

    def _on_example_chosen(self, query: str) -> None:
        self.search_for(query)
        self.panel.focus_table()

    def _assemble(self) -> None:
        head = named(QWidget(), "page_head")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        below = QHBoxLayout()
        below.addWidget(self.filters)
        self.panel.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        below.addWidget(self.panel.count, 1)
        rows = QVBoxLayout(head)
        rows.setContentsMargins(16, 14, 16, 8)
        rows.setSpacing(7)
        rows.addWidget(self.field)
        rows.addWidget(self.fault)
        rows.addLayout(below)
        for part in (self.start, self.panel, self.nothing):
            self.body.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.body, 1)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.text() == "/":
            event.accept()  # else the window would go to the filter of the documents
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "/":
            self.focus_field()
        else:
            super().keyPressEvent(event)


class SearchStart(QWidget):
    """What stands in place of the places before anything is searched. ``chosen`` carries a query."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 40, 40, 20)
        inner = QHBoxLayout()
        inner.addStretch(1)
        box = QWidget()
        box.setMaximumWidth(WORDS_PX + 160)
        box.setMinimumWidth(WORDS_PX)
        box.setLayout(self._rows)
        inner.addWidget(box)
        inner.addStretch(1)
        column.addLayout(inner)
        column.addStretch(1)
        self._shown: tuple[object, ...] = ()

    def show_queries(self, sample: list[tuple[str, str]], recent: list[str]) -> None:
        """Offer examples, (query, what it finds), and the last queries."""
        if self._shown == (wanted := (tuple(sample), tuple(recent))):
            return
        self._shown = wanted
        _clear(self._rows)
        heading = QLabel("Search the corpus")
        heading.setProperty("heading", True)
        self._rows.addWidget(heading)
        words = QLabel("Find words and spans in all documents, see each in its context, correct one or many.")
        words.setProperty("dim", True)
        words.setWordWrap(True)
        self._rows.addWidget(words)
        self._rows.addSpacing(14)
        for query, meaning in sample:
            self._rows.addLayout(self._line(query, meaning))
        if recent:
            self._rows.addSpacing(14)
            lately = QLabel("Lately")
            lately.setProperty("dim", True)
            self._rows.addWidget(lately)
            for query in recent:
                self._rows.addLayout(self._line(query, ""))

    def _line(self, query: str, meaning: str) -> QHBoxLayout:
        button = named(QPushButton(query), "link")
        button.setAccessibleName(f"Search for {query}" + (f": {meaning}" if meaning else ""))
        button.clicked.connect(lambda: self.chosen.emit(query))
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        if meaning:
            label = QLabel(meaning)
            label.setProperty("dim", True)
            label.setFixedWidth(330)
            row.addWidget(label)
        return row


def examples(scheme: LabelScheme) -> list[tuple[str, str]]:
    """Queries to begin with, in the words of a scheme, and what each finds."""
    labels = [quoted(label.name) for _, label in scheme.labels] or ["GPE"]
    first, second = labels[0], labels[min(1, len(labels) - 1)]
    return [
        ("minister", "words that begin so"),
        ('"New York"', "exactly these words"),
        (f"label:{first}", f"every {first} span"),
        (f'text:"Washington" -label:{first}', f"spans of this string that are not {first}"),
        ("score:<.6 is:suggestion", "suggestions the pipeline was unsure of"),
        ("Washington is:unlabelled status:done", "words left without a label in documents that are done"),
        (r"/\bthe [A-Z]\w+/ " + f"label:{second}", f"{second} spans where a regular expression matches"),
        ("note:check", "spans and documents with a note about this"),
    ]


def _clear(layout: QVBoxLayout | QHBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (held := item.widget()) is not None:
            held.deleteLater()
        elif isinstance(inner := item.layout(), QHBoxLayout):
            _clear(inner)
