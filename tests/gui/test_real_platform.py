"""The window on a real platform: X11 under Xvfb, keys typed by xdotool as a keyboard sends them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.gui.test_correcting import labelled

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb and xdotool are not installed"
)


@contextmanager
def virtual_display(folder: Path) -> Iterator[str]:
    """A virtual screen of our own; its log is in ``folder``."""
    read_end, write_end = os.pipe()
    with (folder / "xvfb.log").open("w") as log:
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1400x900x24", "-noreset", "-nolisten", "tcp"]
        server = subprocess.Popen(command, pass_fds=[write_end], stdout=log, stderr=log)
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        number = answer.readline().strip()  # to the end of the line: the server dies when it cannot write it
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """A virtual screen for one test."""
    with virtual_display(tmp_path) as name:
        yield name


def environment(display: str, home: Path) -> dict[str, str]:
    """The environment of a person with this display and a home of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "XDG_"))}
    return {**kept, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_CONFIG_HOME": str(home), "LANG": "C.UTF-8"}


def type_keys(display: str, *keys: str) -> None:
    """Type keys into whatever has the focus."""
    subprocess.run(["xdotool", "key", "--delay", "60", *keys], env={**os.environ, "DISPLAY": display}, check=True)


def wait_for_window(display: str, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a window of this name is there and has the focus."""
    env = {**os.environ, "DISPLAY": display}
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and process.poll() is None:
        search = ["xdotool", "search", "--onlyvisible", "--name", name]
        found = subprocess.run(search, env=env, capture_output=True, text=True, check=False)
        if found.stdout.strip():
            subprocess.run(["xdotool", "windowfocus", "--sync", found.stdout.split()[0]], env=env, check=False)
            time.sleep(0.5)
            return
        time.sleep(0.1)
    pytest.fail(f"no window {name!r} appeared: {log.read_text()}{log.with_name('xvfb.log').read_text()}")


def test_real_keys_correct_a_real_window(display: str, project_path: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "annotator", str(project_path), "--as", "alice"]
    log = tmp_path / "window.log"
    with log.open("w") as stream:
        window = subprocess.Popen(command, cwd=ROOT, env=environment(display, tmp_path), stderr=stream)
    try:
        wait_for_window(display, "news – Annotator", window, log)
        type_keys(display, "Tab", "1", "Tab", "Tab", "2", "bracketleft", "Tab", "braceright", "Tab", "Delete")
        type_keys(display, "Return", "ctrl+q")
        assert window.wait(20) == 0, log.read_text()
    finally:
        window.kill()
    found = labelled(project_path)
    assert {("BEIJING", "GPE"), ("Dmytro Kuleba", "PERSON"), ("Thursday that", "DATE")} <= found
    assert "Western" not in {surface for surface, _ in found}
    assert "Traceback" not in log.read_text()
