"""Label Studio's exports and configurations are read whole, whatever their offsets count, and written back."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest

from annotator.domain.labels import Attribute, AttributeKind, Label, LabelScheme, Layer
from annotator.domain.offsets import Utf16Map
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document
from annotator.formats.holding import losses_of
from annotator.formats.label_studio import reader as ls_reader
from annotator.formats.label_studio import results as ls_results
from annotator.formats.label_studio.reader import LabelStudioReader
from annotator.formats.label_studio.writer import LabelStudioWriter
from annotator.formats.shapes import (
    LossKind,
    Parsed,
    ReadOptions,
    Record,
    Rejected,
    Remark,
    SchemeFound,
    Source,
    WriteOptions,
)
from annotator.formats.sources import read_sources
from tests.formats.reading import OPEN, documents_in

FILES = Path(__file__).parents[1] / "data" / "formats" / "label_studio"
TEXT = "Ann met 😀 Bob."
ANN: dict[str, Any] = {
    "id": "a", "from_name": "label", "to_name": "text", "type": "labels",
    "value": {"start": 0, "end": 3, "text": "Ann", "labels": ["PER"]},
}  # fmt: skip
BOB: dict[str, Any] = ANN | {"id": "b", "value": {"start": 10, "end": 13, "text": "Bob", "labels": ["PER"]}}


def task(*results: dict[str, Any], text: str = TEXT, **annotation: Any) -> dict[str, Any]:
    return {"id": 7, "data": {"text": text}, "annotations": [{"completed_by": 1, "result": list(results)} | annotation]}


def read_tasks(*tasks: dict[str, Any], name: str = "tasks.json", config: str = "") -> list[Record]:
    content = orjson.dumps(list(tasks))
    beside = Source("config.xml", "config", lambda: io.BytesIO(config.encode()), "config.xml")
    source = Source(
        name, "tasks", lambda: io.BytesIO(content), name,
        lambda wanted: beside if config and wanted == "config.xml" else None,
        lambda: (name, "config.xml") if config else (name,),
    )  # fmt: skip
    return list(LabelStudioReader().read(source, ReadOptions()))


def read_one(*results: dict[str, Any], **more: Any) -> AnnotatedDocument:
    (doc,) = documents_in(read_tasks(task(*results, **more)))
    return doc


def places(doc: AnnotatedDocument) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in doc.spans]


def remarks(records: list[Record]) -> list[str]:
    return [record.what for record in records if isinstance(record, Remark)]


def reasons(records: list[Record]) -> list[str]:
    return [record.reason for record in records if isinstance(record, Rejected)]


def write(docs: list[AnnotatedDocument], folder: Path, scheme: LabelScheme = OPEN) -> list[dict[str, Any]]:
    folder.mkdir(exist_ok=True)
    LabelStudioWriter().write_folder(docs, folder, scheme, WriteOptions())
    tasks: list[dict[str, Any]] = orjson.loads((folder / "tasks.json").read_bytes())
    return tasks


def read_back(folder: Path) -> list[AnnotatedDocument]:
    return documents_in(read_sources([str(folder)], "label_studio", ReadOptions()))


@pytest.mark.parametrize("name", ["project-1.json", "project-1.min.json", "project-1.csv", "project-1.tsv"])
def test_an_export_has_every_annotators_spans_with_the_words_they_say(name: str) -> None:
    records = list(read_sources([str(FILES / name)], None, ReadOptions()))
    docs = documents_in(records)
    by_annotator = {one: [doc for doc in docs if doc.annotator == one] for one in "123"}
    assert {one: len(found) for one, found in by_annotator.items()} == {"1": 6, "2": 6, "3": 6}
    first = next(doc for doc in by_annotator["1"] if doc.document.text.startswith("😀"))
    assert [first.document.text[start:end] for start, end, _ in places(first)] == [
        "United States", "Obama", "Kori Schulman", "Capitol Hill",
    ]  # fmt: skip
    assert first.document.meta["doc"] == "n01001"
    (found,) = [record for record in records if isinstance(record, SchemeFound)]
    assert [label.name for _, label in found.scheme.labels] == ["PER", "ORG", "LOC"]


def test_all_shapes_of_one_project_say_the_same() -> None:
    found = []
    for name in ("project-1.json", "project-1.min.json", "project-1.csv", "project-1.tsv"):
        docs = documents_in(read_sources([str(FILES / name)], None, ReadOptions()))
        found.append(sorted((doc.document.text, doc.annotator, places(doc)) for doc in docs))
    assert found[0] == found[1] == found[2] == found[3]


def test_predictions_of_which_the_file_has_only_the_number_are_remarked_on_once() -> None:
    records = list(read_sources([str(FILES / "project-1.json")], None, ReadOptions()))
    assert remarks(records) == [f"{ls_reader.ONLY_NUMBERS} (6 times)"]


def test_offsets_in_utf16_units_are_found_out_and_converted() -> None:
    units = Utf16Map(TEXT)
    bob = BOB["value"] | {"start": units.to_utf16(10), "end": units.to_utf16(13)}
    records = read_tasks(task(ANN, BOB | {"value": bob}))
    assert places(documents_in(records)[0]) == [(0, 3, "PER"), (10, 13, "PER")]
    assert remarks(records) == [ls_reader.IN_UTF16]


def test_the_words_of_one_task_say_what_the_offsets_of_another_count() -> None:
    wordless = BOB | {"value": {"start": 11, "end": 14, "labels": ["PER"]}}
    telling = BOB | {"value": BOB["value"] | {"start": 11, "end": 14}}
    docs = documents_in(read_tasks(task(wordless, text="Ann saw 😀 Bob."), task(telling)))
    assert [places(doc) for doc in docs] == [[(10, 13, "PER")], [(10, 13, "PER")]]


def test_without_words_offsets_are_code_points_and_that_is_said() -> None:
    records = read_tasks(task(BOB | {"value": {"start": 10, "end": 13, "labels": ["PER"]}}))
    assert places(documents_in(records)[0]) == [(10, 13, "PER")]
    assert remarks(records) == [ls_reader.UNPROVED]


def test_a_region_beside_its_words_is_moved_and_one_without_them_is_rejected() -> None:
    beside, elsewhere = (BOB | {"value": BOB["value"] | place} for place in ({"start": 8, "end": 11}, {"text": "Eve"}))
    records = read_tasks(task(beside), task(elsewhere), task(ANN, text="Ann left."))
    docs = [record.doc for record in records if isinstance(record, Parsed)]
    assert [places(doc) for doc in docs] == [[(10, 13, "PER")], [(0, 3, "PER")]]
    assert remarks(records) == [ls_results.MOVED]
    assert reasons(records) == ["the annotation of 1: a region at 10–13 says 'Eve', but 'Bob' stands there"]


def test_each_annotator_has_a_set_and_a_prediction_is_a_suggestion() -> None:
    plain = task(ANN)
    plain["annotations"] += [
        {"completed_by": {"id": 2, "email": "eve@example.org"}, "result": [BOB], "was_cancelled": True},
        {"completed_by": 1, "result": [BOB]},
    ]
    plain["predictions"] = [{"model_version": "ner 2.1", "score": 0.5, "result": [ANN, BOB | {"score": 0.9}]}]
    records = read_tasks(plain)
    people = [record for record in records if isinstance(record, Parsed) and not record.is_suggestion]
    (guess,) = [record for record in records if isinstance(record, Parsed) and record.is_suggestion]
    assert [(one.doc.annotator, one.doc.status) for one in people] == [
        ("1", Status.DONE), ("eve@example.org", Status.SKIPPED), ("1#2", Status.DONE),
    ]  # fmt: skip
    assert (guess.doc.annotator, [span.score for span in guess.doc.spans]) == ("ner 2.1", [0.5, 0.9])


def test_relations_have_their_direction_and_labels() -> None:
    def relation(direction: str, *labels: str) -> dict[str, Any]:
        plain = {"type": "relation", "from_id": "a", "to_id": "b", "direction": direction}
        return plain | ({"labels": list(labels)} if labels else {})

    plain = task(
        ANN, BOB, relation("right", "MET"), relation("left", "KNEW"), relation("bi", "MET"), relation("right"),
        relation("right", "MET") | {"to_id": "gone"},
    )  # fmt: skip
    records = read_tasks(plain)
    (doc,) = documents_in(records)
    assert [(one.head, one.child, one.label, dict(one.attributes)) for one in doc.relations.values()] == [
        ("a", "b", "MET", {}), ("b", "a", "KNEW", {}), ("a", "b", "MET", {"direction": "bi"}),
        ("a", "b", "related", {}),
    ]  # fmt: skip
    assert remarks(records) == [ls_results.UNLABELLED, ls_results.LOST_END]


def test_answers_about_a_region_are_attributes_and_its_meta_is_the_note() -> None:
    doc = read_one(
        ANN | {"meta": {"text": ["is she?"]}, "score": 0.25},
        {"id": "a", "from_name": "kind", "type": "choices", "value": {"start": 0, "end": 3, "choices": ["real"]}},
        {"id": "a", "from_name": "roles", "type": "choices", "value": {"choices": ["x", "y"]}},
        {"id": "a", "from_name": "link", "type": "textarea", "value": {"text": ["Q1"]}},
        {"id": "a", "from_name": "age", "type": "number", "value": {"number": 30}},
        {"id": "a", "from_name": "place", "type": "taxonomy", "value": {"taxonomy": [["Europe", "France"]]}},
    )
    (span,) = doc.spans
    assert (span.note, span.score) == ("is she?", 0.25)
    assert dict(span.attributes) == {
        "kind": "real", "roles": ["x", "y"], "link": "Q1", "age": 30, "place": [["Europe", "France"]],
    }  # fmt: skip


def test_answers_about_the_text_are_document_labels_and_its_note() -> None:
    choice = {"id": "c", "from_name": "topic", "type": "choices", "value": {"choices": ["sport", "news"]}}
    note = {"id": "n", "from_name": "comment", "type": "textarea", "value": {"text": ["check", "again"]}}
    doc = read_one(choice, note)
    assert (dict(doc.cats), doc.note) == ({"sport": 1.0, "news": 1.0}, "check\nagain")
    other = {"id": "d", "from_name": "tone", "type": "choices", "value": {"choices": ["news"]}}
    assert dict(read_one(choice, other).cats) == {"topic: sport": 1.0, "topic: news": 1.0, "tone: news": 1.0}


def test_what_has_no_place_here_is_kept_remarked_on_and_written_back(tmp_path: Path) -> None:
    rating = {"id": "r", "from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": 4}}
    plain = task(ANN | {"hidden": True}, rating, lead_time=12.5, ground_truth=True, id=99)
    records = read_tasks(plain | {"inner_id": 3, "file_upload": "x.json"})
    assert remarks(records) == [ls_results.KEPT]
    docs = documents_in(records)
    (written,) = write(docs, tmp_path / "out")
    assert (written["id"], written["inner_id"], written["file_upload"]) == (7, 3, "x.json")
    (annotation,) = written["annotations"]
    assert (annotation["lead_time"], annotation["ground_truth"], annotation["id"]) == (12.5, True, 99)
    assert annotation["completed_by"] == 1
    assert annotation["result"][0]["hidden"] is True
    assert annotation["result"][-1] == rating
    assert read_back(tmp_path / "out") == docs


def test_several_labels_of_a_region_are_several_spans_and_one_without_any_is_kept() -> None:
    several = ANN | {"value": ANN["value"] | {"labels": ["PER", "VIP"]}}
    records = read_tasks(task(several, BOB | {"value": BOB["value"] | {"labels": []}}))
    (doc,) = documents_in(records)
    assert places(doc) == [(0, 3, "PER"), (0, 3, "VIP")]
    assert remarks(records) == [ls_results.SEVERAL_LABELS, ls_results.NO_LENGTH]


def test_a_web_page_is_taken_as_its_text_where_the_file_gives_places_in_it() -> None:
    page = "<html><head><title>T</title></head><body><p>Ann &amp; <b>Bob</b></p></body></html>"
    value: dict[str, Any] = {
        "start": "/p[1]/b[1]/text()[1]", "end": "/p[1]/b[1]/text()[1]", "startOffset": 0, "endOffset": 3, "text": "Bob",
        "hypertextlabels": ["PER"],
    }  # fmt: skip
    region = BOB | {"type": "hypertextlabels", "value": value}
    plain = {"data": {"html": page}, "annotations": [{"result": [region]}]}
    assert reasons(read_tasks(plain)) == [
        "the annotation: a region of a web page has no globalOffsets, only places in the page's code"
    ]
    value["globalOffsets"] = {"start": 6, "end": 9}
    records = read_tasks(plain)
    (doc,) = documents_in(records)
    assert (doc.document.text, places(doc), remarks(records)) == (
        "Ann & Bob", [(6, 9, "PER")], [ls_reader.PAGE_AS_TEXT],
    )  # fmt: skip


def test_the_lines_of_a_dialogue_are_one_text() -> None:
    lines = [{"author": "A", "text": "Hi 😀"}, {"author": "B", "text": "Hello Ann"}]
    value = {"start": "1", "end": "1", "startOffset": 6, "endOffset": 9, "text": "Ann", "paragraphlabels": ["PER"]}
    plain = {"data": {"talk": lines}, "annotations": [{"result": [ANN | {"type": "paragraphlabels", "value": value}]}]}
    records = read_tasks(plain)
    (doc,) = documents_in(records)
    assert (doc.document.text, places(doc)) == ("Hi 😀\nHello Ann", [(11, 14, "PER")])
    assert remarks(records) == [ls_reader.JOINED_LINES]


@pytest.mark.parametrize(
    ("plain", "reason"),
    [
        ({"data": {"image": "a.png"}, "annotations": []}, "the task has no text (its data have image)"),
        ({"data": {"text": "https://example.org/a.txt"}}, "the text is not in the file but at an address"),
        ({"data": {"text": " "}}, "the text has only white space"),
        ({"data": 3}, "the task has no data"),
        ({"data": {"text": "a"}, "annotations": {}}, "annotations is not a list"),
        (task(ANN | {"value": {"start": 0, "end": 99, "labels": ["PER"]}}), "the annotation of 1: a region at 0–99 "
         "does not lie within the text of 14 characters"),
        (task(ANN | {"value": {"start": None, "labels": ["PER"]}}),
         "the annotation of 1: a region has no whole numbers as start and end"),
    ],
)  # fmt: skip
def test_a_task_that_cannot_be_taken_is_rejected_with_the_reason(plain: dict[str, Any], reason: str) -> None:
    records = read_tasks(plain, task(ANN))
    assert reasons(records) == [reason]
    assert len([record for record in records if isinstance(record, Parsed)]) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[",
        b'[{"data": {"text": "a"}, "annotations": [',
        b"\xff\xfe",
        b"\x00\x01",
        b"[[1]]",
        b'{"data"',
        b"[1, 2]",
    ],
)
def test_damage_is_a_sentence_and_nothing_else(content: bytes) -> None:
    source = Source("tasks.json", "tasks", lambda: io.BytesIO(content), "tasks.json")
    records = list(LabelStudioReader().read(source, ReadOptions()))
    assert records
    assert {type(record) for record in records} == {Rejected}


def test_encodings_with_marks_line_ends_and_json_lines_are_read() -> None:
    plain = orjson.dumps(task(ANN)).decode()
    for content in (f"[{plain}]".encode("utf-16"), f"\ufeff[\r\n{plain}\r\n]".encode(), f"{plain}\r\n{plain}".encode()):
        source = Source("t.json", "t", lambda content=content: io.BytesIO(content), "t.json")  # type: ignore[misc]
        assert places(documents_in(LabelStudioReader().read(source, ReadOptions()))[0]) == [(0, 3, "PER")]


CONFIG = """<View>
  <Header value="Who?"/>
  <Labels name="ner" toName="txt"><Label value="Person" alias="PER" background="#ff6666" hotkey="p"/>
    <Label value="Place" hotkey="p"/></Labels>
  <Labels name="events" toName="txt"><Label value="Meeting" hint="two people"/></Labels>
  <Text name="txt" value="$body"/>
  <Relations><Relation value="MET"/></Relations>
  <Choices name="topic" toName="txt" choice="multiple"><Choice value="sport"/><Choice value="news"/></Choices>
  <Choices name="kind" toName="txt" perRegion="true"><Choice value="real"/><Choice value="made up"/></Choices>
  <TextArea name="link" toName="txt" perRegion="true" whenLabelValue="Person"/>
</View>"""


def test_a_configuration_is_a_scheme_and_says_which_field_is_the_text() -> None:
    event = ANN | {"from_name": "events", "value": {"start": 0, "end": 7, "labels": ["Meeting"]}, "id": "e"}
    plain = {
        "data": {"text": "not this", "body": TEXT},
        "annotations": [{"result": [ANN | {"from_name": "ner"}, event]}],
    }
    records = read_tasks(plain, config=CONFIG)
    assert isinstance(records[0], SchemeFound)
    scheme = records[0].scheme
    assert [(layer.name, [(one.name, one.aliases, one.key) for one in layer.labels]) for layer in scheme.layers] == [
        ("entities", [("Person", ("PER",), "p"), ("Place", (), "")]), ("events", [("Meeting", (), "")]),
    ]  # fmt: skip
    assert scheme.layers[1].labels[0].description == "two people"
    assert [one.name for one in scheme.relation_labels] == ["MET"]
    assert [one.name for one in scheme.document_labels] == ["sport", "news"]
    assert scheme.layers[0].attributes == (
        Attribute("kind", AttributeKind.CHOICE, ("real", "made up")), Attribute("link", labels=("Person",)),
    )  # fmt: skip
    (doc,) = documents_in(records)
    assert (doc.document.text, doc.document.meta["text"]) == (TEXT, "not this")
    assert sorted((span.layer, span.label) for span in doc.spans) == [("entities", "PER"), ("events", "Meeting")]


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("<View><Labels", "the labelling configuration is no well-formed XML"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><View/>", "with entities of its own"),
        ("<Views/>", "begins with View, not with Views"),
    ],
)
def test_a_broken_configuration_is_a_sentence(config: str, reason: str) -> None:
    source = Source("config.xml", "config", lambda: io.BytesIO(config.encode()), "config.xml")
    (record,) = LabelStudioReader().read(source, ReadOptions())
    assert isinstance(record, Rejected)
    assert reason in record.reason


def test_a_configuration_is_read_along_with_the_tasks_beside_it_or_alone(tmp_path: Path) -> None:
    shutil.copy(FILES / "label_config.xml", tmp_path)
    (record,) = read_sources([str(tmp_path)], None, ReadOptions())
    assert isinstance(record, SchemeFound)
    shutil.copy(FILES / "project-1.json", tmp_path)
    records = list(read_sources([str(tmp_path)], None, ReadOptions()))
    assert [type(record) for record in records].count(SchemeFound) == 1
    assert len(documents_in(records)) == 18


@pytest.mark.parametrize("name", ["project-1.json", "project-1.min.json", "project-1.csv"])
def test_what_was_read_is_written_and_read_again_the_same(name: str, tmp_path: Path) -> None:
    docs = documents_in(read_sources([str(FILES / name)], None, ReadOptions()))
    docs.sort(key=lambda doc: (doc.document.text, doc.annotator))
    tasks = write(docs, tmp_path / "out")
    back = sorted(read_back(tmp_path / "out"), key=lambda doc: (doc.document.text, doc.annotator))
    assert len(tasks) == 6
    for doc, again in zip(docs, back, strict=True):
        assert (again.annotator, again.spans, again.status) == (doc.annotator, doc.spans, doc.status)
        assert again.document.meta == doc.document.meta
    assert [doc.document.extra for doc in back] == [doc.document.extra for doc in docs] or name != "project-1.json"


SCHEME = LabelScheme(
    "s",
    layers=(
        Layer("entities", (Label("p", "PER", "1"),), attributes=(Attribute("kind", AttributeKind.CHOICE, ("a", "b")),)),
        Layer("label", (Label("m", "MEETING"),)),
    ),
    relation_labels=(Label("met", "MET"),),
    document_labels=(Label("c", "sport"), Label("n", "news")),
)
FULL = AnnotatedDocument(
    Document("d1", TEXT, "A title", "en", meta={"year": 3, "text": "also"}),
    "alice",
    SpanSet([
        Span("a", 0, 3, "p", attributes={"kind": "a", "wiki": "Q1", "label": "x", "sure": True}, note="is she?",
             score=0.5),
        Span("b", 10, 13, "p", attributes={"kind": "no such value"}),
        Span("e", 0, 13, "m", "label", fragments=((0, 7), (10, 13))),
    ]),
    {"r": Relation("r", "a", "b", "met", {"direction": "bi", "sure": 1})},
    {"c": 1.0, "n": 0.5},
    Status.SKIPPED,
    "a note\non two lines",
)  # fmt: skip


def test_everything_that_is_held_comes_back_with_two_annotators(tmp_path: Path) -> None:
    other = AnnotatedDocument(FULL.document, "bob", SpanSet([Span("z", 4, 7, "p")]), status=Status.DONE)
    fresh = AnnotatedDocument(Document("d2", "Nobody was here."), "alice")
    (first, second) = write([FULL, other, fresh], tmp_path / "out", SCHEME)
    assert [one["annotator"] for one in first["annotations"]] == ["alice", "bob"]
    assert second["annotations"] == []
    alice, bob, nobody = read_back(tmp_path / "out")
    assert [(s.id, s.start, s.end, s.label, s.layer, s.note, s.score, s.fragments) for s in alice.spans] == [
        ("e", 0, 13, "MEETING", "label", "", None, ((0, 7), (10, 13))),
        ("a", 0, 3, "PER", "entities", "is she?", 0.5, ()), ("b", 10, 13, "PER", "entities", "", None, ()),
    ]  # fmt: skip
    assert [dict(span.attributes) for span in alice.spans] == [dict(span.attributes) for span in FULL.spans]
    assert dict(alice.relations) == {"r": Relation("r", "a", "b", "MET", {"direction": "bi", "sure": 1})}
    assert (dict(alice.cats), alice.note, alice.status) == ({"sport": 1.0}, FULL.note, Status.SKIPPED)
    assert (alice.document.title, alice.document.language, alice.document.meta) == ("A title", "en", FULL.document.meta)
    assert (bob.annotator, bob.status, nobody.annotator, nobody.status) == ("bob", Status.DONE, "", Status.NEW)


def test_a_document_label_with_a_value_is_named_as_lost() -> None:
    (loss,) = losses_of(LabelStudioWriter(), FULL, SCHEME, WriteOptions())
    assert (loss.kind, loss.label, loss.name) == (LossKind.DOCUMENT_LABEL, "news", "n")


def test_label_studio_finds_every_control_and_label_of_the_tasks_in_the_configuration(tmp_path: Path) -> None:
    """What Label Studio checks on import: one name a control, and each result answers one that there is."""
    tasks = write([FULL], tmp_path / "out", SCHEME)
    root = ElementTree.fromstring((tmp_path / "out" / "config.xml").read_bytes())
    named = [one for one in root.iter() if one.get("name")]
    controls = {one.get("name"): one for one in named}
    assert root.tag == "View"
    assert len(controls) == len(named)
    for one in named:
        assert one.tag == "Text" or one.get("toName") in controls
    relation_labels = {one.get("value") for one in root.iter("Relation")}
    ids = {one["id"] for one in tasks[0]["annotations"][0]["result"] if one["type"] == "labels"}
    for result in tasks[0]["annotations"][0]["result"]:
        if result["type"] == "relation":
            assert {result["from_id"], result["to_id"]} <= ids
            assert set(result["labels"]) <= relation_labels
            continue
        control = controls[result["from_name"]]
        assert control.tag.lower() == result["type"]
        assert control.get("toName") == result["to_name"] == "text"
        if result["type"] != "textarea":
            assert set(result["value"][result["type"]]) <= {one.get("value") for one in control}
        is_about_region = result["id"] in ids and result["type"] != "labels"
        assert (control.get("perRegion") == "true") == is_about_region
    assert {"completed_by"}.isdisjoint(tasks[0]["annotations"][0])


def test_the_scheme_that_was_written_is_found_again(tmp_path: Path) -> None:
    write([FULL], tmp_path / "out", SCHEME)
    (found,) = [
        record
        for record in read_sources([str(tmp_path / "out")], None, ReadOptions())
        if isinstance(record, SchemeFound)
    ]
    assert [label.name for _, label in found.scheme.labels] == ["PER", "MEETING"]
    assert [label.hue for _, label in found.scheme.labels] == [label.hue for _, label in SCHEME.labels]
    assert Attribute("kind", AttributeKind.CHOICE, ("a", "b")) in found.scheme.layers[0].attributes
    assert [one.name for one in found.scheme.document_labels] == ["sport", "news"]


def test_an_id_that_two_texts_have_is_left_out_of_the_second() -> None:
    one, two = ({"data": {"id": "x", "text": text}} for text in ("One.", "Two."))
    records = read_tasks(one, two)
    assert [doc.document.id for doc in documents_in(records)] == ["x", ""]
    assert remarks(records) == [ls_reader.SAME_ID]
