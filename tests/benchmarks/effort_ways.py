"""How a trained person makes each correction by keys: the shortest way there, then the keys of the correction itself.

Pure: what the keys do to the document is said by the domain's own functions. `on_paper` corrects a whole document
without a window, to reckon what routes cost that the window does not have (yet).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.domain import corrections
from annotator.domain.corrections import Edge
from annotator.domain.edits import Edit, apply
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from tests.benchmarks.effort_gold import GoldSpan
from tests.benchmarks.effort_moves import Place, Press, Route, Scene, cost, shortest
from tests.benchmarks.effort_plan import Correction, Kind, Knot, knots

REMOVE = "Delete"
PROPAGATE = ("p", "Return")
EDGE_KEYS = {(Edge.LEFT, -1): "[", (Edge.LEFT, 1): "]", (Edge.RIGHT, -1): "{", (Edge.RIGHT, 1): "}"}


class EffortFault(Exception):
    """The benchmark cannot be believed: a way that does not exist, or a window that did something else."""


@dataclass(frozen=True, slots=True)
class Way:
    """One correction as keys: ``reaching`` leads to ``reached``, ``correcting`` does it; how things are then."""

    correction: Correction
    reaching: tuple[Press, ...]
    reached: Place
    correcting: tuple[Press, ...]
    scene: Scene
    place: Place

    @property
    def keys(self) -> int:
        """All keys, getting there included."""
        return cost(self.reaching) + cost(self.correcting)


class Hand:
    """A trained person: knows ``routes``, and the key of each label in ``label_keys`` (by name)."""

    def __init__(self, routes: Sequence[Route], label_keys: Mapping[str, str]) -> None:
        self.routes = routes
        self._label_keys = label_keys

    def choose(self, scene: Scene, place: Place, knot: Knot) -> tuple[Correction, ...]:
        """The cheapest of the knot's equal ways from here."""
        if len(knot.ways) == 1:
            return knot.ways[0]
        return min(knot.ways, key=lambda way: self._keys_of(scene, place, way))

    def way(self, scene: Scene, place: Place, correction: Correction) -> Way:
        """The cheapest way to make one correction. Raises `EffortFault` when no key leads there."""
        match correction.kind:
            case Kind.ACCEPT:
                return Way(correction, (), place, (), scene, place)
            case Kind.RELABEL:
                key = self._label_keys[correction.wanted.label]
                edit = corrections.relabel(scene.doc, correction.suggested.id, correction.wanted.label)
                return self._on_span(scene, place, correction, (key,), edit)
            case Kind.DELETE:
                edit = corrections.remove(scene.doc, correction.suggested.id)
                removed = self._on_span(scene, place, correction, (REMOVE,), edit)
                return replace(removed, place=removed.place.at(removed.place.cursor))
            case Kind.RESIZE:
                moved = self._resized(scene, place, correction)
                tokens = len(scene.doc.document.tokens.overlapping(*correction.wanted[:2]))
                if cost(moved.correcting) <= 1 + tokens:
                    return moved
                return min(moved, self._drawn_anew(scene, place, correction), key=lambda way: way.keys)
            case Kind.ADD:
                return self._added(scene, place, correction)

    def _keys_of(self, scene: Scene, place: Place, way: Iterable[Correction]) -> int:
        keys = 0
        for correction in way:
            done = self.way(scene, place, correction)
            keys, scene, place = keys + done.keys, done.scene, done.place
        return keys

    def _on_span(
        self, scene: Scene, place: Place, correction: Correction, correcting: tuple[Press, ...], edit: Edit
    ) -> Way:
        span = correction.suggested
        held = scene.doc.spans.find(span.id)
        assert held is not None
        found = shortest(
            scene, place, self.routes, (scene.walk.token_start(held.start),),
            lambda here: 0 if here.current == span.id else None,
        )  # fmt: skip
        if found is None:
            raise EffortFault(f"no key leads to {span}")
        return Way(correction, *found, correcting, scene.with_doc(apply(scene.doc, edit).doc), found[1])

    def _resized(self, scene: Scene, place: Place, correction: Correction) -> Way:
        span, gold = correction.suggested, correction.wanted
        keys, moved = edge_keys(scene.doc, span.id, gold)
        edit = corrections.resize(scene.doc, span.id, gold.start, gold.end)
        way = self._on_span(scene, place, correction, keys, edit)
        if span.label == gold.label:
            return way
        labelled = apply(moved, corrections.relabel(moved, span.id, gold.label)).doc
        return replace(way, correcting=(*keys, self._label_keys[gold.label]), scene=scene.with_doc(labelled))

    def _drawn_anew(self, scene: Scene, place: Place, correction: Correction) -> Way:
        """Remove the suggestion and draw the gold span: cheaper where the edges are far apart."""
        removed = self.way(scene, place, Correction(Kind.DELETE, correction.suggested, None))
        added = self._added(removed.scene, removed.place, correction)
        correcting = (REMOVE, *added.reaching, *added.correcting)
        return replace(added, reaching=removed.reaching, reached=removed.reached, correcting=correcting)

    def _added(self, scene: Scene, place: Place, correction: Correction) -> Way:
        gold = correction.wanted
        tokens = scene.doc.document.tokens
        toward = tuple(tokens.starts[index] for index in tokens.overlapping(gold.start, gold.end))
        least = 1 if any(route.selects for route in self.routes) else len(toward)
        found = shortest(scene, place, self.routes, toward, lambda here: _keys_to_draw(scene, here, gold), least=least)
        if found is None:
            raise EffortFault(f"no key leads to {gold}")
        here = found[1]
        keys, doc, start = self._drawn(scene, here, gold)
        added = next(span for span in doc.spans.overlapping(gold.start, gold.end))
        return Way(correction, *found, keys, scene.with_doc(doc), Place(start, added.id, column=here.column))

    def _drawn(self, scene: Scene, here: Place, gold: GoldSpan) -> tuple[tuple[Press, ...], AnnotatedDocument, int]:
        """Label keys and edge keys from a place on the gold span: the keys, the document, where the cursor is."""
        first, last = scene.walk.token_start(gold.start), scene.walk.token_start(gold.end - 1)
        key, more = self._label_keys[gold.label], _keys_to_draw(scene, here, gold) or 0
        if here.selection is None and here.cursor in (first, last):
            arrow = "Shift+Right" if here.cursor == first else "Shift+Left"
            return (arrow,) * (more - 1) + (key,), _with_span(scene.doc, (gold.start, gold.end), gold.label), gold.start
        start, end = _target(scene, here)
        drawn = _with_span(scene.doc, (start, end), gold.label)
        keys, doc = edge_keys(drawn, f"+{start}", gold)
        return (key, *keys), doc, start


def edge_keys(doc: AnnotatedDocument, span_id: str, gold: GoldSpan) -> tuple[tuple[Press, ...], AnnotatedDocument]:
    """The keys that move the edges of a span to those of a gold span, growing first, and the document then."""
    keys: list[Press] = []
    for edge, step in ((Edge.LEFT, -1), (Edge.RIGHT, 1), (Edge.LEFT, 1), (Edge.RIGHT, -1)):
        while (span := doc.spans.find(span_id)) is not None and _has_to_move(span, gold, edge, step):
            doc = apply(doc, corrections.move_edge(doc, span_id, edge, step)).doc
            keys.append(EDGE_KEYS[edge, step])
    return tuple(keys), doc


def _has_to_move(span: Span, gold: GoldSpan, edge: Edge, step: int) -> bool:
    """Whether this edge has still to move in this direction."""
    here, there = (span.start, gold.start) if edge is Edge.LEFT else (span.end, gold.end)
    return (there - here) * step > 0


def _target(scene: Scene, here: Place) -> tuple[int, int]:
    return here.selection or scene.walk.token_range(here.cursor)


def _keys_to_draw(scene: Scene, here: Place, gold: GoldSpan) -> int | None:
    """How many keys draw the gold span from here; None where a label key would mean something else."""
    start, end = _target(scene, here)
    if here.current is not None or not (start < gold.end and gold.start < end):
        return None
    if scene.doc.spans.overlapping(start, end):
        return None
    tokens = scene.doc.document.tokens
    edges = ((start, gold.start), (end, gold.end))
    return 1 + sum(len(tokens.overlapping(min(pair), max(pair))) for pair in edges)


def _with_span(doc: AnnotatedDocument, place: tuple[int, int], label: str) -> AnnotatedDocument:
    return apply(doc, corrections.add_span(doc, place, label, f"+{place[0]}")).doc


def on_paper(
    scene: Scene,
    place: Place,
    hand: Hand,
    gold: Sequence[GoldSpan],
    *,
    can_propagate: bool = False,
    going_on: Route | None = None,
) -> Iterator[Way]:
    """Every correction of a document as keys, in its order.

    ``going_on``: a route whose first step a label key or Delete takes by itself when the correction is made.
    """
    for knot in knots(scene.doc, gold):
        if _is_settled(scene.doc, knot):
            continue
        for correction in hand.choose(scene, place, knot):
            way = hand.way(scene, place, correction)
            yield way
            scene, place = way.scene, way.place
            if can_propagate and correction.kind in (Kind.ADD, Kind.RELABEL):
                for way in _propagated(scene, place, correction.wanted, gold):
                    yield way
                    scene = way.scene
            if going_on is not None and way.correcting and way.correcting[-1] not in EDGE_KEYS.values():
                place = next((step.place for step in going_on.steps(scene, place, ())), place)


def _is_settled(doc: AnnotatedDocument, knot: Knot) -> bool:
    """Whether propagating has made a knot right by now."""
    wanted = [correction.gold for correction in knot.ways[0]]
    there = {GoldSpan(span.start, span.end, span.label) for span in doc.spans}
    needs_nothing = all(gold is not None and gold in there for gold in wanted)
    return needs_nothing and any(correction.kind is not Kind.ACCEPT for correction in knot.ways[0])


def _propagated(scene: Scene, place: Place, like: GoldSpan, gold: Sequence[GoldSpan]) -> Iterator[Way]:
    """P, Enter: the label for every other occurrence of the same words, if it is right for all of them.

    The two keys are those of the first; the others come with it.
    """
    others = list(_occurrences(scene.doc, like))
    if not others or not all(wanted in gold for wanted, _ in others):
        return
    keys: tuple[Press, ...] = PROPAGATE
    for wanted, span in others:
        edit = corrections.relabel(scene.doc, span.id, like.label) if span else None
        doc = apply(scene.doc, edit).doc if edit else _with_span(scene.doc, (wanted.start, wanted.end), like.label)
        scene = scene.with_doc(doc)
        yield Way(Correction(Kind.RELABEL if span else Kind.ADD, span, wanted), (), place, keys, scene, place)
        keys = ()


def _occurrences(doc: AnnotatedDocument, like: GoldSpan) -> Iterator[tuple[GoldSpan, Span | None]]:
    """Other places with the words of ``like`` where nothing is labelled, or just they are, with another label."""
    text = doc.document.text
    for match in re.finditer(rf"(?<!\w){re.escape(text[like.start : like.end])}(?!\w)", text):
        spans = doc.spans.overlapping(*match.span())
        same = [span for span in spans if (span.start, span.end) == match.span()]
        if not spans or (same and same[0].label != like.label):
            yield GoldSpan(*match.span(), like.label), same[0] if same else None
