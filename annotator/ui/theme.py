"""Colours of the window. Data only; every pair of text and ground is contrast-checked by a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as ``#rrggbb``. ``hues``: (tint, ink) of each label hue."""

    name: str
    page: str
    panel: str
    line: str
    text: str
    dim: str
    selection: str
    accent: str
    good: str
    bad: str
    hues: Mapping[int, tuple[str, str]]

    @property
    def groove(self) -> str:
        """What a progress bar fills: the colour of lines where the bar stands out from it."""
        return self.line if contrast(self.line, self.accent) >= 3 else self.selection

    def tint(self, hue: int) -> str:
        """The ground of a label with this hue."""
        return self.hues[nearest_hue(hue)][0]

    def ink(self, hue: int) -> str:
        """The line and lettering of a label with this hue."""
        return self.hues[nearest_hue(hue)][1]


def nearest_hue(hue: int) -> int:
    """The one of the twelve label hues that is closest on the colour circle (degrees)."""
    return min(_LIGHT_HUES, key=lambda known: (min(abs(known - hue) % 360, 360 - abs(known - hue) % 360), known))


_LIGHT_HUES: Mapping[int, tuple[str, str]] = {
    255: ("#d4eaff", "#17559b"),
    25: ("#ffddd9", "#90302e"),
    145: ("#d6f0d6", "#146720"),
    85: ("#f6e6c7", "#764c00"),
    310: ("#f1e0ff", "#6b3c8a"),
    195: ("#c6f2f1", "#00696b"),
    350: ("#ffdcec", "#87305f"),
    120: ("#e4edcc", "#4d5e00"),
    225: ("#c9efff", "#00618b"),
    55: ("#ffe1cc", "#893c00"),
    280: ("#e1e5ff", "#49499b"),
    170: ("#cbf2e3", "#006b4a"),
}

_DARK_HUES: Mapping[int, tuple[str, str]] = {
    255: ("#1d3451", "#93c7ff"),
    25: ("#4d2623", "#ffa8a0"),
    145: ("#1e3b1f", "#96d798"),
    85: ("#413007", "#e5bf6d"),
    310: ("#3c2a4a", "#dab0fa"),
    195: ("#003c3c", "#5edada"),
    350: ("#492537", "#faa6ce"),
    120: ("#2f3710", "#bbcf7c"),
    225: ("#01394a", "#6cd3fa"),
    55: ("#4a2a12", "#fcb17e"),
    280: ("#2d2f51", "#b6bcff"),
    170: ("#053c2e", "#73dbb9"),
}

LIGHT = Theme(
    name="light",
    page="#ffffff",
    panel="#f6f7f9",
    line="#e2e5ea",
    text="#1b1d22",
    dim="#656c78",
    selection="#e6eefb",
    accent="#17559b",
    good="#146720",
    bad="#a3211f",
    hues=_LIGHT_HUES,
)

DARK = Theme(
    name="dark",
    page="#16181d",
    panel="#1c1f26",
    line="#2c313a",
    text="#e8eaee",
    dim="#9aa1ad",
    selection="#28303c",
    accent="#93c7ff",
    good="#96d798",
    bad="#ffa8a0",
    hues=_DARK_HUES,
)

HIGH_CONTRAST = Theme(
    name="high contrast",
    page="#000000",
    panel="#000000",
    line="#ffffff",
    text="#ffffff",
    dim="#e0e0e0",
    selection="#1f3f66",
    accent="#ffff00",
    good="#7dff8a",
    bad="#ff9d94",
    hues={hue: ("#101010", ink) for hue, (_, ink) in _DARK_HUES.items()},
)

THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK, HIGH_CONTRAST)}


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, after WCAG 2.2 (relative luminance of sRGB)."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
