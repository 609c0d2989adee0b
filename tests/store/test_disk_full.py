"""A full disk, a failed commit and a rescue file: what was saved stays, what was not is never dropped."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from annotator.domain.projects import AnnotatedDocument
from annotator.store import DiskFull, NewEntry, ProjectStore, StaleSet
from annotator.workflows.rescue import find_rescues, take_back, write_rescue
from annotator.workflows.saving import NotSaved, Saved, Saver, SaveState
from tests.store.making import document, empty_set, entries_for, load, long_notes, make

NOTES = 60


def entries() -> list[NewEntry]:
    return entries_for(empty_set(), long_notes(NOTES))


@contextmanager
def limited(store: ProjectStore) -> Iterator[list[int]]:
    """A disk of 400 kB: SQLite's own limit of pages. The list's one number may be raised meanwhile."""
    pages = [100]

    def limit(connection: object, *_: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages[0]}")  # type: ignore[attr-defined]

    event.listen(store._engine, "begin", limit)
    try:
        yield pages
    finally:
        event.remove(store._engine, "begin", limit)
        store.close()  # pooled connections keep their limit


def fill(store: ProjectStore) -> list[NewEntry]:
    """Append until the disk is full; what was written before that."""
    written: list[NewEntry] = []
    with pytest.raises(DiskFull) as fault:
        for entry in entries():
            with store.writing() as unit:
                unit.append(entry)
            written.append(entry)
    assert str(fault.value) == (f"{store.location}: the disk is full; free some space and try again; nothing was lost.")
    return written


def held(store: ProjectStore) -> tuple[AnnotatedDocument, int]:
    with store.reading() as reader:
        assert reader.problems() == []
        return reader.load(1, "alice"), reader.last_seq(1, "alice")


def test_a_full_disk_takes_nothing_that_was_saved(store: ProjectStore) -> None:
    with limited(store):
        written = fill(store)
        assert written
        assert held(store) == (written[-1].after, written[-1].seq)
    with store.writing() as unit:
        unit.append(entries()[len(written)])
    assert load(store) == entries()[len(written)].after


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts a disk")
def test_a_really_full_disk_takes_nothing_that_was_saved(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path], check=False)
    if mounted.returncode:
        pytest.skip("this machine mounts no tmpfs")
    try:
        with make(tmp_path / "p", document()) as store:
            written = fill(store)
            assert written
            assert load(store) == written[-1].after
        with ProjectStore.open(tmp_path / "p") as store:
            assert load(store) == written[-1].after
        with pytest.raises(DiskFull), (tmp_path / "rest").open("wb") as rest:
            try:
                rest.write(bytes(2**21))
            except OSError as fault:
                raise DiskFull("filled") from fault
        with pytest.raises(DiskFull):
            make(tmp_path / "q", document())
        assert not (tmp_path / "q").exists()
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_the_saver_says_not_saved_and_goes_on_when_there_is_space(store: ProjectStore) -> None:
    states: list[SaveState] = []
    failed = threading.Event()

    def note(state: SaveState) -> None:
        states.append(state)
        if isinstance(state, NotSaved):
            failed.set()

    with limited(store) as pages:
        saver = Saver(store, note, retry_s=0.02)
        for entry in entries():
            saver.submit(entry)
        assert failed.wait(20)
        assert not saver.flush(0.1)
        state = next(state for state in states if isinstance(state, NotSaved))
        assert "the disk is full" in state.reason
        assert not state.is_final
        assert state.waiting == len(saver.waiting())
        assert saver.waiting()[0].seq == held(store)[1] + 1
        pages[0] = 100_000
        saver.retry()
        assert saver.flush(20)
    assert isinstance(saver.state, Saved)
    assert saver.close()
    assert held(store) == (entries()[-1].after, NOTES)


def test_what_could_not_be_saved_is_taken_back_from_its_rescue_file_once(store: ProjectStore, path: Path) -> None:
    with limited(store):
        saver = Saver(store, retry_s=60)
        for entry in entries():
            saver.submit(entry)
        assert not saver.flush(20)
        left = saver.give_up()
        saver.close()
    rescue = write_rescue(store.location, left)
    assert find_rescues(store.location) == [rescue]
    copy = rescue.read_bytes()
    assert take_back(store, rescue).edits == len(left) > 0
    assert find_rescues(store.location) == []
    expected = (entries()[-1].after, NOTES)
    assert held(store) == expected
    rescue.write_bytes(copy)
    assert take_back(store, rescue).edits == 0
    assert held(store) == expected


def test_a_rescue_file_does_not_write_over_what_went_on_elsewhere(store: ProjectStore) -> None:
    mine = entries_for(empty_set(), long_notes(2, 10))
    with store.writing() as unit:
        unit.append(mine[0])
        theirs = entries_for(mine[0].after, long_notes(3, 5)[2:], first=2)[0]
        unit.append(NewEntry(**{**{f: getattr(theirs, f) for f in theirs.__slots__}, "at": "2026-02-02"}))
    rescue = write_rescue(store.location, mine)
    with pytest.raises(StaleSet, match="went on elsewhere"):
        take_back(store, rescue)
    assert rescue.exists()
    assert load(store) == theirs.after


FILE_LIMIT = """
import resource, sys
from pathlib import Path
from annotator.domain.errors import UserError
from tests.store.making import document, empty_set, entries_for, long_notes, make
store = make(Path(sys.argv[1]), document())
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
seq = 0
try:
    for entry in entries_for(empty_set(), long_notes(60)):
        with store.writing() as unit:
            unit.append(entry)
        seq = entry.seq
except UserError as fault:
    print(seq, fault.what, sep="|")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file")
def test_a_file_that_may_not_grow_is_told_in_one_sentence(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FILE_LIMIT, path], capture_output=True, text=True, check=True)
    seq, what = done.stdout.strip().split("|")
    assert what in {"the disk is full", "the disk does not answer as it should"}
    with ProjectStore.open(path) as store:
        assert int(seq) > 0
        assert held(store) == (entries()[int(seq) - 1].after, int(seq))
