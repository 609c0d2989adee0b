"""The left column: the project, a filter, its documents, and how many are done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.projects import Status
from annotator.ui.models.document_list import ROW_ROLE, DocumentListModel
from annotator.ui.naming import named
from annotator.ui.panels.delegates import DocumentDelegate
from annotator.ui.panels.elided import ElidedLabel
from annotator.ui.theme import Theme
from annotator.workflows.project import DocumentRow

FILTER_PAUSE_MS = 120
EDGE_PX, INDENT_PX = 8, 7
MOST_NAME_PX = 100
LEAVING_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
QUEUE_WORDS, EVERY_WORDS = "My queue", "All documents"
STATUS_WORDS: tuple[tuple[str, tuple[Status, ...]], ...] = (
    ("Any status", ()),
    ("Not done yet", (Status.NEW, Status.IN_PROGRESS, Status.FLAGGED)),
    ("New", (Status.NEW,)),
    ("In progress", (Status.IN_PROGRESS,)),
    ("Done", (Status.DONE,)),
    ("Skipped", (Status.SKIPPED,)),
    ("Flagged", (Status.FLAGGED,)),
)


class FilterField(QLineEdit):
    """A line that gives the focus back on Escape and Enter, and passes it on to the list on Down."""

    left = Signal()
    went_down = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._key = QLabel("/", self)
        self._key.setProperty("dim", True)
        self._key.setAccessibleName("Key: slash")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(lambda text: self._key.setVisible(not text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._key.sizeHint()
        self._key.setGeometry(self.width() - size.width() - 12, (self.height() - size.height()) // 2, *size.toTuple())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in LEAVING_KEYS:
            self.left.emit()
            return
        if event.key() == Qt.Key.Key_Down:
            self.went_down.emit()
            return
        super().keyPressEvent(event)


class DocumentList(QListView):
    """The documents; Enter and Escape give the focus back to the article."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in LEAVING_KEYS:
            self.left.emit()
            return
        super().keyPressEvent(event)


class DocumentsPanel(QWidget):
    """``chosen`` carries a document's key; ``filter_changed`` comes after a pause in typing; ``filter_left``: back
    to the article; ``queue_chosen``: the queue is to be shown, or all documents.
    """

    chosen = Signal(int)
    filter_changed = Signal()
    filter_left = Signal()
    queue_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents")
        self.setAccessibleName("Documents and progress")
        self.setMinimumWidth(180)
        self.model = DocumentListModel()
        self.statuses: tuple[Status, ...] = ()
        self._delegate = DocumentDelegate()
        self.project = named(ElidedLabel(), "project")
        self.annotator = ElidedLabel(may_grow=False)
        self.annotator.setMaximumWidth(MOST_NAME_PX)
        self.annotator.setProperty("dim", True)
        self.filter = named(FilterField(), "filter")
        self.filter.setPlaceholderText("Filter or search…")
        self.filter.setAccessibleName("Filter or search the documents")
        self.filter.setClearButtonEnabled(True)
        self.list = self._make_list()
        self.empty = QLabel("", wordWrap=True)
        self.empty.setProperty("dim", True)
        self.empty.setContentsMargins(INDENT_PX, 0, 0, 0)
        self.clear = named(QPushButton("Show all documents"), "link")
        self.clear.clicked.connect(self.clear_filter)
        self.status_button = self._make_status_button()
        self.queue_button = self._make_queue_button()
        self._has_queue, self._wants_queue = False, True
        self.done = QLabel()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Documents done")
        self.pace = QLabel("", wordWrap=True)
        self.pace.setProperty("dim", True)
        self.pace.setAccessibleDescription("Pace")
        self._pause = QTimer(self, singleShot=True, interval=FILTER_PAUSE_MS)
        self._connect()
        self._assemble()

    @property
    def query(self) -> str:
        """What is typed into the filter."""
        return str(self.filter.text()).strip()

    @property
    def is_filtered(self) -> bool:
        """Whether documents may be hidden by what is typed or chosen."""
        return bool(self.query or self.statuses)

    @property
    def shows_queue(self) -> bool:
        """Whether only documents that are assigned to the annotator are shown."""
        return self._has_queue and self._wants_queue

    def offer_queue(self, *, is_there: bool) -> None:
        """Let the annotator choose between their queue and all documents; without a queue there is no choice."""
        self._has_queue = is_there
        self.queue_button.setVisible(is_there)

    def show_queue(self, *, is_wanted: bool) -> None:
        """Show the annotator's queue, or all documents."""
        self._wants_queue = is_wanted
        words = QUEUE_WORDS if is_wanted else EVERY_WORDS
        self.queue_button.setText(f"{words} ▾")
        self.queue_button.setAccessibleName(f"Show documents: {words.lower()}")
        self.queue_chosen.emit()

    def clear_filter(self) -> None:
        """Show every document again."""
        self.filter.clear()
        self.show_statuses(*STATUS_WORDS[0])

    def show_project(self, name: str, annotator: str) -> None:
        """Head the column with the project's and the annotator's name."""
        self.project.show_text(name)
        self.annotator.show_text(annotator)

    def show_rows(self, rows: Sequence[DocumentRow], current: int | None) -> None:
        """Show these documents; ``current`` stays chosen when it is among them."""
        self.model.show(rows)
        self.set_current(current)
        self.empty.setVisible(not rows)
        self.empty.setText("No document matches." if self.is_filtered else "This project has no articles yet.")
        self.clear.setVisible(not rows and self.is_filtered)

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
        self.bar.setUpdatesEnabled(False)  # a progress bar paints at once, in the middle of a key
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self.bar.setUpdatesEnabled(True)

    def show_pace(self, words: str) -> None:
        """Say how fast the annotator gets on; nothing is said with no words."""
        self.pace.setText(words)
        self.pace.setVisible(bool(words))

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._delegate.theme = theme
        self.list.viewport().update()

    def _make_list(self) -> DocumentList:
        made = named(DocumentList(), "document_list")
        made.setModel(self.model)
        made.setItemDelegate(self._delegate)
        made.setUniformItemSizes(True)
        made.setMouseTracking(True)
        made.setAccessibleName("Documents")
        made.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        return made

    def _make_status_button(self) -> QToolButton:
        button = named(QToolButton(), "statuses")
        _show_choice(button, STATUS_WORDS[0][0])
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for words, statuses in STATUS_WORDS:
            menu.addAction(words).triggered.connect(
                lambda _checked=False, words=words, statuses=statuses: self.show_statuses(words, statuses)
            )
        button.setMenu(menu)
        return button

    def _make_queue_button(self) -> QToolButton:
        button = named(QToolButton(), "statuses")
        button.setText(f"{QUEUE_WORDS} ▾")
        button.setAccessibleName(f"Show documents: {QUEUE_WORDS.lower()}")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addAction(QUEUE_WORDS).triggered.connect(lambda: self.show_queue(is_wanted=True))
        menu.addAction(EVERY_WORDS).triggered.connect(lambda: self.show_queue(is_wanted=False))
        button.setMenu(menu)
        button.hide()
        return button

    def show_statuses(self, words: str, statuses: tuple[Status, ...]) -> None:
        """Show only documents with these statuses."""
        self.statuses = statuses
        _show_choice(self.status_button, words)
        self.filter_changed.emit()

    def _connect(self) -> None:
        self._pause.timeout.connect(self.filter_changed)
        self.filter.textChanged.connect(lambda _: self._pause.start())
        self.filter.left.connect(self.filter_left)
        self.filter.went_down.connect(self.list.setFocus)
        self.list.left.connect(self.filter_left)
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
        column.setContentsMargins(EDGE_PX, 13, EDGE_PX, 14)
        column.setSpacing(8)
        for part in (top, self.filter, self.queue_button, self.status_button, self.empty, self.clear):
            _add_indented(column, part)
        column.addWidget(self.list, 1)
        _add_indented(column, bottom)
        _add_indented(column, self.bar)
        _add_indented(column, self.pace)

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE)
        if isinstance(row, DocumentRow):
            self.chosen.emit(row.key)


def _show_choice(button: QToolButton, words: str) -> None:
    button.setText(f"{words} ▾")
    button.setAccessibleName(f"Show documents by status: {words.lower()}")


def _add_indented(column: QVBoxLayout, part: QWidget | QHBoxLayout) -> None:
    """Everything but the list stands in a little, so that the ground of a row reaches beyond its text."""
    row = QHBoxLayout()
    row.setContentsMargins(INDENT_PX, 0, INDENT_PX, 0)
    if isinstance(part, QHBoxLayout):
        row.addLayout(part)
    else:
        row.addWidget(part)
        if isinstance(part, QToolButton | QPushButton):
            row.addStretch(1)
    column.addLayout(row)
