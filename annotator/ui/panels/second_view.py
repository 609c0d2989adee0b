"""A second document beside the open one, to read and compare: scrolls on its own, edits nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.dialogs.preferences import Preferences
from annotator.ui.looks import set_text
from annotator.ui.naming import named
from annotator.ui.theme import Theme


class SecondView(QWidget):
    """``wanted`` carries the key of the document to show; ``swap_requested``: make it the open one; ``closed``."""

    wanted = Signal(int)
    swap_requested = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("second_view")
        self.key: int | None = None
        self.canvas = AnnotationCanvas()
        self.canvas.setAccessibleName("Second article, to read")
        self.choice = QComboBox(editable=True)
        self.choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.choice.setAccessibleName("Document of the second view")
        if (line := self.choice.lineEdit()) is not None:
            line.setAccessibleName("Document of the second view")
        self.choice.activated.connect(self._on_activated)
        completer = QCompleter(self.choice.model(), self.choice)
        self.choice.setCompleter(completer)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.swap = named(QPushButton("Swap"), "link")
        self.swap.setToolTip("Make this the open document")
        self.swap.clicked.connect(self.swap_requested)
        self.leave = named(QPushButton("Close"), "link")
        self.leave.clicked.connect(self.closed)
        self._assemble()
        self.hide()

    def show_choices(self, documents: Sequence[tuple[int, str]]) -> None:
        """The documents that can be shown: (key, title)."""
        self.choice.blockSignals(True)
        self.choice.clear()
        for key, title in documents:
            self.choice.addItem(title, key)
        self.choice.setCurrentIndex(self.choice.findData(self.key))
        self.choice.blockSignals(False)

    def show_document(self, key: int, doc: AnnotatedDocument, scheme: LabelScheme) -> None:
        """Show a document; the same one anew stays where it is scrolled."""
        state = self.canvas.view_state() if key == self.key else None
        self.key = key
        self.canvas.show_document(doc, scheme)
        if state is not None:
            self.canvas.restore_view_state(state)
        self.choice.setCurrentIndex(self.choice.findData(key))

    def clear(self) -> None:
        """Show nothing and be hidden: the project is left."""
        self.key = None
        self.canvas.clear()
        self.choice.clear()
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Colours of the article."""
        self.canvas.set_theme(theme)

    def apply(self, preferences: Preferences) -> None:
        """Set the text as the open document's is set."""
        set_text(self.canvas, preferences)

    def _assemble(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 10, 6)
        head.addWidget(self.choice, 1)
        head.addWidget(self.swap)
        head.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.canvas, 1)

    def _on_activated(self, index: int) -> None:
        key = self.choice.itemData(index)
        if isinstance(key, int):
            self.wanted.emit(key)
