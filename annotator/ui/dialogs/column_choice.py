"""A table among the files: which column is the text, and which one the document label."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.ui.dialogs import settings as keys
from annotator.ui.dialogs.choice_box import ChoiceBox
from annotator.ui.dialogs.settings import Settings
from annotator.ui.dialogs.sheet import Rows

NO_LABEL = "No column"
LONGEST_NAME = 60


class ColumnChoice(QWidget):
    """Two boxes, hidden while no table is there. ``changed`` comes with every choice; remembered by the names."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._names: tuple[str, ...] = ()
        self._guess = ""
        self.text, self.label = ChoiceBox(), ChoiceBox()
        rows = Rows()
        rows.add("Text in column", self.text)
        rows.add("Label in column", self.label)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(rows)
        self.text.currentIndexChanged.connect(self.changed)
        self.label.currentIndexChanged.connect(self.changed)
        self.hide()

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """What was chosen and is not what each table suggests by itself."""
        text, label = self.text.currentData(), self.label.currentData()
        if not self._names or (text == self._guess and not label):
            return ()
        return (("text", text), ("label", label)) if label else (("text", text),)

    def learn(self, names: Sequence[str], text: str) -> None:
        """Offer the columns of a table whose text is most likely in ``text``; a table that is known changes nothing."""
        if tuple(names) == self._names:
            return
        self._names, self._guess = tuple(names), text
        remembered = self._remembered()
        self._fill(self.text, {}, remembered.get("text", text))
        self._fill(self.label, {NO_LABEL: ""}, remembered.get("label", ""))
        self.show()
        if self.columns:
            self.changed.emit()

    def forget(self) -> None:
        """Other files: the boxes go away."""
        self._names = ()
        self.hide()

    def remember(self) -> None:
        """Keep the choice for tables with the same columns."""
        if self.columns:
            self._settings.set_value(self._key, json.dumps(dict(self.columns)))
        elif self._names:
            self._settings.set_value(self._key, "")

    @property
    def _key(self) -> str:
        names = "\n".join(sorted(self._names))
        return f"{keys.IMPORT_COLUMNS}/{hashlib.sha256(names.encode()).hexdigest()[:16]}"

    def _remembered(self) -> dict[str, str]:
        try:
            held = json.loads(self._settings.value(self._key, "") or "{}")
        except ValueError:
            return {}
        if not isinstance(held, dict):
            return {}
        return {role: name for role, name in held.items() if name in self._names}

    def _fill(self, box: ChoiceBox, first: dict[str, str], chosen: str) -> None:
        box.blockSignals(True)
        box.clear()
        for words, value in (first | {name: name for name in self._names}).items():
            box.addItem(words if len(words) <= LONGEST_NAME else f"{words[:LONGEST_NAME]}…", value)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.blockSignals(False)
