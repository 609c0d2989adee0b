"""The page of a window without a project: what Annotator is, and the next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from annotator.ui.dialogs.path_field import choose_project
from annotator.ui.dialogs.sheet import plain_button, text_label

WIDTH_PX = 520
SHOWN_RECENT = 6
WHAT_IT_IS = (
    "Annotator labels text: a pipeline suggests names, dates and amounts, you correct them by keyboard, and a "
    "second later there is training data for spaCy and others. Everything stays in one file on this computer."
)


class WelcomePage(QWidget):
    """``open_requested`` carries the location of a project."""

    sample_requested = Signal()
    new_requested = Signal()
    open_requested = Signal(str)

    def __init__(
        self,
        recent: Sequence[str] = (),
        parent: QWidget | None = None,
        *,
        choose: Callable[[QWidget, str], str] = choose_project,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._choose = choose
        self._recent = tuple(recent)
        self.sample = plain_button("Open the sample project", "primary")
        self.new = plain_button("New project…")
        self.open = plain_button("Open…")
        self.sample.clicked.connect(self.sample_requested)
        self.new.clicked.connect(self.new_requested)
        self.open.clicked.connect(self._on_open_clicked)
        self.recent_rows = [self._recent_row(location) for location in recent[:SHOWN_RECENT]]
        self._assemble()

    def _assemble(self) -> None:
        column = QWidget()
        column.setFixedWidth(WIDTH_PX)
        lines = QVBoxLayout(column)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(14)
        lines.addWidget(text_label("Annotator", "title"))
        lines.addWidget(text_label(WHAT_IT_IS))
        lines.addSpacing(6)
        lines.addLayout(self._steps())
        if self.recent_rows:
            lines.addSpacing(18)
            lines.addLayout(self._recent_projects())
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        # Stretches instead of an alignment: an aligned column would ignore that its text wraps.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column)
        middle.addStretch(1)
        whole.addLayout(middle)
        whole.addStretch(3)

    def _steps(self) -> QHBoxLayout:
        steps = QHBoxLayout()
        steps.setSpacing(8)
        for button in (self.sample, self.new, self.open):
            steps.addWidget(button)
        steps.addStretch(1)
        return steps

    def _recent_projects(self) -> QVBoxLayout:
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(text_label("Recent projects", "dim"))
        lines.addSpacing(6)
        for row in self.recent_rows:
            lines.addWidget(row)
        return lines

    def _recent_row(self, location: str) -> QPushButton:
        row = RecentRow(location)
        row.clicked.connect(lambda: self.open_requested.emit(location))
        return row

    def _on_open_clicked(self) -> None:
        start = str(Path(self._recent[0]).parent) if self._recent else str(Path.home())
        if chosen := self._choose(self, start):
            self.open_requested.emit(chosen)


class RecentRow(QPushButton):
    """One recent project: its name, and where it lies."""

    def __init__(self, location: str) -> None:
        super().__init__()
        folder, _, name = location.replace("\\", "/").rpartition("/")
        self.setProperty("role", "row")
        self.setAutoDefault(False)
        self.setAccessibleName(f"Open {location}")
        self.setToolTip(location)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(34)
        title, place = text_label(name, is_wrapped=False), text_label("", "dim", is_wrapped=False)
        title.setMaximumWidth(WIDTH_PX // 2)
        left_px = WIDTH_PX - 48 - min(title.sizeHint().width(), WIDTH_PX // 2)
        place.setText(place.fontMetrics().elidedText(folder, Qt.TextElideMode.ElideMiddle, left_px))
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(16)
        for label in (title, place):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            line.addWidget(label, 0)
        line.addStretch(1)
