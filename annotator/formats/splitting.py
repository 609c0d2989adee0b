"""Training, development and test data in which no story stands twice: texts that are nearly the same stay together.

Wire stories come back shortened, with a new first paragraph or a corrected name; a pipeline that has seen one of them
knows the other. Texts are compared by the runs of three words that they have in common (MinHash, Broder 1997, with
locality-sensitive hashing for candidates): from `SIMILAR` on they are one group, and so is a chain of them. Texts that
share six tenths of their runs are found practically always. No format is known here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

PARTS = ("train", "dev", "test")
SIMILAR = 0.45
"""From this share of common runs on (as estimated, standard error below 0.04) two texts are one story."""
_RUN = 3
_BANDS, _ROWS = 64, 3
_SKETCH_SEED = 1
_WORD = re.compile(r"\w+")
_LONGEST_WORDS = 12
"""Where words are longer than this on average the script does not part them: characters are taken instead."""


class Stories:
    """Texts, one after the other, and which of them tell the same story. About 8 kB of memory a text."""

    def __init__(self) -> None:
        self._rensa = import_module("rensa")  # it has no types
        bits = _BANDS * _ROWS
        self._index = self._rensa.RMinHashLSH(threshold=SIMILAR, num_perm=bits, num_bands=_BANDS)
        self._sketches: list[Any] = []
        self._first: list[int] = []
        self._hashes: list[bytes] = []

    def add(self, text: str) -> None:
        """The next text; its number is how many came before."""
        sketch = self._rensa.RMinHash(num_perm=_BANDS * _ROWS, seed=_SKETCH_SEED)
        sketch.update(list(_runs(text)))
        number = len(self._sketches)
        self._sketches.append(sketch)
        self._first.append(number)
        self._hashes.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
        for other in self._index.query(sketch):
            if self._root(other) != self._root(number) and sketch.jaccard(self._sketches[other]) >= SIMILAR:
                self._first[max(self._root(other), self._root(number))] = min(self._root(other), self._root(number))
        self._index.insert(number, sketch)

    def groups(self) -> list[list[int]]:
        """The numbers of the texts, those of one story together, in order."""
        found: dict[int, list[int]] = {}
        for number in range(len(self._first)):
            found.setdefault(self._root(number), []).append(number)
        return list(found.values())

    def split(self, shares: tuple[float, float, float], seed: int) -> dict[str, list[int]]:
        """The numbers of the texts by part, in order; a part with no share is not there.

        The same texts and the same seed make the same parts, whatever the order. No part is further from its share than
        the largest story has texts, unless another one would be empty; with as many stories as parts, none is.
        """
        hashes = self._hashes
        groups = [sorted(group, key=lambda number: hashes[number]) for group in self.groups()]
        return divided(groups, [hashes[group[0]] for group in groups], shares, seed)

    def _root(self, number: int) -> int:
        while self._first[number] != number:
            self._first[number] = self._first[self._first[number]]
            number = self._first[number]
        return number


def divided(
    groups: Sequence[Sequence[int]], keys: Sequence[bytes], shares: tuple[float, float, float], seed: int
) -> dict[str, list[int]]:
    """Whole groups by part: the largest first, then in an order that ``seed`` makes of the groups' ``keys``; each goes
    where most is missing.
    """

    def drawn(at: int) -> tuple[int, bytes]:
        return -len(groups[at]), hashlib.sha256(seed.to_bytes(16, "big", signed=True) + keys[at]).digest()

    total, whole = sum(map(len, groups)), sum(shares)
    missing = {part: total * share / whole for part, share in zip(PARTS, shares, strict=True) if share > 0}
    chosen: dict[str, list[int]] = {part: [] for part in missing}
    for at in sorted(range(len(groups)), key=drawn):
        part = max(missing, key=lambda one: missing[one])
        chosen[part].append(at)
        missing[part] -= len(groups[at])
    _fill_empty(chosen)
    return {part: sorted(number for at in held for number in groups[at]) for part, held in chosen.items()}


def _fill_empty(chosen: dict[str, list[int]]) -> None:
    """A part that got nothing takes the last group of the one that has most of them."""
    for held in chosen.values():
        richest = max(chosen.values(), key=len)
        if not held and len(richest) > 1:
            held.append(richest.pop())


def _runs(text: str) -> Iterator[str]:
    """Runs of words, or of characters where the script parts no words; of a short text the whole."""
    words = _WORD.findall(text.casefold())
    if sum(map(len, words)) > _LONGEST_WORDS * len(words):
        words = list("".join(words))
    for start in range(max(len(words) - _RUN, 0) + 1):
        yield " ".join(words[start : start + _RUN])
