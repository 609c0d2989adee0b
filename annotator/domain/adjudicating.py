"""Deciding what holds where annotators differ: which places are open, and the edits of gold that settle one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.disagreements import Kind, Place
from annotator.domain.edits import AddSpan, Batch, Edit, RemoveSpan, SetCat, SetRuling
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.rulings import AGREEMENT, DOCUMENT_LABELS, Outcome, Ruling, Said, said_of
from annotator.domain.spans import Span


class State(StrEnum):
    """How far the adjudication of a place is."""

    AGREED = "agreed"
    """All say the same, and gold is yet to say it too."""
    OPEN = "open"
    REOPENED = "re-opened"
    """It was decided, and somebody's labels have changed since."""
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Case:
    """A place of one document, and what was ruled about it. ``stale`` are rulings that do not hold any more."""

    place: Place
    state: State
    ruling: Ruling | None = None
    stale: tuple[Ruling, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide it."""
        return self.state in (State.OPEN, State.REOPENED)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to hold in a place, and how that was decided. ``taken_from``: whose answer it is."""

    answer: tuple[Said, ...]
    outcome: Outcome
    taken_from: tuple[str, ...]
    by: str
    at: str
    reason: str = ""


def survey(gold: AnnotatedDocument, places: Iterable[Place], layers: Collection[str] | None = None) -> list[Case]:
    """The case of each place, and of each place that is none any more but has spans in gold, in order.

    ``layers``: those that ``places`` are of; None for all. Rulings about others are not looked at.
    """
    held = list(places)
    names = tuple(held[0].answers) if held else ()
    holding = {id(place): _find_holding(gold, place) for place in held}
    settled = {ruling.id for ruling in holding.values() if ruling is not None}
    stale = [
        ruling
        for ruling in gold.rulings.values()
        if ruling.id not in settled and (layers is None or ruling.layer in layers)
    ]
    cases = [_case(gold, place, holding[id(place)], stale) for place in held]
    met = {ruling.id for case in cases for ruling in case.stale}
    gone = [_gone(ruling, names) for ruling in stale if ruling.id not in met and _has_left_something(gold, ruling)]
    return sorted([*cases, *gone], key=lambda case: (case.place.start, -case.place.end))


def settle(gold: AnnotatedDocument, case: Case, decision: Decision, new_id: Callable[[], str]) -> Batch:
    """The edit of gold that makes ``decision`` hold in the place, and keeps it as a ruling.

    What earlier rulings about the place brought goes, and what somebody drew there by hand, unless it is around the
    whole place, or nobody had to decide; a span that stays the same keeps its id.
    """
    earlier = (*case.stale, *((case.ruling,) if case.ruling else ()))
    edits, span_ids = _edits(gold, case, earlier, decision.answer, new_id)
    ruling = _ruling(case.place, decision, new_id(), span_ids)
    gone = [SetRuling(one.id, None) for one in earlier]
    return Batch((*edits, *gone, SetRuling(ruling.id, ruling)))


def agreed(case: Case, at: str) -> Decision:
    """The decision about a place of which all say the same."""
    answer = case.place.options[0] if case.place.options else ()
    return Decision(answer, Outcome.TAKEN, tuple(case.place.answers), AGREEMENT, at)


def said_in_gold(gold: AnnotatedDocument, place: Place) -> tuple[Said, ...]:
    """What gold says within a place now: spans that overlap it and are not around it."""
    spans = _within(gold, place)
    return tuple(sorted({said_of(span) for span in spans}, key=lambda one: one.order))


def _find_holding(gold: AnnotatedDocument, place: Place) -> Ruling | None:
    """The ruling that saw what is said now, unless somebody has taken a span of it out of gold since."""
    answers = dict(place.answers)
    holding = (
        one
        for one in gold.rulings.values()
        if one.layer == place.layer and dict(one.seen) == answers and all(held in gold.spans for held in one.span_ids)
    )
    return next(holding, None)


def is_made_elsewhere(gold: AnnotatedDocument) -> bool:
    """Whether something in gold came by no ruling: by import, or by hand. Then nothing is put right there unasked."""
    owned = {span_id for ruling in gold.rulings.values() for span_id in ruling.span_ids}
    is_untouched = not gold.rulings and (bool(gold.cats) or gold.status is Status.DONE)
    return is_untouched or any(span.id not in owned for span in gold.spans)


def _case(gold: AnnotatedDocument, place: Place, ruling: Ruling | None, stale: Sequence[Ruling]) -> Case:
    if ruling is not None:
        return Case(place, State.SETTLED, ruling)
    earlier = tuple(one for one in stale if _is_about(one, place))
    if place.kind is Kind.NONE:
        is_elsewhere = is_made_elsewhere(gold)
        if _says_just(gold, place, earlier):
            return Case(place, State.SETTLED if is_elsewhere and not earlier else State.AGREED, None, earlier)
        if not earlier and not is_elsewhere:
            return Case(place, State.AGREED)
    return Case(place, State.REOPENED if earlier else State.OPEN, None, earlier)


def _is_about(ruling: Ruling, place: Place) -> bool:
    if place.layer == DOCUMENT_LABELS:
        return ruling.layer == place.layer and _labels(ruling.seen) == _labels(place.answers)
    return ruling.is_about(place.layer, place.start, place.end)


def _labels(answers: Mapping[str, tuple[Said, ...]]) -> set[str]:
    return {one.label for answer in answers.values() for one in answer}


def _has_left_something(gold: AnnotatedDocument, ruling: Ruling) -> bool:
    if ruling.layer == DOCUMENT_LABELS:
        return any(label in gold.cats for label in _labels(ruling.seen))
    return any(span_id in gold.spans for span_id in ruling.span_ids)


def _gone(ruling: Ruling, names: Sequence[str]) -> Case:
    """Nobody says anything any more where this was ruled. What came by agreement goes by agreement."""
    place = Place(ruling.start, ruling.end, ruling.layer, dict.fromkeys(names or ruling.seen, ()))
    state = State.AGREED if ruling.decided_by == AGREEMENT else State.REOPENED
    return Case(place, state, None, (ruling,))


def _edits(
    gold: AnnotatedDocument,
    case: Case,
    earlier: Sequence[Ruling],
    answer: Sequence[Said],
    new_id: Callable[[], str],
) -> tuple[Sequence[Edit], tuple[str, ...]]:
    """The edits that make ``answer`` hold, and the ids of its spans in gold."""
    if case.place.layer == DOCUMENT_LABELS:
        return _label_edits(gold, case.place, earlier, answer), ()
    return _span_edits(gold, case, earlier, answer, new_id)


def _label_edits(
    gold: AnnotatedDocument, place: Place, earlier: Sequence[Ruling], answer: Sequence[Said]
) -> list[Edit]:
    labels = _labels(place.answers).union(*(_labels(ruling.seen) for ruling in earlier))
    wanted = {one.label for one in answer}
    return [
        SetCat(label, 1.0 if label in wanted else None)
        for label in sorted(labels | wanted)
        if (label in gold.cats) != (label in wanted)
    ]


def _span_edits(
    gold: AnnotatedDocument,
    case: Case,
    earlier: Sequence[Ruling],
    answer: Sequence[Said],
    new_id: Callable[[], str],
) -> tuple[list[Edit], tuple[str, ...]]:
    owned = {span_id for ruling in gold.rulings.values() for span_id in ruling.span_ids}
    ours = {span_id for ruling in earlier for span_id in ruling.span_ids}
    there = [span for span in gold.spans if span.id in ours]
    if case.state is not State.AGREED:
        there += [span for span in _within(gold, case.place) if span.id not in owned]
    kept = {said_of(span): span.id for span in there if said_of(span) in answer}
    removed: list[Edit] = [RemoveSpan(span.id) for span in there if span.id not in kept.values()]
    added = {one: _span(one, case.place.layer, new_id()) for one in answer if one not in kept}
    edits = [*removed, *(AddSpan(span) for span in added.values())]
    return edits, tuple(kept[one] if one in kept else added[one].id for one in answer)


def _says_just(gold: AnnotatedDocument, place: Place, earlier: Sequence[Ruling]) -> bool:
    """Whether gold says already what all say here, and ``earlier`` rulings made nothing else."""
    answer = place.options[0]
    if place.layer == DOCUMENT_LABELS:
        return all(one.label in gold.cats for one in answer)
    made = {span_id for ruling in earlier for span_id in ruling.span_ids}
    others = [span for span in gold.spans if span.id in made and said_of(span) not in answer]
    return not others and set(answer) <= set(said_in_gold(gold, place))


def _within(gold: AnnotatedDocument, place: Place) -> list[Span]:
    """Spans of gold that overlap the place, but those that begin before it and end after it."""
    return [
        span
        for span in gold.spans
        if span.layer == place.layer
        and span.overlaps(place.start, place.end)
        and not (
            span.start <= place.start and place.end <= span.end and span.end - span.start > place.end - place.start
        )
    ]


def _span(said: Said, layer: str, span_id: str) -> Span:
    return Span(span_id, said.start, said.end, said.label, layer, attributes=said.attributes, fragments=said.parts)


def _ruling(place: Place, decision: Decision, ruling_id: str, span_ids: tuple[str, ...]) -> Ruling:
    return Ruling(
        ruling_id, place.start, place.end, place.layer, decision.outcome, decision.taken_from, decision.reason,
        decision.by, decision.at, dict(place.answers), span_ids,
    )  # fmt: skip
