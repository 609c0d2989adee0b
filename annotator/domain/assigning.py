"""Who gets which documents: plans of assignments, balanced and the same again for the same seed. Pure.

No generator of random numbers: ties are broken by a hash of seed, document and annotator, so that a plan does not
depend on machine, version or the order in which the people are named. Knows ids and names, nothing of labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import TypeAlias

from annotator.domain.errors import UserError

Pair: TypeAlias = tuple[str, str]
"""(document id, annotator's name)."""


class AssignmentImpossible(UserError):
    """What was asked for cannot be assigned."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every annotator gets every document."""


@dataclass(frozen=True, slots=True)
class Share:
    """Every annotator gets this share of the documents, 0 < ``share`` <= 1, rounded; documents are covered evenly."""

    share: float


@dataclass(frozen=True, slots=True)
class PerDocument:
    """Every document gets so many annotators; they get equally many documents."""

    annotators: int


Way: TypeAlias = Everything | Share | PerDocument


@dataclass(frozen=True, slots=True)
class Plan:
    """``added``: new assignments, by document. ``held``: those of the same documents and annotators that were there."""

    documents: int
    annotators: tuple[str, ...]
    added: tuple[Pair, ...]
    held: tuple[Pair, ...] = ()

    @property
    def loads(self) -> dict[str, int]:
        """How many of the documents each annotator has when the plan is carried out."""
        counted = Counter(name for _, name in (*self.added, *self.held))
        return {name: counted[name] for name in self.annotators}

    @property
    def shared(self) -> dict[tuple[str, str], int]:
        """How many of the documents each two annotators have in common then."""
        by_document: dict[str, set[str]] = {}
        for document, name in (*self.added, *self.held):
            by_document.setdefault(document, set()).add(name)
        order = {name: place for place, name in enumerate(self.annotators)}
        counted = Counter(
            pair for names in by_document.values() for pair in combinations(sorted(names, key=order.__getitem__), 2)
        )
        return {pair: counted[pair] for pair in combinations(self.annotators, 2)}

    @property
    def in_words(self) -> str:
        """``12 documents each, 6 shared by any two``."""
        loads, shared = list(self.loads.values()), list(self.shared.values())
        words = f"{_span_of(loads)} {'document' if loads and max(loads) == 1 else 'documents'}"
        words += " each" if len(loads) > 1 else ""
        return f"{words}, {_span_of(shared)} shared by any two" if shared else words


def plan_assignments(
    documents: Sequence[str],
    annotators: Sequence[str],
    held: Iterable[Pair],
    way: Way,
    seed: int = 0,
) -> Plan:
    """What to add so that ``way`` holds for these documents. What is assigned already stays and counts.

    ``held``: every assignment of the project; those of other documents count in the balance of the work. Loads differ
    by at most one where nothing was assigned before. Raises `AssignmentImpossible`.
    """
    names = tuple(dict.fromkeys(annotators))
    _refuse_impossible(documents, names, way)
    held = list(held)
    holders: dict[str, set[str]] = {document: set() for document in documents}
    for document, name in held:
        if document in holders:
            holders[document].add(name)
    match way:
        case Everything():
            added = {document: [name for name in names if name not in holders[document]] for document in documents}
        case Share(share):
            added = _share_out(holders, names, max(round(share * len(holders)), 1), seed)
        case PerDocument(wanted):
            added = _deal(holders, names, Counter(name for _, name in held), wanted, seed)
    return Plan(
        documents=len(holders),
        annotators=names,
        added=tuple((document, name) for document in holders for name in added.get(document, ())),
        held=tuple((document, name) for document in holders for name in names if name in holders[document]),
    )


def _refuse_impossible(documents: Collection[str], names: Sequence[str], way: Way) -> None:
    if not names or not all(name.strip() for name in names):
        raise AssignmentImpossible("nobody to assign documents to is named", remedy="name one annotator or more")
    if not documents:
        raise AssignmentImpossible("no document is chosen", remedy="choose others, or import some first")
    if isinstance(way, PerDocument) and not 1 <= way.annotators <= len(names):
        raise AssignmentImpossible(
            f"{way.annotators} annotators per document cannot be had of {len(names)}",
            remedy=f"ask for 1 to {len(names)}, or name more annotators",
        )
    if isinstance(way, Share) and not 0 < way.share <= 1:
        raise AssignmentImpossible(f"{way.share:g} is not a share", remedy="give one between 0 and 1")


def _share_out(
    holders: Mapping[str, Collection[str]], names: Sequence[str], wanted: int, seed: int
) -> dict[str, list[str]]:
    """Each annotator takes the documents that the fewest have, up to ``wanted`` with those held before."""
    added: dict[str, list[str]] = {document: [] for document in holders}
    covered = {document: len(held) for document, held in holders.items()}
    for name in names:
        free = [document for document in holders if name not in holders[document]]
        missing = wanted - (len(holders) - len(free))
        ranks = {document: (covered[document], _rank(seed, document, name)) for document in free}
        for document in sorted(free, key=ranks.__getitem__)[: max(missing, 0)]:
            added[document].append(name)
            covered[document] += 1
    return added


def _deal(
    holders: Mapping[str, Collection[str]], names: Sequence[str], loads: Counter[str], wanted: int, seed: int
) -> dict[str, list[str]]:
    """Each document goes to those who have the least, then to those who share the least with its other annotators."""
    added: dict[str, list[str]] = {document: [] for document in holders}
    shared: Counter[frozenset[str]] = Counter()
    for document in sorted(holders, key=lambda one: (-len(holders[one]), _rank(seed, one))):
        team = set(holders[document])
        while len(team) < wanted and (free := [name for name in names if name not in team]):
            chosen = min(free, key=lambda name: (loads[name], _common(shared, team, name), _rank(seed, document, name)))
            shared.update(frozenset((chosen, other)) for other in team)
            team.add(chosen)
            added[document].append(chosen)
            loads[chosen] += 1
    _even_out(holders, added, names, loads)
    return added


def _common(shared: Counter[frozenset[str]], team: Collection[str], name: str) -> int:
    return sum(shared[frozenset((name, other))] for other in team)


def _even_out(
    holders: Mapping[str, Collection[str]], added: dict[str, list[str]], names: Sequence[str], loads: Counter[str]
) -> None:
    """Move new assignments from who has most to who has least, as what was held before may have stood in the way."""
    while True:
        low, high = min(names, key=loads.__getitem__), max(names, key=loads.__getitem__)
        movable = (one for one in added if high in added[one] and low not in added[one] and low not in holders[one])
        if loads[high] - loads[low] < 2 or (document := next(movable, None)) is None:
            return
        added[document][added[document].index(high)] = low
        loads[high] -= 1
        loads[low] += 1


def _rank(seed: int, *parts: str) -> bytes:
    return sha256("\0".join((str(seed), *parts)).encode("utf-8", "surrogatepass")).digest()


def _span_of(counts: Collection[int]) -> str:
    low, high = min(counts, default=0), max(counts, default=0)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
