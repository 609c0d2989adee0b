"""Whole imports and exports of JSONL beside raw ``sqlite3`` and orjson: 10,000 articles with 50 spans each.

Floor of the import: the same rows of every table inserted into an empty project, in one transaction. Floor of the
export: those rows read and written as the same JSON by orjson. Memory: a process of its own imports and exports 1,000
and 50,000 short articles; both peaks (``VmHWM``) are noted. Run: ``make bench``.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.workflows.export_request import ExportRequest
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.project import Project

ARTICLES, SPANS = 10_000, 50
SENTENCE = "On Monday the foreign minister of France met Ann O’Neil in New York for talks . "
FEW, MANY = 1_000, 50_000


def write_articles(path: Path, articles: int, spans: int) -> Path:
    """JSON lines as another tool has them: text, tokens, spans."""
    with path.open("wb") as file:
        for number in range(articles):
            file.write(orjson.dumps(record(number, spans)) + b"\n")
    return path


def record(number: int, spans: int) -> dict[str, object]:
    text = f"Article {number}. " + SENTENCE * max(spans // 2, 2)
    starts = [at for at, char in enumerate(text) if at == 0 or (text[at - 1] == " " and char != " ")]
    words = [(start, text.find(" ", start)) for start in starts][: spans * 10]
    tokens = [{"id": at, "start": start, "end": end} for at, (start, end) in enumerate(words) if end > start]
    marked = [
        {"start": token["start"], "end": token["end"], "label": "PERSON"} for token in tokens[:: len(tokens) // spans]
    ]
    return {"id": f"d{number}", "text": text, "tokens": tokens, "spans": marked[:spans], "annotator": "ann"}


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_articles(tmp_path_factory.mktemp("bench") / "in.jsonl", ARTICLES, SPANS)


@pytest.fixture(scope="module")
def filled(lines: Path) -> Path:
    """A project with all of it."""
    path = lines.with_name("filled.annotator")
    import_into(path, lines)
    return path


def import_into(path: Path, lines: Path) -> None:
    path.unlink(missing_ok=True)
    with Project.create(path, "news") as project:
        report = project.import_documents(ImportRequest((str(lines),)))
    assert report.rejected == []


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def note(benchmark: BenchmarkFixture, floor_s: float) -> None:
    if benchmark.stats is not None:
        median = benchmark.stats.stats.median
        benchmark.extra_info.update(
            seconds=round(median, 2), floor_s=round(floor_s, 2), ratio=round(median / floor_s, 2),
            articles_per_second=round(ARTICLES / median),
        )  # fmt: skip


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as held:
        names = [row[0] for row in held.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        own = [name for name in names if not name.startswith(("sqlite_", "document_fts"))]
        return {name: held.execute(f'SELECT * FROM "{name}"').fetchall() for name in own}


def insert_rows(path: Path, rows: dict[str, list[tuple[object, ...]]]) -> None:
    """The same rows by ``sqlite3`` alone, with the same triggers and pragmas."""
    path.unlink(missing_ok=True)
    with Project.create(path, "news"):
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as held:
        held.execute("PRAGMA synchronous = FULL")
        held.execute("BEGIN IMMEDIATE")
        for name, values in rows.items():
            if values:
                marks = ", ".join("?" * len(values[0]))
                held.executemany(f'INSERT OR IGNORE INTO "{name}" VALUES ({marks})', values)
        held.execute("COMMIT")


def test_import_of_jsonl(benchmark: BenchmarkFixture, lines: Path, filled: Path) -> None:
    rows = rows_of(filled)
    floor = min(timed(lambda: insert_rows(lines.with_name("floor.annotator"), rows)) for _ in range(2))
    pedantic: Callable[..., object] = benchmark.pedantic
    pedantic(lambda: import_into(lines.with_name("own.annotator"), lines), rounds=2)
    note(benchmark, floor)


def test_export_of_jsonl(benchmark: BenchmarkFixture, filled: Path) -> None:
    """With the proof, which reads everything once more."""
    out = filled.with_name("out.jsonl")

    def export() -> None:
        with Project.open(filled) as project:
            assert project.export(ExportRequest(out, "jsonl", "ann")).proof.holds

    export()
    plains = [orjson.loads(line) for line in out.read_bytes().splitlines()]

    def floor() -> None:
        rows_of(filled)
        out.with_name("floor.jsonl").write_bytes(b"\n".join(map(orjson.dumps, plains)))

    pedantic: Callable[..., object] = benchmark.pedantic
    pedantic(export, rounds=2)
    note(benchmark, min(timed(floor) for _ in range(2)))


PEAK = """
import re, sys
from pathlib import Path
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.project import Project
def peak():
    return int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024
lines, path = Path(sys.argv[1]), Path(sys.argv[2])
with Project.create(path, 'news') as project:
    assert project.import_documents(ImportRequest((str(lines),))).rejected == []
    imported = peak()
    assert project.export(ExportRequest(path.with_suffix('.jsonl'), 'jsonl', 'ann')).proof.holds
print(f'{{"import_mb": {imported}, "export_mb": {peak()}}}')
"""
"""``ru_maxrss`` would be that of the process which started it: Linux carries it over."""


def test_memory_of_many_documents(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    def peak(articles: int) -> dict[str, int]:
        lines = write_articles(tmp_path / f"{articles}.jsonl", articles, 4)
        command = [sys.executable, "-c", PEAK, str(lines), str(tmp_path / f"{articles}.annotator")]
        found: dict[str, int] = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        return found

    few = peak(FEW)
    pedantic: Callable[..., object] = benchmark.pedantic
    many: list[dict[str, int]] = []
    pedantic(lambda: many.append(peak(MANY)), rounds=1)
    benchmark.extra_info.update({f"{FEW} documents": few, f"{MANY} documents": many[-1]})
