"""The line at the bottom: the keys, what just happened, and whether everything is saved."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from annotator.ui.naming import named
from annotator.workflows.saving import NotSaved, Saved, SaveState, Saving

MESSAGE_MS = 6_000


class HintLine(QWidget):
    """``retry_requested``: the person wants to try saving again."""

    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hint_line")
        self.setFixedHeight(34)
        self._keys = QLabel()
        self._keys.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.message = named(QLabel(), "message")
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.message.hide()
        self.saved = named(QLabel(), "save_state")
        self.saved.setAccessibleName("Save state")
        self.retry = QPushButton("Retry")
        self.retry.hide()
        self.retry.clicked.connect(self.retry_requested)
        self._fade = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._fade.timeout.connect(self.clear_message)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(self._keys, 1)
        row.addWidget(self.message, 1)
        row.addWidget(self.retry)
        row.addWidget(self.saved)

    def show_keys(self, hints: list[tuple[str, str]], dim: str) -> None:
        """The keys of the table's hints."""
        parts = [f"<b>{keys}</b>&nbsp;&nbsp;<span style='color:{dim}'>{words}</span>" for keys, words in hints]
        self._keys.setText("&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;".join(parts))

    def say(self, text: str, *, is_bad: bool = False) -> None:
        """Say what happened, for a few seconds, in place of the keys."""
        self.message.setText(text)
        self.message.setToolTip(text)
        self._set_bad(self.message, is_bad=is_bad)
        self._keys.hide()
        self.message.show()
        self._fade.start()

    def clear_message(self) -> None:
        """Show the keys again."""
        self.message.hide()
        self._keys.show()

    def show_save_state(self, state: SaveState) -> None:
        """Saved, saving, or not saved and why."""
        is_bad = isinstance(state, NotSaved)
        match state:
            case Saved():
                self.saved.setText("saved")
            case Saving(waiting):
                self.saved.setText(f"saving {waiting}…")
            case NotSaved(waiting, reason, _):
                self.saved.setText(f"NOT SAVED ({waiting})")
                self.say(reason, is_bad=True)
                self._fade.stop()
        if not is_bad and self.saved.property("bad"):
            self.clear_message()
        self.retry.setVisible(is_bad)
        if bool(self.saved.property("bad")) != is_bad:
            self._set_bad(self.saved, is_bad=is_bad)

    @staticmethod
    def _set_bad(label: QLabel, *, is_bad: bool) -> None:
        label.setProperty("bad", is_bad)
        label.style().unpolish(label)
        label.style().polish(label)
