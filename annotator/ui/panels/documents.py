"""The left column: the project, a filter, its documents, and how many are done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.projects import Status
from annotator.ui.models.document_list import ROW_ROLE, DocumentListModel
from annotator.ui.naming import named
from annotator.ui.panels.delegates import DocumentDelegate
from annotator.ui.theme import Theme
from annotator.workflows.project import DocumentRow

FILTER_PAUSE_MS = 120
LEAVING_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Tab)
STATUS_WORDS: tuple[tuple[str, tuple[Status, ...]], ...] = (
    ("All documents", ()),
    ("Not done yet", (Status.NEW, Status.IN_PROGRESS, Status.FLAGGED)),
    ("New", (Status.NEW,)),
    ("In progress", (Status.IN_PROGRESS,)),
    ("Done", (Status.DONE,)),
    ("Skipped", (Status.SKIPPED,)),
    ("Flagged", (Status.FLAGGED,)),
)


class FilterField(QLineEdit):
    """A line that gives the focus back on Escape, Enter and Down."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in LEAVING_KEYS:
            self.left.emit()
            return
        super().keyPressEvent(event)


class DocumentsPanel(QWidget):
    """``chosen`` carries a document's key; ``filter_changed`` comes after a pause in typing."""

    chosen = Signal(int)
    filter_changed = Signal()
    filter_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents")
        self.model = DocumentListModel()
        self.statuses: tuple[Status, ...] = ()
        self._delegate = DocumentDelegate()
        self.project = named(QLabel(), "project")
        self.annotator = QLabel()
        self.annotator.setProperty("dim", True)
        self.filter = named(FilterField(), "filter")
        self.filter.setPlaceholderText("Filter or search…   /")
        self.filter.setAccessibleName("Filter or search the documents")
        self.filter.setClearButtonEnabled(True)
        self.list = self._make_list()
        self.empty = QLabel("", wordWrap=True)
        self.empty.setProperty("dim", True)
        self.status_button = self._make_status_button()
        self.done = QLabel()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Documents done")
        self._pause = QTimer(self, singleShot=True, interval=FILTER_PAUSE_MS)
        self._connect()
        self._assemble()

    @property
    def query(self) -> str:
        """What is typed into the filter."""
        return str(self.filter.text()).strip()

    def show_rows(self, rows: Sequence[DocumentRow], current: int | None) -> None:
        """Show these documents; ``current`` stays chosen when it is among them."""
        self.model.show(rows)
        self.set_current(current)
        is_filtered = bool(self.query or self.statuses)
        self.empty.setVisible(not rows)
        self.empty.setText("No document matches the filter." if is_filtered else "This project has no documents yet.")

    def set_current(self, key: int | None) -> None:
        """Mark the open document, without announcing it as chosen."""
        place = self.model.find_place(key) if key is not None else None
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        if place is None:
            selection.clear()
        else:
            index = self.model.index(place)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)
        selection.blockSignals(False)
        self.list.viewport().update()

    def neighbour(self, key: int | None, step: int) -> int | None:
        """The key of the document ``step`` places on in the list as shown, or None at its end."""
        rows = self.model.rows
        place = self.model.find_place(key) if key is not None else None
        wanted = (0 if step > 0 else len(rows) - 1) if place is None else place + step
        return rows[wanted].key if 0 <= wanted < len(rows) else None

    def show_progress(self, done: int, total: int) -> None:
        """Say how many documents are done."""
        self.done.setText(f"{done:,} of {total:,}")
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._delegate.theme = theme
        self.list.viewport().update()

    def _make_list(self) -> QListView:
        made = QListView()
        made.setModel(self.model)
        made.setItemDelegate(self._delegate)
        made.setUniformItemSizes(True)
        made.setMouseTracking(True)
        made.setAccessibleName("Documents")
        made.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        return made

    def _make_status_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("All documents")
        button.setAccessibleName("Show documents by status")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for words, statuses in STATUS_WORDS:
            menu.addAction(words).triggered.connect(
                lambda _checked=False, words=words, statuses=statuses: self.show_statuses(words, statuses)
            )
        button.setMenu(menu)
        return button

    def show_statuses(self, words: str, statuses: tuple[Status, ...]) -> None:
        """Show only documents with these statuses."""
        self.statuses = statuses
        self.status_button.setText(words)
        self.filter_changed.emit()

    def _connect(self) -> None:
        self._pause.timeout.connect(self.filter_changed)
        self.filter.textChanged.connect(lambda _: self._pause.start())
        self.filter.left.connect(self.filter_left)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.clicked.connect(lambda _: self.filter_left.emit())

    def _assemble(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.project, 1)
        top.addWidget(self.annotator)
        bottom = QHBoxLayout()
        done = QLabel("Done")
        done.setProperty("dim", True)
        bottom.addWidget(done)
        bottom.addStretch(1)
        bottom.addWidget(self.done)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 8, 14)
        column.setSpacing(9)
        column.addLayout(top)
        column.addWidget(self.filter)
        column.addWidget(self.status_button)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        column.addLayout(bottom)
        column.addWidget(self.bar)

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE)
        if isinstance(row, DocumentRow):
            self.chosen.emit(row.key)
