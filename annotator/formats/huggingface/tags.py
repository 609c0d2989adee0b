"""One tag a token: spans as tags and tags as spans. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotator.formats.flat import Flattened

OUTSIDE = "O"
BARE = "SPAN"
"""The label of spans whose tags are only ``B`` and ``I``."""
EDGES = {"IOB1": "BI", "IOB2": "BI", "BIOES": "BIES", "BILOU": "BILU"}
_TAG = re.compile(r"([BIESLUM])(?:[-_](.+))?", re.DOTALL)
_NONE = frozenset({OUTSIDE, "", "_", "-", "0"})


def edge_of(index: int, flat: Flattened, tag_scheme: str) -> str:
    """``B``, ``I``, … for a token that belongs to a span."""
    span = flat.owner[index]
    covered = flat.kept[span.id]
    is_first, is_last = index == covered[0], index == covered[-1]
    if tag_scheme in ("BIOES", "BILOU") and is_last:
        single, end = ("S", "E") if tag_scheme == "BIOES" else ("U", "L")
        return single if is_first else end
    if tag_scheme == "IOB1":
        before = flat.owner.get(index - 1)
        is_first = is_first and before is not None and (before.label, before.layer) == (span.label, span.layer)
    return "B" if is_first else "I"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A span by the numbers of its tokens, ``[first, end)``. ``is_repaired``: nothing had begun that it continues."""

    first: int
    end: int
    label: str
    is_repaired: bool = False


def spans_of(tags: Sequence[str]) -> Iterator[Tagged]:
    """The spans that the tags of any of the usual schemes mean; names without an edge: equal ones in a row are one."""
    first, label, is_repaired = 0, "", False
    for index, tag in enumerate([*tags, OUTSIDE]):
        edge, name = _parted(tag)
        begins = edge in ("B", "S", "U") or name != label
        if label and begins:
            yield Tagged(first, index, label, is_repaired)
        if begins:
            first, label, is_repaired = index, name, edge in ("I", "E", "L", "M")
        if edge in ("S", "U", "E", "L") and label:
            yield Tagged(first, index + 1, label, is_repaired)
            label = ""


def labels_of(tags: Iterable[str]) -> list[str]:
    """The labels that these tags have, each once, in order."""
    return list(dict.fromkeys(label for tag in tags if (label := _parted(tag)[1])))


def _parted(tag: str) -> tuple[str, str]:
    """Edge and label; both empty outside of spans. A name without an edge has an empty edge."""
    if tag in _NONE:
        return "", ""
    found = _TAG.fullmatch(tag)
    return (found[1], found[2] or BARE) if found else ("", tag)
