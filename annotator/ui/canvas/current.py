"""What keys act on: the current span or relation, the selection, the token cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from annotator.domain.spans import Span
from annotator.domain.text import Json
from annotator.ui.canvas.narrator import Narrator
from annotator.ui.canvas.sheet import Sheet

if TYPE_CHECKING:
    from annotator.ui.canvas.view import AnnotationCanvas

_FAR = 10**12


class Current:
    """Of span, relation and selection at most one is there; the cursor always is, and goes with a span's start.

    Tells of changes by the canvas's signals.
    """

    def __init__(self, canvas: AnnotationCanvas, sheet: Sheet, narrator: Narrator) -> None:
        self._canvas = canvas
        self._sheet = sheet
        self._narrator = narrator
        self.span_id: str | None = None
        self.relation_id: str | None = None
        self.selection: tuple[int, int] | None = None
        self.cursor = 0
        self._part: tuple[int, int] | None = None

    @property
    def part(self) -> int | None:
        """Which part (from 0) of the current span was chosen; None: the span as a whole."""
        span, chosen = self.span, self._part
        if span is None or chosen is None or not span.fragments:
            return None
        places = (place for place, (start, end) in enumerate(span.parts) if start < chosen[1] and chosen[0] < end)
        return next(places, None)

    @property
    def span(self) -> Span | None:
        """The current span."""
        doc = self._sheet.doc
        return doc.spans.find(self.span_id) if doc is not None and self.span_id is not None else None

    @property
    def target_range(self) -> tuple[int, int] | None:
        """What a label key would label: the selection, else the cursor's token."""
        if self.selection is not None:
            return self.selection
        return self._sheet.walk.token_range(self.cursor) if self._sheet.walk else None

    def forget(self) -> None:
        """Nothing is current. Nobody is told: another document is about to be shown, or none."""
        self.span_id = self.relation_id = self.selection = self._part = None
        self.cursor = 0

    def begin(self) -> None:
        """Another document is shown: the cursor is on its first token."""
        self.cursor = self._sheet.walk.first() if self._sheet.walk else 0
        self._canvas.current_span_changed.emit(self.span_id)
        self._canvas.selection_changed.emit(self.selection)
        self._canvas.current_relation_changed.emit(self.relation_id)
        self._narrator.note()

    def follow(self) -> None:
        """After an edit: what is gone is not current any more, and the cursor goes where the span begins now."""
        doc, span = self._sheet.doc, self.span
        if span is not None:
            self.cursor = span.start
            self._part = span.parts[self.part] if self.part is not None else None
        elif self.span_id is not None:
            self.set_span(None)
        if doc is not None and self.relation_id is not None and self.relation_id not in doc.relations:
            self.set_relation(None)

    def set_span(self, span_id: str | None, *, reveal: bool = True) -> None:
        """Make a span current, or none."""
        doc = self._sheet.doc
        span = doc.spans.find(span_id) if doc and span_id is not None else None
        self.set_relation(None)
        self.repaint()
        self.span_id, self._part = (span.id if span else None), None
        if span is not None:
            self.cursor = span.start
            self.set_selection(None)
            if reveal:
                self._sheet.reveal(span.start)
        self.repaint()
        self._narrator.note()
        self._canvas.current_span_changed.emit(self.span_id)

    def set_part(self, part: int | None) -> None:
        """Choose a part (from 0) of the current span, or the span as a whole."""
        span = self.span
        chosen = span.parts[part] if span is not None and part is not None and part < len(span.parts) else None
        self._part = chosen if span is not None and span.fragments else None
        if self._part is not None:
            self._sheet.reveal(self._part[0])
        self.repaint()

    def go_to_part(self) -> int | None:
        """Choose the next part of the current span; after the last one the span as a whole."""
        span, part = self.span, self.part
        following = 0 if part is None else part + 1
        self.set_part(following if span is not None and following < len(span.parts) else None)
        return self.part

    def set_relation(self, relation_id: str | None) -> None:
        """Choose a relation, or none."""
        page = self._sheet.page
        relation = page.relations.find(relation_id) if page and relation_id is not None else None
        if (relation.id if relation else None) == self.relation_id:
            return
        if relation is not None:
            self.set_span(None)
            self.set_selection(None)
        self._repaint_arcs()
        self.relation_id = relation.id if relation else None
        self._repaint_arcs()
        self._narrator.note()
        self._canvas.current_relation_changed.emit(self.relation_id)

    def select(self, start: int, end: int) -> None:
        """Select a range; no span is current then, and the cursor is at its start."""
        if self.span_id is not None:
            self.set_span(None)
        self.set_relation(None)
        self.cursor = start
        self.set_selection((start, end))

    def set_selection(self, selection: tuple[int, int] | None) -> None:
        """Change the selection alone."""
        if selection != self.selection:
            self.repaint()
            self.selection = selection
            self.repaint()
            self._narrator.note()
            self._canvas.selection_changed.emit(selection)

    def go_to_span(self, step: int) -> None:
        """The next (``step`` 1) or previous (-1) span in document order; after the last one comes the first."""
        if self._sheet.doc is None:
            return
        spans, span = self._sheet.doc.spans, self.span
        here = span.order if span else (self.cursor, -_FAR, "")
        if step > 0:
            found = spans.find_next(here) or spans.find_next((-1, 0, ""))
        else:
            found = spans.find_previous(here) or spans.find_previous((_FAR, 0, ""))
        self.set_span(found.id if found else None)

    def state(self) -> dict[str, Json]:
        """What `restore` takes."""
        selection: Json = list(self.selection) if self.selection else None
        state: dict[str, Json] = {"current": self.span_id, "selection": selection, "cursor": self.cursor}
        return state if self.part is None else state | {"part": self.part}

    def restore(self, state: Mapping[str, Json]) -> None:
        """Make current what a view state names, as far as the document still has it."""
        doc, walk = self._sheet.doc, self._sheet.walk
        if doc is None or walk is None:
            return
        length = len(doc.document.text)
        cursor, current, selection = state.get("cursor"), state.get("current"), state.get("selection")
        if isinstance(cursor, int) and 0 <= cursor < length:
            self.cursor = walk.token_start(cursor)
        if isinstance(current, str) and current in doc.spans:
            self.set_span(current)
            part = state.get("part")
            self.set_part(part if isinstance(part, int) else None)
        elif isinstance(selection, list) and len(selection) == 2:
            start, end = selection
            if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length:
                self.select(start, end)

    def repaint(self) -> None:
        """Have the blocks of current span, selection and cursor painted anew."""
        if self._sheet.walk is None:
            return
        span = self.span
        place = (span.start, span.end) if span else None
        for chosen in filter(None, (self._sheet.walk.token_range(self.cursor), self.selection, place)):
            self._sheet.repaint_range(*chosen)

    def _repaint_arcs(self) -> None:
        """Have the blocks at both ends of the current relation painted anew."""
        if self._sheet.page is not None and self.relation_id is not None:
            for place in self._sheet.page.relations.places_of((), (self.relation_id,)):
                self._sheet.repaint_range(*place)
