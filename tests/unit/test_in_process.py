"""What comes back from a function in another process, and that nothing is left of it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from annotator.domain.errors import ConstraintBroken, UserError
from annotator.workflows.in_process import ProcessCrashed, ProcessDied, run_in_process, spawned
from annotator.workflows.progress import Cancelled, Progress, Silent, raise_if_cancelled


class OnlyInTheChild(UserError):
    """Stands for a fault class of a module that the parent must not import."""


class Recorder:
    """A `Progress` that remembers, and cancels once ``cancel_at`` is done."""

    def __init__(self, cancel_at: int | None = None) -> None:
        self.reports: list[tuple[int, int | None, str]] = []
        self._cancel_at = cancel_at

    def report(self, done: int, total: int | None, unit: str) -> None:
        self.reports.append((done, total, unit))

    def is_cancelled(self) -> bool:
        return self._cancel_at is not None and any(done >= self._cancel_at for done, _, _ in self.reports)


def add(one: int, two: int, progress: Progress) -> int:
    for done in range(3):
        progress.report(done + 1, 3, "documents")
    return one + two


def refuse(progress: Progress) -> None:
    raise ConstraintBroken("GPE would cross ORG", where="a.txt", remedy="remove ORG first")


def refuse_privately(progress: Progress) -> None:
    OnlyInTheChild.__module__ = "a_module_that_nobody_loads"
    raise OnlyInTheChild("the wheel is bent", where="here")


def crash(progress: Progress) -> None:
    raise ZeroDivisionError("by design")


def die(progress: Progress) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def return_a_lock(progress: Progress) -> object:
    return threading.Lock()


def stop_politely(folder: str, progress: Progress) -> None:
    for done in range(10_000):
        raise_if_cancelled(progress)
        progress.report(done, None, "documents")
        time.sleep(0.01)
        Path(folder, "done").write_text(str(done))


def never_ask(progress: Progress) -> None:
    progress.report(1, None, "documents")
    time.sleep(600)


def survive_interrupt(progress: Progress) -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def name_process(path: str, progress: Progress) -> None:
    Path(path).write_text(str(os.getpid()))
    time.sleep(600)


@pytest.fixture(autouse=True)
def _no_process_is_left() -> object:
    yield
    assert multiprocessing.active_children() == []


def test_the_value_and_the_last_progress_come_back() -> None:
    progress = Recorder()
    assert run_in_process(add, 2, 3, progress=progress) == 5
    assert progress.reports[-1] == (3, 3, "documents")


def test_the_function_runs_in_another_process() -> None:
    assert spawned(own_process)(Silent()) != os.getpid()


def own_process(progress: Progress) -> int:
    return os.getpid()


def test_a_user_error_comes_back_as_its_own_class_with_all_it_says() -> None:
    with pytest.raises(ConstraintBroken) as caught:
        run_in_process(refuse, progress=Silent())
    assert str(caught.value) == "a.txt: GPE would cross ORG; remove ORG first."
    assert (caught.value.where, caught.value.remedy) == ("a.txt", "remove ORG first")


def test_a_user_error_of_a_module_not_loaded_here_comes_back_as_its_nearest_known_ancestor() -> None:
    with pytest.raises(UserError, match="here: the wheel is bent") as caught:
        run_in_process(refuse_privately, progress=Silent())
    assert type(caught.value) is UserError


def test_a_crash_carries_one_line_and_the_traceback_of_the_other_process() -> None:
    with pytest.raises(ProcessCrashed) as caught:
        run_in_process(crash, progress=Silent())
    assert caught.value.summary == "ZeroDivisionError: by design"
    assert "in crash" in caught.value.details


def test_a_process_that_dies_is_a_sentence_and_not_a_hang() -> None:
    with pytest.raises(ProcessDied, match="ended by itself"):
        run_in_process(die, progress=Silent())


def test_a_value_that_cannot_be_sent_is_a_crash() -> None:
    with pytest.raises(ProcessCrashed, match="pickle"):
        run_in_process(return_a_lock, progress=Silent())


def test_cancelling_stops_at_the_next_safe_point(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run_in_process(stop_politely, str(tmp_path), progress=Recorder(cancel_at=3))
    assert int((tmp_path / "done").read_text()) < 1000


def test_a_process_that_never_asks_is_ended_by_force() -> None:
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run_in_process(never_ask, progress=Recorder(cancel_at=1), grace_s=0.2)
    assert time.monotonic() - began < 30


def test_an_interrupt_is_left_to_the_parent() -> None:
    assert run_in_process(survive_interrupt, progress=Silent()) == "still here"


PARENT = """
import sys
from annotator.workflows.in_process import run_in_process
from annotator.workflows.progress import Silent
from tests.unit.test_in_process import name_process

if __name__ == "__main__":
    run_in_process(name_process, sys.argv[1], progress=Silent())
"""


def test_the_process_does_not_outlive_its_parent(tmp_path: Path) -> None:
    script, note = tmp_path / "parent.py", tmp_path / "pid"
    script.write_text(PARENT)
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    parent = subprocess.Popen([sys.executable, str(script), str(note)], env=environment)
    _wait_until(lambda: note.is_file() and note.read_text() != "")
    child = int(note.read_text())
    parent.kill()
    parent.wait()
    _wait_until(lambda: not _is_running(child))


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _wait_until(holds: object, timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
