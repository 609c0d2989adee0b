"""What a person sees of a fault in the program: one sentence, the details on demand, and Copy."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator.ui.dialogs.sheet import Sheet, plain_button, text_label
from annotator.ui.dialogs.words import breakable, sentence


class ErrorDialog(Sheet):
    """``summary`` is one line about the fault, ``details`` the traceback and versions, for a report."""

    def __init__(self, summary: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__("Something unexpected went wrong", "Close", parent, width_px=560)
        self._summary_text = summary
        self._details_text = details
        self.summary = text_label(breakable(sentence(summary)))
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setAccessibleName("Details")
        self.details.setTabChangesFocus(True)
        self.details.setMinimumHeight(220)
        self.details.hide()
        self.toggle = plain_button("Show details", "link")
        self.toggle.clicked.connect(self._on_toggle_clicked)
        self.copy = plain_button("Copy details")
        self.copy.clicked.connect(self._on_copy_clicked)
        self._assemble_body()

    def _assemble_body(self) -> None:
        self.body.addWidget(self.summary)
        self.body.addWidget(text_label("What the status bar called saved is saved; nothing of it is lost.", "dim"))
        self.body.addWidget(self.details, 1)
        self.footer.insertWidget(0, self.toggle)
        self.footer.insertWidget(self.footer.indexOf(self.go), self.copy)
        self.leave.hide()
        self.go.clicked.connect(self.accept)
        self.first = self.go

    def _on_toggle_clicked(self) -> None:
        is_shown = self.details.isHidden()
        self.details.setVisible(is_shown)
        self.toggle.setText("Hide details" if is_shown else "Show details")
        if is_shown:
            self.fit()
        else:
            self.fit(may_shrink=True)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._summary_text}\n\n{self._details_text}")
        self.say("Copied.")
