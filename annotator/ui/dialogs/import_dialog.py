"""Import: choose files, see what would be taken and what not and why, take it, and keep the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from annotator.ui.dialogs import settings as keys
from annotator.ui.dialogs.choice_box import ChoiceBox
from annotator.ui.dialogs.column_choice import ColumnChoice
from annotator.ui.dialogs.first_documents import FirstDocuments
from annotator.ui.dialogs.label_map import LabelMap
from annotator.ui.dialogs.preview import DryRun
from annotator.ui.dialogs.records import Records, Row
from annotator.ui.dialogs.settings import Settings
from annotator.ui.dialogs.sheet import Rows, Sheet, set_role, text_label
from annotator.ui.dialogs.sources import Sources
from annotator.ui.dialogs.task_strip import TaskStrip
from annotator.ui.dialogs.words import breakable, counted, sentence
from annotator.ui.tasks import Crashed, Failed, Finished, Outcome, Task, Tasks, Work
from annotator.ui.theme import LIGHT, Theme
from annotator.workflows.format_list import FormatInfo
from annotator.workflows.import_request import ImportReport, ImportRequest

COLUMNS = ("File", "Line", "Why")
WIDTHS_PX = (200, 60)
NEWLINES: tuple[tuple[str, Literal["keep", "lf"]], ...] = (
    ("Keep as they are", "keep"),
    ("Turn into LF (Unix)", "lf"),
)


def rejected_rows(report: ImportReport) -> list[Row]:
    """What was not taken, as rows of the table."""
    return [(one.path, f"{one.line:,}", one.reason) for one in report.rejected]


def remark_rows(report: ImportReport) -> list[Row]:
    """What was taken, but not as it stood, as rows of the table."""
    return [(one.path, f"{one.line:,}", one.what) for one in report.remarks]


def report_in_words(report: ImportReport) -> str:
    """``200 articles with 812 spans, 3 duplicates, 2 rejected.``"""
    parts = [counted(report.accepted, "article")]
    if report.spans:
        parts[0] += f" with {counted(report.spans, 'span')}"
    if report.suggestions:
        parts.append(counted(report.suggestions, "suggestion"))
    if report.duplicates:
        parts.append(f"{counted(report.duplicates, 'duplicate')} passed over")
    if report.rejected:
        parts.append(f"{len(report.rejected):,} rejected")
    return ", ".join(parts) + "."


class ImportForm(QWidget):
    """The fields. ``changed`` comes with every change; `find_request` says what they ask for."""

    changed = Signal()

    def __init__(
        self,
        sources: Sources,
        formats: tuple[FormatInfo, ...],
        settings: Settings,
        default_annotator: str = "imported",
        labels: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.labels = LabelMap(labels, settings)
        self.columns = ColumnChoice(settings)
        self._default_annotator = default_annotator
        self._settings = settings
        self.sources = sources
        self.format = ChoiceBox()
        self.format.addItem("Guess from each file", None)
        for one in formats:
            if one.reads:
                self.format.addItem(f"{one.title} ({one.extension})", one.name)
        self.newlines = ChoiceBox()
        for words, value in NEWLINES:
            self.newlines.addItem(words, value)
        self.newlines.setCurrentIndex(max(self.newlines.findData(settings.value(keys.IMPORT_NEWLINES, "keep")), 0))
        self.annotator = QLineEdit()
        self.annotator.setPlaceholderText(f"Whoever the file names, else {default_annotator}")
        self._assemble()

    def find_request(self, *, is_dry_run: bool) -> ImportRequest | None:
        """What the fields ask for; None while nothing is chosen."""
        if not self.sources.paths:
            return None
        return ImportRequest(
            sources=tuple(str(path) for path in self.sources.paths),
            format=self.format.currentData(),
            annotator=self.annotator.text().strip() or None,
            default_annotator=self._default_annotator,
            newlines=self.newlines.currentData(),
            is_dry_run=is_dry_run,
            labels=dict(self.labels.labels),
            columns=self.columns.columns,
            new_labels=self.labels.new_labels,
            is_remembered=self.labels.remember.isChecked(),
        )

    def remember(self) -> None:
        """Keep the choices that the next import most likely shares."""
        self.labels.keep()
        self._settings.set_value(keys.IMPORT_FOLDER, self.sources.start_folder)
        self._settings.set_value(keys.IMPORT_NEWLINES, self.newlines.currentData())
        self.columns.remember()

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("Format", self.format)
        rows.add("Line ends", self.newlines)
        rows.add("Labels by", self.annotator)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(18)
        whole.addWidget(self.sources)
        whole.addLayout(rows)
        whole.addWidget(self.columns)
        whole.addWidget(self.labels)
        self.sources.changed.connect(self._on_sources_changed)
        self.labels.changed.connect(self.changed)
        self.columns.changed.connect(self.changed)
        self.format.currentIndexChanged.connect(self.changed)
        self.newlines.currentIndexChanged.connect(self.changed)
        self.annotator.textChanged.connect(self.changed)

    def _on_sources_changed(self) -> None:
        self.labels.forget()
        self.columns.forget()
        self.changed.emit()


class ImportDialog(Sheet):
    """``work`` turns a request into what a task runs; ``imported`` tells the report once all is stored."""

    imported = Signal(object)

    def __init__(
        self,
        form: ImportForm,
        tasks: Tasks,
        work: Callable[[ImportRequest], Work],
        parent: QWidget | None = None,
        theme: Theme = LIGHT,
    ) -> None:
        super().__init__("Import", "Import", parent)
        self._tasks = tasks
        self._work = work
        self._task: Task | None = None
        self.form = form
        self.line = text_label()
        self.records = Records(COLUMNS, WIDTHS_PX, "Rejected records")
        self.records.hide()
        self.hold(self.records)
        self.remarks = Records(COLUMNS, WIDTHS_PX, "What was changed")
        self.remarks.hide()
        self.hold(self.remarks)
        self.first_documents = FirstDocuments(theme)
        self.strip = TaskStrip()
        self._dry_run = DryRun(tasks, self)
        for widget in (self.form, self.line, self.records, self.remarks, self.first_documents, self.strip):
            self.body.addWidget(widget)
        self.body.setStretchFactor(self.records, 100)
        self.body.addStretch(1)
        self.form.changed.connect(self._on_form_changed)
        self._dry_run.answered.connect(self._on_answered)
        self.go.clicked.connect(self._on_go_clicked)
        self._on_form_changed()

    def _on_form_changed(self) -> None:
        """Look again; until the answer is there nothing can be imported."""
        self.go.setEnabled(False)
        self.go.setText("Import")
        self.records.show_rows((), "")
        self.remarks.show_rows((), "")
        request = self.form.find_request(is_dry_run=True)
        if request is None:
            self._dry_run.drop()
            self.first_documents.show_documents(())
            self._tell("Files, folders and archives of any format listed. Nothing is changed in your files.", "dim")
            return
        self._tell("Reading…", "dim")
        self._dry_run.ask(self._work(request))

    def _on_answered(self, outcome: Outcome) -> None:
        match outcome:
            case Finished(ImportReport() as report):
                self._show_report(report)
                self.form.labels.learn(report.unknown_labels)
                if report.table is not None:
                    self.form.columns.learn(report.table.columns, report.table.text)
                self.first_documents.show_documents(report.first)
                self.fit()
                self.go.setText(f"Import {counted(report.accepted, 'article')}")
                self.go.setEnabled(report.accepted > 0)
            case Failed(error):
                self._tell(sentence(str(error)), "bad")
            case Crashed(summary, _):
                self._tell(f"The files could not be read ({summary}).", "bad")

    def _on_go_clicked(self) -> None:
        request = self.form.find_request(is_dry_run=False)
        if self._task is not None or request is None:
            return
        self._dry_run.drop()
        self._task = self._tasks.start("Importing", self._work(request), is_shown=False)
        self._task.ended.connect(self._on_import_ended)
        self.strip.watch(self._task)
        self._set_busy(True)
        self.say("")

    def _on_import_ended(self, _job_id: int, outcome: Outcome) -> None:
        self._task = None
        self._set_busy(False)
        match outcome:
            case Finished(ImportReport() as report):
                self._show_imported(report)
            case Failed(error):
                self.say(sentence(str(error)), is_bad=True)
            case Crashed(summary, _):
                self.say(f"Something unexpected went wrong ({summary}).", is_bad=True)
            case _:
                self.say("Stopped. What was imported by then is kept.")
                self._on_form_changed()

    def _show_imported(self, report: ImportReport) -> None:
        self.form.remember()
        self.form.hide()
        self.heading.setText(f"Imported {counted(report.accepted, 'article')}")
        self._show_report(report)
        self.go.hide()
        self.leave.setText("Close")
        self.leave.setDefault(True)
        self.leave.setFocus()
        self.imported.emit(report)

    def _show_report(self, report: ImportReport) -> None:
        self._tell(report_in_words(report), "")
        self.records.show_rows(rejected_rows(report), counted(len(report.rejected), "rejected record"))
        self.remarks.show_rows(remark_rows(report), counted(len(report.remarks), "remark"))

    def _tell(self, text: str, role: str) -> None:
        set_role(self.line, role)
        self.line.setText(breakable(text))
        self.fit()

    def _set_busy(self, is_busy: bool) -> None:
        self.form.setEnabled(not is_busy)
        self.go.setEnabled(not is_busy)
        self.leave.setText("Stop" if is_busy else "Cancel")
        self.leave.setEnabled(True)

    def done(self, result: int) -> None:
        """Leave; while an import runs: ask it to stop and stay to say so."""
        if self._task is not None:
            self._task.cancel()
            self.leave.setEnabled(False)
            return
        self._dry_run.drop()
        super().done(result)


def import_dialog(
    formats: tuple[FormatInfo, ...],
    tasks: Tasks,
    work: Callable[[ImportRequest], Work],
    settings: Settings,
    annotator: str,
    parent: QWidget | None = None,
    *,
    guess_format: Callable[[Path], str] = lambda _: "",
    paths: tuple[Path, ...] = (),
) -> ImportDialog:
    """The dialog with ``paths`` chosen already (files dropped on the window).

    ``annotator`` gets the labels of files that name nobody.
    """
    sources = Sources(guess_format, start_folder=settings.value(keys.IMPORT_FOLDER, ""))
    dialog = ImportDialog(ImportForm(sources, formats, settings, annotator), tasks, work, parent)
    sources.add(paths)
    return dialog
