"""What conlleval counts, by its documented rules: a second opinion that shares no code with Annotator's reader.

Lines have a fixed number of columns parted by blanks; the last is the tag. A blank line ends all spans. ``-DOCSTART-``
lines are words with the tag O.
"""

from __future__ import annotations

from collections import Counter


def phrases(content: str) -> Counter[str]:
    """How many spans each label has. Raises `AssertionError` where conlleval would die of a line."""
    found: Counter[str] = Counter()
    width = None
    last, last_type = "O", ""
    for line in content.split("\n"):
        cells = line.split()
        if cells:
            assert width in (None, len(cells)), f"unexpected number of features: {line}"
            width = len(cells)
        tag, _, kind = (cells[-1] if cells else "O").partition("-")
        found[kind] += starts(last, tag, last_type, kind)
        last, last_type = tag, kind
    return +found


def starts(last: str, tag: str, last_type: str, kind: str) -> bool:
    """Whether a span begins with this tag."""
    pairs = {("B", "B"), ("I", "B"), ("O", "B"), ("O", "I"), ("E", "E"), ("E", "I"), ("O", "E")}
    pairs |= {("E", "B"), ("S", "B"), ("S", "I"), ("S", "E")} | {(one, "S") for one in "BIOES"}
    return (last, tag) in pairs or (tag not in ("O", ".") and last_type != kind)
