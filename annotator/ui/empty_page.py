"""What stands in place of an article when there is none: what the page is for, and the one next step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

WORDS_PX = 440


class NextStep(Enum):
    """What an empty page offers to do."""

    IMPORT = "Import articles…"
    EXPORT = "Export training data…"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class EmptyState:
    """The words of one empty page."""

    title: str
    words: str
    step: NextStep = NextStep.NOTHING


NO_DOCUMENTS = EmptyState(
    "This project has no articles yet",
    "Import text files, folders or JSONL; or drop them onto this window.",
    NextStep.IMPORT,
)
NONE_OPEN = EmptyState("No article is open", "Choose one on the left, or press Ctrl+PgDown.")


def empty_state(done: int, total: int, left: int) -> EmptyState:
    """The page of a project in which no document is open."""
    if not total:
        return NO_DOCUMENTS
    return NONE_OPEN if left else all_done(done, total)


def all_done(done: int, total: int) -> EmptyState:
    """The page after the last document: what became of them, and the export."""
    left_out = total - done
    if not left_out:
        title = f"All {total:,} documents are done" if total > 1 else "The document is done"
        return EmptyState(title, "Every decision is on the disk. Ctrl+Z goes back to the last one.", NextStep.EXPORT)
    one, them = ("1 is", "it") if left_out == 1 else (f"{left_out:,} are", "them")
    words = f"{one} skipped or flagged: choose {them} on the left to decide. Ctrl+Z goes back to the last decision."
    return EmptyState(f"Nothing is left to do; {done:,} of {total:,} are done", words, NextStep.EXPORT)


class EmptyPage(QWidget):
    """``requested`` carries the `NextStep` that the person wants."""

    requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.state = NO_DOCUMENTS
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.words = QLabel(wordWrap=True)
        self.words.setFixedWidth(WORDS_PX)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.words.setProperty("role", "dim")
        self.button = QPushButton()
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(lambda: self.requested.emit(self.state.step))
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self.title, self.words, self.button):
            # Stretches instead of an alignment: an aligned label would ignore that its text wraps.
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(widget)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(3)
        self.show_state(NO_DOCUMENTS)

    def show_state(self, state: EmptyState) -> None:
        """Say what is missing, and offer what to do about it."""
        self.state = state
        self.title.setText(state.title)
        self.words.setText(state.words)
        self.button.setText(state.step.value)
        self.button.setVisible(state.step is not NextStep.NOTHING)
