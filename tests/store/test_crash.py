"""Other processes: one is killed while it writes, one holds the file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from annotator.domain.edits import AddSpan
from annotator.store import ProjectLocked, ProjectStore
from tests.store.making import ANN, empty_set, entries_for, entry_for, load, long_notes, write

WRITER = """
import sys
from annotator.store import ProjectStore
from tests.store.making import empty_set, entries_for, long_notes
with ProjectStore.open(sys.argv[1]) as store:
    for entry in entries_for(empty_set(), long_notes(3000, 500)):
        with store.writing() as unit:
            unit.append(entry)
        print(entry.seq, flush=True)
"""

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def process(code: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with started:
        try:
            yield started
        finally:
            started.kill()


@pytest.mark.parametrize("after", [1, 7, 40])
def test_everything_said_to_be_saved_survives_a_kill(store: ProjectStore, path: Path, after: int) -> None:
    store.close()
    with process(WRITER, path) as writer:
        assert writer.stdout is not None
        for _ in range(after):
            writer.stdout.readline()
        writer.kill()
        rest = [line for line in writer.stdout if line.endswith("\n")]
    said = after + len(rest)
    with ProjectStore.open(path) as survived, survived.reading() as reader:
        seq = reader.last_seq(1, "alice")
        assert said <= seq <= said + 1  # one may be on the disk that was not told any more
        assert [entry.seq for entry in reader.journal(1, "alice")] == list(range(1, seq + 1))
        assert reader.load(1, "alice") == entries_for(empty_set(), long_notes(seq, 500))[-1].after
        assert reader.problems() == []


def test_a_project_held_by_another_process_is_locked_not_lost(store: ProjectStore, path: Path) -> None:
    before = write(store, empty_set(), AddSpan(ANN))
    with process(HOLDER, path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ProjectLocked, match=r"another program is writing this project; wait"), store.writing():
            pass
        assert load(store) == before  # readers go on
    with store.writing() as unit:
        unit.append(entry_for(before, long_notes(1, 5)[0], seq=2))


def test_two_threads_write_in_turn(path: Path, store: ProjectStore) -> None:
    with ProjectStore.open(path) as patient:

        def work(name: str) -> None:
            for entry in entries_for(empty_set(annotator=name), long_notes(20, 10)):
                with patient.writing() as unit:
                    unit.append(entry)

        threads = [threading.Thread(target=work, args=(name,)) for name in ("ann", "bob", "cleo")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with patient.reading() as reader:
            assert [reader.last_seq(1, name) for name in ("ann", "bob", "cleo")] == [20, 20, 20]


def test_a_reader_sees_one_moment(store: ProjectStore) -> None:
    with store.reading() as reader:
        assert reader.load(1, "alice") == empty_set()
        write(store, empty_set(), AddSpan(ANN))
        assert reader.load(1, "alice") == empty_set()
    assert len(load(store).spans) == 1


def test_nothing_lies_beside_a_closed_project(store: ProjectStore, path: Path) -> None:
    write(store, empty_set(), AddSpan(ANN))
    load(store)
    store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
