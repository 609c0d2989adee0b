"""Adjudication: the sets of several annotators become gold, place by place; what all say is taken as it is.

Gold is the annotation set of the annotator `GOLD`. Each decision is an operation with journal rows like any edit, so
that it can be undone, also after a restart, and is kept as a ruling: who decided, when, from what.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotator.agreement.dawid_skene import dawid_skene
from annotator.agreement.shapes import Ratings, ratings
from annotator.domain.adjudicating import Case, Decision, State, agreed, is_made_elsewhere, said_in_gold, settle, survey
from annotator.domain.disagreements import Place, find_label_places, find_majority, find_places
from annotator.domain.edits import Batch, Edit, SetStatus
from annotator.domain.errors import UserError
from annotator.domain.projects import GOLD, AnnotatedDocument, Status
from annotator.domain.rulings import Outcome, Said, said_of
from annotator.store import ProjectStore, Reader
from annotator.workflows import clock, operations
from annotator.workflows.agreement_choice import ComparedSets, choose_sets, refuse_unknown
from annotator.workflows.assigning import refuse_handed_out
from annotator.workflows.guidelines import Guidelines, Pinned
from annotator.workflows.operations import DocumentEdit, OperationReport
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled

DOCUMENTS_A_PAGE = 100


class AdjudicationRefused(UserError):
    """Nothing can be adjudicated, and why."""


@dataclass(frozen=True, slots=True)
class AdjudicationRequest:
    """Whose sets are adjudicated (nobody named: all people but gold), and which layer ("": all layers)."""

    annotators: tuple[str, ...] = ()
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Docket:
    """The cases of one document. ``key``: its key in the store; ``gold`` as it was when they were looked for."""

    key: int
    gold: AnnotatedDocument
    cases: tuple[Case, ...]

    @property
    def open_cases(self) -> tuple[Case, ...]:
        """What somebody has to decide."""
        return tuple(case for case in self.cases if case.is_open)


@dataclass(frozen=True, slots=True)
class Judged:
    """A case of a document and the decision about it."""

    key: int
    case: Case
    decision: Decision


class Adjudication:
    """The adjudication of one project. All methods read on a snapshot of their own.

    Whose sets are compared is looked at when all documents are read, and stays so until they are read again.

    They raise `AdjudicationRefused`, `UnknownChoice`, `Cancelled`, and what the store raises.
    """

    def __init__(self, store: ProjectStore, request: AdjudicationRequest) -> None:
        self._store = store
        self._request = request
        self._compared: ComparedSets | None = None

    def dockets(self, progress: Progress | None = None, keys: Collection[int] = ()) -> list[Docket]:
        """The documents that two annotators finished, with their cases, in order; of ``keys`` only, if any."""
        told = progress or Silent()
        with self._store.reading() as reader:
            chosen = self._compared if keys and self._compared is not None else self._chosen(reader)
            self._compared = chosen
            documents = [key for key in chosen.keys if not keys or key in keys]
            names = _names_by_document(chosen)
            found: list[Docket] = []
            for first in range(0, len(documents), DOCUMENTS_A_PAGE):
                raise_if_cancelled(told)
                told.report(first, len(documents), "documents")
                found += self._page(reader, documents[first : first + DOCUMENTS_A_PAGE], names)
        return found

    def take_agreed(self, dockets: Sequence[Docket], progress: Progress | None = None) -> int:
        """Take into gold what all annotators say; returns how many places that were."""
        judged = agreed_decisions(dockets)
        if judged or any(_status(docket, ()) is not None for docket in dockets):
            self.decide("Take what all annotators say", judged, dockets, progress)
        return len(judged)

    def decide(
        self, title: str, judged: Sequence[Judged], dockets: Sequence[Docket], progress: Progress | None = None
    ) -> OperationReport:
        """Carry out decisions as one operation. ``dockets`` are those of the documents concerned, as they are now.

        A document of which no case is open any more is done. What the scheme does not allow is left out and named.
        """
        by_document: dict[int, list[Judged]] = {}
        for one in judged:
            by_document.setdefault(one.key, []).append(one)
        edits = [
            DocumentEdit(docket.key, edit)
            for docket in dockets
            if (edit := _edit(docket, by_document.get(docket.key, []))) is not None
        ]
        return operations.perform(self._store, GOLD, title, edits, progress=progress)

    def undo(self, operation_id: int) -> OperationReport:
        """Take a decision back, as far as gold still is as it left it."""
        return operations.undo(self._store, GOLD, operation_id)

    def pin(self, key: int, place: Place, rule: str) -> int:
        """Pin the spans of gold in a place as examples of the guideline; returns how many were pinned anew."""
        with self._store.reading() as reader:
            gold = reader.load(key, GOLD)
        wanted = set(said_in_gold(gold, place))
        ids = [span.id for span in gold.spans if span.layer == place.layer and said_of(span) in wanted]
        return sum(Guidelines(self._store).pin(key, gold, one, rule=rule).outcome is Pinned.ADDED for one in ids)

    def reliabilities(self, dockets: Sequence[Docket]) -> dict[str, float]:
        """How reliable each annotator is, 0 to 1, by what the others say (Dawid and Skene). Of three or more.

        Raises `AdjudicationRefused` if that cannot be told.
        """
        names, rated = rate_places(case.place for docket in dockets for case in docket.cases)
        found = dawid_skene(rated)
        if found.undefined_because:
            raise AdjudicationRefused(found.undefined_because, remedy="adjudicate without weights")
        return {name: value for name, value in zip(names, found.annotators, strict=True) if value is not None}

    def _page(self, reader: Reader, keys: Sequence[int], names: Mapping[int, Sequence[str]]) -> list[Docket]:
        wanted = [(key, name) for key in keys for name in (*names[key], GOLD)]
        loaded = {(key, doc.annotator): doc for key, doc in reader.load_sets(wanted)}
        return [
            _docket(key, [loaded[key, name] for name in names[key]], loaded.get((key, GOLD)), self._request.layer)
            for key in keys
        ]

    def _chosen(self, reader: Reader) -> ComparedSets:
        refuse_handed_out(reader)
        if GOLD in self._request.annotators:
            raise AdjudicationRefused("gold is what comes out of adjudication", remedy="name only people")
        chosen = choose_sets(reader.compared().sets(), self._request.annotators)
        if not chosen.sets:
            raise AdjudicationRefused(
                "no document was annotated by two annotators",
                remedy="assign documents to several and collect their files, or name annotators who share documents",
            )
        if self._request.layer:
            layers = [layer.name for layer in reader.scheme().layers]
            refuse_unknown(self._request.layer, layers, "layer")
        return chosen


def agreed_decisions(dockets: Iterable[Docket]) -> list[Judged]:
    """Decisions about what all annotators say and gold does not say yet."""
    at = clock.now()
    return [
        Judged(docket.key, case, agreed(case, at))
        for docket in dockets
        for case in docket.cases
        if case.state is State.AGREED
    ]


def majority_decisions(
    dockets: Iterable[Docket], by: str, weights: Mapping[str, float] | None = None
) -> tuple[list[Judged], list[tuple[Docket, Case]]]:
    """Decisions about all open cases of which more than half say the same, and the cases that stay open."""
    at = clock.now()
    judged, left = [], []
    for docket in dockets:
        for case in docket.open_cases:
            answer = find_majority(case.place, weights)
            if answer is None:
                left.append((docket, case))
                continue
            decision = Decision(answer, Outcome.MAJORITY, case.place.who_says(answer), by, at)
            judged.append(Judged(docket.key, case, decision))
    return judged, left


def rate_places(places: Iterable[Place]) -> tuple[list[str], Ratings]:
    """Places as items that annotators rate: by the label they see there, by several, or by nothing."""
    rows = [{name: _rating(answer) for name, answer in place.answers.items()} for place in places]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return names, ratings([[row.get(name) for name in names] for row in rows], names)


def _rating(answer: tuple[Said, ...]) -> str:
    return " + ".join(one.label for one in answer) or "nothing"


def _names_by_document(chosen: ComparedSets) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for one in chosen.sets:
        names.setdefault(one.key, []).append(one.annotator)
    return names


def _docket(key: int, sets: Sequence[AnnotatedDocument], held: AnnotatedDocument | None, layer: str) -> Docket:
    gold = held or AnnotatedDocument(sets[0].document, GOLD)
    if layer:
        return Docket(key, gold, tuple(survey(gold, find_places(sets, layer), {layer})))
    layers = sorted({span.layer for doc in sets for span in doc.spans})
    places = [place for one in layers for place in find_places(sets, one)]
    return Docket(key, gold, tuple(survey(gold, [*places, *find_label_places(sets)])))


def _edit(docket: Docket, judged: Sequence[Judged]) -> Edit | None:
    edits: list[Edit] = [settle(docket.gold, one.case, one.decision, clock.new_id) for one in judged]
    if (status := _status(docket, judged)) is not None:
        edits.append(status)
    return Batch(tuple(edits)) if edits else None


def _status(docket: Docket, judged: Sequence[Judged]) -> SetStatus | None:
    """Gold is done when nothing is open; skipped and flagged stay, and gold of elsewhere until something is decided."""
    gold = docket.gold
    if gold.status in (Status.SKIPPED, Status.FLAGGED) or (is_made_elsewhere(gold) and not judged):
        return None
    decided = [one.case.place for one in judged]
    is_done = all(case.place in decided for case in docket.open_cases)
    status = Status.DONE if is_done else Status.IN_PROGRESS
    return SetStatus(status) if gold.status is not status else None
