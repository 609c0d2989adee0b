"""A path to type or to choose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

PROJECT_FILTER = "Annotator projects (*.annotator)"

Choose = Callable[[QWidget, str], str]
"""Ask for a path, beginning at the given one; an empty string when the person changed their mind."""


def choose_folder(parent: QWidget, start: str) -> str:
    """Ask for a folder."""
    return QFileDialog.getExistingDirectory(parent, "Choose a folder", start)


def choose_new_project(parent: QWidget, start: str) -> str:
    """Ask for the file of a new project."""
    return QFileDialog.getSaveFileName(parent, "New project", start, PROJECT_FILTER)[0]


def choose_project(parent: QWidget, start: str) -> str:
    """Ask for an existing project."""
    return QFileDialog.getOpenFileName(parent, "Open a project", start, f"{PROJECT_FILTER};;All files (*)")[0]


def choose_files(parent: QWidget, start: str) -> list[str]:
    """Ask for any number of files."""
    return QFileDialog.getOpenFileNames(parent, "Choose files to import", start)[0]


class PathField(QWidget):
    """A line edit with a "Choose…" button. ``changed`` comes with every letter."""

    changed = Signal()

    def __init__(self, name: str, path: Path, choose: Choose) -> None:
        super().__init__()
        self._choose = choose
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.textChanged.connect(self._on_text_changed)
        self.button = QPushButton("Choose…")
        self.button.setAccessibleName(f"Choose {name.lower()}")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_choose_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.edit, 1)
        row.addWidget(self.button)
        self.edit.setText(str(path))

    @property
    def path(self) -> Path | None:
        """What stands there, None when nothing does. ``~`` is the home folder."""
        text = self.edit.text().strip()
        return Path(text).expanduser() if text else None

    def _on_text_changed(self, text: str) -> None:
        self.edit.setToolTip(text)
        self.changed.emit()

    def _on_choose_clicked(self) -> None:
        if chosen := self._choose(self, self.edit.text()):
            self.edit.setText(chosen)
