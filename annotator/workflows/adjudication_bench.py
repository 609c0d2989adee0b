"""What an adjudicator works through: the open cases of a project one by one, and all alike at once.

Qt-free; the page of the window only shows it. It keeps the words around each case, not the documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from annotator.domain.adjudicating import Case, Decision
from annotator.domain.disagreements import Kind, Place, find_majority
from annotator.domain.errors import UserError
from annotator.domain.rulings import Outcome, Said
from annotator.workflows import clock
from annotator.workflows.adjudicating import Adjudication, Docket, Judged
from annotator.workflows.progress import Progress

AROUND = 320
"""How many characters are shown before and after a place, at most."""


class NoMajority(UserError):
    """No answer is that of more than half of the annotators."""


class ChangedSince(UserError):
    """A case is not as it was when it was shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """One open case with the words around it. ``passage`` begins at ``passage_start`` of the text (code points).

    Items of the same ``cluster`` are about the same words and between the same answers, whoever gave them.
    """

    key: int
    document: str
    case: Case
    surface: str
    passage: str
    passage_start: int
    cluster: tuple[object, ...]
    kind: Kind

    @property
    def place(self) -> Place:
        """Where it is, and what everybody says."""
        return self.case.place

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for the same place before and after somebody changed their mind."""
        label = next((one.label for one in self.place.union()), "") if not self.place.layer else ""
        return (self.key, self.place.layer, self.place.start, self.place.end, label)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was carried out. ``left_out``: (document id, reason) of what could not be."""

    operation: int
    items: tuple[Item, ...]
    left_out: tuple[tuple[str, str], ...]


class Bench:
    """The open cases, in the order of the documents. ``by``: who decides."""

    def __init__(self, adjudication: Adjudication, by: str) -> None:
        self._adjudication = adjudication
        self._by = by
        self._open: dict[int, list[Item]] = {}
        self._settled: dict[int, int] = {}
        self._decided: list[Decided] = []

    @property
    def items(self) -> list[Item]:
        """What is open."""
        return [item for items in self._open.values() for item in items]

    @property
    def settled(self) -> int:
        """How many cases are decided or agreed."""
        return sum(self._settled.values())

    @property
    def annotators(self) -> list[str]:
        """Whose answers are compared, in order."""
        return sorted({name for item in self.items for name in item.place.answers})

    def load(self, progress: Progress | None = None) -> None:
        """Look for cases in all documents, and take what all annotators say. Raises what `Adjudication` raises."""
        dockets = self._adjudication.dockets(progress)
        if self._adjudication.take_agreed(dockets, progress):
            dockets = self._adjudication.dockets(progress)
        self._keep(dockets)

    def alike(self, item: Item) -> list[Item]:
        """All open items of the same cluster, this one among them."""
        return [one for one in self.items if one.cluster == item.cluster]

    def take(self, items: Sequence[Item], name: str, reason: str = "") -> Decided:
        """The first item's answer of this annotator holds in all of them."""
        wanted = _relative(items[0].place, items[0].place.answers[name])
        return self._decide(items, lambda place: _answer_like(place, wanted), Outcome.TAKEN, reason)

    def take_majority(self, items: Sequence[Item], reason: str = "") -> Decided:
        """What more than half say holds. Raises `NoMajority` if that is nothing in one of them."""
        if any(find_majority(one.place) is None for one in items):
            raise NoMajority("no more than half of the annotators say the same", remedy="take one of their answers")
        return self._decide(items, lambda place: find_majority(place) or (), Outcome.MAJORITY, reason)

    def take_union(self, items: Sequence[Item], reason: str = "") -> Decided:
        """Everything that anybody says holds."""
        return self._decide(items, Place.union, Outcome.UNION, reason)

    def take_none(self, items: Sequence[Item], reason: str) -> Decided:
        """Nobody is right: nothing holds, because of ``reason``."""
        return self._decide(items, lambda _place: (), Outcome.NONE, reason)

    def take_edited(self, item: Item, answer: tuple[Said, ...], reason: str = "") -> Decided:
        """What the adjudicator says instead holds."""
        return self._decide([item], lambda _place: answer, Outcome.EDITED, reason)

    def undo(self) -> list[Item]:
        """Take back the latest decision that was made here; returns the items that are open again, in order."""
        if not self._decided:
            return []
        last = self._decided.pop()
        self._adjudication.undo(last.operation)
        self._renew(last.items)
        wanted = {one.identity for one in last.items}
        return [one for one in self.items if one.identity in wanted]

    def pin(self, decided: Decided, rule: str) -> int:
        """Pin what was decided about the first item as an example of the guideline; returns how many spans."""
        return self._adjudication.pin(decided.items[0].key, decided.items[0].place, rule)

    def _decide(
        self,
        items: Sequence[Item],
        answer_of: Callable[[Place], tuple[Said, ...]],
        outcome: Outcome,
        reason: str = "",
    ) -> Decided:
        at = clock.now()
        dockets = {docket.key: docket for docket in self._adjudication.dockets(keys={one.key for one in items})}
        judged = []
        for item in items:
            case = _find_case(dockets.get(item.key), item)
            if case is None:
                self._keep(list(dockets.values()))
                raise ChangedSince(
                    "somebody's labels have changed here since",
                    where=item.document,
                    remedy="look again and decide anew",
                )
            answer = answer_of(case.place)
            decision = Decision(answer, outcome, case.place.who_says(answer), self._by, at, reason)
            judged.append(Judged(item.key, case, decision))
        report = self._adjudication.decide(_title(items, outcome), judged, list(dockets.values()))
        made = Decided(report.operation.id, tuple(items), report.left_out)
        if report.keys:
            self._decided.append(made)
        self._renew(items)
        return made

    def _renew(self, items: Sequence[Item]) -> None:
        """Read the documents of these items again."""
        self._keep(self._adjudication.dockets(keys={one.key for one in items}))

    def _keep(self, dockets: Sequence[Docket]) -> None:
        for docket in dockets:
            self._open[docket.key] = [_item(docket, case) for case in docket.open_cases]
            self._settled[docket.key] = len(docket.cases) - len(docket.open_cases)


def _find_case(docket: Docket | None, item: Item) -> Case | None:
    cases = docket.cases if docket else ()
    return next((case for case in cases if case.place == item.place), None)


def _item(docket: Docket, case: Case) -> Item:
    text, place = docket.gold.document.text, case.place
    first, last = _passage(text, place)
    surface = text[place.start : place.end] if place.layer else ""
    options = frozenset(_relative(place, answer) for answer in place.answers.values())
    cluster = (place.layer, surface.casefold(), options)
    return Item(docket.key, docket.gold.document.id, case, surface, text[first:last], first, cluster, place.kind)


def _passage(text: str, place: Place) -> tuple[int, int]:
    """The paragraph of a place, or as many whole words of it as are shown."""
    line, after = text.rfind("\n", 0, place.start) + 1, text.find("\n", place.end)
    line_end = len(text) if after < 0 else after
    first, last = max(line, place.start - AROUND), min(line_end, place.end + AROUND)
    if first > line:
        first = next((at + 1 for at in range(first, place.start) if text[at].isspace()), first)
    if last < line_end:
        last = next((at for at in range(last, place.end, -1) if text[at - 1].isspace()), last)
    return first, last


def _relative(place: Place, answer: Sequence[Said]) -> tuple[Said, ...]:
    """An answer as if its place began at 0, to be compared with others elsewhere."""
    by = place.start
    return tuple(
        replace(one, start=one.start - by, end=one.end - by, parts=tuple((a - by, b - by) for a, b in one.parts))
        for one in answer
    )


def _answer_like(place: Place, wanted: tuple[Said, ...]) -> tuple[Said, ...]:
    """The answer of this place that is ``wanted``; all of one cluster have it."""
    return next(answer for answer in place.options if _relative(place, answer) == wanted)


def _title(items: Sequence[Item], outcome: Outcome) -> str:
    words = " ".join(items[0].surface.split()) or "a document label"
    times = f" and {len(items) - 1:,} alike" if len(items) > 1 else ""
    return f"Adjudicate “{words[:60]}”{times}: {outcome.value}"
