"""The window's composition root: makes the application, opens a project, shows the window, survives faults."""

from __future__ import annotations

import ctypes
import getpass
import locale
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMessageLogContext, QSocketNotifier, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from annotator.domain.errors import UserError
from annotator.resources import resource_path
from annotator.ui.faults import FaultHook
from annotator.ui.fonts import interface_font, load_fonts
from annotator.ui.main_window import MainWindow
from annotator.ui.roles import install_accessibility
from annotator.ui.settings import WindowSettings
from annotator.ui.theme import THEMES

PAINT_MS = 200
CLOSING_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_window(location: str | None, annotator: str | None = None) -> int:
    """Open the window and stay until it is closed; the last project without a ``location``.

    Without ``annotator`` the name of the preferences, else the login name. Raises a `UserError`, before a window
    appears, when ``location`` cannot be opened.
    """
    if not has_display():
        raise UserError("there is no display to open a window on", remedy="try annotator demo --headless")
    refuse_missing_libraries()
    application = make_application()
    settings = WindowSettings()
    window = MainWindow(annotator or settings.value("preferences/annotator", "") or login_name(), settings)
    FaultHook(window.show_crash, window.close, window).install()
    if location is not None:
        _adopt(window, location)
    elif recent := settings.recent_projects():
        window.open_project(recent[0])
    window.show()
    window.canvas.setFocus()
    with _closing_on_signals(window):
        return int(application.exec())


def render_screenshot(
    location: str,
    annotator: str,
    target: Path,
    *,
    theme: str = "light",
    size: tuple[int, int] = (1389, 868),
    document: str | None = None,
) -> None:
    """Show the real window, wait until it is painted, and save it as a PNG. ``document``: the id of one to open."""
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    before = qInstallMessageHandler(_print_unless_offscreen_noise)
    settings_path = target.with_suffix(".ini.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        make_application()
        window = MainWindow(annotator, WindowSettings(settings_path))
        window.looks.choose_theme(theme if theme in THEMES else "light")
        window.resize(*size)
        _adopt(window, location)
        _show_first_span(window, document)
        is_saved = window.grab().save(str(target))
        window.close()
    finally:
        settings_path.unlink(missing_ok=True)
        qInstallMessageHandler(before)
    if not is_saved:
        raise OSError(f"the picture could not be written to {target}")


def make_application() -> QApplication:
    """The Qt application, with the bundled fonts; the one there is when there is one already."""
    held = QApplication.instance()
    if isinstance(held, QApplication):
        return held
    _expect_utf8()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Annotator")
    application.setDesktopFileName("annotator")
    application.setStyle("Fusion")
    load_fonts()
    install_accessibility()
    application.setFont(interface_font())
    application.setWindowIcon(QIcon(str(resource_path("icons", "annotator.svg"))))
    return application


def _expect_utf8() -> None:
    """In a locale without UTF-8 (``LC_ALL=C``) Qt takes C.UTF-8 and says so in four lines; asked for, it is silent."""
    if sys.platform.startswith("linux") and "utf" not in locale.getencoding().casefold():
        os.environ["LC_ALL"] = "C.UTF-8"


def login_name() -> str:
    """The name to label under when nobody has said one."""
    try:
        return os.environ.get("ANNOTATOR_NAME") or getpass.getuser()
    except (KeyError, OSError):
        return "annotator"


def has_display() -> bool:
    """Whether a window can be shown."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def refuse_missing_libraries() -> None:
    """Raise a `UserError` when X11 is to be used without what Qt needs for it: Qt itself would abort the program."""
    is_x11 = os.environ.get("QT_QPA_PLATFORM", "xcb") == "xcb" and not os.environ.get("WAYLAND_DISPLAY")
    if not sys.platform.startswith("linux") or not is_x11:
        return
    try:
        ctypes.CDLL("libxcb-cursor.so.0")
    except OSError as fault:
        raise UserError(
            f"Qt cannot open a window on X11 ({fault})",
            remedy="on Debian and Ubuntu run: sudo apt-get install libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 "
            "libxcb-keysyms1 libxcb-image0 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libx11-xcb1",
        ) from fault


def _adopt(window: MainWindow, location: str) -> None:
    from annotator.workflows.project import Project

    try:
        window.adopt(Project.open(location))
    except UserError:
        window.close()
        raise


def _show_first_span(window: MainWindow, document: str | None) -> None:
    """Show the window with its first span current, and wait until that is painted."""
    window.show()
    key = next((row.key for row in window.documents.model.rows if row.id == document), None)
    if key is not None:
        window.open_document(key)
    window.canvas.setFocus()
    window.canvas.go_to_next_span()
    loop = QEventLoop()
    QTimer.singleShot(PAINT_MS, loop.quit)
    loop.exec()


@contextmanager
def _closing_on_signals(window: MainWindow) -> Iterator[None]:
    """Ctrl+C in the terminal and a polite kill close the window as its own button does: everything is saved."""
    waking, woken = socket.socketpair()
    with waking, woken:
        for end in (waking, woken):
            end.setblocking(False)
        notifier = QSocketNotifier(woken.fileno(), QSocketNotifier.Type.Read)
        # Closed from the event loop: a handler of Python's may run in the middle of a paint event.
        notifier.activated.connect(lambda: (woken.recv(16), window.close()))
        before = [(number, signal.signal(number, lambda *_: None)) for number in CLOSING_SIGNALS]
        signal.set_wakeup_fd(waking.fileno())
        yield
        signal.set_wakeup_fd(-1)
        notifier.setEnabled(False)
        for number, handler in before:
            signal.signal(number, handler)


def _print_unless_offscreen_noise(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    if not text.startswith("This plugin does not support"):
        print(text, file=sys.stderr)
