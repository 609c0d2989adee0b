"""The document list: counts, statuses, and queries that are never search syntax."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.edits import AddSpan, SetStatus
from annotator.domain.projects import Status
from annotator.domain.spans import Origin, Span
from annotator.store import ProjectStore
from tests.store.making import ANN, document, empty_set, make, write

SUGGESTED = Span("p", 0, 3, "PERSON", origin=Origin.PIPELINE, decided=False)
TITLES = {
    "d1": 'Ann says "no" to NEAR and OR',
    "d2": "Une journée à Québec — l’État",
    "d3": "مرحبا بالعالم",
    "d4": "👍🏽 well done 100%",
    "d5": "under_score a:b (c)",
}


@pytest.fixture
def titled(tmp_path: Path) -> ProjectStore:
    with make(tmp_path / "titled", *(document(id_, "Body of text.", title) for id_, title in TITLES.items())) as store:
        return store


def found(store: ProjectStore, query: str) -> list[str]:
    with store.reading() as reader:
        return [row.id for row in reader.listing("alice", query=query)]


def test_counts_are_ones_own_or_else_the_newest_suggestions(store: ProjectStore) -> None:
    def row(annotator: str = "alice") -> tuple[Status, int, int]:
        with store.reading() as reader:
            (one,) = reader.listing(annotator)
        return one.status, one.undecided, one.spans

    assert row() == (Status.NEW, 0, 0)
    with store.writing() as unit:
        unit.put_suggestions(1, "spacy", "spacy 1", [SUGGESTED])
    assert row() == (Status.NEW, 1, 1)
    write(store, empty_set(), AddSpan(ANN), AddSpan(SUGGESTED), SetStatus(Status.DONE))
    assert row() == (Status.DONE, 1, 2)
    assert row("bob") == (Status.NEW, 1, 1)


def test_only_the_wanted_statuses_are_listed(store: ProjectStore) -> None:
    with store.writing() as unit:
        unit.add_document(document("d2"))
    write(store, empty_set(), SetStatus(Status.FLAGGED))
    with store.reading() as reader:
        for statuses, ids in (
            ((Status.FLAGGED,), ["d1"]),
            ((Status.NEW,), ["d2"]),
            ((Status.NEW, Status.FLAGGED), ["d1", "d2"]),
            ((Status.DONE,), []),
            ((), ["d1", "d2"]),
        ):
            assert [row.id for row in reader.listing("alice", statuses=statuses)] == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ('"no"', ["d1"]),
        ('say "no', ["d1"]),
        ("NEAR", ["d1"]),
        ("OR", ["d1", "d5"]),  # a part of "score", too
        ("quebec", ["d2"]),
        ("QUÉBEC", ["d2"]),
        ("journ", ["d2"]),
        ("l’état", ["d2"]),
        ("مرحبا", ["d3"]),
        ("👍🏽", ["d4"]),
        ("100%", ["d4"]),
        ("_", ["d5"]),
        ("a:b", ["d5"]),
        ("(c)", ["d5"]),
        ("bod", list(TITLES)),
        ("D4", ["d4"]),
        ("nowhere", []),
        ("", list(TITLES)),
        (" \t ", list(TITLES)),
    ],
)
def test_a_query_finds_words_and_parts(titled: ProjectStore, query: str, ids: list[str]) -> None:
    assert found(titled, query) == ids


@pytest.mark.parametrize(
    "query",
    ["AND", "NOT", "a OR", "NEAR(a b", "a*", "*", "^a", "title:", "text : a", "{a b}: c", "-a", "+", "(", '"', '""',
     "'", "!?…", "\\", "%", ";--", "é", "e\u0301", "\u200d", "👨‍👩‍👧‍👦", "\u202e", "\x00", "a\x00b",
     "\ud800", "x" * 5000],
)  # fmt: skip
def test_no_query_is_an_error(titled: ProjectStore, query: str) -> None:
    assert set(found(titled, query)) <= set(TITLES)


@given(st.lists(st.text(max_size=12), min_size=20, max_size=20))
@settings(max_examples=20)
def test_no_random_query_is_an_error(queries: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, make(Path(folder, "p"), document()) as store:
        for query in queries:
            found(store, query)
