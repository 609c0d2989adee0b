"""Where the focus is can be seen: on everything that Tab reaches, in every theme."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui.commands import Commands
from annotator.ui.dialogs.choice_box import TickBox
from annotator.ui.main_window import MainWindow
from annotator.ui.theme import THEMES, contrast
from tests.gui.test_correcting import press, span_at

EDGE_PX = 2
FRAMED = (QAbstractButton, QLineEdit, QComboBox)
OPENERS: tuple[Callable[[Commands], None], ...] = (
    Commands.import_documents,
    Commands.export,
    Commands.suggest,
    Commands.new_project,
    Commands.preferences,
)


def reached_by_tab(root: QWidget) -> Iterator[QWidget]:
    for one in root.findChildren(QWidget):
        is_empty = isinstance(one, QAbstractItemView) and not one.model().rowCount()  # the row shows the focus
        takes_tab = bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus) and not is_empty
        if takes_tab and one.isVisible() and one.isEnabled() and not one.objectName().startswith("qt_"):
            yield one


def picture(of: QWidget) -> QImage:
    """The control; of one with a frame only the frame's upper edge, so that no blinking caret counts."""
    return of.grab().toImage().copy(0, 0, of.width(), EDGE_PX if isinstance(of, FRAMED) else of.height())


def hides_its_focus(one: QWidget, elsewhere: QWidget) -> bool:
    elsewhere.setFocus()
    before = picture(one)
    one.setFocus(Qt.FocusReason.TabFocusReason)
    return picture(one) == before


def check(root: QWidget, qtbot: QtBot) -> None:
    reached = list(reached_by_tab(root))
    root.activateWindow()
    qtbot.waitUntil(root.isActiveWindow)
    elsewhere = QWidget(root)
    elsewhere.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    elsewhere.show()
    assert len(reached) >= 4
    assert [(type(one), one.accessibleName()) for one in reached if hides_its_focus(one, elsewhere)] == []
    elsewhere.deleteLater()


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_is_seen_in_the_window(window: MainWindow, qtbot: QtBot, theme: str) -> None:
    window.looks.choose_theme(theme)
    window.hint_line.retry.show()
    check(window, qtbot)


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_is_seen_in_dialogs(window: MainWindow, qtbot: QtBot, theme: str) -> None:
    window.looks.choose_theme(theme)
    for opener in OPENERS:
        opener(window.commands)
        dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
        qtbot.waitExposed(dialog)
        check(dialog, qtbot)
        dialog.close()


@pytest.mark.parametrize("theme", THEMES)
def test_a_tick_stands_out_from_its_box(window: MainWindow, theme: str) -> None:
    window.looks.choose_theme(theme)
    Commands.export(window.commands)
    box = next(one for one in window.findChildren(TickBox) if one.isVisible())
    box.setChecked(True)
    assert contrast(box.palette().highlightedText().color().name(), THEMES[theme].accent) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["scheme", "history"])
def test_the_focus_is_seen_on_pages(window: MainWindow, qtbot: QtBot, name: str, theme: str) -> None:
    window.looks.choose_theme(theme)
    window.canvas.set_current_span(span_at(window, "Chinese"))
    press(window, "a")
    window.pages.show(name)
    check(window, qtbot)
