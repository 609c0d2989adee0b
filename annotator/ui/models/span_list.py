"""The spans of a document as rows of a list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.ui.canvas.style import score_text

Index = QModelIndex | QPersistentModelIndex
SPAN_ROLE = Qt.ItemDataRole.UserRole
ABOUT_ROLE = Qt.ItemDataRole.UserRole + 1
MAX_SURFACE = 80


class SpanListModel(QAbstractListModel):
    """One row a span, in document order: its text, and label and score."""

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[Span] = []
        self._text = ""
        self._scheme = LabelScheme("none")

    def show(self, doc: AnnotatedDocument | None, scheme: LabelScheme) -> None:
        """Replace every row."""
        self.beginResetModel()
        self._spans = list(doc.spans) if doc else []
        self._text = doc.document.text if doc else ""
        self._scheme = scheme
        self.endResetModel()

    def find_place(self, span_id: str) -> int | None:
        """Where a span stands, or None."""
        return next((place for place, span in enumerate(self._spans) if span.id == span_id), None)

    def about(self, span: Span) -> str:
        """Label, and for a suggestion that it is one, with its score."""
        name = self._scheme.name_of(span.label, span.layer)
        if span.decided:
            return name
        return f"{name} {score_text(span.score)}?" if span.score is not None else f"{name}?"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._spans)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._spans):
            return None
        span = self._spans[index.row()]
        surface = " ".join(self._text[span.start : span.end][:MAX_SURFACE].split())
        if role == Qt.ItemDataRole.DisplayRole:
            return surface
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{surface}, {self.about(span)}"
        if role == ABOUT_ROLE:
            return self.about(span)
        return span if role == SPAN_ROLE else None
