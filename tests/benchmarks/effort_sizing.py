"""Which keys give a span, or a selection, its edges: B to a likely place, then the edge keys. Pure: no Qt.

``B`` tries likely places in turn; a person sees each, so the annotator knows after how many presses the best one comes.
"""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.corrections import Edge, with_moved_edge
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.snapping import likely_places
from tests.benchmarks.effort_gold import GoldSpan

EDGE_KEYS = {(Edge.LEFT, -1): "[", (Edge.LEFT, 1): "]", (Edge.RIGHT, -1): "{", (Edge.RIGHT, 1): "}"}
NEXT, PREVIOUS = "b", "Shift+B"
SIZING = frozenset({*EDGE_KEYS.values(), NEXT, PREVIOUS})

Range = tuple[int, int]


def sizing_keys(
    doc: AnnotatedDocument, here: Range, gold: GoldSpan, *, span_id: str = "", snaps: bool = True
) -> tuple[str, ...]:
    """The fewest keys from ``here`` to the gold span's edges; ``span_id``: whose edges, empty for a selection."""
    starts = _ring(doc, here, span_id) if snaps else [((), here)]
    ways = ((*keys, *edge_keys(doc, place, gold)) for keys, place in starts)
    return min(ways, key=len)


def edge_keys(doc: AnnotatedDocument, here: Range, gold: GoldSpan) -> tuple[str, ...]:
    """The edge keys alone, growing first."""
    keys: list[str] = []
    for edge, step in ((Edge.LEFT, -1), (Edge.RIGHT, 1), (Edge.LEFT, 1), (Edge.RIGHT, -1)):
        while _has_to_move(here, gold, edge, step):
            here = with_moved_edge(doc.document, here, edge, step)
            keys.append(EDGE_KEYS[edge, step])
    return tuple(keys)


def _ring(doc: AnnotatedDocument, here: Range, span_id: str) -> Iterator[tuple[tuple[str, ...], Range]]:
    """Every place that B leads to, with the keys to it."""
    places = [here, *(place for place in likely_places(doc, *here) if not span_id or _is_free(doc, place, span_id))]
    for at, place in enumerate(places):
        back = len(places) - at
        yield (NEXT,) * at if at <= back else (PREVIOUS,) * back, place


def _is_free(doc: AnnotatedDocument, place: Range, span_id: str) -> bool:
    return all(other.id == span_id for other in doc.spans.overlapping(*place))


def _has_to_move(here: Range, gold: GoldSpan, edge: Edge, step: int) -> bool:
    """Whether this edge has still to move in this direction."""
    now, then = (here[0], gold.start) if edge is Edge.LEFT else (here[1], gold.end)
    return (then - now) * step > 0
