"""What the window remembers between runs, in one INI file of the person's configuration folder."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from platformdirs import user_config_path
from PySide6.QtCore import QByteArray, QSettings

from annotator.ui.dialogs.preferences import Preferences

Kind = TypeVar("Kind", str, int, bool)
MAX_RECENT = 8


class WindowSettings:
    """Typed access to QSettings; see `annotator.ui.dialogs.settings` for what dialogs keep."""

    def __init__(self, path: Path | None = None) -> None:
        chosen = path or user_config_path("annotator", appauthor=False) / "window.ini"
        self._held = QSettings(str(chosen), QSettings.Format.IniFormat)

    def value(self, key: str, default: Kind) -> Kind:
        """What was remembered under ``key``, as the type of ``default``; else ``default``."""
        held = self._held.value(key)
        if held is None:
            return default
        if isinstance(default, bool):
            return held in (True, "true", "True", "1")
        try:
            return type(default)(held)
        except (TypeError, ValueError):
            return default

    def set_value(self, key: str, value: str | int | bool) -> None:
        """Remember ``value``."""
        self._held.setValue(key, value)

    def forget(self, key: str) -> None:
        """Remember nothing under ``key``."""
        self._held.remove(key)

    def blob(self, key: str) -> QByteArray | None:
        """Bytes that Qt made itself (window geometry), or None."""
        held = self._held.value(key)
        return held if isinstance(held, QByteArray) else None

    def set_blob(self, key: str, value: QByteArray) -> None:
        """Remember bytes that Qt made itself."""
        self._held.setValue(key, value)

    def recent_projects(self) -> list[str]:
        """Projects opened before that are still there, the last one first."""
        return [path for path in self.value("recent", "").split("\n") if path and Path(path).exists()]

    def add_recent(self, location: str) -> None:
        """Put a project first among the recent ones."""
        path = str(Path(location).absolute())
        others = [one for one in self.recent_projects() if one != path]
        self.set_value("recent", "\n".join([path, *others][:MAX_RECENT]))

    def save(self) -> None:
        """Write to the disk now."""
        self._held.sync()


def load_preferences(settings: WindowSettings, annotator: str) -> Preferences:
    """The preferences as remembered; ``annotator`` is who annotates in this run."""
    usual = Preferences()
    return Preferences(
        theme=settings.value("preferences/theme", usual.theme),
        text_family=settings.value("preferences/text_family", usual.text_family),
        text_size_px=settings.value("preferences/text_size_px", usual.text_size_px),
        reading_width_chars=settings.value("preferences/reading_width_chars", usual.reading_width_chars),
        annotator=annotator,
        daily_goal=settings.value("preferences/daily_goal", usual.daily_goal),
        line_spacing_percent=settings.value("preferences/line_spacing_percent", usual.line_spacing_percent),
        lanes=settings.value("preferences/lanes", usual.lanes),
        goes_on=settings.value("preferences/goes_on", usual.goes_on),
    )


def save_preferences(settings: WindowSettings, preferences: Preferences) -> None:
    """Remember the preferences."""
    settings.set_value("preferences/theme", preferences.theme)
    settings.set_value("preferences/text_family", preferences.text_family)
    settings.set_value("preferences/text_size_px", preferences.text_size_px)
    settings.set_value("preferences/reading_width_chars", preferences.reading_width_chars)
    settings.set_value("preferences/line_spacing_percent", preferences.line_spacing_percent)
    settings.set_value("preferences/lanes", preferences.lanes)
    settings.set_value("preferences/goes_on", preferences.goes_on)
    settings.set_value("preferences/annotator", preferences.annotator)
    settings.set_value("preferences/daily_goal", preferences.daily_goal)
    settings.save()
