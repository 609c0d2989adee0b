"""`Sheet`: what every dialog here looks like: a heading, rows, and a footer with a quiet note and verbs."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.ui.announcing import announce
from annotator.ui.dialogs.records import Records
from annotator.ui.dialogs.words import breakable

MARGIN_PX = 24
LABEL_COLUMN_PX = 104
ROW_PX = 12
"""Fields whose middles are closer than this stand in one row."""


def text_label(text: str = "", role: str = "", *, is_wrapped: bool = True) -> QLabel:
    """A label. ``role`` is what the style sheet knows it by: ``heading``, ``dim``, ``bad`` or nothing."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(is_wrapped)
    label.setMinimumWidth(1)  # one long word must not widen the dialog
    set_role(label, role)
    return label


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role in the style sheet and repaint it."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def plain_button(text: str, role: str = "") -> QPushButton:
    """A push button that Enter reaches only where it is the default one."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setProperty("role", role)
    return button


class Rows(QGridLayout):
    """Rows of a label and what it names, all labels in one column."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(14)
        self.setColumnMinimumWidth(0, LABEL_COLUMN_PX)
        self.setColumnStretch(1, 1)

    def add(self, name: str, field: QWidget, *, focus: QWidget | None = None, is_tall: bool = False) -> QLabel:
        """A row. The label's mnemonic and its accessible name go to ``focus`` (by default ``field``)."""
        label = QLabel(name)
        label.setProperty("role", "dim")
        target = focus or field
        label.setBuddy(target)
        says_itself = isinstance(target, QAbstractButton) and target.text()
        if not target.accessibleName() and not says_itself:
            target.setAccessibleName(name.replace("&", ""))
        row = self.rowCount()
        top = Qt.AlignmentFlag.AlignTop if is_tall else Qt.AlignmentFlag.AlignVCenter
        self.addWidget(label, row, 0, top)
        self.addWidget(field, row, 1)
        return label


def _takes_tab(one: QWidget) -> bool:
    return bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus) and one.isVisible() and one.isEnabled()


class Sheet(QDialog):
    """A dialog with `body` to fill, a `note` in the footer, and two buttons: leave, and do it."""

    def __init__(self, title: str, verb: str, parent: QWidget | None = None, *, width_px: int = 640) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setObjectName("sheet")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        if parent is not None:
            self.finished.connect(self.deleteLater)  # else every opening leaves one behind
        self.setMinimumWidth(width_px)
        self.heading = text_label(title, "heading")
        self.first: QWidget | None = None
        self.body = QVBoxLayout()
        self.body.setSpacing(16)
        self.note = text_label("", "dim")
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.leave = plain_button("Cancel")
        self.leave.clicked.connect(self.reject)
        self.go = plain_button(verb, "primary")
        self.go.setDefault(True)
        self._frame()

    def say(self, text: str, *, is_bad: bool = False) -> None:
        """Show a sentence in the footer."""
        set_role(self.note, "bad" if is_bad else "dim")
        self.note.setText(breakable(text))
        self.note.setAccessibleName(text)
        announce(self, text, is_urgent=is_bad)

    def hold(self, records: Records) -> None:
        """Make room whenever these records are unfolded or folded away."""
        records.unfolded.connect(lambda is_open: self.fit(may_shrink=not is_open))

    def fit(self, *, may_shrink: bool = False) -> None:
        """Grow to what the rows need. Shrinks only when asked, so that no button moves away under the pointer."""
        rows = self.layout()
        if rows is None or not self.isVisible():
            return
        rows.activate()
        needed_px = (
            rows.totalHeightForWidth(self.width()) if rows.hasHeightForWidth() else rows.totalSizeHint().height()
        )
        self.resize(self.width(), needed_px if may_shrink else max(self.height(), needed_px))

    def _fields(self) -> list[QWidget]:
        """What Tab reaches besides the two buttons, from top to bottom.

        Not by `nextInFocusChain`: PySide takes what it returns for a child of the widget that was asked, in the
        end this dialog for a child of its own last field; the next garbage collection then deleted the open dialog.
        """
        fields = [one for one in self.findChildren(QWidget) if _takes_tab(one) and one not in (self.leave, self.go)]
        return sorted(fields, key=self._reading_place)

    def _reading_place(self, one: QWidget) -> tuple[int, int]:
        middle = one.mapTo(self, one.rect().center())
        return round(middle.y() / ROW_PX), middle.x()

    def _frame(self) -> None:
        self.footer = QHBoxLayout()
        self.footer.setSpacing(8)
        self.footer.addWidget(self.note, 1)
        self.footer.addWidget(self.leave)
        self.footer.addWidget(self.go)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN_PX, MARGIN_PX - 4, MARGIN_PX, MARGIN_PX - 4)
        whole.setSpacing(18)
        whole.addWidget(self.heading)
        whole.addLayout(self.body, 1)
        whole.addLayout(self.footer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter does it from any field, a text field included."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.go.isEnabled():
            self.go.click()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Tab goes through the rows first, then to the buttons, which were made before them."""
        super().showEvent(event)
        fields = self._fields()
        for one, following in pairwise([*fields, self.leave, self.go]):
            self.setTabOrder(one, following)
        if self.focusWidget() in (None, self.leave, self.go):
            (self.first or (fields or [self.go])[0]).setFocus()
        self.fit(may_shrink=True)
