"""What the tests of dialogs share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.ui.tasks import Tasks
from tests.gui.dialogs.memory_settings import MemorySettings


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    """Tasks that leave no thread behind."""
    before = set(threading.enumerate())
    made = Tasks()
    yield made
    assert made.close()
    assert set(threading.enumerate()) <= before


@pytest.fixture
def settings() -> MemorySettings:
    """Settings of this test only."""
    return MemorySettings()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform warns about every window with a smallest size; real ones do not."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True))
