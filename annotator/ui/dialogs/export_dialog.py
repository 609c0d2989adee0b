"""Export: choose, see what would be written and what not, write, and find the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from annotator.ui.dialogs.export_form import ExportChoices, ExportForm
from annotator.ui.dialogs.path_field import Choose, choose_folder
from annotator.ui.dialogs.preview import DryRun
from annotator.ui.dialogs.recent_exports import remember_export
from annotator.ui.dialogs.records import Records, Row
from annotator.ui.dialogs.settings import Settings
from annotator.ui.dialogs.sheet import Sheet, plain_button, set_role, text_label
from annotator.ui.dialogs.task_strip import TaskStrip
from annotator.ui.dialogs.words import breakable, counted, reasons_in_words, sentence
from annotator.ui.tasks import Crashed, Failed, Finished, Outcome, Task, Tasks, Work
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.exporting import ExportReport, Loss, LossKind

RESERVED_PX = 84
"""Room kept for the counts, so that they do not push the buttons down when they come."""
LINES_PX = 170
COLUMNS = ("Document", "Characters", "Label", "Why")
WIDTHS_PX = (150, 96, 116)


def loss_rows(report: ExportReport) -> list[Row]:
    """What was left out, as rows of the table."""
    return [(loss.document_id, f"{loss.start:,}–{loss.end:,}", _what(loss), loss.reason) for loss in report.left_out]


def _what(loss: Loss) -> str:
    """``GPE``; of other things what they are, too: ``GPE, note``."""
    kind = "" if loss.kind is LossKind.SPAN else loss.name if loss.kind is LossKind.ATTRIBUTE else loss.kind.value
    return ", ".join(filter(None, (loss.label, kind)))


def _losses_in_words(report: ExportReport) -> str:
    """``37 spans left out``, ``3 spans and 2 other things left out``."""
    spans = sum(loss.kind is LossKind.SPAN for loss in report.left_out)
    others = len(report.left_out) - spans
    parts = [counted(spans, "span")] if spans or not others else []
    parts += [counted(others, "other thing" if spans else "thing")] if others else []
    return f"{' and '.join(parts)} left out"


class ExportDialog(Sheet):
    """``work`` turns a request into what a task runs; ``exported`` tells the report once files are written."""

    exported = Signal(object)

    def __init__(
        self,
        choices: ExportChoices,
        tasks: Tasks,
        work: Callable[[ExportRequest], Work],
        settings: Settings,
        parent: QWidget | None = None,
        *,
        choose: Choose = choose_folder,
    ) -> None:
        super().__init__("Export", "Export", parent, width_px=700)
        self._tasks = tasks
        self._work = work
        self._task: Task | None = None
        self._settings = settings
        self._waiting: list[ExportRequest] = []
        self._reports: list[ExportReport] = []
        self.form = ExportForm(choices, settings, choose)
        self.preview = ExportPreview()
        self.written = WrittenPage()
        self.strip = TaskStrip()
        self._dry_run = DryRun(tasks, self)
        self._assemble_pages()
        self.hold(self.preview.records)
        self.hold(self.written.records)
        self.form.changed.connect(self._on_form_changed)
        self._dry_run.answered.connect(self._on_answered)
        self.go.clicked.connect(self._on_go_clicked)
        self._on_form_changed()

    def _assemble_pages(self) -> None:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(16)
        rows.addWidget(self.form)
        rows.addWidget(self.preview, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(page)
        self.pages.addWidget(self.written)
        self.body.addWidget(self.pages, 1)
        self.body.addWidget(self.strip)

    def _on_form_changed(self) -> None:
        """Count again; until the count is there nothing can be written."""
        self.go.setEnabled(False)
        self.go.setText("Export")
        request = self.form.find_request(is_dry_run=True)
        if request is None:
            self._dry_run.drop()
            self.preview.say(self.form.what_is_missing())
            return
        self.preview.say("Counting…")
        self._dry_run.ask(self._work(request))

    def _on_answered(self, outcome: Outcome) -> None:
        match outcome:
            case Finished(ExportReport() as report):
                self.preview.show_report(report)
                formats = len(self.form.formats.chosen)
                each = f" in {formats} formats" if formats > 1 else ""
                self.go.setText(f"Export {counted(report.documents, 'document')}{each}")
                self.go.setEnabled(report.documents > 0)
            case Failed(error):
                self.preview.say(sentence(str(error)), is_bad=True)
            case Crashed(summary, _):
                self.preview.say(f"The documents could not be counted ({summary}).", is_bad=True)
        self.fit()

    def _on_go_clicked(self) -> None:
        if self._task is not None:
            return
        self._dry_run.drop()
        self._waiting = self.form.find_requests(is_dry_run=False)
        self._reports = []
        self.say("")
        self._start_next()

    def _start_next(self) -> None:
        """Write the next of the chosen formats."""
        if not self._waiting:
            return
        self._task = self._tasks.start("Exporting", self._work(self._waiting.pop(0)), is_shown=False)
        self._task.ended.connect(self._on_export_ended)
        self.strip.watch(self._task)
        self._set_busy(True)

    def _on_export_ended(self, _job_id: int, outcome: Outcome) -> None:
        self._task = None
        self._set_busy(False)
        written = f" {counted(len(self._reports), 'format')} before it were." if self._reports else ""
        match outcome:
            case Finished(ExportReport() as report):
                self._reports.append(report)
                self._start_next()
                if self._task is None:
                    self._show_written(self._reports)
            case Failed(error):
                self.say(sentence(str(error)) + written, is_bad=True)
            case Crashed(summary, _):
                self.say(f"Something unexpected went wrong ({summary}). Nothing was written.{written}", is_bad=True)
            case _:
                self.say(f"Stopped. Nothing was written.{written}")

    def _set_busy(self, is_busy: bool) -> None:
        self.form.setEnabled(not is_busy)
        self.go.setEnabled(not is_busy)
        self.leave.setText("Stop" if is_busy else "Cancel")
        self.leave.setEnabled(True)

    def _show_written(self, reports: list[ExportReport]) -> None:
        self.form.remember()
        self.written.show_reports(reports)
        self.heading.setText(f"Exported {counted(reports[0].documents, 'document')}")
        self.pages.setCurrentWidget(self.written)
        self.go.hide()
        self.leave.setText("Close")
        self.leave.setDefault(True)
        self.leave.setFocus()
        for report in reports:
            if report.manifest is not None:
                remember_export(self._settings, report.manifest)
            self.exported.emit(report)

    def done(self, result: int) -> None:
        """Leave; while files are being written: ask that to stop and stay to say so."""
        if self._task is not None:
            self._task.cancel()
            self.leave.setEnabled(False)
            return
        self._dry_run.drop()
        super().done(result)


class ExportPreview(QWidget):
    """What would be written, and what the format cannot hold."""

    def __init__(self) -> None:
        super().__init__()
        self.line = text_label()
        self.limits = text_label("", "dim")
        self.records = Records(COLUMNS, WIDTHS_PX, "Spans that are left out")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(self.line)
        rows.addWidget(self.limits)
        rows.addWidget(self.records, 100)
        self.toggle, self.lines = plain_button("Show the first lines"), QPlainTextEdit()
        self.toggle.setProperty("role", "link")
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._on_toggled)
        self.lines.setReadOnly(True)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setFixedHeight(LINES_PX)
        self.lines.setAccessibleName("First lines")
        rows.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self.lines)
        rows.addStretch(1)
        self.setMinimumHeight(RESERVED_PX)
        self.records.hide()
        self.toggle.hide()
        self.lines.hide()

    def say(self, text: str, *, is_bad: bool = False) -> None:
        """A sentence in place of counts."""
        set_role(self.line, "bad" if is_bad else "dim")
        self.line.setText(breakable(text))
        self.limits.clear()
        self.records.hide()
        self.toggle.hide()
        self.lines.hide()

    def show_report(self, report: ExportReport) -> None:
        """Counts, losses, and what the format as such cannot hold."""
        set_role(self.line, "")
        self.line.setText(self._in_words(report))
        loses = " ".join(sentence(loss) for loss in report.loses)
        self.limits.setText(f"What this format cannot hold: {loses}" if loses else "This format holds everything.")
        self.records.show_rows(loss_rows(report), _losses_in_words(report))
        self.lines.setPlainText(report.sample)
        self.toggle.setVisible(bool(report.sample))
        self.lines.setVisible(bool(report.sample) and self.toggle.isChecked())

    def _on_toggled(self, is_open: bool) -> None:
        self.toggle.setText(f"{'Hide' if is_open else 'Show'} the first lines")
        self.lines.setVisible(is_open)

    def _in_words(self, report: ExportReport) -> str:
        line = f"{counted(report.documents, 'document')}, {counted(report.spans, 'span')}"
        if report.left_out:
            reasons = reasons_in_words(loss.reason for loss in report.left_out)
            line += f". {_losses_in_words(report)}: {reasons}"
        return line + "."


class WrittenPage(QWidget):
    """The files that were written, and what was left out."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path()
        self.files = text_label()
        self.files.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.files.setAccessibleDescription("Files that were written")
        self.summary = text_label("", "dim")
        self.open_button = plain_button("Open folder")
        self.open_button.clicked.connect(self.open_folder)
        self.records = Records(COLUMNS, WIDTHS_PX, "Spans that were left out")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        self.proof = text_label("", "dim")
        rows.addWidget(self.summary)
        rows.addWidget(self.files)
        rows.addWidget(self.proof)
        rows.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self.records, 100)
        rows.addStretch(1)

    def show_reports(self, reports: list[ExportReport]) -> None:
        """Name every file, the manifest and the card after their data; and say whether they came back the same."""
        paths = [path for one in reports for path in (*one.files, one.manifest, one.card) if path is not None]
        self._folder = paths[0].parent if paths else Path()
        self.files.setText("\n".join(path.name for path in paths))
        self.summary.setText(f"{counted(reports[0].spans, 'span')} in {breakable(str(self._folder))}")
        proofs = [f"{one.proof.in_words[0].upper()}{one.proof.in_words[1:]}." for one in reports]
        set_role(self.proof, "bad" if any(one.proof.differences for one in reports) else "dim")
        self.proof.setText("\n".join(proofs))
        rows = [row for one in reports for row in loss_rows(one)]
        self.records.show_rows(rows, " and ".join(_losses_in_words(one) for one in reports if one.left_out))

    def open_folder(self) -> None:
        """Show the files in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
