"""What an adjudicator ruled about a place of the text: what everybody said there, and what holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from annotator.domain.spans import Span
from annotator.domain.text import NO_META, Json

DOCUMENT_LABELS = ""
"""The layer of a place that is about a label of the whole document."""


AGREEMENT, BY_MAJORITY = "agreement", "majority"
"""Who "decided" what all annotators said, and what the command decides by majority: no person."""

RULES = frozenset({AGREEMENT, BY_MAJORITY})
SOMEBODY = "somebody"


class Outcome(StrEnum):
    """How a ruling came about."""

    TAKEN = "taken"
    """What one annotator (or all) said."""
    MAJORITY = "majority"
    UNION = "union"
    """Everything that anybody said."""
    NONE = "none"
    """Nobody is right: nothing holds here."""
    EDITED = "edited"
    """Something that nobody said."""


@dataclass(frozen=True, slots=True)
class Said:
    """A span as somebody said it, without who said it and where it came from. ``start`` and ``end`` in code points.

    ``parts`` only for a span in several pieces. For a label of the document both offsets are 0.
    """

    start: int
    end: int
    label: str
    parts: tuple[tuple[int, int], ...] = ()
    attributes: Mapping[str, Json] = field(default_factory=lambda: NO_META, hash=False)

    @property
    def order(self) -> tuple[int, int, str]:
        """Sort key: by start, the longer first, then by label."""
        return (self.start, -self.end, self.label)


def said_of(span: Span) -> Said:
    """What a span says."""
    return Said(span.start, span.end, span.label, span.fragments, dict(span.attributes))


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision about ``[start, end)`` of a layer, kept with the gold set it led to.

    ``taken_from``: the annotators whose spans hold now. ``seen``: what each annotator said when it was decided; a
    ruling holds as long as they say the same. ``span_ids``: the spans of gold that it made. ``at``: ISO 8601 in UTC.
    """

    id: str
    start: int
    end: int
    layer: str
    outcome: Outcome
    taken_from: tuple[str, ...]
    reason: str
    decided_by: str
    at: str
    seen: Mapping[str, tuple[Said, ...]]
    span_ids: tuple[str, ...] = ()

    def is_about(self, layer: str, start: int, end: int) -> bool:
        """Whether it rules about some of this range (of the document's labels: about this very range)."""
        if self.layer != layer:
            return False
        return (self.start < end and start < self.end) or (self.start, self.end) == (start, end)


def with_labels(ruling: Ruling, name_of: Callable[[str], str]) -> Ruling:
    """The ruling with other names for labels."""
    seen = {who: tuple(replace(one, label=name_of(one.label)) for one in said) for who, said in ruling.seen.items()}
    return replace(ruling, seen=seen)


def with_people(ruling: Ruling, names: Mapping[str, str]) -> Ruling:
    """The ruling with other names for people; who has none there becomes ``somebody``."""

    def name_of(who: str) -> str:
        return names.get(who, SOMEBODY)

    seen = {name_of(who): said for who, said in ruling.seen.items()}
    taken = tuple(map(name_of, ruling.taken_from))
    by = ruling.decided_by if ruling.decided_by in RULES else name_of(ruling.decided_by)
    return replace(ruling, seen=seen, taken_from=taken, decided_by=by)


def ruling_to_plain(ruling: Ruling) -> dict[str, Any]:
    """A ruling as a JSON object."""
    return {
        "id": ruling.id,
        "start": ruling.start,
        "end": ruling.end,
        "layer": ruling.layer,
        "outcome": ruling.outcome.value,
        "taken_from": list(ruling.taken_from),
        "reason": ruling.reason,
        "decided_by": ruling.decided_by,
        "at": ruling.at,
        "seen": {name: [_said_to_plain(one) for one in said] for name, said in ruling.seen.items()},
        "spans": list(ruling.span_ids),
    }


def ruling_from_plain(plain: Mapping[str, Any]) -> Ruling:
    """The inverse of `ruling_to_plain`."""
    return Ruling(
        id=plain["id"],
        start=plain["start"],
        end=plain["end"],
        layer=plain["layer"],
        outcome=Outcome(plain["outcome"]),
        taken_from=tuple(plain["taken_from"]),
        reason=plain["reason"],
        decided_by=plain["decided_by"],
        at=plain["at"],
        seen={name: tuple(map(_said_from_plain, said)) for name, said in plain["seen"].items()},
        span_ids=tuple(plain["spans"]),
    )


def _said_to_plain(said: Said) -> dict[str, Any]:
    plain: dict[str, Any] = {"start": said.start, "end": said.end, "label": said.label}
    if said.parts:
        plain["parts"] = [list(part) for part in said.parts]
    if said.attributes:
        plain["attributes"] = dict(said.attributes)
    return plain


def _said_from_plain(plain: Mapping[str, Any]) -> Said:
    parts = tuple((start, end) for start, end in plain.get("parts", ()))
    return Said(plain["start"], plain["end"], plain["label"], parts, plain.get("attributes", {}))
