"""What was counted, and the tables of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.effort_plan import Correction, Kind

CORRECTED = (Kind.RELABEL, Kind.DELETE, Kind.RESIZE, Kind.ADD)


@dataclass(frozen=True, slots=True)
class Act:
    """One correction as it was made. ``reaching``: keys (or clicks) to get there; ``correcting``: those that did it.

    ``tokens``: see `effort_plan.extent`; ``wheel``: notches of the mouse wheel before it.
    """

    correction: Correction
    reaching: int
    correcting: int
    tokens: int = 0
    wheel: int = 0

    @property
    def total(self) -> int:
        """All keys or clicks; the wheel is counted apart."""
        return self.reaching + self.correcting


@dataclass(slots=True)
class Tally:
    """What one annotator did in one corpus. ``unit``: what is counted, in words."""

    name: str
    unit: str
    acts: list[Act] = field(default_factory=list)
    documents: int = 0
    accepted: int = 0
    accept_keys: int = 0
    texts: dict[str, int] = field(default_factory=dict)

    def add(self, document: str, acts: Iterable[Act], *, accepted: int, accept_keys: int) -> None:
        """One document more: its corrections, and the keys that accepted ``accepted`` suggestions at its end."""
        made = list(acts)
        self.acts += made
        self.documents += 1
        self.accepted += accepted
        self.accept_keys += accept_keys
        self.texts[document] = sum(act.total for act in made) + accept_keys

    def of(self, *kinds: Kind) -> list[Act]:
        """The corrections of these kinds."""
        return [act for act in self.acts if act.correction.kind in kinds]

    @property
    def keys(self) -> int:
        """All keys (or clicks) of corrections."""
        return sum(act.total for act in self.acts)

    @property
    def per_correction(self) -> float:
        """Keys per correction, getting there included, the accept keys not."""
        return ratio(self.keys, len(self.acts))

    @property
    def per_correction_with_accept(self) -> float:
        """The same with the one key per document that accepts the rest and goes on."""
        return ratio(self.keys + self.accept_keys, len(self.acts))

    @property
    def per_decision(self) -> float:
        """All keys over all suggestions decided and spans added, the accepted ones too."""
        return ratio(self.keys + self.accept_keys, len(self.acts) + self.accepted)

    @property
    def per_added(self) -> float:
        """Keys per added span, getting there included."""
        added = self.of(Kind.ADD)
        return ratio(sum(act.total for act in added), len(added))

    @property
    def share_of_reaching(self) -> float:
        """Which part of the keys of corrections only gets there."""
        return ratio(sum(act.reaching for act in self.acts), self.keys)


def ratio(part: float, whole: float) -> float:
    """0 of nothing is 0."""
    return part / whole if whole else 0.0


def table(tally: Tally) -> str:
    """The counts of one corpus by kind, with totals and averages."""
    head = ("kind", "number", tally.unit, "each", "to get there", "to correct", "per document", "wheel")
    rows = [head, _accept_row(tally), *(_row(kind.value, tally.of(kind), tally) for kind in CORRECTED)]
    rows.append(_row("all corrections", tally.acts, tally))
    lines = [f"{tally.name}: {tally.documents:,} documents", *_aligned(rows), *_averages(tally)]
    return "\n".join(lines)


def _accept_row(tally: Tally) -> tuple[str, ...]:
    each = ratio(tally.accept_keys, tally.accepted)
    per_document = ratio(tally.accept_keys, tally.documents)
    return ("accept", f"{tally.accepted:,}", f"{tally.accept_keys:,}", f"{each:.2f}", "", "", f"{per_document:.2f}", "")


def _row(name: str, acts: Sequence[Act], tally: Tally) -> tuple[str, ...]:
    def mean(of: Callable[[Act], int]) -> str:
        return f"{ratio(sum(map(of, acts)), len(acts)):.2f}"

    keys = sum(act.total for act in acts)
    return (
        name, f"{len(acts):,}", f"{keys:,}", mean(lambda act: act.total), mean(lambda act: act.reaching),
        mean(lambda act: act.correcting), f"{ratio(keys, tally.documents):.2f}", f"{sum(act.wheel for act in acts):,}",
    )  # fmt: skip


def _averages(tally: Tally) -> Iterator[str]:
    unit = tally.unit
    heaviest = sorted(tally.texts.values())
    yield f"{unit} per correction: {tally.per_correction:.2f} (with the accepting key {_both(tally)})"
    yield f"{unit} per added span: {tally.per_added:.2f}; share that only gets there: {tally.share_of_reaching:.0%}"
    if heaviest:
        median = heaviest[len(heaviest) // 2]
        total = tally.keys + tally.accept_keys
        yield f"{unit} per document: mean {total / tally.documents:.1f}, median {median}, most {heaviest[-1]}"


def _both(tally: Tally) -> str:
    return f"{tally.per_correction_with_accept:.2f}; over all decisions {tally.per_decision:.2f}"


def comparison(tallies: Sequence[Tally]) -> str:
    """Tallies of the same corpus side by side: what a route more would save."""
    head = ("routes", "keys", "per correction", "with accept", *(kind.value for kind in CORRECTED), "to get there")
    return "\n".join(_aligned([head, *(_compared(tally) for tally in tallies)]))


def _compared(tally: Tally) -> tuple[str, ...]:
    each = (ratio(sum(act.total for act in tally.of(kind)), len(tally.of(kind))) for kind in CORRECTED)
    return (
        tally.name, f"{tally.keys:,}", f"{tally.per_correction:.2f}", f"{tally.per_correction_with_accept:.2f}",
        *(f"{one:.2f}" for one in each), f"{tally.share_of_reaching:.0%}",
    )  # fmt: skip


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *cells]).rstrip())
    lines.insert(1, "-" * max(map(len, lines)))
    return lines
