"""brat standoff: what brat's own tutorial says is read, and comes back as it was; damage is a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.labels import AttributeKind, LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document
from annotator.formats.brat.colours import colour_of, find_hue
from annotator.formats.brat.configuration import scheme_from
from annotator.formats.brat.configuration_writing import Seen, annotation_conf, visual_conf
from annotator.formats.brat.writer import BratWriter
from annotator.formats.folder_names import FileNames
from annotator.formats.holding import losses_of, what_is_left
from annotator.formats.proof import differences
from annotator.formats.shapes import LossKind, Parsed, ReadOptions, Record, Rejected, Remark, SchemeFound, WriteOptions
from annotator.formats.sources import read_sources
from tests.formats.reading import OPEN
from tests.strategies import ranges

SPAN_MARKS: list[dict[str, Any]] = [
    {}, {"events": ["E1"]}, {"events": ["E77", "E78"], "E78:Negation": True, "E77:note": "x"}, {"Mention": "Name"},
    {"normalization": [{"reference": "W:1"}]}, {"normalization": ["no"]}, {"note": "y", "E9:note": "z"},
]  # fmt: skip
RELATION_MARKS: list[dict[str, Any]] = [
    {}, {"event": "E1"}, {"event": "E77"}, {"event": "E77", "role": "Agent3"}, {"equiv": True}, {"note": "x"},
    {"equiv": True, "sure": "no"}, {"roles": ["A", "B"]}, {"roles": ["A", "A"]}, {"head_target": "E77"},
    {"child_target": "E1", "Negation": True},
]  # fmt: skip
NEWS = Path(__file__).parents[1] / "data" / "formats" / "brat" / "news"


def read(place: Path, name: str | None = "brat", options: ReadOptions | None = None) -> list[Record]:
    return list(read_sources([str(place)], name, options or ReadOptions()))


def documents(records: list[Record]) -> dict[str, AnnotatedDocument]:
    return {record.doc.document.id: record.doc for record in records if isinstance(record, Parsed)}


def reasons(records: list[Record], kind: type[Rejected] | type[Remark] = Rejected) -> list[str]:
    return [
        (record.reason if isinstance(record, Rejected) else record.what)
        for record in records
        if isinstance(record, kind)
    ]


def folder_of(tmp_path: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def one(tmp_path: Path, text: str | bytes, ann: str | bytes, options: ReadOptions | None = None) -> AnnotatedDocument:
    records = read(folder_of(tmp_path, {"a.txt": text, "a.ann": ann}), options=options)
    assert reasons(records) == []
    return documents(records)["a"]


def written(docs: list[AnnotatedDocument], folder: Path, scheme: LabelScheme = OPEN) -> Path:
    place = folder / "out"
    place.mkdir()
    BratWriter().write_folder(docs, place, scheme, WriteOptions())
    return place


def test_the_tutorial_is_read_once_each_whoever_guesses() -> None:
    records = read(NEWS, None)
    assert reasons(records) == reasons(records, Remark) == []
    assert len(documents(records)) == 6
    assert [type(record) for record in records].count(SchemeFound) == 1
    assert isinstance(records[0], SchemeFound)


def test_the_tutorial_comes_back_as_it_was(tmp_path: Path) -> None:
    held = documents(read(NEWS))
    assert documents(read(written(list(held.values()), tmp_path))) == held
    assert [loss for doc in held.values() for loss in losses_of(BratWriter(), doc, OPEN, WriteOptions())] == []


@pytest.mark.parametrize("name", ["090-event_structures", "100-attribute_annotation", "110-note_annotation"])
def test_the_lines_of_the_tutorial_come_back_too(name: str, tmp_path: Path) -> None:
    doc = documents(read(NEWS))[name]
    place = written([doc], tmp_path)
    assert (place / f"{name}.txt").read_bytes() == (NEWS / f"{name}.txt").read_bytes()

    def lines_of(folder: Path) -> list[str]:
        return sorted(line.rstrip() for line in (folder / f"{name}.ann").read_text().splitlines())

    assert lines_of(place) == lines_of(NEWS)


@given(data=st.data())
@settings(max_examples=30)
def test_what_is_changed_in_the_tutorial_comes_back(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    doc = data.draw(st.sampled_from(sorted(documents(read(NEWS)).values(), key=lambda one: one.document.id)))
    more = []
    for number in range(data.draw(st.integers(1, 4))):
        start, end = data.draw(ranges(len(doc.document.text)))
        marks = data.draw(st.sampled_from(SPAN_MARKS))
        note = data.draw(st.sampled_from(("", "hm", "a\n\nb")))
        more.append(
            Span(f"s{number}", start, end, data.draw(st.sampled_from(("X", "Report"))), attributes=marks, note=note)
        )
    held = [span.id for span in doc.spans]
    spans = doc.spans.changed(more, data.draw(st.sets(st.sampled_from(held), max_size=4)) if held else ())
    ids = [span.id for span in spans]
    relations = {key: one for key, one in doc.relations.items() if one.head in spans and one.child in spans}
    for number in range(data.draw(st.integers(0, 4))):
        marks, label = data.draw(st.sampled_from(RELATION_MARKS)), data.draw(st.sampled_from(("Agent", "Org-Arg")))
        head, child = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(ids))
        relations[f"n{number}"] = Relation(f"n{number}", head, child, label, marks)
    changed = replace(doc, spans=spans, relations=relations)
    writer = BratWriter()
    left = what_is_left(changed, writer.holds, losses_of(writer, changed, OPEN, WriteOptions()))
    (back,) = documents(read(written([changed], tmp_path_factory.mktemp("news")))).values()
    assert differences(left, back, OPEN, writer.holds) == []


def test_an_event_is_its_trigger_and_a_relation_for_each_argument() -> None:
    doc = documents(read(NEWS))["090-event_structures"]
    trigger = doc.spans.find("T3")
    assert trigger is not None
    assert (trigger.label, trigger.attributes) == ("Merge-org", {"events": ["E1"]})
    args = [relation for relation in doc.relations.values() if relation.attributes.get("event") == "E1"]
    assert [(relation.head, relation.child, relation.label) for relation in args] == [
        ("T3", "T1", "Org-Arg"),
        ("T3", "T2", "Org-Arg"),
    ]
    assert doc.relations["E2.2"] == Relation("E2.2", "T5", "T3", "Event-Arg", {"event": "E2"})


def test_notes_are_on_spans_on_relations_and_on_events() -> None:
    doc = documents(read(NEWS))["110-note_annotation"]
    place, event = doc.spans.find("T1"), doc.spans.find("T5")
    assert place is not None
    assert event is not None
    assert place.note == "Should fictional places be annotated?"
    assert event.note.startswith("Annotate as one merge event")
    assert doc.relations["R1"].attributes == {"note": "Should this be marked? It's not explicitly stated."}


def test_the_scheme_has_labels_rules_attributes_other_names_and_colours() -> None:
    scheme = next(record.scheme for record in read(NEWS) if isinstance(record, SchemeFound))
    layer = scheme.layers[0]
    names = [label.name for label in layer.labels]
    assert names[:5] == ["Person", "Organization", "GPE", "Money", "Be-born"]
    assert "Life" not in names
    gpe = scheme.find_label("GPE")
    assert gpe is not None
    assert gpe.aliases == ("Geo-political entity",)
    assert gpe.hue == find_hue("#FFD412")
    born = scheme.find_label("Be-born")
    assert born is not None
    assert born.description == "A kind of Life; an event"
    kinds = {one.name: (one.kind, one.values) for one in layer.attributes}
    assert kinds["Confidence"] == (AttributeKind.CHOICE, ("High", "Neutral", "Low"))
    assert kinds["Negation"] == (AttributeKind.FLAG, ())
    assert [(rule.heads, rule.children) for rule in scheme.rules_of("Located")] == [(("Person",), ("GPE",))]
    agent = scheme.rules_of("Agent-Arg")
    assert [(rule.heads, rule.children) for rule in agent] == [
        (("Die",), ("Person", "Organization", "GPE")),
        (("Start-org",), ("Person", "Organization", "GPE")),
    ]


def test_a_scheme_comes_back_from_the_configuration_that_is_written() -> None:
    scheme = next(record.scheme for record in read(NEWS) if isinstance(record, SchemeFound))
    back = scheme_from(annotation_conf(scheme, Seen()), visual_conf(scheme))
    assert [(one.name, one.hue, one.aliases) for _, one in back.labels] == [
        (one.name, one.hue, one.aliases) for _, one in scheme.labels
    ]
    assert back.rules_of("Origin") == scheme.rules_of("Origin")
    assert back.layers[0].attributes == scheme.layers[0].attributes


def test_the_nearest_configuration_upwards_counts(tmp_path: Path) -> None:
    for name in ("deep/a", "deep/er/b", "c"):
        path = tmp_path / "corpus" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Ann")
        path.with_suffix(".ann").write_text("T1\tX 0 3\tAnn\n")
    (tmp_path / "corpus/annotation.conf").write_text("[entities]\nX\n")
    (tmp_path / "corpus/deep/er/annotation.conf").write_text("[spans]\nX\nY\n")
    found = [record for record in read(tmp_path / "corpus") if isinstance(record, SchemeFound)]
    assert [len(list(record.scheme.labels)) for record in found] == [1, 2]


def test_rules_that_the_annotations_break_are_left_out_and_named(tmp_path: Path) -> None:
    conf = "[entities]\nX\nY\n[relations]\nOf Arg1:X, Arg2:Y\nBy Arg1:X, Arg2:Y\n"
    lines = "T1\tX 0 3\tcat\nT2\tY 4 7\tdog\nR1\tBy Arg1:T1 Arg2:T2\nR2\tOf Arg1:T2 Arg2:T1\n"
    records = read(
        folder_of(tmp_path, {"a.txt": "cat", "a.ann": "", "b.txt": "cat dog", "b.ann": lines, "annotation.conf": conf})
    )
    assert reasons(records, Remark) == ["what Of may join is left out, because annotations here break it"]
    scheme = next(record.scheme for record in records if isinstance(record, SchemeFound))
    assert [rule.label for rule in scheme.relation_rules] == ["By"]


def test_hues_come_back_from_the_colours_that_are_written() -> None:
    assert [find_hue(colour_of(hue)) for hue in (255, 25, 195, 120, 350, 55)] == [255, 25, 195, 120, 350, 55]
    assert find_hue("white") is find_hue("nonsense") is find_hue("#888") is None
    assert find_hue("lightgreen") == find_hue("#90ee90")


def test_pieces_zero_width_marks_norms_and_other_comments_are_kept(tmp_path: Path) -> None:
    ann = (
        "T1\tA 0 5;16 23\tworld\textra\n".replace("world\textra", "Hello brat👍is")
        + "T2\tB 6 6\t\nR1\tOf Bacterium:T1 Place:T3\nT3\tA 6 10\tbig \nM1\tSpeculation T3\n"
        "A1\tHow T3 very much\nA2\tHow T3 little\nN1\tReference T1 Wikipedia:64488\tCarlos Salinas\n"
        "#1\tNormalization T2\tlost\n#2\tAnnotatorNotes T3\tone\n#3\tAnnotatorNotes T3\ttwo\n"
        "#4\tAnnotatorNotes all\tof the text\n*\tEquiv T1 T3\n"
    )
    records = read(folder_of(tmp_path, {"a.txt": "Hello\nbig\nworld brat👍is here", "a.ann": ann}))
    assert reasons(records) == []
    doc = documents(records)["a"]
    first, third = doc.spans.find("T1"), doc.spans.find("T3")
    assert first is not None
    assert third is not None
    assert first.fragments == ((0, 5), (16, 23))
    assert first.attributes == {"normalization": [{"reference": "Wikipedia:64488", "text": "Carlos Salinas"}]}
    assert third.attributes == {"Speculation": True, "How": ["very much", "little"]}
    assert third.note == "one\ntwo"
    assert doc.note == "of the text"
    assert doc.relations["R1"].attributes == {"roles": ["Bacterium", "Place"]}
    assert doc.relations["*1.1"].attributes == {"equiv": True}
    assert len(reasons(records, Remark)) == 2
    place = written([doc], tmp_path)
    assert documents(read(place))["a"] == doc
    assert "T2\tB 6 6\t\n" in (place / "a.ann").read_text()


def test_two_events_of_one_trigger_keep_their_own_attributes(tmp_path: Path) -> None:
    ann = (
        "T1\tP 0 3\tcat\nT2\tBind 4 9\tbinds\nE1\tBind:T2 Theme:T1\nE2\tBind:T2 Theme2:T1 Theme:E1\n"
        "A1\tNegation E2\n#1\tAnnotatorNotes E1\thm\nA2\tSure T2 no\nR1\tCause Arg1:E2 Arg2:T1\n"
    )
    doc = one(tmp_path, "cat binds", ann)
    trigger = doc.spans.find("T2")
    assert trigger is not None
    assert trigger.attributes == {"events": ["E1", "E2"], "E2:Negation": True, "E1:note": "hm", "Sure": "no"}
    assert doc.relations["E2.2"].attributes == {"event": "E2", "role": "Theme", "child_target": "E1"}
    assert doc.relations["R1"].attributes == {"head_target": "E2"}
    place = written([doc], tmp_path)
    assert documents(read(place))["a"] == doc
    assert sorted((place / "a.ann").read_text().splitlines()) == sorted(ann.splitlines())


def test_the_parts_of_bionlp_are_read_together(tmp_path: Path) -> None:
    files = {"a.txt": "cat binds", "a.a1": "T1\tP 0 3\tcat\n", "a.a2": "T2\tBind 4 9\tbinds\nE1\tBind:T2 Theme:T1\n"}
    records = read(folder_of(tmp_path, files), None)
    assert [type(record) for record in records] == [Parsed]
    doc = documents(records)["a"]
    assert (len(doc.spans), len(doc.relations)) == (2, 1)


def test_beside_annotations_the_parts_of_bionlp_are_named_as_not_read(tmp_path: Path) -> None:
    records = read(folder_of(tmp_path, {"a.txt": "cat", "a.ann": "", "a.a1": "T1\tP 0 3\tcat\n"}))
    assert reasons(records, Remark) == ["a.a1 beside it is not read, because brat does not either"]


def test_a_text_alone_is_a_document_only_if_brat_was_asked_for(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"a.txt": "Ann", "b.txt": "Bob", "b.ann": "T1\tX 0 3\tBob\n"})
    assert {key: len(doc.spans) for key, doc in documents(read(folder)).items()} == {"a": 0, "b": 1}
    assert len(documents(read(folder / "b.txt"))["b"].spans) == 1
    assert len(documents(read(folder / "b.txt", None))["b"].spans) == 0


@pytest.mark.parametrize(
    ("text", "ann", "counted"),
    [
        ("a\r\nbcd", "T1\tX 3 6\tbcd\n", ""),
        ("a\r\nbcd", "T1\tX 2 5\tbcd\n", "a line end of two characters as one"),
        ("👍 bcd", "T1\tX 2 5\tbcd\n", ""),
        ("👍 bcd", "T1\tX 3 6\tbcd\n", "UTF-16 units"),
        ("é bcd", "T1\tX 3 6\tbcd\n", "bytes"),
        ("\ufeffa bcd", "T1\tX 3 6\tbcd\n", "the byte-order mark, too"),
    ],
)
def test_offsets_count_what_the_words_say(tmp_path: Path, text: str, ann: str, counted: str) -> None:
    records = read(folder_of(tmp_path, {"a.txt": text, "a.ann": ann}))
    doc = documents(records)["a"]
    assert [doc.document.text[span.start : span.end] for span in doc.spans] == ["bcd"]
    expected = [f"its offsets count {counted}; they were converted"] if counted else []
    assert reasons(records, Remark) == expected


def test_line_ends_made_one_move_the_spans_along(tmp_path: Path) -> None:
    doc = one(tmp_path, "a\r\nb\rcd", "T1\tX 5 7\tcd\n", ReadOptions(newlines="lf"))
    assert doc.document.text == "a\nb\ncd"
    assert [(span.start, span.end) for span in doc.spans] == [(4, 6)]


def test_a_span_over_a_line_end_is_written_as_brat_takes_it_and_comes_back_whole(tmp_path: Path) -> None:
    span = Span("T1", 0, 8, "X", fragments=((0, 5), (6, 8)))
    doc = AnnotatedDocument(Document("a", "New\nYork is"), spans=SpanSet([Span("T9", 0, 8, "X"), span]))
    place = written([doc], tmp_path)
    lines = (place / "a.ann").read_text().splitlines()
    assert "T9\tX 0 3;4 8\tNew York" in lines
    assert "T1\tX 0 3;4 5;6 8\tNew Y rk" in lines
    back = documents(read(place))["a"]
    assert {span.id: span.parts for span in back.spans} == {"T1": ((0, 5), (6, 8)), "T9": ((0, 8),)}


def test_names_that_are_no_word_are_written_as_one(tmp_path: Path) -> None:
    spans = SpanSet([Span("s1", 0, 3, "NEW YORK"), Span("T1", 4, 7, "a:b|c%20"), Span("s2", 4, 7, "-")])
    relations = {"x": Relation("x", "s1", "T1", "goes to", {"how far": "very"})}
    doc = AnnotatedDocument(Document("a", "Ann Bob"), spans=spans, relations=relations)
    place = written([doc], tmp_path)
    records = read(place)
    back = documents(records)["a"]
    assert sorted(span.label for span in back.spans) == ["-", "NEW YORK", "a:b|c%20"]
    assert [(one.label, one.attributes) for one in back.relations.values()] == [("goes to", {"how far": "very"})]
    scheme = next(record.scheme for record in records if isinstance(record, SchemeFound))
    assert {label.name for _, label in scheme.labels} == {"-", "NEW YORK", "a:b|c%20"}


def test_what_no_line_holds_is_named(tmp_path: Path) -> None:
    span = Span("T1", 0, 3, "X", attributes={"n": 3, "t": " x", "ok": "y", "events": ["no"]}, note="a\rb", layer="l")
    doc = AnnotatedDocument(Document("a", "Ann"), spans=SpanSet([span]))
    losses = losses_of(BratWriter(), doc, OPEN, WriteOptions())
    assert {(loss.kind, loss.name) for loss in losses} == {
        (LossKind.ATTRIBUTE, "n"), (LossKind.ATTRIBUTE, "t"), (LossKind.ATTRIBUTE, "events"), (LossKind.NOTE, ""),
        (LossKind.LAYER, ""),
    }  # fmt: skip
    back = next(iter(documents(read(written([doc], tmp_path)))["a"].spans))
    assert (back.attributes, back.note) == ({"ok": "y"}, "")


def test_comments_about_what_is_gone_are_not_written(tmp_path: Path) -> None:
    doc = one(tmp_path, "cat dog", "T1\tX 0 3\tcat\nT2\tX 4 7\tdog\n#1\tFlag T1\tsee\n#2\tFlag T2\tsee\n")
    place = written([replace(doc, spans=doc.spans.changed((), ["T1"]))], tmp_path)
    assert (place / "a.ann").read_text() == "T2\tX 4 7\tdog\n#2\tFlag T2\tsee\n"


@pytest.mark.parametrize(
    ("ann", "reason"),
    [
        ("T1 X 0 3 cat", "there is no tab after the id"),
        ("T1\tX zero 3\tcat", "there are no offsets"),
        ("T1\tX 3 0\tcat", "ends before it begins"),
        ("T1\tX 0 300\tcat", "behind the text of 7 characters"),
        ("T1\tX 0 3\tdog", "says 'dog', but 'cat' stands there"),
        ("R1\tOf Arg1:T1 Arg2:T2", "R1 is about T1, which is not there or could not be taken"),
        ("E1\tX:T1", "E1 is about T1"),
        ("A1\tX", "there is no name and id"),
        ("Q1\tX", "nothing begins with 'Q'"),
        ("#1\tAnnotatorNotes T9\tsee", "#1 is about T9"),
        ("*\tEquiv T1", "fewer than two things"),
        ("\x00\x01\x02", "binary"),
    ],
)
def test_damage_is_a_sentence_and_stops_nothing_else(tmp_path: Path, ann: str, reason: str) -> None:
    records = read(
        folder_of(tmp_path, {"a.txt": "cat dog", "a.ann": f"{ann}\nT7\tX 4 7\tdog\n", "b.txt": "x", "b.ann": ""})
    )
    assert any(reason in one for one in reasons(records))
    assert "b" in documents(records)
    if "\0" not in ann:
        assert [span.id for span in documents(records)["a"].spans] == ["T7"]


def test_an_id_that_is_there_twice_and_many_faults(tmp_path: Path) -> None:
    ann = "T1\tX 0 3\tcat\nT1\tX 4 7\tdog\n" + "nonsense\n" * 500
    found = reasons(read(folder_of(tmp_path, {"a.txt": "cat dog", "a.ann": ann})))
    assert found[0] == "the id T1 is there twice"
    assert found[-1] == "401 more of its lines cannot be taken"
    assert len(found) == 101


def test_a_missing_an_empty_and_a_foreign_text(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.ann": "",
        "b.ann": "",
        "b.txt": "",
        "c.ann": "T1\tX 0 4\tcafé\n".encode("cp1252"),
        "c.txt": b"caf\xe9",
    }
    records = read(folder_of(tmp_path, files))
    assert reasons(records) == ["there is no text beside it (a.txt)", "the text is empty"]
    assert documents(records)["c"].document.meta == {"encoding": "cp1252 (guessed)"}


def test_a_configuration_that_is_none_is_named(tmp_path: Path) -> None:
    records = read(folder_of(tmp_path, {"a.txt": "cat", "a.ann": "", "annotation.conf": "nothing"}))
    assert reasons(records) == ["it has no [entities] and no [events], so it is no configuration of brat's"]


def test_names_of_files() -> None:
    names = FileNames()
    wanted = ["a/b", "a/B", "../x", "con", "", 'a"b', ".hidden", "a/b"]
    assert [names.name_for(one) for one in wanted] == [
        "a/b",
        "a/B-2",
        "x",
        "con-",
        "document",
        "a-b",
        "-hidden",
        "a/b-3",
    ]
