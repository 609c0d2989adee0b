"""YEDDA's brackets and SLATE's lines, in the shapes that their tools write and have written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark
from annotator.formats.small_tools.slate import SlateReader
from annotator.formats.small_tools.yedda import RECOMMENDED, YeddaReader
from annotator.formats.sources import read_sources
from annotator.store import ProjectStore
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.importing import import_documents
from tests.formats.reading import documents_in, read_bytes


def spans_of(doc: AnnotatedDocument) -> list[tuple[str, str]]:
    return [(doc.document.text[span.start : span.end], span.label) for span in doc.spans]


def yedda(marked: str) -> list[Record]:
    return read_bytes(YeddaReader(), marked.encode())


def test_brackets_become_spans_and_the_text_is_without_them() -> None:
    (doc,) = documents_in(yedda("A [@US#Location*] ship and [@C# compiler＃Tool*]\nto[@ Perth#Location*]."))
    assert doc.document.text == "A US ship and C# compiler\nto Perth."
    assert spans_of(doc) == [("US", "Location"), ("C# compiler", "Tool"), (" Perth", "Location")]


def test_recommended_spans_are_suggestions() -> None:
    first, second = documents_in(yedda("[@Ann#P*] saw [$Bob#P*]"))
    assert (spans_of(first), spans_of(second)) == ([("Ann", "P")], [("Bob", "P")])
    records = [record for record in yedda("[@Ann#P*] saw [$Bob#P*]") if isinstance(record, Parsed)]
    assert [(record.is_suggestion, record.doc.annotator) for record in records] == [(False, ""), (True, RECOMMENDED)]
    assert second.document.text == "Ann saw Bob"


def test_spans_are_nested_and_stray_brackets_are_text() -> None:
    records = yedda("an ov[@erwhe[@lming and #动作*]effective#参与者*] [@user] x")
    (doc,) = documents_in(records)
    assert spans_of(doc) == [("erwhelming and effective", "参与者"), ("lming and ", "动作")]
    assert doc.document.text == "an overwhelming and effective [@user] x"
    assert [record.what for record in yedda("[@user] [@#X*] y") if isinstance(record, Remark)] == [
        "1 brackets have no other end and were taken as text",
        "1 labels on nothing were left out",
    ]


@given(st.binary(max_size=100) | st.text("[@$#*]ab \n", max_size=60).map(str.encode))
def test_no_bytes_raise_in_yedda(content: bytes) -> None:
    records = read_bytes(YeddaReader(), content)
    assert records
    for record in records:
        if isinstance(record, Parsed):
            assert all(0 <= span.start < span.end <= len(record.doc.document.text) for span in record.doc.spans)


def test_an_import_of_a_folder_takes_the_annotated_texts_only(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("Ann saw Bob")
    (tmp_path / "in/a.txt.ann").write_text("[@Ann#P*] saw [$Bob#P*]")
    (tmp_path / "in/b.txt").write_text("one two\nthree")
    (tmp_path / "in/b.txt.annotations").write_text("(0, 1) - P\n")
    with ProjectStore.create(tmp_path / "p.annotator", LabelScheme("open", is_extensible=True)) as store:
        report = import_documents(store, ImportRequest((str(tmp_path / "in"),)))
        assert (report.accepted, report.duplicates, report.spans, report.suggestions) == (2, 0, 2, 1)
        assert report.rejected == []


TEXT = "Mr Smith went\n\n  to  New York , he said\nend\n"


def slate(folder: Path, *lines: str, name: str = "a.txt.annotations", text: str = TEXT) -> list[Record]:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return list(read_sources([str(folder / name)], None, ReadOptions()))


def test_tokens_are_counted_by_line(tmp_path: Path) -> None:
    (doc,) = documents_in(slate(tmp_path, "(0, 1) - PER", "((2, 1), (2, 2)) - LOC label:GPE", "((3, 0), (3, 0)) - X"))
    assert doc.document.text == TEXT
    assert doc.document.id == "a"
    assert spans_of(doc) == [("Smith", "PER"), ("New York", "LOC"), ("New York", "GPE"), ("end", "X")]
    assert list(doc.document.tokens.sentence_starts) == [0, 3, 9]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("((2, 1, 0), (2, 1, 1)) - X", "(0, 0, 1) - Y"), [("r", "Y"), ("Ne", "X")]),
        (("3 - X", "(0,) - Y"), [("Mr Smith went", "Y"), ("end", "X")]),
        (("(3, 3) - X", "(0, 0) - Y"), [("Mr Smith went", "Y"), ("end", "X")]),
        (("((0, 0), (2, 0)) - X",), [("Mr Smith went\n\n  to", "X")]),
        (("(0, 0) - ",), [("Mr", "MARKED")]),
    ],
)
def test_other_scopes_are_read(tmp_path: Path, lines: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    (doc,) = documents_in(slate(tmp_path, *lines))
    assert spans_of(doc) == expected


def test_links_are_relations_and_labels_of_the_document_document_labels(tmp_path: Path) -> None:
    records = slate(tmp_path, "2 0 - ", "3 2 - ", "3 3 - ", "[(0, 0), (0, 1)] - ", "() - sport")
    (doc,) = documents_in(records)
    joined = [
        (doc.document.text[head.start : head.end][:5], doc.document.text[child.start : child.end][:5])
        for one in doc.relations.values()
        if (head := doc.spans.find(one.head)) and (child := doc.spans.find(one.child))
    ]
    assert joined == [("to  N", "Mr Sm"), ("end", "to  N"), ("Mr", "Smith")]
    assert doc.cats == {"sport": 1.0}
    assert [record.what for record in records if isinstance(record, Remark)] == [
        "1 links of an item to itself were not taken"
    ]


def test_several_files_are_several_annotators(tmp_path: Path) -> None:
    (one,) = documents_in(slate(tmp_path, "(0, 1) - PER", name="a.txt.annotations1"))
    (two,) = documents_in(slate(tmp_path, "(0, 1) - LOC", name="a.txt.category.annotations2"))
    assert [(doc.annotator, doc.document.text, spans_of(doc)) for doc in (one, two)] == [
        ("slate-1", TEXT, [("Smith", "PER")]),
        ("slate-2", TEXT, [("Smith", "LOC")]),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("(9, 0) - X", "there is no (9, 0) in the text"),
        ("(1, 0) - X", "there is no (1, 0) in the text"),
        ("((2, 2), (2, 1)) - X", "((2, 2), (2, 1)) ends before it begins"),
        ("(0, 0)", "it is no place and labels with a hyphen between them"),
        ("__import__('os') - X", "it is no place and labels with a hyphen between them"),
        ("((0, 0), (0)) - X", "'((0, 0), (0))' is no place in a text"),
        ("(" * 500 + " - X", f"'{'(' * 40}' is no place in a text"),
        ("- X", "it names no place"),
    ],
)
def test_a_bad_line_is_rejected_by_itself(tmp_path: Path, line: str, reason: str) -> None:
    records = slate(tmp_path, "(0, 1) - PER", line)
    assert [(record.line, record.reason) for record in records if isinstance(record, Rejected)] == [(2, reason)]
    assert [spans_of(record.doc) for record in records if isinstance(record, Parsed)] == [[("Smith", "PER")]]


def test_annotations_without_their_text_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "b.txt.annotations").write_text("(0, 1) - PER\n")
    assert list(read_sources([str(tmp_path / "b.txt.annotations")], None, ReadOptions())) == [
        Rejected(str(tmp_path / "b.txt.annotations"), 1, "the text b.txt is not beside it")
    ]
    assert [type(record) for record in read_bytes(SlateReader(), b"(0, 1) - X")] == [Rejected]
