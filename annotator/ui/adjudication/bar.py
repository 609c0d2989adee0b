"""The decisions that can be made, as buttons that name their keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from annotator.ui.dialogs.choice_box import TickBox

MOST_NAMES = 4
"""With more annotators than these there are no buttons for them: the lanes are clicked."""


class DecisionBar(QWidget):
    """``taken``: the answer of the annotator with this number (from 0) is to hold."""

    taken = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.names = QHBoxLayout()
        self.majority = QPushButton("M  majority")
        self.union = QPushButton("U  all of them")
        self.none = QPushButton("N  none is right")
        self.edit = QPushButton("E  edit")
        self.alike = TickBox("A  all alike")
        self.pins = TickBox("G  guideline example")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addLayout(self.names)
        for part in (self.majority, self.union, self.none, self.edit):
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(part)
        row.addSpacing(8)
        row.addWidget(self.alike)
        row.addWidget(self.pins)
        row.addStretch(1)

    def show_choices(self, names: Sequence[str], alike: int, *, is_for_alike: bool) -> None:
        """Offer these annotators' answers; ``alike``: how many places are of the same cluster."""
        while (item := self.names.takeAt(0)) is not None:
            if (held := item.widget()) is not None:
                held.hide()
                held.deleteLater()
        for number, name in enumerate(names[:MOST_NAMES] if len(names) <= MOST_NAMES else ()):
            button = QPushButton(f"{number + 1}  {name[:12]}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, number=number: self.taken.emit(number))
            self.names.addWidget(button)
        self.majority.setVisible(len(names) > 2)
        self.alike.setText(f"A  all {alike:,} alike" if alike > 1 else "A  no others alike")
        self.alike.setEnabled(alike > 1)
        self.alike.setChecked(is_for_alike and alike > 1)
