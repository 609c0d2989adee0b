"""A whole correction by keys only, and by the mouse only; compared with the gold in the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from annotator.domain.projects import Status
from annotator.store import ProjectStore
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.saving import Saved
from tests.gui.conftest import ARTICLE, SECOND

GOLD = {
    ("BEIJING", "GPE"),
    ("Chinese", "NORP"),
    ("Dmytro Kuleba", "PERSON"),
    ("Thursday", "DATE"),
    ("Ukraine", "GPE"),
    ("The United States", "GPE"),
    ("Qin Gang", "PERSON"),
    ("New York", "GPE"),
    ("Moscow", "GPE"),
    ("2023", "DATE"),
}


class Keyboard:
    """Presses keys on the article and counts them."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            press(self.window, key)
            self.count += 1


def press(window: MainWindow, key: str) -> None:
    """One key on whatever has the focus, as a keyboard sends it."""
    modifiers = Qt.KeyboardModifier.NoModifier
    for name, modifier in (
        ("Ctrl+", Qt.KeyboardModifier.ControlModifier),
        ("Shift+", Qt.KeyboardModifier.ShiftModifier),
    ):
        if key.startswith(name):
            modifiers |= modifier
            key = key.removeprefix(name)
    target = window.focusWidget() or window
    if len(key) == 1 and not modifiers:
        QTest.keyClicks(target, key)
    else:
        QTest.keyClick(target, getattr(Qt.Key, f"Key_{key}"), modifiers)


def labelled(path: Path, document: str = "first") -> set[tuple[str, str]]:
    """What is in the database: (text, label) of every decided span of alice's."""
    with ProjectStore.open(path) as store, store.reading() as reader:
        key = reader.find_document(document)
        assert key is not None
        doc = reader.load(key, "alice")
    return {(doc.document.text[span.start : span.end], span.label) for span in doc.spans if span.decided}


def span_at(window: MainWindow, surface: str) -> str:
    """The id of the span on these words."""
    assert window.session is not None
    doc = window.session.doc
    return next(span.id for span in doc.spans if doc.document.text[span.start : span.end] == surface)


def test_a_whole_article_is_corrected_by_keys_alone(window: MainWindow, project_path: Path, qtbot: QtBot) -> None:
    keys = Keyboard(window)
    keys.press("Tab", "1")  # BEIJING: ORG -> GPE
    keys.press("Tab", "Tab", "2")  # Kuleba: GPE -> PERSON …
    keys.press("[")  # … and Dmytro belongs to it
    keys.press("Tab", "Tab", "Delete")  # Western is nothing
    keys.press("Tab", "Tab", "[")  # The United States
    keys.press("Tab")  # Qin Gang is right
    keys.press("Right", "Right", "Right", "Right", "Shift+Right", "1")  # New York was missed
    keys.press("Return")  # accept the rest, done, next
    assert window.session is not None
    assert window.session.doc.document.text == SECOND
    qtbot.waitUntil(lambda: window.session is not None and isinstance(window.session.saver.state, Saved))
    assert labelled(project_path) == GOLD
    assert keys.count <= 21


@pytest.mark.parametrize(
    ("surface", "key", "expected"),
    [
        ("Western", "Delete", None),
        ("Western", "Backspace", None),
        ("Western", "x", None),
        ("Kuleba", "2", ("Kuleba", "PERSON")),
        ("Kuleba", "[", ("Dmytro Kuleba", "GPE")),
        ("United States", "]", ("States", "GPE")),
        ("Thursday", "}", ("Thursday that", "DATE")),
        ("United States", "{", ("United", "GPE")),
        ("Kuleba", "a", ("Kuleba", "GPE")),
        ("Chinese", "q", ("Chinese", "FAC")),
    ],
)
def test_each_correction_of_the_current_span_is_one_key(
    window: MainWindow, project_path: Path, surface: str, key: str, expected: tuple[str, str] | None
) -> None:
    window.canvas.set_current_span(span_at(window, surface))
    press(window, key)
    assert window.session is not None
    assert window.session.saver.flush()
    assert labelled(project_path) == ({expected} if expected else set())
    with ProjectStore.open(project_path) as store, store.reading() as reader:
        assert reader.load(1, "alice").status is Status.IN_PROGRESS
        assert reader.load(1, "alice").spans.undecided == 9


def test_a_span_of_two_tokens_is_added_with_two_keys_where_the_cursor_is(
    window: MainWindow, project_path: Path
) -> None:
    window.canvas.put_cursor(ARTICLE.index("New York"))
    press(window, "Shift+Right")
    press(window, "1")
    assert window.session is not None
    assert window.session.saver.flush()
    assert labelled(project_path) == {("New York", "GPE")}
    assert window.canvas.current_span_id == span_at(window, "New York")


def test_a_correct_article_is_accepted_with_one_key(window: MainWindow, project_path: Path) -> None:
    press(window, "Space")
    assert window.session is not None
    assert window.session.saver.flush()
    assert len(labelled(project_path)) == 10
    with ProjectStore.open(project_path) as store, store.reading() as reader:
        done = reader.load(1, "alice")
    assert done.status is Status.DONE
    assert {(span.score, span.pipeline) for span in done.spans} >= {(0.51, "en_core_web_sm 3.8.0")}


def test_undo_goes_back_through_documents_and_restores_the_view(window: MainWindow, project_path: Path) -> None:
    window.canvas.set_current_span(span_at(window, "Western"))
    press(window, "Delete")
    press(window, "Return")  # on to the second article
    assert window.session is not None
    assert window.session.doc.document.id == "second"
    press(window, "Ctrl+Z")
    assert window.session.doc.document.id == "first"
    assert window.session.doc.status is Status.IN_PROGRESS
    press(window, "Ctrl+Z")
    assert window.session.doc.status.value == "new"
    assert window.canvas.current_span_id == span_at(window, "Western")
    press(window, "Ctrl+Shift+Z")
    assert "Western" not in {window.session.doc.document.text[s.start : s.end] for s in window.session.doc.spans}
    assert window.session.saver.flush()
    assert labelled(project_path) == set()


def test_undo_works_after_a_restart(window: MainWindow, project_path: Path, qtbot: QtBot, tmp_path: Path) -> None:
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    press(window, "2")
    press(window, "[")
    window.close()
    again = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    qtbot.addWidget(again)
    assert again.open_project(str(project_path))
    with qtbot.waitActive(again):
        again.show()
        again.activateWindow()
    again.canvas.setFocus()
    press(again, "Ctrl+Z")
    assert again.session is not None
    assert again.session.saver.flush()
    assert labelled(project_path) == {("Kuleba", "PERSON")}
    press(again, "Ctrl+Z")
    assert again.session.saver.flush()
    assert labelled(project_path) == set()
    again.close()


def test_typing_into_the_filter_labels_nothing(window: MainWindow, project_path: Path, qtbot: QtBot) -> None:
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    press(window, "/")
    assert window.documents.filter.hasFocus()
    for key in "berlin 2":
        press(window, key)
    assert window.documents.filter.text() == "berlin 2"
    window.documents.filter.setText("berlin")
    qtbot.waitUntil(lambda: [row.id for row in window.documents.model.rows] == ["second"])
    press(window, "Return")
    assert window.canvas.hasFocus()
    assert window.session is not None
    assert window.session.is_untouched
    assert labelled(project_path) == set()


def test_a_fault_is_one_sentence_and_changes_nothing(window: MainWindow) -> None:
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    press(window, "]")
    assert "at least one token" in window.hint_line.message.text()
    press(window, "Escape")
    press(window, "Delete")
    assert "Tab" in window.hint_line.message.text()
    assert window.session is not None
    assert window.session.is_untouched


def centre(window: MainWindow, surface: str) -> QPoint:
    """The middle of these words in the canvas's viewport."""
    return edge(window, surface, at=0.5)


def edge(window: MainWindow, surface: str, *, at: float) -> QPoint:
    """A point on the words: ``at`` 0 is their left edge, 1 their right."""
    assert window.canvas.page is not None
    start = ARTICLE.index(surface)
    rects = window.canvas.page.rects_of(start, start + len(surface))
    origin_x, origin_y = window.canvas.sheet.origin
    rect = rects[0].translated(origin_x, origin_y)
    return QPoint(int(rect.left() + at * rect.width()), int(rect.center().y()))


def click(window: MainWindow, point: QPoint) -> None:
    QTest.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)


def drag(window: MainWindow, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier | None = None) -> None:
    held = modifiers or Qt.KeyboardModifier.NoModifier
    viewport = window.canvas.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, held, start)
    middle = QPoint((start.x() + end.x()) // 2, end.y())
    for point in (middle, end):
        QTest.mouseMove(viewport, point)
        mouse_move(window, point, held)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, held, end)


def mouse_move(window: MainWindow, point: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    """A move with the button held: QTest's own move does not carry the button."""
    viewport = window.canvas.viewport()
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(viewport.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        modifiers,
    )
    QApplication.sendEvent(viewport, event)


def test_the_mouse_does_the_same(window: MainWindow, project_path: Path) -> None:
    click(window, centre(window, "Western"))
    assert window.canvas.current_span_id == span_at(window, "Western")
    window.actions_.action("span.remove").trigger()
    click(window, centre(window, "Kuleba"))
    person = next(row for row in window.inspector.rows if row.label_key[0] == "PERSON")
    QTest.mouseClick(person, Qt.MouseButton.LeftButton)
    drag(window, edge(window, "Kuleba", at=0.0), edge(window, "Dmytro", at=0.3))
    drag(window, edge(window, "New", at=0.3), edge(window, "York", at=0.6))
    gpe = next(row for row in window.inspector.rows if row.label_key[0] == "GPE")
    QTest.mouseClick(gpe, Qt.MouseButton.LeftButton)
    assert window.session is not None
    assert window.session.saver.flush()
    assert labelled(project_path) == {("Dmytro Kuleba", "PERSON"), ("New York", "GPE")}


def test_alt_drags_exact_characters(window: MainWindow, project_path: Path) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    drag(window, edge(window, "ork", at=0.0), edge(window, "ork", at=1.0), alt)
    press(window, "1")
    assert window.session is not None
    assert window.session.saver.flush()
    assert labelled(project_path) == {("ork", "GPE")}


def test_the_context_menu_offers_what_can_be_done(window: MainWindow) -> None:
    menu = QMenu()
    window.actions_.fill_context_menu(menu, has_span=True)
    words = [action.text() for action in menu.actions()]
    assert "Remove the span" in words
    assert "Relabel" in words
