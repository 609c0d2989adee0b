"""`Chooser` and `Writer`: the two small popups over the article in which a key chooses, or a few words are typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from annotator.ui.announcing import announce
from annotator.ui.fonts import interface_font
from annotator.ui.naming import named
from annotator.ui.theme import Theme

KEYS = "1234567890abcdefghijklmnopqrstuvwxyz"
ROW_PX = 30
WIDTH_PX = 400
MOST_ROWS = 14
NOTE_PX = 110


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a chooser. ``is_on``: whether it is given already. ``section``: a heading above it when it is new."""

    text: str
    run: Callable[[], object]
    is_on: bool = False
    section: str = ""
    about: str = ""


class _ChoiceRow(QAbstractButton):
    """A choice with its key; a dot and a word, not colour alone, say that it is given."""

    def __init__(self, choice: Choice, key: str, theme: Theme) -> None:
        super().__init__()
        self.choice, self._key, self._theme = choice, key, theme
        self.setText(choice.text)
        self.setCheckable(True)
        self.setChecked(choice.is_on)
        given = ", given" if choice.is_on else ""
        self.setAccessibleName(choice.text + given + (f", key {key}" if key else ""))
        self.setAccessibleDescription(choice.about)
        self.setToolTip(choice.about)
        self.setFixedHeight(ROW_PX)
        self.is_current = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are the popup's
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH_PX - 24, ROW_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.is_current or self.underMouse():
            painter.setPen(QColor(self._theme.accent if self.is_current else self._theme.line))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5), 6, 6)
        if self.choice.is_on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.accent))
            painter.drawEllipse(QRectF(10, ROW_PX / 2 - 4, 8, 8))
        painter.setFont(interface_font(13))
        align = Qt.AlignmentFlag.AlignVCenter
        room = self.rect().adjusted(28, 0, -64, 0)
        painter.setPen(QColor(self._theme.text))
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(align | Qt.AlignmentFlag.AlignLeft), text)
        painter.setPen(QColor(self._theme.dim))
        words = f"given   {self._key}" if self.choice.is_on else self._key
        painter.drawText(self.rect().adjusted(0, 0, -12, 0), int(align | Qt.AlignmentFlag.AlignRight), words)
        painter.end()


class _Popup(QDialog):
    """A frameless popup over the upper part of the window."""

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._window = parent
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self.title = named(QLabel(title), "popup_title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.hint = QLabel()
        self.hint.setProperty("dim", True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 12, 12, 10)
        self.column.setSpacing(2)
        self.column.addWidget(self.title)

    def place(self) -> None:
        """Show it centred over its window."""
        parent = self._window
        self.adjustSize()
        self.setFixedWidth(min(WIDTH_PX, parent.width() - 40))
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - self.width()) // 2, corner.y() + 90)
        self.show()
        self.setFocus()  # else the keys of the article go on working under it


class Chooser(_Popup):
    """Keys or clicks choose. One that stays open shows the choices anew after each."""

    def __init__(
        self, title: str, choices: Callable[[], Sequence[Choice]], theme: Theme, parent: QWidget, *, stays_open: bool
    ) -> None:
        super().__init__(title, "chooser", parent)
        self._choices, self._theme, self._stays_open = choices, theme, stays_open
        self.rows: list[_ChoiceRow] = []
        self._place = -1
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hint.setText("A key chooses, again takes away; Esc closes" if stays_open else "A key chooses; Esc closes")
        self.column.addWidget(self._area)
        self.column.addWidget(self.hint)
        self._fill()

    def _fill(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(0)
        self.rows, section, height = [], "", 8
        for place, choice in enumerate(self._choices()):
            if choice.section and choice.section != section:
                section = choice.section
                heading = QLabel(section)
                heading.setProperty("section", True)
                heading.setFixedHeight(ROW_PX - 6)
                column.addWidget(heading)
                height += ROW_PX - 6
            row = _ChoiceRow(choice, KEYS[place] if place < len(KEYS) else "", self._theme)
            row.clicked.connect(lambda _on=False, one=choice: self._run(one))
            self.rows.append(row)
            column.addWidget(row)
        self.setAccessibleDescription("; ".join(row.accessibleName() for row in self.rows))
        height += ROW_PX * len(self.rows)
        column.addStretch(1)
        self._area.setWidget(body)
        self._area.setFixedHeight(min(height, ROW_PX * MOST_ROWS))
        self._go_to(self._place)

    def _go_to(self, place: int) -> None:
        """Make a row current for Enter; -1: none."""
        self._place = min(place, len(self.rows) - 1)
        for number, row in enumerate(self.rows):
            row.is_current = number == self._place
            row.update()
        if self._place >= 0:
            self._area.ensureWidgetVisible(self.rows[self._place])
            announce(self, self.rows[self._place].accessibleName())  # the focus stays on the popup

    def _run(self, choice: Choice) -> None:
        if not self._stays_open:
            self.close()
            choice.run()
            return
        choice.run()
        if self.isVisible():
            self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = KEYS.find(event.text().lower()) if event.text() else -1
        if 0 <= place < len(self.rows):
            self._run(self.rows[place].choice)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._place >= 0:
            self._run(self.rows[self._place].choice)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.close()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._go_to(max(self._place + (1 if event.key() == Qt.Key.Key_Down else -1), 0))
        else:
            super().keyPressEvent(event)


class Writer(_Popup):
    """A few lines of text. Enter keeps them, Shift+Enter begins a line, Esc leaves everything as it was."""

    written = Signal(str)

    def __init__(self, title: str, text: str, parent: QWidget) -> None:
        super().__init__(title, "writer", parent)
        self.field = named(QPlainTextEdit(text), "writer_field")
        self.field.setAccessibleName(title)
        self.field.setFixedHeight(NOTE_PX)
        self.field.setTabChangesFocus(True)
        self.field.installEventFilter(self)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.hint.setText("Enter keeps it; Shift+Enter begins a line; Esc leaves it")
        self.column.addWidget(self.field)
        self.column.addSpacing(4)
        self.column.addWidget(self.hint)

    def place(self) -> None:
        """Show it, ready to type."""
        super().place()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                text = self.field.toPlainText()
                self.close()
                self.written.emit(text)
                return True
        return super().eventFilter(watched, event)
