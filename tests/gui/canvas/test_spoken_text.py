"""What screen readers are given: the text unit for unit, lines as they are painted, the caret, the spans near the view.

That a real client gets it, and that the window survives it, is in tests/gui/test_accessible.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible, QTextBlock
from pytestqt.qtbot import QtBot

from annotator.domain.offsets import Utf16Map
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.ui.announcing import document_in_words, span_in_words, token_in_words
from annotator.ui.canvas.accessible import ArticleAccessible, caret_of
from annotator.ui.canvas.page import Page
from annotator.ui.canvas.spoken_text import SpokenText, spoken
from annotator.ui.canvas.style import Style
from annotator.ui.canvas.view import AnnotationCanvas
from tests import strategies
from tests.gui.canvas.conftest import Show
from tests.gui.canvas.scenes import SCHEME, SCRIPTS, document, long_text, span_of

WIDTH_PX = 300.0
TEXT = "Qin Gang met Kuleba in Kyiv."


@pytest.fixture
def edit(qtbot: QtBot, canvas: AnnotationCanvas) -> SpokenText:
    """A spoken text of the canvas."""
    return SpokenText(canvas)


def blocks(edit: SpokenText) -> Iterator[QTextBlock]:
    block = edit.document().begin()
    while block.isValid():
        yield block
        block = block.next()


def spoken_lines(edit: SpokenText) -> list[str]:
    """Every line as a client gets it, without white space at its end."""
    layout, found = edit.document().documentLayout(), []
    for block in blocks(edit):
        layout.blockBoundingRect(block)
        lines = (block.layout().lineAt(number) for number in range(block.layout().lineCount()))
        units = block.text().encode("utf-16-le", "surrogatepass")
        for line in lines:
            start, end = line.textStart(), line.textStart() + line.textLength()
            found.append(units[2 * start : 2 * end].decode("utf-16-le", "replace").rstrip())
    return found


def painted_lines(page: Page) -> list[str]:
    """Every line as it is painted, without white space at its end."""
    text = page.doc.document.text
    layouts = [page.layout(index) for index in range(len(page.blocks))]
    return [spoken(text[line.start : line.end]).rstrip() for layout in layouts for line in layout.lines]


def check_lines(edit: SpokenText, doc: AnnotatedDocument) -> None:
    page = Page(doc, WIDTH_PX, Style())
    edit.follow(page, (0, 0), QPoint(0, 0), 600)
    assert spoken_lines(edit) == painted_lines(page)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(strategies.texts())
def test_the_text_is_spoken_unit_for_unit(edit: SpokenText, text: str) -> None:
    edit.follow(Page(document(text), WIDTH_PX, Style()), (0, 0), QPoint(0, 0), 600)
    interface = QAccessible.queryAccessibleInterface(edit).textInterface()
    assert interface.characterCount() == Utf16Map(text).length_utf16
    assert interface.text(0, interface.characterCount()) == spoken(text)
    assert len(spoken(text)) == len(text)


@pytest.mark.parametrize("name", SCRIPTS)
def test_lines_are_spoken_as_they_are_painted(edit: SpokenText, name: str) -> None:
    check_lines(edit, document((SCRIPTS[name] + " ") * 12))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(strategies.texts(max_pieces=60))
def test_lines_of_any_text_are_spoken_as_they_are_painted(edit: SpokenText, text: str) -> None:
    assume(not set(text) & set("\u2029\ufdd0\ufdd1"))  # their stand-ins have other widths
    check_lines(edit, document(text))


def test_a_paragraph_in_several_blocks_is_broken_where_the_blocks_are(edit: SpokenText) -> None:
    check_lines(edit, document(long_text(2_000, paragraph=0)))
    check_lines(edit, document("שלום Berlin עולם 2023 " * 400))


def test_nul_and_broken_characters_reach_the_client_as_replacements() -> None:
    assert spoken("a\x00b\ud800c\r\nd\re\u2029\ufdd0") == "a␀b\ufffdc \nd\ne \ufffd"


def test_the_caret_is_at_the_span_the_selection_or_the_token(show: Show) -> None:
    canvas = show(document(TEXT, [span_of(TEXT, "Qin Gang", "PERSON")]))
    canvas.put_cursor(TEXT.index("met"))
    assert caret_of(canvas) == (9, 9)
    canvas.move_cursor(1, extend=True)
    assert caret_of(canvas) == (TEXT.index(" in"), TEXT.index("met"))
    canvas.put_cursor(TEXT.index("Kuleba"))
    canvas.move_cursor(-1, extend=True)
    assert caret_of(canvas) == (TEXT.index("met"), TEXT.index(" in"))
    canvas.set_current_span("Qin Gang")
    assert caret_of(canvas) == (0, 8)


def test_only_spans_near_the_view_are_children(show: Show) -> None:
    text = long_text(40_000)
    starts = range(0, len(text) - 4, 9)
    canvas = show(document(text, [Span(f"s{at}", at, at + 4, "GPE") for at in starts]))
    article = ArticleAccessible(canvas)
    assert len(starts) > 20_000
    assert 0 < article.childCount() < 1_500
    assert article.child(article.childCount()) is None
    canvas.put_cursor(len(text) - 1)
    assert article.near()[-1].id == f"s{starts[-1]}"
    assert list(article.made) == []


def test_nothing_is_made_while_no_screen_reader_is_active(show: Show) -> None:
    assert not QAccessible.isActive()
    canvas = show(document(TEXT, [span_of(TEXT, "Kyiv")]))
    canvas.go_to_next_span()
    canvas.move_cursor(1)
    assert canvas.findChild(SpokenText) is None


def test_spans_tokens_and_documents_in_words() -> None:
    suggested = Span("s", 0, 3, "PERSON", decided=False, score=0.654)
    doc = document(TEXT, [suggested, span_of(TEXT, "Qin Gang", "ORG")], title="Talks")
    assert span_in_words(suggested, doc, SCHEME) == "Qin, PERSON, suggested, .65"
    assert span_in_words(span_of(TEXT, "Kyiv"), doc, SCHEME) == "Kyiv, GPE"
    assert token_in_words(doc, (0, 3), SCHEME) == "Qin, in PERSON, in ORG"
    assert token_in_words(doc, (9, 12), SCHEME) == "met"
    assert document_in_words(doc) == "Talks, 2 spans, 1 to decide"
    assert document_in_words(document(TEXT, [span_of(TEXT, "Kyiv")])) == f"{TEXT}, 1 span"
