"""The past of an annotation set, made again from its journal. Pure; no clock: times come as seconds.

Moment 0 is the set before its first edit, moment ``n`` the set after its ``n``-th.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from annotator.domain.edits import Batch, Edit, apply
from annotator.domain.projects import AnnotatedDocument

SNAPSHOT_EVERY = 64
MOST_SNAPSHOT_SPANS = 400_000
"""So many spans all snapshots of one set may hold (about 40 MB); of larger sets fewer are kept."""

PAUSE_S = 120.0
"""Who does nothing for longer than this does something else."""


class Replay:
    """Every state of one annotation set, from ``bare`` (before its first edit) to ``now``.

    ``edits`` and ``inverses`` may decode when they are asked. A snapshot is kept every few edits, so that any moment is
    at most that many edits away; the edits in between are applied as one batch, which copies the document once. The
    last moments are reached from ``now`` backwards: nobody waits for the whole past to look at its end. Raises what
    `apply` raises when the journal does not fit the document.
    """

    def __init__(
        self,
        bare: AnnotatedDocument,
        now: AnnotatedDocument,
        edits: Sequence[Edit],
        inverses: Sequence[Edit],
        *,
        every: int = SNAPSHOT_EVERY,
    ) -> None:
        self._now = now
        self._edits = edits
        self._inverses = inverses
        self._every = every
        self._snapshots = [bare]
        self._last = (len(edits), now)

    def extended(self, now: AnnotatedDocument, edits: Sequence[Edit], inverses: Sequence[Edit]) -> Replay:
        """The same past that went on: ``edits`` begin with those of this one. What was taken so far is kept."""
        longer = Replay(self._snapshots[0], now, edits, inverses, every=self._every)
        longer._snapshots = list(self._snapshots)
        return longer

    @property
    def last_moment(self) -> int:
        """The number of edits."""
        return len(self._edits)

    @property
    def is_warm(self) -> bool:
        """Whether every snapshot is taken."""
        return self.warm_moments >= len(self._edits)

    @property
    def warm_moments(self) -> int:
        """So many moments have a snapshot right before them."""
        return len(self._snapshots) * self._every - 1

    def at(self, moment: int) -> AnnotatedDocument:
        """The set as it was at ``moment``, from 0 to `last_moment`."""
        if not 0 <= moment <= self.last_moment:
            raise IndexError(f"there is no moment {moment} among {self.last_moment}")
        start, doc = self._last
        if not 0 <= moment - start < self._every:
            start, doc = self._start_for(moment)
        self._last = (moment, self._forward(doc, start, moment))
        return self._last[1]

    def _start_for(self, moment: int) -> tuple[int, AnnotatedDocument]:
        """A moment that is not after ``moment``, and its state."""
        place = moment // self._every
        if place >= len(self._snapshots) and self.last_moment - moment <= self._every:
            back = [self._inverses[number] for number in range(self.last_moment - 1, moment - 1, -1)]
            return moment, apply(self._now, Batch(tuple(back))).doc
        while place >= len(self._snapshots):
            self.warm()
            place = moment // self._every
        return place * self._every, self._snapshots[place]

    def warm(self) -> None:
        """Take the next snapshot, so that a later `at` has less to do."""
        if self.is_warm:
            return
        start = (len(self._snapshots) - 1) * self._every
        self._snapshots.append(self._forward(self._snapshots[-1], start, start + self._every))
        if sum(len(doc.spans) for doc in self._snapshots) > MOST_SNAPSHOT_SPANS and len(self._snapshots) > 2:
            self._snapshots = self._snapshots[::2]
            self._every *= 2

    def _forward(self, doc: AnnotatedDocument, start: int, end: int) -> AnnotatedDocument:
        if start == end:
            return doc
        return apply(doc, Batch(tuple(self._edits[place] for place in range(start, end)))).doc


def active_seconds(times: Sequence[float], *, pause_s: float = PAUSE_S) -> float:
    """Seconds at work from the ``times`` of edits in order, without pauses longer than ``pause_s``."""
    return sum(later - earlier for earlier, later in pairwise(times) if 0 <= later - earlier <= pause_s)
