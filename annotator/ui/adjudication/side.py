"""The left side of adjudication: how far it is, the kinds of disagreement, and the open ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from annotator.domain.disagreements import Kind
from annotator.ui.adjudication.items import ItemList
from annotator.ui.naming import named
from annotator.workflows.adjudication_bench import Bench, Item

SIDE_PX = 320
KIND_WORDS = {
    None: "All",
    Kind.LABEL: "Label",
    Kind.BOUNDARY: "Boundary",
    Kind.MISSING: "Missing",
    Kind.BOTH: "Boundary and label",
    Kind.ATTRIBUTE: "Attribute",
}


class Side(QWidget):
    """``kind_chosen``: other items are to be shown, see `chosen`."""

    kind_chosen = Signal(object)

    def __init__(self, items: ItemList) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(SIDE_PX)
        self.kind: Kind | None = None
        self.kinds = {kind: QToolButton() for kind in KIND_WORDS}
        self.count = QLabel()
        self.progress = QProgressBar()
        self.filter = QLabel(wordWrap=True)
        self.all = named(QPushButton("Show all"), "link")
        self.again = named(QPushButton("Look again"), "link")
        self._assemble(items)

    def show_counts(self, bench: Bench) -> None:
        """How many places are open, of which kind."""
        items = bench.items
        counts: Counter[Kind | None] = Counter(item.kind for item in items)
        counts[None] = len(items)
        for kind, button in self.kinds.items():
            button.setText(f"{KIND_WORDS[kind]}  {counts[kind]:,}")
            button.setVisible(kind is None or counts[kind] > 0 or kind is self.kind)
            button.setChecked(kind is self.kind)
            button.setProperty("on", kind is self.kind)
            button.style().unpolish(button)
            button.style().polish(button)
        self.count.setText(f"{len(items):,} open · {bench.settled:,} agreed or decided")
        self.progress.setMaximum(max(len(items) + bench.settled, 1))
        self.progress.setValue(bench.settled)

    def show_filter(self, words: str) -> None:
        """Say that only some items are shown, and offer all; empty: all are shown."""
        self.filter.setText(words)
        self.filter.setVisible(bool(words))
        self.all.setVisible(bool(words))

    def chosen(self, items: Sequence[Item]) -> list[Item]:
        """The items of the chosen kind."""
        return [item for item in items if self.kind in (None, item.kind)]

    def _choose(self, kind: Kind | None) -> None:
        self.kind = kind
        self.kind_chosen.emit(kind)

    def _assemble(self, items: ItemList) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 14, 10, 10)
        column.setSpacing(2)
        title = QLabel("Adjudication")
        title.setProperty("strong", True)
        title.setContentsMargins(6, 0, 0, 2)
        self.count.setProperty("dim", True)
        self.count.setContentsMargins(6, 0, 0, 4)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.setAccessibleName("Decided")
        for part in (title, self.count, self.progress):
            column.addWidget(part)
        for kind, button in self.kinds.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, kind=kind: self._choose(kind))
            column.addWidget(button)
        column.addSpacing(6)
        self.filter.setContentsMargins(6, 0, 0, 0)
        column.addWidget(self.filter)
        column.addWidget(self.all)
        self.show_filter("")
        column.addWidget(items, 1)
        column.addWidget(self.again)
