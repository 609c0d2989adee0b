"""An answer that the adjudicator makes up: spans of which edges and labels are moved by key. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from annotator.domain.rulings import Said
from annotator.domain.text import tokenize_simply


class Draft:
    """Spans within a passage that begins at ``offset`` of the text; all offsets in code points of the text.

    One of them is the current one, ``at``; there may be none. ``labels``: ids that can be given, in order.
    """

    def __init__(self, passage: str, offset: int, place: tuple[int, int], spans: Sequence[Said], labels: Sequence[str]):
        tokens = tokenize_simply(passage)
        self._starts = [offset + start for start in tokens.starts]
        self._ends = [offset + end for end in tokens.ends]
        self._place = place
        self._labels = list(labels)
        self.spans = list(spans)
        self.at = 0
        if not self.spans:
            self.add()

    @property
    def answer(self) -> tuple[Said, ...]:
        """The spans in order, each once."""
        return tuple(sorted(set(self.spans), key=lambda one: one.order))

    @property
    def current(self) -> Said | None:
        """The span that keys change."""
        return self.spans[self.at] if self.spans else None

    def go_on(self) -> None:
        """The next span is the current one."""
        if self.spans:
            self.at = (self.at + 1) % len(self.spans)

    def move_start(self, step: int) -> None:
        """The current span begins ``step`` words further on; it keeps at least one."""
        if (held := self.current) is not None:
            start = _moved(self._starts, held.start, step)
            self._put(replace(held, start=min(start, self._last_start(held.end)), parts=()))

    def move_end(self, step: int) -> None:
        """The current span ends ``step`` words further on; it keeps at least one."""
        if (held := self.current) is not None:
            end = _moved(self._ends, held.end, step)
            self._put(replace(held, end=max(end, self._first_end(held.start)), parts=()))

    def give_label(self, label: str) -> None:
        """The current span gets this label."""
        if (held := self.current) is not None:
            self._put(replace(held, label=label))

    def cycle_label(self, step: int = 1) -> None:
        """The current span gets the next label of the layer."""
        held = self.current
        if held is None or not self._labels:
            return
        now = self._labels.index(held.label) if held.label in self._labels else -step
        self.give_label(self._labels[(now + step) % len(self._labels)])

    def remove(self) -> None:
        """The current span goes."""
        if self.spans:
            del self.spans[self.at]
            self.at = min(self.at, max(len(self.spans) - 1, 0))

    def add(self) -> None:
        """A new span over the whole place, with the first label; it is the current one."""
        if self._labels:
            self.spans.append(Said(*self._place, self._labels[0]))
            self.at = len(self.spans) - 1

    def _put(self, said: Said) -> None:
        self.spans[self.at] = said

    def _last_start(self, end: int) -> int:
        return max((start for start in self._starts if start < end), default=end - 1)

    def _first_end(self, start: int) -> int:
        return min((end for end in self._ends if end > start), default=start + 1)


def _moved(edges: Sequence[int], now: int, step: int) -> int:
    """The edge ``step`` further than ``now``, or the last there is."""
    if step > 0:
        return next((edge for edge in edges if edge > now), now)
    return next((edge for edge in reversed(edges) if edge < now), now)
