"""What several annotators said, as rows: whose, on which layer, where, decided or not; tokens as they are stored."""

from __future__ import annotations

from pathlib import Path

from annotator.domain.edits import AddSpan, SetCat, SetStatus
from annotator.domain.projects import Status
from annotator.domain.spans import Span
from annotator.store import ProjectStore
from tests.store.making import ANN, BOB, TEXT, document, empty_set, make, write


def project(path: Path) -> ProjectStore:
    store = make(path, document("d1"), document("d2"), document("d3"))
    write(store, empty_set(document("d1")), AddSpan(ANN), AddSpan(BOB), SetStatus(Status.DONE))
    pieces = Span("s9", 0, 11, "PERSON", fragments=((0, 3), (8, 11)))
    write(store, empty_set(document("d1"), "bea"), AddSpan(pieces), SetCat("news", 1.0))
    write(store, empty_set(document("d2"), "bea"), AddSpan(BOB), key=2)
    return store


def test_sets_come_by_document_and_annotator_with_status_and_document_labels(tmp_path: Path) -> None:
    with project(tmp_path / "p.annotator") as store, store.reading() as reader:
        found = [(one.key, one.annotator, one.status, dict(one.cats)) for one in reader.compared().sets()]
    assert found == [
        (1, "alice", Status.DONE, {}),
        (1, "bea", Status.NEW, {"news": 1.0}),
        (2, "bea", Status.NEW, {}),
    ]


def test_only_the_spans_of_the_named_annotators_and_layer_are_read(tmp_path: Path) -> None:
    with project(tmp_path / "p.annotator") as store, store.reading() as reader:
        found = {
            (one.start, one.end, one.label_id, one.is_decided) for one in reader.compared().spans(["alice"], ANN.layer)
        }
        assert not list(reader.compared().spans(["alice"], "another layer"))
        assert reader.compared().spans_by_layer(["alice", "bea"]) == {ANN.layer: 4}
    assert found == {(0, 3, ANN.label, True), (8, 11, BOB.label, True)}


def test_a_span_in_pieces_keeps_its_parts(tmp_path: Path) -> None:
    with project(tmp_path / "p.annotator") as store, store.reading() as reader:
        found = {one.label_id: one.parts for one in reader.compared().spans(["bea"], ANN.layer) if one.key == 1}
    assert found == {"PERSON": ((0, 3), (8, 11))}


def test_documents_come_in_order_and_only_those_asked_for(tmp_path: Path) -> None:
    with project(tmp_path / "p.annotator") as store, store.reading() as reader:
        found = [(one.key, one.id, one.length) for one in reader.compared().documents({3, 1})]
    assert found == [(1, "d1", len(TEXT)), (3, "d3", len(TEXT))]


def test_tokens_are_those_that_were_stored(tmp_path: Path) -> None:
    with project(tmp_path / "p.annotator") as store, store.reading() as reader:
        ((key, starts, ends),) = reader.compared().token_offsets([2])
    tokens = document("d2").tokens
    assert (key, list(starts), list(ends)) == (2, list(tokens.starts), list(tokens.ends))
