"""The left side of the agreement page: what is measured and shown, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from annotator.ui.dialogs.choice_box import ChoiceBox

SIDE_PX = 250
NOBODY = "Nobody: all figures"
ALL_LAYERS = "The layer with most spans"
IN_MATRIX = {
    "pooled_span_f1_exact": "Exact F1",
    "pooled_span_f1_partial": "Partial F1",
    "pooled_span_f1_type": "Type F1",
    "pooled_span_f1_boundary": "Boundary F1",
    "pooled_span_f1_overlap": "Overlap F1",
    "pooled_token_f1": "Token F1",
}


class AgreementSide(QWidget):
    """Fields and buttons; the page listens to them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(SIDE_PX)
        self.measure, self.layer, self.feedback_of = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.samples = QSpinBox()
        self.again, self.export = QPushButton("Measure again"), QPushButton("Export…")
        for name, words in IN_MATRIX.items():
            self.measure.addItem(words, name)
        self.samples.setRange(0, 100_000)
        self.samples.setValue(1_000)
        self.samples.setSingleStep(500)
        self.show_names(())
        self.export.setEnabled(False)
        self._assemble()

    @property
    def chosen_layer(self) -> str:
        """The layer that was chosen, or "" for the one with most spans."""
        return self.layer.currentText() if self.layer.currentIndex() > 0 else ""

    def show_layers(self, names: Sequence[str]) -> None:
        """Offer these layers."""
        if not self.layer.count():
            self.layer.addItems([ALL_LAYERS, *names])

    def show_names(self, names: Sequence[str]) -> None:
        """Offer feedback for these annotators; nobody is chosen."""
        self.feedback_of.blockSignals(True)
        self.feedback_of.clear()
        self.feedback_of.addItems([NOBODY, *names])
        self.feedback_of.blockSignals(False)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 14, 14)
        column.setSpacing(6)
        title = QLabel("Agreement")
        title.setProperty("strong", True)
        column.addWidget(title)
        fields = (
            ("Shown of pairs", self.measure),
            ("Layer", self.layer),
            ("Samples for intervals", self.samples),
            ("Feedback for", self.feedback_of),
        )
        for words, field in fields:
            label = QLabel(words)
            label.setProperty("dim", True)
            label.setBuddy(field)
            field.setAccessibleName(words)
            column.addWidget(label)
            column.addWidget(field)
        column.addSpacing(8)
        column.addWidget(self.again)
        column.addWidget(self.export)
        column.addStretch(1)
