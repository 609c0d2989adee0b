"""JSONL beside the floor: what orjson alone needs for the same bytes in the same run.

``extra_info`` of each benchmark: ``floor_ms``, ``ratio`` (median of ours over the floor) and ``megabytes``.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from functools import cache

import orjson
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import SIMPLE_TOKENIZER, Document, tokenize_simply
from annotator.formats.jsonl import JsonlReader, JsonlWriter
from annotator.formats.shapes import ReadOptions, Source, WriteOptions

ARTICLES = 1_000
WORDS = 500
SENTENCE = "On Monday the foreign minister of France met Ann O’Neil in New York for talks . "


@cache
def articles() -> list[AnnotatedDocument]:
    """1,000 articles of 500 words, each tenth word a span."""
    return [article(number) for number in range(ARTICLES)]


def article(number: int) -> AnnotatedDocument:
    text = f"Article {number}. " + SENTENCE * (WORDS // 15)
    tokens = tokenize_simply(text)
    places = list(zip(tokens.starts, tokens.ends, strict=True))[::10]
    spans = SpanSet(Span(f"s{at}", start, end, "PERSON", score=0.75) for at, (start, end) in enumerate(places))
    return AnnotatedDocument(Document(f"d{number}", text, tokens=tokens, tokenizer=SIMPLE_TOKENIZER), "ann", spans)


@cache
def content() -> bytes:
    return write(articles())


def write(docs: list[AnnotatedDocument]) -> bytes:
    target = io.BytesIO()
    JsonlWriter().write(docs, target, LabelScheme("open"), WriteOptions())
    return target.getvalue()


def read(held: bytes) -> int:
    source = Source("articles.jsonl", "articles", lambda: io.BytesIO(held))
    return sum(1 for _ in JsonlReader().read(source, ReadOptions()))


def floor_ms(work: Callable[[], object]) -> float:
    """Median of five runs, in milliseconds."""
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def note_floor(benchmark: BenchmarkFixture, floor: float) -> None:
    benchmark.extra_info["megabytes"] = round(len(content()) / 1e6, 1)
    benchmark.extra_info["floor_ms"] = round(floor, 1)
    if benchmark.stats is not None:
        benchmark.extra_info["ratio"] = round(benchmark.stats.stats.median * 1000 / floor, 2)


def test_writing_jsonl(benchmark: BenchmarkFixture) -> None:
    plains = [orjson.loads(line) for line in content().splitlines()]
    floor = floor_ms(lambda: b"\n".join(orjson.dumps(plain) for plain in plains))
    assert benchmark(write, articles()) == content()
    note_floor(benchmark, floor)


def test_reading_jsonl(benchmark: BenchmarkFixture) -> None:
    lines = content().splitlines()
    floor = floor_ms(lambda: [orjson.loads(line) for line in lines])
    assert benchmark(read, content()) == ARTICLES
    note_floor(benchmark, floor)
