"""Plans of assignments: balanced, the same again, and what is assigned already stays."""

from __future__ import annotations

from collections import Counter

import pytest

from annotator.domain.assigning import (
    AssignmentImpossible,
    Everything,
    PerDocument,
    Plan,
    Share,
    Way,
    plan_assignments,
)

DOCUMENTS = [f"d{number}" for number in range(20)]
TEAM = ["ann", "bob", "cleo"]


def per_document(plan: Plan) -> set[int]:
    return set(Counter(document for document, _ in (*plan.added, *plan.held)).values())


def test_everybody_gets_everything() -> None:
    plan = plan_assignments(DOCUMENTS, TEAM, [], Everything())
    assert len(plan.added) == 60
    assert plan.in_words == "20 documents each, 20 shared by any two"


@pytest.mark.parametrize("wanted", [1, 2, 3])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("people", [3, 4, 7])
def test_loads_differ_by_one_at_most(wanted: int, seed: int, people: int) -> None:
    plan = plan_assignments(DOCUMENTS, [f"p{number}" for number in range(people)], [], PerDocument(wanted), seed)
    assert per_document(plan) == {wanted}
    assert max(plan.loads.values()) - min(plan.loads.values()) <= 1
    assert len(set(plan.added)) == len(plan.added) == wanted * 20


def test_pairs_share_about_as_many_documents() -> None:
    plan = plan_assignments([f"d{number}" for number in range(60)], TEAM, [], PerDocument(2))
    assert plan.in_words == "40 documents each, 20 shared by any two"


@pytest.mark.parametrize("way", [Share(0.5), PerDocument(1), PerDocument(2)])
def test_a_seed_gives_the_same_plan_again_and_another_another(way: Way) -> None:
    plans = [plan_assignments(DOCUMENTS, TEAM, [], way, seed).added for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]


def test_a_share_covers_the_documents_evenly() -> None:
    plan = plan_assignments(DOCUMENTS, TEAM, [], Share(0.5), 3)
    assert plan.loads == {"ann": 10, "bob": 10, "cleo": 10}
    assert per_document(plan) == {1, 2}
    assert plan_assignments(DOCUMENTS[:3], ["ann"], [], Share(0.01)).loads == {"ann": 1}


@pytest.mark.parametrize("way", [Everything(), Share(0.5), PerDocument(2)])
def test_a_plan_that_was_carried_out_adds_nothing_the_next_time(way: Way) -> None:
    first = plan_assignments(DOCUMENTS, TEAM, [], way, 1)
    again = plan_assignments(DOCUMENTS, TEAM, first.added, way, 2)
    assert (again.added, set(again.held), again.loads) == ((), set(first.added), first.loads)


def test_new_documents_go_to_those_who_have_less() -> None:
    held = [(document, "ann") for document in DOCUMENTS[:10]]
    plan = plan_assignments(DOCUMENTS, ["ann", "bob"], held, PerDocument(1))
    assert plan.loads == {"ann": 10, "bob": 10}
    assert plan.held == tuple(held)


def test_what_was_assigned_does_not_hinder_the_balance() -> None:
    held = [(document, "ann") for document in DOCUMENTS[:4]] + [(document, "bob") for document in DOCUMENTS[:4]]
    plan = plan_assignments(DOCUMENTS[:8], TEAM, held, PerDocument(2), 5)
    assert plan.loads == {"ann": 6, "bob": 6, "cleo": 4}


@pytest.mark.parametrize(
    ("documents", "team", "way", "words"),
    [
        ([], TEAM, Everything(), "no document"),
        (DOCUMENTS, [], Everything(), "nobody"),
        (DOCUMENTS, ["ann", " "], Everything(), "nobody"),
        (DOCUMENTS, TEAM, PerDocument(4), "4 annotators per document cannot be had of 3; ask for 1 to 3"),
        (DOCUMENTS, TEAM, PerDocument(0), "0 annotators"),
        (DOCUMENTS, TEAM, Share(1.5), "1.5 is not a share"),
    ],
)
def test_what_cannot_be_assigned_is_refused(documents: list[str], team: list[str], way: Way, words: str) -> None:
    with pytest.raises(AssignmentImpossible, match=words):
        plan_assignments(documents, team, [], way)
