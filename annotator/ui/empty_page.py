"""What stands in place of an article when there is none: what the page is for, and the one next step."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from annotator.ui.theme import Theme


class EmptyPage(QWidget):
    """``import_requested``: the person wants to import articles."""

    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = QLabel()
        self._title.setProperty("role", "heading")
        self._words = QLabel(wordWrap=True)
        self._words.setMaximumWidth(460)
        self._words.setProperty("role", "dim")
        self._button = QPushButton("Import articles…")
        self._button.setProperty("role", "primary")
        self._button.clicked.connect(lambda: self.import_requested.emit())
        column = QVBoxLayout(self)
        column.setSpacing(12)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setMinimumWidth(420)
        column.addStretch(2)
        for widget in (self._title, self._words, self._button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.show_for(has_documents=False)

    def show_for(self, *, has_documents: bool) -> None:
        """Say what is missing: documents, or a choice among them."""
        self._title.setText("No article is open" if has_documents else "This project has no articles yet")
        self._words.setText(
            "Choose one on the left."
            if has_documents
            else "Import text files, folders or JSONL; or drop them onto this window."
        )
        self._button.setVisible(not has_documents)

    def set_theme(self, _theme: Theme) -> None:
        """Colours come with the window's style sheet."""
        self.update()
