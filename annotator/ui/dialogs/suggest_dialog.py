"""Suggest: which pipeline is to read the documents. The work itself goes on in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from annotator.ui.dialogs import settings as keys
from annotator.ui.dialogs.choice_box import ChoiceBox, TickBox
from annotator.ui.dialogs.path_field import PathField, choose_folder
from annotator.ui.dialogs.settings import Settings
from annotator.ui.dialogs.sheet import Rows, Sheet, text_label
from annotator.workflows.suggesting import SuggestRequest

BLANK = "blank:"
FOLDER = "folder:"


class SuggestDialog(Sheet):
    """``requested`` carries a `SuggestRequest`. ``language``: that of the scheme, for the blank tokenizer."""

    requested = Signal(object)

    def __init__(
        self,
        pipelines: list[str],
        language: str,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        choose: Callable[[QWidget, str], str] = choose_folder,
    ) -> None:
        super().__init__("Suggest spans", "Suggest", parent, width_px=520)
        self._settings = settings
        self.pipeline = ChoiceBox()
        for name in pipelines:
            self.pipeline.addItem(name, name)
        self.pipeline.addItem("A pipeline in a folder", FOLDER)
        self.pipeline.addItem("None, only split into tokens", BLANK)
        self.language = QLineEdit(language or "en")
        self.language.setMaxLength(8)
        self.folder = PathField("Pipeline folder", Path(), choose)
        self.folder.edit.clear()
        self.is_redo = TickBox("Read documents again that it has read before")
        self._assemble()
        self._restore(settings.value(keys.SUGGEST_PIPELINE, ""))
        self._refresh()

    @property
    def source(self) -> str:
        """The pipeline as workflows name it, empty while something is missing."""
        chosen = str(self.pipeline.currentData())
        if chosen == BLANK:
            language = self.language.text().strip()
            return f"{BLANK}{language}" if language.isalpha() else ""
        if chosen == FOLDER:
            return str(self.folder.path or "")
        return chosen

    def request(self) -> SuggestRequest:
        """What the fields ask for."""
        return SuggestRequest(pipeline=self.source, is_redo=self.is_redo.isChecked())

    def _assemble(self) -> None:
        self.rows = Rows()
        self.rows.add("Pipeline", self.pipeline)
        self.language_label = self.rows.add("Language code", self.language)
        self.folder_label = self.rows.add("Folder", self.folder, focus=self.folder.edit)
        self.rows.add("", self.is_redo)
        self.body.addLayout(self.rows)
        self.body.addWidget(
            text_label(
                "You can go on labelling meanwhile: suggestions appear in documents that you have not begun. "
                "What you have decided stays as it is.",
                "dim",
            )
        )
        self.body.addStretch(1)
        self.pipeline.currentIndexChanged.connect(self._refresh)
        self.language.textChanged.connect(self._refresh)
        self.folder.changed.connect(self._refresh)
        self.go.clicked.connect(self._on_go_clicked)

    def _restore(self, remembered: str) -> None:
        if remembered.startswith(BLANK):
            self.language.setText(remembered.removeprefix(BLANK))
            remembered = BLANK
        elif remembered and self.pipeline.findData(remembered) < 0:
            self.folder.edit.setText(remembered)
            remembered = FOLDER
        self.pipeline.setCurrentIndex(max(self.pipeline.findData(remembered), 0))

    def _refresh(self) -> None:
        chosen = self.pipeline.currentData()
        self.language.setVisible(chosen == BLANK)
        self.language_label.setVisible(chosen == BLANK)
        self.folder.setVisible(chosen == FOLDER)
        self.folder_label.setVisible(chosen == FOLDER)
        self.go.setText("Split into tokens" if chosen == BLANK else "Suggest spans")
        self.go.setEnabled(bool(self.source))

    def _on_go_clicked(self) -> None:
        self._settings.set_value(keys.SUGGEST_PIPELINE, self.source)
        request = self.request()
        self.accept()
        self.requested.emit(request)
