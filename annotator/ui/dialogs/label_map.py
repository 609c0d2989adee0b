"""Labels of a file that the scheme does not have: what each is here, asked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from annotator.ui.dialogs import settings as keys
from annotator.ui.dialogs.choice_box import ChoiceBox, TickBox
from annotator.ui.dialogs.settings import Settings
from annotator.ui.dialogs.sheet import text_label

ASK, ADD, LEAVE_OUT = "Choose …", "Add it to the scheme", "Leave it out"
ROW_PX, MOST_ROWS = 38, 5
SHOWN_CHARS = 28


class LabelMap(QWidget):
    """A row for each unknown label. ``changed`` comes with every choice. Hidden while there is none."""

    changed = Signal()

    def __init__(self, known: Sequence[str], settings: Settings) -> None:
        super().__init__()
        self._known = tuple(known)
        self._settings = settings
        self._left_out = frozenset(filter(None, settings.value(keys.IMPORT_LEFT_OUT, "").split("\n")))
        self.boxes: dict[str, ChoiceBox] = {}
        self.heading = text_label("Labels that the scheme does not have", "strong")
        self.remember = TickBox("Remember this: later imports do not ask again")
        self.remember.setChecked(True)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setColumnStretch(1, 1)
        self._scroll = self._scrolled()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        for widget in (self.heading, self._scroll, self.remember):
            rows.addWidget(widget)
        self.remember.toggled.connect(self.changed)
        self.hide()

    @property
    def labels(self) -> Mapping[str, str]:
        """Names of the file that are others here, or are left out (an empty name)."""
        chosen = {name: box.currentData() for name, box in self.boxes.items()}
        return {name: target for name, target in chosen.items() if isinstance(target, str) and target != ADD}

    @property
    def new_labels(self) -> frozenset[str]:
        """Names that the scheme is to learn."""
        return frozenset(name for name, box in self.boxes.items() if box.currentData() == ADD)

    def learn(self, unknown: Mapping[str, int]) -> None:
        """Show a row for each name that has none yet, the most frequent first. What was left out before is again."""
        new = [name for name in unknown if name not in self.boxes]
        for name in sorted(new, key=lambda name: (-unknown[name], name)):
            self._add_row(name, unknown[name])
        self._scroll.setFixedHeight(ROW_PX * min(len(self.boxes), MOST_ROWS) + 4)
        self.setVisible(bool(self.boxes))
        if not self._left_out.isdisjoint(new):
            self.changed.emit()

    def keep(self) -> None:
        """Remember which labels were left out, when that is wished; what others are is known to the scheme by then."""
        if self.remember.isChecked():
            chosen = {name for name, target in self.labels.items() if not target}
            kept = sorted(self._left_out - self.boxes.keys() | chosen)
            self._settings.set_value(keys.IMPORT_LEFT_OUT, "\n".join(kept))

    def forget(self) -> None:
        """Other files: the rows go away."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.boxes.clear()
        self.hide()

    def _add_row(self, name: str, count: int) -> None:
        box = ChoiceBox()
        box.addItem(ASK, None)
        box.addItem(ADD, ADD)
        box.addItem(LEAVE_OUT, "")
        for known in self._known:
            box.addItem(f"It is {known}", known)
        if name in self._left_out:
            box.setCurrentIndex(box.findData(""))
        box.setAccessibleName(f"What the label {name} is here")
        box.currentIndexChanged.connect(self.changed)
        label = text_label(f"{_shortened(name)}  {count:,}", is_wrapped=False)
        label.setToolTip(name)
        row = len(self.boxes)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(box, row, 1)
        self.boxes[name] = box

    def _scrolled(self) -> QScrollArea:
        held = QWidget()
        held.setLayout(self._grid)
        scroll = QScrollArea()
        scroll.setWidget(held)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Labels that the scheme does not have")
        return scroll


def _shortened(name: str) -> str:
    return name if len(name) <= SHOWN_CHARS else f"{name[:SHOWN_CHARS]}…"
