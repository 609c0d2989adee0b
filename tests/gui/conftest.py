"""A real project in a real window, without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.app import make_application
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.schemes import load_scheme

ARTICLE = (
    "BEIJING: The Chinese foreign minister told Dmytro Kuleba on Thursday that Western countries arm Ukraine.\n\n"
    "The United States said Qin Gang spoke in New York. Peace talks with Moscow are planned 👨‍👩‍👧 in 2023."
)
SECOND = "A second article about Berlin and Paris."

SUGGESTED = (
    ("BEIJING", "ORG", 0.51),
    ("Chinese", "NORP", 0.99),
    ("Kuleba", "GPE", 0.52),
    ("Thursday", "DATE", 0.99),
    ("Western", "NORP", 0.68),
    ("Ukraine", "GPE", 0.99),
    ("United States", "GPE", 0.97),
    ("Qin Gang", "PERSON", 0.99),
    ("Moscow", "GPE", 0.99),
    ("2023", "DATE", 0.99),
)


def suggestions(text: str) -> list[Span]:
    """Suggestions as a pipeline would store them, some of them wrong."""
    found = []
    for number, (surface, label, score) in enumerate(SUGGESTED):
        start = text.find(surface)
        if start >= 0:
            span = Span(
                f"p-{number}",
                start,
                start + len(surface),
                label,
                origin=Origin.PIPELINE,
                decided=False,
                score=score,
                pipeline="en_core_web_sm 3.8.0",
            )
            found.append(span)
    return found


def make_project(path: Path, articles: dict[str, str]) -> None:
    """A project with these articles, tokenized and pre-annotated."""
    with ProjectStore.create(path, load_scheme("news")) as store, store.writing() as unit:
        for name, text in articles.items():
            key = unit.add_document(Document(name, text, title=name))
            unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
            unit.put_suggestions(key, "en_core_web_sm", "en_core_web_sm 3.8.0", suggestions(text))


@pytest.fixture
def project_path(tmp_path: Path) -> Path:
    """A project with two articles."""
    path = tmp_path / "news.annotator"
    make_project(path, {"first": ARTICLE, "second": SECOND})
    return path


@pytest.fixture
def window(qtbot: QtBot, project_path: Path, tmp_path: Path) -> Iterator[MainWindow]:
    """The window on that project, as alice, with the first article open."""
    make_application()
    made = MainWindow("alice", WindowSettings(tmp_path / "window.ini"))
    assert made.open_project(str(project_path))
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.canvas.setFocus()
    qtbot.waitUntil(lambda: made.canvas.hasFocus())
    yield made
    made.close()
    made.deleteLater()
