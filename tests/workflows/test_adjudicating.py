"""Adjudication in a project: agreed is taken, decisions are kept and undone, and only what changed is opened again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.adjudicating import Case, Decision, State
from annotator.domain.disagreements import Kind
from annotator.domain.edits import AddSpan, Edit, Relabel, RemoveSpan, SetCat
from annotator.domain.projects import GOLD, AnnotatedDocument, Status
from annotator.domain.rulings import AGREEMENT, Outcome, Said
from annotator.domain.spans import Span
from annotator.store import ProjectStore
from annotator.workflows.adjudicating import Adjudication, AdjudicationRefused, AdjudicationRequest, Docket, Judged
from annotator.workflows.agreement_choice import UnknownChoice
from annotator.workflows.majority import adjudicate_by_majority
from annotator.workflows.project import Project
from annotator.workflows.sets import append
from tests.workflows.test_agreeing import ANN, BOB, PARIS, ROME, project_of, record

AT = "2026-01-01T00:00:00.000+00:00"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """d1: Ann agreed, Paris differs, Rome only of ann's; d2: all agreed; d3: of ann alone."""
    with project_of(
        tmp_path,
        record("d1", "ann", (ANN, "PERSON"), (PARIS, "GPE"), (ROME, "GPE"), cats={"travel": 1.0}),
        record("d1", "bob", (ANN, "PERSON"), (PARIS, "ORG"), cats={"travel": 1.0}),
        record("d2", "ann", (BOB, "PERSON")),
        record("d2", "bob", (BOB, "PERSON")),
        record("d3", "ann", (BOB, "PERSON")),
    ) as opened:
        yield opened


def adjudication(project: Project, *annotators: str, layer: str = "") -> Adjudication:
    return project.adjudication(AdjudicationRequest(annotators, layer))


def begun(project: Project) -> Docket:
    """The docket of d1 when all that is agreed was taken."""
    held = adjudication(project)
    held.take_agreed(held.dockets())
    return held.dockets()[0]


def gold(project: Project, key: int = 1) -> AnnotatedDocument:
    return project.load(key, GOLD)


def marked(doc: AnnotatedDocument) -> set[tuple[int, int, str]]:
    return {(span.start, span.end, span.label) for span in doc.spans}


def take(project: Project, docket: Docket, case: Case, name: str, outcome: Outcome = Outcome.TAKEN) -> int:
    decision = Decision(case.place.answers[name], outcome, (name,), "dora", AT)
    report = adjudication(project).decide("Take", [Judged(docket.key, case, decision)], [docket])
    assert report.left_out == ()
    return report.operation.id


def edit(project: Project, key: int, annotator: str, one: Edit) -> None:
    with ProjectStore.open(project.location) as store, store.writing() as unit:
        append(unit, key, unit.load(key, annotator), one)


def span_of(project: Project, key: int, annotator: str, place: tuple[int, int]) -> Span:
    return next(one for one in project.load(key, annotator).spans if (one.start, one.end) == place)


def test_documents_of_two_annotators_come_with_their_open_cases(project: Project) -> None:
    first, second = adjudication(project).dockets()
    assert [(case.place.kind, case.state) for case in first.cases] == [
        (Kind.NONE, State.AGREED), (Kind.NONE, State.AGREED), (Kind.LABEL, State.OPEN), (Kind.MISSING, State.OPEN),
    ]  # fmt: skip
    assert [case.state for case in second.cases] == [State.AGREED]


def test_what_all_say_is_taken_and_a_document_without_open_places_is_done(project: Project) -> None:
    held = adjudication(project)
    assert held.take_agreed(held.dockets()) == 3
    assert marked(gold(project, 1)) == {(*ANN, "PERSON")}
    assert dict(gold(project, 1).cats) == {"travel": 1.0}
    assert [gold(project, key).status for key in (1, 2)] == [Status.IN_PROGRESS, Status.DONE]
    assert {one.decided_by for one in gold(project, 1).rulings.values()} == {AGREEMENT}
    assert held.take_agreed(held.dockets()) == 0


def test_a_decision_is_kept_with_who_when_and_from_what_and_can_be_undone(project: Project) -> None:
    docket = begun(project)
    paris, rome = docket.open_cases
    operation = take(project, docket, paris, "bob")
    docket = adjudication(project).dockets()[0]
    take(project, docket, docket.open_cases[0], "bob", Outcome.NONE)
    assert marked(gold(project)) == {(*ANN, "PERSON"), (*PARIS, "ORG")}
    assert gold(project).status is Status.DONE
    ruling = next(one for one in gold(project).rulings.values() if one.start == PARIS[0])
    assert (ruling.outcome, ruling.taken_from, ruling.decided_by, ruling.at) == (Outcome.TAKEN, ("bob",), "dora", AT)
    assert dict(ruling.seen) == {"ann": (Said(*PARIS, "GPE"),), "bob": (Said(*PARIS, "ORG"),)}
    assert adjudication(project).undo(operation).left_out == ()
    assert marked(gold(project)) == {(*ANN, "PERSON")}
    (case,) = adjudication(project).dockets()[0].open_cases
    assert (case.place, rome.place.kind) == (paris.place, Kind.MISSING)


def test_only_what_somebody_changed_is_opened_again(project: Project) -> None:
    docket = begun(project)
    for _ in range(2):
        take(project, docket, docket.open_cases[0], "ann")
        docket = adjudication(project).dockets()[0]
    assert docket.open_cases == ()
    edit(project, 1, "bob", Relabel(span_of(project, 1, "bob", PARIS).id, "PERSON"))
    (case,) = adjudication(project).dockets()[0].open_cases
    assert (case.state, case.place.start) == (State.REOPENED, PARIS[0])
    take(project, adjudication(project).dockets()[0], case, "bob")
    assert marked(gold(project)) == {(*ANN, "PERSON"), (*PARIS, "PERSON"), (*ROME, "GPE")}
    assert len(gold(project).rulings) == 4


def test_what_is_agreed_by_now_as_gold_says_is_no_work(project: Project) -> None:
    docket = begun(project)
    take(project, docket, docket.open_cases[0], "ann")
    edit(project, 1, "bob", Relabel(span_of(project, 1, "bob", PARIS).id, "GPE"))
    again = adjudication(project).dockets()[0]
    assert [case.place.start for case in again.open_cases] == [ROME[0]]
    adjudication(project).take_agreed([again])
    assert {one.decided_by for one in gold(project).rulings.values()} == {AGREEMENT}


def test_what_nobody_says_any_more_goes_from_gold(project: Project) -> None:
    begun(project)
    for name in ("ann", "bob"):
        edit(project, 1, name, RemoveSpan(span_of(project, 1, name, ANN).id))
        edit(project, 1, name, SetCat("travel", None))
    begun(project)
    assert (marked(gold(project)), dict(gold(project).cats)) == (set(), {})


def test_what_the_adjudicator_drew_by_hand_around_a_place_stays(project: Project) -> None:
    begun(project)
    edit(project, 1, GOLD, AddSpan(Span("around", PARIS[0] - 3, PARIS[1] + 3, "PHRASE")))
    edit(project, 1, GOLD, AddSpan(Span("in it", PARIS[0], PARIS[1] - 1, "PERSON")))
    docket = adjudication(project).dockets()[0]
    take(project, docket, docket.open_cases[0], "ann")
    assert marked(gold(project)) == {(*ANN, "PERSON"), (*PARIS, "GPE"), (PARIS[0] - 3, PARIS[1] + 3, "PHRASE")}


def test_by_majority_what_no_majority_says_stays_open(project: Project) -> None:
    report = adjudicate_by_majority(adjudication(project), "majority")
    assert (report.documents, report.agreed, report.decided, len(report.undecided)) == (2, 3, 0, 2)
    assert not report.is_whole
    again = adjudicate_by_majority(adjudication(project), "majority")
    assert (again.agreed, again.settled, len(again.undecided)) == (0, 3, 2)


def test_three_annotators_have_majorities_and_weights(tmp_path: Path) -> None:
    with project_of(
        tmp_path,
        *(record(f"d{at}", name, (ANN, "PERSON"), (PARIS, "GPE")) for at in range(8) for name in ("ann", "bob")),
        *(record(f"d{at}", "cy", (ANN, "ORG"), (BOB, "ORG")) for at in range(8)),
    ) as project:
        weights = adjudication(project).reliabilities(adjudication(project).dockets())
        assert weights["ann"] == weights["bob"] > weights["cy"]
        report = adjudicate_by_majority(adjudication(project), "majority", is_weighted=True)
        assert report.is_whole
        assert report.decided == 24
        assert marked(gold(project)) == {(*ANN, "PERSON"), (*PARIS, "GPE")}


def test_one_layer_leaves_rulings_about_others_alone(project: Project) -> None:
    begun(project)
    (case, *_) = adjudication(project, layer="entities").dockets()[0].cases
    assert case.state is State.SETTLED
    assert all(case.place.layer for case in adjudication(project, layer="entities").dockets()[0].cases)
    with pytest.raises(UnknownChoice, match="no layer"):
        adjudication(project, layer="nowhere").dockets()


def test_nothing_to_adjudicate_is_refused_with_what_to_do(project: Project) -> None:
    with pytest.raises(AdjudicationRefused, match="two annotators"):
        adjudication(project, "ann").dockets()
    with pytest.raises(AdjudicationRefused, match="gold is what comes out"):
        adjudication(project, "ann", GOLD).dockets()
    with pytest.raises(AdjudicationRefused, match="three annotators"):
        adjudication(project).reliabilities(adjudication(project).dockets())


def test_a_place_is_open_again_if_its_span_is_taken_out_of_gold(project: Project) -> None:
    docket = begun(project)
    take(project, docket, docket.open_cases[0], "ann")
    held = next(one for one in gold(project).spans if (one.start, one.end) == PARIS)
    edit(project, 1, GOLD, RemoveSpan(held.id))
    again = adjudication(project).dockets()[0]
    assert [(case.place.start, case.state) for case in again.open_cases] == [
        (PARIS[0], State.REOPENED), (ROME[0], State.OPEN),
    ]  # fmt: skip


def test_gold_of_elsewhere_is_not_put_right_unasked(tmp_path: Path) -> None:
    """All say Ann is a PERSON and Paris a GPE; imported gold says ORG of Paris, and has Bob besides."""
    with project_of(
        tmp_path,
        *(record("d1", name, (ANN, "PERSON"), (PARIS, "GPE")) for name in ("ann", "bob")),
        record("d1", GOLD, (ANN, "PERSON"), (PARIS, "ORG"), (BOB, "PERSON")),
    ) as project:
        held = adjudication(project)
        before = marked(gold(project))
        held.take_agreed(held.dockets())
        assert (marked(gold(project)), gold(project).status) == (before, Status.DONE)
        assert dict(gold(project).rulings) == {}
        (case,) = held.dockets()[0].open_cases
        assert (case.place.start, case.place.kind) == (PARIS[0], Kind.NONE)
        take(project, held.dockets()[0], case, "ann")
        assert marked(gold(project)) == {(*ANN, "PERSON"), (*PARIS, "GPE"), (*BOB, "PERSON")}
        assert gold(project).status is Status.DONE
        assert held.dockets()[0].open_cases == ()


def test_what_is_agreed_takes_nothing_away_that_lies_within_it(project: Project) -> None:
    edit(project, 1, GOLD, AddSpan(Span("by hand", ANN[0], ANN[1] - 1, "PERSON")))
    docket = begun(project)
    assert docket.open_cases[0].place.start == ANN[0]
    assert marked(gold(project)) == {(ANN[0], ANN[1] - 1, "PERSON")}
