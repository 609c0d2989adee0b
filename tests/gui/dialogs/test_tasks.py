"""Tasks: every outcome arrives in the UI thread, and no thread is left."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from annotator.domain.errors import UserError
from annotator.ui.tasks import Crashed, Failed, Finished, HowFar, Outcome, Task, Tasks, WasCancelled
from annotator.workflows.in_process import spawned
from annotator.workflows.progress import Progress, raise_if_cancelled


def outcome_of(qtbot: QtBot, task: Task) -> Outcome:
    with qtbot.waitSignal(task.ended, timeout=20_000) as ended:
        pass
    assert ended.args is not None
    assert ended.args[0] == task.id
    outcome: Outcome = ended.args[1]
    return outcome


def count_up(progress: Progress) -> int:
    for done in range(500):
        progress.report(done + 1, 500, "documents")
        time.sleep(0.001)
    return 500


def go_on_until_cancelled(progress: Progress) -> None:
    while True:
        raise_if_cancelled(progress)
        progress.report(1, None, "documents")
        time.sleep(0.005)


def refuse(progress: Progress) -> None:
    raise UserError("the disk is full", remedy="free some space")


def divide(progress: Progress) -> float:
    return 1 / 0


def test_the_value_arrives_in_the_ui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    seen: list[tuple[QThread, Any]] = []
    task = tasks.start("Counting", lambda _: 42)
    task.ended.connect(lambda _, outcome: seen.append((QThread.currentThread(), outcome)))
    assert outcome_of(qtbot, task) == Finished(42)
    assert seen == [(QThread.currentThread(), Finished(42))]
    assert tasks.running == ()


def test_a_user_error_is_failed(qtbot: QtBot, tasks: Tasks) -> None:
    outcome = outcome_of(qtbot, tasks.start("Saving", refuse))
    assert isinstance(outcome, Failed)
    assert str(outcome.error) == "the disk is full; free some space."


def test_anything_unexpected_is_crashed_with_its_traceback(qtbot: QtBot, tasks: Tasks) -> None:
    outcome = outcome_of(qtbot, tasks.start("Dividing", divide))
    assert isinstance(outcome, Crashed)
    assert outcome.summary == "ZeroDivisionError: division by zero"
    assert "in divide" in outcome.details


def test_cancelled_work_says_so(qtbot: QtBot, tasks: Tasks) -> None:
    task = tasks.start("Waiting", go_on_until_cancelled)
    with qtbot.waitSignal(task.progressed, timeout=5000):
        pass
    task.cancel()
    assert outcome_of(qtbot, task) == WasCancelled()


@pytest.mark.parametrize("work", [refuse, divide, count_up])
def test_a_process_gives_the_same_outcomes(qtbot: QtBot, tasks: Tasks, work: Any) -> None:
    outcome = outcome_of(qtbot, tasks.start("Working elsewhere", spawned(work)))
    match work.__name__:
        case "refuse":
            assert isinstance(outcome, Failed)
            assert outcome.error.remedy == "free some space"
        case "divide":
            assert isinstance(outcome, Crashed)
            assert "in divide" in outcome.details
        case _:
            assert outcome == Finished(500)


def test_progress_is_told_at_most_ten_times_a_second_and_the_last_report_is_never_lost(
    qtbot: QtBot, tasks: Tasks
) -> None:
    told: list[HowFar] = []
    began = time.monotonic()
    task = tasks.start("Counting", count_up)
    task.progressed.connect(told.append)
    outcome_of(qtbot, task)
    assert len(told) <= (time.monotonic() - began) * 10 + 3
    assert (told[-1].done, told[-1].total, told[-1].unit) == (500, 500, "documents")
    assert told[-1].per_second > 0


def test_job_ids_never_repeat(qtbot: QtBot, tasks: Tasks) -> None:
    jobs = [tasks.start("Nothing", lambda _: None) for _ in range(20)]
    qtbot.waitUntil(lambda: not tasks.running, timeout=5000)
    assert len({task.id for task in jobs}) == 20


def test_closing_cancels_and_waits(qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    tasks = Tasks()
    jobs = [tasks.start("Waiting", go_on_until_cancelled) for _ in range(3)]
    assert tasks.close()
    assert set(threading.enumerate()) <= before
    assert {type(task.outcome) for task in jobs} == {WasCancelled}
    with pytest.raises(RuntimeError, match="closes"):
        tasks.start("Too late", refuse)
    qtbot.waitUntil(lambda: not tasks.running, timeout=5000)


def test_closing_says_when_something_does_not_stop(qtbot: QtBot) -> None:
    release = threading.Event()
    tasks = Tasks()
    tasks.start("Deaf", lambda _: release.wait(10))
    assert not tasks.close(timeout_s=0.1)
    release.set()
    assert tasks.close()
    qtbot.waitUntil(lambda: not tasks.running, timeout=5000)


def test_idle_is_told_once_all_work_has_ended(qtbot: QtBot, tasks: Tasks) -> None:
    with qtbot.waitSignal(tasks.idle, timeout=5000):
        tasks.start("One", lambda _: 1)
        tasks.start("Two", lambda _: time.sleep(0.05))
    assert tasks.running == ()


def test_work_that_is_not_to_be_shown_is_not_announced(qtbot: QtBot, tasks: Tasks) -> None:
    announced: list[Task] = []
    tasks.started.connect(announced.append)
    tasks.start("Quiet", lambda _: 1, is_shown=False)
    shown = tasks.start("Shown", lambda _: 1)
    qtbot.waitUntil(lambda: not tasks.running, timeout=5000)
    assert announced == [shown]
