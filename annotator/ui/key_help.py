"""Every key on one page, made from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from annotator.ui.actions import ActionSpec
from annotator.ui.naming import named
from annotator.ui.theme import Theme

COLUMNS = 3
HEAD_ROWS = 2
ORDER = ("File", "Edit", "Document", "Go", "View", "Help", "Label")
"""The menus in an order that fills the columns evenly."""
MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)
SCROLLING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
MOUSE = (
    ("Click a span", "make it current; again: the one around it"),
    ("Click a label", "what its key does"),
    ("Drag over words", "select tokens; with Alt: characters"),
    ("Drag an edge", "move it; with Alt: by character"),
    ("Drag a label", "to another span: a relation"),
    ("Right click", "everything that can be done there"),
    ("Ctrl+wheel", "larger or smaller text"),
)


@dataclass(frozen=True, slots=True)
class KeyTable:
    """The keys of one menu."""

    title: str
    rows: tuple[tuple[str, str], ...]


def key_tables(specs: Sequence[ActionSpec]) -> list[KeyTable]:
    """One table a menu, and one of what the mouse does."""
    tables = []
    for menu in ORDER:
        rows = tuple((", ".join(spec.keys), spec.text) for spec in specs if spec.menu == menu and spec.keys)
        if rows:
            tables.append(KeyTable(menu, rows))
    return [*tables, KeyTable("Mouse", MOUSE)]


def in_columns(tables: Sequence[KeyTable], count: int = COLUMNS) -> list[list[KeyTable]]:
    """The tables in order in columns, none longer than it must be."""
    heights = [len(table.rows) + HEAD_ROWS for table in tables]
    limit = max(max(heights, default=0), -(-sum(heights) // count))
    while (columns := _filled(tables, limit)) and len(columns) > count:
        limit += 1
    return columns


def _filled(tables: Sequence[KeyTable], limit: int) -> list[list[KeyTable]]:
    columns: list[list[KeyTable]] = []
    used = limit
    for table in tables:
        height = len(table.rows) + HEAD_ROWS
        if used + height > limit:
            columns.append([])
            used = 0
        columns[-1].append(table)
        used += height
    return columns


def table_as_html(table: KeyTable, theme: Theme) -> str:
    """One table as rich text."""
    cells = "".join(
        f"<tr><td width='120' style='padding:2px 14px 2px 0'><b>{escape(keys)}</b></td>"
        f"<td style='padding:2px 0;color:{theme.dim}'>{escape(words)}</td></tr>"
        for keys, words in table.rows
    )
    return f"<p style='color:{theme.accent};margin:0 0 3px 0'>{escape(table.title)}</p><table>{cells}</table>"


class KeyHelp(QDialog):
    """Closes on any key that does not scroll."""

    def __init__(self, specs: Sequence[ActionSpec], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("key_help")
        self.setWindowTitle("All keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page = named(QWidget(), "key_help_page")
        page.setStyleSheet(f"#key_help_page {{ background: {theme.page}; }}")
        columns = QHBoxLayout(page)
        columns.setContentsMargins(30, 24, 30, 24)
        columns.setSpacing(40)
        for tables in in_columns(key_tables(specs)):
            label = QLabel("<br>".join(table_as_html(table, theme) for table in tables))
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            columns.addWidget(label)
        self.area = QScrollArea()
        self.area.setWidget(page)
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName("All keys")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)
        wanted = page.sizeHint()
        self.resize(min(wanted.width() + 14, parent.width() - 40), min(wanted.height() + 4, parent.height() - 40))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in SCROLLING:
            super().keyPressEvent(event)
        elif event.key() not in MODIFIERS:
            self.close()
