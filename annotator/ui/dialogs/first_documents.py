"""The first documents of an import as they would be: text with its labels, before anything is stored."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QTextBrowser, QVBoxLayout, QWidget

from annotator.ui.theme import Theme
from annotator.workflows.import_request import FirstDocument

HEIGHT_PX = 190


class FirstDocuments(QWidget):
    """A link-like button and, once pressed, the documents. Hidden while there are none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.toggle = QPushButton("Show the first articles")
        self.toggle.setCheckable(True)
        self.toggle.setProperty("role", "link")
        self.toggle.setAutoDefault(False)
        self.text = QTextBrowser()
        self.text.setAccessibleName("The first articles")
        self.text.setOpenLinks(False)
        self.text.setFixedHeight(HEIGHT_PX)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addWidget(self.toggle)
        rows.addWidget(self.text)
        self.toggle.toggled.connect(self._on_toggled)
        self._on_toggled(False)
        self.hide()

    def show_documents(self, documents: Sequence[FirstDocument]) -> None:
        """Show the beginning of each."""
        self.setVisible(bool(documents))
        self.text.setHtml("<hr>".join(_as_html(one, self._theme) for one in documents))

    def _on_toggled(self, is_open: bool) -> None:
        self.toggle.setText(f"{'Hide' if is_open else 'Show'} the first articles")
        self.text.setVisible(is_open)


def _as_html(document: FirstDocument, theme: Theme) -> str:
    by = f" <span style='color: {theme.dim}'>by {html.escape(document.annotator)}</span>" if document.annotator else ""
    title = html.escape(document.title[:80])
    return f"<p><b>{title}</b>{by}</p><p>{_marked(document, theme)}</p>"


def _marked(document: FirstDocument, theme: Theme) -> str:
    """The text with each span underlined and followed by its label; of spans that overlap only the first."""
    pieces: list[str] = []
    at = 0
    for start, end, label in sorted(document.spans):
        if start < at:
            continue
        end = min(end, len(document.text))
        pieces.append(_escaped(document.text[at:start]))
        words, name = _escaped(document.text[start:end]), html.escape(label)
        pieces.append(f"<u>{words}</u> <span style='color: {theme.dim}; font-size: 10px'>{name}</span>")
        at = end
    pieces.append(_escaped(document.text[at:]))
    return "".join(pieces)


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
