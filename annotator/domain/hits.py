"""A place that was found in the corpus, with what stands around it and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass

CONTEXT_CHARS = 120


@dataclass(frozen=True, slots=True)
class Hit:
    """A place ``[start, end)`` (code points) in the document ``key`` and, if there is one, the span on it.

    ``left``, ``text`` and ``right`` are the words there, up to `CONTEXT_CHARS` beside it. ``span_id`` is empty for
    words without a span exactly there; ``inside`` then is the label of a span that overlaps them, if any.
    ``annotator`` is whose span it is: a pipeline's for suggestions that were not taken over yet. ``is_words``: words
    were looked for, so that the place stays one without its span; any other hit ``is_gone`` without it.
    ``is_on_document``: the hit is ``annotator``'s ``note`` on the document, shown on its first line: there is no span.
    """

    key: int
    document_id: str
    title: str
    start: int
    end: int
    left: str
    text: str
    right: str
    span_id: str = ""
    label_id: str = ""
    layer: str = ""
    annotator: str = ""
    origin: str = ""
    is_decided: bool = False
    score: float | None = None
    note: str = ""
    inside: str = ""
    fragments: int = 0
    is_words: bool = False
    is_gone: bool = False
    is_on_document: bool = False

    @property
    def place(self) -> tuple[int, int, int, str, bool]:
        """What tells one hit from another."""
        return (self.key, self.start, self.end, self.span_id, self.is_on_document)
