"""New project: where it lies, which labels it begins with, and who labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from annotator.domain.labels import LabelScheme
from annotator.ui.dialogs import settings as keys
from annotator.ui.dialogs.choice_box import ChoiceBox
from annotator.ui.dialogs.path_field import Choose, PathField, choose_new_project
from annotator.ui.dialogs.settings import Settings
from annotator.ui.dialogs.sheet import Rows, Sheet, text_label

SUFFIX = ".annotator"


@dataclass(frozen=True, slots=True)
class NewProjectRequest:
    """``scheme`` is the name of a shipped scheme."""

    location: Path
    scheme: str
    annotator: str


class NewProjectDialog(Sheet):
    """``requested`` carries a `NewProjectRequest`."""

    requested = Signal(object)

    def __init__(
        self,
        schemes: list[LabelScheme],
        annotator: str,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        choose: Choose = choose_new_project,
    ) -> None:
        super().__init__("New project", "Make the project", parent, width_px=560)
        self._settings = settings
        self._schemes = schemes
        folder = settings.value(keys.PROJECT_FOLDER, "") or str(Path.home())
        self.location = PathField("Project file", Path(folder) / f"untitled{SUFFIX}", choose)
        self.scheme = ChoiceBox()
        for one in schemes:
            self.scheme.addItem(one.title or one.name, one.name)
        self.scheme.setCurrentIndex(max(self.scheme.findData("news"), 0))
        self.about = text_label("", "dim")
        self.annotator = QLineEdit(annotator)
        self._assemble()
        self._refresh()

    def find_request(self) -> NewProjectRequest | None:
        """What the fields ask for; None while something is missing or in the way."""
        path, annotator = self.location.path, self.annotator.text().strip()
        if path is None or not annotator or self._what_is_wrong():
            return None
        return NewProjectRequest(_with_suffix(path), str(self.scheme.currentData()), annotator)

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("File", self.location, focus=self.location.edit)
        rows.add("Labels", self.scheme)
        rows.addWidget(self.about, rows.rowCount(), 1)
        rows.add("Your name", self.annotator)
        self.body.addLayout(rows)
        self.body.addStretch(1)
        self.location.changed.connect(self._refresh)
        self.scheme.currentIndexChanged.connect(self._refresh)
        self.annotator.textChanged.connect(self._refresh)
        self.go.clicked.connect(self._on_go_clicked)

    def _what_is_wrong(self) -> str:
        path = self.location.path
        if path is None:
            return "Name the project's file."
        if _with_suffix(path).exists():
            return "There is a file of this name already; choose another name."
        if not path.absolute().parent.is_dir():
            return "There is no such folder; choose one that exists."
        return "" if self.annotator.text().strip() else "Say who labels: every decision is kept under a name."

    def _refresh(self) -> None:
        scheme = self._schemes[self.scheme.currentIndex()]
        names = ", ".join(label.name for _, label in scheme.labels)
        self.about.setText(f"{scheme.description}\n{names}".strip())
        fault = self._what_is_wrong()
        self.say(fault)
        self.go.setEnabled(not fault)

    def _on_go_clicked(self) -> None:
        if (request := self.find_request()) is not None:
            self._settings.set_value(keys.PROJECT_FOLDER, str(request.location.parent))
            self.accept()
            self.requested.emit(request)


def _with_suffix(path: Path) -> Path:
    return path if path.suffix else path.with_name(path.name + SUFFIX)
