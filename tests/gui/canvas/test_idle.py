"""The garbage collector runs in pauses, not while somebody types."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from annotator.ui.idle import IdleCollector


class _Knot:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qapp: object) -> Iterator[IdleCollector]:
    made = IdleCollector(pause_ms=60)
    made.start()
    yield made
    made.stop()


def test_cycles_wait_for_a_pause(qtbot: QtBot, collector: IdleCollector) -> None:
    held = weakref.ref(_Knot())
    for _ in range(4):
        qtbot.wait(25)
        collector.note_activity()
    assert not gc.isenabled() and held() is not None
    qtbot.waitUntil(lambda: held() is None, timeout=2_000)


def test_what_was_loaded_is_passed_over_until_the_next_load(collector: IdleCollector) -> None:
    knot = _Knot()
    held = weakref.ref(knot)
    collector.settle()
    del knot
    gc.collect()
    assert held() is not None
    collector.settle()
    assert held() is None


def test_stop_gives_the_collector_back(collector: IdleCollector) -> None:
    collector.stop()
    assert gc.isenabled() and gc.get_freeze_count() == 0
