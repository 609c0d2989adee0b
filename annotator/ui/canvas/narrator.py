"""Tells a screen reader what changed on the canvas: text, caret, selection, spans, and what happened in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QAccessibleTextCursorEvent,
    QAccessibleTextSelectionEvent,
    QAccessibleTextUpdateEvent,
)

from annotator.domain.offsets import Utf16Map
from annotator.domain.projects import AnnotatedDocument
from annotator.ui.announcing import announce, document_in_words, relation_in_words, span_in_words, token_in_words
from annotator.ui.canvas.accessible import ArticleAccessible, caret_of
from annotator.ui.canvas.spoken_text import Caret, spoken

if TYPE_CHECKING:
    from annotator.ui.canvas.view import AnnotationCanvas

MOST_TOLD = 20
"""So many new spans are told one by one; more than these are told as "the spans are others now"."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a screen reader has been told of."""

    doc: AnnotatedDocument | None = None
    caret: Caret = (0, 0)
    current: str | None = None
    relation: str | None = None
    near: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return self.doc.document.text if self.doc else ""

    @property
    def about(self) -> str:
        return document_in_words(self.doc) if self.doc else ""


class Narrator(QObject):
    """One step of the person may change several things: they are told together, when the step is over.

    While there is no screen reader, all that is done is to remember which document is shown.
    """

    def __init__(self, canvas: AnnotationCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._told: _Seen | None = None
        self._untold: AnnotatedDocument | None = None
        self._offsets: tuple[str, Utf16Map] | None = None
        self._due = QTimer(self, singleShot=True, interval=0)
        self._due.timeout.connect(self._on_due)

    def note(self) -> None:
        """Something may have changed."""
        if QAccessible.isActive():
            self._due.start()
        else:
            self._untold = self._canvas.doc

    def _on_due(self) -> None:
        article = cast(ArticleAccessible, QAccessible.queryAccessibleInterface(self._canvas))
        before, now = self._told or _Seen(self._untold), self._seen(article)
        self._told = now
        if now.text != before.text:
            article.forget(article.made)
            self._tell_text(before, now)
        elif now.doc is not before.doc:
            self._tell_spans(article, before, now)
        if now.about != before.about:
            self._tell(QAccessible.Event.DescriptionChanged)
        if now.caret != before.caret:
            self._tell_caret(before, now)
        announce(self._canvas, self._words(before, now))
        article.forget([span for span in article.made if span.span_id not in now.near])

    def _seen(self, article: ArticleAccessible) -> _Seen:
        canvas = self._canvas
        near = frozenset(span.id for span in article.near())
        return _Seen(canvas.doc, caret_of(canvas), canvas.current_span_id, canvas.current_relation_id, near)

    def _tell_text(self, before: _Seen, now: _Seen) -> None:
        event = QAccessibleTextUpdateEvent(self._canvas, 0, spoken(before.text), spoken(now.text))
        QAccessible.updateAccessibility(event)

    def _tell(self, kind: QAccessible.Event) -> None:
        QAccessible.updateAccessibility(QAccessibleEvent(self._canvas, kind))

    def _tell_spans(self, article: ArticleAccessible, before: _Seen, now: _Seen) -> None:
        """New names of spans that a client has seen, and spans that an edit put into view."""
        for span in article.made:
            if span.refresh():
                QAccessible.updateAccessibility(QAccessibleEvent(span, QAccessible.Event.NameChanged))
        added = now.near - before.near
        if len(added) > MOST_TOLD:
            self._tell(QAccessible.Event.ObjectReorder)
            return
        for span_id in added:
            event = QAccessibleEvent(article.span(span_id), QAccessible.Event.ObjectCreated)
            QAccessible.updateAccessibility(event)

    def _tell_caret(self, before: _Seen, now: _Seen) -> None:
        if self._offsets is None or self._offsets[0] is not now.text:
            self._offsets = now.text, Utf16Map(now.text)
        at, anchor = (self._offsets[1].to_utf16(char) for char in now.caret)
        QAccessible.updateAccessibility(QAccessibleTextCursorEvent(self._canvas, at))
        if at != anchor or before.caret[0] != before.caret[1]:
            event = QAccessibleTextSelectionEvent(self._canvas, min(at, anchor), max(at, anchor))
            QAccessible.updateAccessibility(event)

    def _words(self, before: _Seen, now: _Seen) -> str:
        """What a caret says too little about. An edit was said by who made it; lines are read by the reader."""
        doc, canvas = now.doc, self._canvas
        if doc is None:
            return ""
        if now.text != before.text:
            return now.about
        if doc is not before.doc:
            return ""
        if (span := doc.spans.find(now.current or "")) is not None and now.current != before.current:
            return span_in_words(span, doc, canvas.scheme)
        if (relation := doc.relations.get(now.relation or "")) is not None and now.relation != before.relation:
            return relation_in_words(relation, doc, canvas.scheme)
        is_step = now.caret[0] == now.caret[1] and now.caret != before.caret
        if is_step and not canvas.is_moving_by_line and canvas.walk is not None:
            return token_in_words(doc, canvas.walk.token_range(canvas.token_cursor), canvas.scheme)
        return ""
