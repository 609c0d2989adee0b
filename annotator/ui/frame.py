"""Where everything is in the window: columns, article, pages, lines. Knows nothing of projects."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from annotator.ui.announcing import announce
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.dialogs.task_strip import TaskStrip
from annotator.ui.dialogs.welcome import WelcomePage
from annotator.ui.empty_page import EmptyPage, EmptyState
from annotator.ui.guidelines.column import WIDTH_PX as GUIDELINES_PX
from annotator.ui.guidelines.column import GuidelineColumn
from annotator.ui.guidelines.placing import Placing
from annotator.ui.naming import named
from annotator.ui.panels.documents import DocumentsPanel
from annotator.ui.panels.hint_line import HintLine
from annotator.ui.panels.inspector import InspectorPanel
from annotator.ui.panels.second_view import SecondView
from annotator.ui.settings import WindowSettings
from annotator.ui.theme import Theme

DOCUMENTS_PX, ARTICLE_PX, INSPECTOR_PX = 264, 830, 295
LEAST_ARTICLE_PX = 280


class Frame(QWidget):
    """The window's central widget."""

    def __init__(self, recent: Sequence[str]) -> None:
        super().__init__()
        self.canvas = AnnotationCanvas()
        self.documents = DocumentsPanel()
        self.inspector = InspectorPanel()
        self.guidelines = GuidelineColumn()
        self.placing = Placing(self, self.guidelines, self.inspector)
        self.hint_line = HintLine()
        self.strip = TaskStrip()
        self.empty = EmptyPage()
        self.welcome = WelcomePage(recent)
        self.notice = named(QLabel(wordWrap=True), "notice")
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.notice.hide()
        self.middle = QStackedWidget()
        self.middle.addWidget(self.canvas)
        self.middle.addWidget(self.empty)
        self.second = SecondView()
        self.pair = self._make_pair()
        self.splitter = self._make_splitter()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.welcome)
        self.stack.addWidget(self.splitter)
        column = _tight_column(self)
        column.addWidget(self.stack, 1)
        column.addWidget(self.notice)
        column.addWidget(self.strip)

    def show_welcome(self) -> None:
        """The page of a window without a project."""
        self.stack.setCurrentWidget(self.welcome)

    def show_article(self) -> None:
        """The open document."""
        self._show_columns()
        self.middle.setCurrentWidget(self.canvas)

    def show_empty(self, state: EmptyState) -> None:
        """Words in place of a document."""
        self._show_columns()
        self.empty.show_state(state)
        self.middle.setCurrentWidget(self.empty)

    def add_page(self, page: QWidget) -> None:
        """Take a full page in."""
        self.stack.addWidget(page)

    def show_page(self, page: QWidget) -> None:
        """Show a full page in place of the columns."""
        self.notice.hide()
        self.stack.setCurrentWidget(page)

    def remove_page(self, page: QWidget) -> None:
        """Let a page go."""
        self.stack.removeWidget(page)

    def say(self, text: str, *, is_bad: bool) -> None:
        """A sentence in the line at the bottom, or under the welcome page."""
        if self.stack.currentWidget() is self.splitter:
            self.hint_line.say(text, is_bad=is_bad)
        else:
            self.notice.setProperty("bad", is_bad)
            self.notice.style().unpolish(self.notice)
            self.notice.style().polish(self.notice)
            self.notice.setText(text)
            if self.notice.property("bad") != is_bad:
                self.notice.setProperty("bad", is_bad)
                self.notice.style().polish(self.notice)
            announce(self.notice, text, is_urgent=is_bad)
            self.notice.show()

    def set_theme(self, theme: Theme) -> None:
        """Colours of everything that draws itself; the rest has the style sheet."""
        self.canvas.set_theme(theme)
        self.documents.set_theme(theme)
        self.inspector.set_theme(theme)
        self.second.set_theme(theme)
        self.guidelines.set_theme(theme)

    def go_to_pane(self, step: int) -> None:
        """Move the focus on: article, second article, documents, filter, spans, guideline."""
        panes = [self.canvas, self.second.canvas, self.documents.list, self.documents.filter, self.inspector.list,
            self.guidelines.browser]  # fmt: skip
        shown = [pane for pane in panes if pane.isVisible()]
        place = next((place for place, pane in enumerate(shown) if pane.hasFocus()), -1)
        if shown:
            shown[(place + step) % len(shown)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keep(self, settings: WindowSettings) -> None:
        """Remember the columns."""
        settings.set_blob("window/columns", self.splitter.saveState())
        settings.set_value("window/documents_hidden", self.documents.isHidden())
        settings.set_value("window/inspector_hidden", self.inspector.isHidden() and not self.placing.has_replaced)
        settings.set_value("window/guidelines_shown", self.placing.is_wanted)

    def restore(self, settings: WindowSettings) -> None:
        """Show the columns as they were."""
        if (columns := settings.blob("window/columns")) is not None:
            self.splitter.restoreState(columns)
        self.documents.setHidden(settings.value("window/documents_hidden", False))
        self.inspector.setHidden(settings.value("window/inspector_hidden", False))
        self.placing.show(is_wanted=settings.value("window/guidelines_shown", False))

    def _show_columns(self) -> None:
        self.notice.hide()
        self.stack.setCurrentWidget(self.splitter)

    def share_middle(self) -> None:
        """Give both documents the same room, and no less than can be read."""
        self.middle.setMinimumWidth(LEAST_ARTICLE_PX)
        self.second.setMinimumWidth(LEAST_ARTICLE_PX)
        width = self.pair.width()
        self.pair.setSizes([width // 2, width - width // 2])

    def _make_pair(self) -> QSplitter:
        """The open document, and beside it a second one when the view is split."""
        made = QSplitter(Qt.Orientation.Horizontal)
        made.setHandleWidth(1)
        made.setChildrenCollapsible(False)
        made.addWidget(self.middle)
        made.addWidget(self.second)
        return made

    def _make_splitter(self) -> QSplitter:
        centre = QWidget()
        column = _tight_column(centre)
        column.addWidget(self.pair, 1)
        column.addWidget(self.hint_line)
        centre.setMinimumWidth(360)
        made = QSplitter(Qt.Orientation.Horizontal)
        made.setHandleWidth(1)
        made.setChildrenCollapsible(False)
        for panel in (self.documents, centre, self.inspector, self.guidelines):
            made.addWidget(panel)
        made.setStretchFactor(1, 1)
        made.setSizes([DOCUMENTS_PX, ARTICLE_PX, INSPECTOR_PX, GUIDELINES_PX])
        return made


def _tight_column(of: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(of)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
