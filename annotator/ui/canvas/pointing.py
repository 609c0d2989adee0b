"""What is under a point of the canvas, and what its tooltip says of it."""

from __future__ import annotations

import html

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QToolTip, QWidget

from annotator.domain.carrying import values_in_words
from annotator.domain.spans import Relation, Span
from annotator.ui.canvas.sheet import Sheet
from annotator.ui.canvas.style import score_text

SURFACE_CHARS = 48


class Pointing:
    """Finds spans, labels and relations by points of the viewport."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def find_label_at(self, point: QPointF) -> str | None:
        """The id of the span whose label is there, or None."""
        at = self._sheet.page_point(point)
        return self._sheet.page.find_label_at(at.x(), at.y()) if self._sheet.page else None

    def find_relation_at(self, point: QPointF) -> Relation | None:
        """The relation whose arc or name is there; a span's label is above it."""
        page = self._sheet.page
        if page is None or not page.relations or self.find_label_at(point) is not None:
            return None
        at = self._sheet.page_point(point)
        return page.relations.find(page.find_relation_at(at.x(), at.y()) or "")

    def spans_at(self, point: QPointF) -> list[Span]:
        """The spans there, the shortest first; a label counts as its span."""
        page, doc = self._sheet.page, self._sheet.doc
        if page is None or doc is None:
            return []
        labelled = self.find_label_at(point)
        if labelled is not None and (span := doc.spans.find(labelled)) is not None:
            return [span]
        at = self._sheet.page_point(point)
        if not page.is_on_text(at.x(), at.y()):
            return []
        char = page.char_at(at.x(), at.y())
        return [span for span in doc.spans.at(char) if span.overlaps_part(char, char + 1)]

    def show_tooltip(self, viewport: QWidget, point: QPointF) -> None:
        """Have the tooltip say what is there."""
        text = self.tooltip_at(point)
        if text != viewport.toolTip():
            viewport.setToolTip(text)
            if not text:
                QToolTip.hideText()

    def tooltip_at(self, point: QPointF) -> str:
        """What the tooltip says, as HTML: one that looks like HTML is shown as such; notes and labels are not."""
        spans = self.spans_at(point)
        relation = None if spans else self.find_relation_at(point)
        words = [self.describe_relation(relation)] if relation else [self.describe(span) for span in spans]
        return "<br>".join(f"<nobr>{html.escape(line)}</nobr>" for line in words)

    def describe(self, span: Span) -> str:
        """A span in one line."""
        name = self._sheet.style.scheme.name_of(span.label, span.layer)
        parts = [name if span.decided else f"{name} · suggested"]
        if span.score is not None:
            parts[-1] += f" {score_text(span.score)}"
        parts += [part for part in (span.pipeline, span.note) if part]
        return " · ".join(parts)

    def describe_relation(self, relation: Relation) -> str:
        """A relation in one line: ``Qin Gang → Kuleba: met · certainty: likely``."""
        ends = (self._surface(relation.head), self._surface(relation.child))
        words = (self._sheet.style.relation_name(relation), *values_in_words(relation.attributes))
        return f"{' → '.join(ends)}: {' · '.join(words)}"

    def _surface(self, span_id: str) -> str:
        """The words of a span, shortened."""
        doc = self._sheet.doc
        span = doc.spans.find(span_id) if doc else None
        if span is None or doc is None:
            return ""
        words = " … ".join(" ".join(doc.document.text[start:end].split()) for start, end in span.parts)
        return words if len(words) <= SURFACE_CHARS else words[: SURFACE_CHARS - 1] + "…"
