"""Review: how far annotators agree: pairs, labels, kinds of differences, what is hardest, agreement over time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

import annotator as package
from annotator.agreement.confusion import NOTHING
from annotator.ui.agreement.chart import TimeChart
from annotator.ui.agreement.grid import Grid
from annotator.ui.agreement.pictures import FILTERS, Picture, write_report
from annotator.ui.agreement.side import AgreementSide
from annotator.ui.agreement.words import confusion_cells, find_document, headline, pair_cells, tables
from annotator.ui.naming import named
from annotator.ui.page_style import page_stylesheet
from annotator.ui.pages import Page
from annotator.ui.panels.centred_words import CentredWords
from annotator.ui.tasks import Finished, Outcome, Task
from annotator.ui.theme import LIGHT, Theme
from annotator.workflows.adjudication_bench import Item
from annotator.workflows.agreeing import AgreementRequest
from annotator.workflows.agreement_review import Review
from annotator.workflows.feedback import Feedback
from annotator.workflows.feedback_page import feedback_html
from annotator.workflows.file_names import as_file_part, write_whole

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

FLUSH_S = 5.0
EMPTY, FIGURES, FEEDBACK = range(3)


class AgreementPage(Page):
    """Ctrl+6."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._theme: Theme = LIGHT
        self._task: Task | None = None
        self.review: Review | None = None
        self._measured_at = datetime.now().astimezone()
        self.side = AgreementSide()
        self.feedback = QTextBrowser()
        self.feedback_page = ""
        self.title, self.below = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.pairs, self.confusion = Grid("Agreement of pairs"), Grid("Labels that met")
        self.chart = TimeChart()
        self.over_time = QLabel("Over time: exact F1 by when a document was finished")
        self.tables = QTextBrowser()
        self.empty = CentredWords()
        self.body = QStackedWidget()
        self._assemble()
        self._connect()

    @property
    def is_measuring(self) -> bool:
        """Whether figures are being reckoned."""
        return self._task is not None

    def enter(self) -> None:
        if self._window.project is not None:
            self.side.show_layers([layer.name for layer in self._window.project.scheme().layers])
        if self.review is None:
            self.run()
        else:
            self.pairs.setFocus()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setStyleSheet(page_stylesheet(theme))
        for part in (self.pairs, self.confusion, self.chart):
            part.set_theme(theme)
        self._show_tables()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tables()

    def run(self) -> None:
        """Measure in the background."""
        window = self._window
        if self._task is not None or window.project is None or window.session is None:
            return
        window.session.saver.flush(FLUSH_S)
        project = window.project
        request = AgreementRequest(layer=self.side.chosen_layer, samples=self.side.samples.value())
        self._task = window.tasks.start("Measuring agreement", lambda progress: project.review(request, progress))
        self._task.ended.connect(self._on_measured)

    def write(self, path: Path) -> None:
        """Write the report as what the ending of ``path`` says; while feedback is shown, that."""
        if self.body.currentIndex() == FEEDBACK:
            write_whole(path, self.feedback_page)
            self._window.say(f"Written: {path}")
            return
        if self.review is not None:
            pictures: list[Picture] = [self.pairs, self.confusion, *([self.chart] if self.chart.isVisible() else [])]
            for picture in pictures:
                picture.set_theme(LIGHT)  # paper is white
            try:
                write_report(path, self.review.report, self._heading(), self._made(), pictures)
            finally:
                for picture in pictures:
                    picture.set_theme(self._theme)
            self._window.say(f"Written: {path}")

    def _on_measured(self, _task_id: int, outcome: Outcome) -> None:
        self._task = None
        if not isinstance(outcome, Finished):
            self._show_empty("Nothing was measured", self._window.offers.tell_why(outcome))
            return
        review: Review = outcome.value
        self.review, self._measured_at = review, datetime.now().astimezone()
        if not review.report.documents:
            self._show_empty(
                "No document was annotated by two people yet",
                "Assign documents to several annotators, collect what they did, and measure again.",
            )
            return
        self._show_review()
        self.side.show_names(review.report.annotators)
        self.side.export.setEnabled(True)
        self.body.setCurrentIndex(FIGURES)
        self.pairs.setFocus()

    def _on_name_chosen(self, at: int) -> None:
        project = self._window.project
        if at <= 0 or project is None or self._task is not None:
            self.body.setCurrentIndex(FIGURES if self.review is not None else EMPTY)
            return
        name = self.side.feedback_of.itemText(at)
        work = self._window.tasks.start(
            f"Comparing {name} with gold", lambda progress: project.feedback(name, progress)
        )
        self._task = work
        work.ended.connect(self._on_compared)

    def _on_compared(self, _task_id: int, outcome: Outcome) -> None:
        self._task = None
        if not isinstance(outcome, Finished):
            self._show_empty("There is no feedback yet", self._window.offers.tell_why(outcome))
            return
        found: Feedback = outcome.value
        heading = f"Feedback for {found.annotator}"
        style = f"body {{ color: {self._theme.text}; }} a {{ color: {self._theme.accent}; }}"
        self.feedback.setHtml(feedback_html(found, heading, style=style, has_links=True))
        self.feedback_page = feedback_html(found, heading)
        self.body.setCurrentIndex(FEEDBACK)
        self.feedback.setFocus()

    def _show_review(self) -> None:
        review = self.review
        if review is None or not review.report.documents:
            return
        report = review.report
        self.title.setText(headline(report))
        at = f"{self._measured_at:%H:%M}"
        names = ", ".join(report.annotators)
        self.below.setText(f"Measured at {at} · {report.documents:,} documents · layer {report.layer} · {names}")
        people = report.annotators
        self.pairs.show_cells(people, people, pair_cells(report, str(self.side.measure.currentData())))
        confusion = report.confusion
        self.confusion.show_cells(confusion.rows, confusion.columns, confusion_cells(report))
        self.chart.show_periods(review.periods)
        for part in (self.chart, self.over_time):
            part.setVisible(len(review.periods) > 1)
        self._show_tables()

    def _show_tables(self) -> None:
        if self.review is not None:
            self.tables.setHtml(tables(self.review, self._theme))
            self.tables.document().setTextWidth(max(self.tables.viewport().width(), 600))
            self.tables.setFixedHeight(round(self.tables.document().size().height()) + 12)

    def _show_empty(self, title: str, words: str) -> None:
        self.empty.say(title, words)
        self.body.setCurrentIndex(EMPTY)

    def _on_pair_chosen(self, row: int, column: int) -> None:
        if self.review is not None:
            one, other = (self.review.report.annotators[at] for at in (row, column))
            self._adjudicate(lambda item: _differ(item, one, other), f"Where {one} and {other} differ")

    def _on_confusion_chosen(self, row: int, column: int) -> None:
        if self.review is None or self._window.project is None:
            return
        names = [self.review.report.confusion.rows[at] for at in (row, column)]
        scheme = self._window.project.scheme()

        def met(item: Item) -> bool:
            layer = item.place.layer
            told = [
                {scheme.name_of(said.label, layer) for said in answer} or {NOTHING}
                for answer in item.place.answers.values()
            ]
            return any(names[0] in one and names[1] in other for one in told for other in told if one is not other)

        self._adjudicate(met, f"Where {names[0]} met {names[1]}")

    def _adjudicate(self, is_wanted: Callable[[Item], bool], words: str) -> None:
        page = self._window.pages.show("adjudication")
        if page is not None:
            page.show_only(is_wanted, words)  # type: ignore[attr-defined]

    def _on_link(self, url: object) -> None:
        key, start, end = find_document(url)
        if start < end:
            self._window.go_to(key, start, end)
        else:
            self._window.open_document(key)
        self._window.commands.show_page("article")

    def _on_export(self) -> None:
        is_feedback = self.body.currentIndex() == FEEDBACK
        name = f"feedback-{as_file_part(self.side.feedback_of.currentText())}.html" if is_feedback else "agreement.pdf"
        filters = "Page (*.html)" if is_feedback else FILTERS
        path, _ = QFileDialog.getSaveFileName(self, "Export", name, filters)
        if path:
            with self._window.saying_faults():
                self.write(Path(path))

    def _heading(self) -> str:
        project = self._window.project
        return f"Agreement in {Path(project.location).stem}" if project else "Agreement"

    def _made(self) -> str:
        request = self.review.request if self.review else AgreementRequest()
        today = datetime.now(UTC).date().isoformat()
        drawn = f"{request.samples:,} samples of documents, seed {request.seed}"
        return f"Annotator {package.__version__}, {today}; {drawn}."

    def _connect(self) -> None:
        self.side.again.clicked.connect(self.run)
        self.side.export.clicked.connect(self._on_export)
        self.side.measure.currentIndexChanged.connect(lambda _: self._show_review())
        self.pairs.chosen.connect(self._on_pair_chosen)
        self.confusion.chosen.connect(self._on_confusion_chosen)
        self.tables.anchorClicked.connect(self._on_link)
        self.feedback.anchorClicked.connect(self._on_link)
        self.side.feedback_of.currentIndexChanged.connect(self._on_name_chosen)

    def _assemble(self) -> None:
        self.tables.setOpenLinks(False)
        self.tables.setAccessibleName("Figures")
        self.tables.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.tables.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self.empty)
        self.body.addWidget(self._make_figures())
        self.body.addWidget(self.feedback)
        self.feedback.setOpenLinks(False)
        self.feedback.setAccessibleName("Feedback")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(self.body, 1)

    def _make_figures(self) -> QWidget:
        held = named(QWidget(), "lanes")
        held.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title.setProperty("heading", True)
        self.below.setProperty("dim", True)
        column = QVBoxLayout(held)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self.below)
        parts = (
            (QLabel("Pairs: Enter shows where two differ"), self.pairs),
            (QLabel("Labels that met, over all pairs, each meeting told from both sides"), self.confusion),
            (self.over_time, self.chart),
        )
        for label, part in parts:
            label.setProperty("strong", True)
            column.addSpacing(6)
            column.addWidget(label)
            column.addWidget(part)
        column.addWidget(self.tables)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(held)
        return scroll


def _differ(item: Item, one: str, other: str) -> bool:
    answers = item.place.answers
    return one in answers and other in answers and answers[one] != answers[other]
