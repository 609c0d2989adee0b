"""Agreement in a project: whose labels count, what is left out and said, and the figures of real sets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import krippendorff
import pytest

from annotator.store import ProjectStore
from annotator.workflows.agreeing import AgreementRequest
from annotator.workflows.agreement_choice import UnknownChoice
from annotator.workflows.agreement_measures import MEASURES
from annotator.workflows.assigning import AssignRequest
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


def test_what_depends_on_the_scheme_is_measured_if_it_is_named(tmp_path: Path) -> None:
    grades = [("1", "2"), ("2", "2"), ("3", "3"), ("1", "1"), ("5", "4")]
    with project_of(
        tmp_path,
        *(record(f"d{at}", "ann", cats={one: 1.0}) for at, (one, _) in enumerate(grades)),
        *(record(f"d{at}", "bob", cats={other: 1.0}) for at, (_, other) in enumerate(grades)),
    ) as project:
        names = ("document_label_krippendorff_alpha_nominal", "document_labels_krippendorff_alpha_masi")
        report = project.measure_agreement(AgreementRequest(measures=names))
    found = values_of(report.measures)
    answers = [[int(pair[who] == label) for pair in grades for label in "12345"] for who in (0, 1)]
    assert found[names[0]] == pytest.approx(krippendorff.alpha(answers, level_of_measurement="nominal"))
    alike = [[pair[who] for pair in grades] for who in (0, 1)]  # of sets of one, MASI is all or nothing
    codes = [[int(one) for one in row] for row in alike]
    assert found[names[1]] == pytest.approx(krippendorff.alpha(codes, level_of_measurement="nominal"))


def single_label_project(folder: Path, *records: Mapping[str, Any]) -> Project:
    """A project of which a document has one label, a grade from 1 to 5."""
    scheme = folder / "grades.toml"
    labels = "".join(f'[[document_labels]]\nname = "{grade}"\n' for grade in range(1, 6))
    scheme.write_text(f'name = "grades"\ndocument_label_choice = "single"\n{labels}[[layers]]\nname = "entities"\n')
    lines = folder / "in.jsonl"
    lines.write_text("".join(json.dumps(one) + "\n" for one in records))
    project = Project.create(folder / "p.annotator", str(scheme))
    assert project.import_documents(ImportRequest((str(lines),))).rejected == []
    return project


def test_grades_have_an_order_and_are_numbers(tmp_path: Path) -> None:
    """Against the library krippendorff, on the grades as ratings."""
    grades = [(1, 2), (2, 2), (3, 3), (1, 1), (5, 4), (4, 2)]
    with single_label_project(
        tmp_path,
        *(record(f"d{at}", "ann", cats={str(one): 1.0}) for at, (one, _) in enumerate(grades)),
        *(record(f"d{at}", "bob", cats={str(other): 1.0}) for at, (_, other) in enumerate(grades)),
    ) as project:
        levels: tuple[Literal["ordinal", "interval"], ...] = ("ordinal", "interval")
        names = tuple(f"document_label_krippendorff_alpha_{level}" for level in levels)
        found = values_of(project.measure_agreement(AgreementRequest(measures=names)).measures)
    by_annotator = [list(one) for one in zip(*grades, strict=True)]
    for name, level in zip(names, levels, strict=True):
        expected = krippendorff.alpha(by_annotator, level_of_measurement=level, value_domain=[1, 2, 3, 4, 5])
        assert found[name] == pytest.approx(expected), name


def test_attributes_are_compared_where_the_same_was_marked(tmp_path: Path) -> None:
    def with_sure(document: str, annotator: str, *sure: str) -> dict[str, Any]:
        made = record(document, annotator, (ANN, "PERSON"), (PARIS, "GPE"))
        for span, value in zip(made["spans"], sure, strict=True):
            span["attributes"] = {"sure": value} if value else {}
        return made

    with project_of(
        tmp_path,
        with_sure("d1", "ann", "yes", "no"),
        with_sure("d1", "bob", "yes", "yes"),
        with_sure("d2", "ann", "no", ""),
        with_sure("d2", "bob", "", ""),
    ) as project:
        (sure,) = project.measure_agreement(AgreementRequest()).attributes
    assert sure.label == "sure"
    percent = next(one for one in sure.measures if one.name == "percent_agreement")
    assert percent.value == pytest.approx(1 / 3)
    assert percent.n == 3


def test_pairs_have_counts_of_semeval_and_documents_their_f1(tmp_path: Path) -> None:
    with project_of(
        tmp_path,
        record("d1", "ann", (ANN, "PERSON"), (PARIS, "GPE")),
        record("d1", "bob", (ANN, "PERSON"), (PARIS, "ORG"), (ROME, "GPE")),
        record("d2", "ann", (BOB, "PERSON")),
        record("d2", "bob", (BOB, "PERSON")),
    ) as project:
        report = project.measure_agreement(AgreementRequest(is_by_document=True))
    strict = report.pairs[0].semeval["strict"]
    assert (strict.correct, strict.incorrect, strict.missing, strict.spurious) == (2, 1, 0, 1)
    assert report.pairs[0].semeval["exact"].correct == 3
    assert [values_of(one.measures)[EXACT] for one in report.documents_apart] == [pytest.approx(2 / 5), 1.0]
    assert "token_label" in report.warnings[0]
    assert report.reliability == ()


def test_three_annotators_are_told_how_reliable_each_is(tmp_path: Path) -> None:
    right, wrong = ((ANN, "PERSON"), (PARIS, "GPE")), ((BOB, "ORG"),)
    with project_of(
        tmp_path,
        *(record(f"d{at}", name, *right) for at in range(6) for name in ("ann", "bob")),
        *(record(f"d{at}", "cy", *wrong) for at in range(6)),
    ) as project:
        reliability = {one.annotator: one for one in project.measure_agreement(AgreementRequest()).reliability}
    ann, cy = reliability["ann"], reliability["cy"]
    assert ann.dawid_skene is not None
    assert cy.dawid_skene is not None
    assert ann.dawid_skene > cy.dawid_skene + 0.3


def test_nested_spans_are_one_label_a_token_and_units_of_one_label_are_merged(tmp_path: Path) -> None:
    with project_of(
        tmp_path,
        record("d1", "ann", ((0, 20), "EVENT"), (PARIS, "GPE"), (ANN, "PERSON"), ((0, 7), "PERSON")),
        record("d1", "bob", ((0, 20), "EVENT")),
        record("d2", "ann", (BOB, "PERSON")),
        record("d2", "bob", (BOB, "PERSON")),
    ) as project:
        report = project.measure_agreement(AgreementRequest())
    found = {one.name: one for one in report.measures}
    assert found["token_label_percent_agreement"].value == 1.0
    assert found["u_alpha_2016"].undefined_because.startswith("It is for units that do not overlap")
    assert [one.count for one in report.left_out if one.what == "units"] == [1]


def test_what_was_imported_for_others_is_not_shown_once_something_is_assigned(tmp_path: Path) -> None:
    with project_of(tmp_path, record("d1", "ann"), record("d1", "bob", (ANN, "PERSON"))) as project:

        def visible() -> list[str]:
            with ProjectStore.open(project.location) as store, store.reading() as reader:
                return [one.annotator for one in reader.visible_sets(1, "ann")]

        assert visible() == ["bob"]
        project.assign(AssignRequest(("ann", "bob")))
        assert visible() == []
