"""What a pipeline nearly said, as the store keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.alternatives import NOTHING, Alternative
from annotator.domain.edits import Decide
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document
from annotator.store import ProjectStore
from annotator.workflows.schemes import load_scheme
from annotator.workflows.sets import append, begun_set

TEXT = "Washington met Bo in Washington."
ALTERNATIVES = (Alternative(0, 10, "PERSON", 0.35), Alternative(0, 10, NOTHING, 0.05), Alternative(15, 17, "ORG", 0.2))


def suggestion(start: int, end: int, label: str, score: float | None = 0.6) -> Span:
    return Span(f"p{start}", start, end, label, origin=Origin.PIPELINE, decided=False, score=score, pipeline="p 1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.create(tmp_path / "news.annotator", load_scheme("news")) as made:
        with made.writing() as unit:
            for number in range(3):
                key = unit.add_document(Document(f"d{number}", TEXT))
                spans = [suggestion(0, 10, "GPE"), suggestion(21, 31, "GPE", None)]
                unit.put_suggestions(key, "p", "p 1", spans, ALTERNATIVES)
        yield made


def test_what_a_pipeline_considered_is_read_as_it_was_written(store: ProjectStore) -> None:
    with store.reading() as reader:
        assert reader.alternatives(1) == ALTERNATIVES
        assert set(reader.suggested(1)) == {Alternative(0, 10, "GPE", 0.6), Alternative(21, 31, "GPE", 1.0)}


def test_the_newest_pipeline_counts_and_may_have_nothing_to_say(store: ProjectStore) -> None:
    with store.writing() as unit:
        unit.put_suggestions(1, "q", "q 1", [], [])
        new = unit.add_document(Document("new", TEXT + "!"))
    with store.reading() as reader:
        for key in (1, new):
            assert (reader.alternatives(key), reader.suggested(key)) == ((), ())
        assert reader.alternatives(2) == ALTERNATIVES


def test_reading_again_replaces_the_alternatives(store: ProjectStore) -> None:
    with store.writing() as unit:
        unit.put_suggestions(1, "p", "p 2", [suggestion(0, 10, "GPE")])
    with store.reading() as reader:
        assert reader.alternatives(1) == ()


def test_an_annotator_who_begins_takes_the_suggestions_and_not_the_alternatives(store: ProjectStore) -> None:
    with store.writing() as unit:
        doc = begun_set(unit, 1, "alice")
        assert unit.has_taken_suggestions(1, "alice")
        assert not unit.has_taken_suggestions(1, "bob")
        assert not unit.has_taken_suggestions(2, "alice")
        append(unit, 1, doc, Decide(("p0",)))
    with store.reading() as reader:
        assert reader.alternatives(1) == ALTERNATIVES
        assert reader.problems() == []
