"""Fields of the scheme editor, edited in place: what is typed counts when the field is left or Enter is pressed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from annotator.domain.labels import HUES, Label
from annotator.ui.icons import draw_swatch
from annotator.ui.theme import LIGHT, Theme, nearest_hue

HUE_NAMES: Mapping[int, str] = {
    255: "blue", 25: "red", 145: "green", 85: "amber", 310: "violet", 195: "teal", 350: "pink", 120: "olive",
    225: "sky", 55: "orange", 280: "indigo", 170: "sea green",
}  # fmt: skip
SWATCH_PX, HUES_A_ROW = 30, 6
TEXT_PX = 84


def _is_undo(event: QEvent) -> bool:
    """Whether a field is asked if it wants a key of undo or redo for itself."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


class CommitEdit(QLineEdit):
    """``committed`` comes once for each change that was finished; Escape takes back what was typed."""

    committed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._shown = ""
        self.setAccessibleName(name)
        self.editingFinished.connect(self._on_editing_finished)

    def show_text(self, text: str) -> None:
        """Show what holds now, unless something else is being typed."""
        if not (self.hasFocus() and self.text() != self._shown and text == self._shown):
            self.setText(text)
        self._shown = text

    def restore(self) -> None:
        """Show again what holds."""
        self.setText(self._shown)

    def _on_editing_finished(self) -> None:
        if self.text() != self._shown:
            self.committed.emit(self.text())

    def event(self, event: QEvent) -> bool:
        if self.text() == self._shown and _is_undo(event):
            event.ignore()  # nothing is being typed: the keys belong to the page
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.restore()
            self.textEdited.emit(self.text())
            return
        super().keyPressEvent(event)


class CommitText(QPlainTextEdit):
    """Several lines. ``committed`` comes when the field is left or Ctrl+Enter is pressed."""

    committed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._shown = ""
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(TEXT_PX)

    def show_text(self, text: str) -> None:
        """Show what holds now, unless something else is being typed."""
        is_typed = self.hasFocus() and self.toPlainText() != self._shown and text == self._shown
        if not is_typed and self.toPlainText() != text:
            self.setPlainText(text)
        self._shown = text

    def _commit(self) -> None:
        if self.toPlainText().strip() != self._shown:
            self.committed.emit(self.toPlainText())

    def event(self, event: QEvent) -> bool:
        if self.toPlainText() == self._shown and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._commit()
        elif event.key() == Qt.Key.Key_Escape and self.toPlainText() != self._shown:
            self.setPlainText(self._shown)
        else:
            super().keyPressEvent(event)


class KeyField(QLineEdit):
    """Takes the next key that is pressed. ``pressed_key`` carries it, an empty string when it is taken away."""

    pressed_key = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFixedWidth(84)
        self.setPlaceholderText("none")
        self.setAccessibleName("Key")
        self.setAccessibleDescription("Press a key to choose it, Backspace to take it away")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_typed(event):
            event.accept()  # else keys of the window act instead of being told that they are taken
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.pressed_key.emit("")
        elif _is_typed(event):
            self.pressed_key.emit(event.text().lower())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


def _is_typed(event: QKeyEvent) -> bool:
    """Whether the key writes one visible character."""
    text = event.text()
    has_modifier = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    return len(text) == 1 and text.isprintable() and not text.isspace() and not has_modifier


class _Swatch(QAbstractButton):
    """One hue: tint, ink and letters in ink, as a label looks in the article."""

    def __init__(self, hue: int) -> None:
        super().__init__()
        self.hue = hue
        self.theme: Theme = LIGHT
        self.setCheckable(True)
        self.setFixedSize(SWATCH_PX, SWATCH_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(SWATCH_PX, SWATCH_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_swatch(painter, QRectF(6, 6, SWATCH_PX - 12, SWATCH_PX - 12), self.theme, self.hue)
        ring = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        if self.isChecked() or self.hasFocus():
            colour = self.theme.accent if self.hasFocus() else self.theme.text  # no ink: blue's is the accent
            painter.setPen(QPen(QColor(colour), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ring, 6, 6)
        painter.end()


class FaultLine(QLabel):
    """Why something cannot be done, in a sentence; takes no room while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumWidth(1)
        self.setProperty("role", "bad")
        self.hide()

    def say(self, text: str) -> None:
        """Show ``text``; an empty string takes the line away."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))


class HueField(QWidget):
    """The twelve hues, one of them chosen; arrow keys go from one to the next. ``chosen`` carries a hue in degrees."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._is_showing = False
        self.swatches = [_Swatch(hue) for hue in HUES]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        grid.setColumnStretch(HUES_A_ROW, 1)
        for number, swatch in enumerate(self.swatches):
            self._group.addButton(swatch, swatch.hue)
            grid.addWidget(swatch, *divmod(number, HUES_A_ROW))
        self._group.idToggled.connect(self._on_toggled)
        self.setAccessibleName("Colour")

    def show_hue(self, hue: int, others: Iterable[Label]) -> None:
        """Show which hue holds now; ``others``: labels whose hues are named with them."""
        taken: dict[int, list[str]] = {}
        for label in others:
            taken.setdefault(nearest_hue(label.hue), []).append(label.name)
        self._is_showing = True
        for swatch in self.swatches:
            swatch.setChecked(swatch.hue == nearest_hue(hue))
            names = ", ".join(taken.get(swatch.hue, [])[:4])
            swatch.setToolTip(f"{HUE_NAMES[swatch.hue]}, also {names}" if names else HUE_NAMES[swatch.hue])
            swatch.setAccessibleName(f"Colour {HUE_NAMES[swatch.hue]}")
        self._is_showing = False

    def set_theme(self, theme: Theme) -> None:
        """Colours of the swatches."""
        for swatch in self.swatches:
            swatch.theme = theme
            swatch.update()

    def _on_toggled(self, hue: int, is_on: bool) -> None:
        if is_on and not self._is_showing:
            self.chosen.emit(hue)
