"""What may be dropped onto the window: a project to open, or files to import."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDropEvent

PROJECT_SUFFIX = ".annotator"


def local_paths(event: QDropEvent) -> tuple[Path, ...]:
    """The files and folders of a drop."""
    return tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())


def find_project(paths: tuple[Path, ...]) -> Path | None:
    """The first project among them, or None."""
    return next((path for path in paths if path.suffix == PROJECT_SUFFIX), None)
