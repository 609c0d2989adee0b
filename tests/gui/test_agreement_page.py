"""The agreement page: matrix and tables of a real project, the way to the disagreements, and files that others read."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.ui.adjudication.page import AdjudicationPage
from annotator.ui.agreement.page import AgreementPage
from annotator.ui.main_window import MainWindow
from annotator.workflows.adjudicating import AdjudicationRequest
from annotator.workflows.file_names import NotWritten
from annotator.workflows.majority import adjudicate_by_majority
from tests.gui.test_adjudication_page import open_window
from tests.workflows.test_agreeing import ANN, BOB, PARIS, ROME, record

RECORDS = (
    record("d1", "ann", (ANN, "PERSON"), (PARIS, "GPE")),
    record("d1", "bob", (ANN, "PERSON"), (PARIS, "ORG")),
    record("d1", "cy", (ANN, "PERSON"), (PARIS, "ORG"), (ROME, "GPE")),
    record("d2", "ann", (BOB, "PERSON"), (PARIS, "GPE")),
    record("d2", "bob", (BOB, "PERSON"), (PARIS, "GPE")),
    record("d2", "cy", (BOB, "PERSON"), (PARIS, "GPE")),
)


def shown(qtbot: QtBot, window: MainWindow) -> AgreementPage:
    window.commands.show_page("agreement")
    page = window.pages.find("agreement")
    assert isinstance(page, AgreementPage)
    qtbot.waitUntil(lambda: not page.is_measuring, timeout=20_000)
    return page


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = open_window(qtbot, tmp_path, *RECORDS)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> AgreementPage:
    return shown(qtbot, window)


def adjudicated(qtbot: QtBot, window: MainWindow) -> list[str]:
    """The words of the disagreements that are shown."""
    page = window.pages.find("adjudication")
    assert isinstance(page, AdjudicationPage)
    qtbot.waitUntil(lambda: not page.is_loading)
    return [item.surface for item in page.list.model_of_items.items]


def test_figures_are_shown(page: AgreementPage) -> None:
    assert page.title.text().startswith("Exact F1 0.769 [")
    assert re.match(r"Measured at \d\d:\d\d · 2 documents · layer entities · ann, bob, cy$", page.below.text())
    assert page.pairs.accessibleDescription() == "ann, bob: ann and bob: 0.750 [0.500, 1.000], n = 8"
    text = page.tables.toPlainText()
    for words in ("PERSON", "Hardest strings", "Rome", "Dawid–Skene", "Gamma-cat", "Left out"):
        assert words in text


def test_enter_on_a_pair_shows_where_the_two_differ(qtbot: QtBot, window: MainWindow, page: AgreementPage) -> None:
    QTest.keyClick(page.pairs, Qt.Key.Key_Return)
    assert window.pages.current == "adjudication"
    assert adjudicated(qtbot, window) == ["Paris"]
    window.commands.show_page("agreement")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(page.pairs, key)
    assert adjudicated(qtbot, window) == ["Rome"]
    other = window.pages.find("adjudication")
    assert isinstance(other, AdjudicationPage)
    other.side.all.click()
    assert adjudicated(qtbot, window) == ["Paris", "Rome"]


def test_a_click_on_two_labels_shows_where_they_met(qtbot: QtBot, window: MainWindow, page: AgreementPage) -> None:
    names = page.review.report.confusion.rows if page.review else ()
    row, column = names.index("GPE"), names.index("nothing")
    where = QPoint(page.confusion.width() - 10, 34 * (row + 1) + 10)
    assert column == len(names) - 1
    QTest.mouseClick(page.confusion, Qt.MouseButton.LeftButton, pos=where)
    assert adjudicated(qtbot, window) == ["Rome"]


def test_another_measure_is_shown_in_the_matrix(page: AgreementPage) -> None:
    page.side.measure.setCurrentIndex(page.side.measure.findData("pooled_span_f1_boundary"))
    assert page.pairs.accessibleDescription().startswith("ann, bob: ann and bob: 1.000")


def test_a_link_opens_the_article_there(window: MainWindow, page: AgreementPage) -> None:
    page.tables.anchorClicked.emit(QUrl(f"document:1-{PARIS[0]}-{PARIS[1]}"))
    assert window.pages.current == "article"
    assert window.session is not None
    assert window.session.key == 1


def test_every_file_is_what_its_ending_says(page: AgreementPage, tmp_path: Path) -> None:
    made = {ending: tmp_path / f"agreement.{ending}" for ending in ("pdf", "html", "csv", "json", "tex", "png", "svg")}
    for path in made.values():
        page.write(path)
    content = made["pdf"].read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") == 1
    assert made["html"].read_text(encoding="utf-8").startswith("<html>")
    with made["csv"].open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) > 50
    assert json.loads(made["json"].read_text(encoding="utf-8"))["documents"] == 2
    assert r"\toprule" in made["tex"].read_text(encoding="utf-8")
    assert QImage(str(made["png"])).width() > 600
    assert ElementTree.parse(made["svg"]).getroot().tag.endswith("svg")
    assert not list(tmp_path.glob(".*.part"))


def test_a_file_that_cannot_be_written_is_said(page: AgreementPage, tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="ending"):
        page.write(tmp_path / "agreement.doc")
    with pytest.raises(NotWritten):
        page.write(tmp_path / "nowhere" / "agreement.csv")


def test_one_annotator_alone_is_told_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path, record("d1", "ann", (ANN, "PERSON")))
    page = shown(qtbot, window)
    assert "Assign documents to several annotators" in page.empty.words.text()
    assert not page.side.export.isEnabled()
    window.close()


def test_feedback_holds_an_annotator_against_gold(
    qtbot: QtBot, window: MainWindow, page: AgreementPage, tmp_path: Path
) -> None:
    page.side.feedback_of.setCurrentText("ann")
    qtbot.waitUntil(lambda: not page.is_measuring)
    assert page.empty.words.text().startswith("There is no gold")
    assert window.project is not None
    adjudicate_by_majority(window.project.adjudication(AdjudicationRequest()), "majority")
    page.side.feedback_of.setCurrentIndex(0)
    page.side.feedback_of.setCurrentText("ann")
    qtbot.waitUntil(lambda: not page.is_measuring)
    assert "GPE instead of ORG: 1 × label" in page.feedback.toPlainText()
    page.write(tmp_path / "ann.html")
    assert "Feedback for ann" in (tmp_path / "ann.html").read_text(encoding="utf-8")
    page.side.feedback_of.setCurrentIndex(0)
    assert page.body.currentIndex() == 1
