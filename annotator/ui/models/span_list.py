"""The spans of a document as rows of a list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.ui.announcing import span_in_words
from annotator.ui.canvas.style import score_text

Index = QModelIndex | QPersistentModelIndex
SPAN_ROLE = Qt.ItemDataRole.UserRole
ABOUT_ROLE = Qt.ItemDataRole.UserRole + 1
HUE_ROLE = Qt.ItemDataRole.UserRole + 2
MAX_SURFACE = 80


class SpanListModel(QAbstractListModel):
    """One row a span, in document order: its text, and label and score."""

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[Span] = []
        self._places: dict[str, int] = {}
        self._doc: AnnotatedDocument | None = None
        self._scheme = LabelScheme("none")

    def show(self, doc: AnnotatedDocument | None, scheme: LabelScheme) -> None:
        """Replace every row."""
        self.beginResetModel()
        self._spans = list(doc.spans) if doc else []
        self._places = {span.id: place for place, span in enumerate(self._spans)}
        self._doc = doc
        self._scheme = scheme
        self.endResetModel()

    def find_place(self, span_id: str) -> int | None:
        """Where a span stands, or None."""
        return self._places.get(span_id)

    def about(self, span: Span) -> str:
        """Its label, and the score of a suggestion."""
        name = self._scheme.name_of(span.label, span.layer)
        return name if span.decided or span.score is None else f"{name} {score_text(span.score)}"

    def in_words(self, span: Span) -> str:
        """A row as it is read aloud."""
        return span_in_words(span, self._doc, self._scheme) if self._doc else ""

    def _surface(self, span: Span) -> str:
        text = self._doc.document.text if self._doc else ""
        parts = (" ".join(text[start : min(end, start + MAX_SURFACE)].split()) for start, end in span.parts)
        return " … ".join(parts)

    def _hue(self, span: Span) -> int:
        label = self._scheme.find_label(span.label, span.layer)
        return label.hue if label else 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._spans)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._spans):
            return None
        span = self._spans[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._surface(span)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.in_words(span)
        if role == ABOUT_ROLE:
            return self.about(span)
        if role == HUE_ROLE:
            return self._hue(span)
        return span if role == SPAN_ROLE else None
