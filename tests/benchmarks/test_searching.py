"""Searching 10,000 synthetic articles beside its floor: the bare query of the index of words, in the same run.

``extra_info``: ``p50_ms`` and ``p95_ms`` of the first page (50 hits, or all when there are fewer) over 40 rounds,
``floor_ms``, ``ratio``. The inbox is beside one pass over the texts and spans that it reads.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from zlib import crc32

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.domain.projects import AnnotatedDocument, Annotator, Status
from annotator.domain.spans import Origin, Span, SpanSet
from annotator.domain.text import Document
from annotator.store import ProjectStore
from annotator.workflows.inbox import find_inconsistencies
from annotator.workflows.progress import Silent
from annotator.workflows.searching import Searcher
from tests.store.making import SCHEME
from tests.strategies import LABELS

DOCUMENTS, WORDS, SPANS = 10_000, 480, 40
PAGE = 50
VOCABULARY = 20_000

QUERIES = {
    "seldom word": "Name1500",
    "frequent word": "name1",
    "frequent word with a label": "name1 label:ORG",
    "phrase": '"Name7 Name8"',
    "regular expression": "/Name1[0-9]+5\\b/",
    "label": "label:GPE",
    "string": "text:Name40",
    "folded string": 'folded:"the Name40"',
    "word with a label": "Name30 label:ORG",
    "word without a label": "Name30 is:unlabelled",
    "suggestions": "is:suggestion",
    "low score": "score:<.3",
    "seldom score": "score:<.02",
    "note": "note:doubtful",
    "note on a document": "note:again",
}


def words_of(rng: random.Random) -> list[str]:
    """Words as seldom as in a language (Zipf); a sixth are names, of which there are fewer."""
    ranks = [int(VOCABULARY ** rng.random()) for _ in range(WORDS)]
    return [f"Name{rank // 6}" if rank % 6 == 0 else f"word{rank}" for rank in ranks]


def spans_of(rng: random.Random, words: list[str]) -> Iterator[Span]:
    at = 0
    for number, word in enumerate(words):
        if word.startswith("Name") and number < SPANS * 6:
            label = LABELS[crc32(word.encode()) % 4] if rng.random() < 0.95 else rng.choice(LABELS)
            score = round(rng.random() ** 0.3, 3)
            yield Span(f"s{number}", at, at + len(word), label, origin=Origin.PIPELINE, decided=False, score=score)
        at += len(word) + 1


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectStore]:
    """Suggestions everywhere; alice has decided six documents of ten; one span of a thousand and one document of fifty
    has a note.
    """
    rng = random.Random(5)
    with ProjectStore.create(tmp_path_factory.mktemp("search") / "p", SCHEME) as made:
        with made.writing() as unit:
            unit.ensure_annotator(Annotator("alice"))
            alice = unit._annotator_id("alice")
            for number in range(DOCUMENTS):
                words = words_of(rng)
                document = Document(f"d{number}", " ".join(words))
                key = unit.add_document(document)
                spans = list(spans_of(rng, words))
                if number % 10 >= 6:
                    unit.put_suggestions(key, "p", "p 1", spans)
                    continue
                noted = (replace(one, decided=True, note="doubtful" if rng.random() < 1e-3 else "") for one in spans)
                note = "" if number % 50 else "Look again"
                doc = AnnotatedDocument(document, "alice", SpanSet(noted), status=Status.DONE, note=note)
                unit._write_set(key, alice, doc, last_seq=1, at="2026")
                unit._insert_spans(key, alice, document.text, doc.spans)
        yield made


def timed_ms(run: Callable[[], object], rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)


@pytest.mark.parametrize("name", QUERIES)
def test_first_page(benchmark: BenchmarkFixture, store: ProjectStore, name: str) -> None:
    searcher = Searcher(store, "alice")
    query = searcher.read(QUERIES[name])

    def first_page() -> int:
        found = 0
        for portion in searcher.search(query):
            found += len(portion.hits)
            if found >= PAGE:
                break
        return found

    try:
        assert first_page() > 0  # also starts the process of regular expressions
        benchmark.pedantic(first_page, rounds=20, warmup_rounds=1)  # type: ignore[no-untyped-call]
        taken = timed_ms(first_page, 40)
    finally:
        searcher.close()
    with closing(sqlite3.connect(store.location)) as raw:
        statement = "SELECT rowid FROM document_fts WHERE document_fts MATCH '\"name30\"*' ORDER BY rowid LIMIT 50"
        floor = statistics.median(timed_ms(lambda: raw.execute(statement).fetchall(), 20))
    benchmark.extra_info |= {
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 1),
        "floor_ms": round(floor, 3),
        "ratio": round(statistics.median(taken) / floor, 1),
    }


def test_inbox(benchmark: BenchmarkFixture, store: ProjectStore) -> None:
    assert find_inconsistencies(store, "alice", Silent())
    benchmark.pedantic(find_inconsistencies, (store, "alice", Silent()), rounds=3)  # type: ignore[no-untyped-call]
    with closing(sqlite3.connect(store.location)) as raw:

        def floor() -> None:
            raw.execute("SELECT text FROM document").fetchall()
            raw.execute("SELECT surface, layer, label_id, start_char, end_char FROM span NOT INDEXED").fetchall()

        taken = statistics.median(timed_ms(floor, 3))
    benchmark.extra_info["floor_ms"] = round(taken, 1)
    if benchmark.stats is not None:
        benchmark.extra_info["ratio"] = round(benchmark.stats.stats.median * 1000 / taken, 1)
