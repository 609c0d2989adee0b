"""The entries of the inbox as a list, and what stands in place of their places when there are none."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from annotator.domain.inconsistencies import Entry, Kind
from annotator.ui.models.inbox import ENTRY_ROLE, KIND_MEANINGS, KIND_WORDS, InboxModel
from annotator.ui.panels.centred_words import CentredWords
from annotator.ui.panels.two_line_list import TwoLineList


class EntryList(TwoLineList):
    """The entries of one kind. Enter goes to the places, Ctrl+Enter corrects, K keeps as it is, Left and Right change
    the kind, Ctrl+A and Shift choose several.
    """

    chosen_changed = Signal()
    kind_stepped = Signal(int)
    opened = Signal()
    fix_requested = Signal()
    right_requested = Signal()
    left = Signal()

    def __init__(self) -> None:
        self.entries = InboxModel()
        super().__init__(self.entries, "Inconsistencies")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())

    @property
    def chosen(self) -> list[Entry]:
        """The chosen entries in order."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [index.data(ENTRY_ROLE) for index in rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_plain = Qt.Key(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.opened if is_plain else self.fix_requested).emit()
        elif is_plain and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.kind_stepped.emit(-1 if key == Qt.Key.Key_Left else 1)
        elif is_plain and key == Qt.Key.Key_K:
            self.right_requested.emit()
        elif is_plain and key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """No search by letters: they may come to mean something."""


class InboxEmpty(CentredWords):
    """What stands in place of the places when there are none."""

    def __init__(self) -> None:
        super().__init__(Qt.AlignmentFlag.AlignLeft)
        meanings = "".join(f"<p><b>{KIND_WORDS[kind]}</b>: {KIND_MEANINGS[kind]}</p>" for kind in Kind)
        self.say(
            "What contradicts itself is gathered here",
            f"<p>The spans that you have decided are compared over the whole corpus:</p>{meanings}"
            "<p>Correct one or many at once, or say that it is right so.</p>",
        )

    def show_nothing(self, kind: str, meaning: str) -> None:
        """There is nothing of a kind."""
        self.say(f"{kind}: none", f"In what you have decided so far there is nothing of this kind ({meaning}).")
