"""The real window on a screen and an accessibility bus of its own, with a client of AT-SPI beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.gui.test_real_platform import ROOT, environment, virtual_display, wait_for_window

CLIENT = Path(__file__).with_name("screen_reader.py")
PATIENCE_S = 10
PACKAGES = "xvfb xdotool dbus at-spi2-core python3-gi gir1.2-atspi-2.0"
_SYSTEM_PYTHON = "/usr/bin/python3"
_PROBE = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")

Event = dict[str, Any]


class NothingFound(Exception):
    """The client asked for something that is not there, or no more."""


def what_is_missing() -> str:
    """The packages to install when the system's Python is no client of AT-SPI; empty when it is."""
    tools = all(shutil.which(tool) for tool in ("Xvfb", "xdotool", "dbus-daemon"))
    if tools and any(Path(launcher).exists() for launcher in _LAUNCHERS) and Path(_SYSTEM_PYTHON).exists():
        probe = subprocess.run([_SYSTEM_PYTHON, "-c", _PROBE], capture_output=True, check=False)
        if probe.returncode == 0:
            return ""
    return f"no AT-SPI client here: apt-get install {PACKAGES}"


class Reading:
    """A window that is being read: keys go in, and the client says what it hears and sees."""

    def __init__(self, display: str, window: subprocess.Popen[bytes], client: subprocess.Popen[str], log: Path) -> None:
        self.display = display
        self.window = window
        self._client = client
        self._log = log
        self._heard: list[Event] = []

    @property
    def log(self) -> str:
        """What the window has written to standard error."""
        return self._log.read_text(errors="replace")

    def ask(self, name: str, *arguments: object) -> Any:
        """Have the client do something; its answer."""
        self.send(name, *arguments)
        return self.answer()

    def send(self, name: str, *arguments: object) -> None:
        """Have the client begin something, without waiting for its `answer`."""
        assert self._client.stdin is not None
        self._client.stdin.write(json.dumps([name, *arguments]) + "\n")
        self._client.stdin.flush()

    def answer(self) -> Any:
        """What the client answers next."""
        assert self._client.stdout is not None
        line = self._client.stdout.readline()
        assert line, f"the client ended; the window says: {self.log}"
        answer = json.loads(line)
        if "found" not in answer:
            ended = self.window.poll()
            state = "is running" if ended is None else f"ended with {ended}"
            raise NothingFound(f"{answer['fault']}; the window {state} and says: {self.log}")
        return answer["found"]

    def press(self, *keys: str) -> None:
        """Type keys into whatever has the focus."""
        subprocess.run(
            ["xdotool", "key", "--delay", "20", *keys], env={**os.environ, "DISPLAY": self.display}, check=True
        )

    def focus(self, window: str) -> None:
        """Give the focus to a window with this title: there is no window manager that would."""
        env = {**os.environ, "DISPLAY": self.display}
        command = ["xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{window}$", "windowfocus", "--sync"]
        subprocess.run(command, env=env, check=True, timeout=PATIENCE_S)

    def lose(self, window: str) -> None:
        """Wait until a window with this title is gone: until then it may take the focus with it."""
        command = ["xdotool", "search", "--onlyvisible", "--name", f"^{window}$"]
        env, deadline = {**os.environ, "DISPLAY": self.display}, time.monotonic() + PATIENCE_S
        while subprocess.run(command, env=env, capture_output=True, check=False).stdout.strip():
            assert time.monotonic() < deadline, f"{window} stays"
            time.sleep(0.05)

    def hears(self, is_wanted: Callable[[Event], object]) -> Event:
        """The first event of a kind, as soon as it is there. Events before it are forgotten then."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self._heard += self.ask("events")
            for place, event in enumerate(self._heard):
                if is_wanted(event):
                    del self._heard[: place + 1]
                    return event
            time.sleep(0.05)
        raise AssertionError(f"not heard; only {self._heard}")

    def forget(self) -> None:
        """Forget what was heard so far."""
        self.ask("events")
        self._heard.clear()

    def hears_announced(self, words: str) -> None:
        """Wait until exactly these words have been announced."""
        self.hears(lambda event: event["type"] == "object:announcement" and event["what"] == words)

    def sees(self, name: str, *arguments: object, until: Callable[[Any], object] = bool) -> Any:
        """The first answer of a kind, as soon as it is there."""
        deadline = time.monotonic() + PATIENCE_S
        found = None
        while time.monotonic() < deadline:
            with suppress(NothingFound):
                found = self.ask(name, *arguments)
                if until(found):
                    return found
            time.sleep(0.05)
        raise AssertionError(f"not seen; only {found}")


@contextmanager
def reading(project: Path, folder: Path) -> Iterator[Reading]:
    """A window on a project, read by a client; both are ended at the end."""
    with virtual_display(folder) as display, _message_bus(folder, display) as bus:
        env = {**environment(display, folder), "DBUS_SESSION_BUS_ADDRESS": bus, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        log = folder / "window.log"
        command = [sys.executable, "-X", "faulthandler", "-m", "annotator", str(project), "--as", "alice"]
        with log.open("w") as stream:
            window = subprocess.Popen(command, cwd=ROOT, env=env, stderr=stream)
        client = subprocess.Popen(
            [_SYSTEM_PYTHON, str(CLIENT)],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            wait_for_window(display, f"{project.stem} – Annotator", window, log)
            made = Reading(display, window, client, log)
            made.ask("hello")
            yield made
        finally:
            client.kill()
            window.kill()
            client.communicate()
            window.wait()


@contextmanager
def _message_bus(folder: Path, display: str) -> Iterator[str]:
    """A session bus of our own, which starts the accessibility bus when it is asked for; its address."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    env = {**os.environ, "DISPLAY": display}
    with (folder / "bus.log").open("w") as log:
        daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=env, text=True)
    assert daemon.stdout is not None
    try:
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.communicate()
