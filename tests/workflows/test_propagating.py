"""Searching the corpus for places: complete whatever the index of words knows, first results early, can be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.edits import AddSpan, Batch, SetStatus
from annotator.domain.projects import Status
from annotator.domain.propagation import Offer, Place, Rules
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document
from annotator.store import ProjectStore
from annotator.workflows.progress import Cancelled, Silent
from annotator.workflows.propagating import CorpusSearch, DocumentPlaces, edits_of_corpus
from tests.store.making import SCHEME, empty_set, write

TEXTS = ("Die Straße.", "Strasse, STRASSE!", "私は東京都に", "cafe\u0301", "O’Neil", "nothing")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.create(tmp_path / "p.annotator", SCHEME) as made:
        with made.writing() as unit:
            for number, text in enumerate(TEXTS, 1):
                unit.add_document(Document(f"d{number}", text))
        yield made


def search(store: ProjectStore, surface: str, *, but: int = -1, match_case: bool = False) -> list[DocumentPlaces]:
    offer = Offer(surface, "GPE", "entities", Rules(match_case=match_case))
    made = CorpusSearch(store, "alice", SCHEME, offer, but=but)
    assert made.run(Silent()) == len(TEXTS) - (but > 0)
    return made.take()


@pytest.mark.parametrize(
    ("surface", "expected"),
    [("Strasse", {1: 1, 2: 2}), ("東京", {3: 1}), ("café", {4: 1}), ("O'Neil", {5: 1}), ("absent", {})],
)
def test_every_document_with_the_string_is_found(store: ProjectStore, surface: str, expected: dict[int, int]) -> None:
    assert {found.key: len(found.places) for found in search(store, surface)} == expected


def test_the_open_document_is_left_out(store: ProjectStore) -> None:
    assert [found.key for found in search(store, "Strasse", but=1)] == [2]


def test_own_sets_and_else_suggestions_are_what_is_there(store: ProjectStore) -> None:
    first = Span("p0", 0, 7, "ORG", origin=Origin.PIPELINE, decided=False, score=0.5, pipeline="p 1")
    with store.writing() as unit:
        unit.put_suggestions(2, "p", "p 1", [first])
        unit.put_suggestions(1, "p", "p 1", [Span("p1", 4, 10, "ORG", origin=Origin.PIPELINE, decided=False)])
    write(store, empty_set(Document("d1", TEXTS[0])), AddSpan(Span("own", 4, 10, "GPE")), SetStatus(Status.DONE))
    with_label, suggested = sorted(search(store, "Strasse"), key=lambda found: found.key)
    assert (with_label.places, with_label.same, with_label.status) == ((), 1, Status.DONE)
    held = [one.place.held for one in suggested.places]
    assert [(span.id, span.decided) if span else None for span in held] == [("p0", False), None]


class Watch(Silent):
    """Stops after the first report."""

    def __init__(self) -> None:
        self.reports: list[tuple[int, int | None]] = []

    def report(self, done: int, total: int | None, unit: str) -> None:  # noqa: ARG002
        self.reports.append((done, total))

    def is_cancelled(self) -> bool:
        return bool(self.reports)


def test_what_the_index_knows_comes_first_and_stays_when_the_search_is_stopped(store: ProjectStore) -> None:
    watch = Watch()
    made = CorpusSearch(store, "alice", SCHEME, Offer("Strasse", "GPE", "entities", Rules(match_case=False)), but=-1)
    with pytest.raises(Cancelled):
        made.run(watch)
    assert watch.reports == [(1, 6)]
    assert [found.key for found in made.take()] == [2]
    assert made.take() == []


def test_a_done_document_is_in_progress_again_by_a_suggestion_but_not_the_open_one() -> None:
    offer = Offer("Ann", "PERSON", "entities", Rules())
    chosen = {1: [Place(0, 3)], 2: [Place(0, 3)], 3: [Place(4, 7)], 4: []}
    edits = edits_of_corpus(chosen, offer, open_key=1, done=frozenset((1, 2)))
    assert [edit.key for edit in edits] == [1, 2, 3]
    assert [isinstance(edit.edit, Batch) and SetStatus(Status.IN_PROGRESS) in edit.edit.edits for edit in edits] == [
        False,
        True,
        False,
    ]
