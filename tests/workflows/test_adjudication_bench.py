"""Working through open cases: one decision each, all alike at once, undo, examples of the guideline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.edits import Relabel
from annotator.domain.projects import GOLD
from annotator.domain.rulings import Outcome, Said
from annotator.workflows.adjudicating import AdjudicationRequest
from annotator.workflows.adjudication_bench import Bench, ChangedSince, NoMajority
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.project import Project
from tests.workflows.test_adjudicating import edit, gold, marked, span_of
from tests.workflows.test_agreeing import ANN, BOB, PARIS, TEXT, project_of, record


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Paris is GPE or ORG in d1 and, the other way about, in d2; in d3 bob alone marks Bob; Ann is agreed."""
    with project_of(
        tmp_path,
        record("d1", "ann", (ANN, "PERSON"), (PARIS, "GPE")),
        record("d1", "bob", (ANN, "PERSON"), (PARIS, "ORG")),
        record("d2", "ann", (PARIS, "ORG")),
        record("d2", "bob", (PARIS, "GPE")),
        record("d3", "ann"),
        record("d3", "bob", (BOB, "PERSON")),
    ) as opened:
        yield opened


@pytest.fixture
def bench(project: Project) -> Bench:
    made = Bench(project.adjudication(AdjudicationRequest()), "dora")
    made.load()
    return made


def test_open_cases_come_with_their_words(bench: Bench) -> None:
    assert [(item.document, item.surface) for item in bench.items] == [("d1", "Paris"), ("d2", "Paris"), ("d3", "Bob")]
    assert bench.items[0].passage == f"{TEXT} d1"
    assert (bench.settled, bench.annotators) == (1, ["ann", "bob"])


def test_one_decision_settles_one_case(bench: Bench, project: Project) -> None:
    assert bench.take([bench.items[0]], "bob").left_out == ()
    assert marked(gold(project, 1)) == {(*ANN, "PERSON"), (*PARIS, "ORG")}
    assert ([item.document for item in bench.items], bench.settled) == (["d2", "d3"], 2)


def test_one_decision_settles_all_alike_and_is_one_step_of_undo(bench: Bench, project: Project) -> None:
    alike = bench.alike(bench.items[0])
    assert [item.document for item in alike] == ["d1", "d2"]
    bench.take(alike, "ann")
    assert (*PARIS, "GPE") in marked(gold(project, 1)) & marked(gold(project, 2))
    taken = [one.taken_from for key in (1, 2) for one in gold(project, key).rulings.values() if one.start == PARIS[0]]
    assert taken == [("ann",), ("bob",)]
    assert [item.document for item in bench.items] == ["d3"]
    assert [item.document for item in bench.undo()] == ["d1", "d2"]
    assert len(bench.items) == 3
    assert (*PARIS, "GPE") not in marked(gold(project, 1)) | marked(gold(project, 2))
    assert bench.undo() == []


def test_none_is_right_keeps_the_reason(bench: Bench, project: Project) -> None:
    bench.take_none([bench.items[2]], "a first name alone")
    (ruling,) = gold(project, 3).rulings.values()
    assert (ruling.outcome, ruling.reason, ruling.decided_by) == (Outcome.NONE, "a first name alone", "dora")
    assert marked(gold(project, 3)) == set()
    assert ruling.taken_from == ("ann",)


def test_union_edited_and_no_majority(bench: Bench, project: Project) -> None:
    with pytest.raises(NoMajority):
        bench.take_majority([bench.items[0]])
    bench.take_union([bench.items[2]])
    assert marked(gold(project, 3)) == {(*BOB, "PERSON")}
    bench.take_edited(bench.items[0], (Said(PARIS[0] - 3, PARIS[1], "GPE"),))
    assert marked(gold(project, 1)) == {(*ANN, "PERSON"), (PARIS[0] - 3, PARIS[1], "GPE")}


def test_what_the_scheme_forbids_is_named_and_stays_open(bench: Bench) -> None:
    made = bench.take_edited(bench.items[0], (Said(*PARIS, "UNHEARD"),))
    assert "UNHEARD" in made.left_out[0][1]
    assert len(bench.items) == 3


def test_a_case_that_changed_meanwhile_is_not_decided_unseen(bench: Bench, project: Project) -> None:
    edit(project, 1, "bob", Relabel(span_of(project, 1, "bob", PARIS).id, "PERSON"))
    with pytest.raises(ChangedSince):
        bench.take([bench.items[0]], "bob")


def test_a_ruling_becomes_an_example_of_the_guideline(bench: Bench, project: Project) -> None:
    made = bench.take([bench.items[0]], "ann")
    assert bench.pin(made, "cities are GPE") == 1
    (example,) = project.guidelines.view(project.scheme()).examples
    assert (example.pin.annotator, example.pin.rule) == (GOLD, "cities are GPE")


def exported(project: Project, folder: Path, *, has_pseudonyms: bool = False) -> list[dict[str, Any]]:
    out = folder / "gold.jsonl"
    project.export(ExportRequest(out, "jsonl", is_gold=True, has_pseudonyms=has_pseudonyms))
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_gold_goes_out_with_its_rulings_and_comes_back(bench: Bench, project: Project, tmp_path: Path) -> None:
    bench.take([bench.items[0]], "ann")
    bench.take_none([bench.items[-1]], "a first name alone")
    bench.take_union([bench.items[0]])
    first, _, third = exported(project, tmp_path)
    paris = next(one for one in first["rulings"] if one["start"] == PARIS[0])
    assert (paris["taken_from"], paris["decided_by"], paris["outcome"]) == (["ann"], "dora", "taken")
    assert paris["seen"]["bob"] == [{"start": PARIS[0], "end": PARIS[1], "label": "ORG"}]
    assert third["rulings"][0]["reason"] == "a first name alone"
    with Project.create(tmp_path / "again.annotator", "open") as again:
        again.import_documents(ImportRequest((str(tmp_path / "gold.jsonl"),)))
        assert exported(again, tmp_path)[0]["rulings"] == first["rulings"]


def test_pseudonyms_hide_who_decided(bench: Bench, project: Project, tmp_path: Path) -> None:
    bench.take([bench.items[0]], "ann")
    exported(project, tmp_path, has_pseudonyms=True)
    text = (tmp_path / "gold.jsonl").read_text(encoding="utf-8")
    assert not [name for name in ('ann"', 'bob"', "dora") if name in text]
    assert '"somebody"' in text


def test_of_a_long_paragraph_whole_words_are_shown(tmp_path: Path) -> None:
    text = f"{'before ' * 100}Paris{' after' * 100}"
    start = text.index("Paris")
    records = [record("d1", "ann", ((start, start + 5), "GPE")), record("d1", "bob")]
    with project_of(tmp_path, *(one | {"text": text} for one in records)) as project:
        bench = Bench(project.adjudication(AdjudicationRequest()), "dora")
        bench.load()
        item = bench.items[0]
    assert set(item.passage.split()) == {"before", "Paris", "after"}
    assert item.passage == text[item.passage_start :][: len(item.passage)]
    assert 600 < len(item.passage) < 645
