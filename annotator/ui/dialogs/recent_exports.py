"""What was exported before: each with its manifest, its proof and its folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from annotator.ui.dialogs import settings as keys
from annotator.ui.dialogs.settings import Settings
from annotator.ui.dialogs.sheet import Sheet, text_label
from annotator.workflows.past_exports import PastExport, find_past_exports

MOST_REMEMBERED = 50


def remember_export(settings: Settings, manifest: Path) -> None:
    """Put an export first among the recent ones."""
    path = str(manifest.absolute())
    others = [one for one in settings.value(keys.EXPORT_RECENT, "").split("\n") if one and one != path]
    settings.set_value(keys.EXPORT_RECENT, "\n".join([path, *others][:MOST_REMEMBERED]))


def past_exports(settings: Settings) -> list[PastExport]:
    """The recent exports that are still there, the newest first."""
    return find_past_exports(Path(one) for one in settings.value(keys.EXPORT_RECENT, "").split("\n") if one)


class RecentExports(Sheet):
    """A list; Enter opens the folder of the chosen one."""

    def __init__(self, exports: Sequence[PastExport], parent: QWidget | None = None) -> None:
        super().__init__("Recent exports", "Open folder", parent, width_px=640)
        self._exports = tuple(exports)
        self.list = QListWidget()
        self.list.setAccessibleName("Recent exports")
        self.list.setMinimumHeight(220)
        self.details = text_label("", "dim")
        for one in exports:
            self.list.addItem(
                QListWidgetItem(f"{one.created[:16].replace('T', ' ')}  {one.format}  {one.files_in_words}")
            )
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.details)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.list.itemActivated.connect(lambda _item: self.open_folder())
        self.go.clicked.connect(self.open_folder)
        self.leave.setText("Close")
        if exports:
            self.list.setCurrentRow(0)
        else:
            self.details.setText("Nothing was exported yet, or the files are not where they were.")
            self.go.setEnabled(False)

    def open_folder(self) -> None:
        """Show the files in the system's file manager."""
        if 0 <= self.list.currentRow() < len(self._exports):
            folder = self._exports[self.list.currentRow()].manifest.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _on_row_changed(self, row: int) -> None:
        self.details.setText(self._exports[row].in_words if 0 <= row < len(self._exports) else "")
