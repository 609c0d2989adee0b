"""Colours of visual.conf as hues of labels: by name, as browsers know them, or by number. Pure."""

from __future__ import annotations

from annotator.formats import colours

LIGHTNESS, CHROMA = 0.86, 0.09
"""Of the background of a label that is written: words on it stay readable."""

_NAMED = {
    "aqua": "#00ffff", "blue": "#0000ff", "brown": "#a52a2a", "coral": "#ff7f50", "crimson": "#dc143c",
    "cyan": "#00ffff", "darkblue": "#00008b", "darkgreen": "#006400", "darkorange": "#ff8c00", "darkred": "#8b0000",
    "fuchsia": "#ff00ff", "gold": "#ffd700", "green": "#008000", "indigo": "#4b0082", "khaki": "#f0e68c",
    "lavender": "#e6e6fa", "lightblue": "#add8e6", "lightcyan": "#e0ffff", "lightgreen": "#90ee90",
    "lightpink": "#ffb6c1", "lightyellow": "#ffffe0", "lime": "#00ff00", "magenta": "#ff00ff", "maroon": "#800000",
    "navy": "#000080", "olive": "#808000", "orange": "#ffa500", "orchid": "#da70d6", "pink": "#ffc0cb",
    "plum": "#dda0dd", "purple": "#800080", "red": "#ff0000", "salmon": "#fa8072", "skyblue": "#87ceeb",
    "teal": "#008080", "tomato": "#ff6347", "turquoise": "#40e0d0", "violet": "#ee82ee", "yellow": "#ffff00",
}  # fmt: skip


def find_hue(colour: str) -> int | None:
    """The label hue nearest to a colour; None for a grey or what is no colour."""
    number = _NAMED.get(colour.lower(), colour)
    return colours.find_hue(number) if number.startswith("#") else None


def colour_of(hue: int) -> str:
    """A light colour of this hue, as ``#rrggbb``."""
    return colours.hex_of_hue(hue, LIGHTNESS, CHROMA)
