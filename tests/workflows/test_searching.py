"""Searching as the window does it: typed queries, regular expressions with a bound, corrections of what was found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.edits import SetNote
from annotator.domain.hits import Hit
from annotator.domain.queries import QueryInvalid, Regex
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.workflows import fixing
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.matching import Matcher, RegexTooSlow
from annotator.workflows.operations import DocumentEdit, perform
from annotator.workflows.progress import Cancelled, Silent
from annotator.workflows.saving import Saver
from annotator.workflows.schemes import load_scheme
from annotator.workflows.searching import MOST_HITS, Searcher

TEXTS = {"a": "Paris is in France. Paris!", "b": "Paris Hilton is in Paris.", "c": "No name here."}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.create(tmp_path / "p.annotator", load_scheme("news")) as made:
        with made.writing() as unit:
            for name, text in TEXTS.items():
                key = unit.add_document(Document(name, text))
                unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
                span = Span("p0", 0, 5, "GPE", origin=Origin.PIPELINE, decided=False, score=0.8, pipeline="p 1")
                unit.put_suggestions(key, "p", "p 1", [span] if text.startswith("Paris") else [])
        yield made


@pytest.fixture
def searcher(store: ProjectStore) -> Iterator[Searcher]:
    made = Searcher(store, "ann")
    yield made
    made.close()


def hits(searcher: Searcher, typed: str, *, limit: int = MOST_HITS) -> list[Hit]:
    return [hit for found in searcher.search(searcher.read(typed), limit=limit) for hit in found.hits]


def places(searcher: Searcher, typed: str) -> list[tuple[str, int, str, bool]]:
    return [(hit.document_id, hit.start, hit.label_id, hit.is_decided) for hit in hits(searcher, typed)]


def test_what_is_typed_is_found(searcher: Searcher) -> None:
    assert places(searcher, "paris label:gpe") == [("a", 0, "GPE", False), ("b", 0, "GPE", False)]
    assert places(searcher, r"/Paris\b(?! H)/ is:unlabelled") == [("a", 20, "", False), ("b", 19, "", False)]
    with pytest.raises(QueryInvalid, match="no label 'CITY'"):
        searcher.read("label:CITY")


def test_no_more_than_the_limit_and_one_is_looked_for(searcher: Searcher) -> None:
    assert len(hits(searcher, "/./", limit=10)) == 11


def test_a_regular_expression_that_never_ends_is_stopped_and_the_next_one_works() -> None:
    matcher = Matcher(timeout_s=0.5)
    try:
        with pytest.raises(RegexTooSlow, match="takes too long; take out a repetition inside a repetition"):
            matcher.find(Regex("(a+)+$"), ["a" * 60 + "!"], Silent())
        assert matcher.find(Regex("A|^b", ignores_case=True), ["ab\nb", "c", ""], Silent()) == [
            [(0, 1), (3, 4)],
            [],
            [],
        ]
    finally:
        matcher.close()


class Stopped(Silent):
    def is_cancelled(self) -> bool:
        return True


def test_a_regular_expression_that_nobody_waits_for_is_stopped(searcher: Searcher) -> None:
    matcher = Matcher(timeout_s=600)
    try:
        with pytest.raises(Cancelled):
            matcher.find(Regex("(a+)+$"), ["a" * 60 + "!"], Stopped())
    finally:
        matcher.close()
    with pytest.raises(Cancelled):
        list(searcher.search(searcher.read("Paris"), Stopped()))


def test_empty_matches_are_no_places() -> None:
    matcher = Matcher()
    try:
        assert matcher.find(Regex("x*"), ["axxb"], Silent()) == [[(1, 3)]]
    finally:
        matcher.close()


def test_words_get_a_span_and_spans_another_label_in_one_operation(store: ProjectStore, searcher: Searcher) -> None:
    found = hits(searcher, '"Paris"')
    report = perform(store, "ann", "Label", fixing.relabel(found, "ORG", "entities", annotator="ann"))
    assert report.left_out == ()
    labelled = [(d, at, "ORG", True) for d, at in (("a", 0), ("a", 20), ("b", 0), ("b", 19))]
    assert places(searcher, '"Paris" is:labelled') == labelled
    session = AnnotationSession(store, Saver(store), "ann")
    session.undo_whole(report.operation.id)
    assert places(searcher, "paris label:gpe") == [("a", 0, "GPE", False), ("b", 0, "GPE", False)]
    assert len(hits(searcher, '"Paris" is:unlabelled')) == 2
    session.saver.close()


def test_suggestions_are_accepted_and_spans_removed(store: ProjectStore, searcher: Searcher) -> None:
    perform(store, "ann", "Accept", fixing.accept(hits(searcher, "label:GPE"), annotator="ann"))
    decided = hits(searcher, "label:GPE is:decided")
    assert len(decided) == 2
    assert fixing.accept(decided, annotator="ann") == []
    assert fixing.relabel(decided, "GPE", "entities", annotator="ann") == []
    perform(store, "ann", "Remove", fixing.remove(decided, annotator="ann"))
    assert hits(searcher, "label:GPE") == []
    assert fixing.remove(hits(searcher, "Paris"), annotator="ann") == []


def test_other_peoples_spans_are_left_alone(searcher: Searcher) -> None:
    (hit, *_) = hits(searcher, "label:GPE")
    theirs = Hit(hit.key, "a", "", 0, 5, "", "Paris", "", "s", "GPE", "entities", "bob", "human", is_decided=True)
    assert fixing.remove([theirs], annotator="ann") == []
    assert fixing.relabel([theirs], "ORG", "entities", annotator="ann") == []


def test_notes_on_documents_are_found_and_never_corrected(store: ProjectStore, searcher: Searcher) -> None:
    perform(store, "ann", "Note", [DocumentEdit(1, SetNote("Check Paris"))])
    perform(store, "bob", "Note", [DocumentEdit(2, SetNote("Check, too"))])
    (note,) = hits(searcher, "note:check")
    assert (note.document_id, note.text, note.note) == ("a", TEXTS["a"], "Check Paris")
    assert fixing.relabel([note], "ORG", "entities", annotator="ann") == []
    assert fixing.accept([note], annotator="ann") == []
    assert fixing.remove([note], annotator="ann") == []
    assert fixing.resize([note], {note: (0, 3)}, annotator="ann") == []


def test_a_new_span_has_no_white_space_at_its_edges(store: ProjectStore, searcher: Searcher) -> None:
    perform(store, "ann", "Label", fixing.relabel(hits(searcher, "/ No? name /"), "ORG", "entities", annotator="ann"))
    perform(store, "ann", "Label", fixing.relabel(hits(searcher, "/ name /"), "ORG", "entities", annotator="ann"))
    assert [hit.text for hit in hits(searcher, "label:ORG")] == ["name"]
    assert fixing.relabel(hits(searcher, "/ /"), "ORG", "entities", annotator="ann") == []
