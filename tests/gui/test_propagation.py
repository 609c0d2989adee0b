"""Propagating by keys in a real window: one key and Enter, one step of undo, after restarts; the database compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.edits import AddSpan, SetStatus
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.propagation import MEMORY
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui.dialogs.propagate import PropagateSheet
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.project import Project
from annotator.workflows.schemes import load_scheme
from tests.gui.test_correcting import press as press_on
from tests.store.making import write

OPEN = "Kuleba spoke. Kuleba wrote; KULEBA and Kulebas. The Kuleba Institute met Kuleba, kuleba."
OTHERS = ("Kuleba and Kuleba again.", "No such name.", "Here Kuleba, there Kuleba Hall.", "東京 Kuleba")

State = dict[str, tuple[str, set[tuple[int, int, str, bool]]]]


def suggested(text: str) -> list[Span]:
    start = text.find("Kuleba Hall")
    more = [Span("hall", start, start + 11, "FAC", origin=Origin.PIPELINE, decided=False, score=0.9, pipeline="p 1")]
    first = Span("p0", text.find("Kuleba"), text.find("Kuleba") + 6, "ORG", origin=Origin.PIPELINE, decided=False,
        score=0.4, pipeline="p 1")  # fmt: skip
    return [first, *(more if start >= 0 else [])]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "p.annotator"
    with ProjectStore.create(made, load_scheme("news")) as store:
        with store.writing() as unit:
            for number, text in enumerate((OPEN, *OTHERS)):
                key = unit.add_document(Document(f"d{number}", text))
                unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
                if number == 3:
                    unit.put_suggestions(key, "p", "p 1", suggested(text))
        at = OPEN.index("Kuleba Institute")
        spans = (Span("s0", 0, 6, "PERSON"), Span("s1", 14, 20, "ORG"), Span("inst", at, at + 16, "ORG"))
        write(store, bare(OPEN, "d0"), *(AddSpan(span) for span in spans))
        write(store, bare(OTHERS[0], "d1"), AddSpan(Span("k", 0, 6, "PERSON")), SetStatus(Status.DONE), key=2)
    return made


def bare(text: str, id_: str) -> AnnotatedDocument:
    return AnnotatedDocument(Document(id_, text, tokens=tokenize_simply(text)), "alice")


def opened(qtbot: QtBot, path: Path, key: int = 1) -> MainWindow:
    made = MainWindow("alice", WindowSettings(path.with_name("window.ini")))
    assert made.open_project(str(path))
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    assert made.open_document(key)
    return made


@pytest.fixture
def window(qtbot: QtBot, path: Path) -> Iterator[MainWindow]:
    made = opened(qtbot, path)
    yield made
    made.close()
    made.deleteLater()


def state(path: Path) -> State:
    """Every document as alice sees it, read from the disk: status, and (start, end, label, decided) of its spans."""
    with Project.open(path) as project:
        seen = [project.load(row.key, "alice") for row in project.listing("alice")]
    return {
        doc.document.id: (doc.status, {(span.start, span.end, span.label, span.decided) for span in doc.spans})
        for doc in seen
    }


def saved(window: MainWindow, path: Path) -> State:
    assert window.session is not None
    assert window.session.saver.flush()
    return state(path)


def sheet_of(window: MainWindow) -> PropagateSheet:
    (sheet,) = window.findChildren(PropagateSheet)
    return sheet


def press(window: MainWindow, qtbot: QtBot, key: str) -> None:
    """A key on the article, which has the focus again once a sheet is closed."""
    qtbot.waitUntil(window.canvas.hasFocus)
    press_on(window, key)


def ask(window: MainWindow, qtbot: QtBot, key: str, span_id: str = "s0") -> PropagateSheet:
    window.canvas.set_current_span(span_id)
    press(window, qtbot, key)
    sheet = sheet_of(window)
    qtbot.waitUntil(lambda: sheet.list.hasFocus() and not sheet.is_searching)
    return sheet


def rows(sheet: PropagateSheet) -> list[tuple[int, int, str, bool]]:
    model = sheet.model
    return [(row.key, row.place.start, model.label_of(row)[0], model.is_checked(row)) for row in model.rows]


INSTITUTE, MET, SMALL = OPEN.index("Kuleba Institute"), OPEN.index("Kuleba,"), OPEN.index("kuleba.")


def test_free_places_are_checked_others_shown_and_enter_applies_them(
    window: MainWindow, qtbot: QtBot, path: Path
) -> None:
    before = state(path)
    sheet = ask(window, qtbot, "P")
    assert rows(sheet) == [
        (1, 14, "has ORG", False),
        (1, 28, "", True),  # KULEBA: a name of more than three letters with a capital is found in any case
        (1, INSTITUTE, "crosses ORG", False),
        (1, MET, "", True),
        (1, SMALL, "", True),
    ]
    assert sheet.go.text() == "Apply to 3 places"
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    new = {(28, 34, "PERSON", True), (MET, MET + 6, "PERSON", True), (SMALL, SMALL + 6, "PERSON", True)}
    after = saved(window, path)
    assert after["d0"][1] == before["d0"][1] | new
    assert {key: value for key, value in after.items() if key != "d0"} == {
        key: value for key, value in before.items() if key != "d0"
    }
    assert window.canvas.current_span_id == "s0"
    assert window.hint_line.message.text() == "3 more places labelled PERSON"


def test_one_step_of_undo_takes_all_of_it_back_and_redo_makes_it_again(
    window: MainWindow, qtbot: QtBot, path: Path
) -> None:
    before = state(path)
    QTest.keyClick(ask(window, qtbot, "P").list, Qt.Key.Key_Return)
    after = saved(window, path)
    press(window, qtbot, "Ctrl+Z")
    assert saved(window, path) == before
    press(window, qtbot, "Ctrl+Shift+Z")
    assert saved(window, path) == after


def test_it_is_undone_and_made_again_after_a_restart(qtbot: QtBot, path: Path) -> None:
    before = state(path)
    first = opened(qtbot, path)
    QTest.keyClick(ask(first, qtbot, "P").list, Qt.Key.Key_Return)
    first.close()
    after = state(path)
    assert after != before
    for expected, key in ((before, "Ctrl+Z"), (after, "Ctrl+Shift+Z")):
        again = opened(qtbot, path)
        press(again, qtbot, key)
        again.close()
        assert state(path) == expected
        again.deleteLater()
    first.deleteLater()


def test_undo_from_another_document_goes_back_to_where_it_was(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    before = state(path)
    QTest.keyClick(ask(window, qtbot, "P").list, Qt.Key.Key_Return)
    assert window.open_document(3)
    press(window, qtbot, "Ctrl+Z")
    assert window.session is not None and window.session.key == 1
    assert saved(window, path) == before


def test_space_and_a_check_places_and_what_is_checked_gets_the_label(
    window: MainWindow, qtbot: QtBot, path: Path
) -> None:
    sheet = ask(window, qtbot, "P")
    QTest.keyClick(sheet.list, Qt.Key.Key_Space)
    assert sheet.model.checked == 4
    QTest.keyClick(sheet.list, Qt.Key.Key_A)
    assert sheet.model.checked == 5
    QTest.keyClick(sheet.list, Qt.Key.Key_A)
    assert sheet.model.checked == 0
    assert not sheet.go.isEnabled()
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    assert sheet.isVisible()
    QTest.keyClick(sheet.list, Qt.Key.Key_Space)
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    spans = saved(window, path)["d0"][1]
    assert (14, 20, "PERSON", True) in spans
    assert (14, 20, "ORG", True) not in spans
    assert len(spans) == 3


def test_a_click_checks_a_place(window: MainWindow, qtbot: QtBot) -> None:
    sheet = ask(window, qtbot, "P")
    centre = sheet.list.visualRect(sheet.model.index(1)).center()
    QTest.mouseClick(sheet.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(centre))
    assert [checked for *_, checked in rows(sheet)] == [False, False, False, True, True]


def test_escape_changes_nothing(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    before = state(path)
    for key in ("P", "Shift+P"):
        sheet = ask(window, qtbot, key)
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        assert not sheet.isVisible()
        QApplication.sendPostedEvents(sheet, 0)
        qtbot.waitUntil(lambda: window.findChild(PropagateSheet) is None)
    assert saved(window, path) == before


def test_rules_search_anew_and_keep_what_was_checked_by_hand(window: MainWindow, qtbot: QtBot) -> None:
    sheet = ask(window, qtbot, "P")
    QTest.keyClick(sheet.list, Qt.Key.Key_Space)
    sheet.match_case.setChecked(True)
    assert [(start, checked) for _, start, _, checked in rows(sheet)] == [(14, True), (INSTITUTE, False), (MET, True)]
    sheet.whole_words.setChecked(False)
    assert OPEN.index("Kulebas") in [start for _, start, *_ in rows(sheet)]
    sheet.match_case.setChecked(False)
    sheet.whole_words.setChecked(True)
    assert [start for _, start, *_ in rows(sheet)] == [14, 28, INSTITUTE, MET, SMALL]


def test_over_the_corpus_others_get_suggestions_in_one_operation(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    before = state(path)
    sheet = ask(window, qtbot, "Shift+P")
    assert [row for row in rows(sheet) if row[0] != 1] == [
        (2, 11, "", True),
        (4, 5, "has ORG", False),
        (4, 19, "crosses FAC", False),
        (5, 3, "", True),
    ]
    assert sheet.note.text().startswith("1 document that is done will be in progress again.")
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    after = saved(window, path)
    assert after["d1"] == ("in progress", before["d1"][1] | {(11, 17, "PERSON", False)})
    assert after["d4"] == ("in progress", {(3, 9, "PERSON", False)})
    assert after["d3"] == before["d3"]
    assert (28, 34, "PERSON", True) in after["d0"][1]
    with ProjectStore.open(path) as store, store.reading() as reader:
        (new,) = reader.load(5, "alice").spans
        assert (new.origin, new.pipeline, new.score) == (Origin.PIPELINE, MEMORY, None)
        assert [operation.title for operation in reader.last_operations()] == ["Label “Kuleba” as PERSON"]
    press(window, qtbot, "Ctrl+Z")
    assert saved(window, path) == before
    press(window, qtbot, "Ctrl+Shift+Z")
    assert saved(window, path) == after


def test_over_the_corpus_it_is_undone_after_a_restart_from_any_of_its_documents(qtbot: QtBot, path: Path) -> None:
    before = state(path)
    first = opened(qtbot, path)
    QTest.keyClick(ask(first, qtbot, "Shift+P").list, Qt.Key.Key_Return)
    first.close()
    after = state(path)
    for expected, key, document in ((before, "Ctrl+Z", 5), (after, "Ctrl+Shift+Z", 2)):
        again = opened(qtbot, path, document)
        press(again, qtbot, key)
        again.close()
        assert state(path) == expected
        again.deleteLater()
    first.deleteLater()


def test_what_was_decided_since_stays_when_the_rest_is_undone(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    before = state(path)
    QTest.keyClick(ask(window, qtbot, "Shift+P").list, Qt.Key.Key_Return)
    assert window.open_document(5)
    window.canvas.go_to_next_span()
    press(window, qtbot, "A")
    decided = saved(window, path)["d4"]
    assert window.session is not None
    assert window.session.undo_operation is None
    window.operator.undo(window.project.operations()[0].id if window.project else 0)
    now = saved(window, path)
    assert now["d4"] == decided
    assert {key: now[key] for key in ("d0", "d1", "d3")} == {key: before[key] for key in ("d0", "d1", "d3")}


def test_hidden_and_forbidden_places_cannot_be_checked(window: MainWindow, qtbot: QtBot) -> None:
    from dataclasses import replace

    from annotator.domain.labels import Overlap

    assert window.session is not None
    layer = replace(window.session.scheme.layers[0], overlap=Overlap.NONE)
    window.session.scheme = replace(window.session.scheme, layers=(layer,))
    sheet = ask(window, qtbot, "P")
    QTest.keyClick(sheet.list, Qt.Key.Key_A)
    assert sheet.model.checked == 4
    number = [start for _, start, *_ in rows(sheet)].index(INSTITUTE)
    sheet.model.toggle(number)
    assert sheet.model.checked == 4
    assert sheet.model.in_words(sheet.model.rows[number]).endswith("not possible")


@pytest.mark.parametrize(
    ("text", "spans", "said"),
    [
        ("Ann.", (), "No span is current: Tab goes to the next one, or click one."),
        ("Ann met Bob.", ("PERSON",), "“Ann” stands nowhere else in this article."),
        (
            "Ann Ann Ann",
            ("PERSON", "PERSON", "PERSON"),
            "All 2 other places of “Ann” in this article have PERSON already.",
        ),
        ("Ann Ann", ("PERSON", "PERSON"), "The one other “Ann” in this article has PERSON already."),
    ],
)
def test_without_another_place_it_is_said_and_nothing_opens(
    qtbot: QtBot, tmp_path: Path, text: str, spans: tuple[str, ...], said: str
) -> None:
    path = tmp_path / "one.annotator"
    with ProjectStore.create(path, load_scheme("news")) as store:
        with store.writing() as unit:
            unit.add_document(Document("d0", text))
        added = [AddSpan(Span(f"s{n}", 4 * n, 4 * n + 3, label)) for n, label in enumerate(spans)]
        write(store, bare(text, "d0"), *added)
    window = opened(qtbot, path)
    window.canvas.set_current_span("s0" if spans else None)
    press(window, qtbot, "P")
    assert window.hint_line.message.text() == said
    assert window.findChild(PropagateSheet) is None
    window.close()
    window.deleteLater()


def test_the_sheet_can_be_read_aloud(window: MainWindow, qtbot: QtBot) -> None:
    sheet = ask(window, qtbot, "Shift+P")
    assert sheet.list.accessibleName()
    index = sheet.model.index(0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Kuleba spoke. Kuleba wrote; KULEBA and Kulebas. The Kuleba I, has ORG, " + OPEN + ", not checked"
    assert sheet.whole_words.text() == "Whole words"
