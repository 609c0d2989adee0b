"""Preferences: how the window looks and under which name a person labels. Shown at once, kept when saved."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from annotator.ui.dialogs.sheet import Rows, Sheet, text_label

THEMES = (("as the system", "system"), ("light", "light"), ("dark", "dark"), ("high contrast", "high contrast"))
SAMPLE = "Chinese Foreign Minister Qin Gang told his counterpart on Thursday that talks must go on."


@dataclass(frozen=True, slots=True)
class Preferences:
    """``theme``: system, light, dark or high contrast. ``reading_width_chars``: the measure of the text."""

    theme: str = "system"
    text_family: str = "Noto Serif"
    text_size_px: int = 17
    reading_width_chars: int = 72
    annotator: str = ""


class PreferencesDialog(Sheet):
    """``changed`` carries `Preferences` at every change, so that the window shows them; leaving without
    saving sends the old ones once more. ``saved`` carries those to keep.
    """

    changed = Signal(object)
    saved = Signal(object)

    def __init__(self, current: Preferences, families: list[str], parent: QWidget | None = None) -> None:
        super().__init__("Preferences", "Save preferences", parent, width_px=520)
        self._before = current
        self.theme = QComboBox()
        for words, value in THEMES:
            self.theme.addItem(words, value)
        self.theme.setCurrentIndex(max(self.theme.findData(current.theme), 0))
        self.family = QComboBox()
        self.family.addItems(sorted({*families, current.text_family}))
        self.family.setCurrentText(current.text_family)
        self.text_size = _number(current.text_size_px, 11, 40, " px")
        self.width_chars = _number(current.reading_width_chars, 40, 140, " characters")
        self.annotator = QLineEdit(current.annotator)
        self.sample = text_label(SAMPLE, "sample")
        self._assemble()
        self._refresh()

    def preferences(self) -> Preferences:
        """What the fields say."""
        return Preferences(
            theme=str(self.theme.currentData()),
            text_family=self.family.currentText(),
            text_size_px=self.text_size.value(),
            reading_width_chars=self.width_chars.value(),
            annotator=self.annotator.text().strip() or self._before.annotator,
        )

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("Theme", self.theme)
        rows.add("Text font", self.family)
        rows.add("Text size", self.text_size)
        rows.add("Line length", self.width_chars)
        rows.add("Your name", self.annotator)
        self.body.addLayout(rows)
        self.body.addWidget(self.sample)
        self.body.addStretch(1)
        for box in (self.theme, self.family):
            box.currentIndexChanged.connect(self._on_changed)
        for number in (self.text_size, self.width_chars):
            number.valueChanged.connect(self._on_changed)
        self.go.clicked.connect(self._on_go_clicked)
        self.rejected.connect(self._on_rejected)

    def _refresh(self) -> None:
        font = QFont(self.family.currentText())
        font.setPixelSize(self.text_size.value())
        self.sample.setFont(font)

    def _on_changed(self) -> None:
        self._refresh()
        self.changed.emit(self.preferences())

    def _on_go_clicked(self) -> None:
        self.accept()
        self.saved.emit(self.preferences())

    def _on_rejected(self) -> None:
        if self.preferences() != self._before:
            self.changed.emit(self._before)


def _number(value: int, least: int, most: int, unit: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setSuffix(unit)
    return box
