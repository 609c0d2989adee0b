"""Trying likely edges by one key: each press moves the current span, or the selection, to the next likely place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.domain import corrections
from annotator.domain.errors import UserError
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.snapping import likely_places
from annotator.workflows.annotate import AnnotationSession

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class _Ring:
    """The places tried in turn, where it began first, as long as nothing else changes ``doc``.

    ``span_id``: whose edges, empty for a selection.
    """

    doc: AnnotatedDocument | None
    span_id: str
    places: tuple[tuple[int, int], ...]
    at: int = 0

    def is_at(self, doc: AnnotatedDocument, span_id: str, here: tuple[int, int]) -> bool:
        """Whether the place reached last is ``here``."""
        return self.doc is doc and self.span_id == span_id and self.places[self.at] == here


class Snapping:
    """Knows which place comes next, as long as the person stays at the one reached last."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._ring = _Ring(None, "", ())

    def go(self, step: int) -> None:
        """To the next (1) or previous (-1) likely place; after the last one back to where it began."""
        session, canvas = self._window.session, self._window.canvas
        if session is None or session.key is None:
            return
        span = session.doc.spans.find(canvas.current_span_id or "")
        if span is not None and span.fragments:
            self._window.say("A span in parts has no likely edges: move them by [ ] { }.", is_bad=True)
            return
        here = (span.start, span.end) if span else canvas.target_range
        if here is not None:
            self._go_from(session, here, span.id if span else "", step)

    def _go_from(self, session: AnnotationSession, here: tuple[int, int], span_id: str, step: int) -> None:
        ring = self._ring
        if not ring.is_at(session.doc, span_id, here):
            places = [place for place in likely_places(session.doc, *here) if _may_be(session, span_id, place)]
            ring = _Ring(session.doc, span_id, (here, *places))
        if len(ring.places) == 1:
            self._window.say("No other edges are likely here: move them by [ ] { }.")
            return
        at = (ring.at + step) % len(ring.places)
        if self._move(session, span_id, ring.places[at]):
            self._ring = _Ring(session.doc, span_id, ring.places, at)
            self._say(session, at)

    def _move(self, session: AnnotationSession, span_id: str, place: tuple[int, int]) -> bool:
        if span_id:
            return self._window.commands.try_edit(lambda: corrections.resize(session.doc, span_id, *place)) is not None
        self._window.canvas.set_selection(*place)
        return True

    def _say(self, session: AnnotationSession, at: int) -> None:
        start, end = self._ring.places[at]
        words = " ".join(session.doc.document.text[start:end].split())
        shown = words if len(words) <= SHOWN_CHARS else f"{words[:SHOWN_CHARS]}…"
        which = f"{at} of {len(self._ring.places) - 1}" if at else "as it was"
        self._window.say(f"“{shown}” ({which}); B again for other edges")


def _may_be(session: AnnotationSession, span_id: str, place: tuple[int, int]) -> bool:
    """Whether the scheme lets the span have these edges; a selection may be anywhere."""
    if not span_id:
        return True
    try:
        session.preview(corrections.resize(session.doc, span_id, *place))
    except UserError:
        return False
    return True
