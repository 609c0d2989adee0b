"""Moving the token cursor by tokens, lines, screenfuls and to edges; with ``extend`` a selection grows from it."""

from __future__ import annotations

from annotator.ui.canvas.current import Current
from annotator.ui.canvas.narrator import Narrator
from annotator.ui.canvas.sheet import Sheet


class CursorMoves:
    """The moves of one canvas. Up and down keep to the x from which they began."""

    def __init__(self, sheet: Sheet, current: Current, narrator: Narrator) -> None:
        self._sheet = sheet
        self._current = current
        self._narrator = narrator
        self._column: tuple[int, float] | None = None  # the cursor that a move by lines left, and its x

    @property
    def is_by_line(self) -> bool:
        """Whether the cursor came from the line above or below."""
        return self._column is not None and self._column[0] == self._current.cursor

    def forget_column(self) -> None:
        """The next move by lines begins a new column: the text stands elsewhere."""
        self._column = None

    def by_token(self, step: int, *, extend: bool) -> None:
        """Move by ``step`` tokens."""
        walk = self._sheet.walk
        if walk is not None:
            self._move_to(walk.moved(self._edge_for(step, extend=extend), step), extend=extend)

    def by_line(self, step: int, *, extend: bool) -> None:
        """Move by ``step`` lines of the screen."""
        page, walk = self._sheet.page, self._sheet.walk
        if page is None or walk is None:
            return
        at = self._edge_for(step, extend=extend)
        rects = page.rects_of(*walk.token_range(at))
        if not rects:
            return
        is_going_on = self._column is not None and self._column[0] == at
        x = self._column[1] if self._column is not None and is_going_on else rects[0].center().x()
        char = walk.token_start(page.char_at(x, page.line_middle(at, step)))
        self._move_to(char, extend=extend)
        self._column = (char, x)

    def by_page(self, step: int, height: int, *, extend: bool) -> None:
        """Move by about a screenful of ``height`` pixels."""
        lines = max(int(height / self._sheet.style.pitch_px) - 2, 1)
        self.by_line(step * lines, extend=extend)

    def to_line_edge(self, step: int, *, extend: bool) -> None:
        """The first (``step`` -1) or last token of the screen line."""
        page, walk = self._sheet.page, self._sheet.walk
        if page is None or walk is None:
            return
        at = self._edge_for(step, extend=extend)
        layout = page.layout(page.blocks.at(at))
        if layout.lines:
            place = layout.lines[layout.line_of(at)]
            char = place.start if step < 0 else max(place.end - 1, place.start)
            self._move_to(walk.token_start(char), extend=extend)

    def to_text_edge(self, step: int, *, extend: bool) -> None:
        """The first (``step`` -1) or last token of the article."""
        walk = self._sheet.walk
        if walk is not None:
            self._move_to(walk.first() if step < 0 else walk.last(), extend=extend)

    def to(self, char: int) -> None:
        """The token of ``char``; nothing is current or selected then."""
        if self._sheet.walk is not None:
            self._move_to(self._sheet.walk.token_start(char), extend=False)

    def _edge_for(self, step: int, *, extend: bool) -> int:
        """Where a move starts: at the moving end of the selection, or at the cursor."""
        selection, walk = self._current.selection, self._sheet.walk
        if selection is None or walk is None:
            return self._current.cursor
        start, end = selection
        if extend:
            return start if self._current.cursor > start else walk.token_start(end - 1)
        return walk.token_start(end - 1 if step > 0 else start)

    def _move_to(self, char: int, *, extend: bool) -> None:
        current, walk = self._current, self._sheet.walk
        if walk is None:
            return
        current.set_relation(None)
        current.repaint()
        anchor = current.cursor
        if current.span_id is not None:
            current.set_span(None)
        current.cursor = anchor if extend else char
        current.set_selection(walk.covering(anchor, char) if extend else None)
        self._sheet.reveal(char)
        current.repaint()
        self._narrator.note()
