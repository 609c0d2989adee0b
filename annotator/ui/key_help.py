"""Every key on one page, made from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from annotator.ui.actions import MENUS, ActionSpec
from annotator.ui.naming import named
from annotator.ui.theme import Theme

MOUSE = (
    ("Click a span", "make it current; again: the one around it"),
    ("Drag over words", "select whole tokens; with Alt exact characters"),
    ("Drag an edge of the current span", "move it; with Alt by character"),
    ("Right click", "everything that can be done there"),
    ("Ctrl + wheel", "larger or smaller text"),
)


def keys_as_html(specs: Sequence[ActionSpec], theme: Theme) -> list[str]:
    """One table a menu, as rich text."""
    tables = []
    for menu in MENUS:
        rows = [(" or ".join(spec.keys), spec.text) for spec in specs if spec.menu == menu and spec.keys]
        if rows:
            tables.append(_table("Edit and accept" if menu == "Edit" else menu, rows, theme))
    return [*tables, _table("Mouse", MOUSE, theme)]


def _table(title: str, rows: Sequence[tuple[str, str]], theme: Theme) -> str:
    cells = "".join(
        f"<tr><td style='padding:2px 18px 2px 0;white-space:nowrap'><b>{escape(keys)}</b></td>"
        f"<td style='padding:2px 0;color:{theme.dim}'>{escape(words)}</td></tr>"
        for keys, words in rows
    )
    return f"<p style='color:{theme.accent};margin:0 0 2px 0'>{escape(title)}</p><table>{cells}</table>"


class KeyHelp(QDialog):
    """Closes on any key."""

    def __init__(self, specs: Sequence[ActionSpec], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("key_help")
        self.setWindowTitle("All keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page = named(QWidget(), "key_help_page")
        page.setStyleSheet(f"#key_help_page {{ background: {theme.page}; }}")
        columns = QHBoxLayout(page)
        columns.setContentsMargins(28, 22, 28, 22)
        columns.setSpacing(44)
        tables = keys_as_html(specs, theme)
        half = (len(tables) + 1) // 2
        for part in (tables[:half], tables[half:]):
            label = QLabel("<br>".join(part))
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            columns.addWidget(label)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        wanted = page.sizeHint()
        self.resize(min(wanted.width() + 20, parent.width() - 40), min(wanted.height() + 10, parent.height() - 40))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
            self.close()
