"""What is written is what is read, for random documents and random histories."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.edits import AddRelation, AddSpan, Edit, apply
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document
from tests.property.test_edits import simple_edits
from tests.store.making import bare, building_edit, empty_set, entry_for, load, make, write
from tests.strategies import annotated_documents, json_values, texts

METAS = st.dictionaries(st.text(max_size=3), st.one_of(json_values, st.just(2**70)), max_size=3)


@st.composite
def histories(draw: st.DrawFn) -> tuple[AnnotatedDocument, list[Edit]]:
    """A document and edits, each of which fits what came before."""
    doc = draw(annotated_documents())
    edits = [building_edit(doc)]
    for _ in range(draw(st.integers(0, 8))):
        edit = draw(simple_edits(doc))
        is_taken = (isinstance(edit, AddSpan) and edit.span.id in doc.spans) or (
            isinstance(edit, AddRelation) and edit.relation.id in doc.relations
        )
        if not is_taken:
            edits.append(edit)
            doc = apply(doc, edit).doc
    return doc, edits


@given(annotated_documents())
def test_a_written_document_is_read_as_it_was(doc: AnnotatedDocument) -> None:
    with tempfile.TemporaryDirectory() as folder, make(Path(folder, "p"), doc.document) as store:
        write(store, bare(doc), building_edit(doc))
        loaded = load(store)
        assert loaded == doc
        assert loaded.document.tokens == doc.document.tokens
        assert loaded.document.tokenizer == doc.document.tokenizer


@given(texts(), METAS, METAS)
def test_what_is_known_about_a_document_is_kept(text: str, meta: dict[str, object], extra: dict[str, object]) -> None:
    added = Document("d", text, title=" A ‘title’\n", language="fr", meta=meta, extra=extra)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder, make(Path(folder, "p"), added) as store, store.reading() as reader:
        loaded = reader.load_document(1)
        assert loaded == added
        assert type(loaded.meta) is dict
        assert (reader.find_document("d"), reader.find_by_text(added.text_sha256)) == (1, 1)


@given(histories())
@settings(max_examples=40)
def test_a_history_gives_the_same_on_disk_in_memory_and_replayed(history: tuple[AnnotatedDocument, list[Edit]]) -> None:
    expected, edits = history
    with tempfile.TemporaryDirectory() as folder, make(Path(folder, "p"), expected.document) as store:
        assert write(store, bare(expected), *edits) == expected
        with store.reading() as reader:
            assert reader.load(1, "alice") == expected
            assert list(reader.sets()) == [(1, expected)]
            entries = reader.journal(1, "alice")
        replayed = bare(expected)
        for entry in entries:
            replayed = apply(replayed, entry.edit).doc
        assert replayed == expected
        for entry in reversed(entries):
            replayed = apply(replayed, entry.inverse).doc
        assert replayed == bare(expected)


@given(st.lists(annotated_documents(max_spans=3), min_size=1, max_size=3))
@settings(max_examples=15)
def test_all_sets_at_once_are_the_sets_one_by_one(docs: list[AnnotatedDocument]) -> None:
    with tempfile.TemporaryDirectory() as folder, make(Path(folder, "p")) as store:
        with store.writing() as unit:
            for number, doc in enumerate(docs):
                key = unit.add_document(Document(f"d{number}", doc.document.text, tokens=doc.document.tokens))
                for name in ("bob", "alice"):
                    blank = AnnotatedDocument(unit.load_document(key), name)
                    unit.append(entry_for(blank, building_edit(doc), key=key))
        with store.reading() as reader:
            every = [(key, doc.annotator, doc) for key, doc in reader.sets()]
            assert [(key, name) for key, name, _ in every] == [
                (key, name) for key in reader.document_keys() for name in ("alice", "bob")
            ]
            assert all(reader.load(key, name) == doc for key, name, doc in every)
            assert {name for _, doc in reader.sets(annotators=["bob"]) for name in (doc.annotator,)} == {"bob"}
            assert list(reader.sets(annotators=[])) == []
            wanted = docs[0].status
            assert all(doc.status is wanted for _, doc in reader.sets(statuses=[wanted]))


def test_more_sets_than_a_page_come_in_order(tmp_path: Path) -> None:
    with make(tmp_path / "p") as store:
        with store.writing() as unit:
            for number in range(205):
                unit.append(
                    entry_for(
                        empty_set(made := Document(f"d{number}", f"text {number}")),
                        building_edit(empty_set(made)),
                        key=unit.add_document(made),
                    )
                )
        with store.reading() as reader:
            assert [doc.document.id for _, doc in reader.sets()] == [f"d{number}" for number in range(205)]
