"""Three annotators: assign, hand out, label in processes of their own, collect twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.store import ProjectStore
from tests.e2e.conftest import ROOT, refused, run

TEAM = ("alice", "bob", "carol")
LABELLING = """
import sys
from annotator import Project
from annotator.domain.edits import AddSpan, SetStatus
from annotator.domain.projects import Status
from annotator.domain.spans import Span

path, name = sys.argv[1:]
with Project.open(path) as project:
    session = project.session(name)
    for row in project.listing(name):
        session.open(row.key)
        session.perform(AddSpan(Span(f"{name}-{row.key}", 0, 3, "PERSON")), {})
        session.perform(SetStatus(Status.DONE), {})
"""


@pytest.fixture
def files(project: Path, articles: Path, tmp_path: Path) -> list[Path]:
    """What was handed out to the team, labelled by each in a process of their own."""
    assert run("import", project, articles, "--quiet").status == 0
    plan = run("assign", project, "--annotators", ",".join(TEAM), "--per-document", 2, "--seed", 7, "--json").json
    assert (plan["loads"], len(plan["added"])) == ({"alice": 2, "bob": 2, "carol": 2}, 6)
    made = [tmp_path / f"{name}.annotator" for name in TEAM]
    for name, path in zip(TEAM, made, strict=True):
        assert run("handout", project, path, "--annotator", name, "--json").json["documents"] == 2
    working = [
        subprocess.Popen([sys.executable, "-c", LABELLING, str(path), name], cwd=ROOT)
        for name, path in zip(TEAM, made, strict=True)
    ]
    assert [one.wait(timeout=120) for one in working] == [0, 0, 0]
    return made


def test_what_was_labelled_elsewhere_comes_back_once(project: Path, files: list[Path]) -> None:
    for name, path in zip(TEAM, files, strict=True):
        content = path.read_bytes()
        assert not [other for other in TEAM if other != name and other.encode() in content]
    first = run("collect", project, *files, "--json")
    assert first.status == 0
    assert [(one["annotator"], one["documents"], one["refused"]) for one in first.json["files"]] == [
        (name, 2, None) for name in TEAM
    ]
    with ProjectStore.open(project) as store, store.reading() as reader:
        before = {(key, doc.annotator): doc for key, doc in reader.sets()}
    assert len(before) == 6
    again = run("collect", project, *files, "--json").json
    assert [(one["documents"], one["edits"]) for one in again["files"]] == [(0, 0)] * 3
    with ProjectStore.open(project) as store, store.reading() as reader:
        assert {(key, doc.annotator): doc for key, doc in reader.sets()} == before
    people = run("assign", project, "--json").json["annotators"]
    assert [(one["annotator"], one["assigned"], one["done"]) for one in people] == [(name, 2, 2) for name in TEAM]
    assert run("check", project).status == 0


def test_what_cannot_be_taken_is_named(project: Path, files: list[Path], tmp_path: Path) -> None:
    other = tmp_path / "other.annotator"
    assert run("new", other, "--quiet").status == 0
    refused(run("collect", other, files[0]), "another project")
    refused(run("handout", files[0], tmp_path / "x", "--annotator", "alice"), "handed out to alice")
    mixed = run("collect", project, tmp_path / "missing", files[0], "--json")
    assert mixed.status == 3
    assert [bool(one["refused"]) for one in mixed.json["files"]] == [True, False]
    assert run("assign", project, "--annotators", "a", "--all", "--share", "0.5").status == 2
    refused(run("assign", project, "--annotators", "a", "--per-document", "2"), "cannot be had of 1")


def test_what_was_collected_is_measured(project: Path, files: list[Path]) -> None:
    """All marked the same text in every document, and every document has two annotators."""
    assert run("collect", project, *files, "--quiet").status == 0
    measured = run("agreement", project, "--bootstrap", 100, "--seed", 3, "--json")
    assert measured.status == 0
    assert measured.json["annotators"] == list(TEAM)
    assert measured.json["documents"] == 3
    exact = next(one for one in measured.json["measures"] if one["name"] == "pairwise_span_f1_exact")
    assert (exact["value"], exact["n"], exact["undefined_because"]) == (1.0, 3, None)
    assert [(one["a"], one["b"]) for one in measured.json["pairs"]] == [TEAM[:2], (TEAM[0], TEAM[2]), TEAM[1:]]
    assert [one["label"] for one in measured.json["labels"]] == ["PERSON"]
    assert measured.json["confusion"]["counts"] == [[6, 0], [0, 0]]
    assert run("agreement", project, "--bootstrap", 100, "--seed", 3, "--json").json == measured.json


DISSENTING = """
import sys
from annotator import Project
from annotator.domain.edits import Relabel

path, name = sys.argv[1:]
with Project.open(path) as project:
    session = project.session(name)
    for row in project.listing(name)[:1]:
        session.open(row.key)
        session.perform(Relabel(f"{name}-{row.key}", "ORG"), {})
"""


def test_from_hand_out_to_gold(project: Path, files: list[Path], tmp_path: Path) -> None:
    """Bob calls one span otherwise: gold has all others, and that one when carol's third opinion is in."""
    assert subprocess.run([sys.executable, "-c", DISSENTING, str(files[1]), "bob"], cwd=ROOT, check=True)
    assert run("collect", project, *files, "--quiet").status == 0
    assert run("adjudicate", project, "--json").json["dry_run"]
    decided = run("adjudicate", project, "--majority", "--json")
    assert decided.status == 3
    counts = {name: decided.json[name] for name in ("documents", "agreed", "decided")}
    assert counts == {"documents": 3, "agreed": 2, "decided": 0}
    (open_case,) = decided.json["undecided"]
    assert (open_case["kind"], open_case["start"], open_case["end"]) == ("label", 0, 3)
    assert sorted(said[0]["label"] for said in open_case["answers"].values()) == ["ORG", "PERSON"]
    assert run("adjudicate", project, "--majority", "--json").json["agreed"] == 0
    out = tmp_path / "gold.jsonl"
    assert run("export", project, out, "--format", "jsonl", "--gold", "--json").json["documents"] == 3
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [span["label"] for line in lines for span in line["spans"]] == ["PERSON", "PERSON"]
    assert {ruling["decided_by"] for line in lines for ruling in line.get("rulings", [])} == {"agreement"}
    assert run("check", project).status == 0


def test_feedback_and_seeded_errors_are_commands(project: Path, files: list[Path], tmp_path: Path) -> None:
    assert run("collect", project, *files, "--quiet").status == 0
    refused(run("feedback", project, "--annotator", "alice"), "no gold")
    assert run("adjudicate", project, "--majority", "--quiet").status == 0
    page = tmp_path / "alice.html"
    told = run("feedback", project, page, "--annotator", "alice", "--json").json
    assert (told["documents"], told["right"], told["differing"]) == (2, 2, 0)
    assert "Feedback for alice" in page.read_text(encoding="utf-8")
    refused(run("seed-errors", project, "--annotator", "alice", "--share", "0.5"), "suggest spans")
    assert run("seed-errors", project, "--annotator", "alice", "--json").json["detection_rate"] is None
    assert run("seed-errors", project, "--annotator", "alice", "--share", "1", "--restore").status == 2
