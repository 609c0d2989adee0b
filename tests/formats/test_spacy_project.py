"""The folder for ``spacy train``: spaCy takes it as it is, and Annotator reads it back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import DocBin
from weasel.cli.run import project_run

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, tokenize_simply
from annotator.formats.docbin.project import SpacyProjectWriter
from annotator.formats.shapes import Parsed, ReadOptions, WriteOptions
from annotator.formats.sources import read_sources
from tests.formats.reading import OPEN
from tests.formats.test_splitting import story

NAMES, TOWNS = ("Ann", "Bob", "Eve", "Ben", "Sue"), ("Rome", "New York", "Oslo", "Lima", "Kyoto")


def articles(*, count: int = 25, nested: bool = False, cats: int = 0) -> list[AnnotatedDocument]:
    """Articles with a name and a town each."""
    docs = []
    for number in range(count):
        name, town = NAMES[number % 5], TOWNS[number // 5 % 5]
        text = f"{name} went to {town} by train {number}. {story(number, 8).capitalize()}."
        at = text.index(town)
        spans = [Span("a", 0, 3, "PERSON"), Span("b", at, at + len(town), "GPE")]
        spans += [Span("c", 0, at + len(town), "TRIP")] if nested else []
        labels = {f"topic{(number + one) % 3}": 1.0 for one in range(cats)}
        document = Document(f"d{number}", text, language="en", tokens=tokenize_simply(text))
        docs.append(AnnotatedDocument(document, "alice", SpanSet(spans), {}, labels))
    return docs


def written(folder: Path, docs: list[AnnotatedDocument], options: WriteOptions | None = None) -> Path:
    folder.mkdir()
    SpacyProjectWriter().write_folder(docs, folder, OPEN, options or WriteOptions(split=(0.6, 0.2, 0.2), seed=1))
    return folder


def config_of(folder: Path) -> Any:
    return spacy.util.load_config(folder / "config.cfg")


def run_spacy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-m", "spacy", *arguments], cwd=folder, env=environment, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.parametrize(
    ("nested", "cats", "pipeline"),
    [
        (False, 1, ["tok2vec", "ner", "textcat"]),
        (True, 2, ["tok2vec", "ner", "spancat", "textcat_multilabel"]),
    ],
)
def test_spacy_trains_from_the_folder_as_it_is(tmp_path: Path, nested: bool, cats: int, pipeline: list[str]) -> None:
    folder = written(tmp_path / "project", articles(count=180, nested=nested, cats=cats))
    config = config_of(folder)
    assert (config["nlp"]["lang"], config["nlp"]["pipeline"], config["system"]["seed"]) == ("en", pipeline, 1)
    checked = run_spacy(folder, "debug", "data", "config.cfg", "--ignore-warnings", "--verbose", "--no-format")
    assert "✘" not in checked.stdout
    trained = run_spacy(
        folder, "train", "config.cfg", "--output", "training", "--training.max_steps=2", "--training.eval_frequency=1"
    )
    assert "Saved pipeline" in trained.stdout
    run_spacy(folder, "evaluate", "training/model-best", "test.spacy")


def test_the_project_file_is_one_that_weasel_runs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path / "project", articles())
    project_run(folder, "all", dry=True)
    said = capfd.readouterr().out
    assert "spacy train config.cfg" in said
    assert "spacy evaluate training/model-best test.spacy" in said


def test_spans_of_every_length_are_offered_to_the_span_categorizer(tmp_path: Path) -> None:
    config = config_of(written(tmp_path / "project", articles(nested=True)))
    assert config["components"]["spancat"]["suggester"]["sizes"] == [1, 2, 3, 4, 5]


def test_each_article_is_in_one_part_and_all_come_back(tmp_path: Path) -> None:
    docs = articles(nested=True, cats=1)
    folder = written(tmp_path / "project", docs)
    records = list(read_sources([str(folder)], "spacy-project", ReadOptions()))
    back = {one.doc.document.id: one.doc for one in records if isinstance(one, Parsed)}
    assert len(records) == len(docs)
    assert all(back[doc.document.id].spans == doc.spans for doc in docs)
    assert all(back[doc.document.id].cats == doc.cats for doc in docs)


def test_labels_that_a_document_has_not_are_zero_for_spacy(tmp_path: Path) -> None:
    folder = written(tmp_path / "project", articles(cats=1))
    for doc in DocBin().from_disk(folder / "train.spacy").get_docs(spacy.blank("en").vocab):
        assert sorted(doc.cats) == ["topic0", "topic1", "topic2"]
        assert sorted(doc.cats.values()) == [0.0, 0.0, 1.0]


def test_without_a_share_asked_for_it_is_eight_to_one_to_one(tmp_path: Path) -> None:
    folder = written(tmp_path / "project", articles(), WriteOptions())
    sizes = {path.stem: len(DocBin().from_disk(path)) for path in sorted(folder.glob("*.spacy"))}
    assert sum(sizes.values()) == 25
    assert sizes["train"] > 10
    assert min(sizes.values()) > 0


def test_a_part_without_a_share_has_no_file(tmp_path: Path) -> None:
    folder = written(tmp_path / "project", articles(), WriteOptions(split=(0.8, 0.2, 0)))
    assert sorted(path.name for path in folder.iterdir()) == ["config.cfg", "dev.spacy", "project.yml", "train.spacy"]
    assert "evaluate training/model-best dev.spacy" in (folder / "project.yml").read_text()


def test_where_nothing_is_labelled_there_is_no_config(tmp_path: Path) -> None:
    docs = [AnnotatedDocument(doc.document) for doc in articles()]
    assert not (written(tmp_path / "project", docs) / "config.cfg").exists()


@pytest.mark.parametrize(("language", "known"), [("de", "de"), ("zz", "xx"), ("", "xx")])
def test_the_language_is_the_schemes_where_documents_have_none(tmp_path: Path, language: str, known: str) -> None:
    text = "Ann left"
    doc = AnnotatedDocument(Document("d", text, tokens=tokenize_simply(text)), "", SpanSet([Span("a", 0, 3, "P")]))
    SpacyProjectWriter().write_folder([doc], tmp_path, LabelScheme("s", language=language), WriteOptions())
    assert config_of(tmp_path)["nlp"]["lang"] == known
