"""The window's composition root: makes the application, opens a project, shows the window, survives faults."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from annotator.resources import resource_path
from annotator.ui.fonts import interface_font, load_fonts
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.ui.theme import THEMES

EXIT_FAILED = 1


def run_window(location: str | None, annotator: str) -> int:
    """Open the window and stay until it is closed. Raises a `UserError` when ``location`` cannot be opened."""
    application = make_application()
    settings = WindowSettings()
    recent = settings.recent_projects()
    chosen = location or (recent[0] if recent else None)
    if location is not None:
        refuse_unusable(location)
    window = MainWindow(annotator, settings)
    install_fault_hook(window)
    if chosen is not None:
        window.open_project(chosen)
    window.show()
    window.canvas.setFocus()
    return int(application.exec())


def render_screenshot(
    location: str, annotator: str, target: Path, *, theme: str = "light", size: tuple[int, int] = (1389, 868)
) -> None:
    """Show the real window, wait until it is painted, and save it as a PNG."""
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make_application()
    refuse_unusable(location)
    window = MainWindow(annotator, WindowSettings(target.with_suffix(".ini.tmp")))
    window.choose_theme(theme if theme in THEMES else "light")
    window.resize(*size)
    window.open_project(location)
    window.show()
    window.canvas.setFocus()
    window.canvas.go_to_next_span()
    loop = QEventLoop()
    QTimer.singleShot(300, loop.quit)
    loop.exec()
    target.parent.mkdir(parents=True, exist_ok=True)
    is_saved = window.grab().save(str(target))
    window.close()
    target.with_suffix(".ini.tmp").unlink(missing_ok=True)
    if not is_saved:
        raise OSError(f"the picture could not be written to {target}")


def make_application() -> QApplication:
    """The Qt application, with the bundled fonts; the one there is when there is one already."""
    held = QApplication.instance()
    if isinstance(held, QApplication):
        return held
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Annotator")
    application.setDesktopFileName("annotator")
    application.setStyle("Fusion")
    load_fonts()
    application.setFont(interface_font())
    application.setWindowIcon(QIcon(str(resource_path("icons", "annotator.svg"))))
    return application


def refuse_unusable(location: str) -> None:
    """Raise a `UserError` unless the project can be opened: said on the terminal, before a window appears."""
    from annotator.workflows.project import Project

    Project.open(location).close()


def has_display() -> bool:
    """Whether a window can be shown."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def install_fault_hook(window: MainWindow) -> None:
    """Show unexpected faults in a dialog instead of dying: the saver goes on, nothing is lost."""

    def hook(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        details = "".join(traceback.format_exception(kind, fault, trace))
        print(details, file=sys.stderr)
        window.show_crash(f"{kind.__name__}: {fault}", details)

    sys.excepthook = hook
