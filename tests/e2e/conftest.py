"""Running commands, and small real inputs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Result:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output, which must be exactly one JSON object."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value


def run(*arguments: object, stdin: bytes | None = None, env: dict[str, str] | None = None) -> Result:
    """Run ``annotator`` with these arguments."""
    done = subprocess.run(
        [sys.executable, "-m", "annotator", *map(str, arguments)],
        cwd=ROOT,
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        timeout=240,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def refused(result: Result, *words: str, status: int = 1) -> None:
    """The command said in one sentence that it could not: no traceback, this exit status, these words."""
    assert result.status == status, (result.out, result.err)
    assert "Traceback" not in result.err
    assert len([line for line in result.err.splitlines() if line.strip()]) == 1, result.err
    for word in words:
        assert word in result.err


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project with the news scheme."""
    path = tmp_path / "news.annotator"
    assert run("new", path).status == 0
    return path


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with three text files."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_bytes("Angela Merkel met Emmanuel Macron in Paris on Thursday. 👨‍👩‍👧 NATO".encode())
    (folder / "two.txt").write_bytes(b"The Senate in Washington voted.\r\nIt was March 7.")
    (folder / "three.md").write_bytes("שלום — Jerusalem is quiet.".encode())
    return folder


def write_lines(path: Path, *records: object) -> Path:
    """A JSONL file."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path
