"""The time machine on a journal of 5,000 rows: opening it, moving the slider, reading the list.

``extra_info`` of each benchmark: ``floor_ms`` and ``ratio`` (median of ours over the floor).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.domain.differences import differences
from annotator.domain.edits import AddSpan, Edit, Relabel, RemoveSpan, ResizeSpan
from annotator.domain.spans import Span
from annotator.domain.text import SIMPLE_TOKENIZER, Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.workflows.history import SetHistory, load_history
from tests.benchmarks.test_store import compare
from tests.store.making import empty_set, entries_for, make

ENTRIES = 5_000
TEXT = "Ann O’Neil met Bob in New York. " * 80


def busy_edits() -> Iterator[Edit]:
    """Four edits a span: added, relabelled, resized; every other one is removed in the end."""
    for number in count():
        start = number * 7 % (len(TEXT) - 20)
        yield AddSpan(Span(f"s{number}", start, start + 5, "PERSON"))
        yield Relabel(f"s{number}", "GPE")
        yield ResizeSpan(f"s{number}", start, start + 9)
        yield RemoveSpan(f"s{number}") if number % 2 else Relabel(f"s{number}", "ORG")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("history") / "p.annotator"
    held = Document("d1", TEXT, tokens=tokenize_simply(TEXT), tokenizer=SIMPLE_TOKENIZER)
    edits = [edit for edit, _ in zip(busy_edits(), range(ENTRIES), strict=False)]
    with make(made, held) as store, store.writing() as unit:
        for entry in entries_for(empty_set(held), edits):
            unit.append(entry)
    return made


@pytest.fixture
def history(path: Path) -> SetHistory:
    with ProjectStore.open(path) as store:
        loaded = load_history(store, 1, "alice")
    assert loaded.last_moment == ENTRIES
    while not loaded.replay.is_warm:
        loaded.replay.warm()
    return loaded


def test_opening_the_history(benchmark: BenchmarkFixture, path: Path) -> None:
    """The floor reads the same rows with sqlite3 alone."""
    with ProjectStore.open(path) as store:
        benchmark(lambda: load_history(store, 1, "alice"))
    with closing(sqlite3.connect(path)) as raw:
        compare(benchmark, lambda: raw.execute("SELECT * FROM journal ORDER BY seq").fetchall())


def test_the_first_jump_to_the_middle(benchmark: BenchmarkFixture, path: Path) -> None:
    """The floor parses the JSON of the rows up to there."""
    with ProjectStore.open(path) as store:
        benchmark.pedantic(  # type: ignore[no-untyped-call]
            lambda loaded: loaded.at(ENTRIES // 2),
            setup=lambda: ((load_history(store, 1, "alice"),), {}),
            rounds=7,
        )
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT edit FROM journal ORDER BY seq").fetchall()[: ENTRIES // 2]
        compare(benchmark, lambda: [json.loads(edit) for (edit,) in rows])


def test_moving_the_slider(benchmark: BenchmarkFixture, history: SetHistory) -> None:
    """Any moment, and what changed since. The floor walks over the spans of both states once."""
    places = count(ENTRIES - 1, -37)

    def move() -> int:
        return len(differences(history.at(next(places) % ENTRIES), history.now))

    benchmark(move)
    middle = history.at(ENTRIES // 2)
    compare(benchmark, lambda: [*middle.spans, *history.now.spans])


def test_reading_a_screenful_of_the_list(benchmark: BenchmarkFixture, history: SetHistory) -> None:
    """Forty rows in words. The floor parses their JSON."""
    places = count(1, 211)

    def read() -> list[str]:
        first = next(places) % (ENTRIES - 40) + 1
        history._words.clear()
        return [history.words_of(number) for number in range(first, first + 40)]

    benchmark(read)
    texts = [entry.edit_json for entry in history._edits._entries[:40]]
    compare(benchmark, lambda: [json.loads(text) for text in texts])
