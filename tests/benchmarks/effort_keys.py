"""An annotator with a keyboard only: sends key events to the real window, and looks at what the canvas shows.

It reads nothing that a person could not see: the document with its spans, which one is current, the cursor, the
selection, where the lines break, the hints. Every correction is checked against what it should have done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.domain.projects import AnnotatedDocument
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.doubting import PAUSE_MS
from annotator.ui.main_window import MainWindow
from tests.benchmarks.effort_gold import GoldDocument, GoldSpan
from tests.benchmarks.effort_moves import Arrows, Doubts, Hints, Place, Press, Route, Scene, Tabs
from tests.benchmarks.effort_plan import Correction, Kind, extent, knots
from tests.benchmarks.effort_tally import Act
from tests.benchmarks.effort_ways import EffortFault, Hand, Way

ACCEPT_REST = "Space"
GLANCE_MS = PAUSE_MS + 40
"""As long does a person look before each correction at least: by then the doubts that an edit changed are shown."""
MODIFIERS = (("Ctrl+", Qt.KeyboardModifier.ControlModifier), ("Shift+", Qt.KeyboardModifier.ShiftModifier))


class Keyboard:
    """Presses keys on whatever has the focus, and counts them."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.count = 0

    def press(self, key: str) -> None:
        """One key, such as ``Shift+Right``, ``Delete``, ``[`` or ``1``; then the window may paint."""
        modifiers = Qt.KeyboardModifier.NoModifier
        for name, modifier in MODIFIERS:
            if key.startswith(name):
                modifiers |= modifier
                key = key.removeprefix(name)
        target = self._window.focusWidget() or self._window
        if len(key) == 1 and not modifiers:
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, getattr(Qt.Key, f"Key_{key}"), modifiers)
        self.count += 1
        QApplication.processEvents()


class CanvasLines:
    """How one document stands on the canvas (see `effort_moves.Lines`). Line breaks do not depend on spans."""

    def __init__(self, canvas: AnnotationCanvas) -> None:
        self._canvas = canvas
        self._known: dict[tuple[int, float | None, int], tuple[int, float]] = {}
        self._visible: dict[tuple[int, int], bool] = {}
        page = canvas.page
        assert page is not None
        self.page_lines = max(int(canvas.viewport().height() / page.style.pitch_px) - 2, 1)

    def step(self, cursor: int, x: float | None, lines: int) -> tuple[int, float]:
        """The token some lines above or below."""
        asked = (cursor, x, lines)
        if asked not in self._known:
            self._known[asked] = self._looked(*asked)
        return self._known[asked]

    def edge(self, cursor: int, direction: int) -> int:
        """The first or last token of the line."""
        page, walk = self._canvas.page, self._canvas.walk
        assert page is not None and walk is not None
        layout = page.layout(page.blocks.at(cursor))
        place = layout.lines[layout.line_of(cursor)]
        return walk.token_start(place.start if direction < 0 else max(place.end - 1, place.start))

    def is_visible(self, char: int) -> bool:
        """Whether all of the token's box is in the viewport."""
        scrolled = self._canvas.verticalScrollBar().value()
        if (char, scrolled) not in self._visible:
            self._visible[char, scrolled] = self._is_in_viewport(char)
        return self._visible[char, scrolled]

    def _is_in_viewport(self, char: int) -> bool:
        page, walk = self._canvas.page, self._canvas.walk
        assert page is not None and walk is not None
        box = page.rects_of(*walk.token_range(char))[0]
        top = self._canvas.page_point(QPointF(0, 0)).y()
        return top <= box.top() and box.bottom() <= top + self._canvas.viewport().height()

    def _looked(self, cursor: int, x: float | None, lines: int) -> tuple[int, float]:
        page, walk = self._canvas.page, self._canvas.walk
        assert page is not None and walk is not None
        if x is None:
            x = page.rects_of(*walk.token_range(cursor))[0].center().x()
        return walk.token_start(page.char_at(x, page.line_middle(cursor, lines))), x


def routes_of(window: MainWindow) -> list[Route]:
    """The ways to get about that this window has."""
    routes: list[Route] = [Tabs(), Arrows()]
    if "hints" in {spec.id for spec in window.actions_.enabled_specs}:
        routes.append(Hints())
    if "doubt.next" in {spec.id for spec in window.actions_.enabled_specs}:
        routes.append(doubts_of(window))
    return routes


def doubts_of(window: MainWindow) -> Doubts:
    """The doubts as the window shows them."""
    return Doubts(lambda _doc: [(doubt.start, doubt.end) for doubt in window.doubting.doubts])


def label_keys(window: MainWindow) -> dict[str, str]:
    """The key of each label by its name, as the labels column shows them."""
    return {row.label_key[0]: window.actions_.label_keys()[row.label_key] for row in window.inspector.rows}


def scene_of(window: MainWindow) -> Scene:
    """What a person sees of the open document."""
    canvas = window.canvas
    assert canvas.doc is not None and canvas.walk is not None
    return Scene(canvas.doc, canvas.walk, CanvasLines(canvas))


def place_of(canvas: AnnotationCanvas, column: tuple[int, float] | None) -> Place:
    """Where keys act now; the ``column`` is what a person remembers."""
    return Place(canvas.token_cursor, canvas.current_span_id, canvas.selection, column)


class KeyAnnotator:
    """Turns the open document's suggestions into gold by keys, and goes on to the next one.

    ``routes``: what the annotator knows; otherwise everything that the window has. ``snaps``: whether B is known.
    """

    unit = "keys"

    def __init__(self, window: MainWindow, routes: Sequence[Route] | None = None, *, snaps: bool = True) -> None:
        self._window = window
        self.keyboard = Keyboard(window)
        known = routes or routes_of(window)
        self._glance_ms = GLANCE_MS if any(isinstance(route, Doubts) for route in known) else 0
        self._goes_on = window.looks.preferences.goes_on
        going_on = doubts_of(window) if self._goes_on else None
        self._hand = Hand(known, label_keys(window), going_on=going_on, snaps=snaps)
        self._hand_of_old = Hand((Tabs(), Arrows()), label_keys(window))
        self._column: tuple[int, float] | None = None

    def correct(self, gold: GoldDocument) -> Iterator[Act]:
        """Make every correction of the open document, in its order."""
        seen, self._column = scene_of(self._window), None
        for knot in knots(seen.doc, gold.spans):
            place = place_of(self._window.canvas, self._column)
            for correction in self._hand.choose(self._now(seen), place, knot):
                if correction.kind is not Kind.ACCEPT:
                    yield self._make(correction, seen)

    def accept_rest(self) -> int:
        """Accept what is left and go on; returns the keys."""
        before = self.keyboard.count
        self.keyboard.press(ACCEPT_REST)
        return self.keyboard.count - before

    def _now(self, seen: Scene) -> Scene:
        doc = self._window.canvas.doc
        assert doc is not None
        return seen.with_doc(doc)

    def _make(self, correction: Correction, seen: Scene) -> Act:
        way, reaching = self._reach(correction, seen)
        before = self.keyboard.count
        if not all(self._press(press) for press in way.correcting):
            raise EffortFault(f"a hint that {correction} needs is not there")
        self._column = way.place.column
        self._check(way)
        return Act(correction, reaching, self.keyboard.count - before, extent(seen.doc, correction))

    def _reach(self, correction: Correction, seen: Scene) -> tuple[Way, int]:
        """Go to where the correction begins: the way, and the keys so far. What led elsewhere is counted, too."""
        before = self.keyboard.count
        for hand in (self._hand, self._hand, self._hand_of_old):
            QTest.qWait(self._glance_ms)
            place = place_of(self._window.canvas, self._column)
            way = hand.way(self._now(seen), place, correction)
            if not all(self._press(press) for press in way.reaching):
                self.keyboard.press("Escape")  # the hint that was reckoned with is not there
            self._column = way.reached.column
            if place_of(self._window.canvas, None).state == way.reached.state:
                return way, self.keyboard.count - before
        raise EffortFault(f"{self._window.canvas.view_state()} instead of {way.reached} for {correction}")

    def _press(self, press: Press) -> bool:
        """Press a key, or the letters of a hint; false when there is no hint on that token."""
        if isinstance(press, str):
            self.keyboard.press(press)
            return True
        letters = (self._window.canvas.hints or {}).get(press.char, "")
        for letter in letters:
            self.keyboard.press(letter)
        return bool(letters)

    def _check(self, way: Way) -> None:
        canvas = self._window.canvas
        assert canvas.doc is not None
        shown, expected = _spans(canvas.doc), _spans(way.scene.doc)
        places = (canvas.token_cursor, _current(canvas.doc, canvas.current_span_id), canvas.selection)
        wanted = (way.place.cursor, _current(way.scene.doc, way.place.current), way.place.selection)
        is_elsewhere = places != wanted and not (self._goes_on and way.is_decision)
        if shown != expected or is_elsewhere:
            said = self._window.hint_line.message.text()
            raise EffortFault(
                f"{canvas.doc.document.id}: {way.correction} by {(*way.reaching, *way.correcting)} gave "
                f"{shown ^ expected}, at {places} instead of {wanted}; the window says {said!r}"
            )


def _spans(doc: AnnotatedDocument) -> set[GoldSpan]:
    return {GoldSpan(span.start, span.end, span.label) for span in doc.spans}


def _current(doc: AnnotatedDocument, span_id: str | None) -> GoldSpan | None:
    span = doc.spans.find(span_id) if span_id else None
    return GoldSpan(span.start, span.end, span.label) if span else None
