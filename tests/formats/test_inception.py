"""Whole projects of INCEpTION: archives built here as it exports them, with real CAS files inside."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from annotator.domain.labels import AttributeKind
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, SchemeFound
from annotator.formats.sources import read_sources

DATA = Path(__file__).parents[1] / "data" / "formats" / "uima"
NER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
SOURCE = "It has a text."


def feature(name: str, tag_set: str | None = None, type_: str = "uima.cas.String", **more: object) -> dict[str, object]:
    held = {"name": tag_set, "tags": [], "create_tag": False} if tag_set else None
    return {"name": name, "tag_set": held, "type": type_, "enabled": True, "link_type_name": None, **more}


def layer(name: str, kind: str, *features: dict[str, object], **more: object) -> dict[str, object]:
    return {
        "name": name,
        "type": kind,
        "enabled": True,
        "features": list(features),
        "overlap_mode": "ANY_OVERLAP",
        **more,
    }


DESCRIBED: dict[str, object] = {
    "name": "News",
    "source_documents": [
        {"name": "a.txt", "format": "text", "state": "CURATION_FINISHED"},
        {"name": "b.txt", "format": "text", "state": "NEW"},
    ],
    "annotation_documents": [
        {"name": "a.txt", "user": "ann", "state": "FINISHED", "annotatorComment": "hard"},
        {"name": "a.txt", "user": "bo", "state": "IN_PROGRESS", "annotatorComment": None},
        {"name": "a.txt", "user": "cy", "state": "IGNORE", "annotatorComment": None},
    ],
    "tag_sets": [
        {"name": "NER", "tags": [{"tag_name": "OTH", "tag_description": None}, {"tag_name": "PER"}]},
        {"name": "Certain", "tags": [{"tag_name": "yes"}, {"tag_name": "no"}]},
        {"name": "Relations", "tags": [{"tag_name": "nsubj"}]},
    ],
    "layers": [
        layer("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token", "span"),
        layer(NER, "span", feature("identifier"), feature("value", "NER"), feature("sure", "Certain")),
        layer("webanno.custom.Mark", "span", feature("done", type_="uima.cas.Boolean"), overlap_mode="NO_OVERLAP"),
        layer("webanno.custom.ComplexRelation", "relation", feature("value", "Relations")),
        layer("webanno.custom.Old", "span", enabled=False),
    ],
}


def zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def xmi(name: str) -> bytes:
    return (DATA / f"{name}.xmi").read_bytes()


SMALL = {
    "cas.xmi": (DATA / "small" / "small_cas.xmi").read_bytes(),
    "TypeSystem.xml": (DATA / "small" / "TypeSystem.xml").read_bytes(),
}
FILES: dict[str, bytes] = {
    "exportedproject123.json": json.dumps(DESCRIBED).encode(),
    "source/a.txt": b"This is a test .",
    "source/b.txt": SOURCE.encode(),
    "annotation/a.txt/INITIAL_CAS.zip": zipped(SMALL),
    "annotation/a.txt/ann.zip": zipped(SMALL),
    "annotation/a.txt/bo_8090299544098498525.xmi": xmi("testSimpleChain"),
    "annotation/a.txt/cy.json": (DATA / "slots.json").read_bytes(),
    "curation/a.txt/CURATION_USER.zip": zipped({"CURATION_USER1.xmi": xmi("testSimpleSameRoleSlotFeature")}),
    "annotation_ser/a.txt/ann.ser": b"\xac\xed",
    "curation_ser/a.txt/CURATION_USER.ser": b"\xac\xed",
}


def read(folder: Path, files: Mapping[str, bytes], name: str | None = None) -> list[Record]:
    path = folder / "project.zip"
    path.write_bytes(zipped(files))
    return list(read_sources([str(path)], name, ReadOptions()))


def documents(records: list[Record]) -> dict[tuple[str, str], AnnotatedDocument]:
    docs = [record.doc for record in records if isinstance(record, Parsed)]
    return {(doc.document.id, doc.annotator): doc for doc in docs}


@pytest.mark.parametrize("name", ["inception", None])
@pytest.mark.parametrize("root", ["", "News/", "/"])
def test_every_document_is_read_for_every_annotator(root: str, name: str | None, tmp_path: Path) -> None:
    records = read(tmp_path, {root + path: content for path, content in FILES.items()}, name)
    assert [record for record in records if isinstance(record, Rejected)] == []
    docs = documents(records)
    assert set(docs) == {("a.txt", "ann"), ("a.txt", "bo"), ("a.txt", "cy"), ("a.txt", "gold"), ("b.txt", "")}
    assert docs["b.txt", ""].document.text == SOURCE
    assert len(docs["a.txt", "bo"].spans) == 3


def test_states_and_comments_are_kept(tmp_path: Path) -> None:
    docs = documents(read(tmp_path, FILES))
    assert {key: doc.status for key, doc in docs.items()} == {
        ("a.txt", "ann"): Status.DONE,
        ("a.txt", "bo"): Status.IN_PROGRESS,
        ("a.txt", "cy"): Status.SKIPPED,
        ("a.txt", "gold"): Status.DONE,
        ("b.txt", ""): Status.NEW,
    }
    assert docs["a.txt", "ann"].note == "hard"


def test_layers_and_tag_sets_are_the_scheme(tmp_path: Path) -> None:
    found = read(tmp_path, FILES)[0]
    assert isinstance(found, SchemeFound)
    scheme = found.scheme
    assert scheme.name == "News"
    assert {one.name: [label.name for label in one.labels] for one in scheme.layers} == {
        "entities": ["OTH", "PER"],
        "Mark": ["Mark"],
    }
    assert [label.name for label in scheme.relation_labels] == ["nsubj"]
    entities, mark = scheme.layers
    assert [(one.name, one.kind, one.values) for one in entities.attributes] == [
        ("identifier", AttributeKind.TEXT, ()),
        ("sure", AttributeKind.CHOICE, ("yes", "no")),
    ]
    assert [one.kind for one in mark.attributes] == [AttributeKind.FLAG]
    assert (mark.overlap.value, entities.overlap.value) == ("none", "any")


def test_remarks_come_once_with_the_number_of_files(tmp_path: Path) -> None:
    users = {f"annotation/a.txt/u{number}.xmi": xmi("testSimpleChain") for number in range(3)}
    files = {"exportedproject.json": json.dumps(DESCRIBED).encode(), "source/b.txt": SOURCE.encode(), **users}
    remarks = [record.what for record in read(tmp_path, files) if isinstance(record, Remark)]
    assert len(remarks) == 1 and remarks[0].endswith("(3 files)")


def test_what_java_serialised_is_told_and_stops_nothing(tmp_path: Path) -> None:
    files = {**FILES, "annotation_ser/a.txt/dan.ser": b"\xac\xed", "annotation/a.txt/eva.zip": b"no zip"}
    records = read(tmp_path, files)
    reasons = {Path(one.path).name: one.reason for one in records if isinstance(one, Rejected)}
    assert set(reasons) == {"dan.ser", "eva.zip"}
    assert reasons["dan.ser"].endswith("export the project again with the format UIMA CAS XMI or UIMA CAS JSON")
    assert reasons["eva.zip"].startswith("it cannot be unpacked")
    assert len(documents(records)) == 5


def test_a_document_that_nobody_opened_is_read_from_its_first_cas(tmp_path: Path) -> None:
    kept = ("exportedproject123.json", "annotation/a.txt/INITIAL_CAS.zip", "source/b.txt")
    docs = documents(read(tmp_path, {name: FILES[name] for name in kept}))
    assert set(docs) == {("a.txt", ""), ("b.txt", "")}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "the project cannot be read: not valid JSON"),
        (b"[]", "the project cannot be read: it is not a JSON object"),
    ],
)
def test_a_broken_description_is_one_sentence(content: bytes, reason: str, tmp_path: Path) -> None:
    (record,) = read(tmp_path, {"exportedproject.json": content})
    assert isinstance(record, Rejected) and record.reason.startswith(reason)


def test_nonsense_in_the_description_does_not_matter(tmp_path: Path) -> None:
    plain = {
        "name": 3,
        "source_documents": [1, {"name": "b.txt"}],
        "layers": [{"name": 1}, 2, {"features": {}}],
        "tag_sets": {},
    }
    files = {"exportedproject.json": json.dumps(plain).encode(), "source/b.txt": SOURCE.encode()}
    assert set(documents(read(tmp_path, files))) == {("b.txt", "")}


def test_another_archive_is_not_taken_for_a_project(tmp_path: Path) -> None:
    (record,) = read(tmp_path, {"a.txt": b"Some text."})
    assert isinstance(record, Parsed) and record.doc.document.text == "Some text."
    (record,) = read(tmp_path, {"a.txt": b"Some text."}, "inception")
    assert isinstance(record, Rejected) and "exportedproject.json" in record.reason


def test_the_description_of_an_unpacked_project_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "exportedproject.json").write_text("{}")
    (tmp_path / "a.txt").write_text("Some text.")
    records = list(read_sources([str(tmp_path)], None, ReadOptions()))
    assert [type(record) for record in records] == [Parsed]
