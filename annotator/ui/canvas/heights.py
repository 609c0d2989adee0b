"""Heights of blocks with running sums in O(log n): a Fenwick tree. Pure."""

from __future__ import annotations

from collections.abc import Sequence


class Heights:
    """Heights in pixels that change one at a time; answers where a block begins and which one lies at a y.

    Source: P. M. Fenwick, "A new data structure for cumulative frequency tables", 1994.
    """

    def __init__(self, heights: Sequence[float]) -> None:
        self._heights = list(heights)
        self._tree = [0.0, *heights]
        size = len(self._tree)
        for index in range(1, size):
            parent = index + (index & -index)
            if parent < size:
                self._tree[parent] += self._tree[index]
        self._top_bit = 1 << max(len(self._heights).bit_length() - 1, 0)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> float:
        return self._heights[index]

    @property
    def total(self) -> float:
        """The height of everything."""
        return self.top_of(len(self._heights))

    def set(self, index: int, height: float) -> float:
        """Change one height; returns by how much it grew."""
        grown = height - self._heights[index]
        if grown:
            self._heights[index] = height
            at = index + 1
            while at < len(self._tree):
                self._tree[at] += grown
                at += at & -at
        return grown

    def top_of(self, index: int) -> float:
        """The y at which block ``index`` begins."""
        total = 0.0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total

    def at(self, y: float) -> int:
        """The block at ``y``; the first above the top, the last below the bottom."""
        position, bit = 0, self._top_bit
        while bit:
            following = position + bit
            if following < len(self._tree) and self._tree[following] <= y:
                position = following
                y -= self._tree[following]
            bit >>= 1
        return min(position, max(len(self._heights) - 1, 0))
