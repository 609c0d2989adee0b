"""Which files to import: a place to drop them, two buttons, and the list of what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotator.ui.dialogs.path_field import choose_files, choose_folder
from annotator.ui.dialogs.sheet import plain_button, text_label

ROW_PX = 26
SHOWN_ROWS = 5


class SourceList(QListWidget):
    """The chosen files and folders; Delete takes the selected ones away."""

    remove_requested = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_requested.emit()
            return
        super().keyPressEvent(event)


class Sources(QFrame):
    """``changed`` comes with every change; `paths` says what is chosen, in order, each once."""

    changed = Signal()

    def __init__(
        self,
        guess_format: Callable[[Path], str],
        *,
        start_folder: str = "",
        ask_files: Callable[[QWidget, str], list[str]] = choose_files,
        ask_folder: Callable[[QWidget, str], str] = choose_folder,
    ) -> None:
        super().__init__()
        self._guess_format = guess_format
        self._start_folder = start_folder
        self._ask_files = ask_files
        self._ask_folder = ask_folder
        self.paths: list[Path] = []
        self.setAcceptDrops(True)
        self.setProperty("role", "drop")
        self.setProperty("is_over", False)
        self.list = SourceList()
        self.list.setAccessibleName("Files and folders to import")
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.remove_requested.connect(self.remove_selected)
        self.hint = text_label("Drop files or folders here", "dim")
        self.remove = plain_button("Remove", "link")
        self._assemble()
        self._refresh()

    def add(self, paths: Iterable[Path]) -> None:
        """Choose these too."""
        fresh = [path for path in dict.fromkeys(paths) if path not in self.paths]
        if fresh:
            self.paths += fresh
            self._start_folder = str(fresh[-1].parent)
            self._refresh()
            self.changed.emit()

    def remove_selected(self) -> None:
        """Take the selected ones off the list (all when none is selected)."""
        chosen = {index.row() for index in self.list.selectedIndexes()} or set(range(len(self.paths)))
        self.paths = [path for row, path in enumerate(self.paths) if row not in chosen]
        self._refresh()
        self.changed.emit()

    @property
    def start_folder(self) -> str:
        """Where the next file dialog begins."""
        return self._start_folder

    def _assemble(self) -> None:
        self.choose = plain_button("Choose files…")
        self.choose_folder = plain_button("Choose a folder…")
        self.choose.clicked.connect(self._on_files_clicked)
        self.choose_folder.clicked.connect(self._on_folder_clicked)
        self.remove.clicked.connect(self.remove_selected)
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose)
        buttons.addWidget(self.choose_folder)
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(10)
        whole.addWidget(self.hint)
        whole.addWidget(self.list)
        whole.addLayout(buttons)

    def _refresh(self) -> None:
        self.list.clear()
        for path in self.paths:
            self.list.addItem(self._item(path))
        self.list.setVisible(bool(self.paths))
        self.list.setFixedHeight(min(len(self.paths), SHOWN_ROWS) * ROW_PX + 6)
        self.remove.setVisible(bool(self.paths))

    def _item(self, path: Path) -> QListWidgetItem:
        kind = "folder" if path.is_dir() else self._guess_format(path)
        item = QListWidgetItem(f"{path.name} · {kind}" if kind else path.name)
        item.setSizeHint(QSize(0, ROW_PX))
        item.setToolTip(str(path))
        return item

    def _set_over(self, is_over: bool) -> None:
        self.setProperty("is_over", is_over)
        self.style().unpolish(self)
        self.style().polish(self)

    def _on_files_clicked(self) -> None:
        self.add(Path(name) for name in self._ask_files(self, self._start_folder))

    def _on_folder_clicked(self) -> None:
        if chosen := self._ask_folder(self, self._start_folder):
            self.add([Path(chosen)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            self._set_over(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        self.add(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        event.acceptProposedAction()
