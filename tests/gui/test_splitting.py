"""Two documents side by side: the second is to read, and can be swapped with the open one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def split(window: MainWindow) -> None:
    QTest.keyClick(window.canvas, Qt.Key.Key_Backslash, CTRL)


def shown(window: MainWindow) -> tuple[str, str]:
    assert window.session is not None
    second = window.frame.second.canvas.doc
    assert second is not None
    return window.session.doc.document.id, second.document.id


def test_a_second_document_is_shown_and_the_keys_stay_with_the_first(window: MainWindow) -> None:
    window.resize(1400, 800)
    split(window)
    assert shown(window) == ("first", "second")
    assert window.frame.second.isVisible()
    assert window.canvas.hasFocus()
    assert abs(window.canvas.width() - window.frame.second.width()) < 40
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert window.canvas.current_span_id is not None
    assert window.frame.second.canvas.current_span_id is None
    split(window)
    assert not window.frame.second.isVisible()


def test_swapped_documents_keep_their_labels(window: MainWindow) -> None:
    window.canvas.go_to_next_span()
    QTest.keyClick(window.canvas, Qt.Key.Key_2)
    split(window)
    window.commands.swap_split()
    assert shown(window) == ("second", "first")
    doc = window.frame.second.canvas.doc
    assert doc is not None
    assert next(iter(doc.spans)).label == "PERSON"


def test_another_document_can_be_chosen_for_the_second_view(window: MainWindow) -> None:
    split(window)
    choice = window.frame.second.choice
    assert [choice.itemText(place) for place in range(choice.count())] == ["first", "second"]
    choice.setCurrentIndex(0)
    choice.activated.emit(0)
    assert shown(window) == ("first", "first")


def test_another_project_closes_the_second_view(window: MainWindow) -> None:
    split(window)
    assert window.project is not None
    window.open_project(window.project.location)
    assert not window.commands.is_split
    assert window.frame.second.canvas.doc is None


def test_the_second_document_is_set_as_the_first(window: MainWindow) -> None:
    split(window)
    window.looks.apply(replace(window.looks.preferences, line_spacing_percent=150, lanes="compact", text_size_px=21))
    assert window.frame.second.canvas.sheet.style.size == window.canvas.sheet.style.size
