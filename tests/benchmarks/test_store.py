"""The store beside its floor: what SQLite alone needs for the same durability or the same rows in the same run.

``extra_info`` of each benchmark: ``floor_ms`` and ``ratio`` (median of ours over the floor).
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.domain.edits import AddSpan, Batch
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.domain.text import SIMPLE_TOKENIZER, Document, tokenize_simply
from annotator.store import NewEntry, ProjectStore
from tests.store.making import empty_set, entry_for, load, make, write

DOCUMENTS = 10_000
WORDS = 100_000
SPANS = 10_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.annotator"


def compare(benchmark: BenchmarkFixture, floor: Callable[[], object], rounds: int = 7) -> None:
    """Say beside the benchmark what the floor needs here and now."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        floor()
        taken.append(time.perf_counter() - start)
    floor_s = statistics.median(taken)
    if benchmark.stats is not None:
        benchmark.extra_info["floor_ms"] = round(floor_s * 1000, 3)
        benchmark.extra_info["ratio"] = round(benchmark.stats.stats.median / floor_s, 2)


def numbered_entries(doc: AnnotatedDocument) -> Iterator[NewEntry]:
    """One added span after another, each a journal entry."""
    for seq in count(1):
        entry = entry_for(doc, AddSpan(Span(f"s{seq}", seq % 400, seq % 400 + 5, "PERSON")), seq=seq)
        doc = entry.after
        yield entry


def test_append_of_one_edit(benchmark: BenchmarkFixture, path: Path) -> None:
    """The floor is one raw transaction with one row of the journal's size, forced to the disk just so."""
    text = "Ann O’Neil met Bob in New York. " * 80
    held = Document("d1", text, tokens=tokenize_simply(text), tokenizer=SIMPLE_TOKENIZER)
    with make(path, held) as store:
        entries = numbered_entries(empty_set(held))

        def append(entry: NewEntry) -> None:
            with store.writing() as unit:
                unit.append(entry)

        benchmark.pedantic(append, setup=lambda: ((next(entries),), {}), rounds=200)  # type: ignore[no-untyped-call]
    raw_path = path.with_name("raw")
    with closing(sqlite3.connect(raw_path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, edit TEXT)")
        compare(benchmark, lambda: raw.execute("INSERT INTO t (edit) VALUES (?)", ("x" * 300,)), rounds=200)


def test_listing_of_10_000_documents(benchmark: BenchmarkFixture, path: Path) -> None:
    """The floor reads the same columns of the documents with sqlite3 alone."""
    with make(path, *(Document(f"d{n}", f"Article {n} of the corpus. " * 20) for n in range(DOCUMENTS))) as store:

        def listing() -> int:
            with store.reading() as reader:
                return len(reader.listing("alice"))

        assert benchmark(listing) == DOCUMENTS
        with closing(sqlite3.connect(path)) as raw:
            statement = "SELECT id, external_id, display_title, length_chars FROM document ORDER BY position"
            compare(benchmark, lambda: raw.execute(statement).fetchall())


@pytest.fixture
def long_project(path: Path) -> Iterator[ProjectStore]:
    text = "word " * WORDS
    held = Document("d1", text, tokens=tokenize_simply(text), tokenizer=SIMPLE_TOKENIZER)
    step = WORDS // SPANS * 5
    spans = (Span(f"s{n}", n * step, n * step + 4, "PERSON") for n in range(SPANS))
    with make(path, held) as store:
        write(store, empty_set(held), Batch(tuple(AddSpan(span) for span in spans)))
        yield store


def test_load_of_100_000_tokens_with_10_000_spans(
    benchmark: BenchmarkFixture, long_project: ProjectStore, path: Path
) -> None:
    """The floor reads the same rows with sqlite3 alone and unpacks nothing but the compression."""
    loaded = benchmark(lambda: load(long_project))
    assert (len(loaded.document.tokens), len(loaded.spans)) == (WORDS, SPANS)
    with closing(sqlite3.connect(path)) as raw:

        def floor() -> None:
            (meta,) = raw.execute("SELECT meta, text FROM document").fetchall()
            json.loads(meta[0])
            for blob in raw.execute("SELECT starts, ends, sentence_starts FROM tokenization").fetchone():
                zlib.decompress(blob)
            assert len(raw.execute("SELECT * FROM span").fetchall()) == SPANS

        compare(benchmark, floor)
