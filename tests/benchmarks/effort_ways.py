"""How a trained person makes each correction by keys: the shortest way there, then the keys of the correction itself.

Pure: what the keys do to the document is said by the domain's own functions. `on_paper` corrects a whole document
without a window, to reckon what routes cost that the window does not have (yet).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.domain import corrections
from annotator.domain.edits import Edit, apply
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from tests.benchmarks.effort_gold import GoldSpan
from tests.benchmarks.effort_moves import Doubts, Place, Press, Route, Scene, cost, shortest
from tests.benchmarks.effort_plan import Correction, Kind, Knot, knots
from tests.benchmarks.effort_sizing import SIZING, sizing_keys

REMOVE = "Delete"
PROPAGATE = ("p", "Return")

Range = tuple[int, int]


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
    def is_decision(self) -> bool:
        """Whether its last key decided: then the window may go on to a doubt that nobody knows before."""
        return bool(self.correcting) and self.correcting[-1] not in SIZING

    @property
    def keys(self) -> int:
        """All keys, getting there included."""
        return cost(self.reaching) + cost(self.correcting)


class Hand:
    """A trained person: knows ``routes``, and the key of each label in ``label_keys`` (by name).

    ``going_on``: the doubts to which the window goes on by itself after a decision. ``snaps``: whether B is known.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        label_keys: Mapping[str, str],
        *,
        going_on: Doubts | None = None,
        snaps: bool = True,
    ) -> None:
        self.routes = routes
        self._label_keys = label_keys
        self._going_on = going_on
        self._snaps = snaps

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
                return self._gone_on(self._on_span(scene, place, correction, (key,), edit))
            case Kind.DELETE:
                edit = corrections.remove(scene.doc, correction.suggested.id)
                removed = self._on_span(scene, place, correction, (REMOVE,), edit)
                return self._gone_on(replace(removed, place=removed.place.at(removed.place.cursor)))
            case Kind.RESIZE:
                moved = self._resized(scene, place, correction)
                tokens = len(scene.doc.document.tokens.overlapping(*correction.wanted[:2]))
                if self._going_on is not None or cost(moved.correcting) <= 1 + tokens:
                    return moved  # after Delete the window would be somewhere else
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
        held = scene.doc.spans.find(span.id)
        assert held is not None
        keys = sizing_keys(scene.doc, (held.start, held.end), gold, span_id=span.id, snaps=self._snaps)
        edit = corrections.resize(scene.doc, span.id, gold.start, gold.end)
        way = self._on_span(scene, place, correction, keys, edit)
        way = replace(way, place=replace(way.place, cursor=gold.start))  # it goes with a moved edge
        if span.label == gold.label:
            return way
        moved = way.scene.doc
        labelled = apply(moved, corrections.relabel(moved, span.id, gold.label)).doc
        relabelled = replace(way, correcting=(*keys, self._label_keys[gold.label]), scene=scene.with_doc(labelled))
        return self._gone_on(relabelled)

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
        sized: dict[Range, tuple[str, ...]] = {}

        def left(here: Place) -> int | None:
            target = _free_target(scene, here, gold)
            if target is not None and target not in sized:
                sized[target] = sizing_keys(scene.doc, target, gold, snaps=self._snaps)
            return None if target is None else 1 + len(sized[target])

        found = shortest(scene, place, self.routes, toward, left, least=1)
        if found is None:
            raise EffortFault(f"no key leads to {gold}")
        here = found[1]
        keys = (*sized[_target(scene, here)], self._label_keys[gold.label])
        doc = _with_span(scene.doc, (gold.start, gold.end), gold.label)
        added = next(span for span in doc.spans.overlapping(gold.start, gold.end))
        return self._gone_on(
            Way(correction, *found, keys, scene.with_doc(doc), Place(gold.start, added.id, column=here.column))
        )

    def _gone_on(self, way: Way) -> Way:
        """Where the window goes on by itself after this decision."""
        return way if self._going_on is None else replace(way, place=self._going_on.below(way.scene, way.place))


def _target(scene: Scene, here: Place) -> tuple[int, int]:
    return here.selection or scene.walk.token_range(here.cursor)


def _free_target(scene: Scene, here: Place, gold: GoldSpan) -> Range | None:
    """What a label key would label from here, if it would begin the gold span; else it means something else."""
    start, end = _target(scene, here)
    if here.current is not None or not (start < gold.end and gold.start < end):
        return None
    return None if scene.doc.spans.overlapping(start, end) else (start, end)


def _with_span(doc: AnnotatedDocument, place: tuple[int, int], label: str) -> AnnotatedDocument:
    return apply(doc, corrections.add_span(doc, place, label, f"+{place[0]}")).doc


def on_paper(
    scene: Scene,
    place: Place,
    hand: Hand,
    gold: Sequence[GoldSpan],
    *,
    can_propagate: bool = False,
) -> Iterator[Way]:
    """Every correction of a document as keys, in its order."""
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
