"""Feedback to an annotator: what is right, what is not, by kind and label, with examples and reasons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.disagreements import Kind
from annotator.domain.projects import GOLD
from annotator.workflows.adjudicating import AdjudicationRequest
from annotator.workflows.adjudication_bench import Bench
from annotator.workflows.feedback import NoFeedback
from annotator.workflows.feedback_page import feedback_html, feedback_in_words, feedback_to_plain
from annotator.workflows.project import Project
from tests.workflows.test_agreeing import ANN, BOB, PARIS, ROME, project_of, record


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_of(
        tmp_path,
        record("d1", "ann", (ANN, "PERSON"), (PARIS, "ORG"), (ROME, "GPE")),
        record("d1", "bob", (ANN, "PERSON"), (PARIS, "GPE")),
        record("d2", "ann", (PARIS, "ORG"), ((BOB[0], BOB[1] + 3), "PERSON")),
        record("d2", "bob", (PARIS, "GPE"), (BOB, "PERSON")),
    ) as made:
        bench = Bench(made.adjudication(AdjudicationRequest()), "dora")
        bench.load()
        while bench.items:
            item = bench.items[0]
            if item.surface == "Rome":
                bench.take_none([item], "<trains> are no places")
            else:
                bench.take([item], "bob")
        yield made


def test_differences_are_told_by_kind_and_label(project: Project) -> None:
    found = project.feedback("ann")
    assert (found.documents, found.right, found.differing) == (2, 1, 4)
    assert dict(found.kinds) == {Kind.LABEL: 2, Kind.MISSING: 1, Kind.BOUNDARY: 1}
    first = found.groups[0]
    assert (first.theirs, first.gold, first.times) == ("ORG", "GPE", 2)
    assert [(one.document, one.words) for one in first.examples] == [("d1", "Paris"), ("d2", "Paris")]
    assert {one.label: (one.right, one.of_gold, one.of_theirs) for one in found.labels} == {
        "GPE": (0, 2, 1), "PERSON": (1, 2, 2), "ORG": (0, 0, 2),
    }  # fmt: skip


def test_who_is_as_gold_is_told_so(project: Project) -> None:
    found = project.feedback("bob")
    assert (found.right, found.differing, found.groups) == (5 - 1, 0, ())
    assert "0 otherwise" in feedback_in_words(found)


def test_the_page_has_reasons_and_no_markup_of_others(project: Project) -> None:
    page = feedback_html(project.feedback("ann"), "Feedback for ann")
    assert "&lt;trains&gt; are no places" in page
    assert "ORG “Paris” → GPE “Paris”" in page
    assert feedback_to_plain(project.feedback("ann"))["groups"][0]["kind"] == "label"


def test_without_gold_there_is_no_feedback(tmp_path: Path) -> None:
    with project_of(tmp_path, record("d1", "ann", (ANN, "PERSON"))) as project:
        with pytest.raises(NoFeedback, match="no gold"):
            project.feedback("ann")
        assert GOLD not in [one.name for one in project.annotators()]
