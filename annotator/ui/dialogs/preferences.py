"""Preferences: how the window looks and under which name a person labels. Shown at once, kept when saved."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from annotator.ui.dialogs.choice_box import ChoiceBox
from annotator.ui.dialogs.sheet import Rows, Sheet, text_label

THEMES = (("As the system", "system"), ("Light", "light"), ("Dark", "dark"), ("High contrast", "high contrast"))
SIZES_PX = (13, 14, 15, 16, 17, 18, 19, 20, 22, 24, 28, 32)
GOALS = (5, 10, 20, 30, 50, 80, 100, 200)
WIDTHS_CHARS = (56, 60, 64, 68, 72, 76, 80, 90, 100, 120)
SPACINGS_PERCENT = (100, 110, 120, 135, 150, 175, 200)
AFTER_DECISIONS = (("Stay there", False), ("Go on to the next doubt", True))
LANES = (("Comfortable", "comfortable"), ("Compact", "compact"))
SAMPLE = "Chinese Foreign Minister Qin Gang told his counterpart on Thursday that talks must go on."


@dataclass(frozen=True, slots=True)
class Preferences:
    """``theme``: system, light, dark or high contrast. ``reading_width_chars``: the measure of the text.

    ``daily_goal``: documents a day, 0 for none. ``line_spacing_percent``: 100 is the usual distance
    of lines. ``lanes``: comfortable or compact. ``goes_on``: whether a label key, Delete or A leads to the next doubt.
    """

    theme: str = "system"
    text_family: str = "Noto Serif"
    text_size_px: int = 17
    reading_width_chars: int = 72
    annotator: str = ""
    daily_goal: int = 0
    line_spacing_percent: int = 100
    lanes: str = "comfortable"
    goes_on: bool = False


class PreferencesDialog(Sheet):
    """``changed`` carries `Preferences` at every change, so that the window shows them; leaving without
    saving sends the old ones once more. ``saved`` carries those to keep.
    """

    changed = Signal(object)
    saved = Signal(object)

    def __init__(self, current: Preferences, families: list[str], parent: QWidget | None = None) -> None:
        super().__init__("Preferences", "Save preferences", parent, width_px=520)
        self._before = current
        self.theme = _words(THEMES, current.theme)
        self.family = ChoiceBox()
        self.family.addItems(sorted({*families, current.text_family}))
        self.family.setCurrentText(current.text_family)
        self.text_size = _numbers(SIZES_PX, current.text_size_px, "px")
        self.width_chars = _numbers(WIDTHS_CHARS, current.reading_width_chars, "characters")
        self.daily_goal = _numbers(GOALS, current.daily_goal or GOALS[0], "documents a day")
        self.daily_goal.insertItem(0, "None", 0)
        self.daily_goal.setCurrentIndex(max(self.daily_goal.findData(current.daily_goal), 0))
        self.spacing = _numbers(SPACINGS_PERCENT, current.line_spacing_percent, "%")
        self.lanes = _words(LANES, current.lanes)
        self.after_decision = ChoiceBox()
        for words, goes_on in AFTER_DECISIONS:
            self.after_decision.addItem(words, goes_on)
        self.after_decision.setCurrentIndex(int(current.goes_on))
        self.annotator = QLineEdit(current.annotator)
        self.sample = text_label(SAMPLE, "sample")
        self._assemble()
        self._refresh()

    def preferences(self) -> Preferences:
        """What the fields say."""
        return Preferences(
            theme=str(self.theme.currentData()),
            text_family=self.family.currentText(),
            text_size_px=int(self.text_size.currentData()),
            reading_width_chars=int(self.width_chars.currentData()),
            annotator=self.annotator.text().strip() or self._before.annotator,
            daily_goal=int(self.daily_goal.currentData()),
            line_spacing_percent=int(self.spacing.currentData()),
            lanes=str(self.lanes.currentData()),
            goes_on=bool(self.after_decision.currentData()),
        )

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("Theme", self.theme)
        rows.add("Text font", self.family)
        rows.add("Text size", self.text_size)
        rows.add("Line length", self.width_chars)
        rows.add("Line spacing", self.spacing)
        rows.add("Lanes", self.lanes)
        rows.add("After a decision", self.after_decision)
        rows.add("Daily goal", self.daily_goal)
        rows.add("Your name", self.annotator)
        self.body.addLayout(rows)
        self.body.addWidget(self.sample)
        self.body.addStretch(1)
        for box in (self.theme, self.family, self.text_size, self.width_chars, self.spacing, self.lanes):
            box.currentIndexChanged.connect(self._on_changed)
        self.go.clicked.connect(self._on_go_clicked)
        self.rejected.connect(self._on_rejected)

    def _refresh(self) -> None:
        """Show the sample in the chosen font; by a style sheet, because one stands above the label already."""
        family = self.family.currentText().replace('"', "")
        self.sample.setStyleSheet(f'font-family: "{family}"; font-size: {self.text_size.currentData()}px;')

    def _on_changed(self) -> None:
        self._refresh()
        self.changed.emit(self.preferences())

    def _on_go_clicked(self) -> None:
        self.accept()
        self.saved.emit(self.preferences())

    def _on_rejected(self) -> None:
        if self.preferences() != self._before:
            self.changed.emit(self._before)


def _words(choices: tuple[tuple[str, str], ...], current: str) -> ChoiceBox:
    """A choice of values by their words; the first when the current one is none of them."""
    box = ChoiceBox()
    for words, value in choices:
        box.addItem(words, value)
    box.setCurrentIndex(max(box.findData(current), 0))
    return box


def _numbers(choices: tuple[int, ...], current: int, unit: str) -> ChoiceBox:
    """A choice of numbers, the current one among them whatever it is."""
    box = ChoiceBox()
    for number in sorted({*choices, current}):
        box.addItem(f"{number} {unit}", number)
    box.setCurrentIndex(box.findData(current))
    return box
