"""How the window looks: colours, text font, reading width. Applied at once and remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.ui.canvas.style import DEFAULT_TEXT_PX, Density
from annotator.ui.dialogs.preferences import Preferences
from annotator.ui.settings import load_preferences, save_preferences
from annotator.ui.stylesheet import palette_of, system_theme, window_stylesheet
from annotator.ui.theme import LIGHT, THEMES, Theme

if TYPE_CHECKING:
    from annotator.ui.canvas.view import AnnotationCanvas
    from annotator.ui.main_window import MainWindow

SHORTEST_TEXT_PX, TALLEST_TEXT_PX = 10, 48
LEAST_SPACING, MOST_SPACING = 1.0, 3.0
SYSTEM = "system"


class Looks:
    """The preferences of a window, and the theme they come to."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.preferences = load_preferences(window.settings, window.annotator)
        self.theme: Theme = LIGHT

    def apply(self, preferences: Preferences) -> None:
        """Show the window with these preferences; they are not remembered."""
        theme = THEMES.get(preferences.theme) or system_theme()
        if theme is not self.theme or not self._window.styleSheet():
            self._apply_theme(theme)
        set_text(self._window.canvas, preferences)
        self._window.frame.second.apply(preferences)

    def keep(self, preferences: Preferences) -> None:
        """Show the window with these preferences from now on."""
        self.preferences = preferences
        save_preferences(self._window.settings, preferences)
        self.apply(preferences)

    def choose_theme(self, name: str) -> None:
        """Change the colours."""
        self.keep(replace(self.preferences, theme=name))

    def toggle_going_on(self) -> None:
        """After a decision go on to the next doubt by itself, or stay there."""
        self.keep(replace(self.preferences, goes_on=not self.preferences.goes_on))

    def zoom(self, step: int) -> None:
        """Larger or smaller text; 0: the usual size."""
        size = DEFAULT_TEXT_PX if step == 0 else self.preferences.text_size_px + step
        self.keep(replace(self.preferences, text_size_px=min(max(size, SHORTEST_TEXT_PX), TALLEST_TEXT_PX)))

    def follow_system(self) -> None:
        """The system's colours changed."""
        if self.preferences.theme == SYSTEM:
            self.apply(self.preferences)

    def _apply_theme(self, theme: Theme) -> None:
        self.theme = theme
        self._window.setPalette(palette_of(theme))
        self._window.setStyleSheet(window_stylesheet(theme))
        self._window.frame.set_theme(theme)
        self._window.actions_.set_theme(theme)
        self._window.pages.set_theme(theme)
        self._window.show_hints()


def set_text(canvas: AnnotationCanvas, preferences: Preferences) -> None:
    """Set an article as the preferences say: font, line length, line spacing, lanes."""
    canvas.set_text_font(preferences.text_family, preferences.text_size_px)
    canvas.set_measure(preferences.reading_width_chars, _spacing(preferences), _density(preferences))


def _spacing(preferences: Preferences) -> float:
    return min(max(preferences.line_spacing_percent / 100, LEAST_SPACING), MOST_SPACING)


def _density(preferences: Preferences) -> Density:
    """As it was chosen; what a settings file says that nobody knows is the usual."""
    return Density.COMPACT if preferences.lanes == Density.COMPACT else Density.COMFORTABLE
