"""The strip at the bottom of the window (and of dialogs): what runs, how far it is, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from annotator.ui.dialogs.words import how_far_in_words
from annotator.ui.tasks import HowFar, Outcome, Task, Tasks

FINE_STEPS = 1000


class TaskStrip(QWidget):
    """Shows one task at a time, the oldest first; hidden while nothing runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("task_strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Work in the background")
        self._waiting: list[Task] = []
        self.line = QLabel()
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(120, 4)
        self.bar.setRange(0, FINE_STEPS)
        self.cancel = QPushButton("Cancel")
        self.cancel.setProperty("role", "link")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self._on_cancel_clicked)
        self._assemble()
        self.hide()

    def follow(self, tasks: Tasks) -> None:
        """Show every task of ``tasks`` that wants to be shown."""
        tasks.started.connect(self.watch)

    def watch(self, task: Task) -> None:
        """Show this task until it ends."""
        self._waiting.append(task)
        task.progressed.connect(self._on_progressed)
        task.ended.connect(self._on_ended)
        self._refresh()

    def _assemble(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(12)
        row.addWidget(self.line, 1)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)

    def _refresh(self) -> None:
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            return
        task = self._waiting[0]
        self.line.setText(self._in_words(task))
        self.bar.setAccessibleName(task.title)
        self.cancel.setAccessibleName(f"Cancel {task.title.lower()}")
        self.cancel.setEnabled(not task.is_cancelling)
        self._set_bar(task.how_far)

    def _in_words(self, task: Task) -> str:
        parts = [task.title, "stopping…" if task.is_cancelling else how_far_in_words(task.how_far)]
        if len(self._waiting) > 1:
            parts.append(f"{len(self._waiting) - 1} more")
        return " · ".join(filter(None, parts))

    def _set_bar(self, how_far: HowFar | None) -> None:
        total = how_far.total if how_far else None
        self.bar.setVisible(bool(total))  # no restless bar where the end is not known
        if how_far and total:
            self.bar.setValue(how_far.done * FINE_STEPS // total)

    def _on_progressed(self) -> None:
        self._refresh()

    def _on_ended(self, job_id: int, _outcome: Outcome) -> None:
        self._waiting = [task for task in self._waiting if task.id != job_id]
        self._refresh()

    def _on_cancel_clicked(self) -> None:
        if self._waiting:
            self._waiting[0].cancel()
            self._refresh()
