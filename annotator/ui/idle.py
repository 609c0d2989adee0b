"""Keeps Python's garbage collector out of typing: it runs when nothing has happened for a while.

Measured for ARCHITECTURE section 3: the worst page of 28–48 ms on a large document was a full collection.
Reference counting goes on freeing nearly everything at once; only cycles wait for the pause.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 1_000
MOST_YOUNG = 200_000
"""So many objects made since the last collection are collected at once, typing or not: memory stays bounded."""


class IdleCollector(QObject):
    """Collects when idle, from `start` to `stop`.

    The window calls `note_activity` at each edit, key or scroll, and `settle` after it has loaded a document.
    """

    def __init__(self, parent: QObject | None = None, *, pause_ms: int = PAUSE_MS) -> None:
        super().__init__(parent)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(pause_ms)
        self._pause.timeout.connect(self._on_pause_over)

    def start(self) -> None:
        """From now on collect only when idle."""
        gc.disable()
        self._pause.start()

    def stop(self) -> None:
        """Give the collector back to Python."""
        self._pause.stop()
        gc.unfreeze()
        gc.enable()

    def note_activity(self) -> None:
        """Something happened: wait again before collecting."""
        if gc.get_count()[0] > MOST_YOUNG:
            gc.collect(1)
        self._pause.start()

    def settle(self) -> None:
        """What was loaded stays: later collections pass over it. What was frozen before is looked at again."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def _on_pause_over(self) -> None:
        gc.collect()
