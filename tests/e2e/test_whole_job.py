"""From nothing to training data by the command line, and the spans are the same everywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin

from annotator import Project
from tests.e2e.conftest import ROOT, refused, run, write_lines

Found = set[tuple[str, int, int, str]]


def database_spans(project: Path, annotator: str) -> Found:
    with Project.open(project) as opened:
        return {
            (document.id, span.start, span.end, span.label)
            for document in opened.documents()
            for span in document.spans(annotator=annotator)
        }


def jsonl_spans(path: Path) -> Found:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in records:
        for span in record["spans"]:
            assert record["text"][span["start"] : span["end"]] == span["text"]
    return {(one["id"], span["start"], span["end"], span["label"]) for one in records for span in one["spans"]}


def docbin_spans(path: Path) -> Found:
    docs = DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
    return {
        (doc.user_data["id"], span.start_char, span.end_char, span.label_) for doc in docs for span in doc.spans["sc"]
    }


def test_the_whole_job(project: Path, articles: Path, tmp_path: Path) -> None:
    imported = run("import", project, articles, "--json")
    assert imported.json == {
        "accepted": 3, "duplicates": 0, "spans": 0, "suggestions": 0, "rejected": [], "remarks": [],
    }  # fmt: skip
    assert run("import", project, articles, "--json").json["duplicates"] == 3
    suggested = run("suggest", project, "--json")
    assert suggested.json["documents"] == 3
    assert suggested.json["spans"] > 4
    assert suggested.json["pipeline"] == "en_core_web_sm 3.8.0"
    assert run("suggest", project, "--json").json["documents"] == 0
    assert run("accept", project, "--annotator", "alice", "--json").json["spans"] == suggested.json["spans"]
    out = tmp_path / "out"
    for name in ("jsonl", "conll2003", "spacy"):
        exported = run("export", project, f"{out}{os.sep}", "--format", name, "--json")
        assert exported.status == 0
        assert exported.json["documents"] == 3
        assert exported.json["spans"] == suggested.json["spans"]
        assert Path(exported.json["manifest"]).is_file()
    held = database_spans(project, "alice")
    assert len(held) == suggested.json["spans"]
    assert jsonl_spans(out / "news.jsonl") == held
    assert docbin_spans(out / "news.spacy") == held
    stats = run("stats", project, "--json").json
    assert stats["documents"] == 3
    assert stats["spans"] == len(held)
    assert stats["by_annotator"] == {"alice": len(held)}
    assert run("check", project, "--json").json == {"ok": True, "problems": []}


def test_an_export_comes_back_as_it_was(project: Path, articles: Path, tmp_path: Path) -> None:
    run("import", project, articles)
    run("suggest", project)
    run("accept", project, "--annotator", "alice")
    run("export", project, tmp_path / "first.jsonl", "--format", "jsonl")
    again = tmp_path / "again.annotator"
    run("new", again)
    assert run("import", again, tmp_path / "first.jsonl", "--json").json["accepted"] == 3
    run("export", again, tmp_path / "second.jsonl", "--format", "jsonl")
    assert (tmp_path / "first.jsonl").read_bytes() == (tmp_path / "second.jsonl").read_bytes()


CONFIG = """
[nlp]
lang = "en"
pipeline = ["ner"]
[components]
[components.ner]
factory = "ner"
[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 16
maxout_pieces = 1
use_upper = false
[components.ner.model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
width = 16
depth = 1
embed_size = 100
window_size = 1
maxout_pieces = 1
subword_features = false
pretrained_vectors = null
[corpora]
[corpora.train]
@readers = "spacy.Corpus.v1"
path = "{path}"
[corpora.dev]
@readers = "spacy.Corpus.v1"
path = "{path}"
[training]
max_steps = 2
eval_frequency = 1
"""


def test_spacy_accepts_the_demo_as_training_data(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    made = run("demo", "--headless", "--dir", folder, "--as", "alice", "--json")
    assert made.status == 0, made.err
    names = {path.name for path in folder.iterdir()}
    assert {"sample.annotator", "sample.jsonl", "sample.conll", "sample.spacy"} <= names
    assert {f"{name}.manifest.json" for name in ("sample.jsonl", "sample.conll", "sample.spacy")} <= names
    held = database_spans(folder / "sample.annotator", "alice")
    assert jsonl_spans(folder / "sample.jsonl") == held
    assert docbin_spans(folder / "sample.spacy") == held
    config = tmp_path / "config.cfg"
    config.write_text(CONFIG.format(path=folder / "sample.spacy"), encoding="utf-8")
    filled = tmp_path / "filled.cfg"
    for command in (
        ["init", "fill-config", str(config), str(filled)],
        ["debug", "data", str(filled), "--ignore-warnings"],
        ["train", str(filled), "--output", str(tmp_path / "model")],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "spacy", *command], capture_output=True, text=True, timeout=200, check=False
        )
        faults = [line for line in done.stdout.splitlines() if "✘" in line and "error" not in line]
        # Eight articles are few: `debug data` says so and calls it an error. It must find nothing else.
        is_fine = done.returncode == 0 or all("Low number of examples" in line for line in faults)
        assert is_fine, (command, done.stdout[-2000:], done.stderr[-2000:])
    assert (tmp_path / "model" / "model-last" / "config.cfg").is_file()
    again = run("demo", "--headless", "--dir", folder, "--as", "alice", "--json")
    assert again.json["accepted"] == 0
    assert database_spans(folder / "sample.annotator", "alice") == held


def test_ctrl_c_stops_suggesting_and_the_next_run_goes_on(project: Path, tmp_path: Path) -> None:
    line = "Angela Merkel of Germany met Emmanuel Macron in Paris on Thursday to talk about NATO. "
    records = [{"id": f"d{number}", "text": f"{number} {line * 60}"} for number in range(60)]
    run("import", project, write_lines(tmp_path / "many.jsonl", *records))
    command = [sys.executable, "-m", "annotator", "suggest", str(project), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not read_documents(project):
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in err
    assert "kept" in err
    read = read_documents(project)
    assert 0 < read < 60
    assert run("suggest", project, "--json").json["documents"] == 60 - read


def read_documents(project: Path) -> int:
    """How many documents a pipeline has read."""
    with Project.open(project, read_only=True) as opened:
        return sum(row.undecided > 0 for row in opened.listing("nobody"))


def test_two_annotators_are_kept_apart(tmp_path: Path) -> None:
    project = tmp_path / "two.annotator"
    run("new", project, "--scheme", "conll")
    text = "Angela Merkel in Paris"
    for name, label in (("alice", "PER"), ("bob", "ORG")):
        record = {"id": "d", "text": text, "spans": [{"start": 0, "end": 13, "label": label}]}
        source = write_lines(tmp_path / f"{name}.jsonl", record)
        assert run("import", project, source, "--annotator", name, "--json").json["spans"] == 1
    refused(run("export", project, tmp_path / "out.jsonl", "--format", "jsonl"), "alice", "bob")
    everybody = run("export", project, tmp_path / "all.jsonl", "--format", "jsonl", "--all", "--json")
    assert everybody.json["documents"] == 2
    parts = run("export", project, tmp_path / "all.conll", "--format", "conll2003", "--all", "--json")
    assert [Path(path).name for path in parts.json["files"]] == ["all.alice.conll", "all.bob.conll"]
    assert "B-ORG" in (tmp_path / "all.bob.conll").read_text(encoding="utf-8")


def test_a_script_reads_a_project(project: Path, articles: Path) -> None:
    run("import", project, articles)
    run("suggest", project)
    run("accept", project, "--annotator", "alice")
    with Project.open(project) as opened:
        documents = list(opened.documents(status="in progress"))
        assert [document.id for document in documents] == ["one", "three", "two"]
        spans = documents[0].spans(annotator="alice")
        assert ("Angela Merkel", "PERSON") in {(span.text, span.label) for span in spans}
        assert list(opened.documents(status="done")) == []


@pytest.mark.parametrize("command", ["open", "demo", "new", "import", "suggest", "accept", "export", "stats", "check"])
def test_every_command_has_complete_help(command: str) -> None:
    shown = run(command, "--help")
    assert shown.status == 0
    for option in ("--json", "--quiet", "--debug"):
        assert option in shown.out


def test_formats_lists_what_cannot_be_held() -> None:
    found = {one["name"]: one for one in run("formats", "--json").json["formats"]}
    assert found["jsonl"]["reads"] and found["jsonl"]["writes"] and not found["jsonl"]["loses"]
    assert found["conll2003"]["loses"]
