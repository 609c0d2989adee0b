"""The formats to export: the current one is written, and every one that is ticked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from annotator.workflows.format_list import FormatInfo

LEAST_ROW_PX, ROWS = 24, 6


class FormatList(QListWidget):
    """``changed`` comes when another format is current or the ticks change."""

    changed = Signal()

    def __init__(self, formats: Sequence[FormatInfo], current: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = tuple(formats)
        for one in formats:
            kind = "folder" if one.is_folder else one.extension
            item = QListWidgetItem(f"{one.title} ({kind})")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setToolTip("Space ticks a further format, to be written too")
            self.addItem(item)
        names = [one.name for one in formats]
        self.setCurrentRow(names.index(current) if current in names else 0)
        self.setAccessibleName("Format")
        self.setSpacing(2)
        row_px = max(self.sizeHintForRow(0) + 2 * self.spacing(), LEAST_ROW_PX)
        self.setFixedHeight(row_px * min(len(names), ROWS) + 8)
        self.currentRowChanged.connect(lambda _row: self.changed.emit())
        self.itemChanged.connect(lambda _item: self.changed.emit())

    @property
    def current(self) -> FormatInfo:
        """The format whose losses are shown."""
        return self._formats[max(self.currentRow(), 0)]

    @property
    def chosen(self) -> list[FormatInfo]:
        """The formats to write: the current one and the ticked ones, the current one first."""
        ticked = [
            one
            for number, one in enumerate(self._formats)
            if self.item(number).checkState() is Qt.CheckState.Checked and one is not self.current
        ]
        return [self.current, *ticked]

    def show_format(self, name: str) -> None:
        """Make a format current."""
        self.setCurrentRow([one.name for one in self._formats].index(name))
