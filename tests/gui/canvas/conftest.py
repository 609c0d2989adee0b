"""A canvas as it stands in the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.projects import AnnotatedDocument
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.fonts import load_fonts
from tests.gui.canvas.scenes import SCHEME

Show = Callable[[AnnotatedDocument], AnnotationCanvas]


@pytest.fixture(scope="session")
def fonts(qapp: QApplication) -> None:
    """The bundled fonts, loaded once as the application does."""
    load_fonts()


@pytest.fixture
def canvas(qtbot: QtBot, fonts: None) -> AnnotationCanvas:
    """An empty canvas of 840 × 700 with the focus."""
    made = AnnotationCanvas()
    qtbot.addWidget(made)
    made.resize(840, 700)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


@pytest.fixture
def show(canvas: AnnotationCanvas) -> Show:
    """Shows a document on the canvas."""

    def shown(doc: AnnotatedDocument) -> AnnotationCanvas:
        canvas.show_document(doc, SCHEME)
        return canvas

    return shown
