"""Faults of the program: logged, shown once, and never a reason to die. The saver goes on meanwhile."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from platformdirs import user_log_path
from PySide6.QtCore import QObject, Qt, Signal

MOST_LOG_BYTES = 1_000_000


def log_path() -> Path:
    """Where faults are logged."""
    return user_log_path("annotator", appauthor=False) / "faults.log"


def write_log(details: str, path: Path) -> None:
    """Append to the log; a log that has grown too long begins anew. A full disk must not make things worse."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_long = path.exists() and path.stat().st_size > MOST_LOG_BYTES
        with path.open("w" if is_long else "a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{details}\n")
    except OSError:
        return


class FaultHook(QObject):
    """Catches what nobody caught, in any thread, and passes (summary, details) to ``show`` in the window's thread.

    ``close``: what Ctrl+C in the terminal does.
    """

    _faulted = Signal(str, str)

    def __init__(self, show: Callable[[str, str], None], close: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._close = close
        self._faulted.connect(show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on catch everything."""
        sys.excepthook = self._on_fault
        threading.excepthook = self._on_thread_fault

    def _on_fault(self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._close()
            return
        details = "".join(traceback.format_exception(kind, fault, trace))
        print(details, file=sys.stderr)
        write_log(details, log_path())
        self._faulted.emit(f"{kind.__name__}: {fault}", f"{details}\nAlso in {log_path()}")

    def _on_thread_fault(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._on_fault(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
