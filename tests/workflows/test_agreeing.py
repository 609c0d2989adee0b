"""Agreement in a project: whose labels count, what is left out and said, and the figures of real sets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from annotator.workflows.agreeing import MEASURES, AgreementRequest
from annotator.workflows.agreement_choice import UnknownChoice
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.project import Project

TEXT = "Ann met Bob in Paris and went to Rome by train."
ANN, BOB, PARIS, ROME = (0, 3), (8, 11), (15, 20), (33, 37)
EXACT = "pooled_span_f1_exact"


def record(
    document: str, annotator: str, *spans: tuple[tuple[int, int], str], status: str = "done", **more: object
) -> dict[str, Any]:
    marked = [{"start": start, "end": end, "label": label} for (start, end), label in spans]
    text = f"{TEXT} {document}"
    return {"id": document, "text": text, "spans": marked, "annotator": annotator, "status": status, **more}


def project_of(folder: Path, *records: Mapping[str, Any]) -> Project:
    lines = folder / "in.jsonl"
    lines.write_text("".join(json.dumps(one) + "\n" for one in records))
    project = Project.create(folder / "p.annotator", "open")
    assert project.import_documents(ImportRequest((str(lines),))).rejected == []
    return project


def values_of(measures: Sequence[Any]) -> dict[str, float | None]:
    return {one.name: one.value for one in measures}


def test_every_measure_comes_with_its_definition_for_all_and_by_pair_and_label(tmp_path: Path) -> None:
    with project_of(
        tmp_path,
        record("d1", "ann", (ANN, "PERSON"), (PARIS, "GPE"), cats={"travel": 1.0}),
        record("d1", "bob", (ANN, "PERSON"), (PARIS, "ORG"), cats={"travel": 1.0}),
        record("d2", "ann", (BOB, "PERSON"), (ROME, "GPE")),
        record("d2", "bob", (BOB, "PERSON")),
    ) as project:
        report = project.measure_agreement(AgreementRequest(samples=50))
    assert (report.documents, report.annotators, report.is_whole) == (2, ("ann", "bob"), True)
    assert tuple(one.name for one in report.measures) == MEASURES
    assert [one.name for one in report.definitions] == list(MEASURES)
    assert all(one.value is not None or one.undefined_because for one in report.measures)
    found = values_of(report.measures)
    assert found[EXACT] == pytest.approx(2 * 2 / 7)
    assert found["matched_label_percent_agreement"] == pytest.approx(2 / 3)
    assert found["document_label_percent_agreement"] == 1.0
    (pair,) = report.pairs
    assert (pair.a, pair.b, values_of(pair.measures)[EXACT]) == ("ann", "bob", found[EXACT])
    assert {one.label: values_of(one.measures)[EXACT] for one in report.labels} == {"PERSON": 1, "GPE": 0, "ORG": 0}
    assert report.confusion.rows == ("GPE", "PERSON", "ORG", "nothing")
    assert report.confusion.counts == ((0, 0, 1, 1), (0, 4, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0))


def test_of_who_has_finished_something_only_that_counts_and_the_rest_is_said(tmp_path: Path) -> None:
    with project_of(
        tmp_path,
        record("d1", "ann", (ANN, "PERSON")),
        record("d1", "bob", (ANN, "PERSON"), status="new"),
        record("d2", "ann", (BOB, "PERSON"), status="in progress"),
        record("d2", "bob", status="new", cats={"travel": 1.0}),
    ) as project:
        report = project.measure_agreement(AgreementRequest(measures=(EXACT,), samples=0))
    assert report.documents == 1
    assert [one.value for one in report.measures] == [1.0]
    said = {(one.annotator, one.count, one.reason) for one in report.left_out}
    assert said == {
        ("ann", 1, "the status is 'in progress'"),
        ("bob", 1, "no other annotator is counted in the document"),
    }
    assert not report.is_whole


def test_suggestions_that_nobody_decided_are_nobodys_labels_but_a_pipelines(tmp_path: Path) -> None:
    undecided = {"start": 15, "end": 20, "label": "GPE", "decided": False, "origin": "pipeline"}
    mine = record("d1", "ann", (ANN, "PERSON"))
    mine["spans"].append(undecided)
    with project_of(tmp_path, mine, record("d1", "bob", (ANN, "PERSON"))) as project:
        report = project.measure_agreement(AgreementRequest(measures=(EXACT,), samples=0))
    assert [one.value for one in report.measures] == [1.0]
    assert [(one.annotator, one.count) for one in report.left_out] == [("ann", 1)]


def test_parts_of_spans_are_compared_by_token(tmp_path: Path) -> None:
    parted = record("d1", "ann")
    parted["spans"] = [{"start": 0, "end": 11, "label": "PERSON", "fragments": [[0, 3], [8, 11]]}]
    whole = record("d1", "bob", ((0, 11), "PERSON"))
    with project_of(tmp_path, parted, whole) as project:
        report = project.measure_agreement(AgreementRequest(measures=("pooled_token_f1",), samples=0))
    assert [one.value for one in report.measures] == [pytest.approx(2 * 2 / 5)]


def test_one_annotator_alone_has_no_agreement_and_is_told_why(tmp_path: Path) -> None:
    with project_of(tmp_path, record("d1", "ann", (ANN, "PERSON"))) as project:
        report = project.measure_agreement(AgreementRequest())
    assert (report.documents, report.pairs) == (0, ())
    assert all(one.value is None and one.undefined_because for one in report.measures)


def test_gold_is_compared_only_if_asked_for(tmp_path: Path) -> None:
    records = [record("d1", who, (ANN, "PERSON")) for who in ("ann", "bob", "gold")]
    with project_of(tmp_path, *records) as project:
        assert project.measure_agreement(AgreementRequest(samples=0)).annotators == ("ann", "bob")
        wanted = AgreementRequest(("ann", "gold"), measures=(EXACT,), samples=0)
        assert project.measure_agreement(wanted).annotators == ("ann", "gold")


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (AgreementRequest(("an", "bob")), "there is no annotator with labels in this project called 'an'; choose ann"),
        (AgreementRequest(layer="entites"), "there is no layer called 'entites'; choose entities"),
        (AgreementRequest(measures=("cohen",)), "there is no measure called 'cohen'"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_the_nearest(
    tmp_path: Path, request_: AgreementRequest, sentence: str
) -> None:
    records = [record("d1", who, (ANN, "PERSON")) for who in ("ann", "bob")]
    with project_of(tmp_path, *records) as project, pytest.raises(UnknownChoice) as refused:
        project.measure_agreement(request_)
    assert str(refused.value).startswith(sentence)


def test_a_label_that_nobody_used_there_counts_as_a_category_to_choose(tmp_path: Path) -> None:
    with project_of(
        tmp_path,
        record("d1", "ann", (ANN, "PERSON"), (BOB, "PERSON"), (PARIS, "GPE")),
        record("d1", "bob", (ANN, "PERSON"), (BOB, "PERSON"), (PARIS, "PERSON")),
        record("d2", "ann", (ROME, "ORG"), (PARIS, "FAC")),
    ) as project:
        report = project.measure_agreement(AgreementRequest(measures=("matched_label_bennett_s",)))
    assert values_of(report.measures)["matched_label_bennett_s"] == pytest.approx((2 / 3 - 1 / 4) / (1 - 1 / 4))
