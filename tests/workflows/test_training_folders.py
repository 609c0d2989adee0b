"""Folders to train from, written from a project: proved, in parts, and taken back by another project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.scheme_plain import scheme_from_plain
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document
from annotator.formats.jsonl import JsonlWriter
from annotator.formats.shapes import LossKind, WriteOptions
from annotator.workflows.export_request import ExportRefused, ExportRequest
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.project import Project
from tests.formats.test_splitting import revised, story

SCHEME = scheme_from_plain(
    {
        "name": "s",
        "layers": [
            {"name": "entities", "labels": [{"name": "PER"}, {"name": "ORG"}], "attributes": [{"name": "sure"}]}
        ],
        "relations": [{"name": "MET"}],
        "document_labels": [{"name": "news"}],
    }
)
SPLIT = (0.5, 0.25, 0.25)


def documents() -> list[AnnotatedDocument]:
    texts = [story(number, 60) for number in range(19)]
    spans = SpanSet(
        [
            Span("a", 0, 4, "PER", attributes={"sure": "yes"}, note="?"),
            Span("b", 5, 9, "PER"),
            Span("c", 0, 9, "ORG", fragments=((0, 2), (7, 9))),
        ]
    )
    relations = {"r": Relation("r", "a", "c", "MET")}
    return [
        AnnotatedDocument(
            Document(f"d{number}", text, language="en"), "alice", spans, relations, {"news": 1.0}, Status.DONE, "a note"
        )
        for number, text in enumerate([*texts, revised(texts[0], 0.15, 99)])
    ]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.annotator", SCHEME) as made:
        source = tmp_path / "in.jsonl"
        with source.open("wb") as file:
            JsonlWriter().write(documents(), file, SCHEME, WriteOptions())
        assert made.import_documents(ImportRequest((str(source),))).rejected == []
        yield made


@pytest.mark.parametrize("name", ["spacy", "spacy-project", "huggingface"])
def test_what_is_written_is_proved_and_another_project_takes_it(project: Project, tmp_path: Path, name: str) -> None:
    out = tmp_path / ("out.spacy" if name == "spacy" else "out")
    report = project.export(ExportRequest(out, name, "alice", split=None if name == "spacy" else SPLIT))
    assert report.proof.holds, report.proof.differences[:3]
    lost = sum(loss.kind is LossKind.SPAN for loss in report.left_out)
    assert report.proof.documents == 20
    with Project.create(tmp_path / "q.annotator", SCHEME) as other:
        taken = other.import_documents(ImportRequest((str(out),), format=name))
        assert (taken.accepted, taken.rejected) == (20, [])
        back = other.export(ExportRequest(tmp_path / "back.jsonl", "jsonl", "alice"))
        again = project.export(ExportRequest(tmp_path / "again.jsonl", "jsonl", "alice"))
        assert back.spans == again.spans - lost


def test_the_same_seed_makes_the_same_folder(project: Project, tmp_path: Path) -> None:
    def written(name: str, seed: int) -> dict[str, bytes]:
        project.export(ExportRequest(tmp_path / name, "huggingface", "alice", split=SPLIT, seed=seed))
        files = (path for path in (tmp_path / name).rglob("*") if path.is_file())
        return {path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in files}

    first = written("one", 3)
    assert sorted(first) == [
        "README.md", "data/test-00000-of-00001.parquet", "data/train-00000-of-00001.parquet",
        "data/validation-00000-of-00001.parquet",
    ]  # fmt: skip
    assert written("two", 3) == first
    assert written("three", 4) != first


def test_parts_are_refused_where_a_format_has_none(project: Project, tmp_path: Path) -> None:
    with pytest.raises(
        ExportRefused, match="'spacy' has no parts for training; choose one of spacy-project, huggingface"
    ):
        project.export(ExportRequest(tmp_path / "out.spacy", "spacy", "alice", split=SPLIT))
    assert not (tmp_path / "out.spacy").exists()
