"""A table of what was left out or rejected: any length, read-only, copyable, folded away until asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

Index = QModelIndex | QPersistentModelIndex
Row = tuple[str, ...]


class RecordModel(QAbstractTableModel):
    """Rows of plain text under fixed column names."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """Replace every row."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def as_text(self, numbers: Sequence[int] = ()) -> str:
        """The rows with these numbers (all when none) as tab-separated lines under the column names."""
        chosen = [self._rows[number] for number in numbers] if numbers else self._rows
        return "\n".join("\t".join(row) for row in (self._columns, *chosen))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._columns[section]
        return None


class _MiddleElided(QStyledItemDelegate):
    """Shortens paths and ids in the middle: both ends tell them apart."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


class RecordTable(QTableView):
    """The table itself: whole rows are selected, Ctrl+C copies them (all when none is)."""

    def __init__(self, columns: Sequence[str], name: str) -> None:
        super().__init__()
        self._records = RecordModel(columns)
        self.setModel(self._records)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setItemDelegateForColumn(0, _MiddleElided(self))
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self._set_header()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Replace every row."""
        self._records.show(rows)

    def copy(self) -> None:
        """Put the selected rows, or all of them, on the clipboard."""
        numbers = [index.row() for index in self.selectionModel().selectedRows()]
        QGuiApplication.clipboard().setText(self._records.as_text(sorted(numbers)))

    def _set_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(48)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def set_widths(self, widths_px: Sequence[int]) -> None:
        """Widths of the columns; the last one takes what is left."""
        for column, width in enumerate(widths_px):
            self.setColumnWidth(column, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)


class Records(QWidget):
    """A link-like button "Show 3 …" and, once pressed, the table with its Copy button."""

    unfolded = Signal(bool)

    def __init__(self, columns: Sequence[str], widths_px: Sequence[int], name: str) -> None:
        super().__init__()
        self._what = ""
        self.table = RecordTable(columns, name)
        self.table.set_widths(widths_px)
        self.table.setMinimumHeight(150)
        self.toggle = QPushButton()
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._on_toggled)
        self.copy = QPushButton("Copy")
        self.copy.setAccessibleName(f"Copy {name.lower()}")
        self.copy.clicked.connect(self.table.copy)
        for button in (self.toggle, self.copy):
            button.setProperty("role", "link")
            button.setAutoDefault(False)
        self._assemble()
        self._on_toggled(False)

    def show_rows(self, rows: Sequence[Row], what: str) -> None:
        """Show ``rows``; ``what`` names them with their count ("3 spans left out"). Nothing when empty."""
        self._what = what
        self.table.show_rows(rows)
        self.setVisible(bool(rows))
        self._on_toggled(self.toggle.isChecked())

    def _assemble(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.toggle)
        top.addStretch(1)
        top.addWidget(self.copy)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(top)
        whole.addWidget(self.table, 1)

    def _on_toggled(self, is_open: bool) -> None:
        self.toggle.setText(f"{'Hide' if is_open else 'Show'} {self._what}")
        self.table.setVisible(is_open)
        self.copy.setVisible(is_open)
        self.unfolded.emit(is_open)
