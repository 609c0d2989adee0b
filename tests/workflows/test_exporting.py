"""Exports are read back as proof, say what was lost, and come with a card; imports take what files say besides."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, AnnotatorKind, Status
from annotator.domain.scheme_plain import scheme_from_plain
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document, Json
from annotator.formats import registry
from annotator.formats.jsonl import JsonlReader, JsonlWriter
from annotator.formats.shapes import (
    Format,
    Holds,
    Loss,
    Parsed,
    ReadOptions,
    Record,
    Remark,
    SchemeFound,
    Source,
    WriteOptions,
)
from annotator.workflows.export_request import ExportRefused, ExportRequest
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.project import Project
from annotator.workflows.pseudonyms import without_names

SCHEME = scheme_from_plain(
    {
        "name": "s",
        "layers": [{"name": "entities", "labels": [{"name": "PER", "description": "People | all."}, {"name": "ORG"}],
                    "attributes": [{"name": "sure"}]}],
        "relations": [{"name": "MET"}],
        "document_labels": [{"name": "news"}],
    }
)  # fmt: skip
TEXT = "Ann met Bob. Cleo left."


class Forgetful(JsonlWriter):
    """Loses the last span of every document and says nothing."""

    name = "forgetful"

    def write(
        self, docs: Iterable[AnnotatedDocument], target: BinaryIO, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        cut = (replace(doc, spans=SpanSet(list(doc.spans)[:-1]), relations={}) for doc in docs)
        super().write(cut, target, scheme, options)


class Leaves:
    """A folder with a file for each document; holds spans only."""

    name = "leaves"
    extension = ".leaf"
    loses: tuple[str, ...] = ("Everything but spans.",)
    holds = Holds(overlaps=True, sub_tokens=True)

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        return []

    def write_folder(
        self, docs: Iterable[AnnotatedDocument], folder: Path, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        for number, doc in enumerate(docs):
            bare = [replace(span, attributes={}, note="", score=None, fragments=()) for span in doc.spans]
            with (folder / f"{number}.leaf").open("wb") as file:
                JsonlWriter().write([AnnotatedDocument(doc.document, spans=SpanSet(bare))], file, scheme, options)


class Telling:
    """Says what it changed, knows a scheme, and has a model's predictions."""

    def read(self, source: Source, _options: ReadOptions) -> Iterator[Record]:
        yield SchemeFound(source.path, scheme_from_plain({"name": "x", "layers": [
            {"name": "entities", "labels": [{"name": "PLACE", "key": "p", "aliases": ["LOC"]}]}]}))  # fmt: skip
        yield Remark(source.path, 3, "two tags were repaired")
        doc = AnnotatedDocument(Document("d", TEXT), "tagger 2.0", SpanSet([Span("x", 0, 3, "LOC", score=0.7)]))
        yield Parsed(source.path, 1, doc, is_suggestion=True)
        yield Parsed(source.path, 1, replace(doc, annotator="bob", spans=SpanSet([Span("y", 8, 11, "WHO")])))


@pytest.fixture(autouse=True)
def _more_formats(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    more = [
        Format("forgetful", "Forgets", (".forget",), JsonlReader, Forgetful),
        Format("leaves", "Leaves", (".leaf",), JsonlReader, Leaves, Leaves.loses, is_folder=True),
        Format("telling", "Tells", (".tell",), Telling),
    ]
    registry._formats.cache_clear()
    held = registry._formats() | {one.name: one for one in more}
    monkeypatch.setattr(registry, "_formats", lambda: held)
    yield
    monkeypatch.undo()
    registry._formats.cache_clear()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two people's labels on one text; one more text of alice's."""
    with Project.create(tmp_path / "p.annotator", SCHEME) as made:
        spans = SpanSet([Span("a", 0, 3, "PER", attributes={"sure": "yes"}), Span("b", 8, 11, "PER", note="?"),
                         Span("c", 13, 17, "ORG", score=0.4, pipeline="en 1", decided=True)])  # fmt: skip
        doc = AnnotatedDocument(Document("one", TEXT, language="en"), "alice", spans,
            {"r": Relation("r", "a", "b", "MET")}, {"news": 1.0}, Status.DONE)  # fmt: skip
        other = replace(doc, annotator="bob", spans=SpanSet([Span("a", 0, 3, "PER")]), relations={}, cats={})
        more = AnnotatedDocument(
            Document("two", "Dan."), "alice", SpanSet([Span("d", 0, 3, "PER")]), status=Status.DONE
        )
        source = tmp_path / "in.jsonl"
        with source.open("wb") as file:
            JsonlWriter().write([doc, other, more], file, SCHEME, WriteOptions())
        assert made.import_documents(ImportRequest((str(source),))).rejected == []
        yield made


def test_what_came_back_as_it_was_is_proved(project: Project, tmp_path: Path) -> None:
    report = project.export(ExportRequest(tmp_path / "out.jsonl", "jsonl", is_all=True))
    assert report.proof.holds
    assert (report.proof.documents, report.proof.spans) == (3, 5)
    assert report.manifest is not None
    assert json.loads(report.manifest.read_text())["proof"]["is_proved"] is True


def test_what_did_not_come_back_is_named_in_report_and_manifest(project: Project, tmp_path: Path) -> None:
    report = project.export(ExportRequest(tmp_path / "out.forget", "forgetful", "alice"))
    assert not report.proof.holds
    assert "the span 13–17 ORG score 0.400000 did not come back" in " ".join(
        one.what for one in report.proof.differences
    )
    assert report.manifest is not None
    plain = json.loads(report.manifest.read_text())["proof"]
    assert (plain["is_proved"], plain["differences"][0]["document"]) == (False, "one")


def test_everything_a_format_cannot_hold_is_named(project: Project, tmp_path: Path) -> None:
    report = project.export(ExportRequest(tmp_path / "leaves", "leaves", "alice"))
    assert [(loss.kind.value, loss.label, loss.name) for loss in report.left_out] == [
        ("attribute", "PER", "sure"), ("relation", "MET", ""), ("document label", "news", "news"), ("note", "PER", ""),
    ]  # fmt: skip
    assert report.proof.holds
    assert report.spans == 4
    assert sorted(path.name for path in (tmp_path / "leaves").iterdir()) == ["0.leaf", "1.leaf"]


def test_a_folder_is_written_again_over_an_earlier_export_but_over_nothing_else(
    project: Project, tmp_path: Path
) -> None:
    out = tmp_path / "leaves"
    project.export(ExportRequest(out, "leaves", "alice"))
    project.export(ExportRequest(out, "leaves", "bob"))
    assert [path.name for path in out.iterdir()] == ["0.leaf"]
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine")
    project.export(ExportRequest(mine, "leaves", "alice"))
    assert sorted(path.name for path in mine.iterdir() if path.is_dir()) == ["p-leaves"]
    with pytest.raises(ExportRefused, match="this is a file"):
        project.export(ExportRequest(mine / "thesis.txt", "leaves", "alice"))
    assert (mine / "thesis.txt").read_text() == "mine"
    assert not list(tmp_path.rglob(".*"))


def test_only_the_labels_asked_for_are_written(project: Project, tmp_path: Path) -> None:
    report = project.export(ExportRequest(tmp_path / "o.jsonl", "jsonl", "alice", labels=("ORG",)))
    assert (report.spans, report.left_out, report.proof.holds) == (1, [], True)
    with pytest.raises(ExportRefused, match="there is no label 'X' in the scheme; choose among ORG, PER"):
        project.export(ExportRequest(tmp_path / "o.jsonl", "jsonl", "alice", labels=("X",)))


def test_the_card_says_what_who_and_how_sure(project: Project, tmp_path: Path) -> None:
    report = project.export(ExportRequest(tmp_path / "o.jsonl", "jsonl", is_all=True))
    assert report.card is not None
    text = report.card.read_text()
    assert "| PER | 4 | People \\| all. |" in text
    assert "| alice | 2 | 4 |" in text
    assert "| alice – bob | 1 | 0.500 |" in text
    assert "Suggested by a model and decided by a person: en 1 1." in text
    assert "read back and compared: 3 documents and 5 spans are as in the project" in text.casefold().replace("\n", " ")
    plain = json.loads(report.card.with_suffix(".json").read_text())
    assert (plain["documents"], plain["spans"], plain["relations"]) == (2, 5, {"MET": 1})


@pytest.mark.parametrize("name", ["jsonl", "csv", "label_studio", "leaves"])
def test_with_pseudonyms_no_file_and_no_name_of_a_file_names_anybody(
    project: Project, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "shared"
    report = project.export(ExportRequest(out / "x", name, is_all=True, has_pseudonyms=True))
    assert report.proof.holds
    written = [path for path in out.rglob("*") if path.is_file()]
    assert len(written) >= 4
    for path in written:
        assert not any(one in path.read_text() for one in ("alice", "bob"))
        assert not any(one in path.relative_to(out).as_posix() for one in ("alice", "bob"))
    assert report.card is not None
    assert {one["name"] for one in json.loads(report.card.with_suffix(".json").read_text())["annotators"]} <= {
        "A1", "A2", "nobody"
    }  # fmt: skip


def test_somebody_has_the_same_pseudonym_in_every_export(project: Project, tmp_path: Path) -> None:
    def names(whose: str | None) -> set[str]:
        out = tmp_path / f"{whose}.jsonl"
        project.export(ExportRequest(out, "jsonl", whose, is_all=whose is None, has_pseudonyms=True))
        return {json.loads(line)["annotator"] for line in out.read_text().splitlines()}

    assert names(None) == {"A1", "A2"} == names("alice") | names("bob")


def test_what_other_tools_say_of_people_is_left_out_under_pseudonyms() -> None:
    extra: dict[str, Json] = {
        "_session_id": "alice", "_task_hash": 5, "doccano": {"approved_by": "carol"},
        "label_studio": {"annotations": {"alice": {"kept": {"completed_by": {"email": "a@x"}, "id": 7}}, "carol": {}}},
    }  # fmt: skip
    doc = without_names(AnnotatedDocument(Document("d", TEXT, extra=extra), "alice"), {"alice": "A1"})
    assert doc.annotator == "A1"
    assert doc.document.extra == {
        "_task_hash": 5, "doccano": {}, "label_studio": {"annotations": {"A1": {"kept": {"id": 7}}}}
    }  # fmt: skip


@pytest.mark.parametrize("name", ["jsonl", "csv", "conll2003", "label_studio"])
def test_who_asks_for_new_documents_gets_those_that_the_annotator_has_not_begun(
    project: Project, tmp_path: Path, name: str
) -> None:
    both = (Status.NEW, Status.DONE)
    out = tmp_path / "new"
    out.mkdir()
    report = project.export(ExportRequest(out, name, "bob", statuses=both))
    assert (report.documents, report.proof.holds) == (2, True)
    assert project.export(ExportRequest(out, name, "bob", statuses=(Status.NEW,))).documents == 1
    assert project.export(ExportRequest(out, name, "bob", statuses=(Status.DONE,))).documents == 1
    assert project.export(ExportRequest(out, name, "bob")).documents == 1


def test_schemes_remarks_and_predictions_of_a_file_are_taken(tmp_path: Path) -> None:
    source = tmp_path / "a.tell"
    source.write_text("x")
    open_scheme = LabelScheme("open", is_extensible=True)
    with Project.create(tmp_path / "q.annotator", open_scheme) as made:
        report = made.import_documents(ImportRequest((str(source),), labels={"WHO": "PLACE"}))
        assert [(one.title, one.annotator, one.spans) for one in report.first] == [
            (TEXT, "tagger 2.0", ((0, 3, "LOC"),)), (TEXT, "bob", ((8, 11, "PLACE"),))
        ]  # fmt: skip
        assert (report.accepted, report.spans, report.suggestions, report.rejected) == (2, 1, 1, [])
        assert [remark.what for remark in report.remarks] == ["two tags were repaired"]
        (label,) = made.scheme().layers[0].labels
        assert (label.name, label.key, label.aliases) == ("PLACE", "p", ("LOC",))
        with made._store.reading() as reader:
            assert {one.name: one.kind for one in reader.annotators()}["tagger"] is AnnotatorKind.PIPELINE
            suggested = reader.suggestions(1)
            assert suggested is not None
            assert [(one.label, one.score, one.decided) for one in suggested.spans] == [("PLACE", 0.7, False)]


def test_gold_without_a_name_in_it_is_gold(tmp_path: Path) -> None:
    source = tmp_path / "a.conll"
    source.write_text("-DOCSTART- -X- O O\n\nAnn B-PER\nleft O\n\n-DOCSTART- -X- O O\n\nIt O\nrained O\n\n")
    with Project.create(tmp_path / "g.annotator", LabelScheme("open", is_extensible=True)) as made:
        assert made.import_documents(ImportRequest((str(source),))).accepted == 2
        report = made.export(ExportRequest(tmp_path / "o.conll", "conll2003"))
        assert (report.documents, report.spans, report.proof.holds) == (2, 1, True)
        assert made.import_documents(ImportRequest((str(source),))).duplicates == 2


def test_files_of_one_import_may_call_their_texts_the_same(project: Project, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"{number}.jsonl").write_text(f'{{"id": "doc", "text": "Text {number}."}}\n')
    report = project.import_documents(ImportRequest((str(tmp_path / "1.jsonl"), str(tmp_path / "2.jsonl"))))
    assert (report.accepted, report.rejected) == (2, [])
    assert [one.what for one in report.remarks] == ["the id 'doc' is another text's in this import; here it is 'doc-2'"]
    later = project.import_documents(ImportRequest((str(tmp_path / "3.jsonl"),)))
    assert "already taken by another text" in later.rejected[0].reason


def test_the_same_text_with_other_labels_stays_a_document_of_its_own(project: Project, tmp_path: Path) -> None:
    line = '{"id": "%s", "text": "Lol.", "spans": [{"start": 0, "end": 3, "label": "%s"}], "annotator": "alice"}\n'
    source = tmp_path / "tweets.jsonl"
    source.write_text(line % ("t1", "PER") + line % ("t2", "ORG") + line % ("t2", "PER") + line % ("t3", "PER"))
    report = project.import_documents(ImportRequest((str(source),)))
    assert (report.accepted, report.duplicates, len(report.rejected)) == (2, 1, 1)
    assert [one.what for one in report.remarks] == [
        "its text stands in 't1' too, with other labels by alice: it is a document of its own"
    ]
    again = project.import_documents(ImportRequest((str(source),)))
    assert (again.accepted, again.duplicates) == (0, 3)


def test_twins_are_told_apart_when_they_are_read_back_in_another_order(project: Project, tmp_path: Path) -> None:
    line = '{"id": "%s", "text": "Lol.", "spans": [{"start": 0, "end": 3, "label": "%s"}], "annotator": "alice"}\n'
    source = tmp_path / "tweets.jsonl"
    source.write_text(line % ("z", "PER") + line % ("y", "ORG") + (line % ("x", "PER")).replace('"end": 3', '"end": 2'))
    assert project.import_documents(ImportRequest((str(source),))).accepted == 3
    for name in ("jsonl", "brat", "webanno", "label_studio"):
        report = project.export(ExportRequest(tmp_path / name, name, "alice"))
        assert report.proof.differences == []
    report = project.export(ExportRequest(tmp_path / "f", "forgetful", "alice"))
    assert len(report.proof.differences) >= 3
