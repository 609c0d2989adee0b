"""A project with one document, for every test that needs one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.store import ProjectStore
from tests.store.making import document, make


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.annotator"


@pytest.fixture
def store(path: Path) -> Iterator[ProjectStore]:
    with make(path, document()) as made:
        yield made
