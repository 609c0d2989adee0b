"""The line at the bottom: the keys, what just happened, and whether everything is saved."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from annotator.ui.actions import Hint
from annotator.ui.announcing import announce
from annotator.ui.doubt_words import count_in_words
from annotator.ui.fonts import interface_font
from annotator.ui.naming import named
from annotator.ui.theme import LIGHT, Theme
from annotator.workflows.saving import NotSaved, Saved, SaveState, Saving

MESSAGE_MS = 6_000
SIDE_PX, BETWEEN_PX = 16, 12
GAP_PX, INNER_GAP_PX = 22, 8
SAVED_PX = 76
DOUBTS_PX = 70
LEAST_PX_FOR_DOUBTS = 440
"""On a narrower line the keys need the room; the list of documents counts the doubts, too."""


class HintLine(QWidget):
    """``retry_requested``: try saving again. ``action_requested`` carries the id of an action that was clicked.

    While something is not saved the whole line says so, in red, and nothing makes it go away but saving.
    """

    retry_requested = Signal()
    action_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hint_line")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(34)
        self._theme: Theme = LIGHT
        self._hints: Sequence[Hint] = ()
        self._fault = ""
        self.keys = QLabel()
        self.keys.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.keys.linkActivated.connect(self.action_requested)
        self.message = named(QLabel(), "message")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.message.hide()
        self.doubts = named(QLabel(), "doubts_left")
        self.doubts.setProperty("dim", True)
        self.doubts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.doubts.setMinimumWidth(DOUBTS_PX)
        self.saved = named(QLabel(), "save_state")
        self.saved.setMinimumWidth(SAVED_PX)  # so that "saved" and "saving" move nothing
        self.saved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.retry = named(QPushButton("Retry"), "retry")
        self.retry.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.retry.setToolTip("Try to save again (Ctrl+S)")
        self.retry.hide()
        self.retry.clicked.connect(self.retry_requested)
        self.setAccessibleName("Keys, messages and save state")
        self._fade = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._fade.timeout.connect(self.clear_message)
        self._assemble()

    def show_keys(self, hints: Sequence[Hint], theme: Theme) -> None:
        """The keys of the table's hints; as many as there is room for, the last one always."""
        self._hints, self._theme = hints, theme
        self._fit_keys()

    def say(self, text: str, *, is_bad: bool = False) -> None:
        """Say what happened, for a few seconds, in place of the keys."""
        self.message.setText(text)
        self.message.setToolTip(text)
        announce(self, text, is_urgent=is_bad)
        _set_bad(self.message, is_bad=is_bad)
        self.keys.hide()
        self.message.show()
        self._fade.start()

    def clear_message(self) -> None:
        """Show the keys again; or why something is not saved."""
        self._fade.stop()
        if self._fault:
            self.message.setText(self._fault)
        self.message.setVisible(bool(self._fault))
        self.keys.setVisible(not self._fault)

    def show_doubts(self, count: int | None) -> None:
        """How many doubts are left in the article; None: not known."""
        text = "" if count is None else count_in_words(count)
        if text != self.doubts.text():
            self.doubts.setText(text)

    def show_save_state(self, state: SaveState) -> None:
        """Saved, saving, or not saved and why."""
        had_fault, self._fault = bool(self._fault), state.reason if isinstance(state, NotSaved) else ""
        match state:
            case Saved():
                self.saved.setText("saved")
            case Saving(waiting):
                self.saved.setText(f"saving {waiting}…")
            case NotSaved(waiting, _, _):
                self.saved.setText(f"NOT SAVED ({waiting})")
        if had_fault != bool(self._fault):
            announce(self, self._fault or "Everything is saved.", is_urgent=bool(self._fault))
            for widget in (self, self.saved, self.message, self.retry):
                _set_bad(widget, is_bad=bool(self._fault))
            self.retry.setVisible(bool(self._fault))
        if had_fault or self._fault:
            self.clear_message()

    def _assemble(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE_PX, 0, SIDE_PX, 0)
        row.setSpacing(BETWEEN_PX)
        row.addWidget(self.keys, 1)
        row.addWidget(self.message, 1)
        row.addWidget(self.retry)
        row.addWidget(self.doubts)
        row.addWidget(self.saved)

    def _fit_keys(self) -> None:
        shown = list(self._hints)
        has_doubts = self.width() >= LEAST_PX_FOR_DOUBTS
        self.doubts.setVisible(has_doubts)
        beside = [self.saved, self.doubts] if has_doubts else [self.saved]
        taken = sum(max(one.sizeHint().width(), one.minimumWidth()) + BETWEEN_PX for one in beside)
        room = self.width() - 2 * SIDE_PX - taken
        while len(shown) > 1 and sum(map(_width, shown)) - GAP_PX > room:
            loose = [place for place, hint in enumerate(shown) if not hint.is_kept]
            del shown[loose[-1] if loose else 0]
        self.keys.setAccessibleName(", ".join(f"{hint.keys} {hint.words}" for hint in shown))
        self.keys.setText(f"<table cellspacing='0' cellpadding='0'><tr>{''.join(map(self._cell, shown))}</tr></table>")

    def _cell(self, hint: Hint) -> str:
        keys = f"<b>{escape(hint.keys)}</b>"
        words = f"<span style='color:{self._theme.dim}'>{escape(hint.words)}</span>"
        if hint.action:
            style = f"color:{self._theme.text};text-decoration:none"
            keys = f"<a href='{hint.action}' style='{style}'>{keys}</a>"
            words = f"<a href='{hint.action}' style='color:{self._theme.dim};text-decoration:none'>{hint.words}</a>"
        gap = f"padding-right:{INNER_GAP_PX}px;white-space:nowrap"
        return f"<td style='{gap}'>{keys}</td><td style='padding-right:{GAP_PX}px;white-space:nowrap'>{words}</td>"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_keys()


def _width(hint: Hint) -> int:
    bold = QFontMetrics(interface_font(13, QFont.Weight.Bold))
    plain = QFontMetrics(interface_font(13))
    keys_px = bold.horizontalAdvance(hint.keys)
    return keys_px + plain.horizontalAdvance(hint.words) + GAP_PX + INNER_GAP_PX


def _set_bad(widget: QWidget, *, is_bad: bool) -> None:
    if bool(widget.property("bad")) != is_bad:
        widget.setProperty("bad", is_bad)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
