"""Hand out: whose documents, to which file. And what came of collecting, where something was not taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from annotator.ui.dialogs.choice_box import ChoiceBox
from annotator.ui.dialogs.path_field import PROJECT_FILTER, PathField
from annotator.ui.dialogs.sheet import Rows, Sheet, text_label
from annotator.workflows.assigning import WorkDone
from annotator.workflows.collecting import Collected
from annotator.workflows.file_names import as_file_part


def choose_handout(parent: QWidget, start: str) -> str:
    """Ask for the file to write."""
    return QFileDialog.getSaveFileName(parent, "Hand out", start, PROJECT_FILTER)[0]


def choose_handouts(parent: QWidget, start: str) -> list[str]:
    """Ask for the files that came back."""
    return QFileDialog.getOpenFileNames(parent, "Collect", start, PROJECT_FILTER)[0]


class HandoutDialog(Sheet):
    """``requested`` carries the annotator's name and the path. ``work``: how far everybody is."""

    requested = Signal(str, object)

    def __init__(
        self,
        work: Sequence[WorkDone],
        folder: Path,
        project_name: str,
        parent: QWidget | None = None,
        *,
        choose: Callable[[QWidget, str], str] = choose_handout,
    ) -> None:
        super().__init__("Hand out", "Hand out", parent, width_px=560)
        self._folder = folder
        self._project_name = project_name
        self.annotator = ChoiceBox()
        for one in work:
            queue = "all documents" if one.assigned is None else f"{one.assigned:,} assigned, {one.done:,} done"
            self.annotator.addItem(f"{one.annotator} ({queue})", one.annotator)
        self.path = PathField("File", folder, choose)
        self._assemble()
        self._suggest_path()

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("Annotator", self.annotator)
        rows.add("File", self.path, focus=self.path.edit)
        self.body.addLayout(rows)
        self.body.addWidget(
            text_label(
                "The file holds the assigned documents with suggestions, scheme and guideline, and the annotator's own "
                "labels; nothing that anybody else labelled. Collect it when it comes back.",
                "dim",
            )
        )
        self.body.addStretch(1)
        self.annotator.currentIndexChanged.connect(self._suggest_path)
        self.path.changed.connect(self._refresh)
        self.go.clicked.connect(self._on_go_clicked)

    def _suggest_path(self) -> None:
        name = str(self.annotator.currentData() or "")
        self.path.edit.setText(str(self._folder / f"{self._project_name}-{as_file_part(name)}.annotator"))
        self._refresh()

    def _refresh(self) -> None:
        path = self.path.path
        is_there = path is not None and path.exists()
        self.say("This file exists already; choose another name." if is_there else "", is_bad=is_there)
        self.go.setEnabled(self.annotator.count() > 0 and path is not None and not is_there)

    def _on_go_clicked(self) -> None:
        name, path = str(self.annotator.currentData()), self.path.path
        self.accept()
        self.requested.emit(name, path)


class CollectedDialog(Sheet):
    """What was not taken from files that came back, and why."""

    def __init__(self, reports: Sequence[Collected], parent: QWidget | None = None) -> None:
        super().__init__("Not everything was collected", "Close", parent, width_px=560)
        self.leave.hide()
        self.lines = [line for one in reports for line in left_out_in_words(one)]
        for line in self.lines[:20]:
            self.body.addWidget(text_label(line))
        if len(self.lines) > 20:
            self.body.addWidget(text_label(f"… and {len(self.lines) - 20:,} more.", "dim"))
        self.body.addWidget(text_label(collected_in_words(reports), "dim"))
        self.body.addStretch(1)
        self.go.clicked.connect(self.accept)


def left_out_in_words(one: Collected) -> list[str]:
    """A sentence for each thing that was not taken from a file."""
    if one.refused:
        return [one.refused]
    forked = [
        f"{fork.document}: {one.annotator} went on with it here and in the file; what is here was left as it is."
        for fork in one.forked
    ]
    return forked + [
        f"{strange.document}: the scheme has no label {strange.label} any more; the document was not taken."
        for strange in one.unknown_labels
    ]


def collected_in_words(reports: Sequence[Collected]) -> str:
    """What was taken, in a sentence."""
    edits, documents = sum(one.edits for one in reports), sum(one.documents for one in reports)
    if not edits:
        return "Nothing new was in the files." if all(one.is_whole for one in reports) else "Nothing was taken."
    people = ", ".join(dict.fromkeys(one.annotator for one in reports if one.edits))
    return f"Collected {edits:,} edits in {documents:,} documents by {people}."
