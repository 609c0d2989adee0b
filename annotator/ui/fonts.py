"""The bundled fonts: a serif for articles, a sans for the interface, fallbacks for other scripts."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from annotator.resources import resource_path

TEXT_FAMILY = "Noto Serif"
INTERFACE_FAMILY = "Inter"
FALLBACKS = ("Noto Naskh Arabic", "Noto Serif Hebrew", "Noto Serif Thai", "Noto Serif Devanagari")


def load_fonts() -> None:
    """Make the bundled fonts known to Qt. Call once, after the application was made."""
    for path in sorted(resource_path("fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(path))


def text_font(pixel_size: float, family: str = TEXT_FAMILY) -> QFont:
    """The font of the article."""
    font = QFont([family, TEXT_FAMILY, *FALLBACKS])
    font.setPixelSize(max(round(pixel_size), 6))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def interface_font(pixel_size: float = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of everything around the article."""
    font = QFont([INTERFACE_FAMILY, "Noto Sans"])
    font.setPixelSize(max(round(pixel_size), 6))
    font.setWeight(weight)
    return font
